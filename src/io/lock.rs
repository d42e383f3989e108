//! Locks between processes, on open files.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// How long one waits before one tries a lock again.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// Locks a file for as long as it is open.
///
/// # Errors
/// `WouldBlock` if somebody else has it until then; the operating system's.
pub(super) fn wait_for_lock(file: &File, until: Instant) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(PAUSE),
            locked => return Ok(locked?),
        }
    }
}
