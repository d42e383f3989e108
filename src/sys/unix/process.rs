//! What other processes may read of this one, and which limits end it.

/// Keeps the process's memory, which may hold secrets, out of core dumps and from other processes of the same user,
/// if the system can do that; failures are ignored. Root, and a debugger that starts the process, still see it.
///
/// A file that reaches the limit on its size is a write error, as a full disk is, not a signal.
pub fn protect_process() {
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
