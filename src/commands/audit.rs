//! `audit`: what is weak about a token and its keys. Nothing is refused, and nothing is trusted.

use std::mem;
use std::sync::Arc;

use super::audited_keys::AuditedKeys;
use super::check::Checker;
use super::item::{Item, ItemContext, Processor};
use super::token_keys::TokenKeys;
use crate::audit::{
    Finding, Guess, Guesses, Lifetime, Rule, Severity, encrypted_claims_findings,
    encrypted_token_findings, expectation_findings, key_findings, other_algorithm,
    signature_findings, token_findings,
};
use crate::claims::Claims;
use crate::crypto::{Checked, GuessTarget, LoadedKey, Refusal, disclose, key_of_header};
use crate::env::Env;
use crate::explain::{self, Problem, Warning, encryption, jws, warnings};
use crate::input::{KeySource, SourceKeys};
use crate::keys::Algorithm;
use crate::outcome::{Answer, AuditReport, Problems};
use crate::policy::media_type;
use crate::request::AuditRequest;
use crate::text::without_marks;
use crate::token::{Encrypted, Header, Malformed, Part, Unverified};

pub(super) struct Auditor<'a> {
    request: &'a AuditRequest,
    checker: Checker<'a>,
    keys: AuditedKeys,
}

/// Who can read the claims of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Everyone who has the token.
    All,
    /// Those who can decrypt it.
    Recipients,
    /// They were examined with another signature of the same token.
    Examined,
}

/// What was found so far.
#[derive(Default)]
struct Audited {
    findings: Vec<Finding>,
    verified: Option<bool>,
    is_sealed: bool,
    targets: Vec<GuessTarget>,
    guesses: Guesses,
    /// Whether well-known secrets were not tried on one of its signatures.
    is_untried: bool,
    /// Values of the token that are its secret.
    secrets: Vec<String>,
}

impl Audited {
    fn finish(self, least: Severity) -> AuditReport {
        let Self { mut findings, verified, is_sealed, targets, .. } = self;
        findings.retain(|finding| finding.rule.severity() >= least);
        let mut report = AuditReport { findings, verified, is_sealed, path: None, targets };
        for secret in &self.secrets {
            report.hide(secret);
        }
        report.sort();
        report
    }
}

impl<'a> Auditor<'a> {
    pub(super) fn new<'e: 'a>(
        request: &'a AuditRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        let checker = Checker::with_any_keys(&request.checks, env)?;
        let given = checker.source.as_ref().map(KeySource::keys);
        let keys = AuditedKeys::new(given, &checker.decrypter.for_signatures());
        Ok(Self { request, checker, keys })
    }

    /// A token in the compact serialization.
    fn audit(
        &self,
        token: Unverified<'_>,
        readers: Readers,
        context: &mut ItemContext,
        report: &mut Audited,
    ) -> Result<(), Problems> {
        let header = Arc::clone(token.header());
        let claims = match readers {
            Readers::Examined => None,
            _ => read_claims(&token, context)?,
        };
        let is_public = readers == Readers::All;
        self.audit_content(&header, claims.as_ref(), is_public, context, report);
        report.findings.extend(signature_findings(&header, token.signature()));
        report.findings.extend(other_algorithm(&header, &self.request.checks.allowed));
        let target = guess_target(&token);
        let issuer = claims.as_ref().and_then(|claims| claims.string("iss").ok()?);
        let source = self.check_signature(token, issuer.as_deref(), context, report)?;
        self.check_expectations(claims.as_ref(), source, report);
        self.guess(target, &header, claims.as_ref(), source.is_none(), context, report);
        Ok(())
    }

    /// Whether issuer and audience are those that are expected of tokens by the keys of a source.
    fn check_expectations(
        &self,
        claims: Option<&Claims>,
        source: Option<usize>,
        report: &mut Audited,
    ) {
        let Some(claims) = claims else { return };
        let policy = self.checker.policy_of(source);
        let of_keys = policy.issuer_of_keys.as_slice();
        let issuers = if of_keys.is_empty() { &policy.issuers[..] } else { of_keys };
        let found = expectation_findings(claims, issuers, &policy.audiences);
        for (expected, note) in
            [(Rule::OtherIssuer, Rule::NoIssuer), (Rule::OtherAudience, Rule::NoAudience)]
        {
            if found.iter().any(|finding| finding.rule == expected) {
                report.findings.retain(|finding| finding.rule != note);
            }
        }
        report.findings.extend(found);
    }

