//! Keys written down: PEM (PKCS#8, SPKI), DER of the same, JWK, OpenSSH, text. What is written is wiped when dropped,
//! since it may be a private key.

mod jwk;
mod openssh;

use pkcs8::der::pem::{self, LineEnding};

pub(crate) use jwk::thumbprint_input;

use super::algorithm::KeyType;
use super::asn1::{ec_number, ec_pkcs8, ed25519_pkcs8, ed25519_seed, pkcs8, spki};
use super::error::KeyError;
use super::format::Format;
use super::key::Key;
use super::params::JwkParams;
use crate::secret::Secret;

/// Writes a key in a format; `public` is its public key, a point uncompressed, and empty for an HMAC secret. As a JWK
/// it has the parameters, on one line or indented by 2.
///
/// # Errors
/// `NoSuchFormat`, `NotALine`, and those of a key that does not decode.
pub fn write_key(
    key: &Key,
    public: &[u8],
    format: Format,
    params: &JwkParams,
    compact: bool,
) -> Result<Secret, KeyError> {
    let formats = Format::of(key.key_type);
    if !formats.contains(&format) {
        return Err(KeyError::NoSuchFormat { key: key.to_string(), format, formats });
    }
    match format {
        Format::Pem => {
            let (label, der) = in_der(key, public)?;
            let pem = pem::encode_string(label, LineEnding::LF, der.expose());
            pem.map(|pem| Secret::new(pem.into_bytes()))
                .map_err(|error| KeyError::damaged(label, error))
        }
        Format::Der => Ok(in_der(key, public)?.1),
        Format::Jwk => jwk::write(key, public, params, compact).map(|jwk| line(&jwk)),
        Format::OpenSsh => openssh::write(key, public),
        Format::Text => text(key),
    }
}

/// Writes a JWK Set of public keys, each of which is a JWK on one line.
pub(crate) fn write_set(jwks: &[Secret], compact: bool) -> Secret {
    let (open, separator, close) = if compact || jwks.is_empty() {
        ("{\"keys\":[", ",", "]}\n")
    } else {
        ("{\n  \"keys\": [\n    ", ",\n    ", "\n  ]\n}\n")
    };
    let jwks: Vec<_> = jwks.iter().map(|jwk| jwk.expose().trim_ascii_end()).collect();
    Secret::new([open.as_bytes(), &jwks.join(separator.as_bytes()), close.as_bytes()].concat())
}

/// The DER of a key, and its label in PEM.
fn in_der(key: &Key, public: &[u8]) -> Result<(&'static str, Secret), KeyError> {
    let Some(private) = key.private() else {
        return Ok(("PUBLIC KEY", Secret::new(spki(key.key_type, public)?)));
    };
    let der = match key.key_type {
        KeyType::Rsa => pkcs8(KeyType::Rsa, private, None)?,
        KeyType::Ec(curve) => ec_pkcs8(curve, ec_number(private)?.expose(), Some(public))?,
        // Without the public key, which older readers of PKCS#8 do not accept.
        KeyType::Ed25519 => ed25519_pkcs8(ed25519_seed(private)?.expose(), None)?,
        KeyType::Hmac => return Err(KeyError::NoPublicKey),
    };
    Ok(("PRIVATE KEY", der))
}

/// A secret as text that reads back as the same bytes.
fn text(key: &Key) -> Result<Secret, KeyError> {
    let secret = key.private().ok_or(KeyError::NotALine)?;
    let is_line = |text: &str| !text.contains(|c: char| c.is_control());
    if !std::str::from_utf8(secret.expose()).is_ok_and(is_line) {
        return Err(KeyError::NotALine);
    }
    Ok(line(secret))
}

fn line(text: &Secret) -> Secret {
    let mut out = Vec::with_capacity(text.expose().len() + 1);
    out.extend_from_slice(text.expose());
    out.push(b'\n');
    Secret::new(out)
}
