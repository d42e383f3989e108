//! Where texts and keys come from: flags, files, variables, standard input, the network; which one wins.
//! It reads and hands on; what the bytes mean is decided in `token` and `keys`.

mod bytes;
mod issuers;
mod item_context;
mod key_source;
mod keys;
mod texts;

use crate::env::Env;
use crate::explain::{Problem, usage};
use crate::sys::{Bounded, StdinError};

pub use item_context::{Detail, ItemContext, Text};
pub use key_source::{KeySource, SourceKeys};
pub(crate) use keys::{Source, key, key_file, key_or_pipe};
pub use texts::{LONGEST, LineInput, find_lines};
pub(crate) use texts::{claims, read_token, token};

fn stdin(purpose: &'static str, limit: usize, env: &mut Env<'_>) -> Result<Bounded, Problem> {
    env.stdin.read(purpose, limit).map_err(|error| stdin_problem(error, purpose))
}

fn stdin_problem(error: StdinError, purpose: &'static str) -> Problem {
    match error {
        StdinError::Taken(by) => usage::stdin_twice(by, purpose),
        StdinError::Io(error) => Problem::io("read", "standard input", &error),
    }
}
