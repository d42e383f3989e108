//! The binary form that OpenSSH's keys are built of (RFC 4251 section 5): fields with their length before them.
//! Reading never goes beyond the bytes there are; writing goes into a buffer that is wiped.

use zeroize::Zeroizing;

use super::bytes::stripped;

/// How a private key begins.
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// How the names of OpenSSH's key types begin.
pub(super) const KEY_TYPES: [&str; 4] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

/// Whether a word begins as the name of an OpenSSH key type does.
pub(super) fn is_key_type(word: &[u8]) -> bool {
    KEY_TYPES.iter().any(|name| word.starts_with(name.as_bytes()))
}

/// Bytes that are left to read.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// So many bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of four bytes.
    pub fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A field with its length before it.
    pub fn field(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    /// A field that is text.
    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.field()?).ok()
    }

    /// A positive number of any size, without the zero byte that says that it is positive.
    pub fn large(&mut self) -> Option<&'a [u8]> {
        let field = self.field()?;
        let is_positive = field.first().is_some_and(|byte| byte & 0x80 == 0);
        is_positive.then(|| stripped(field)).filter(|digits| !digits.is_empty())
    }
}

/// Bytes that are being written.
pub(super) struct Writer(pub Zeroizing<Vec<u8>>);

impl Writer {
    /// A buffer that has room for any key, so that it never moves.
    pub fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(16 * 1024)))
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn number(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub fn field(&mut self, field: &[u8]) -> &mut Self {
        let length = u32::try_from(field.len()).expect("fields of keys are short");
        self.number(length).bytes(field)
    }

    pub fn large(&mut self, digits: &[u8]) -> &mut Self {
        let digits = stripped(digits);
        let sign = digits.first().is_some_and(|byte| byte & 0x80 != 0);
        let length = u32::try_from(digits.len() + usize::from(sign)).expect("numbers are short");
        self.number(length).bytes(if sign { &[0] } else { &[] }).bytes(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut writer = Writer::new();
        writer.number(7).field(b"text").large(&[0, 0, 0x80, 1]).large(&[0x7f]);
        let mut reader = Reader(&writer.0);
        assert_eq!((reader.number(), reader.text()), (Some(7), Some("text")));
        assert_eq!(reader.large(), Some(&[0x80, 1][..]));
        assert_eq!(reader.large(), Some(&[0x7f][..]));
        assert_eq!((reader.0.len(), reader.number()), (0, None));
    }

    #[test]
    fn what_is_cut_or_negative_does_not_read() {
        assert_eq!(Reader(&[0, 0, 0, 2, 1]).field(), None);
        assert_eq!(Reader(&[0xff; 4]).field(), None);
        assert_eq!(Reader(&[0, 0, 0, 1, 0x80]).large(), None);
        assert_eq!(Reader(&[0, 0, 0, 0]).large(), None);
        assert_eq!(Reader(&[0, 0, 0, 1, 0xff]).text(), None);
    }
}
