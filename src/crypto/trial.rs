//! What a refused signature would have matched: yes or no, for a person who wants to know why. Nothing here
//! makes a `Verified`.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, EcdsaVerificationAlgorithm, VerificationAlgorithm as _,
};

use super::LoadedKey;
use crate::keys::{Algorithm, Curve, Key, KeyType};
use crate::token::Unverified;

/// A message and a signature to try keys on.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    message: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Trial<'a> {
    /// Those of a token.
    #[must_use]
    pub fn of(token: &'a Unverified<'_>) -> Self {
        Self { message: token.signing_input().as_bytes(), signature: token.signature() }
    }

    /// The same message with another signature.
    #[must_use]
    pub fn with_signature<'b>(self, signature: &'b [u8]) -> Trial<'b>
    where
        'a: 'b,
    {
        Trial { message: self.message, signature }
    }

    /// Another message with the same signature.
    #[must_use]
    pub fn with_message<'b>(self, message: &'b [u8]) -> Trial<'b>
    where
        'a: 'b,
    {
        Trial { message, signature: self.signature }
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Whether a key would match under an algorithm of its kind, whatever its params.
    #[must_use]
    pub fn matches(&self, key: &LoadedKey, alg: Algorithm) -> bool {
        key.key().key_type.algorithms().contains(&alg)
            && key.primitives.matches(alg, self.message, self.signature)
    }

    /// The same of a key that is not loaded yet.
    #[must_use]
    pub fn matches_key(&self, key: Key, alg: Algorithm) -> bool {
        LoadedKey::load(key, true).is_ok_and(|key| self.matches(&key, alg))
    }

    /// Whether an ECDSA key would match if the signature were one in DER (RFC 3279 section 2.2.3).
    #[must_use]
    pub fn matches_in_der(&self, key: &LoadedKey) -> bool {
        let KeyType::Ec(curve) = key.key().key_type else { return false };
        let point = key.public_key();
        point.is_some_and(|point| {
            in_der(curve).verify_sig(&point, self.message, self.signature).is_ok()
        })
    }
}

fn in_der(curve: Curve) -> &'static EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_ASN1,
        Curve::P384 => &ECDSA_P384_SHA384_ASN1,
        Curve::P521 => &ECDSA_P521_SHA512_ASN1,
        Curve::Secp256k1 => &ECDSA_P256K1_SHA256_ASN1,
    }
}
