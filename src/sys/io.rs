//! Limited reads, standard input that is read once, streams that can be cancelled, and rows that are written whole.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use zeroize::Zeroize as _;

use super::platform::{self, CancelToken, Descriptor};
use crate::text::TextReader;

/// The size of the first buffer: enough for most keys and tokens.
const FIRST_BUFFER: usize = 8 * 1024;

/// The bytes that were read, up to the limit, and whether there were more.
#[derive(Default)]
#[expect(missing_docs)]
pub struct Bounded {
    pub bytes: Vec<u8>,
    pub cut: bool,
}

impl Bounded {
    /// All bytes, of what must not be longer than the limit.
    pub(crate) fn whole(self) -> io::Result<Vec<u8>> {
        if self.cut { Err(io::Error::other("it is too large")) } else { Ok(self.bytes) }
    }
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

/// Opens a file to read; a folder is the error `IsADirectory`. Some systems refuse to open one, others to read it.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    let is_folder = || Err(io::Error::new(io::ErrorKind::IsADirectory, "Is a directory"));
    match File::open(path) {
        Err(_) if path.is_dir() => is_folder(),
        Ok(file) if file.metadata()?.is_dir() => is_folder(),
        opened => opened,
    }
}

/// Reads at most this many bytes of a file.
pub(crate) fn read_file(path: &Path, most: usize) -> io::Result<Bounded> {
    read_bounded(&mut open_file(path)?, most)
}

/// Reads at most this many bytes of a regular file, and says whether others than the user and the administrator may write
/// it. A named pipe is refused before it is opened, which would wait for its writer.
pub(crate) fn read_settings(path: &Path, most: usize) -> io::Result<(Bounded, bool)> {
    let found = path.metadata()?;
    if !found.is_file() && !found.is_dir() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut file = open_file(path)?;
    let is_open_to_others = platform::others_may_write(&file);
    Ok((read_bounded(&mut file, most)?, is_open_to_others))
}

/// Reads at most this many bytes of a text file, as UTF-8.
pub(crate) fn read_text(path: &Path, most: usize) -> io::Result<Bounded> {
    read_bounded(&mut TextReader::new(open_file(path)?), most)
}

/// An input that is read piece by piece.
pub trait Input: Read {
    /// The file descriptor or handle to wait on, if there is one.
    fn descriptor(&self) -> Option<Descriptor<'_>> {
        None
    }
}

impl Input for &[u8] {}

impl Input for File {
    fn descriptor(&self) -> Option<Descriptor<'_>> {
        Some(platform::descriptor(self))
    }
}

/// An input that ends when it is cancelled.
pub(crate) struct CancellableInput<'a> {
    pub input: &'a mut (dyn Input + Send),
    pub token: &'a CancelToken,
}

impl Read for CancellableInput<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(descriptor) = self.input.descriptor()
            && !self.token.wait(descriptor)?
        {
            return Ok(0);
        }
        self.input.read(buffer)
    }
}

/// Standard input, and the purpose that it was read for.
pub struct Stdin<'a> {
    reader: &'a mut (dyn Input + Send),
    is_terminal: bool,
    taken_by: Option<&'static str>,
}

/// Why standard input could not be used.
#[derive(Debug)]
pub enum StdinError {
    /// It has been read for the first of these purposes, so it cannot be read for the second.
    Taken([&'static str; 2]),
    /// The operating system's error when it was read.
    Io(io::Error),
}

impl<'a> Stdin<'a> {
    /// Standard input from a reader, which may be a terminal.
    pub fn new(reader: &'a mut (dyn Input + Send), is_terminal: bool) -> Self {
        Self { reader, is_terminal, taken_by: None }
    }

    /// Whether it is a terminal, so that a user would have to type.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Reads at most this many bytes; `purpose` says what for ("the token").
    ///
    /// # Errors
    /// [`StdinError`], which names the purpose that it was read for.
    pub fn read(&mut self, purpose: &'static str, most: usize) -> Result<Bounded, StdinError> {
        read_bounded(self.reserve(purpose)?, most).map_err(StdinError::Io)
    }

    /// Reads at most this many bytes of text, as UTF-8.
    pub(crate) fn read_text(
        &mut self,
        purpose: &'static str,
        most: usize,
    ) -> Result<Bounded, StdinError> {
        read_bounded(&mut TextReader::new(self.reserve(purpose)?), most).map_err(StdinError::Io)
    }

    /// Reserves the input for a purpose that reads it piece by piece.
    pub(crate) fn reserve(
        &mut self,
        purpose: &'static str,
    ) -> Result<&mut (dyn Input + Send), StdinError> {
        match self.taken_by.replace(purpose) {
            Some(by) => Err(StdinError::Taken([by, purpose])),
            None => Ok(self.reserved()),
        }
    }

    /// The input itself, for the purpose that has reserved it.
    pub(crate) fn reserved(&mut self) -> &mut (dyn Input + Send) {
        &mut *self.reader
    }
}

/// An output for rows.
pub trait Output: Write {
    /// The most bytes that are written completely or not at all, if there is such a guarantee.
    fn atomic_size(&self) -> Option<usize> {
        None
    }

    /// Removes the last bytes, if that is possible: a row that a full disk has cut.
    fn retract(&mut self, _bytes: usize) {}
}

impl Output for Vec<u8> {}

/// Writes rows, each with its newline. Returns how many bytes of whole rows were written, and why not all.
pub fn write_rows(out: &mut dyn Output, rows: &[u8]) -> (usize, io::Result<()>) {
    let atomic_size = out.atomic_size();
    let mut done = 0;
    while done < rows.len() {
        let piece = &rows[done..done + piece(&rows[done..], atomic_size)];
        if let Err((written, error)) = write(out, piece) {
            let whole = memchr::memrchr(b'\n', &piece[..written]).map_or(0, |end| end + 1);
            if whole < written {
                out.retract(written - whole);
            }
            return (done + whole, Err(error));
        }
        done += piece.len();
    }
    (done, out.flush())
}

/// The length of the rows that are written in one piece: as many as fit, or one that is longer.
fn piece(rows: &[u8], atomic_size: Option<usize>) -> usize {
    let Some(most) = atomic_size.filter(|most| *most < rows.len()) else { return rows.len() };
    let end = memchr::memrchr(b'\n', &rows[..most]).or_else(|| memchr::memchr(b'\n', rows));
    end.map_or(rows.len(), |end| end + 1)
}

/// Writes a piece. On failure, returns how much of it was written.
fn write(out: &mut dyn Output, piece: &[u8]) -> Result<(), (usize, io::Error)> {
    let mut written = 0;
    while written < piece.len() {
        match out.write(&piece[written..]) {
            Ok(0) => return Err((written, io::ErrorKind::WriteZero.into())),
            Ok(some) => written += some,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((written, error)),
        }
    }
    Ok(())
}
