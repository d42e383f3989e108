//! `man --dir` writes complete pages, replaces older ones, and touches nothing else.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::harness::{Call, jwtctl, text};

/// `man --dir` into a folder of a call's own.
fn pages() -> Call {
    let call = jwtctl(&["man", "--dir", "pages"]);
    fs::create_dir(call.path("pages")).unwrap();
    call
}

fn names(call: &Call) -> Vec<String> {
    let entries = fs::read_dir(call.path("pages")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn older_pages_are_replaced() {
    let call = pages();
    call.leaves(0);
    let first = names(&call);
    assert!(first.len() > 8 && first.contains(&"jwtctl-key-new.1".to_owned()), "{first:?}");
    let page = fs::read(call.path("pages/jwtctl.1")).unwrap();
    assert_eq!(page, jwtctl(&["man"]).output().stdout);
    fs::write(call.path("pages/jwtctl.1"), "x".repeat(1 << 20)).unwrap();
    fs::write(call.path("pages/other.1"), "mine").unwrap();
    call.leaves(0);
    assert_eq!(fs::read(call.path("pages/jwtctl.1")).unwrap(), page);
    assert_eq!(fs::read_to_string(call.path("pages/other.1")).unwrap(), "mine");
    assert_eq!(names(&call).len(), first.len() + 1);
}

#[test]
fn a_link_in_a_pages_place_is_replaced_and_not_followed() {
    let call = pages().file("mine", "mine");
    symlink("../mine", call.path("pages/jwtctl.1")).unwrap();
    symlink("/dev/full", call.path("pages/jwtctl-key.1")).unwrap();
    symlink("nowhere", call.path("pages/jwtctl-man.1")).unwrap();
    fs::hard_link(call.path("mine"), call.path("pages/jwtctl-verify.1")).unwrap();
    call.leaves(0);
    assert_eq!(fs::read_to_string(call.path("mine")).unwrap(), "mine");
    for name in names(&call) {
        let found = fs::symlink_metadata(call.path("pages").join(&name)).unwrap();
        assert!(found.is_file() && found.len() > 100, "{name}");
    }
    assert!(!names(&call).contains(&"nowhere".to_owned()));
}

#[test]
fn no_page_is_written_if_one_cannot_be() {
    let call = pages();
    call.leaves(0);
    for name in names(&call) {
        fs::write(call.path("pages").join(name), "old").unwrap();
    }
    fs::remove_file(call.path("pages/jwtctl-verify.1")).unwrap();
    fs::create_dir(call.path("pages/jwtctl-verify.1")).unwrap();
    let before = names(&call);
    let output = call.output();
    assert_eq!(output.status.code(), Some(1));
    let said = "error: cannot write to pages/jwtctl-verify.1: is a directory\n";
    assert_eq!((text(&output.stdout).as_str(), text(&output.stderr).as_str()), ("", said));
    assert_eq!(names(&call), before);
    for name in before.iter().filter(|name| *name != "jwtctl-verify.1") {
        assert_eq!(fs::read_to_string(call.path("pages").join(name)).unwrap(), "old");
    }
    // Nor where the disk is full.
    fs::remove_dir(call.path("pages/jwtctl-verify.1")).unwrap();
    let output = call.in_shell("ulimit -f 1; \"$@\"");
    let said = "error: cannot write to pages/jwtctl.1: File too large\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), said));
    assert_eq!(names(&call).len(), before.len() - 1);
}

#[test]
fn the_mask_says_who_reads_a_page() {
    for (umask, mode) in [("022", 0o644), ("077", 0o600)] {
        let call = pages();
        call.in_shell(&format!("umask {umask}; \"$@\""));
        let found = fs::metadata(call.path("pages/jwtctl.1")).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, mode);
    }
}

#[test]
fn pages_are_ascii_so_that_every_troff_can_read_them() {
    let call = pages();
    call.leaves(0);
    for name in names(&call) {
        let page = fs::read(call.path(&format!("pages/{name}"))).unwrap();
        let line = page.split(|byte| *byte == b'\n').find(|line| !line.is_ascii());
        assert!(line.is_none(), "{name}: {}", String::from_utf8_lossy(line.unwrap_or_default()));
    }
}
