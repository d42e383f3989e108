//! `audit`: what is weak about a token and its keys. Nothing is refused, and nothing is trusted.

use std::sync::Arc;

use super::check::Checker;
use super::item::{Item, ItemContext, Processor};
use super::token_keys::TokenKeys;
use crate::audit::{
    Finding, Lifetime, Rule, claims_findings, content_findings, encryption_findings,
    expectation_findings, header_findings, key_findings, known, other_algorithm, reuse_findings,
    signature_findings,
};
use crate::claims::Claims;
use crate::crypto::{Checked, GuessTarget, LoadedKey, Refusal, disclose};
use crate::env::Env;
use crate::explain::{self, Problem, Warning, encryption, jws};
use crate::input::{KeySource, SourceKeys};
use crate::keys::{Algorithm, KeyType};
use crate::outcome::{Answer, AuditReport, Problems};
use crate::request::AuditRequest;
use crate::secret::Secret;
use crate::text::without_marks;
use crate::token::{Encrypted, Header, Malformed, Unverified};

pub(super) struct Auditor<'a> {
    request: &'a AuditRequest,
    checker: Checker<'a>,
    /// The weaknesses of the keys that were given at the start.
    keys: Vec<AuditedKey>,
    /// Keys that are used in several ways.
    reused: Vec<Finding>,
}

/// A key, and what is weak about it with an algorithm: that of an HMAC decides how long a secret must be.
struct AuditedKey {
    address: usize,
    alg: Option<Algorithm>,
    findings: Vec<Finding>,
}

impl AuditedKey {
    fn address(key: &LoadedKey) -> usize {
        std::ptr::from_ref(key).addr()
    }

    fn all(name: &str, key: &LoadedKey) -> Vec<Self> {
        let audited =
            |alg| Self { address: Self::address(key), alg, findings: key_findings(name, key, alg) };
        if key.key().key_type == KeyType::Hmac {
            key.supports.iter().map(|alg| audited(Some(*alg))).collect()
        } else {
            vec![audited(None)]
        }
    }
}

impl<'a> Auditor<'a> {
    pub(super) fn new<'e: 'a>(
        request: &'a AuditRequest,
        env: &mut Env<'e>,
    ) -> Result<Self, Problems> {
        let checker = Checker::with_any_keys(&request.checks, env)?;
        let sources = checker.source.as_ref().map(KeySource::keys);
        let given: Vec<_> = sources
            .iter()
            .flat_map(|keys| {
                keys.loaded.iter().filter_map(|(_, key)| key.ok().map(|key| (*keys, key)))
            })
            .map(|(keys, key)| (keys.name_of(key), key))
            .collect();
        let keys = given.iter().flat_map(|(name, key)| AuditedKey::all(name, key)).collect();
        let reused = reuse_findings(&given, &checker.decrypter.for_signatures());
        Ok(Self { request, checker, keys, reused })
    }

    /// What is weak about the key that verified a token or, if none did, about all keys.
    fn about_keys(
        &self,
        used: Option<(&LoadedKey, &str)>,
        header: &Header,
        report: &mut AuditReport,
    ) {
        let named = header.alg.as_deref().ok().and_then(Algorithm::from_name);
        let Some((key, name)) = used else {
            // Without an algorithm of theirs, secrets are measured by the weakest one.
            let is_meant = |alg: Option<Algorithm>| match (alg, named) {
                (Some(own), Some(named)) if named.key_type() == KeyType::Hmac => own == named,
                (Some(own), _) => own == Algorithm::HS256,
                (None, _) => true,
            };
            let meant = self.keys.iter().filter(|key| is_meant(key.alg));
            report.findings.extend(meant.flat_map(|key| key.findings.iter().cloned()));
            return;
        };
        let address = AuditedKey::address(key);
        let mut known = self.keys.iter();
        match known.find(|it| it.address == address && it.alg.is_none_or(|alg| Some(alg) == named))
        {
            Some(known) => report.findings.extend(known.findings.iter().cloned()),
            None => report.findings.extend(key_findings(name, key, named)),
        }
    }

