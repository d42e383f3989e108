//! What is said of a value that its flag does not take.

use std::ffi::OsString;

use super::cli_error::CliError;
use super::known::takes_a;
use super::values::ValueError;
use crate::time::{TimeError, corrected_duration, corrected_when};

pub(super) fn explain(error: &clap::Error, argument: &str, value: &str, help: String) -> CliError {
    let source = std::error::Error::source(error);
    let time = source.and_then(|source| source.downcast_ref::<TimeError>());
    let reason = match (time, source.and_then(|source| source.downcast_ref::<ValueError>())) {
        (Some(error), _) => error.to_string(),
        (_, Some(error)) => error.to_string(),
        _ => "not a value that it takes".to_owned(),
    };
    let hint = time.and_then(|error| hint_of_time(error, argument, value));
    let hint = hint.unwrap_or_else(|| {
        if argument.starts_with("--claim") {
            "--claim role=admin is a string, --claim 'roles:=[\"admin\"]' is JSON".to_owned()
        } else {
            help
        }
    });
    let shown = if time.is_some() { shown(value) } else { String::new() };
    CliError::new(format!("{argument}: {shown}{reason}"), hint)
}

/// A duration or point in time in several words, of which the second would be taken for the token or for CLAIMS.
pub(super) fn time_in_words(argv: &[OsString]) -> Option<CliError> {
    const MOST: usize = 6;
    const LONGEST: usize = 24;
    argv.iter().enumerate().find_map(|(at, flag)| {
        let flag = flag.to_str().filter(|flag| flag.starts_with("--"))?;
        let words = argv[at + 1..].iter().take(MOST).map_while(|word| word.to_str());
        let words: Vec<_> = words.take_while(|word| word.len() <= LONGEST).collect();
        (2..=words.len()).rev().find_map(|count| one_word(flag, &words[..count].join(" ")))
    })
}

/// What is said of a flag whose value in several words is a duration or a point in time.
fn one_word(flag: &str, value: &str) -> Option<CliError> {
    let (duration, when) = (corrected_duration(value), corrected_when(value));
    let write = |mended: &String| format!("write {flag} {mended}");
    let hint = if duration.is_none() && when.is_none() {
        return None;
    } else if takes_a(flag, "D") {
        write(&duration?)
    } else if takes_a(flag, "TIME") {
        let without_sign =
            |meant: String| hint_of_time(&TimeError::DurationWithoutSign, flag, &meant);
        when.as_ref().map(write).or_else(|| without_sign(duration?))?
    } else {
        return None;
    };
    Some(CliError::new(format!("{flag} takes one word"), hint))
}

fn hint_of_time(error: &TimeError, argument: &str, value: &str) -> Option<String> {
    let is_exp = argument.starts_with("--exp");
    let is_duration = argument.ends_with("<D>");
    Some(match error {
        TimeError::DurationWithoutSign if is_exp => format!("for a lifetime: --ttl {value}"),
        TimeError::DurationWithoutSign => format!("from now on: +{value}; before now: -{value}"),
        TimeError::Negative if argument.starts_with("--ttl") => {
            format!("for a token that has expired: --exp {value}")
        }
        TimeError::UpperCase => {
            format!("write {}; a capital M could be months", value.to_ascii_lowercase())
        }
        TimeError::NoZone => {
            format!("{} is UTC; an offset such as +02:00 works too", corrected_when(value)?)
        }
        _ if !is_time_like(value) => return None,
        TimeError::NotADuration if is_duration => format!("write {}", corrected_duration(value)?),
        TimeError::NotADuration => format!("write {}", corrected_when(value)?),
        TimeError::NotATime => match corrected_duration(value) {
            Some(meant) => return hint_of_time(&TimeError::DurationWithoutSign, argument, &meant),
            None => format!("write {}", corrected_when(value)?),
        },
        _ => return None,
    })
}

/// A duration or time gone wrong for a message; nothing for what may be more than that.
fn shown(value: &str) -> String {
    if is_time_like(value) { format!("{value:?} is ") } else { String::new() }
}

/// Whether a text is so much like a duration or time that it is no secret.
fn is_time_like(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " :+.-".contains(c);
    let begins = value.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
    begins && value.len() <= 24 && value.chars().all(plain)
}
