//! Key files in PEM (RFC 7468). What a block holds is told by its content; its label says what was meant if
//! the content does not decode.

use pkcs8::ObjectIdentifier;
use pkcs8::der::Decode as _;

use super::bundle::{is_parameters, keys_among, several};
use super::der::{self, DH_PARAMETERS, Structure};
use super::openssh;
use super::pem_blocks::{Block, read_blocks};
use crate::keys::{Encoding, Key, KeyError, KeyFile, KeySet, ReadKey};
use crate::secret::Secret;

/// Whether there is a PEM block anywhere in a text.
///
/// (The standard library's search is used on purpose: a search that first asks the processor what it can do costs a
/// virtual machine more than the rest of the start.)
pub(crate) fn holds_pem(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN ";
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

/// Reads the key or keys of a text. The curve of a SEC 1 key may be named in a block of its own.
pub(super) fn read(text: &str, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    if text.contains("-----BEGIN PGP ") {
        return Err(unsupported("PGP KEY"));
    }
    let blocks = read_blocks(text).map_err(|reason| KeyError::damaged("PEM", reason))?;
    let mut parameters = blocks.iter().filter(|block| is_parameters(&block.label));
    let curve = parameters.find_map(|block| ObjectIdentifier::from_der(block.der.expose()).ok());
    match &keys_among(&blocks)?[..] {
        [] => Err(unsupported(&blocks[0].label)),
        [block] => read_block(block, password, curve).map(KeyFile::One),
        keys => read_several(keys, password, curve).map(KeyFile::Set),
    }
}

/// Reads the keys of a text that holds several. One of them may be encrypted: there is one password.
fn read_several(
    blocks: &[&Block],
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
) -> Result<KeySet, KeyError> {
    let mut keys: Vec<_> = blocks.iter().map(|block| read_block(block, None, curve)).collect();
    let is_encrypted = |i: &usize| matches!(keys[*i], Err(KeyError::Encrypted));
    match (0..keys.len()).filter(is_encrypted).collect::<Vec<_>>()[..] {
        [] => {}
        [i] => keys[i] = Ok(read_block(blocks[i], password, curve)?),
        _ => return Err(several(blocks)),
    }
    Ok(KeySet::of_read_keys(keys))
}

fn read_block(
    block: &Block,
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
) -> Result<ReadKey, KeyError> {
    let label = block.label.as_str();
    if label == openssh::LABEL {
        return openssh::read_private(block.der.expose(), password);
    }
    if block.encrypted {
        return Err(unsupported("ENCRYPTED BY ITS HEADERS"));
    }
    let structure = der::structure_of(block.der.expose()).ok().or(structure_of(label));
    let structure = structure.ok_or_else(|| unsupported(label))?;
    der::read(structure, &block.der, password, curve, Encoding::Pem).map_err(|error| match error {
        KeyError::Damaged { reason, .. } => KeyError::damaged(label, reason),
        other => other,
    })
}

/// Every key of a text that is read without a password, with the label of its block: what a file holds beside
/// the key that is meant.
pub(crate) fn keys_of_blocks(content: &Secret) -> Vec<(String, Key)> {
    let text = std::str::from_utf8(content.expose()).unwrap_or_default();
    let blocks = if holds_pem(text.as_bytes()) { read_blocks(text) } else { Ok(Vec::new()) };
    let key = |block: Block| {
        let structure = der::structure_of(block.der.expose()).ok()?;
        let read = der::read(structure, &block.der, None, None, Encoding::Pem).ok()?;
        Some((block.label, read.key))
    };
    blocks.unwrap_or_default().into_iter().filter_map(key).collect()
}

/// The structure that a label announces.
fn structure_of(label: &str) -> Option<Structure> {
    Some(match label {
        "PRIVATE KEY" => Structure::Pkcs8,
        "ENCRYPTED PRIVATE KEY" => Structure::EncryptedPkcs8,
        "RSA PRIVATE KEY" => Structure::Pkcs1Private,
        "RSA PUBLIC KEY" => Structure::Pkcs1Public,
        "EC PRIVATE KEY" => Structure::Sec1,
        "PUBLIC KEY" => Structure::Spki,
        "CERTIFICATE" | "X509 CERTIFICATE" => Structure::Certificate,
        _ => return None,
    })
}

fn unsupported(label: &str) -> KeyError {
    let (found, remedy) = match label {
        "ENCRYPTED BY ITS HEADERS" => (
            "a private key encrypted by PEM headers (RFC 1421), which is obsolete",
            Some("openssl pkcs8 -topk8 -in KEY -out new.pem"),
        ),
        "DSA PRIVATE KEY" => ("a DSA key", None),
        "TRUSTED CERTIFICATE" => {
            ("a trusted certificate of OpenSSL", Some("openssl x509 -in FILE -out cert.pem"))
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            ("a certificate request", Some("openssl req -in REQUEST -noout -pubkey"))
        }
        "X509 CRL" => ("a certificate revocation list", None),
        "PKCS7" | "CMS" => (
            "certificates in PKCS#7",
            Some("openssl pkcs7 -in FILE -print_certs -out certificates.pem"),
        ),
        "?" => ("a PEM block with an unknown label", None),
        other if other.ends_with("DH PARAMETERS") => (DH_PARAMETERS, None),
        "DSA PARAMETERS" => ("DSA parameters, not a key", None),
        "EC PARAMETERS" => ("EC parameters without a key", None),
        other if is_parameters(other) => ("parameters without a key", None),
        other if other.starts_with("PGP ") => ("a PGP key, which JWTs do not use", None),
        _ => return KeyError::unsupported(format!("a PEM block labelled {label}"), None),
    };
    KeyError::unsupported(found, remedy)
}
