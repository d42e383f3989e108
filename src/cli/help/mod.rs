//! The short help for `-h`, and the long help for `--help` and `jwtctl help`. Both are made from the definition of the
//! command line and the records in `verbs`.

mod environment;
mod examples;
mod manual;
mod pager;
mod sections;
mod topics;
mod verbs;

use clap::builder::{StyledStr, ValueHint};
use clap::{Arg, Command};

pub(super) use manual::{page, page_name};
pub(crate) use pager::pager;
pub(super) use sections::BOLD;
pub(super) use topics::{PROFILES, TOPICS};

use crate::output::OutputOptions;
use sections::{Part, Section, wrap};

/// The flags that all verbs have. Help lists them after the verb's own flags.
const COMMON: [&str; 7] = ["quiet", "color", "github", "profile", "config", "help", "version"];

/// The heading of the list in the short help.
const LISTED: &str = "Arguments and flags";

/// More than the number of positional arguments of any verb. The short help lists them before flags, unless the verb's
/// record names them.
const MOST_POSITIONALS: usize = 10;

/// A call that prints help.
pub(crate) struct HelpCall {
    page: Page,
    pub(crate) reason: HelpReason,
    pub(crate) options: OutputOptions,
    /// The definition of the whole tool.
    tool: fn() -> Command,
}

/// The help to print. A verb is named by its path, such as "key new".
enum Page {
    Short(String),
    Long(String),
    Topic(String),
}

/// Why help is printed. The exit code depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HelpReason {
    Asked,
    /// `verify` or `refresh` was called with `-h` or `--help`. A script may have passed it as the token, so the call
    /// fails.
    OfGate,
    NoVerb,
}

/// The help as plain text, and with ANSI sequences for bold text.
pub(crate) struct HelpText {
    pub(crate) plain: String,
    pub(crate) styled: String,
}

impl HelpCall {
    pub(super) fn short(
        path: &str,
        reason: HelpReason,
        options: OutputOptions,
        tool: fn() -> Command,
    ) -> Self {
        Self { page: Page::Short(path.to_owned()), reason, options, tool }
    }

    pub(super) fn long(
        path: &str,
        reason: HelpReason,
        options: OutputOptions,
        tool: fn() -> Command,
    ) -> Self {
        Self { page: Page::Long(path.to_owned()), reason, options, tool }
    }

    pub(super) fn topic(text: String, options: OutputOptions, tool: fn() -> Command) -> Self {
        Self { page: Page::Topic(text), reason: HelpReason::Asked, options, tool }
    }

    /// Whether a pager shows the help: it may be longer than a screen, and was not passed as the token of a script,
    /// which would wait until somebody quits the pager.
    pub(crate) fn is_paged(&self) -> bool {
        !matches!(self.page, Page::Short(_)) && self.reason == HelpReason::Asked
    }

    /// The help for a width in columns.
    pub(crate) fn text(&self, width: usize) -> HelpText {
        let styled = match &self.page {
            Page::Short(path) => short(verbs::find(&(self.tool)(), path), path, width),
            Page::Long(path) => long(verbs::find(&(self.tool)(), path), path, width),
            Page::Topic(text) => text.lines().map(|line| wrapped(line, width)).collect(),
        };
        HelpText { plain: StyledStr::from(&styled).to_string(), styled }
    }
}

/// Wraps a line of text. Its other lines have the same indentation.
fn wrapped(line: &str, width: usize) -> String {
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let lines = wrap(text, width.saturating_sub(indent.len()));
    lines.iter().map(|line| format!("{indent}{line}").trim_end().to_owned() + "\n").collect()
}

