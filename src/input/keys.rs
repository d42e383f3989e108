//! Where keys come from, and which source wins. It reads and hands on; what the bytes mean is decided in
//! `keys`.

use crate::request::KeyLocation;
use crate::request::KeyRequest;
use std::sync::{Arc, Mutex};

use super::bytes::{Found, file, located, variable, whole};
use super::issuers::{rules, set_by_url, set_of_issuer};
use super::stdin;
use crate::crypto::without_repeats;
use crate::env::Env;
use crate::explain::Warning;
use crate::explain::paths;
use crate::explain::warnings;
use crate::explain::{KeyText, SecretText};
use crate::explain::{Problem, usage};
use crate::input::key_source::RemoteKeys;
use crate::input::{KeySource, SourceKeys};
use crate::jwks::{Fetched, JwksLocation, Net, RemoteJwks};
use crate::keys::{
    self, Encoding, KeyError, KeyFile, MAX_KEY, MAX_SECRET, Origin, Purpose, ReadKey, SecretFormat,
};
use crate::request::PathOrStdin;
use crate::request::{NamedPath, NamedVariable};
use crate::secret::Secret;

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const JWKS_VARIABLE: &str = "JWTCTL_JWKS";
const ISSUER_VARIABLE: &str = "JWTCTL_OIDC";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";
const PASSWORD_VARIABLE: &str = "JWTCTL_KEY_PASSWORD";

/// Finds the key or keys: what a flag names, else what the environment holds. Nobody is asked for keys to sign with.
pub(crate) fn key<'e>(
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'e>,
) -> Result<KeySource<'e>, Vec<Problem>> {
    let found = named_or_environment(request, purpose, env).and_then(|read| {
        let Read { origin, file, key_text, age, remote_keys } = read;
        let keys = SourceKeys::new(origin, file, key_text, age, request.allow_weak)?;
        Ok(KeySource::new(keys, remote_keys))
    });
    found.map_err(|problem| vec![problem])
}

/// Reads what a flag names, else what the environment holds.
pub(crate) fn key_file(request: &KeyRequest, env: &mut Env<'_>) -> Result<Source, Problem> {
    named_or_environment(request, Purpose::Verify, env).map(Source::from)
}

/// What a verb whose subject is the key itself is given.
pub(crate) struct Source {
    pub origin: Origin,
    pub file: KeyFile,
    pub warnings: Vec<Warning>,
}

/// What a source holds: read, and as it is written.
struct Read<'e> {
    origin: Origin,
    file: KeyFile,
    key_text: KeyText,
    /// How many seconds ago it was fetched, if it was.
    age: i64,
    remote_keys: Option<RemoteKeys<'e>>,
}

impl From<Read<'_>> for Source {
    fn from(read: Read<'_>) -> Self {
        let warnings = read.remote_keys.map(|remote_keys| remote_keys.warnings).unwrap_or_default();
        Self { origin: read.origin, file: read.file, warnings }
    }
}

fn named_or_environment<'e>(
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'e>,
) -> Result<Read<'e>, Problem> {
    if let Some(source) = &request.source {
        return read(source, request, purpose, env);
    }
    let source = environment(env)?.ok_or_else(|| usage::no_key(purpose))?;
    read(&source, request, purpose, env)
}

/// Reads what a flag names, else what is piped in, else what the environment holds: for verbs whose
/// subject is the key itself.
pub(crate) fn key_or_pipe(
    verb: &'static str,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<Source, Problem> {
    if let Some(source) = &request.source {
        return read(source, request, Purpose::Verify, env).map(Source::from);
    }
    if !env.stdin.is_terminal() {
        let piped = stdin("the key", MAX_KEY, env)?;
        if !piped.bytes.is_empty() {
            let found = (Origin::Piped, whole(piped, MAX_KEY));
            return read_key(found, request, env).map(Source::from);
        }
    }
    match environment(env)? {
        Some(source) => read(&source, request, Purpose::Verify, env).map(Source::from),
        None if env.stdin.is_terminal() => Err(usage::no_key_file(verb)),
        None => Err(Problem::Key { origin: Origin::Piped, error: KeyError::NothingPiped }),
    }
}

fn read<'e>(
    source: &KeyLocation,
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'e>,
) -> Result<Read<'e>, Problem> {
    match source {
        KeyLocation::Secret(secret) => {
            let found = (Origin::Named("--secret"), Ok(secret.clone()));
            read_secret(found, false, request, env)
        }
        KeyLocation::SecretEnv(named) => read_secret(variable(named, env), false, request, env),
        KeyLocation::SecretFile(named) => {
            read_secret(located(named, MAX_SECRET, env)?, true, request, env)
        }
        KeyLocation::KeyFile(named) => read_key(located(named, MAX_KEY, env)?, request, env),
        KeyLocation::KeyEnv(named) => read_key(variable(named, env), request, env),
        KeyLocation::Jwks(named) => {
            if let Some(place) = set_by_url(named) {
                return fetch(named.by, place?, request, purpose, env);
            }
            if let Some(flag) = request.network.flag() {
                return Err(usage::nothing_to_fetch(named.by, flag));
            }
            let read = read_key(located(named, MAX_KEY, env)?, request, env)?;
            let (origin, file) = from(read.origin, read.file.into_set().map(KeyFile::Set))?;
            Ok(Read { origin, file, ..read })
        }
        KeyLocation::Issuer { by, issuer } => {
            fetch(by, set_of_issuer(by, issuer)?, request, purpose, env)
        }
    }
}

