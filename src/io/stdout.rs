//! Standard output, and whether there was one when the process began. The runtime puts /dev/null in
//! the place of a closed descriptor, so the look has to come before it; then what is written to
//! nowhere is an error, as it is for the tools of coreutils.

use std::io::{self, Write};

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
    Ok(rustix::io::write(rustix::stdio::stdout(), bytes)?)
}

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
