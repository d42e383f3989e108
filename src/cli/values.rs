//! How each kind of value on the command line is read; why one is not accepted, and what to write instead.

use std::ffi::{OsStr, OsString};
use std::num::NonZero;

use clap::builder::{OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use super::words::{self, WordsError};
use crate::json::{JsonError, Selector, Value};
use crate::keys::{
    AgentChoice, Algorithm, CertificateOid, SecretFormat, SubjectName, SubjectNameError,
};
use crate::output::ColorChoice;
use crate::request::{
    Assignment, KeyLocation, KeyRequest, NamedKey, PathOrStdin, SignerCommand, TextSource,
};
use crate::secret::Secret;
use crate::time::{
    TimeError, When, corrected_duration, corrected_when, parse_duration, parse_when,
};
use crate::token::ITERATIONS;

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

/// Parses one of these words, in any case, into its value.
pub(crate) fn one_of<T: Copy + Send + Sync + 'static>(
    words: impl IntoIterator<Item = (&'static str, T)>,
) -> impl TypedValueParser<Value = T> {
    OneOf(words.into_iter().collect())
}

/// The value of a word, in any case.
pub(crate) fn find_word<T: Copy>(words: &[(&str, T)], typed: &str) -> Option<T> {
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(typed)).map(|(_, value)| *value)
}

/// The words that a flag takes, and their values.
#[derive(Clone)]
struct OneOf<T>(Vec<(&'static str, T)>);

impl<T: Copy + Send + Sync + 'static> TypedValueParser for OneOf<T> {
    type Value = T;

    fn parse_ref(&self, tool: &Command, arg: Option<&Arg>, typed: &OsStr) -> Result<T, Error> {
        let found = typed.to_str().and_then(|typed| find_word(&self.0, typed));
        // clap's own parser makes the error, with the word that was probably meant.
        found.map_or_else(
            || {
                let words = PossibleValuesParser::new(self.0.iter().map(|(word, _)| *word));
                words.parse_ref(tool, arg, typed).and(Err(Error::new(ErrorKind::InvalidValue)))
            },
            Ok,
        )
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|(word, _)| PossibleValue::new(*word))))
    }
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

/// The time limit for fetching keys in seconds, from a second to an hour.
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

/// Where a secret is, and its format if that is written before its name.
#[derive(Debug, Clone)]
pub(crate) struct SecretName {
    location: KeyLocation,
    format: Option<SecretFormat>,
}

impl SecretName {
    /// The secret, which a flag names.
    pub(crate) fn named(self, by: &'static str) -> NamedKey {
        NamedKey { format: self.format, ..NamedKey::new(by, self.location) }
    }

    /// The request for the secret, which is text if no format says otherwise.
    pub(crate) fn request(self, by: &'static str) -> KeyRequest {
        let sources = vec![self.named(by)];
        KeyRequest { sources, format: Some(SecretFormat::Text), ..KeyRequest::default() }
    }
}

/// Like [`secret_name`], and `authjs:NAME` for the secret that Auth.js derives its keys from, or `authjs:NAME:COOKIE`.
pub(crate) fn decrypting_secret_name(typed: &str) -> Result<SecretName, ValueError> {
    let rest = match typed.split_once(':') {
        Some((word, rest)) if word.eq_ignore_ascii_case("authjs") => rest,
        _ => return secret_name(typed),
    };
    let (name, cookie) = match rest.split_once(':') {
        Some((name, cookie)) => (name, Some(text(cookie)?)),
        None => (rest, None),
    };
    let location = KeyLocation::AuthJs(text(name)?, cookie);
    Ok(SecretName { location, format: None })
}

/// The name of a variable: `NAME`, or `FORMAT:NAME`.
pub(crate) fn secret_name(typed: &str) -> Result<SecretName, ValueError> {
    let (format, name) = with_format(typed);
    Ok(SecretName { location: KeyLocation::SecretEnv(text(name)?), format })
}

/// A file: `PATH`, or `FORMAT:PATH`. One whose name begins with a format is `./FORMAT:NAME`.
pub(crate) fn secret_file(typed: OsString) -> SecretName {
    let (format, file) = match typed.to_str().map(with_format) {
        Some((Some(format), path)) => (Some(format), path_or_stdin(path.into())),
        _ => (None, path_or_stdin(typed)),
    };
    SecretName { location: KeyLocation::SecretFile(file), format }
}

/// The `FORMAT:` of a path, which may be empty, and the path.
pub(crate) fn path_prefix(typed: &str) -> (&str, &str) {
    let (_, path) = with_format(typed);
    typed.split_at(typed.len() - path.len())
}

fn with_format(typed: &str) -> (Option<SecretFormat>, &str) {
    let prefixed = typed.split_once(':').and_then(|(word, name)| {
        let formats = SecretFormat::ALL.map(|format| (format.name(), format));
        Some((find_word(&formats, word)?, name))
    });
    prefixed.map_or((None, typed), |(format, name)| (Some(format), name))
}

/// Which key of an SSH agent is meant.
pub(crate) fn agent_choice(typed: &str) -> Result<AgentChoice, ValueError> {
    text(typed).map(|typed| AgentChoice::of(&typed))
}

/// A command, split into words.
pub(crate) fn command(typed: &str) -> Result<SignerCommand, ValueError> {
    words::split(typed).map(SignerCommand).map_err(ValueError::Words)
}

/// The name of a certificate's subject.
pub(crate) fn subject_name(typed: &str) -> Result<SubjectName, ValueError> {
    SubjectName::parse(typed).map_err(|error| match error {
        SubjectNameError::Empty => ValueError::Empty,
        error => ValueError::Name(error),
    })
}

