//! Where keys come from, and which source wins. It reads and hands on; what the bytes mean is decided in
//! `keys`.

use std::sync::Arc;

use super::bytes::{Found, NamedPath, NamedVariable, file, located, variable, whole};
use super::{PathOrStdin, stdin};
use crate::commands::KeyInHand;
use crate::diagnose::Written;
use crate::env::Env;
use crate::keys::{
    self, Encoding, KeyError, KeyFile, Keys, MAX_KEY, MAX_SECRET, Origin, SecretFormat,
};
use crate::problem::{Problem, UsageError};
use crate::secret::Secret;
use crate::signature::Ring;

/// Where a flag says the key is.
#[derive(Debug, Clone)]
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
    /// `--jwks`
    Jwks(NamedPath),
}

/// Which key is asked for.
#[derive(Debug, Clone, Default)]
pub struct KeyRequest {
    /// What a flag says; without one, the environment is asked.
    pub source: Option<KeySource>,
    /// `--secret-format`; without it, the environment is asked.
    pub format: Option<SecretFormat>,
    /// `--key-password-file`; without it, the environment is asked, then a person.
    pub password: Option<NamedPath>,
    /// `--allow-weak-key`
    pub allow_weak: bool,
}

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const JWKS_VARIABLE: &str = "JWTCTL_JWKS";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";
const PASSWORD_VARIABLE: &str = "JWTCTL_KEY_PASSWORD";

