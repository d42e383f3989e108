//! Where texts and keys come from: flags, files, variables, standard input; which one wins.
//! It reads and hands on; what the bytes mean is decided in `token` and `keys`.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use super::items::{Desk, Text};
use super::{KeyInHand, paths};
use crate::diagnose::{self, Written};
use crate::env::Env;
use crate::io::{Bounded, Input, StdinError, is_also_output, read_file};
use crate::keys::{
    self, Encoding, KeyError, KeyFile, Keys, MAX_KEY, MAX_SECRET, Origin, SecretFormat,
};
use crate::problem::{Problem, UsageError};
use crate::secret::{Secret, may_hold_secret, may_repeat_name};
use crate::signature::Ring;
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

/// The longest text that is read, in bytes: what may stand around a token does not count for its size.
pub const LONGEST: usize = MAX_TOKEN + 1024;

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const JWKS_VARIABLE: &str = "JWTCTL_JWKS";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";
const PASSWORD_VARIABLE: &str = "JWTCTL_KEY_PASSWORD";

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
            let cut = bytes.len() > LONGEST;
            bytes.truncate(LONGEST);
            Ok(Bounded { bytes, cut })
        }
        TextSource::File(path) => {
            let read = read_file(path, LONGEST + 1).map(without_line_end);
            read.map_err(|error| Problem::Io { doing: "read", what: paths::shown(path), error })
        }
        TextSource::Piped if env.stdin.is_terminal() => {
            Err(Problem::Usage(UsageError::NoToken { verb }))
        }
        TextSource::Stdin | TextSource::Piped => {
            stdin(purpose, LONGEST + 1, env).map(without_line_end)
        }
    }
}

/// The end of a last line does not count for a text's length, no more than it does for a line's.
fn without_line_end(mut read: Bounded) -> Bounded {
    if read.bytes.len() > LONGEST {
        read.cut |= read.bytes.pop() != Some(b'\n');
    }
    read
}

/// Reads a token and takes it apart; what was read stays in `held`.
pub(super) fn token<'t>(
    source: &TextSource,
    verb: &'static str,
    env: &mut Env<'_>,
    held: &'t mut Bounded,
    desk: &mut Desk,
) -> Result<Unverified<'t>, Vec<Problem>> {
    *held = text(source, "the token", verb, env).map_err(|problem| vec![problem])?;
    read_token(Text { bytes: &held.bytes, cut: held.cut }, desk).map_err(|problems| {
        let is_file = matches!(source, TextSource::Given(text) if Path::new(text).is_file());
        if is_file { vec![Problem::FileAsToken { verb }] } else { problems }
    })
}

/// Takes a token apart.
pub(super) fn read_token<'t>(
    text: Text<'t>,
    desk: &mut Desk,
) -> Result<Unverified<'t>, Vec<Problem>> {
    let parsed = if text.cut {
        Err(Malformed::TooLarge)
    } else {
        Unverified::parse_with(text.bytes, &mut desk.headers)
    };
    parsed.map_err(|malformed| {
        let looked_for = desk.detail.explain.then(|| diagnose::look(text.bytes, &malformed));
        vec![Problem::Token(malformed, looked_for.flatten().map(Box::new))]
    })
}

/// An input of lines, before anything is read of it.
pub enum LineInput {
    /// A file.
    File(File),
    /// Standard input, which is kept for them.
    Stdin,
}

