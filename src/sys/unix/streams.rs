//! Standard output, and whether there was one when the process began. The runtime puts /dev/null in
//! the place of a closed descriptor, so the look has to come before it; then what is written to
//! nowhere is an error, as it is for the tools of coreutils.

use std::io::{self, Write};

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, poll};
#[cfg(unix)]
use rustix::fd::BorrowedFd;
#[cfg(unix)]
use rustix::fs::SeekFrom;
#[cfg(unix)]
use rustix::io::Errno;

use super::signals::BlockedSignals;
#[cfg(unix)]
use crate::sys::input::regular;

/// Standard output, unbuffered; every write fails if it was closed from the start. The standard
/// library's own takes a descriptor that cannot be written to for one that swallows everything.
pub struct Stdout {
    closed: bool,
}

impl Stdout {
    /// The process's standard output.
    #[must_use]
    pub fn new() -> Self {
        Self { closed: closed_at_start() }
    }
}

/// What rows are written to.
pub trait Output: Write {
    /// The most bytes that are written at once or not at all, where there is such a bound.
    fn whole(&self) -> Option<usize> {
        None
    }

    /// Takes the last bytes back, where that can be done: a row that a full disk has cut.
    fn take_back(&mut self, _bytes: usize) {}
}

impl Output for Vec<u8> {}

impl Output for Stdout {
    fn whole(&self) -> Option<usize> {
        is_pipe().then_some(PIPE_BUF)
    }

    fn take_back(&mut self, bytes: usize) {
        take_back(bytes);
    }
}

/// Standard output while signals are held back: one that arrives ends the wait for a reader.
pub struct Interruptible<'a> {
    /// Standard output.
    pub out: &'a mut (dyn Output + Send),
    /// The signals.
    pub held: &'a BlockedSignals,
}

impl Write for Interruptible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(ready(rustix::stdio::stdout(), bytes, self.held)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Output for Interruptible<'_> {}

/// Writes to a descriptor; a signal that is held back ends the wait for a reader.
pub(super) fn write_all(
    out: BorrowedFd<'_>,
    mut bytes: &[u8],
    held: Option<&BlockedSignals>,
) -> io::Result<()> {
    while !bytes.is_empty() {
        let next = held.map_or(Ok(bytes), |held| ready(out, bytes, held))?;
        bytes = &bytes[patiently(out, next)?..];
    }
    Ok(())
}

/// What can be written without waiting, once anything can.
fn ready<'a>(out: BorrowedFd<'_>, bytes: &'a [u8], held: &BlockedSignals) -> io::Result<&'a [u8]> {
    if held.wait(Some((out, PollFlags::OUT)), None)? {
        return Err(interrupted());
    }
    Ok(&bytes[..bytes.len().min(PIPE_BUF)])
}

pub(super) fn interrupted() -> io::Error {
    io::Error::other("a signal came first")
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Err(io::Error::other("it is closed"));
        }
        write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
fn write(bytes: &[u8]) -> io::Result<usize> {
    patiently(rustix::stdio::stdout(), bytes)
}

/// Writes to a descriptor; one that somebody else has made non-blocking is waited for.
#[cfg(unix)]
pub(crate) fn patiently(out: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match rustix::io::write(out, bytes) {
            Err(Errno::AGAIN) => {
                let mut ready = [PollFd::from_borrowed_fd(out, PollFlags::OUT)];
                match poll(&mut ready, None) {
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            written => return Ok(written?),
        }
    }
}

/// What POSIX guarantees to be written to a pipe at once is 512 bytes; Linux, and all that it has been
/// compared with, guarantee a page.
const PIPE_BUF: usize = 4096;

#[cfg(unix)]
fn is_pipe() -> bool {
    let stat = rustix::fs::fstat(rustix::stdio::stdout());
    stat.is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_fifo())
}

/// Only where nobody else has written behind them.
#[cfg(unix)]
fn take_back(bytes: usize) {
    let out = rustix::stdio::stdout();
    let (Some(stat), Ok(end)) = (regular(out), rustix::fs::seek(out, SeekFrom::Current(0))) else {
        return;
    };
    if u64::try_from(stat.st_size) == Ok(end) {
        let end = end.saturating_sub(bytes as u64);
        // Who writes next has the same place in the file, which must not lie behind its end.
        let _ = rustix::fs::ftruncate(out, end);
        let _ = rustix::fs::seek(out, SeekFrom::Start(end));
    }
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    false
}

#[cfg(not(unix))]
fn take_back(_bytes: usize) {}

#[cfg(not(unix))]
fn write(bytes: &[u8]) -> io::Result<usize> {
    let mut stdout = io::stdout();
    let written = stdout.write(bytes)?;
    stdout.flush().map(|()| written)
}

#[cfg(target_os = "linux")]
use linux::closed_at_start;

#[cfg(not(target_os = "linux"))]
fn closed_at_start() -> bool {
    false
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::atomic::{AtomicBool, Ordering};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    /// Runs before the runtime's start.
    extern "C" fn look() {
        let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
        CLOSED.store(closed, Ordering::Relaxed);
    }

    #[used]
    #[allow(unsafe_code, reason = "a place in this section is how a function gets to run first")]
    #[unsafe(link_section = ".init_array")]
    static LOOK: extern "C" fn() = look;

    pub(super) fn closed_at_start() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }
}
