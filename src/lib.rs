//! jwtctl: JSON Web Tokens on the command line, and the library under it.
//!
//! A module imports only from modules that come later in this list; `tests/layering.rs` checks that. ARCHITECTURE.md
//! and the first sentence of each module say what it owns.
//!
//! [`pages`], [`cli`], [`stream`], [`redact`], [`output`], [`commands`], [`input`], [`outcome`], [`request`], [`explain`], [`mod@env`], [`audit`], [`policy`],
//! [`external`], [`jwks`], [`crypto`], [`token`], [`keys`], [`claims`], [`time`], [`json`], [`secret`], [`characters`], [`batch`],
//! [`profile`], [`sys`], [`text`]

#![warn(unreachable_pub)]

pub mod audit;
pub mod batch;
pub mod characters;
pub mod claims;
pub(crate) mod cli;
pub(crate) mod commands;
pub mod crypto;
pub mod env;
pub mod explain;
pub(crate) mod external;
pub mod input;
pub mod json;
pub mod jwks;
pub mod keys;
pub(crate) mod outcome;
pub mod output;
pub(crate) mod pages;
pub mod policy;
pub(crate) mod profile;
pub(crate) mod redact;
pub(crate) mod request;
pub mod secret;
pub(crate) mod stream;
pub mod sys;
pub(crate) mod text;
pub mod time;
pub mod token;

use std::ffi::OsString;
use std::io;

use anyhow::Context as _;

use cli::{Call, CliError, Parsed};
use env::Env;
use outcome::{Answer, Outcome};
use output::exit::Exit;
use output::{Notice, OutputOptions, Streams, View};
use request::Verb;
use sys::InterruptibleOutput;

/// Runs a command line, which begins with the program's name, and returns the exit code.
pub fn run(argv: &[OsString], env: &mut Env<'_>, streams: &mut Streams<'_>) -> Exit {
    let mut format = OutputOptions::default();
    let at_terminal = env.stdin.is_terminal() && env.out_is_terminal;
    let (call, profile) = match cli::parse(argv, env.variable, at_terminal) {
        Ok(Parsed { call, profile }) => (Ok(call), profile),
        Err(mut error) => {
            let profile = error.profile.take();
            (Err(error), profile)
        }
    };
    let (exit, written) = match call {
        Ok(Call::Print(text)) => {
            (Exit::Ok, pages::print(&text, streams).context("cannot write the answer"))
        }
        Ok(Call::Help(help)) => {
            format = help.options;
            pages::show_help(&help, env, streams)
        }
        Ok(Call::Manual(manual)) => {
            format = manual.help.options;
            let shown = pages::show_manual(&manual, env, streams);
            (Exit::Ok, shown.context("cannot write the answer"))
        }
        Ok(Call::Run(request, asked)) => {
            format = asked;
            let mut outcome = commands::run(&request, env);
            stream::try_words(&request, &mut outcome, format, env, streams);
            let exit = Exit::of(&mut outcome);
            let view = View::of(env.variable);
            let written = answer(request.verb(), &mut outcome, exit, format, &view, streams);
            (exit, written.context("cannot write the answer"))
        }
        Ok(Call::Stream(request, plan, asked)) => {
            format = asked;
            match stream::run(&request, &plan, format, env, streams) {
                Ok(exit) => (exit, Ok(())),
                Err(error) => (Exit::Failure, Err(error.context("cannot begin the stream"))),
            }
        }
        Ok(Call::Redact(request, asked)) => {
            format = asked;
            redact::run(&request, format, env, streams)
        }
        Err(CliError { message, hint, format: asked, .. }) => {
            format = asked;
            Notice::plain(message, Some(hint)).print(format, streams);
            (Exit::Usage, Ok(()))
        }
    };
    if let Some(profile) = profile.filter(|_| exit != Exit::Ok && !format.json) {
        let message = format!("{profile} adds flags to this call");
        Notice::note(&message, None).print(format, streams);
    }
    match written {
        Ok(()) => exit,
        Err(error) if is_broken_pipe(&error) => exit,
        Err(error) => {
            let cause = error.root_cause();
            let reason = cause.downcast_ref().map_or_else(|| cause.to_string(), sys::reason);
            Notice::plain(format!("{error}: {reason}"), None).print(format, streams);
            Exit::Failure
        }
    }
}

/// Writes an answer. If that fails, the files that depend on it are removed. Then the call fails even if the reader
/// only left early, since exit code 0 would mean that the files exist.
fn answer(
    verb: Verb,
    outcome: &mut Outcome,
    exit: Exit,
    options: OutputOptions,
    view: &View,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    let signals = match outcome.answer() {
        Some(Answer::WrittenKeys(keys)) => keys.files.blocked_signals(),
        _ => None,
    };
    let written = match signals {
        None => output::render(verb, outcome, exit, options, view, streams),
        Some(signals) => {
            let out = &mut InterruptibleOutput { out: streams.out, signals };
            let streams = &mut Streams { out, err: streams.err, ..*streams };
            output::render(verb, outcome, exit, options, view, streams)
        }
    };
    let Ok(Answer::WrittenKeys(keys)) = &mut outcome.result else { return Ok(written?) };
    let is_half = keys.text.is_some() && !keys.files.paths().is_empty() && written.is_err();
    let left = if is_half { keys.files.roll_back() } else { keys.files.commit() };
    output::print_warnings(&explain::warnings::left_behind(left), options, streams);
    written.map_err(
        |error| {
            if is_half { anyhow::Error::msg(sys::reason(&error)) } else { error.into() }
        },
    )
}

/// A reader may leave early, as in `jwtctl … | head`: the call then ends quietly, with the exit code of the result.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
