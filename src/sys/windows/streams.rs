//! The standard streams. Files and pipes are not buffered, because a buffer would keep secrets. The console is used
//! through the standard library, which translates its UTF-16.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek as _, Write};
use std::os::windows::io::{AsHandle, OwnedHandle};

use winapi_util::file::{Information, information, typ};
use windows_sys::Win32::Foundation::ERROR_PIPE_NOT_CONNECTED;

use super::{BlockedSignals, Descriptor};
use crate::sys::io::{Input, Output};

fn copy(handle: Descriptor<'_>) -> io::Result<OwnedHandle> {
    handle.try_clone_to_owned()
}

/// A standard stream.
pub enum StandardStream<C> {
    /// A console.
    Console(C),
    /// A file or a pipe.
    File(File),
    /// There is none.
    Closed,
}

impl<C: AsHandle + IsTerminal> StandardStream<C> {
    fn of(stream: C) -> Self {
        match copy(stream.as_handle()) {
            _ if stream.is_terminal() => Self::Console(stream),
            // A second handle has no buffer.
            Ok(handle) => Self::File(handle.into()),
            Err(_) => Self::Closed,
        }
    }
}

/// The process's standard input.
pub type RawStdin = StandardStream<io::Stdin>;

impl RawStdin {
    /// The stream as the process was given it.
    pub fn open() -> Self {
        Self::of(io::stdin())
    }
}

impl Read for RawStdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Console(console) => console.read(buffer),
            Self::File(file) => file.read(buffer),
            Self::Closed => Ok(0),
        }
    }
}

impl Input for RawStdin {
    fn descriptor(&self) -> Option<Descriptor<'_>> {
        match self {
            Self::Console(console) => Some(console.as_handle()),
            Self::File(file) => Some(file.as_handle()),
            Self::Closed => None,
        }
    }
}

/// The process's standard output. Every write fails if there is none.
pub type Stdout = StandardStream<io::Stdout>;

impl Stdout {
    /// The stream as the process was given it.
    pub fn open() -> Self {
        Self::of(io::stdout())
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Console(console) => console.write(bytes),
            Self::File(file) => file.write(bytes).map_err(without_reader),
            Self::Closed => Err(io::Error::other("it is closed")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Console(console) => console.flush(),
            Self::File(_) | Self::Closed => Ok(()),
        }
    }
}

/// A named pipe without its reader is not connected, which the standard library does not know as a broken pipe.
fn without_reader(error: io::Error) -> io::Error {
    let is_not_connected =
        error.raw_os_error().map(i32::cast_unsigned) == Some(ERROR_PIPE_NOT_CONNECTED);
    if is_not_connected { io::ErrorKind::BrokenPipe.into() } else { error }
}

impl Output for Stdout {
    fn retract(&mut self, bytes: usize) {
        let Self::File(file) = self else { return };
        let (Some(found), Ok(end)) = (regular(file.as_handle()), file.stream_position()) else {
            return;
        };
        // Only if no other process has written after them.
        if found.file_size() == end {
            let end = end.saturating_sub(bytes as u64);
            let _ = file.set_len(end);
            let _ = file.seek(io::SeekFrom::Start(end));
        }
    }
}

/// The process's standard error. The standard library has no buffer for it.
pub struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Standard output. No event ends the wait for a reader, other than by ending the process.
pub(crate) struct InterruptibleOutput<'a> {
    pub out: &'a mut (dyn Output + Send),
    #[expect(dead_code, reason = "nothing is blocked on Windows")]
    pub signals: &'a BlockedSignals,
}

impl Write for InterruptibleOutput<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Output for InterruptibleOutput<'_> {}

/// How many bytes are still to be read, if the input is a regular file.
pub(crate) fn size_of(input: &dyn Input) -> Option<u64> {
    let handle = input.descriptor()?;
    let size = regular(handle)?.file_size();
    let read = File::from(copy(handle).ok()?).stream_position().ok()?;
    Some(size.saturating_sub(read))
}

/// Whether standard output is the regular file that is read.
pub(crate) fn is_also_output(input: &dyn Input) -> bool {
    let read = input.descriptor().and_then(regular);
    let written = regular(io::stdout().as_handle());
    read.zip(written).is_some_and(|(read, written)| id(&read) == id(&written))
}

fn id(file: &Information) -> (u64, u64) {
    (file.volume_serial_number(), file.file_index())
}

fn regular(handle: Descriptor<'_>) -> Option<Information> {
    let file = File::from(copy(handle).ok()?);
    if typ(&file).ok()?.is_disk() { information(&file).ok() } else { None }
}
