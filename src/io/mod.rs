//! The outside world: files and standard input, always with a bound on how much is read.
//! It knows nothing of tokens and keys.

mod files;
mod stdin;

pub use files::{read_file, write_file};
pub use stdin::{Stdin, StdinError};

use std::io::{self, Read};

/// Bytes read, and whether the bound cut them off.
pub struct Bounded {
    /// At most `limit` bytes.
    pub bytes: Vec<u8>,
    /// Whether there was more.
    pub cut: bool,
}

/// Reads to the end or to the bound. The buffer is made once, so that no copy of a secret stays
/// behind in memory that was outgrown.
fn read_bounded(reader: &mut dyn Read, limit: usize) -> io::Result<Bounded> {
    let mut bytes = Vec::with_capacity(limit + 1);
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    let cut = bytes.len() > limit;
    bytes.truncate(limit);
    Ok(Bounded { bytes, cut })
}
