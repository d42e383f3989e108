//! Where keys come from, and which source takes precedence.

use std::sync::{Arc, Mutex};

use super::bytes::{path, variable, whole};
use super::network::{fetch_options, set_by_url, set_of_issuer};
use crate::crypto::{auth_js_keys, without_repeats};
use crate::env::Env;
use crate::explain::{KeyText, Problem, SecretText, Warning, file_named_by, usage, warnings};
use crate::json::quote;
use crate::jwks::{Fetched, JwksLocation, Net, RemoteJwks};
use crate::keys::{
    self, Encoding, KeyError, KeyFile, KeySet, MAX_KEY, MAX_SECRET, Origin, Purpose, ReadKey,
    SecretFormat,
};
use crate::request::{KeyLocation, KeyRequest, NamedKey, PathOrStdin};
use crate::secret::Secret;

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const JWKS_VARIABLE: &str = "JWTCTL_JWKS";
const ISSUER_VARIABLE: &str = "JWTCTL_OIDC";
const DECRYPTION_VARIABLE: &str = "JWTCTL_DECRYPT_KEY";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";
const PASSWORD_VARIABLE: &str = "JWTCTL_KEY_PASSWORD";

/// A key or keys as they were read, and where from.
pub(crate) struct KeyInput<'e> {
    pub(crate) origin: Origin,
    pub(crate) file: KeyFile,
    pub(crate) text: KeyText,
    /// How many seconds ago they were fetched, if they were.
    pub(super) age: i64,
    /// Where they can be fetched again, by one thread at a time.
    pub(super) remote: Option<(Mutex<RemoteJwks>, Net<'e>)>,
    pub(super) issuer: Option<String>,
    /// What happened when they were fetched.
    pub(crate) warnings: Vec<Warning>,
}

impl KeyInput<'_> {
    fn local(origin: Origin, file: KeyFile, text: KeyText) -> Self {
        let (remote, issuer, warnings) = (None, None, Vec::new());
        Self { origin, file, text, age: 0, remote, issuer, warnings }
    }
}

impl From<Fetched> for KeyInput<'_> {
    fn from(Fetched { origin, text, file, age }: Fetched) -> Self {
        Self { age, ..Self::local(origin, file, KeyText { text, secret: None }) }
    }
}

/// Reads the key or keys that a flag or else a variable names. Fetched keys cannot sign.
pub(crate) fn key_input<'e>(
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'e>,
) -> Result<KeyInput<'e>, Problem> {
    let named = match request.source.clone() {
        Some(named) => Some(named),
        None => environment(env)?,
    };
    read(&named.ok_or_else(|| usage::no_key(purpose))?, request, purpose, env)
}

/// Whether a flag or a variable names a key.
pub(crate) fn names_a_key(request: &KeyRequest, env: &Env<'_>) -> bool {
    request.source.is_some() || !matches!(environment(env), Ok(None))
}

/// Reads the key that encrypts, which a flag names.
pub(crate) fn encryption_key<'e>(
    request: &KeyRequest,
    env: &mut Env<'e>,
) -> Result<KeyInput<'e>, Problem> {
    let named = request.source.as_ref().ok_or_else(|| usage::no_key(Purpose::Encrypt))?;
    read(named, request, Purpose::Encrypt, env)
}

/// Reads the keys that decrypt, which flags or else a variable name. There may be none.
pub(crate) fn decryption_keys<'e>(
    requests: &[KeyRequest],
    env: &mut Env<'e>,
) -> Result<Vec<KeyInput<'e>>, Problem> {
    let mut default = Vec::new();
    if requests.is_empty()
        && let Some(path) = (env.variable)(DECRYPTION_VARIABLE)
    {
        let location = KeyLocation::KeyFile(PathOrStdin::Path(path.into()));
        let source = Some(NamedKey { by: DECRYPTION_VARIABLE, location });
        default.push(KeyRequest { source, ..KeyRequest::default() });
    }
    let mut inputs = Vec::new();
    for request in requests.iter().chain(&default) {
        let named = request.source.as_ref().ok_or_else(|| usage::no_key(Purpose::Decrypt))?;
        inputs.push(read(named, request, Purpose::Decrypt, env)?);
    }
    Ok(inputs)
}

