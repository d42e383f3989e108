//! What is cached, for how long, and where: as the server says, at most for a day.

use std::fs;

use serde_json::Value;

use crate::harness::{PRINTED, clocked, key};
use crate::issuer_scene::{Scene, by, document, facts, forge, is_document, now, said, scene, set};
use crate::issuer_server::Reply;

/// A scene whose set comes with these words on how long it may be kept, and that was asked for once.
fn told(headers: &[(&str, &str)]) -> Scene {
    let scene = scene(&["a"]);
    let reply = Reply::of(set(&["a"]));
    let reply = headers.iter().fold(reply, |reply, (name, value)| reply.with(name, value));
    scene.server.answer("/keys", reply);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene
}

/// For how many seconds the document need not be asked for.
fn fresh_for(scene: &Scene) -> i64 {
    let facts = facts(&scene.entry());
    facts["fresh_until"].as_i64().unwrap() - facts["fetched"].as_i64().unwrap()
}

#[test]
fn a_fetched_document_is_used_for_an_hour() {
    let scene = told(&[]);
    assert_eq!(fresh_for(&scene), 3600);
    scene.verifies(&by("a"), &[]);
    scene.age(3590);
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
    scene.age(3600);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
}

#[test]
fn the_server_decides_how_long_a_document_is_fresh() {
    for (headers, seconds) in [
        (&[("Cache-Control", "public, max-age=600")][..], 600),
        (&[("Cache-Control", "max-age=600"), ("Age", "100")], 500),
        (&[("Cache-Control", "max-age=600"), ("Cache-Control", "public, max-age=600")], 600),
        // If two differ, neither is trusted.
        (&[("Cache-Control", "max-age=600"), ("Cache-Control", "max-age=60")], 0),
        (&[("Cache-Control", "max-age=99999999999999999999")], 86400),
        (&[("Cache-Control", "max-age=\"600\"")], 600),
        (&[("Cache-Control", "foo=\"a, max-age=0\", max-age=600")], 600),
        (&[("Cache-Control", "x=\u{e4}, max-age=600")], 600),
        (&[("Cache-Control", "max-age=31536000, immutable")], 86400),
        (&[("Cache-Control", "private")], 3600),
        (&[("Cache-Control", "max-age=junk")], 0),
        (&[("Cache-Control", "max-age=600"), ("Age", "700")], 0),
        (&[("Cache-Control", "max-age=600"), ("Age", "junk")], 600),
        (&[("Cache-Control", "max-age=600"), ("Age", "100, 599")], 500),
        (&[("Cache-Control", "max-age=600"), ("Age", "100"), ("Age", "599")], 500),
        (&[("Cache-Control", "max-age=600"), ("Age", "99999999999999999999")], 0),
        (&[("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")], 0),
        (&[("Expires", "0")], 0),
        (&[("Expires", "0"), ("Cache-Control", "max-age=600")], 600),
        (
            &[
                ("Expires", "Sun, 06 Nov 1994 08:59:37 GMT"),
                ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ],
            600,
        ),
    ] {
        assert_eq!(fresh_for(&told(headers)), seconds, "{headers:?}");
    }
}

#[test]
fn a_document_that_must_not_be_kept_is_not() {
    let scene = told(&[("Cache-Control", "no-store, max-age=600")]);
    assert!(scene.kept().is_empty());
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    // The entry from before is deleted.
    let scene = told(&[("Cache-Control", "max-age=0")]);
    assert_eq!(scene.kept().len(), 1);
    scene.server.answer("/keys", Reply::of(set(&["a"])).with("Cache-Control", "no-store"));
    scene.verifies(&by("a"), &[]);
    assert!(scene.kept().is_empty());
}

#[test]
fn a_no_cache_document_is_revalidated_each_time() {
    for said in ["no-cache", "max-age=0", "no-cache, max-age=600"] {
        let scene = told(&[("Cache-Control", said), ("ETag", "\"1\"")]);
        for _ in 0..2 {
            scene.verifies(&by("a"), &[]);
            scene.asked(&["/keys if-none-match: \"1\""]);
        }
        // Another set with another tag replaces it.
        scene.server.answer("/keys", Reply::of(set(&["b"])).with("ETag", "\"2\""));
        scene.verifies(&by("b"), &[]);
        scene.asked(&["/keys if-none-match: \"1\""]);
    }
}

#[test]
fn a_revalidated_document_is_fresh_again() {
    let scene = told(&[("ETag", "\"1\"")]);
    scene.age(4000);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys if-none-match: \"1\""]);
    assert_eq!(fresh_for(&scene), 3600);
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
}

