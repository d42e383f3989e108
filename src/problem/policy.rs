//! What is said of a genuine token that falls short of an expectation.

use super::{Explanation, shown};
use crate::json::Value;
use crate::policy::Fault;
use crate::time::{self, NumericDate};

pub(super) fn explain(fault: &Fault) -> Explanation {
    match fault {
        Fault::WrongType(wrong) => Explanation::new(
            "claim-type",
            format!(
                "the claim {:?} must be {}; it is {}",
                wrong.claim,
                wrong.expected,
                shown(&wrong.actual)
            ),
        )
        .about(wrong.claim)
        .compared(None, Some(wrong.actual.clone())),
        Fault::Expired { exp, now } => {
            Explanation::new("expired", format!("the token expired {}", point(*exp, *now)))
                .hint(renewal(exp.seconds, *now))
                .about("exp")
                .compared(None, Some(Value::integer(exp.seconds)))
        }
        Fault::ExpiresSoon { exp, now, min_ttl } => Explanation::new(
            "expires-soon",
            format!("the token expires {}: not {} ahead", point(*exp, *now), time::span(*min_ttl)),
        )
        .hint("renew it with jwtctl refresh")
        .about("exp")
        .compared(None, Some(Value::integer(exp.seconds))),
        Fault::NotYetValid { claim, date, now } => not_yet(claim, *date, *now),
        Fault::Missing { claim, expected } => {
            let message = match expected {
                Some(expected) => format!("there is no {claim:?}; expected {}", shown(expected)),
                None => format!("there is no {claim:?}, which is required"),
            };
            Explanation::new("claim-missing", message).about(claim).compared(expected.clone(), None)
        }
        Fault::Mismatch { claim, expected, actual } => Explanation {
            hint: mismatch_hint(claim, expected, actual),
            ..mismatch(claim, expected, actual)
        },
        Fault::AudienceNotExpected { actual } => Explanation::new(
            "audience-not-expected",
            format!("the token is meant for {}, and no audience was expected", shown(actual)),
        )
        .hint("name yourself with --aud NAME; --any-aud accepts any audience")
        .about("aud")
        .compared(None, Some(actual.clone())),
        Fault::TooOld { iat, now, max_age } => Explanation::new(
            "too-old",
            format!(
                "the token was issued {}: over {} old",
                point(*iat, *now),
                time::span(*max_age)
            ),
        )
        .about("iat")
        .compared(None, Some(Value::integer(iat.seconds))),
        Fault::SessionOver { claim, since, now, max_session } => Explanation::new(
            "session-over",
            format!(
                "the session began {}: its limit of {} is reached",
                point(*since, *now),
                time::span(*max_session)
            ),
        )
        .hint("log in again")
        .about(claim)
        .compared(None, Some(Value::integer(since.seconds))),
    }
}

/// What to do about a token that has expired: one that did so within a day may still be renewed.
fn renewal(exp: i64, now: i64) -> String {
    let minutes = now.saturating_sub(exp) / 60 + 1;
    let grace = match minutes {
        ..=90 => format!("{minutes}m"),
        ..=1440 => format!("{}h", minutes / 60 + 1),
        _ => return "log in again for a new one".to_owned(),
    };
    format!("log in again, or renew it: jwtctl refresh --grace {grace}")
}

/// "5 minutes ago (2026-11-23 03:30:00 UTC)"
fn point(date: NumericDate, now: i64) -> String {
    format!("{} ({})", time::from_now(date.seconds, now), time::utc(date.seconds))
}

fn not_yet(claim: &'static str, date: NumericDate, now: i64) -> Explanation {
    let said = if claim == "iat" { "was issued" } else { "becomes valid" };
    let hint = if date.looks_like_milliseconds() {
        format!("{claim:?} looks like milliseconds; a NumericDate counts seconds")
    } else {
        let ahead = date.seconds.saturating_sub(now);
        format!("wait, or compare the clocks: --leeway {ahead}s would accept it")
    };
    Explanation::new(
        "not-yet-valid",
        format!("the token {said} {}, by its {claim:?}", point(date, now)),
    )
    .hint(hint)
    .about(claim)
    .compared(None, Some(Value::integer(date.seconds)))
}

fn mismatch(claim: &str, expected: &[Value], actual: &Value) -> Explanation {
    let wanted = match expected {
        [one] => shown(one),
        many => {
            let all: Vec<_> = many.iter().map(shown).collect();
            format!("one of {}", all.join(", "))
        }
    };
    let value = match expected {
        [one] => one.clone(),
        many => Value::array(many),
    };
    Explanation::new("claim-mismatch", format!("{claim:?} is {}; expected {wanted}", shown(actual)))
        .about(claim)
        .compared(Some(value), Some(actual.clone()))
}

/// A value that differs in its type alone was probably meant as JSON.
fn mismatch_hint(claim: &str, expected: &[Value], actual: &Value) -> Option<String> {
    let [expected] = expected else { return None };
    let text = expected.as_string()?;
    let as_json = Value::parse(text.as_bytes()).ok()?;
    (as_json.same_as(actual))
        .then(|| format!("to expect the JSON value: --claim '{claim}:={text}'"))
}
