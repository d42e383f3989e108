//! The definition of the command line: the verbs, and the flags that all of them share.

use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, Styles, ValueHint};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args as _, Command, CommandFactory as _, FromArgMatches as _, Parser};

use super::audit::Audit;
use super::call::{Call, CliError, Context, Variables, VerbFlags};
use super::complete;
use super::encode::Encode;
use super::gates;
use super::help::{self, BOLD, HelpCall, PROFILES, TOPICS};
use super::info::{Completions, Help, ManPages};
use super::key::Key;
use super::profiles;
use super::redact::Redact;
use super::tokens::{Decode, Refresh, Verify};
use super::typed::Typed;
use super::usage;
use super::values::{COLORS, one_of, path_or_stdin, text};
use crate::output::{ColorChoice, Log, OutputOptions};
use crate::request::PathOrStdin;

/// Create, decode, verify and refresh JSON Web Tokens.
#[derive(Parser)]
#[command(
    name = "jwtctl",
    // Usage lines say the same on all systems, not `jwtctl.exe`.
    bin_name = "jwtctl",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs",
    max_term_width = 100,
    styles = Styles::plain().header(BOLD).usage(BOLD).literal(BOLD)
)]
struct Root {
    // Its help is that of the verb.
    #[arg(short, long, global = true, help_heading = "Output")]
    quiet: bool,
    /// Report everything as one JSON object, including failures
    #[arg(short, long, help_heading = "Output")]
    json: bool,
    /// When to use colour; auto respects NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, help_heading = "Output", value_name = "WHEN", default_value = "auto",
        value_parser = one_of(COLORS))]
    color: ColorChoice,
    /// Write messages as annotations of GitHub Actions, and have its log mask new tokens; all on standard error
    #[arg(long, global = true, help_heading = "Output")]
    github: bool,
    /// Take flags from this profile of the configuration file; see jwtctl help profiles [env: JWTCTL_PROFILE]
    #[arg(long, global = true, help_heading = "Settings", value_name = "NAME", value_parser = text)]
    profile: Option<String>,
    /// Configuration file instead of the user's own [env: JWTCTL_CONFIG]
    #[arg(long, global = true, help_heading = "Settings", value_name = "PATH", value_hint = ValueHint::FilePath,
        value_parser = text)]
    config: Option<String>,
}

