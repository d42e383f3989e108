//! `--json`: one object with everything. Its schemas are in `schemas/`, one a verb.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::explain::{Explanation, line_about_key};
use crate::json::Value;
use crate::keys::Algorithm;
use crate::outcome::{Answer, EncodedToken, Outcome, UsedKey};
use crate::outcome::{KeyDetails, KeySummary};
use crate::output::exit::Exit;
use crate::request::Verb;
use crate::time;

type Raw = Option<Box<RawValue>>;

#[derive(Serialize)]
struct Report<'a, Body> {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    ok: bool,
    status: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    body: Body,
    problems: &'a [Said],
    warnings: &'a [Said],
}

/// What is said of a problem or a warning.
#[derive(Serialize)]
pub(super) struct Said {
    code: &'static str,
    message: String,
    hint: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Raw,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Raw,
}

#[derive(Serialize, Default)]
struct MintedBody<'a> {
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed: Option<bool>,
    header: Raw,
    claims: Raw,
    expires_at: Option<String>,
}

#[derive(Serialize, Default)]
struct DecodedBody<'a> {
    verified: bool,
    header: Raw,
    claims: Raw,
    signature: Option<&'a str>,
}

#[derive(Serialize, Default)]
struct VerifiedBody<'a> {
    header: Raw,
    claims: Raw,
    key: Option<KeyBody<'a>>,
}

#[derive(Serialize)]
struct KeyBody<'a> {
    kind: &'a str,
    private: bool,
    kid: Option<&'a str>,
    source: String,
    algorithms: Vec<&'static str>,
    algorithm: Option<&'static str>,
}

#[derive(Serialize, Default)]
struct KeysBody<'a> {
    keys: Vec<CardBody<'a>>,
    output: Option<String>,
    files: Vec<String>,
}

#[derive(Serialize, Default)]
struct CardBody<'a> {
    kind: Option<&'a str>,
    private: Option<bool>,
    format: Option<String>,
    encrypted: Option<bool>,
    algorithms: Vec<&'static str>,
    kid: Option<&'a str>,
    alg: Option<&'a str>,
    #[serde(rename = "use")]
    key_use: Option<&'a str>,
    key_ops: Option<&'a [String]>,
    thumbprint: Option<&'a str>,
    certificate: Option<CertificateBody<'a>>,
    problem: Option<String>,
}

#[derive(Serialize)]
struct CertificateBody<'a> {
    subject: &'a str,
    issuer: &'a str,
    not_before: Option<String>,
    not_after: Option<String>,
}

/// The report, as JSON text; in a stream, of the item in a line.
pub(super) fn report(verb: Verb, line: Option<u64>, outcome: &Outcome, exit: Exit) -> String {
    let problems: Vec<_> = outcome.problems.iter().map(|problem| said(problem.explain())).collect();
    let warnings: Vec<_> = outcome.warnings.iter().map(|warning| said(warning.explain())).collect();
    let (problems, warnings) = (&problems[..], &warnings[..]);
    let (ok, status, exit_code) = (exit == Exit::Ok, status(exit, verb), exit.code());
    let verdict = Report { line, ok, status, exit_code, body: (), problems, warnings };
    match verb {
        Verb::Decode => verdict.with(decoded(outcome)),
        Verb::Verify => verdict.with(verified(outcome)),
        Verb::Key => verdict.with(keys(outcome)),
        Verb::Encode | Verb::Refresh | Verb::Man => verdict.with(minted(verb, outcome)),
    }
}

/// What an item's status is called.
pub(super) fn status(exit: Exit, verb: Verb) -> &'static str {
    match (exit, verb) {
        (Exit::Ok, Verb::Decode) => "decoded",
        (Exit::Ok, _) => "valid",
        _ => exit.name(),
    }
}

impl Report<'_, ()> {
    /// The verdict with what the verb says of itself.
    fn with(self, body: impl Serialize) -> String {
        let Self { line, ok, status, exit_code, problems, warnings, .. } = self;
        let report = Report { line, ok, status, exit_code, body, problems, warnings };
        serde_json::to_string(&report).expect("a report is always JSON")
    }
}

