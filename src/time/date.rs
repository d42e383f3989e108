//! A point in time, exact for any JSON number, and the unit that a number too large for seconds is in.

use crate::json::{Number, Value, ValueRef};

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// A unit of time that is taken for seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// As JavaScript and Java count.
    Milliseconds,
    /// As databases and tracing tools count.
    Microseconds,
    /// As Go counts.
    Nanoseconds,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    /// Its name, in the plural.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    fn per_second(self) -> i128 {
        match self {
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }
}

/// A point in time: a claim's (NumericDate, RFC 7519 section 2), the clock's, or a user's. The order of its
/// fields makes the derived comparison exact, as long as one of the two sides is no finer than a nanosecond:
/// the clock and what a user types are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    /// Whole seconds since 1970-01-01 00:00 UTC, rounded down, and capped at the bounds of an `i128`: no time
    /// that it is compared with lies beyond those.
    pub seconds: i128,
    /// Nanoseconds after that second, rounded down.
    nanos: u32,
    /// Whether a part of a nanosecond follows.
    more: bool,
}

impl NumericDate {
    /// A second, and nanoseconds after it.
    #[must_use]
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        let seconds = seconds as i128 + (nanos / NANOS_PER_SECOND) as i128;
        Self { seconds, nanos: nanos % NANOS_PER_SECOND, more: false }
    }

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
            Some(seconds) => Some(seconds.into()),
            None => value.as_number().map(|number| Self::from(&number)),
        }
    }

    /// The point in time so many seconds later.
    #[must_use]
    pub fn plus(self, seconds: impl Into<i128>) -> Self {
        Self { seconds: self.seconds.saturating_add(seconds.into()), ..self }
    }

    /// The point in time so many seconds earlier.
    #[must_use]
    pub fn minus(self, seconds: impl Into<i128>) -> Self {
        Self { seconds: self.seconds.saturating_sub(seconds.into()), ..self }
    }

    /// How many seconds it is later than another, rounded down.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i128 {
        let borrowed = (self.nanos, self.more) < (earlier.nanos, earlier.more);
        self.seconds.saturating_sub(earlier.seconds).saturating_sub(borrowed.into())
    }

    /// How many seconds it is away from an earlier time, rounded up.
    #[must_use]
    pub fn seconds_from(self, earlier: Self) -> i128 {
        earlier.seconds_since(self).saturating_neg()
    }

    /// Rounded down to the nanosecond.
    #[must_use]
    pub fn in_nanos(self) -> Self {
        Self { more: false, ..self }
    }

    /// The start of its second.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { nanos: 0, more: false, ..self }
    }

    /// The JSON number that it is, to the nanosecond.
    #[must_use]
    pub fn to_value(self) -> Value {
        let is_negative = self.seconds < 0 && self.nanos > 0;
        let magnitude = if is_negative { self.negated() } else { self };
        let sign = if is_negative { "-" } else { "" };
        Value::decimal(&format!("{sign}{}", magnitude.seconds), &format!("{:09}", magnitude.nanos))
    }

    /// The point as long before 1970 as this one is after it.
    fn negated(self) -> Self {
        let Self { seconds, nanos, more } = self;
        if nanos == 0 && !more {
            return Self { seconds: seconds.saturating_neg(), nanos, more };
        }
        // What was rounded down before is rounded up by the sign.
        let nanos = NANOS_PER_SECOND - nanos - u32::from(more);
        Self { seconds: seconds.saturating_neg().saturating_sub(1), nanos, more }
    }

    /// The unit that it was probably written in, where that is not seconds: the one in which it is a time from
    /// 1990 to 2200. Larger numbers than these mean a time that never comes, such as the end of the year 9999.
    #[must_use]
    pub fn other_unit(self) -> Option<Unit> {
        const PLAUSIBLE: std::ops::Range<i128> = 631_152_000..7_258_118_400;
        let text = self.seconds.to_string();
        let mut units = Unit::ALL.into_iter().filter(|_| text.bytes().any(|digit| digit != b'9'));
        units.find(|unit| PLAUSIBLE.contains(&(self.seconds / unit.per_second())))
    }

    /// Whether it is so far ahead, in seconds, that whoever wrote it meant that it never comes.
    #[must_use]
    pub fn means_never(self) -> bool {
        const YEAR_5138: i128 = 100_000_000_000;
        self.seconds >= YEAR_5138 && self.other_unit().is_none()
    }

    /// The same number read in another unit than seconds, rounded down to the second.
    #[must_use]
    pub fn read_in(self, unit: Unit) -> Self {
        Self { seconds: self.seconds.div_euclid(unit.per_second()), nanos: 0, more: false }
    }
}

impl From<i64> for NumericDate {
    fn from(seconds: i64) -> Self {
        Self::new(seconds, 0)
    }
}

