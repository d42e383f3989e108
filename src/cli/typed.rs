//! The words of a command line as they were typed: which flags there are, and how each was given its value.

use std::ffi::OsString;
use std::iter;
use std::path::Path;

use clap::{Arg, Command};
use zeroize::Zeroizing;

use super::call::{CliError, Variables};
use super::values::{COLORS, DURATION, TIME, find_word, takes};
use crate::output::{ColorChoice, Log, OutputOptions};
use crate::secret::may_repeat_id;
use crate::time::{corrected_duration, corrected_when};

pub(super) struct Typed<'a> {
    /// The definition of the whole tool.
    pub tool: &'a Command,
    /// The innermost verb, or the whole tool if there is none.
    pub verb: &'a Command,
    /// "verify", "key show", ""
    pub path: String,
    /// All words but the program's name. One that is not UTF-8 may still be a flag's value; its invalid bytes
    /// are replaced.
    pub words: Zeroizing<Vec<String>>,
    /// The index of the innermost verb in `words`.
    verb_at: usize,
}

pub(super) struct Flag<'a> {
    pub arg: &'a Arg,
    pub value: FlagValue<'a>,
    /// The words after it; the first one is its value, if the value is a separate word.
    pub after: &'a [String],
}

pub(super) enum FlagValue<'a> {
    None,
    /// `--flag=value`, `-Xvalue`
    Attached(&'a str),
    /// `--flag value`, `-X value`
    NextWord(&'a str),
}

impl<'a> Typed<'a> {
    /// Finds the verb, which must have been built. No flag before the verb takes a value that is the name of a verb.
    pub(super) fn read(tool: &'a Command, argv: &[OsString]) -> Self {
        let words = argv.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
        let words = Zeroizing::new(words.collect::<Vec<_>>());
        let mut found = Self { tool, verb: tool, path: String::new(), words, verb_at: 0 };
        let mut previous = "";
        for (at, word) in found.words.iter().enumerate() {
            if let Some(verb) = found.verb.find_subcommand(word) {
                let path = format!("{} {}", found.path, verb.get_name()).trim_start().to_owned();
                (found.verb, found.path, found.verb_at) = (verb, path, at);
            } else if !is_flag(word) && !may_take_next(found.verb, previous) {
                break;
            }
            previous = word;
        }
        found
    }

    /// The flags in order, up to `--`.
    pub(super) fn flags(&self) -> Vec<Flag<'_>> {
        let mut flags = Vec::new();
        let mut rest = self.words.as_slice();
        while let Some((word, mut after)) = rest.split_first().filter(|(word, _)| *word != "--") {
            for (arg, attached) in flags_of(self.verb, word) {
                let next = after.first().filter(|next| takes_next(arg, next));
                let value = match (attached, next) {
                    (Some(value), _) => FlagValue::Attached(value),
                    (None, Some(value)) => FlagValue::NextWord(value),
                    (None, None) => FlagValue::None,
                };
                let is_next = matches!(value, FlagValue::NextWord(_));
                flags.push(Flag { arg, value, after });
                after = &after[usize::from(is_next)..];
            }
            rest = after;
        }
        flags
    }

    /// How many words after the verb are neither flags nor the values of flags.
    pub(super) fn positionals(&self) -> usize {
        let (mut count, mut flags_end) = (0, false);
        let mut rest = self.words.get(self.after_verb()..).unwrap_or_default();
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if flags_end || !is_flag(word) {
                count += 1;
            } else if word == "--" {
                flags_end = true;
            } else if let Some((arg, None)) = flags_of(self.verb, word).pop() {
                let takes_next = rest.first().is_some_and(|next| takes_next(arg, next));
                rest = &rest[usize::from(takes_next)..];
            }
        }
        count
    }

    /// The value of a flag that is given once.
    pub(super) fn flag_value(&self, id: &str) -> Option<&str> {
        let flags = self.flags();
        flags.iter().find(|flag| flag.arg.get_id() == id)?.text()
    }

    /// Whether the first flag that asks for help is `--help`, not `-h`.
    pub(super) fn asks_for_long_help(&self) -> bool {
        let flags = self.flags();
        let help = flags.iter().find(|flag| flag.arg.get_id() == "help");
        help.is_some_and(|flag| {
            self.words[self.words.len() - flag.after.len() - 1].starts_with("--")
        })
    }

    /// The index of the first word after the verb.
    pub(super) fn after_verb(&self) -> usize {
        self.verb_at + 1
    }

    /// The verb's flag of this name: `--alg`, `-A`.
    pub(super) fn flag(&self, typed: &str) -> Option<&'a Arg> {
        self.verb.get_arguments().find(|arg| is_called(arg, typed))
    }

    /// The position of a flag or word, with or without an attached value.
    pub(super) fn position(&self, flag: &str) -> Option<usize> {
        self.words.iter().position(|word| word == flag || word.split('=').next() == Some(flag))
    }

    /// The value that was probably meant for an unknown flag.
    pub(super) fn value_of(&self, flag: &str) -> Option<&str> {
        let at = self.position(flag)?;
        let attached = self.words[at].split_once('=').map(|(_, value)| value);
        attached.or_else(|| self.words.get(at + 1).map(String::as_str))
    }

    pub(super) fn is_before_verb(&self, flag: &str) -> bool {
        self.position(flag).is_some_and(|at| at < self.verb_at)
    }

    /// The options for printing what is wrong with the call, as far as it can be understood.
    pub(super) fn format(&self, variable: &Variables<'_>) -> OutputOptions {
        let flags = self.flags();
        let flag = |id: &str| flags.iter().find(|flag| flag.arg.get_id() == id);
        let quiet = flag("quiet").is_some_and(|flag| flag.text().is_none());
        let github = flag("github").is_some_and(|flag| flag.text().is_none());
        let color = flag("color").and_then(Flag::text);
        let color = color.and_then(|word| find_word(&COLORS, word)).unwrap_or(ColorChoice::Auto);
        let color = color.with_environment(variable);
        OutputOptions { quiet, color, log: Log::new(github), ..OutputOptions::default() }
    }

    /// The same call with the words of a time joined, as in `--ttl 1 day`.
    pub(super) fn with_time_joined(&self) -> Option<Vec<OsString>> {
        const MOST: usize = 6;
        const LONGEST: usize = 24;
        let flags = self.flags();
        let times = flags.iter().filter(|flag| takes(flag.arg, DURATION) || takes(flag.arg, TIME));
        let mut times = times.filter(|flag| matches!(flag.value, FlagValue::NextWord(_)));
        let (joined, rest) = times.find_map(|Flag { after, .. }| {
            let short = after.iter().take(MOST).take_while(|word| word.len() <= LONGEST).count();
            (2..=short).rev().find_map(|count| {
                let joined = after[..count].join(" ");
                let is_time =
                    corrected_duration(&joined).is_some() || corrected_when(&joined).is_some();
                is_time.then(|| (joined, &after[count..]))
            })
        })?;
        let before = self.words.len() - rest.len() - joined.split(' ').count();
        let words = self.words[..before].iter().chain([&joined]).chain(rest);
        Some(iter::once("jwtctl".into()).chain(words.map(OsString::from)).collect())
    }

    /// The same call with `--json` behind the verb instead of before it: a verb defines what it conflicts with.
    pub(super) fn with_json_moved(&self, argv: &[OsString]) -> Option<Vec<OsString>> {
        let is_json =
            |(arg, value): &(&Arg, Option<&str>)| arg.get_id() == "json" && value.is_none();
        let before = &self.words[..self.verb_at];
        let at = before.iter().position(|word| flags_of(self.tool, word).iter().any(is_json))?;
        let after = self.words.len() - self.after_verb();
        let flags = self.flags();
        let mut behind = flags.iter().filter(|flag| flag.after.len() < after);
        let mut words = argv.to_vec();
        if !behind.any(|flag| flag.arg.get_id() == "json") {
            words.insert(self.after_verb() + 1, "--json".into());
        }
        // A cluster such as `-qj` has other flags, too.
        match self.words[at].replacen('j', "", 1) {
            others if self.words[at].starts_with("--") || others == "-" => _ = words.remove(at + 1),
            others => words[at + 1] = others.into(),
        }
        Some(words)
    }

    /// Refuses a separate word as the value of a flag that needs `=`, as in `--jti ID`.
    pub(super) fn check_attached(&self) -> Result<(), CliError> {
        for Flag { arg, value, after } in self.flags() {
            let (FlagValue::None, Some(id)) = (value, after.first()) else { continue };
            let is_file = Path::new(id).extension().is_some_and(|ending| ending == "json");
            let is_claims = id.trim_start().starts_with('{') || id.contains('=') || is_file;
            let is_other = id.is_empty() || id.starts_with(['-', '@']) || is_claims;
            if arg.is_require_equals_set() && !is_other {
                let is_plain =
                    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b));
                let shown = if is_plain && may_repeat_id(id) { id } else { "ID" };
                let flag = long(arg);
                let name = arg.get_value_names().unwrap_or_default().join(" ");
                return Err(CliError::new(
                    format!("{flag} takes its {name} after '='"),
                    format!("{flag}={shown}"),
                ));
            }
        }
        Ok(())
    }
}

