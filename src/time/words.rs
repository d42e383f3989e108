//! Points in time and lengths of time in words.

use chrono::{DateTime, SecondsFormat, Utc};

use super::NumericDate;

/// "2026-11-23 03:30:00 UTC"; words for a time outside the years 0 to 9999.
#[must_use]
pub fn utc(date: impl Into<NumericDate>) -> String {
    match calendar(date.into()) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => "outside the calendar".to_owned(),
    }
}

/// RFC 3339 in UTC, to the second; `None` outside the years 0 to 9999, which it cannot write.
#[must_use]
pub fn rfc3339(date: impl Into<NumericDate>) -> Option<String> {
    calendar(date.into()).map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn calendar(date: NumericDate) -> Option<DateTime<Utc>> {
    const YEAR_0: i64 = -62_167_219_200;
    const YEAR_10000: i64 = 253_402_300_800;
    let seconds = i64::try_from(date.seconds).ok()?;
    (YEAR_0..YEAR_10000).contains(&seconds).then(|| DateTime::from_timestamp(seconds, 0))?
}

/// How far the second of a point in time is from that of now: "in 29 minutes", "5 years ago", "just now".
#[must_use]
pub fn from_now(date: NumericDate, now: NumericDate) -> String {
    match date.seconds.saturating_sub(now.seconds) {
        0 if date > now => "in less than a second".to_owned(),
        0 => "just now".to_owned(),
        ahead @ 1.. => format!("in {}", span(ahead)),
        behind => format!("{} ago", span(behind.saturating_neg())),
    }
}

/// A length of time by its largest unit, rounded down, and from hours on the next smaller one:
/// "29 minutes", "1 hour 5 minutes", "5 years 67 days"; and under two minutes to the second.
#[must_use]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let now = NumericDate::from(1_700_000_000);
        assert_eq!(from_now(now.plus(29 * 60 + 59), now), "in 29 minutes");
        assert_eq!(from_now(now, now), "just now");
        assert_eq!(from_now(now.minus(1), now), "1 second ago");
        assert_eq!(from_now(now, NumericDate::new(1_700_000_000, 1)), "just now");
        assert_eq!(from_now(NumericDate::new(1_700_000_000, 1), now), "in less than a second");
        // A token that was made this second has the lifetime that was asked for.
        assert_eq!(from_now(now.plus(1800), NumericDate::new(1_700_000_000, 1)), "in 30 minutes");
        assert_eq!(span(3600), "1 hour");
        assert_eq!(span(3600 + 300), "1 hour 5 minutes");
        assert_eq!(span(5 * 31_557_600 + 67 * 86_400), "5 years 67 days");
        assert_eq!(utc(1_795_404_600), "2026-11-23 03:30:00 UTC");
        assert_eq!(rfc3339(1_795_404_600).as_deref(), Some("2026-11-23T03:30:00Z"));
        assert_eq!(rfc3339(i64::MAX), None);
        assert_eq!(utc(253_402_300_799), "9999-12-31 23:59:59 UTC");
        assert_eq!(utc(253_402_300_800), "outside the calendar");
    }
}
