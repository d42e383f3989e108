//! What a path leads to: a standard stream, a terminal, or something else that is written into and not replaced.

use std::fs::{self, File, FileType};
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::BlockedSignals;
use super::streams::{interrupted, write_all};
use crate::sys::lock::RETRY_AFTER;

/// Standard output as a file.
pub(in crate::sys) const STDOUT: &str = "/dev/stdout";

/// All its names.
const STDOUTS: [&str; 3] = [STDOUT, "/dev/fd/1", "/proc/self/fd/1"];

/// The names of standard error as a file.
const STDERR: [&str; 3] = ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"];

fn is_one_of(path: &Path, names: [&str; 3]) -> bool {
    names.iter().any(|name| path == Path::new(name))
}

/// Whether a path is a name of standard output. It is then written to as the answer. If it were opened by name, a file
/// would be overwritten from its beginning, and a report would also be written into it.
pub(crate) fn is_stdout(path: &Path) -> bool {
    is_one_of(path, STDOUTS)
}

/// Whether a path leads to what is written into and not replaced: a terminal, pipe or device, or standard error.
pub(crate) fn is_device_or_pipe(path: &Path) -> bool {
    is_one_of(path, STDERR) || is_type(path, |kind| !kind.is_file() && !kind.is_dir())
}

/// Whether a path leads to a terminal.
pub(crate) fn is_terminal(path: &Path) -> bool {
    if is_one_of(path, STDERR) {
        return io::stderr().is_terminal();
    }
    // Opening a pipe without a reader would block.
    let is_device = is_type(path, FileType::is_char_device);
    is_device && open(path).is_ok_and(|device| device.is_terminal())
}

fn is_type(path: &Path, is_it: impl Fn(&FileType) -> bool) -> bool {
    fs::metadata(path).is_ok_and(|found| is_it(&found.file_type()))
}

fn open(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// Writes into a pipe, a device, or standard error, which is used as it is open, since a file that is opened again by
/// name would be overwritten from its beginning. A blocked signal ends the wait for a reader.
pub(in crate::sys) fn write_into(
    path: &Path,
    bytes: &[u8],
    signals: Option<&BlockedSignals>,
) -> io::Result<()> {
    if is_one_of(path, STDERR) {
        return write_all(rustix::stdio::stderr(), bytes, signals);
    }
    write_all(open_for_reader(path, signals)?.as_fd(), bytes, signals)
}

/// Opens a file to write into; a pipe as soon as it has a reader.
fn open_for_reader(path: &Path, signals: Option<&BlockedSignals>) -> io::Result<File> {
    let Some(signals) = signals.filter(|_| is_type(path, FileType::is_fifo)) else {
        return open(path);
    };
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    loop {
        match rustix::fs::open(path, flags, Mode::empty()) {
            Err(Errno::NXIO) if signals.wait(None, Some(RETRY_AFTER))? => return Err(interrupted()),
            Err(Errno::NXIO) => {}
            opened => return Ok(opened?.into()),
        }
    }
}
