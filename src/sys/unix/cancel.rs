//! A stop that whoever waits for input hears of, and the signals that ask for one.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::pipe::pipe;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use super::signals::ignored;

/// How long a stop may take before a signal does what it would have done without us: a write to somebody who
/// does not read may never end.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether to stop, and why.
#[derive(Debug)]
pub struct CancelToken {
    /// 0: no; a signal's number, or -1 for a stop without one.
    reason: AtomicI32,
    /// Written to once, and never read: so it stays ready for all who wait.
    heard: OwnedFd,
    said: OwnedFd,
}

impl CancelToken {
    /// No stop yet.
    ///
    /// # Errors
    /// The operating system's, if there are no more descriptors.
    pub fn new() -> io::Result<Self> {
        let (heard, said) = pipe()?;
        Ok(Self { reason: AtomicI32::new(0), heard, said })
    }

    /// Stops.
    pub fn cancel(&self) {
        self.cancel_for(-1);
    }

    fn cancel_for(&self, reason: i32) {
        let first = self.reason.compare_exchange(0, reason, Ordering::SeqCst, Ordering::SeqCst);
        if first.is_ok() {
            let _ = rustix::io::write(&self.said, b"!");
        }
    }

    /// Whether it has been set.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason.load(Ordering::SeqCst) != 0
    }

    /// The signal that asked for it, if one did.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        Some(self.reason.load(Ordering::SeqCst)).filter(|reason| *reason > 0)
    }

    /// Waits until there is something to read; false if it is the stop that came.
    pub(crate) fn wait(&self, input: BorrowedFd<'_>) -> io::Result<bool> {
        let mut both = [
            PollFd::from_borrowed_fd(input, PollFlags::IN),
            PollFd::new(&self.heard, PollFlags::IN),
        ];
        loop {
            match poll(&mut both, None) {
                Ok(_) => return Ok(both[1].revents().is_empty()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Lets interrupt, termination and hang-up ask for it, unless the process was told to ignore them, for as
    /// long as what it gives is kept.
    ///
    /// # Errors
    /// The operating system's.
    pub fn on_signals(self: &Arc<Self>) -> io::Result<Listening> {
        let ignored = ignored();
        let is_heeded = |signal: &i32| ignored >> (signal - 1) & 1 == 0;
        let heeded = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(is_heeded);
        let mut signals = Signals::new(heeded)?;
        let listening = Listening(signals.handle());
        let stop = Arc::clone(self);
        let listener = move || {
            if let Some(signal) = signals.forever().next() {
                stop.cancel_for(signal);
                thread::sleep(PATIENCE);
                let _ = emulate_default_handler(signal);
            }
        };
        // Where the system has no thread to give, signals do what they do without us.
        let _ = thread::Builder::new().spawn(listener);
        Ok(listening)
    }
}

/// Signals are heeded while this is kept.
pub struct Listening(Handle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Ends the process as a signal does.
pub fn exit_by_signal(signal: i32) {
    let _ = emulate_default_handler(signal);
}