#[test]
fn an_etag_that_is_no_header_any_more_is_not_sent() {
    let scene = told(&[("ETag", "\"1\"")]);
    scene.age(4000);
    scene.forge(&[("etag", Value::Null)]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
}

/// The warning that old keys are used because newer ones cannot be fetched.
fn stale(scene: &Scene, age: &str, why: &str) -> (String, String, Option<i32>) {
    let (keys, until) = (scene.keys(), scene.until());
    let warning = format!(
        "warning: {keys} has expired, so the copy fetched {age} ago is used: {why}\nhint: it is used until {until}\n"
    );
    (PRINTED.to_owned(), warning, Some(0))
}

#[test]
fn old_keys_serve_while_the_server_is_away() {
    let mut scene = told(&[]);
    scene.age(2 * 3600);
    scene.server.stop();
    let call = || scene.verify(&by("a"), &[]);
    assert_eq!(said(&call()), stale(&scene, "2 hours", "Connection refused"));
    // It is not fetched again so soon, but warned of again.
    let lately = "the last attempt, N seconds ago, failed";
    assert_eq!(said(&call()), stale(&scene, "2 hours", lately));
    scene.forge(&[("failed", (now() - 30).into())]);
    assert_eq!(said(&call()), stale(&scene, "2 hours", "Connection refused"));
    // A quiet call does not warn.
    scene.verify(&by("a"), &["-q"]).code(0);
}

#[test]
fn old_keys_are_used_while_the_server_errs() {
    let scene = told(&[]);
    for (reply, why) in [
        (Reply::status(500), "the server responded with status 500"),
        (Reply::status(403), "the server responded with status 403"),
        (Reply::of("<html>"), "the response cannot be used"),
        (Reply::to("http://10.0.0.1/"), "it redirects to \"http://10.0.0.1/\": http is not secure"),
    ] {
        scene.server.answer("/keys", reply);
        scene.age(2 * 3600);
        scene.forge(&[("failed", Value::Null)]);
        assert_eq!(said(&scene.verify(&by("a"), &[])), stale(&scene, "2 hours", why));
        scene.asked(&["/keys"]);
        assert_eq!(scene.verify(&by("a"), &[]).output().status.code(), Some(0));
        scene.asked(&[]);
    }
    // When the server is back, it is asked after 30 seconds.
    scene.has(&["b"]);
    scene.forge(&[("failed", (now() - 30).into())]);
    scene.verifies(&by("b"), &[]);
    scene.asked(&["/keys"]);
}

#[test]
fn old_keys_are_used_for_one_day_only() {
    let mut scene = told(&[]);
    scene.server.stop();
    scene.age(25 * 3600 - 10);
    assert_eq!(said(&scene.verify(&by("a"), &[])), stale(&scene, "1 day", "Connection refused"));
    scene.age(25 * 3600);
    let error = format!("cannot fetch {}: Connection refused", scene.keys());
    scene
        .verify(&by("a"), &[])
        .error(&error)
        .hint("is the host name right, and is the network up? HTTPS_PROXY sets a proxy")
        .code(1);
}

#[test]
fn a_304_to_a_request_without_an_etag_is_an_error() {
    let scene = told(&[]);
    scene.age(2 * 3600);
    scene.server.answer("/keys", Reply::status(304));
    let wanted = stale(&scene, "2 hours", "the server responded with status 304");
    assert_eq!(said(&scene.verify(&by("a"), &[])), wanted);
    scene.asked(&["/keys"]);
}

#[test]
fn a_document_from_the_future_is_asked_for_anew() {
    let scene = told(&[]);
    scene.forge(&[("fetched", (now() + 1000).into()), ("fresh_until", (now() + 9000).into())]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    assert!(facts(&scene.entry())["fetched"].as_i64().unwrap() <= now());
}

#[test]
fn keys_that_the_server_has_withdrawn_are_not_used() {
    for (reply, code) in
        [(Reply::of(r#"{"keys":[]}"#), 7), (Reply::status(404), 1), (Reply::status(410), 1)]
    {
        let scene = told(&[]);
        scene.age(2 * 3600);
        scene.server.answer("/keys", reply);
        assert_eq!(scene.verify(&by("a"), &[]).output().status.code(), Some(code));
        assert!(scene.kept().is_empty());
    }
}

#[test]
fn without_a_cache_nothing_is_read_and_nothing_written() {
    let scene = scene(&["a"]);
    for _ in 0..2 {
        scene.verifies(&by("a"), &["--no-cache"]);
        scene.asked(&["/keys"]);
        assert!(!scene.cache().exists());
    }
    scene.verifies(&by("a"), &[]);
    let before = fs::read(scene.entry()).unwrap();
    scene.asked(&["/keys"]);
    scene.has(&["b"]);
    scene.verifies(&by("b"), &["--no-cache"]);
    scene.asked(&["/keys"]);
    assert_eq!(fs::read(scene.entry()).unwrap(), before);
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
}

#[test]
fn offline_takes_what_is_kept() {
    let scene = scene(&["a"]);
    let nothing =
        format!("cannot fetch {}: it is not cached, and --offline makes no requests", scene.keys());
    let hint = "run it once without --offline, or name a file: --jwks PATH";
    scene.verify(&by("a"), &["--offline"]).error(&nothing).hint(hint).code(1);
    assert!(!scene.cache().exists());
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene.verifies(&by("a"), &["--offline"]);
    scene.age(2 * 3600);
    let why = "its cached copy is 2 hours old, and --offline makes no requests";
    assert_eq!(said(&scene.verify(&by("a"), &["--offline"])), stale(&scene, "2 hours", why));
    scene.age(25 * 3600);
    let old = format!(
        "cannot fetch {}: its cached copy is 1 day 1 hour old, and --offline makes no requests",
        scene.keys()
    );
    scene.verify(&by("a"), &["--offline"]).error(&old).hint(hint).code(1);
    scene.asked(&[]);
}

#[test]
fn offline_without_a_place_for_a_cache_says_so() {
    let scene = scene(&["a"]);
    let call = clocked(&["verify", &by("a"), "--jwks", &scene.keys(), "--offline"]);
    let why = "the cache needs HOME, or both XDG_CACHE_HOME and XDG_STATE_HOME, and --offline makes no requests";
    let error = format!("cannot fetch {}: {why}", scene.keys());
    let hint = "set HOME, or name a file: --jwks PATH";
    call.error(&error).hint(hint).code(1);
    for (name, value) in
        [("XDG_CACHE_HOME", "/tmp"), ("XDG_STATE_HOME", "/tmp"), ("HOME", "relative"), ("HOME", "")]
    {
        let call = clocked(&["verify", &by("a"), "--jwks", &scene.keys(), "--offline"]);
        call.env(name, value).error(&error).hint(hint).code(1);
    }
    scene.asked(&[]);
}

#[test]
fn an_issuers_two_documents_are_kept_apart() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let place = "/.well-known/openid-configuration";
    scene.server.answer(place, Reply::of(document(&issuer, &scene.keys())));
    let call =
        || scene.call(&["verify", &by("a"), "--oidc", &issuer, "--get", "exp", "--iss", "x"]);
    assert_eq!(call().output().status.code(), Some(6));
    scene.asked(&[place, "/keys"]);
    assert_eq!(scene.kept().len(), 2);
    // The set is the same document when its own URL is given.
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
    let set = scene.kept().into_iter().find(|entry| !is_document(entry)).unwrap();
    forge(&set, &[("fresh_until", now().into())]);
    assert_eq!(call().output().status.code(), Some(6));
    scene.asked(&["/keys"]);
    let document = scene.kept().into_iter().find(|entry| *entry != set).unwrap();
    forge(&document, &[("fresh_until", now().into())]);
    assert_eq!(call().output().status.code(), Some(6));
    scene.asked(&[place]);
}

#[test]
fn what_other_certificates_vouched_for_is_not_taken() {
    let scene = scene(&["a"]);
    let call = |flags: &[&str]| {
        let call = scene.verify(&by("a"), flags).file("ca.pem", key("p256.certificate.pem"));
        call.file("same.pem", key("p256.certificate-and-private.pem")).stdout(PRINTED)
    };
    let [some, other] = ["some.pem", "other.pem"].map(|name| {
        let path = scene.folder.path().join(name);
        fs::write(&path, key("p256.certificate.pem")).unwrap();
        path.to_str().unwrap().to_owned()
    });
    call(&[]).code(0);
    scene.asked(&["/keys"]);
    call(&["--ca-file", "ca.pem"]).code(0);
    scene.asked(&["/keys"]);
    call(&[]).env("SSL_CERT_FILE", &some).code(0);
    call(&[]).env("SSL_CERT_FILE", &other).code(0);
    let folder = scene.folder.path().join("certificates");
    fs::create_dir(&folder).unwrap();
    fs::copy(&some, folder.join("some.pem")).unwrap();
    call(&[]).env("SSL_CERT_DIR", folder.to_str().unwrap()).code(0);
    scene.asked(&["/keys"; 3]);
    assert_eq!(scene.kept().len(), 5);
    // A changed file has other certificates.
    fs::write(&other, key("p256.certificate-and-private.pem")).unwrap();
    call(&[]).env("SSL_CERT_FILE", &other).code(0);
    scene.asked(&["/keys"]);
    // The same certificates in another file are the same, and the variables are ignored.
    call(&["--ca-file", "same.pem"]).code(0);
    call(&["--ca-file", "ca.pem"]).env("SSL_CERT_FILE", &some).code(0);
    call(&[]).env("SSL_CERT_FILE", &some).code(0);
    call(&[]).code(0);
    scene.asked(&[]);
}
