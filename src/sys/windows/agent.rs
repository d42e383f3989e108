//! The named pipe of an SSH agent.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::thread;
use std::time::Duration;

use windows_sys::Win32::Foundation::ERROR_PIPE_BUSY;
use windows_sys::Win32::Storage::FileSystem::SECURITY_IDENTIFICATION;

/// A connection to an SSH agent.
pub type AgentStream = File;

/// Where an agent is if no variable says so.
pub(crate) const DEFAULT_AGENT: Option<&str> = Some(r"\\.\pipe\openssh-ssh-agent");

/// Connects to an agent. This may wait for as long as the agent is busy. The agent learns who calls, but cannot act as
/// the user.
pub(crate) fn connect_agent(address: &OsStr) -> io::Result<AgentStream> {
    let mut options = File::options();
    options.read(true).write(true).security_qos_flags(SECURITY_IDENTIFICATION);
    loop {
        match options.open(address) {
            Err(error) if error.raw_os_error() == Some(ERROR_PIPE_BUSY.cast_signed()) => {
                thread::sleep(Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}
