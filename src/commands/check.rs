//! The checks of `verify` and `refresh`: the signature first, then times and claims.

use std::io::{self, Read};
use std::iter;

use super::decrypt::{Decrypter, OpenedToken};
use super::item::{Item, ItemContext};
use super::token_keys::TokenKeys;
use crate::crypto::{
    ChainFault, Checked, DetachedSignature, LoadedKey, Matched, Refusal, Refused, Verdicts,
    Verified, Work,
};
use crate::env::Env;
use crate::explain::{self, Problem, Warning, encryption};
use crate::input::{KeySource, SourceKeys, expected_by, names_a_key, read_revoked};
use crate::jwks::Refetch;
use crate::keys::Purpose;
use crate::outcome::Problems;
use crate::policy::{self, Fault, Policy, Remark, TokenKind};
use crate::request::{KeyLocation, NamedKey, TokenChecks};
use crate::time::NumericDate;
use crate::token::{Base64Fault, Malformed, Presentation, Unverified};

/// The keys and expectations that tokens are checked against.
pub(super) struct Checker<'a> {
    /// Without one, only tokens that are encrypted with a shared key are accepted.
    pub(super) source: Option<KeySource<'a>>,
    pub(super) decrypter: Decrypter,
    pub(super) policy: Policy,
    /// The expectations of the tokens that the keys of each source have verified: the keys of an issuer verify only its own
    /// tokens, unless there are no others and the caller expects another issuer.
    policies: Vec<Policy>,
    checks: &'a TokenChecks,
}

impl<'a> Checker<'a> {
    /// Loads the keys; at least one must be able to verify with an allowed algorithm.
    pub(super) fn new<'e: 'a>(
        checks: &'a TokenChecks,
        purpose: Purpose,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        Self::load(checks, purpose, true, env)
    }

    /// The same, but there may be no keys.
    pub(super) fn with_any_keys<'e: 'a>(
        checks: &'a TokenChecks,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        Self::load(checks, Purpose::Verify, false, env)
    }

    fn load<'e: 'a>(
        checks: &'a TokenChecks,
        purpose: Purpose,
        needs_key: bool,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        let decrypter = Decrypter::load(&checks.decrypt, env);
        let decrypts = decrypter.as_ref().map_or(true, |decrypter| !decrypter.is_empty());
        let has_none = (decrypts || !needs_key) && !names_a_key(&checks.key, env);
        let load = || {
            let source = KeySource::load(&checks.key, purpose, env)?;
            source.check_verifies(&checks.allowed)?;
            Ok::<_, Problem>(source)
        };
        let source = (!has_none).then(load).transpose();
        let (source, decrypter) = Problems::both(source, decrypter)?;
        let names_issuer = |named: &NamedKey| matches!(named.location, KeyLocation::Issuer(_));
        let by_flag = checks.key.sources.iter().any(names_issuer);
        let mut policy = checks.policy.clone();
        let (issuer, ()) = Problems::both(
            if policy.issuers.is_empty() { expected_by("JWTCTL_ISS", env) } else { Ok(None) },
            complete(&mut policy, checks, env),
        )?;
        // The issuer of a flag takes precedence over the variable.
        let is_alone = checks.key.chains.is_none()
            && source.as_ref().is_some_and(|source| source.issuers().count() == 1);
        let of_source = |own: Option<&String>| {
            let mut policy = policy.clone();
            if !(by_flag && own.is_some()) {
                policy.issuers.extend(issuer.clone());
            }
            match own {
                // Without other keys, it is clear whose tokens another issuer that is expected means.
                Some(own) if is_alone && policy.issuers.is_empty() => {
                    policy.issuers.push(own.clone());
                }
                Some(own) if !is_alone => policy.issuer_of_keys = Some(own.clone()),
                _ => {}
            }
            policy
        };
        let unsigned = of_source(None);
        let policies = source.iter().flat_map(KeySource::issuers).map(of_source).collect();
        Ok(Self { source, decrypter, policy: unsigned, policies, checks })
    }

