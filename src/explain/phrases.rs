//! Phrases that more than one explanation of a text uses.

use super::{Code, Explanation};

pub(super) fn parts(found: usize) -> Explanation {
    let message = format!("a token has three parts separated by dots; this text has {found}");
    Explanation::new(Code::TokenParts, message)
}

/// A command that makes a token of what is piped into it.
pub(super) fn pipe(command: &str) -> String {
    format!("pipe it through {command}")
}
