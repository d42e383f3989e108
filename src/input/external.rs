//! Private keys outside of this process: in an SSH agent, and where that is; or used by a command.

use crate::env::Env;
use crate::external::{AgentKeyRequest, find_in_agent, sign_by_command};
use crate::keys::{AgentChoice, KeyError, KeyFile, Purpose, ReadKey, SignerError};
use crate::request::{KeyRequest, SignerCommand};
use crate::sys::DEFAULT_AGENT;

/// The variable with the address of the agent.
const ADDRESS_VARIABLE: &str = "SSH_AUTH_SOCK";

/// Finds a key in the agent.
pub(super) fn key_in_agent(
    choice: &AgentChoice,
    request: &KeyRequest,
    purpose: Purpose,
    env: &Env<'_>,
) -> Result<ReadKey, KeyError> {
    let address = (env.variable)(ADDRESS_VARIABLE);
    let is_set = address.is_some();
    let address = address.or_else(|| DEFAULT_AGENT.map(Into::into));
    let address = address.filter(|address| !address.is_empty());
    let address = address.ok_or(KeyError::External(SignerError::NoAgent { is_set }))?;
    let (choice, algorithms) = (choice.clone(), &request.algorithms[..]);
    let allow_weak = request.allow_weak;
    find_in_agent(address, &AgentKeyRequest { choice, purpose, algorithms, allow_weak })
}

/// Lets a command sign with the private key of a public one.
pub(super) fn with_signer(file: KeyFile, command: &SignerCommand) -> Result<KeyFile, KeyError> {
    match file {
        KeyFile::One(read) if read.key.is_private() => {
            Err(KeyError::SignsItself { key: read.key.to_string() })
        }
        KeyFile::One(read) => {
            let key = sign_by_command(command.0.clone(), read.key);
            Ok(KeyFile::One(ReadKey { key, ..read }))
        }
        KeyFile::Set(set) => {
            let (count, is_jwk_set) = (set.entries.len(), set.is_jwk_set());
            Err(KeyError::NotOneKey { count, is_jwk_set })
        }
    }
}
