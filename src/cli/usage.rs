//! The messages for a command line that clap refuses. They repeat what was typed only if it cannot be a secret. So
//! clap's own messages are not used, only its kinds of errors and the names of arguments.

use std::any::TypeId;
use std::error::Error as _;
use std::path::Path;

use clap::builder::{PossibleValue, Str};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, ArgAction, Command};

use super::call::CliError;
use super::encode::claim_flag;
use super::synonyms;
use super::typed::{Typed, is_called, long, verbs};
use super::values::ValueError;
use crate::keys::{Algorithm, Curve, JwkAlgorithm, KeyAlgorithm, KeyType};
use crate::secret::{may_repeat_flag, may_repeat_path};
use crate::time::parse_duration;

/// The most values of a flag that a message lists beside the one that was probably meant.
const MOST_WORDS: usize = 20;

pub(super) fn explain(error: &Error, typed: &Typed<'_>) -> CliError {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let arg = typed.verb.get_arguments().find(|arg| arg.to_string() == argument);
    let value = context(ContextKind::InvalidValue);
    let (message, hint) = match (error.kind(), arg) {
        (ErrorKind::UnknownArgument, _) => unknown_argument(&argument, typed),
        (ErrorKind::InvalidSubcommand, _) => {
            let suggested = context(ContextKind::SuggestedSubcommand);
            unknown_verb(&context(ContextKind::InvalidSubcommand), &suggested, typed)
        }
        (ErrorKind::MissingSubcommand, _) => ("no verb was given".to_owned(), None),
        (ErrorKind::InvalidValue | ErrorKind::WrongNumberOfValues, Some(arg))
            if value_names(arg).len() > 1 =>
        {
            let names = value_names(arg);
            let hint = format!("as separate words: {} {}", long(arg), names.join(" "));
            (format!("{argument} takes {} values", names.len()), Some(hint))
        }
        (ErrorKind::InvalidValue, _) if value.is_empty() => {
            (format!("{argument} needs a value"), None)
        }
        (ErrorKind::InvalidValue, Some(arg)) => {
            let words = context(ContextKind::ValidValue);
            let suggested = context(ContextKind::SuggestedValue);
            let hint = meant_value(arg, &value, &words, suggested).or_else(|| topic(&value, typed));
            let is_long = words.split(", ").count() > MOST_WORDS;
            let message = match &hint {
                Some(_) if is_long => format!("{argument} has no such value"),
                _ => format!("{argument}: not one of {words}"),
            };
            (message, hint)
        }
        (ErrorKind::ValueValidation, Some(arg)) => bad_value(error, arg, &value, typed),
        (ErrorKind::ArgumentConflict, Some(arg)) => {
            conflict(arg, &context(ContextKind::PriorArg), typed)
        }
        (ErrorKind::TooManyValues, _) => (format!("{argument} takes no value"), None),
        (ErrorKind::MissingRequiredArgument, _) => {
            let words = arg.filter(|arg| !arg.is_hide_possible_values_set());
            let words = words.map(Arg::get_possible_values).unwrap_or_default();
            let words: Vec<_> = words.iter().map(PossibleValue::get_name).collect();
            (format!("{argument} is missing"), (!words.is_empty()).then(|| words.join(", ")))
        }
        (kind, _) => (kind.to_string(), None),
    };
    CliError::new(message, hint.unwrap_or_else(|| help_hint(typed)))
}

/// The error for a word that no argument of the verb takes.
pub(super) fn unexpected(word: &str, typed: &Typed<'_>) -> CliError {
    let (message, hint) = unknown_argument(word, typed);
    CliError::new(message, hint.unwrap_or_else(|| help_hint(typed)))
}

fn value_names(arg: &Arg) -> &[Str] {
    arg.get_value_names().unwrap_or_default()
}

/// A message, and a hint if there is a better one than pointing to the help.
type Message = (String, Option<String>);

fn help_hint(typed: &Typed<'_>) -> String {
    match typed.path.as_str() {
        "" => "jwtctl --help lists verbs and flags".to_owned(),
        verb => format!("jwtctl {verb} --help lists its flags"),
    }
}

fn unknown_verb(word: &str, suggested: &str, typed: &Typed<'_>) -> Message {
    let hint = match synonyms::verb(&typed.path, word) {
        Some(ours) => format!("did you mean jwtctl {ours}?"),
        None if !suggested.is_empty() => format!("did you mean {suggested}?"),
        _ if typed.path.is_empty() && word.contains('.') => {
            "jwtctl verify TOKEN, or jwtctl decode TOKEN".to_owned()
        }
        _ if typed.path.is_empty() => "jwtctl --help lists the verbs".to_owned(),
        _ => {
            let names: Vec<_> = typed.verb.get_subcommands().map(Command::get_name).collect();
            format!("jwtctl {} has {}", typed.path, names.join(", "))
        }
    };
    (format!("{} is not a verb", place(word, typed)), Some(hint))
}

