//! Key files in PEM (RFC 7468): their blocks, and which of them have the keys that sign tokens. A block is recognised
//! by its content; its label is used if the content does not decode.
//!
//! No library reads the blocks: those that accept lenient PEM repeat lines of the key in their errors and leave its
//! base64 in memory. Here a block is decoded into a buffer that is wiped, and an error has a position, never the text.

use std::collections::HashSet;

use base64::engine::general_purpose::STANDARD;
use pkcs8::ObjectIdentifier;
use pkcs8::der::Decode as _;
use zeroize::Zeroizing;

use super::der::{self, DH_PARAMETERS, Structure};
use super::openssh;
use crate::keys::certificate::X509;
use crate::keys::error::plain;
use crate::keys::key::MOST_KEYS;
use crate::keys::wire::{OPENSSH_LABEL, decode};
use crate::keys::{Encoding, Key, KeyError, KeyFile, KeySet, ReadKey};
use crate::secret::Secret;

/// Whether there is a PEM block anywhere in a text.
///
/// (This must be the standard library's search: detecting the processor's features for a faster one takes longer than
/// the rest of the start in a virtual machine.)
pub(crate) fn holds_pem(bytes: &[u8]) -> bool {
    bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes())
}

/// Reads the key or keys of a text. A separate block may name the curve of a SEC 1 key.
pub(super) fn read(text: &str, password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    if text.contains("-----BEGIN PGP ") {
        return Err(unsupported("PGP KEY"));
    }
    let blocks = read_blocks(text).map_err(|reason| KeyError::damaged("PEM", reason))?;
    let mut parameters = blocks.iter().filter(|block| is_parameters(&block.label));
    let curve = parameters.find_map(|block| ObjectIdentifier::from_der(block.der.expose()).ok());
    match &keys_among(&blocks)?[..] {
        [] => Err(unsupported(&blocks[0].label)),
        [block] => read_key(block, password, curve).map(KeyFile::One),
        keys => read_several(keys, password, curve).map(KeyFile::Set),
    }
}

/// Reads the keys of a text that holds several. One of them may be encrypted: there is one password.
fn read_several(
    blocks: &[&Block],
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
) -> Result<KeySet, KeyError> {
    let mut keys: Vec<_> = blocks.iter().map(|block| read_key(block, None, curve)).collect();
    let is_encrypted = |i: &usize| matches!(keys[*i], Err(KeyError::Encrypted));
    match (0..keys.len()).filter(is_encrypted).collect::<Vec<_>>()[..] {
        [] => {}
        [i] => keys[i] = Ok(read_key(blocks[i], password, curve)?),
        _ => return Err(several(blocks)),
    }
    Ok(KeySet::of_read_keys(keys))
}

fn read_key(
    block: &Block,
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
) -> Result<ReadKey, KeyError> {
    let label = block.label.as_str();
    if label == OPENSSH_LABEL {
        return openssh::read_private(block.der.expose(), password);
    }
    if block.encrypted {
        return Err(KeyError::convertible(
            "a private key encrypted by PEM headers (RFC 1421), which is obsolete",
            "openssl pkcs8 -topk8 -in KEY -out new.pem",
        ));
    }
    let structure = der::structure_of(block.der.expose()).ok().or(structure_of(label));
    let structure = structure.ok_or_else(|| unsupported(label))?;
    der::read(structure, &block.der, password, curve, Encoding::Pem).map_err(|error| match error {
        KeyError::Damaged { reason, .. } => KeyError::damaged(label, reason),
        other => other,
    })
}

/// All keys of a text that need no password, each with the label of its block.
pub(crate) fn keys_of_blocks(content: &Secret) -> Vec<(Key, String)> {
    let text = std::str::from_utf8(content.expose()).unwrap_or_default();
    let key = |block: Block| Some((read_key(&block, None, None).ok()?.key, block.label));
    read_blocks(text).unwrap_or_default().into_iter().filter_map(key).collect()
}

/// The certificates of a text, each with its key, also those that are beside a private key.
pub(crate) fn certificates_of_blocks(content: &Secret) -> Vec<ReadKey> {
    let text = std::str::from_utf8(content.expose()).unwrap_or_default();
    let blocks = read_blocks(text).unwrap_or_default();
    let certificates = blocks.iter().filter(|block| block.label.ends_with("CERTIFICATE"));
    certificates.take(MOST_KEYS).filter_map(|block| read_key(block, None, None).ok()).collect()
}

/// The certificates of a text, in DER. Nothing else may be in it.
pub(crate) fn read_certificates(text: &str) -> Result<Vec<Vec<u8>>, KeyError> {
    let blocks = read_blocks(text).map_err(|reason| KeyError::damaged("PEM", reason))?;
    if blocks.len() > MOST_KEYS {
        return Err(KeyError::TooMany { count: blocks.len(), most: MOST_KEYS });
    }
    let der = |block: Block| match structure_of(&block.label) {
        Some(Structure::Certificate) => Ok(block.der.expose().to_vec()),
        _ => Err(KeyError::NotACertificate { label: block.label }),
    };
    blocks.into_iter().map(der).collect()
}

/// The structure that a label names.
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
        _ => return KeyError::unsupported(format!("a PEM block labelled {label}")),
    };
    KeyError::Unsupported { found: found.to_owned(), remedy }
}

