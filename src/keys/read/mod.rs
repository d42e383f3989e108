//! Reads key files, recognised by content and never by name: PEM, DER, OpenSSH, JWK, JWK Set, the base64 of one of them,
//! or a document that carries one. Errors name formats that are known but not supported.

mod carriers;
mod der;
mod encrypted;
mod env_file;
pub(super) mod jwk;
pub(super) mod openssh;
pub(super) mod pem;
pub(super) mod secret;
mod shape;

pub use carriers::Located;

use base64::engine::general_purpose::STANDARD;
use carriers::Content;
use jwk::Jwk;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use shape::{Shape, check_count, is_jwk_document, is_key_text};

use super::error::KeyError;
use super::key::ReadKey;
use super::metadata::{Encoding, JwkParams, SecretFormat};
use super::set::{KeyFile, KeySet};
use super::wire::{decode, without_white_space};
use crate::secret::Secret;
use crate::text::decode as decode_text;

/// Reads the key or keys in the content of a file.
///
/// # Errors
/// Why the content cannot be used as keys; `Encrypted` if a password is needed and none is given.
pub fn read_keys(content: &Secret, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    locate(content)?.read(password)
}

/// Reads what anybody can fetch: a set, or one public key. A private key in it has been published and is not used (OpenID
/// Connect Discovery 1.0 section 3, `jwks_uri`).
///
/// # Errors
/// Those of [`read_keys`], and `NotASet` and `Published`.
pub fn read_published(content: &Secret) -> Result<KeyFile, KeyError> {
    locate(content)?.read_published()
}

/// Finds the key or keys in the content of a file.
///
/// # Errors
/// `SeveralEntries` and others about a document that carries no key, or more than one.
pub fn locate(content: &Secret) -> Result<Located, KeyError> {
    let whole = || Located { part: None, content: Content::Text(content.clone(), None) };
    if der::sequence(content.expose()).is_some() {
        return Ok(whole());
    }
    let text = decode_text(content.expose());
    let Ok(text) = std::str::from_utf8(&text) else { return Ok(whole()) };
    let text = unquoted(text);
    if is_jwk_document(text) {
        return Ok(whole());
    }
    Ok(carriers::find(content, text)?.unwrap_or_else(whole))
}

impl Located {
    /// Reads the key or keys.
    ///
    /// # Errors
    /// Those of [`read_keys`].
    pub fn read(&self, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
        match &self.content {
            Content::Text(text, None) => read(text, password, false),
            Content::Text(text, Some(params)) => match read(text, password, false)? {
                KeyFile::One(one) => Ok(KeyFile::One(one.with_params(params))),
                KeyFile::Set(set) => Err(not_one(&set)),
            },
            Content::Secret(text, params) => {
                let key = secret::read_secret(text, SecretFormat::Text, false)?;
                Ok(KeyFile::One(ReadKey::new(key, Encoding::Secret).with_params(params)))
            }
            Content::Map(keys) => read_map(keys, false).map(KeyFile::Set),
        }
    }

    /// Reads what anybody can fetch.
    ///
    /// # Errors
    /// Those of [`read_published`].
    pub(crate) fn read_published(&self) -> Result<KeyFile, KeyError> {
        let file = match &self.content {
            Content::Text(text, None) => read(text, None, true),
            Content::Map(keys) => read_map(keys, true).map(KeyFile::Set),
            _ => self.read(None),
        };
        file?.into_public()?.into_verifying()
    }

    /// The text that they are read from; `None` if it is the whole document.
    pub(crate) fn text(&self) -> Option<&Secret> {
        match &self.content {
            Content::Text(text, _) | Content::Secret(text, _) => Some(text),
            Content::Map(_) => None,
        }
    }
}

/// Reads certificates in PEM, or one in DER.
///
/// # Errors
/// `NotACertificate`, and those of a file that cannot be read.
pub(crate) fn read_certificates(content: &Secret) -> Result<Vec<Vec<u8>>, KeyError> {
    KeyError::check_not_empty(content.expose())?;
    if let Some(der) = der::sequence(content.expose()) {
        return Ok(vec![der.to_vec()]);
    }
    let text = decode_text(content.expose());
    let text = std::str::from_utf8(&text).map_err(|_| binary(content.expose()))?;
    pem::read_certificates(text)
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
    } else if text.lines().any(|line| line.trim_end() == "kind: Secret") {
        ("a Kubernetes secret in YAML", Some("kubectl get secret NAME -o json"))
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

/// What a document is called that is not known.
pub(crate) const OTHER_JSON: &str = "JSON that is neither a JWK nor a JWK Set";

/// Reads a JWK or a set, which is a part of `content`. A set is read key by key: a name that one of its keys has twice
/// makes only that key unusable.
fn read_json(text: &str, content: &Secret, is_published: bool) -> Result<KeyFile, KeyError> {
    if let Ok(Shape { kty: None, keys: Some(keys) }) = serde_json::from_str(text) {
        return read_set(keys, content, is_published);
    }
    match Jwk::parse(text.as_bytes())? {
        jwk if jwk.has("kty") => Ok(KeyFile::One(ReadKey::new(jwk.read(true)?, Encoding::Jwk))),
        _ => Err(KeyError::unsupported(OTHER_JSON)),
    }
}

/// Reads the keys of a set. They are counted first, which takes no memory.
fn read_set(keys: &RawValue, content: &Secret, is_published: bool) -> Result<KeyFile, KeyError> {
    let not_an_array = |_| KeyError::damaged("JWK Set", "its \"keys\" is not an array");
    let count = serde_json::from_str::<Vec<IgnoredAny>>(keys.get()).map_err(not_an_array)?.len();
    check_count(count, is_published)?;
    let jwks: Vec<&RawValue> = serde_json::from_str(keys.get()).map_err(not_an_array)?;
    let jwks = jwks.into_iter().map(|jwk| content.share(jwk.get().as_bytes()));
    Ok(KeyFile::Set(KeySet::of_jwks(jwks, is_published)))
}

/// Reads keys by their `kid`.
fn read_map(keys: &[(String, Secret)], is_published: bool) -> Result<KeySet, KeyError> {
    check_count(keys.len(), is_published)?;
    let keys = keys.iter().map(|(kid, text)| {
        let params = JwkParams { kid: Some(kid.clone()), ..JwkParams::default() };
        (kid.clone(), read_entry(text, is_published).map(|key| key.with_params(&params)))
    });
    Ok(KeySet::by_kid(keys.collect()))
}

fn read_entry(text: &Secret, is_published: bool) -> Result<ReadKey, KeyError> {
    if !is_key_text(text.expose()) {
        return Err(KeyError::NotAKey);
    }
    let file = read(text, None, is_published)?;
    match if is_published { file.into_public()? } else { file } {
        KeyFile::One(one) => Ok(one),
        KeyFile::Set(set) => Err(not_one(&set)),
    }
}

fn not_one(set: &KeySet) -> KeyError {
    KeyError::NotOneKey { count: set.entries.len(), is_jwk_set: set.is_jwk_set() }
}
