//! The parts of a token in strict base64url (RFC 7515 section 2), and why a text does not have three of them.

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine as _};
use thiserror::Error;

use super::sd_jwt::DisclosureFault;
use crate::characters::is_base64url;
use crate::json::{JsonError, quote, shown_name};

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Part {
    Header,
    Payload,
    Signature,
    /// The parts of an encrypted token that are not also of a signed one (RFC 7516 section 7.1).
    EncryptedKey,
    Iv,
    Ciphertext,
    Tag,
    /// Additional authenticated data, only in the JSON serialization.
    Aad,
}

impl Part {
    /// The parts of a signed token in their order.
    pub(crate) const ALL: [Self; 3] = [Self::Header, Self::Payload, Self::Signature];
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::EncryptedKey => "encrypted key",
            Self::Iv => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
            Self::Aad => "additional authenticated data",
        })
    }
}

/// Why a part is not base64url without padding (RFC 4648 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base64Fault {
    /// A character outside the alphabet.
    Stray(char),
    /// `=` at the end of the part.
    Padding,
    /// One character more than whole bytes need: the part was cut, or something was added.
    Length,
    /// The last character has bits that no byte uses: another spelling of the same bytes.
    TrailingBits,
}

impl Base64Fault {
    fn describe(&self, at: usize) -> String {
        let stray =
            |shown: &str| format!("has the character {shown} (byte {at}), which is not base64url");
        match self {
            Self::Padding => format!("is padded with '=' (byte {at})"),
            Self::Stray(c @ ('+' | '/')) => stray(&format!("'{c}'")),
            Self::Stray(c) => stray(&quote(&c.to_string())),
            Self::Length => format!("has one character too many or too few (it has {at})"),
            Self::TrailingBits => {
                format!("ends in a character that it cannot end in (byte {at})")
            }
        }
    }
}

/// Why a text is not a compact token. `at` counts bytes from the start of the token, or of the part.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)] // the messages say what each means
pub enum Malformed {
    #[error("there is no token: the input is empty")]
    Empty,
    #[error("the token is not text: byte {0} is not UTF-8")]
    NotText(usize),
    #[error("the token is larger than 16 MiB")]
    TooLarge,
    /// A token that was wrapped, or several tokens: `tokens` is how many words look like one.
    #[error("the token has white space inside (byte {at})")]
    WhiteSpace { at: usize, tokens: usize },
    #[error("a token has three parts separated by dots; this text has {0}")]
    Parts(usize),
    #[error("the {part} {}", fault.describe(*at))]
    Base64 { part: Part, at: usize, fault: Base64Fault },
    /// A member of the JSON serialization (RFC 7516 section 7.2) that is not what it must be.
    #[error("the token's {} must be {expected}", quote(name))]
    Member { name: &'static str, expected: &'static str },
    #[error("the {part} {error}")]
    Json { part: Part, error: JsonError },
    /// What follows the issuer's token in an SD-JWT.
    #[error(transparent)]
    Disclosure(DisclosureFault),
    #[error("the key binding JWT is malformed: {0}")]
    KeyBinding(Box<Malformed>),
    #[error("the token {0}")]
    Jws(JwsFault),
    /// The payload is not encoded, and not detached (RFC 7797 section 5.2).
    #[error("the payload has a character that it may not have where it is not encoded (byte {0})")]
    Unencoded(usize),
}

/// The most signatures of a token.
pub(super) const MOST_SIGNATURES: usize = 100;

/// What is wrong with the members of a JSON serialization. The messages complete a sentence:
/// "the token has …".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)]
pub enum JwsFault {
    #[error("has both \"signature\" and \"signatures\"")]
    BothForms,
    #[error("has no signature: its \"signatures\" is empty")]
    NoSignatures,
    #[error("has {0} signatures, and at most {MOST_SIGNATURES} are read")]
    TooMany(usize),
    #[error("has no \"{0}\"")]
    Missing(&'static str),
    #[error("has a \"{name}\" that is {found}, not {expected}")]
    WrongType { name: &'static str, expected: &'static str, found: &'static str },
    #[error("has the header parameter {} in both the protected and the unprotected header", quote(&shown_name(.0)))]
    InBoth(String),
    #[error("has \"{0}\" in the unprotected header")]
    Unprotected(&'static str),
    #[error("has signatures with and without \"b64\": false")]
    MixedEncodings,
    #[error(transparent)]
    Json(JsonError),
}

impl From<JwsFault> for Malformed {
    fn from(fault: JwsFault) -> Self {
        Self::Jws(fault)
    }
}

/// A part without its padding: one or two `=` that make it whole groups of four characters (RFC 4648 section 4).
/// Any other `=` stays, and is a fault.
pub(super) fn unpadded(text: &str) -> &str {
    if !text.len().is_multiple_of(4) {
        return text;
    }
    text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text)
}

/// How base64url is encoded and decoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Codec {
    /// For a few tokens.
    #[default]
    Scalar,
    /// With SIMD, for many tokens: it first detects the features of the processor.
    Simd,
}

impl Codec {
    /// Decodes a part and appends it.
    pub(super) fn decode(
        self,
        part: Part,
        text: &str,
        decoded: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let simd = base64_simd::URL_SAFE_NO_PAD;
        if self == Self::Simd && simd.decode_append(text.as_bytes(), decoded).is_ok() {
            return Ok(());
        }
        // This decoder also says why a part is refused.
        let appended = URL_SAFE_NO_PAD.decode_vec(text, decoded);
        appended.map_err(|error| base64_fault(part, text, &error))
    }

    /// The encoding of bytes.
    pub(crate) fn encoded(self, bytes: &[u8]) -> String {
        let mut text = String::new();
        self.encode(bytes, &mut text);
        text
    }

    /// Appends the encoding of bytes.
    pub(crate) fn encode(self, bytes: &[u8], text: &mut String) {
        match self {
            Self::Scalar => URL_SAFE_NO_PAD.encode_string(bytes, text),
            Self::Simd => base64_simd::URL_SAFE_NO_PAD.encode_append(bytes, text),
        }
    }
}

#[cold]
fn base64_fault(part: Part, text: &str, error: &DecodeError) -> Malformed {
    use DecodeError::{InvalidByte, InvalidLastSymbol, InvalidLength, InvalidPadding};
    let stray = text.char_indices().find(|(_, c)| !is_base64url(*c));
    let (at, fault) = match (stray, error) {
        (Some((at, '=')), _) if text[at..].bytes().all(|b| b == b'=') => (at, Base64Fault::Padding),
        (Some((at, c)), _) => (at, Base64Fault::Stray(c)),
        (None, InvalidLastSymbol { offset: at, .. }) => (*at, Base64Fault::TrailingBits),
        (None, InvalidByte(at, _)) => (*at, Base64Fault::Length),
        (None, InvalidLength(_) | InvalidPadding) => (text.len(), Base64Fault::Length),
    };
    Malformed::Base64 { part, at, fault }
}
