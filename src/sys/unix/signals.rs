//! Signals held back while something must not be left half done. They act afterwards.

#[cfg(target_os = "linux")]
pub use linux::BlockedSignals;

/// The signals that the process ignores, a bit each, the first for signal 1: `nohup`, a job that a shell
/// put into the background.
pub(super) fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::AsFd as _;
    use std::time::Duration;

    use nix::sys::signal::Signal::{
        self, SIGCHLD, SIGCONT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, SIGXFSZ,
    };
    use nix::sys::signal::{SigSet, SigmaskHow};
    use nix::sys::signalfd::{SfdFlags, SignalFd};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fd::BorrowedFd;
    use rustix::io::Errno;

    /// Signals that do not end the process. SIGTTIN and SIGTTOU stop a background process that would use
    /// the terminal; it must not use it with these held back.
    const NOT_HELD: [Signal; 7] = [SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, SIGXFSZ];

    /// While this is kept, the signals that would end the process wait.
    ///
    /// They are blocked in this thread. A process with other threads would take them there, so this is for
    /// the verbs that have one.
    #[derive(Debug)]
    pub struct BlockedSignals {
        before: SigSet,
        arrivals: SignalFd,
    }

    impl BlockedSignals {
        /// Holds back what ends a process.
        ///
        /// # Errors
        /// The operating system's.
        pub fn new() -> io::Result<Self> {
            Self::without(&[SIGTSTP, SIGCONT])
        }

        /// Holds back what ends, stops or continues a process.
        pub(in crate::sys) fn with_stops() -> io::Result<Self> {
            Self::without(&[])
        }

        fn without(others: &[Signal]) -> io::Result<Self> {
            let ignored = super::ignored();
            let is_ignored = |signal: &Signal| ignored >> (*signal as i32 - 1) & 1 == 1;
            let mut held = SigSet::all();
            // A blocked signal is kept even if it is ignored.
            let free = Signal::iterator().filter(is_ignored);
            for signal in free.chain(NOT_HELD).chain(others.iter().copied()) {
                held.remove(signal);
            }
            let arrivals = SignalFd::with_flags(&held, SfdFlags::SFD_CLOEXEC)?;
            let before = held.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
            Ok(Self { before, arrivals })
        }

        /// Waits until a descriptor is ready, or for some time. Whether a signal has arrived.
        pub(in crate::sys) fn wait(
            &self,
            ready: Option<(BorrowedFd<'_>, PollFlags)>,
            limit: Option<Duration>,
        ) -> io::Result<bool> {
            let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
            let mut polled = vec![PollFd::from_borrowed_fd(self.arrivals.as_fd(), PollFlags::IN)];
            polled.extend(ready.map(|(other, flags)| PollFd::from_borrowed_fd(other, flags)));
            loop {
                match poll(&mut polled, limit.as_ref()) {
                    Ok(_) => return Ok(!polled[0].revents().is_empty()),
                    Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }

    impl Drop for BlockedSignals {
        fn drop(&mut self) {
            let _ = self.before.thread_set_mask();
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub use elsewhere::BlockedSignals;

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::io;
    use std::thread;
    use std::time::Duration;

    use rustix::event::PollFlags;
    use rustix::fd::BorrowedFd;

    /// Holds nothing back: how one hears of a signal that waits is known for Linux alone.
    #[derive(Debug)]
    pub struct BlockedSignals;

    impl BlockedSignals {
        /// Holds nothing back.
        ///
        /// # Errors
        /// None.
        pub fn new() -> io::Result<Self> {
            Ok(Self)
        }

        pub(in crate::sys) fn with_stops() -> io::Result<Self> {
            Ok(Self)
        }

        pub(in crate::sys) fn wait(
            &self,
            _ready: Option<(BorrowedFd<'_>, PollFlags)>,
            limit: Option<Duration>,
        ) -> io::Result<bool> {
            limit.map(thread::sleep);
            Ok(false)
        }
    }
}
