//! Small files that are stored for later calls: private to their owner, replaced in one step, and read only if nobody
//! else can have written them.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::commit::{NewFile, replace};
use super::io::read_bounded;
use super::lock::wait_for_lock;
use super::platform::{self, is_private, is_private_path};
use super::readers::Readers;

/// A folder of such files. It is created when the first one is written.
#[derive(Debug, Clone)]
pub struct Store {
    /// Its path. It and missing parents are created with mode 0700.
    pub folder: PathBuf,
}

impl Store {
    /// Reads a file of at most this many bytes.
    ///
    /// # Errors
    /// The operating system's; `PermissionDenied` if others may have read or written it.
    pub fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        self.check_private()?;
        let mut file = platform::open_to_read(&self.folder.join(name))?;
        if !file.metadata()?.is_file() || !is_private(&file) {
            return Err(refused("it must be a file that only you can read and write (0600)"));
        }
        read_bounded(&mut file, most)?.whole()
    }

    /// Writes a file in one step, replacing the one with this name.
    ///
    /// # Errors
    /// The operating system's; `PermissionDenied` if others may write into the folder.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.prepare()?;
        replace(NewFile { path: &self.folder.join(name), bytes, readers: Readers::Owner })
    }

    /// Removes a file, if the folder is private.
    pub fn remove(&self, name: &str) {
        if self.check_private().is_ok() {
            let _ = fs::remove_file(self.folder.join(name));
        }
    }

    /// Removes the files with this prefix that have not been written for this long, and nothing else.
    pub fn remove_older(&self, prefix: &str, than: Duration) {
        let files = self.check_private().and_then(|()| fs::read_dir(&self.folder));
        for file in files.into_iter().flatten().flatten() {
            let Ok(found) = file.metadata() else { continue };
            let is_named = file.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
            let age = found.modified().ok().and_then(|time| time.elapsed().ok());
            let is_old = age.is_some_and(|age| age > than);
            if is_named && is_old && found.is_file() && is_private_path(&file.path()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Locks a name against other processes as long as the file is open; `None` if another process holds it until
    /// then, or the system has no locks.
    pub fn lock(&self, name: &str, until: Instant) -> Option<File> {
        self.prepare().ok()?;
        let file = platform::open_to_lock(&self.folder.join(name).with_extension("lock")).ok()?;
        wait_for_lock(&file, until).ok()?;
        Some(file)
    }

    /// Whether the folder is the same as another one, or inside it.
    pub fn is_in(&self, other: &Self) -> bool {
        let id = |store: &Self| platform::id_of(&store.folder);
        self.folder.starts_with(&other.folder) || id(self).is_some_and(|own| id(other) == Some(own))
    }

    fn prepare(&self) -> io::Result<()> {
        platform::create_private_folder(&self.folder)?;
        self.check_private()
    }

    fn check_private(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.folder)?;
        if found.is_dir() && is_private_path(&self.folder) {
            Ok(())
        } else {
            Err(refused("it must be a folder that only you can use (0700)"))
        }
    }
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}
