//! `--json`: one object with everything. Its schemas are in `schemas/`, one a verb.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::audit;
use super::exit::Exit;
use super::place::Place;
use crate::crypto::CertificateDigests;
use crate::explain::{Explanation, Problem, Warning, line_about_key};
use crate::json::Value;
use crate::keys::Certificate;
use crate::outcome::{Answer, KeySummary, Layer, Outcome};
use crate::request::Verb;
use crate::time;
use crate::token::Header;

/// The report as JSON text. In a stream, it says where the item is.
pub(super) fn report(
    verb: Verb,
    place: Option<Place<'_>>,
    outcome: &Outcome,
    exit: Exit,
) -> String {
    let mut text = Vec::new();
    write_report(&mut serde_json::Serializer::new(&mut text), verb, place, outcome, exit)
        .expect("every key of a report is a string");
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The name of an exit code, as an item's status.
pub(super) fn status(exit: Exit, verb: Verb) -> &'static str {
    match (exit, verb) {
        (Exit::Ok, Verb::Decode) => "decoded",
        (Exit::Ok, Verb::Audit) => "clean",
        (Exit::Ok, _) => "valid",
        _ => exit.name(),
    }
}

fn write_report<S: Serializer>(
    serializer: S,
    verb: Verb,
    place: Option<Place<'_>>,
    outcome: &Outcome,
    exit: Exit,
) -> Result<S::Ok, S::Error> {
    let mut report = serializer.serialize_map(None)?;
    if let Some(place) = place {
        if let Some(path) = place.path {
            report.serialize_entry("path", path)?;
        }
        for (name, number) in place.members() {
            report.serialize_entry(name, &number)?;
        }
    }
    report.serialize_entry("ok", &(exit == Exit::Ok))?;
    report.serialize_entry("status", status(exit, verb))?;
    report.serialize_entry("exit_code", &exit.code())?;
    match verb {
        Verb::Key => keys(&mut report, outcome.answer())?,
        Verb::Audit => audit(&mut report, outcome)?,
        _ => token(&mut report, verb, outcome)?,
    }
    let problems: Vec<_> = outcome.problems().iter().map(Problem::explain).collect();
    report.serialize_entry("problems", &problems)?;
    let warnings: Vec<_> = outcome.warnings.iter().map(Warning::explain).collect();
    report.serialize_entry("warnings", &warnings)?;
    report.end()
}

/// The findings, and the key that verified the token.
fn audit<M: SerializeMap>(report: &mut M, outcome: &Outcome) -> Result<(), M::Error> {
    let audited = match outcome.answer() {
        Some(Answer::Audited(audited)) => Some(audited),
        _ => None,
    };
    audit::members(report, audited)?;
    report.serialize_entry("key", &outcome.key)
}

fn token<M: SerializeMap>(report: &mut M, verb: Verb, outcome: &Outcome) -> Result<(), M::Error> {
    let answer = outcome.answer();
    let (header, claims) = answer.map(Answer::header_and_claims).unwrap_or_default();
    let (encoded, signature) = match answer {
        Some(Answer::Encoded(token)) => (Some(token), None),
        Some(Answer::Decoded(.., signature)) => (None, signature.as_ref()),
        Some(Answer::DecodedJws(all, _)) => (None, all.first().map(|(_, signature)| signature)),
        _ => (None, None),
    };
    match verb {
        Verb::Decode => report.serialize_entry("verified", &false)?,
        Verb::Verify => {}
        _ => {
            let made = match answer {
                Some(Answer::SignedPayload(token, _)) => Some(token),
                _ => encoded.map(|encoded| &encoded.token),
            };
            report.serialize_entry("token", &made)?;
            if let Some(encoded) = encoded.filter(|_| verb == Verb::Refresh) {
                report.serialize_entry("renewed", &encoded.renewed)?;
            }
        }
    }
    if let Some(is_signed) = protection(answer, outcome).filter(|_| verb == Verb::Verify) {
        let protection = if is_signed { "signature" } else { "shared-key encryption" };
        report.serialize_entry("protection", protection)?;
    }
    report.serialize_entry("header", &header.map(|header| raw(&header.object.text())))?;
    report.serialize_entry("claims", &claims.map(|claims| raw(&claims.object.text())))?;
    if let Some(disclosed) = claims.and_then(|claims| claims.disclosed.as_ref()) {
        report.serialize_entry("disclosed", &disclosed.paths)?;
        if let Some((header, claims)) = &disclosed.key_binding {
            let [header, claims] = [header, claims].map(|object| raw(&object.text()));
            let token = BTreeMap::from([("claims", claims), ("header", header)]);
            report.serialize_entry("key_binding", &token)?;
        }
    }
    let shows_layers = matches!(verb, Verb::Decode | Verb::Verify) && answer.is_some();
    if shows_layers && !outcome.layers.is_empty() {
        report.serialize_entry("layers", &outcome.layers)?;
    }
    match verb {
        Verb::Decode => {
            report.serialize_entry("signature", &signature)?;
            if let Some(Answer::DecodedJws(all, _)) = answer {
                report.serialize_entry("signatures", &Signatures(all))?;
            }
        }
        Verb::Verify => {
            report.serialize_entry("key", &outcome.key)?;
            if let Some(index) = outcome.signature_index {
                report.serialize_entry("signature_index", &index)?;
            }
        }
        _ => {}
    }
    let exp = claims.and_then(|claims| claims.numeric_date("exp").ok()?).or(outcome.exp);
    let exp = exp.and_then(|exp| Some((exp, time::rfc3339(exp)?)));
    report.serialize_entry("expires_at", &exp.as_ref().map(|(_, at)| at))?;
    report.serialize_entry("expires_in", &exp.map(|(exp, _)| exp.seconds_since(outcome.now)))
}

