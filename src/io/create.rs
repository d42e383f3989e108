//! New files, complete before they have a name: whatever happens on the way, a full disk, an interrupt,
//! a file is there whole or not at all. What is there already is not replaced unless that is asked for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone: 0600.
    Owner,
    /// Whoever the process's mask lets.
    Anyone,
}

/// A file whose content is on disk, and that has no name yet.
pub struct Staged {
    path: PathBuf,
    content: Content,
}

enum Content {
    /// A file without a name: the system forgets it with the process.
    Nameless(File),
    /// A file under a temporary name, where the file system knows no other way.
    Named(NamedTempFile),
    /// Bytes for what is no regular file: a terminal, a pipe, a device.
    Direct(Vec<u8>),
}

/// Puts a file's content on disk.
///
/// # Errors
/// The operating system's, a full disk among them; nothing stays behind.
pub fn stage(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<Staged> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Ok(Staged { path, content: Content::Direct(bytes.to_vec()) });
    }
    let folder = folder_of(&path);
    let content = if let Some(mut file) = nameless(folder, readers)? {
        file.write_all(bytes)?;
        file.sync_all()?;
        Content::Nameless(file)
    } else {
        let mut file = temporary(folder, readers)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Content::Named(file)
    };
    Ok(Staged { path, content })
}

impl Staged {
    /// Gives the file its name, in one step.
    ///
    /// # Errors
    /// `AlreadyExists` unless `replace` is set, and the operating system's.
    pub fn commit(self, replace: bool) -> io::Result<()> {
        let Self { path, content } = self;
        match content {
            Content::Direct(bytes) => OpenOptions::new().write(true).open(path)?.write_all(&bytes),
            Content::Named(file) => {
                if replace {
                    file.persist(path)?
                } else {
                    file.persist_noclobber(path)?
                };
                Ok(())
            }
            Content::Nameless(file) => match link(&file, &path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && replace => {
                    replace_with(&file, &path)
                }
                linked => linked,
            },
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn temporary(folder: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::Permissions::from_mode(mode(readers));
    tempfile::Builder::new().permissions(mode).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path, _: Readers) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

#[cfg(unix)]
fn mode(readers: Readers) -> u32 {
    match readers {
        Readers::Owner => 0o600,
        Readers::Anyone => 0o666,
    }
}

/// A file without a name; `None` where the file system has none.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path, readers: Readers) -> io::Result<Option<File>> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    match rustix::fs::open(folder, flags, Mode::from_raw_mode(mode(readers))) {
        Ok(file) => Ok(Some(file.into())),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path, _: Readers) -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd as _;

    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Puts a nameless file in the place of one that is there, by way of a name of its own.
fn replace_with(file: &File, path: &Path) -> io::Result<()> {
    let name = tempfile::Builder::new().make_in(folder_of(path), |name| link(file, name))?;
    Ok(name.persist(path)?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let names = || fs::read_dir(folder.path()).unwrap().count();

        let staged = stage(&path, b"first", Readers::Owner).unwrap();
        drop(staged);
        assert_eq!(names(), 0, "what was not committed leaves nothing behind");

        stage(&path, b"first", Readers::Owner).unwrap().commit(false).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let taken = stage(&path, b"second", Readers::Owner).unwrap().commit(false);
        assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");

        stage(&path, b"third", Readers::Owner).unwrap().commit(true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert_eq!(names(), 1);
    }

    #[test]
    fn a_file_system_without_nameless_files_gets_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let staged = |bytes: &[u8]| {
            let mut file = temporary(folder.path(), Readers::Owner).unwrap();
            file.write_all(bytes).unwrap();
            Staged { path: path.clone(), content: Content::Named(file) }
        };
        staged(b"first").commit(false).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(staged(b"second").commit(false).is_err());
        staged(b"third").commit(true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
    }
}
