//! What only Unix has.

mod cancel;
mod paths;
mod process;
mod prompt;
mod signals;
mod streams;

pub use cancel::{CancelToken, exit_by_signal};
pub(crate) use paths::{folder_of, write_into};
pub use paths::{is_stdout, is_stream, is_terminal, resolve_path};
pub use process::protect_process;
pub use prompt::ask;
pub use signals::BlockedSignals;
pub(crate) use streams::patiently;
pub use streams::{Interruptible, Output, Stdout};
