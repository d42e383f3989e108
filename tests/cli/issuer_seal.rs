//! The seal on cache entries: an entry that somebody else has put into the cache is not trusted, even with the right owner
//! and mode. The key of the seal is the user's own and in another folder.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use serde_json::json;

use crate::harness::{Call, PRINTED, clocked, key, text};
use crate::issuer_scene::{Scene, by, facts, forge, now, scene, seal, set};
use crate::issuer_server::Reply;

const HINT: &str = "every call will fetch it again; XDG_STATE_HOME sets another folder, --no-cache turns the cache off";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What replaces the one entry is not trusted, neither online nor offline.
#[track_caller]
fn planted(scene: &Scene, what: &str, plant: impl Fn(&Path)) {
    for flags in [&["--offline"][..], &[]] {
        scene.verifies(&by("a"), &[]);
        scene.server.asked();
        plant(&scene.entry());
        assert_eq!(mode(&scene.entry()), 0o600, "{what}");
        assert_eq!(
            scene.verify(&by("evil"), flags).output().status.code(),
            Some(if flags.is_empty() { 4 } else { 1 }),
            "{what}"
        );
        if flags.is_empty() {
            assert_eq!(scene.server.asked()[0], "/keys", "{what}");
        }
    }
}

#[test]
fn an_entry_sealed_with_another_key_is_ignored() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    // The attacker's own cache, from a server that the attacker runs at the same URL.
    let evil = |key: &[u8]| {
        let name = scene.entry();
        let text = text(&fs::read(&name).unwrap()).replace(&set(&["a"]), &set(&["evil"]));
        fs::write(&name, text).unwrap();
        seal(&name, key, &[("fetched", now().into()), ("fresh_until", (now() + 9000).into())]);
    };
    for key in [&[0; 32][..], &[7; 32], b"", b"short", &[7; 64]] {
        planted(&scene, "another key", |_| evil(key));
    }
    // With the key, the same method does forge a trusted entry.
    scene.verifies(&by("a"), &[]);
    evil(&fs::read(scene.key()).unwrap());
    scene.verifies(&by("evil"), &["--offline"]);
}

#[test]
fn an_entry_without_a_seal_is_ignored() {
    let scene = scene(&["a"]);
    planted(&scene, "of the first layout", |entry| {
        let facts = json!({"url": scene.keys(), "etag": null, "is_kept": true, "fetched": now(),
            "fresh_until": now() + 9000, "asked_again": null, "failed": null});
        let rest = format!("{facts}\n{}", set(&["evil"]));
        let name = entry.file_name().unwrap().to_str().unwrap();
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            format!("{name}\n{rest}").as_bytes(),
        );
        let digest = crate::harness::base64url(digest);
        fs::write(entry, format!("jwtctl 1 {digest}\n{rest}")).unwrap();
    });
    planted(&scene, "none at all", |entry| fs::write(entry, set(&["evil"])).unwrap());
    planted(&scene, "an empty one", |entry| {
        let facts = facts(entry);
        fs::write(entry, format!("jwtctl 3 \n{facts}\n{}", set(&["evil"]))).unwrap();
    });
}

/// Changes to the user's own entry, without the key.
#[test]
fn an_entry_that_was_altered_or_moved_is_ignored() {
    let scene = scene(&["a"]);
    let altered = |from: &str, to: &str| {
        planted(&scene, from, |entry| {
            let text = text(&fs::read(entry).unwrap());
            assert!(text.contains(from), "{from}: {text}");
            fs::write(entry, text.replacen(from, to, 1)).unwrap();
        });
    };
    altered("\"fresh_until\":1", "\"fresh_until\":2");
    altered("\"fetched\":1", "\"fetched\":2");
    altered("\"failed\":null", "\"failed\":0");
    altered("\"etag\":null", "\"etag\":\"x\"");
    altered(&set(&["a"]), &set(&["evil"]));
    // Of another URL.
    scene.server.answer("/evil", Reply::of(set(&["evil"])));
    let evil = scene.url("/evil");
    let other = crate::issuer_scene::scene(&[]);
    let call = other.homed(clocked(&["verify", &by("evil"), "--jwks", &evil]));
    call.env("XDG_STATE_HOME", scene.folder.path().join("state").to_str().unwrap())
        .stdout(PRINTED)
        .code(0);
    let copy = fs::read(other.entry()).unwrap();
    planted(&scene, "another URL's", |entry| fs::write(entry, &copy).unwrap());
    // Of other certificates.
    let folder = other.folder.path().to_str().unwrap();
    scene.has(&["evil"]);
    let call = scene.verify(&by("evil"), &["--ca-file", "ca.pem"]);
    fs::remove_file(other.entry()).unwrap();
    call.file("ca.pem", key("p256.certificate.pem"))
        .env("XDG_CACHE_HOME", folder)
        .stdout(PRINTED)
        .code(0);
    let copy = fs::read(other.entry()).unwrap();
    scene.has(&["a"]);
    planted(&scene, "of other certificates", |entry| fs::write(entry, &copy).unwrap());
}

