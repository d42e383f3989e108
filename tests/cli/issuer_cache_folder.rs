//! The cache is in the user's cache folder, accessible to nobody else, and contains nothing of a token.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::{fs, path::Path};

use crate::harness::{CLAIMS, PRINTED, clocked, text};
use crate::issuer_scene::{by, scene};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn the_cache_is_accessible_to_its_owner_only() {
    for mask in ["000", "027", "077"] {
        let scene = scene(&["a"]);
        let shell = scene.verify(&by("a"), &[]).in_shell(&format!("umask {mask}; \"$@\""));
        assert_eq!(shell.status.code(), Some(0));
        assert_eq!((mode(&scene.cache()), mode(&scene.entry())), (0o700, 0o600), "{mask}");
        // The lock, too.
        for entry in fs::read_dir(scene.cache()).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600, "{mask}");
        }
    }
}

#[test]
fn nothing_of_a_token_is_written() {
    let scene = scene(&["a"]);
    let token = by("z");
    scene.verifies(&by("a"), &[]);
    assert_eq!(scene.verify(&token, &[]).output().status.code(), Some(4));
    for entry in fs::read_dir(scene.cache()).unwrap() {
        let path = entry.unwrap().path();
        let held = text(&fs::read(&path).unwrap());
        let parts = token.split('.').chain(["\"z\"", "user_id", CLAIMS]);
        for part in parts {
            assert!(!held.contains(part) && !path.display().to_string().contains(part), "{held}");
        }
    }
}

#[test]
fn the_folder_is_the_users() {
    let scene = scene(&["a"]);
    let verify = || clocked(&["verify", &by("a"), "--jwks", &scene.keys()]).stdout(PRINTED);
    let home = scene.folder.path().join("home");
    let home = home.to_str().unwrap();
    let cache = scene.folder.path().join("home/.cache/jwtctl");
    // Without either there is no cache, and no warning.
    verify().code(0);
    verify().env("HOME", "").code(0);
    verify().env("XDG_CACHE_HOME", "relative").code(0);
    assert!(!cache.exists());
    verify().env("HOME", home).code(0);
    assert!(cache.exists());
    scene.asked(&["/keys"; 4]);
    // A relative path is ignored (XDG Base Directory Specification).
    verify().env("HOME", home).env("XDG_CACHE_HOME", "relative").code(0);
    verify().env("HOME", home).env("XDG_CACHE_HOME", "").code(0);
    scene.asked(&[]);
    verify().env("HOME", home).env("XDG_CACHE_HOME", scene.folder.path().to_str().unwrap()).code(0);
    scene.asked(&["/keys"]);
    assert_eq!(scene.kept().len(), 1);
}
