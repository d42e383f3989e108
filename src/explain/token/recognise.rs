//! Explains a text that strict reading has refused, and finds a token inside it.

use super::carrier::{Candidates, carrier, prefixed};
use super::damage::{PaddingTrial, damage};
use super::encoded::{encoded, encoded_answer, encoded_inside};
use super::json_answer::{JsonPath, json};
use super::not_a_token::{
    basic, binary, file_name, key_in_text, one_case, parts, paseto, sd_jwt, xml,
};
use super::opaque::{is_flask, maybe_opaque, opaque, session_cookie, without_header};
use super::placeholder::{null, placeholder, unexpanded};
use super::shape::MOST_EXAMINED;
use crate::explain::codes::Code;
use crate::explain::explanation::{Explanation, shown};
use crate::json::Value;
use crate::token::{Header, Malformed, Unverified, strip_wrapping};

/// Explains a text that is not a token, if more can be said about it than its fault does. `padding` is what a trial
/// of a padded token's signature has shown.
pub fn explain_text(
    bytes: &[u8],
    fault: &Malformed,
    padding: Option<PaddingTrial>,
) -> Option<Explanation> {
    recognise(bytes, fault).or_else(|| damage(bytes, fault, padding))
}

/// Explains what a text is instead of a token, if that is known.
fn recognise(bytes: &[u8], fault: &Malformed) -> Option<Explanation> {
    if matches!(fault, Malformed::Empty | Malformed::TooLarge) {
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return binary(bytes) };
    let text = strip_wrapping(text);
    let recognisers: [fn(&str) -> Option<Explanation>; 17] = [
        null,
        unexpanded,
        placeholder,
        key_in_text,
        prefixed,
        json,
        xml,
        basic,
        paseto,
        sd_jwt,
        opaque,
        encoded,
        encoded_inside,
        without_header,
        carrier,
        one_case,
        file_name,
    ];
    encoded_answer(text)
        .or_else(|| parts(text, fault))
        .or_else(|| recognisers.iter().find_map(|recognise| recognise(text)))
        .or_else(|| maybe_opaque(text, fault))
}

/// Explains why a token that can be read has no claims to show.
pub(crate) fn not_claims(token: &Unverified<'_>) -> Option<Explanation> {
    if token.header().alg().is_err() {
        return is_flask(token.text()).then(session_cookie);
    }
    if token.is_detached() {
        let message = "the payload is empty: this is a detached JWS (RFC 7515 appendix F)";
        return Some(Explanation::new(Code::TokenDetached, message).hint(
            "its content is sent separately: put it between the dots, in base64url without padding",
        ));
    }
    compressed_payload(token.header(), token.payload())
}

/// Explains a payload that is not JSON and that the header says is compressed.
pub(crate) fn compressed_payload(header: &Header, payload: &[u8]) -> Option<Explanation> {
    let zip = header.object().get("zip")?.to_value();
    let message = format!(
        "the payload is compressed: the header has \"zip\": {}, which only encrypted tokens may have \
         (RFC 7516 section 4.1.3)",
        shown(&zip)
    );
    (payload.trim_ascii_start().first() != Some(&b'{')).then(|| {
        Explanation::new(Code::NotJson, message).hint(
            "jwtctl verify --raw checks the signature and prints the payload as it is; DEF is DEFLATE without a header \
             (RFC 1951)",
        )
    })
}

/// The only token in a text that is not a token, and what the text is.
pub(crate) fn token_inside<'t>(
    bytes: &'t [u8],
    fault: &Malformed,
) -> Option<(&'t str, Explanation)> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MOST_EXAMINED)?;
    let span = Candidates::find(text).only()?;
    let Explanation { code, message, .. } = recognise(bytes, fault)?;
    let holds_it = match code {
        Code::TokenInJson => {
            let path = Value::parse(strip_wrapping(text).as_bytes()).ok();
            !path.and_then(|value| JsonPath::to_token(&value)).is_some_and(|path| path.is_encoded)
        }
        Code::TokenCookie
        | Code::TokenHeaderLine
        | Code::TokenUrl
        | Code::TokenNamed
        | Code::TokenHttp
        | Code::TokenHtml
        | Code::TokenInText
        | Code::TokenPrefixed => true,
        _ => false,
    };
    let message = format!("{message}; showing the token that starts at byte {}", span.start);
    holds_it.then(|| (&text[span], Explanation::new(code, message)))
}
