//! Explains a text that strict reading has refused, and finds a token inside it.

use base64::Engine as _;

use super::carrier::{Candidates, carrier, prefixed};
use super::damage::{PaddingTrial, damage};
use super::json_answer::{JsonPath, json};
use super::not_a_token::{
    basic, binary, file_name, key_in_text, markup, null, one_case, parts, paseto, placeholder,
    unexpanded, xml,
};
use super::opaque::{is_flask, maybe_opaque, opaque, session_cookie, without_header};
use super::shape::{LENIENT, MOST_EXAMINED, head, is_encoded_token};
use crate::characters::is_base64url;
use crate::explain::codes::Code;
use crate::explain::explanation::{Explanation, shown};
use crate::explain::shell::{Filter, pipe};
use crate::json::Value;
use crate::token::{Header, Malformed, Unverified, strip_wrapping};

/// Explains a text that is not a token, if more is known than the fault. `padding` is what the signature of a padded
/// token covers.
pub fn explain_text(
    bytes: &[u8],
    fault: &Malformed,
    padding: Option<PaddingTrial>,
) -> Option<Explanation> {
    use Malformed::{Disclosure, Empty, KeyBinding, TooLarge};
    if matches!(fault, Empty | TooLarge | Disclosure(_) | KeyBinding(_)) {
        return None;
    }
    recognise(bytes, fault).or_else(|| damage(bytes, fault, padding))
}

/// Explains what a text is instead of a token, if that is known.
fn recognise(bytes: &[u8], fault: &Malformed) -> Option<Explanation> {
    let Ok(text) = std::str::from_utf8(bytes) else { return binary(bytes) };
    let text = strip_wrapping(text);
    let recognisers: [fn(&str) -> Option<Explanation>; 16] = [
        null,
        unexpanded,
        placeholder,
        key_in_text,
        prefixed,
        json,
        xml,
        basic,
        paseto,
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

fn encoded(text: &str) -> Option<Explanation> {
    let parameters = ["SAMLResponse=", "SAMLRequest="];
    let text = parameters.iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    // A macaroon's first packet is named "location".
    if text.starts_with("MDA") && text.get(8..16) == Some("Y2F0aW9u") {
        let message = "this is a macaroon, not a JWT";
        let hint = "macaroon libraries can read it";
        return Some(Explanation::new(Code::TokenMacaroon, message).hint(hint));
    }
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    let markup_starts = ["PHNhbW", "PD94bW", "PFJlc3BvbnNl", "PEFzc2VydGlvb"];
    if markup_starts.iter().any(|start| text.starts_with(start)) {
        let head: Vec<u8> = text.bytes().take_while(is_base64).take(4096).collect();
        let xml = LENIENT.decode(&head[..head.len() / 4 * 4]).unwrap_or_default();
        return Some(markup(&String::from_utf8_lossy(&xml)));
    }
    is_encoded_token(text).then(|| {
        Explanation::new(Code::TokenEncodedTwice, "this is a token that was base64-encoded again")
            .hint(pipe(&[Filter::from_base64()]))
    })
}

/// A token that was base64-encoded again, inside other text.
fn encoded_inside(text: &str) -> Option<Explanation> {
    const FIND: &str = "ZXlK[A-Za-z0-9+/]+=*";
    const MOST_CANDIDATES: usize = 64;
    let text = head(text);
    let mut candidates = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("ZXlK").filter(|_| candidates.len() < MOST_CANDIDATES) {
        let from = &rest[at..];
        let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/".contains(c);
        let padded = from.trim_start_matches(is_digit);
        rest = padded.trim_start_matches('=');
        candidates.push(&from[..from.len() - rest.len()]);
    }
    let nth = candidates.iter().position(|candidate| is_encoded_token(candidate))?;
    let find = Filter::find(FIND, nth, candidates.len());
    Candidates::find(text).first().is_none().then(|| {
        let message = "there is a token in this text that was base64-encoded again";
        Explanation::new(Code::TokenEncodedTwice, message)
            .hint(pipe(&[find, Filter::from_base64()]))
    })
}

/// The base64 of JSON with a token in it.
fn encoded_answer(text: &str) -> Option<Explanation> {
    let is_own = |c: char| is_base64url(c) || "+/=".contains(c) || c.is_ascii_whitespace();
    let begins_as_json = ["ey", "ew", "W3"].iter().any(|start| text.starts_with(start));
    if !begins_as_json || text.len() > MOST_EXAMINED || !text.chars().all(is_own) {
        return None;
    }
    let standard = text.replace(|c: char| c.is_ascii_whitespace(), "");
    let standard = standard.replace('-', "+").replace('_', "/");
    let value = Value::parse(&LENIENT.decode(standard).ok()?).ok()?;
    let path = JsonPath::to_token(&value)?;
    let to_standard = || Filter::replace("tr '_-' '/+'", &[("_", "/"), ("-", "+")]);
    let to_standard = text.contains(['-', '_']).then(to_standard);
    let message = format!("this is JSON in base64 with a token {}", path.place());
    let filters: Vec<_> =
        to_standard.into_iter().chain([Filter::from_base64()]).chain(path.filters()).collect();
    Some(Explanation::new(Code::TokenInJson, message).hint(pipe(&filters)))
}

/// Explains why a token that can be read has no claims to show.
pub(crate) fn not_claims(token: &Unverified<'_>) -> Option<Explanation> {
    if token.header().alg.is_err() {
        return is_flask(token.text()).then(session_cookie);
    }
    if token.is_detached() {
        return Some(detached("the payload is empty"));
    }
    compressed_payload(token.header(), token.payload())
}

/// Explains a token whose payload is sent separately.
pub(crate) fn detached(found: &str) -> Explanation {
    let message = format!("{found}: this is a detached JWS (RFC 7515 appendix F)");
    Explanation::new(Code::TokenDetached, message).hint(
        "its payload is sent separately: jwtctl verify --detached PATH, with --raw if it is not a claims set",
    )
}

/// Explains a payload that is not JSON and that the header says is compressed.
pub(crate) fn compressed_payload(header: &Header, payload: &[u8]) -> Option<Explanation> {
    let zip = header.object.get("zip")?.to_value();
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

/// The token in a text that has exactly one token in it, and what the text is.
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
