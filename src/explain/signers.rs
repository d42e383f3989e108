//! Explains why a key outside of this process cannot be used.

use super::codes::Code;
use super::shell::start_agent;
use crate::json::{quote, shown};
use crate::keys::{AgentChoice, AgentKeyName, COMMAND, KeyError, Origin, SignerError};

/// The message about a key that a flag names, or about the command that signs with it.
pub(super) fn message(origin: &Origin, error: &SignerError) -> String {
    if error.is_of_command() { format!("--signer: {error}") } else { format!("{origin}: {error}") }
}

pub(super) fn code(error: &SignerError) -> Code {
    match error {
        SignerError::NoAgent { .. } => Code::KeyNotSet,
        SignerError::NotRun { is_failure: false, .. } | SignerError::CommandFailed { .. } => {
            Code::SignerRefused
        }
        SignerError::Unreachable { .. }
        | SignerError::Closed
        | SignerError::Timeout { .. }
        | SignerError::NotRun { .. } => Code::SignerUnreachable,
        SignerError::Refused { .. } => Code::SignerRefused,
        SignerError::MessageTooLong { .. } => Code::KeyTooLarge,
        SignerError::NoSuchAlgorithm { .. } => Code::KeyWrongKind,
        SignerError::AnswerTooLarge { .. }
        | SignerError::Malformed
        | SignerError::TooManyKeys { .. }
        | SignerError::OtherSignature { .. }
        | SignerError::NotASignature { .. }
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
        KeyError::SignsItself { .. } => {
            "leave out --signer, or give only the public key: jwtctl key public FILE"
        }
        KeyError::External(SignerError::NoAgent { .. }) => start_agent(),
        KeyError::External(SignerError::Unreachable { .. }) => {
            "is SSH_AUTH_SOCK the agent's? ssh-add -l asks it"
        }
        KeyError::External(SignerError::Refused { .. }) => {
            "a locked agent is unlocked with ssh-add -X; a key that was added with ssh-add -c needs a confirmation"
        }
        KeyError::External(SignerError::OtherSignature { .. }) => {
            "an agent that does not know SHA-2 signatures is too old; ssh-agent makes them since OpenSSH 7.2"
        }
        KeyError::External(SignerError::NotRun { is_failure: false, .. }) => {
            "is it the path of a program, or the name of one in PATH?"
        }
        KeyError::External(SignerError::CommandFailed { is_for_shell: true, .. }) => {
            "it is run without a shell: what needs one goes into a script"
        }
        KeyError::External(SignerError::NotASignature { .. }) => {
            "it prints only the signature: the bytes, DER, or base64 of either"
        }
        KeyError::External(SignerError::WrongSignature { who: COMMAND }) => {
            "does the public key belong to its private key, and does it sign with the algorithm in JWTCTL_ALG?"
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
