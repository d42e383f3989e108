//! A program with all that it starts, as a job.

use std::io;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::process::{Child, Command};
use std::ptr;

use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, TerminateJobObject,
};

/// A program that can be killed with all that it has started.
pub(crate) struct ProcessGroup {
    pub(in crate::sys) child: Child,
    /// `None` if the system refuses a job; then only the program itself is killed.
    job: Option<OwnedHandle>,
}

impl ProcessGroup {
    pub(in crate::sys) fn spawn(command: &mut Command) -> io::Result<Self> {
        let child = command.spawn()?;
        let job = job_of(&child);
        Ok(Self { child, job })
    }

    /// Kills the program, and the others of its job.
    pub(in crate::sys) fn kill(&mut self) {
        if let Some(job) = &self.job {
            #[allow(unsafe_code, reason = "there is no safe function for this")]
            // SAFETY: the handle is that of a job, and open.
            unsafe {
                TerminateJobObject(job.as_raw_handle(), 1);
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A job with this program in it.
fn job_of(child: &Child) -> Option<OwnedHandle> {
    #[allow(unsafe_code, reason = "there is no safe function for this")]
    // SAFETY: a job without a name and with default security needs no pointers; its handle is owned by nothing else, and
    // that of the child is open.
    unsafe {
        let handle = CreateJobObjectW(ptr::null(), ptr::null());
        if handle.is_null() {
            return None;
        }
        let job = OwnedHandle::from_raw_handle(handle);
        let is_assigned = AssignProcessToJobObject(job.as_raw_handle(), child.as_raw_handle());
        (is_assigned != 0).then_some(job)
    }
}
