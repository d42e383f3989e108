//! Single values of the command line: how each is read, and the words that may stand for it.

use std::ffi::OsString;
use std::fmt;
use std::num::NonZero;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::json::{JsonError, Selector, Value};
use crate::keys::{Algorithm, Format as KeyFormat, SecretFormat};
use crate::request::Assignment;
use crate::secret::{Secret, may_hold_secret};
use crate::time::{TimeError, When, parse_duration, parse_when};

/// What `jwtctl help` knows.
pub(super) const TOPICS: [&str; 10] = [
    "encode",
    "decode",
    "verify",
    "refresh",
    "key",
    "completions",
    "man",
    "help",
    EXIT_CODES,
    PROBLEM_CODES,
];

/// The topics, and the verbs' aliases, which are known and not listed.
pub(super) fn topics() -> Vec<PossibleValue> {
    let hidden = ["sign", "inspect", "completion"].into_iter().chain(KEY_VERBS);
    let hidden = hidden.map(|word| PossibleValue::new(word).hide(true));
    TOPICS.map(PossibleValue::new).into_iter().chain(hidden).collect()
}

/// The verbs of `key`.
pub(super) const KEY_VERBS: [&str; 6] = ["new", "show", "public", "convert", "thumbprint", "set"];

/// The topics that are no verbs.
pub(super) const EXIT_CODES: &str = "exit-codes";
pub(super) const PROBLEM_CODES: &str = "codes";

/// The shells that completions are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    Nushell,
}

/// A number of threads, not more than any machine needs.
pub(super) fn threads(text: &str) -> Result<NonZero<usize>, ValueError> {
    let number = text.parse().ok().filter(|number: &NonZero<usize>| number.get() <= MOST_THREADS);
    number.ok_or(ValueError::Threads)
}

const MOST_THREADS: usize = 1024;

/// How long the network may take, in seconds.
pub(super) fn timeout(text: &str) -> Result<u64, ValueError> {
    let seconds = parse_duration(text).map_err(ValueError::Time)?;
    let seconds =
        u64::try_from(seconds).ok().filter(|seconds| (1..=LONGEST_WAIT).contains(seconds));
    seconds.ok_or(ValueError::Wait)
}

/// An hour, in seconds.
const LONGEST_WAIT: u64 = 60 * 60;

pub(super) fn when(text: &str) -> Result<When, TimeError> {
    parse_when(text)
}

pub(super) fn secret(text: OsString) -> Secret {
    Secret::new(text.into_encoded_bytes())
}

#[allow(clippy::needless_pass_by_value, reason = "as the parser's map wants it")]
pub(super) fn algorithm(name: String) -> Algorithm {
    name.parse().expect("the parser lets known names through")
}

#[allow(clippy::needless_pass_by_value, reason = "as the parser's map wants it")]
pub(super) fn format(name: String) -> SecretFormat {
    let known = SecretFormat::ALL.into_iter().find(|format| format.name() == name);
    known.expect("the parser lets known names through")
}

#[allow(clippy::needless_pass_by_value, reason = "as the parser's map wants it")]
pub(super) fn key_format(name: String) -> KeyFormat {
    let known = KeyFormat::ALL.into_iter().find(|format| format.name() == name);
    known.expect("the parser lets known names through")
}

/// Why a text is no `NAME=TEXT` or `NAME:=JSON`, or no JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueError {
    NoEquals,
    NoName,
    Empty,
    Json(JsonError),
    Pointer,
    Threads,
    Time(TimeError),
    Wait,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEquals => f.write_str("neither NAME=TEXT nor NAME:=JSON"),
            Self::NoName => f.write_str("there is no name before the '='"),
            Self::Empty => f.write_str("it is empty; is the variable set?"),
            Self::Json(error) => write!(f, "what follows := {error}"),
            Self::Threads => write!(f, "not a number from 1 to {MOST_THREADS}"),
            Self::Pointer => f.write_str("'~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)"),
            Self::Time(error) => error.fmt(f),
            Self::Wait => f.write_str("from 1s to 1h"),
        }
    }
}

impl std::error::Error for ValueError {}

/// `NAME=TEXT` or `NAME:=JSON`, split at the first `=` or `:=`.
pub(super) fn assignment(text: &str) -> Result<Assignment, ValueError> {
    let (name, value) = text.split_once('=').ok_or(ValueError::NoEquals)?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => (name, Value::parse(value.as_bytes()).map_err(ValueError::Json)?),
        None => (name, Value::string(value)),
    };
    if name.is_empty() {
        return Err(ValueError::NoName);
    }
    Ok(Assignment { name: name.to_owned(), value })
}

