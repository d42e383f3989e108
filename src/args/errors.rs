//! What is said of a command line that cannot be understood. Nothing that was typed is repeated
//! unless it is known to be no secret: a flag much like one of ours, or a short word for a value.

use std::ffi::OsString;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::cli::Cli;
use super::values::{KEY_VERBS, TOPICS, ValueError};
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
            unknown_verb(&typed, text(ContextKind::SuggestedSubcommand), argv)
        }
        ErrorKind::MissingSubcommand => Stop::new("no verb was given", help),
        ErrorKind::InvalidValue if value.is_empty() => {
            Stop::new(format!("{argument} needs a value"), help)
        }
        ErrorKind::InvalidValue if argument == "[TOPIC]" => no_such_topic(),
        ErrorKind::InvalidValue => {
            let words = text(ContextKind::ValidValue).unwrap_or_default();
            let same = words.split(", ").find(|word| word.eq_ignore_ascii_case(&value));
            let suggested = same.map(str::to_owned).or(text(ContextKind::SuggestedValue));
            let named = argument.starts_with("--alg").then(|| algorithm_of(&value)).flatten();
            let suggested = named.map(str::to_owned).or(suggested);
            let hint = match suggested {
                _ if value.contains(',') => format!("repeat {} for each one", flag_of(&argument)),
                _ if value.eq_ignore_ascii_case("none") && argument.starts_with("--alg") => {
                    "unsigned tokens are not made, and not accepted".to_owned()
                }
                Some(word) => format!("did you mean {word}?"),
                None => help,
            };
            Stop::new(format!("{argument}: not one of {words}"), hint)
        }
        ErrorKind::ValueValidation => invalid_value(error, &argument, &value, help),
        ErrorKind::ArgumentConflict => {
            let prior = text(ContextKind::PriorArg).unwrap_or_else(|| "itself".to_owned());
            let prior = typed_of(&prior, argv);
            if prior == argument {
                Stop::new(format!("{argument} is given twice"), help)
            } else {
                Stop::new(
                    format!("{argument} cannot be used with {prior}"),
                    "leave one of them out",
                )
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let shells = "bash, zsh, fish, powershell, elvish or nushell";
            let hint = if argument == "<SHELL>" { shells.to_owned() } else { help };
            Stop::new(format!("{argument} is missing"), hint)
        }
        ErrorKind::NoEquals => Stop::new(format!("{argument} takes its value after an '='"), help),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Stop::new(format!("{argument} is given the wrong number of values"), help)
        }
        ErrorKind::InvalidUtf8 => Stop::new("an argument is not UTF-8", help),
        _ => Stop::new("the command line cannot be understood", help),
    }
}

/// `jwtctl help` of something that there is not.
pub(super) fn no_such_topic() -> Stop {
    Stop::new("help has no such topic", format!("there are {}", TOPICS.join(", ")))
}

fn unknown_argument(typed: &str, suggested: Option<String>, argv: &[OsString]) -> Stop {
    let place = place(typed, argv);
    if typed.starts_with("-----BEGIN") {
        let message = format!("{place} is a key or certificate in PEM, not a flag");
        return Stop::new(
            message,
            "a key goes into a file, --key FILE, or a variable, --key-env NAME",
        );
    }
    let synonym = FLAG_SYNONYMS.iter().find(|(theirs, _)| *theirs == typed);
    let synonym = synonym.map(|(_, ours)| (*ours).to_owned()).filter(|ours| has_flag(ours, argv));
    let close = suggested.filter(|flag| flag != "--help" && is_close(typed, flag));
    match synonym.or(close) {
        Some(flag) if is_flag_like(typed) => {
            Stop::new(format!("there is no flag {typed}"), format!("did you mean {flag}?"))
        }
        _ => {
            let what =
                if typed.starts_with('-') { "is not a flag here" } else { "is one too many" };
            let hint = elsewhere(typed, argv).map_or_else(|| help_hint(argv), str::to_owned);
            Stop::new(format!("{place} {what} (not shown: it may be a secret)"), hint)
        }
    }
}

