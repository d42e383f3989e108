//! What is said of a command line that cannot be understood. Nothing that was typed is repeated
//! unless it is known to be no secret: a flag much like one of ours, or a short word for a value.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _};

use super::cli_error::CliError;
use super::flags::Cli;
use super::known::{is_flag, verbs_with};
use super::values::{KEY_VERBS, TOPICS, as_claim};
use super::{bad_values, synonyms};
use crate::keys::Algorithm;
use crate::secret::{may_repeat_flag, may_repeat_path};
use crate::time::parse_duration;

pub(super) fn explain(error: &clap::Error, argv: &[OsString]) -> CliError {
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
            CliError { message: error.render().to_string(), hint: None, is_help: true }
        }
        ErrorKind::UnknownArgument => {
            unknown_argument(&argument, text(ContextKind::SuggestedArg), argv)
        }
        ErrorKind::InvalidSubcommand => {
            let typed = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            unknown_verb(&typed, text(ContextKind::SuggestedSubcommand), argv)
        }
        ErrorKind::MissingSubcommand => CliError::new("no verb was given", help),
        ErrorKind::InvalidValue if value.is_empty() => {
            CliError::new(format!("{argument} needs a value"), help)
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
            CliError::new(format!("{argument}: not one of {words}"), hint)
        }
        ErrorKind::ValueValidation => bad_values::explain(error, &argument, &value, help),
        ErrorKind::ArgumentConflict => {
            let prior = text(ContextKind::PriorArg).unwrap_or_else(|| "itself".to_owned());
            let prior = typed_of(&prior, argv);
            if prior == argument {
                CliError::new(format!("{argument} is given twice"), help)
            } else {
                let hint = match (&*argument, &*prior) {
                    ("--batch [<PATH>]", "[TOKEN]" | "[CLAIMS]") => {
                        "leave one of them out; the PATH stands right after --batch"
                    }
                    _ => "leave one of them out",
                };
                CliError::new(format!("{argument} cannot be used with {prior}"), hint)
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let shells = "bash, zsh, fish, powershell, elvish or nushell";
            let hint = if argument == "<SHELL>" { shells.to_owned() } else { help };
            CliError::new(format!("{argument} is missing"), hint)
        }
        ErrorKind::NoEquals => {
            CliError::new(format!("{argument} takes its value after an '='"), help)
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            CliError::new(format!("{argument} is given the wrong number of values"), help)
        }
        ErrorKind::InvalidUtf8 => CliError::new("an argument is not UTF-8", help),
        _ => CliError::new("the command line cannot be understood", help),
    }
}

/// `jwtctl help` of something that there is not.
pub(super) fn no_such_topic() -> CliError {
    CliError::new("help has no such topic", format!("there are {}", TOPICS.join(", ")))
}

fn unknown_argument(typed: &str, suggested: Option<String>, argv: &[OsString]) -> CliError {
    let place = place(typed, argv);
    if typed.starts_with("-----BEGIN") {
        let message = format!("{place} is a key or certificate in PEM, not a flag");
        return CliError::new(
            message,
            "a key goes into a file, --key FILE, or a variable, --key-env NAME",
        );
    }
    let called = Called::find(argv);
    if !typed.starts_with('-') {
        let hint = called.one_word(typed).unwrap_or_else(|| help_hint(argv));
        let is_alg = called.path == "key new" && algorithm_named(typed).is_some();
        let named = if is_alg || may_repeat_path(Path::new(typed)) {
            format!("{typed} is one too many")
        } else {
            format!("{place} is one too many (not shown: it may be a secret)")
        };
        return CliError::new(named, hint);
    }
    if called.has(typed) && called.is_after(typed, argv) {
        return CliError::new(
            format!("{typed} belongs after the verb"),
            format!("jwtctl {} {typed}", called.path),
        );
    }
    let suggested = suggested.filter(|flag| flag != "--help" && is_close(typed, flag));
    let elsewhere = elsewhere(typed, &called.path).map(str::to_owned);
    let hint = elsewhere.or_else(|| called.meant(typed, suggested, argv));
    let hint = hint.or_else(|| verbs_with(typed)).unwrap_or_else(|| help_hint(argv));
    if may_repeat_flag(typed) {
        return CliError::new(format!("there is no flag {typed}"), hint);
    }
    CliError::new(format!("{place} is not a flag here (not shown: it may be a secret)"), hint)
}

/// The verb that was called, wherever it stands.
struct Called {
    command: Command,
    /// "verify", "key show"; empty if there is none.
    path: String,
    /// Where its last word stands.
    at: usize,
}

impl Called {
    fn find(argv: &[OsString]) -> Self {
        let mut command = Cli::command();
        command.build();
        let mut found = Self { command, path: String::new(), at: 0 };
        for (at, word) in argv.iter().enumerate().skip(1) {
            let verb = word.to_str().and_then(|word| found.command.find_subcommand(word)).cloned();
            if let Some(verb) = verb {
                let path = format!("{} {}", found.path, verb.get_name()).trim_start().to_owned();
                found = Self { command: verb, path, at };
            }
        }
        found
    }

    fn flag(&self, flag: &str) -> Option<&Arg> {
        self.command.get_arguments().find(|arg| is_flag(arg, flag))
    }

    fn has(&self, flag: &str) -> bool {
        self.flag(flag).is_some()
    }

    /// Whether the verb stands after this flag.
    fn is_after(&self, typed: &str, argv: &[OsString]) -> bool {
        argv.iter().position(|arg| is_typed(typed, arg)).is_some_and(|at| at < self.at)
    }