impl<'a> Flag<'a> {
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.value {
            FlagValue::None => None,
            FlagValue::Attached(text) | FlagValue::NextWord(text) => Some(text),
        }
    }
}

/// Every verb, including those of `key`, with the words that call it.
pub(super) fn verbs(tool: &Command) -> impl Iterator<Item = (String, &Command)> {
    tool.get_subcommands().flat_map(|verb| {
        let name = verb.get_name();
        let inner = verb.get_subcommands();
        let inner = inner.map(move |inner| (format!("{name} {}", inner.get_name()), inner));
        iter::once((name.to_owned(), verb)).chain(inner)
    })
}

pub(super) fn long(arg: &Arg) -> String {
    format!("--{}", arg.get_long().unwrap_or_default())
}

pub(super) fn is_called(arg: &Arg, flag: &str) -> bool {
    match flag.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => arg.get_short().is_some_and(|short| flag == format!("-{short}")),
    }
}

fn is_flag(word: &str) -> bool {
    word.starts_with('-') && word != "-"
}

/// Whether a flag without an attached value takes the next word as its value.
fn takes_next(arg: &Arg, next: &str) -> bool {
    let is_number = || arg.is_allow_negative_numbers_set() && next.parse::<f64>().is_ok();
    let is_value = !is_flag(next) || arg.is_allow_hyphen_values_set() || is_number();
    arg.get_action().takes_values() && !arg.is_require_equals_set() && is_value
}

/// Whether the next word may be the value of this word, which is a flag that needs one or an unknown flag.
fn may_take_next(verb: &Command, word: &str) -> bool {
    let last = flags_of(verb, word).pop();
    is_flag(word)
        && last.is_none_or(|(arg, value)| arg.get_action().takes_values() && value.is_none())
}

/// The flag that a word is, or the flags of a cluster such as `-qj`, with an attached value.
fn flags_of<'a>(verb: &'a Command, word: &'a str) -> Vec<(&'a Arg, Option<&'a str>)> {
    let mut flags = Vec::new();
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let arg = verb.get_arguments().find(|arg| arg.get_long() == Some(name));
        return arg.map(|arg| (arg, value)).into_iter().collect();
    }
    let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
    while let Some(letter) = letters.next() {
        let arg = verb.get_arguments().find(|arg| arg.get_short() == Some(letter));
        let Some(arg) = arg else { break };
        let rest = letters.as_str();
        if arg.get_action().takes_values() {
            let value = rest.strip_prefix('=').unwrap_or(rest);
            flags.push((arg, (!rest.is_empty()).then_some(value)));
            break;
        }
        flags.push((arg, None));
    }
    flags
}