/// Flags of other tools, and ours for the same.
const FLAG_SYNONYMS: [(&str, &str); 22] = [
    ("--algorithm", "--alg"),
    ("--audience", "--aud"),
    ("--expires-in", "--ttl"),
    ("--expiry", "--ttl"),
    ("--issuer", "--iss"),
    ("--jwk", "--key"),
    ("--keyid", "--kid"),
    ("--key-id", "--kid"),
    ("--key-file", "--key"),
    ("--outform", "--format"),
    ("--output", "--out"),
    ("--overwrite", "--force"),
    ("--passin", "--key-password-file"),
    ("--password", "--key-password-file"),
    ("--password-file", "--key-password-file"),
    ("--private-key", "--key"),
    ("--pubkey", "--key"),
    ("--public-key", "--key"),
    ("--size", "--bits"),
    ("--subject", "--sub"),
    ("--to", "--format"),
    ("--type", "--alg"),
];

/// Whether the verb that was called has a flag.
fn has_flag(flag: &str, argv: &[OsString]) -> bool {
    let mut command = Cli::command();
    command.build();
    let mut found = &command;
    for word in argv.iter().skip(1).filter_map(|word| word.to_str()) {
        match found.find_subcommand(word) {
            Some(verb) => found = verb,
            None => break,
        }
    }
    found.get_arguments().any(|arg| arg.get_long() == flag.strip_prefix("--"))
}

/// Whether a flag is what was meant: its beginning, or it within a slip or two.
fn is_close(typed: &str, flag: &str) -> bool {
    let is_start = typed.len() >= 5 && flag.starts_with(typed);
    is_start || strsim::damerau_levenshtein(typed, flag) <= 2
}

/// The algorithm of a curve or kind that stands in its place.
fn algorithm_of(word: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("p-256", "ES256"),
        ("p-384", "ES384"),
        ("p-521", "ES512"),
        ("secp256k1", "ES256K"),
        ("rsa", "RS256"),
        ("ec", "ES256"),
        ("hmac", "HS256"),
        ("oct", "HS256"),
    ];
    let word = word.to_ascii_lowercase();
    KINDS.iter().find(|(kind, _)| *kind == word).map(|(_, alg)| *alg)
}

/// What a flag that other verbs have was probably meant for.
fn elsewhere(typed: &str, argv: &[OsString]) -> Option<&'static str> {
    let key_flags = ["-S", "-k", "--secret", "--secret-file", "--secret-env", "--key", "--key-env"];
    let verb = argv.get(1)?;
    if key_flags.contains(&typed) && (verb == "decode" || verb == "inspect") {
        return Some("decode checks no signature: jwtctl verify does");
    }
    (typed == "--header" && verb == "verify").then_some("jwtctl decode --header shows the header")
}

/// A flag without its value's name: "--alg" of "--alg <ALG>".
fn flag_of(argument: &str) -> &str {
    argument.split([' ', '=', '[']).next().unwrap_or(argument)
}

/// Of the flags that exclude another, those that were typed; all, if none is found.
fn typed_of(flags: &str, argv: &[OsString]) -> String {
    let is_typed = |flag: &&str| {
        let name = flag_of(flag);
        argv.iter().filter_map(|arg| arg.to_str()).any(|arg| arg.split('=').next() == Some(name))
    };
    let typed: Vec<_> = flags.split(", ").filter(is_typed).collect();
    if typed.is_empty() { flags.to_owned() } else { typed.join(", ") }
}

/// Where a word stands: "argument 3".
fn place(typed: &str, argv: &[OsString]) -> String {
    let is_it = |arg: &OsString| {
        arg.to_str().is_some_and(|arg| arg == typed || arg.split('=').next() == Some(typed))
    };
    match argv.iter().skip(1).position(is_it) {
        Some(at) => format!("argument {}", at + 1),
        None => "an argument".to_owned(),
    }
}

