//! `--sarif`: findings as a log in the Static Analysis Results Interchange Format (SARIF 2.1.0) for code scanning.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::exit::Exit;
use super::place::Place;
use crate::audit::{Finding, RULES, Rule, Severity};
use crate::explain::Problem;
use crate::jwks::encoded_path;
use crate::outcome::{Answer, Outcome};

/// The artifact of a token that is not from a file.
const NO_FILE: &str = "stdin";

/// Writes the log of one token.
pub(super) fn write(outcome: &Outcome, exit: Exit, out: &mut dyn Write) -> io::Result<()> {
    let place = Place { path: None, line: 1, found: None };
    let mut results = Vec::new();
    write_results(place, outcome, &mut results);
    let problems: Vec<_> =
        outcome.problems().iter().map(|it| Problem::explain(it).message).collect();
    out.write_all(begin().as_bytes())?;
    out.write_all(without_separator(&results))?;
    out.write_all(end(exit, &problems).as_bytes())
}

/// The separator before each result except the first one of a log.
const SEPARATOR: &[u8] = b",\n";

/// Results without the separator before the first one.
pub(crate) fn without_separator(results: &[u8]) -> &[u8] {
    results.strip_prefix(SEPARATOR).unwrap_or(results)
}

/// The log up to its first result.
pub(crate) fn begin() -> String {
    let rules: Vec<_> = rules().map(described).collect();
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    format!(
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{},\"results\":[\n",
        json!({ "driver": driver })
    )
}

/// The log after its last result: whether all tokens were examined, and the problems of those that were not.
pub(crate) fn end(exit: Exit, problems: &[String]) -> String {
    let told: Vec<_> = problems
        .iter()
        .map(|message| json!({ "level": "error", "message": { "text": message } }))
        .collect();
    let invocation = json!({
        "executionSuccessful": matches!(exit, Exit::Ok | Exit::Rejected),
        "exitCode": exit.code(),
        "toolExecutionNotifications": told,
    });
    format!("\n],\"invocations\":[{}]}}]}}\n", in_ascii(&invocation))
}

/// Adds the results of a token, each with a separator before it.
pub(crate) fn write_results(place: Place<'_>, outcome: &Outcome, out: &mut Vec<u8>) {
    let Some(Answer::Audited(report)) = outcome.answer() else { return };
    let path = place.path.filter(|path| *path != "-").or(report.path.as_deref()).unwrap_or(NO_FILE);
    for finding in &report.findings {
        out.extend(SEPARATOR);
        out.extend(in_ascii(&result(finding, path, place)).into_bytes());
    }
}

fn result(finding: &Finding, path: &str, place: Place<'_>) -> Value {
    let uri = encoded_path(&path.replace('\\', "/"));
    let mut region = json!({ "startLine": place.line });
    if let Some((_, byte)) = place.found {
        region["byteOffset"] = byte.into();
    }
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": finding.rule as usize,
        "level": level(finding.rule.severity()),
        "message": { "text": format!("{}: {}", finding.rule.means(), finding.evidence) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": region,
        }}],
    })
}

/// The text of a value without characters that a terminal acts on.
fn in_ascii(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

fn rules() -> impl Iterator<Item = Rule> {
    RULES.iter().flat_map(|(_, rules)| *rules).copied()
}

fn described(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.means() },
        "help": { "text": format!("{}: {}", rule.section(), rule.remedy()) },
        "defaultConfiguration": { "level": level(rule.severity()) },
        "properties": { "security-severity": score(rule.severity()), "tags": ["security"] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The severity on the scale of CVSS, from 0 to 10, by which GitHub sorts results.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}
