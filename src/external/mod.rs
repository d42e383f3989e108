//! Private keys outside of this process: in an SSH agent, or used by a command. Whether what they sign is a signature, `crypto` decides.

mod agent;
mod command;
mod connection;

pub(crate) use agent::{AgentKeyRequest, find_in_agent};
pub(crate) use command::sign_by_command;
