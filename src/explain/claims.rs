//! Explains why a genuine token does not meet an expectation.

use super::codes::Code;
use super::difference::{self, Difference, Kind};
use super::explanation::{Explanation, named, shown};
use super::names::{exists, flag, flag_for, nearest_path, selector};
use super::times;
use crate::claims::WrongType;
use crate::json::{Value, quote};
use crate::policy::{Expectation, Fault, TokenKind};
use crate::time;

pub(super) fn code(fault: &Fault) -> Code {
    match fault {
        Fault::WrongType(_) => Code::ClaimType,
        Fault::Expired { .. } => Code::Expired,
        Fault::ExpiresSoon { .. } => Code::ExpiresSoon,
        Fault::NotYetValid { .. } => Code::NotYetValid,
        Fault::Missing { .. } | Fault::SessionHidden => Code::ClaimMissing,
        Fault::Mismatch { .. } => Code::ClaimMismatch,
        Fault::Forbidden { .. } => Code::ClaimForbidden,
        Fault::NotOfKind { .. } | Fault::OtherProofKey => Code::OtherKind,
        Fault::Revoked { .. } => Code::Revoked,
        Fault::AudienceNotExpected { .. } => Code::AudienceNotExpected,
        Fault::TooOld { .. } => Code::TooOld,
        Fault::SessionOver { .. } => Code::SessionOver,
    }
}

/// The hint. Of the most frequent fault it is known without the other texts.
pub(super) fn hint(fault: &Fault) -> Option<String> {
    match fault {
        Fault::Expired { exp, now, alone, .. } => alone.then(|| times::renewal(*exp, *now)),
        fault => explain(fault).hint,
    }
}

pub(super) fn explain(fault: &Fault) -> Explanation {
    let found = |message, claim, actual| found(code(fault), message, claim, actual);
    match fault {
        Fault::WrongType(wrong) => wrong_type(code(fault), wrong),
        Fault::Expired { exp, actual, now, .. } => {
            let message = format!("the token expired {}", times::point(*exp, *now));
            Explanation { hint: hint(fault), ..found(message, "exp", actual) }
        }
        Fault::ExpiresSoon { exp, actual, now, min_ttl, alone } => {
            let (when, wanted) = (times::point(*exp, *now), time::span(*min_ttl));
            let message = format!("the token expires {when}; --min-ttl asks for {wanted}");
            let said = found(message, "exp", actual);
            let hint = "renew it with the key that signs: jwtctl refresh TOKEN, without --min-ttl";
            if *alone { said.hint(hint) } else { said }
        }
        Fault::NotYetValid { claim, date, actual, now } => {
            let (message, hint) = times::not_yet(claim, *date, *now);
            found(message, claim, actual).hint(hint)
        }
        Fault::Missing { claim, expected, by, paths, arrays, client } => {
            let said = missing(code(fault), claim, expected, *by, paths, arrays);
            with_expectation_hint(said, claim, expected, *by, *client)
        }
        Fault::Mismatch { claim, expected, actual, by, client } => {
            let said = mismatch(code(fault), claim, expected, actual, *by);
            with_expectation_hint(said, claim, expected, *by, *client)
        }
        Fault::Forbidden { claim, actual, kind } => {
            let name = named(claim);
            let message = match kind {
                Some(kind) => format!("the token has {name}, which {} rules out", kind_of(*kind)),
                None => format!("the token has {name}, which --forbid rules out"),
            };
            found(message, claim, actual)
        }
        Fault::NotOfKind { kind, claim, needs, actual } => {
            let kind = kind_of(*kind);
            let message = match actual {
                Some(actual) => {
                    format!("{} is {}; {kind} requires {needs}", quote(claim), shown(actual))
                }
                None => format!("there is no {}; {kind} requires {needs}", quote(claim)),
            };
            let said = Explanation::new(code(fault), message).about(claim);
            actual.iter().fold(said, Explanation::found)
        }
        Fault::OtherProofKey => Explanation::new(
            code(fault),
            "the \"jwk\" in the header is not the public key that verified the proof (RFC 9449 section 4.3)",
        )
        .about("jwk"),
        Fault::Revoked { jti } => {
            found("the token was revoked: its \"jti\" is in the file of --revoked".to_owned(), "jti", jti)
        }
        Fault::AudienceNotExpected { actual } => {
            let message =
                format!("the token is meant for {}, and no audience was expected", shown(actual));
            found(message, "aud", actual)
                .hint("pass your audience with --aud NAME; --any-aud accepts any audience")
        }
        Fault::TooOld { iat, actual, now, max_age, kind } => {
            let (when, allowed) = (times::point(*iat, *now), time::span(*max_age));
            let (by, hint) = match kind {
                Some(_) => ("without --max-age, a DPoP proof may be", "make a new proof for each request"),
                None => ("--max-age allows", "log in again for a new one"),
            };
            let message = format!("the token was issued {when}; {by} {allowed}{}", if kind.is_some() { " old" } else { "" });
            found(message, "iat", actual).hint(hint)
        }
        Fault::SessionHidden => Explanation::new(
            Code::ClaimMissing,
            "\"auth_time\" may be among the claims that are not disclosed, and --max-session needs it",
        )
        .about("auth_time"),
        Fault::SessionOver { claim, since, actual, now, max_session } => {
            let (when, limit) = (times::point(*since, *now), time::span(*max_session));
            let message = format!("the session began {when}; --max-session ends it after {limit}");
            found(message, claim, actual).hint("log in again")
        }
    }
}

