//! A limit on the work that checking a token may cause.

use super::loaded_key::LoadedKey;
use super::primitives::{ecdsa, ml_dsa};
use crate::keys::{KeyError, KeyType};

/// The most work for a token, in nanoseconds of the machine that it was measured on.
const MOST: u64 = 1_000_000_000;

/// The work that a token without a `kid` may still cause. A set may hold thousands of keys, and each check reads the
/// whole token, which may be 16 MiB. The work is an estimate and not measured, so that the verdict is the same on every
/// machine.
pub(crate) struct Work {
    left: u64,
    /// How many keys were not tried because the limit was reached.
    pub untried: usize,
}

impl Work {
    pub(crate) fn of_a_token() -> Self {
        Self { left: MOST, untried: 0 }
    }

    pub(crate) fn is_left(&self) -> bool {
        self.left > 0
    }

    /// Counts a message of this length as put together and decoded.
    pub(crate) fn read(&mut self, length: usize) {
        self.left = self.left.saturating_sub(4 * length as u64);
    }

    /// Counts claims as parsed and checked.
    pub(crate) fn parse(&mut self, length: usize) {
        self.left = self.left.saturating_sub(40 * length as u64);
    }

    /// Counts a certificate chain as verified.
    pub(crate) fn chain(&mut self) {
        self.left = self.left.saturating_sub(10_000_000);
    }

    /// Counts a key as loaded, even if it was loaded before.
    pub(super) fn load(&mut self, key: Result<&LoadedKey, &KeyError>) {
        self.left = self.left.saturating_sub(match key {
            Ok(key) if key.key().is_private() => match key.key().key_type {
                KeyType::Rsa => 30_000 * kibibits(key).pow(3),
                KeyType::Ec(curve) => 2 * ecdsa(curve).cost,
                KeyType::Hmac | KeyType::Ed25519 | KeyType::X25519 => 20_000,
                // The private key is computed from its seed.
                KeyType::MlDsa(set) => 2 * ml_dsa(set).cost,
            },
            Ok(_) => 20_000,
            Err(_) => 100_000,
        });
    }

    /// Counts a signature as checked with a key.
    pub(super) fn check(&mut self, key: &LoadedKey, message: &[u8]) {
        let is_shake = matches!(key.key().key_type, KeyType::MlDsa(_));
        let hash = if is_shake { 6 } else { 4 } * message.len() as u64;
        let primitive = match key.key().key_type {
            KeyType::Hmac => 1_000,
            // The public exponent may have 33 bits.
            KeyType::Rsa => 10_000 * kibibits(key).pow(2),
            KeyType::Ec(curve) => ecdsa(curve).cost,
            KeyType::Ed25519 | KeyType::X25519 => 50_000,
            KeyType::MlDsa(set) => ml_dsa(set).cost,
        };
        self.left = self.left.saturating_sub(hash + primitive);
    }
}

/// The size of an RSA key in steps of 1024 bits, rounded up.
fn kibibits(key: &LoadedKey) -> u64 {
    key.key().rsa_bits.unwrap_or_default().div_ceil(1024) as u64
}
