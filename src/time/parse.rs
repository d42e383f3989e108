//! Durations and points in time as users write them.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

use super::date::{DAY, HOUR, MINUTE, NumericDate, YEAR};
use crate::json::Value;

/// The longest duration that is accepted: 1,000 years.
pub const LONGEST: i64 = 1000 * YEAR;

/// The units of a duration from the largest to the smallest: the letter, its seconds, and what some users write instead.
const UNITS: [(char, i64, &[&str]); 5] = [
    ('w', 7 * DAY, &["w", "wk", "wks", "week", "weeks"]),
    ('d', DAY, &["d", "day", "days"]),
    ('h', HOUR, &["h", "hr", "hrs", "hour", "hours"]),
    ('m', MINUTE, &["m", "min", "mins", "minute", "minutes"]),
    ('s', 1, &["s", "sec", "secs", "second", "seconds"]),
];

/// A point in time as a user wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A point in time, independent of the clock.
    At(NumericDate),
    /// Seconds from now, negative for the past.
    FromNow(i64),
}

impl When {
    /// The time that counts as now: the one that the user gave, else the clock's.
    pub(crate) fn now(given: Option<Self>, clock: NumericDate) -> NumericDate {
        given.map_or(clock, |at| at.resolve(clock))
    }

    pub(crate) fn resolve(self, now: NumericDate) -> NumericDate {
        match self {
            Self::At(date) => date,
            Self::FromNow(seconds) => now.plus(seconds),
        }
    }

    /// The value of a claim: exactly what was written, or whole seconds if it is relative to the clock.
    pub(crate) fn claim(self, now: NumericDate) -> Value {
        self.resolve(now.whole()).to_value()
    }
}

/// Why a text is not a duration or a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each means")]
pub enum TimeError {
    #[error("not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w")]
    NotADuration,
    #[error("not a duration: units are lower case")]
    UpperCase,
    #[error("negative")]
    Negative,
    #[error("longer than 1000 years")]
    TooLong,
    #[error(
        "not a point in time such as 1767225600, 2026-01-01T00:00:00Z, 2026-01-01, +30m or -5m"
    )]
    NotATime,
    #[error("a duration, not a point in time")]
    DurationWithoutSign,
    #[error("missing a time zone")]
    NoZone,
    #[error("finer than a nanosecond: at most nine digits may follow the decimal point")]
    TooFine,
}

/// Parses a duration into seconds: `90`, `90s`, `30m`, `1h30m`, `7d`, `2w`. Numbers are whole, larger units come first.
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
    let is_bare = !text.is_empty() && digits(text) == text;
    let bare = format!("{text}s");
    let mut rest = if is_bare { bare.as_str() } else { text };
    let (mut seconds, mut units) = (0_i64, &UNITS[..]);
    while !rest.is_empty() {
        let (number, unit) = rest.split_at(digits(rest).len());
        let at = units.iter().position(|(letter, ..)| unit.starts_with(*letter));
        let at = at.filter(|_| !number.is_empty()).ok_or(TimeError::NotADuration)?;
        let count: i64 = number.parse().map_err(|_| TimeError::TooLong)?;
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

/// Parses a point in time: Unix seconds or RFC 3339, both with an optional fraction, `YYYY-MM-DD` (midnight UTC), or
/// `+D` / `-D` for a duration from now.
///
/// # Errors
/// `NotATime`, `NoZone`, `TooFine`, `DurationWithoutSign`, or the duration's error after a sign.
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

/// Parses Unix seconds, with or without a fraction.
fn seconds(text: &str) -> Option<NumericDate> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |text: &str| !text.is_empty() && digits(text) == text;
    let is_number = is_digits(whole) && is_digits(fraction);
    let date = is_number.then(|| NumericDate::of(Value::checked(text)))??;
    i64::try_from(date.seconds).is_ok().then_some(date)
}

/// The start of a day, in UTC.
fn midnight(text: &str) -> Option<NumericDate> {
    let is_long = text.len() == "2026-01-01".len();
    let date = is_long.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())??;
    Some(date_of(&date.and_time(NaiveTime::MIN).and_utc()))
}

/// A leap second counts as the second after it, as in Unix time.
fn date_of(time: &DateTime<Utc>) -> NumericDate {
    NumericDate::new(time.timestamp(), time.timestamp_subsec_nanos())
}

/// The digits at the start of a text.
fn digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// What a text such as "5min", "1 hour" or "1h 30m" was meant to be, as a duration that is accepted.
pub(crate) fn corrected_duration(text: &str) -> Option<String> {
    let (mut rest, mut corrected) = (text.trim(), String::new());
    while !rest.is_empty() {
        let (number, unit) = rest.split_at(digits(rest).len());
        let unit = unit.trim_start();
        let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, after) = unit.split_at(letters);
        // A single capital letter could stand for another unit.
        let word = if letters > 1 { word.to_ascii_lowercase() } else { word.to_owned() };
        let (letter, ..) = UNITS.iter().find(|(.., words)| words.contains(&word.as_str()))?;
        corrected.push_str(number);
        corrected.push(*letter);
        rest = after.trim_start();
    }
    parse_duration(&corrected).is_ok().then_some(corrected)
}

/// What a text such as "2026-01-01 10:00" or "+5min" was meant to be, as a point in time that is accepted. Without a
/// time zone it is read as UTC.
pub(crate) fn corrected_when(text: &str) -> Option<String> {
    for sign in ["+", "-"] {
        if let Some(duration) = text.strip_prefix(sign) {
            return corrected_duration(duration).map(|corrected| format!("{sign}{corrected}"));
        }
    }
    let local = ["UTC", "GMT", "Z"].iter().find_map(|zone| text.strip_suffix(zone));
    let time = date_and_time(local.unwrap_or(text).trim())?;
    let is_in_calendar = (0..10_000).contains(&time.year());
    is_in_calendar.then(|| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Parses a date and a time of day without a time zone, as UTC.
fn date_and_time(text: &str) -> Option<DateTime<Utc>> {
    let formats =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let mut read = formats.iter().map(|format| NaiveDateTime::parse_from_str(text, format));
    read.find_map(Result::ok).map(|time| time.and_utc())
}