/// A word such as our flags are: what is much like one of them is no secret.
fn is_flag_like(typed: &str) -> bool {
    typed.len() <= 24 && typed.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

/// Verbs of other tools, and ours for the same.
const SYNONYMS: [(&str, &str); 16] = [
    ("check", "verify"),
    ("validate", "verify"),
    ("create", "encode"),
    ("generate", "encode"),
    ("make", "encode"),
    ("new", "encode"),
    ("show", "decode"),
    ("parse", "decode"),
    ("read", "decode"),
    ("renew", "refresh"),
    ("version", "--version"),
    ("exit-codes", "help exit-codes"),
    ("keygen", "key new"),
    ("jwk", "key"),
    ("jwks", "key set"),
    ("thumbprint", "key thumbprint"),
];

/// The same for the verbs of `key`.
const KEY_SYNONYMS: [(&str, &str); 14] = [
    ("generate", "new"),
    ("gen", "new"),
    ("create", "new"),
    ("make", "new"),
    ("inspect", "show"),
    ("info", "show"),
    ("print", "show"),
    ("pub", "public"),
    ("export", "convert"),
    ("import", "convert"),
    ("fingerprint", "thumbprint"),
    ("jwks", "set"),
    ("jwkset", "set"),
    ("list", "show"),
];

fn unknown_verb(typed: &str, suggested: Option<String>, argv: &[OsString]) -> Stop {
    let is_of_key = argv.get(1).is_some_and(|verb| verb == "key");
    let (synonyms, under) =
        if is_of_key { (&KEY_SYNONYMS[..], "key ") } else { (&SYNONYMS[..], "") };
    let synonym = synonyms.iter().find(|(theirs, _)| *theirs == typed);
    let hint = match suggested {
        _ if synonym.is_some() => synonym
            .map(|(_, ours)| format!("did you mean jwtctl {under}{ours}?"))
            .unwrap_or_default(),
        Some(verb) => format!("did you mean {verb}?"),
        None if is_of_key => format!("jwtctl key has {}", KEY_VERBS.join(", ")),
        None if typed.contains('.') => "jwtctl verify TOKEN, or jwtctl decode TOKEN".to_owned(),
        None => "jwtctl --help lists the verbs".to_owned(),
    };
    Stop::new(format!("{} is not a verb", place(typed, argv)), hint)
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
        Some(TimeError::UpperCase) => {
            format!("write {}; a capital M could be months", value.to_ascii_lowercase())
        }
        Some(TimeError::NoZone) => format!("{value}Z is UTC; an offset such as +02:00 works too"),
        Some(TimeError::DurationWithoutSign) => {
            format!("from now on: +{value}; before now: -{value}")
        }
        _ if argument.starts_with("--claim") => {
            "--claim role=admin is a string, --claim 'roles:=[\"admin\"]' is JSON".to_owned()
        }
        _ => help,
    };
    let shown = if time.is_some() { shown(value) } else { String::new() };
    Stop::new(format!("{argument}: {shown}{reason}"), hint)
}

/// A duration or time gone wrong for a message; nothing for what may be more than that.
fn shown(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " :+.-".contains(c);
    let is_time_like = value.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    if is_time_like && value.len() <= 24 && value.chars().all(plain) {
        format!("{value:?} is ")
    } else {
        String::new()
    }
}

fn help_hint(argv: &[OsString]) -> String {
    let verbs = ["encode", "sign", "decode", "inspect", "verify", "refresh", "key", "man"];
    let verb = argv.iter().skip(1).find_map(|arg| verbs.into_iter().find(|verb| arg == verb));
    let inner = argv.get(2).and_then(|arg| KEY_VERBS.into_iter().find(|verb| arg == verb));
    match verb {
        Some("key") if inner.is_some() => {
            format!("jwtctl key {} --help lists its flags", inner.unwrap_or_default())
        }
        Some(verb) => format!("jwtctl {verb} --help lists its flags"),
        None => "jwtctl --help lists verbs and flags".to_owned(),
    }
}
