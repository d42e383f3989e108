//! A weakness that was found.

use super::rules::Rule;
use super::values::is_credential;
use crate::json::{NOT_SHOWN, ValueRef, shown};

/// A rule that a token or key breaks, and the evidence for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    /// What was found, in words. It contains no secret, and no claim value that may be a secret.
    pub(crate) evidence: String,
}

impl Finding {
    pub(crate) fn new(rule: Rule, evidence: impl Into<String>) -> Self {
        Self { rule, evidence: evidence.into() }
    }

    /// A finding about a member of a header or claims set, with the member's value as evidence.
    pub(super) fn of_member(rule: Rule, name: &str, value: Option<ValueRef<'_>>) -> Self {
        let value = value.map(evidence);
        let value = value.as_deref().unwrap_or("missing");
        Self::new(rule, format!("\"{name}\" is {value}"))
    }
}

/// A value as evidence, unless it is a credential or has a password in it.
pub(super) fn evidence(value: ValueRef<'_>) -> String {
    let is_secret = value.as_string().is_some_and(|text| is_credential(text.trim()));
    if is_secret { NOT_SHOWN.to_owned() } else { shown(value.evidence().text()) }
}
