//! What begins otherwise than a token does: one that was cut at its beginning, an opaque token, a
//! session cookie, a file's name. A guess at most, and said as one.

use super::MOST_LOOKED_AT;
use super::kinds::Stranger;
use super::shape::{has_the_look_of_a_token, object};
use crate::json::JsonError;
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
pub(super) fn without_header(text: &str) -> Option<Stranger> {
    const CLAIMS: [&str; 6] = ["exp", "iat", "nbf", "iss", "sub", "aud"];
    if text.len() > MOST_LOOKED_AT {
        return None;
    }
    let colons = || text.split(':');
    let is_packed = |rest: &str| rest.starts_with("eJ") && !rest.contains(char::is_whitespace);
    let is_json = || colons().next().is_some_and(|part| object(part).is_some());
    let is_cookie = text.strip_prefix('.').is_some_and(|rest| {
        is_packed(rest) && (rest.matches('.').count() == 2 || colons().count() == 3)
    });
    if is_cookie || (colons().count() == 3 && is_json()) {
        return Some(Stranger::Session);
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
    Some(Stranger::NoHeader { cookie })
}

/// A file's name, by its extension.
pub(super) fn name_of_file(text: &str) -> Option<Stranger> {
    const LONGEST: usize = 255;
    let is_known =
        [".txt", ".jwt", ".json", ".pem"].iter().any(|extension| text.ends_with(extension));
    let is_one_line = !text.contains(|c: char| c.is_control()) && !text.contains("://");
    let is_name =
        text.len() <= LONGEST && is_known && is_one_line && !has_the_look_of_a_token(text);
    is_name.then_some(Stranger::FileName)
}

/// A long text of one or two parts that says nothing of itself.
pub(super) fn unknown(text: &str, fault: &Malformed) -> Option<Stranger> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 20..=4096;
    let Malformed::Parts { found: parts @ 1..=2 } = *fault else { return None };
    let own = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=%:|!".contains(&b);
    let is_one =
        LENGTHS.contains(&text.len()) && text.bytes().all(own) && !has_the_look_of_a_token(text);
    is_one.then_some(Stranger::Unknown { parts })
}
