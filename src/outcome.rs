//! The result of a request: an answer or problems, and warnings.

use std::cmp::Reverse;
use std::ops::Deref;
use std::sync::Arc;

use serde::Serialize;

use crate::audit::{Finding, Rule, Severity};
use crate::claims::Claims;
use crate::crypto::{CertificateDigests, Fingerprints, GuessTarget};
use crate::explain::{Problem, Warning};
use crate::json::{NOT_SHOWN, Value, quote};
use crate::keys::{Algorithm, Certificate, Encoding, JwkParams, KeyAlgorithm, KeyError};
use crate::secret::Secret;
use crate::sys::CreatedFiles;
use crate::time::NumericDate;
use crate::token::Header;

/// The result of a request. A refused token is an outcome like any other.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) result: Result<Answer, Problems>,
    pub(crate) warnings: Vec<Warning>,
    /// The key that a token was verified with; the keys of the call, if none of them matched.
    pub(crate) key: Option<Box<UsedKey>>,
    /// The key of a set that a token was verified with, for a row.
    pub(crate) matched: Option<Box<MatchedKey>>,
    /// If the token is encrypted: it and the tokens inside it, from the outside in.
    pub(crate) layers: Vec<Layer>,
    /// Which signature of a token with several was accepted.
    pub(crate) signature_index: Option<usize>,
    /// When the token expires, if its signature matches, even if it is refused.
    pub(crate) exp: Option<NumericDate>,
    /// The time that the token's times were compared with.
    pub(crate) now: NumericDate,
}

impl Outcome {
    pub(crate) fn new<E: Into<Problems>>(result: Result<Answer, E>, now: NumericDate) -> Self {
        Self {
            result: result.map_err(E::into),
            warnings: Vec::new(),
            key: None,
            matched: None,
            layers: Vec::new(),
            signature_index: None,
            exp: None,
            now,
        }
    }

    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.result.as_ref().ok()
    }

    pub(crate) fn problems(&self) -> &[Problem] {
        self.result.as_ref().err().map_or(&[], |problems| problems)
    }

    /// The values that several `--get` name, also if some of them do not exist.
    pub(crate) fn fields(&self) -> Option<&[Option<Value>]> {
        match &self.result {
            Ok(Answer::Fields(fields)) => Some(fields),
            Ok(_) => None,
            Err(problems) => problems.fields.as_deref(),
        }
    }
}

/// One problem or more.
#[derive(Debug)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    /// If values that `--get` names do not exist, and this is all that is wrong: those that do.
    fields: Option<Vec<Option<Value>>>,
}

