//! Writes keys: PEM and DER (PKCS#8, SPKI), JWK (RFC 7517, RFC 9964), OpenSSH (PROTOCOL.key; RFC 4253 section 6.6, RFC 5656, RFC
//! 8709), text; and the input of thumbprints (RFC 7638). The output is wiped when dropped, since it may be a private
//! key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pkcs8::der::pem::{self, LineEnding};
use zeroize::Zeroizing;

use super::algorithm::KeyType;
use super::asn1::{
    ec_number, ec_pkcs8, ml_dsa_pkcs8, ml_dsa_seed, okp_pkcs8, okp_seed, pkcs8, spki,
};
use super::encrypt::{Protection, encrypt};
use super::error::KeyError;
use super::key::{Key, KeyMaterial};
use super::metadata::{Format, JwkParams};
use super::wire::{MAGIC, OPENSSH_LABEL, Writer, damaged, malformed, stripped};
use crate::characters::escaped;
use crate::json::{Value, quote};
use crate::secret::Secret;

/// Writes a key in a format. `public` is its public key (an EC point uncompressed), or empty for an HMAC secret. A JWK
/// has its parameters, and is on one line or indented by 2.
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
            in_pem(label, der.expose())
        }
        Format::Der => Ok(in_der(key, public)?.1),
        Format::Jwk => write_jwk(key, public, params, compact).map(|jwk| line(&jwk)),
        Format::OpenSsh => write_openssh(key, public),
        Format::Text => write_text(key),
    }
}

/// Writes a private key encrypted, in PEM or DER.
pub(crate) fn write_encrypted(
    key: &Key,
    public: &[u8],
    format: Format,
    protection: &Protection,
) -> Result<Secret, KeyError> {
    let encrypted = encrypt(&in_der(key, public)?.1, protection)?;
    match format {
        Format::Pem => in_pem("ENCRYPTED PRIVATE KEY", encrypted.expose()),
        _ => Ok(encrypted),
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
        KeyType::Ed25519 | KeyType::X25519 => {
            okp_pkcs8(key.key_type, okp_seed(private)?.expose(), None)?
        }
        KeyType::MlDsa(set) => ml_dsa_pkcs8(set, ml_dsa_seed(set, private)?.expose(), None)?,
        KeyType::Hmac => return Err(KeyError::NoPublicKey),
    };
    Ok(("PRIVATE KEY", der))
}

fn in_pem(label: &str, bytes: &[u8]) -> Result<Secret, KeyError> {
    let pem = pem::encode_string(label, LineEnding::LF, bytes);
    pem.map(|pem| Secret::new(pem.into_bytes())).map_err(|error| KeyError::damaged(label, error))
}

