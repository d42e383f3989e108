//! How much a token may ask for that names no key of a set. A set may hold thousands of keys, and each check reads
//! the whole of the token, which may be 16 MiB. The work is estimated, so that a verdict is the same on each machine
//! and in each run.

use super::LoadedKey;
use crate::keys::{Curve, KeyError, KeyType};

/// The most work for a token, in nanoseconds of the machine that it was measured on.
const MOST: u64 = 1_000_000_000;

/// What is left of the work that a token may ask for.
pub(super) struct Work {
    left: u64,
    /// How many keys were passed over because nothing was left.
    pub untried: usize,
}

impl Work {
    pub fn of_a_token() -> Self {
        Self { left: MOST, untried: 0 }
    }

    /// Whether there is time for more.
    pub fn is_left(&self) -> bool {
        self.left > 0
    }

    /// Counts a key as loaded; that it was before makes no difference.
    pub fn load(&mut self, key: Result<&LoadedKey, &KeyError>) {
        self.spend(match key {
            Ok(key) if key.key().is_private() => match key.key().key_type {
                KeyType::Rsa { bits } => 30_000 * thousands(bits).pow(3),
                KeyType::Ec(curve) => 2 * ecdsa(curve),
                KeyType::Hmac | KeyType::Ed25519 => 20_000,
            },
            Ok(_) => 20_000,
            Err(_) => 100_000,
        });
    }

    /// Counts a signature as checked with a key.
    pub fn check(&mut self, key: &LoadedKey, message: &[u8]) {
        let hash = 4 * message.len() as u64;
        self.spend(
            hash + match key.key().key_type {
                KeyType::Hmac => 1_000,
                // The public exponent may be of 33 bits.
                KeyType::Rsa { bits } => 10_000 * thousands(bits).pow(2),
                KeyType::Ec(curve) => ecdsa(curve),
                KeyType::Ed25519 => 50_000,
            },
        );
    }

    fn spend(&mut self, nanoseconds: u64) {
        self.left = self.left.saturating_sub(nanoseconds);
    }
}

/// A size in steps of 1024 bits, rounded up.
fn thousands(bits: usize) -> u64 {
    bits.div_ceil(1024) as u64
}

fn ecdsa(curve: Curve) -> u64 {
    match curve {
        Curve::P256 => 50_000,
        Curve::P384 => 150_000,
        Curve::P521 | Curve::Secp256k1 => 250_000,
    }
}
