//! `verify`: the signature first, then times and claims; an answer only if all of it holds.

use crate::request::VerifyRequest;
use std::borrow::Cow;

use super::{both, select};
use crate::crypto::{Checked, Refusal, Refused, Verified};
use crate::env::Env;
use crate::explain;
use crate::explain::Problem;
use crate::explain::Warning;
use crate::input;
use crate::input::{ItemContext, Text};
use crate::input::{KeySource, SourceKeys};
use crate::jwks::Refetch;
use crate::keys::{Algorithm, Purpose};
use crate::outcome::{Answer, Outcome};
use crate::policy::{self, Policy};
use crate::request::KeyRequest;
use crate::sys::Bounded;
use crate::time::{NumericDate, When};
use crate::token::{Base64Fault, Malformed, Unverified};

/// The work of a call: its keys in hand, and what tokens must fulfil.
pub struct Verifier<'a> {
    pub(super) request: &'a VerifyRequest,
    pub(super) source: KeySource<'a>,
    policy: Cow<'a, Policy>,
}

impl<'a> Verifier<'a> {
    /// Reads the keys of a request.
    pub(super) fn new<'e: 'a>(
        request: &'a VerifyRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Vec<Problem>> {
        let source = source(&request.key, Purpose::Verify, &request.allowed, env)?;
        let policy = expectations(&request.policy, &source);
        Ok(Self { request, source, policy })
    }

    /// A token against the key and the expectations.
    pub(super) fn item(
        &self,
        text: Text<'_>,
        clock: NumericDate,
        context: &mut ItemContext,
    ) -> Outcome {
        match input::read_token(text, context) {
            Ok(token) => self.verifier(token, clock, context),
            Err(problems) => self.unread(problems, text.bytes, context),
        }
    }

    fn unread(
        &self,
        mut problems: Vec<Problem>,
        text: &[u8],
        context: &mut ItemContext,
    ) -> Outcome {
        try_padding(&mut problems, text, &self.source, &self.request.allowed);
        let mut outcome = Outcome::refused(problems);
        outcome.key = context.detail.key.then(|| Box::new(self.source.keys().facts()));
        context.fetching(&self.source, &mut outcome.warnings);
        outcome
    }

    fn verifier(
        &self,
        token: Unverified<'_>,
        clock: NumericDate,
        context: &mut ItemContext,
    ) -> Outcome {
        let now = When::now(self.request.at, clock);
        let mut outcome = Outcome { now, ..Outcome::default() };
        match self.answer(token, context, &mut outcome) {
            Ok(answer) => outcome.answer = Some(answer),
            Err(problems) => outcome.problems = problems,
        }
        outcome
    }

    /// The answer; what is found out on the way goes into the outcome.
    fn answer(
        &self,
        token: Unverified<'_>,
        context: &mut ItemContext,
        outcome: &mut Outcome,
    ) -> Result<Answer, Vec<Problem>> {
        let request = self.request;
        let checked =
            check_signature(&self.source, token, &request.allowed, context, &mut outcome.warnings);
        // Of a set that is a look at each of its keys, so it is taken only where none of them has matched.
        let (keys, Checked { payload, key: used }) = checked.inspect_err(|_| {
            outcome.key = context.detail.key.then(|| Box::new(self.source.keys().facts()));
        })?;
        let facts = || Box::new(keys.facts_of(used, Some(payload.algorithm())));
        outcome.key = context.detail.key.then(facts);
        if request.raw {
            return Ok(Answer::Payload(payload.into_content().1));
        }
        let verified = read_claims(payload)?;
        let selected = request.get.as_ref().map(|selector| {
            select(selector, verified.claims().object(), false).map_err(|problem| vec![problem])
        });
        let accepted = accept(&verified, &self.policy, outcome.now, &mut outcome.warnings);
        let (selected, ()) = both(selected.transpose(), accepted)?;
        Ok(selected.map_or_else(
            || {
                let (header, claims) = verified.into_content();
                Answer::Verified { header, claims }
            },
            Answer::Claim,
        ))
    }
}

pub(super) fn run(request: &VerifyRequest, env: &mut Env<'_>) -> Outcome {
    let mut held = Bounded::default();
    let mut context = ItemContext::for_one().allow_padding(request.allow_padding);
    let verifier = Verifier::new(request, env);
    let token = input::token(&request.token, "verify", env, &mut held, &mut context);
    match verifier {
        Ok(verifier) => match token {
            Ok(token) => verifier.verifier(token, (env.clock)(), &mut context),
            Err(problems) => verifier.unread(problems, &held.bytes, &mut context),
        },
        Err(problems) => {
            let of_token = token.err().into_iter().flatten();
            Outcome::refused(problems.into_iter().chain(of_token).collect())
        }
    }
}

/// Finds out, of a token that is refused for its padding, whether its signature matches with it or without.
pub(super) fn try_padding(
    problems: &mut [Problem],
    text: &[u8],
    source: &KeySource<'_>,
    allowed: &[Algorithm],
) {
    for problem in problems {
        if let Problem::Token(
            fault @ Malformed::Base64 { fault: Base64Fault::Padding, .. },
            Some(explained),
        ) = problem
        {
            let trial = explain::padding_trial(text, &source.keys().loaded, allowed);
            if let Some(better) = explain::explain_text(text, fault, trial) {
                **explained = better;
            }
        }
    }
}