/// An object identifier; `issuer:` before it says that it is about the certificate of the issuer.
pub(crate) fn certificate_oid(typed: &str) -> Result<(CertificateOid, bool), ValueError> {
    let of_issuer = typed.strip_prefix("issuer:");
    let oid = CertificateOid::parse(of_issuer.unwrap_or(typed)).ok_or(ValueError::Oid)?;
    Ok((oid, of_issuer.is_some()))
}

/// How often PBES2 iterates.
pub(crate) fn iterations(text: &str) -> Result<u32, ValueError> {
    text.parse().ok().filter(|count| ITERATIONS.contains(count)).ok_or(ValueError::Iterations)
}

pub(crate) fn path() -> impl TypedValueParser<Value = PathOrStdin> {
    OsStringValueParser::new().map(path_or_stdin)
}

/// [`path`], which refuses an empty path.
pub(crate) fn some_path() -> impl TypedValueParser<Value = PathOrStdin> {
    OsStringValueParser::new().try_map(|path| {
        if path.is_empty() { Err(ValueError::Empty) } else { Ok(path_or_stdin(path)) }
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

/// What a claim is expected to be.
#[derive(Debug, Clone)]
pub(crate) enum Expected {
    /// It equals this value.
    Equal(Selector, Value),
    /// It contains this text, as an item or as a word.
    Containing(Selector, String),
}

/// `PATH=TEXT`, `PATH:=JSON` or `PATH~=TEXT`: like [`assignment`], but the name may be a JSON Pointer.
pub(crate) fn expected(typed: &str) -> Result<Expected, ValueError> {
    if let Some((path, wanted)) = typed.split_once('=')
        && let Some(path) = path.strip_suffix('~')
    {
        let path = if path.is_empty() { Err(ValueError::NoName) } else { selector(path) };
        return Ok(Expected::Containing(path?, text(wanted)?));
    }
    let Assignment { name, value } = assignment(typed)?;
    Ok(Expected::Equal(selector(&name)?, value))
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

/// The most threads that a stream may have.
const MOST_THREADS: usize = 1024;

/// Why a flag does not accept a value.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ValueError {
    #[error("neither NAME=TEXT nor NAME:=JSON")]
    NoEquals,
    #[error("there is no name before the '='")]
    NoName,
    #[error("the text after := {0}")]
    Json(JsonError),
    #[error("it is empty; is the variable set?")]
    Empty,
    #[error("'~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)")]
    Pointer,
    #[error("not a number from 1 to {MOST_THREADS}")]
    Threads,
    #[error("not a number from {} to {}", ITERATIONS.start(), ITERATIONS.end())]
    Iterations,
    #[error("not an object identifier, such as 1.2.840.113635.100.6.11.1")]
    Oid,
    #[error("{0}")]
    Name(SubjectNameError),
    #[error("not from 1s to 1h")]
    Timeout,
    /// The user probably forgot the secret, so the token was taken as the flag's value.
    #[error("a token, not a secret")]
    TokenAsSecret,
    #[error("{0}")]
    Words(WordsError),
    #[error("{1}")]
    Time(TimeKind, TimeError),
}

/// What kind of time a flag takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TimeKind {
    Duration,
    /// A duration until `exp`.
    Lifetime,
    Instant,
    /// `exp` as a point in time.
    Expiry,
}

impl ValueError {
    /// What was typed, if it resembles a time so much that it cannot be a secret.
    pub(crate) fn shown<'a>(&self, value: &'a str) -> Option<&'a str> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " :+.-".contains(c);
        let unsigned = value.trim_start_matches(['+', '-']);
        let is_time_like = unsigned.starts_with(|c: char| c.is_ascii_digit())
            && value.len() <= 24
            && value.chars().all(is_plain);
        (matches!(self, Self::Time(..)) && is_time_like).then_some(value)
    }

    /// What to write instead of `value`.
    pub(crate) fn hint(&self, flag: &str, value: &str) -> Option<String> {
        let write = |meant: &str| format!("write {flag} {meant}");
        let no_sign = |kind, duration: &str| match kind {
            TimeKind::Expiry => format!("for a lifetime: --ttl {duration}"),
            _ => format!("from now on: +{duration}; before now: -{duration}"),
        };
        Some(match self {
            Self::NoEquals | Self::NoName | Self::Json(_) => {
                format!("{flag} role=admin is a string, {flag} 'roles:=[\"admin\"]' is JSON")
            }
            Self::Name(SubjectNameError::Wildcard) => {
                "name the host itself, such as api.example.com: a wildcard in its certificate matches it".to_owned()
            }
            Self::Name(SubjectNameError::Port(host)) => write(host),
            Self::Name(SubjectNameError::NotAscii) => {
                "write it as certificates do: bücher.example is xn--bcher-kva.example".to_owned()
            }
            Self::Time(_, TimeError::UpperCase) => {
                format!("{}; a capital M could be months", write(&value.to_ascii_lowercase()))
            }
            Self::Time(_, TimeError::NoZone) => {
                let utc = write(&corrected_when(value)?);
                format!("{utc} for UTC; an offset such as +02:00 works too")
            }
            Self::Time(TimeKind::Lifetime, TimeError::Negative) => {
                format!("for a token that has expired: --exp {value}")
            }
            Self::Time(kind, TimeError::DurationWithoutSign) => no_sign(*kind, value),
            Self::Time(kind, TimeError::NotADuration | TimeError::NotATime) => {
                let value = self.shown(value)?;
                match (kind, corrected_duration(value)) {
                    (TimeKind::Duration | TimeKind::Lifetime, meant) => write(&meant?),
                    (kind, Some(meant)) => no_sign(*kind, &meant),
                    (_, None) => write(&corrected_when(value)?),
                }
            }
            _ => return None,
        })
    }
}
