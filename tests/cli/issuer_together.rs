//! Several calls that need the same keys, and a server that fails: one call fetches, and no call waits without a limit.

use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{PRINTED, text};
use crate::issuer_scene::{Scene, by, now, scene, set};
use crate::issuer_server::Reply;

/// Runs this many calls at once, which must all exit with this code.
#[track_caller]
fn at_once(scene: &Scene, token: &str, code: i32) {
    let codes: Vec<_> = thread::scope(|scope| {
        let run = || scene.verify(token, &["--timeout", "30s"]).output().status.code();
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(codes, [Some(code); 4]);
}

#[test]
fn calls_at_once_are_one_fetch() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::of(set(&["a"])).late());
    at_once(&scene, &by("a"), 0);
    scene.asked(&["/keys"]);
}

#[test]
fn a_key_that_is_not_known_to_many_is_asked_for_by_one() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene.server.answer("/keys", Reply::of(set(&["z"])).late());
    at_once(&scene, &by("z"), 0);
    scene.asked(&["/keys cache-control: no-cache"]);
    let other = crate::issuer_scene::scene(&["a"]);
    other.server.answer("/keys", Reply::of(set(&["a"])).late());
    at_once(&other, &by("z"), 4);
    other.asked(&["/keys", "/keys cache-control: no-cache"]);
}

#[test]
fn a_stopped_process_does_not_stop_the_others() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene.forge(&[("fresh_until", 0.into())]);
    let held = File::options().write(true).open(scene.entry().with_extension("lock")).unwrap();
    held.lock().unwrap();
    let begin = Instant::now();
    scene.verifies(&by("a"), &["--timeout", "1s"]);
    assert!(begin.elapsed() >= Duration::from_millis(600), "it waits for most of its time");
    scene.asked(&["/keys"]);
}

#[test]
fn a_process_with_old_keys_fetches_after_waiting() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene.age(2 * 3600);
    let held = File::options().write(true).open(scene.entry().with_extension("lock")).unwrap();
    held.lock().unwrap();
    let begin = Instant::now();
    scene.verifies(&by("a"), &["--timeout", "2s"]);
    assert!(begin.elapsed() >= Duration::from_millis(1200), "it waits for most of its time");
    scene.asked(&["/keys"]);
    // A failed fetch is not waited for.
    scene.age(2 * 3600);
    scene.forge(&[("failed", now().into())]);
    let begin = Instant::now();
    scene.verify(&by("a"), &["-q"]).code(0);
    assert!(begin.elapsed() < Duration::from_secs(5), "the default is to wait for more");
    scene.asked(&[]);
}

/// The sender of a token must not be able to slow down a stream.
#[test]
fn only_one_unknown_kid_waits_for_a_stopped_process() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    let held = File::options().write(true).open(scene.entry().with_extension("lock")).unwrap();
    held.lock().unwrap();
    let begin = Instant::now();
    let keys = scene.keys();
    let args = ["verify", "--quiet", "--batch", "--jwks", &keys, "--timeout", "2s"];
    scene.call(&args).stdin(format!("{}\n", by("z")).repeat(20)).code(4);
    assert!(begin.elapsed() < Duration::from_secs(8), "one of them waits, for 1.5 s");
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
}

#[test]
fn a_call_that_fetches_nothing_waits_for_no_lock() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    let held = File::options().write(true).open(scene.entry().with_extension("lock")).unwrap();
    held.lock().unwrap();
    let begin = Instant::now();
    // Neither does a call with a fresh entry.
    for flags in [&["--offline"][..], &[], &["--no-cache"]] {
        scene.verifies(&by("a"), flags);
    }
    assert!(begin.elapsed() < Duration::from_secs(4), "the default is to wait for more");
}

#[test]
fn a_server_that_has_just_failed_is_not_asked_for_another_key() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.age(2 * 3600);
    scene.server.answer("/keys", Reply::silent());
    scene.asked(&["/keys"]);
    let begin = Instant::now();
    let output = scene.verify(&by("z"), &["--timeout", "1s"]).output();
    // The time limit is for the whole fetch.
    let took = begin.elapsed();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(took < Duration::from_millis(1900), "{took:?}");
    scene.asked(&["/keys"]);
}

#[test]
fn a_pause_between_two_tries_is_for_each_document_alone() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.age(2 * 3600);
    scene.server.answer("/keys", Reply::status(500));
    assert_eq!(scene.verify(&by("a"), &[]).output().status.code(), Some(0));
    scene.server.answer("/other", Reply::of(set(&["b"])));
    let other = scene.url("/other");
    scene.call(&["verify", &by("b"), "--jwks", &other]).stdout(PRINTED).code(0);
    scene.asked(&["/keys", "/keys", "/other"]);
}
