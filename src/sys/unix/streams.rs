//! The standard streams, unbuffered. Those of the standard library keep secrets in their buffers, and ignore it if a
//! descriptor cannot be written to.

use std::io::{self, Read, Write};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::BorrowedFd;
use rustix::fs::{FileType, SeekFrom, Stat, fstat, ftruncate, seek};
use rustix::io::{Errno, retry_on_intr};
use rustix::pipe::PIPE_BUF;
use rustix::stdio;

use super::process::stdout_was_closed;
use super::{BlockedSignals, Descriptor};
use crate::sys::io::{Input, Output};

/// The process's standard input, without a buffer.
pub struct RawStdin;

impl RawStdin {
    /// The stream as the process was given it.
    pub fn open() -> Self {
        Self
    }
}

impl Read for RawStdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(stdio::stdin(), buffer)?)
    }
}

impl Input for RawStdin {
    fn descriptor(&self) -> Option<Descriptor<'_>> {
        Some(stdio::stdin())
    }
}

/// The process's standard output. Every write fails if it was closed when the process began.
pub struct Stdout;

impl Stdout {
    /// The stream as the process was given it.
    pub fn open() -> Self {
        Self
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The runtime replaces a closed descriptor by /dev/null.
        if stdout_was_closed() {
            return Err(io::Error::other("it is closed"));
        }
        write(stdio::stdout(), bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Stdout {
    fn atomic_size(&self) -> Option<usize> {
        let stat = fstat(stdio::stdout()).ok()?;
        FileType::from_raw_mode(stat.st_mode).is_fifo().then_some(PIPE_BUF)
    }

    fn retract(&mut self, bytes: usize) {
        let out = stdio::stdout();
        let (Some(stat), Ok(end)) = (regular(out), seek(out, SeekFrom::Current(0))) else { return };
        // Only if no other process has written after them.
        if u64::try_from(stat.st_size) == Ok(end) {
            let end = end.saturating_sub(bytes as u64);
            // Other processes may share the position in the file, which must not be beyond its end.
            let _ = ftruncate(out, end);
            let _ = seek(out, SeekFrom::Start(end));
        }
    }
}

/// The process's standard error, without a buffer.
pub struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(stdio::stderr(), bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Standard output while signals are blocked. A signal ends the wait for a reader.
pub(crate) struct InterruptibleOutput<'a> {
    pub out: &'a mut (dyn Output + Send),
    pub signals: &'a BlockedSignals,
}

impl Write for InterruptibleOutput<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(ready(stdio::stdout(), bytes, self.signals)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Output for InterruptibleOutput<'_> {}

/// Writes to a descriptor; a blocked signal ends the wait for a reader.
pub(super) fn write_all(
    out: BorrowedFd<'_>,
    mut bytes: &[u8],
    signals: Option<&BlockedSignals>,
) -> io::Result<()> {
    while !bytes.is_empty() {
        let next = signals.map_or(Ok(bytes), |signals| ready(out, bytes, signals))?;
        bytes = &bytes[write(out, next)?..];
    }
    Ok(())
}

/// Waits until something can be written, and returns what can be written without waiting again.
fn ready<'a>(
    out: BorrowedFd<'_>,
    bytes: &'a [u8],
    signals: &BlockedSignals,
) -> io::Result<&'a [u8]> {
    if signals.wait(Some((out, PollFlags::OUT)), None)? {
        return Err(interrupted());
    }
    Ok(&bytes[..bytes.len().min(PIPE_BUF)])
}

pub(super) fn interrupted() -> io::Error {
    io::Error::other("a signal came first")
}

/// Writes to a descriptor, and waits if another process has made it non-blocking.
fn write(out: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match rustix::io::write(out, bytes) {
            Err(Errno::AGAIN) => {
                let mut ready = [PollFd::from_borrowed_fd(out, PollFlags::OUT)];
                retry_on_intr(|| poll(&mut ready, None))?;
            }
            written => return Ok(written?),
        }
    }
}

/// How many bytes are still to be read, if the input is a regular file.
pub(crate) fn size_of(input: &dyn Input) -> Option<u64> {
    let descriptor = input.descriptor()?;
    let size = u64::try_from(regular(descriptor)?.st_size).ok()?;
    let read = seek(descriptor, SeekFrom::Current(0)).ok()?;
    Some(size.saturating_sub(read))
}

/// Whether standard output is the regular file that is read.
pub(crate) fn is_also_output(input: &dyn Input) -> bool {
    let (read, written) = (input.descriptor().and_then(regular), regular(stdio::stdout()));
    read.zip(written).is_some_and(|(read, written)| {
        (read.st_dev, read.st_ino) == (written.st_dev, written.st_ino)
    })
}

fn regular(descriptor: BorrowedFd<'_>) -> Option<Stat> {
    let stat = fstat(descriptor).ok()?;
    FileType::from_raw_mode(stat.st_mode).is_file().then_some(stat)
}
