//! The problems that keep a request from being answered.

use std::io;

use super::codes::Code;
use super::explanation::Explanation;
use super::key_binding::{self, KeyBindingFault};
use super::refusal::Cause;
use super::token;
use super::{claims, keys, names, network, refusal};

use crate::crypto::Refusal;
use crate::jwks::{DiscoveryFault, FetchError, Refetch, SourceError};
use crate::keys::{KeyError, Origin};
use crate::policy::Fault;
use crate::sys::reason;
use crate::token::Malformed;

/// A problem that keeps a request from being answered. Problems that every line of a stream may have are stored as data
/// and explained only if they are shown; the others are explained when they are found.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are the evidence that the variant names")]
pub enum Problem {
    /// The call is wrong.
    Usage(Box<Explanation>),
    /// A file or stream could not be read or written.
    Failure(Box<Explanation>),
    /// The caller's key cannot be used.
    Key { origin: Origin, error: KeyError },
    /// A key set could not be fetched.
    Fetch(FetchError),
    /// An issuer's discovery document cannot be used; its URL may be shown.
    Discovery { url: String, fault: DiscoveryFault },
    /// There is no token, or a file name instead of one.
    NoToken(Box<Explanation>),
    /// The text is not a token. The explanation is more specific, and is made only if it was asked for.
    Token(Malformed, Option<Box<Explanation>>),
    /// The token is encrypted, and cannot be decrypted or accepted.
    Encryption(Box<Explanation>),
    /// The signature is not accepted. `cause` is the probable reason, and `refetch` says whether a newer key set was
    /// fetched.
    Signature {
        origin: Origin,
        refusal: Box<Refusal>,
        cause: Option<Box<Cause>>,
        refetch: Option<Refetch>,
    },
    /// Too few of a token's signatures are accepted.
    Signatures(Box<Explanation>),
    /// The token is genuine and does not meet an expectation.
    Policy(Box<Fault>),
    /// The holder of an SD-JWT has not shown that it is theirs.
    KeyBinding(Box<KeyBindingFault>),
    /// `--get` names something that does not exist; `paths` exist, down to the members of members.
    NoSuchClaim { name: String, in_header: bool, paths: Vec<Vec<String>> },
}

impl Problem {
    /// For a file or stream: the action that failed ("read", "write"), and on what.
    pub(crate) fn io(doing: &str, what: &str, error: &io::Error) -> Self {
        let message = format!("cannot {doing} {what}: {}", reason(error));
        let path = what.strip_prefix('@').filter(|_| error.kind() == io::ErrorKind::NotFound);
        let hint = path.map(|path| format!("a path is written without the @: {path}"));
        Self::Failure(Explanation { hint, ..Explanation::new(Code::Io, message) }.into())
    }

    /// Its code. Many lines of a stream may have expired, and of most of them nothing else is told.
    pub fn code(&self) -> Code {
        match self {
            Self::Policy(fault) => claims::code(fault),
            problem => problem.explain().code,
        }
    }

    /// Whether the token is at fault, and not the call, the keys or the network.
    pub(crate) fn is_of_the_token(&self) -> bool {
        match self {
            Self::Token(..) | Self::NoToken(_) | Self::Signatures(_) | Self::Policy(_) => true,
            Self::Signature { refusal, .. } => !matches!(**refusal, Refusal::RepeatedKid { .. }),
            _ => false,
        }
    }

    /// Its hint.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Policy(fault) => claims::hint(fault),
            problem => problem.explain().hint,
        }
    }

    /// Its code, message, evidence and hint.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Usage(explanation)
            | Self::Failure(explanation)
            | Self::NoToken(explanation)
            | Self::Encryption(explanation)
            | Self::Signatures(explanation) => (**explanation).clone(),
            Self::Key { origin, error } => keys::explain(origin, error),
            Self::Fetch(error) => network::not_fetched(error),
            Self::Discovery { url, fault } => network::unusable_discovery(url, fault),
            Self::Token(fault, explained) => {
                explained.as_deref().cloned().unwrap_or_else(|| token::malformed(fault))
            }
            Self::Signature { origin, refusal, cause, refetch } => {
                let mut explanation = refusal::explain(origin, refusal);
                explanation.evidence.extend(refetch.as_ref().map(network::refetched));
                if let Some(cause) = cause {
                    cause.add_to(&mut explanation, refusal);
                }
                explanation
            }
            Self::Policy(fault) => claims::explain(fault),
            Self::KeyBinding(fault) => key_binding::explain(fault),
            Self::NoSuchClaim { name, in_header, paths } => {
                names::not_found(name, *in_header, paths)
            }
        }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Fetch(error) => Self::Fetch(error),
            SourceError::Discovery(url, fault) => Self::Discovery { url, fault },
            SourceError::Set(origin, error) => Self::Key { origin, error },
        }
    }
}
