//! The rules: a verified token against a policy.

use super::fault::{Expectation, Fault, Remark};
use super::{Expired, Policy};
use crate::claims::{Registered, WrongType};
use crate::crypto::Verified;
use crate::json::{Selector, Value, ValueRef};
use crate::time::NumericDate;

/// Every fault of a token at a time, types first, then times, then expectations; and if there is none, a remark on the
/// token if it deserves one.
///
/// # Errors
/// The faults.
pub fn check(
    token: &Verified,
    policy: &Policy,
    now: NumericDate,
) -> Result<Option<Remark>, Vec<Fault>> {
    let claims = token.claims().registered();
    let mut faults: Vec<_> = claims.faults().into_iter().map(Fault::WrongType).collect();
    times(&claims, policy, now, &mut faults);
    faults.extend(max_age(token, &claims, policy, now));
    faults.extend(policy.max_session.and_then(|limit| session(token, limit, now)));
    parties(token, &claims, policy, &mut faults);
    faults.extend(typ(token, policy));
    required(token, policy, &mut faults);
    if let [Fault::Expired { alone, .. } | Fault::ExpiresSoon { alone, .. }] = &mut faults[..] {
        *alone = true;
    }
    if faults.is_empty() { Ok(remark(&claims, now)) } else { Err(faults) }
}

fn remark(claims: &Registered<'_>, now: NumericDate) -> Option<Remark> {
    match claims.exp {
        Ok(Some((exp, actual))) if exp.means_never() => {
            Some(Remark::NeverExpires { exp, actual: actual.evidence() })
        }
        Ok(None) => Some(Remark::NoExpiry),
        _ => other_unit(claims, now),
    }
}

/// What is to be said of an `exp` that is probably not in seconds.
#[must_use]
pub fn other_unit(claims: &Registered<'_>, now: NumericDate) -> Option<Remark> {
    let (exp, actual) = *claims.exp.as_ref().ok()?.as_ref()?;
    let unit = exp.other_unit()?;
    Some(Remark::OtherUnit { unit, exp: exp.read_in(unit), actual: actual.evidence(), now })
}

fn times(claims: &Registered<'_>, policy: &Policy, now: NumericDate, faults: &mut Vec<Fault>) {
    if let Ok(Some((exp, actual))) = claims.exp {
        faults.extend(expiry(exp, actual, policy, now));
    }
    for (claim, dated) in [("nbf", &claims.nbf), ("iat", &claims.iat)] {
        if let Ok(Some((date, actual))) = dated
            && *date > now.plus(policy.leeway)
        {
            let (date, actual) = (*date, actual.evidence());
            faults.push(Fault::NotYetValid { claim, date, actual, now });
        }
    }
}

fn max_age(
    token: &Verified,
    claims: &Registered<'_>,
    policy: &Policy,
    now: NumericDate,
) -> Option<Fault> {
    let max_age = policy.max_age?;
    let oldest = now.minus(max_age).minus(policy.leeway);
    match claims.iat {
        Ok(Some((iat, actual))) => {
            (iat < oldest).then(|| Fault::TooOld { iat, actual: actual.evidence(), now, max_age })
        }
        Ok(None) => Some(missing(token, "iat", Expectation::MaxAge, Vec::new())),
        Err(_) => None,
    }
}

/// The claim a session is counted from, `auth_time` or, in its first token, `iat`, and when it began: not later
/// than now, where leeway lets an `iat` lie ahead.
///
/// # Errors
/// [`WrongType`] if the claim is no number.
pub fn session_start(
    token: &Verified,
    now: NumericDate,
) -> Result<Option<(&'static str, NumericDate)>, WrongType> {
    let claims = token.claims();
    if let Some(date) = claims.numeric_date("auth_time")? {
        return Ok(Some(("auth_time", date.in_nanos())));
    }
    Ok(claims.numeric_date("iat")?.map(|date| ("iat", date.in_nanos().min(now))))
}

fn session(token: &Verified, max_session: i64, now: NumericDate) -> Option<Fault> {
    match session_start(token, now) {
        // That of iat is found with the other types.
        Err(wrong) => (wrong.claim != "iat").then_some(Fault::WrongType(wrong)),
        Ok(None) => Some(missing(token, "auth_time", Expectation::MaxSession, Vec::new())),
        Ok(Some((claim, since))) => {
            let actual = token.claims().get(claim)?.evidence();
            if since > now {
                return Some(Fault::NotYetValid { claim, date: since, actual, now });
            }
            let over = now >= since.plus(max_session);
            over.then_some(Fault::SessionOver { claim, since, actual, now, max_session })
        }
    }
}

/// A token is valid until, and not at, `exp` (RFC 7519 section 4.1.4).
fn expiry(
    exp: NumericDate,
    actual: ValueRef<'_>,
    policy: &Policy,
    now: NumericDate,
) -> Option<Fault> {
    let actual = || actual.evidence();
    if exp <= now.minus(policy.leeway) {
        let accepted = match policy.expired {
            Expired::Refused => false,
            Expired::Within(grace) => exp >= now.minus(grace),
            Expired::Accepted => true,
        };
        return (!accepted).then(|| Fault::Expired { exp, actual: actual(), now, alone: false });
    }
    let min_ttl = policy.min_ttl?;
    let is_soon = exp <= now.plus(min_ttl);
    is_soon.then(|| Fault::ExpiresSoon { exp, actual: actual(), now, min_ttl, alone: false })
}

