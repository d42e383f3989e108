//! How the text of a secret may be spelled: with what people put around it, leave at its end, or make of it. Used
//! after a wrong signature, to find the signer's text, and when signing, to find a secret that is probably not what
//! was meant.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::token::placeholder::unexpanded;
use crate::characters::is_invisible;
use crate::json::Object;
use crate::keys::SecretFormat;
use crate::secret::Secret;
use crate::text::{BOM, decode};

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
    /// Without the ID and the colon before it, as in the keys of Ghost's Admin API.
    WithoutId,
    /// The value of this member of the JSON that it is, where the name is one that is known.
    Member(Option<&'static str>),
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

/// Why a secret is probably not what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mangled {
    /// It needs this change, and then has this format, if not the given one.
    Changed(Change, Option<SecretFormat>),
    /// A variable or command that no shell has expanded.
    Unfilled,
    /// A placeholder in brackets.
    Placeholder,
    /// The path of this file, which exists.
    Path(PathBuf),
}

/// The most members of a JSON object that are looked at.
const MOST_MEMBERS: usize = 16;

/// The text as it is, and with each change that makes a difference. A file may be in any encoding of text.
pub(super) fn changes(text: &Secret, from_file: bool) -> Vec<(Option<Change>, Secret)> {
    let decoded = from_file.then(|| decode(text.expose()));
    let bytes = decoded.as_deref().unwrap_or(text.expose());
    let mut changes = vec![(None, text.clone())];
    for (change, part) in shorter(bytes) {
        let part = part.filter(|part| part.len() < bytes.len());
        changes.extend(part.map(|part| (Some(change), Secret::new(part.into()))));
    }
    changes.extend(members(bytes).into_iter().map(|(change, value)| (Some(change), value)));
    if bytes.contains(&b':') {
        let digits = bytes.iter().copied().filter(|byte| *byte != b':').collect();
        changes.push((Some(Change::WithoutColons), Secret::new(digits)));
    }
    changes.extend(unescaped(bytes).map(|text| (Some(Change::Unescaped), text)));
    changes.extend(longer(line(bytes)).into_iter().map(|(change, text)| (Some(change), text)));
    changes
}

fn shorter(bytes: &[u8]) -> [(Change, Option<&[u8]>); 7] {
    let trimmed = trimmed(bytes);
    [
        (Change::WithoutLineBreak, Some(line(bytes))),
        (Change::WithoutWhiteSpace, Some(trimmed)),
        (Change::WithoutMark, bytes.strip_prefix(b"\xef\xbb\xbf").map(line)),
        (Change::WithoutQuotes, unquoted(trimmed)),
        (Change::WithoutName, value(trimmed).map(|(_, value)| value)),
        (Change::WithoutPrefix, prefixed(trimmed).map(|(_, digits)| digits)),
        (Change::WithoutId, behind_id(trimmed)),
    ]
}

/// Why a text secret is probably not what was meant.
pub(super) fn mangled(secret: &[u8]) -> Option<Mangled> {
    let trimmed = trimmed(secret);
    let text = std::str::from_utf8(trimmed).ok()?;
    let changed = |change| Some(Mangled::Changed(change, None));
    if secret.starts_with(b"\xef\xbb\xbf") {
        return changed(Change::WithoutMark);
    }
    if let Ok(object) = Object::parse(trimmed) {
        let known = NAMES.into_iter().find(|name| object.get(name).is_some());
        return changed(Change::Member(known));
    }
    if unquoted(trimmed).is_some() {
        return changed(Change::WithoutQuotes);
    }
    if value(trimmed).is_some_and(|(name, _)| is_variable(name)) {
        return changed(Change::WithoutName);
    }
    if is_unfilled_secret(text) {
        return Some(Mangled::Unfilled);
    }
    if is_placeholder(text) {
        return Some(Mangled::Placeholder);
    }
    if behind_id(trimmed).is_some() {
        return Some(Mangled::Changed(Change::WithoutId, Some(SecretFormat::Hex)));
    }
    if let Some((format, _)) = prefixed(trimmed) {
        return Some(Mangled::Changed(Change::WithoutPrefix, Some(format)));
    }
    match secret.len() - trimmed.len() {
        0 => None,
        _ if line(secret) == trimmed => changed(Change::WithoutLineBreak),
        _ => changed(Change::WithoutWhiteSpace),
    }
}

