//! Key files in PEM (RFC 7468): PKCS#8, PKCS#1 and SPKI, of RSA, EC and Ed25519.
//! What is recognised and not read is named, with the call that converts it.

use std::fmt;

use pkcs1::{RsaPrivateKey, RsaPublicKey};
use pkcs8::PrivateKeyInfo;
use pkcs8::der::asn1::ObjectIdentifier;
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::blocks::{Block, read_blocks};
use super::{Curve, Half, Key, KeyError, Kind, RSA_BITS};
use crate::secret::Secret;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const CURVES: [(ObjectIdentifier, Curve); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), Curve::Secp256k1),
];

/// Keys that are known by name and serve no JWS algorithm here.
const OTHERS: [(&str, &str); 6] = [
    ("1.3.101.110", "an X25519 key, which agrees on keys and cannot sign"),
    ("1.3.101.111", "an X448 key, which agrees on keys and cannot sign"),
    ("1.3.101.113", "an Ed448 key"),
    ("1.2.840.113549.1.1.10", "an RSA key restricted to PSS"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.2.840.113549.1.3.1", "a Diffie-Hellman key, which cannot sign"),
];

/// Whether there is a PEM block in a text, anywhere.
///
/// (The standard library's search is on purpose: a search that first asks the processor what it can
/// do costs a virtual machine more than the rest of the start.)
fn holds_pem(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN ";
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

/// Reads the one key of a file's content.
///
/// # Errors
/// [`KeyError`]: whatever keeps the content from being one usable key.
pub fn read_key(content: &Secret) -> Result<Key, KeyError> {
    let bytes = content.expose();
    if bytes.trim_ascii().is_empty() {
        return Err(KeyError::Empty);
    }
    if !holds_pem(bytes) {
        return Err(not_pem(bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("PEM", "it is not UTF-8 text"))?;
    let blocks = read_blocks(text).map_err(|reason| damaged("PEM", reason))?;
    let keys: Vec<&Block> = blocks.iter().filter(|block| !is_parameters(&block.label)).collect();
    match keys[..] {
        [block] => read(block),
        [] => Err(unsupported(&blocks[0].label)),
        _ => Err(KeyError::Several { labels: keys.iter().map(|k| k.label.clone()).collect() }),
    }
}

fn is_parameters(label: &str) -> bool {
    label.ends_with("PARAMETERS")
}

fn damaged(label: &str, reason: impl fmt::Display) -> KeyError {
    KeyError::Damaged { label: label.to_owned(), reason: reason.to_string() }
}

fn read(block: &Block) -> Result<Key, KeyError> {
    let (label, der) = (block.label.as_str(), block.der.expose());
    match label {
        "RSA PRIVATE KEY" if block.encrypted => Err(unsupported("ENCRYPTED PRIVATE KEY")),
        "RSA PRIVATE KEY" => rsa_private(label, der),
        "RSA PUBLIC KEY" => rsa_public(label, der),
        "PRIVATE KEY" => {
            let info = PrivateKeyInfo::try_from(der).map_err(|error| damaged(label, error))?;
            match kind_of(&info.algorithm)? {
                None => rsa_private(label, info.private_key),
                Some(kind) => Ok(Key { kind, half: Half::Private(block.der.clone()) }),
            }
        }
        "PUBLIC KEY" => {
            let info =
                SubjectPublicKeyInfoRef::try_from(der).map_err(|error| damaged(label, error))?;
            let public = info.subject_public_key.raw_bytes();
            match kind_of(&info.algorithm)? {
                None => rsa_public(label, public),
                Some(kind) => Ok(Key { kind, half: Half::Public(public.to_vec()) }),
            }
        }
        other => Err(unsupported(other)),
    }
}

fn rsa_private(label: &str, der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPrivateKey::try_from(der).map_err(|error| damaged(label, error))?;
    let kind = rsa_kind(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key { kind, half: Half::Private(Secret::new(der.to_vec())) })
}

fn rsa_public(label: &str, der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPublicKey::try_from(der).map_err(|error| damaged(label, error))?;
    let kind = rsa_kind(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key { kind, half: Half::Public(der.to_vec()) })
}

/// What an algorithm identifier stands for; `None` for RSA, whose size is in the key itself.
fn kind_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<Kind>, KeyError> {
    match algorithm.oid {
        RSA => Ok(None),
        ED25519 => Ok(Some(Kind::Ed25519)),
        EC => {
            let curve = algorithm.parameters_oid().map_err(|_| KeyError::Unsupported {
                found: "an EC key with its curve spelled out in place of its name".to_owned(),
                remedy: Some("openssl pkey -in KEY -ec_param_enc named_curve"),
            })?;
            let known = CURVES.iter().find(|(oid, _)| *oid == curve);
            let (_, curve) = known.ok_or_else(|| KeyError::Unsupported {
                found: format!("an EC key on the curve {curve}"),
                remedy: None,
            })?;
            Ok(Some(Kind::Ec(*curve)))
        }
        other => {
            let name = OTHERS.iter().find(|(oid, _)| *oid == other.to_string());
            let found = name.map_or_else(|| format!("a key of type {other}"), |(_, n)| (*n).into());
            Err(KeyError::Unsupported { found, remedy: None })
        }
    }
}

fn rsa_kind(modulus: &[u8], exponent: &[u8]) -> Result<Kind, KeyError> {
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    if !RSA_BITS.contains(&bits) {
        return Err(KeyError::RsaSize { bits });
    }
    if exponent == [1] || exponent.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(KeyError::RsaExponent);
    }
    Ok(Kind::Rsa { bits })
}

fn unsupported(label: &str) -> KeyError {
    let (found, remedy) = match label {
        "ENCRYPTED PRIVATE KEY" => {
            ("an encrypted private key", Some("openssl pkey -in KEY -out plain.pem"))
        }
        "EC PRIVATE KEY" => (
            "an EC private key in SEC 1 form",
            Some("openssl pkcs8 -topk8 -nocrypt -in KEY -out pkcs8.pem"),
        ),
        "DSA PRIVATE KEY" => ("a DSA key", None),
        "OPENSSH PRIVATE KEY" => (
            "an OpenSSH private key",
            Some(
                "ssh-keygen -p -m PKCS8 -f COPY_OF_KEY; Ed25519 needs a new key: openssl genpkey -algorithm ed25519",
            ),
        ),
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
            ("a certificate", Some("openssl x509 -in CERTIFICATE -noout -pubkey"))
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            ("a certificate request", Some("openssl req -in REQUEST -noout -pubkey"))
        }
        "?" => ("a PEM block of an unknown label", None),
        other if is_parameters(other) => ("parameters without a key", None),
        _ => {
            return KeyError::Unsupported {
                found: format!("a PEM block labelled {label}"),
                remedy: None,
            };
        }
    };
    KeyError::Unsupported { found: found.to_owned(), remedy }
}

fn not_pem(bytes: &[u8]) -> KeyError {
    let start = bytes.trim_ascii_start();
    let ssh = ["ssh-", "ecdsa-sha2-"].iter().any(|prefix| start.starts_with(prefix.as_bytes()));
    let (found, remedy) = if start.first() == Some(&b'{') {
        ("JSON, perhaps a JSON Web Key; PEM is what is read", None)
    } else if ssh {
        (
            "an OpenSSH public key",
            Some(
                "ssh-keygen -e -m PKCS8 -f KEY; Ed25519 needs a new key: openssl genpkey -algorithm ed25519",
            ),
        )
    } else if bytes.first() == Some(&0x30) {
        (
            "DER",
            Some("openssl pkey -inform DER -in KEY -out key.pem (with -pubin for a public key)"),
        )
    } else {
        return KeyError::NotAKey;
    };
    KeyError::Unsupported { found: found.to_owned(), remedy }
}
