//! Keys: what a key is, which algorithms it may serve, and how its text is read. No I/O here.
//! A key's content says what it is, never its file's name; the token's header has no say at all.

mod algorithm;
mod blocks;
mod certificate;
mod der;
mod digits;
mod ed25519;
mod error;
mod jwk;
mod material;
mod openssh;
mod pem;
mod read;
mod rsa;
mod secret;
mod set;
mod wire;
mod write;

use std::fmt;
use std::path::PathBuf;

pub use algorithm::{Algorithm, UnknownAlgorithm, listed};
pub use certificate::Certificate;
pub use der::public_bytes;
pub use ed25519::is_ed25519_point;
pub use error::{KeyError, Limit};
pub use jwk::{Terms, thumbprint_input};
pub use pem::keys_of_blocks;
pub use read::{Encoding, KeyFile, Keys, read_keys};
pub use rsa::rsa_public_half;
pub use secret::{SecretFormat, read_password, read_secret};
pub use set::{Entry, KeySet};
pub use write::{Format, Halves, write_key, write_set};

use zeroize::Zeroizing;

use crate::secret::Secret;
use Algorithm::{
    ES256, ES256K, ES384, ES512, Ed25519, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256,
    RS384, RS512,
};

/// The largest secret or password that is read, in bytes: 1 MiB.
pub const MAX_SECRET: usize = 1024 * 1024;

/// The largest key file that is read, in bytes: 16 MiB, which is a set of tens of thousands of keys.
pub const MAX_KEY: usize = 16 * 1024 * 1024;

/// RSA moduli that are accepted, in bits: the least is RFC 7518's (section 3.3), the most the
/// crypto library's.
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The least RSA modulus that is admitted where weak keys are, in bits.
pub const LEAST_WEAK_RSA: usize = 1024;

/// Where a key came from, as the user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The value of this flag or variable itself.
    Named(&'static str),
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// Standard input, named by a flag.
    Stdin(&'static str),
    /// Standard input, which nothing names.
    Piped,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Piped => f.write_str("standard input"),
            Self::Stdin(flag) => write!(f, "{flag} - (standard input)"),
        }
    }
}

/// A curve of ECDSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the curves' names
pub enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

impl Curve {
    /// The length of a coordinate, and of a private number, in bytes.
    #[must_use]
    pub fn field_length(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// A private number in as many bytes as the field has (SEC 1 section 2.3.7).
    fn padded(self, digits: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut number = Zeroizing::new(vec![0; self.field_length().max(digits.len())]);
        let zeros = number.len() - digits.len();
        number[zeros..].copy_from_slice(digits);
        number
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        })
    }
}

/// What kind of key it is: this alone decides the algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A secret that both sides share.
    Hmac,
    /// RSA, with the size of the modulus.
    Rsa {
        /// Size of the modulus in bits.
        bits: usize,
    },
    /// ECDSA on a curve.
    Ec(Curve),
    /// EdDSA on Ed25519.
    Ed25519,
}

impl Kind {
    /// The algorithms such a key may serve, the default for signing first.
    #[must_use]
    pub fn algorithms(self) -> &'static [Algorithm] {
        match self {
            Self::Hmac => &[HS256, HS384, HS512],
            Self::Rsa { .. } => &[RS256, RS384, RS512, PS256, PS384, PS512],
            Self::Ec(Curve::P256) => &[ES256],
            Self::Ec(Curve::P384) => &[ES384],
            Self::Ec(Curve::P521) => &[ES512],
            Self::Ec(Curve::Secp256k1) => &[ES256K],
            Self::Ed25519 => &[EdDSA, Ed25519],
        }
    }
}

impl Kind {
    /// The length of a signature by such a key under an algorithm of its kind, in bytes (RFC 7518
    /// section 3, RFC 8032).
    #[must_use]
    pub fn signature_length(self, alg: Algorithm) -> usize {
        match self {
            Self::Hmac => alg.least_secret().unwrap_or_default(),
            Self::Rsa { bits } => bits.div_ceil(8),
            Self::Ec(curve) => 2 * curve.field_length(),
            Self::Ed25519 => 64,
        }
    }
}

/// The half of a key that is held, in the encoding the crypto library takes.
#[derive(Debug, Clone)]
pub enum Half {
    /// HMAC: the secret. RSA: PKCS#1 `RSAPrivateKey`. EC, Ed25519: PKCS#8.
    Private(Secret),
    /// RSA: PKCS#1 `RSAPublicKey`. EC: the point (SEC 1 section 2.3.3). Ed25519: the 32 bytes.
    Public(Vec<u8>),
}

/// A key that has been read: its form is checked, its mathematics not yet.
#[derive(Debug, Clone)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// The half that is held.
    pub half: Half,
    /// What its JWK says of it; `None` for a key of any other form.
    pub terms: Option<Terms>,
}

/// What a key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making signatures.
    Sign,
    /// Checking them.
    Verify,
}

impl Purpose {
    /// The word for it in `key_ops` (RFC 7517 section 4.3).
    #[must_use]
    pub fn operation(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
        }
    }
}

/// In what way a sound key is too weak (RFC 7518 sections 3.2 and 3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weakness {
    /// An RSA modulus of fewer bits than [`RSA_BITS`] begin with.
    Rsa {
        /// Its size in bits.
        bits: usize,
    },
    /// The secret of a JWK, shorter than the hash of each algorithm that it may serve.
    Oct {
        /// Its length.
        length: SecretLength,
        /// The algorithm with the shortest hash.
        alg: Algorithm,
        /// That hash's length in bytes.
        least: usize,
    },
}

