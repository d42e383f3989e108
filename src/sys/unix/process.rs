//! What is done before anything else in the process.

use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::SigSet;
use nix::sys::signal::Signal::SIGXFSZ;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::kernel::hide_memory;

/// Keeps the process's memory, which may hold secrets, out of core dumps and, on Linux, from other processes of the
/// same user; failures are ignored.
///
/// Also makes the file size limit a write error, like a full disk, instead of a signal.
pub fn prepare_process() {
    hide_memory();
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = SigSet::from(SIGXFSZ).thread_block();
}

static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether there was no standard output when the process began. The runtime replaces a closed descriptor by /dev/null,
/// so the check must come before that.
pub(super) fn stdout_was_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

extern "C" fn look_at_stdout() {
    let is_closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    STDOUT_WAS_CLOSED.store(is_closed, Ordering::Relaxed);
}

#[used]
#[allow(unsafe_code, reason = "a function of this section runs before the runtime's start")]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK_AT_STDOUT: extern "C" fn() = look_at_stdout;
