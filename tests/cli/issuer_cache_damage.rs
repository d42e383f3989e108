//! Cache entries that were damaged, replaced, or could have been written by others are fetched again. A cache that cannot
//! be used is only a warning.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::{fs, process::Command};

use crate::harness::PRINTED;
use crate::issuer_scene::{Scene, by, scene, set};
use crate::issuer_server::Reply;

/// Damages the cache entry, which must then be fetched again and work as before.
#[track_caller]
fn anew(scene: &Scene, what: &str, harm: impl FnOnce(&Path)) {
    scene.verifies(&by("a"), &[]);
    scene.server.asked();
    harm(&scene.entry());
    let offline = scene.verify(&by("a"), &["--offline"]).output();
    assert_eq!(offline.status.code(), Some(1), "{what}: it is of no use to anybody");
    scene.verifies(&by("a"), &[]);
    assert_eq!(scene.server.asked(), ["/keys"], "{what}");
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
}

#[test]
fn an_entry_that_was_cut_or_changed_is_not_used() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    let whole = fs::read(scene.entry()).unwrap();
    let lines: Vec<_> = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').collect();
    let (digest, facts) = (lines[0].0, lines[1].0);
    let places =
        [0, 7, 8, 9, digest - 1, digest, digest + 1, facts - 1, facts, facts + 1, whole.len() - 1];
    for end in places.into_iter().chain([whole.len() / 2]) {
        anew(&scene, &format!("cut at {end}"), |entry| fs::write(entry, &whole[..end]).unwrap());
    }
    for at in places {
        for bit in [0, 7] {
            anew(&scene, &format!("bit {bit} of byte {at}"), |entry| {
                let mut changed = fs::read(entry).unwrap();
                changed[at] ^= 1 << bit;
                fs::write(entry, changed).unwrap();
            });
        }
    }
    anew(&scene, "one byte more", |entry| {
        let longer = [&fs::read(entry).unwrap()[..], b" "].concat();
        fs::write(entry, longer).unwrap();
    });
}

#[test]
fn an_entry_with_other_content_is_fetched_anew() {
    let scene = scene(&["a"]);
    for garbage in
        [&b""[..], b"\n", b"\n\n\n", b"jwtctl 1 \n", b"{\"keys\":[]}", &[0; 4096], &[0xff; 99]]
    {
        anew(&scene, "garbage", |entry| fs::write(entry, garbage).unwrap());
    }
    let large = vec![b'x'; 2 * 1024 * 1024];
    anew(&scene, "too large", |entry| fs::write(entry, large).unwrap());
    anew(&scene, "gone", |entry| fs::remove_file(entry).unwrap());
}

#[test]
fn an_entry_of_another_url_is_not_used() {
    let scene = scene(&["a"]);
    scene.server.answer("/other", Reply::of(set(&["b"])));
    let other = scene.url("/other");
    scene.call(&["verify", &by("b"), "--jwks", &other]).stdout(PRINTED).code(0);
    let copy = fs::read(scene.entry()).unwrap();
    fs::remove_file(scene.entry()).unwrap();
    // It is a valid entry, but for another URL.
    anew(&scene, "another's", |entry| fs::write(entry, copy).unwrap());
}

#[test]
fn an_entry_that_others_may_have_written_is_not_used() {
    let scene = scene(&["a"]);
    for mode in [0o620, 0o602, 0o666, 0o644] {
        anew(&scene, "written by others", |entry| {
            fs::set_permissions(entry, fs::Permissions::from_mode(mode)).unwrap();
        });
        let now = fs::metadata(scene.entry()).unwrap().permissions().mode();
        assert_eq!(now & 0o777, 0o600);
    }
}

#[test]
fn an_entry_that_was_replaced_by_a_link_is_not_used() {
    let scene = scene(&["a"]);
    let target = scene.folder.path().join("precious");
    anew(&scene, "a link", |entry| {
        fs::rename(entry, &target).unwrap();
        symlink(&target, entry).unwrap();
    });
}

#[test]
fn what_a_link_leads_to_is_not_written() {
    let scene = scene(&["a"]);
    let target = scene.folder.path().join("precious");
    fs::write(&target, "precious").unwrap();
    let entry = scene.cache().join(name(&scene));
    symlink(&target, &entry).unwrap();
    assert_eq!(scene.verify(&by("a"), &[]).output().status.code(), Some(0));
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
}

