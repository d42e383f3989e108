//! The socket of an SSH agent.

use std::ffi::OsStr;
use std::io;
use std::os::unix::net::UnixStream;

/// A connection to an SSH agent.
pub type AgentStream = UnixStream;

/// Where an agent is if no variable says so.
pub(crate) const DEFAULT_AGENT: Option<&str> = None;

/// Connects to an agent. This may wait for as long as the agent is busy.
pub(crate) fn connect_agent(address: &OsStr) -> io::Result<AgentStream> {
    UnixStream::connect(address)
}
