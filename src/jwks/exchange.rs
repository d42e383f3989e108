//! Fetches one document within a time limit, and reads how long it may be cached (RFC 9111, for a private cache).
//! Redirects are followed if keys may be fetched from their target. The crates that parse caching headers reject what
//! careless servers send (quoted values, huge numbers) or bring a whole cache.

use std::time::{Duration, Instant, UNIX_EPOCH};

use super::fault::FetchFault;
use super::url::{Url, UrlFault};
use crate::sys::{GetRequest, HeaderMap, Http, HttpError, Response};

/// The longest document, in bytes: 1 MiB.
pub(super) const MAX_DOCUMENT: usize = 1024 * 1024;

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// Fetches a document, or learns that the one with this entity tag is still valid. Every request goes to a [`Url`];
/// whether the host of an http URL is this machine is checked when its name is resolved. `limit` is the whole time
/// limit, for the error message.
pub(super) fn fetch(
    http: &Http,
    url: &Url,
    etag: Option<&str>,
    bypass_caches: bool,
    deadline: Instant,
    limit: Duration,
) -> Result<Response, FetchFault> {
    let timed_out = || FetchFault::TimedOut(limit);
    let (mut here, mut redirect) = (url.clone(), None);
    for _ in 0..=MAX_REDIRECTS {
        let timeout = deadline.saturating_duration_since(Instant::now());
        if timeout.is_zero() {
            return Err(timed_out());
        }
        let request = GetRequest {
            url: here.as_str().to_owned(),
            etag: etag.map(str::to_owned),
            bypass_caches,
            timeout,
            max_bytes: MAX_DOCUMENT,
        };
        let answer = http(request).map_err(|error| match error {
            HttpError::Timeout => timed_out(),
            HttpError::NotThisMachine(address) => match redirect.take() {
                None => FetchFault::Url(UrlFault::NotThisMachine(address)),
                Some(to) => FetchFault::Redirect(to, UrlFault::NotThisMachine(address)),
            },
            error => FetchFault::Http(error),
        })?;
        if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(answer);
        }
        let to = header(&answer, "location").unwrap_or_default();
        let next = if to.is_empty() { Err(UrlFault::NotAUrl) } else { here.join(&to) };
        here = next.map_err(|fault| FetchFault::Redirect(to.clone(), fault))?;
        redirect = Some(to);
    }
    Err(FetchFault::TooManyRedirects)
}

/// The first header of this name, if it is ASCII.
pub(super) fn header(answer: &Response, name: &str) -> Option<String> {
    Some(answer.headers().get(name)?.to_str().ok()?.trim().to_owned())
}

/// How many seconds a document is fresh if its server does not say: an hour.
const DEFAULT: u64 = 60 * 60;

/// How many seconds a document is fresh at most, so that a withdrawn key is not used for longer: a day.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// Whether a document may be stored, and for how many seconds it is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub is_kept: bool,
    pub seconds: i64,
}

/// Whether a response says for how long a document is fresh.
pub(super) fn says_lifetime(headers: &HeaderMap) -> bool {
    let mut control = headers.get_all("cache-control").iter();
    control.any(|list| !list.is_empty()) || headers.contains_key("expires")
}

/// Reads the lifetime from the headers of a response that came at this time.
pub(super) fn lifetime(headers: &HeaderMap, now: i64) -> Lifetime {
    let all = |name| {
        let values = headers.get_all(name).iter();
        // A byte that is not ASCII must not hide the rest.
        values.map(|value| String::from_utf8_lossy(value.as_bytes()))
    };
    let first = |name| all(name).next();
    let control = all("cache-control").collect::<Vec<_>>().join(",");
    // A list with an unterminated string could mean anything.
    let Some(directives) = directives(&control) else {
        return Lifetime { is_kept: false, seconds: 0 };
    };
    let values = |wanted: &'static str| {
        let named = move |&&(name, _): &&Directive<'_>| name.eq_ignore_ascii_case(wanted);
        directives.iter().filter(named).map(|(_, value)| *value)
    };
    let is_kept = values("no-store").next().is_none();
    let seconds = if !is_kept || values("no-cache").next().is_some() {
        0
    } else if let Some(seconds) = max_age(values("max-age")) {
        seconds
    } else if let Some(expires) = first("expires") {
        // An invalid date is in the past (section 5.3).
        let from = first("date").and_then(|date| http_date(&date)).unwrap_or(now);
        let until = http_date(&expires).unwrap_or(from);
        u64::try_from(until.saturating_sub(from)).unwrap_or(0)
    } else {
        DEFAULT
    };
    let left = seconds.saturating_sub(first("age").map_or(0, |said| age(&said)));
    Lifetime { is_kept, seconds: i64::try_from(left).unwrap_or(DAY).min(DAY) }
}

/// If several differ or one is not a number, the response is stale (section 4.2.1).
fn max_age<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Option<u64> {
    let numbers = values.map(|value| value.and_then(|value| delta_seconds(&unquoted(value))));
    let agreed = numbers.reduce(|first, other| first.filter(|_| first == other))?;
    Some(agreed.unwrap_or(0))
}

/// How long other caches have stored it: the first of several numbers, if it is a valid one (section 5.1).
fn age(said: &str) -> u64 {
    said.split(',').next().and_then(|first| delta_seconds(first.trim())).unwrap_or(0)
}

/// A number of seconds (section 1.2.2). A number that is too large becomes the largest one.
fn delta_seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A date in any of HTTP's three forms, in seconds since 1970-01-01 00:00 UTC.
fn http_date(text: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(text.trim()).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// A directive: its name, and its argument if it has one.
type Directive<'a> = (&'a str, Option<&'a str>);

fn directive(text: &str) -> Directive<'_> {
    match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (text.trim(), None),
    }
}

/// The directives of a list (section 5.2). A comma in a quoted string is text (RFC 9110 section
/// 5.6.4); `None` if such a string is not terminated.
fn directives(list: &str) -> Option<Vec<Directive<'_>>> {
    let (mut found, mut begin, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                found.push(directive(&list[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(directive(&list[begin..]));
    (!quoted).then_some(found)
}

/// The text of an argument without its optional quotes.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else { return value.to_owned() };
    let mut text = inner.chars();
    let next = || text.next().and_then(|c| if c == '\\' { text.next() } else { Some(c) });
    std::iter::from_fn(next).collect()
}
