//! Small files that one call keeps for the next.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use jwtctl::sys::Store;

const PAUSE: Duration = Duration::from_millis(10);

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
    thread::sleep(PAUSE);
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
    assert!(store.lock("x", Instant::now() + PAUSE * 2).is_none());
    assert!(store.lock("y", Instant::now()).is_some());
    drop(locked);
    assert!(store.lock("x", Instant::now()).is_some());
}
