//! Weaknesses of tokens and keys: the rules, and which of them a token or key breaks. Nothing here is verified, and
//! nothing is refused.

mod claims;
mod content;
mod finding;
mod header;
mod keys;
mod kind;
pub(crate) mod known;
mod rules;

pub(crate) use claims::{Lifetime, claims_findings, expectation_findings};
pub(crate) use content::content_findings;
pub(crate) use finding::Finding;
pub(crate) use header::{encryption_findings, header_findings, signature_findings};
pub(crate) use keys::{key_findings, reuse_findings};
pub use rules::{RULES, Rule, Severity};
