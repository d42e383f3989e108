//! Kinds of keys and their curves: a kind alone decides which algorithms a key may serve.

use std::fmt;

use zeroize::Zeroizing;

use super::Algorithm::{
    self, ES256, ES256K, ES384, ES512, Ed25519, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512,
    RS256, RS384, RS512,
};

/// RSA moduli that are accepted, in bits: the least is RFC 7518's (section 3.3), the most the
/// crypto library's.
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The least RSA modulus that is admitted where weak keys are, in bits.
pub const MIN_WEAK_RSA_BITS: usize = 1024;

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
    pub(super) fn padded(self, digits: &[u8]) -> Zeroizing<Vec<u8>> {
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
pub enum KeyType {
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

impl KeyType {
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

impl KeyType {
    /// The length of a signature by such a key under an algorithm of its kind, in bytes.
    #[must_use]
    pub fn signature_length(self, alg: Algorithm) -> usize {
        match self {
            Self::Rsa { bits } => bits.div_ceil(8),
            _ => alg.signature_length().unwrap_or_default(),
        }
    }
}

/// "HMAC secret", "RSA 2048-bit public key", "P-256 private key".
pub(super) fn described(kind: KeyType, is_private: bool) -> String {
    let half = if is_private { "private" } else { "public" };
    match kind {
        KeyType::Hmac => "HMAC secret".to_owned(),
        KeyType::Rsa { bits } => format!("RSA {bits}-bit {half} key"),
        KeyType::Ec(curve) => format!("{curve} {half} key"),
        KeyType::Ed25519 => format!("Ed25519 {half} key"),
    }
}