fn minted(verb: Verb, outcome: &Outcome) -> MintedBody<'_> {
    let Some(Answer::EncodedToken(EncodedToken { token, header, claims, renewed })) =
        &outcome.answer
    else {
        return MintedBody::default();
    };
    let exp = claims.numeric_date("exp").ok().flatten();
    MintedBody {
        token: Some(token),
        renewed: (verb == Verb::Refresh).then_some(*renewed),
        header: raw(&header.object().to_value()),
        claims: raw(&claims.object().to_value()),
        expires_at: exp.and_then(time::rfc3339),
    }
}

fn decoded(outcome: &Outcome) -> DecodedBody<'_> {
    match &outcome.answer {
        Some(Answer::Decoded { header, claims, signature }) => DecodedBody {
            verified: false,
            header: raw(&header.object().to_value()),
            claims: raw(&claims.object().to_value()),
            signature: Some(signature),
        },
        _ => DecodedBody::default(),
    }
}

fn verified(outcome: &Outcome) -> VerifiedBody<'_> {
    let key = outcome.key.as_deref().map(key_body);
    match &outcome.answer {
        Some(Answer::Verified { header, claims }) => VerifiedBody {
            header: raw(&header.object().to_value()),
            claims: raw(&claims.object().to_value()),
            key,
        },
        _ => VerifiedBody { key, ..VerifiedBody::default() },
    }
}

fn key_body(key: &UsedKey) -> KeyBody<'_> {
    KeyBody {
        kind: &key.kind,
        private: key.private,
        kid: key.kid.as_deref(),
        source: key.origin.to_string(),
        algorithms: key.algorithms.iter().map(|alg| alg.name()).collect(),
        algorithm: key.algorithm.map(Algorithm::name),
    }
}

fn keys(outcome: &Outcome) -> KeysBody<'_> {
    match &outcome.answer {
        Some(Answer::Keys(cards)) => {
            KeysBody { keys: cards.iter().map(card).collect(), ..KeysBody::default() }
        }
        Some(Answer::Written(written)) => KeysBody {
            keys: written.keys.iter().map(facts).collect(),
            output: written.text.as_ref().map(|text| text_of(text.expose())),
            files: written.files.paths().iter().map(|path| path.display().to_string()).collect(),
        },
        _ => KeysBody::default(),
    }
}

/// Text as it is; DER, which is none, in base64.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| STANDARD.encode(bytes), str::to_owned)
}

fn card(card: &KeySummary) -> CardBody<'_> {
    match &card.facts {
        Ok(known) => facts(known),
        Err(error) => CardBody {
            kid: card.kid.as_deref(),
            problem: Some(line_about_key(card.name.as_deref(), error)),
            ..CardBody::default()
        },
    }
}

fn facts(facts: &KeyDetails) -> CardBody<'_> {
    let params = &facts.params;
    let date = |seconds| time::rfc3339(seconds);
    CardBody {
        kind: Some(&facts.kind),
        private: Some(facts.private),
        format: facts.encoding.map(|(encoding, _)| encoding.to_string()),
        encrypted: facts.encoding.map(|(_, was_encrypted)| was_encrypted),
        algorithms: facts.algorithms.iter().map(|alg| alg.name()).collect(),
        kid: params.kid.as_deref(),
        alg: params.alg.as_deref(),
        key_use: params.key_use.as_deref(),
        key_ops: params.key_ops.as_deref(),
        thumbprint: facts.thumbprint.as_deref(),
        certificate: facts.certificate.as_ref().map(|certificate| CertificateBody {
            subject: &certificate.subject,
            issuer: &certificate.issuer,
            not_before: date(certificate.not_before),
            not_after: date(certificate.not_after),
        }),
        problem: facts.limit.as_ref().map(|limit| line_about_key(None, limit)),
    }
}

pub(super) fn said(explanation: Explanation) -> Said {
    Said {
        code: explanation.code.name(),
        message: explanation.message,
        hint: explanation.hint,
        evidence: explanation.evidence,
        claim: explanation.claim,
        expected: explanation.expected.as_ref().and_then(raw),
        actual: explanation.actual.as_ref().and_then(raw),
    }
}

fn raw(value: &Value) -> Raw {
    RawValue::from_string(value.text().to_owned()).ok()
}
