//! The words of a command line as the parser takes them apart: which flags were typed, and how their values were.

use std::ffi::{OsStr, OsString};

use clap::builder::ValueHint;
use clap::{Arg, Command};

use super::stop::Stop;
use crate::problem::flag_as_typed;

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
    NextWord(&'a OsStr),
}

/// The verb of a call, and the words behind it.
pub(super) struct Call<'a> {
    verb: &'a Command,
    words: &'a [OsString],
}

/// Flags whose value is the name of what a token is read from. Were `--batch=FILE` understood, a token that
/// reads so would name a file in its own place.
const SOURCES: [&str; 3] = ["batch", "token-env", "token-file"];

impl<'a> Call<'a> {
    /// Finds the verb: the first word that is neither a flag nor its value. The parser has built it by then.
    pub(super) fn find(root: &'a Command, argv: &'a [OsString]) -> Option<Self> {
        let words = argv.get(1..)?;
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            if is_flag(word) {
                let (_, used) = flags_of(root, word, after.first());
                rest = &after[used..];
            } else {
                let verb = root.find_subcommand(word.to_str()?)?;
                return Some(Self { verb, words: after });
            }
        }
        None
    }

    /// The verb's own name, not an alias of it.
    pub(super) fn name(&self) -> &'a str {
        self.verb.get_name()
    }

    /// Refuses a token's source whose name is not a word of its own.
    pub(super) fn check_sources(&self) -> Result<(), Stop> {
        let attached = |flag: &Flag<'_>| matches!(flag.value, Value::Attached(_));
        let flags = self.flags();
        let source = flags
            .iter()
            .filter(|flag| attached(flag))
            .find_map(|flag| flag.arg.get_long().filter(|name| SOURCES.contains(name)));
        match source {
            None => Ok(()),
            Some(name) => Err(Stop::new(
                format!("--{name} takes its value as the next word, not after '='"),
                format!(
                    "a token from outside could look like this: write --{name} and its value as two words"
                ),
            )),
        }
    }

    /// Refuses to read standard input without being told, where a word that was meant for the token may have
    /// changed the keys, the clock or the checks. The hint is the call with its input named by `-`.
    pub(super) fn check_implied_input(&self) -> Result<(), Stop> {
        let flags = self.flags();
        let Some(suspect) = flags.iter().find(|flag| flag.may_be_a_token()) else { return Ok(()) };
        Err(Stop::new(
            format!(
                "no token was given, and beside {} standard input is read only if it is named",
                suspect.name()
            ),
            self.with_input_named(&flags),
        ))
    }

    /// The flags that were typed, in order. Nothing behind `--` is one.
    fn flags(&self) -> Vec<Flag<'a>> {
        let mut flags = Vec::new();
        let mut rest = self.words;
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

    /// Whether this flag may be a word that was meant for the token and weakens a check, or a flag that took
    /// the caller's next one for its value.
    fn may_be_a_token(&self) -> bool {
        let name = self.arg.get_long().unwrap_or_default();
        match self.value {
            Value::Attached(_) => name != "color",
            // Where `-` names standard input, the token cannot be read from it too.
            Value::NextWord(value) if value == "-" => {
                self.arg.get_value_hint() != ValueHint::FilePath
            }
            Value::NextWord(value) => value.as_encoded_bytes().starts_with(b"-"),
            Value::None => name.starts_with("allow-") || ["any-aud", "raw"].contains(&name),
        }
    }

    fn as_typed(&self) -> String {
        let name = self.name();
        let value = match self.value {
            Value::None => return name,
            Value::Attached(value) => Some(value),
            Value::NextWord(value) => value.to_str(),
        };
        let shown = value.filter(|_| name != "--secret");
        shown.and_then(|value| flag_as_typed(&name, value)).unwrap_or_else(|| {
            let value = self.arg.get_value_names().and_then(|names| names.first());
            format!("{name} {}", value.map_or("VALUE", |value| value.as_str()))
        })
    }
}

fn is_flag(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-") && word != "-"
}

/// The flag that a word is, or the flags of a cluster such as `-qj`, and how many further words its value takes.
/// A word that is no flag of the verb was refused by the parser, or ends the call before this matters.
fn flags_of<'a>(
    command: &'a Command,
    word: &'a OsStr,
    next: Option<&'a OsString>,
) -> (Vec<Flag<'a>>, usize) {
    let text = word.to_str().unwrap_or_default();
    if let Some(long) = text.strip_prefix("--") {
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
    for (at, letter) in text.char_indices().skip(1) {
        let arg = command.get_arguments().find(|arg| arg.get_short() == Some(letter));
        let Some(arg) = arg else { break };
        let rest = &text[at + letter.len_utf8()..];
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
    next: Option<&'a OsString>,
) -> (Flag<'a>, usize) {
    let needs_value = arg.get_num_args().is_some_and(|count| count.min_values() > 0);
    let is_value = |next: &&OsString| {
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
