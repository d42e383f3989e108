//! Functions for Unix. Some of them do something only on Linux.

mod cancel;
mod files;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod not_linux;
pub(super) mod paths;
mod prompt;
mod streams;

pub use cancel::CancelToken;
pub(crate) use cancel::exit_by_signal;
pub use files::Readers;
pub(super) use files::*;
#[cfg(target_os = "linux")]
pub use linux::*;
#[cfg(not(target_os = "linux"))]
pub use not_linux::*;
pub use prompt::ask;
pub(crate) use streams::{InterruptibleOutput, is_also_output, size_of};
pub use streams::{RawStdin, Stderr, Stdout};
