//! Where members and values are in a text.

use super::tokens::unquote;

/// A part of a text, in bytes. There may be a million members, so this is half the size of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    #[allow(clippy::cast_possible_truncation, reason = "scan accepts no longer text")]
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Where a member is in its object's text: its name with the quotes, and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberSpan {
    pub name: Span,
    pub value: Span,
    pub prefix: NamePrefix,
}

/// The first bytes of a name, and its length. Different names nearly always differ in it; short names always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamePrefix(u64);

impl NamePrefix {
    const BYTES: usize = 7;

    pub(super) const fn of(name: &[u8]) -> Self {
        let (mut prefix, mut i) = (0, 0);
        while i < name.len() && i < Self::BYTES {
            prefix = prefix << 8 | name[i] as u64;
            i += 1;
        }
        let length = if name.len() < 0xfe { name.len() } else { 0xfe };
        Self(prefix << 8 | length as u64)
    }

    pub(super) fn is_whole_name(self) -> bool {
        self.0 & 0xff <= Self::BYTES as u64
    }
}

impl MemberSpan {
    /// Whether the member has this name. The caller has computed the name's prefix once for many members.
    #[inline]
    pub(super) fn is_named(&self, text: &str, name: &str, prefix: NamePrefix) -> bool {
        self.prefix == prefix
            && (name.len() <= NamePrefix::BYTES || unquote(self.name.of(text)) == name)
    }
}
