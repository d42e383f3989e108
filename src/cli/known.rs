//! What clap knows of all verbs and their flags.

use clap::{Arg, Command, CommandFactory as _};

use super::flags::Cli;

/// The command line with the flags of each verb defined.
fn built() -> Command {
    let mut cli = Cli::command();
    cli.build();
    cli
}

/// Each verb, those of `key` too, under the words that call it.
fn verbs(cli: &Command) -> impl Iterator<Item = (String, &Command)> {
    cli.get_subcommands().flat_map(|verb| {
        let name = verb.get_name();
        let inner = |inner: &Command| format!("{name} {}", inner.get_name());
        let below: Vec<_> = verb.get_subcommands().map(|verb| (inner(verb), verb)).collect();
        std::iter::once((name.to_owned(), verb)).chain(below)
    })
}

/// In words, which verbs have a flag; nothing if none has it.
pub(super) fn verbs_with(flag: &str) -> Option<String> {
    let cli = built();
    let has_it = |verb: &Command| verb.get_arguments().any(|arg| is_flag(arg, flag));
    let names: Vec<_> =
        verbs(&cli).filter(|(_, verb)| has_it(verb)).map(|(name, _)| name).collect();
    match &names[..] {
        [] => None,
        [one] => Some(format!("it is a flag of {one}")),
        [all @ .., last] => Some(format!("it is a flag of {} and {last}", all.join(", "))),
    }
}

/// Whether an argument is this flag.
pub(super) fn is_flag(arg: &Arg, flag: &str) -> bool {
    match flag.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => arg.get_short().is_some_and(|short| flag == format!("-{short}")),
    }
}

/// Whether a flag of any verb takes a value that the help calls so: `D` is a duration.
pub(super) fn takes_a(flag: &str, value: &str) -> bool {
    let cli = built();
    let takes_it = |arg: &Arg| {
        arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == value))
    };
    verbs(&cli).any(|(_, verb)| verb.get_arguments().any(|arg| is_flag(arg, flag) && takes_it(arg)))
}