impl Problems {
    /// Both values, or the problems of either.
    pub(crate) fn both<A, B, E: Into<Self>, F: Into<Self>>(
        first: Result<A, E>,
        second: Result<B, F>,
    ) -> Result<(A, B), Self> {
        match (first, second) {
            (Ok(first), Ok(second)) => Ok((first, second)),
            (Err(first), Err(second)) => {
                let mut problems: Self = first.into();
                problems.list.extend(second.into().list);
                Err(Self { fields: None, ..problems })
            }
            (Err(problems), Ok(_)) => Err(problems.into()),
            (Ok(_), Err(problems)) => Err(problems.into()),
        }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [Problem] {
        &mut self.list
    }

    /// Changes each problem.
    pub(crate) fn map(self, change: impl FnMut(Problem) -> Problem) -> Self {
        Self { list: self.list.into_iter().map(change).collect(), ..self }
    }

    /// If there is such a problem, keeps only the problems of this kind.
    pub(crate) fn reduce_to(&mut self, is_wanted: impl Fn(&Problem) -> bool) {
        if self.iter().any(&is_wanted) {
            self.list.retain(is_wanted);
        }
    }

    /// The same problems, beside values that exist.
    pub(crate) fn with_fields(self, fields: Vec<Option<Value>>) -> Self {
        Self { fields: Some(fields), ..self }
    }
}

impl Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.list
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::from_iter([problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl FromIterator<Problem> for Problems {
    /// # Panics
    /// If there is no problem.
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        let list = Vec::from_iter(problems);
        assert!(!list.is_empty(), "a refusal gives its reason");
        Self { list, fields: None }
    }
}

#[derive(Debug)]
pub(crate) enum Answer {
    Encoded(EncodedToken),
    /// A token whose payload is sent separately.
    SignedPayload(String, Arc<Header>),
    /// An unverified token, and its signature in base64url; there is none if it is only encrypted.
    Decoded(Arc<Header>, Claims, Option<String>),
    /// An unverified token in the general JSON serialization: a header and signature each.
    DecodedJws(Vec<(Arc<Header>, String)>, Claims),
    /// The header alone, not verified.
    Header(Arc<Header>),
    /// The header of each signature.
    Headers(Vec<Arc<Header>>),
    /// A token that was verified and meets the expectations.
    Verified(Arc<Header>, Claims),
    /// What is weak about a token and its keys.
    Audited(AuditReport),
    Claim(Value),
    /// The values that several `--get` name.
    Fields(Vec<Option<Value>>),
    /// A verified payload, byte for byte.
    Payload(Vec<u8>),
    Keys(Vec<KeySummary>),
    WrittenKeys(WrittenKeys),
    /// Files were written, and there is nothing to print.
    Done,
}

impl Answer {
    /// The token, if one was made.
    pub(crate) fn made_token(&self) -> Option<&str> {
        match self {
            Self::Encoded(encoded) => Some(&encoded.token),
            Self::SignedPayload(token, _) => Some(token),
            _ => None,
        }
    }

    /// The header and the claims that are shown.
    pub(crate) fn header_and_claims(&self) -> (Option<&Header>, Option<&Claims>) {
        match self {
            Self::Encoded(token) => (Some(&token.header), Some(&token.claims)),
            Self::Verified(header, claims) | Self::Decoded(header, claims, _) => {
                (Some(header), Some(claims))
            }
            Self::DecodedJws(signatures, claims) => {
                (signatures.first().map(|(header, _)| &**header), Some(claims))
            }
            Self::Header(header) | Self::SignedPayload(_, header) => (Some(header), None),
            Self::Headers(headers) => (headers.first().map(|header| &**header), None),
            _ => (None, None),
        }
    }
}

/// What is weak about a token and its keys.
#[derive(Debug, Default)]
pub(crate) struct AuditReport {
    /// The weaknesses, the worst first.
    pub(crate) findings: Vec<Finding>,
    /// Whether a key verified the token; `None` without a key.
    pub(crate) verified: Option<bool>,
    /// Whether it is encrypted, and only its header could be examined.
    pub(crate) is_sealed: bool,
    /// The file that the token came from.
    pub(crate) path: Option<String>,
    /// The signatures whose secret has not been guessed yet.
    pub(crate) targets: Vec<GuessTarget>,
}

impl AuditReport {
    /// Notes that the secret is on this line of a wordlist, if it is.
    pub(crate) fn guessed(&mut self, line: Option<u64>) {
        let evidence = line.map(|line| format!("it is on line {line} of the wordlist"));
        self.findings.extend(evidence.map(|evidence| Finding::new(Rule::WeakSecret, evidence)));
        self.sort();
    }

    /// Leaves a value of the token, which is its secret, out of the evidence.
    pub(crate) fn hide(&mut self, secret: &str) {
        for finding in &mut self.findings {
            finding.evidence = finding.evidence.replace(&quote(secret), NOT_SHOWN);
        }
    }

    /// Puts the worst first, and leaves out those that are there twice.
    pub(crate) fn sort(&mut self) {
        self.findings.sort_by_key(|finding| (Reverse(finding.rule.severity()), finding.rule));
        let mut kept: Vec<Finding> = Vec::with_capacity(self.findings.len());
        for finding in self.findings.drain(..) {
            if !kept.contains(&finding) {
                kept.push(finding);
            }
        }
        self.findings = kept;
    }

    /// The severest finding that is a reason to fail.
    pub(crate) fn worst(&self) -> Option<Severity> {
        let severities = self.findings.iter().map(|finding| finding.rule.severity());
        severities.max().filter(|worst| *worst > Severity::Info)
    }
}

#[derive(Debug)]
pub(crate) struct EncodedToken {
    pub(crate) token: String,
    pub(crate) header: Arc<Header>,
    pub(crate) claims: Claims,
    /// Whether it is a new token; a refresh may return the old one.
    pub(crate) renewed: bool,
}

/// The key that was used: its members are those of the report.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct UsedKey {
    /// "HMAC secret", "RSA 2048-bit public key", …
    pub(crate) kind: String,
    pub(crate) private: bool,
    pub(crate) kid: Option<String>,
    /// Where it came from.
    pub(crate) source: String,
    /// The algorithms that it supports.
    pub(crate) algorithms: Vec<&'static str>,
    /// The algorithm that verified the token.
    pub(crate) algorithm: Option<&'static str>,
}

/// One of several nested tokens.
#[derive(Debug)]
pub(crate) struct Layer {
    /// Whether it is encrypted, and not signed.
    pub(crate) is_encrypted: bool,
    pub(crate) header: Arc<Header>,
    /// The key that decrypted or verified it.
    pub(crate) key: Option<UsedKey>,
}

impl Layer {
    /// Whether it is encrypted with a key that sender and recipient share.
    pub(crate) fn is_shared(&self) -> bool {
        let alg = self.header.alg.as_deref().ok().and_then(KeyAlgorithm::from_name);
        self.is_encrypted && alg.is_some_and(KeyAlgorithm::is_shared)
    }

