//! The operating system's part: one list of names, which `unix` and `windows` both define.

#[cfg(unix)]
use super::unix as system;
#[cfg(windows)]
use super::windows as system;

pub use system::{AgentStream, CancelToken, RawStdin, Stderr, Stdout, ask, prepare_process};

pub(crate) use system::{
    BlockedSignals, CLIPBOARD, DEFAULT_AGENT, Descriptor, HOME, InterruptibleOutput, ProcessGroup,
    SHELL, connect_agent, exit_by_signal, is_also_output, is_device_or_pipe, is_stdout,
    is_terminal, size_of,
};
pub(super) use system::{
    STDOUT, cannot_lock_folders, create_new, create_private_folder, descriptor, id_of, is_private,
    is_private_path, link_nameless, open_nameless, open_to_lock, open_to_read, open_with_id,
    others_may_write, rename_new, restrict, version, words, write_into,
};
