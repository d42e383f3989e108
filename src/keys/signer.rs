//! Private keys outside of this process: what signs with them, and why it does not.

use std::fmt::Debug;

use thiserror::Error;

use super::algorithm::{Algorithm, listed};
use crate::text::counted;

/// What signs with a private key that this process does not have.
pub trait ExternalSigner: Debug + Send + Sync {
    /// What it is, for messages: "the SSH agent".
    fn name(&self) -> &'static str;

    /// Whether it may be asked to sign with an algorithm of the key's type.
    fn signs_with(&self, alg: Algorithm) -> bool;

    /// Signs a message. Whether the signature is one of the key is for the caller to check.
    ///
    /// # Errors
    /// Why there is no signature.
    fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// What a command that signs is called in messages.
pub(crate) const COMMAND: &str = "the command";

/// The most keys that are read from an agent; OpenSSH has the same limit.
pub(super) const MOST_AGENT_KEYS: usize = 2048;

/// Why a key outside of this process cannot be used. `who` is [`ExternalSigner::name`].
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the fields are the evidence that the messages name
pub enum SignerError {
    #[error("there is no SSH agent: SSH_AUTH_SOCK is {}", if *is_set { "empty" } else { "not set" })]
    NoAgent { is_set: bool },
    #[error("cannot reach the SSH agent: {reason}")]
    Unreachable { reason: String },
    #[error("the SSH agent closed the connection without an answer")]
    Closed,
    #[error("{who} did not answer within {seconds} seconds")]
    Timeout { who: &'static str, seconds: u64 },
    /// It did not want to do this: "list its keys".
    #[error("the SSH agent refused to {what}")]
    Refused { what: &'static str },
    #[error("the answer of {who} is larger than {} KiB", most >> 10)]
    AnswerTooLarge { who: &'static str, most: usize },
    #[error("the answer of the SSH agent is malformed")]
    Malformed,
    #[error("the SSH agent has {}; more than {MOST_AGENT_KEYS} are not read", counted(*count, "key"))]
    TooManyKeys { count: usize },
    #[error("{who} cannot sign with {alg}, only with {}", listed(signs_with))]
    NoSuchAlgorithm { who: &'static str, alg: Algorithm, signs_with: Vec<Algorithm> },
    #[error("{who} does not sign more than {} KiB at once", most >> 10)]
    MessageTooLong { who: &'static str, most: usize },
    /// Both are names of OpenSSH.
    #[error("the SSH agent made a signature of another kind: {found}, not {wanted}")]
    OtherSignature { found: String, wanted: String },
    #[error("{who} returned a signature that does not match the public key")]
    WrongSignature { who: &'static str },
    /// `is_failure` says that another attempt may succeed.
    #[error("the command cannot be run: {reason}")]
    NotRun { reason: String, is_failure: bool },
    /// How it ended, and the first line of what it said about that. A word of it may have been meant for a shell.
    #[error("the command {how}{}", said.as_ref().map(|said| format!(": {said}")).unwrap_or_default())]
    CommandFailed { how: String, said: Option<String>, is_for_shell: bool },
    #[error("the command printed {}, which is not a signature by {alg}", counted(*length, "byte"))]
    NotASignature { length: usize, alg: Algorithm },
}

impl SignerError {
    /// Whether a command is at fault.
    pub(crate) fn is_of_command(&self) -> bool {
        match self {
            Self::NotRun { .. } | Self::CommandFailed { .. } | Self::NotASignature { .. } => true,
            Self::Timeout { who, .. }
            | Self::AnswerTooLarge { who, .. }
            | Self::NoSuchAlgorithm { who, .. }
            | Self::MessageTooLong { who, .. }
            | Self::WrongSignature { who } => *who == COMMAND,
            _ => false,
        }
    }

    /// Whether it could not be found out whether the key can be used, so that another attempt may succeed.
    pub(crate) fn is_failure(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Closed | Self::Timeout { .. } => true,
            Self::NotRun { is_failure, .. } => *is_failure,
            _ => false,
        }
    }
}

/// Which key of an agent is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentChoice {
    /// The only one that fits.
    Any,
    /// The one with this fingerprint.
    Fingerprint(String),
    /// The one with this comment.
    Comment(String),
}

impl AgentChoice {
    /// Reads what a user typed: `any`, a fingerprint, or else a comment.
    pub fn of(typed: &str) -> Self {
        match typed {
            "any" => Self::Any,
            _ if typed.starts_with("SHA256:") => {
                Self::Fingerprint(typed.trim_end_matches('=').to_owned())
            }
            _ => Self::Comment(typed.to_owned()),
        }
    }
}
