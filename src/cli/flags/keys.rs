//! Flags that name a key, and how it is fetched and opened.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _, ValueHint};

use crate::cli::cli_error::CliError;
use crate::cli::values::{DURATION, one_of, path, secret, some_path, timeout, variable};
use crate::keys::SecretFormat;
use crate::request::{KeyLocation, KeyRequest, Named, NamedPath, NamedVariable, Network};
use crate::secret::Secret;

// No doc comments: clap would show them in place of the verb's own help.
#[derive(Args)]
#[command(next_help_heading = "Key")]
#[group(multiple = false)]
struct KeySource {
    /// HMAC secret; other users can see it in the process list [env: JWTCTL_SECRET]
    #[arg(short = 'S', long, value_name = "TEXT", allow_hyphen_values = true,
        value_parser = OsStringValueParser::new().try_map(secret))]
    secret: Option<Secret>,
    /// Read the HMAC secret from a file; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = path("--secret-file"))]
    secret_file: Option<NamedPath>,
    /// Read the HMAC secret from the environment variable NAME
    #[arg(long, value_name = "NAME", value_parser = variable("--secret-env"))]
    secret_env: Option<NamedVariable>,
    /// Key file in any format, with one or more keys; - is standard input [env: JWTCTL_KEY]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath, allow_hyphen_values = true,
        value_parser = path("--key"))]
    key: Option<NamedPath>,
    /// Read the key from the environment variable NAME; line breaks of a PEM may be written as \n
    #[arg(long, value_name = "NAME", value_parser = variable("--key-env"))]
    key_env: Option<NamedVariable>,
    /// JWK Set from a file or an https URL; - is standard input [env: JWTCTL_JWKS]
    #[arg(long, value_name = "PATH|URL", value_hint = ValueHint::FilePath, value_parser = path("--jwks"))]
    jwks: Option<NamedPath>,
    /// JWK Set of an issuer, found by OpenID Connect Discovery; --iss defaults to ISSUER [env: JWTCTL_OIDC]
    #[arg(long, value_name = "ISSUER", value_hint = ValueHint::Url, value_parser = OsStringValueParser::new())]
    oidc: Option<OsString>,
}

impl KeySource {
    fn location(self) -> Option<KeyLocation> {
        let issuer = |name| KeyLocation::Issuer(Named { by: "--oidc", name });
        let given = [
            self.secret.map(KeyLocation::Secret),
            self.secret_file.map(KeyLocation::SecretFile),
            self.secret_env.map(KeyLocation::SecretEnv),
            self.key.map(KeyLocation::KeyFile),
            self.key_env.map(KeyLocation::KeyEnv),
            self.jwks.map(KeyLocation::Jwks),
            self.oidc.map(issuer),
        ];
        given.into_iter().flatten().next()
    }
}

#[derive(Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyOptions {
    /// File with the password of an encrypted key [default: JWTCTL_KEY_PASSWORD, or a prompt]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path("--key-password-file"))]
    key_password_file: Option<NamedPath>,
    /// Accept keys that are too short, with a warning; RSA keys only to verify RS256 and RS512
    #[arg(long)]
    allow_weak_key: bool,
}

impl From<KeyOptions> for KeyRequest {
    fn from(flags: KeyOptions) -> Self {
        let KeyOptions { key_password_file: password, allow_weak_key: allow_weak } = flags;
        Self { password, allow_weak, ..Self::default() }
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
    /// A flag that does not concern such a key.
    pub(crate) fn request(self, file: Option<NamedPath>) -> Result<KeyRequest, CliError> {
        let NetworkFlags { timeout, ca_file, no_cache, offline } = self.network;
        let network = Network { timeout, ca_file, no_cache, offline };
        let source = file.map(KeyLocation::KeyFile).or(self.source.location());
        let is_secret = matches!(
            source,
            Some(KeyLocation::Secret(_) | KeyLocation::SecretFile(_) | KeyLocation::SecretEnv(_))
        );
        let is_set = matches!(source, Some(KeyLocation::Jwks(_) | KeyLocation::Issuer(_)));
        let check = |flag: Option<&str>, concerns_it: bool, about: &str| match (flag, &source) {
            (Some(flag), Some(source)) if !concerns_it => Err(CliError::new(
                format!("{flag} cannot be used with {}: it is about {about}", source.by()),
                "leave one of the two out",
            )),
            _ => Ok(()),
        };
        check(self.secret_format.map(|_| "--secret-format"), is_secret, "HMAC secrets")?;
        check(network.flag(), is_set, "keys that are fetched")?;
        let options = KeyRequest::from(self.options);
        Ok(KeyRequest { source, format: self.secret_format, network, ..options })
    }
}