/// A kind of token that is expected, in words.
fn kind_of(kind: TokenKind) -> String {
    format!("--expect {} ({})", kind.name(), kind.standard())
}

/// An explanation about a claim, with the value that was found.
fn found(code: Code, message: String, claim: &str, actual: &Value) -> Explanation {
    Explanation::new(code, message).about(claim).found(actual)
}

fn wrong_type(code: Code, wrong: &WrongType) -> Explanation {
    let WrongType { claim, expected, actual } = wrong;
    let (name, is) = (quote(claim), shown(actual));
    let is = if actual.kind() == "a string" { format!("the string {is}") } else { is };
    let message = format!("the claim {name} must be {expected}; it is {is}");
    let said = found(code, message, claim, actual);
    if *expected == "a number" {
        return said.hint(times::as_number(claim, actual));
    }
    let Some(text) = as_string(actual) else { return said };
    let hint = format!("have the issuer write a string: {name}:{}", shown(&text));
    // A "sub" is checked only if one is expected, and that can also be a number.
    match (*claim, actual.kind()) {
        ("sub", "a number") => said.hint(format!("{hint}; --claim sub:=NUMBER expects a number")),
        _ => said.hint(hint),
    }
}

/// The string that was probably meant: the text of a number, or of the only item of an array.
fn as_string(value: &Value) -> Option<Value> {
    let mut items = value.items().into_iter().flatten();
    match (value.kind(), items.next(), items.next()) {
        ("a number", ..) => Some(Value::string(value.text())),
        (_, Some(one), None) if one.kind() == "a string" => Some(one.to_value()),
        (_, Some(one), None) if one.kind() == "a number" => Some(Value::string(one.text())),
        _ => None,
    }
}

fn missing(
    code: Code,
    claim: &str,
    expected: &[Value],
    by: Expectation,
    paths: &[Vec<String>],
    arrays: &[(Vec<String>, Value)],
) -> Explanation {
    let name = named(claim);
    let is_it = |path: &&Vec<String>| selector(path) == claim;
    let message = match (by, wanted(expected)) {
        (Expectation::Contains, Some(wanted)) => {
            format!("there is no {name}; it was expected to contain {wanted}")
        }
        (_, Some(wanted)) => format!("there is no {name}; expected {wanted}"),
        (Expectation::MaxAge, None) => format!("there is no {name}, which --max-age needs"),
        (Expectation::MaxSession, None) => {
            format!("there is no {name} and no \"iat\": --max-session needs one of them")
        }
        (Expectation::Revoked, None) => format!("there is no {name}, which --revoked requires"),
        (Expectation::Kind(kind), None) => {
            format!("there is no {name}, which {} requires", kind_of(kind))
        }
        _ if paths.iter().any(|path| is_it(&path)) => format!("{name} is null; it is required"),
        _ => format!("there is no {name}, which is required"),
    };
    let said = Explanation::new(code, message).about(claim).compared(one_value(expected), None);
    let takes_a_path = matches!(
        by,
        Expectation::Required
            | Expectation::Equal
            | Expectation::EqualBeforeRefresh
            | Expectation::Contains
    );
    let others = paths.iter().filter(|path| !is_it(path) && (takes_a_path || path.len() == 1));
    let others: Vec<_> = others.cloned().collect();
    let Some(path) = nearest_path(claim, &others) else { return said };
    let other = selector(path);
    let exists = exists(path);
    if let Some((_, array)) = arrays.iter().find(|(other, _)| other == path) {
        let hint = expected.first().and_then(|expected| one_item(&other, expected, array));
        return Explanation { hint: hint.map(|hint| format!("{exists}; {hint}")), ..said };
    }
    let flag = match (by, expected) {
        (Expectation::Required, _) => flag("--require", &other),
        (Expectation::Equal | Expectation::EqualBeforeRefresh, [expected]) => {
            flag_for("--claim", &other, expected)
        }
        (Expectation::Contains, [expected]) => {
            expected.as_string().and_then(|text| self::flag("--claim", &format!("{other}~={text}")))
        }
        _ => None,
    };
    said.hint(match flag {
        Some(flag) => format!("{exists}: {flag}"),
        None => format!("{exists}; names must match exactly"),
    })
}

