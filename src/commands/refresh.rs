//! `refresh`: verifies a token and signs its successor: every claim kept, the times moved to now,
//! and always an `exp`.

use crate::request::RefreshRequest;
use std::borrow::Cow;
use std::sync::Arc;

use uuid::Uuid;

use super::encode::DEFAULT_TTL;
use super::verify::{accept, check_signature, expectations, read_claims, source, try_padding};
use super::{both, check_names, fits_a_token};
use crate::claims::Claims;
use crate::crypto::{Checked, LoadedKey, Verified};
use crate::env::Env;
use crate::explain::Warning;
use crate::explain::warnings;
use crate::explain::{Problem, usage};
use crate::input;
use crate::input::{ItemContext, Text};
use crate::input::{KeySource, SourceKeys};
use crate::json::{Object, Value};
use crate::keys::{Algorithm, Purpose};
use crate::outcome::{Answer, EncodedToken, Outcome};
use crate::policy::{self, Expectation, Fault, Policy};
use crate::request::Assignment;
use crate::sys::Bounded;
use crate::time::{LONGEST, NumericDate, When};
use crate::token::Unverified;

/// The claims that a refresh has rules for, so that no flag can make a session endless.
const KEPT: [(&str, &str); 3] = [
    ("exp", "a refreshed token always expires: choose when with --ttl"),
    ("iat", "a refreshed token is issued now"),
    ("auth_time", "a session's begin is kept: --max-session counts from it"),
];

/// Where a session began and where it must end.
struct Session {
    /// The claim it is counted from.
    claim: &'static str,
    /// That claim's value.
    start: Value,
    /// From when on no token may be valid.
    end: NumericDate,
}

/// The work of a call: its keys, fit for it before a token is looked at, and what tokens must fulfil.
pub struct Refresher<'a> {
    pub(super) request: &'a RefreshRequest,
    pub(super) verifying: KeySource<'a>,
    /// `None`: the verifying key signs too.
    signing: Option<KeySource<'a>>,
    policy: Cow<'a, Policy>,
}

impl<'a> Refresher<'a> {
    /// Reads the keys of a request.
    pub(super) fn new<'e: 'a>(
        request: &'a RefreshRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Vec<Problem>> {
        let call = check_call(request).map_err(|problem| vec![problem]);
        let ((verifying, signing), ()) = both(keys(request, env), call)?;
        let policy = expectations(&request.policy, &verifying);
        Ok(Self { request, verifying, signing, policy })
    }

    /// Renews a token.
    pub(super) fn item(
        &self,
        text: Text<'_>,
        clock: NumericDate,
        context: &mut ItemContext,
    ) -> Outcome {
        match input::read_token(text, context) {
            Ok(token) => self.outcome(token, clock, context),
            Err(problems) => self.unread(problems, text.bytes),
        }
    }

    fn unread(&self, mut problems: Vec<Problem>, text: &[u8]) -> Outcome {
        try_padding(&mut problems, text, &self.verifying, &self.request.allowed);
        Outcome::refused(problems)
    }

    fn outcome(
        &self,
        token: Unverified<'_>,
        clock: NumericDate,
        context: &mut ItemContext,
    ) -> Outcome {
        let now = When::now(self.request.at, clock);
        let mut warnings = Vec::new();
        match renew(self, token, now, context, &mut warnings) {
            Ok(minted) => {
                Outcome::answer(Answer::EncodedToken(minted), now).with_warnings(warnings)
            }
            Err(problems) => Outcome::refused(problems).with_warnings(warnings),
        }
    }
}

pub(super) fn run(request: &RefreshRequest, env: &mut Env<'_>) -> Outcome {
    let mut held = Bounded::default();
    let mut context = ItemContext::for_one().allow_padding(request.allow_padding);
    let refresher = Refresher::new(request, env);
    let token = input::token(&request.token, "refresh", env, &mut held, &mut context);
    match refresher {
        Ok(refresher) => match token {
            Ok(token) => refresher.outcome(token, (env.clock)(), &mut context),
            Err(problems) => refresher.unread(problems, &held.bytes),
        },
        Err(problems) => {
            let of_token = token.err().into_iter().flatten();
            Outcome::refused(problems.into_iter().chain(of_token).collect())
        }
    }
}

