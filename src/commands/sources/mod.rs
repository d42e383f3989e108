//! Where texts and keys come from: flags, files, variables, standard input, the network; which one wins.
//! It reads and hands on; what the bytes mean is decided in `token` and `keys`.

mod bytes;
mod issuers;
mod keys;
mod texts;

use std::path::PathBuf;

use crate::env::Env;
use crate::io::{Bounded, StdinError};
use crate::problem::{Problem, UsageError};

pub use bytes::{NamedPath, NamedVariable};
pub use issuers::Network;
pub use keys::{KeyRequest, KeySource};
pub(super) use keys::{Source, key, key_file, key_or_pipe};
pub use texts::{LONGEST, LineInput, TextSource, find_lines};
pub(super) use texts::{claims, read_token, token};

/// A path, or `-` for standard input.
#[derive(Debug, Clone)]
pub enum PathOrStdin {
    /// A path.
    Path(PathBuf),
    /// `-`
    Stdin,
}

fn stdin(purpose: &'static str, limit: usize, env: &mut Env<'_>) -> Result<Bounded, Problem> {
    env.stdin.read(purpose, limit).map_err(|error| stdin_problem(error, purpose))
}

fn stdin_problem(error: StdinError, purpose: &'static str) -> Problem {
    match error {
        StdinError::Taken { by } => {
            Problem::Usage(UsageError::StdinTwice { first: by, second: purpose })
        }
        StdinError::Io(error) => {
            Problem::Io { doing: "read", what: "standard input".to_owned(), error }
        }
    }
}
