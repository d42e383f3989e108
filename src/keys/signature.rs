//! Signatures as programs print them: raw, in DER, or either of them in base64.

use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use pkcs8::der::{Tag, Tagged as _};

use super::algorithm::{Algorithm, KeyType};
use super::asn1::elements;
use super::wire::{decode, stripped, without_white_space};

/// Reads what a program has printed as a signature of this length, in the form that a JWS has (RFC 7518 section 3). The
/// lengths of the forms do not overlap.
pub fn read_printed_signature(printed: &[u8], alg: Algorithm, length: usize) -> Option<Vec<u8>> {
    from_bytes(printed, alg, length).or_else(|| {
        let text = without_white_space(printed);
        let digits = without_prefix(&text);
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
        let decode = |alphabet| decode(&GeneralPurpose::new(alphabet, config), digits);
        let bytes = decode(&STANDARD).or_else(|| decode(&URL_SAFE))?;
        from_bytes(&bytes, alg, length)
    })
}

/// The digits after the prefix of Vault, which names the version of the key: `vault:v1:`.
fn without_prefix(text: &[u8]) -> &[u8] {
    let after = text.strip_prefix(b"vault:v").and_then(|rest| {
        let version = rest.iter().take_while(|digit| digit.is_ascii_digit()).count();
        rest[version..].strip_prefix(b":").filter(|_| version > 0)
    });
    after.unwrap_or(text)
}

fn from_bytes(bytes: &[u8], alg: Algorithm, length: usize) -> Option<Vec<u8>> {
    match alg.key_type() {
        _ if bytes.len() == length => Some(bytes.to_vec()),
        KeyType::Ec(_) => from_der(bytes, length / 2),
        _ => None,
    }
}

/// The two numbers of an ECDSA signature in DER (RFC 3279 section 2.2.3), each in a field of this length.
fn from_der(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let [r, s] = elements(der).ok()?[..] else { return None };
    let mut signature = Vec::with_capacity(2 * length);
    for number in [r, s] {
        let is_positive = number.value().first().is_some_and(|first| *first < 0x80);
        let digits = stripped(number.value());
        if number.tag() != Tag::Integer || !is_positive || digits.len() > length {
            return None;
        }
        signature.resize(signature.len() + length - digits.len(), 0);
        signature.extend_from_slice(digits);
    }
    Some(signature)
}
