//! The words of a command line, taken apart as clap does: which flags were typed, and how their values were given.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::ValueHint;
use clap::{Arg, Command};
use zeroize::Zeroizing;

use super::cli_error::CliError;
use crate::explain::flag_as_typed;
use crate::request::Verb;
use crate::secret::{may_repeat_name, may_repeat_path};

/// A flag as it was typed.
struct Flag<'a> {
    arg: &'a Arg,
    value: Value<'a>,
}

enum Value<'a> {
    /// It has none.
    None,
    /// `--flag=value`, `-Xvalue`
    Attached(&'a str),
    /// `--flag value`, `-X value`
    NextWord(&'a str),
}

/// The verb of a call, and the words behind it.
pub(super) struct Call<'a> {
    verb: &'a Command,
    /// A word that is not UTF-8 may still be a flag's value; its invalid bytes are replaced.
    words: Zeroizing<Vec<String>>,
}

/// Flags that name where a token is read from. If `--batch=FILE` were accepted, an untrusted word in the token's
/// place could name a file.
const SOURCES: [&str; 3] = ["batch", "token-env", "token-file"];

impl<'a> Call<'a> {
    /// Finds the verb: the first word that is neither a flag nor its value. The parser has built it by then.
    pub(super) fn find(root: &'a Command, argv: &[OsString]) -> Option<Self> {
        let words = argv.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
        let mut words = Zeroizing::new(words.collect::<Vec<_>>());
        let mut at = 0;
        while is_flag(words.get(at)?) {
            let (_, used) = flags_of(root, &words[at], words.get(at + 1));
            at += 1 + used;
        }
        let verb = root.find_subcommand(&words[at])?;
        words.drain(..=at);
        Some(Self { verb, words })
    }

    /// The verb's own name, not an alias of it.
    fn name(&self) -> &'a str {
        self.verb.get_name()
    }

    /// Whether the verb's exit code says that a token is genuine.
    pub(super) fn is_gate(&self) -> bool {
        Verb::GATES.iter().any(|verb| verb.name() == self.name())
    }

    /// Refuses a token source that is attached to its flag.
    pub(super) fn check_sources(&self) -> Result<(), CliError> {
        let attached = |flag: &Flag<'_>| matches!(flag.value, Value::Attached(_));
        let flags = self.flags();
        let source = flags
            .iter()
            .filter(|flag| attached(flag))
            .find_map(|flag| flag.arg.get_long().filter(|name| SOURCES.contains(name)));
        match source {
            None => Ok(()),
            Some(name) => Err(CliError::new(
                format!("--{name} takes its value as the next word, not after '='"),
                format!(
                    "an untrusted token could look like this: write --{name} and its value as two words"
                ),
            )),
        }
    }

    /// Refuses to read standard input that is not named if a word that was meant as the token may have changed
    /// the keys, the clock or the checks. The hint is the same call with `-`.
    pub(super) fn check_implied_input(&self) -> Result<(), CliError> {
        let flags = self.flags();
        let Some(suspect) = flags.iter().find(|flag| flag.may_be_a_token()) else { return Ok(()) };
        Err(CliError::new(
            format!(
                "no token was given, and with {} standard input is read only if it is named",
                suspect.name()
            ),
            self.with_input_named(&flags),
        ))
    }

    /// The flags that were typed, in order. Nothing behind `--` is one.
    fn flags(&self) -> Vec<Flag<'_>> {
        let mut flags = Vec::new();
        let mut rest = self.words.as_slice();
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if word == "--" {
                break;
            }
            if is_flag(word) {
                let (found, used) = flags_of(self.verb, word, after.first());
                flags.extend(found);
                rest = &after[used..];
            }
        }
        flags
    }

    /// `jwtctl verify … -`: a value that may be secret is replaced by its name.
    fn with_input_named(&self, flags: &[Flag<'_>]) -> String {
        let mut call = format!("jwtctl {}", self.name());
        let (batch, others): (Vec<_>, Vec<_>) =
            flags.iter().partition(|flag| flag.arg.get_long() == Some("batch"));
        for flag in others.into_iter().chain(batch) {
            call = call + " " + &flag.as_typed();
        }
        call + " -"
    }
}

