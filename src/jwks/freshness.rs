//! How long a document may be kept (RFC 9111, for a private cache). Crates that read these headers either leave out what
//! a careless server writes (quoted values, numbers of any size) or bring a whole cache of their own.

use std::time::UNIX_EPOCH;

use crate::sys::CacheHeaders;

/// An hour: what is taken where nothing is said.
const UNSAID: u64 = 60 * 60;

/// A day: the longest that is taken, whatever is said, for a key that was withdrawn must not live on.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// What may be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// Whether it may be written down.
    pub is_kept: bool,
    /// For how many seconds it need not be asked for again.
    pub seconds: i64,
}

/// Reads what a response that came at this time says of its lifetime.
pub(super) fn lifetime(said: &CacheHeaders, now: i64) -> Lifetime {
    // A list with a string that does not end could hold anything.
    let Some(directives) = directives(&said.cache_control) else {
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
    } else if let Some(expires) = &said.expires {
        // What is no date is in the past (section 5.3).
        let from = said.date.as_deref().and_then(http_date).unwrap_or(now);
        let until = http_date(expires).unwrap_or(from);
        u64::try_from(until.saturating_sub(from)).unwrap_or(0)
    } else {
        UNSAID
    };
    let left = seconds.saturating_sub(age(said.age.as_deref()));
    Lifetime { is_kept, seconds: i64::try_from(left).unwrap_or(DAY).min(DAY) }
}

/// If several differ, the response is stale, as it is if one is not a number (section 4.2.1).
fn max_age<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Option<u64> {
    let numbers = values.map(|value| value.and_then(|value| delta_seconds(&unquoted(value))));
    let agreed = numbers.reduce(|first, other| first.filter(|_| first == other))?;
    Some(agreed.unwrap_or(0))
}

/// How long caches on the way have kept it: the first of several, and what is no number is ignored (section 5.1).
fn age(said: Option<&str>) -> u64 {
    let first = said.and_then(|said| said.split(',').next());
    first.and_then(|first| delta_seconds(first.trim())).unwrap_or(0)
}

/// A number of seconds (section 1.2.2): one too large is the largest.
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
/// 5.6.4); `None` if such a string has no end.
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

/// The text of an argument, which may be quoted although it need not be.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else { return value.to_owned() };
    let mut text = inner.chars();
    let next = || text.next().and_then(|c| if c == '\\' { text.next() } else { Some(c) });
    std::iter::from_fn(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 784_111_777;

    fn of(cache_control: &str) -> CacheHeaders {
        CacheHeaders { cache_control: cache_control.to_owned(), ..CacheHeaders::default() }
    }

    /// For how long what may be kept is fresh.
    #[track_caller]
    fn fresh(said: &CacheHeaders) -> i64 {
        let Lifetime { is_kept, seconds } = lifetime(said, NOW);
        assert!(is_kept, "{said:?}");
        seconds
    }

    #[test]
    fn what_is_said_counts_up_to_a_day() {
        for (said, seconds) in [
            ("", 3600),
            ("public, must-revalidate", 3600),
            ("public, max-age=19800, must-revalidate, no-transform", 19800),
            ("MAX-AGE = 60", 60),
            (",,\tmax-age=60 ,", 60),
            ("max-age=31536000", 86400),
            ("s-maxage=5", 3600),
            ("max-age=600, no-cache", 0),
            ("no-cache=\"set-cookie\"", 0),
        ] {
            assert_eq!(fresh(&of(said)), seconds, "{said}");
        }
        for said in ["max-age=600, No-Store", "no-store=\"x\""] {
            let nothing = Lifetime { is_kept: false, seconds: 0 };
            assert_eq!(lifetime(&of(said), NOW), nothing, "{said}");
        }
    }

    #[test]
    fn a_number_too_large_is_the_largest_and_anything_else_is_stale() {
        for digits in
            ["2147483648", "9223372036854775808", "99999999999999999999", &"9".repeat(999)]
        {
            assert_eq!(fresh(&of(&format!("max-age={digits}"))), 86400, "{digits}");
        }
        for junk in
            ["", "=", "=-1", "=+60", "=1.5", "=6 0", "=60s", "=0x60", "='60'", "=\"60", "=١"]
        {
            let said = format!("max-age{junk}");
            assert_eq!(lifetime(&of(&said), NOW).seconds, 0, "{said}");
        }
    }

    #[test]
    fn several_max_age_must_agree() {
        assert_eq!(fresh(&of("max-age=60,max-age=60")), 60);
        for said in ["max-age=60,max-age=30", "max-age=0,max-age=60", "max-age,max-age=60"] {
            assert_eq!(fresh(&of(said)), 0, "{said}");
        }
    }

    #[test]
    fn a_quoted_string_is_one_value() {
        for (said, seconds) in [
            ("max-age=\"5\"", 5),
            (r#"max-age="\6\0""#, 60),
            ("max-age=\"60\", x", 60),
            ("foo=\"a, max-age=0\"", 3600),
            ("foo=\"a, no-cache, no-store\", max-age=60", 60),
            (r#"foo="a\", max-age=0", max-age=60"#, 60),
            (r#"foo="a\\", max-age=0"#, 0),
            ("max-age=\"60, 5\"", 0),
            ("max-age=\"6\"\"0\"", 0),
            ("\"no-store\", max-age=60", 60),
        ] {
            assert_eq!(fresh(&of(said)), seconds, "{said}");
        }
        for said in ["foo=\"a, max-age=60", "max-age=60, foo=\"", r#"max-age=60, foo="\""#] {
            let nothing = Lifetime { is_kept: false, seconds: 0 };
            assert_eq!(lifetime(&of(said), NOW), nothing, "{said}");
        }
    }

    #[test]
    fn the_time_in_other_caches_is_taken_off() {
        for (age, seconds) in [
            ("100", 500),
            ("600", 0),
            ("99999999999999999999", 0),
            ("100, 599", 500),
            ("", 600),
            ("-100", 600),
            ("1.5", 600),
            ("junk, 100", 600),
        ] {
            let said = CacheHeaders { age: Some(age.to_owned()), ..of("max-age=600") };
            assert_eq!(fresh(&said), seconds, "{age}");
        }
        let unsaid = CacheHeaders { age: Some("600".to_owned()), ..of("") };
        assert_eq!(fresh(&unsaid), 3000);
    }

    #[test]
    fn a_date_counts_where_no_number_does() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (expires, seconds) in [
            ("Sun, 06 Nov 1994 08:59:37 GMT", 600),
            ("Sunday, 06-Nov-94 08:59:37 GMT", 600),
            ("Sun Nov  6 08:59:37 1994", 600),
            ("Sat, 06 Nov 2094 08:59:37 GMT", 86400),
            (date, 0),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("0", 0),
            ("-1", 0),
            ("", 0),
        ] {
            let said = |cache_control, date: &str| CacheHeaders {
                expires: Some(expires.to_owned()),
                date: Some(date.to_owned()),
                ..of(cache_control)
            };
            assert_eq!(fresh(&said("", date)), seconds, "{expires}");
            assert_eq!(fresh(&said("", "junk")), seconds, "{expires}: the clock's time counts");
            assert_eq!(fresh(&said("max-age=60", date)), 60, "{expires}");
        }
        // The server's clock is compared with itself.
        let said = CacheHeaders {
            expires: Some("Sun, 06 Nov 2033 08:59:37 GMT".to_owned()),
            date: Some("Sun, 06 Nov 2033 08:49:37 GMT".to_owned()),
            age: Some("100".to_owned()),
            ..CacheHeaders::default()
        };
        assert_eq!(fresh(&said), 500);
    }
}
