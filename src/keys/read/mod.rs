//! Reads key files, recognised by content and never by name: PEM, DER, OpenSSH, JWK, JWK Set, or the base64 of one of
//! them. Errors name formats that are known but not supported.

mod der;
mod encrypted;
pub(super) mod jwk;
pub(super) mod openssh;
pub(super) mod pem;
pub(super) mod secret;

use base64::engine::general_purpose::STANDARD;
use jwk::Jwk;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::error::KeyError;
use super::key::ReadKey;
use super::metadata::Encoding;
use super::set::{KeyFile, KeySet};
use super::wire::{decode, without_white_space};
use crate::secret::Secret;
use crate::text::decode as decode_text;

/// Reads the key or keys in the content of a file.
///
/// # Errors
/// Why the content cannot be used as keys; `Encrypted` if a password is needed and none is given.
pub fn read_keys(content: &Secret, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    read(content, password, false)
}

/// Reads a JWK Set that anybody can fetch. A private key in it has been published and is not used (OpenID Connect
/// Discovery 1.0 section 3, `jwks_uri`).
///
/// # Errors
/// Those of [`read_keys`], and `NotASet`.
pub fn read_published_set(content: &Secret) -> Result<KeySet, KeyError> {
    match read(content, None, true)?.into_set()? {
        set if set.is_jwk_set => Ok(set),
        _ => Err(KeyError::NotASet { found: "several keys".to_owned() }),
    }
}

fn read(
    content: &Secret,
    password: Option<&Secret>,
    is_published: bool,
) -> Result<KeyFile, KeyError> {
    let bytes = content.expose();
    KeyError::check_not_empty(bytes)?;
    if let Some(der) = der::sequence(bytes) {
        return der::read_any(&content.share(der), password).map(KeyFile::One);
    }
    let text = decode_text(bytes);
    match std::str::from_utf8(&text) {
        Ok(text) => read_text(text, content, password, is_published),
        Err(_) if pem::holds_pem(&text) => Err(KeyError::damaged("PEM", "it is not UTF-8 text")),
        Err(_) => Err(binary(bytes)),
    }
}

fn read_text(
    text: &str,
    content: &Secret,
    password: Option<&Secret>,
    is_published: bool,
) -> Result<KeyFile, KeyError> {
    let text = unquoted(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(KeyError::Empty);
    }
    if start.starts_with('{') {
        return read_json(text, content, is_published);
    }
    if pem::holds_pem(text.as_bytes()) {
        return pem::read(text, password);
    }
    if let Some(lines) = openssh::public_lines(text) {
        return openssh::read_public(&lines);
    }
    let Some(inner) = decode(&STANDARD, &without_white_space(text.as_bytes())) else {
        return Err(other_text(start));
    };
    let inner = Secret::from(inner);
    match (der::sequence(inner.expose()), std::str::from_utf8(inner.expose())) {
        (Some(der), _) => der::read_any(&inner.share(der), password).map(KeyFile::One),
        (None, Ok(text)) if pem::holds_pem(text.as_bytes()) => pem::read(text, password),
        _ => Err(KeyError::NotAKey),
    }
}

/// The text without one pair of quotes around it, as in `.env` files.
fn unquoted(text: &str) -> &str {
    let inner = |quote| text.trim().strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or(inner('\'')).unwrap_or(text)
}

/// Names text that is known, but is not a key.
fn other_text(text: &str) -> KeyError {
    let begins = |mark: &str| text.starts_with(mark);
    let (found, remedy) = if begins("---- BEGIN SSH2") {
        ("a public key in the SSH2 format (RFC 4716)", Some("ssh-keygen -i -f FILE"))
    } else if begins("PuTTY-User-Key-File") {
        ("a PuTTY key", Some("puttygen FILE -O private-openssh-new -o key"))
    } else if begins("[") && text.contains("\"kty\"") {
        ("an array of JWKs; a JWK Set is an object with \"keys\"", Some("jq '{keys: .}' FILE"))
    } else if begins("<") {
        ("XML or HTML", None)
    } else if begins("AGE-SECRET-KEY-") || begins("age1") {
        ("an age key, which cannot sign", None)
    } else {
        return KeyError::NotAKey;
    };
    KeyError::Unsupported { found: found.to_owned(), remedy }
}

/// Names binary content that is known, but is not a key.
fn binary(bytes: &[u8]) -> KeyError {
    let keystore = "keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype pkcs12, \
                    then openssl pkcs12 -in new.p12 -nodes -nocerts -out key.pem";
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => {
            KeyError::convertible("a Java keystore", keystore)
        }
        [0x30, 0x80..=0x84, ..] => {
            KeyError::damaged("DER", "its length does not match its content")
        }
        _ => KeyError::NotAKey,
    }
}

/// The most keys of a set that is read: each takes memory and, for a token that does not name one, time.
const MOST_KEYS: usize = 10_000;

/// The most keys of a set that anybody can fetch: a hundred times as many as issuers have.
const MOST_PUBLISHED: usize = 1000;

/// The members by which a JSON file is recognised.
#[derive(Deserialize)]
struct Shape<'a> {
    kty: Option<IgnoredAny>,
    #[serde(borrow)]
    keys: Option<&'a RawValue>,
}

/// Reads a JWK or a set, which is a part of `content`. A set is read key by key: a name that one of its keys has twice
/// makes only that key unusable.
fn read_json(text: &str, content: &Secret, is_published: bool) -> Result<KeyFile, KeyError> {
    if let Ok(Shape { kty: None, keys: Some(keys) }) = serde_json::from_str(text) {
        return read_set(keys, content, is_published);
    }
    match Jwk::parse(text.as_bytes())? {
        jwk if jwk.has("kty") => Ok(KeyFile::One(ReadKey::new(jwk.read(true)?, Encoding::Jwk))),
        jwk if jwk.has("private_key") => Err(KeyError::convertible(
            "JSON with a private key inside, such as a service account's",
            "jq -r .private_key FILE | jwtctl … --key -",
        )),
        _ => Err(KeyError::unsupported("JSON that is neither a JWK nor a JWK Set")),
    }
}

/// Reads the keys of a set. They are counted first, which takes no memory.
fn read_set(keys: &RawValue, content: &Secret, is_published: bool) -> Result<KeyFile, KeyError> {
    let not_an_array = |_| KeyError::damaged("JWK Set", "its \"keys\" is not an array");
    let count = serde_json::from_str::<Vec<IgnoredAny>>(keys.get()).map_err(not_an_array)?.len();
    let most = if is_published { MOST_PUBLISHED } else { MOST_KEYS };
    if count > most {
        return Err(KeyError::TooMany { count, most });
    }
    let jwks: Vec<&RawValue> = serde_json::from_str(keys.get()).map_err(not_an_array)?;
    let jwks = jwks.into_iter().map(|jwk| content.share(jwk.get().as_bytes()));
    Ok(KeyFile::Set(KeySet::of_jwks(jwks, is_published)))
}
