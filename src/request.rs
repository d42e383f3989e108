//! What was asked for, as plain data.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::json::{Selector, Value};
use crate::keys::{Algorithm, Format, SecretFormat};
use crate::policy::Policy;
use crate::secret::Secret;
use crate::time::When;

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// A verb on tokens.
    Token(TokenRequest),
    /// `key` and its verbs
    Key(Box<KeyCommand>),
    /// `man --dir`
    Man(ManRequest),
}

/// What is asked for of a token, or of many.
#[derive(Debug)]
pub enum TokenRequest {
    /// `encode`
    Encode(Box<EncodeRequest>),
    /// `decode`
    Decode(DecodeRequest),
    /// `verify`
    Verify(Box<VerifyRequest>),
    /// `refresh`
    Refresh(Box<RefreshRequest>),
}

/// Which verb a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `encode`
    Encode,
    /// `decode`
    Decode,
    /// `verify`
    Verify,
    /// `refresh`
    Refresh,
    /// `key`
    Key,
    /// `man`
    Man,
}

impl Verb {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
            Self::Verify => "verify",
            Self::Refresh => "refresh",
            Self::Key => "key",
            Self::Man => "man",
        }
    }

    /// The verbs whose exit code says that a token is genuine: nothing but a genuine token gives 0.
    pub const GATES: [Self; 2] = [Self::Verify, Self::Refresh];

    /// Whether its exit code says that a token is genuine.
    #[must_use]
    pub fn is_gate(self) -> bool {
        Self::GATES.contains(&self)
    }
}

impl Request {
    /// Which verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Token(request) => request.verb(),
            Self::Key(_) => Verb::Key,
            Self::Man(_) => Verb::Man,
        }
    }
}

impl TokenRequest {
    /// Which verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Encode(_) => Verb::Encode,
            Self::Decode(_) => Verb::Decode,
            Self::Verify(_) => Verb::Verify,
            Self::Refresh(_) => Verb::Refresh,
        }
    }
}

