//! What is said of a command line that cannot be understood. Nothing that was typed is repeated
//! unless it is known to be no secret: a flag much like one of ours, or a short word for a value.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::values::ValueError;
use crate::time::TimeError;

/// A call that cannot be understood, or asks for help in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What is wrong; the whole help where nothing was asked for.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Whether the message is a text of its own rather than an error.
    pub is_help: bool,
}

impl Stop {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()), is_help: false }
    }
}

pub(super) fn explain(error: &clap::Error, argv: &[OsString]) -> Stop {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let help = help_hint(argv);
    match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Stop { message: error.render().to_string(), hint: None, is_help: true }
        }
        ErrorKind::UnknownArgument => {
            unknown_argument(&argument, text(ContextKind::SuggestedArg), argv)
        }
        ErrorKind::InvalidSubcommand => {
            let typed = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            unknown_verb(&typed, text(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand => Stop::new("no verb was given", help),
        ErrorKind::InvalidValue if value.is_empty() => {
            Stop::new(format!("{argument} needs a value"), help)
        }
        ErrorKind::InvalidValue => {
            let words = text(ContextKind::ValidValue).unwrap_or_default();
            let same = words.split(", ").find(|word| word.eq_ignore_ascii_case(&value));
            let suggested = same.map(str::to_owned).or(text(ContextKind::SuggestedValue));
            let hint = suggested.map_or(help, |word| format!("did you mean {word}?"));
            Stop::new(format!("{argument}: {}not one of {words}", shown(&value)), hint)
        }
        ErrorKind::ValueValidation => invalid_value(error, &argument, &value, help),
        ErrorKind::ArgumentConflict => {
            let prior = text(ContextKind::PriorArg).unwrap_or_else(|| "itself".to_owned());
            if prior == argument {
                Stop::new(format!("{argument} is given twice"), help)
            } else {
                Stop::new(
                    format!("{argument} cannot be used with {prior}"),
                    "leave one of them out",
                )
            }
        }
        ErrorKind::MissingRequiredArgument => Stop::new(format!("{argument} is missing"), help),
        ErrorKind::NoEquals => Stop::new(format!("{argument} takes its value after an '='"), help),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Stop::new(format!("{argument} is given the wrong number of values"), help)
        }
        ErrorKind::InvalidUtf8 => Stop::new("an argument is not UTF-8", help),
        _ => Stop::new("the command line cannot be understood", help),
    }
}

fn unknown_argument(typed: &str, suggested: Option<String>, argv: &[OsString]) -> Stop {
    let is_it = |arg: &OsString| {
        arg.to_str().is_some_and(|arg| arg == typed || arg.split('=').next() == Some(typed))
    };
    let place = match argv.iter().position(is_it) {
        Some(at) => format!("argument {at}"),
        None => "an argument".to_owned(),
    };
    match suggested {
        Some(flag) if is_flag_like(typed) => {
            Stop::new(format!("there is no flag {typed}"), format!("did you mean {flag}?"))
        }
        _ if typed.starts_with('-') => Stop::new(
            format!(
                "{place} is no flag that this verb knows; it is not repeated, lest it be a secret"
            ),
            help_hint(argv),
        ),
        _ => Stop::new(
            format!("{place} is one too many; it is not repeated, lest it be a secret"),
            help_hint(argv),
        ),
    }
}

/// A word such as our flags are: what is much like one of them is no secret.
fn is_flag_like(typed: &str) -> bool {
    typed.len() <= 24 && typed.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

fn unknown_verb(typed: &str, suggested: Option<String>) -> Stop {
    let hint = match suggested {
        Some(verb) => format!("did you mean {verb}?"),
        None if typed.contains('.') => "jwtctl verify TOKEN, or jwtctl decode TOKEN".to_owned(),
        None => "jwtctl --help lists the verbs".to_owned(),
    };
    Stop::new("argument 1 is not a verb", hint)
}

fn invalid_value(error: &clap::Error, argument: &str, value: &str, help: String) -> Stop {
    let source = std::error::Error::source(error);
    let time = source.and_then(|source| source.downcast_ref::<TimeError>());
    let reason = match (time, source.and_then(|source| source.downcast_ref::<ValueError>())) {
        (Some(error), _) => error.to_string(),
        (_, Some(error)) => error.to_string(),
        _ => "not a value that it takes".to_owned(),
    };
    let hint = match time {
        Some(TimeError::DurationWithoutSign) if argument.starts_with("--exp") => {
            format!("for a lifetime: --ttl {value}")
        }
        Some(TimeError::Negative) if argument.starts_with("--ttl") => {
            format!("for a token that has expired: --exp {value}")
        }
        Some(TimeError::DurationWithoutSign) => {
            format!("from now on: +{value}; before now: -{value}")
        }
        _ => help,
    };
    let shown = if time.is_some() { shown(value) } else { String::new() };
    Stop::new(format!("{argument}: {shown}{reason}"), hint)
}

/// A short plain word for a message; nothing for what may be more than that.
fn shown(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " :+.".contains(c) || c == '-';
    if value.len() <= 24 && !value.starts_with('-') && value.chars().all(plain) {
        format!("{value:?} is ")
    } else {
        String::new()
    }
}

fn help_hint(argv: &[OsString]) -> String {
    let verbs = ["encode", "sign", "decode", "inspect", "verify", "refresh", "man"];
    let verb = argv.iter().skip(1).find_map(|arg| verbs.into_iter().find(|verb| arg == verb));
    match verb {
        Some(verb) => format!("jwtctl {verb} --help lists its flags"),
        None => "jwtctl --help lists verbs and flags".to_owned(),
    }
}
