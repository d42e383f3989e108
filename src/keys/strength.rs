//! How strong a key is, and what is too weak (RFC 7518 sections 3.2 and 3.3).

use std::fmt;

use super::{Algorithm, Key, KeyMaterial, KeyType, RSA_BITS};
use crate::secret::Secret;

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
    /// In what way it is too weak for an algorithm, if it is. The secret of a JWK is, where it is shorter
    /// than the hash; one that a person chose is worth a warning, and [`Key::short_for`] is for it.
    #[must_use]
    pub fn weakness_for(&self, alg: Algorithm) -> Option<Weakness> {
        if let KeyType::Rsa { bits } = self.key_type {
            return (bits < *RSA_BITS.start()).then_some(Weakness::Rsa { bits });
        }
        let short = self.short_secret(alg).filter(|_| self.params.is_some());
        short.map(|(length, least)| Weakness::Oct { length, alg, least })
    }

    /// In what way it is too weak for each of its algorithms, if it is; an `alg` that is none of them changes
    /// nothing.
    #[must_use]
    pub fn weakness(&self) -> Option<Weakness> {
        let narrowed = self.algorithms();
        let algorithms = if narrowed.is_empty() { self.key_type.algorithms() } else { &narrowed };
        let each = algorithms.iter().copied().map(|alg| self.weakness_for(alg));
        each.collect::<Option<Vec<_>>>()?.into_iter().next()
    }

    /// The secret's length if it is an HMAC secret that a person chose and that is shorter
    /// than an algorithm's hash, and the length of that in bytes (RFC 7518 section 3.2).
    #[must_use]
    pub fn short_for(&self, alg: Algorithm) -> Option<(SecretLength, usize)> {
        self.short_secret(alg).filter(|_| self.params.is_none())
    }

    fn short_secret(&self, alg: Algorithm) -> Option<(SecretLength, usize)> {
        let (KeyType::Hmac, KeyMaterial::Private(secret)) = (self.key_type, &self.material) else {
            return None;
        };
        let (length, least) = (SecretLength::of(secret), alg.min_secret()?);
        (length.bytes < least).then_some((length, least))
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
    pub(super) fn of(secret: &Secret) -> Self {
        let all = secret.expose().len();
        let zeros = secret.expose().iter().rev().take_while(|byte| **byte == 0).count();
        let is_padded = zeros >= 4;
        Self { bytes: if is_padded { all - zeros } else { all }, is_padded }
    }
}

impl fmt::Display for SecretLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zeros = if self.is_padded { " without the zeros at its end" } else { "" };
        let unit = if self.bytes == 1 { "byte" } else { "bytes" };
        write!(f, "{} {unit}{zeros}", self.bytes)
    }
}