/// A name and the value it is to have.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// What is asked for.
#[derive(Debug)]
pub struct EncodeRequest {
    /// CLAIMS.
    pub claims: Option<TextSource>,
    /// The key.
    pub key: KeyRequest,
    /// The algorithm, if not the key's own.
    pub alg: Option<Algorithm>,
    /// Claims of single flags, in the order in which they are written.
    pub named: Vec<Assignment>,
    /// `nbf`.
    pub nbf: Option<When>,
    /// `iat`.
    pub iat: IssuedAt,
    /// `exp`.
    pub exp: Expiry,
    /// `jti`: an ID, or a random one.
    pub jti: Option<Option<String>>,
    /// `typ` of the header.
    pub typ: Typ,
    /// Further header members; `kid` among them.
    pub header: Vec<Assignment>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

/// What becomes of `iat`.
#[derive(Debug, Clone, Copy)]
pub enum IssuedAt {
    /// What CLAIMS says, else now.
    Default,
    /// This.
    At(When),
    /// There is none.
    Omitted,
}

/// What becomes of `exp`.
#[derive(Debug, Clone, Copy)]
pub enum Expiry {
    /// What CLAIMS says, else [`DEFAULT_TTL`] after `iat`.
    Default,
    /// This many seconds after `iat`.
    After(i64),
    /// This.
    At(When),
    /// There is none.
    Never,
}

/// What becomes of the header's `typ`.
#[derive(Debug, Clone)]
pub enum Typ {
    /// `JWT`, unless `--header` says something else.
    Default,
    /// This.
    Named(String),
    /// There is none.
    Omitted,
}

/// What is asked for.
#[derive(Debug)]
pub struct DecodeRequest {
    /// The token.
    pub token: TextSource,
    /// The header in place of the claims.
    pub header: bool,
    /// One claim, or header member, alone.
    pub get: Option<Selector>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

/// What is asked for.
#[derive(Debug)]
pub struct VerifyRequest {
    /// The token.
    pub token: TextSource,
    /// The key.
    pub key: KeyRequest,
    /// The algorithms that are allowed, if not all that the key serves.
    pub allowed: Vec<Algorithm>,
    /// Padding at the end of the token's parts is admitted.
    pub allow_padding: bool,
    /// What the token must fulfil.
    pub policy: Policy,
    /// The signature alone, over a payload of any kind.
    pub raw: bool,
    /// One claim alone.
    pub get: Option<Selector>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

/// What is asked for.
#[derive(Debug)]
pub struct RefreshRequest {
    /// The token.
    pub token: TextSource,
    /// The key that verifies, and signs unless there is another.
    pub key: KeyRequest,
    /// The key that signs the successor.
    pub sign_key: Option<KeyRequest>,
    /// The algorithms that are allowed, if not all that the key serves.
    pub allowed: Vec<Algorithm>,
    /// Padding at the end of the token's parts is admitted.
    pub allow_padding: bool,
    /// What the token must fulfil.
    pub policy: Policy,
    /// The successor's lifetime in seconds, if not that of the token.
    pub ttl: Option<i64>,
    /// Leave the token as it is while more than this many seconds are left.
    pub if_expiring: Option<i64>,
    /// Claims to give a value.
    pub set: Vec<Assignment>,
    /// Claims to take out.
    pub unset: Vec<String>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

/// What is asked for.
#[derive(Debug)]
pub struct KeyCommand {
    /// The verb.
    pub action: KeyAction,
    /// How JSON is laid out: on one line, or indented.
    pub compact: bool,
    /// Where what is written goes.
    pub destination: Destination,
}

/// The verbs.
#[derive(Debug)]
pub enum KeyAction {
    /// `key new`
    New(NewKey),
    /// `key show`
    Show(KeyRequest),
    /// `key public`: the public half, in this format or the usual one.
    Public(KeyRequest, Option<Format>),
    /// `key convert`
    Convert {
        /// The key.
        key: KeyRequest,
        /// The format it is to have.
        format: Format,
        /// Its key ID in a JWK.
        kid: KidChoice,
    },
    /// `key thumbprint`
    Thumbprint(KeyRequest),
    /// `key set`
    Set {
        /// The key files; standard input where there are none.
        files: Vec<PathOrStdin>,
        /// The password and what is admitted, for each of them.
        common: KeyRequest,
    },
}

/// What becomes of the `kid` of a JWK that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KidChoice {
    /// The one it has, else its thumbprint (RFC 7638).
    Default,
    /// This.
    Named(String),
    /// There is none.
    Omitted,
}

/// What is asked for.
#[derive(Debug)]
pub struct NewKey {
    /// The algorithm it is for.
    pub alg: Algorithm,
    /// The size of an RSA modulus or of a secret's randomness, if not the usual one.
    pub bits: Option<usize>,
    /// Its key ID in a JWK.
    pub kid: KidChoice,
    /// The format, if not the usual one of its kind.
    pub format: Option<Format>,
}

/// Where what is written goes.
#[derive(Debug, Default)]
pub struct Destination {
    /// `--out`; standard output without it.
    pub out: Option<PathBuf>,
    /// `--public-out`: the public half, beside.
    pub public_out: Option<PathBuf>,
    /// `--force`: in the place of files that are there.
    pub force: bool,
}

/// What is asked for.
#[derive(Debug)]
pub struct ManRequest {
    /// The folder, which must be there.
    pub dir: PathBuf,
    /// File names and contents.
    pub pages: Vec<(String, Vec<u8>)>,
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

/// A path, or `-` for standard input.
#[derive(Debug, Clone)]
pub enum PathOrStdin {
    /// A path.
    Path(PathBuf),
    /// `-`
    Stdin,
}

/// A text as a user names it: a token or CLAIMS.
#[derive(Debug, Clone)]
pub enum TextSource {
    /// The text itself.
    Given(OsString),
    /// An environment variable holds it.
    Variable(NamedVariable),
    /// A file holds it.
    File(PathBuf),
    /// `-`
    Stdin,
    /// Not named: standard input, unless that is a terminal.
    Piped,
}

/// Which key is asked for.
#[derive(Debug, Clone, Default)]
pub struct KeyRequest {
    /// What a flag says; without one, the environment is asked.
    pub source: Option<KeyLocation>,
    /// `--secret-format`; without it, the environment is asked.
    pub format: Option<SecretFormat>,
    /// `--key-password-file`; without it, the environment is asked, then a person.
    pub password: Option<NamedPath>,
    /// `--allow-weak-key`
    pub allow_weak: bool,
    /// How keys that are somewhere else are to be had.
    pub network: Network,
}

/// Where a flag says the key is.
#[derive(Debug, Clone)]
pub enum KeyLocation {
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
    /// `--jwks`: a path, or a URL.
    Jwks(NamedPath),
    /// `--oidc`
    Issuer {
        /// The flag or variable.
        by: &'static str,
        /// The issuer.
        issuer: OsString,
    },
}

impl KeyLocation {
    /// The flag or variable that names it.
    #[must_use]
    pub fn by(&self) -> &'static str {
        match self {
            Self::Secret(_) => "--secret",
            Self::SecretEnv(variable) | Self::KeyEnv(variable) => variable.by,
            Self::SecretFile(path) | Self::KeyFile(path) | Self::Jwks(path) => path.by,
            Self::Issuer { by, .. } => by,
        }
    }
}

/// How keys that are somewhere else are to be had.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// `--timeout`, in seconds.
    pub timeout: Option<u64>,
    /// `--ca-file`
    pub ca_file: Option<PathBuf>,
    /// `--no-cache`
    pub no_cache: bool,
    /// `--offline`
    pub offline: bool,
}

impl Network {
    /// The first of its flags that was given.
    #[must_use]
    pub fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.timeout.is_some(), "--timeout"),
            (self.ca_file.is_some(), "--ca-file"),
            (self.no_cache, "--no-cache"),
            (self.offline, "--offline"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}
