//! The command line: the only user of clap. Turns arguments into a request and an output format.
//! It reads no file and no key.
//!
//! Doc comments of flags are their help, as it is printed. The structs of flags have none, since clap would show them in
//! place of the help of a verb.
#![allow(clippy::doc_markdown, reason = "doc comments of flags are their help, as it is printed")]
#![allow(clippy::option_option, reason = "absent, given, and given with a value are three things")]

mod audit;
mod call;
mod complete;
mod encode;
mod flags;
mod gates;
mod help;
mod info;
mod key;
mod profiles;
mod redact;
mod root;
mod synonyms;
mod tokens;
mod typed;
mod usage;
mod values;
mod words;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Error};

use call::Variables;
use typed::Typed;

use crate::token::TokenFinder;

pub(crate) use call::{Call, CliError, ManualCall, Parsed};
pub(crate) use help::{HelpCall, HelpReason, HelpText, pager};

/// Reads the command line, the program's name first. The variables decide about colour. `at_terminal` says that somebody
/// types on standard input and reads standard output.
pub(crate) fn parse(
    argv: &[OsString],
    variable: &Variables<'_>,
    at_terminal: bool,
) -> Result<Parsed, CliError> {
    let mut tool = root::command();
    let mut parsed = tool.try_get_matches_from_mut(argv);
    // A token alone is no verb.
    let shown = if at_terminal && parsed.is_err() { showing_token(argv) } else { None };
    let argv = shown.as_deref().unwrap_or(argv);
    if shown.is_some() {
        parsed = tool.try_get_matches_from_mut(argv);
    }
    if parsed.is_err() {
        // The parser may have stopped before the verb.
        tool.build();
    }
    let moved = Typed::read(&tool, argv).with_json_moved(argv);
    let argv = moved.as_deref().unwrap_or(argv);
    if moved.is_some() {
        parsed = tool.try_get_matches_from_mut(argv);
        if parsed.is_err() {
            // The message may name other verbs.
            tool.build();
        }
    }
    if let Some(joined) = Typed::read(&tool, argv).with_time_joined() {
        parsed = tool.try_get_matches_from_mut(joined).and(parsed);
    }
    let typed = Typed::read(&tool, argv);
    let call = typed.check_attached().and_then(|()| {
        let (parsed, profile) = with_profile(parsed, argv, &typed, variable)?;
        let call = match parsed {
            Ok(matches) => root::call(matches, &typed, variable),
            Err(error) => match error.kind() {
                ErrorKind::DisplayVersion => {
                    Ok(Call::Print(error.render().to_string().into_bytes()))
                }
                ErrorKind::DisplayHelp => Ok(Call::Help(help(&typed, variable))),
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    let (reason, options) = (HelpReason::NoVerb, typed.format(variable));
                    Ok(Call::Help(HelpCall::short(&typed.path, reason, options, root::documented)))
                }
                _ => Err(usage::explain(&error, &typed)),
            },
        };
        match call {
            Ok(call) => Ok(Parsed { call, profile }),
            Err(error) => Err(CliError { profile, ..error }),
        }
    });
    call.map_err(|error| CliError { format: typed.format(variable), ..error })
}

/// `jwtctl FLAGS decode TOKEN` for a call that is only a token, or flags of the tool and a token.
fn showing_token(argv: &[OsString]) -> Option<Vec<OsString>> {
    let (token, before) = argv.split_last()?;
    let text = token.as_encoded_bytes();
    if TokenFinder::new(1).next(text, 0) != Some(0..text.len()) {
        return None;
    }
    let shown = [before, &["decode".into(), token.clone()]].concat();
    let parsed = root::command().try_get_matches_from(&shown);
    let is_only_verb = Typed::read(&root::command(), &shown).after_verb() == before.len();
    (is_only_verb && parsed.is_ok()).then_some(shown)
}

/// Parses the call again with the flags of a profile, if one is named. A call that only asks for help needs none.
fn with_profile(
    parsed: Result<ArgMatches, Error>,
    argv: &[OsString],
    typed: &Typed<'_>,
    variable: &Variables<'_>,
) -> Result<(Result<ArgMatches, Error>, Option<String>), CliError> {
    if parsed.as_ref().is_err_and(|error| !error.use_stderr()) {
        return Ok((parsed, None));
    }
    let Some(added) = profiles::added(typed, parsed.as_ref().ok(), variable, root::documented)?
    else {
        return Ok((parsed, None));
    };
    match root::command().try_get_matches_from(added.to(argv, typed)) {
        Ok(matches) => Ok((Ok(matches), Some(added.name()))),
        Err(error) if parsed.is_ok() => {
            let said = usage::explain(&error, typed);
            Err(added.locate(&error, typed, said))
        }
        Err(_) => Ok((parsed, None)),
    }
}

/// The help that `-h` or `--help` asks for.
fn help(typed: &Typed<'_>, variable: &Variables<'_>) -> HelpCall {
    let is_gate = gates::is_gate(&typed.path);
    let reason = if is_gate { HelpReason::OfGate } else { HelpReason::Asked };
    let page = if typed.asks_for_long_help() { HelpCall::long } else { HelpCall::short };
    page(&typed.path, reason, typed.format(variable), root::documented)
}
