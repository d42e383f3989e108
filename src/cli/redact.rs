//! The verb `redact`.

use clap::Args;
use clap::builder::ValueHint;

use super::call::{Call, CliError, Context, VerbFlags};
use super::values::some_path;
use crate::request::{PathOrStdin, RedactRequest};
use crate::token::Hidden;

#[derive(Args)]
pub(super) struct Redact {
    /// Text of any kind, or - for standard input (the default)
    #[arg(value_hint = ValueHint::FilePath, value_parser = some_path())]
    file: Option<PathOrStdin>,
    /// Hide the payload, too
    #[arg(long, help_heading = "Redaction")]
    payload: bool,
    /// Hide the whole token
    #[arg(long, help_heading = "Redaction", conflicts_with = "payload")]
    all: bool,
    /// Write as many * as there were characters, so that everything else keeps its place
    #[arg(long, help_heading = "Redaction")]
    same_length: bool,
}

impl VerbFlags for Redact {
    fn call(self, context: Context) -> Result<Call, CliError> {
        let hidden = match (self.payload, self.all) {
            (_, true) => Hidden::Token,
            (true, _) => Hidden::Payload,
            _ => Hidden::Signature,
        };
        let Self { file: source, same_length, .. } = self;
        let request = RedactRequest { source, hidden, same_length };
        Ok(Call::Redact(request, context.format))
    }
}
