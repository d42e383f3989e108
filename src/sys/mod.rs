//! Files, standard streams, the terminal, signals and HTTP, always with a bound on how much is read.

mod commit;
mod http;
mod http_error;
mod input;
mod lock;
mod loopback;
mod output;
mod proxy;
mod read;
mod resolver;
mod stdin;
mod store;
mod trust;
mod unix;

pub use commit::Leftover;
pub(crate) use commit::{
    CreateOptions, CreatedFiles, LeftBehind, NewFile, Readers, create, replace,
};
pub use http::{CacheHeaders, Connect, GetRequest, Http, Response, Settings, connect};
pub use http_error::{CertificateFault, HttpError};
pub(crate) use input::CancellableInput;
pub use input::Input;
pub(crate) use loopback::is_this_machine;
pub use output::{Output, write_rows};
pub use proxy::Proxies;
pub use read::Bounded;
pub(crate) use read::{read_file, read_text};
pub use stdin::{Stdin, StdinError};
pub use store::Store;
pub(crate) use trust::{MAX_CERTIFICATES, Trust, read_certificates};
pub use unix::paths::resolve_path;
pub(crate) use unix::paths::{is_device_or_pipe, is_stdout, is_terminal};
pub use unix::{CancelToken, RawStdin, Stderr, Stdout, ask, protect_process};
pub(crate) use unix::{InterruptibleOutput, exit_by_signal, is_also_output, size_of};