/// A secret as text that reads back as the same bytes.
fn write_text(key: &Key) -> Result<Secret, KeyError> {
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

/// A public key as a JWK on one line, without other members.
pub(crate) fn public_jwk(key_type: KeyType, public: &[u8]) -> Result<Value, KeyError> {
    let key = Key::new(key_type, KeyMaterial::Public(public.to_vec()));
    let jwk = write_jwk(&key, public, &JwkParams::default(), true)?;
    Value::parse(jwk.expose()).map_err(|error| KeyError::damaged("JWK", error))
}

/// Members by name, each value a JSON text.
type Members = Vec<(&'static str, Zeroizing<String>)>;

/// The input of a thumbprint: the required members in the order of their names, without white space (RFC 7638 section
/// 3).
pub(crate) fn thumbprint_input(key: &Key, public: &[u8]) -> Result<Secret, KeyError> {
    let mut required = public_members(key, public)?;
    required.push(("kty", string(kty(key.key_type))));
    required.extend(key.key_type.required_alg().map(|alg| ("alg", string(alg))));
    required.sort_by_key(|(name, _)| *name);
    Ok(object(&required, true))
}

/// Writes a key as a JWK: on one line, or indented by 2.
fn write_jwk(
    key: &Key,
    public: &[u8],
    params: &JwkParams,
    compact: bool,
) -> Result<Secret, KeyError> {
    let mut all = vec![("kty", string(kty(key.key_type)))];
    let JwkParams { kid, alg, key_use, key_ops } = params;
    let alg = alg.as_deref().or(key.key_type.required_alg());
    for (name, value) in [("kid", kid.as_deref()), ("use", key_use.as_deref()), ("alg", alg)] {
        all.extend(value.map(|value| (name, string(value))));
    }
    if let Some(ops) = key_ops {
        let ops: Vec<_> = ops.iter().map(|op| string(op).to_string()).collect();
        all.push(("key_ops", Zeroizing::new(format!("[{}]", ops.join(",")))));
    }
    all.extend(public_members(key, public)?);
    all.extend(private_members(key)?);
    Ok(object(&all, compact))
}

fn kty(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Hmac => "oct",
        KeyType::Rsa => "RSA",
        KeyType::Ec(_) => "EC",
        KeyType::Ed25519 | KeyType::X25519 => "OKP",
        KeyType::MlDsa(_) => "AKP",
    }
}

fn public_members(key: &Key, public: &[u8]) -> Result<Members, KeyError> {
    Ok(match key.key_type {
        KeyType::Hmac => vec![("k", encoded(key.private().map_or(&[], Secret::expose)))],
        KeyType::Rsa => {
            let key = pkcs1::RsaPublicKeyRef::try_from(public).map_err(undecodable)?;
            vec![
                ("n", encoded(stripped(key.modulus.as_bytes()))),
                ("e", encoded(stripped(key.public_exponent.as_bytes()))),
            ]
        }
        KeyType::Ec(curve) => {
            let coordinates = public.get(1..).unwrap_or_default();
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            vec![("crv", string(curve.name())), ("x", encoded(x)), ("y", encoded(y))]
        }
        KeyType::Ed25519 => vec![("crv", string("Ed25519")), ("x", encoded(public))],
        KeyType::X25519 => vec![("crv", string("X25519")), ("x", encoded(public))],
        KeyType::MlDsa(_) => vec![("pub", encoded(public))],
    })
}

fn private_members(key: &Key) -> Result<Members, KeyError> {
    let Some(private) = key.private() else { return Ok(Vec::new()) };
    Ok(match key.key_type {
        KeyType::Hmac => Vec::new(),
        KeyType::Rsa => {
            let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).map_err(undecodable)?;
            [
                ("d", key.private_exponent),
                ("p", key.prime1),
                ("q", key.prime2),
                ("dp", key.exponent1),
                ("dq", key.exponent2),
                ("qi", key.coefficient),
            ]
            .map(|(name, number)| (name, encoded(stripped(number.as_bytes()))))
            .into()
        }
        KeyType::Ec(curve) => {
            let number = ec_number(private)?;
            vec![("d", encoded(&curve.padded(stripped(number.expose()))))]
        }
        KeyType::Ed25519 | KeyType::X25519 => {
            vec![("d", encoded(okp_seed(private)?.expose()))]
        }
        KeyType::MlDsa(set) => vec![("priv", encoded(ml_dsa_seed(set, private)?.expose()))],
    })
}

fn undecodable(error: pkcs1::Error) -> KeyError {
    KeyError::damaged("PKCS#1", error)
}

/// A string in ASCII, so that no character on a terminal or in a file is invisible.
fn string(value: &str) -> Zeroizing<String> {
    let in_ascii = |c: char| if c.is_ascii() { c.to_string() } else { escaped(c) };
    Zeroizing::new(quote(value).chars().map(in_ascii).collect())
}

fn encoded(bytes: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
    Zeroizing::new(format!("\"{}\"", *encoded))
}

