//! Reading to the end, up to a bound.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroize as _;

use crate::text::TextReader;

/// The size of the first buffer: enough for most keys and tokens.
const FIRST_BUFFER: usize = 8 * 1024;

/// The bytes that were read, up to the limit, and whether there were more.
#[derive(Default)]
pub struct Bounded {
    #[expect(missing_docs)]
    pub bytes: Vec<u8>,
    #[expect(missing_docs)]
    pub cut: bool,
}

/// Reads to the end or to the limit. Buffers that are outgrown are wiped, because they may hold a secret.
pub(super) fn read_bounded(reader: &mut dyn Read, most: usize) -> io::Result<Bounded> {
    let mut reader = reader.take(most as u64 + 1);
    let mut bytes = vec![0; FIRST_BUFFER.min(most + 1)];
    let mut length = 0;
    loop {
        match reader.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length == bytes.len() && length <= most {
            let mut outgrown = bytes;
            bytes = vec![0; (length * 4).min(most + 1)];
            bytes[..length].copy_from_slice(&outgrown);
            outgrown.zeroize();
        }
    }
    bytes.truncate(length.min(most));
    Ok(Bounded { bytes, cut: length > most })
}

/// Reads at most this many bytes of a file; a folder is an error.
pub(crate) fn read_file(path: &Path, most: usize) -> io::Result<Bounded> {
    read_bounded(&mut File::open(path)?, most)
}

/// Reads at most this many bytes of a text file, as UTF-8.
pub(crate) fn read_text(path: &Path, most: usize) -> io::Result<Bounded> {
    read_bounded(&mut TextReader::new(File::open(path)?), most)
}
