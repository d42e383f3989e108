//! A program with all that it starts, as a process group.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process_group};

/// A program that can be killed with all that it has started.
pub(crate) struct ProcessGroup {
    pub(in crate::sys) child: Child,
}

impl ProcessGroup {
    pub(in crate::sys) fn spawn(command: &mut Command) -> io::Result<Self> {
        Ok(Self { child: command.process_group(0).spawn()? })
    }

    /// Kills the program, which has not been waited for, and the others of its group.
    pub(in crate::sys) fn kill(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
