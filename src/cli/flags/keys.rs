//! Flags that name a key, and how it is fetched and opened.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _, ValueHint};

use crate::cli::call::CliError;
use crate::cli::values::{DURATION, one_of, path, secret, some_path, timeout};
use crate::keys::SecretFormat;
use crate::request::{KeyLocation, KeyRequest, NamedKey, Network, PathOrStdin};
use crate::secret::Secret;

#[derive(Args)]
#[command(next_help_heading = "Key")]
#[group(multiple = false)]
struct KeySource {
    /// HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    #[arg(short = 'S', long, value_name = "TEXT", allow_hyphen_values = true,
        value_parser = OsStringValueParser::new().try_map(secret))]
    secret: Option<Secret>,
    /// Read the HMAC secret from a file; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = path())]
    secret_file: Option<PathOrStdin>,
    /// Read the HMAC secret from the environment variable NAME
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
    /// Key file in any format, with one or more keys; - is standard input [env: JWTCTL_KEY]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath, allow_hyphen_values = true,
        value_parser = path())]
    key: Option<PathOrStdin>,
    /// Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
    /// JWK Set from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    #[arg(long, value_name = "PATH|URL", value_hint = ValueHint::FilePath, value_parser = path())]
    jwks: Option<PathOrStdin>,
    /// JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    #[arg(long, value_name = "ISSUER", value_hint = ValueHint::Url, value_parser = OsStringValueParser::new())]
    oidc: Option<OsString>,
}

impl KeySource {
    fn key(self) -> Option<NamedKey> {
        let flags = [
            ("--secret", self.secret.map(KeyLocation::Secret)),
            ("--secret-file", self.secret_file.map(KeyLocation::SecretFile)),
            ("--secret-env", self.secret_env.map(KeyLocation::SecretEnv)),
            ("--key", self.key.map(KeyLocation::KeyFile)),
            ("--key-env", self.key_env.map(KeyLocation::KeyEnv)),
            ("--jwks", self.jwks.map(KeyLocation::Jwks)),
            ("--oidc", self.oidc.map(KeyLocation::Issuer)),
        ];
        flags.into_iter().find_map(|(by, location)| Some(NamedKey { by, location: location? }))
    }
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
pub(crate) struct KeyFlags {
    #[command(flatten)]
    source: KeySource,
    /// Format of the secret: text, raw, base64, hex [env: JWTCTL_SECRET_FORMAT]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true,
        value_parser = one_of(SecretFormat::ALL.map(|format| (format.name(), format))))]
    pub secret_format: Option<SecretFormat>,
    #[command(flatten)]
    options: KeyOptions,
    #[command(flatten)]
    network: NetworkFlags,
}

impl KeyFlags {
    /// The request for the key; `file` is one that a verb takes without a flag.
    ///
    /// # Errors
    /// A flag was given that does not apply to this kind of key.
    pub(crate) fn request(self, file: Option<PathOrStdin>) -> Result<KeyRequest, CliError> {
        let NetworkFlags { timeout, ca_file, no_cache, offline } = self.network;
        let network = Network { timeout, ca_file, no_cache, offline };
        let file = file.map(|file| NamedKey { by: "FILE", location: KeyLocation::KeyFile(file) });
        let source = file.or(self.source.key());
        if let Some(NamedKey { by, location }) = &source {
            let of_secrets = self.secret_format.map(|_| ("--secret-format", "HMAC secrets"));
            let of_sets = network.flag().map(|flag| (flag, "keys that are fetched"));
            let other = match location {
                KeyLocation::Secret(_)
                | KeyLocation::SecretFile(_)
                | KeyLocation::SecretEnv(_)
                | KeyLocation::AuthJs(..) => of_sets,
                KeyLocation::Jwks(_) | KeyLocation::Issuer(_) => of_secrets,
                KeyLocation::KeyFile(_) | KeyLocation::KeyEnv(_) => of_secrets.or(of_sets),
            };
            if let Some((flag, about)) = other {
                return Err(CliError::new(
                    format!("{flag} cannot be used with {by}: it applies only to {about}"),
                    "use only one of them",
                ));
            }
        }
        let options = KeyRequest::from(self.options);
        Ok(KeyRequest { source, format: self.secret_format, network, ..options })
    }
}