#[test]
fn the_key_is_random_its_owners_alone_and_in_no_cache() {
    let scenes = [scene(&["a"]), scene(&["a"])];
    for scene in &scenes {
        let shell = scene.verify(&by("a"), &[]).in_shell("umask 000; \"$@\"");
        assert_eq!(shell.status.code(), Some(0));
        assert_eq!((mode(&scene.key()), mode(scene.key().parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read(scene.key()).unwrap().len(), 32);
        // The key is made once.
        let key = fs::read(scene.key()).unwrap();
        fs::remove_file(scene.entry()).unwrap();
        scene.verifies(&by("a"), &[]);
        assert_eq!(fs::read(scene.key()).unwrap(), key);
        for file in fs::read_dir(scene.cache()).unwrap() {
            let held = fs::read(file.unwrap().path()).unwrap();
            assert!(!held.windows(32).any(|bytes| bytes == key));
        }
    }
    assert_ne!(fs::read(scenes[0].key()).unwrap(), fs::read(scenes[1].key()).unwrap());
}

#[test]
fn processes_that_start_together_use_one_key() {
    for _ in 0..3 {
        let scene = scene(&["a"]);
        std::thread::scope(|threads| {
            for number in 0..8 {
                let scene = &scene;
                threads.spawn(move || {
                    let path = format!("/keys{number}");
                    scene.server.answer(&path, Reply::of(set(&["a"])));
                    let url = scene.url(&path);
                    scene.call(&["verify", &by("a"), "--jwks", &url]).stdout(PRINTED).code(0);
                });
            }
        });
        assert_eq!(scene.server.asked().len(), 8);
        for number in 0..8 {
            let url = scene.url(&format!("/keys{number}"));
            scene.call(&["verify", &by("a"), "--jwks", &url, "--offline"]).stdout(PRINTED).code(0);
        }
    }
}

#[test]
fn a_key_that_others_may_know_is_replaced() {
    let scene = scene(&["a"]);
    let path = scene.key();
    let spoil: [(&str, &dyn Fn()); 6] = [
        ("readable", &|| set_mode(&path, 0o640)),
        ("writable", &|| set_mode(&path, 0o606)),
        ("short", &|| fs::write(&path, [7; 31]).unwrap()),
        ("long", &|| fs::write(&path, [7; 33]).unwrap()),
        ("empty", &|| fs::write(&path, "").unwrap()),
        ("a link", &|| {
            let other = scene.folder.path().join("other");
            fs::rename(&path, &other).unwrap();
            symlink(&other, &path).unwrap();
        }),
    ];
    for (what, spoil) in spoil {
        scene.verifies(&by("a"), &[]);
        scene.server.asked();
        let key = fs::read(&path).unwrap();
        spoil();
        assert_eq!(
            scene.verify(&by("a"), &["--offline"]).output().status.code(),
            Some(1),
            "{what}"
        );
        scene.verifies(&by("a"), &[]);
        assert_eq!(scene.server.asked(), ["/keys"], "{what}");
        assert_ne!(fs::read(&path).unwrap(), key, "{what}");
        assert_eq!((mode(&path), path.is_symlink()), (0o600, false), "{what}");
        scene.verifies(&by("a"), &["--offline"]);
    }
}

/// A call that works, and warns that nothing is cached.
#[track_caller]
fn unkept(scene: &Scene, change: impl Fn(Call) -> Call, folder: &Path, why: &str) {
    for _ in 0..2 {
        let warning = format!(
            "fetched keys are not cached, because the key that seals the cache cannot be stored in {}: {why}",
            folder.display()
        );
        change(scene.verify(&by("a"), &[])).stdout(PRINTED).warning(&warning).hint(HINT).code(0);
        scene.asked(&["/keys"]);
        assert!(scene.kept().is_empty());
    }
}

#[test]
fn nothing_is_cached_if_the_key_of_the_seal_cannot_be_stored() {
    let scene = scene(&["a"]);
    let state = scene.folder.path().join("state/jwtctl");
    let own = |call: Call| call;
    fs::create_dir_all(&state).unwrap();
    for mode in [0o770, 0o705, 0o755] {
        set_mode(&state, mode);
        unkept(&scene, own, &state, "it must be a folder that only you can use (0700)");
    }
    set_mode(&state, 0o700);
    fs::create_dir(state.join("cache-key")).unwrap();
    unkept(&scene, own, &state, "Is a directory");
    fs::remove_dir_all(&state).unwrap();
    fs::write(&state, "").unwrap();
    unkept(&scene, own, &state, "File exists");
    let nowhere = |call: Call| call.env("XDG_STATE_HOME", "/dev/null");
    unkept(&scene, nowhere, Path::new("/dev/null/jwtctl"), "Not a directory");
    scene.verify(&by("a"), &["-q"]).code(0);
    scene.verifies(&by("a"), &["--no-cache"]);
}

#[test]
fn a_key_inside_the_cache_folder_is_not_used() {
    let scene = scene(&["a"]);
    let root = scene.folder.path();
    let apart = "it must not be inside the cache folder";
    let as_cache = |call: Call| call.env("XDG_STATE_HOME", root.to_str().unwrap());
    unkept(&scene, as_cache, &root.join("jwtctl"), apart);
    let within = root.join("jwtctl");
    let as_entry = |call: Call| call.env("XDG_STATE_HOME", within.to_str().unwrap());
    unkept(&scene, as_entry, &within.join("jwtctl"), apart);
    fs::create_dir_all(&within).unwrap();
    set_mode(&within, 0o700);
    symlink(root, root.join("linked")).unwrap();
    let as_link = |call: Call| call.env("XDG_STATE_HOME", root.join("linked").to_str().unwrap());
    unkept(&scene, as_link, &root.join("linked/jwtctl"), apart);
}

#[test]
fn cached_keys_are_not_used_without_the_key_of_their_seal() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    let hint = "run it once without --offline, or name a file: --jwks PATH";
    let said = |why: &str| {
        let path = scene.key();
        scene
            .verify(&by("a"), &["--offline"])
            .error(&format!(
                "cannot fetch {}: --offline makes no requests, and its cached copy cannot be trusted without the key in {}: {why}",
                scene.keys(),
                path.display()
            ))
            .hint(hint)
            .code(1);
    };
    set_mode(&scene.key(), 0o644);
    said("it must be a file that only you can read and write (0600)");
    set_mode(&scene.key(), 0o600);
    scene.verifies(&by("a"), &["--offline"]);
    set_mode(scene.key().parent().unwrap(), 0o750);
    said("it must be a folder that only you can use (0700)");
    set_mode(scene.key().parent().unwrap(), 0o700);
    fs::remove_file(scene.key()).unwrap();
    said("No such file or directory");
    // A new key makes a new entry; entries sealed with the old key stay worthless.
    let old = fs::read(scene.entry()).unwrap();
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    fs::write(scene.entry(), old).unwrap();
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    forge(&scene.entry(), &[]);
    scene.verifies(&by("a"), &["--offline"]);
}

#[test]
fn the_key_is_in_the_users_folder_for_state() {
    let scene = scene(&["a"]);
    let home = scene.folder.path().join("home");
    let home = home.to_str().unwrap();
    let call = || clocked(&["verify", &by("a"), "--jwks", &scene.keys()]).stdout(PRINTED);
    let key = |path: &str| scene.folder.path().join(path).exists();
    call().env("HOME", home).code(0);
    assert!(key("home/.local/state/jwtctl/cache-key"));
    call().env("HOME", home).env("XDG_STATE_HOME", "relative").code(0);
    call().env("HOME", home).env("XDG_STATE_HOME", "").code(0);
    scene.asked(&["/keys"]);
    let state = scene.folder.path().join("elsewhere");
    call().env("HOME", home).env("XDG_STATE_HOME", state.to_str().unwrap()).code(0);
    assert!(key("elsewhere/jwtctl/cache-key"));
    scene.asked(&["/keys"]);
}
