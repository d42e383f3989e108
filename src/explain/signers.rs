//! Explains why a key outside of this process cannot be used.

use super::codes::Code;
use super::shell::start_agent;
use crate::json::{quote, shown};
use crate::keys::{
    AgentChoice, AgentKeyName, COMMAND, KeyError, Origin, SignerError, agent_signs_with, listed,
};

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
    if let KeyError::NoneFits { keys, .. } = error
        && let Some(hint) = other_algorithms(keys)
    {
        return Some(hint);
    }
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
            "does SSH_AUTH_SOCK point to a running agent? ssh-add -l shows"
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
            "check that COMMAND uses the private key of this public key, and the algorithm in JWTCTL_ALG"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What to do if keys are refused because of `--alg` alone.
fn other_algorithms(keys: &[AgentKeyName]) -> Option<String> {
    let supported = keys.iter().flat_map(|key| match &key.unusable {
        Some(
            KeyError::WrongKeyType { supports, .. }
            | KeyError::External(SignerError::NoSuchAlgorithm { signs_with: supports, .. }),
        ) => &supports[..],
        _ => &[],
    });
    let mut algorithms = Vec::new();
    for alg in supported.filter(|alg| agent_signs_with(**alg)) {
        if !algorithms.contains(alg) {
            algorithms.push(*alg);
        }
    }
    let hint = || format!("leave out --alg: this agent signs with {}", listed(&algorithms));
    (!algorithms.is_empty()).then(hint)
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
