//! What the header of an encrypted token says about its encryption (RFC 7516 section 4.1, RFC 7518 sections 4 and 5).
//! All of it is public, so each fault may be reported; none depends on a key.

use thiserror::Error;

use super::header::{Header, HeaderFault};
use super::part::{Codec, Part};
use crate::json::{Object, Value, quote, shown};
use crate::keys::{ContentEncryption, Key, KeyAlgorithm, read_public_jwk};

/// The iterations of PBKDF2 that a token may ask for: fewer are too few (RFC 7518 section 4.8.1.2), and more would let a
/// stranger keep the processor busy.
pub(crate) const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=1_000_000;

/// The shortest salt of PBKDF2 in bytes (RFC 7518 section 4.8.1.1).
const SHORTEST_SALT: usize = 8;

/// How a token is encrypted.
#[derive(Debug, Clone)]
pub struct Encryption {
    pub(crate) alg: KeyAlgorithm,
    pub(crate) enc: ContentEncryption,
    /// Whether the content was compressed with DEFLATE before it was encrypted.
    pub(crate) is_compressed: bool,
    pub(crate) parameters: Parameters,
}

/// The header parameters of an algorithm that protects content encryption keys.
#[derive(Debug, Clone)]
pub(crate) enum Parameters {
    None,
    /// ECDH-ES (RFC 7518 section 4.6.1): the sender's ephemeral public key, and what is known of the two parties.
    Agreement {
        epk: Box<Key>,
        apu: Vec<u8>,
        apv: Vec<u8>,
    },
    /// AES GCM key wrapping (section 4.7.1).
    Gcm {
        iv: Vec<u8>,
        tag: Vec<u8>,
    },
    /// PBES2 (section 4.8.1).
    Pbes2 {
        salt: Vec<u8>,
        iterations: u32,
    },
}

