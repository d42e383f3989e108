//! What makes a sound key too weak (RFC 7518 sections 3.2 and 3.3).

use std::fmt;

use thiserror::Error;

use super::algorithm::{Algorithm, RSA_BITS};

/// Why a sound key is too weak.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Weakness {
    /// An RSA modulus of fewer bits than [`RSA_BITS`](super::RSA_BITS) allows.
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
    pub(super) fn of(secret: &[u8]) -> Self {
        let zeros = secret.iter().rev().take_while(|byte| **byte == 0).count();
        let is_padded = zeros >= 4;
        Self { bytes: secret.len() - if is_padded { zeros } else { 0 }, is_padded }
    }
}

impl fmt::Display for SecretLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zeros = if self.is_padded { " without the zeros at its end" } else { "" };
        let unit = if self.bytes == 1 { "byte" } else { "bytes" };
        write!(f, "{} {unit}{zeros}", self.bytes)
    }
}
