//! The command line: the only user of clap. Turns arguments into a request and an output format.
//! It reads no file and no key.

mod call;
mod cli_error;
mod encode;
mod flags;
mod gates;
mod help_text;
mod info;
mod key;
mod root;
mod synonyms;
mod tokens;
mod typed;
mod usage;
mod value_error;
mod values;

use std::ffi::OsString;

use clap::error::ErrorKind;

use typed::Typed;

pub(crate) use call::Call;
pub(crate) use cli_error::CliError;

/// Reads the command line, the program's name first.
///
/// # Errors
/// [`CliError`]: what to say about a call that cannot be understood, and in which format.
pub(crate) fn parse(argv: &[OsString]) -> Result<Call, CliError> {
    let mut root = root::command();
    let mut parsed = root.try_get_matches_from_mut(argv);
    if parsed.is_err() {
        // The parser may have stopped before the verb.
        root.build();
    }
    if let Some(joined) = Typed::read(&root, argv).with_time_joined() {
        parsed = root.try_get_matches_from_mut(joined).and(parsed);
    }
    let typed = Typed::read(&root, argv);
    typed.check_attached()?;
    let call = match parsed {
        Err(error) if error.exit_code() == 0 => {
            let text = error.render().to_string().into_bytes();
            Ok(match error.kind() {
                ErrorKind::DisplayHelp if gates::is_gate(&typed) => Call::HelpForToken(text),
                _ => Call::Print(text),
            })
        }
        Err(error) => Err(usage::explain(&error, &typed)),
        Ok(matches) => root::call(matches, &typed),
    };
    call.map_err(|error| CliError { format: typed.format(), ..error })
}
