//! Keys as JWKs, and the input of their thumbprints (RFC 7517, RFC 7518 section 6, RFC 7638).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::json::quote;
use crate::keys::asn1::{ec_number, ed25519_seed};
use crate::keys::bytes::stripped;
use crate::keys::{JwkParams, Key, KeyError, KeyType};
use crate::secret::Secret;

/// Members by name, each value a JSON text.
type Members = Vec<(&'static str, Zeroizing<String>)>;

/// What a thumbprint is the digest of: the required members in the order of their names, without white
/// space (RFC 7638 section 3).
pub(crate) fn thumbprint_input(key: &Key, public: &[u8]) -> Result<Secret, KeyError> {
    let mut required = public_members(key, public)?;
    required.push(("kty", text(kty(key.key_type))));
    required.sort_by_key(|(name, _)| *name);
    Ok(object(&required, true))
}

/// Writes a key as a JWK: on one line, or indented by 2.
pub(super) fn write(
    key: &Key,
    public: &[u8],
    params: &JwkParams,
    compact: bool,
) -> Result<Secret, KeyError> {
    let mut all = vec![("kty", text(kty(key.key_type)))];
    let JwkParams { kid, alg, key_use, key_ops } = params;
    for (name, value) in [("kid", kid), ("use", key_use), ("alg", alg)] {
        all.extend(value.as_ref().map(|value| (name, text(value))));
    }
    if let Some(ops) = key_ops {
        let ops: Vec<_> = ops.iter().map(|op| text(op).to_string()).collect();
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
        KeyType::Ed25519 => "OKP",
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
            vec![("crv", text(curve.name())), ("x", encoded(x)), ("y", encoded(y))]
        }
        KeyType::Ed25519 => vec![("crv", text("Ed25519")), ("x", encoded(public))],
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
        KeyType::Ed25519 => vec![("d", encoded(ed25519_seed(private)?.expose()))],
    })
}

fn undecodable(error: pkcs1::Error) -> KeyError {
    KeyError::damaged("PKCS#1", error)
}

/// A string in ASCII, so that no character on a terminal or in a file is invisible.
fn text(value: &str) -> Zeroizing<String> {
    let mut out = String::with_capacity(value.len() + 2);
    for c in quote(value).chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Zeroizing::new(out)
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
