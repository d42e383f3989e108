//! Where texts and keys come from: flags, files, variables, standard input; which one wins.
//! It reads and hands on; what the bytes mean is decided in `token` and `keys`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{KeyInHand, paths};
use crate::env::Env;
use crate::io::{Bounded, StdinError, read_file};
use crate::keys::{self, Key, KeyError, MAX_KEY, Origin, SecretFormat};
use crate::problem::{Problem, UsageError};
use crate::secret::{Secret, may_repeat_name};
use crate::signature::LoadedKey;
use crate::token::{MAX_TOKEN, Malformed, Unverified};

/// A text as a user names it: a token or CLAIMS.
#[derive(Debug, Clone)]
pub enum TextSource {
    /// The text itself.
    Given(OsString),
    /// `@PATH`
    File(PathBuf),
    /// `-`
    Stdin,
    /// Not named: standard input, unless that is a terminal.
    Piped,
}

/// A path, or `-` for standard input.
#[derive(Debug, Clone)]
pub enum PathOrStdin {
    /// A path.
    Path(PathBuf),
    /// `-`
    Stdin,
}

/// Where a flag says the key is.
#[derive(Debug)]
pub enum KeySource {
    /// `--secret`
    Secret(Secret),
    /// `--secret-env`, `--sign-secret-env`
    SecretEnv(NamedVariable),
    /// `--secret-file`
    SecretFile(NamedPath),
    /// `--key`, `--sign-key`
    KeyFile(NamedPath),
    /// `--key-env`
    KeyEnv(NamedVariable),
}

/// A variable, and the flag that names it.
#[derive(Debug, Clone)]
pub struct NamedVariable {
    /// The flag; the variable itself where no flag names it.
    pub by: &'static str,
    /// Its name.
    pub name: String,
}

/// A path, and the flag or variable that names it.
#[derive(Debug, Clone)]
pub struct NamedPath {
    /// The flag or variable.
    pub by: &'static str,
    /// What it names.
    pub path: PathOrStdin,
}

/// Which key is asked for.
#[derive(Debug)]
pub struct KeyRequest {
    /// What a flag says; without one, the environment is asked.
    pub source: Option<KeySource>,
    /// `--secret-format`; without it, the environment is asked.
    pub format: Option<SecretFormat>,
}

/// What may stand around a text, in bytes, without counting for its size.
const AROUND: usize = 1024;

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";

/// Reads a text, up to the bound of a token and of what may stand around it.
fn text(
    source: &TextSource,
    purpose: &'static str,
    verb: &'static str,
    env: &mut Env<'_>,
) -> Result<Bounded, Problem> {
    match source {
        TextSource::Given(text) => {
            let mut bytes = text.clone().into_encoded_bytes();
            let cut = bytes.len() > MAX_TOKEN + AROUND;
            bytes.truncate(MAX_TOKEN + AROUND);
            Ok(Bounded { bytes, cut })
        }
        TextSource::File(path) => {
            let what = || paths::shown(path);
            read_file(path, MAX_TOKEN + AROUND).map_err(|error| Problem::Io {
                doing: "read",
                what: what(),
                error,
            })
        }
        TextSource::Piped if env.stdin.is_terminal() => {
            Err(Problem::Usage(UsageError::NoToken { verb }))
        }
        TextSource::Stdin | TextSource::Piped => stdin(purpose, MAX_TOKEN + AROUND, env),
    }
}

/// Reads a token and takes it apart.
pub(super) fn token(
    source: &TextSource,
    verb: &'static str,
    env: &mut Env<'_>,
) -> Result<Unverified, Vec<Problem>> {
    let read = text(source, "the token", verb, env).map_err(|problem| vec![problem])?;
    let parsed = if read.cut { Err(Malformed::TooLarge) } else { Unverified::parse(&read.bytes) };
    parsed.map_err(|malformed| {
        let is_file = matches!(source, TextSource::Given(text) if Path::new(text).is_file());
        vec![if is_file { Problem::FileAsToken { verb } } else { Problem::Token(malformed) }]
    })
}

/// Reads CLAIMS.
pub(super) fn claims(source: &TextSource, env: &mut Env<'_>) -> Result<Vec<u8>, Problem> {
    let read = text(source, "CLAIMS", "encode", env)?;
    if read.cut {
        return Err(Problem::Usage(UsageError::ClaimsTooLarge));
    }
    Ok(read.bytes)
}

fn stdin(purpose: &'static str, limit: usize, env: &mut Env<'_>) -> Result<Bounded, Problem> {
    env.stdin.read(purpose, limit).map_err(|error| match error {
        StdinError::Taken { by } => {
            Problem::Usage(UsageError::StdinTwice { first: by, second: purpose })
        }
        StdinError::Io(error) => {
            Problem::Io { doing: "read", what: "standard input".to_owned(), error }
        }
    })
}

/// Finds the key: what a flag names, else what the environment holds.
pub(super) fn key(request: &KeyRequest, env: &mut Env<'_>) -> Result<KeyInHand, Vec<Problem>> {
    find(request, env).map_err(|problem| vec![problem])
}

