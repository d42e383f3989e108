//! The command line: the only user of clap. Turns arguments into a request and a format.
//! It reads no file and no key.

mod bad_values;
mod cli_error;
mod documents;
mod errors;
mod flags;
mod help;
mod known;
mod requests;
mod streams;
mod synonyms;
mod together;
mod values;
mod words;

use crate::request::ManRequest;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::output::{ColorChoice, OutputOptions};
use crate::request::{Request, TokenRequest};
use crate::stream::StreamRequest;
use flags::{Cli, Color};
use requests::{decode_request, encode_request, key_verb, refresh_request, verify_request};
use together::{
    claims_alone, format_of_a_secret, jti_in_two, network_of_a_url, no_token_as_secret,
    quiet_alone, some_claims,
};

pub use cli_error::CliError;

/// What the command line asks for.
pub enum Call {
    /// A verb's work.
    Run {
        /// What it is to do.
        request: Request,
        /// How the answer is to look.
        format: OutputOptions,
    },
    /// A verb's work on many lines.
    Stream {
        /// What it is to do with each.
        request: TokenRequest,
        /// What is asked of the stream.
        plan: StreamRequest,
        /// How the rows are to look.
        format: OutputOptions,
    },
    /// A text that needs no work: help, version, completions, a man page.
    Print(Vec<u8>),
    /// The help of a verb whose exit code is a verdict. It is no success, since `-h` may stand where a token was
    /// meant.
    HelpForToken(Vec<u8>),
}

/// Reads the command line, the program's name first.
///
/// # Errors
/// [`CliError`]: what to say about a call that cannot be understood.
pub fn parse(argv: &[OsString]) -> Result<Call, CliError> {
    if let Some(stop) = bad_values::time_in_words(argv).or_else(|| jti_in_two(argv)) {
        return Err(stop);
    }
    let mut command = Cli::command();
    let parsed = command.try_get_matches_from_mut(argv);
    let parsed = parsed.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let words = words::Call::find(&command, argv);
    let is_gate = words.as_ref().is_some_and(words::Call::is_gate);
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if error.exit_code() == 0 => {
            let text = error.render().to_string().into_bytes();
            return Ok(match error.kind() {
                ErrorKind::DisplayHelp if is_gate => Call::HelpForToken(text),
                _ => Call::Print(text),
            });
        }
        Err(error) => return Err(errors::explain(&error, argv)),
    };
    if let Some(names_input) = cli.verb.names_input() {
        let Some(words) = words.filter(|_| is_gate) else {
            return Err(CliError::new(
                "the verb cannot be told from its flags",
                "write the verb first",
            ));
        };
        words.check_sources()?;
        if !names_input {
            words.check_implied_input()?;
        }
    }
    let color = match cli.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let format = OutputOptions { color, quiet: cli.quiet, ..OutputOptions::default() };
    call(cli.verb, format)
}

/// How to speak of a command line that cannot be understood: as far as it can be.
#[must_use]
pub fn guess_format(argv: &[OsString]) -> OutputOptions {
    let says = |text: &str| argv.iter().skip(1).any(|arg| arg == text);
    let color = |when: &str| {
        says(&format!("--color={when}"))
            || argv.windows(2).any(|pair| pair[0] == "--color" && pair[1] == when)
    };
    let color = match (color("never"), color("always")) {
        (true, _) => ColorChoice::Never,
        (false, true) => ColorChoice::Always,
        (false, false) => ColorChoice::Auto,
    };
    // `-q` may stand among other flags that are one letter: `-qj`.
    let in_cluster = |arg: &OsString| {
        let letters = arg.to_str().and_then(|arg| arg.strip_prefix('-')).unwrap_or_default();
        letters.contains('q') && letters.chars().all(|letter| "hjq".contains(letter))
    };
    let quiet = says("--quiet") || argv.iter().skip(1).any(in_cluster);
    OutputOptions { quiet, color, ..OutputOptions::default() }
}

fn call(verb: flags::Verb, format: OutputOptions) -> Result<Call, CliError> {
    let with = |output: &flags::Output| OutputOptions {
        json: output.json,
        compact: output.compact,
        ..format
    };
    Ok(match verb {
        flags::Verb::Encode(args) => {
            claims_alone(&args)?;
            no_token_as_secret(&args.key, "encode -S SECRET CLAIMS")?;
            network_of_a_url(&args.key, None)?;
            format_of_a_secret(&args.key, None)?;
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[])?;
            some_claims(&args)?;
            let plan = streams::making(&args.batch, false, format);
            on_tokens(TokenRequest::Encode(Box::new(encode_request(*args))), plan, format)
        }
        flags::Verb::Decode(args) => {
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[(args.explained.explain, "--explain")])?;
            let plan = streams::decoding(&args, format);
            on_tokens(TokenRequest::Decode(decode_request(args)), plan, format)
        }
        flags::Verb::Verify(args) => {
            quiet_alone(format.quiet, &args)?;
            no_token_as_secret(&args.key, "verify -S SECRET TOKEN")?;
            network_of_a_url(&args.key, None)?;
            format_of_a_secret(&args.key, None)?;
            let format = with(&args.output);
            let others = [
                (args.print.is_some(), "--print"),
                (args.tokens, "--tokens"),
                (args.explained.explain, "--explain"),
            ];
            streams::flags_alone(&args.batch, &others)?;
            let plan = streams::verifying(&args, format);
            on_tokens(TokenRequest::Verify(Box::new(verify_request(*args))), plan, format)
        }
        flags::Verb::Refresh(args) => {
            no_token_as_secret(&args.key, "refresh -S SECRET TOKEN")?;
            network_of_a_url(&args.key, None)?;
            if args.sign_secret_env.is_none() {
                format_of_a_secret(&args.key, None)?;
            }
            let format = with(&args.output);
            streams::flags_alone(&args.batch, &[(args.explained.explain, "--explain")])?;
            let plan = streams::making(&args.batch, args.explained.explain, format);
            on_tokens(TokenRequest::Refresh(Box::new(refresh_request(*args))), plan, format)
        }
        flags::Verb::Key(args) => {
            let (request, output) = key_verb(args.verb)?;
            Call::Run { format: with(&output), request: Request::Key(Box::new(request)) }
        }
        flags::Verb::Completions(args) => Call::Print(documents::completions(args.shell)),
        flags::Verb::Man(flags::ManPages { dir: None }) => Call::Print(documents::man_page()),
        flags::Verb::Man(flags::ManPages { dir: Some(dir) }) => Call::Run {
            format,
            request: Request::Man(ManRequest { dir, pages: documents::man_pages() }),
        },
        flags::Verb::Help(args) => {
            Call::Print(documents::help(&args.topic).ok_or_else(errors::no_such_topic)?)
        }
    })
}

/// A verb's work on one token, or on the lines of a stream.
fn on_tokens(request: TokenRequest, plan: Option<StreamRequest>, format: OutputOptions) -> Call {
    match plan {
        Some(plan) => Call::Stream { request, plan, format },
        None => Call::Run { request: Request::Token(request), format },
    }
}