/// Reads the key or keys that a flag names, else those on standard input, else those that a variable names.
pub(crate) fn key_or_pipe<'e>(
    verb: &'static str,
    request: &KeyRequest,
    env: &mut Env<'e>,
) -> Result<KeyInput<'e>, Problem> {
    if let Some(named) = &request.source {
        return read(named, request, Purpose::Verify, env);
    }
    if !env.stdin.is_terminal() {
        let piped = env.stdin.read("the key", MAX_KEY)?;
        if !piped.bytes.is_empty() {
            return read_key(whole(Origin::Piped, piped, MAX_KEY)?, request, env);
        }
    }
    match environment(env)? {
        Some(named) => read(&named, request, Purpose::Verify, env),
        None if env.stdin.is_terminal() => Err(usage::no_key_file(verb)),
        None => Err(Problem::Key { origin: Origin::Piped, error: KeyError::NothingPiped }),
    }
}

fn read<'e>(
    &NamedKey { by, ref location }: &NamedKey,
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'e>,
) -> Result<KeyInput<'e>, Problem> {
    let what = match by {
        "--sign-key" => "the signing key",
        "--decrypt-key" => "the decryption key",
        "--encrypt-to" => "the encryption key",
        _ => "the key",
    };
    match location {
        KeyLocation::Secret(secret) => {
            read_secret((Origin::Named(by), secret.clone()), false, request, env)
        }
        KeyLocation::SecretEnv(name) => read_secret(variable(by, name, env)?, false, request, env),
        KeyLocation::AuthJs(name, cookie) => auth_js(variable(by, name, env)?, cookie.as_deref()),
        KeyLocation::SecretFile(file) => {
            read_secret(path(by, file, what, MAX_SECRET, env)?, true, request, env)
        }
        KeyLocation::KeyFile(file) => read_key(path(by, file, what, MAX_KEY, env)?, request, env),
        KeyLocation::KeyEnv(name) => read_key(variable(by, name, env)?, request, env),
        KeyLocation::Jwks(file) => {
            if let Some(set) = set_by_url(by, file) {
                return fetch(by, set?, request, purpose, env);
            }
            if let Some(flag) = request.network.flag() {
                return Err(usage::nothing_to_fetch(by, flag));
            }
            let input = read_key(path(by, file, what, MAX_KEY, env)?, request, env)?;
            match input.file.into_set() {
                Ok(set) => Ok(KeyInput { file: KeyFile::Set(set), ..input }),
                Err(error) => Err(Problem::Key { origin: input.origin, error }),
            }
        }
        KeyLocation::Issuer(name) => fetch(by, set_of_issuer(by, name)?, request, purpose, env),
    }
}

/// Fetches a set, or takes it from the cache.
fn fetch<'e>(
    by: &'static str,
    location: JwksLocation,
    request: &KeyRequest,
    purpose: Purpose,
    env: &Env<'e>,
) -> Result<KeyInput<'e>, Problem> {
    if purpose == Purpose::Sign {
        let error = KeyError::CannotSign { key: "fetched key set".to_owned() };
        return Err(Problem::Key { origin: Origin::Named(by), error });
    }
    let issuer = match &location {
        JwksLocation::Set(_) => None,
        JwksLocation::Issuer(issuer) => Some(issuer.name.clone()),
    };
    let net = Net { clock: env.clock, connect: env.connect };
    let mut set = RemoteJwks::new(location, fetch_options(&request.network, env)?);
    let fetched = set.fetch(net)?;
    let warnings = set.warnings().iter().map(warnings::fetching).collect();
    let remote = Some((Mutex::new(set), net));
    Ok(KeyInput { remote, issuer, warnings, ..fetched.into() })
}

fn read_secret(
    (origin, text): (Origin, Secret),
    from_file: bool,
    request: &KeyRequest,
    env: &Env<'_>,
) -> Result<KeyInput<'static>, Problem> {
    let format = format(request, env)?;
    let file = match keys::read_secret(&text, format, from_file) {
        Ok(key) => KeyFile::One(ReadKey::new(key, Encoding::Secret)),
        Err(error) => return Err(Problem::Key { origin, error }),
    };
    let path = if from_file { None } else { file_named_by(text.expose()) };
    let text = KeyText { text, secret: Some(SecretText { format, from_file, path }) };
    Ok(KeyInput::local(origin, file, text))
}