fn find(request: &KeyRequest, env: &mut Env<'_>) -> Result<KeyInHand, Problem> {
    let from_environment;
    let source = if let Some(source) = &request.source {
        source
    } else {
        from_environment = environment(env)?;
        &from_environment
    };
    let (origin, bytes) = fetch(source, env)?;
    let read: Result<Key, KeyError> = match source {
        KeySource::KeyFile(_) => bytes.and_then(|bytes| keys::read_key(&bytes)),
        KeySource::KeyEnv(_) => bytes.and_then(|text| keys::read_key(&with_line_breaks(&text))),
        KeySource::Secret(_) | KeySource::SecretEnv(_) | KeySource::SecretFile(_) => {
            let format = format(request, env)?;
            let from_file = matches!(source, KeySource::SecretFile(_));
            bytes.and_then(|bytes| keys::read_secret(&bytes, format, from_file))
        }
    };
    match read.and_then(LoadedKey::load) {
        Ok(loaded) => Ok(KeyInHand { loaded, origin }),
        Err(error) => Err(Problem::Key { origin, error }),
    }
}

/// The bytes of a key, and where they came from as the user knows it.
fn fetch(
    source: &KeySource,
    env: &mut Env<'_>,
) -> Result<(Origin, Result<Secret, KeyError>), Problem> {
    Ok(match source {
        KeySource::Secret(secret) => (Origin::Named("--secret"), Ok(secret.clone())),
        KeySource::SecretEnv(named) | KeySource::KeyEnv(named) => variable(named, env),
        KeySource::SecretFile(named) | KeySource::KeyFile(named) => match &named.path {
            PathOrStdin::Stdin => (Origin::Stdin(named.by), whole(stdin("the key", MAX_KEY, env)?)),
            PathOrStdin::Path(path) => file(named.by, path),
        },
    })
}

/// The bytes of a key file. A path that is empty, or may be the key itself, is not named as its origin.
fn file(by: &'static str, path: &Path) -> (Origin, Result<Secret, KeyError>) {
    if path.as_os_str().is_empty() {
        return (Origin::Named(by), Err(KeyError::Empty));
    }
    match read_file(path, MAX_KEY) {
        Ok(read) => (Origin::File(path.to_owned()), whole(read)),
        Err(_) if !path.exists() && !paths::may_repeat_path(path) => {
            (Origin::Named(by), Err(KeyError::PathMaybeSecret))
        }
        Err(error) => (Origin::File(path.to_owned()), Err(KeyError::Unreadable(error))),
    }
}

/// A variable often holds a PEM on one line, its line breaks written as `\n` or `\r\n`.
fn with_line_breaks(text: &Secret) -> Secret {
    let mut bytes = Vec::with_capacity(text.expose().len());
    let mut rest = text.expose();
    while let Some((first, after)) = rest.split_first() {
        match after.split_first() {
            Some((letter @ (b'n' | b'r'), after_both)) if *first == b'\\' => {
                bytes.push(if *letter == b'n' { b'\n' } else { b'\r' });
                rest = after_both;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Secret::new(bytes)
}

/// The one key of the environment. A variable that is set and empty still counts, so that an empty
/// secret is an error and never a key that is missing.
fn environment(env: &Env<'_>) -> Result<KeySource, Problem> {
    match ((env.variable)(SECRET_VARIABLE), (env.variable)(KEY_VARIABLE)) {
        (Some(_), Some(_)) => {
            let variables = [SECRET_VARIABLE, KEY_VARIABLE];
            Err(Problem::Usage(UsageError::TwoKeys { variables }))
        }
        (Some(_), None) => {
            let name = SECRET_VARIABLE.to_owned();
            Ok(KeySource::SecretEnv(NamedVariable { by: SECRET_VARIABLE, name }))
        }
        (None, Some(path)) => {
            let path = PathOrStdin::Path(path.into());
            Ok(KeySource::KeyFile(NamedPath { by: KEY_VARIABLE, path }))
        }
        (None, None) => Err(Problem::Usage(UsageError::NoKey)),
    }
}

fn format(request: &KeyRequest, env: &Env<'_>) -> Result<SecretFormat, Problem> {
    if let Some(format) = request.format {
        return Ok(format);
    }
    let Some(word) = (env.variable)(FORMAT_VARIABLE) else { return Ok(SecretFormat::Text) };
    if word.is_empty() {
        let origin = Origin::Variable(FORMAT_VARIABLE.to_owned());
        return Err(Problem::Key { origin, error: KeyError::NoFormat });
    }
    SecretFormat::ALL.into_iter().find(|format| word.to_str() == Some(format.name())).ok_or_else(
        || {
            let words = SecretFormat::ALL.map(SecretFormat::name).join(", ");
            Problem::Usage(UsageError::Variable { name: FORMAT_VARIABLE, words })
        },
    )
}

fn variable(named: &NamedVariable, env: &Env<'_>) -> (Origin, Result<Secret, KeyError>) {
    let origin = Origin::Variable(named.name.clone());
    match (env.variable)(&named.name) {
        None if !may_repeat_name(&named.name) => {
            (Origin::Named(named.by), Err(KeyError::NameMaybeSecret))
        }
        None => (origin, Err(KeyError::NotSet)),
        Some(value) if value.is_empty() => (origin, Err(KeyError::Empty)),
        Some(value) => (origin, Ok(Secret::new(value.into_encoded_bytes()))),
    }
}

fn whole(read: Bounded) -> Result<Secret, KeyError> {
    let secret = Secret::new(read.bytes);
    if read.cut { Err(KeyError::TooLarge) } else { Ok(secret) }
}
