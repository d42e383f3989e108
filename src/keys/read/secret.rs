//! HMAC secrets from text: the four formats, and the refusal of anything that is a key of another kind.
//! It must not guess: what is not in the named format is an error.

use std::fmt;

use crate::keys::bytes::{decode, without_white_space};
use crate::keys::sniff::key_material::key_material;
use crate::keys::{Key, KeyError, KeyMaterial, KeyType};
use crate::secret::Secret;
use crate::text::decode as decode_text;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How the bytes of a secret are written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SecretFormat {
    /// Text; one final newline and a byte order mark of a file are not part of it.
    #[default]
    Text,
    /// The bytes as they are.
    Raw,
    /// Base64 in the standard or the URL alphabet, padded or not.
    Base64,
    /// Hexadecimal in either case.
    Hex,
}

impl SecretFormat {
    /// All of them, in the order they are listed to users.
    pub const ALL: [Self; 4] = [Self::Text, Self::Raw, Self::Base64, Self::Hex];

    /// The format's name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Raw => "raw",
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }
}

impl fmt::Display for SecretFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads an HMAC secret. `from_file` says that a final newline may be the editor's.
///
/// # Errors
/// `NotText`, `Format`, `Empty`, `OnlyFiller`, and `NotASecret` for PEM, JWK, OpenSSH and DER key material, which
/// an attacker may know (RFC 8725 section 2.1).
pub fn read_secret(bytes: &Secret, format: SecretFormat, from_file: bool) -> Result<Key, KeyError> {
    let written = bytes.expose();
    if let Some(found) = key_material(written) {
        return Err(KeyError::NotASecret { found });
    }
    let not_in_format = || KeyError::Format { format, spoiler: spoiler(written) };
    let secret = match format {
        SecretFormat::Raw => bytes.clone(),
        SecretFormat::Text => text_of(bytes, from_file).ok_or(KeyError::NotText)?,
        SecretFormat::Base64 => from_base64(&decode_text(written)).ok_or_else(not_in_format)?,
        SecretFormat::Hex => from_hex(&decode_text(written)).ok_or_else(not_in_format)?,
    };
    if let Some(error) = KeyError::of_nothing(secret.expose()) {
        return Err(error);
    }
    // What the digits of a secret hold; that of text was seen.
    let is_decoded = matches!(format, SecretFormat::Base64 | SecretFormat::Hex);
    if let Some(found) = is_decoded.then(|| key_material(secret.expose())).flatten() {
        return Err(KeyError::NotASecret { found });
    }
    Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(secret)))
}

/// What stands around or between the digits of a secret that is not in its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoiler {
    /// Quotes around it.
    Quotes,
    /// `0x` or `base64:` before it.
    Prefix(&'static str),
    /// Colons between its bytes.
    Colons,
    /// An ID and a colon before it.
    Id,
}

fn spoiler(written: &[u8]) -> Option<Spoiler> {
    let text = written.trim_ascii();
    let prefix = ["0x", "base64:"].into_iter().find(|prefix| text.starts_with(prefix.as_bytes()));
    match text {
        [b'"' | b'\'', .., b'"' | b'\''] => Some(Spoiler::Quotes),
        _ if prefix.is_some() => prefix.map(Spoiler::Prefix),
        _ if !text.contains(&b':') => None,
        _ if text.split(|b| *b == b':').any(|digits| digits.len() > 8) => Some(Spoiler::Id),
        _ if text.iter().all(|b| b.is_ascii_hexdigit() || *b == b':') => Some(Spoiler::Colons),
        _ => None,
    }
}

/// Reads the password of a key; `from_file` says that a final newline may be the editor's.
///
/// # Errors
/// `BadPassword` for one that is empty or not UTF-8.
pub fn read_password(bytes: &Secret, from_file: bool) -> Result<Secret, KeyError> {
    let password = text_of(bytes, from_file);
    password.filter(|text| !text.expose().is_empty()).ok_or(KeyError::BadPassword)
}

/// The text of a secret. In a file, a byte order mark and one final newline may be the editor's.
fn text_of(bytes: &Secret, from_file: bool) -> Option<Secret> {
    let decoded = from_file.then(|| decode_text(bytes.expose()));
    let text = std::str::from_utf8(decoded.as_deref().unwrap_or(bytes.expose())).ok()?;
    let text = if from_file { without_final_newline(text) } else { text };
    let is_whole = text.as_bytes() == bytes.expose();
    Some(if is_whole { bytes.clone() } else { Secret::new(text.into()) })
}

fn without_final_newline(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    if line.len() < text.len() { line.strip_suffix('\r').unwrap_or(line) } else { line }
}

