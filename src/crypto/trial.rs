//! What a refused signature would have matched: yes or no, to explain the refusal. Nothing here makes a `Verified`.

use aws_lc_rs::signature::VerificationAlgorithm as _;

use super::algorithms::ecdsa;
use super::loaded_key::LoadedKey;
use crate::keys::{Algorithm, Key, KeyType};
use crate::token::Unverified;

/// A message and a signature on which keys are tried.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl<'a> Trial<'a> {
    pub(crate) fn of(token: &'a Unverified<'_>) -> Self {
        Self { message: token.signing_input().as_bytes(), signature: token.signature() }
    }

    /// Whether a key would match under an algorithm of its type, whatever its parameters.
    pub(crate) fn matches(&self, key: &LoadedKey, alg: Algorithm) -> bool {
        key.key().key_type == alg.key_type()
            && key.primitives.matches(alg, self.message, self.signature)
    }

    /// The same for a key that is not loaded yet.
    pub(crate) fn matches_key(&self, key: Key, alg: Algorithm) -> bool {
        LoadedKey::load(key, true).is_ok_and(|key| self.matches(&key, alg))
    }

    /// Whether an ECDSA key would match if the signature were one in DER (RFC 3279 section 2.2.3).
    pub(crate) fn matches_in_der(&self, key: &LoadedKey) -> bool {
        let KeyType::Ec(curve) = key.key().key_type else { return false };
        let algorithm = ecdsa(curve).in_der;
        let matches = |point: Vec<u8>| algorithm.verify_sig(&point, self.message, self.signature);
        key.public_key().is_some_and(|point| matches(point).is_ok())
    }
}