impl Key {
    /// A key without terms.
    #[must_use]
    pub fn new(kind: Kind, half: Half) -> Self {
        Self { kind, half, terms: None }
    }

    /// Whether it can sign.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.half, Half::Private(_))
    }

    /// The key ID of its JWK.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.terms.as_ref()?.kid.as_deref()
    }

    /// The algorithms it may serve, the default for signing first: its kind's, narrowed by the `alg`
    /// of its JWK.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let alg = self.terms.as_ref().and_then(|terms| terms.alg.as_deref());
        let named = |serves: &Algorithm| alg.is_none_or(|alg| alg == serves.name());
        self.kind.algorithms().iter().copied().filter(named).collect()
    }

    /// In what way it is too weak for an algorithm, if it is. The secret of a JWK is, where it is shorter
    /// than the hash; one that a person chose is worth a warning, and [`Key::short_for`] is for it.
    #[must_use]
    pub fn weakness_for(&self, alg: Algorithm) -> Option<Weakness> {
        match (self.kind, &self.half, alg.least_secret(), &self.terms) {
            (Kind::Rsa { bits }, ..) if bits < *RSA_BITS.start() => Some(Weakness::Rsa { bits }),
            (Kind::Hmac, Half::Private(secret), Some(least), Some(_)) => {
                let length = SecretLength::of(secret);
                (length.bytes < least).then_some(Weakness::Oct { length, alg, least })
            }
            _ => None,
        }
    }

    /// In what way it is too weak for each of its algorithms, if it is; an `alg` that is none of them changes
    /// nothing.
    #[must_use]
    pub fn weakness(&self) -> Option<Weakness> {
        let narrowed = self.algorithms();
        let algorithms = if narrowed.is_empty() { self.kind.algorithms() } else { &narrowed };
        let each = algorithms.iter().copied().map(|alg| self.weakness_for(alg));
        each.collect::<Option<Vec<_>>>()?.into_iter().next()
    }

    /// Whether its JWK lets it be used for a purpose: `use`, `key_ops` and an `alg` that signs nothing
    /// bind (RFC 7517 sections 4.2 to 4.4).
    ///
    /// # Errors
    /// `Forbidden` and `ServesNothing`.
    pub fn permits(&self, purpose: Purpose) -> Result<(), KeyError> {
        let Some(terms) = &self.terms else { return Ok(()) };
        let forbidden = |limit| Err(KeyError::Forbidden { key: self.to_string(), purpose, limit });
        if let Some(alg) = terms.alg.as_ref().filter(|_| self.algorithms().is_empty()) {
            return Err(KeyError::ServesNothing { key: self.to_string(), alg: alg.clone() });
        }
        if let Some(key_use) = terms.key_use.as_ref().filter(|key_use| *key_use != "sig") {
            return forbidden(Limit::Use(key_use.clone()));
        }
        match &terms.key_ops {
            Some(ops) if !ops.iter().any(|op| op == purpose.operation()) => {
                forbidden(Limit::Ops(ops.clone()))
            }
            _ => Ok(()),
        }
    }

    /// What it is, with the length of an HMAC secret.
    #[must_use]
    pub fn described(&self) -> String {
        match (self.kind, &self.half) {
            (Kind::Hmac, Half::Private(secret)) => {
                format!("{self} of {}", SecretLength::of(secret))
            }
            _ => self.to_string(),
        }
    }

    /// The secret's length if it is an HMAC secret that a person chose and that is shorter
    /// than an algorithm's hash (RFC 7518 section 3.2).
    #[must_use]
    pub fn short_for(&self, algorithm: Algorithm) -> Option<SecretLength> {
        match (self.kind, &self.half, algorithm.least_secret(), &self.terms) {
            (Kind::Hmac, Half::Private(secret), Some(least), None) => {
                Some(SecretLength::of(secret)).filter(|length| length.bytes < least)
            }
            _ => None,
        }
    }
}

/// The length of an HMAC secret, without the zero bytes it is padded with: they add nothing, HMAC pads with
/// them itself (RFC 2104 section 2). One or two zeros may stand at the end of a random secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretLength {
    /// The bytes that count.
    pub bytes: usize,
    /// Whether there are zeros behind them.
    pub is_padded: bool,
}

impl SecretLength {
    fn of(secret: &Secret) -> Self {
        let all = secret.expose().len();
        let zeros = secret.expose().iter().rev().take_while(|byte| **byte == 0).count();
        let is_padded = zeros >= 4;
        Self { bytes: if is_padded { all - zeros } else { all }, is_padded }
    }
}

impl fmt::Display for SecretLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zeros = if self.is_padded { " without the zeros at its end" } else { "" };
        write!(f, "{} bytes{zeros}", self.bytes)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&described(self.kind, self.is_private()))
    }
}

/// "HMAC secret", "RSA 2048-bit public key", "P-256 private key".
fn described(kind: Kind, is_private: bool) -> String {
    let half = if is_private { "private" } else { "public" };
    match kind {
        Kind::Hmac => "HMAC secret".to_owned(),
        Kind::Rsa { bits } => format!("RSA {bits}-bit {half} key"),
        Kind::Ec(curve) => format!("{curve} {half} key"),
        Kind::Ed25519 => format!("Ed25519 {half} key"),
    }
}