/// The file name of the set's entry, which does not exist at the moment.
fn name(scene: &Scene) -> String {
    scene.verifies(&by("a"), &[]);
    let entry = scene.entry();
    fs::remove_file(&entry).unwrap();
    entry.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_pipe_in_place_of_an_entry_is_not_waited_for() {
    let scene = scene(&["a"]);
    let name = name(&scene);
    let pipe = scene.cache().join(name);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let call = scene.verify(&by("a"), &[]);
    let shell = call.in_shell("timeout 3 \"$@\"");
    assert_eq!(shell.status.code(), Some(0), "124: it waits for a reader");
    assert_eq!(shell.stdout, PRINTED.as_bytes());
}

#[test]
fn a_folder_in_place_of_an_entry_is_a_warning() {
    let scene = scene(&["a"]);
    let name = name(&scene);
    fs::create_dir(scene.cache().join(&name)).unwrap();
    scene.server.asked();
    for _ in 0..2 {
        unkept(&scene, "Is a directory");
        scene.asked(&["/keys"]);
    }
}

#[test]
fn something_else_in_place_of_the_lock_is_left_alone() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    let (entry, target) = (scene.entry(), scene.folder.path().join("precious"));
    let lock = entry.with_extension("lock");
    fs::write(&target, "precious").unwrap();
    let anew = || {
        fs::remove_file(&entry).unwrap();
        scene.server.asked();
        scene.verifies(&by("a"), &[]);
        scene.asked(&["/keys"]);
    };
    fs::remove_file(&lock).unwrap();
    symlink(&target, &lock).unwrap();
    anew();
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    anew();
}

/// A call that works, and warns that nothing is cached.
#[track_caller]
fn unkept(scene: &Scene, why: &str) {
    scene
        .verify(&by("a"), &[])
        .stdout(PRINTED)
        .warning(&format!(
            "fetched keys cannot be cached in {}: {why}",
            scene.cache().display()
        ))
        .hint("every call will fetch it again; XDG_CACHE_HOME sets another folder, --no-cache turns the cache off")
        .code(0);
}

#[test]
fn a_folder_that_others_may_write_into_is_not_used() {
    for mode in [0o770, 0o702, 0o705] {
        let scene = scene(&["a"]);
        scene.verifies(&by("a"), &[]);
        fs::set_permissions(scene.cache(), fs::Permissions::from_mode(mode)).unwrap();
        unkept_folder(&scene);
    }
}

/// Others may have linked files into the folder, whoever owns them.
#[track_caller]
fn unkept_folder(scene: &Scene) {
    fs::remove_file(scene.entry()).unwrap();
    unkept(scene, "it must be a folder that only you can use (0700)");
    assert!(scene.kept().is_empty());
}

#[test]
fn a_file_in_place_of_the_cache_folder_is_a_warning() {
    let scene = scene(&["a"]);
    fs::write(scene.cache(), "").unwrap();
    unkept(&scene, "File exists");
    scene.asked(&["/keys"]);
}

#[test]
fn a_cache_folder_that_cannot_be_written_is_a_warning() {
    let scene = scene(&["a"]);
    fs::create_dir(scene.cache()).unwrap();
    fs::set_permissions(scene.cache(), fs::Permissions::from_mode(0o500)).unwrap();
    // Root may write anywhere.
    if fs::write(scene.cache().join("probe"), "").is_ok() {
        return;
    }
    unkept(&scene, "Permission denied");
    scene.asked(&["/keys"]);
}

#[test]
fn a_cache_folder_that_cannot_be_made_is_a_warning() {
    let scene = scene(&["a"]);
    let call = scene.verify(&by("a"), &[]).env("XDG_CACHE_HOME", "/dev/null");
    call.stdout(PRINTED)
        .warning("fetched keys cannot be cached in /dev/null/jwtctl: Not a directory")
        .hint("every call will fetch it again; XDG_CACHE_HOME sets another folder, --no-cache turns the cache off")
        .code(0);
    // A quiet call does not warn, and neither does one without a cache.
    let call = scene.verify(&by("a"), &["-q"]).env("XDG_CACHE_HOME", "/dev/null");
    call.code(0);
    let call = scene.verify(&by("a"), &["--no-cache"]).env("XDG_CACHE_HOME", "/dev/null");
    call.stdout(PRINTED).code(0);
}