fn unknown_argument(word: &str, typed: &Typed<'_>) -> Message {
    let place = place(word, typed);
    if word.starts_with("-----BEGIN") {
        let hint = "a key goes into a file, --key FILE, or a variable, --key-env NAME";
        (format!("{place} is a key or certificate in PEM, not a flag"), Some(hint.to_owned()))
    } else if !word.starts_with('-') {
        let alg = typed.path == "key new" && algorithm_named(word).is_some();
        let message = if alg || may_repeat_path(Path::new(word)) {
            format!("{word} is unexpected")
        } else {
            format!("{place} is unexpected (not shown: it may be a secret)")
        };
        (message, meant_word(word, typed))
    } else if typed.is_before_verb(word) && typed.flag(word).is_some() {
        (format!("{word} belongs after the verb"), Some(format!("jwtctl {} {word}", typed.path)))
    } else {
        let message = if may_repeat_flag(word) {
            format!("there is no flag {word}")
        } else {
            format!("{place} is not a flag here (not shown: it may be a secret)")
        };
        (message, meant_flag(word, typed))
    }
}

/// The position of a word: "argument 3".
fn place(word: &str, typed: &Typed<'_>) -> String {
    match typed.position(word) {
        Some(at) => format!("argument {}", at + 1),
        None => "an argument".to_owned(),
    }
}

/// What an unexpected word was probably meant to be.
fn meant_word(word: &str, typed: &Typed<'_>) -> Option<String> {
    match typed.path.as_str() {
        verb @ ("decode" | "verify" | "refresh") => Some(format!(
            "a token is one word; to read it from a variable: jwtctl {verb} --token-env TOKEN"
        )),
        "encode" => Some(claim_flag(word).unwrap_or_else(|| {
            "put CLAIMS in single quotes: jwtctl encode '{\"user_id\":123}'".to_owned()
        })),
        "key new" => algorithm_named(word).map(|alg| format!("jwtctl key new --alg {alg}")),
        _ => None,
    }
}

/// What to do instead of giving an unknown flag.
fn meant_flag(word: &str, typed: &Typed<'_>) -> Option<String> {
    let value = typed.value_of(word);
    let ours = synonyms::flag(word, value, |ours| typed.flag(ours).is_some());
    if let (None, Some(advice)) = (ours, synonyms::advice(word, &typed.path)) {
        return Some(advice);
    }
    let elsewhere = if ours.is_none() { verbs_with(word, typed.tool) } else { None };
    if elsewhere.is_some() {
        return elsewhere;
    }
    let mut flag = ours.map(str::to_owned).or_else(|| closest(word, typed))?;
    let is_global = typed.flag(&flag).is_some_and(Arg::is_global_set);
    // A time counted from now is a lifetime without its sign.
    let lifetime = value.and_then(|value| value.strip_prefix('+'));
    if let Some(lifetime) = lifetime.filter(|text| flag == "--ttl" && parse_duration(text).is_ok())
    {
        flag = format!("{flag} {lifetime}");
    }
    Some(if typed.is_before_verb(word) && !is_global {
        format!("did you mean jwtctl {} {flag}?", typed.path)
    } else {
        format!("did you mean {flag}?")
    })
}

/// The flag that begins with the word, or is one typing error away (two if it is long). clap's suggestions are looser.
fn closest(word: &str, typed: &Typed<'_>) -> Option<String> {
    let flags = typed.verb.get_arguments().filter_map(Arg::get_long).filter(|flag| *flag != "help");
    let flags = flags.map(|flag| format!("--{flag}"));
    let typos = |flag: &String| strsim::damerau_levenshtein(word, flag);
    let is_close = |flag: &String| {
        let is_start = word.len() >= 5 && flag.starts_with(word);
        is_start || typos(flag) <= (word.len() / 4).min(2)
    };
    flags.filter(|_| may_repeat_flag(word)).filter(is_close).min_by_key(typos)
}

/// Names the verbs that have a flag, if there are any.
fn verbs_with(flag: &str, tool: &Command) -> Option<String> {
    let has_it = |verb: &Command| verb.get_arguments().any(|arg| is_called(arg, flag));
    let names: Vec<_> =
        verbs(tool).filter(|(_, verb)| has_it(verb)).map(|(path, _)| path).collect();
    match &names[..] {
        [] => None,
        [one] => Some(format!("it is a flag of {one}")),
        [all @ .., last] => Some(format!("it is a flag of {} and {last}", all.join(", "))),
    }
}