/// Fetches a set, or takes the one that is kept.
fn fetch<'e>(
    by: &'static str,
    place: JwksLocation,
    request: &KeyRequest,
    purpose: Purpose,
    env: &Env<'e>,
) -> Result<Read<'e>, Problem> {
    if purpose == Purpose::Sign {
        let error = KeyError::CannotSign { key: "key set of somebody else".to_owned() };
        return Err(Problem::Key { origin: Origin::Named(by), error });
    }
    let issuer = match &place {
        JwksLocation::Set(_) => None,
        JwksLocation::Issuer(issuer) => Some(issuer.name.clone()),
    };
    let net = Net { clock: env.clock, connect: env.connect };
    let mut remote = RemoteJwks::new(place, rules(&request.network, env)?);
    let Fetched { origin, text, file, age } = remote.fetch(net)?;
    let warnings = remote.warnings().iter().map(warnings::fetching).collect();
    let remote = Mutex::new(remote);
    let allow_weak = request.allow_weak;
    let remote_keys = Some(RemoteKeys { remote, net, issuer, allow_weak, warnings });
    Ok(Read { origin, file, key_text: KeyText { text, secret: None }, age, remote_keys })
}

fn read_secret(
    (origin, bytes): Found,
    from_file: bool,
    request: &KeyRequest,
    env: &Env<'_>,
) -> Result<Read<'static>, Problem> {
    let (origin, bytes) = from(origin, bytes)?;
    let format = format(request, env)?;
    let (origin, key) = from(origin, keys::read_secret(&bytes, format, from_file))?;
    let path = if from_file { None } else { paths::file_named_by(bytes.expose()) };
    let key_text = KeyText { text: bytes, secret: Some(SecretText { format, from_file, path }) };
    let file = KeyFile::One(ReadKey::new(key, Encoding::Secret));
    Ok(Read { origin, file, key_text, age: 0, remote_keys: None })
}

/// What was made of the content of a key's source, or the problem that names the source.
fn from<T>(origin: Origin, made: Result<T, KeyError>) -> Result<(Origin, T), Problem> {
    match made {
        Ok(made) => Ok((origin, made)),
        Err(error) => Err(Problem::Key { origin, error }),
    }
}

/// Reads a key's text; a password is looked for only when one is wanted.
fn read_key(
    (origin, text): Found,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<Read<'static>, Problem> {
    let (origin, text) = from(origin, text)?;
    let file = match keys::read_keys(&text, None) {
        Err(KeyError::Encrypted) => match password(&origin, request, env)? {
            Some(password) => keys::read_keys(&text, Some(&password)),
            None => Err(KeyError::Encrypted),
        },
        read => read,
    };
    let (origin, file) = from(origin, file.and_then(without_repeats))?;
    let key_text = KeyText { text, secret: None };
    Ok(Read { origin, file, key_text, age: 0, remote_keys: None })
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

/// The one key of the environment. A variable that is set and empty still counts, so that an empty
/// secret is an error and never a key that is missing.
fn environment(env: &Env<'_>) -> Result<Option<KeyLocation>, Problem> {
    let variables = [SECRET_VARIABLE, KEY_VARIABLE, JWKS_VARIABLE, ISSUER_VARIABLE];
    let is_set = |name: &&str| (env.variable)(name).is_some();
    let set: Vec<_> = variables.into_iter().filter(is_set).collect();
    if let [first, second, ..] = set[..] {
        return Err(usage::two_keys([first, second]));
    }
    let Some(by) = set.first().copied() else { return Ok(None) };
    if by == SECRET_VARIABLE {
        return Ok(Some(KeyLocation::SecretEnv(NamedVariable { by, name: by.to_owned() })));
    }
    let text = (env.variable)(by).unwrap_or_default();
    if by == ISSUER_VARIABLE {
        return Ok(Some(KeyLocation::Issuer { by, issuer: text }));
    }
    let named = NamedPath { by, path: PathOrStdin::Path(text.into()) };
    Ok(Some(if by == KEY_VARIABLE {
        KeyLocation::KeyFile(named)
    } else {
        KeyLocation::Jwks(named)
    }))
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
            usage::bad_variable(FORMAT_VARIABLE, &words)
        },
    )
}
