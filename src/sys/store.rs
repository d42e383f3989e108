//! Small files that one call keeps for the next: their owner's alone, replaced in one step, and read only if
//! nobody else can have written them.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;

use super::commit::{NewFile, Readers, replace};
use super::lock::wait_for_lock;
use super::read_bounded;

/// A folder of such files.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A name is held for as long as this is.
pub struct Lock(#[allow(dead_code, reason = "the lock goes with the file")] File);

impl Store {
    /// A folder; it is made when something is first kept.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is kept under a name, up to a bound in bytes; nothing if it is larger, or others may have written it.
    #[must_use]
    pub fn read(&self, name: &str, most: usize) -> Option<Vec<u8>> {
        self.try_read(name, most).ok()
    }

    /// The same, for whoever has to say why there is nothing.
    ///
    /// # Errors
    /// The operating system's; `PermissionDenied` if others may have read or written it.
    pub fn try_read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        self.check_ours()?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut file = File::from(rustix::fs::open(self.folder.join(name), flags, Mode::empty())?);
        let found = file.metadata()?;
        if !found.is_file() || !is_ours_alone(&found) {
            return Err(refused("it must be a file that only you can read and write (0600)"));
        }
        let read = read_bounded(&mut file, most)?;
        if read.cut { Err(io::Error::other("it is too large")) } else { Ok(read.bytes) }
    }

    /// Keeps something under a name.
    ///
    /// # Errors
    /// The operating system's; `PermissionDenied` if others may write into the folder.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.prepare()?;
        replace(NewFile { path: &self.folder.join(name), bytes, readers: Readers::Owner })
    }

    /// Throws away what is kept under a name.
    pub fn remove(&self, name: &str) {
        if self.is_ours() {
            let _ = fs::remove_file(self.folder.join(name));
        }
    }

    /// Throws away what begins with this name and nobody has written for so long; nothing else that may be there.
    pub fn forget(&self, prefix: &str, older: Duration) {
        let Some(files) = self.is_ours().then(|| fs::read_dir(&self.folder).ok()).flatten() else {
            return;
        };
        for file in files.flatten() {
            let is_named = file.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
            let Ok(found) = file.metadata() else { continue };
            let age = found.modified().ok().and_then(|time| time.elapsed().ok());
            let is_old = age.is_some_and(|age| age > older);
            if is_named && found.is_file() && is_ours_alone(&found) && is_old {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Holds a name against other processes; `None` if somebody holds it until then, or the system has no locks.
    #[must_use]
    pub fn lock(&self, name: &str, until: Instant) -> Option<Lock> {
        self.prepare().ok()?;
        let flags = OFlags::CREATE | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let path = self.folder.join(name).with_extension("lock");
        let file = File::from(rustix::fs::open(path, flags, Mode::from_raw_mode(0o600)).ok()?);
        wait_for_lock(&file, until).ok()?;
        Some(Lock(file))
    }

    /// Whether it is another folder, or lies in that.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        let identity = |store: &Self| {
            fs::symlink_metadata(&store.folder).ok().map(|found| (found.dev(), found.ino()))
        };
        self.folder.starts_with(&other.folder)
            || identity(self).is_some_and(|own| identity(other) == Some(own))
    }

    fn prepare(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        self.check_ours()
    }

    /// Refuses a folder that is not its owner's alone.
    fn check_ours(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.folder)?;
        if found.is_dir() && is_ours_alone(&found) {
            Ok(())
        } else {
            Err(refused("it must be a folder that only you can use (0700)"))
        }
    }

    fn is_ours(&self) -> bool {
        self.check_ours().is_ok()
    }
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

/// Whether nobody else can have written it; what came with a checkout or an archive has other modes than these.
fn is_ours_alone(found: &fs::Metadata) -> bool {
    let is_plain = found.is_file() || found.is_dir();
    let of_others = found.mode() & 0o077;
    is_plain && found.uid() == geteuid().as_raw() && of_others == 0
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::thread;

    use super::super::lock::PAUSE;
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("a/b"));
        (folder, store)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn what_is_kept_is_its_owners_alone() {
        let (_folder, store) = store();
        assert_eq!(store.read("x", 10), None);
        store.write("x", b"one").unwrap();
        store.write("x", b"two").unwrap();
        assert_eq!(store.read("x", 10).as_deref(), Some(&b"two"[..]));
        assert_eq!(store.read("x", 2), None);
        assert_eq!((mode(store.folder()), mode(&store.folder().join("x"))), (0o700, 0o600));
        store.remove("x");
        assert_eq!(store.read("x", 10), None);
    }

    #[test]
    fn what_others_may_have_written_is_not_read() {
        let (_folder, store) = store();
        let path = store.folder().join("x");
        store.write("x", b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
        assert_eq!(store.read("x", 10), None, "as a checkout leaves it");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&path, store.folder().join("link")).unwrap();
        assert_eq!(store.read("link", 10), None);
        store.write("link", b"two").unwrap();
        assert_eq!(store.read("link", 10).as_deref(), Some(&b"two"[..]));
        assert_eq!(store.read("x", 10).as_deref(), Some(&b"one"[..]), "it was written through");
        fs::set_permissions(store.folder(), fs::Permissions::from_mode(0o705)).unwrap();
        assert_eq!(store.read("x", 10), None);
        assert_eq!(store.write("x", b"two").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert!(store.lock("x", Instant::now()).is_none());
    }

    #[test]
    fn a_folder_is_not_followed_elsewhere() {
        let (folder, store) = store();
        store.write("x", b"one").unwrap();
        let link = folder.path().join("link");
        symlink(store.folder(), &link).unwrap();
        let linked = Store::new(link);
        assert_eq!(linked.read("x", 10), None);
        assert!(linked.write("x", b"two").is_err());
    }

    #[test]
    fn what_is_old_is_forgotten_and_nothing_else() {
        let (folder, store) = store();
        store.write("x-1", b"one").unwrap();
        store.write("y", b"one").unwrap();
        fs::write(store.folder().join("x-of-others"), b"one").unwrap();
        store.forget("x", Duration::from_mins(1));
        assert!(store.read("x-1", 10).is_some());
        thread::sleep(PAUSE);
        let link = folder.path().join("link");
        symlink(store.folder(), &link).unwrap();
        Store::new(link).forget("x", Duration::ZERO);
        assert!(store.read("x-1", 10).is_some(), "the folder is another's");
        store.forget("x", Duration::ZERO);
        assert_eq!(store.read("x-1", 10), None);
        assert!(store.read("y", 10).is_some() && store.folder().join("x-of-others").exists());
    }

    #[test]
    fn a_folder_is_compared_by_its_identity_not_its_name() {
        let (folder, store) = store();
        let at = |path: &str| Store::new(folder.path().join(path));
        store.write("x", b"one").unwrap();
        symlink(folder.path().join("a"), folder.path().join("link")).unwrap();
        for (path, is_in) in [("a/b", true), ("link/b", true), ("a/b/c", true), ("a", false)] {
            assert_eq!(at(path).is_in(&store), is_in, "{path}");
        }
        assert!(!at("c").is_in(&at("d")), "neither is there");
    }

    #[test]
    fn a_name_is_held_by_one() {
        let (_folder, store) = store();
        let held = store.lock("x", Instant::now()).unwrap();
        assert!(store.lock("x", Instant::now() + PAUSE * 2).is_none());
        assert!(store.lock("y", Instant::now()).is_some());
        drop(held);
        assert!(store.lock("x", Instant::now()).is_some());
    }
}
