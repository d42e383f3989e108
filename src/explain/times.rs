//! Times in messages: how far they are from now, in words and in UTC, and what to do about them.

use super::explanation::named;
use crate::json::{Value, quote};
use crate::time::{self, NumericDate, When};

/// "5 minutes ago (2026-11-23 03:30:00 UTC)"
pub(super) fn point(date: NumericDate, now: NumericDate) -> String {
    format!("{} ({})", time::from_now(date, now), time::utc(date))
}

/// A hint for an expired token. Renewing is suggested for a day. An `exp` in 1970 is probably a lifetime.
pub(super) fn renewal(exp: NumericDate, now: NumericDate) -> String {
    const YEAR: i128 = 365 * 86_400;
    if (1..YEAR).contains(&exp.seconds) && now.seconds > 2 * YEAR {
        let span = time::span(exp.seconds);
        return format!("it looks like a lifetime ({span}): have the issuer add the current time");
    }
    let minutes = now.seconds_from(exp) / 60 + 1;
    let grace = if minutes <= 90 {
        format!("{minutes}m")
    } else if minutes <= 24 * 60 {
        format!("{}h", minutes / 60 + 1)
    } else {
        return "log in again for a new one".to_owned();
    };
    format!(
        "log in again, or renew it with the key that signs: jwtctl refresh --grace {grace} TOKEN"
    )
}

/// A time that should not be in the future.
pub(super) fn not_yet(
    claim: &'static str,
    date: NumericDate,
    now: NumericDate,
) -> (String, String) {
    let name = quote(claim);
    let seconds = date.seconds_from(now);
    let (span, utc) = (time::span(seconds), time::utc(date));
    let message = format!("{name} is {span} in the future ({utc})");
    let hint = match date.other_unit() {
        Some(unit) => {
            let instead = in_seconds(claim, date.read_in(unit), None);
            format!("{name} looks like {}: {instead}", unit.name())
        }
        None => future_hint(claim, seconds),
    };
    (message, hint)
}

/// A hint for a time that is this many seconds in the future. Two clocks may differ by minutes; no token is issued, and
/// no session begun, in the future.
fn future_hint(claim: &str, seconds: i128) -> String {
    const CLOCKS_DIFFER: i128 = 300;
    let is_near = seconds <= CLOCKS_DIFFER;
    let span = time::span(seconds);
    match (claim, time_zone(seconds)) {
        ("nbf", _) if is_near => {
            format!("wait, or compare the clocks: --leeway {seconds}s would accept it")
        }
        ("nbf", _) => "wait until then, or compare both clocks".to_owned(),
        ("iat", Some(zone)) => {
            let zone = time::span(zone);
            format!("the issuer seems to be {zone} ahead: does it write local time as UTC?")
        }
        ("iat", None) => {
            let accept = format!("; --leeway {seconds}s would accept it");
            let accept = if is_near { &accept } else { "" };
            format!("the issuer's clock seems to be {span} ahead of this one: compare them{accept}")
        }
        _ => "compare both clocks".to_owned(),
    }
}

/// The offset of a time zone from UTC, in half hours up to 14 hours, that is within five minutes of a difference.
fn time_zone(seconds: i128) -> Option<i128> {
    const HALF_HOUR: i128 = 1800;
    const NEAR: i128 = 300;
    let zone = (seconds + HALF_HOUR / 2) / HALF_HOUR * HALF_HOUR;
    ((HALF_HOUR..=28 * HALF_HOUR).contains(&zone) && (seconds - zone).abs() <= NEAR).then_some(zone)
}

/// What the issuer should write instead of a time that is not a number.
pub(super) fn as_number(claim: &str, actual: &Value) -> String {
    let text = actual.as_string().unwrap_or_default();
    let number = Value::parse(text.as_bytes()).ok().filter(|value| value.as_number().is_some());
    let date = number.as_ref().and_then(Value::as_number).map(|number| NumericDate::from(&number));
    match (date, time::parse_when(&text)) {
        (Some(date), _) => match date.other_unit() {
            Some(unit) => in_seconds(claim, date.read_in(unit), None),
            None => in_seconds(claim, date, number.as_ref()),
        },
        (None, Ok(When::At(date))) => in_seconds(claim, date, None),
        _ => SECONDS.to_owned(),
    }
}

const SECONDS: &str = "have the issuer write seconds since 1970, as a number";

/// What the issuer should write, with the spelling of the number if there is one, and which time that is.
fn in_seconds(claim: &str, date: NumericDate, spelled: Option<&Value>) -> String {
    if time::rfc3339(date).is_none() {
        return SECONDS.to_owned();
    }
    let number =
        spelled.map_or_else(|| date.to_value().text().to_owned(), super::explanation::shown);
    let name = named(claim);
    let utc = time::utc(date);
    format!("have the issuer write seconds, as a number: {name}:{number} ({utc})")
}
