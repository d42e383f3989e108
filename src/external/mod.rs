//! Private keys outside of this process: in an SSH agent. Whether what they sign is a signature, `crypto` decides.

mod agent;
mod connection;

pub(crate) use agent::{AgentKeyRequest, find_in_agent};
