//! What only Linux has: signals that wait, unnamed files, and memory that other processes of the user cannot read.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal::{
    self, SIGCHLD, SIGCONT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, SIGXFSZ,
};
use nix::sys::signal::{SigSet, SigmaskHow};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::BorrowedFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat};
use rustix::io::retry_on_intr;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

use super::cancel::is_ignored;
use super::files::mode;
use crate::sys::readers::Readers;

/// Signals that do not end the process. SIGTTIN and SIGTTOU stop a background process that uses the terminal; they must
/// not be blocked while it does.
const NOT_BLOCKED: [Signal; 7] = [SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, SIGXFSZ];

/// While this is kept, the signals that would end the process wait.
///
/// They are blocked in this thread only, so this is for verbs without other threads.
#[derive(Debug)]
pub(crate) struct BlockedSignals {
    before: SigSet,
    arrivals: SignalFd,
}

impl BlockedSignals {
    /// Blocks what ends a process.
    pub(crate) fn new() -> io::Result<Self> {
        Self::all_but(&[SIGTSTP, SIGCONT])
    }

    /// Blocks what ends, stops or continues a process.
    pub(super) fn with_stops() -> io::Result<Self> {
        Self::all_but(&[])
    }

    fn all_but(others: &[Signal]) -> io::Result<Self> {
        let mut blocked = SigSet::all();
        // A blocked signal is kept even if it is ignored.
        let ignored = Signal::iterator().filter(|signal| is_ignored(*signal as i32));
        for signal in ignored.chain(NOT_BLOCKED).chain(others.iter().copied()) {
            blocked.remove(signal);
        }
        let arrivals = SignalFd::with_flags(&blocked, SfdFlags::SFD_CLOEXEC)?;
        let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        Ok(Self { before, arrivals })
    }

    /// Waits until a descriptor is ready, or for some time. Whether a signal has arrived.
    pub(super) fn wait(
        &self,
        ready: Option<(BorrowedFd<'_>, PollFlags)>,
        limit: Option<Duration>,
    ) -> io::Result<bool> {
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut polled = vec![PollFd::from_borrowed_fd(self.arrivals.as_fd(), PollFlags::IN)];
        polled.extend(ready.map(|(other, flags)| PollFd::from_borrowed_fd(other, flags)));
        retry_on_intr(|| poll(&mut polled, limit.as_ref()))?;
        Ok(!polled[0].revents().is_empty())
    }
}

impl Drop for BlockedSignals {
    fn drop(&mut self) {
        let _ = self.before.thread_set_mask();
    }
}

/// The folder with a process's open files. An unnamed file is linked through it, because linking by descriptor needs
/// privileges (`linkat`, `AT_EMPTY_PATH`).
const DESCRIPTORS: &str = "/proc/self/fd";

/// Opens an unnamed file; `Unsupported` if it could not get a name later.
pub(in crate::sys) fn open_nameless(folder: &Path, readers: Readers) -> io::Result<File> {
    if !Path::new(DESCRIPTORS).exists() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(folder, flags, Mode::from_raw_mode(mode(readers)))?.into())
}

/// Gives an unnamed file a name that does not exist yet.
pub(in crate::sys) fn link_nameless(file: &File, path: &Path) -> io::Result<()> {
    let open = format!("{DESCRIPTORS}/{}", file.as_raw_fd());
    Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

/// Keeps the process's memory from other processes of the same user; a failure is ignored. Root, and a debugger that
/// starts the process, still see it.
pub(super) fn hide_memory() {
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
