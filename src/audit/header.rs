//! Weaknesses in the header and the signature.

use super::finding::Finding;
use super::kid::kid_rule;
use super::rules::Rule;
use crate::keys::Algorithm;
use crate::time::NumericDate;
use crate::token::{Header, HeaderFault, ITERATIONS};

/// Algorithms with SHA-1 or a truncated MAC. RFC 7518 does not define them, but some libraries support them.
const WEAK: [&str; 4] = ["HS1", "RS1", "ES1", "HS256/64"];

/// The weaknesses of the header of a signed or encrypted token. `has_claims` is whether its payload is a claims set.
pub(super) fn header_findings(header: &Header, has_claims: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |finding| found.push(finding);
    let member = |rule, name| Finding::of_member(rule, name, header.object.get(name));
    match header.alg.as_deref() {
        Err(fault) => add(Finding::new(Rule::AlgMissing, fault.to_string())),
        Ok(alg) if letters(alg).is_empty() => add(member(Rule::AlgMissing, "alg")),
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
            HeaderFault::UnencodedPayload if has_claims => add(Rule::Unencoded),
            HeaderFault::UnencodedPayload | HeaderFault::NoAlg => {}
            HeaderFault::WrongType { .. } => add(Rule::ClaimType),
        }
    }
    found
}

/// The weaknesses that only the header of an encrypted token can have.
pub(super) fn encryption_findings(header: &Header) -> Vec<Finding> {
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

/// Whether the algorithm is `none` in any case, since some verifiers ignore case (RFC 8725bis section 2.11), or with
/// spaces, invisible characters or full-width letters, which some verifiers remove or replace.
fn is_none(alg: &str) -> bool {
    letters(alg) == "none"
}

/// The letters and digits of an algorithm's name in lower case, with full-width letters as ASCII letters.
fn letters(alg: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    alg.chars().map(narrow).filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}
