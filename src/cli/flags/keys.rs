//! Flags that name a key, and how it is fetched and opened.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser as _, ValueHint};
use clap::{ArgMatches, Args, Command, FromArgMatches};

use crate::cli::call::CliError;
use crate::cli::values::{
    DURATION, SecretName, agent_choice, one_of, path, secret, secret_file, secret_name, some_path,
    timeout,
};
use crate::keys::{AgentChoice, SecretFormat};
use crate::request::{KeyLocation, KeyRequest, NamedKey, Network, PathOrStdin};
use crate::secret::Secret;

#[derive(Args)]
#[command(next_help_heading = "Key")]
struct KeySource {
    /// HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    #[arg(short = 'S', long, value_name = "TEXT", allow_hyphen_values = true,
        value_parser = OsStringValueParser::new().try_map(secret))]
    secret: Vec<Secret>,
    /// Read the HMAC secret from a file; - is standard input; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new().map(secret_file))]
    secret_file: Vec<SecretName>,
    /// Read the HMAC secret from the environment variable NAME; prefix FORMAT: (text, raw, base64, hex) if it is not plain text
    #[arg(long, value_name = "NAME", value_parser = secret_name)]
    secret_env: Vec<SecretName>,
    /// Key file in any format, or a document with a key in it; - is standard input [env: JWTCTL_KEY]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath, allow_hyphen_values = true,
        value_parser = path())]
    key: Vec<PathOrStdin>,
    /// Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    #[arg(long, value_name = "NAME")]
    key_env: Vec<String>,
    /// JWK Set, or public keys in PEM, from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    #[arg(long, value_name = "PATH|URL", value_hint = ValueHint::FilePath, value_parser = path())]
    jwks: Vec<PathOrStdin>,
    /// JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    #[arg(long, value_name = "ISSUER", value_hint = ValueHint::Url, value_parser = OsStringValueParser::new())]
    oidc: Vec<OsString>,
    /// Key in the SSH agent: its fingerprint (SHA256:..., as ssh-add -l prints it), its comment, or any: the only one that
    /// fits
    #[arg(long, value_name = "WHICH", value_parser = agent_choice)]
    agent: Vec<AgentChoice>,
}

/// The keys that flags name, in the order in which they were typed.
struct NamedKeys(Vec<NamedKey>);

impl Args for NamedKeys {
    fn augment_args(verb: Command) -> Command {
        KeySource::augment_args(verb)
    }

    fn augment_args_for_update(verb: Command) -> Command {
        KeySource::augment_args_for_update(verb)
    }
}

