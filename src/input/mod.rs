//! Where tokens, claims and keys come from: flags, files, variables, standard input, the network.

mod bytes;
mod key_source;
mod keys;
mod network;
mod texts;

pub(crate) use key_source::{KeySource, SourceKeys};
pub(crate) use keys::{KeyInput, key_input, key_or_pipe};
pub(crate) use texts::{LONGEST, file_as_token, find_lines, read_text};