/// For a token that is accepted and encrypted: whether a signature protects its claims, or the encryption alone.
fn protection(answer: Option<&Answer>, outcome: &Outcome) -> Option<bool> {
    let innermost = outcome.layers.last().filter(|_| answer.is_some());
    innermost.map(|layer| !layer.is_encrypted)
}

impl Serialize for Layer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut layer = serializer.serialize_map(None)?;
        layer.serialize_entry("kind", if self.is_encrypted { "JWE" } else { "JWS" })?;
        layer.serialize_entry("header", &raw(&self.header.object.text()))?;
        layer.serialize_entry("key", &self.key)?;
        layer.end()
    }
}

/// The headers and signatures of a token in the general JSON serialization.
struct Signatures<'a>(&'a [(Arc<Header>, String)]);

impl Serialize for Signatures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(header, signature)| {
            BTreeMap::from([
                ("header", raw(&header.object.text())),
                ("signature", raw(Value::string(signature).text())),
            ])
        }))
    }
}

fn keys<M: SerializeMap>(report: &mut M, answer: Option<&Answer>) -> Result<(), M::Error> {
    let (keys, written) = match answer {
        Some(Answer::Keys(keys)) => (&keys[..], None),
        Some(Answer::WrittenKeys(written)) => (&written.keys[..], Some(written)),
        _ => (&[][..], None),
    };
    let output = written.and_then(|written| written.text.as_ref()).map(|text| {
        // DER is not text.
        let text = text.expose();
        std::str::from_utf8(text).map_or_else(|_| STANDARD.encode(text), str::to_owned)
    });
    let files = written.iter().flat_map(|written| written.files.paths());
    let files: Vec<_> = files.map(|path| path.display().to_string()).collect();
    report.serialize_entry("keys", keys)?;
    report.serialize_entry("output", &output)?;
    report.serialize_entry("files", &files)
}

/// If a key cannot be used, all but `kid` and `problem` are null.
impl Serialize for KeySummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = self.details.as_ref().ok();
        let problem = match &self.details {
            Ok(details) => details.unusable.as_ref().map(|error| line_about_key(None, error)),
            Err(error) => Some(line_about_key(self.name.as_deref(), error)),
        };
        let params = details.map(|details| &details.params);
        let kid = params.map_or(&self.kid, |params| &params.kid);
        let encoding = details.and_then(|details| details.encoding);
        let algorithms = details.iter().flat_map(|details| &details.algorithms);
        let algorithms: Vec<_> = algorithms.map(|alg| alg.name()).collect();
        let mut key = serializer.serialize_map(None)?;
        key.serialize_entry("kind", &details.map(|details| &details.kind))?;
        key.serialize_entry("private", &details.map(|details| details.private))?;
        key.serialize_entry("format", &encoding.map(|(encoding, _)| encoding.to_string()))?;
        key.serialize_entry("encrypted", &encoding.map(|(_, was_encrypted)| was_encrypted))?;
        key.serialize_entry("algorithms", &algorithms)?;
        let encryption = details.iter().flat_map(|details| &details.encryption);
        let encryption: Vec<_> = encryption.map(|alg| alg.name()).collect();
        key.serialize_entry("encryption", &encryption)?;
        key.serialize_entry("kid", kid)?;
        key.serialize_entry("alg", &params.and_then(|params| params.alg.as_ref()))?;
        key.serialize_entry("use", &params.and_then(|params| params.key_use.as_ref()))?;
        key.serialize_entry("key_ops", &params.and_then(|params| params.key_ops.as_ref()))?;
        key.serialize_entry("thumbprint", &details.map(|details| &details.thumbprint))?;
        let fingerprints = details.and_then(|details| details.fingerprints.as_ref());
        key.serialize_entry("spki", &fingerprints.map(|of| &of.spki))?;
        key.serialize_entry("ssh", &fingerprints.and_then(|of| of.ssh.as_ref()))?;
        key.serialize_entry("libtrust", &fingerprints.map(|of| &of.libtrust))?;
        let certificate = details.and_then(|details| details.certificate.as_deref());
        key.serialize_entry("certificate", &certificate.map(ShownCertificate))?;
        key.serialize_entry("source", &details.map(|details| &details.source))?;
        key.serialize_entry("problem", &problem)?;
        key.end()
    }
}

struct ShownCertificate<'a>(&'a (Certificate, CertificateDigests));

impl Serialize for ShownCertificate<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (facts, digests) = self.0;
        let mut certificate = serializer.serialize_map(None)?;
        certificate.serialize_entry("subject", &facts.subject)?;
        certificate.serialize_entry("issuer", &facts.issuer)?;
        certificate.serialize_entry("not_before", &time::rfc3339(facts.not_before))?;
        certificate.serialize_entry("not_after", &time::rfc3339(facts.not_after))?;
        certificate.serialize_entry("x5t", &digests.x5t)?;
        certificate.serialize_entry("x5t#S256", &digests.x5t_s256)?;
        certificate.end()
    }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut explanation = serializer.serialize_map(None)?;
        explanation.serialize_entry("code", self.code.name())?;
        explanation.serialize_entry("message", &self.message)?;
        explanation.serialize_entry("hint", &self.hint)?;
        if !self.evidence.is_empty() {
            explanation.serialize_entry("evidence", &self.evidence)?;
        }
        if let Some(claim) = &self.claim {
            explanation.serialize_entry("claim", claim)?;
        }
        for (name, value) in [("expected", &self.expected), ("actual", &self.actual)] {
            if let Some(value) = value {
                explanation.serialize_entry(name, &raw(value.text()))?;
            }
        }
        explanation.end()
    }
}

fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.to_owned()).ok()
}
