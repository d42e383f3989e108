//! Texts that carry a token: a cookie, a header line, a URL, an HTTP response, words. Only names are repeated.

use std::iter;
use std::ops::Range;

use super::opaque::{issuer_of, opaque};
use super::shape::{TOKEN_FORM, has_whole_signature, head, is_token, looks_like_token, object};
use crate::characters::is_base64url;
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::explain::shell::{Filter, cut_words, pipe};
use crate::json::quote;
use crate::secret::may_hold_secret;
use crate::token::{TokenFinder, strip_prefix};

/// How many texts that look like a token are considered.
const MOST_CANDIDATES: usize = 64;

/// The tokens in another text, also those that begin inside a word.
pub(super) struct Candidates<'t> {
    text: &'t str,
    spans: Vec<Range<usize>>,
    first: Option<usize>,
}

impl<'t> Candidates<'t> {
    pub(super) fn find(text: &'t str) -> Self {
        let text = head(text);
        let spans = found(TokenFinder::new(0).in_words(), text).take(MOST_CANDIDATES);
        let spans: Vec<_> = spans.collect();
        let first = spans.iter().position(|span| is_token(&text[span.clone()]));
        Self { text, spans, first }
    }

    pub(super) fn count(&self) -> usize {
        self.spans.len()
    }

    /// The position of the first one that is a token.
    pub(super) fn first(&self) -> Option<Range<usize>> {
        self.first.map(|at| self.spans[at].clone())
    }

    /// The position of the token, if there is only one, even if it is there several times.
    pub(super) fn only(&self) -> Option<Range<usize>> {
        let first = self.first().filter(|_| self.count() < MOST_CANDIDATES)?;
        let mut others = self.spans.iter().map(|span| &self.text[span.clone()]);
        others.all(|other| other == &self.text[first.clone()] || !is_token(other)).then_some(first)
    }

    /// A hint that extracts the first token from the text with `--find`. If it begins inside a word, it is cut off first.
    pub(super) fn hint(&self) -> Option<String> {
        let token = &self.text[self.first()?];
        let find = |text: &str| {
            let found: Vec<_> = found(TokenFinder::new(0), text).collect();
            let place = found.iter().position(|span| text[span.clone()].starts_with(token))?;
            Some(Filter::find_token(place, found.len()))
        };
        let cut = || Some(vec![Filter::cut_words(), find(&cut_words(self.text))?]);
        Some(pipe(&find(self.text).map(|find| vec![find]).or_else(cut)?))
    }
}

/// The tokens that a finder finds in a text.
fn found(mut finder: TokenFinder, text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    iter::from_fn(move || {
        let token = finder.next(text.as_bytes(), from)?;
        from = token.end;
        Some(token)
    })
}

/// Recognises a text that carries a token, or that usually does but has none in it.
pub(super) fn carrier(text: &str) -> Option<Explanation> {
    const SERVER: &str =
        "was the URL right, and was the request authenticated? Look at what the server says";
    const OTHERS: &str =
        "a token has three parts with dots between them; it may be in another cookie or header";
    let tokens = Candidates::find(text);
    let text = tokens.text;
    let first = tokens.first();
    let holds_token = first.is_some();
    let name = first.as_ref().and_then(|token| name_before(&text[..token.start]));
    let with = |name: Option<String>| match name {
        Some(name) if holds_token => format!(" with a token in {}", quote(&name)),
        _ if holds_token => " with a token in it".to_owned(),
        _ => " with no token in it".to_owned(),
    };
    let (code, message, hint) = if strip_prefix(text, "HTTP/").is_some() {
        let status = text.split(' ').nth(1).and_then(|word| word.get(..3)?.parse::<u16>().ok());
        let status = status.map_or_else(String::new, |status| format!(", status {status},"));
        (Code::TokenHttp, format!("this is an HTTP response{status}{}", with(None)), SERVER)
    } else if ["<!doctype html", "<html"].iter().any(|tag| strip_prefix(text, tag).is_some()) {
        (Code::TokenHtml, format!("this is an HTML page{}", with(None)), SERVER)
    } else if ["https://", "http://"].iter().any(|scheme| strip_prefix(text, scheme).is_some()) {
        let hint =
            "jwtctl does not fetch tokens: pipe in what curl prints, or pass the token itself";
        (Code::TokenUrl, format!("this is a URL{}", with(name)), hint)
    } else if let Some(pairs) = cookie(text, holds_token) {
        let first = pairs.split_once('=').map(|(name, _)| name.trim_start());
        let name = name.or_else(|| printable(first.filter(|name| is_name(name))?));
        (Code::TokenCookie, format!("this is a cookie{}", with(name)), OTHERS)
    } else if let Some(name) = name_of_header(text, holds_token) {
        let message = format!("this is the header line {}{}", quote(&name), with(None));
        (Code::TokenHeaderLine, message, OTHERS)
    } else {
        let (code, message) = in_words(text, first?, name)?;
        (code, message, TOKEN_FORM)
    };
    Some(Explanation::new(code, message).hint(tokens.hint().unwrap_or_else(|| hint.to_owned())))
}

