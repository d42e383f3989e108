//! Completion of the last word of a command line. The scripts in `completions/` call `jwtctl completions -- WORD...`.

use std::any::TypeId;
use std::ffi::OsString;
use std::iter;

use clap::builder::ValueHint;
use clap::{Arg, ArgAction, Command};

use super::call::Variables;
use super::typed::{Flag, Typed, long};
use super::values::{SecretName, path_prefix};
use super::{gates, profiles};
use crate::claims::REGISTERED;
use crate::commands::{ALWAYS_SHOWN, KEPT};
use crate::keys::SecretFormat;

/// The header parameters that are offered for `--get` if `--header` is given (RFC 7515 section 4.1).
const PARAMETERS: [&str; 4] = ["alg", "typ", "kid", "cty"];

/// The registered claims that are numbers.
const DATES: [&str; 3] = ["exp", "nbf", "iat"];

/// The candidates, one on each line: the word, a tab and its help. A line that begins with a tab asks the shell to
/// complete paths; the text after the tab is the prefix of each path.
pub(super) fn candidates(
    words: &[OsString],
    tool: fn() -> Command,
    variable: &Variables<'_>,
) -> String {
    let Some((current, before)) = words.split_last() else { return String::new() };
    let mut tool = tool();
    tool.build();
    let before: Vec<_> = iter::once("jwtctl".into()).chain(before.iter().cloned()).collect();
    let typed = Typed::read(&tool, &before);
    let current = current.to_string_lossy();
    let mut offer = Offer { typed: &typed, current: &current, variable, lines: String::new() };
    offer.words();
    offer.lines
}

struct Offer<'a> {
    typed: &'a Typed<'a>,
    current: &'a str,
    variable: &'a Variables<'a>,
    lines: String,
}

