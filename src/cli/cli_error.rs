//! A command line that cannot be understood.

use crate::output::OutputOptions;

/// A call that cannot be understood, or that asks for nothing.
#[derive(Debug)]
pub(crate) struct CliError {
    /// What is wrong; the help of the tool where nothing was asked for.
    pub message: String,
    pub hint: Option<String>,
    /// Whether the message is a text of its own rather than an error.
    pub is_help: bool,
    /// How to print it.
    pub format: OutputOptions,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), Some(hint.into()));
        Self { message, hint, is_help: false, format: OutputOptions::default() }
    }
}