/// An assignment or words with a token in them.
fn in_words(text: &str, token: Range<usize>, name: Option<String>) -> Option<(Code, String)> {
    if let Some(name) = name.filter(|_| !looks_like_token(text)) {
        let message = format!("there is a name before the token: {}", quote(&name));
        return Some((Code::TokenNamed, message));
    }
    let words = || text.split_whitespace();
    let is_spaced = words().nth(1).is_some();
    let are_tokens = words().all(|word| word.matches('.').count() == 2);
    // The first line of a wrapped token does not have a whole signature.
    let is_carried = if is_spaced {
        !are_tokens && has_whole_signature(&text[token])
    } else {
        !looks_like_token(text)
    };
    is_carried.then(|| (Code::TokenInText, "there is other text around the token".to_owned()))
}

/// A JWT with the prefix of an issuer, anywhere in a text: GitHub's `ghs_APPID_JWT`, GitLab's `glcbt-JWT`, Buildkite's
/// `bkaj_JWT`. If the JWT was cut, its header is enough.
pub(super) fn prefixed(text: &str) -> Option<Explanation> {
    let tokens = Candidates::find(text);
    let text = tokens.text;
    let token = tokens.first().map(|token| token.start);
    let is_cut = token.is_none();
    let begins_token = |text: &str| {
        let header = text.split_once('.').and_then(|(header, _)| object(header));
        header.is_some_and(|header| header.get("alg").is_some())
    };
    let at = token.or_else(|| text.find("eyJ").filter(|at| begins_token(&text[*at..])))?;
    let before = &text[..at];
    let issuer = issuer_of(&before[before.trim_end_matches(is_base64url).len()..])?;
    let message =
        format!("this is a {issuer} token: a JWT with a prefix, which only {issuer} can verify");
    Some(Explanation::new(Code::TokenPrefixed, message).hint(if is_cut {
        "the JWT cannot be read: was it cut?"
    } else {
        "to read its claims: jwtctl decode TOKEN"
    }))
}

/// The name in the `name=` that a text ends with.
fn name_before(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['"', '\'']).strip_suffix('=')?;
    let rest = text.trim_end_matches(|c| is_base64url(c) || c == '.');
    printable(&text[rest.len()..])
}

/// The name, if it may be repeated: it has the length of a name and is not a secret.
fn printable(name: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let is_name = (1..=LONGEST).contains(&name.len());
    (is_name && !may_hold_secret(name) && opaque(name).is_none()).then(|| name.to_owned())
}

/// Whether this is a token in the sense of RFC 9110 section 5.6.2, as names are in HTTP.
fn is_name(name: &str) -> bool {
    let is_own = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_own)
}

/// The pairs of a cookie (RFC 6265 section 4): what comes after the name of its header line, or `name=value; …` with
/// an attribute (section 4.1.1) or another cookie.
fn cookie(text: &str, holds_token: bool) -> Option<&str> {
    const ATTRIBUTES: [&str; 7] =
        ["path", "domain", "expires", "max-age", "secure", "httponly", "samesite"];
    let line = strip_prefix(text, "set-cookie:").or_else(|| strip_prefix(text, "cookie:"));
    if line.is_some() {
        return line;
    }
    let (first, rest) = text.split_once(';')?;
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| is_name(name.trim()));
    let is_attribute = |word: &str| {
        let name = word.split('=').next().unwrap_or_default().trim();
        ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let mut others = rest.split(';');
    let is_cookie = others.any(|word| is_attribute(word) || holds_token && is_pair(word));
    (is_pair(first) && is_cookie).then_some(text)
}

/// The name of a header line (RFC 9110 section 5): a known one, or any before a token.
fn name_of_header(text: &str, holds_token: bool) -> Option<String> {
    let (name, value) = text.split_once(':')?;
    let is_known = match name.to_ascii_lowercase().as_str() {
        "authorization" | "accept" | "content-type" | "date" | "etag" | "host" | "location"
        | "server" | "www-authenticate" | "x-api-key" => true,
        _ => holds_token,
    };
    let is_header = is_known
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.starts_with([' ', '\t'])
        && !value.contains('\n');
    printable(name).filter(|_| is_header)
}
