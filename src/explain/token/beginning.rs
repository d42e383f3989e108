//! What begins otherwise than a token does: one that was cut at its beginning, an opaque token, a
//! session cookie, a file's name. A guess at most, and said as one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::MOST_LOOKED_AT;
use super::kinds::NotAToken;
use super::shape::{has_the_look_of_a_token, object};
use crate::json::{JsonError, Object, Value};
use crate::token::{Base64Fault, Malformed, Part};

/// What is odd about a header that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Something is missing before it: a payload follows.
    Cut,
    /// It is another text.
    Other,
}

/// What a header that cannot be read looks like, if the fault is in it.
pub(super) fn beginning(text: &str, fault: &Malformed) -> Option<Beginning> {
    let is_no_object = match fault {
        Malformed::Json { part: Part::Header, error } => match error {
            JsonError::Duplicate { .. } | JsonError::TooDeep => return None,
            error => matches!(error, JsonError::NotAnObject { .. }),
        },
        Malformed::Base64 {
            part: Part::Header,
            fault: Base64Fault::Length | Base64Fault::TrailingBits,
            ..
        } => false,
        _ => return None,
    };
    let mut parts = text.split('.').skip(1);
    let is_payload = |part: &str| part.len() <= MOST_LOOKED_AT && object(part).is_some();
    let is_cut = !is_no_object
        && !has_the_look_of_a_token(text.split('.').next().unwrap_or_default())
        && parts.next().is_some_and(is_payload);
    let is_json = matches!(fault, Malformed::Json { .. });
    if is_cut { Some(Beginning::Cut) } else { is_json.then_some(Beginning::Other) }
}

/// A text whose first part is JSON and no header: a token without one, or a cookie that a web
/// framework has signed.
pub(super) fn without_header(text: &str) -> Option<NotAToken> {
    const CLAIMS: [&str; 6] = ["exp", "iat", "nbf", "iss", "sub", "aud"];
    if text.len() > MOST_LOOKED_AT {
        return None;
    }
    if is_session(text) || text.split_once('=').is_some_and(|(_, value)| is_session(value)) {
        return Some(NotAToken::Session);
    }
    let mut parts = text.split('.');
    let first = object(parts.next()?)?;
    let is_header = first.get("alg").is_some() || first.iter().next().is_none();
    if is_header || parts.next().is_none_or(|part| object(part).is_some()) {
        return None;
    }
    let cookie = match parts.count() {
        0 => !CLAIMS.into_iter().any(|name| first.get(name).is_some()),
        1 => true,
        _ => return None,
    };
    Some(NotAToken::NoHeader { cookie })
}

/// Whether a text is the value of a cookie that a web framework has signed.
fn is_session(text: &str) -> bool {
    let colons = || text.split(':');
    let is_packed = |rest: &str| rest.starts_with("eJ") && !rest.contains(char::is_whitespace);
    let is_json = || colons().next().is_some_and(|part| object(part).is_some());
    let is_compressed = text.strip_prefix('.').is_some_and(|rest| {
        is_packed(rest) && (rest.matches('.').count() == 2 || colons().count() == 3)
    });
    is_compressed || (colons().count() == 3 && is_json()) || is_timed(text) || is_of_rails(text)
}

/// Whether a text is JSON, a time and a MAC, as `itsdangerous` makes them, which signs the cookies of Flask.
pub(in crate::explain) fn is_timed(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(4, '.').collect();
    let [payload, time, mac] = parts[..] else { return false };
    let decoded = |part| URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    let is_mac = |bytes: &[u8]| matches!(bytes.len(), 20 | 28 | 32 | 48 | 64);
    let is_json = |bytes: &[u8]| {
        let value = Value::parse(bytes);
        value.is_ok_and(|value| value.as_object().is_none_or(|object| object.get("alg").is_none()))
    };
    // Seconds, in as many bytes as they need.
    matches!(decoded(time).len(), 4 | 5) && is_mac(&decoded(mac)) && is_json(&decoded(payload))
}

/// Whether a text is base64 and a MAC in hexadecimal with `--` between them, or, encrypted, three parts in base64, as
/// Rails makes cookies.
fn is_of_rails(text: &str) -> bool {
    let own = |b: u8| b.is_ascii_alphanumeric() || b"+/=%".contains(&b);
    let is_base64 = |part: &str, least: usize| part.len() >= least && part.bytes().all(own);
    let is_mac =
        |part: &str| matches!(part.len(), 40 | 64) && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts: Vec<_> = text.splitn(4, "--").collect();
    match parts[..] {
        [payload, mac] => is_base64(payload, 4) && is_mac(mac),
        [payload, iv, tag] => is_base64(payload, 4) && is_base64(iv, 16) && is_base64(tag, 22),
        _ => false,
    }
}

/// Whether the JSON in a text is that of a cookie that Laravel has encrypted.
pub(super) fn is_of_laravel(object: &Object) -> bool {
    ["iv", "value", "mac"].iter().all(|name| object.get(name).is_some())
}

/// A file's name, by its extension.
pub(super) fn name_of_file(text: &str) -> Option<NotAToken> {
    const LONGEST: usize = 255;
    let is_known =
        [".txt", ".jwt", ".json", ".pem"].iter().any(|extension| text.ends_with(extension));
    let is_one_line = !text.contains(|c: char| c.is_control()) && !text.contains("://");
    let is_name =
        text.len() <= LONGEST && is_known && is_one_line && !has_the_look_of_a_token(text);
    is_name.then_some(NotAToken::FileName)
}

/// A long text of one or two parts that says nothing of itself.
pub(super) fn unknown(text: &str, fault: &Malformed) -> Option<NotAToken> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 20..=4096;
    let Malformed::Parts(parts @ 1..=2) = *fault else { return None };
    let own = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=%:|!".contains(&b);
    let is_one =
        LENGTHS.contains(&text.len()) && text.bytes().all(own) && !has_the_look_of_a_token(text);
    is_one.then_some(NotAToken::Unknown { parts })
}