impl Flag<'_> {
    fn name(&self) -> String {
        format!("--{}", self.arg.get_long().unwrap_or_default())
    }

    /// Whether this flag may be a word that was meant as the token and that weakens a check, or that took the
    /// next flag as its value.
    fn may_be_a_token(&self) -> bool {
        let name = self.arg.get_long().unwrap_or_default();
        match self.value {
            Value::Attached(_) => name != "color",
            // Where `-` names standard input, the token cannot be read from it too.
            Value::NextWord("-") => self.arg.get_value_hint() != ValueHint::FilePath,
            Value::NextWord(value) => value.starts_with('-'),
            Value::None => name.starts_with("allow-") || ["any-aud", "raw"].contains(&name),
        }
    }

    fn as_typed(&self) -> String {
        let name = self.name();
        let value = match self.value {
            Value::None => return name,
            Value::Attached(value) | Value::NextWord(value) => value,
        };
        let shown = if self.may_hold_key(value) { None } else { flag_as_typed(&name, value) };
        shown.unwrap_or_else(|| {
            let value = self.arg.get_value_names().and_then(|names| names.first());
            let value = value.and_then(|value| value.split('|').next());
            format!("{name} {}", value.unwrap_or("VALUE"))
        })
    }

    /// Whether the value may be a secret itself, where its name, its file or its URL should be.
    fn may_hold_key(&self, value: &str) -> bool {
        let name = self.arg.get_long().unwrap_or_default();
        match self.arg.get_value_hint() {
            _ if name == "secret" => true,
            _ if name.ends_with("-env") => !may_repeat_name(value),
            ValueHint::FilePath | ValueHint::Url if value.contains("://") => {
                value.contains(['@', '?'])
            }
            ValueHint::FilePath | ValueHint::Url => {
                value != "-" && !may_repeat_path(Path::new(value))
            }
            _ => false,
        }
    }
}

fn is_flag(word: &str) -> bool {
    word.starts_with('-') && word != "-"
}

/// The flag that a word is, or the flags of a cluster such as `-qj`, and how many further words its value takes.
/// A word that is no flag of the verb was refused by the parser, or ends the call before this matters.
fn flags_of<'a>(
    command: &'a Command,
    word: &'a str,
    next: Option<&'a String>,
) -> (Vec<Flag<'a>>, usize) {
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let arg = command.get_arguments().find(|arg| arg.get_long() == Some(name));
        return match arg {
            Some(arg) => {
                let (flag, used) = flag_of(arg, value, next);
                (vec![flag], used)
            }
            None => (Vec::new(), 0),
        };
    }
    let mut flags = Vec::new();
    for (at, letter) in word.char_indices().skip(1) {
        let arg = command.get_arguments().find(|arg| arg.get_short() == Some(letter));
        let Some(arg) = arg else { break };
        let rest = &word[at + letter.len_utf8()..];
        if arg.get_action().takes_values() {
            let attached = Some(rest.strip_prefix('=').unwrap_or(rest));
            let (flag, used) = flag_of(arg, attached.filter(|_| !rest.is_empty()), next);
            flags.push(flag);
            return (flags, used);
        }
        flags.push(Flag { arg, value: Value::None });
    }
    (flags, 0)
}

fn flag_of<'a>(
    arg: &'a Arg,
    attached: Option<&'a str>,
    next: Option<&'a String>,
) -> (Flag<'a>, usize) {
    let needs_value = arg.get_num_args().is_some_and(|count| count.min_values() > 0);
    let is_value = |next: &&String| {
        arg.get_action().takes_values()
            && (needs_value || (!arg.is_require_equals_set() && !is_flag(next)))
    };
    let value = match (attached, next.filter(is_value)) {
        (Some(value), _) => Value::Attached(value),
        (None, Some(value)) => Value::NextWord(value),
        (None, None) => Value::None,
    };
    let used = usize::from(matches!(value, Value::NextWord(_)));
    (Flag { arg, value }, used)
}
