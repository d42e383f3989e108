//! What a command line asks for, and how a verb's flags say so.

use std::ffi::OsString;

use clap::{Args, Command};

use super::cli_error::CliError;
use crate::output::OutputOptions;
use crate::request::{Request, StreamRequest, TokenRequest};

/// Looks environment variables up.
pub(crate) type Variables<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

pub(crate) enum Call {
    Run(Request, OutputOptions),
    Stream(TokenRequest, StreamRequest, OutputOptions),
    /// A text that needs no work: help, version, completions, a man page.
    Print(Vec<u8>),
    /// Help where a verb was expected, or from a gate, where `-h` may stand in the place of a token.
    HelpAsError(Vec<u8>),
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

/// What a verb knows beside its own flags.
#[derive(Clone, Copy)]
pub(super) struct Context {
    /// What the flags that all verbs have say of the output.
    pub format: OutputOptions,
    /// The definition of the whole tool.
    pub tool: fn() -> Command,
}

/// The flags of a verb.
pub(super) trait VerbFlags: Args {
    /// Whether they name the input that tokens are read from; `None` for a verb that is not a gate.
    fn names_input(&self) -> Option<bool> {
        None
    }

    /// What they ask for, if they do not contradict each other in a way that clap cannot explain.
    fn call(self, context: Context) -> Result<Call, CliError>;
}
