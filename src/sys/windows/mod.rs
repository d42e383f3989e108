//! The Windows side of [`super::platform`].
//!
//! It promises less than Linux: no signal waits while files are written, every new file has a name from the start, a
//! read cannot be woken, and other processes of the user can read this one's memory.

mod agent;
mod cancel;
mod files;
mod paths;
mod process;
mod process_group;
mod prompt;
mod security;
mod streams;

pub use agent::AgentStream;
pub use cancel::CancelToken;
pub use process::prepare_process;
pub use prompt::ask;
pub use streams::{RawStdin, Stderr, Stdout};

pub(super) use files::{
    cannot_lock_folders, create_new, create_private_folder, descriptor, id_of, is_private_path,
    link_nameless, open_nameless, open_to_lock, open_to_read, open_with_id, others_may_write,
    rename_new, restrict, version, words,
};
pub(super) use paths::{STDOUT, write_into};
pub(super) use security::is_private;

pub(crate) use agent::{DEFAULT_AGENT, connect_agent};
pub(crate) use cancel::{BlockedSignals, exit_by_signal};
pub(crate) use files::{CLIPBOARD, Descriptor, HOME, SHELL};
pub(crate) use paths::{is_device_or_pipe, is_stdout, is_terminal};
pub(crate) use process_group::ProcessGroup;
pub(crate) use streams::{InterruptibleOutput, is_also_output, size_of};
