//! What base64 hides: a token, JSON with a token in it, XML, a macaroon.

use base64::Engine as _;

use super::carrier::{Candidates, nth_line};
use super::json_answer::JsonPath;
use super::not_a_token::markup;
use super::shape::{LENIENT, MOST_EXAMINED, head, is_encoded_token};
use crate::characters::is_base64url;
use crate::explain::codes::Code;
use crate::explain::explanation::{Explanation, pipe};
use crate::json::Value;

pub(super) fn encoded(text: &str) -> Option<Explanation> {
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
            .hint(pipe("base64 -d"))
    })
}

/// The base64 of a token among other text.
pub(super) fn encoded_inside(text: &str) -> Option<Explanation> {
    const FIND: &str = "grep -aoE 'ZXlK[A-Za-z0-9+/]+=*'";
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
    let find = nth_line(FIND, nth, candidates.len());
    Candidates::find(text).first().is_none().then(|| {
        let message = "there is a token in this text that was base64-encoded again";
        Explanation::new(Code::TokenEncodedTwice, message)
            .hint(pipe(&format!("{find} | base64 -d")))
    })
}

/// The base64 of JSON with a token in it.
pub(super) fn encoded_answer(text: &str) -> Option<Explanation> {
    let is_own = |c: char| is_base64url(c) || "+/=".contains(c) || c.is_ascii_whitespace();
    let begins_as_json = ["ey", "ew", "W3"].iter().any(|start| text.starts_with(start));
    if !begins_as_json || text.len() > MOST_EXAMINED || !text.chars().all(is_own) {
        return None;
    }
    let standard = text.replace(|c: char| c.is_ascii_whitespace(), "");
    let standard = standard.replace('-', "+").replace('_', "/");
    let value = Value::parse(&LENIENT.decode(standard).ok()?).ok()?;
    let path = JsonPath::to_token(&value)?;
    let to_standard = if text.contains(['-', '_']) { "tr '_-' '/+' | " } else { "" };
    let message = format!("this is JSON in base64 with a token {}", path.place());
    let command = format!("{to_standard}base64 -d | {}", path.command());
    Some(Explanation::new(Code::TokenInJson, message).hint(pipe(&command)))
}