fn renew(
    refresher: &Refresher<'_>,
    token: Unverified<'_>,
    now: NumericDate,
    context: &mut ItemContext,
    warnings: &mut Vec<Warning>,
) -> Result<EncodedToken, Vec<Problem>> {
    let Refresher { request, verifying, signing, policy } = refresher;
    let text = token.text();
    let (keys, checked) = check_signature(verifying, token, &request.allowed, context, warnings)?;
    let signing = signing.as_ref().map(KeySource::keys);
    let signer = signer(keys, &checked, signing, &request.allowed)?;
    warnings.extend(signer.replaces.as_deref().map(warnings::other_signer));
    let verified = read_claims(checked.payload)?;
    accept(&verified, policy, now, warnings)
        .map_err(|problems| problems.into_iter().map(perhaps_to_set).collect::<Vec<_>>())?;
    let session = session(&verified, policy, now);
    if still_fresh(&verified, request, session.as_ref(), now) {
        let (header, claims) = verified.into_content();
        return Ok(EncodedToken { token: text.to_owned(), header, claims, renewed: false });
    }
    warnings.retain(|warning| !matches!(warning, Warning::Token(_)));
    let claims = successor(&verified, request, session.as_ref(), now, warnings);
    if !request.set.is_empty() {
        fits_a_token("claims", claims.object()).map_err(|problem| vec![problem])?;
    }
    warnings.extend(claims.type_faults().into_iter().map(warnings::refused_claim));
    sign(&signer, &verified, claims, context, warnings)
}

/// A claim that is not as expected may have been meant for the successor.
fn perhaps_to_set(mut problem: Problem) -> Problem {
    if let Problem::Policy(fault) = &mut problem
        && let Fault::Missing { claim, by, .. } | Fault::Mismatch { claim, by, .. } = &mut **fault
        && *by == Expectation::Equal
        && !claim.starts_with('/')
        && KEPT.iter().all(|(kept, _)| kept != claim)
    {
        *by = Expectation::EqualBeforeRefresh;
    }
    problem
}

/// The key that verifies, and the one that signs if that is another.
fn keys<'e>(
    request: &RefreshRequest,
    env: &mut Env<'e>,
) -> Result<(KeySource<'e>, Option<KeySource<'e>>), Vec<Problem>> {
    let purpose = if request.sign_key.is_some() { Purpose::Verify } else { Purpose::Sign };
    let verifying = source(&request.key, purpose, &request.allowed, env);
    let signing = request.sign_key.as_ref();
    let signing = signing.map(|key| input::key(key, Purpose::Sign, env)).transpose();
    let (verifying, signing) = both(verifying, signing)?;
    let keys = verifying.keys();
    if let Some(signing) = &signing {
        signing.keys().signer(None, None)?;
    } else {
        keys.loaded.first_signer().map_err(|error| keys.problem(error))?;
    }
    Ok((verifying, signing))
}

/// The key that signs the successor, and with what.
struct Signer<'a> {
    source: &'a SourceKeys,
    key: &'a LoadedKey,
    alg: Algorithm,
    /// Whether it is another than the one that verified.
    is_new: bool,
    /// Its name, if it signs because the one that verified cannot.
    replaces: Option<String>,
}

/// The signing key where there is one, else the key that verified, or, where that is a public key of a set,
/// one of the set that can sign; with the token's algorithm if it serves that.
fn signer<'a>(
    verifying: &'a SourceKeys,
    checked: &Checked<'a>,
    signing: Option<&'a SourceKeys>,
    allowed: &[Algorithm],
) -> Result<Signer<'a>, Vec<Problem>> {
    let (verified_by, alg) = (checked.key, checked.payload.algorithm());
    let source = signing.unwrap_or(verifying);
    let (key, own) = match (signing, verified_by.signs_with(None)) {
        (Some(signing), _) => signing.signer(None, None)?,
        (None, Ok(own)) => (verified_by, own),
        (None, Err(_)) => {
            source.loaded.successor(alg, allowed).map_err(|error| source.problem(error))?
        }
    };
    let alg = if key.supports().contains(&alg) { alg } else { own };
    let is_new = !std::ptr::eq(key, verified_by);
    let replaces = (is_new && signing.is_none()).then(|| source.name_of(key));
    Ok(Signer { source, key, alg, is_new, replaces })
}

fn check_call(request: &RefreshRequest) -> Result<(), Problem> {
    let set = request.set.iter().map(|assignment| assignment.name.as_str());
    let names: Vec<_> = set.chain(request.unset.iter().map(String::as_str)).collect();
    for (name, instead) in KEPT {
        if names.contains(&name) {
            let is_unset = request.unset.iter().any(|n| n == name);
            let (flag, verb) = if is_unset { ("--unset", "remove") } else { ("--set", "set") };
            return Err(usage::not_by_this_flag(flag, verb, name, instead));
        }
    }
    if request.ttl == Some(0) {
        return Err(usage::no_lifetime());
    }
    if let (Some(ttl), Some(min_ttl)) = (request.ttl, request.policy.min_ttl)
        && ttl <= min_ttl
    {
        return Err(usage::lifetime_too_short(ttl, min_ttl));
    }
    check_names("claim", names)
}

