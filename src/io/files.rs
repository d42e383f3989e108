//! Files: read with a bound, written whole.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{Bounded, read_bounded};

/// Reads a file to its end or to the bound, in bytes.
///
/// # Errors
/// The operating system's, a folder included.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Bounded> {
    read_bounded(&mut File::open(path)?, limit)
}

/// Writes a file, in place of one that was there.
///
/// # Errors
/// The operating system's.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}
