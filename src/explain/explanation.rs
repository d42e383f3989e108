//! The explanation of a problem or a warning, and how names and values are shown in one.

use super::codes::Code;
use crate::json::{self, NOT_SHOWN, Value};
use crate::keys::MOST_NAMED;
use crate::secret::may_hold_secret;

/// What the user is told about a problem or a warning, and the values that were expected and found.
#[derive(Debug, Clone)]
#[expect(missing_docs)]
pub struct Explanation {
    pub code: Code,
    /// One line that makes sense on its own.
    pub message: String,
    pub hint: Option<String>,
    /// Further lines that show what was found.
    pub evidence: Vec<String>,
    /// The claim or header parameter at fault.
    pub claim: Option<String>,
    pub expected: Option<Value>,
    pub actual: Option<Value>,
}

impl Explanation {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let (message, evidence) = (message.into(), Vec::new());
        Self { code, message, hint: None, evidence, claim: None, expected: None, actual: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Lists what was found: as many lines as fit on a screen, and how many more of `count` there are.
    pub(crate) fn evidence(mut self, lines: impl Iterator<Item = String>, count: usize) -> Self {
        self.evidence = first_of(lines, count);
        self
    }

    pub(crate) fn about(mut self, claim: &str) -> Self {
        self.claim = Some(if may_hold_secret(claim) { NOT_SHOWN } else { claim }.to_owned());
        self
    }

    pub(crate) fn found(self, actual: &Value) -> Self {
        self.compared(None, Some(actual.clone()))
    }

    pub(crate) fn compared(mut self, expected: Option<Value>, actual: Option<Value>) -> Self {
        let shown = |value: Value| {
            if may_hold_secret(value.text()) { Value::string(NOT_SHOWN) } else { value }
        };
        self.expected = expected.map(shown);
        self.actual = actual.map(shown);
        self
    }
}

/// The first items of `count`, and how many more there are.
fn first_of(items: impl Iterator<Item = String>, count: usize) -> Vec<String> {
    let mut first: Vec<_> = items.take(MOST_NAMED).collect();
    if count > first.len() {
        first.push(format!("… and {} more", count - first.len()));
    }
    first
}

/// A list of quoted names, the first of `count`.
pub(super) fn listed_names(names: &[String], count: usize) -> String {
    first_of(names.iter().map(|name| named(name)), count).join(", ")
}

/// A name in quotes, unless it may be a secret.
pub(super) fn named(name: &str) -> String {
    shown(&Value::string(name))
}

/// A value as JSON, shortened if it is long, unless it may be a secret.
pub(super) fn shown(value: &Value) -> String {
    json::shown(value.text())
}