/// What to write instead of a word that a flag does not accept.
fn meant_value(arg: &Arg, value: &str, words: &str, suggested: String) -> Option<String> {
    let of_key = arg.get_value_parser().type_id() == TypeId::of::<JwkAlgorithm>();
    let is_alg = of_key || arg.get_value_parser().type_id() == TypeId::of::<Algorithm>();
    if value.eq_ignore_ascii_case("RSA1_5") {
        return Some("RSA1_5 is insecure and refused: RSA-OAEP-256 uses the same keys".to_owned());
    }
    if value.contains(',') && matches!(arg.get_action(), ArgAction::Append) {
        return Some(format!("repeat {} for each one", long(arg)));
    }
    if is_alg && value.eq_ignore_ascii_case("none") {
        return Some("unsigned tokens are neither created nor accepted".to_owned());
    }
    let key_alg = KeyAlgorithm::ALL.into_iter().find(|alg| alg.name().eq_ignore_ascii_case(value));
    match key_alg {
        Some(alg) if is_alg && !of_key => {
            return Some(format!("{alg} encrypts: --key-alg {alg}, with --encrypt-to PATH"));
        }
        Some(KeyAlgorithm::Dir) if of_key => {
            return Some(
                "a secret for dir is made for the content's algorithm: --alg A256GCM".into(),
            );
        }
        Some(KeyAlgorithm::Pbes2(_)) if of_key => {
            return Some("its key is a password, which you choose".to_owned());
        }
        _ if of_key && value.eq_ignore_ascii_case("X25519") => {
            return Some("--alg ECDH-ES --curve X25519".to_owned());
        }
        _ => {}
    }
    let same = || words.split(", ").find(|word| word.eq_ignore_ascii_case(value));
    let alg = algorithm_named(value).filter(|_| is_alg);
    // `ML-DSA` begins three names.
    let begins = |word: &&str| value.len() > 1 && word.starts_with(value);
    let longer: Vec<_> = words.split(", ").filter(begins).collect();
    let suggested = if let 2..=4 = longer.len() { longer.join(" or ") } else { suggested };
    let word = alg.or_else(same).map_or(suggested, str::to_owned);
    (!word.is_empty()).then(|| format!("did you mean {word}?"))
}

/// What to write instead of `help` with the verb of another verb, as in `help new`.
fn topic(word: &str, typed: &Typed<'_>) -> Option<String> {
    let is_inner = |path: &String| path.split_once(' ').is_some_and(|(_, inner)| inner == word);
    let path = verbs(typed.tool).map(|(path, _)| path).find(is_inner)?;
    (typed.path == "help").then(|| format!("did you mean jwtctl help {path}?"))
}

/// An algorithm by its own name, or the default of a key type or curve.
fn algorithm_named(word: &str) -> Option<&'static str> {
    let types = [("rsa", KeyType::Rsa), ("hmac", KeyType::Hmac), ("oct", KeyType::Hmac)];
    let types = types.into_iter().map(|(name, key_type)| (name.to_owned(), key_type));
    let curves = Curve::ALL.map(|curve| (curve.to_string(), KeyType::Ec(curve)));
    let types = types.chain([("ec".to_owned(), KeyType::Ec(Curve::P256))]).chain(curves);
    let names = Algorithm::ALL.into_iter().map(|alg| (alg.name().to_owned(), Some(alg)));
    let mut known = names.chain(types.map(|(name, key_type)| (name, key_type.algorithms().next())));
    known.find(|(name, _)| name.eq_ignore_ascii_case(word))?.1.map(Algorithm::name)
}

fn bad_value(error: &Error, arg: &Arg, value: &str, typed: &Typed<'_>) -> Message {
    let fault = error.source().and_then(|source| source.downcast_ref::<ValueError>());
    let Some(fault) = fault else { return (format!("{arg}: not a value that it takes"), None) };
    let shown = fault.shown(value).map(|value| format!("{value:?} is ")).unwrap_or_default();
    let hint = match (fault, typed.path.as_str()) {
        (ValueError::TokenAsSecret, "encode") => Some("jwtctl encode -S SECRET CLAIMS".to_owned()),
        (ValueError::TokenAsSecret, "refresh") => Some("jwtctl refresh -S SECRET TOKEN".to_owned()),
        (ValueError::TokenAsSecret, _) => Some("jwtctl verify -S SECRET TOKEN".to_owned()),
        _ => fault.hint(&long(arg), value),
    };
    (format!("{arg}: {shown}{fault}"), hint)
}

fn conflict(arg: &Arg, others: &str, typed: &Typed<'_>) -> Message {
    let flags = typed.flags();
    // clap names all flags of a group, typed or not.
    let is_typed = |other: &&str| flags.iter().any(|flag| flag.arg.to_string() == **other);
    let typed: Vec<_> = others.split(", ").filter(is_typed).collect();
    let others = if typed.is_empty() { others.to_owned() } else { typed.join(", ") };
    if others.is_empty() || others == arg.to_string() {
        return (format!("{arg} is given twice"), None);
    }
    (format!("{arg} cannot be used with {others}"), Some("use only one of them".to_owned()))
}