/// Why a token cannot be decrypted, whatever the key is. Values are the sender's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)] // the messages say what each means
pub enum EncryptionFault {
    #[error(transparent)]
    Header(HeaderFault),
    #[error("the header's \"alg\" {} is not an algorithm that jwtctl decrypts with", shown(&quote(.0)))]
    UnknownAlg(String),
    #[error(
        "the header's \"alg\" is RSA1_5, which is refused: its padding lets attackers decrypt tokens (RFC 8725 section 3.2)"
    )]
    Rsa15,
    #[error("the header's \"enc\" {} is not an algorithm that jwtctl decrypts with", shown(.0.text()))]
    UnknownEnc(Value),
    #[error("the header's \"zip\" is {}; only \"DEF\" is known (RFC 7516 section 4.1.3)", shown(.0.text()))]
    UnknownZip(Value),
    /// A parameter that is missing or wrong: "is missing", "is not base64url".
    #[error("the header's {} {fault}", quote(name))]
    Parameter { name: &'static str, fault: String },
    /// A part that never has this length, in bytes.
    #[error("the {part} has {found} bytes; with {by} it has {expected}")]
    Length { part: Part, found: usize, by: &'static str, expected: String },
}

impl Encryption {
    /// Reads the parameters of a header. `zip` counts only where it is protected.
    pub(super) fn of(header: &Header, protected: &Object) -> Result<Self, EncryptionFault> {
        if let Some(fault) = header.faults.first() {
            return Err(EncryptionFault::Header(fault.clone()));
        }
        let named = header.alg.as_deref().map_err(|f| EncryptionFault::Header(f.clone()))?;
        if named == "RSA1_5" {
            return Err(EncryptionFault::Rsa15);
        }
        let alg = KeyAlgorithm::from_name(named)
            .ok_or_else(|| EncryptionFault::UnknownAlg(named.to_owned()))?;
        let enc = header.object.get("enc").ok_or_else(|| missing("enc"))?;
        let enc = enc
            .as_string()
            .and_then(|enc| ContentEncryption::from_name(&enc))
            .ok_or_else(|| EncryptionFault::UnknownEnc(enc.evidence()))?;
        let is_compressed = match (header.object.get("zip"), protected.get("zip")) {
            (None, _) => false,
            (Some(_), None) => return Err(parameter("zip", "is not in the protected header")),
            (Some(zip), _) if zip.text() == "\"DEF\"" => true,
            (Some(zip), _) => return Err(EncryptionFault::UnknownZip(zip.evidence())),
        };
        Ok(Self { alg, enc, is_compressed, parameters: Parameters::of(alg, &header.object)? })
    }

    /// The iterations of PBES2.
    pub(crate) fn iterations(&self) -> Option<u32> {
        match self.parameters {
            Parameters::Pbes2 { iterations, .. } => Some(iterations),
            _ => None,
        }
    }

    /// Checks the lengths that do not depend on the key.
    pub(super) fn check_lengths(
        &self,
        encrypted_key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
        tag: &[u8],
    ) -> Result<(), EncryptionFault> {
        let Self { alg, enc, .. } = *self;
        let length = |part, found, by, expected: String| {
            Err(EncryptionFault::Length { part, found, by, expected })
        };
        let cek = enc.key_length();
        let expected_key = match alg {
            KeyAlgorithm::Dir | KeyAlgorithm::EcdhEs => Some(0),
            KeyAlgorithm::AesGcmKw(_) => Some(cek),
            KeyAlgorithm::RsaOaep | KeyAlgorithm::RsaOaep256 => None,
            KeyAlgorithm::AesKw(_) | KeyAlgorithm::EcdhEsAesKw(_) | KeyAlgorithm::Pbes2(_) => {
                Some(cek + 8)
            }
        };
        match expected_key {
            Some(expected) if expected != encrypted_key.len() => {
                let found = encrypted_key.len();
                return length(Part::EncryptedKey, found, alg.name(), expected.to_string());
            }
            _ => {}
        }
        for (part, found, expected) in
            [(Part::Iv, iv, enc.iv_length()), (Part::Tag, tag, enc.tag_length())]
        {
            if found.len() != expected {
                return length(part, found.len(), enc.name(), expected.to_string());
            }
        }
        let has_blocks = matches!(enc, ContentEncryption::AesCbcHmac(_));
        if has_blocks && (ciphertext.is_empty() || !ciphertext.len().is_multiple_of(16)) {
            let expected = "a multiple of 16".to_owned();
            return length(Part::Ciphertext, ciphertext.len(), enc.name(), expected);
        }
        Ok(())
    }
}

impl Parameters {
    fn of(alg: KeyAlgorithm, header: &Object) -> Result<Self, EncryptionFault> {
        Ok(match alg {
            KeyAlgorithm::EcdhEs | KeyAlgorithm::EcdhEsAesKw(_) => Self::Agreement {
                epk: Box::new(ephemeral_key(header)?),
                apu: bytes(header, "apu")?.unwrap_or_default(),
                apv: bytes(header, "apv")?.unwrap_or_default(),
            },
            KeyAlgorithm::AesGcmKw(_) => {
                Self::Gcm { iv: sized(header, "iv", 12)?, tag: sized(header, "tag", 16)? }
            }
            KeyAlgorithm::Pbes2(_) => {
                let salt = bytes(header, "p2s")?.ok_or_else(|| missing("p2s"))?;
                if salt.len() < SHORTEST_SALT {
                    let fault =
                        format!("has {} bytes; at least {SHORTEST_SALT} are required", salt.len());
                    return Err(parameter("p2s", fault));
                }
                let count = header.get("p2c").ok_or_else(|| missing("p2c"))?;
                let iterations = count.text().parse().ok().filter(|n| ITERATIONS.contains(n));
                let iterations = iterations.ok_or_else(|| {
                    let (least, most) = (ITERATIONS.start(), ITERATIONS.end());
                    let fault = format!(
                        "is {}; {least} to {most} iterations are accepted",
                        shown(count.text())
                    );
                    parameter("p2c", fault)
                })?;
                Self::Pbes2 { salt, iterations }
            }
            _ => Self::None,
        })
    }
}

fn ephemeral_key(header: &Object) -> Result<Key, EncryptionFault> {
    let epk = header.get("epk").ok_or_else(|| missing("epk"))?;
    read_public_jwk(epk.text()).map_err(|error| parameter("epk", error.to_string()))
}

/// A parameter in base64url.
fn bytes(header: &Object, name: &'static str) -> Result<Option<Vec<u8>>, EncryptionFault> {
    let Some(value) = header.get(name) else { return Ok(None) };
    let mut decoded = Vec::new();
    let text = value.as_string().ok_or_else(|| parameter(name, "is not a string"))?;
    Codec::Scalar
        .decode(Part::Header, &text, &mut decoded)
        .map_err(|_| parameter(name, "is not base64url without padding"))?;
    Ok(Some(decoded))
}

fn sized(header: &Object, name: &'static str, length: usize) -> Result<Vec<u8>, EncryptionFault> {
    let bytes = bytes(header, name)?.ok_or_else(|| missing(name))?;
    if bytes.len() == length {
        return Ok(bytes);
    }
    Err(parameter(name, format!("has {} bytes; it must have {length}", bytes.len())))
}

fn missing(name: &'static str) -> EncryptionFault {
    parameter(name, "is missing")
}

fn parameter(name: &'static str, fault: impl Into<String>) -> EncryptionFault {
    EncryptionFault::Parameter { name, fault: fault.into() }
}