/// Finds the input of a stream: what is named, else what is piped in.
///
/// # Errors
/// A problem if it cannot be opened.
pub fn find_lines(
    source: Option<&PathOrStdin>,
    verb: &'static str,
    env: &mut Env<'_>,
) -> Result<LineInput, Problem> {
    let path = match source {
        None if env.stdin.is_terminal() => {
            return Err(Problem::Usage(UsageError::NoLines { verb }));
        }
        None | Some(PathOrStdin::Stdin) => {
            let reserved = env.stdin.reserve("the lines");
            reserved.map_err(|error| stdin_problem(error, "the lines"))?;
            not_the_output(env.stdin.reserved())?;
            return Ok(LineInput::Stdin);
        }
        Some(PathOrStdin::Path(path)) => path,
    };
    let opened = File::open(path).and_then(|file| {
        let is_folder = file.metadata()?.is_dir();
        if is_folder { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    let file = opened.map_err(|error| {
        let text = path.to_string_lossy();
        if text.is_empty() {
            return Problem::Usage(UsageError::NoLines { verb });
        }
        if may_hold_secret(&text) || text.trim_start().starts_with('{') {
            return Problem::Usage(UsageError::ItemAsBatch { verb });
        }
        Problem::Io { doing: "read", what: paths::shown(path), error }
    })?;
    not_the_output(&file)?;
    Ok(LineInput::File(file))
}

/// A file cannot be read and written at once: the shell has emptied it, or the rows would be read again.
fn not_the_output(input: &dyn Input) -> Result<(), Problem> {
    if is_also_output(input) { Err(Problem::Usage(UsageError::LinesAreOutput)) } else { Ok(()) }
}

impl LineInput {
    /// The input to read.
    pub fn open<'e>(&'e mut self, env: &'e mut Env<'_>) -> &'e mut (dyn Input + Send) {
        match self {
            Self::File(file) => file,
            Self::Stdin => env.stdin.reserved(),
        }
    }
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
    env.stdin.read(purpose, limit).map_err(|error| stdin_problem(error, purpose))
}

fn stdin_problem(error: StdinError, purpose: &'static str) -> Problem {
    match error {
        StdinError::Taken { by } => {
            Problem::Usage(UsageError::StdinTwice { first: by, second: purpose })
        }
        StdinError::Io(error) => {
            Problem::Io { doing: "read", what: "standard input".to_owned(), error }
        }
    }
}

/// Finds the key or keys: what a flag names, else what the environment holds.
pub(super) fn key(request: &KeyRequest, env: &mut Env<'_>) -> Result<KeyInHand, Vec<Problem>> {
    let found = named_or_environment(request, env).and_then(|read| {
        let (origin, ring) = from(read.origin, Ring::new(read.file.keys, request.allow_weak))?;
        Ok(KeyInHand { ring, origin, written: read.written })
    });
    found.map_err(|problem| vec![problem])
}

/// Reads what a flag names, else what the environment holds.
pub(super) fn key_file(
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
pub(super) fn key_or_pipe(
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
fn fetch(
    source: &KeySource,
    env: &mut Env<'_>,
) -> Result<(Origin, Result<Secret, KeyError>), Problem> {
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

fn located(
    named: &NamedPath,
    most: usize,
    env: &mut Env<'_>,
) -> Result<(Origin, Result<Secret, KeyError>), Problem> {
    let purpose = if named.by == "--sign-key" { "the signing key" } else { "the key" };
    Ok(match &named.path {
        PathOrStdin::Stdin => (Origin::Stdin(named.by), whole(stdin(purpose, most, env)?, most)),
        PathOrStdin::Path(path) => file(named.by, path, most),
    })
}

fn is_url(path: &PathOrStdin) -> bool {
    let PathOrStdin::Path(path) = path else { return false };
    let text = path.to_string_lossy();
    ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme))
}

/// The bytes of a key file. A path that is empty, or may be the key itself, is not named as its origin.
fn file(by: &'static str, path: &Path, most: usize) -> (Origin, Result<Secret, KeyError>) {
    if path.as_os_str().is_empty() {
        return (Origin::Named(by), Err(KeyError::Empty));
    }
    match read_file(path, most) {
        Ok(read) => (Origin::File(path.to_owned()), whole(read, most)),
        Err(_) if !path.exists() && !paths::may_repeat_path(path) => {
            (Origin::Named(by), Err(KeyError::PathMaybeSecret))
        }
        Err(error) => (Origin::File(path.to_owned()), Err(KeyError::Unreadable(Arc::new(error)))),
    }
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

fn whole(read: Bounded, most: usize) -> Result<Secret, KeyError> {
    let secret = Secret::new(read.bytes);
    if read.cut { Err(KeyError::TooLarge { most }) } else { Ok(secret) }
}
