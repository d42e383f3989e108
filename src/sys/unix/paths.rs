//! Where a path leads: which names are those of standard output and error, what is written into and not
//! replaced, what a person would see.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::signals::BlockedSignals;
use super::streams::{interrupted, write_all};
use crate::sys::lock::PAUSE;

/// The names of standard output as a file.
const STDOUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// The names of standard error as a file.
const STDERR: [&str; 3] = ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"];

fn is_one_of(path: &Path, names: [&str; 3]) -> bool {
    names.iter().any(|name| path == Path::new(name))
}

/// Whether a path is a name of standard output. What goes there is the answer like any other: opened by
/// its name, a file would be written over from its beginning, and a report would stand beside it.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    is_one_of(path, STDOUT)
}

/// Where a path leads, however it is spelled: through links, or by its folder if nothing is there yet.
/// `None` is standard output.
#[must_use]
pub fn resolve_path(path: Option<&Path>) -> PathBuf {
    let path = path.filter(|path| !is_stdout(path)).unwrap_or(Path::new(STDOUT[0]));
    let new = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(new).unwrap_or_else(|| path.to_owned())
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Whether what a path leads to is written into and not replaced: a terminal, a pipe, a device, or
/// whatever standard error is.
#[must_use]
pub fn is_stream(path: &Path) -> bool {
    let is_special = |found: fs::Metadata| !found.is_file() && !found.is_dir();
    is_one_of(path, STDERR) || fs::metadata(path).is_ok_and(is_special)
}

/// Whether what is written there is shown to a person: the path leads to a terminal.
#[must_use]
pub fn is_terminal(path: &Path) -> bool {
    if is_one_of(path, STDERR) {
        return io::stderr().is_terminal();
    }
    // A pipe without a reader would keep whoever opens it waiting.
    is_device(path) && open(path).is_ok_and(|stream| stream.is_terminal())
}

fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.file_type().is_char_device())
}

fn is_fifo(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo())
}

fn open(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// Writes into a pipe, a device, or standard error. Standard error is used as it is open, since a file that is opened
/// again by name would be overwritten from its beginning. A signal that is held back ends the wait for a reader.
pub(crate) fn write_into(
    path: &Path,
    bytes: &[u8],
    held: Option<&BlockedSignals>,
) -> io::Result<()> {
    if is_one_of(path, STDERR) {
        return write_all(rustix::stdio::stderr(), bytes, held);
    }
    write_all(open_for_reader(path, held)?.as_fd(), bytes, held)
}

/// Opens a file to write into; a pipe as soon as it has a reader.
fn open_for_reader(path: &Path, held: Option<&BlockedSignals>) -> io::Result<File> {
    let Some(held) = held.filter(|_| is_fifo(path)) else { return open(path) };
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    loop {
        match rustix::fs::open(path, flags, Mode::empty()) {
            Err(Errno::NXIO) if held.wait(None, Some(PAUSE))? => return Err(interrupted()),
            Err(Errno::NXIO) => {}
            opened => return Ok(opened?.into()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let root = fs::canonicalize(folder.path()).unwrap();
        assert_eq!(resolve_path(Some(&path)), root.join("key"));
        assert_eq!(resolve_path(Some(&folder.path().join("./key"))), root.join("key"));
        std::os::unix::fs::symlink("key", folder.path().join("link")).unwrap();
        fs::write(&path, b"").unwrap();
        assert_eq!(resolve_path(Some(&folder.path().join("link"))), root.join("key"));
        assert_eq!(resolve_path(Some(Path::new("no/such/key"))), Path::new("no/such/key"));
        for name in STDOUT {
            assert_eq!(resolve_path(Some(Path::new(name))), resolve_path(None), "{name}");
        }
    }
}
