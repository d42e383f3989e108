//! Keys written down: PEM (PKCS#8, SPKI), DER of the same, JWK, OpenSSH, text. What is written is wiped
//! when dropped, since it may be a private key.

use pkcs8::der::pem::{self, LineEnding};

use crate::keys::read::jwk::{self, JwkParams};
use crate::keys::read::{der, openssh};
use crate::keys::{Curve, Halves, KeyError, KeyType};
use crate::secret::Secret;

/// A format that a key is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PKCS#8 or SPKI in PEM.
    Pem,
    /// A JSON Web Key.
    Jwk,
    /// PKCS#8 or SPKI as they are.
    Der,
    /// OpenSSH's own.
    OpenSsh,
    /// An HMAC secret that is text, as that text.
    Text,
}

impl Format {
    /// All of them, in the order they are listed to users.
    pub const ALL: [Self; 5] = [Self::Pem, Self::Jwk, Self::Der, Self::OpenSsh, Self::Text];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Jwk => "jwk",
            Self::Der => "der",
            Self::OpenSsh => "openssh",
            Self::Text => "text",
        }
    }

    /// The formats that a kind of key has, the usual one first.
    #[must_use]
    pub fn of(kind: KeyType) -> &'static [Self] {
        match kind {
            KeyType::Hmac => &[Self::Text, Self::Jwk],
            KeyType::Ec(Curve::Secp256k1) => &[Self::Pem, Self::Jwk, Self::Der],
            _ => &[Self::Pem, Self::Jwk, Self::Der, Self::OpenSsh],
        }
    }
}

/// Writes a key; text ends in a newline. `params` are what a JWK says of it, `compact` puts that on one
/// line.
///
/// # Errors
/// `NoSuchFormat`, `NotALine` for a secret that is not text, and those of a key that does not decode.
pub fn write_key(
    halves: &Halves<'_>,
    format: Format,
    params: &JwkParams,
    compact: bool,
) -> Result<Secret, KeyError> {
    let formats = Format::of(halves.key_type);
    if !formats.contains(&format) {
        let key = crate::keys::key_type::described(halves.key_type, halves.private.is_some());
        return Err(KeyError::NoSuchFormat { key, format, formats });
    }
    match format {
        Format::Pem => in_pem(halves),
        Format::Der => Ok(in_der(halves)?.1),
        Format::Jwk => jwk::write(halves, params, compact).map(|jwk| line(&jwk)),
        Format::OpenSsh => openssh::write(halves),
        Format::Text => text(halves.private),
    }
}

/// Writes a JWK Set of keys that are each a JWK on one line.
#[must_use]
pub fn write_set(jwks: &[Secret], compact: bool) -> Secret {
    let (open, separator, close) = if compact || jwks.is_empty() {
        (&b"{\"keys\":["[..], &b","[..], &b"]}\n"[..])
    } else {
        (&b"{\n  \"keys\": [\n    "[..], &b",\n    "[..], &b"\n  ]\n}\n"[..])
    };
    let mut out =
        Vec::with_capacity(jwks.iter().map(|jwk| jwk.expose().len() + 8).sum::<usize>() + 32);
    out.extend_from_slice(open);
    for (i, jwk) in jwks.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"" } else { separator });
        out.extend_from_slice(jwk.expose().trim_ascii_end());
    }
    out.extend_from_slice(close);
    Secret::new(out)
}

fn in_der(halves: &Halves<'_>) -> Result<(&'static str, Secret), KeyError> {
    let Some(private) = halves.private else {
        return Ok(("PUBLIC KEY", Secret::new(der::public_info(halves.key_type, halves.public)?)));
    };
    let der = match halves.key_type {
        KeyType::Rsa { .. } => der::rsa_pkcs8(private.expose())?,
        KeyType::Ec(curve) => {
            let sec1 = der::ec_private(der::ec_number(private)?.expose(), Some(halves.public))?;
            der::ec_pkcs8(curve, sec1.expose())?
        }
        // Without the public half, which older readers of PKCS#8 do not take.
        KeyType::Ed25519 => der::ed25519_pkcs8(der::ed25519_seed(private)?.expose(), None)?,
        KeyType::Hmac => return Err(KeyError::NoPublicHalf),
    };
    Ok(("PRIVATE KEY", der))
}

fn in_pem(halves: &Halves<'_>) -> Result<Secret, KeyError> {
    let (label, der) = in_der(halves)?;
    let pem = pem::encode_string(label, LineEnding::LF, der.expose());
    pem.map(|pem| Secret::new(pem.into_bytes()))
        .map_err(|error| KeyError::damaged(label, error.to_string()))
}

/// A secret as text that reads back as the same bytes.
fn text(secret: Option<&Secret>) -> Result<Secret, KeyError> {
    let secret = secret.ok_or(KeyError::NotALine)?;
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