/// Finds the key or keys: what a flag names, else what the environment holds.
pub(in crate::commands) fn key(
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<KeyInHand, Vec<Problem>> {
    let found = named_or_environment(request, env).and_then(|read| {
        let (origin, ring) = from(read.origin, Ring::new(read.file.keys, request.allow_weak))?;
        Ok(KeyInHand { ring, origin, written: read.written })
    });
    found.map_err(|problem| vec![problem])
}

/// Reads what a flag names, else what the environment holds.
pub(in crate::commands) fn key_file(
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<(Origin, KeyFile), Problem> {
    named_or_environment(request, env).map(Read::into_file)
}

/// What a source holds: read, and as it is written.
struct Read {
    origin: Origin,
    file: KeyFile,
    written: Written,
}

impl Read {
    fn into_file(self) -> (Origin, KeyFile) {
        (self.origin, self.file)
    }
}

fn named_or_environment(request: &KeyRequest, env: &mut Env<'_>) -> Result<Read, Problem> {
    match &request.source {
        Some(source) => read(source, request, env),
        None => read(&environment(env)?.ok_or(Problem::Usage(UsageError::NoKey))?, request, env),
    }
}

/// Reads what a flag names, else what is piped in, else what the environment holds: for verbs whose
/// subject is the key itself.
pub(in crate::commands) fn key_or_pipe(
    verb: &'static str,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<(Origin, KeyFile), Problem> {
    if let Some(source) = &request.source {
        return read(source, request, env).map(Read::into_file);
    }
    if !env.stdin.is_terminal() {
        let piped = stdin("the key", MAX_KEY, env)?;
        if !piped.bytes.is_empty() {
            let (origin, bytes) = from(Origin::Piped, whole(piped, MAX_KEY))?;
            return open(origin, bytes, request, env).map(Read::into_file);
        }
    }
    match environment(env)? {
        Some(source) => read(&source, request, env).map(Read::into_file),
        None if env.stdin.is_terminal() => Err(Problem::Usage(UsageError::NoKeyFile { verb })),
        None => Err(Problem::Key { origin: Origin::Piped, error: KeyError::NothingPiped }),
    }
}

fn read(source: &KeySource, request: &KeyRequest, env: &mut Env<'_>) -> Result<Read, Problem> {
    let (origin, bytes) = fetch(source, env)?;
    let (origin, bytes) = from(origin, bytes)?;
    match source {
        KeySource::KeyFile(_) | KeySource::KeyEnv(_) => open(origin, bytes, request, env),
        KeySource::Jwks(_) => open(origin, bytes, request, env).and_then(a_set),
        KeySource::Secret(_) | KeySource::SecretEnv(_) | KeySource::SecretFile(_) => {
            let format = format(request, env)?;
            let from_file = matches!(source, KeySource::SecretFile(_));
            let key = keys::read_secret(&bytes, format, from_file);
            let (origin, key) = from(origin, key)?;
            let written = Written { text: bytes, secret: Some((format, from_file)) };
            Ok(Read { origin, file: KeyFile::plain(key, Encoding::Secret), written })
        }
    }
}

/// What was made of the content of a key's source, or the problem that names the source.
fn from<T>(origin: Origin, made: Result<T, KeyError>) -> Result<(Origin, T), Problem> {
    match made {
        Ok(made) => Ok((origin, made)),
        Err(error) => Err(Problem::Key { origin, error }),
    }
}

fn a_set(read: Read) -> Result<Read, Problem> {
    match &read.file.keys {
        Keys::Set(_) => Ok(read),
        Keys::One(key) => {
            let error = KeyError::NotASet { found: format!("one {key}") };
            Err(Problem::Key { origin: read.origin, error })
        }
    }
}

/// Reads a key's text; a password is looked for only when one is wanted.
fn open(
    origin: Origin,
    text: Secret,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<Read, Problem> {
    let file = match keys::read_keys(&text, None) {
        Err(KeyError::Encrypted) => match password(&origin, request, env)? {
            Some(password) => keys::read_keys(&text, Some(&password)),
            None => Err(KeyError::Encrypted),
        },
        read => read,
    };
    let (origin, file) = from(origin, file)?;
    Ok(Read { origin, file, written: Written { text, secret: None } })
}

/// The password of a key: from the file that a flag names, else the variable, else a person.
fn password(
    key: &Origin,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<Option<Secret>, Problem> {
    let (origin, bytes, from_file) = if let Some(named) = &request.password {
        let (origin, bytes) = match &named.path {
            PathOrStdin::Path(path) => file(named.by, path, MAX_SECRET),
            PathOrStdin::Stdin => {
                let read = stdin("the password", MAX_SECRET, env)?;
                (Origin::Stdin(named.by), whole(read, MAX_SECRET))
            }
        };
        (origin, bytes, true)
    } else if let Some(text) = (env.variable)(PASSWORD_VARIABLE) {
        let origin = Origin::Variable(PASSWORD_VARIABLE.to_owned());
        (origin, Ok(Secret::new(text.into_encoded_bytes())), false)
    } else {
        let asked = (env.ask)(&format!("Password of {}: ", crate::json::quote(&key.to_string())));
        let answer = asked.map_err(|error| KeyError::Unreadable(Arc::new(error)));
        match answer.map(|answer| answer.map(|text| Secret::new(text.as_bytes().to_vec()))) {
            Ok(None) => return Ok(None),
            Ok(Some(answer)) => (Origin::Named("typed"), Ok(answer), false),
            Err(error) => (Origin::Named("the terminal"), Err(error), false),
        }
    };
    let password = bytes.and_then(|bytes| keys::read_password(&bytes, from_file));
    from(origin, password).map(|(_, password)| Some(password))
}

/// The bytes of a key, and where they came from as the user knows it.
fn fetch(source: &KeySource, env: &mut Env<'_>) -> Result<Found, Problem> {
    Ok(match source {
        KeySource::Secret(secret) => (Origin::Named("--secret"), Ok(secret.clone())),
        KeySource::SecretEnv(named) | KeySource::KeyEnv(named) => variable(named, env),
        KeySource::Jwks(named) if is_url(&named.path) => {
            return Err(Problem::Usage(UsageError::JwksUrl { by: named.by }));
        }
        KeySource::SecretFile(named) => located(named, MAX_SECRET, env)?,
        KeySource::KeyFile(named) | KeySource::Jwks(named) => located(named, MAX_KEY, env)?,
    })
}

fn is_url(path: &PathOrStdin) -> bool {
    let PathOrStdin::Path(path) = path else { return false };
    let text = path.to_string_lossy();
    ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme))
}

/// The one key of the environment. A variable that is set and empty still counts, so that an empty
/// secret is an error and never a key that is missing.
fn environment(env: &Env<'_>) -> Result<Option<KeySource>, Problem> {
    let is_set = |name: &&str| (env.variable)(name).is_some();
    let set: Vec<_> =
        [SECRET_VARIABLE, KEY_VARIABLE, JWKS_VARIABLE].into_iter().filter(is_set).collect();
    if let [first, second, ..] = set[..] {
        return Err(Problem::Usage(UsageError::TwoKeys { variables: [first, second] }));
    }
    let Some(by) = set.first().copied() else { return Ok(None) };
    if by == SECRET_VARIABLE {
        return Ok(Some(KeySource::SecretEnv(NamedVariable { by, name: by.to_owned() })));
    }
    let path = (env.variable)(by).unwrap_or_default();
    let named = NamedPath { by, path: PathOrStdin::Path(path.into()) };
    Ok(Some(if by == KEY_VARIABLE { KeySource::KeyFile(named) } else { KeySource::Jwks(named) }))
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