    /// A token in the compact serialization. `is_public` is whether everyone who has it can read it.
    fn audit(
        &self,
        token: Unverified<'_>,
        is_public: bool,
        context: &mut ItemContext,
        report: &mut AuditReport,
    ) -> Result<(), Problems> {
        let header = Arc::clone(token.header());
        let claims = readable_claims(&token);
        self.audit_content(&header, claims.as_ref(), is_public, context, report);
        report.findings.extend(signature_findings(&header, token.signature()));
        report.findings.extend(other_algorithm(&header, &self.request.checks.allowed));
        let target = guess_target(&token);
        let source = self.check_signature(token, context, report)?;
        if let Some(claims) = &claims {
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
        let Some(target) = target else { return Ok(()) };
        // Whether a secret that was given is well known is among what is weak about it.
        let line = if source.is_none() { known::known_secret(&target) } else { None };
        let listed = line.map(|line| format!("it is on line {line} of the built-in list"));
        match listed.or_else(|| own_value(&target, &header, claims.as_ref())) {
            Some(evidence) => report.findings.push(Finding::new(Rule::WeakSecret, evidence)),
            None if self.request.wordlist.is_some() => report.targets.push(target),
            None => {}
        }
        Ok(())
    }

    /// What a header and claims show.
    fn audit_content(
        &self,
        header: &Header,
        claims: Option<&Claims>,
        is_public: bool,
        context: &ItemContext,
        report: &mut AuditReport,
    ) {
        let limit = Lifetime { now: context.now, longest: self.request.longest_life };
        report.findings.extend(header_findings(header, claims));
        report
            .findings
            .extend(claims.into_iter().flat_map(|it| claims_findings(header, it, limit)));
        report.findings.extend(content_findings(header, claims.filter(|_| is_public)));
        if let Some(key) = header.object.get("jwk").and_then(|jwk| key_inside(jwk.text())) {
            report.findings.extend(key_findings("the \"jwk\" of the header", &key, None));
        }
    }

    /// Checks the signature, if there are keys for that. Returns the source of the key that matches.
    fn check_signature(
        &self,
        token: Unverified<'_>,
        context: &mut ItemContext,
        report: &mut AuditReport,
    ) -> Result<Option<usize>, Problems> {
        let Some(source) = &self.checker.source else { return Ok(None) };
        let header = Arc::clone(token.header());
        let (found, warnings) = (TokenKeys::default(), context.warnings.len());
        let checked = self.checker.check_signature(source, token, &found, context);
        // What is weak about a key is a finding.
        context.warnings.truncate(warnings);
        let problems = match checked {
            Ok((keys, checked)) => {
                let source = self.accept(keys, &checked, context, report);
                self.about_keys(Some((checked.key, &keys.name_of(checked.key))), &header, report);
                return Ok(Some(source));
            }
            Err(problems) => problems,
        };
        report.verified = Some(false);
        self.about_keys(None, &header, report);
        report.findings.extend(self.reused.iter().cloned());
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
        context: &mut ItemContext,
        report: &mut AuditReport,
    ) -> usize {
        report.verified = Some(true);
        report.findings.extend(self.reused.iter().cloned());
        context.report_key(keys, checked.key, checked.index, checked.algorithm);
        let claims = Claims::parse(checked.payload.bytes()).ok();
        let issuer = claims.as_ref().and_then(|claims| claims.string("iss").ok()?);
        keys.source_for(checked.index, issuer.as_deref())
    }
}

impl Processor for Auditor<'_> {
    fn answer(&self, item: Item<'_>, context: &mut ItemContext) -> Result<Answer, Problems> {
        let mut report = AuditReport::default();
        let opened = self.checker.decrypter.open(item, context)?;
        let sealed = match &opened {
            None if !item.cut => Encrypted::parse(without_marks(item.bytes), &mut context.headers),
            _ => None,
        };
        if let Some(opened) = &opened {
            for layer in &context.layers {
                audit_encryption(&layer.header, &mut report);
            }
            if opened.holds_claims() {
                let claims = Claims::parse(opened.content()).ok();
                let limit = Lifetime { now: context.now, longest: self.request.longest_life };
                let header = &opened.innermost().header;
                let found = claims.iter().flat_map(|it| claims_findings(header, it, limit));
                report.findings.extend(found);
            } else {
                let inner = Item::inside(opened.content());
                let audited = self.answer_signed(inner, false, context, &mut report);
                audited.map_err(|problems| problems.map(encryption::inside))?;
            }
        } else if let Some(sealed) = sealed {
            let sealed = sealed.map_err(|malformed| Problem::Token(malformed, None))?;
            audit_sealed(&sealed, &mut report);
        } else {
            self.answer_signed(item, true, context, &mut report)?;
        }
        report.findings.retain(|finding| finding.rule.severity() >= self.request.least);
        report.sort();
        Ok(Answer::Audited(report))
    }