/// The keys, with something left to do under the allow-list.
pub(super) fn source<'e>(
    request: &KeyRequest,
    purpose: Purpose,
    allowed: &[Algorithm],
    env: &mut Env<'e>,
) -> Result<KeySource<'e>, Vec<Problem>> {
    let source = input::key(request, purpose, env)?;
    match source.keys().loaded.check_verifies(allowed) {
        Ok(()) => Ok(source),
        Err(error) => Err(source.keys().problem(error)),
    }
}

/// What a token must fulfil. An issuer whose keys were found out from it is expected, unless others are.
pub(super) fn expectations<'p>(policy: &'p Policy, source: &KeySource<'_>) -> Cow<'p, Policy> {
    match source.issuer() {
        Some(issuer) if policy.issuers.is_empty() => {
            Cow::Owned(Policy { issuers: vec![issuer.to_owned()], ..policy.clone() })
        }
        _ => Cow::Borrowed(policy),
    }
}

/// The signature, and the keys that it was checked with; whether it matches or not, a key that is too weak for it gets
/// its warning. A `kid` that is not known may be that of a newer key.
pub(super) fn check_signature<'a>(
    source: &'a KeySource<'_>,
    token: Unverified<'_>,
    allowed: &[Algorithm],
    context: &mut ItemContext,
    warnings: &mut Vec<Warning>,
) -> Result<(&'a SourceKeys, Checked<'a>), Vec<Problem>> {
    context.fetching(source, warnings);
    let keys = source.keys();
    let (keys, verdict, asked) = match keys.loaded.verify(token, allowed) {
        Err(refused) if refused.is_for_an_unknown_kid() => {
            once_more(source, keys, refused, allowed)
        }
        verdict => (keys, verdict, None),
    };
    let Refused { token, refusals } = match verdict {
        Ok(checked) => {
            context.weaknesses(keys, checked.key, checked.payload.algorithm(), warnings);
            return Ok((keys, checked));
        }
        Err(refused) => refused,
    };
    if let (Some(single), Ok((alg, _))) =
        (keys.loaded.single(), keys.loaded.fitting(token.header(), allowed))
    {
        context.weaknesses(keys, single, alg, warnings);
    }
    let (asked, trouble) = match asked.transpose() {
        Ok(asked) => (asked, None),
        Err(problem) => (None, Some(problem)),
    };
    let problem = |refusal: Refusal| {
        let is_kept = keys.age > 0 && refusal.may_be_of_old_keys();
        let asked = asked.or(is_kept.then_some(Refetch::NotNeeded(keys.age)));
        let found_in = (&keys.origin, &keys.key_text);
        let find = || explain::find_cause(&refusal, &token, &keys.loaded, allowed, found_in);
        let cause = context.detail.explain.then(find).flatten().map(Box::new);
        let (origin, refusal) = (keys.origin.clone(), Box::new(refusal));
        Problem::Signature { origin, refusal, cause, refetch: asked }
    };
    Err(trouble.into_iter().chain(refusals.into_iter().map(problem)).collect())
}

/// What came of a check: the keys that it was made with, the verdict, and whether newer keys were asked for.
type Attempt<'a, 't> =
    (&'a SourceKeys, Result<Checked<'a>, Refused<'t>>, Option<Result<Refetch, Problem>>);

/// Checks a token whose `kid` is not known with newer keys, if there are any.
fn once_more<'a, 't>(
    source: &'a KeySource<'_>,
    keys: &'a SourceKeys,
    refused: Refused<'t>,
    allowed: &[Algorithm],
) -> Attempt<'a, 't> {
    match source.newer(keys, allowed) {
        Some(Ok((asked, Some(newer)))) => {
            (newer, newer.loaded.verify(refused.token, allowed), Some(Ok(asked)))
        }
        other => (keys, Err(refused), other.map(|asked| asked.map(|(asked, _)| asked))),
    }
}

/// The payload of a signature that matches as a claims set.
pub(super) fn read_claims(payload: Verified<Vec<u8>>) -> Result<Verified, Vec<Problem>> {
    let compressed = explain::compressed_payload(payload.header(), payload.bytes());
    payload
        .into_jwt()
        .map_err(|malformed| vec![Problem::Token(malformed, compressed.map(Box::new))])
}

/// Times and claims against the expectations.
pub(super) fn accept(
    verified: &Verified,
    policy: &Policy,
    now: NumericDate,
    warnings: &mut Vec<Warning>,
) -> Result<(), Vec<Problem>> {
    let remark = policy::check(verified, policy, now).map_err(|faults| {
        let faults = faults.into_iter().map(|fault| Problem::Policy(Box::new(fault)));
        faults.collect::<Vec<_>>()
    })?;
    warnings.extend(remark.map(Warning::Token));
    Ok(())
}
