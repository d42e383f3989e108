//! Times as users write them, as JSON has them and as messages show them.

use jwtctl::json::Value;
use jwtctl::time::{
    LONGEST, NumericDate, TimeError, Unit, When, from_now, parse_duration, parse_when, rfc3339,
    span, utc,
};

fn date(number: &str) -> NumericDate {
    NumericDate::of(Value::parse(number.as_bytes()).unwrap().at(&[]).unwrap()).unwrap()
}

#[test]
fn a_number_of_any_size_is_read_exactly() {
    let at = |seconds: i128, nanos, more| (NumericDate::new(0, nanos).plus(seconds), more);
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
        let (read, in_nanos) = (date(text), date(text).in_nanos());
        assert_eq!((in_nanos, read != in_nanos), expected, "{text}");
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
fn a_difference_is_rounded_down_or_up_to_seconds() {
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
fn a_unit_is_recognised_by_the_times_that_it_makes() {
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

#[test]
fn a_duration_is_whole_numbers_with_units_the_larger_first() {
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
        "", "m", "-x", "--5m", "+5m", "1.5h", "1.5", "abc", "30 x", "½h", "5 m", "1h 30m", "30m1h",
        "1h1h", "1y", "1month", "90ms", "1h30",
    ] {
        assert_eq!(parse_duration(text), Err(TimeError::NotADuration), "{text}");
    }
    assert_eq!(parse_duration("-5m"), Err(TimeError::Negative));
    assert_eq!(parse_duration("30M"), Err(TimeError::UpperCase));
    assert_eq!(parse_duration(&"-".repeat(1_000_000)), Err(TimeError::NotADuration));
    for text in ["365251d", "99999999999999999999", "99999999999999999999s", "9223372036854775807w"]
    {
        assert_eq!(parse_duration(text), Err(TimeError::TooLong), "{text}");
    }
}

#[test]
fn a_point_in_time_is_seconds_a_date_or_a_signed_duration() {
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

#[test]
fn times_and_durations_are_told_by_their_largest_units() {
    let now = NumericDate::from(1_700_000_000);
    assert_eq!(from_now(now.plus(29 * 60 + 59), now), "in 29 minutes");
    assert_eq!(from_now(now, now), "just now");
    assert_eq!(from_now(now.plus(-1), now), "1 second ago");
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
