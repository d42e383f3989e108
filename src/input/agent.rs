//! Keys in an SSH agent, and where the agent is.

use crate::env::Env;
use crate::external::{AgentKeyRequest, find_in_agent};
use crate::keys::{AgentChoice, KeyError, Purpose, ReadKey, SignerError};
use crate::request::KeyRequest;
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
