//! The Unix side of [`super::platform`]. Some of it does something only on Linux.

mod agent;
mod cancel;
mod files;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod not_linux;
mod paths;
mod process;
mod process_group;
mod prompt;
mod streams;

#[cfg(target_os = "linux")]
use linux as kernel;
#[cfg(not(target_os = "linux"))]
use not_linux as kernel;

pub use agent::AgentStream;
pub use cancel::CancelToken;
pub use process::prepare_process;
pub use prompt::ask;
pub use streams::{RawStdin, Stderr, Stdout};

pub(super) use files::{
    cannot_lock_folders, create_new, create_private_folder, descriptor, id_of, is_private,
    is_private_path, open_to_lock, open_to_read, open_with_id, others_may_write, rename_new,
    restrict, version, words,
};
pub(super) use kernel::{link_nameless, open_nameless};
pub(super) use paths::{STDOUT, write_into};

pub(crate) use agent::{DEFAULT_AGENT, connect_agent};
pub(crate) use cancel::exit_by_signal;
pub(crate) use files::{CLIPBOARD, Descriptor, HOME, SHELL};
pub(crate) use kernel::BlockedSignals;
pub(crate) use paths::{is_device_or_pipe, is_stdout, is_terminal};
pub(crate) use process_group::ProcessGroup;
pub(crate) use streams::{InterruptibleOutput, is_also_output, size_of};
