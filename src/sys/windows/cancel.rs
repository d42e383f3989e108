//! A request to stop, and the console events that cause it: Ctrl-C, Ctrl-Break, and the end of the window or session.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use super::Descriptor;

/// How long the process has to stop before an event ends it. A read that waits for input cannot be woken.
const GRACE: Duration = Duration::from_secs(1);

/// How an event is called where Unix has a signal's number: SIGINT.
const INTERRUPT: i32 = 2;

/// The exit code of a process that Ctrl-C ends: `STATUS_CONTROL_C_EXIT`.
const INTERRUPTED: u32 = 0xC000_013A;

/// The token that the handler of events cancels. A process has one handler, which is never removed.
static CANCELLED: Mutex<Weak<CancelToken>> = Mutex::new(Weak::new());

/// Whether to stop, and why.
#[derive(Debug, Default)]
pub struct CancelToken {
    is_cancelled: AtomicBool,
    is_by_event: AtomicBool,
}

impl CancelToken {
    /// A token that is not cancelled.
    ///
    /// # Errors
    /// None on Windows.
    pub fn new() -> io::Result<Self> {
        Ok(Self::default())
    }

    /// Cancels the work, unless an event has done so before.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
    }

    fn cancel_by_event(&self) {
        if !self.is_cancelled.swap(true, Ordering::SeqCst) {
            self.is_by_event.store(true, Ordering::SeqCst);
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }

    /// The signal that stands for the event that cancelled it, if one did.
    pub(crate) fn signal(&self) -> Option<i32> {
        self.is_by_event.load(Ordering::SeqCst).then_some(INTERRUPT)
    }

    /// Returns at once, because a handle cannot be waited on together with an event; false if it is cancelled.
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn wait(&self, _input: Descriptor<'_>) -> io::Result<bool> {
        Ok(!self.is_cancelled())
    }

    /// Lets console events cancel it as long as it exists. Afterwards they end the process as ever.
    pub(crate) fn on_signals(self: &Arc<Self>) -> io::Result<SignalListener> {
        *CANCELLED.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(self);
        match ctrlc::set_handler(handle_event) {
            Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(SignalListener),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// Says that events are listened to, as the token does that they cancel.
pub(crate) struct SignalListener;

fn handle_event() {
    let cancelled = CANCELLED.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
    if let Some(token) = cancelled {
        token.cancel_by_event();
        thread::sleep(GRACE);
    }
    exit_by_signal(INTERRUPT);
}

/// Ends the process as Ctrl-C does.
pub(crate) fn exit_by_signal(_: i32) {
    std::process::exit(INTERRUPTED.cast_signed());
}

/// Blocks nothing, because the system has no such thing: Ctrl-C ends a process that writes files at once.
#[derive(Debug)]
pub(crate) struct BlockedSignals;

impl BlockedSignals {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self)
    }
}