/// Whether a secret is a variable or command that no shell has expanded. (`$ecret` may be a secret.)
fn is_unfilled_secret(text: &str) -> bool {
    let is_bare = text.strip_prefix('$').is_some_and(|name| !name.contains(['{', '(', ':']));
    unexpanded(text).is_some()
        && (!is_bare || text.contains(|c: char| c.is_ascii_uppercase() || c == '_'))
}

/// Whether a text is a placeholder in brackets.
fn is_placeholder(text: &str) -> bool {
    let between = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    between("<", ">").or(between("{{", "}}")).is_some_and(|word: &str| {
        word.chars().all(|c| c.is_alphanumeric() || " -_.".contains(c)) && word.len() <= 60
    })
}

/// Whether a name before an equals sign is that of a variable or a setting, not part of the secret.
fn is_variable(name: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"secret", b"key", b"jwt", b"token", b"password"];
    let lower = name.to_ascii_lowercase();
    let is_upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let is_named = WORDS.iter().any(|word| lower.windows(word.len()).any(|w| w == *word));
    !name[0].is_ascii_digit() && ((name.len() >= 3 && name.iter().all(is_upper)) || is_named)
}

/// Names under which JSON carries a secret: Hasura's, those of secret stores, and a JWK's.
const NAMES: [&str; 14] = [
    "key",
    "secret",
    "jwt_secret",
    "JWT_SECRET",
    "jwtSecret",
    "secret_key",
    "secretKey",
    "SECRET_KEY",
    "signing_key",
    "signingKey",
    "password",
    "value",
    "token",
    "k",
];

/// The strings in a JSON object, those under a known name first.
fn members(bytes: &[u8]) -> Vec<(Change, Secret)> {
    let Ok(object) = Object::parse(trimmed(bytes)) else { return Vec::new() };
    let string = |name: &str| Some(Secret::new(object.get(name)?.as_string()?.into_bytes()));
    let known = NAMES.iter().filter_map(|name| Some((Change::Member(Some(name)), string(name)?)));
    let others = object.iter().take(MOST_MEMBERS);
    let others = others.filter_map(|m| Some((Change::Member(None), string(&m.name)?)));
    known.chain(others).collect()
}

/// What is left without white space and invisible characters at both ends.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_space = |c: char| c != BOM && (c.is_whitespace() || is_invisible(c));
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.trim_ascii(), |text| text.trim_matches(is_space).as_bytes())
}

/// The digits behind a prefix that tells their format.
fn prefixed(text: &[u8]) -> Option<(SecretFormat, &[u8])> {
    let base64 = text.strip_prefix(b"base64:").map(|digits| (SecretFormat::Base64, digits));
    let hex = || text.strip_prefix(b"0x").filter(|digits| is_hex(digits));
    base64.or_else(|| hex().map(|digits| (SecretFormat::Hex, digits)))
}

/// The hexadecimal secret behind an ID and a colon.
fn behind_id(text: &[u8]) -> Option<&[u8]> {
    let at = text.iter().position(|byte| *byte == b':')?;
    let (id, secret) = (&text[..at], &text[at + 1..]);
    let is_id = id.len() >= 2 && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
    (is_id && secret.len() >= 32 && is_hex(secret)).then_some(secret)
}

fn is_hex(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
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
    const QUOTES: [(&str, &str); 5] =
        [("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}")];
    QUOTES.iter().find_map(|(open, close)| {
        text.strip_prefix(open.as_bytes())?.strip_suffix(close.as_bytes())
    })
}

/// The name and the value of a line of an environment file. (Two equals signs may be padding.)
fn value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let name = line[..at].strip_prefix(b"export ").unwrap_or(&line[..at]).trim_ascii();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-".contains(b);
    let value = line[at + 1..].trim_ascii();
    let value = unquoted(value).unwrap_or(value);
    (!name.is_empty() && name.iter().all(is_name) && !value.is_empty() && value != b"=")
        .then_some((name, value))
}

/// A text with its written line breaks as real ones, if it has any.
fn unescaped(bytes: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("\\n"))?;
    Some(Secret::new(text.replace("\\r", "\r").replace("\\n", "\n").into_bytes()))
}