    fn reported_keys(&self) -> Option<&KeySource<'_>> {
        self.checker.source.as_ref()
    }
}

impl Auditor<'_> {
    fn answer_signed(
        &self,
        item: Item<'_>,
        is_public: bool,
        context: &mut ItemContext,
        report: &mut AuditReport,
    ) -> Result<(), Problems> {
        if let Some(parsed) = item.jws() {
            let parsed = parsed?;
            report.findings.push(in_json());
            for signature in parsed.signatures() {
                let malformed = |fault: Malformed| Problem::Token(fault, None);
                let signature = signature.as_ref().map_err(|fault| malformed(fault.clone()))?;
                let compact = signature.compact(parsed.payload().ok_or_else(jws::no_payload)?);
                let token = signature.token(&compact).map_err(malformed)?;
                self.audit(token, is_public, context, report)?;
            }
            return Ok(());
        }
        let problem = match context.parse(item) {
            Ok(token) => return self.audit(token, is_public, context, report),
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
        self.audit(token, is_public, context, report)
    }
}

/// A token that was not decrypted: what its headers show.
fn audit_sealed(sealed: &Encrypted, report: &mut AuditReport) {
    for recipient in &sealed.recipients {
        audit_encryption(&recipient.header, report);
    }
    if !sealed.is_compact {
        report.findings.push(in_json());
    }
    report.is_sealed = true;
}

fn audit_encryption(header: &Header, report: &mut AuditReport) {
    report.findings.extend(header_findings(header, None));
    report.findings.extend(encryption_findings(header));
    report.findings.extend(content_findings(header, None));
}

fn in_json() -> Finding {
    Finding::new(Rule::JsonSerialization, "the token is a JSON object")
}

/// The claims that everyone who has the token can read, those of disclosures among them. There are none if the payload is
/// something else.
fn readable_claims(token: &Unverified<'_>) -> Option<Claims> {
    let claims = token.unverified_claims().ok()?;
    match token.presentation() {
        Some(presentation) => disclose(&claims, presentation).ok().or(Some(claims)),
        None => Some(claims),
    }
}

/// The public key that a header carries.
fn key_inside(jwk: &str) -> Option<LoadedKey> {
    let text = Secret::new(jwk.as_bytes().to_vec());
    match crate::keys::read_keys(&text, None) {
        Ok(crate::keys::KeyFile::One(read)) => LoadedKey::load(read.key, true).ok(),
        _ => None,
    }
}

fn guess_target(token: &Unverified<'_>) -> Option<GuessTarget> {
    let alg = token.header().alg.as_deref().ok().and_then(Algorithm::from_name)?;
    GuessTarget::new(alg, token.signing_input().as_bytes(), token.signature())
}

/// Which part of the token is its secret, if one is, or that the secret is empty.
fn own_value(target: &GuessTarget, header: &Header, claims: Option<&Claims>) -> Option<String> {
    if target.is_secret(b"") {
        return Some("it is empty".to_owned());
    }
    let of_claims = ["iss", "sub", "aud", "azp", "client_id", "jti"];
    let of_claims = of_claims.iter().map(|name| (*name, claims.and_then(|it| it.object.get(name))));
    let of_header = ["kid", "typ", "alg"].iter().map(|name| (*name, header.object.get(name)));
    of_claims.chain(of_header).find_map(|(name, value)| {
        let text = value?.as_string()?;
        target.is_secret(text.as_bytes()).then(|| format!("it is the token's own \"{name}\""))
    })
}
