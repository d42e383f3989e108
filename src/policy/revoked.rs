//! Tokens that were revoked, by their `jti` (RFC 7519 section 4.1.7).

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use crate::crypto::sha256_bytes;

/// The IDs of revoked tokens. Of each, 128 bits of its SHA-256 digest are kept, so that a million take 20 to 40 MB, whatever
/// their length is.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Revoked(HashSet<[u8; 16], BuildHasherDefault<FirstBytes>>);

impl Revoked {
    /// Adds an ID: the bytes of a string in UTF-8.
    pub fn add(&mut self, jti: &[u8]) {
        self.0.insert(key(jti));
    }

    /// Whether a token with this ID was revoked.
    pub fn contains(&self, jti: &str) -> bool {
        self.0.contains(&key(jti.as_bytes()))
    }
}

fn key(jti: &[u8]) -> [u8; 16] {
    let digest = sha256_bytes(jti);
    std::array::from_fn(|i| digest[i])
}

/// The hash of bytes that are a digest already: the first eight.
#[derive(Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
