//! How the text of a secret may have been spelled on the signer's side: with what people put around it, leave
//! at its end, or make of it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::secret::Secret;

/// A change to the text of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Without the line break at its end.
    WithoutLineBreak,
    /// Without the white space around it.
    WithoutWhiteSpace,
    /// Without the byte order mark before it.
    WithoutMark,
    /// Without the quotes around it.
    WithoutQuotes,
    /// Without the name and the equals sign before it, and the quotes after those.
    WithoutName,
    /// Without the `base64:` or `0x` before it.
    WithoutPrefix,
    /// Without the colons between its digits.
    WithoutColons,
    /// With its written `\n` as line breaks.
    Unescaped,
    /// With a line feed at its end.
    WithLineFeed,
    /// With a carriage return and a line feed at its end.
    WithCrLf,
    /// With a space at its end.
    WithSpace,
    /// In double quotes.
    InQuotes,
    /// In single quotes.
    InSingleQuotes,
    /// Its base64, as text.
    AsBase64,
    /// Its hexadecimal digits, as text.
    AsHex,
}

impl Change {
    /// Whether it makes a text that is a secret only as the bytes it is.
    pub(super) fn is_addition(self) -> bool {
        matches!(
            self,
            Self::WithLineFeed
                | Self::WithCrLf
                | Self::WithSpace
                | Self::InQuotes
                | Self::InSingleQuotes
                | Self::AsBase64
                | Self::AsHex
        )
    }
}

/// The text as it is, and with each change that makes a difference.
pub(super) fn changes(text: &Secret) -> Vec<(Option<Change>, Secret)> {
    let bytes = text.expose();
    let mut changes = vec![(None, text.clone())];
    for (change, part) in shorter(bytes) {
        let part = part.filter(|part| part.len() < bytes.len());
        changes.extend(part.map(|part| (Some(change), Secret::new(part.into()))));
    }
    if bytes.contains(&b':') {
        let digits = bytes.iter().copied().filter(|byte| *byte != b':').collect();
        changes.push((Some(Change::WithoutColons), Secret::new(digits)));
    }
    changes.extend(unescaped(bytes).map(|text| (Some(Change::Unescaped), text)));
    changes.extend(longer(line(bytes)).into_iter().map(|(change, text)| (Some(change), text)));
    changes
}

fn shorter(bytes: &[u8]) -> [(Change, Option<&[u8]>); 6] {
    let trimmed = bytes.trim_ascii();
    let prefixed = || trimmed.strip_prefix(b"base64:").or(trimmed.strip_prefix(b"0x"));
    [
        (Change::WithoutLineBreak, Some(line(bytes))),
        (Change::WithoutWhiteSpace, Some(trimmed)),
        (Change::WithoutMark, bytes.strip_prefix(b"\xef\xbb\xbf").map(line)),
        (Change::WithoutQuotes, unquoted(trimmed)),
        (Change::WithoutName, value(trimmed)),
        (Change::WithoutPrefix, prefixed()),
    ]
}

fn longer(line: &[u8]) -> [(Change, Secret); 8] {
    let around = |before: &str, after: &str| {
        Secret::new([before.as_bytes(), line, after.as_bytes()].concat())
    };
    [
        (Change::WithLineFeed, around("", "\n")),
        (Change::WithCrLf, around("", "\r\n")),
        (Change::WithSpace, around("", " ")),
        (Change::InQuotes, around("\"", "\"")),
        (Change::InSingleQuotes, around("'", "'")),
        (Change::AsBase64, Secret::new(STANDARD.encode(line).into_bytes())),
        (Change::AsBase64, Secret::new(URL_SAFE_NO_PAD.encode(line).into_bytes())),
        (Change::AsHex, Secret::new(base16ct::lower::encode_string(line).into_bytes())),
    ]
}

fn line(bytes: &[u8]) -> &[u8] {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let inner = |quote| text.strip_prefix(&[quote])?.strip_suffix(&[quote]);
    inner(b'"').or(inner(b'\''))
}

/// The value of a line of an environment file.
fn value(line: &[u8]) -> Option<&[u8]> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let name = line[..at].strip_prefix(b"export ").unwrap_or(&line[..at]);
    let is_name = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let value = line[at + 1..].trim_ascii();
    is_name.then(|| unquoted(value).unwrap_or(value)).filter(|value| !value.is_empty())
}

/// A text with its written line breaks as real ones, if it has any.
fn unescaped(bytes: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("\\n"))?;
    Some(Secret::new(text.replace("\\r", "\r").replace("\\n", "\n").into_bytes()))
}
