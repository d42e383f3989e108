//! Memory that the tokens of a stream are read in, one after the other.

use std::mem;

use super::compact::MAX_TOKEN;
use crate::claims::Claims;
use crate::json::{JsonError, MemberMemory};

/// The decoded parts of the token that was read last.
#[derive(Debug, Default)]
pub(crate) struct TokenMemory {
    payload: Vec<u8>,
    signature: Vec<u8>,
    members: MemberMemory,
}

impl TokenMemory {
    /// Reads a token that has this encoded header and nothing around it, and returns the length of its signing input.
    /// `None` if that is not so or the token is malformed; [`super::Unverified::parse`] then says what it is.
    pub(crate) fn read(&mut self, encoded_header: &str, token: &[u8]) -> Option<usize> {
        let rest = token.strip_prefix(encoded_header.as_bytes())?.strip_prefix(b".")?;
        let dot = memchr::memrchr(b'.', rest)?;
        if token.len() > MAX_TOKEN || encoded_header.ends_with('=') {
            return None;
        }
        self.payload.clear();
        self.signature.clear();
        let decoder = base64_simd::URL_SAFE_NO_PAD;
        decoder.decode_append(&rest[..dot], &mut self.payload).ok()?;
        decoder.decode_append(&rest[dot + 1..], &mut self.signature).ok()?;
        Some(encoded_header.len() + 1 + dot)
    }

    /// The signature of the token.
    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The claims of the token, which take the memory with them.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub(crate) fn take_claims(&mut self) -> Result<Claims, JsonError> {
        Claims::parse_in(mem::take(&mut self.payload), mem::take(&mut self.members))
    }

    /// Parses claims that are not encoded.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub(crate) fn parse_claims(&mut self, text: &[u8]) -> Result<Claims, JsonError> {
        self.payload.clear();
        self.payload.extend_from_slice(text);
        self.take_claims()
    }

    /// Takes the memory of claims that are no longer needed.
    pub(crate) fn reuse(&mut self, claims: Claims) {
        (self.payload, self.members) = claims.into_memory();
    }
}