/// The short help, which fits a screen of 80 columns and 24 lines.
fn short(verb: Command, path: &str, width: usize) -> String {
    let record = verbs::of(path);
    let verb = verb.term_width(width).mut_args(|arg| {
        let at = record.short.iter().position(|(id, _)| arg.get_id() == id);
        match (at, arg.get_index()) {
            (Some(at), _) => listed(arg, record.short[at].1, MOST_POSITIONALS + at),
            (None, Some(index)) => listed(arg, "", index),
            (None, None) => arg.hide(true),
        }
    });
    let call = format!("jwtctl {path}").trim_end().to_owned();
    let rest = match path {
        "" => "jwtctl VERB -h lists a verb's flags; jwtctl --help explains more.".to_owned(),
        _ => format!("{call} --help lists all flags, and explains more."),
    };
    let calls = examples_in_short(record).join("\n  ");
    let examples = format!("{BOLD}Examples:{BOLD:#}\n  {calls}\n\n");
    format!("{}\n{examples}{}", rendered(verb), wrapped(&rest, width))
}

/// The two calls of the short help; for `decode`, one of them reads the clipboard.
fn examples_in_short(record: &verbs::VerbHelp) -> Vec<String> {
    let mut calls: Vec<_> =
        examples::all(record.examples).into_iter().map(|(_, call)| call).collect();
    if record.path == "decode" {
        calls.insert(1, examples::of_clipboard());
    }
    calls.truncate(2);
    calls
}

/// An argument of the short help with this text or, if it is empty, with the first clause of the long help.
fn listed(arg: Arg, text: &'static str, order: usize) -> Arg {
    let arg = arg.help_heading(LISTED).hide_possible_values(true).display_order(order);
    if !text.is_empty() {
        return arg.help(text);
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let (help, brackets) = help.find(" [").map_or((&*help, ""), |at| help.split_at(at));
    let first = help.split([';', '(']).next().unwrap_or_default().trim_end();
    arg.help(format!("{first}{brackets}"))
}

/// The long help: all flags, explanations and examples.
fn long(verb: Command, path: &str, width: usize) -> String {
    let record = verbs::of(path);
    let rendered = rendered(verb.term_width(width));
    let explained = record.sections.iter().map(|section| section());
    let examples =
        Section { title: "Examples", parts: vec![Part::Calls(examples::all(record.examples))] };
    let variables = path.is_empty().then(topics::variables);
    let sections =
        explained.chain([topics::exits(record.exits)]).chain(variables).chain([examples]);
    sections.fold(rendered, |text, section| text + "\n" + &section.text(width))
}

fn rendered(mut verb: Command) -> String {
    verb.render_help().ansi().to_string()
}

/// Adds to the definition of a verb, and of the verbs below it, what only help, manual pages and completions need:
/// which flags are hidden, what `--quiet` does, and which values are not paths. The definition must have been built.
pub(super) fn documented(verb: Command, path: &str) -> Command {
    let record = verbs::of(path);
    let has = |id: &str| verb.get_arguments().any(|arg| arg.get_id() == id);
    debug_assert_eq!(record.path, path, "there is no record of it");
    let ids = record.short.iter().map(|(id, _)| id).chain(record.hidden);
    debug_assert!(ids.copied().all(has), "{path}: no such flag");
    let common: Vec<_> = COMMON.into_iter().filter(|id| has(id)).collect();
    // `mut_arg` moves the flag to the end of the list.
    let verb = common.into_iter().fold(verb, |verb, id| verb.mut_arg(id, |arg| arg));
    let verb = verb.mut_args(|arg| {
        let arg = match arg.get_id().as_str() {
            "quiet" => arg.help(record.quiet),
            "help" => arg
                .help("Print short help with -h, and all of it with --help")
                .help_heading("Settings"),
            "version" => arg.help_heading("Settings"),
            id if record.hidden.contains(&id) => arg.hide(true),
            _ => arg,
        };
        let is_free = arg.get_action().takes_values() && arg.get_possible_values().is_empty();
        match arg.get_value_hint() {
            ValueHint::Unknown if is_free && !arg.is_positional() => {
                arg.value_hint(ValueHint::Other)
            }
            _ => arg,
        }
    });
    verb.mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name()).trim_start().to_owned();
        documented(inner, &path)
    })
}
