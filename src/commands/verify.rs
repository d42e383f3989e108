//! `verify`: the signature first, then times and claims; an answer only if all of it holds.

use super::{Answer, KeyInHand, KeyRequest, Outcome, Selector, TextSource, Warning, both, sources};
use crate::diagnose::{self, Cause};
use crate::env::Env;
use crate::keys::Algorithm;
use crate::policy::{self, Policy};
use crate::problem::Problem;
use crate::signature::{Checked, Refusal, Verified, VerifiedPayload};
use crate::time::When;
use crate::token::Unverified;

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// The token.
    pub token: TextSource,
    /// The key.
    pub key: KeyRequest,
    /// The algorithms that are allowed, if not all that the key serves.
    pub allowed: Vec<Algorithm>,
    /// What the token must fulfil.
    pub policy: Policy,
    /// The signature alone, over a payload of any kind.
    pub raw: bool,
    /// One claim alone.
    pub get: Option<Selector>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

pub(super) fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let now = request.at.map_or(env.now, |at| at.resolve(env.now));
    let mut outcome = Outcome { now, ..Outcome::default() };
    match answer(request, env, &mut outcome) {
        Ok(answer) => outcome.answer = Some(answer),
        Err(problems) => outcome.problems = problems,
    }
    outcome
}

/// The answer; what is found out on the way goes into the outcome.
fn answer(
    request: &Request,
    env: &mut Env<'_>,
    outcome: &mut Outcome,
) -> Result<Answer, Vec<Problem>> {
    let key = key_in_hand(&request.key, &request.allowed, env);
    let token = sources::token(&request.token, "verify", env);
    // Of a set that is a look at each of its keys, so it is taken only where none of them has matched.
    if token.is_err() {
        outcome.key = key.as_ref().ok().map(KeyInHand::facts);
    }
    let (key, token) = both(key, token)?;
    let checked = check_signature(&key, &token, &request.allowed, &mut outcome.warnings)
        .inspect_err(|_| outcome.key = Some(key.facts()))?;
    let Checked { payload, key: used } = checked;
    outcome.key = Some(key.facts_of(used, Some(payload.algorithm())));
    if request.raw {
        return Ok(Answer::Payload(payload.into_bytes()));
    }
    let verified = read_claims(payload)?;
    let selected = request.get.as_ref().map(|selector| {
        selector.select(verified.claims().object(), false).map_err(|problem| vec![problem])
    });
    let accepted = accept(&verified, &request.policy, outcome.now, &mut outcome.warnings);
    let (selected, ()) = both(selected.transpose(), accepted)?;
    Ok(selected.map_or_else(
        || Answer::Verified {
            header: verified.header().object().clone(),
            claims: verified.claims().clone(),
        },
        Answer::Claim,
    ))
}

/// The key, with something left to do under the allow-list.
pub(super) fn key_in_hand(
    request: &KeyRequest,
    allowed: &[Algorithm],
    env: &mut Env<'_>,
) -> Result<KeyInHand, Vec<Problem>> {
    let key = sources::key(request, env)?;
    match key.ring.check_verifies(allowed) {
        Ok(()) => Ok(key),
        Err(error) => Err(vec![Problem::Key { origin: key.origin, error }]),
    }
}

/// The signature; whether it matches or not, a key that is too weak for it gets its warning.
pub(super) fn check_signature<'a>(
    key: &'a KeyInHand,
    token: &Unverified,
    allowed: &[Algorithm],
    warnings: &mut Vec<Warning>,
) -> Result<Checked<'a>, Vec<Problem>> {
    let checked = key.ring.verify(token, allowed);
    if let Ok(checked) = &checked {
        warnings.extend(key.weaknesses(checked.key, checked.payload.algorithm()));
    } else if let (Some(single), Ok((alg, _))) =
        (key.ring.single(), key.ring.fitting(token.header(), allowed))
    {
        warnings.extend(key.weaknesses(single, alg));
    }
    checked.map_err(|refusals| {
        let problem = |refusal: Refusal| {
            let cause = cause(&refusal, key, token, allowed).map(Box::new);
            Problem::Signature { origin: key.origin.clone(), refusal, cause }
        };
        refusals.into_iter().map(problem).collect()
    })
}

/// What would have matched, where a signature does not, or where no key has the token's `kid` or serves its
/// `alg`.
fn cause(
    refusal: &Refusal,
    key: &KeyInHand,
    token: &Unverified,
    allowed: &[Algorithm],
) -> Option<Cause> {
    let alg = token.header().alg().ok()?.parse().ok()?;
    match refusal {
        Refusal::Mismatch { .. } | Refusal::UnknownKid { .. } => {}
        Refusal::NotServed { .. } => return diagnose::forgery(token, alg, &key.written),
        _ => return None,
    }
    let tried = key.ring.fitting(token.header(), allowed);
    let tried: Vec<_> = tried.into_iter().flat_map(|(_, keys)| keys).map(|(_, key)| key).collect();
    diagnose::cause(token, alg, &tried, &key.ring, &key.written)
}

/// The payload of a signature that matches as a claims set.
pub(super) fn read_claims(payload: VerifiedPayload) -> Result<Verified, Vec<Problem>> {
    payload.into_jwt().map_err(|malformed| vec![Problem::Token(malformed, None)])
}

/// Times and claims against the expectations.
pub(super) fn accept(
    verified: &Verified,
    policy: &Policy,
    now: i64,
    warnings: &mut Vec<Warning>,
) -> Result<(), Vec<Problem>> {
    let faults = policy::check(verified, policy, now);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(Problem::Policy).collect());
    }
    warnings.extend(policy::remark(verified).map(Warning::Token));
    Ok(())
}