fn from_base64(bytes: &[u8]) -> Option<Secret> {
    let text = without_white_space(bytes);
    let padding = text.iter().rev().take_while(|b| **b == b'=').count();
    if padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let digits = &text[..text.len() - padding];
    let url_alphabet = digits.iter().any(|b| matches!(b, b'-' | b'_'));
    decode(if url_alphabet { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD }, digits).map(Secret::from)
}

fn from_hex(bytes: &[u8]) -> Option<Secret> {
    base16ct::mixed::decode_vec(&*without_white_space(bytes)).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Filler;

    fn read(text: &[u8], format: SecretFormat, from_file: bool) -> Result<Vec<u8>, KeyError> {
        let key = read_secret(&Secret::new(text.to_vec()), format, from_file)?;
        match key.material {
            KeyMaterial::Private(secret) => Ok(secret.expose().to_vec()),
            KeyMaterial::Public(_) => unreachable!("a secret is private"),
        }
    }

    #[test]
    fn only_the_final_newline_of_a_text_file_is_dropped() {
        for (text, from_file, secret) in [
            (&b"abc\n"[..], true, &b"abc"[..]),
            (b"abc\r\n", true, b"abc"),
            (b"abc\n\n", true, b"abc\n"),
            (b" abc \n", true, b" abc "),
            (b"abc\r", true, b"abc\r"),
            (b"abc\n", false, b"abc\n"),
        ] {
            assert_eq!(read(text, SecretFormat::Text, from_file).unwrap(), secret);
        }
        assert_eq!(read(b"abc\n", SecretFormat::Raw, true).unwrap(), b"abc\n");
        assert_eq!(read(b"\xff\n", SecretFormat::Raw, true).unwrap(), b"\xff\n");
        assert!(matches!(read(b"\xff", SecretFormat::Text, true), Err(KeyError::NotText)));
    }

    #[test]
    fn base64_and_hex_in_every_spelling() {
        let bytes = [0xfb, 0xef, 0xff, 0x01];
        for text in ["++//AQ==", "++//AQ", "--__AQ==", "--__AQ", " ++//\n AQ==\n"] {
            assert_eq!(read(text.as_bytes(), SecretFormat::Base64, true).unwrap(), bytes, "{text}");
        }
        for text in ["fbefff01", "FBEFff01", "fb ef\nff 01\n"] {
            assert_eq!(read(text.as_bytes(), SecretFormat::Hex, true).unwrap(), bytes, "{text}");
        }
        for text in ["+-//AQ==", "++//AQ=", "++//AR==", "A", "@@@@", "AAAA====", "AAAA="] {
            let read = read(text.as_bytes(), SecretFormat::Base64, true);
            assert!(matches!(read, Err(KeyError::Format { .. })), "{text}");
        }
        for text in ["abc", "0x00", "gg"] {
            let read = read(text.as_bytes(), SecretFormat::Hex, true);
            assert!(matches!(read, Err(KeyError::Format { .. })), "{text}");
        }
    }

    #[test]
    fn an_empty_secret_is_refused_in_every_format() {
        for format in SecretFormat::ALL {
            assert!(matches!(read(b"", format, true), Err(KeyError::Empty)), "{format}");
        }
        assert!(matches!(read(b"\n", SecretFormat::Text, true), Err(KeyError::Empty)));
        assert!(matches!(read(b"\n", SecretFormat::Base64, true), Err(KeyError::Empty)));
        for (text, format, nothing, count) in [
            (&b" \n\n"[..], SecretFormat::Text, Filler::WhiteSpace, 2),
            (&[b' '; 40], SecretFormat::Text, Filler::WhiteSpace, 40),
            (b"ICAg", SecretFormat::Base64, Filler::WhiteSpace, 3),
            (&[0; 48], SecretFormat::Raw, Filler::Zeros, 48),
            (b"AAAAAAAA", SecretFormat::Base64, Filler::Zeros, 6),
            (b"00", SecretFormat::Hex, Filler::Zeros, 1),
        ] {
            let error = read(text, format, true).unwrap_err();
            assert!(
                matches!(error, KeyError::OnlyFiller { filler, length } if filler == nothing && length == count),
                "{error:?}"
            );
        }
    }

    #[test]
    fn key_material_is_never_a_secret() {
        let spki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        for (text, format) in [
            ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n", SecretFormat::Text),
            ("leading\n-----BEGIN CERTIFICATE-----", SecretFormat::Raw),
            (r#" {"kty":"oct","k":"AAAA"}"#, SecretFormat::Text),
            (r#"{"keys":[]}"#, SecretFormat::Text),
            (spki, SecretFormat::Base64),
        ] {
            let read = read(text.as_bytes(), format, true);
            assert!(matches!(read, Err(KeyError::NotASecret { .. })), "{text}");
        }
        for secret in ["{not json", r#"{"a":1}"#, "0", "begin", "ssh-secret of mine"] {
            assert!(read(secret.as_bytes(), SecretFormat::Text, true).is_ok(), "{secret}");
        }
    }
}
