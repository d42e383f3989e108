//! What carries a token: a cookie, a header line, a URL, a server's whole answer, words. What is kept of
//! it is a name, and which of the tokens in it is meant.

use super::MOST_LOOKED_AT;
use super::kinds::{Carrier, Found, NotAToken};
use super::opaque::{issued, issuer_of};
use super::shape::{has_the_look_of_a_token, is_token, is_whole, object};
use crate::secret::may_hold_secret;

/// The longest name that is kept, in bytes.
const LONGEST_NAME: usize = 40;

/// How many texts with the look of a token are considered.
const MOST_CANDIDATES: usize = 64;

/// What carries a token, or would if there were one in it.
pub(super) fn carrier(text: &str) -> Option<(Carrier, Option<Found>)> {
    let text = &text[..text.floor_char_boundary(MOST_LOOKED_AT)];
    let tokens = candidates(text);
    let found = first(text, &tokens);
    let name = found.and_then(|found| name_before(&text[..tokens[found.nth - 1].0]));
    let carrier = if starts(text, "HTTP/") {
        Carrier::Http {
            status: text.split(' ').nth(1).and_then(|word| word.get(..3)?.parse().ok()),
        }
    } else if starts(text, "<!doctype html") || starts(text, "<html") {
        Carrier::Html
    } else if starts(text, "https://") || starts(text, "http://") {
        Carrier::Url { name }
    } else if let Some(pairs) = cookie(text, found.is_some()) {
        Carrier::Cookie { name: name.or_else(|| found.and_then(|_| name_of_cookie(pairs))) }
    } else if let Some(name) = name_of_header(text, found.is_some()) {
        Carrier::Header { name }
    } else {
        return in_words(text, &tokens, found?, name);
    };
    Some((carrier, found))
}

/// A token of an issuer that puts a prefix before a JWT, anywhere in a text; of one that was cut the header is left.
pub(super) fn prefixed(text: &str) -> Option<NotAToken> {
    let text = &text[..text.floor_char_boundary(MOST_LOOKED_AT)];
    let tokens = candidates(text);
    let found = first(text, &tokens);
    let at = match found {
        Some(found) => tokens[found.nth - 1].0,
        None => text.find("eyJ").filter(|at| begins_a_token(&text[*at..]))?,
    };
    let before = &text[..at];
    let prefix = &before[before.trim_end_matches(is_of_part).len()..];
    issuer_of(prefix).map(|issuer| NotAToken::Prefixed { issuer, whole: found.is_some() })
}

/// Whether a text begins with the header of a token and a dot.
fn begins_a_token(text: &str) -> bool {
    let header = text.split_once('.').and_then(|(header, _)| object(header));
    header.is_some_and(|header| header.get("alg").is_some())
}

/// Where the only token of a text is, which may be there several times.
pub(super) fn only_token(text: &str) -> Option<(usize, usize)> {
    let found = candidates(text);
    let mut tokens = found.iter().filter(|(at, end)| is_token(&text[*at..*end]));
    let first = *tokens.next().filter(|_| found.len() < MOST_CANDIDATES)?;
    tokens.all(|(at, end)| text[*at..*end] == text[first.0..first.1]).then_some(first)
}

/// The first token in a text.
pub(super) fn find(text: &str) -> Option<Found> {
    let text = &text[..text.floor_char_boundary(MOST_LOOKED_AT)];
    first(text, &candidates(text))
}

fn first(text: &str, tokens: &[(usize, usize)]) -> Option<Found> {
    let hit = tokens.iter().position(|(at, end)| is_token(&text[*at..*end]))?;
    Some(Found { nth: hit + 1, of: tokens.len() })
}

/// Assignments and words: only those with a token in them are anything.
fn in_words(
    text: &str,
    tokens: &[(usize, usize)],
    found: Found,
    name: Option<String>,
) -> Option<(Carrier, Option<Found>)> {
    let (at, end) = tokens[found.nth - 1];
    if let Some(name) = name.filter(|_| !has_the_look_of_a_token(text)) {
        return Some((Carrier::Assignment { name }, Some(found)));
    }
    let words = || text.split_whitespace();
    let spaced = words().nth(1).is_some();
    let all_tokens = words().all(|word| word.matches('.').count() == 2);
    // A wrapped token is one that is not whole at its end.
    let is_one = if spaced {
        !all_tokens && is_whole(&text[at..end])
    } else {
        !has_the_look_of_a_token(text)
    };
    is_one.then_some((Carrier::Words, Some(found)))
}

/// Where a text holds what this finds, whose meaning is the same here:
/// `eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`
fn candidates(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let run = |from: usize| {
        from + bytes[from..].iter().take_while(|b| is_of_part(char::from(**b))).count()
    };
    let dot = |at: usize| bytes.get(at) == Some(&b'.');
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("eyJ").map(|at| at + from) {
        let header = run(at);
        from = header;
        if header - at == 3 || !dot(header) {
            continue;
        }
        let payload = run(header + 1);
        if payload == header + 1 || !dot(payload) {
            continue;
        }
        from = run(payload + 1);
        found.push((at, from));
        if found.len() == MOST_CANDIDATES {
            break;
        }
    }
    found
}

/// Whether a character is one of base64url.
fn is_of_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn starts(text: &str, prefix: &str) -> bool {
    after(text, prefix).is_some()
}

fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// RFC 9110 section 5.6.2, of which names are made.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// The name in `name=`, with which a text ends: letters, digits, `-`, `_` and `.`.
fn name_before(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['"', '\'']).strip_suffix('=')?;
    let own = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let rest = text.trim_end_matches(own);
    kept(&text[rest.len()..])
}

fn name_of_cookie(text: &str) -> Option<String> {
    let (name, _) = text.trim_start().split_once('=')?;
    kept(name).filter(|name| name.chars().all(is_name))
}

/// A name as it may be said: not longer than a name is, and none that may be a secret in a name's place.
fn kept(name: &str) -> Option<String> {
    let is_name = (1..=LONGEST_NAME).contains(&name.len());
    (is_name && !may_hold_secret(name) && issued(name).is_none()).then(|| name.to_owned())
}

/// The pairs of a cookie, with its header's name before them or without.
fn cookie(text: &str, holds_token: bool) -> Option<&str> {
    let line = after(text, "set-cookie:").or_else(|| after(text, "cookie:"));
    line.or_else(|| is_cookie(text, holds_token).then_some(text))
}

/// `name=value; …`, with an attribute of RFC 6265 section 4.1.1 or another cookie.
fn is_cookie(text: &str, holds_token: bool) -> bool {
    const ATTRIBUTES: [&str; 7] =
        ["path", "domain", "expires", "max-age", "secure", "httponly", "samesite"];
    let Some((first, rest)) = text.split_once(';') else { return false };
    let pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| is_plain(name.trim()));
    let attribute = |word: &str| {
        let name = word.split('=').next().unwrap_or_default().trim();
        ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    pair(first) && rest.split(';').any(|word| attribute(word) || (holds_token && pair(word)))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name)
}

/// The name of a header line: one that is known, or any before a token.
fn name_of_header(text: &str, holds_token: bool) -> Option<String> {
    const KNOWN: [&str; 10] = [
        "authorization",
        "accept",
        "content-type",
        "date",
        "etag",
        "host",
        "location",
        "server",
        "www-authenticate",
        "x-api-key",
    ];
    let (name, value) = text.split_once(':')?;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let known = KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known));
    let is_one = plain
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (known || holds_token)
        && value.starts_with([' ', '\t'])
        && !value.contains('\n');
    is_one.then(|| kept(name))?
}