/// The session that the policy limits and has found within its limit. One that leeway lets begin ahead of now
/// begins now: the successor's `auth_time` must not lie in the future.
fn session(verified: &Verified, policy: &Policy, now: NumericDate) -> Option<Session> {
    let max_session = policy.max_session?;
    let (claim, since) = policy::session_start(verified, now).ok()??;
    let (date, spelled) = verified.claims().dated(claim)?;
    let start = if date > now { now.whole().to_value() } else { spelled.to_value() };
    Some(Session { claim, start, end: since.plus(max_session) })
}

fn still_fresh(
    verified: &Verified,
    request: &RefreshRequest,
    session: Option<&Session>,
    now: NumericDate,
) -> bool {
    let Some(margin) = request.if_expiring else { return false };
    let exp = verified.claims().numeric_date("exp").ok().flatten();
    exp.is_some_and(|exp| {
        let in_session = session.is_none_or(|session| exp <= session.end);
        let is_plausible = exp.other_unit().is_none();
        exp > now.plus(margin) && in_session && is_plausible
    })
}

/// The successor's claims.
fn successor(
    verified: &Verified,
    request: &RefreshRequest,
    session: Option<&Session>,
    now: NumericDate,
    warnings: &mut Vec<Warning>,
) -> Claims {
    let mut claims = verified.claims().clone();
    let date = |claim| verified.claims().numeric_date(claim).ok().flatten();
    let (iat, nbf, exp) = (date("iat"), date("nbf"), date("exp"));

    let lifetime = match (request.ttl, iat, exp) {
        (Some(ttl), ..) => ttl,
        (None, Some(iat), Some(exp)) => kept_lifetime(iat, exp, warnings),
        _ => DEFAULT_TTL,
    };
    if let Some(session) = session.filter(|session| session.claim == "iat") {
        claims.set("auth_time", &session.start);
    }
    if iat.is_some() {
        claims.set("iat", &now.whole().to_value());
    }
    if let Some(nbf) = nbf {
        let delay = iat.map_or(0, |iat| nbf.seconds_since(iat));
        claims.set("nbf", &now.whole().plus(delay).to_value());
    }
    claims.set("exp", &expiry(lifetime, session, now).to_value());
    if claims.get("jti").is_some() {
        claims.set("jti", &Value::string(&Uuid::new_v4().to_string()));
    }
    for Assignment { name, value } in &request.set {
        claims.set(name, value);
    }
    for name in &request.unset {
        claims.remove(name);
    }
    claims
}

/// When the successor expires: not after its session, and in whole seconds where one of those is left.
fn expiry(lifetime: i64, session: Option<&Session>, now: NumericDate) -> NumericDate {
    let wanted = now.whole().plus(lifetime);
    match session.map(|session| session.end) {
        Some(end) if end < wanted && end.whole() > now => end.whole(),
        Some(end) if end < wanted => end,
        _ => wanted,
    }
}

/// The old lifetime, at least a second, unless it is none or as good as endless.
fn kept_lifetime(iat: NumericDate, exp: NumericDate, warnings: &mut Vec<Warning>) -> i64 {
    let lifetime = i64::try_from(exp.seconds_since(iat)).ok().filter(|seconds| *seconds <= LONGEST);
    match lifetime {
        Some(seconds) if exp > iat => seconds.max(1),
        _ => {
            let is_too_long = exp > iat;
            warnings.push(warnings::lifetime_not_kept(is_too_long, DEFAULT_TTL));
            DEFAULT_TTL
        }
    }
}

/// The header is kept; `alg` and `kid` follow the key that signs.
fn sign(
    signer: &Signer<'_>,
    verified: &Verified,
    claims: Claims,
    context: &mut ItemContext,
    warnings: &mut Vec<Warning>,
) -> Result<EncodedToken, Vec<Problem>> {
    let Signer { source, key, alg, is_new, .. } = *signer;
    let mut header: Object = verified.header().object().clone();
    if is_new {
        match key.key().kid() {
            Some(kid) => header.set("kid", &Value::string(kid)),
            None => header.remove("kid"),
        }
        context.weaknesses(source, key, alg, warnings);
    }
    context.mangled(source, warnings);
    let made = crate::crypto::Signer::new(key, alg, &header)
        .and_then(|signer| Ok((signer.sign(&claims)?, Arc::clone(&signer.header))));
    match made {
        Ok((token, header)) => Ok(EncodedToken { token, header, claims, renewed: true }),
        Err(error) => Err(source.problem(error)),
    }
}
