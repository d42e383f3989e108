//! What a key file is, by its content and never by its name: PEM, DER, OpenSSH, JWK, JWK Set, or the
//! base64 of one of them. What is known and not read is named.

mod bundle;
pub(crate) mod certificate;
pub(crate) mod der;
pub(crate) mod jwk;
pub(crate) mod openssh;
pub(crate) mod pem;
mod pem_blocks;
pub(crate) mod secret;

use base64::engine::general_purpose::STANDARD;

use crate::keys::KeyError;
use crate::keys::bytes::{decode, without_white_space};
use crate::keys::file::{Encoding, KeyFile, Keys};
use crate::keys::read::jwk::{Jwk, Missing};
use crate::keys::set;
use crate::secret::Secret;
use crate::text::decode as decode_text;

/// Reads the key or keys of a file's content.
///
/// # Errors
/// [`KeyError`]: whatever keeps the content from being keys; `Encrypted` if a password is wanted and
/// none is given.
pub fn read_keys(content: &Secret, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    let bytes = content.expose();
    if let Some(error) = KeyError::of_nothing(bytes) {
        return Err(error);
    }
    if let Some(der) = der::sequence(bytes) {
        return read_der(der, password);
    }
    let text = decode_text(bytes);
    match std::str::from_utf8(&text) {
        Ok(text) => read_text(text, password),
        Err(_) if pem::holds_pem(&text) => Err(KeyError::damaged("PEM", "it is not UTF-8 text")),
        Err(_) => Err(binary(bytes)),
    }
}

fn read_der(der: &[u8], password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    let (structure, read) = der::read_any(der, password)?;
    Ok(KeyFile::from_der(structure, read, Encoding::Der))
}

fn read_text(text: &str, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    let text = unquoted(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(KeyError::Empty);
    }
    if start.starts_with('{') {
        return read_json(text);
    }
    if pem::holds_pem(text.as_bytes()) {
        return pem::read(text, password);
    }
    if let Some(lines) = openssh::public_lines(text) {
        return openssh::read_public(&lines);
    }
    if let Some(inner) = decode(&STANDARD, &without_white_space(text.as_bytes())) {
        let read = match der::sequence(&inner) {
            Some(der) => Some(read_der(der, password)),
            None if pem::holds_pem(&inner) => {
                std::str::from_utf8(&inner).ok().map(|text| pem::read(text, password))
            }
            None => None,
        };
        return read.unwrap_or(Err(KeyError::NotAKey));
    }
    Err(other_text(start))
}

/// The text without one pair of quotes around it, which files of variables leave there.
fn unquoted(text: &str) -> &str {
    let inner = |quote| text.trim().strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or(inner('\'')).unwrap_or(text)
}

fn read_json(text: &str) -> Result<KeyFile, KeyError> {
    let jwk = Jwk::parse(text);
    match &jwk {
        Ok(jwk) if jwk.has("kty") => {
            return Ok(KeyFile::plain(jwk.read(Missing::Computed)?, Encoding::Jwk));
        }
        Ok(jwk) if jwk.has("keys") => {}
        Ok(jwk) if jwk.has("private_key") => {
            return Err(KeyError::unsupported(
                "JSON with a private key inside, such as a service account's",
                Some("jq -r .private_key FILE | jwtctl … --key -"),
            ));
        }
        Ok(_) => return Err(KeyError::unsupported("JSON that is no JWK and no JWK Set", None)),
        // A set is read key by key: a name that is there twice in one key spoils that one alone.
        Err(_) => {}
    }
    match (set::read(text), jwk) {
        (Ok(set), _) => Ok(KeyFile {
            keys: Keys::Set(set),
            encoding: Encoding::JwkSet,
            was_encrypted: false,
            certificate: None,
        }),
        (Err(error @ KeyError::TooMany { .. }), _) | (Err(_), Err(error)) | (Err(error), Ok(_)) => {
            Err(error)
        }
    }
}

/// What text that is no key is, where it is known.
fn other_text(text: &str) -> KeyError {
    let begins = |mark: &str| text.starts_with(mark);
    if begins("---- BEGIN SSH2") {
        KeyError::unsupported(
            "a public key in SSH's own form (RFC 4716)",
            Some("ssh-keygen -i -f FILE"),
        )
    } else if begins("PuTTY-User-Key-File") {
        let remedy = "puttygen FILE -O private-openssh-new -o key";
        KeyError::unsupported("a key of PuTTY", Some(remedy))
    } else if begins("[") && text.contains("\"kty\"") {
        let remedy = "jq '{keys: .}' FILE";
        KeyError::unsupported(
            "an array of JWKs; a JWK Set is an object with \"keys\"",
            Some(remedy),
        )
    } else if begins("<") {
        KeyError::unsupported("XML or HTML", None)
    } else if begins("AGE-SECRET-KEY-") || begins("age1") {
        KeyError::unsupported("a key of age, which cannot sign", None)
    } else {
        KeyError::NotAKey
    }
}

/// What binary content is, where it is known.
fn binary(bytes: &[u8]) -> KeyError {
    let keystore = "keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype pkcs12, \
                    then openssl pkcs12 -in new.p12 -nodes -nocerts -out key.pem";
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => {
            KeyError::unsupported("a Java keystore", Some(keystore))
        }
        [0x30, 0x80..=0x84, ..] => KeyError::damaged("DER", "it does not end where it says"),
        _ => KeyError::NotAKey,
    }
}
