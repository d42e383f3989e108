//! Waiting for the lock of a file.

use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};
use std::{io, thread};

/// How long to wait before a lock or the reader of a pipe is asked for again.
pub(super) const RETRY_AFTER: Duration = Duration::from_millis(10);

/// Locks a file for as long as it is open; `WouldBlock` if another process holds the lock until `until`.
pub(super) fn wait_for_lock(file: &File, until: Instant) -> io::Result<()> {
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(RETRY_AFTER),
            locked => return Ok(locked?),
        }
    }
}
