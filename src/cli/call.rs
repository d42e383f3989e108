//! What a command line asks for, and the interface of a verb's flags.

use std::ffi::OsString;

use clap::{Args, Command};

use super::cli_error::CliError;
use crate::output::OutputOptions;
use crate::request::{Request, StreamRequest, TokenRequest};

/// Looks up an environment variable by its name.
pub(crate) type Variables<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

pub(crate) enum Call {
    Run(Request, OutputOptions),
    Stream(TokenRequest, StreamRequest, OutputOptions),
    /// A text that needs no work: help, version, completions, a man page.
    Print(Vec<u8>),
    /// Help for a gate, which is not a success: `-h` may stand where a token was meant.
    HelpOfGate(Vec<u8>),
    /// Help because no verb was given.
    NoVerb(Vec<u8>),
}

impl Call {
    /// A verb applied to one token, or to the lines of a stream.
    pub(super) fn on_tokens(
        request: TokenRequest,
        plan: Option<StreamRequest>,
        format: OutputOptions,
    ) -> Self {
        match plan {
            Some(plan) => Self::Stream(request, plan, format),
            None => Self::Run(Request::Token(request), format),
        }
    }
}

/// What a verb knows besides its own flags.
#[derive(Clone, Copy)]
pub(super) struct Context {
    /// The output options from the flags that all verbs share.
    pub format: OutputOptions,
    /// The definition of the whole tool.
    pub tool: fn() -> Command,
}

/// The flags of a verb.
pub(super) trait VerbFlags: Args {
    /// Whether the flags name the input that tokens are read from; `None` for a verb that is not a gate.
    fn names_input(&self) -> Option<bool> {
        None
    }

    /// Makes the call, unless flags contradict each other in a way that clap cannot explain.
    fn call(self, context: Context) -> Result<Call, CliError>;
}