/// Derives the keys that Auth.js and NextAuth encrypt with.
fn auth_js(
    (origin, text): (Origin, Secret),
    cookie: Option<&str>,
) -> Result<KeyInput<'static>, Problem> {
    let secret = match keys::read_secret(&text, SecretFormat::Text, false) {
        Ok(key) => key,
        Err(error) => return Err(Problem::Key { origin, error }),
    };
    let derived = secret.private().map(|secret| auth_js_keys(secret, cookie)).unwrap_or_default();
    let read = derived.into_iter().map(|key| Ok(ReadKey::new(key, Encoding::Secret)));
    let file = KeyFile::Set(KeySet::of_read_keys(read.collect()));
    Ok(KeyInput::local(origin, file, KeyText { text, secret: None }))
}

/// Reads a key's text. A password is asked for only if the key is encrypted.
fn read_key(
    (origin, text): (Origin, Secret),
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<KeyInput<'static>, Problem> {
    let file = match keys::read_keys(&text, None) {
        Err(KeyError::Encrypted) => match password(&origin, request, env)? {
            Some(password) => keys::read_keys(&text, Some(&password)),
            None => Err(KeyError::Encrypted),
        },
        read => read,
    };
    match file.and_then(without_repeats) {
        Ok(file) => Ok(KeyInput::local(origin, file, KeyText { text, secret: None })),
        Err(error) => Err(Problem::Key { origin, error }),
    }
}

/// The password of a key: from the file that a flag names, else from the variable, else from the terminal. `None` if
/// there is no terminal.
fn password(
    key: &Origin,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<Option<Secret>, Problem> {
    let (origin, text) = if let Some(file) = &request.password {
        path("--key-password-file", file, "the password", MAX_SECRET, env)?
    } else if let Some(text) = (env.variable)(PASSWORD_VARIABLE) {
        let origin = Origin::Variable(PASSWORD_VARIABLE.to_owned());
        (origin, Secret::new(text.into_encoded_bytes()))
    } else {
        match (env.ask)(&format!("Password of {}: ", quote(&key.to_string()))) {
            Ok(None) => return Ok(None),
            Ok(Some(text)) => (Origin::Named("typed"), Secret::new(text.as_bytes().to_vec())),
            Err(error) => {
                let error = KeyError::Unreadable(Arc::new(error));
                return Err(Problem::Key { origin: Origin::Named("the terminal"), error });
            }
        }
    };
    match keys::read_password(&text, request.password.is_some()) {
        Ok(password) => Ok(Some(password)),
        Err(error) => Err(Problem::Key { origin, error }),
    }
}

/// The key that a variable names. A variable that is set but empty counts, so an empty secret is an error and not a
/// missing key.
fn environment(env: &Env<'_>) -> Result<Option<NamedKey>, Problem> {
    let variables = [SECRET_VARIABLE, KEY_VARIABLE, JWKS_VARIABLE, ISSUER_VARIABLE];
    let mut set = variables.into_iter().filter_map(|by| Some((by, (env.variable)(by)?)));
    let Some((by, text)) = set.next() else { return Ok(None) };
    if let Some((second, _)) = set.next() {
        return Err(usage::two_keys([by, second]));
    }
    let location = match by {
        SECRET_VARIABLE => KeyLocation::SecretEnv(by.to_owned()),
        KEY_VARIABLE => KeyLocation::KeyFile(PathOrStdin::Path(text.into())),
        JWKS_VARIABLE => KeyLocation::Jwks(PathOrStdin::Path(text.into())),
        _ => KeyLocation::Issuer(text),
    };
    Ok(Some(NamedKey { by, location }))
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
    let named = SecretFormat::ALL.into_iter().find(|format| word.to_str() == Some(format.name()));
    named.ok_or_else(|| {
        let words = SecretFormat::ALL.map(SecretFormat::name).join(", ");
        usage::bad_variable(FORMAT_VARIABLE, &words)
    })
}
