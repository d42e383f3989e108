//! Durations and points in time as users type them.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

use super::NumericDate;
use crate::json::Value;

/// The longest duration that is accepted: 1,000 years.
pub const LONGEST: i64 = 1000 * YEAR;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 31_557_600;

/// A point in time as a user wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// This one.
    At(NumericDate),
    /// Seconds from now, negative for the past.
    FromNow(i64),
}

impl When {
    /// The time that counts as now: what a call says it is, else the clock's.
    #[must_use]
    pub fn now(said: Option<Self>, clock: NumericDate) -> NumericDate {
        said.map_or(clock, |at| at.resolve(clock))
    }

    /// The point in time.
    #[must_use]
    pub fn resolve(self, now: NumericDate) -> NumericDate {
        match self {
            Self::At(date) => date,
            Self::FromNow(seconds) => now.plus(seconds),
        }
    }

    /// The claim that it makes: what was typed to its last digit, and whole seconds of what the clock says.
    #[must_use]
    pub fn claim(self, now: NumericDate) -> Value {
        self.resolve(now.whole()).to_value()
    }
}

/// Why a text is no duration or point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// Not a duration in any accepted form.
    NotADuration,
    /// A duration but for the case of its units.
    UpperCase,
    /// A duration with a sign before it.
    Negative,
    /// Longer than 1,000 years.
    TooLong,
    /// Not a point in time in any accepted form.
    NotATime,
    /// A duration where a point in time is meant: it needs a sign.
    DurationWithoutSign,
    /// A date and a time of day without their zone.
    NoZone,
    /// A fraction of a second with more than nine digits.
    TooFine,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADuration => "not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w",
            Self::UpperCase => "not a duration: units are written small",
            Self::Negative => "negative; a duration is not",
            Self::TooLong => "longer than 1000 years",
            Self::NotATime => {
                "not a point in time such as 1767225600, 2026-01-01T00:00:00Z, 2026-01-01, +30m or -5m"
            }
            Self::NoZone => "not in a time zone",
            Self::TooFine => "finer than a nanosecond: nine digits after the point at most",
            Self::DurationWithoutSign => "a duration, where a point in time is meant",
        })
    }
}

impl std::error::Error for TimeError {}

/// Reads a duration: `90` (seconds), `90s`, `30m`, `1h30m`, `7d`, `2w`: whole numbers, the larger unit
/// first. Gives seconds, never negative.
///
/// # Errors
/// `NotADuration`, `Negative`, `UpperCase` or `TooLong`.
pub fn parse_duration(text: &str) -> Result<i64, TimeError> {
    match sum_of_units(text) {
        Err(TimeError::NotADuration) => {}
        other => return other,
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    Err(match sum_of_units(&unsigned.to_ascii_lowercase()) {
        Err(_) => TimeError::NotADuration,
        Ok(_) if unsigned.len() < text.len() => TimeError::Negative,
        Ok(_) => TimeError::UpperCase,
    })
}

fn sum_of_units(text: &str) -> Result<i64, TimeError> {
    const UNITS: [(char, i64); 5] =
        [('w', 7 * DAY), ('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', 1)];
    let is_bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let bare = format!("{text}s");
    let mut rest = if is_bare { bare.as_str() } else { text };
    let (mut seconds, mut units) = (0_i64, &UNITS[..]);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = rest.split_at(digits);
        let at = units.iter().position(|(letter, _)| unit.starts_with(*letter));
        let at = at.ok_or(TimeError::NotADuration)?;
        let count: i64 = match number {
            "" => return Err(TimeError::NotADuration),
            number => number.parse().map_err(|_| TimeError::TooLong)?,
        };
        let part = count.checked_mul(units[at].1).ok_or(TimeError::TooLong)?;
        seconds = seconds.checked_add(part).ok_or(TimeError::TooLong)?;
        (rest, units) = (&unit[1..], &units[at + 1..]);
    }
    match seconds {
        _ if text.is_empty() => Err(TimeError::NotADuration),
        ..=LONGEST => Ok(seconds),
        _ => Err(TimeError::TooLong),
    }
}

/// Reads a point in time: Unix seconds, RFC 3339, either with a fraction, `YYYY-MM-DD` (midnight UTC), or
/// `+D` / `-D` from now.
///
/// # Errors
/// `NotATime`, `NoZone`, `TooFine`, `DurationWithoutSign`, or a duration's error behind a sign.
pub fn parse_when(text: &str) -> Result<When, TimeError> {
    if let Some(duration) = text.strip_prefix('+') {
        return parse_duration(duration).map(When::FromNow);
    }
    if let Some(duration) = text.strip_prefix('-') {
        return parse_duration(duration).map(|seconds| When::FromNow(-seconds));
    }
    let fraction = text.split_once('.').map_or("", |(_, rest)| digits(rest));
    let is_too_fine = fraction.trim_end_matches('0').len() > 9;
    let date = seconds(text)
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|time| date_of(&time.to_utc())))
        .or_else(|| midnight(text));
    match date {
        Some(_) if is_too_fine => Err(TimeError::TooFine),
        Some(date) => Ok(When::At(date)),
        None => Err(match parse_duration(text) {
            Ok(_) => TimeError::DurationWithoutSign,
            Err(TimeError::UpperCase) => TimeError::UpperCase,
            Err(_) if date_and_time(text).is_some() => TimeError::NoZone,
            Err(_) => TimeError::NotATime,
        }),
    }
}

/// Unix seconds, with or without a fraction.
fn seconds(text: &str) -> Option<NumericDate> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && digits(text) == text;
    let is_number = is_digits(whole) && is_digits(fraction);
    let nanos = format!("{fraction:0<9}").get(..9).and_then(|nanos| nanos.parse().ok());
    Some(NumericDate::new(whole.parse().ok().filter(|_| is_number)?, nanos?))
}