/// The blocks that are keys, in their order.
fn keys_among(blocks: &[Block]) -> Result<Vec<&Block>, KeyError> {
    let blocks: Vec<_> = blocks.iter().filter(|block| !is_parameters(&block.label)).collect();
    match blocks.len() {
        0 | 1 => return Ok(blocks),
        2..=MOST_KEYS => {}
        count => return Err(KeyError::TooMany { count, most: MOST_KEYS }),
    }
    let is = |block: &Block, label: &str| block.label.ends_with(label);
    // Certificates beside a private key belong to it, or to the CAs above it.
    let has_private = blocks.iter().any(|block| is(block, "PRIVATE KEY"));
    let is_certificate = |block: &&&Block| !has_private && is(block, "CERTIFICATE");
    let certificates: Vec<_> = blocks.iter().filter(is_certificate).copied().collect();
    let signers = signers(&certificates)?;
    let is_signer = |block: &Block| signers.iter().any(|signer| std::ptr::eq(*signer, block));
    let is_key = |block: &&&Block| is(block, " KEY") || is_signer(block);
    let keys: Vec<_> = blocks.iter().filter(is_key).copied().collect();
    match (&keys[..], &certificates[..]) {
        ([], [only]) => Ok(vec![only]),
        ([], _) => Err(several(&blocks)),
        _ => Ok(keys),
    }
}

fn several(blocks: &[&Block]) -> KeyError {
    KeyError::Several { labels: blocks.iter().map(|block| block.label.clone()).collect() }
}

fn is_parameters(label: &str) -> bool {
    label.ends_with("PARAMETERS")
}

/// The certificates whose keys sign tokens. If all are self-signed, these are the ones whose key may sign data.
/// Otherwise, and beside a public key, these are the ones that do not belong to a CA: a CA says so, or has issued
/// another certificate, or is self-signed and does not say (it may be a root).
fn signers<'a>(certificates: &[&'a Block]) -> Result<Vec<&'a Block>, KeyError> {
    let unclear = || several(certificates);
    let roles = certificates.iter().map(|block| X509::read(block.der.expose()));
    let roles: Vec<X509> = roles.collect::<Result<_, _>>().map_err(|_| unclear())?;
    let issuers: HashSet<_> =
        roles.iter().filter(|role| !role.is_self_issued()).map(|role| &role.issuer).collect();
    let is_signer = |role: &X509| {
        if issuers.is_empty() {
            return role.signs_data;
        }
        !role.may_be_ca() && !issuers.contains(&role.subject)
    };
    let signers = certificates.iter().zip(&roles).filter(|(_, role)| is_signer(role));
    let signers: Vec<_> = signers.map(|(block, _)| *block).collect();
    if signers.is_empty() && certificates.len() > 1 { Err(unclear()) } else { Ok(signers) }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block: its label, and its bytes, which are wiped in any case.
struct Block {
    label: String,
    /// Whether its headers say that it is encrypted (RFC 1421 section 4.6.1.1).
    encrypted: bool,
    der: Secret,
}

/// Reads all blocks of a text, and skips the text around them. A variable may contain `\n` or `\r\n` in place of line
/// breaks, or spaces if it was not quoted.
fn read_blocks(text: &str) -> Result<Vec<Block>, &'static str> {
    let text = unescaped(text);
    let mut rest = text.as_str();
    let mut blocks = Vec::new();
    while let Some((_, begun)) = rest.split_once(BEGIN) {
        let (label, after) = split_label(begun).ok_or("its BEGIN line does not end in dashes")?;
        let end = after.find(END);
        let body = &after[..end.unwrap_or(after.len())];
        if body.contains(BEGIN) {
            return Err("a block begins before the previous one has ended");
        }
        let end = end.ok_or("there is a BEGIN without its END: was it truncated?")?;
        rest = match split_label(&after[end + END.len()..]) {
            Some((again, rest)) if again == label => rest,
            _ => return Err("its END label differs from its BEGIN label"),
        };
        blocks.push(block(label, body)?);
    }
    if blocks.is_empty() { Err("there is no BEGIN line") } else { Ok(blocks) }
}

/// The label at the start of a text, and what follows the dashes after it.
fn split_label(text: &str) -> Option<(&str, &str)> {
    text.split_once(DASHES).filter(|(label, _)| !label.contains('\n'))
}

/// The text with `\n` and `\r` as line breaks.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for (i, piece) in text.split('\\').enumerate() {
        match piece.strip_prefix(['n', 'r']) {
            Some(rest) if i > 0 => {
                out.push('\n');
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// Decodes the base64 between BEGIN and END into a buffer that is as large and is never moved.
fn block(label: &str, body: &str) -> Result<Block, &'static str> {
    let mut base64 = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut encrypted = false;
    for line in body.lines().map(str::trim) {
        if line.contains(':') {
            encrypted |= line.starts_with("Proc-Type:") && line.contains("ENCRYPTED");
        } else {
            base64.extend(line.bytes().filter(|b| !b.is_ascii_whitespace()));
        }
    }
    let der = decode(&STANDARD, &base64).ok_or("the text between BEGIN and END is not base64")?;
    let in_label = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" .".contains(&b);
    let label = plain(label, in_label).to_owned();
    Ok(Block { label, encrypted, der: der.into() })
}
