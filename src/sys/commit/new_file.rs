//! Files to be written, and files that were left behind.

use std::io;
use std::path::{Path, PathBuf};

/// A file to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewFile<'a> {
    pub path: &'a Path,
    pub bytes: &'a [u8],
    pub readers: Readers,
}

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Only its owner: mode 0600, whatever the umask is.
    Owner,
    /// Everybody, as far as the umask allows it.
    Anyone,
}

/// A file that could not be removed or put back.
#[derive(Debug)]
pub(crate) struct LeftBehind {
    pub path: PathBuf,
    pub kind: Leftover,
    /// The file that it was meant to be, or was.
    pub of: PathBuf,
    pub error: io::Error,
}

/// What kind of file was left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// New content under a temporary name, or under its own, that could not be removed.
    New,
    /// The replaced file, which could not be removed.
    Replaced,
    /// The replaced file, which could not be put back.
    NotPutBack,
}