    /// What to do in place of an unknown flag.
    fn meant(&self, typed: &str, suggested: Option<String>, argv: &[OsString]) -> Option<String> {
        let whole = with_value(typed, argv);
        let is_it = |theirs: &str| theirs == typed || whole.as_deref() == Some(theirs);
        let mut synonyms = synonyms::FLAGS.iter().filter(|(theirs, _)| is_it(theirs));
        let synonym = synonyms.find(|(_, ours)| self.has(ours)).map(|(_, ours)| (*ours).to_owned());
        if let (None, Some(advice)) = (&synonym, self.advice(typed)) {
            return Some(advice);
        }
        let close = || suggested.or_else(|| self.closest(typed));
        let is_long = typed.starts_with("--") && may_repeat_flag(typed);
        let flag = synonym.or_else(|| is_long.then(close).flatten())?;
        // What is added to now for a point in time is a lifetime without its sign.
        let from_now = whole.as_deref().and_then(|whole| whole.split_once(" +"));
        let lifetime = from_now.filter(|(_, d)| flag == "--ttl" && parse_duration(d).is_ok());
        let flag = lifetime.map_or(flag, |(_, duration)| format!("--ttl {duration}"));
        let name = flag.split(' ').next().unwrap_or_default();
        let is_global = self.flag(name).is_some_and(Arg::is_global_set);
        Some(if self.is_after(typed, argv) && !is_global {
            format!("did you mean jwtctl {} {flag}?", self.path)
        } else {
            format!("did you mean {flag}?")
        })
    }

    fn advice(&self, typed: &str) -> Option<String> {
        let verb = self.path.split(' ').next()?;
        let mut rows = synonyms::ADVICE.iter();
        let row = rows.find(|(flags, verbs, _)| flags.contains(&typed) && verbs.contains(&verb));
        row.map(|(_, _, advice)| advice.replace("VERB", verb))
    }

    /// The flag that is a slip away, or two if it is long.
    fn closest(&self, typed: &str) -> Option<String> {
        let flags = self.command.get_arguments().filter_map(Arg::get_long);
        let flags = flags.filter(|long| *long != "help").map(|long| format!("--{long}"));
        let apart = |flag: &String| strsim::damerau_levenshtein(typed, flag);
        flags.filter(|flag| apart(flag) <= (typed.len() / 4).min(2)).min_by_key(apart)
    }

    /// For a word too many: what would have been one word.
    fn one_word(&self, typed: &str) -> Option<String> {
        if synonyms::TOKEN_VERBS.contains(&self.path.as_str()) {
            let verb = &self.path;
            return Some(format!(
                "a token is one word; to read it from a variable: jwtctl {verb} --token-env TOKEN"
            ));
        }
        if self.path == "key new" {
            return algorithm_named(typed).map(|alg| format!("jwtctl key new --alg {alg}"));
        }
        let quoted = "put CLAIMS in single quotes: jwtctl encode '{\"user_id\":123}'";
        let is_encode = self.path == "encode";
        is_encode.then(|| as_claim(typed).unwrap_or_else(|| quoted.to_owned()))
    }
}

/// Whether an argument is this flag, with or without its value.
fn is_typed(flag: &str, arg: &OsString) -> bool {
    arg.to_str().is_some_and(|arg| arg == flag || arg.split('=').next() == Some(flag))
}

/// A flag and its value, a space between them.
fn with_value(flag: &str, argv: &[OsString]) -> Option<String> {
    let at = argv.iter().position(|arg| is_typed(flag, arg))?;
    let value = match argv[at].to_str()?.split_once('=') {
        Some((_, value)) => value,
        None => argv.get(at + 1)?.to_str()?,
    };
    Some(format!("{flag} {value}"))
}

/// Whether a flag is what was meant: its beginning, or it within a slip or two.
fn is_close(typed: &str, flag: &str) -> bool {
    let is_start = typed.len() >= 5 && flag.starts_with(typed);
    is_start || strsim::damerau_levenshtein(typed, flag) <= 2
}

/// An algorithm by its own name, or by that of a curve or kind.
fn algorithm_named(word: &str) -> Option<&'static str> {
    let mut names = Algorithm::ALL.into_iter().map(Algorithm::name);
    names.find(|name| name.eq_ignore_ascii_case(word)).or_else(|| algorithm_of(word))
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
fn elsewhere(typed: &str, verb: &str) -> Option<&'static str> {
    let key_flags = ["-S", "-k", "--secret", "--secret-file", "--secret-env", "--key", "--key-env"];
    let synonym = synonyms::FLAGS.iter().find(|(theirs, _)| *theirs == typed);
    let ours = synonym.map_or(typed, |(_, ours)| ours);
    if key_flags.contains(&ours) && verb == "decode" {
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
    let stands_there = |flag: &&str| argv.iter().any(|arg| is_typed(flag_of(flag), arg));
    let typed: Vec<_> = flags.split(", ").filter(stands_there).collect();
    if typed.is_empty() { flags.to_owned() } else { typed.join(", ") }
}

/// Where a word stands: "argument 3".
fn place(typed: &str, argv: &[OsString]) -> String {
    match argv.iter().skip(1).position(|arg| is_typed(typed, arg)) {
        Some(at) => format!("argument {}", at + 1),
        None => "an argument".to_owned(),
    }
}

fn unknown_verb(typed: &str, suggested: Option<String>, argv: &[OsString]) -> CliError {
    let is_of_key = Called::find(argv).path == "key";
    let (synonyms, under) =
        if is_of_key { (&synonyms::KEY_VERBS[..], "key ") } else { (&synonyms::VERBS[..], "") };
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
    CliError::new(format!("{} is not a verb", place(typed, argv)), hint)
}

fn help_hint(argv: &[OsString]) -> String {
    match Called::find(argv).path.as_str() {
        "" => "jwtctl --help lists verbs and flags".to_owned(),
        verb => format!("jwtctl {verb} --help lists its flags"),
    }
}
