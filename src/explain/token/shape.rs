//! What a token looks like from outside, whole or not: the tests that all others share.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};

use super::MOST_LOOKED_AT;
use crate::characters;
use crate::json::Object;
use crate::keys::Algorithm;
use crate::token::Unverified;

/// Base64 of bytes that were meant to be read by people or XML parsers: any padding, any last bits.
pub(super) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether a text begins as the base64 of a JSON object does: `{` and `"`, `}` or white space.
pub(super) fn has_the_look_of_a_token(text: &str) -> bool {
    let coloured = text.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m'));
    let start = coloured.map_or(text, |(_, rest)| rest);
    let start = start.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    matches!(
        start.as_bytes(),
        [b'e', b'y', b'A'..=b'D' | b'I'..=b'L', ..]
            | [b'e', b'w', b'k'..=b'r' | b'0'..=b'3', ..]
            | [b'e', b'3', b'0'..=b'3', ..]
    )
}

/// Whether a text is a token as it stands, or with what is tolerated around it. A header names an algorithm;
/// what does not is a signed cookie more likely than a token.
pub(super) fn is_token(text: &str) -> bool {
    Unverified::parse(text.as_bytes()).is_ok_and(|token| token.header().alg().is_ok())
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '«' | '»' | '\u{2039}' | '\u{203a}')
}

/// A character that nobody sees, line breaks and colour codes aside, which have words of their own.
pub(super) fn is_invisible(c: char) -> bool {
    characters::is_invisible(c) && !c.is_whitespace() && c != '\u{1b}'
}

/// The character of a token that one outside ASCII is taken for.
pub(super) fn look_alike(c: char) -> Option<char> {
    let like = characters::looks_like(c);
    let is_own = like.is_ascii_alphanumeric() || matches!(like, '.' | '-' | '_');
    (like != c && is_own).then_some(like)
}

/// The JSON object that a part is, in either alphabet.
pub(super) fn object(part: &str) -> Option<Object> {
    let standard = part.trim_end_matches('=').replace('-', "+").replace('_', "/");
    Object::parse(&STANDARD_NO_PAD.decode(standard).ok()?).ok()
}

/// Whether a text is the base64 of a whole token.
pub(super) fn is_encoded(text: &str) -> bool {
    let inner = || {
        let plain: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        String::from_utf8(LENIENT.decode(plain).ok()?).ok()
    };
    text.starts_with("ZXlK")
        && text.len() <= MOST_LOOKED_AT
        && inner().is_some_and(|inner| is_token(&inner))
}

/// Whether a token's signature has a length that its algorithm's signatures have, so that it was not cut where
/// it ends; that of any algorithm where its own is not known.
pub(super) fn is_whole(text: &str) -> bool {
    let Ok(token) = Unverified::parse(text.as_bytes()) else { return false };
    let length = token.signature().len();
    match token.header().alg().map(str::parse::<Algorithm>) {
        Ok(Ok(alg)) => alg.may_sign_in(length),
        _ => Algorithm::ALL.iter().any(|alg| alg.may_sign_in(length)),
    }
}

pub(super) fn is_own(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}
