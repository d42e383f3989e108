//! Recognises tokens by their looks, even if they are damaged.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};

use crate::characters::{self, is_token_char};
use crate::json::Object;
use crate::keys::Algorithm;
use crate::token::{Encrypted, HeaderCache, Unverified};

/// How much of a text is examined, in bytes: 1 MiB.
pub(super) const MOST_EXAMINED: usize = 1024 * 1024;

pub(super) const TOKEN_FORM: &str =
    "a token has three parts of letters and digits with dots between them";

/// Base64 with any padding and any trailing bits, as people and XML parsers accept it.
pub(super) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The beginning of a text, no longer than [`MOST_EXAMINED`].
pub(super) fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_EXAMINED)]
}

/// Whether a text begins as the base64 of a JSON object does: `{` and `"`, `}` or white space.
pub(super) fn looks_like_token(text: &str) -> bool {
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

/// Whether a text is a token. Without an `alg` it is more likely a signed cookie.
pub(super) fn is_token(text: &str) -> bool {
    Unverified::parse(text.as_bytes()).is_ok_and(|token| token.header().alg.is_ok())
        || is_encrypted(text)
}

/// Whether a text is an encrypted token of five parts.
fn is_encrypted(text: &str) -> bool {
    let parse = || Encrypted::parse(text.as_bytes(), &mut HeaderCache::default());
    text.matches('.').count() == 4 && !text.starts_with('{') && matches!(parse(), Some(Ok(_)))
}

/// Whether a text is the base64 of a whole token.
pub(super) fn is_encoded_token(text: &str) -> bool {
    let decoded = || {
        let plain: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        String::from_utf8(LENIENT.decode(plain).ok()?).ok()
    };
    text.starts_with("ZXlK")
        && text.len() <= MOST_EXAMINED
        && decoded().is_some_and(|decoded| is_token(&decoded))
}

/// Whether a token is encrypted, or its signature has a length that its algorithm (if unknown: any algorithm) allows. If
/// not, the token was probably cut.
pub(super) fn has_whole_signature(text: &str) -> bool {
    let Ok(token) = Unverified::parse(text.as_bytes()) else { return is_encrypted(text) };
    let length = token.signature().len();
    match token.header().alg.as_deref().map(Algorithm::from_name) {
        Ok(Some(alg)) => alg.may_sign_in(length),
        _ => Algorithm::ALL.iter().any(|alg| alg.may_sign_in(length)),
    }
}

/// The JSON object in a part of a token, in either base64 alphabet.
pub(super) fn object(part: &str) -> Option<Object> {
    let standard = part.trim_end_matches('=').replace('-', "+").replace('_', "/");
    Object::parse(STANDARD_NO_PAD.decode(standard).ok()?).ok()
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '«' | '»' | '\u{2039}' | '\u{203a}')
}

/// Line breaks and colour codes have explanations of their own.
pub(super) fn is_invisible(c: char) -> bool {
    characters::is_invisible(c) && !c.is_whitespace() && c != '\u{1b}'
}

/// The token character that another character looks like.
pub(super) fn look_alike(c: char) -> Option<char> {
    let like = characters::looks_like(c);
    (like != c && is_token_char(like)).then_some(like)
}
