//! Points in time (NumericDate, RFC 7519 section 2), durations, and both in words.
//! The only user of chrono; it never asks what time it is.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

use crate::json::{Number, ValueRef};

/// The longest duration that is accepted: 1,000 years.
pub const LONGEST: i64 = 1000 * YEAR;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 31_557_600;

/// From here on (the year 5138) seconds are far more likely to be milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// A claim's point in time, exact for any JSON number: whole seconds since 1970-01-01 00:00 UTC,
/// rounded down and capped at the bounds of an `i64`, and whether a fraction follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    fraction: bool,
}

impl NumericDate {
    /// The point in time that a JSON value is; `None` if it is no number.
    #[must_use]
    pub fn of(value: ValueRef<'_>) -> Option<Self> {
        // What nearly all dates are: whole seconds, in no more digits than an i64 has for sure.
        let whole = |seconds: i64, digit: u8| {
            digit.is_ascii_digit().then(|| seconds * 10 + i64::from(digit - b'0'))
        };
        let text = value.text();
        let seconds = (text.len() <= 18).then(|| text.bytes().try_fold(0, whole)).flatten();
        match seconds {
            Some(seconds) => Some(Self { seconds, fraction: false }),
            None => value.as_number().map(|number| Self::from(&number)),
        }
    }

    /// Whether it lies after a second's start.
    #[must_use]
    pub fn is_after(self, second: i64) -> bool {
        self.seconds > second || (self.seconds == second && self.fraction)
    }

    /// Whole seconds, rounded up.
    #[must_use]
    pub fn rounded_up(self) -> i64 {
        self.seconds.saturating_add(self.fraction.into())
    }

    /// Whether the number is so large that it was probably meant in milliseconds.
    #[must_use]
    pub fn looks_like_milliseconds(self) -> bool {
        self.seconds >= MILLISECONDS_FROM
    }
}

impl From<&Number> for NumericDate {
    fn from(number: &Number) -> Self {
        let digits = number.digits.as_str();
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let whole_digits = length.saturating_add(number.exponent);
        let fraction = number.exponent < 0;
        let magnitude = if digits.is_empty() || whole_digits <= 0 {
            0
        } else if whole_digits > 19 {
            i64::MAX
        } else {
            let scaled = format!("{digits:0<19}");
            let whole = usize::try_from(whole_digits).unwrap_or_default();
            scaled[..whole].parse().unwrap_or(i64::MAX)
        };
        let seconds = match (number.negative, fraction) {
            (false, _) => magnitude,
            (true, false) => -magnitude,
            (true, true) => (-magnitude).saturating_sub(1),
        };
        Self { seconds, fraction }
    }
}

/// A point in time as a user wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Seconds since 1970-01-01 00:00 UTC.
    At(i64),
    /// Seconds from now, negative for the past.
    FromNow(i64),
}

impl When {
    /// The time that counts as now: what a call says it is, else the clock's.
    #[must_use]
    pub fn now(said: Option<Self>, clock: i64) -> i64 {
        said.map_or(clock, |at| at.resolve(clock))
    }

