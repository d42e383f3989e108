//! The signature and MAC algorithms (RFC 7518 section 3, RFC 8037, RFC 8812, RFC 9864, RFC 9964), the types of
//! keys that support them, the curves, and what makes a sound key too weak. Each algorithm and curve is one row of a table, from
//! which everything else is derived. `none` is not among them, so no value of this type can switch checking off.

use std::fmt;
use std::ops::RangeInclusive;

use Algorithm::{
    ES256, ES256K, ES384, ES512, Ed25519, EdDSA, HS256, HS384, HS512, MlDsa44, MlDsa65, MlDsa87,
    PS256, PS384, PS512, RS256, RS384, RS512,
};
use pkcs8::ObjectIdentifier;
use thiserror::Error;
use zeroize::Zeroizing;

use super::ml_dsa::ParameterSet;
use crate::text::counted;

/// Sizes of RSA moduli that are accepted, in bits: at least RFC 7518's minimum (section 3.3), at most
/// what the crypto library takes.
pub const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// The smallest RSA modulus that is accepted with `--allow-weak-key`, in bits.
pub(crate) const MIN_WEAK_RSA_BITS: usize = 1024;

/// An algorithm that signs and verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the variants are the registered names
pub enum Algorithm {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    ES256K,
    EdDSA,
    /// EdDSA by its fully specified name (RFC 9864).
    Ed25519,
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

/// The type of a key, which alone decides the algorithms that it supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the names of the key types
pub enum KeyType {
    Hmac,
    Rsa,
    Ec(Curve),
    Ed25519,
    /// For key agreement only (RFC 8037 section 3.2).
    X25519,
    MlDsa(ParameterSet),
}

impl Algorithm {
    /// All algorithms in the order in which users see them. Of those that a key supports, the first
    /// is the default for signing.
    pub const ALL: [Self; 18] = [
        HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K,
        EdDSA, Ed25519, MlDsa44, MlDsa65, MlDsa87,
    ];

    /// The table: the name in a header's `alg`, the type of key, and the length of the hash in bytes.
    const fn row(self) -> (&'static str, KeyType, usize) {
        const fn of_set(set: ParameterSet) -> (&'static str, KeyType, usize) {
            (set.name(), KeyType::MlDsa(set), 64)
        }
        match self {
            HS256 => ("HS256", KeyType::Hmac, 32),
            HS384 => ("HS384", KeyType::Hmac, 48),
            HS512 => ("HS512", KeyType::Hmac, 64),
            RS256 => ("RS256", KeyType::Rsa, 32),
            RS384 => ("RS384", KeyType::Rsa, 48),
            RS512 => ("RS512", KeyType::Rsa, 64),
            PS256 => ("PS256", KeyType::Rsa, 32),
            PS384 => ("PS384", KeyType::Rsa, 48),
            PS512 => ("PS512", KeyType::Rsa, 64),
            ES256 => ("ES256", KeyType::Ec(Curve::P256), 32),
            ES384 => ("ES384", KeyType::Ec(Curve::P384), 48),
            ES512 => ("ES512", KeyType::Ec(Curve::P521), 64),
            ES256K => ("ES256K", KeyType::Ec(Curve::Secp256k1), 32),
            EdDSA => ("EdDSA", KeyType::Ed25519, 64),
            Ed25519 => ("Ed25519", KeyType::Ed25519, 64),
            MlDsa44 => of_set(ParameterSet::MlDsa44),
            MlDsa65 => of_set(ParameterSet::MlDsa65),
            MlDsa87 => of_set(ParameterSet::MlDsa87),
        }
    }

    /// The algorithm of a name. Names are case-sensitive (RFC 7515 section 4.1.1).
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }

    /// The registered name, as in a header's `alg`.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The type of the keys that support it.
    pub const fn key_type(self) -> KeyType {
        self.row().1
    }

    /// The length of the hash in bytes.
    pub(crate) fn hash_length(self) -> usize {
        self.row().2
    }

    /// The minimum length of an HMAC secret in bytes: that of the hash (RFC 7518 section 3.2). `None` for
    /// algorithms that have no secret.
    pub fn min_secret(self) -> Option<usize> {
        let (_, key_type, hash) = self.row();
        (key_type == KeyType::Hmac).then_some(hash)
    }

    /// The length of its signatures in bytes; `None` for RSA, where it is that of the key's modulus (RFC 7518 section
    /// 3, RFC 8032, RFC 8812, RFC 9964).
    pub fn signature_length(self) -> Option<usize> {
        match self.row() {
            (_, KeyType::Hmac, hash) => Some(hash),
            (_, KeyType::Rsa, _) => None,
            (_, KeyType::Ec(curve), _) => Some(2 * curve.field_length()),
            (_, KeyType::Ed25519 | KeyType::X25519, _) => Some(64),
            (_, KeyType::MlDsa(set), _) => Some(set.signature_length()),
        }
    }

