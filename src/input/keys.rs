//! Where keys come from, and which source takes precedence.

use super::bytes::{path, variable, whole};
use super::external::{key_in_agent, with_signer};
use super::network::{fetch_options, net, set_by_url, set_of_issuer};
use super::passwords::open;
use crate::crypto::{auth_js_keys, without_repeats};
use crate::env::Env;
use crate::explain::{KeyText, Problem, SecretText, Warning, file_named_by, usage, warnings};
use crate::jwks::{Fetched, JwksLocation, RemoteJwks};
use crate::keys::{
    self, Encoding, KeyError, KeyFile, KeySet, MAX_KEY, MAX_SECRET, Origin, Purpose, ReadKey,
    SecretFormat,
};
use crate::request::{KeyLocation, KeyRequest, NamedKey, PathOrStdin, SignerCommand};
use crate::secret::Secret;

const SECRET_VARIABLE: &str = "JWTCTL_SECRET";
const KEY_VARIABLE: &str = "JWTCTL_KEY";
const JWKS_VARIABLE: &str = "JWTCTL_JWKS";
const ISSUER_VARIABLE: &str = "JWTCTL_OIDC";
const DECRYPTION_VARIABLE: &str = "JWTCTL_DECRYPT_KEY";
const FORMAT_VARIABLE: &str = "JWTCTL_SECRET_FORMAT";

/// A key or keys as they were read, and where from.
pub(crate) struct KeyInput {
    pub(crate) origin: Origin,
    pub(crate) file: KeyFile,
    pub(crate) text: KeyText,
    /// How many seconds ago they were fetched, if they were.
    pub(super) age: i64,
    /// Where they can be fetched again.
    pub(super) remote: Option<RemoteJwks>,
    /// The issuer whose keys these are, if discovery found them.
    pub(super) issuer: Option<String>,
    /// What happened when they were fetched.
    pub(crate) warnings: Vec<Warning>,
}

impl KeyInput {
    fn local(origin: Origin, file: KeyFile, text: KeyText) -> Self {
        let (remote, issuer, warnings) = (None, None, Vec::new());
        Self { origin, file, text, age: 0, remote, issuer, warnings }
    }

    /// The same key with a command that signs, if there is one.
    fn signed_by(self, command: Option<&SignerCommand>) -> Result<Self, Problem> {
        let Some(command) = command else { return Ok(self) };
        match with_signer(self.file, command) {
            Ok(file) => Ok(Self { file, ..self }),
            Err(error) => Err(Problem::Key { origin: self.origin, error }),
        }
    }
}

impl From<Fetched> for KeyInput {
    fn from(Fetched { origin, text, file, age }: Fetched) -> Self {
        Self { age, ..Self::local(origin, file, KeyText { text, secret: None }) }
    }
}

/// Reads the keys that flags name, or else a variable: at least one input, unless the keys are in tokens. Fetched keys
/// cannot sign.
pub(crate) fn key_inputs(
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'_>,
) -> Result<Vec<KeyInput>, Problem> {
    if request.sources.is_empty() && request.chains.is_some() {
        return Ok(Vec::new());
    }
    if request.sources.is_empty() {
        let named = environment(env)?.ok_or_else(|| match request.signer {
            Some(_) => usage::no_public_key(),
            None => usage::no_key(purpose),
        })?;
        let input = read(&named, request, purpose, env)?;
        return Ok(vec![input.signed_by(request.signer.as_ref())?]);
    }
    let mut inputs = Vec::with_capacity(request.sources.len());
    for (index, named) in request.sources.iter().enumerate() {
        let origin = |origin| numbered(origin, index, &request.sources);
        match read(named, request, purpose, env) {
            Ok(input) => inputs.push(KeyInput { origin: origin(input.origin), ..input }),
            Err(Problem::Key { origin: from, error }) => {
                return Err(Problem::Key { origin: origin(from), error });
            }
            Err(problem) => return Err(problem),
        }
    }
    let first = inputs.remove(0).signed_by(request.signer.as_ref())?;
    inputs.insert(0, first);
    Ok(inputs)
}

