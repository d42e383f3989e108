//! Points in time and durations in words.

use chrono::{DateTime, SecondsFormat, Utc};

use super::NumericDate;

/// "2026-11-23 03:30:00 UTC", or "outside the calendar" for a time before the year 0 or after 9999.
pub fn utc(date: impl Into<NumericDate>) -> String {
    match calendar(date.into()) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => "outside the calendar".to_owned(),
    }
}

/// RFC 3339 in UTC, to the second; `None` outside the years 0 to 9999, which RFC 3339 cannot express.
pub fn rfc3339(date: impl Into<NumericDate>) -> Option<String> {
    calendar(date.into()).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn calendar(date: NumericDate) -> Option<DateTime<Utc>> {
    const YEAR_0: i64 = -62_167_219_200;
    const YEAR_10000: i64 = 253_402_300_800;
    let seconds = i64::try_from(date.seconds).ok()?;
    (YEAR_0..YEAR_10000).contains(&seconds).then(|| DateTime::from_timestamp(seconds, 0))?
}

/// How far a point in time is from now, both rounded down to seconds: "in 29 minutes", "5 years ago", "just now".
pub fn from_now(date: NumericDate, now: NumericDate) -> String {
    match date.seconds.saturating_sub(now.seconds) {
        0 if date > now => "in less than a second".to_owned(),
        0 => "just now".to_owned(),
        ahead @ 1.. => format!("in {}", span(ahead)),
        behind => format!("{} ago", span(behind.saturating_neg())),
    }
}

/// A duration by its largest unit, and from one hour on (or under two minutes) also the next smaller one, rounded
/// down: "29 minutes", "1 hour 5 minutes", "5 years 67 days".
pub fn span(seconds: impl Into<i128>) -> String {
    const MINUTE: i128 = 60;
    const HOUR: i128 = 60 * MINUTE;
    const DAY: i128 = 24 * HOUR;
    const YEAR: i128 = 31_557_600;
    let seconds = seconds.into();
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

fn counted(count: i128, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
