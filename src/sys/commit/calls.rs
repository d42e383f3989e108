//! The system calls that give content a file name. A test can make each of them fail.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::sys::unix::folder_of;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone: 0600, whatever the process's mask.
    Owner,
    /// Whoever the process's mask lets.
    Anyone,
}

/// Every call of the system that making files takes goes through here, under a name for tests.
pub(super) fn call<T>(name: &'static str, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(test)]
    faults::before(name)?;
    #[cfg(not(test))]
    let _ = name;
    work()
}

/// Writes a file's content, onto the disk.
pub(super) fn fill(mut file: &File, bytes: &[u8], readers: Readers) -> io::Result<()> {
    call("chmod", || unmask(file, readers))?;
    call("write", || file.write_all(bytes))?;
    call("sync", || file.sync_all())
}

/// Makes a name in the folder of a file by what is given; that name.
pub(super) fn beside(
    path: &Path,
    name: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    kept(tempfile::Builder::new().make_in(folder_of(path), name)?.into_temp_path())
}

/// A file with a temporary name.
pub(super) fn temporary(folder: &Path, readers: Readers) -> io::Result<(File, PathBuf)> {
    let (file, path) = call("open", || temporary_file(folder, readers))?.into_parts();
    Ok((file, kept(path)?))
}

fn kept(path: tempfile::TempPath) -> io::Result<PathBuf> {
    path.keep().map_err(|error| error.error)
}

/// Gives a file a second name.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    call("link", || fs::hard_link(from, to))
}

/// Gives a file another name, and replaces what has it.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    call("rename", || fs::rename(from, to))
}

/// Gives a file a name that nothing has.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    call("rename_new", || rename_if_free(from, to))
}

/// The same on systems that cannot promise it; the name is one that nobody guesses.
pub(super) fn move_aside(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    rename(from, to)
}

/// Removes a name.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    call("remove", || fs::remove_file(path))
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_if_free(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Whether the system or the file system has no such call.
pub(super) fn has_no_such_call(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

/// The mask narrows the mode that a file is opened with (POSIX, open): 0600 to what even its owner
/// cannot read.
#[cfg(unix)]
fn unmask(file: &File, readers: Readers) -> io::Result<()> {
    if readers == Readers::Owner {
        file.set_permissions(permissions(readers))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn unmask(_: &File, _: Readers) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn temporary_file(folder: &Path, readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().permissions(permissions(readers)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary_file(folder: &Path, _: Readers) -> io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(folder)
}

#[cfg(unix)]
fn permissions(readers: Readers) -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(mode(readers))
}

#[cfg(unix)]
fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Owner => 0o600,
        Readers::Anyone => 0o666,
    }
}

/// Where Linux shows a process its open files. A file without a name is linked by way of it: by the
/// descriptor alone that is for the privileged (`linkat`, `AT_EMPTY_PATH`).
const DESCRIPTORS: &str = "/proc/self/fd";

/// A file without a name; `None` where there are none.
pub(super) fn nameless(folder: &Path, readers: Readers) -> io::Result<Option<File>> {
    nameless_by(folder, readers, DESCRIPTORS)
}

/// A file without a name; `None` where the file system has none, or the system could not name it later.
#[cfg(target_os = "linux")]
fn nameless_by(folder: &Path, readers: Readers, descriptors: &str) -> io::Result<Option<File>> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;

    if !Path::new(descriptors).exists() {
        return Ok(None);
    }
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(mode(readers));
    let opened = call("nameless", || Ok(rustix::fs::open(folder, flags, mode)?));
    match opened {
        Ok(file) => Ok(Some(file.into())),
        Err(error) => match Errno::from_io_error(&error) {
            Some(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
            _ => Err(error),
        },
    }
}

#[cfg(not(target_os = "linux"))]
fn nameless_by(_: &Path, _: Readers, _: &str) -> io::Result<Option<File>> {
    Ok(None)
}

/// Gives an open file without a name a free name.
pub(super) fn link_open(file: &File, path: &Path) -> io::Result<()> {
    call("link_open", || link_descriptor(file, path))
}

#[cfg(target_os = "linux")]
fn link_descriptor(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd as _;

    let open = format!("{DESCRIPTORS}/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link_descriptor(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Faults of the system, as tests want them.
#[cfg(test)]
pub(super) mod faults {
    use std::cell::RefCell;
    use std::io;

    /// Which calls of this thread fail.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Faults {
        /// The calls, counted from 0, and what they fail with.
        pub(crate) at: Vec<(usize, i32)>,
        /// All from this one on, as if the process were gone.
        pub(crate) from: Option<usize>,
        /// All of these names.
        pub(crate) of: Vec<(&'static str, i32)>,
        /// The names of the calls that were made.
        pub(crate) made: Vec<&'static str>,
    }

    thread_local! {
        static FAULTS: RefCell<Faults> = RefCell::default();
    }

    /// Sets what fails from now on, and gives what was made before.
    pub(crate) fn set(faults: Faults) -> Faults {
        FAULTS.replace(faults)
    }

    pub(super) fn before(name: &'static str) -> io::Result<()> {
        FAULTS.with_borrow_mut(|faults| {
            let number = faults.made.len();
            faults.made.push(name);
            let gone = faults.from.filter(|from| number >= *from).map(|_| EIO);
            let at = faults.at.iter().find(|(at, _)| *at == number).map(|(_, code)| *code);
            let of = faults.of.iter().find(|(of, _)| *of == name).map(|(_, code)| *code);
            let code = gone.or(at).or(of);
            code.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
        })
    }

    pub(crate) const EPERM: i32 = 1;
    pub(crate) const EIO: i32 = 5;
    pub(crate) const EINVAL: i32 = 22;
    pub(crate) const ENOSPC: i32 = 28;
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_no_name_without_proc() {
        let folder = tempfile::tempdir().unwrap();
        let made = |descriptors| nameless_by(folder.path(), Readers::Owner, descriptors).unwrap();
        assert!(made("/no/such/proc").is_none());
        assert!(made(DESCRIPTORS).is_some());
    }
}
