//! Locks between processes, on open files.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait before a lock is tried again.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// Locks a file for as long as it is open.
///
/// # Errors
/// `WouldBlock` if another process holds it until then; the operating system's.
pub(super) fn wait_for_lock(file: &File, until: Instant) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(PAUSE),
            locked => return Ok(locked?),
        }
    }
}