/// What messages call the source at an index: a flag that several of them have is numbered.
fn numbered(origin: Origin, index: usize, sources: &[NamedKey]) -> Origin {
    let Origin::Named(by) = origin else { return origin };
    let count = |sources: &[NamedKey]| sources.iter().filter(|source| source.by == by).count();
    if count(sources) == 1 { origin } else { Origin::Nth(by, count(&sources[..=index])) }
}

/// Whether a flag or a variable names a key.
pub(crate) fn names_a_key(request: &KeyRequest, env: &Env<'_>) -> bool {
    let has_flag = !request.sources.is_empty() || request.chains.is_some();
    has_flag || !matches!(environment(env), Ok(None))
}

/// Reads the key or keys that one flag names.
pub(crate) fn key_input(
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'_>,
) -> Result<KeyInput, Problem> {
    let named = request.sources.first().ok_or_else(|| usage::no_key(purpose))?;
    read(named, request, purpose, env)
}

/// Reads the keys that decrypt, which flags or else a variable name. There may be none.
pub(crate) fn decryption_keys(
    requests: &[KeyRequest],
    env: &mut Env<'_>,
) -> Result<Vec<KeyInput>, Problem> {
    let mut default = Vec::new();
    if requests.is_empty()
        && let Some(path) = (env.variable)(DECRYPTION_VARIABLE)
    {
        let location = KeyLocation::KeyFile(PathOrStdin::Path(path.into()));
        let sources = vec![NamedKey::new(DECRYPTION_VARIABLE, location)];
        default.push(KeyRequest { sources, ..KeyRequest::default() });
    }
    let requests = requests.iter().chain(&default);
    requests.map(|request| key_input(request, Purpose::Decrypt, env)).collect()
}

