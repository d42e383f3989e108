//! The messages of an SSH agent (OpenSSH's PROTOCOL.agent): requests, and answers taken apart. No I/O here.

use std::fmt::Display;

use super::algorithm::{Algorithm, KeyType};
use super::error::{KeyError, plain};
use super::key::Key;
use super::read::openssh::{plain_blob, read_blob};
use super::signer::{MOST_AGENT_KEYS, SignerError};
use super::wire::{Reader, Writer};

/// The longest message, in bytes; OpenSSH has the same limit.
pub const MAX_AGENT_MESSAGE: usize = 256 * 1024;

/// The types of messages.
const FAILURES: [u8; 3] = [5, 28, 30];
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// The flags of a request to sign with RSA; without one of them, an agent signs with SHA-1.
const RSA_SHA2_256: u32 = 2;
const RSA_SHA2_512: u32 = 4;

/// A key that an agent lists.
pub struct AgentKey {
    /// The key as it is named in a request.
    pub(crate) blob: Vec<u8>,
    /// What its fingerprint is the digest of: of a certificate, the key in it.
    pub(crate) plain_blob: Vec<u8>,
    /// The name of its type.
    pub(crate) type_name: String,
    pub(crate) comment: String,
    /// The public key, or why it cannot be used.
    pub(crate) key: Result<Key, KeyError>,
}

impl AgentKey {
    fn new(blob: &[u8], comment: &[u8]) -> Self {
        let name = Reader(blob).text().unwrap_or_default();
        Self {
            blob: blob.to_vec(),
            plain_blob: plain_blob(blob).unwrap_or_else(|| blob.to_vec()),
            type_name: shown_name(name),
            comment: String::from_utf8_lossy(comment).into_owned(),
            key: read_blob(blob),
        }
    }
}

/// The name of a type, as a message may show it.
fn shown_name(name: &str) -> String {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-@.".contains(&b);
    if name.is_empty() { "?".to_owned() } else { plain(name, is_part).to_owned() }
}

/// Asks for the list of keys.
pub fn identities_request() -> Vec<u8> {
    vec![REQUEST_IDENTITIES]
}

/// Reads the list of keys. One that is listed twice is one key.
///
/// # Errors
/// Why the answer is not a list that can be used.
pub fn read_identities(answer: &[u8]) -> Result<Vec<AgentKey>, SignerError> {
    let mut reader = Reader(content(answer, IDENTITIES_ANSWER, "list its keys")?);
    let count = reader.number().map_err(malformed)? as usize;
    if count > MOST_AGENT_KEYS {
        return Err(SignerError::TooManyKeys { count });
    }
    let mut keys: Vec<AgentKey> = Vec::new();
    for _ in 0..count {
        let blob = reader.field().map_err(malformed)?;
        let comment = reader.field().map_err(malformed)?;
        if keys.iter().all(|key| key.blob != blob) {
            keys.push(AgentKey::new(blob, comment));
        }
    }
    at_end(&reader)?;
    Ok(keys)
}

/// How an agent names the signatures of an algorithm, and the flags that ask for one; `None` if the protocol has no such
/// signatures.
fn signature_kind(alg: Algorithm) -> Option<(String, u32)> {
    match (alg, alg.key_type()) {
        (Algorithm::RS256, _) => Some(("rsa-sha2-256".to_owned(), RSA_SHA2_256)),
        (Algorithm::RS512, _) => Some(("rsa-sha2-512".to_owned(), RSA_SHA2_512)),
        (_, KeyType::Ec(curve)) => Some((format!("ecdsa-sha2-{}", curve.ssh_name()?), 0)),
        (_, KeyType::Ed25519) => Some(("ssh-ed25519".to_owned(), 0)),
        _ => None,
    }
}

/// Whether an agent can sign with an algorithm.
pub(crate) fn agent_signs_with(alg: Algorithm) -> bool {
    signature_kind(alg).is_some()
}

/// Asks for a signature; `None` if the protocol has none of the algorithm.
pub fn sign_request(blob: &[u8], alg: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
    let (_, flags) = signature_kind(alg)?;
    let mut writer = Writer::new();
    writer.bytes(&[SIGN_REQUEST]).field(blob).field(message).number(flags);
    Some(writer.0.to_vec())
}

/// Reads a signature, in the form that a JWS has (RFC 7518 section 3). `length` is that of the key's signatures.
///
/// # Errors
/// Why the answer is not such a signature.
pub fn read_signature(
    answer: &[u8],
    alg: Algorithm,
    length: usize,
) -> Result<Vec<u8>, SignerError> {
    let mut reader = Reader(content(answer, SIGN_RESPONSE, "sign")?);
    let mut signature = Reader(reader.field().map_err(malformed)?);
    at_end(&reader)?;
    let (name, bytes) =
        (signature.text().map_err(malformed)?, signature.field().map_err(malformed)?);
    at_end(&signature)?;
    let (wanted, _) = signature_kind(alg).ok_or(SignerError::Malformed)?;
    if name != wanted {
        return Err(SignerError::OtherSignature { found: shown_name(name), wanted });
    }
    match alg.key_type() {
        KeyType::Ec(_) => {
            let mut numbers = Reader(bytes);
            let [r, s] = [numbers.large().map_err(malformed)?, numbers.large().map_err(malformed)?];
            at_end(&numbers)?;
            let half = |number| padded(number, length / 2);
            Ok([half(r)?, half(s)?].concat())
        }
        // Some agents leave out leading zeros.
        KeyType::Rsa => padded(bytes, length),
        _ if bytes.len() == length => Ok(bytes.to_vec()),
        _ => Err(SignerError::Malformed),
    }
}

/// A number in a field of this many bytes.
fn padded(number: &[u8], length: usize) -> Result<Vec<u8>, SignerError> {
    let zeros = length.checked_sub(number.len()).ok_or(SignerError::Malformed)?;
    Ok([&vec![0; zeros], number].concat())
}

/// The content of a message of this type.
fn content<'a>(answer: &'a [u8], wanted: u8, what: &'static str) -> Result<&'a [u8], SignerError> {
    match answer.split_first() {
        Some((found, content)) if *found == wanted => Ok(content),
        Some((found, _)) if FAILURES.contains(found) => Err(SignerError::Refused { what }),
        _ => Err(SignerError::Malformed),
    }
}

fn at_end(reader: &Reader<'_>) -> Result<(), SignerError> {
    if reader.0.is_empty() { Ok(()) } else { Err(SignerError::Malformed) }
}

fn malformed(_: impl Display) -> SignerError {
    SignerError::Malformed
}
