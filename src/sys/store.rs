//! Small files that one call keeps for the next: private to their owner, replaced in one step, and read only if nobody
//! else can have written them.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::lock::wait_for_lock;
use super::read::read_bounded;
use super::{NewFile, Readers, replace, unix};

/// A folder of such files. It is made when something is first kept.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub folder: PathBuf,
}

impl Store {
    /// Reads a file of at most so many bytes; `PermissionDenied` if others may have read or written it.
    pub fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        self.check_private()?;
        let mut file = unix::open_to_read(&self.folder.join(name))?;
        let found = file.metadata()?;
        if !found.is_file() || !unix::is_private(&found) {
            return Err(refused("it must be a file that only you can read and write (0600)"));
        }
        let read = read_bounded(&mut file, most)?;
        if read.cut { Err(io::Error::other("it is too large")) } else { Ok(read.bytes) }
    }

    /// Writes a file; `PermissionDenied` if others may write into the folder.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.prepare()?;
        replace(NewFile { path: &self.folder.join(name), bytes, readers: Readers::Owner })
    }

    pub fn remove(&self, name: &str) {
        if self.check_private().is_ok() {
            let _ = fs::remove_file(self.folder.join(name));
        }
    }

    /// Removes the files with this prefix that nobody has written for so long, and nothing else that may be there.
    pub fn remove_older(&self, prefix: &str, than: Duration) {
        let files = self.check_private().and_then(|()| fs::read_dir(&self.folder));
        for file in files.into_iter().flatten().flatten() {
            let Ok(found) = file.metadata() else { continue };
            let is_named = file.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
            let age = found.modified().ok().and_then(|time| time.elapsed().ok());
            let is_old = age.is_some_and(|age| age > than);
            if is_named && is_old && found.is_file() && unix::is_private(&found) {
                let _ = fs::remove_file(file.path());
            }
        }
    }

    /// Locks a name against other processes as long as the file is open; `None` if another process holds it until
    /// then, or the system has no locks.
    pub fn lock(&self, name: &str, until: Instant) -> Option<File> {
        self.prepare().ok()?;
        let file = unix::open_to_lock(&self.folder.join(name).with_extension("lock")).ok()?;
        wait_for_lock(&file, until).ok()?;
        Some(file)
    }

    /// Whether the folder is another one, or lies in that.
    pub fn is_in(&self, other: &Self) -> bool {
        let id =
            |store: &Self| fs::symlink_metadata(&store.folder).ok().map(|found| unix::id(&found));
        self.folder.starts_with(&other.folder) || id(self).is_some_and(|own| id(other) == Some(own))
    }

    fn prepare(&self) -> io::Result<()> {
        unix::create_private_folder(&self.folder)?;
        self.check_private()
    }

    fn check_private(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.folder)?;
        if found.is_dir() && unix::is_private(&found) {
            Ok(())
        } else {
            Err(refused("it must be a folder that only you can use (0700)"))
        }
    }
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::path::Path;
    use std::thread;

    use super::super::lock::RETRY_AFTER;
    use super::*;

    /// A store that holds a file "x", and a link to its folder.
    fn stores() -> (tempfile::TempDir, Store, Store) {
        let root = tempfile::tempdir().unwrap();
        let [store, linked] = ["a/b", "link"].map(|name| Store { folder: root.path().join(name) });
        assert_eq!(text(&store, "x"), None);
        store.write("x", b"one").unwrap();
        symlink(&store.folder, &linked.folder).unwrap();
        (root, store, linked)
    }

    fn text(store: &Store, name: &str) -> Option<String> {
        store.read(name, 5).ok().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_kept_is_private_replaced_and_bounded() {
        let (_root, store, _) = stores();
        store.write("x", b"three").unwrap();
        assert_eq!(text(&store, "x").as_deref(), Some("three"));
        assert!(store.read("x", 4).is_err());
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&store.folder), mode(&store.folder.join("x"))), (0o700, 0o600));
        store.remove("x");
        assert_eq!(text(&store, "x"), None);
    }

    #[test]
    fn what_others_may_have_written_is_not_read() {
        let (_root, store, linked) = stores();
        let path = store.folder.join("x");
        set_mode(&path, 0o604);
        assert_eq!(text(&store, "x"), None, "as a checkout leaves it");
        set_mode(&path, 0o600);
        symlink(&path, store.folder.join("link")).unwrap();
        assert_eq!(text(&store, "link"), None);
        store.write("link", b"two").unwrap();
        assert_eq!(text(&store, "link").as_deref(), Some("two"));
        assert_eq!(text(&store, "x").as_deref(), Some("one"), "it was written through");
        assert!(text(&linked, "x").is_none() && linked.write("x", b"two").is_err());
        set_mode(&store.folder, 0o705);
        assert_eq!(text(&store, "x"), None);
        assert_eq!(store.write("x", b"two").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert!(store.lock("x", Instant::now()).is_none());
    }

    #[test]
    fn what_is_old_is_removed_and_nothing_else() {
        let (_root, store, linked) = stores();
        store.write("y", b"one").unwrap();
        fs::write(store.folder.join("x-of-others"), b"one").unwrap();
        store.remove_older("x", Duration::from_mins(1));
        thread::sleep(RETRY_AFTER);
        linked.remove_older("x", Duration::ZERO);
        assert!(text(&store, "x").is_some(), "it is new, and the folder of a link is another's");
        store.remove_older("x", Duration::ZERO);
        assert_eq!(text(&store, "x"), None);
        assert!(text(&store, "y").is_some() && store.folder.join("x-of-others").exists());
    }

    #[test]
    fn a_folder_is_compared_by_its_identity_not_its_name() {
        let (root, store, _) = stores();
        let at = |path: &str| Store { folder: root.path().join(path) };
        symlink(root.path().join("a"), root.path().join("a-link")).unwrap();
        for (path, is_in) in [("a/b", true), ("a-link/b", true), ("a/b/c", true), ("a", false)] {
            assert_eq!(at(path).is_in(&store), is_in, "{path}");
        }
        assert!(!at("c").is_in(&at("d")), "neither is there");
    }

    #[test]
    fn a_name_is_locked_by_one() {
        let (_root, store, _) = stores();
        let locked = store.lock("x", Instant::now()).unwrap();
        assert!(store.lock("x", Instant::now() + RETRY_AFTER * 2).is_none());
        assert!(store.lock("y", Instant::now()).is_some());
        drop(locked);
        assert!(store.lock("x", Instant::now()).is_some());
    }
}
