//! Explains why a key outside of this process cannot be used.

use super::codes::Code;
use crate::json::{quote, shown};
use crate::keys::{AgentChoice, AgentKeyName, KeyError, Origin, SignerError};

pub(super) fn code(error: &SignerError) -> Code {
    match error {
        SignerError::NoAgent { .. } => Code::KeyNotSet,
        SignerError::Unreachable { .. } | SignerError::Closed | SignerError::Timeout { .. } => {
            Code::SignerUnreachable
        }
        SignerError::Refused { .. } => Code::SignerRefused,
        SignerError::MessageTooLong { .. } => Code::KeyTooLarge,
        SignerError::NoSuchAlgorithm { .. } => Code::KeyWrongKind,
        SignerError::AnswerTooLarge { .. }
        | SignerError::Malformed
        | SignerError::TooManyKeys { .. }
        | SignerError::OtherSignature { .. }
        | SignerError::WrongSignature { .. } => Code::SignerWrong,
    }
}

pub(super) fn hint(origin: &Origin, error: &KeyError) -> Option<String> {
    let hint = match error {
        KeyError::SeveralFit { .. } => {
            return Some(format!("name one by its fingerprint: {origin} SHA256:…"));
        }
        KeyError::NoneFits { choice, keys } => match choice {
            _ if keys.is_empty() => {
                "ssh-add FILE adds a key, ssh-add -s LIBRARY those of an HSM or a smart card; a locked agent shows none until ssh-add -X"
            }
            AgentChoice::Any => "ssh-add FILE adds a key",
            _ => "a key is named by its fingerprint, as ssh-add -l prints it, or by its comment",
        },
        KeyError::External(SignerError::NoAgent { .. }) => {
            "start one and add the key: eval \"$(ssh-agent)\"; ssh-add"
        }
        KeyError::External(SignerError::Unreachable { .. }) => {
            "is SSH_AUTH_SOCK the agent's? ssh-add -l asks it"
        }
        KeyError::External(SignerError::Refused { .. }) => {
            "a locked agent is unlocked with ssh-add -X; a key that was added with ssh-add -c needs a confirmation"
        }
        KeyError::External(SignerError::OtherSignature { .. }) => {
            "an agent that does not know SHA-2 signatures is too old; ssh-agent makes them since OpenSSH 7.2"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// A key of an agent, and why it cannot be used.
pub(super) fn line_about_key(key: &AgentKeyName) -> String {
    let AgentKeyName { fingerprint, type_name, comment, unusable } = key;
    let line = format!("{fingerprint} {type_name} {}", shown(&quote(comment)));
    match unusable {
        None => line,
        Some(KeyError::Unsupported { found, .. }) => format!("{line}: {found}"),
        Some(error) => format!("{line}: {error}"),
    }
}
