//! Memory that the tokens of a stream are read in, one after the other.

use std::mem;

use super::compact::MAX_TOKEN;
use crate::claims::Claims;
use crate::json::{JsonError, MemberMemory};

/// How many bytes are kept for the next payload, signature and list of members: what those of nearly all tokens need.
const KEPT: usize = 64 * 1024;

/// The decoded parts of an encrypted token.
pub(crate) struct EncryptedParts<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) iv: &'a [u8],
    /// The ciphertext, and the tag of 16 bytes behind it.
    pub(crate) content: &'a mut Vec<u8>,
}

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
        self.clear();
        let decoder = base64_simd::URL_SAFE_NO_PAD;
        decoder.decode_append(&rest[..dot], &mut self.payload).ok()?;
        decoder.decode_append(&rest[dot + 1..], &mut self.signature).ok()?;
        Some(encoded_header.len() + 1 + dot)
    }

    /// Reads an encrypted token that has this encoded header and nothing around it. `None` if that is not so or the token
    /// is malformed; [`super::Encrypted::parse`] then says what it is.
    pub(crate) fn read_encrypted(
        &mut self,
        encoded_header: &str,
        token: &[u8],
    ) -> Option<EncryptedParts<'_>> {
        const TAG: usize = 16;
        let rest = token.strip_prefix(encoded_header.as_bytes())?.strip_prefix(b".")?;
        let (rest, tag) = rest.split_at(memchr::memrchr(b'.', rest)?);
        let (rest, ciphertext) = rest.split_at(memchr::memrchr(b'.', rest)?);
        let (key, iv) = rest.split_at(memchr::memchr(b'.', rest)?);
        if token.len() > MAX_TOKEN {
            return None;
        }
        self.clear();
        let decoder = base64_simd::URL_SAFE_NO_PAD;
        decoder.decode_append(&ciphertext[1..], &mut self.payload).ok()?;
        let length = self.payload.len();
        decoder.decode_append(&tag[1..], &mut self.payload).ok()?;
        decoder.decode_append(key, &mut self.signature).ok()?;
        let key_length = self.signature.len();
        decoder.decode_append(&iv[1..], &mut self.signature).ok()?;
        let (key, iv) = self.signature.split_at(key_length);
        let is_tagged = self.payload.len() == length + TAG;
        is_tagged.then_some(EncryptedParts { key, iv, content: &mut self.payload })
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
        self.clear();
        self.payload.extend_from_slice(text);
        self.take_claims()
    }

    /// Forgets the last token, and frees the memory that an unusually large one needed.
    fn clear(&mut self) {
        for part in [&mut self.payload, &mut self.signature] {
            part.clear();
            part.shrink_to(KEPT);
        }
        self.members.clear(KEPT);
    }

    /// Takes the memory of claims that are no longer needed.
    pub(crate) fn reuse(&mut self, claims: Claims) {
        (self.payload, self.members) = claims.into_memory();
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{KEPT, TokenMemory};

    #[test]
    fn a_large_token_does_not_keep_its_memory_from_the_others() {
        let mut memory = TokenMemory::default();
        let members: Vec<_> = (0..KEPT).map(|i| format!("\"{i}\":0")).collect();
        for claims in [format!("{{{}}}", members.join(",")), "{}".to_owned()] {
            let token = format!("e30.{}.AAAA", URL_SAFE_NO_PAD.encode(claims));
            assert!(memory.read("e30", token.as_bytes()).is_some());
            let claims = memory.take_claims().expect("an object");
            memory.reuse(claims);
        }
        assert!(memory.payload.capacity() <= KEPT);
        assert!(memory.members.size() <= KEPT);
    }
}
