//! The result of parsing a command line (a call or an error), and the trait for a verb's flags.

use std::ffi::OsString;

use clap::{Args, Command};

use super::help::HelpCall;
use crate::output::OutputOptions;
use crate::request::{PathOrStdin, RedactRequest, Request, StreamRequest, TokenRequest};

/// Looks up an environment variable by its name.
pub(crate) type Variables<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

pub(crate) enum Call {
    Run(Request, OutputOptions),
    Stream(TokenRequest, StreamRequest, OutputOptions),
    Redact(RedactRequest, OutputOptions),
    /// A text that is only printed: version, completions.
    Print(Vec<u8>),
    Help(HelpCall),
    Manual(ManualCall),
}

/// A manual page to be shown.
pub(crate) struct ManualCall {
    /// The name of its file.
    pub(crate) name: String,
    pub(crate) roff: Vec<u8>,
    /// What is shown where there is no `man`.
    pub(crate) help: HelpCall,
}

/// A call, and where its flags come from besides the command line.
pub(crate) struct Parsed {
    pub(crate) call: Call,
    /// The profile, in words.
    pub(crate) profile: Option<String>,
}

/// What is wrong with a command line, and the options for printing it.
#[derive(Debug)]
pub(crate) struct CliError {
    pub message: String,
    pub hint: String,
    pub format: OutputOptions,
    /// The profile that flags come from, in words.
    pub profile: Option<String>,
}

impl CliError {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), hint.into());
        Self { message, hint, format: OutputOptions::default(), profile: None }
    }
}

/// What the parser tells a verb besides its own flags.
pub(super) struct Context {
    /// The output options from the flags that all verbs share.
    pub format: OutputOptions,
    /// The definition of the whole tool.
    pub tool: fn() -> Command,
    /// The inputs of a stream, in the order in which they were typed.
    pub paths: Vec<PathOrStdin>,
}

pub(super) trait VerbFlags: Args {
    /// Makes the call, unless flags contradict each other in a way that clap cannot explain.
    fn call(self, context: Context) -> Result<Call, CliError>;
}
