//! Reads HMAC secrets and passwords, and refuses keys of other types as secrets. No format is guessed: a secret that is
//! not in the named format is an error.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::keys::sniff::check_not_a_key;
use crate::keys::wire::{decode, without_white_space};
use crate::keys::{Key, KeyError, KeyMaterial, KeyType, SecretFormat};
use crate::secret::Secret;
use crate::text::decode as decode_text;

/// Reads an HMAC secret. `from_file` says that a final newline may be the editor's.
///
/// # Errors
/// `NotText`, `Format`, `Empty`, `OnlyZeros`, `OnlyWhiteSpace`, and `NotASecret` for PEM, JWK, OpenSSH and DER key
/// material, which an attacker may know (RFC 8725 section 2.1).
pub fn read_secret(bytes: &Secret, format: SecretFormat, from_file: bool) -> Result<Key, KeyError> {
    let written = bytes.expose();
    check_not_a_key(written)?;
    let not_in_format = || KeyError::Format { format, spoiler: spoiler(written) };
    let secret = match format {
        SecretFormat::Raw => bytes.clone(),
        SecretFormat::Text => text_of(bytes, from_file).ok_or(KeyError::NotText)?,
        SecretFormat::Base64 => from_base64(&decode_text(written)).ok_or_else(not_in_format)?,
        SecretFormat::Hex => from_hex(&decode_text(written)).ok_or_else(not_in_format)?,
    };
    KeyError::check_not_empty(secret.expose())?;
    // The decoded bytes; text was checked above.
    if matches!(format, SecretFormat::Base64 | SecretFormat::Hex) {
        check_not_a_key(secret.expose())?;
    }
    Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(secret)))
}

/// What is around or between the digits of a secret, so that it is not in its format.
fn spoiler(written: &[u8]) -> Option<&'static str> {
    let text = written.trim_ascii();
    let prefix = ["0x", "base64:"].into_iter().find(|prefix| text.starts_with(prefix.as_bytes()));
    match text {
        [b'"' | b'\'', .., b'"' | b'\''] => Some("quotes"),
        _ if prefix.is_some() => prefix,
        _ if !text.contains(&b':') => None,
        _ if text.split(|b| *b == b':').any(|digits| digits.len() > 8) => Some("ID and its colon"),
        _ if text.iter().all(|b| b.is_ascii_hexdigit() || *b == b':') => Some("colons"),
        _ => None,
    }
}

/// Reads the password of a key, which must be UTF-8 and not empty; `from_file` says that a final newline may be the
/// editor's.
pub(crate) fn read_password(bytes: &Secret, from_file: bool) -> Result<Secret, KeyError> {
    let password = text_of(bytes, from_file).ok_or(KeyError::PasswordNotText)?;
    if password.expose().is_empty() { Err(KeyError::EmptyPassword) } else { Ok(password) }
}

/// The text of a secret, without the final newline and byte order mark that an editor may have added to a file.
fn text_of(bytes: &Secret, from_file: bool) -> Option<Secret> {
    if !from_file {
        return std::str::from_utf8(bytes.expose()).is_ok().then(|| bytes.clone());
    }
    let text = decode_text(bytes.expose());
    let text = std::str::from_utf8(&text).ok().map(without_final_newline)?;
    Some(bytes.share(text.as_bytes()))
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