    /// Guesses the secret. Whether one that was given is well known is among what is weak about it.
    fn guess(
        &self,
        target: Option<GuessTarget>,
        header: &Header,
        claims: Option<&Claims>,
        tries_list: bool,
        context: &mut ItemContext,
        report: &mut Audited,
    ) {
        let Some(target) = target else { return };
        match report.guesses.guess(&target, header, claims, tries_list) {
            Guess::Found(evidence, value) => {
                report.findings.push(Finding::new(Rule::WeakSecret, evidence));
                report.secrets.extend(value);
                return;
            }
            Guess::Untried => {
                let is_first = !mem::replace(&mut report.is_untried, true);
                context.warnings.extend(is_first.then(warnings::secrets_untried));
            }
            Guess::NotFound => {}
        }
        if self.request.wordlist.is_some() {
            report.targets.push(target);
        }
    }

    /// What a header and claims show.
    fn audit_content(
        &self,
        header: &Header,
        claims: Option<&Claims>,
        is_public: bool,
        context: &ItemContext,
        report: &mut Audited,
    ) {
        let limit = Lifetime { now: context.now, longest: self.request.longest_life };
        report.findings.extend(token_findings(header, claims, is_public, limit));
        if let Some(Ok(key)) = key_of_header(header).map(|key| LoadedKey::load(key, true)) {
            report.findings.extend(key_findings("the \"jwk\" of the header", &key, None));
        }
    }

    /// Checks the signature, if there are keys for that. Returns the source of the key that matches, which depends on the
    /// token's issuer if several issuers share the key.
    fn check_signature(
        &self,
        token: Unverified<'_>,
        issuer: Option<&str>,
        context: &mut ItemContext,
        report: &mut Audited,
    ) -> Result<Option<usize>, Problems> {
        let Some(source) = &self.checker.source else { return Ok(None) };
        let header = Arc::clone(token.header());
        let (found, warnings) = (TokenKeys::default(), context.warnings.len());
        let checked = self.checker.check_signature(source, token, &found, context);
        // What is weak about a key is a finding.
        context.warnings.truncate(warnings);
        let problems = match checked {
            Ok((keys, checked)) => {
                return Ok(Some(self.accept(keys, &checked, issuer, context, report)));
            }
            Err(problems) => problems,
        };
        report.verified.get_or_insert(false);
        let named = header.alg.as_deref().ok().and_then(Algorithm::from_name);
        report.findings.extend(self.keys.of_all(named));
        for problem in &*problems {
            match problem {
                // The header says it, and so does a rule.
                Problem::Signature { refusal, .. }
                    if matches!(
                        **refusal,
                        Refusal::Header(_) | Refusal::Unsecured | Refusal::NotAllowed { .. }
                    ) => {}
                Problem::Signature { refusal, .. }
                    if !matches!(**refusal, Refusal::RepeatedKid { .. }) =>
                {
                    let said = problem.explain();
                    report.findings.push(Finding::new(Rule::KeyMismatch, said.message));
                }
                _ => return Err(problems),
            }
        }
        Ok(None)
    }

    fn accept(
        &self,
        keys: &SourceKeys,
        checked: &Checked<'_>,
        issuer: Option<&str>,
        context: &mut ItemContext,
        report: &mut Audited,
    ) -> usize {
        report.verified = Some(true);
        let (key, name) = (checked.key, keys.name_of(checked.key));
        report.findings.extend(self.keys.of_one(key, &name, checked.algorithm));
        context.report_key(keys, checked.key, checked.index, checked.algorithm);
        keys.source_for(checked.index, issuer)
    }
}