    /// The keys that check signatures.
    pub(super) fn keys_for_signatures(&self, is_inside: bool) -> Result<&KeySource<'a>, Problem> {
        self.source.as_ref().ok_or_else(|| encryption::no_key_for_signature(is_inside))
    }

    /// What says that a token must be signed, if anything does: a key or `--alg`, or what a verb `also` knows.
    pub(super) fn demands_signature(&self, also: Option<&'static str>) -> Option<&'static str> {
        let by_key = self.source.as_ref().map(|_| "a key for signatures");
        by_key.or((!self.checks.allowed.is_empty()).then_some("--alg")).or(also)
    }

    /// The claims of a token that was decrypted and has no signature. They are accepted if nobody but those who share
    /// the key can have made it, and nothing demands a signature.
    pub(super) fn claims_without_signature(
        &self,
        opened: &OpenedToken,
        also: Option<&'static str>,
    ) -> Result<Verified<Vec<u8>>, Problem> {
        if let Some(by) = self.demands_signature(also) {
            return Err(encryption::signature_demanded(by));
        }
        let innermost = opened.innermost();
        Verified::of_shared_key(innermost)
            .ok_or_else(|| encryption::anyone_could_encrypt(innermost.encryption.alg))
    }

    /// Parses a token. If it is refused for its padding, finds out whether the signature covers the padding.
    pub(super) fn parse<'t>(
        &self,
        item: Item<'t>,
        context: &mut ItemContext,
    ) -> Result<Unverified<'t>, Problem> {
        context.parse(item).map_err(|mut problem| {
            if let Problem::Token(fault, Some(explanation)) = &mut problem
                && let Malformed::Base64 { fault: Base64Fault::Padding, .. } = fault
            {
                let trial = self.source.as_ref().and_then(|source| {
                    let keys = &source.keys().loaded;
                    explain::padding_trial(item.bytes, keys, &self.checks.allowed)
                });
                if let Some(better) = explain::explain_text(item.bytes, fault, trial) {
                    **explanation = better;
                }
            }
            problem
        })
    }

    /// Checks the signature, and returns the keys that it was checked with. Warns about a weak key whatever the verdict
    /// is.
    pub(super) fn check_signature<'s>(
        &'s self,
        source: &'s KeySource<'_>,
        token: Unverified<'_>,
        keys: &'s TokenKeys,
        context: &mut ItemContext,
    ) -> Result<(&'s SourceKeys, Checked<'s>), Problems> {
        let ItemContext { now, last_chain, verdicts, .. } = context;
        let mut work = Work::of_a_token();
        let found = keys.find(source, token.header(), *now, last_chain, &mut work);
        let attempt = self.verify(source, found, token, verdicts, &mut work);
        self.conclude(attempt, context, context.detail.explain)
    }

    /// The same for one signature of several. No verdict is kept, because the header is not all signed.
    pub(super) fn check_one_signature<'s>(
        &'s self,
        source: &'s KeySource<'_>,
        token: Unverified<'_>,
        keys: &'s TokenKeys,
        context: &mut ItemContext,
        work: &mut Work,
        explains: bool,
    ) -> Result<(&'s SourceKeys, Checked<'s>), Problems> {
        let found = keys.find(source, token.header(), context.now, &mut context.last_chain, work);
        let attempt = self.verify(source, found, token, &Verdicts::default(), work);
        self.conclude(attempt, context, explains)
    }

    fn conclude<'s>(
        &self,
        attempt: Attempt<'s, '_>,
        context: &mut ItemContext,
        explains: bool,
    ) -> Result<(&'s SourceKeys, Checked<'s>), Problems> {
        let Attempt { keys, verdict, refetch, problem } = attempt;
        let refused = match verdict {
            Ok(checked) => {
                context.warn_about_key(keys, checked.key, checked.algorithm);
                return Ok((keys, checked));
            }
            Err(refused) => refused,
        };
        if let Some(single) = keys.loaded.single()
            && let Ok(alg) = single.fits(refused.token.header(), &self.checks.allowed)
        {
            context.warn_about_key(keys, single, alg);
        }
        let Refused { token, refusals } = refused;
        let refused = refusals.into_iter().map(|refusal| {
            // Newer keys from the same source could match.
            let may_be_old = matches!(refusal, Refusal::Mismatch { .. } | Refusal::NoneFits { .. });
            let is_cached = keys.age() > 0 && may_be_old;
            let refetch = refetch.or(is_cached.then_some(Refetch::NotNeeded(keys.age())));
            let find = || keys.find_cause(&refusal, &token, &self.checks.allowed);
            let cause = explains.then(find).flatten().map(Box::new);
            let (origin, refusal) = (keys.origin.clone(), Box::new(refusal));
            Problem::Signature { origin, refusal, cause, refetch }
        });
        Err(problem.into_iter().chain(refused).collect())
    }

    /// Verifies the signature; for an unknown `kid` a second time, with newer keys, if there are any.
    fn verify<'s, 't>(
        &self,
        source: &'s KeySource<'_>,
        (keys, fault): (&'s SourceKeys, Option<ChainFault>),
        token: Unverified<'t>,
        verdicts: &Verdicts,
        work: &mut Work,
    ) -> Attempt<'s, 't> {
        let allowed = &self.checks.allowed;
        let no_chain = fault.map(|fault| Refusal::Chain(Box::new(fault)));
        let verdict = if keys.is_empty() {
            Err(Refused { token, refusals: Vec::from_iter(no_chain) })
        } else {
            keys.loaded.verify_within(token, allowed, verdicts, work).map_err(|mut refused| {
                refused.refusals.extend(no_chain.filter(Refusal::is_bad_chain));
                refused
            })
        };
        let refused = match verdict {
            Err(refused) if refused.is_for_an_unknown_kid() => refused,
            verdict => return Attempt { keys, verdict, refetch: None, problem: None },
        };
        let (refetch, newer, problem) = match source.newer(keys, allowed) {
            Ok((refetch, newer)) => (refetch, newer, None),
            Err(problem) => (None, None, Some(problem)),
        };
        let (keys, verdict) = match newer {
            Some(newer) => {
                let token = refused.token;
                (newer, newer.loaded.verify_within(token, allowed, verdicts, work))
            }
            None => (keys, Err(refused)),
        };
        Attempt { keys, verdict, refetch, problem }
    }

    /// Checks signatures over a payload that is read piece by piece. `read` calls the check with that payload.
    pub(super) fn check_pieces<'s>(
        &self,
        source: &'s KeySource<'_>,
        signatures: &[DetachedSignature],
        (found, now): (&'s TokenKeys, NumericDate),
        read: impl FnOnce(&mut PieceCheck<'s, '_>) -> Result<PieceVerdicts<'s>, Problem>,
    ) -> Result<CheckedPieces<'s>, Problem> {
        let allowed = &self.checks.allowed;
        let headers: Vec<_> = signatures.iter().map(|one| &*one.header).collect();
        let (mut keys, faults) = found.find_all(source, &headers, now);
        let no_chain = |fault: ChainFault| Refusal::Chain(Box::new(fault));
        let mut faults = faults.into_iter().map(|fault| fault.map(no_chain));
        let mut refetch = None;
        let is_unknown = |one: &DetachedSignature| {
            matches!(keys.loaded.fitting(&one.header, allowed), Err(Refusal::UnknownKid { .. }))
        };
        if !signatures.is_empty() && signatures.iter().all(is_unknown) {
            let (fetched, newer) = source.newer(keys, allowed)?;
            (keys, refetch) = (newer.unwrap_or(keys), fetched);
        }
        let verdicts = if keys.is_empty() {
            signatures.iter().map(|_| Err(Vec::from_iter(faults.next().flatten()))).collect()
        } else {
            read(&mut |payload| keys.loaded.verify_pieces(signatures, allowed, payload))?
        };
        let also = faults.map(|fault| fault.filter(Refusal::is_bad_chain));
        let verdicts = verdicts.into_iter().zip(also.chain(iter::repeat(None)));
        let verdicts = verdicts.map(|(verdict, also)| {
            verdict.map_err(|refusals| refusals.into_iter().chain(also).collect())
        });
        let problem = |refusal| {
            let (origin, refusal) = (keys.origin.clone(), Box::new(refusal));
            Problem::Signature { origin, refusal, cause: None, refetch }
        };
        let problems = |refusals: Vec<Refusal>| refusals.into_iter().map(problem).collect();
        Ok((keys, verdicts.map(|verdict: Result<_, Vec<_>>| verdict.map_err(problems)).collect()))
    }

    /// Checks times and claims at this time against the expectations. `source` is the index of the source whose key
    /// verified the signature, if there is one.
    pub(super) fn check(
        &self,
        verified: &Verified,
        source: Option<usize>,
        now: NumericDate,
    ) -> Result<Option<Remark>, Vec<Fault>> {
        policy::check(verified, self.policy_of(source), now)
    }

    /// The expectations of the tokens that the keys of a source have verified.
    pub(super) fn policy_of(&self, source: Option<usize>) -> &Policy {
        source.and_then(|source| self.policies.get(source)).unwrap_or(&self.policy)
    }

    /// Checks that a DPoP proof has the public key in its header that verified it (RFC 9449 section 4.3).
    pub(super) fn check_proof_key(
        &self,
        verified: &Verified,
        key: &LoadedKey,
    ) -> Result<(), Problem> {
        let is_proof = self.policy.kind == Some(TokenKind::DpopProof);
        if is_proof && key.is_another_than_jwk_of(verified.header()) {
            return Err(Problem::Policy(Fault::OtherProofKey.into()));
        }
        Ok(())
    }

    /// The same, with the result in terms of the call.
    pub(super) fn accept(
        &self,
        verified: &Verified,
        source: Option<usize>,
        context: &mut ItemContext,
    ) -> Result<(), Problems> {
        let remark = self.check(verified, source, context.now).map_err(|faults| {
            let faults = faults.into_iter().map(|fault| Problem::Policy(Box::new(fault)));
            faults.collect::<Problems>()
        })?;
        context.warnings.extend(remark.map(Warning::Token));
        Ok(())
    }
}

