//! jwtctl: JSON Web Tokens on the command line, and the library under it.
//!
//! Imports run one way, down this list; `tests/layering.rs` holds it.
//!
//! | module | owns |
//! |---|---|
//! | [`args`] | the command line; the only user of clap |
//! | [`stream`] | a verb at work on many lines: a row for each, the code by the worst |
//! | [`render`] | what is written to stdout and stderr; the only user of colored |
//! | [`exit`] | the exit codes, and which problem means which |
//! | [`commands`] | one verb a file: a request in, an outcome out |
//! | [`problem`] | everything that can go wrong, with evidence, and what is said of it |
//! | [`mod@env`] | the clock's reading, variables, standard input, the network |
//! | [`diagnose`] | why, after the verdict: what would have matched, what stands in a token's place |
//! | [`policy`] | what is expected of a verified token |
//! | [`issuer`] | key sets by URL: what is fetched, when again, what is kept |
//! | [`signature`] | the only maker of a verified token; the only user of the crypto library |
//! | [`token`] | the compact serialization, nothing trusted |
//! | [`keys`] | what a key is and which algorithms it may serve |
//! | [`claims`] | the claims set and the types of registered claims |
//! | [`time`] | NumericDate, durations, words for times; the only user of chrono |
//! | [`json`] | lossless JSON text |
//! | [`characters`] | which are not seen, which look like others |
//! | [`secret`] | bytes that must not be seen |
//! | [`batch`] | lines in, blocks of them at work on all cores, in order |
//! | [`io`] | files, standard input, HTTP, bounded |
//! | [`text`] | which encodings text may be in: UTF-8, and UTF-16 with a byte order mark |

pub mod args;
pub mod batch;
pub mod characters;
pub mod claims;
pub mod commands;
pub mod diagnose;
pub mod env;
pub mod exit;
pub mod io;
pub mod issuer;
pub mod json;
pub mod keys;
pub mod policy;
pub mod problem;
pub mod render;
pub mod secret;
pub mod signature;
pub mod stream;
pub mod text;
pub mod time;
pub mod token;

use std::ffi::OsString;
use std::io as std_io;

use anyhow::Context as _;

use args::{Call, Stop};
use commands::{Answer, Outcome, Verb};
use env::Env;
use exit::Exit;
use io::Interruptible;
use render::{Format, Notice, Streams};

/// Runs a command line, the program's name first, and gives the exit code.
pub fn run(argv: &[OsString], env: &mut Env<'_>, streams: &mut Streams<'_>) -> Exit {
    let mut format = Format::default();
    let (exit, written) = match args::parse(argv) {
        Ok(Call::Print(text)) => {
            (Exit::Ok, print(&text, streams).context("cannot write the answer"))
        }
        Ok(Call::HelpForToken(text)) => {
            // A script that expects a token on stdout must not take this for one.
            let shown = if streams.out_terminal.is_terminal() {
                print(&text, streams)
            } else {
                streams.err.write_all(&text).map_err(anyhow::Error::from)
            };
            (Exit::Usage, shown.context("cannot write the help"))
        }
        Ok(Call::Run { request, format: asked }) => {
            format = Format { color: asked.color.with_environment(env.variable), ..asked };
            let mut outcome = commands::run(&request, env);
            let exit = Exit::settle(&mut outcome.problems);
            let written = answer(request.verb(), &mut outcome, exit, format, streams);
            (exit, written.context("cannot write the answer"))
        }
        Ok(Call::Stream { request, plan, format: asked }) => {
            format = Format { color: asked.color.with_environment(env.variable), ..asked };
            match stream::run(&request, &plan, format, env, streams) {
                Ok(exit) => (exit, Ok(())),
                Err(error) => (Exit::Failure, Err(error.context("cannot begin the stream"))),
            }
        }
        Err(stop) => {
            format = args::overheard(argv);
            format.color = format.color.with_environment(env.variable);
            say(&stop, format, streams);
            (Exit::Usage, Ok(()))
        }
    };
    match written {
        Ok(()) => exit,
        Err(error) if is_broken_pipe(&error) => exit,
        Err(error) => {
            let reason = problem::reason(error.root_cause());
            render::print(&Notice::plain(format!("{error}: {reason}"), None), format, streams);
            Exit::Failure
        }
    }
}

fn print(text: &[u8], streams: &mut Streams<'_>) -> anyhow::Result<()> {
    streams.out.write_all(text)?;
    Ok(streams.out.flush()?)
}

/// Writes an answer. One that could not be written takes the files back that are nothing without it. Then it
/// was not the reader's right to go, for the code would say that they are there.
fn answer(
    verb: Verb,
    outcome: &mut Outcome,
    exit: Exit,
    format: Format,
    streams: &mut Streams<'_>,
) -> anyhow::Result<()> {
    let written = match outcome.held() {
        None => render::render(verb, outcome, exit, format, streams),
        Some(held) => {
            let out = &mut Interruptible { out: streams.out, held };
            let streams = &mut Streams { out, err: streams.err, ..*streams };
            render::render(verb, outcome, exit, format, streams)
        }
    };
    let Some(Answer::Written(files)) = &mut outcome.answer else { return Ok(written?) };
    let (is_taken_back, left) = files.settle(written.is_ok());
    render::print_warnings(&left, format, streams);
    written.map_err(|error| {
        if is_taken_back { anyhow::Error::msg(problem::reason(&error)) } else { error.into() }
    })
}

fn say(stop: &Stop, format: Format, streams: &mut Streams<'_>) {
    if stop.is_help {
        let _ = streams.err.write_all(stop.message.as_bytes());
    } else {
        render::print(&Notice::plain(stop.message.clone(), stop.hint.clone()), format, streams);
    }
}

/// The reader has gone, which is its right: `jwtctl … | head` ends quietly, with the code of what
/// was found out.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std_io::Error>();
    error.is_some_and(|error| error.kind() == std_io::ErrorKind::BrokenPipe)
}
