//! The report of `audit`: as text for people, as members of a JSON report, and in the rows of a stream.

use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::github::annotation;
use super::notice::labelled;
use super::streams::Terminal;
use super::terminal::{ERROR, FAINT, GOOD, HINT, NAME, Paint, Style, WARNING, for_terminal};
use super::text;
use super::wrap::wrap;
use crate::audit::{Finding, Severity};
use crate::outcome::{AuditReport, UsedKey};
use crate::text::counted;

/// The indentation of text: the length of the longest severity name, and a space.
const INDENT: usize = "medium ".len();

/// The report for people. A finding of severity info has no evidence and no remedy.
pub(super) fn report_text(
    report: &AuditReport,
    key: Option<&UsedKey>,
    paint: Paint,
    terminal: Terminal,
) -> String {
    let mut out = verified(report, key, paint, terminal);
    for finding in &report.findings {
        let severity = finding.rule.severity();
        let label = format!("{:INDENT$}", severity.name());
        let name = paint.paint(NAME, finding.rule.id());
        let _ = writeln!(out, "\n{}{name}", paint.paint(style(severity), &label));
        let mut line = |label: &str, text: &str| {
            let start = INDENT + label.len();
            let text = wrap(&for_terminal(text), start, start, terminal);
            let label = if label.is_empty() { String::new() } else { paint.paint(HINT, label) };
            let _ = writeln!(out, "{:INDENT$}{label}{text}", "");
        };
        line("", finding.rule.means());
        if severity == Severity::Info {
            continue;
        }
        line("found: ", &finding.evidence);
        line("fix: ", finding.rule.remedy());
        line("see: ", finding.rule.section());
    }
    let _ = writeln!(out, "\n{}", total(report, paint));
    out
}

/// A line that says whether a key verified the signature.
fn verified(
    report: &AuditReport,
    key: Option<&UsedKey>,
    paint: Paint,
    terminal: Terminal,
) -> String {
    let (label, style, text): (_, Style, _) = match report.verified {
        _ if report.is_sealed => {
            ("not decrypted:", WARNING, "only the header was examined; see --decrypt-key")
        }
        Some(true) => return text::verified(key, paint, terminal),
        Some(false) => ("not verified:", ERROR, "no key matches"),
        None => ("not verified:", WARNING, "no key was given"),
    };
    labelled(label, style, text, paint, terminal)
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::High => ERROR,
        Severity::Medium => WARNING,
        Severity::Low => NAME,
        Severity::Info => FAINT,
    }
}

/// The last line: `2 findings: 1 high, 1 medium; 3 notes`
fn total(report: &AuditReport, paint: Paint) -> String {
    let counts = counts(&report.findings);
    let is_failing = |of: &&(Severity, usize)| of.0 > Severity::Info && of.1 > 0;
    let failing: Vec<_> = counts.iter().filter(is_failing).collect();
    let count: usize = failing.iter().map(|(_, count)| count).sum();
    let by_severity: Vec<_> =
        failing.iter().map(|(severity, count)| format!("{count} {severity}")).collect();
    let notes = report.findings.len() - count;
    let notes = if notes > 0 { format!("; {}", counted(notes, "note")) } else { String::new() };
    if count == 0 {
        return format!("{}{notes}", paint.paint(GOOD, "no findings"));
    }
    format!("{}: {}{notes}", counted(count, "finding"), by_severity.join(", "))
}

/// The number of findings of each severity, the highest severity first.
fn counts(findings: &[Finding]) -> [(Severity, usize); 4] {
    let count = |of| findings.iter().filter(|finding| finding.rule.severity() == of).count();
    Severity::ALL.map(|severity| (severity, count(severity)))
}

/// The findings above info as annotations for the log of GitHub Actions. `--quiet` leaves only the high ones.
pub(super) fn annotations(report: &AuditReport, is_quiet: bool) -> String {
    let least = if is_quiet { Severity::High } else { Severity::Low };
    let shown = report.findings.iter().filter(|finding| finding.rule.severity() >= least);
    let lines = shown.map(|Finding { rule, evidence }| {
        let kind = match rule.severity() {
            Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        let message = format!("{}: {}", rule.id(), rule.means());
        annotation(kind, &message, &[evidence.clone(), format!("fix: {}", rule.remedy())])
    });
    lines.collect()
}

/// Adds the members of `audit` to a JSON report.
pub(super) fn members<M: SerializeMap>(
    out: &mut M,
    report: Option<&AuditReport>,
) -> Result<(), M::Error> {
    let findings = report.map(|report| &report.findings[..]);
    out.serialize_entry("verified", &report.and_then(|report| report.verified))?;
    out.serialize_entry("summary", &Counts(findings.unwrap_or_default()))?;
    out.serialize_entry("findings", &findings.unwrap_or_default())
}

/// [`counts`] as a JSON object.
struct Counts<'a>(&'a [Finding]);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(counts(self.0).map(|(severity, count)| (severity.name(), count)))
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_map(None)?;
        finding.serialize_entry("id", self.rule.id())?;
        finding.serialize_entry("severity", self.rule.severity().name())?;
        finding.serialize_entry("section", self.rule.section())?;
        finding.serialize_entry("message", self.rule.means())?;
        finding.serialize_entry("evidence", &self.evidence)?;
        finding.serialize_entry("remedy", self.rule.remedy())?;
        finding.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::ColorChoice;

    #[test]
    fn the_name_of_a_key_is_escaped() {
        let key = UsedKey {
            kind: "P-256 public key".to_owned(),
            private: false,
            kid: None,
            source: "the certificate of CN=\u{1b}[31m\u{9b}1m".to_owned(),
            algorithms: vec!["ES256"],
            algorithm: Some("ES256"),
        };
        let report = AuditReport { verified: Some(true), ..AuditReport::default() };
        let paint = Paint::new(ColorChoice::Never, Terminal::Width(80));
        let text = report_text(&report, Some(&key), paint, Terminal::Width(80));
        assert!(text.contains("CN=\\u001b[31m\\u009b1m"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{9b}']), "{text}");
    }
}
