//! Points in time that are exact for any JSON number, times in other units than seconds, and times in words.

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};

use crate::json::{Number, Value, ValueRef};
use crate::text::counted;

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
pub(super) const YEAR: i64 = 31_557_600;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// A unit that some issuers use instead of seconds; as a number, how many of them make a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// JavaScript and Java use it.
    Milliseconds = 1_000,
    /// Databases and logs use it.
    Microseconds = 1_000_000,
    /// Go and tracing tools use it.
    Nanoseconds = 1_000_000_000,
}

impl Unit {
    /// Its name, in the plural.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }
}

/// A point in time from a claim (NumericDate, RFC 7519 section 2), the clock or a user. The derived comparison depends
/// on the order of the fields. It is exact as long as one side is no finer than a nanosecond, as with clocks and flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    /// Seconds since 1970-01-01 00:00 UTC, rounded down, and capped at the bounds of an `i128`.
    pub seconds: i128,
    /// Nanoseconds after that second, rounded down.
    nanos: u32,
    /// Whether there is a fraction of a nanosecond.
    more: bool,
}

impl NumericDate {
    /// A point in time this many nanoseconds after a second.
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        let seconds = seconds as i128 + (nanos / NANOS_PER_SECOND) as i128;
        Self { seconds, nanos: nanos % NANOS_PER_SECOND, more: false }
    }

    /// The point in time that a JSON number means; `None` for any other value.
    pub fn of(value: ValueRef<'_>) -> Option<Self> {
        // Nearly all dates are whole seconds in few digits. 18 digits always fit into an i64.
        let whole = |seconds: i64, digit: u8| {
            digit.is_ascii_digit().then(|| seconds * 10 + i64::from(digit - b'0'))
        };
        let text = value.text();
        let seconds = (text.len() <= 18).then(|| text.bytes().try_fold(0, whole)).flatten();
        match seconds {
            Some(seconds) => Some(seconds.into()),
            None => value.as_number().map(|number| Self::from(&number)),
        }
    }

    /// The point in time this many seconds later.
    pub fn plus(self, seconds: impl Into<i128>) -> Self {
        Self { seconds: self.seconds.saturating_add(seconds.into()), ..self }
    }

    /// The point in time this many seconds earlier.
    pub(crate) fn minus(self, seconds: impl Into<i128>) -> Self {
        Self { seconds: self.seconds.saturating_sub(seconds.into()), ..self }
    }

    /// The seconds from an earlier time to this one, rounded down.
    pub fn seconds_since(self, earlier: Self) -> i128 {
        let borrowed = (self.nanos, self.more) < (earlier.nanos, earlier.more);
        self.seconds.saturating_sub(earlier.seconds).saturating_sub(borrowed.into())
    }

    /// The seconds from an earlier time to this one, rounded up.
    pub fn seconds_from(self, earlier: Self) -> i128 {
        earlier.seconds_since(self).saturating_neg()
    }

    /// Rounded down to the nanosecond.
    pub fn in_nanos(self) -> Self {
        Self { more: false, ..self }
    }

    /// The start of its second.
    pub(crate) fn whole(self) -> Self {
        Self { nanos: 0, more: false, ..self }
    }

    /// The JSON number for it, to the nanosecond.
    pub fn to_value(self) -> Value {
        if self.nanos == 0 {
            return Value::checked(itoa::Buffer::new().format(self.seconds).to_owned());
        }
        let is_negative = self.seconds < 0;
        let magnitude = if is_negative { self.negated() } else { self };
        let sign = if is_negative { "-" } else { "" };
        let number = format!("{sign}{}.{:09}", magnitude.seconds, magnitude.nanos);
        Value::checked(number.trim_end_matches('0').trim_end_matches('.').to_owned())
    }

    /// The point in time as long before 1970 as this one is after it.
    fn negated(self) -> Self {
        let Self { seconds, nanos, more } = self;
        if nanos == 0 && !more {
            return Self { seconds: seconds.saturating_neg(), nanos, more };
        }
        // Negation turns rounding down into rounding up.
        let nanos = NANOS_PER_SECOND - nanos - u32::from(more);
        Self { seconds: seconds.saturating_neg().saturating_sub(1), nanos, more }
    }

    /// The unit that it was probably written in, if not seconds: the one that makes it a time from 1990 to 2200. `None`
    /// for numbers of only nines and larger ones, which mean "never", such as the end of the year 9999.
    pub fn other_unit(self) -> Option<Unit> {
        const PLAUSIBLE: std::ops::Range<i128> = 631_152_000..7_258_118_400;
        if self.seconds < PLAUSIBLE.start * Unit::Milliseconds as i128
            || self.seconds.to_string().bytes().all(|digit| digit == b'9')
        {
            return None;
        }
        let mut units = [Unit::Milliseconds, Unit::Microseconds, Unit::Nanoseconds].into_iter();
        units.find(|unit| PLAUSIBLE.contains(&(self.seconds / *unit as i128)))
    }

    /// Whether it is so far in the future that its author meant "never".
    pub fn means_never(self) -> bool {
        const YEAR_5138: i128 = 100_000_000_000;
        self.seconds >= YEAR_5138 && self.other_unit().is_none()
    }

    /// The same number, read in another unit than seconds and rounded down to the second.
    pub(crate) fn read_in(self, unit: Unit) -> Self {
        Self { seconds: self.seconds.div_euclid(unit as i128), nanos: 0, more: false }
    }
}

impl From<i64> for NumericDate {
    fn from(seconds: i64) -> Self {
        Self::new(seconds, 0)
    }
}

impl From<&Number> for NumericDate {
    fn from(number: &Number) -> Self {
        let length = i64::try_from(number.digits.len()).unwrap_or(i64::MAX);
        // Where the decimal point is: before the first digit, among the digits, or behind the last one.
        let point = length.saturating_add(number.exponent());
        if length > 0 && point > 38 {
            let seconds = if number.is_negative { i128::MIN } else { i128::MAX };
            return Self { seconds, ..Self::default() };
        }
        let digit = |at: i64| {
            let digit = usize::try_from(at).ok().and_then(|at| number.digits.as_bytes().get(at));
            digit.map_or(0, |digit| digit - b'0')
        };
        let end = point.saturating_add(9);
        let magnitude = Self {
            seconds: (0..point).fold(0, |sum, at| sum * 10 + i128::from(digit(at))),
            nanos: (point..end).fold(0, |sum, at| sum * 10 + u32::from(digit(at))),
            more: length > end,
        };
        if number.is_negative { magnitude.negated() } else { magnitude }
    }
}

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

/// The same in chrono's terms; `None` outside the years 0 to 9999.
pub(super) fn calendar(date: NumericDate) -> Option<DateTime<Utc>> {
    let time = DateTime::from_timestamp(i64::try_from(date.seconds).ok()?, 0)?;
    (0..10_000).contains(&time.year()).then_some(time)
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
    let seconds = seconds.into();
    let units = [(YEAR, "year"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")];
    let units = units.map(|(length, name)| (i128::from(length), name));
    let largest = units.iter().position(|(length, _)| seconds >= *length).unwrap_or(4);
    let (length, name) = units[largest];
    let mut words = counted(seconds / length, name);
    if length >= HOUR.into() || (length == MINUTE.into() && seconds < 2 * length) {
        let (smaller, name) = units[largest + 1];
        let rest = seconds % length / smaller;
        if rest > 0 {
            words = format!("{words} {}", counted(rest, name));
        }
    }
    words
}
