//! A request to stop, which ends a wait for input, and the signals that cause it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use nix::libc;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::OwnedFd;
use rustix::io::retry_on_intr;
use rustix::pipe::pipe;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use super::Descriptor;

/// How long the process has to stop before a signal ends it, since a write may never end if the reader does not read.
const GRACE: Duration = Duration::from_secs(1);

/// Whether to stop, and why.
#[derive(Debug)]
pub struct CancelToken {
    /// 0: no; a signal's number, or -1 for no signal.
    reason: AtomicI32,
    /// The reading end of a pipe that is written to once and never read, so it stays ready for all threads that wait.
    ready: OwnedFd,
    wake: OwnedFd,
}

impl CancelToken {
    /// A token that is not cancelled.
    ///
    /// # Errors
    /// If the system refuses a pipe.
    pub fn new() -> io::Result<Self> {
        let (ready, wake) = pipe()?;
        Ok(Self { reason: AtomicI32::new(0), ready, wake })
    }

    /// Cancels the work, unless a signal has done so before.
    pub fn cancel(&self) {
        self.cancel_for(-1);
    }

    fn cancel_for(&self, reason: i32) {
        let first = self.reason.compare_exchange(0, reason, Ordering::SeqCst, Ordering::SeqCst);
        if first.is_ok() {
            let _ = rustix::io::write(&self.wake, b"!");
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.reason.load(Ordering::SeqCst) != 0
    }

    /// The signal that cancelled it, if one did.
    pub(crate) fn signal(&self) -> Option<i32> {
        Some(self.reason.load(Ordering::SeqCst)).filter(|reason| *reason > 0)
    }

    /// Waits until there is something to read; false if it is cancelled first.
    pub(crate) fn wait(&self, input: Descriptor<'_>) -> io::Result<bool> {
        let mut both = [
            PollFd::from_borrowed_fd(input, PollFlags::IN),
            PollFd::new(&self.ready, PollFlags::IN),
        ];
        retry_on_intr(|| poll(&mut both, None))?;
        Ok(both[1].revents().is_empty())
    }

    /// Lets SIGINT, SIGTERM and SIGHUP cancel it while the listener is kept, unless the process ignores them.
    pub(crate) fn on_signals(self: &Arc<Self>) -> io::Result<SignalListener> {
        let heeded = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
        let mut signals = Signals::new(heeded)?;
        let listener = SignalListener(signals.handle());
        let token = Arc::clone(self);
        // If no thread can be started, signals have their default effect.
        let _ = thread::Builder::new().spawn(move || {
            if let Some(signal) = signals.forever().next() {
                token.cancel_for(signal);
                thread::sleep(GRACE);
                exit_by_signal(signal);
            }
        });
        Ok(listener)
    }
}

/// Signals are listened to as long as this is kept.
pub(crate) struct SignalListener(Handle);

impl Drop for SignalListener {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Whether the process ignores a signal, as under `nohup` or as a shell's background job.
#[allow(unsafe_code, reason = "there is no safe function that only asks")]
pub(super) fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the call only writes to `action`, whose zeroes are a valid value (sigaction(2)).
    let action = unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        action.assume_init()
    };
    action.sa_sigaction == libc::SIG_IGN
}

/// Ends the process as a signal does.
pub(crate) fn exit_by_signal(signal: i32) {
    let _ = emulate_default_handler(signal);
}
