//! Weaknesses of tokens and keys: the rules, and the functions that find which rules a token or key breaks. This module
//! verifies nothing and rejects nothing.

mod claims;
mod content;
mod finding;
mod guess;
mod header;
mod keys;
mod kid;
mod kind;
mod known;
mod names;
mod rules;
mod token;
mod values;

pub(crate) use claims::{Lifetime, expectation_findings};
pub(crate) use finding::Finding;
pub(crate) use guess::{Guess, Guesses};
pub(crate) use header::{other_algorithm, signature_findings};
pub(crate) use keys::{key_findings, reuse_findings};
pub use rules::{RULES, Rule, Severity};
pub(crate) use token::{encrypted_claims_findings, encrypted_token_findings, token_findings};
