//! Encodings that key formats use: base64 of a possibly private key, in buffers that are never moved and are wiped; and
//! the binary form of OpenSSH keys (RFC 4251 section 5), fields with their length before them.

use std::fmt::Display;

use base64::Engine;
use zeroize::Zeroizing;

use super::error::KeyError;

/// Decodes digits; `None` if they are not in the alphabet of the engine.
pub(crate) fn decode(engine: &impl Engine, digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; digits.len() / 4 * 3 + 3]);
    let length = engine.decode_slice(digits, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

pub(crate) fn without_white_space(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut kept = Zeroizing::new(Vec::with_capacity(text.len()));
    kept.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    kept
}

/// A number, big-endian, without the leading zeros that some programs write.
pub(crate) fn stripped(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// The label of the PEM block of an OpenSSH private key.
pub(super) const OPENSSH_LABEL: &str = "OPENSSH PRIVATE KEY";

/// The first bytes of an OpenSSH private key.
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The prefixes of the names of OpenSSH's key types.
pub(super) const KEY_TYPES: [&str; 4] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

pub(super) fn is_key_type(word: &[u8]) -> bool {
    KEY_TYPES.iter().any(|name| word.starts_with(name.as_bytes()))
}

pub(super) fn damaged(reason: impl Display) -> KeyError {
    KeyError::damaged("OpenSSH key", reason)
}

pub(super) fn malformed() -> KeyError {
    damaged("it is truncated or malformed")
}

/// Reads fields from the bytes that are left.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], KeyError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Result<u32, KeyError> {
        let bytes = self.take(4)?.try_into().map_err(|_| malformed())?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// A field with its length before it.
    pub(super) fn field(&mut self) -> Result<&'a [u8], KeyError> {
        let length = usize::try_from(self.number()?).map_err(|_| malformed())?;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, KeyError> {
        std::str::from_utf8(self.field()?).map_err(|_| malformed())
    }

    /// A positive number of any size, without the zero byte that says that it is positive.
    pub(super) fn large(&mut self) -> Result<&'a [u8], KeyError> {
        let field = self.field()?;
        let is_positive = field.first().is_some_and(|byte| byte & 0x80 == 0);
        let digits = Some(stripped(field)).filter(|digits| is_positive && !digits.is_empty());
        digits.ok_or_else(malformed)
    }
}

/// Writes fields into a buffer that is wiped.
pub(super) struct Writer(pub Zeroizing<Vec<u8>>);

impl Writer {
    /// A buffer that has room for any key, so that it never moves.
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(16 * 1024)))
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn number(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn field(&mut self, field: &[u8]) -> &mut Self {
        let length = u32::try_from(field.len()).expect("fields of keys are short");
        self.number(length).bytes(field)
    }

    pub(super) fn large(&mut self, digits: &[u8]) -> &mut Self {
        let digits = stripped(digits);
        let sign = digits.first().is_some_and(|byte| byte & 0x80 != 0);
        let length = u32::try_from(digits.len() + usize::from(sign)).expect("numbers are short");
        self.number(length).bytes(if sign { &[0] } else { &[] }).bytes(digits)
    }
}