impl From<&Number> for NumericDate {
    fn from(number: &Number) -> Self {
        // Of a number below one second, the digits behind the point begin with zeros.
        let length = i64::try_from(number.digits.len()).unwrap_or(i64::MAX);
        let whole_digits = length.saturating_add(number.exponent);
        if number.digits.is_empty() {
            return Self::default();
        }
        if whole_digits > 38 {
            return Self {
                seconds: if number.negative { i128::MIN } else { i128::MAX },
                ..Self::default()
            };
        }
        let split = usize::try_from(whole_digits).unwrap_or(0).min(number.digits.len());
        let (whole, behind) = number.digits.split_at(split);
        let padded =
            format!("{whole:0<width$}", width = usize::try_from(whole_digits).unwrap_or(0));
        let seconds: i128 = padded.parse().unwrap_or_default();
        let zeros = usize::try_from(whole_digits.saturating_neg()).unwrap_or(0).min(9);
        let behind = format!("{:0<zeros$}{behind:0<9}", "");
        let (nanos, rest) = behind.split_at(9);
        let magnitude = Self {
            seconds,
            nanos: nanos.parse().unwrap_or_default(),
            more: rest.bytes().any(|digit| digit != b'0'),
        };
        if number.negative { magnitude.negated() } else { magnitude }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(number: &str) -> NumericDate {
        NumericDate::of(Value::parse(number.as_bytes()).unwrap().at(&[]).unwrap()).unwrap()
    }

    #[test]
    fn numeric_dates_are_exact() {
        let at = |seconds, nanos, more| NumericDate { seconds, nanos, more };
        for (text, expected) in [
            ("1631934124", at(1_631_934_124, 0, false)),
            ("1631934124.0", at(1_631_934_124, 0, false)),
            ("1.631934124E9", at(1_631_934_124, 0, false)),
            ("1631934124.25", at(1_631_934_124, 250_000_000, false)),
            ("1631934124.000000001", at(1_631_934_124, 1, false)),
            ("1631934124.00000000000000000001", at(1_631_934_124, 0, true)),
            ("163193412425e-2", at(1_631_934_124, 250_000_000, false)),
            ("0", at(0, 0, false)),
            ("-0.0", at(0, 0, false)),
            ("0.5", at(0, 500_000_000, false)),
            ("5e-3", at(0, 5_000_000, false)),
            ("-0.5", at(-1, 500_000_000, false)),
            ("-1.5e0", at(-2, 500_000_000, false)),
            ("-10", at(-10, 0, false)),
            ("1e-400", at(0, 0, true)),
            ("-1e-400", at(-1, 999_999_999, true)),
            ("1000000000000000000", at(1_000_000_000_000_000_000, 0, false)),
            ("9223372036854775808", at(9_223_372_036_854_775_808, 0, false)),
            ("1e37", at(10_i128.pow(37), 0, false)),
            ("1e400", at(i128::MAX, 0, false)),
            ("-1e400", at(i128::MIN, 0, false)),
            ("1e99999999999999999999", at(i128::MAX, 0, false)),
            ("1e-99999999999999999999", at(0, 0, true)),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn a_fraction_counts_in_comparisons() {
        let rising = ["-1", "-0.5", "0", "99.999999999", "100", "100.0000000001", "100.5", "101"];
        for pair in rising.windows(2) {
            assert!(date(pair[0]) < date(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn differences_are_rounded_to_seconds() {
        for (later, earlier, down, up) in [
            ("100", "90", 10, 10),
            ("100.5", "90", 10, 11),
            ("100", "90.5", 9, 10),
            ("100.5", "90.5", 10, 10),
            ("100", "100.25", -1, 0),
            ("90", "100", -10, -10),
        ] {
            assert_eq!(date(later).seconds_since(date(earlier)), down, "{later} {earlier}");
            assert_eq!(date(later).seconds_from(date(earlier)), up, "{later} {earlier}");
        }
    }

    #[test]
    fn a_date_is_written_to_the_nanosecond() {
        for text in ["0", "1700000000", "1700000000.5", "1.000000001", "-0.5", "-1.25", "-3"] {
            assert_eq!(date(text).to_value().text(), text);
        }
    }

    #[test]
    fn a_unit_is_told_by_the_times_that_it_makes() {
        use Unit::{Microseconds, Milliseconds, Nanoseconds};
        for (number, unit, never) in [
            ("1700000000", None, false),
            ("1700000000000", Some(Milliseconds), false),
            ("1700000000000.5", Some(Milliseconds), false),
            ("946684800000", Some(Milliseconds), false),
            ("1e12", Some(Milliseconds), false),
            ("4294967295000", Some(Milliseconds), false),
            ("1700000000000000", Some(Microseconds), false),
            ("1700000000000000000", Some(Nanoseconds), false),
            // The ends of calendars and of types: times that never come.
            ("2147483647", None, false),
            ("4294967295", None, false),
            ("9999999999", None, false),
            ("32503680000", None, false),
            ("99999999999", None, false),
            ("253402214400", None, true),
            ("253402300799", None, true),
            ("253402300800", None, true),
            ("253402300799999", None, true),
            ("999999999999", None, true),
            ("8640000000000000", None, true),
            ("9007199254740991", None, true),
            ("9223372036854775", None, true),
            ("9223372036854775807", None, true),
            ("18446744073709551615", None, true),
            ("12345678901234567890", None, true),
            ("1e400", None, true),
            ("0", None, false),
            ("-62135596800", None, false),
            ("-1700000000000", None, false),
            ("-1e400", None, false),
        ] {
            assert_eq!(
                (date(number).other_unit(), date(number).means_never()),
                (unit, never),
                "{number}"
            );
        }
    }
}
