//! The system calls that give content a file name. A test can make each of them fail.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::sys::paths::folder_of;
use crate::sys::platform;
use crate::sys::readers::Readers;

/// Makes the system calls, after asking whether each may be made.
#[derive(Debug, Clone, Copy)]
pub struct Calls {
    /// Called with the name of each system call. If it returns an error, the call fails with it, which tests use.
    pub before: fn(&'static str) -> io::Result<()>,
}

impl Default for Calls {
    fn default() -> Self {
        Self { before: |_| Ok(()) }
    }
}

impl Calls {
    pub(super) fn call<T>(
        self,
        name: &'static str,
        work: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        (self.before)(name)?;
        work()
    }

    /// Writes a file's content to the disk. Because of the umask, the file may be unreadable even for its owner.
    pub(super) fn fill(self, mut file: &File, bytes: &[u8], readers: Readers) -> io::Result<()> {
        self.call("chmod", || platform::restrict(file, readers))?;
        self.call("write", || file.write_all(bytes))?;
        self.call("sync", || file.sync_all())
    }

    /// Opens a file without a name; `None` if the system or the file system has no such files.
    pub(super) fn nameless(self, folder: &Path, readers: Readers) -> io::Result<Option<File>> {
        match self.call("nameless", || platform::open_nameless(folder, readers)) {
            Err(error) if is_unsupported(&error) || error.kind() == ErrorKind::IsADirectory => {
                Ok(None)
            }
            opened => opened.map(Some),
        }
    }

    /// Opens a file with a temporary name.
    pub(super) fn temporary(self, folder: &Path, readers: Readers) -> io::Result<(File, PathBuf)> {
        let create = |path: &Path| platform::create_new(path, readers);
        let named = self.call("open", || tempfile::Builder::new().make_in(folder, create))?;
        let (file, path) = named.into_parts();
        Ok((file, kept(path)?))
    }

    /// Gives an unnamed file a name that does not exist yet.
    pub(super) fn link_nameless(self, file: &File, path: &Path) -> io::Result<()> {
        self.call("link_open", || platform::link_nameless(file, path))
    }

    /// Gives a file a second name.
    pub(super) fn link(self, from: &Path, to: &Path) -> io::Result<()> {
        self.call("link", || fs::hard_link(from, to))
    }

    /// Renames a file, and replaces a file that has the new name.
    pub(super) fn rename(self, from: &Path, to: &Path) -> io::Result<()> {
        self.call("rename", || fs::rename(from, to))
    }

    /// A substitute on systems without such a call; `to` is a name that cannot be guessed.
    pub(super) fn move_aside(self, from: &Path, to: &Path) -> io::Result<()> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to)
    }

    pub(super) fn remove(self, path: &Path) -> io::Result<()> {
        self.call("remove", || fs::remove_file(path))
    }
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

/// Whether the error means that the system or file system has no such call.
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}
