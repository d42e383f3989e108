//! Requests for keys: where they are, and what the verbs of `key` do with them.

use std::ffi::OsString;
use std::path::PathBuf;

use super::common::{Choice, PathOrStdin};
use crate::crypto::ExpectedLeaf;
use crate::keys::{AgentChoice, Algorithm, Format, JwkAlgorithm, KeyType, SecretFormat};
use crate::secret::Secret;

/// A verb of `key`, and how the key is written.
#[derive(Debug)]
pub(crate) struct KeyCommand {
    pub(crate) action: KeyAction,
    /// `--out`; without it, standard output.
    pub(crate) out: Option<PathBuf>,
    /// `--public-out`: a file for the public key.
    pub(crate) public_out: Option<PathBuf>,
    /// Whether files may be replaced.
    pub(crate) force: bool,
    /// Whether JSON is written on one line.
    pub(crate) compact: bool,
}

#[derive(Debug)]
pub(crate) enum KeyAction {
    New(NewKey),
    Show(KeyRequest),
    /// The public key, in this format or the usual one.
    Public(KeyRequest, Option<Format>),
    Convert(KeyRequest, Format, KidChoice),
    Thumbprint(KeyRequest, ThumbprintKind),
    /// A set of keys.
    Set {
        /// The key files, or standard input if there are none.
        files: Vec<PathOrStdin>,
        /// How each of them is read.
        options: KeyRequest,
        /// Whether HMAC secrets are admitted.
        secrets: bool,
    },
}

/// What `key thumbprint` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThumbprintKind {
    /// RFC 7638.
    Jwk,
    Spki,
    /// Of the certificate.
    X5t,
    Ssh,
    Libtrust,
}

/// The `kid` of a JWK that is written: by default its own, else its thumbprint (RFC 7638).
pub(crate) type KidChoice = Choice<String>;

#[derive(Debug)]
pub(crate) struct NewKey {
    pub(crate) alg: JwkAlgorithm,
    /// The type of a key for ECDH-ES, if not the usual one.
    pub(crate) curve: Option<KeyType>,
    /// The size of an RSA modulus or of a secret, if not the usual one.
    pub(crate) bits: Option<usize>,
    pub(crate) kid: KidChoice,
    /// The format, if not the usual one of its type.
    pub(crate) format: Option<Format>,
    /// Whether it is encrypted with a password.
    pub(crate) is_encrypted: bool,
    /// The file with the password; without one, a variable contains it, or the terminal is asked.
    pub(crate) password: Option<PathOrStdin>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct KeyRequest {
    /// Where the keys are, in the order in which they were named. Without any, a variable names the key.
    pub(crate) sources: Vec<NamedKey>,
    /// The format of secrets that have none of their own. Without it, a variable names the format.
    pub(crate) format: Option<SecretFormat>,
    /// Without one, a variable contains the password, or the terminal is asked.
    pub(crate) password: Option<PathOrStdin>,
    pub(crate) allow_weak: bool,
    pub(crate) network: Network,
    /// The algorithms of which a key in an agent must support one; empty for any.
    pub(crate) algorithms: Vec<Algorithm>,
    /// What signs with the private key of a public one.
    pub(crate) signer: Option<SignerCommand>,
    /// The certificates that chains in tokens must lead to. The key of such a chain is one of the keys.
    pub(crate) chains: Option<ChainRequest>,
}

/// Where trusted certificates are, and which of those that they lead to are meant.
#[derive(Debug, Clone)]
pub(crate) struct ChainRequest {
    pub(crate) roots: PathOrStdin,
    pub(crate) leaf: ExpectedLeaf,
}

/// A program and its arguments.
#[derive(Debug, Clone)]
pub(crate) struct SignerCommand(pub(crate) Vec<String>);

/// Where a key is, and the flag, argument or variable that says so.
#[derive(Debug, Clone)]
pub(crate) struct NamedKey {
    pub(crate) by: &'static str,
    pub(crate) location: KeyLocation,
    /// The format of the secret, if it was written before its name.
    pub(crate) format: Option<SecretFormat>,
}

impl NamedKey {
    pub(crate) fn new(by: &'static str, location: KeyLocation) -> Self {
        Self { by, location, format: None }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum KeyLocation {
    Secret(Secret),
    /// The name of a variable.
    SecretEnv(String),
    /// The name of a variable with the secret of Auth.js or NextAuth, which derive their keys from it, and the name of the
    /// cookie if it is not a usual one.
    AuthJs(String, Option<String>),
    SecretFile(PathOrStdin),
    KeyFile(PathOrStdin),
    /// The name of a variable.
    KeyEnv(String),
    /// A path or a URL.
    Jwks(PathOrStdin),
    Issuer(OsString),
    /// In an SSH agent.
    Agent(AgentChoice),
}

impl KeyLocation {
    /// Whether it is the place of an HMAC secret, which has a format.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_) | Self::SecretFile(_) | Self::SecretEnv(_))
    }

    /// Whether it may be a URL.
    pub(crate) fn may_be_fetched(&self) -> bool {
        matches!(self, Self::Jwks(_) | Self::Issuer(_))
    }
}

/// How keys are fetched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    /// In seconds.
    pub(crate) timeout: Option<u64>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) no_cache: bool,
    pub(crate) offline: bool,
}

impl Network {
    /// The first of its flags that was given.
    pub(crate) fn flag(&self) -> Option<&'static str> {
        let given = [
            (self.timeout.is_some(), "--timeout"),
            (self.ca_file.is_some(), "--ca-file"),
            (self.no_cache, "--no-cache"),
            (self.offline, "--offline"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}
