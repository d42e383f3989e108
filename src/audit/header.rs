//! Weaknesses in the header and the signature.

use super::finding::Finding;
use super::kind::excused;
use super::rules::Rule;
use crate::claims::Claims;
use crate::keys::Algorithm;
use crate::time::NumericDate;
use crate::token::{Header, HeaderFault, ITERATIONS};

/// Algorithms with SHA-1 or a truncated MAC. RFC 7518 does not define them, but some libraries support them.
const WEAK: [&str; 4] = ["HS1", "RS1", "ES1", "HS256/64"];

/// The weaknesses of the header of a signed or encrypted token.
pub(crate) fn header_findings(header: &Header, claims: Option<&Claims>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |finding| found.push(finding);
    let member = |rule, name| Finding::of_member(rule, name, header.object.get(name));
    match header.alg.as_deref() {
        Err(fault) => add(Finding::new(Rule::AlgMissing, fault.to_string())),
        Ok(alg) if is_none(alg) => add(member(Rule::AlgNone, "alg")),
        Ok(alg) if WEAK.contains(&alg) => add(member(Rule::AlgWeak, "alg")),
        Ok(_) => {}
    }
    for (name, rule) in [("jku", Rule::Jku), ("x5u", Rule::X5u)] {
        if header.object.get(name).is_some() {
            add(member(rule, name));
        }
    }
    if header.object.get("jwk").is_some() {
        add(Finding::new(Rule::JwkInside, "the header has a \"jwk\""));
    }
    if let Some(rule) = header.kid.as_deref().and_then(kid_rule) {
        add(member(rule, "kid"));
    }
    for fault in &header.faults {
        let mut add = |rule| add(Finding::new(rule, fault.to_string()));
        match fault {
            HeaderFault::Critical { .. } | HeaderFault::NotProtected { .. } => add(Rule::Crit),
            HeaderFault::UncriticalB64 | HeaderFault::MissingB64 => add(Rule::Unencoded),
            // Without claims, the payload need not be that of a JWT.
            HeaderFault::UnencodedPayload if claims.is_some() => add(Rule::Unencoded),
            HeaderFault::UnencodedPayload | HeaderFault::NoAlg => {}
            HeaderFault::WrongType { .. } => add(Rule::ClaimType),
        }
    }
    let excused = excused(header, claims);
    found.retain(|finding| !excused.contains(&finding.rule));
    found
}

/// The weaknesses that only the header of an encrypted token can have.
pub(crate) fn encryption_findings(header: &Header) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule, name| found.push(Finding::of_member(rule, name, header.object.get(name)));
    if header.alg.as_deref() == Ok("RSA1_5") {
        add(Rule::Rsa15, "alg");
    }
    if header.object.get("zip").is_some() {
        add(Rule::Zip, "zip");
    }
    let count = header.object.get("p2c").and_then(|count| count.as_number());
    if let Some(count) = count {
        let seconds = NumericDate::from(&count).seconds;
        if seconds > (*ITERATIONS.end()).into() {
            add(Rule::IterationsHigh, "p2c");
        } else if seconds < (*ITERATIONS.start()).into() {
            add(Rule::IterationsLow, "p2c");
        }
    }
    found
}

/// The weaknesses of a decoded signature, for the algorithm in the header.
pub(crate) fn signature_findings(header: &Header, signature: &[u8]) -> Vec<Finding> {
    let Ok(alg) = header.alg.as_deref() else { return Vec::new() };
    if is_none(alg) {
        return Vec::new();
    }
    let is_zero = |half: &[u8]| half.iter().all(|byte| *byte == 0);
    let (r, s) = signature.split_at(signature.len() / 2);
    if signature.is_empty() {
        return vec![Finding::new(Rule::SignatureMissing, "the third part is empty")];
    }
    if alg.starts_with("ES") && (is_zero(r) || is_zero(s)) {
        let evidence = format!("r or s of the {alg} signature is 0");
        return vec![Finding::new(Rule::SignatureZero, evidence)];
    }
    Vec::new()
}

/// An algorithm other than those that the caller expects; an empty list expects any.
pub(crate) fn other_algorithm(header: &Header, expected: &[Algorithm]) -> Option<Finding> {
    let alg = header.alg.as_deref().ok().filter(|alg| !is_none(alg))?;
    let is_other = !expected.is_empty() && expected.iter().all(|expected| expected.name() != alg);
    let value = || header.object.get("alg");
    is_other.then(|| Finding::of_member(Rule::OtherAlgorithm, "alg", value()))
}

/// Whether the algorithm is `none` in any case: some verifiers ignore case (RFC 8725bis section 2.11).
fn is_none(alg: &str) -> bool {
    alg.trim().eq_ignore_ascii_case("none")
}

/// The rule that a `kid` breaks, if any.
fn kid_rule(kid: &str) -> Option<Rule> {
    if is_injection(kid) {
        return Some(Rule::KidInjection);
    }
    if kid.contains("://") || kid.to_ascii_lowercase().starts_with("file:") {
        return Some(Rule::KidUrl);
    }
    is_path(kid).then_some(Rule::KidPath)
}

/// Whether a `kid` contains syntax of SQL, LDAP, a shell or a template, or a control character.
fn is_injection(kid: &str) -> bool {
    let lower = kid.to_lowercase();
    let has = |text: &&str| lower.contains(*text);
    let in_shell = ["$(", "`", "| ", " |", "; ", "&& ", "|/", ";/"];
    let in_sql = [" union ", "select ", " or ", " and ", "--", "/*", ";", "#", " where ", "sleep("];
    let in_ldap = ["*)(", ")(|", "(|(", "(&("];
    let has_quote = lower.contains(['\'', '"']);
    kid.chars().any(char::is_control)
        || in_shell.iter().any(has)
        || in_ldap.iter().any(has)
        || (has_quote && in_sql.iter().any(has))
        || lower.contains("union select")
        || lower.contains("{{")
        || lower.contains("${")
}

/// Whether a `kid` is a path in the file system: it contains `..`, begins with a drive, `./` or `~/`, or is absolute
/// with segments that look like file names. A slash at the beginning is not enough, since base64 may begin with one.
fn is_path(kid: &str) -> bool {
    let is_name = |segment: &str| {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        (1..=40).contains(&segment.len()) && segment.bytes().all(is_plain)
    };
    let decoded =
        kid.replace("%2f", "/").replace("%2F", "/").replace("%2e", ".").replace("%2E", ".");
    let path = decoded.replace('\\', "/");
    let climbs = path.split('/').any(|segment| segment == "..") && path.contains('/');
    let absolute = path.strip_prefix('/').is_some_and(|rest| {
        rest.split('/').count() >= 2 && rest.split('/').all(is_name) || rest.contains('.')
    });
    let of_drive =
        matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    let in_folder = ["./", "~/"].iter().any(|start| path.starts_with(start));
    climbs || absolute || of_drive || in_folder
}
