//! Files, standard streams, the terminal, signals and HTTP. Everything that is read has a limit.

mod command;
mod commit;
mod foreground;
mod http;
mod http_error;
mod io;
mod lock;
mod paths;
mod platform;
mod readers;
mod reason;
mod resolver;
mod settings;
mod shell;
mod store;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use commit::{
    Calls, CreateError, CreateOptions, CreatedFiles, LeftBehind, Leftover, NewFile, create, lock,
};
pub use foreground::{Document, Foreground, run_in_foreground};
pub use http::{Connect, GetRequest, HeaderMap, Http, Response, Settings, connect};
pub use http_error::{CertificateFault, HttpError};
pub use io::{Bounded, Input, Output, Stdin, StdinError, write_rows};
pub use paths::resolve_path;
pub use platform::{AgentStream, CancelToken, RawStdin, Stderr, Stdout, ask, prepare_process};
pub use readers::Readers;
pub use settings::Proxies;
pub use shell::Shell;
pub use store::Store;

pub(crate) use command::{CommandError, CommandRun, Finished};
pub(crate) use io::{CancellableInput, open_file, read_file, read_settings, read_text};
pub(crate) use paths::user_folder;
pub(crate) use platform::{
    CLIPBOARD, DEFAULT_AGENT, HOME, InterruptibleOutput, SHELL, connect_agent, exit_by_signal,
    is_also_output, is_device_or_pipe, is_stdout, is_terminal, size_of,
};
pub(crate) use reason::reason;
pub use resolver::LoopbackResolver;
pub(crate) use resolver::is_this_machine;
pub(crate) use settings::{MAX_CERTIFICATES, Trust, read_certificates};