impl Offer<'_> {
    fn words(&mut self) {
        let typed = self.typed;
        let flags = typed.flags();
        let waits = |flag: &&Flag<'_>| {
            let takes_word =
                flag.arg.get_action().takes_values() && !flag.arg.is_require_equals_set();
            takes_word && flag.after.is_empty() && flag.text().is_none()
        };
        let waiting = flags.last().filter(waits).map(|flag| flag.arg);
        if let Some(arg) = waiting {
            self.values(arg, "", self.current);
            if arg.get_num_args().is_none_or(|count| count.min_values() > 0) {
                return;
            }
        }
        let is_flag = self.current.starts_with('-') && !typed.words.iter().any(|word| word == "--");
        if !is_flag {
            self.positional(&flags);
        } else if let Some((name, value)) = self.current.split_once('=') {
            let arg = typed.flag(name).filter(|arg| arg.get_action().takes_values());
            let is_refused = |arg: &Arg| gates::takes_separate_word(&typed.path, arg);
            if let Some(arg) = arg.filter(|arg| name.starts_with("--") && !is_refused(arg)) {
                self.values(arg, &format!("{name}="), value);
            }
        } else {
            for arg in typed.verb.get_arguments() {
                if !arg.is_positional() && self.is_possible(arg, &flags) {
                    self.add(&long(arg), arg.get_help().map(ToString::to_string));
                }
            }
        }
    }

    /// Whether an argument is still allowed after those that were typed.
    fn is_possible(&self, arg: &Arg, flags: &[Flag<'_>]) -> bool {
        let verb = self.typed.verb;
        let is_repeatable = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
        let has_word = self.typed.positionals() > 0;
        let words = verb.get_positionals().take(usize::from(has_word));
        let mut given = flags.iter().map(|flag| flag.arg).chain(words);
        let contradicts = |one: &Arg, other: &Arg| {
            verb.get_arg_conflicts_with(one).iter().any(|with| with.get_id() == other.get_id())
        };
        let is_refused = given.any(|given| {
            (given.get_id() == arg.get_id() && !is_repeatable)
                || contradicts(arg, given)
                || contradicts(given, arg)
        });
        !arg.is_hide_set() && (arg.is_positional() || arg.get_long().is_some()) && !is_refused
    }

    /// Offers verbs and positional arguments.
    fn positional(&mut self, flags: &[Flag<'_>]) {
        let verb = self.typed.verb;
        for inner in verb.get_subcommands() {
            self.add(inner.get_name(), inner.get_about().map(ToString::to_string));
        }
        let (at, count) = (self.typed.positionals(), verb.get_positionals().count());
        let arg = verb.get_positionals().nth(at.min(count.saturating_sub(1)));
        let Some(arg) = arg.filter(|arg| self.is_possible(arg, flags)) else { return };
        let is_stream =
            ["batch", "find"].iter().any(|id| flags.iter().any(|flag| flag.arg.get_id() == id));
        match arg.get_id().as_str() {
            "token" | "claims" if is_stream => self.paths(""),
            "token" if self.typed.path != "decode" => {}
            "token" | "claims" if at == 0 => self.paths("@"),
            "token" | "claims" => {}
            // The verbs below a verb, such as `key new`.
            "verb" if at == 1 => {
                let of = self.typed.words.last().and_then(|of| self.typed.tool.find_subcommand(of));
                for inner in of.into_iter().flat_map(Command::get_subcommands) {
                    self.add(inner.get_name(), inner.get_about().map(ToString::to_string));
                }
            }
            _ if at < count || matches!(arg.get_action(), ArgAction::Append) => {
                self.values(arg, "", self.current);
            }
            _ => {}
        }
    }

    /// Offers the values of an argument. `before` is the text before them in the same word, such as `--alg=`.
    fn values(&mut self, arg: &Arg, before: &str, typed: &str) {
        for value in arg.get_possible_values().iter().filter(|value| !value.is_hide_set()) {
            let help = value.get_help().map(ToString::to_string);
            self.add(&format!("{before}{}", value.get_name()), help);
        }
        for name in self.names(arg) {
            self.add(&format!("{before}{name}"), None);
        }
        let is_secret = arg.get_value_parser().type_id() == TypeId::of::<SecretName>();
        if is_secret {
            for format in SecretFormat::ALL {
                self.add(&format!("{before}{}:", format.name()), None);
            }
        }
        if matches!(arg.get_value_hint(), ValueHint::FilePath | ValueHint::DirPath) {
            let format = if is_secret { path_prefix(typed).0 } else { "" };
            self.paths(&format!("{before}{format}"));
        }
    }

    /// The names of profiles, claims or header parameters that a value may be or begin with.
    fn names(&self, arg: &Arg) -> Vec<String> {
        let flags = self.typed.flags();
        let names = |is_kept: &dyn Fn(&str) -> bool| {
            REGISTERED.into_iter().filter(|name| is_kept(name)).map(str::to_owned).collect()
        };
        let is_free = |name: &str| !KEPT.iter().any(|(kept, _)| *kept == name);
        let assigned = |names: Vec<String>| {
            let sign = |name: &str| if DATES.contains(&name) { ":=" } else { "=" };
            names.into_iter().map(|name| format!("{name}{}", sign(&name))).collect()
        };
        match arg.get_id().as_str() {
            "profile" => profiles::names(self.typed.flag_value("config"), self.variable),
            "get" if flags.iter().any(|flag| flag.arg.get_id() == "header") => {
                PARAMETERS.map(str::to_owned).to_vec()
            }
            "get" | "require" | "forbid" => names(&|_| true),
            "unset" => names(&is_free),
            "disclosable" => names(&|name| name != "aud" && !ALWAYS_SHOWN.contains(&name)),
            "claim" => assigned(names(&|_| true)),
            "set" => assigned(names(&is_free)),
            _ => Vec::new(),
        }
    }

    fn add(&mut self, word: &str, help: Option<String>) {
        let start = word.get(..self.current.len());
        let fits = start.is_some_and(|start| start.eq_ignore_ascii_case(self.current));
        if fits && !word.contains(char::is_control) {
            let help = help.unwrap_or_default();
            let help = help.lines().next().unwrap_or_default();
            self.lines.extend([word, "\t", help, "\n"]);
        }
    }

    fn paths(&mut self, before: &str) {
        let is_new = !self.lines.lines().any(|line| line.strip_prefix('\t') == Some(before));
        if is_new && (self.current.starts_with(before) || before.starts_with(self.current)) {
            self.lines.extend(["\t", before, "\n"]);
        }
    }
}
