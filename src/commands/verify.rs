//! `verify`: the signature first, then times and claims; an answer only if all of it holds.

use super::items::{Desk, Text};
use super::{Answer, KeyInHand, KeyRequest, Outcome, Selector, TextSource, Warning, both, sources};
use crate::diagnose::{self, Cause};
use crate::env::Env;
use crate::io::Bounded;
use crate::keys::Algorithm;
use crate::policy::{self, Policy};
use crate::problem::Problem;
use crate::signature::{Checked, Refusal, Refused, Verified, VerifiedPayload};
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
    let (mut held, mut desk) = (Bounded::default(), Desk::for_one());
    let key = key_in_hand(&request.key, &request.allowed, env);
    let token = sources::token(&request.token, "verify", env, &mut held, &mut desk);
    let unread = key.as_ref().ok().filter(|_| token.is_err());
    let facts = unread.map(|key| Box::new(key.facts()));
    match both(key, token) {
        Ok((key, token)) => judge(request, &key, token, (env.clock)(), &mut desk),
        Err(problems) => Outcome { key: facts, ..Outcome::refused(problems) },
    }
}

pub(super) fn item(
    request: &Request,
    key: &KeyInHand,
    text: Text<'_>,
    clock: i64,
    desk: &mut Desk,
) -> Outcome {
    match sources::read_token(text, desk) {
        Ok(token) => judge(request, key, token, clock, desk),
        Err(problems) => {
            let facts = desk.detail.key.then(|| Box::new(key.facts()));
            Outcome { key: facts, ..Outcome::refused(problems) }
        }
    }
}

/// A token against the key and the expectations.
fn judge(
    request: &Request,
    key: &KeyInHand,
    token: Unverified<'_>,
    clock: i64,
    desk: &mut Desk,
) -> Outcome {
    let mut outcome = Outcome { now: When::now(request.at, clock), ..Outcome::default() };
    match answer(request, key, token, desk, &mut outcome) {
        Ok(answer) => outcome.answer = Some(answer),
        Err(problems) => outcome.problems = problems,
    }
    outcome
}

/// The answer; what is found out on the way goes into the outcome.
fn answer(
    request: &Request,
    key: &KeyInHand,
    token: Unverified<'_>,
    desk: &mut Desk,
    outcome: &mut Outcome,
) -> Result<Answer, Vec<Problem>> {
    let checked = check_signature(key, token, &request.allowed, desk, &mut outcome.warnings);
    // Of a set that is a look at each of its keys, so it is taken only where none of them has matched.
    let Checked { payload, key: used } =
        checked.inspect_err(|_| outcome.key = desk.detail.key.then(|| Box::new(key.facts())))?;
    let facts = || Box::new(key.facts_of(used, Some(payload.algorithm())));
    outcome.key = desk.detail.key.then(facts);
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
        || {
            let (header, claims) = verified.into_content();
            Answer::Verified { header, claims }
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
    hand: &'a KeyInHand,
    token: Unverified<'_>,
    allowed: &[Algorithm],
    desk: &mut Desk,
    warnings: &mut Vec<Warning>,
) -> Result<Checked<'a>, Vec<Problem>> {
    let Refused { token, refusals } = match hand.ring.verify(token, allowed) {
        Ok(checked) => {
            desk.weaknesses(hand, checked.key, checked.payload.algorithm(), warnings);
            return Ok(checked);
        }
        Err(refused) => refused,
    };
    if let (Some(single), Ok((alg, _))) =
        (hand.ring.single(), hand.ring.fitting(token.header(), allowed))
    {
        desk.weaknesses(hand, single, alg, warnings);
    }
    let problem = |refusal: Refusal| {
        let looked_for = desk.detail.explain.then(|| cause(&refusal, hand, &token, allowed));
        let cause = looked_for.flatten().map(Box::new);
        Problem::Signature { origin: hand.origin.clone(), refusal, cause }
    };
    Err(refusals.into_iter().map(problem).collect())
}

/// What would have matched, where a signature does not, or where no key has the token's `kid` or serves its
/// `alg`.
fn cause(
    refusal: &Refusal,
    key: &KeyInHand,
    token: &Unverified<'_>,
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
    let remark = policy::check(verified, policy, now)
        .map_err(|faults| faults.into_iter().map(Problem::Policy).collect::<Vec<_>>())?;
    warnings.extend(remark.map(Warning::Token));
    Ok(())
}
