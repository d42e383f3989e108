//! What is wrong with a command line, and the options for printing it.

use crate::output::OutputOptions;

#[derive(Debug)]
pub(crate) struct CliError {
    pub message: String,
    pub hint: Option<String>,
    pub format: OutputOptions,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), Some(hint.into()));
        Self { message, hint, format: OutputOptions::default() }
    }
}
