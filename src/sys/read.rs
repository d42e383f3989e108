//! Files, read with a bound.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{Bounded, read_bounded};
use crate::text::TextReader;

/// Reads a file to its end or to the bound, in bytes.
///
/// # Errors
/// The operating system's, a folder included.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Bounded> {
    read_bounded(&mut File::open(path)?, limit)
}

/// The same of a file that is text, as UTF-8; the bound is that of the text.
///
/// # Errors
/// The operating system's, a folder included.
pub fn read_text(path: &Path, limit: usize) -> io::Result<Bounded> {
    read_bounded(&mut TextReader::new(File::open(path)?), limit)
}

/// What tells a file or folder from others, and from itself before it was changed: where it is, how large, since when.
#[must_use]
pub fn identity(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;

    match fs::metadata(path) {
        Ok(found) => format!(
            "{}:{} {} {}.{}",
            found.dev(),
            found.ino(),
            found.size(),
            found.mtime(),
            found.mtime_nsec()
        ),
        Err(_) => String::new(),
    }
}