/// `iss`, `aud` and `sub`.
fn parties(token: &Verified, claims: &Registered<'_>, policy: &Policy, faults: &mut Vec<Fault>) {
    if let Ok(issuer) = &claims.iss
        && !policy.issuers.is_empty()
        && !issuer.as_ref().is_some_and(|issuer| policy.issuers.iter().any(|one| one == issuer))
    {
        faults.push(unexpected(token, "iss", Expectation::Issuer, &policy.issuers));
    }
    faults.extend(audience(token, claims, policy));
    let Some(expected) = &policy.subject else { return };
    match token.claims().string("sub") {
        Err(wrong) => faults.push(Fault::WrongType(wrong)),
        Ok(subject) if subject.as_deref() != Some(expected) => {
            let expected = std::slice::from_ref(expected);
            faults.push(unexpected(token, "sub", Expectation::Subject, expected));
        }
        Ok(_) => {}
    }
}

/// A token that is meant for somebody needs an audience that is expected (RFC 7519 section 4.1.3).
fn audience(token: &Verified, claims: &Registered<'_>, policy: &Policy) -> Option<Fault> {
    let named = claims.aud.as_ref().ok()?;
    if !policy.audiences.is_empty() {
        let is_meant = named.as_ref().is_some_and(|named| named.names_any(&policy.audiences));
        let unmet = || unexpected(token, "aud", Expectation::Audience, &policy.audiences);
        return (!is_meant).then(|| with_client(unmet(), token, &policy.audiences));
    }
    let actual = token.claims().get("aud").filter(|_| !policy.any_audience)?;
    Some(Fault::AudienceNotExpected { actual: actual.evidence() })
}

/// Media types are compared without case, and without the `application/` that may be left out
/// (RFC 7515 section 4.1.9).
fn typ(token: &Verified, policy: &Policy) -> Option<Fault> {
    let expected = policy.typ.as_ref()?;
    let (claim, by) = ("typ".to_owned(), Expectation::Typ);
    let values = vec![Value::string(expected)];
    match token.header().typ() {
        Ok(Some(actual)) if media_type(actual) == media_type(expected) => None,
        Ok(Some(actual)) => {
            let actual = Value::string(actual);
            Some(Fault::Mismatch { claim, expected: values, actual, by, client: None })
        }
        _ => {
            let there = token.header().object().paths();
            let holders = Vec::new();
            Some(Fault::Missing { claim, expected: values, by, there, holders, client: None })
        }
    }
}

fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    match lower.strip_prefix("application/") {
        Some(short) if !short.contains('/') => short.to_owned(),
        _ => lower,
    }
}

fn required(token: &Verified, policy: &Policy, faults: &mut Vec<Fault>) {
    let claims = token.claims().object();
    let absent = |path: &&Selector| path.find(claims).is_none_or(|value| value.text() == "null");
    let absent = policy.required.iter().filter(absent);
    faults.extend(absent.map(|path| missing(token, &path.text, Expectation::Required, Vec::new())));
    for (path, expected) in &policy.equal {
        let actual = path.find(claims);
        if !actual.as_ref().is_some_and(|actual| actual.same_as(expected)) {
            let expected = vec![expected.clone()];
            faults.push(differs(token, &path.text, Expectation::Equal, expected, actual));
        }
    }
}

/// A claim of strings that is absent or has none of the expected values.
fn unexpected(token: &Verified, claim: &str, by: Expectation, expected: &[String]) -> Fault {
    let expected = expected.iter().map(|text| Value::string(text)).collect();
    differs(token, claim, by, expected, token.claims().get(claim).map(ValueRef::to_value))
}

/// A claim that is absent or has none of the expected values.
fn differs(
    token: &Verified,
    claim: &str,
    by: Expectation,
    expected: Vec<Value>,
    actual: Option<Value>,
) -> Fault {
    match actual {
        Some(actual) => {
            let (claim, actual) = (claim.to_owned(), actual.evidence());
            Fault::Mismatch { claim, expected, actual, by, client: None }
        }
        None => missing(token, claim, by, expected),
    }
}

/// With the claim that names the client, where an expected audience is in that.
fn with_client(mut fault: Fault, token: &Verified, audiences: &[String]) -> Fault {
    const NAMES: [&str; 4] = ["azp", "client_id", "cid", "appid"];
    if let Fault::Missing { client, .. } | Fault::Mismatch { client, .. } = &mut fault {
        *client = NAMES.into_iter().find(|name| {
            let value = token.claims().get(name).and_then(|value| value.as_string());
            value.is_some_and(|value| audiences.contains(&value))
        });
    }
    fault
}

/// The longest claim that is searched for an array to hint at, in bytes of JSON. It is read once for each of its names.
const LONGEST_SEARCHED: usize = 16 * 1024;

fn missing(token: &Verified, claim: &str, by: Expectation, expected: Vec<Value>) -> Fault {
    let claims = token.claims().object();
    let there = claims.paths();
    let holder = |path: &Vec<String>| {
        let first = claims.get(&path[0]).filter(|value| value.text().len() <= LONGEST_SEARCHED)?;
        let value = first.at(&path[1..])?.to_value();
        let has_it = value.items()?.any(|item| expected.iter().any(|one| item.same_as(one)));
        has_it.then(|| (path.clone(), value))
    };
    let is_compared = by == Expectation::Equal;
    let holders = there.iter().filter(|_| is_compared).filter_map(holder).collect();
    Fault::Missing { claim: claim.to_owned(), expected, by, there, holders, client: None }
}
