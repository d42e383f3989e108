//! What is said of a genuine token that falls short of an expectation.

use super::{Explanation, named, shown};
use crate::json::{Value, quote};
use crate::policy::Fault;
use crate::time::{self, NumericDate};

pub(super) fn explain(fault: &Fault) -> Explanation {
    match fault {
        Fault::WrongType(wrong) => {
            let (name, actual) = (quote(wrong.claim), shown(&wrong.actual));
            let message = format!("the claim {name} must be {}; it is {actual}", wrong.expected);
            found("claim-type", message, wrong.claim, &wrong.actual)
        }
        Fault::Expired { exp, actual, now, alone } => {
            let message = format!("the token expired {}", point(*exp, *now));
            let said = found("expired", message, "exp", actual);
            if *alone { said.hint(renewal(exp.seconds, *now)) } else { said }
        }
        Fault::ExpiresSoon { exp, actual, now, min_ttl, alone } => {
            let (when, wanted) = (point(*exp, *now), time::span(*min_ttl));
            let message = format!("the token expires {when}; --min-ttl asks for {wanted}");
            let said = found("expires-soon", message, "exp", actual);
            if *alone { said.hint("renew it with jwtctl refresh") } else { said }
        }
        Fault::NotYetValid { claim, date, actual, now } => not_yet(claim, *date, actual, *now),
        Fault::Missing { claim, expected } => {
            let name = named(claim);
            let message = match wanted(expected) {
                Some(wanted) => format!("there is no {name}; expected {wanted}"),
                None => format!("there is no {name}, which is required"),
            };
            Explanation::new("claim-missing", message)
                .about(claim)
                .compared(one_value(expected), None)
        }
        Fault::Mismatch { claim, expected, actual } => Explanation {
            hint: mismatch_hint(claim, expected, actual),
            ..mismatch(claim, expected, actual)
        },
        Fault::AudienceNotExpected { actual } => {
            let message =
                format!("the token is meant for {}, and no audience was expected", shown(actual));
            found("audience-not-expected", message, "aud", actual)
                .hint("name yourself with --aud NAME; --any-aud accepts any audience")
        }
        Fault::TooOld { iat, actual, now, max_age } => {
            let (when, allowed) = (point(*iat, *now), time::span(*max_age));
            let message = format!("the token was issued {when}; --max-age allows {allowed}");
            found("too-old", message, "iat", actual)
        }
        Fault::SessionOver { claim, since, actual, now, max_session } => {
            let (when, limit) = (point(*since, *now), time::span(*max_session));
            let message = format!("the session began {when}; --max-session ends it after {limit}");
            found("session-over", message, claim, actual).hint("log in again")
        }
    }
}

/// What is said of a claim that was found to be something.
fn found(code: &'static str, message: String, claim: &str, actual: &Value) -> Explanation {
    Explanation::new(code, message).about(claim).compared(None, Some(actual.clone()))
}

/// What to do about a token that has expired: one that did so within a day may still be renewed.
fn renewal(exp: i64, now: i64) -> String {
    let minutes = now.saturating_sub(exp) / 60 + 1;
    let grace = if minutes <= 90 {
        format!("{minutes}m")
    } else if minutes <= 24 * 60 {
        format!("{}h", minutes / 60 + 1)
    } else {
        return "log in again for a new one".to_owned();
    };
    format!("log in again, or renew it: jwtctl refresh --grace {grace} TOKEN")
}

/// "5 minutes ago (2026-11-23 03:30:00 UTC)"
fn point(date: NumericDate, now: i64) -> String {
    format!("{} ({})", time::from_now(date.seconds, now), time::utc(date.seconds))
}

fn not_yet(claim: &'static str, date: NumericDate, actual: &Value, now: i64) -> Explanation {
    const CLOCKS_DIFFER: i64 = 300;
    let ahead = date.rounded_up().saturating_sub(now);
    let hint = if date.looks_like_milliseconds() {
        format!("{} looks like milliseconds; a NumericDate counts seconds", quote(claim))
    } else if ahead <= CLOCKS_DIFFER && claim != "auth_time" {
        format!("wait, or compare the clocks: --leeway {ahead}s would accept it")
    } else {
        "compare the clocks of both sides".to_owned()
    };
    let when = time::from_now(date.rounded_up(), now);
    let message = format!("{} lies ahead: {when} ({})", quote(claim), time::utc(date.seconds));
    found("not-yet-valid", message, claim, actual).hint(hint)
}

fn mismatch(claim: &str, expected: &[Value], actual: &Value) -> Explanation {
    let wanted = wanted(expected).unwrap_or_default();
    let message = format!("{} is {}; expected {wanted}", named(claim), shown(actual));
    Explanation::new("claim-mismatch", message)
        .about(claim)
        .compared(one_value(expected), Some(actual.clone()))
}

/// The values that would do, in words; nothing where any would.
fn wanted(expected: &[Value]) -> Option<String> {
    let all: Vec<_> = expected.iter().map(shown).collect();
    match &all[..] {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(format!("one of {}", many.join(", "))),
    }
}

/// The values that would do, as one: itself if there is one, else an array.
fn one_value(expected: &[Value]) -> Option<Value> {
    match expected {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(Value::array(many)),
    }
}

/// A value that differs in its type alone was probably meant as JSON.
fn mismatch_hint(claim: &str, expected: &[Value], actual: &Value) -> Option<String> {
    let [expected] = expected else { return None };
    let text = expected.as_string()?;
    let as_json = Value::parse(text.as_bytes()).ok()?;
    (as_json.same_as(actual))
        .then(|| format!("to expect the JSON value: --claim '{claim}:={text}'"))
}
