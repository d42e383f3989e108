//! Substitutes for systems other than Linux: nothing is blocked or hidden, and every file has a name.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::fd::BorrowedFd;

use super::Readers;

/// Blocks nothing, since waiting for a blocked signal is only implemented for Linux.
#[derive(Debug)]
pub(crate) struct BlockedSignals;

impl BlockedSignals {
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn with_stops() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn wait(
        &self,
        _ready: Option<(BorrowedFd<'_>, PollFlags)>,
        limit: Option<Duration>,
    ) -> io::Result<bool> {
        limit.map(thread::sleep);
        Ok(false)
    }
}

pub(super) fn ignored_signals() -> impl Fn(i32) -> bool {
    |_| false
}

pub(in crate::sys) fn open_nameless(_: &Path, _: Readers) -> io::Result<File> {
    Err(ErrorKind::Unsupported.into())
}

pub(in crate::sys) fn link_nameless(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Does nothing, since other systems hide a process only from other users.
pub fn protect_process() {}

pub(super) fn stdout_was_closed() -> bool {
    false
}
