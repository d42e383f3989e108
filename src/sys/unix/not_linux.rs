//! Substitutes for systems other than Linux: no signal waits, no memory is hidden, and every file has a name.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::fd::BorrowedFd;

use crate::sys::readers::Readers;

/// Blocks nothing, since waiting for a blocked signal is only implemented for Linux.
#[derive(Debug)]
pub(crate) struct BlockedSignals;

impl BlockedSignals {
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Linux")]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn with_stops() -> io::Result<Self> {
        Self::new()
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "it can fail on Linux")]
    pub(super) fn wait(
        &self,
        _ready: Option<(BorrowedFd<'_>, PollFlags)>,
        limit: Option<Duration>,
    ) -> io::Result<bool> {
        limit.map(thread::sleep);
        Ok(false)
    }
}

pub(in crate::sys) fn open_nameless(_: &Path, _: Readers) -> io::Result<File> {
    Err(ErrorKind::Unsupported.into())
}

pub(in crate::sys) fn link_nameless(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Does nothing, since other systems hide a process from other users only.
pub(super) fn hide_memory() {}