impl Processor for Auditor<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let mut report = Audited::default();
        let opened = self.checker.decrypter.open(item, context)?;
        let sealed = match &opened {
            None if !item.cut => Encrypted::parse(without_marks(item.bytes), &mut context.headers),
            _ => None,
        };
        if let Some(opened) = &opened {
            for layer in &context.layers {
                report.findings.extend(encrypted_token_findings(&layer.header));
            }
            if opened.holds_claims() {
                let malformed = |error| Malformed::Json { part: Part::Payload, error };
                let claims = Claims::parse(opened.content()).map_err(malformed);
                let claims = claims.map_err(|it| encryption::inside(Problem::Token(it, None)))?;
                let limit = Lifetime { now: context.now, longest: self.request.longest_life };
                let header = &opened.innermost().header;
                report.findings.extend(encrypted_claims_findings(header, &claims, limit));
                self.check_expectations(Some(&claims), None, &mut report);
            } else {
                let inner = Item::inside(opened.content());
                let audited = self.answer_signed(inner, Readers::Recipients, context, &mut report);
                audited.map_err(|problems| problems.map(encryption::inside))?;
            }
        } else if let Some(sealed) = sealed {
            let sealed = sealed.map_err(|malformed| Problem::Token(malformed, None))?;
            audit_sealed(&sealed, &mut report);
        } else {
            self.answer_signed(item, Readers::All, context, &mut report)?;
        }
        Ok(Answer::Audited(report.finish(self.request.least)))
    }

    fn reported_keys(&self) -> Option<&KeySource<'_>> {
        self.checker.source.as_ref()
    }
}

impl Auditor<'_> {
    fn answer_signed(
        &self,
        item: Item<'_>,
        readers: Readers,
        context: &mut ItemContext,
        report: &mut Audited,
    ) -> Result<(), Problems> {
        if let Some(parsed) = item.jws() {
            let parsed = parsed?;
            report.findings.push(in_json());
            let mut readers = readers;
            for signature in parsed.signatures() {
                let malformed = |fault: Malformed| Problem::Token(fault, None);
                let signature = signature.as_ref().map_err(|fault| malformed(fault.clone()))?;
                let compact = signature.compact(parsed.payload().ok_or_else(jws::no_payload)?);
                let token = signature.token(&compact).map_err(malformed)?;
                self.audit(token, readers, context, report)?;
                readers = Readers::Examined;
            }
            return Ok(());
        }
        let problem = match context.parse(item) {
            Ok(token) => return self.audit(token, readers, context, report),
            Err(problem) => problem,
        };
        let inside = match &problem {
            Problem::Token(fault, _) if !item.is_found => explain::token_inside(item.bytes, fault),
            _ => None,
        };
        let Some((text, explanation)) = inside else { return Err(problem.into()) };
        let Ok(token) = Unverified::parse_with(text.as_bytes(), &mut context.headers) else {
            return Err(problem.into());
        };
        context.warnings.push(Warning::Output(Box::new(explanation)));
        self.audit(token, readers, context, report)
    }
}

/// A token that was not decrypted: what its headers show.
fn audit_sealed(sealed: &Encrypted, report: &mut Audited) {
    for recipient in &sealed.recipients {
        report.findings.extend(encrypted_token_findings(&recipient.header));
    }
    if !sealed.is_compact {
        report.findings.push(in_json());
    }
    report.is_sealed = true;
}

fn in_json() -> Finding {
    Finding::new(Rule::JsonSerialization, "the token is a JSON object")
}

/// The claims, those of disclosures among them. There are none if the payload is no JSON object and not meant to be one.
fn read_claims(
    token: &Unverified<'_>,
    context: &mut ItemContext,
) -> Result<Option<Claims>, Problem> {
    let problem = |malformed| Problem::Token(malformed, explain::not_claims(token).map(Box::new));
    let claims = match token.unverified_claims() {
        Ok(claims) => claims,
        Err(malformed) if is_meant_for_claims(token) => return Err(problem(malformed)),
        Err(_) => {
            let is_elsewhere = token.payload().is_empty();
            context.warnings.extend((!is_elsewhere).then(warnings::not_claims));
            return Ok(None);
        }
    };
    match token.presentation() {
        Some(presentation) => disclose(&claims, presentation)
            .map(Some)
            .map_err(|fault| Problem::Token(Malformed::Disclosure(fault), None)),
        None => Ok(Some(claims)),
    }
}

/// Whether a payload begins like a JSON object, or the header says that it is a claims set.
fn is_meant_for_claims(token: &Unverified<'_>) -> bool {
    let typ = token.header().typ.as_ref().ok().and_then(Option::as_deref).map(media_type);
    let is_jwt = typ.is_some_and(|typ| typ == "jwt" || typ.ends_with("+jwt"));
    let start = without_marks(token.payload()).trim_ascii_start();
    start.starts_with(b"{") || (is_jwt && !token.payload().is_empty())
}

fn guess_target(token: &Unverified<'_>) -> Option<GuessTarget> {
    let alg = token.header().alg.as_deref().ok().and_then(Algorithm::from_name)?;
    GuessTarget::new(alg, token.signing_input().as_bytes(), token.signature())
}