/// For `NAME=TEXT` in the place of CLAIMS: the flag that takes it. It repeats what is short and plain.
pub(super) fn as_claim(text: &str) -> Option<String> {
    let (name, value) = text.split_once('=')?;
    let (name, form) = match name.strip_suffix(':') {
        Some(name) => (name, "'NAME:=JSON'"),
        None => (name, "NAME=TEXT"),
    };
    let belongs = |c: char| c.is_ascii_alphanumeric() || "_-./:".contains(c);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(belongs);
    if !is_name || value.is_empty() || value.starts_with('=') {
        return None;
    }
    let is_plain = |text: &str, and: &str| {
        text.len() <= 16 && text.chars().all(|c| c.is_ascii_alphanumeric() || and.contains(c))
    };
    let may_repeat = is_plain(name, "_") && is_plain(value, "_-.@") && !may_hold_secret(text);
    Some(if may_repeat && assignment(text).is_ok() {
        format!("--claim {text}")
    } else {
        format!("--claim {form}")
    })
}

/// `PATH=TEXT` or `PATH:=JSON`, for a claim that is expected.
pub(super) fn expected(text: &str) -> Result<(Selector, Value), ValueError> {
    let Assignment { name, value } = assignment(text)?;
    Ok((selector(&name)?, value))
}

/// A claim that must be there.
pub(super) fn required(path: &str) -> Result<Selector, ValueError> {
    text(path).and_then(|path| selector(&path))
}

/// A claim's name, or a JSON Pointer (RFC 6901) if it begins with `/`.
pub(super) fn selector(text: &str) -> Result<Selector, ValueError> {
    let path = match text.strip_prefix('/') {
        None => vec![self::text(text)?],
        Some(pointer) => pointer.split('/').map(reference_token).collect::<Result<_, _>>()?,
    };
    Ok(Selector { text: text.to_owned(), path })
}

fn reference_token(escaped: &str) -> Result<String, ValueError> {
    let mut pieces = escaped.split('~');
    let mut token = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (c, rest) = match piece.as_bytes().first() {
            Some(b'0') => ('~', &piece[1..]),
            Some(b'1') => ('/', &piece[1..]),
            _ => return Err(ValueError::Pointer),
        };
        token.push(c);
        token.push_str(rest);
    }
    Ok(token)
}

/// A text that is not empty: an empty one is usually a variable that is not set.
pub(super) fn text(text: &str) -> Result<String, ValueError> {
    if text.is_empty() { Err(ValueError::Empty) } else { Ok(text.to_owned()) }
}

/// The same for a path.
pub(super) fn path(path: OsString) -> Result<OsString, ValueError> {
    if path.is_empty() { Err(ValueError::Empty) } else { Ok(path) }
}

/// `--user ID`: a number if ID is an integer as JSON would write it, else a string.
pub(super) fn user_id(id: &str) -> Result<Value, ValueError> {
    if id.is_empty() {
        return Err(ValueError::Empty);
    }
    let digits = id.strip_prefix('-').unwrap_or(id);
    let canonical = match digits.as_bytes() {
        [b'0'] => id == "0",
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    Ok(match Value::parse(id.as_bytes()) {
        Ok(number) if canonical => number,
        _ => Value::string(id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_split_at_the_first_equals() {
        for (text, name, value) in [
            ("a=b=c", "a", r#""b=c""#),
            ("a=", "a", r#""""#),
            ("n=5", "n", r#""5""#),
            ("n:=5", "n", "5"),
            ("n:={\"a\":[1.10]}", "n", "{\"a\":[1.10]}"),
            ("https://x.example/role=admin", "https://x.example/role", r#""admin""#),
            ("a=x:=y", "a", r#""x:=y""#),
            ("q=\"ü", "q", r#""\"ü""#),
        ] {
            let read = assignment(text).unwrap();
            assert_eq!((read.name.as_str(), read.value.text()), (name, value), "{text}");
        }
        assert_eq!(assignment("a").unwrap_err(), ValueError::NoEquals);
        assert_eq!(assignment("=a").unwrap_err(), ValueError::NoName);
        assert_eq!(assignment(":=1").unwrap_err(), ValueError::NoName);
        assert!(matches!(assignment("a:=x").unwrap_err(), ValueError::Json(_)));
    }

    #[test]
    fn only_canonical_integers_are_numbers_for_user() {
        for id in ["0", "123", "-5", "1234567890123456789012345678901234567890"] {
            assert_eq!(user_id(id).unwrap().text(), id);
        }
        assert_eq!(user_id(""), Err(ValueError::Empty));
        for id in ["007", "-0", "+5", "1.0", "1e3", "0x1", " 1", "1 ", "abc", "-", "٣"] {
            assert_eq!(user_id(id).unwrap().as_string().as_deref(), Some(id));
        }
    }

    #[test]
    fn selectors_are_names_or_pointers() {
        for (text, path) in [
            ("sub", vec!["sub"]),
            ("a/b~c", vec!["a/b~c"]),
            ("/realm_access/roles/0", vec!["realm_access", "roles", "0"]),
            ("/a~1b/~0c~01", vec!["a/b", "~c~1"]),
            ("/", vec![""]),
        ] {
            assert_eq!(selector(text).unwrap().path, path, "{text}");
        }
        for text in ["/~", "/a~2"] {
            assert_eq!(selector(text).unwrap_err(), ValueError::Pointer);
        }
    }
}
