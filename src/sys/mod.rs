//! Files, standard streams, the terminal, signals and HTTP. Everything that is read has a limit.

mod commit;
mod http;
mod http_error;
mod io;
mod resolver;
mod settings;
mod store;
mod unix;

pub use commit::{
    Calls, CreateError, CreateOptions, CreatedFiles, LeftBehind, Leftover, NewFile, create, lock,
};
pub use http::{Connect, GetRequest, HeaderMap, Http, Response, Settings, connect};
pub use http_error::{CertificateFault, HttpError};
pub use io::{Bounded, Input, Output, Stdin, StdinError, write_rows};
pub use settings::Proxies;
pub use store::Store;
pub use unix::paths::resolve_path;
pub use unix::{CancelToken, RawStdin, Readers, Stderr, Stdout, ask, protect_process};

pub(crate) use commit::replace;
pub(crate) use io::{CancellableInput, read_file, read_text};
pub use resolver::LoopbackResolver;
pub(crate) use resolver::is_this_machine;
pub(crate) use settings::{MAX_CERTIFICATES, Trust, read_certificates};
pub(crate) use unix::paths::{is_device_or_pipe, is_stdout, is_terminal};
pub(crate) use unix::{InterruptibleOutput, exit_by_signal, is_also_output, size_of};