/// A verb: how its flags are defined for parsing and for help, and how its call is made.
struct Verb {
    name: &'static str,
    alias: Option<&'static str>,
    about: &'static str,
    define: fn(Command) -> Command,
    call: fn(&mut ArgMatches, &Typed<'_>, Context) -> Result<Call, CliError>,
}

const VERBS: [Verb; 10] = [
    verb::<Encode>("encode", Some("sign"), "Create and sign a token"),
    verb::<Decode>("decode", Some("inspect"), "Show a token without verifying it"),
    verb::<Verify>(
        "verify",
        None,
        "Check a token's signature, times and claims, and print its claims",
    ),
    verb::<Refresh>("refresh", None, "Verify a token and sign a new one with its claims"),
    verb::<Audit>("audit", None, "List the weaknesses of a token and its keys"),
    verb::<Redact>("redact", None, "Copy text and hide the signatures of the tokens in it"),
    verb::<Key>("key", None, "Create, show and convert keys"),
    verb::<Completions>("completions", Some("completion"), "Print a completion script for a shell"),
    verb::<ManPages>("man", None, "Open a manual page, or write the pages of all verbs"),
    Verb {
        define: help_flags,
        ..verb::<Help>(
            "help",
            None,
            "Show help for a verb, the exit codes or the codes of problems",
        )
    },
];

const fn verb<F: VerbFlags>(
    name: &'static str,
    alias: Option<&'static str>,
    about: &'static str,
) -> Verb {
    Verb {
        name,
        alias,
        about,
        define: F::augment_args,
        call: |matches, typed, context| {
            let flags = F::from_arg_matches_mut(matches);
            flags.map_err(|error| usage::explain(&error, typed))?.call(context)
        },
    }
}

/// The command line, to be parsed. The flags of a verb are defined only when the verb is used: defining all of them would
/// take a third of the time of a short call.
pub(super) fn command() -> Command {
    let command = |verb: &Verb| {
        let command = Command::new(verb.name).about(verb.about).visible_aliases(verb.alias);
        command.defer(verb.define)
    };
    Root::command().subcommand_required(true).subcommands(VERBS.each_ref().map(command))
}

/// The command line with all verbs, and with what only help, manual and completions need.
pub(super) fn documented() -> Command {
    let mut tool = command();
    tool.build();
    help::documented(tool, "")
}

/// The flags of `help`. (`mut_arg` would move the topic behind the other argument.)
fn help_flags(help: Command) -> Command {
    Help::augment_args(help).mut_args(|arg| match arg.get_id().as_str() {
        "topic" => arg.value_parser(topics()),
        _ => arg,
    })
}

/// What `jwtctl help` explains. Aliases are known, but not listed.
fn topics() -> PossibleValuesParser {
    let listed = VERBS.iter().map(|verb| verb.name).chain(TOPICS.map(|(name, _)| name));
    let listed = listed.chain([PROFILES]);
    let hidden = VERBS.iter().filter_map(|verb| verb.alias);
    let hidden = hidden.map(|alias| PossibleValue::new(alias).hide(true));
    PossibleValuesParser::new(listed.map(PossibleValue::new).chain(hidden).collect::<Vec<_>>())
}

/// Makes the call of a command line that clap accepts.
pub(super) fn call(
    mut matches: ArgMatches,
    typed: &Typed<'_>,
    variable: &Variables<'_>,
) -> Result<Call, CliError> {
    let explained = |error| usage::explain(&error, typed);
    let Root { quiet, color, github, config, .. } =
        Root::from_arg_matches(&matches).map_err(explained)?;
    let color = color.with_environment(variable);
    let format = OutputOptions { quiet, color, log: Log::new(github), ..OutputOptions::default() };
    let verb = matches.remove_subcommand();
    let verb =
        verb.and_then(|(name, flags)| Some((VERBS.iter().find(|verb| verb.name == name)?, flags)));
    let Some((verb, mut flags)) = verb else {
        return Err(explained(clap::Error::new(ErrorKind::MissingSubcommand)));
    };
    if gates::is_gate(verb.name) != gates::is_gate(&typed.path) {
        return Err(CliError::new("it is unclear which word is the verb", "write the verb first"));
    }
    let paths = paths(&flags, typed)?;
    gates::check_program(typed)?;
    if gates::is_gate(verb.name) {
        gates::check(typed, &flags)?;
    }
    if let Ok(Some(words)) = flags.try_get_many("line") {
        let words: Vec<OsString> = words.cloned().collect();
        return Ok(Call::Print(complete::candidates(&words, documented, variable).into_bytes()));
    }
    if verb.name == "help" && flags.get_one::<String>("topic").is_some_and(|it| it == PROFILES) {
        let text = profiles::help(config, variable);
        return Ok(Call::Help(HelpCall::topic(text, format, documented)));
    }
    (verb.call)(&mut flags, typed, Context { format, tool: documented, paths })
}

/// The inputs of a stream, in the order in which they were typed: the values of its flags, and every word in the place of
/// the token or of the claims. Without a stream, that is one word.
fn paths(verb: &ArgMatches, typed: &Typed<'_>) -> Result<Vec<PathOrStdin>, CliError> {
    let is_given = |id: &&str| verb.try_contains_id(id).unwrap_or_default();
    let mut paths = Vec::new();
    for id in ["batch", "find", "token", "claims"].into_iter().filter(is_given) {
        let values = verb.get_raw(id).into_iter().flatten();
        paths.extend(verb.indices_of(id).into_iter().flatten().zip(values));
    }
    let is_stream = ["batch", "find"].iter().any(is_given);
    if let ([_, (_, second), ..], false) = (&paths[..], is_stream) {
        return Err(usage::unexpected(&second.to_string_lossy(), typed));
    }
    paths.sort_unstable_by_key(|(at, _)| *at);
    Ok(paths.into_iter().map(|(_, path)| path_or_stdin(path.to_owned())).collect())
}
