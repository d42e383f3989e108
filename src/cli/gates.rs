//! No single argument passes a gate. Scripts write `jwtctl verify "$TOKEN"`, and that argument is not trusted: it must not
//! name a file, and it must not change the keys, clock or checks for a token on the script's standard input.

use std::any::TypeId;
use std::path::Path;

use clap::builder::ValueHint;
use clap::{Arg, ArgMatches};

use super::call::CliError;
use super::typed::{Flag, FlagValue, Typed, long};
use crate::explain::flag_as_typed;
use crate::request::Verb;
use crate::secret::{Secret, may_repeat_name, may_repeat_path};

/// Flags that name where tokens are read from.
const SOURCES: [&str; 4] = ["batch", "find", "token_env", "token_file"];

/// The flag that names a program to run. On every verb, its value is a word of its own.
const PROGRAM: &str = "signer";

/// Flags without a value that do not weaken a check. Any other flag may weaken one.
const HARMLESS: [&str; 14] = [
    "quiet",
    "github",
    "json",
    "compact",
    "offline",
    "no_cache",
    "batch",
    "find",
    "tokens",
    "lines",
    "count",
    "explain",
    "all_signatures",
    "pretty",
];

/// Whether the verb's exit code says that a token is genuine.
pub(super) fn is_gate(verb: &str) -> bool {
    Verb::GATES.iter().any(|gate| gate.name() == verb)
}

/// Refuses a token source that is attached to its flag (`--token-file=PATH`). Also requires `-` for standard input if a
/// word meant as the token may have changed keys, clock or checks.
pub(super) fn check(typed: &Typed<'_>, parsed: &ArgMatches) -> Result<(), CliError> {
    let flags = typed.flags();
    check_separate(&flags, |id| SOURCES.contains(&id))?;
    // `--batch` and `--find` without a path name no input.
    let values = |id| parsed.try_get_raw(id).ok().flatten();
    let has_value = |id| values(id).is_some_and(|values| values.len() > 0);
    let names_input = has_value("token") || SOURCES.into_iter().any(has_value);
    match flags.iter().find(|flag| may_be_a_token(flag)) {
        Some(flag) if !names_input => Err(CliError::new(
            format!(
                "no token was given, and with {} standard input is read only if it is named",
                long(flag.arg)
            ),
            with_input_named(typed, &flags),
        )),
        _ => Ok(()),
    }
}

/// Whether a flag of a verb takes its value as a word of its own only.
pub(super) fn takes_separate_word(verb: &str, arg: &Arg) -> bool {
    let id = arg.get_id().as_str();
    id == PROGRAM || (is_gate(verb) && SOURCES.contains(&id))
}

/// Refuses a program to run that is attached to its flag.
pub(super) fn check_program(typed: &Typed<'_>) -> Result<(), CliError> {
    check_separate(&typed.flags(), |id| id == PROGRAM)
}

/// Refuses a value that is attached to one of these flags.
fn check_separate(flags: &[Flag<'_>], is_meant: impl Fn(&str) -> bool) -> Result<(), CliError> {
    let mut attached = flags.iter().filter(|flag| matches!(flag.value, FlagValue::Attached(_)));
    let Some(Flag { arg, .. }) = attached.find(|flag| is_meant(flag.arg.get_id().as_str())) else {
        return Ok(());
    };
    let flag = long(arg);
    Err(CliError::new(
        format!("{flag} takes its value as the next word, not after '='"),
        format!(
            "write {flag} {} as two words (an attached value is refused, since a token on the command line could contain it)",
            value_name(arg)
        ),
    ))
}

/// Whether a flag may be the argument meant as the token, and weakens a check or took the next flag as its value.
fn may_be_a_token(flag: &Flag<'_>) -> bool {
    match flag.value {
        FlagValue::Attached(_) => flag.arg.get_id() != "color",
        // If `-` names standard input for a file, the token cannot be read from there as well.
        FlagValue::NextWord("-") => flag.arg.get_value_hint() != ValueHint::FilePath,
        FlagValue::NextWord(value) => value.starts_with('-'),
        FlagValue::None => !HARMLESS.contains(&flag.arg.get_id().as_str()),
    }
}

/// `jwtctl verify … -`: a value that may be secret is replaced by its name.
fn with_input_named(typed: &Typed<'_>, flags: &[Flag<'_>]) -> String {
    let (batch, others): (Vec<_>, Vec<_>) =
        flags.iter().partition(|flag| matches!(flag.arg.get_id().as_str(), "batch" | "find"));
    let flags = others.into_iter().chain(batch).map(as_typed);
    let words: Vec<_> = flags.chain(["-".to_owned()]).collect();
    format!("jwtctl {} {}", typed.path, words.join(" "))
}

fn as_typed(flag: &Flag<'_>) -> String {
    let name = long(flag.arg);
    let Some(value) = flag.text() else { return name };
    let shown = if may_be_secret(flag, value) { None } else { flag_as_typed(&name, value) };
    shown.unwrap_or_else(|| format!("{name} {}", value_name(flag.arg)))
}

/// What the help calls the value of a flag.
fn value_name(arg: &Arg) -> &str {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().and_then(|value| value.split('|').next()).unwrap_or("VALUE")
}

/// Whether a value may be the secret itself, given instead of its name, file or URL.
fn may_be_secret(flag: &Flag<'_>, value: &str) -> bool {
    if flag.arg.get_value_parser().type_id() == TypeId::of::<Secret>() {
        return true;
    }
    // A command may have a password among its words.
    if flag.arg.get_id() == PROGRAM {
        return true;
    }
    // A test checks that every flag that names a variable ends like this.
    if flag.arg.get_id().as_str().ends_with("_env") {
        return !may_repeat_name(value);
    }
    match flag.arg.get_value_hint() {
        ValueHint::FilePath | ValueHint::Url if value.contains("://") => value.contains(['@', '?']),
        ValueHint::FilePath | ValueHint::Url => value != "-" && !may_repeat_path(Path::new(value)),
        _ => false,
    }
}