/// Reads the key or keys that a flag names, else those on standard input, else those that a variable names.
pub(crate) fn key_or_pipe(
    verb: &'static str,
    request: &KeyRequest,
    env: &mut Env<'_>,
) -> Result<KeyInput, Problem> {
    if let Some(named) = request.sources.first() {
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

fn read(
    &NamedKey { by, ref location, format }: &NamedKey,
    request: &KeyRequest,
    purpose: Purpose,
    env: &mut Env<'_>,
) -> Result<KeyInput, Problem> {
    let is_own = format.is_some() || request.sources.len() > 1;
    let given = GivenFormat { format: format.or(request.format), written_in: is_own.then_some(by) };
    let what = match by {
        "--sign-key" => "the signing key",
        "--decrypt-key" => "the decryption key",
        "--encrypt-to" => "the encryption key",
        _ => "the key",
    };
    match location {
        KeyLocation::Secret(secret) => read_secret(
            (Origin::Named(by), secret.clone()),
            false,
            GivenFormat { written_in: None, ..given },
            env,
        ),
        KeyLocation::SecretEnv(name) => read_secret(variable(by, name, env)?, false, given, env),
        KeyLocation::AuthJs(name, cookie) => auth_js(variable(by, name, env)?, cookie.as_deref()),
        KeyLocation::SecretFile(file) => {
            read_secret(path(by, file, what, MAX_SECRET, env)?, true, given, env)
        }
        KeyLocation::KeyFile(file) => read_key(path(by, file, what, MAX_KEY, env)?, request, env),
        KeyLocation::KeyEnv(name) => read_key(variable(by, name, env)?, request, env),
        KeyLocation::Jwks(file) => {
            if let Some(set) = set_by_url(by, file) {
                return fetch(by, set?, request, purpose, env);
            }
            let fetches = |named: &NamedKey| match &named.location {
                KeyLocation::Issuer(_) => true,
                KeyLocation::Jwks(file) => set_by_url(named.by, file).is_some(),
                _ => false,
            };
            if let Some(flag) = request.network.flag()
                && !request.sources.iter().any(fetches)
            {
                return Err(usage::nothing_to_fetch(by, flag));
            }
            let input = read_key(path(by, file, what, MAX_KEY, env)?, request, env)?;
            match input.file.into_verifying() {
                Ok(file) => Ok(KeyInput { file, ..input }),
                Err(error) => Err(Problem::Key { origin: input.origin, error }),
            }
        }
        KeyLocation::Issuer(name) => fetch(by, set_of_issuer(by, name)?, request, purpose, env),
        KeyLocation::Agent(choice) => {
            let (origin, text) = (Origin::Named(by), Secret::new(Vec::new()));
            let text = KeyText { text, secret: None };
            match key_in_agent(choice, request, purpose, env) {
                Ok(read) => Ok(KeyInput::local(origin, KeyFile::One(read), text)),
                Err(error) => Err(Problem::Key { origin, error }),
            }
        }
    }
}

/// Fetches a set, or takes it from the cache.
fn fetch(
    by: &'static str,
    location: JwksLocation,
    request: &KeyRequest,
    purpose: Purpose,
    env: &Env<'_>,
) -> Result<KeyInput, Problem> {
    if purpose == Purpose::Sign {
        let error = KeyError::OnlyVerifies { key: "fetched key set".to_owned() };
        return Err(Problem::Key { origin: Origin::Named(by), error });
    }
    let issuer = match &location {
        JwksLocation::Set(_) => None,
        JwksLocation::Issuer(issuer) => Some(issuer.name.clone()),
    };
    let mut set = RemoteJwks::new(location, fetch_options(&request.network, env)?);
    let fetched = set.fetch(net(env))?;
    let warnings = set.warnings().iter().map(warnings::fetching).collect();
    Ok(KeyInput { remote: Some(set), issuer, warnings, ..fetched.into() })
}

/// The format of a secret, and the flag in whose value it is written, if it is not that of all secrets.
#[derive(Clone, Copy)]
struct GivenFormat {
    format: Option<SecretFormat>,
    written_in: Option<&'static str>,
}

fn read_secret(
    (origin, text): (Origin, Secret),
    from_file: bool,
    given: GivenFormat,
    env: &Env<'_>,
) -> Result<KeyInput, Problem> {
    let (format, format_in) = (format(given.format, env)?, given.written_in);
    let file = match keys::read_secret(&text, format, from_file) {
        Ok(key) => KeyFile::One(ReadKey::new(key, Encoding::Secret)),
        Err(error) => return Err(Problem::Key { origin, error }),
    };
    let path = if from_file { None } else { file_named_by(text.expose()) };
    let text = KeyText { text, secret: Some(SecretText { format, from_file, path, format_in }) };
    Ok(KeyInput::local(origin, file, text))
}

/// Derives the keys that Auth.js and NextAuth encrypt with.
fn auth_js((origin, text): (Origin, Secret), cookie: Option<&str>) -> Result<KeyInput, Problem> {
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
) -> Result<KeyInput, Problem> {
    let located = match keys::locate(&text) {
        Ok(located) => located,
        Err(error) => return Err(Problem::Key { origin, error }),
    };
    let origin = origin.part(located.part.clone());
    let text = located.text().cloned().unwrap_or(text);
    let file = match located.read(None) {
        Err(KeyError::Encrypted) => open(&origin, &located, request.password.as_ref(), env)?,
        read => read,
    };
    match file.and_then(without_repeats) {
        Ok(file) => Ok(KeyInput::local(origin, file, KeyText { text, secret: None })),
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
    Ok(Some(NamedKey::new(by, location)))
}

/// The format that a flag gives, else the one that a variable names, else text.
fn format(given: Option<SecretFormat>, env: &Env<'_>) -> Result<SecretFormat, Problem> {
    if let Some(format) = given {
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
