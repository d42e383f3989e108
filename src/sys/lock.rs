//! Locks between processes, on open files.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

pub(super) const RETRY_AFTER: Duration = Duration::from_millis(10);

/// Locks a file for as long as it is open; `WouldBlock` if another process holds it until then.
pub(super) fn wait_for_lock(file: &File, until: Instant) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(RETRY_AFTER),
            locked => return Ok(locked?),
        }
    }
}
