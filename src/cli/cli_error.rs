//! A command line that cannot be understood, in the words that are said of it.

/// A call that cannot be understood, or asks for help in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// What is wrong; the whole help where nothing was asked for.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Whether the message is a text of its own rather than an error.
    pub is_help: bool,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()), is_help: false }
    }
}