    /// A signed token inside an encrypted one.
    pub(crate) fn signed(header: &Arc<Header>, key: Option<UsedKey>) -> Self {
        Self { is_encrypted: false, header: Arc::clone(header), key }
    }
}

/// A key of a set.
#[derive(Debug)]
pub(crate) struct MatchedKey {
    pub(crate) kid: Option<String>,
    /// Its place in the set, counted from 1.
    pub(crate) number: u64,
}

/// A key of a file, or why it cannot be used.
#[derive(Debug)]
pub(crate) struct KeySummary {
    /// Its name in a set: `key "2026-11"`, `key 3`.
    pub(crate) name: Option<String>,
    /// Its `kid` in a set, even if the rest of it cannot be used.
    pub(crate) kid: Option<String>,
    pub(crate) details: Result<KeyDetails, KeyError>,
}

impl From<KeyDetails> for KeySummary {
    fn from(details: KeyDetails) -> Self {
        Self { name: None, kid: None, details: Ok(details) }
    }
}

/// The description of a key, without its private parts.
#[derive(Debug)]
pub(crate) struct KeyDetails {
    /// "RSA 2048-bit public key", "HMAC secret of 32 bytes", …
    pub(crate) kind: String,
    pub(crate) private: bool,
    /// Why it supports no algorithm, or is too weak to be used without `--allow-weak-key`.
    pub(crate) unusable: Option<KeyError>,
    /// How it is encoded, and whether it was encrypted; `None` for a key just made, or of a JWK Set.
    pub(crate) encoding: Option<(Encoding, bool)>,
    pub(crate) algorithms: Vec<Algorithm>,
    /// The algorithms that it encrypts or decrypts with.
    pub(crate) encryption: Vec<KeyAlgorithm>,
    pub(crate) params: JwkParams,
    /// Its thumbprint (RFC 7638). A secret has none, since the digest would help to guess it.
    pub(crate) thumbprint: Option<String>,
    /// Of its public key; a secret has none.
    pub(crate) fingerprints: Option<Fingerprints>,
    pub(crate) certificate: Option<Box<(Certificate, CertificateDigests)>>,
    /// The part of a document that it was taken from, and the document.
    pub(crate) source: Option<String>,
}

/// A key, a set or a thumbprint that was written.
#[derive(Debug)]
pub(crate) struct WrittenKeys {
    /// The bytes for standard output; `None` if everything went to files.
    pub(crate) text: Option<Secret>,
    pub(crate) files: CreatedFiles,
    pub(crate) keys: Vec<KeySummary>,
    /// What is said of a new key that goes to standard output, and what to do with it.
    pub(crate) note: Option<Box<(String, &'static str)>>,
}
