//! Weaknesses in the times, issuer, audience and type of a token.

use super::finding::{Finding, evidence};
use super::rules::Rule;
use crate::claims::{Claims, Registered};
use crate::json::{ValueRef, quote};
use crate::time::{self, NumericDate};
use crate::token::Header;

/// How far `auth_time` may be after `iat`, in seconds, because clocks differ.
const CLOCKS: i128 = 60;

/// How far `iat` and `nbf` may be in the future, in seconds.
const EARLY: i128 = 24 * 60 * 60;

/// The limits that the times of a token are compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetime {
    pub(crate) now: NumericDate,
    /// The longest lifetime that is not reported, in seconds.
    pub(crate) longest: i64,
}

/// The weaknesses of a claims set.
pub(super) fn claims_findings(header: &Header, claims: &Claims, limit: Lifetime) -> Vec<Finding> {
    let registered = claims.registered();
    let mut found = Vec::new();
    let mut add = |rule, evidence: String| found.push(Finding::new(rule, evidence));
    for fault in registered.faults() {
        let actual = evidence(ValueRef::checked(fault.actual.text()));
        add(Rule::ClaimType, format!("{} is {actual}, not {}", quote(fault.claim), fault.expected));
    }
    match &registered.exp {
        Ok(None) => add(Rule::NoExpiry, "there is no \"exp\"".to_owned()),
        Ok(Some(_)) => {
            if let Some(evidence) = long_life(claims, &registered, limit) {
                add(Rule::LongLife, evidence);
            }
        }
        Err(_) => {}
    }
    let times = other_units(claims, &registered)
        .chain(contradictions(claims, &registered))
        .chain(in_future(&registered, limit.now));
    for (rule, evidence) in times {
        add(rule, evidence);
    }
    if matches!(registered.iss, Ok(None)) {
        add(Rule::NoIssuer, "there is no \"iss\"".to_owned());
    }
    if matches!(registered.aud, Ok(None)) {
        add(Rule::NoAudience, "there is no \"aud\"".to_owned());
    }
    if matches!(header.typ, Ok(None)) {
        add(Rule::NoType, "the header has no \"typ\"".to_owned());
    }
    found
}

/// The times that the token has, each with its name.
fn times<'a>(claims: &'a Registered<'_>) -> impl Iterator<Item = (&'static str, NumericDate)> + 'a {
    let all = [("exp", &claims.exp), ("nbf", &claims.nbf), ("iat", &claims.iat)];
    all.into_iter().filter_map(|(name, date)| Some((name, date.as_ref().ok()?.as_ref()?.0)))
}

fn time_of(claims: &Registered<'_>, name: &str) -> Option<NumericDate> {
    times(claims).find(|(own, _)| *own == name).map(|(_, date)| date)
}

fn other_units(
    claims: &Claims,
    registered: &Registered<'_>,
) -> impl Iterator<Item = (Rule, String)> {
    let auth = claims.object.get("auth_time").and_then(NumericDate::of);
    times(registered).chain(auth.map(|auth| ("auth_time", auth))).filter_map(|(name, date)| {
        let unit = date.other_unit()?.name();
        Some((Rule::OtherUnit, format!("\"{name}\" is {}, which looks like {unit}", date.seconds)))
    })
}

/// The evidence for a lifetime that exceeds the limit. A lifetime begins at `iat`, else at `nbf`, else now.
fn long_life(claims: &Claims, registered: &Registered<'_>, limit: Lifetime) -> Option<String> {
    let date = |name| time_of(registered, name);
    let exp = date("exp").filter(|exp| exp.other_unit().is_none())?;
    let exp = warned_after(claims).map_or(exp, |warned| warned.min(exp));
    let (start, since) = match (date("iat"), date("nbf")) {
        (Some(iat), _) => (iat, "\"iat\""),
        (None, Some(nbf)) => (nbf, "\"nbf\""),
        (None, None) => (limit.now, "now"),
    };
    if start.other_unit().is_some() {
        return None;
    }
    let life = exp.seconds_since(start);
    (life > limit.longest.into()).then(|| {
        let (life, longest) = (time::span(life), time::span(limit.longest));
        format!("\"exp\" is {life} after {since}; the limit is {longest}")
    })
}

/// The time after which Kubernetes warns about a token. Its `exp` is later, for old clients that do not reload tokens.
fn warned_after(claims: &Claims) -> Option<NumericDate> {
    let own = claims.object.get("kubernetes.io")?;
    own.at(&["warnafter".to_owned()]).and_then(NumericDate::of)
}

fn contradictions(
    claims: &Claims,
    registered: &Registered<'_>,
) -> impl Iterator<Item = (Rule, String)> {
    let date = |name| time_of(registered, name);
    let in_seconds = |date: Option<NumericDate>| date.filter(|date| date.other_unit().is_none());
    let [exp, nbf, iat] = ["exp", "nbf", "iat"].map(|name| in_seconds(date(name)));
    let auth = in_seconds(claims.object.get("auth_time").and_then(NumericDate::of));
    let is_before =
        |a: Option<NumericDate>, b: Option<NumericDate>| a.zip(b).is_some_and(|(a, b)| a <= b);
    let late = auth.zip(iat).is_some_and(|(auth, iat)| auth.seconds_since(iat) > CLOCKS);
    let all = [
        (is_before(exp, iat), "\"exp\" is not after \"iat\""),
        (is_before(exp, nbf), "\"exp\" is not after \"nbf\""),
        (late, "\"auth_time\" is after \"iat\""),
    ];
    let found = all.into_iter().filter(|(is, _)| *is);
    found.map(|(_, evidence)| (Rule::TimesContradict, evidence.to_owned()))
}

/// The times of issue that are far in the future. A verifier with the right clock refuses such a token, or trusts it for
/// longer than intended.
fn in_future(claims: &Registered<'_>, now: NumericDate) -> impl Iterator<Item = (Rule, String)> {
    times(claims).filter_map(move |(name, date)| {
        let early = date.seconds_since(now);
        let is_far = name != "exp" && early > EARLY && date.other_unit().is_none();
        is_far.then(|| {
            let evidence = format!("\"{name}\" is {} in the future", time::span(early));
            (Rule::TimesContradict, evidence)
        })
    })
}

/// The findings for an issuer or audience other than those that the caller expects.
pub(crate) fn expectation_findings(
    claims: &Claims,
    issuers: &[String],
    audiences: &[String],
) -> Vec<Finding> {
    let registered = claims.registered();
    let is_expected = |iss: &str| issuers.iter().any(|expected| expected == iss);
    let mut found = Vec::new();
    let has_issuer =
        matches!(&registered.iss, Ok(Some(iss)) if is_expected(iss)) || issuers.is_empty();
    if !has_issuer {
        found.push(Finding::of_member(Rule::OtherIssuer, "iss", claims.object.get("iss")));
    }
    let has_audience = matches!(&registered.aud, Ok(Some(aud)) if aud.names_any(audiences))
        || audiences.is_empty();
    if !has_audience {
        found.push(Finding::of_member(Rule::OtherAudience, "aud", claims.object.get("aud")));
    }
    found
}