/// Adds to a policy what the environment and files say.
fn complete(policy: &mut Policy, checks: &TokenChecks, env: &mut Env<'_>) -> Result<(), Problem> {
    if policy.audiences.is_empty() && !policy.any_audience {
        policy.audiences.extend(expected_by("JWTCTL_AUD", env)?);
    }
    if let Some(path) = &checks.revoked {
        policy.revoked = Some(read_revoked(path, env)?.into());
    }
    Ok(())
}

/// The keys that several signatures were checked with, and each verdict.
type CheckedPieces<'s> = (&'s SourceKeys, Vec<Result<Matched<'s>, Problems>>);

/// What is found out about each of several signatures.
type PieceVerdicts<'s> = Vec<Result<Matched<'s>, Vec<Refusal>>>;

/// Checks them over a payload.
type PieceCheck<'s, 'c> = dyn FnMut(&mut dyn Read) -> io::Result<PieceVerdicts<'s>> + 'c;

/// The result of checking a signature.
struct Attempt<'s, 't> {
    keys: &'s SourceKeys,
    verdict: Result<Checked<'s>, Refused<'t>>,
    /// Whether newer keys were fetched, if that was asked for.
    refetch: Option<Refetch>,
    /// Why newer keys could not be used.
    problem: Option<Problem>,
}

/// The issuer that a verified token names.
pub(super) fn issuer_of(verified: &Verified) -> Option<String> {
    Some(verified.claims().string("iss").ok()??.into_owned())
}

/// The claims set of a payload whose signature matches, with what the disclosures say.
pub(super) fn read_claims(
    payload: Verified<Vec<u8>>,
    presentation: Option<&Presentation<'_>>,
    context: &mut ItemContext,
) -> Result<Verified, Problem> {
    let compressed = explain::compressed_payload(payload.header(), payload.bytes());
    let verified = payload
        .into_jwt(presentation)
        .map_err(|malformed| Problem::Token(malformed, compressed.map(Box::new)))?;
    context.exp = verified.claims().numeric_date("exp").ok().flatten();
    Ok(verified)
}
