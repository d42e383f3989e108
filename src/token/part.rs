//! The parts of a token: strict base64url (RFC 7515 section 2: no padding, no stray characters), and why a text is
//! none of three such parts.

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine as _};

use crate::json::JsonError;

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The JOSE header.
    Header,
    /// The payload: the claims set.
    Payload,
    /// The signature or MAC.
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Why a part is not base64url without padding (RFC 4648 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base64Fault {
    /// A character outside the alphabet.
    Stray(char),
    /// `=` at the end.
    Padding,
    /// One character more than whole bytes need: cut or added to.
    Length,
    /// The last character has bits that no byte uses: another spelling of the same bytes.
    TrailingBits,
}

/// Why a text is not a token in the compact serialization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Nothing where a token should be.
    Empty,
    /// Not UTF-8 text, from this byte on.
    NotText {
        /// The first byte that is not UTF-8.
        at: usize,
    },
    /// Over [`MAX_TOKEN`](super::MAX_TOKEN).
    TooLarge,
    /// White space inside: a token that was wrapped, or several of them.
    WhiteSpace {
        /// The first of it, in bytes from the token's start.
        at: usize,
        /// How many words look like tokens.
        tokens: usize,
    },
    /// Not three parts.
    Parts {
        /// How many there are.
        found: usize,
    },
    /// A part that is not base64url.
    Base64 {
        /// Which part.
        part: Part,
        /// The offending byte, counted from the start of the part.
        at: usize,
        /// What is wrong with it.
        fault: Base64Fault,
    },
    /// A part whose content is not a JSON object.
    Json {
        /// Which part.
        part: Part,
        /// What is wrong with it.
        error: JsonError,
    },
}

/// A part without its padding: one or two `=` that make it whole groups of four characters (RFC 4648 section 4).
/// Any other `=` stays, and is a fault.
pub(super) fn unpadded(text: &str) -> &str {
    if !text.len().is_multiple_of(4) {
        return text;
    }
    text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text)
}

/// The bytes of a part.
pub(super) fn decode(part: Part, text: &str) -> Result<Vec<u8>, Malformed> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| base64_fault(part, text, &error))
}

#[cold]
fn base64_fault(part: Part, text: &str, error: &DecodeError) -> Malformed {
    use DecodeError::{InvalidByte, InvalidLastSymbol, InvalidLength, InvalidPadding};
    let stray = text.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'-' && b != b'_');
    let (at, fault) = match (stray, error) {
        (Some(at), _) => match text[at..].chars().next() {
            Some('=') if text[at..].bytes().all(|b| b == b'=') => (at, Base64Fault::Padding),
            Some(c) => (at, Base64Fault::Stray(c)),
            None => (at, Base64Fault::Length),
        },
        (None, InvalidLastSymbol { offset: at, .. }) => (*at, Base64Fault::TrailingBits),
        (None, InvalidByte(at, _)) => (*at, Base64Fault::Length),
        (None, InvalidLength(_) | InvalidPadding) => (text.len(), Base64Fault::Length),
    };
    Malformed::Base64 { part, at, fault }
}