    /// Whether its signatures may have this length in bytes. RSA moduli are taken to be multiples of 512 bits,
    /// as they are in practice.
    pub fn may_sign_in(self, length: usize) -> bool {
        let moduli = MIN_WEAK_RSA_BITS / 8..=RSA_BITS.end() / 8;
        let is_modulus = || length.is_multiple_of(64) && moduli.contains(&length);
        self.signature_length().map_or_else(is_modulus, |own| own == length)
    }
}

impl KeyType {
    /// The types of keys for ECDH-ES, each with the name of its curve.
    pub(crate) const AGREEING: [(&str, Self); 4] = [
        ("P-256", Self::Ec(Curve::P256)),
        ("P-384", Self::Ec(Curve::P384)),
        ("P-521", Self::Ec(Curve::P521)),
        ("X25519", Self::X25519),
    ];

    /// The `alg` that a JWK of this type must have (RFC 9964 section 4).
    pub(crate) fn required_alg(self) -> Option<&'static str> {
        match self {
            Self::MlDsa(set) => Some(set.name()),
            _ => None,
        }
    }

    /// The algorithms that such a key supports, the default for signing first.
    pub fn algorithms(self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL.into_iter().filter(move |alg| alg.key_type() == self)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names as a list in words: "HS256, HS384 and HS512".
pub fn listed(algorithms: &[Algorithm]) -> String {
    let names: Vec<_> = algorithms.iter().map(|alg| alg.name()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// An elliptic curve that ECDSA is used with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the curves' names
pub enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

const P256_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");

impl Curve {
    pub(crate) const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The table: the name in a JWK, the length of a coordinate in bytes, the OID, and the name in OpenSSH.
    const fn row(self) -> (&'static str, usize, &'static ObjectIdentifier, Option<&'static str>) {
        match self {
            Self::P256 => ("P-256", 32, &P256_OID, Some("nistp256")),
            Self::P384 => ("P-384", 48, &P384_OID, Some("nistp384")),
            Self::P521 => ("P-521", 66, &P521_OID, Some("nistp521")),
            Self::Secp256k1 => ("secp256k1", 32, &SECP256K1_OID, None),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// The length of a coordinate, and of a private number, in bytes.
    pub fn field_length(self) -> usize {
        self.row().1
    }

    pub(super) fn oid(self) -> &'static ObjectIdentifier {
        self.row().2
    }

    /// Its name in OpenSSH's keys (RFC 5656 section 10.1), which do not have every curve.
    pub(super) fn ssh_name(self) -> Option<&'static str> {
        self.row().3
    }

    /// A private number in as many bytes as the field has (SEC 1 section 2.3.7).
    pub(super) fn padded(self, digits: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut number = Zeroizing::new(vec![0; self.field_length().max(digits.len())]);
        let zeros = number.len() - digits.len();
        number[zeros..].copy_from_slice(digits);
        number
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a sound key is too weak.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Weakness {
    /// An RSA modulus of this many bits, which [`RSA_BITS`](super::RSA_BITS) does not allow.
    #[error(
        "an RSA key of {} bits; {} to {} are accepted (RFC 7518 section 3.3)",
        .0, RSA_BITS.start(), RSA_BITS.end()
    )]
    Rsa(usize),
    /// The secret of a JWK, which is shorter than the hash of each algorithm that it supports: its length, the
    /// algorithm with the shortest hash, and the length of that in bytes.
    #[error("a secret of {0}; {1} requires at least {2} (RFC 7518 section 3.2)")]
    Oct(SecretLength, Algorithm, usize),
}

/// The length of an HMAC secret, without the zero bytes that it is padded with: they add nothing, since HMAC pads
/// with zeros itself (RFC 2104 section 2). A random secret may end in one or two zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretLength {
    /// The number of bytes before the padding.
    pub bytes: usize,
    /// Whether zeros were left out.
    pub is_padded: bool,
}

impl SecretLength {
    pub(crate) fn of(secret: &[u8]) -> Self {
        let zeros = secret.iter().rev().take_while(|byte| **byte == 0).count();
        let is_padded = zeros >= 4;
        Self { bytes: secret.len() - if is_padded { zeros } else { 0 }, is_padded }
    }
}

impl fmt::Display for SecretLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zeros = if self.is_padded { " without the zeros at its end" } else { "" };
        write!(f, "{}{zeros}", counted(self.bytes, "byte"))
    }
}