    /// The point in time, in Unix seconds.
    #[must_use]
    pub fn resolve(self, now: i64) -> i64 {
        match self {
            Self::At(seconds) => seconds,
            Self::FromNow(seconds) => now.saturating_add(seconds),
        }
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

/// Reads a point in time: Unix seconds, RFC 3339, `YYYY-MM-DD` (midnight UTC), or `+D` / `-D` from
/// now. A fraction of a second is rounded down.
///
/// # Errors
/// `NotATime`, `NoZone`, `DurationWithoutSign`, or a duration's error behind a sign.
pub fn parse_when(text: &str) -> Result<When, TimeError> {
    if let Some(duration) = text.strip_prefix('+') {
        return parse_duration(duration).map(When::FromNow);
    }
    if let Some(duration) = text.strip_prefix('-') {
        return parse_duration(duration).map(|seconds| When::FromNow(-seconds));
    }
    if let Ok(seconds) = text.parse() {
        return Ok(When::At(seconds));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(When::At(time.timestamp()));
    }
    if text.len() == "2026-01-01".len()
        && let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
    {
        return Ok(When::At(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()));
    }
    Err(match parse_duration(text) {
        Ok(_) => TimeError::DurationWithoutSign,
        Err(TimeError::UpperCase) => TimeError::UpperCase,
        Err(_) if date_and_time(text).is_some() => TimeError::NoZone,
        Err(_) => TimeError::NotATime,
    })
}

/// The duration that a text such as "5min", "1 hour" or "1h 30m" is meant to be, as it is written here.
#[must_use]
pub fn mended_duration(text: &str) -> Option<String> {
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
pub fn mended_when(text: &str) -> Option<String> {
    for sign in ["+", "-"] {
        if let Some(duration) = text.strip_prefix(sign) {
            return mended_duration(duration).map(|mended| format!("{sign}{mended}"));
        }
    }
    let local = ["UTC", "GMT", "Z"].iter().find_map(|zone| text.strip_suffix(zone));
    date_and_time(local.unwrap_or(text).trim()).and_then(rfc3339)
}

/// A date and a time of day without a zone, in Unix seconds as if it were UTC.
fn date_and_time(text: &str) -> Option<i64> {
    let formats =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let mut read = formats.iter().map(|format| NaiveDateTime::parse_from_str(text, format));
    read.find_map(Result::ok).map(|time| time.and_utc().timestamp())
}

/// "2026-11-23 03:30:00 UTC"; words for a time outside the years 0 to 9999.
#[must_use]
pub fn utc(seconds: i64) -> String {
    match calendar(seconds) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => "outside the calendar".to_owned(),
    }
}

/// RFC 3339 in UTC; `None` outside the years 0 to 9999, which it cannot write.
#[must_use]
pub fn rfc3339(seconds: i64) -> Option<String> {
    calendar(seconds).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn calendar(seconds: i64) -> Option<DateTime<Utc>> {
    const YEAR_0: i64 = -62_167_219_200;
    const YEAR_10000: i64 = 253_402_300_800;
    (YEAR_0..YEAR_10000).contains(&seconds).then(|| DateTime::from_timestamp(seconds, 0))?
}

/// How far a point in time is from now: "in 29 minutes", "5 years ago", "just now".
#[must_use]
pub fn from_now(seconds: i64, now: i64) -> String {
    match seconds.saturating_sub(now) {
        0 => "just now".to_owned(),
        ahead @ 1.. => format!("in {}", span(ahead)),
        behind => format!("{} ago", span(behind.saturating_neg())),
    }
}

/// A length of time by its largest unit, rounded down, and from hours on the next smaller one:
/// "29 minutes", "1 hour 5 minutes", "5 years 67 days"; and under two minutes to the second.
#[must_use]
pub fn span(seconds: i64) -> String {
    let units = [(YEAR, "year"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")];
    let largest = units.iter().position(|(length, _)| seconds >= *length).unwrap_or(4);
    let (length, name) = units[largest];
    let mut words = counted(seconds / length, name);
    if length >= HOUR || (length == MINUTE && seconds < 2 * MINUTE) {
        let (smaller, name) = units[largest + 1];
        let rest = seconds % length / smaller;
        if rest > 0 {
            words = format!("{words} {}", counted(rest, name));
        }
    }
    words
}

fn counted(count: i64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;

    fn date(number: &str) -> NumericDate {
        NumericDate::from(&Value::parse(number.as_bytes()).unwrap().as_number().unwrap())
    }

    #[test]
    fn numeric_dates_are_exact() {
        for (text, seconds, fraction) in [
            ("1631934124", 1_631_934_124, false),
            ("1631934124.0", 1_631_934_124, false),
            ("1.631934124E9", 1_631_934_124, false),
            ("1631934124.00000000000000000001", 1_631_934_124, true),
            ("0", 0, false),
            ("-0.0", 0, false),
            ("0.5", 0, true),
            ("-0.5", -1, true),
            ("-1.5e0", -2, true),
            ("-10", -10, false),
            ("1e-400", 0, true),
            ("1000000000000000000", 1_000_000_000_000_000_000, false),
            ("9223372036854775806", i64::MAX - 1, false),
            ("9223372036854775808", i64::MAX, false),
            ("1e400", i64::MAX, false),
            ("-1e400", -i64::MAX, false),
            ("1234567890123456789012345678901234567890", i64::MAX, false),
            ("1e99999999999999999999", i64::MAX, false),
            ("1e-99999999999999999999", 0, true),
        ] {
            assert_eq!(date(text), NumericDate { seconds, fraction }, "{text}");
        }
    }

    #[test]
    fn a_fraction_counts_in_comparisons() {
        assert!(date("100.5").is_after(100));
        assert!(!date("100").is_after(100));
        assert!(!date("100.5").is_after(101));
        assert!(date("-0.5").is_after(-1));
    }

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
        for (text, when) in [
            ("1631934124", When::At(1_631_934_124)),
            ("2021-09-18T03:02:04Z", When::At(1_631_934_124)),
            ("2021-09-18T05:02:04+02:00", When::At(1_631_934_124)),
            ("2021-09-18T03:02:04.9Z", When::At(1_631_934_124)),
            ("2021-09-18", When::At(1_631_923_200)),
            ("+30m", When::FromNow(1800)),
            ("-5m", When::FromNow(-300)),
        ] {
            assert_eq!(parse_when(text), Ok(when), "{text}");
        }
        assert_eq!(parse_when("30m"), Err(TimeError::DurationWithoutSign));
        for text in ["", "soon", "2021-13-01", "2021-1-1", "1.5"] {
            assert_eq!(parse_when(text), Err(TimeError::NotATime), "{text}");
        }
        assert_eq!(parse_when("2021-09-18T03:02:04"), Err(TimeError::NoZone));
        assert_eq!(parse_when("+x"), Err(TimeError::NotADuration));
    }

    #[test]
    fn words() {
        let now = 1_700_000_000;
        assert_eq!(from_now(now + 29 * 60 + 59, now), "in 29 minutes");
        assert_eq!(from_now(now, now), "just now");
        assert_eq!(from_now(now - 1, now), "1 second ago");
        assert_eq!(span(3600), "1 hour");
        assert_eq!(span(3600 + 300), "1 hour 5 minutes");
        assert_eq!(span(5 * YEAR + 67 * DAY), "5 years 67 days");
        assert_eq!(utc(1_795_404_600), "2026-11-23 03:30:00 UTC");
        assert_eq!(rfc3339(1_795_404_600).as_deref(), Some("2026-11-23T03:30:00Z"));
        assert_eq!(rfc3339(i64::MAX), None);
        assert_eq!(from_now(i64::MAX, i64::MIN), from_now(i64::MAX, 0));
        assert_eq!(from_now(i64::MIN, i64::MAX), from_now(-i64::MAX, 0));
    }
}