/// Adds a hint for the case that the expectation itself is the mistake.
fn with_expectation_hint(
    said: Explanation,
    claim: &str,
    expected: &[Value],
    by: Expectation,
    client: Option<&str>,
) -> Explanation {
    let named_client = client.and_then(|name| {
        let is_it = |value: &&Value| value.as_string().is_some();
        let value = expected.iter().find(is_it)?;
        Some((name, flag_for("--claim", name, value)?))
    });
    if let Some((name, flag)) = named_client {
        let name = quote(name);
        return said.hint(format!(
            "{name} has this value, but names the client, not the audience: --any-aud {flag}"
        ));
    }
    let [value] = expected else { return said };
    let set = flag_for("--set", claim, value).filter(|_| by == Expectation::EqualBeforeRefresh);
    let Some(set) = set else { return said };
    let before = said.hint.as_ref().map_or_else(String::new, |hint| format!("{hint}; "));
    said.hint(format!(
        "{before}--claim checks the old token; to write it into the new one: {set} instead"
    ))
}

fn mismatch(
    code: Code,
    claim: &str,
    expected: &[Value],
    actual: &Value,
    by: Expectation,
) -> Explanation {
    let wanted = wanted(expected).unwrap_or_default();
    let is_contained = by == Expectation::Contains;
    let how = if is_contained { "it was expected to contain" } else { "expected" };
    let message = format!("{} is {}; {how} {wanted}", named(claim), shown(actual));
    let said = Explanation::new(code, message)
        .about(claim)
        .compared(one_value(expected), Some(actual.clone()));
    if is_contained {
        return said;
    }
    let items = by == Expectation::Audience;
    match difference::nearest(expected, actual, items) {
        Some(difference) => {
            let hint = mismatch_hint(claim, &difference, by);
            Explanation { hint, evidence: difference.evidence().into(), ..said }
        }
        None => Explanation { hint: one_of_several(claim, expected, actual), ..said },
    }
}

/// The flag to suggest if the expected value is one item of the array that it was compared with.
fn one_of_several(claim: &str, expected: &[Value], actual: &Value) -> Option<String> {
    let [expected] = expected else { return None };
    if !actual.items()?.any(|item| item.same_as(expected)) {
        return None;
    }
    match expected.as_string() {
        Some(text) if claim == "aud" => whole_array(flag("--aud", &text)),
        _ => one_item(claim, expected, actual),
    }
}

/// The hint if one item of an array was expected.
fn one_item(path: &str, expected: &Value, array: &Value) -> Option<String> {
    match expected.as_string() {
        Some(text) if !text.is_empty() => {
            let flag = flag("--claim", &format!("{path}~={text}"))?;
            Some(format!("it is one item of an array: {flag}"))
        }
        _ => whole_array(flag_for("--claim", path, array)),
    }
}

/// The hint if one item of an array was expected; `flag` expects the whole array.
fn whole_array(flag: Option<String>) -> Option<String> {
    Some(format!("it is one item of an array, and --claim compares the whole array: {}", flag?))
}

/// The flag that would accept a value with a small difference, since the caller may have made the mistake. No flag is
/// proposed that would accept an odd character, or `http` for `https`.
fn mismatch_hint(claim: &str, difference: &Difference, by: Expectation) -> Option<String> {
    let actual = &difference.actual;
    let text = actual.as_string();
    let is_free = by != Expectation::IssuerOfKeys;
    if !is_free || matches!(difference.kind, Kind::Risky | Kind::Other) {
        return None;
    }
    let of_text = |name| flag(name, text.as_deref()?);
    let (condition, flag) = match by {
        Expectation::Issuer => ("that is the same issuer", of_text("--iss")),
        Expectation::Audience => ("that means you", of_text("--aud")),
        Expectation::Subject => ("that is the same subject", of_text("--sub")),
        Expectation::Typ => ("that is the same type", of_text("--typ")),
        _ => ("that value is meant", flag_for("--claim", claim, actual)),
    };
    let flag = flag?;
    Some(match (difference.kind, &text) {
        (Kind::Type, None) => format!("to expect the JSON value: {flag}"),
        (Kind::Type, Some(_)) => format!("to expect the string: {flag}"),
        _ => format!("if {condition}: {flag}"),
    })
}

/// The expected values in words; `None` if every value is accepted.
fn wanted(expected: &[Value]) -> Option<String> {
    let all: Vec<_> = expected.iter().map(shown).collect();
    let one_of = if all.len() > 1 { "one of " } else { "" };
    (!all.is_empty()).then(|| format!("{one_of}{}", all.join(", ")))
}

/// The expected value, or an array of several.
fn one_value(expected: &[Value]) -> Option<Value> {
    match expected {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(Value::array(many)),
    }
}
