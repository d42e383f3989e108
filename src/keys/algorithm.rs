//! The signature and MAC algorithms (RFC 7518 section 3, RFC 8037, RFC 8812, RFC 9864) by name.
//! `none` is not among them, so no value of this type can switch checking off.

use std::fmt;
use std::str::FromStr;

use super::{Curve, KeyType, MIN_WEAK_RSA_BITS, RSA_BITS};

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
}

impl Algorithm {
    /// All of them, in the order they are listed to users.
    pub const ALL: [Self; 15] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::ES256K,
        Self::EdDSA,
        Self::Ed25519,
    ];

    /// The registered name, as it stands in a header's `alg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::ES256K => "ES256K",
            Self::EdDSA => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The kind of key that serves it; the size of an RSA key is open, and 0 here.
    #[must_use]
    pub fn key_type(self) -> KeyType {
        match self {
            Self::HS256 | Self::HS384 | Self::HS512 => KeyType::Hmac,
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => {
                KeyType::Rsa { bits: 0 }
            }
            Self::ES256 => KeyType::Ec(Curve::P256),
            Self::ES384 => KeyType::Ec(Curve::P384),
            Self::ES512 => KeyType::Ec(Curve::P521),
            Self::ES256K => KeyType::Ec(Curve::Secp256k1),
            Self::EdDSA | Self::Ed25519 => KeyType::Ed25519,
        }
    }

    /// The least length of an HMAC secret, in bytes: that of the hash (RFC 7518 section 3.2).
    /// `None` for the algorithms that have no secret.
    #[must_use]
    pub const fn min_secret(self) -> Option<usize> {
        match self {
            Self::HS256 => Some(32),
            Self::HS384 => Some(48),
            Self::HS512 => Some(64),
            _ => None,
        }
    }

    /// The length of its signatures in bytes; `None` for RSA, where it is that of the key's modulus (RFC 7518
    /// section 3, RFC 8032, RFC 8812).
    #[must_use]
    pub fn signature_length(self) -> Option<usize> {
        match self.key_type() {
            KeyType::Hmac => self.min_secret(),
            KeyType::Rsa { .. } => None,
            KeyType::Ec(curve) => Some(2 * curve.field_length()),
            KeyType::Ed25519 => Some(64),
        }
    }

    /// Whether its signatures may have this length in bytes. RSA moduli are taken to be whole multiples of 512
    /// bits, as they are in practice.
    #[must_use]
    pub fn may_sign_in(self, length: usize) -> bool {
        let is_modulus = || {
            length.is_multiple_of(64)
                && (MIN_WEAK_RSA_BITS / 8..=RSA_BITS.end() / 8).contains(&length)
        };
        self.signature_length().map_or_else(is_modulus, |own| own == length)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is no algorithm's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Names are case-sensitive (RFC 7515 section 4.1.1).
    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|alg| alg.name() == name).ok_or(UnknownAlgorithm)
    }
}

/// Names in a row: "HS256, HS384 and HS512".
#[must_use]
pub fn listed(algorithms: &[Algorithm]) -> String {
    let names: Vec<_> = algorithms.iter().map(|alg| alg.name()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
