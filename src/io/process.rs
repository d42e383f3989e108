//! What the process may be asked for by others, and what ends it.

/// Keeps the process's memory, in which there may be secrets, from core dumps and from other processes of
/// the same user, where the system can do that; what cannot be had is done without. The superuser, and a
/// debugger that starts the process, still see it.
///
/// A file that reaches the limit on its size is an error to the writer, as a full disk is, and no signal.
pub fn shield() {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::signal::{SigSet, Signal};
        use rustix::process::{DumpableBehavior, Resource, Rlimit};

        let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = rustix::process::setrlimit(Resource::Core, none);
        let _ = SigSet::from(Signal::SIGXFSZ).thread_block();
    }
}
