//! How each kind of value on the command line is read.

use std::ffi::OsString;
use std::num::NonZero;

use clap::Arg;
use clap::builder::{
    OsStringValueParser, PossibleValuesParser, StringValueParser, TypedValueParser,
};

use super::value_error::{MOST_THREADS, TimeKind, ValueError};
use crate::json::{Selector, Value};
use crate::keys::Algorithm;
use crate::output::ColorChoice;
use crate::request::{Assignment, NamedPath, NamedVariable, PathOrStdin, TextSource};
use crate::secret::Secret;
use crate::time::{When, parse_duration, parse_when};

/// The value name of durations in the help, by which flags that take one are recognized.
pub(crate) const DURATION: &str = "D";
/// The same for points in time.
pub(crate) const TIME: &str = "TIME";

pub(crate) const COLORS: [(&str, ColorChoice); 3] =
    [("auto", ColorChoice::Auto), ("always", ColorChoice::Always), ("never", ColorChoice::Never)];

/// Whether a flag takes a value with this name in the help.
pub(crate) fn takes(arg: &Arg, value_name: &str) -> bool {
    arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == value_name))
}

/// Reads one of these words as the value beside it.
pub(crate) fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    words: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words.map(|(word, _)| word)).map(move |typed: String| {
        let found = words.iter().find(|(word, _)| *word == typed);
        found.expect("the parser lets known words through").1
    })
}

pub(crate) fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    one_of(Algorithm::ALL.map(|alg| (alg.name(), alg)))
}

pub(crate) fn duration(text: &str) -> Result<i64, ValueError> {
    parse_duration(text).map_err(|error| ValueError::Time(TimeKind::Duration, error))
}

pub(crate) fn lifetime(text: &str) -> Result<i64, ValueError> {
    parse_duration(text).map_err(|error| ValueError::Time(TimeKind::Lifetime, error))
}

pub(crate) fn time(text: &str) -> Result<When, ValueError> {
    parse_when(text).map_err(|error| ValueError::Time(TimeKind::Instant, error))
}

pub(crate) fn expiry(text: &str) -> Result<When, ValueError> {
    parse_when(text).map_err(|error| ValueError::Time(TimeKind::Expiry, error))
}

/// How long the network may take: from a second to an hour, in seconds.
pub(crate) fn timeout(text: &str) -> Result<u64, ValueError> {
    let seconds = u64::try_from(duration(text)?).ok();
    seconds.filter(|seconds| (1..=60 * 60).contains(seconds)).ok_or(ValueError::Timeout)
}

pub(crate) fn threads(text: &str) -> Result<NonZero<usize>, ValueError> {
    let number = text.parse().ok().filter(|number: &NonZero<usize>| number.get() <= MOST_THREADS);
    number.ok_or(ValueError::Threads)
}

pub(crate) fn secret(text: OsString) -> Result<Secret, ValueError> {
    let secret = Secret::new(text.into_encoded_bytes());
    let bytes = secret.expose();
    let is_token = bytes.starts_with(b"eyJ") && bytes.split(|b| *b == b'.').count() == 3;
    if is_token { Err(ValueError::TokenAsSecret) } else { Ok(secret) }
}

/// The variable that the flag `by` names.
pub(crate) fn variable(by: &'static str) -> impl TypedValueParser<Value = NamedVariable> {
    StringValueParser::new().map(move |name| NamedVariable { by, name })
}

/// The path that the flag `by` names.
pub(crate) fn path(by: &'static str) -> impl TypedValueParser<Value = NamedPath> {
    OsStringValueParser::new().map(move |path| NamedPath { by, name: path_or_stdin(path) })
}

/// [`variable`], which refuses an empty name.
pub(crate) fn some_variable(by: &'static str) -> impl TypedValueParser<Value = NamedVariable> {
    move |name: &str| text(name).map(|name| NamedVariable { by, name })
}

/// [`path`], which refuses an empty path.
pub(crate) fn some_path(by: &'static str) -> impl TypedValueParser<Value = NamedPath> {
    OsStringValueParser::new().try_map(move |path| match path {
        path if path.is_empty() => Err(ValueError::Empty),
        path => Ok(NamedPath { by, name: path_or_stdin(path) }),
    })
}

pub(crate) fn path_or_stdin(path: OsString) -> PathOrStdin {
    if path == "-" { PathOrStdin::Stdin } else { PathOrStdin::Path(path.into()) }
}

/// `-`, `@PATH`, or the text itself.
pub(crate) fn text_source(text: OsString) -> TextSource {
    match text.to_str() {
        Some("-") => TextSource::Stdin,
        Some(at_path) if at_path.starts_with('@') => TextSource::File(at_path[1..].into()),
        _ => TextSource::Given(text),
    }
}

/// A text that is not empty: an empty one is usually a variable that is not set.
pub(crate) fn text(text: &str) -> Result<String, ValueError> {
    if text.is_empty() { Err(ValueError::Empty) } else { Ok(text.to_owned()) }
}

/// `NAME=TEXT` or `NAME:=JSON`, split at the first `=` or `:=`.
pub(crate) fn assignment(text: &str) -> Result<Assignment, ValueError> {
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

/// [`assignment`], to what a JSON Pointer may lead to.
pub(crate) fn expected(text: &str) -> Result<(Selector, Value), ValueError> {
    let Assignment { name, value } = assignment(text)?;
    Ok((selector(&name)?, value))
}

/// A claim's name, or a JSON Pointer (RFC 6901) if it begins with `/`.
pub(crate) fn selector(text: &str) -> Result<Selector, ValueError> {
    let path = match text.strip_prefix('/') {
        None => vec![self::text(text)?],
        Some(pointer) => pointer.split('/').map(unescaped).collect::<Result<_, _>>()?,
    };
    Ok(Selector { text: text.to_owned(), path })
}

fn unescaped(token: &str) -> Result<String, ValueError> {
    let mut escapes = token.split('~').skip(1);
    if escapes.all(|after| after.starts_with(['0', '1'])) {
        Ok(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Err(ValueError::Pointer)
    }
}

/// A number if `id` is an integer as JSON would write it, else a string.
pub(crate) fn user_id(id: &str) -> Result<Value, ValueError> {
    let digits = id.strip_prefix('-').unwrap_or(id);
    let is_integer = digits.bytes().all(|b| b.is_ascii_digit()) && id != "-0";
    Ok(match Value::parse(text(id)?.as_bytes()) {
        Ok(number) if is_integer => number,
        _ => Value::string(id),
    })
}
