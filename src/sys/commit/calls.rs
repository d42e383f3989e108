//! The system calls that give content a file name. A test can make each of them fail.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::sys::unix::paths::folder_of;
use crate::sys::unix::{self, Readers};

/// Runs a system call under the name that tests know it by.
pub(super) fn call<T>(name: &'static str, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(test)]
    faults::before(name)?;
    #[cfg(not(test))]
    let _ = name;
    work()
}

/// Writes a file's content to the disk. An umask may have taken even its owner's right to read it.
pub(super) fn fill(mut file: &File, bytes: &[u8], readers: Readers) -> io::Result<()> {
    call("chmod", || match readers {
        Readers::Owner => file.set_permissions(unix::permissions(readers)),
        Readers::Anyone => Ok(()),
    })?;
    call("write", || file.write_all(bytes))?;
    call("sync", || file.sync_all())
}

/// Opens a file without a name; `None` if the system or the file system has no such files.
pub(super) fn nameless(folder: &Path, readers: Readers) -> io::Result<Option<File>> {
    match call("nameless", || unix::open_nameless(folder, readers)) {
        Err(error) if is_unsupported(&error) || error.kind() == ErrorKind::IsADirectory => Ok(None),
        opened => opened.map(Some),
    }
}

/// Opens a file with a temporary name.
pub(super) fn temporary(folder: &Path, readers: Readers) -> io::Result<(File, PathBuf)> {
    let mut named = tempfile::Builder::new();
    named.permissions(unix::permissions(readers));
    let (file, path) = call("open", || named.tempfile_in(folder))?.into_parts();
    Ok((file, kept(path)?))
}

/// Makes a temporary name next to a file, with the given function.
pub(super) fn beside(
    path: &Path,
    make: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    kept(tempfile::Builder::new().make_in(folder_of(path), make)?.into_temp_path())
}

fn kept(path: tempfile::TempPath) -> io::Result<PathBuf> {
    path.keep().map_err(|error| error.error)
}

/// Gives a file without a name a name that is free.
pub(super) fn link_nameless(file: &File, path: &Path) -> io::Result<()> {
    call("link_open", || unix::link_nameless(file, path))
}

/// Gives a file a second name.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    call("link", || fs::hard_link(from, to))
}

/// Renames a file, and replaces what has the new name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    call("rename", || fs::rename(from, to))
}

/// The same for systems that have no such call; `to` is a name that cannot be guessed.
pub(super) fn move_aside(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    rename(from, to)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    call("remove", || fs::remove_file(path))
}

/// Whether the system or the file system has no such call.
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

/// System calls that a test makes fail.
#[cfg(test)]
pub(super) mod faults {
    use std::cell::RefCell;
    use std::io;

    pub(crate) const EPERM: i32 = 1;
    pub(crate) const EIO: i32 = 5;
    pub(crate) const EINVAL: i32 = 22;
    pub(crate) const ENOSPC: i32 = 28;

    /// Which calls of this thread fail.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Faults {
        /// These, counted from 0, with these error numbers.
        pub(crate) at: Vec<(usize, i32)>,
        /// All from this one on, as if the process were gone.
        pub(crate) from: Option<usize>,
        /// All calls with these names.
        pub(crate) of: &'static [(&'static str, i32)],
        /// The names of the calls so far.
        pub(crate) calls: Vec<&'static str>,
    }

    thread_local! {
        static FAULTS: RefCell<Faults> = RefCell::default();
    }

    /// Sets what fails from now on, and returns what was set before.
    pub(crate) fn set(faults: Faults) -> Faults {
        FAULTS.replace(faults)
    }

    pub(super) fn before(name: &'static str) -> io::Result<()> {
        FAULTS.with_borrow_mut(|faults| {
            let number = faults.calls.len();
            faults.calls.push(name);
            let gone = faults.from.filter(|from| number >= *from).map(|_| EIO);
            let at = faults.at.iter().find(|(at, _)| *at == number).map(|(_, code)| *code);
            let of = faults.of.iter().find(|(of, _)| *of == name).map(|(_, code)| *code);
            let code = gone.or(at).or(of);
            code.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
        })
    }
}