/// The start of a day, in UTC.
fn midnight(text: &str) -> Option<NumericDate> {
    let is_long = text.len() == "2026-01-01".len();
    let date = is_long.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())??;
    Some(date_of(&date.and_time(NaiveTime::MIN).and_utc()))
}

/// A leap second is the second after it, as in Unix time.
fn date_of(time: &DateTime<Utc>) -> NumericDate {
    NumericDate::new(time.timestamp(), time.timestamp_subsec_nanos())
}

/// The digits that a text begins with.
fn digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// The duration that a text such as "5min", "1 hour" or "1h 30m" is meant to be, as it is written here.
#[must_use]
pub fn corrected_duration(text: &str) -> Option<String> {
    const WORDS: [(&str, &[&str]); 5] = [
        ("w", &["w", "wk", "wks", "week", "weeks"]),
        ("d", &["d", "day", "days"]),
        ("h", &["h", "hr", "hrs", "hour", "hours"]),
        ("m", &["m", "min", "mins", "minute", "minutes"]),
        ("s", &["s", "sec", "secs", "second", "seconds"]),
    ];
    let (mut rest, mut mended) = (text.trim(), String::new());
    while !rest.is_empty() {
        let (number, unit) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
        let unit = unit.trim_start();
        let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, after) = unit.split_at(letters);
        // A capital letter alone could be another unit.
        let word = if letters > 1 { word.to_ascii_lowercase() } else { word.to_owned() };
        let (letter, _) = WORDS.iter().find(|(_, words)| words.contains(&word.as_str()))?;
        mended.extend([number, letter]);
        rest = after.trim_start();
    }
    parse_duration(&mended).is_ok().then_some(mended)
}

/// The point in time that a text such as "2026-01-01 10:00" or "+5min" is meant to be, as it is written
/// here; in UTC, if the text names no zone.
#[must_use]
pub fn corrected_when(text: &str) -> Option<String> {
    for sign in ["+", "-"] {
        if let Some(duration) = text.strip_prefix(sign) {
            return corrected_duration(duration).map(|mended| format!("{sign}{mended}"));
        }
    }
    let local = ["UTC", "GMT", "Z"].iter().find_map(|zone| text.strip_suffix(zone));
    let time = date_and_time(local.unwrap_or(text).trim())?;
    let is_in_calendar = (0..10_000).contains(&time.year());
    is_in_calendar.then(|| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// A date and a time of day without a zone, as if it were UTC.
fn date_and_time(text: &str) -> Option<DateTime<Utc>> {
    let formats =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let mut read = formats.iter().map(|format| NaiveDateTime::parse_from_str(text, format));
    read.find_map(Result::ok).map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("90", 90),
            ("90s", 90),
            ("30m", 1800),
            ("1h30m", 5400),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("1w1d1h1m1s", 694_861),
            ("0", 0),
            ("0s", 0),
            ("365250d", LONGEST),
        ] {
            assert_eq!(parse_duration(text), Ok(seconds), "{text}");
        }
        for text in [
            "", "m", "-x", "--5m", "+5m", "1.5h", "1.5", "abc", "30 x", "½h", "5 m", "1h 30m",
            "30m1h", "1h1h", "1y", "1month", "90ms", "1h30",
        ] {
            assert_eq!(parse_duration(text), Err(TimeError::NotADuration), "{text}");
        }
        assert_eq!(parse_duration("-5m"), Err(TimeError::Negative));
        assert_eq!(parse_duration("30M"), Err(TimeError::UpperCase));
        assert_eq!(parse_duration(&"-".repeat(1_000_000)), Err(TimeError::NotADuration));
        for text in
            ["365251d", "99999999999999999999", "99999999999999999999s", "9223372036854775807w"]
        {
            assert_eq!(parse_duration(text), Err(TimeError::TooLong), "{text}");
        }
    }

    #[test]
    fn points_in_time() {
        let at = |seconds, nanos| When::At(NumericDate::new(seconds, nanos));
        for (text, when) in [
            ("1631934124", at(1_631_934_124, 0)),
            ("1631934124.5", at(1_631_934_124, 500_000_000)),
            ("1631934124.0000000010", at(1_631_934_124, 1)),
            ("2021-09-18T03:02:04Z", at(1_631_934_124, 0)),
            ("2021-09-18T05:02:04+02:00", at(1_631_934_124, 0)),
            ("2021-09-18T03:02:04.9Z", at(1_631_934_124, 900_000_000)),
            ("1969-12-31T23:59:59.25Z", at(-1, 250_000_000)),
            ("2016-12-31T23:59:60.5Z", at(1_483_228_800, 500_000_000)),
            ("2021-09-18", at(1_631_923_200, 0)),
            ("+30m", When::FromNow(1800)),
            ("-5m", When::FromNow(-300)),
        ] {
            assert_eq!(parse_when(text), Ok(when), "{text}");
        }
        assert_eq!(parse_when("30m"), Err(TimeError::DurationWithoutSign));
        for text in ["", "soon", "2021-13-01", "2021-1-1", "1.", ".5", "1.5.5", "1.5e3", "1,5"] {
            assert_eq!(parse_when(text), Err(TimeError::NotATime), "{text}");
        }
        assert_eq!(parse_when("2021-09-18T03:02:04"), Err(TimeError::NoZone));
        assert_eq!(parse_when("+x"), Err(TimeError::NotADuration));
        for text in ["1631934124.0000000001", "2021-09-18T03:02:04.0000000001Z"] {
            assert_eq!(parse_when(text), Err(TimeError::TooFine), "{text}");
        }
    }
}