impl FromArgMatches for NamedKeys {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let KeySource { secret, secret_file, secret_env, key, key_env, jwks, oidc, agent } =
            KeySource::from_arg_matches(matches)?;
        let mut typed = Vec::new();
        let mut add = |id, keys: &mut dyn Iterator<Item = NamedKey>| {
            typed.extend(matches.indices_of(id).into_iter().flatten().zip(keys));
        };
        let name = |by| move |secret: SecretName| secret.named(by);
        add("secret", &mut secret.into_iter().map(named("--secret", KeyLocation::Secret)));
        add("secret_file", &mut secret_file.into_iter().map(name("--secret-file")));
        add("secret_env", &mut secret_env.into_iter().map(name("--secret-env")));
        add("key", &mut key.into_iter().map(named("--key", KeyLocation::KeyFile)));
        add("key_env", &mut key_env.into_iter().map(named("--key-env", KeyLocation::KeyEnv)));
        add("jwks", &mut jwks.into_iter().map(named("--jwks", KeyLocation::Jwks)));
        add("oidc", &mut oidc.into_iter().map(named("--oidc", KeyLocation::Issuer)));
        add("agent", &mut agent.into_iter().map(named("--agent", KeyLocation::Agent)));
        typed.sort_by_key(|(index, _)| *index);
        Ok(Self(typed.into_iter().map(|(_, named)| named).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn named<T>(by: &'static str, location: fn(T) -> KeyLocation) -> impl Fn(T) -> NamedKey {
    move |value| NamedKey::new(by, location(value))
}

#[derive(Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyPassword {
    /// File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path())]
    key_password_file: Option<PathOrStdin>,
}

impl From<KeyPassword> for KeyRequest {
    fn from(flags: KeyPassword) -> Self {
        Self { password: flags.key_password_file, ..Self::default() }
    }
}

#[derive(Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyOptions {
    #[command(flatten)]
    password: KeyPassword,
    /// Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    #[arg(long)]
    allow_weak_key: bool,
}

impl From<KeyOptions> for KeyRequest {
    fn from(flags: KeyOptions) -> Self {
        Self { allow_weak: flags.allow_weak_key, ..flags.password.into() }
    }
}

#[derive(Args)]
#[command(next_help_heading = "Keys by URL")]
struct NetworkFlags {
    /// Time limit for fetching keys, from 1s to 1h [default: 10s]
    #[arg(long, value_name = DURATION, allow_hyphen_values = true, value_parser = timeout)]
    timeout: Option<u64>,
    /// Trust only the certificates in this PEM file instead of the system's and SSL_CERT_FILE
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    ca_file: Option<PathBuf>,
    /// Fetch keys again, and cache nothing
    #[arg(long, conflicts_with = "offline")]
    no_cache: bool,
    /// Make no network requests; use cached keys only
    #[arg(long)]
    offline: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyFlags<O: Args = KeyOptions> {
    #[command(flatten)]
    sources: NamedKeys,
    /// Format of secrets without a FORMAT: prefix: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true,
        value_parser = one_of(SecretFormat::ALL.map(|format| (format.name(), format))))]
    pub secret_format: Option<SecretFormat>,
    #[command(flatten)]
    options: O,
    #[command(flatten)]
    network: NetworkFlags,
}

impl<O: Args + Into<KeyRequest>> KeyFlags<O> {
    /// The request for one key or set; `file` is one that a verb takes without a flag.
    ///
    /// # Errors
    /// Several were named, or a flag was given that does not apply to this kind of key.
    pub(crate) fn request(mut self, file: Option<PathOrStdin>) -> Result<KeyRequest, CliError> {
        let file = file.map(|file| NamedKey::new("FILE", KeyLocation::KeyFile(file)));
        self.sources.0.extend(file);
        if let [first, second, ..] = &self.sources.0[..] {
            return Err(if first.by == second.by {
                CliError::new(format!("{} is given twice", first.by), "use only one of them")
            } else {
                let message = format!("{} cannot be used with {}", first.by, second.by);
                CliError::new(message, "use only one of them")
            });
        }
        self.requests()
    }

    /// The request for any number of keys, which form one set.
    ///
    /// # Errors
    /// A flag was given that applies to none of the keys.
    pub(crate) fn requests(self) -> Result<KeyRequest, CliError> {
        let NetworkFlags { timeout, ca_file, no_cache, offline } = self.network;
        let network = Network { timeout, ca_file, no_cache, offline };
        let sources = self.sources.0;
        let takes_format = |named: &NamedKey| named.format.is_none() && named.location.is_secret();
        let of_secrets = self.secret_format.filter(|_| !sources.iter().any(takes_format));
        let about = if sources.iter().any(|named| named.location.is_secret()) {
            "secrets that no FORMAT: is written before"
        } else {
            "HMAC secrets"
        };
        let of_secrets = of_secrets.map(|_| ("--secret-format", about));
        let may_be_fetched = |named: &NamedKey| named.location.may_be_fetched();
        let of_sets = network.flag().filter(|_| !sources.iter().any(may_be_fetched));
        let of_sets = of_sets.map(|flag| (flag, "keys that are fetched"));
        if let (Some(NamedKey { by, .. }), Some((flag, about))) =
            (sources.first(), of_secrets.or(of_sets))
        {
            return Err(CliError::new(
                format!("{flag} cannot be used with {by}: it applies only to {about}"),
                "use only one of them",
            ));
        }
        let options: KeyRequest = self.options.into();
        Ok(KeyRequest { sources, format: self.secret_format, network, ..options })
    }
}