/// An object of members whose values are JSON texts, in a buffer that never moves.
fn object(members: &Members, compact: bool) -> Secret {
    let (open, separator, colon, close) =
        if compact { ("{", ",", ":", "}") } else { ("{\n  ", ",\n  ", ": ", "\n}") };
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
    let mut out = Vec::with_capacity(length + 8);
    for (i, (name, value)) in members.iter().enumerate() {
        let start = if i == 0 { open } else { separator };
        for piece in [start, "\"", name, "\"", colon, value.as_str()] {
            out.extend_from_slice(piece.as_bytes());
        }
    }
    out.extend_from_slice(close.as_bytes());
    Secret::new(out)
}

fn write_openssh(key: &Key, public: &[u8]) -> Result<Secret, KeyError> {
    let name = ssh_name(key.key_type).ok_or(KeyError::NoPublicKey)?;
    let blob = ssh_blob(key.key_type, public).ok_or_else(malformed)?;
    let Some(private) = key.private() else {
        return Ok(Secret::new(format!("{name} {}\n", STANDARD.encode(&blob)).into_bytes()));
    };
    let section = section(&name, key, public, private)?;
    let mut container = Writer::new();
    container.bytes(MAGIC).field(b"none").field(b"none").field(b"").number(1);
    container.field(&blob).field(&section.0);
    in_pem(OPENSSH_LABEL, &container.0)
}

/// The name of a type of key in OpenSSH; `None` for one that it does not have.
fn ssh_name(key_type: KeyType) -> Option<String> {
    match key_type {
        KeyType::Rsa => Some("ssh-rsa".to_owned()),
        KeyType::Ed25519 => Some("ssh-ed25519".to_owned()),
        KeyType::Ec(curve) => Some(format!("ecdsa-sha2-{}", curve.ssh_name()?)),
        KeyType::Hmac | KeyType::X25519 | KeyType::MlDsa(_) => None,
    }
}

/// A public key in OpenSSH's binary form (RFC 4253 section 6.6); `None` for a type that OpenSSH does not have.
pub(crate) fn ssh_blob(key_type: KeyType, public: &[u8]) -> Option<Vec<u8>> {
    let mut blob = Writer::new();
    blob.field(ssh_name(key_type)?.as_bytes());
    write_public(&mut blob, key_type, public).ok()?;
    Some(blob.0.to_vec())
}

/// The fields of a public key after its type.
fn write_public(writer: &mut Writer, key_type: KeyType, public: &[u8]) -> Result<(), KeyError> {
    match key_type {
        KeyType::Rsa => {
            let key = pkcs1::RsaPublicKeyRef::try_from(public).map_err(damaged)?;
            writer.large(key.public_exponent.as_bytes()).large(key.modulus.as_bytes());
        }
        KeyType::Ec(curve) => {
            writer.field(curve.ssh_name().unwrap_or_default().as_bytes()).field(public);
        }
        _ => {
            writer.field(public);
        }
    }
    Ok(())
}

/// The private section. Its check numbers reveal a wrong password; without a password they may be zero.
fn section(name: &str, key: &Key, public: &[u8], private: &Secret) -> Result<Writer, KeyError> {
    let mut writer = Writer::new();
    writer.number(0).number(0).field(name.as_bytes());
    match key.key_type {
        KeyType::Rsa => {
            let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).map_err(damaged)?;
            let inverse = key.coefficient;
            let numbers = [key.modulus, key.public_exponent, key.private_exponent, inverse];
            for number in numbers.into_iter().chain([key.prime1, key.prime2]) {
                writer.large(number.as_bytes());
            }
        }
        KeyType::Ec(_) => {
            write_public(&mut writer, key.key_type, public)?;
            writer.large(ec_number(private)?.expose());
        }
        _ => {
            let seed = okp_seed(private)?;
            let both = Zeroizing::new([seed.expose(), public].concat());
            writer.field(public).field(&both);
        }
    }
    writer.field(b"");
    for count in 1.. {
        if writer.0.len().is_multiple_of(8) {
            break;
        }
        writer.bytes(&[count]);
    }
    Ok(writer)
}
