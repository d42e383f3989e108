//! An unknown `kid` makes jwtctl fetch the set again, past all caches, and then no process does so for 30 seconds. The
//! sender of a token must not be able to cause repeated requests.

use serde_json::Value;

use crate::harness::{CLAIMS, Call, text};
use crate::issuer_scene::{Scene, by, document, facts, now, public, said, scene, set, signed_as};
use crate::issuer_server::Reply;

const AGAIN: &str = "it was just fetched again, and does not have it either";

/// A call with a token by the key "z", which is not in the set.
fn unknown(scene: &Scene, flags: &[&str]) -> Call {
    let error = format!("the token's \"kid\" is \"z\", and {} has no such key", scene.keys());
    scene.verify(&by("z"), flags).error(&error)
}

/// Such a call when the set was fetched too recently to be fetched again; `N` is how many seconds ago.
#[track_caller]
fn not_again(scene: &Scene, flags: &[&str]) {
    let error = format!(
        "error: the token's \"kid\" is \"z\", and {} has no such key\n  it was fetched again N seconds ago; unknown keys cause a fetch at most every 30 seconds\nhint: it has \"a\"\n",
        scene.keys()
    );
    let call = scene.verify(&by("z"), flags);
    assert_eq!(said(&call), (String::new(), error, Some(4)));
    scene.asked(&[]);
}

#[test]
fn a_key_that_is_known_is_not_asked_for() {
    let scene = scene(&["a", "b"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    scene.verifies(&by("b"), &[]);
    scene.asked(&[]);
}

#[test]
fn an_unknown_kid_bypasses_all_caches_once() {
    let scene = scene(&["a", "b"]);
    unknown(&scene, &[]).evidence(AGAIN).hint(r#"it has "a", "b""#).code(4);
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
}

#[test]
fn an_unchanged_document_is_not_sent_again() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::of(set(&["a"])).with("ETag", "\"1\""));
    unknown(&scene, &[]).evidence(AGAIN).hint(r#"it has "a""#).code(4);
    scene.asked(&["/keys", "/keys cache-control: no-cache if-none-match: \"1\""]);
    // The same set under another tag is the same set.
    scene.server.answer("/keys", Reply::of(set(&["a"])).with("ETag", "W/\"2\""));
    scene.forge(&[("asked_again", Value::Null)]);
    unknown(&scene, &[]).evidence(AGAIN).hint(r#"it has "a""#).code(4);
    scene.asked(&["/keys cache-control: no-cache if-none-match: \"1\""]);
    assert_eq!(facts(&scene.entry())["etag"], "W/\"2\"");
}

#[test]
fn a_new_key_verifies_at_once() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.has(&["a", "z"]);
    scene.asked(&["/keys"]);
    scene.verifies(&by("z"), &[]);
    scene.asked(&["/keys cache-control: no-cache"]);
    // And for the next call.
    scene.verifies(&by("z"), &[]);
    scene.asked(&[]);
}

#[test]
fn a_withdrawn_key_verifies_nothing() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.has(&["z"]);
    scene.verifies(&by("z"), &[]);
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
    let error = format!("the token's \"kid\" is \"a\", and {} has no such key", scene.keys());
    let wanted = format!(
        "error: {error}\n  it was fetched again N seconds ago; unknown keys cause a fetch at most every 30 seconds\nhint: it has \"z\"\n"
    );
    assert_eq!(said(&scene.verify(&by("a"), &[])), (String::new(), wanted, Some(4)));
    scene.asked(&[]);
}

#[test]
fn no_process_fetches_again_within_30_seconds() {
    let scene = scene(&["a"]);
    unknown(&scene, &[]).evidence(AGAIN).hint(r#"it has "a""#).code(4);
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
    not_again(&scene, &[]);
    not_again(&scene, &[]);
    // Not even if the key is in the set by now: that is the price.
    scene.has(&["a", "z"]);
    not_again(&scene, &[]);
    scene.forge(&[("asked_again", (now() - 27).into())]);
    not_again(&scene, &[]);
    scene.forge(&[("asked_again", (now() - 30).into())]);
    scene.verifies(&by("z"), &[]);
    scene.asked(&["/keys cache-control: no-cache"]);
}

#[test]
fn a_clock_set_back_does_not_stop_fetching() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.has(&["z"]);
    scene.forge(&[("asked_again", (now() + 1000).into()), ("failed", (now() + 1000).into())]);
    scene.verifies(&by("z"), &[]);
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
}

#[test]
fn a_full_fetch_keeps_the_time_of_the_last_refetch() {
    let scene = scene(&["a"]);
    unknown(&scene, &[]).evidence(AGAIN).hint(r#"it has "a""#).code(4);
    scene.forge(&[("fresh_until", now().into())]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys", "/keys cache-control: no-cache", "/keys"]);
    not_again(&scene, &[]);
}

#[test]
fn without_a_cache_each_call_asks_once_more() {
    let scene = scene(&["a"]);
    for _ in 0..2 {
        unknown(&scene, &["--no-cache"]).evidence(AGAIN).hint(r#"it has "a""#).code(4);
        scene.asked(&["/keys", "/keys cache-control: no-cache"]);
    }
}

#[test]
fn offline_says_that_no_request_was_made() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    unknown(&scene, &["--offline"])
        .evidence("it was not fetched again: --offline makes no requests")
        .hint(r#"it has "a""#)
        .code(4);
    scene.asked(&[]);
}

#[test]
fn a_network_that_fails_then_is_said_beside_the_token() {
    let scene = scene(&["a"]);
    scene.server.then("/keys", Reply::status(503));
    let fetched = format!("cannot fetch {}: the server responded with status 503", scene.keys());
    let token = format!("the token's \"kid\" is \"z\", and {} has no such key", scene.keys());
    scene
        .verify(&by("z"), &[])
        .error(&fetched)
        .hint("try again later")
        .error(&token)
        .hint(r#"it has "a""#)
        .code(1);
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
    // It is not fetched again so soon, which is not a verdict on the token either.
    let wanted = format!(
        "error: cannot fetch {}: the last attempt, N seconds ago, failed\nhint: jwtctl tries again 30 seconds after a failure\nerror: {token}\nhint: it has \"a\"\n",
        scene.keys()
    );
    assert_eq!(said(&scene.verify(&by("z"), &[])), (String::new(), wanted, Some(1)));
    scene.asked(&[]);
    // The cached keys are used as before.
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
}

#[test]
fn what_is_refused_then_takes_nothing_away() {
    for useless in ["<html>", r#"{"keys":5}"#, r#"{"keys":[]}"#] {
        let scene = scene(&["a"]);
        scene.server.then("/keys", Reply::of(useless));
        // That is not a verdict on the caller's keys: the sender of the token caused it.
        unfit_for_an_unknown_key(&scene);
        scene.verifies(&by("a"), &[]);
        scene.asked(&["/keys", "/keys cache-control: no-cache"]);
    }
}

#[track_caller]
fn unfit_for_an_unknown_key(scene: &Scene) {
    scene
        .verify(&by("z"), &[])
        .error(&format!("cannot fetch {}: the response cannot be used", scene.keys()))
        .hint("try again later")
        .error(&format!("the token's \"kid\" is \"z\", and {} has no such key", scene.keys()))
        .hint(r#"it has "a""#)
        .code(1);
}

#[test]
fn a_token_without_a_kid_causes_no_request() {
    let scene = scene(&["a", "b"]);
    let header = r#"{"alg":"EdDSA"}"#;
    scene.verifies(&signed_as("b", header, CLAIMS), &[]);
    scene.asked(&["/keys"]);
    let token = signed_as("z", header, CLAIMS);
    let output = scene.verify(&token, &[]).output();
    assert_eq!(output.status.code(), Some(4));
    scene.asked(&[]);
}

#[test]
fn a_malformed_token_causes_no_request() {
    let scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
    for header in [r#"{"alg":"none","kid":"z"}"#, r#"{"alg":"EdDSA","kid":7}"#, r#"{"kid":"z"}"#] {
        let output = scene.verify(&signed_as("z", header, CLAIMS), &[]).output();
        assert_eq!(output.status.code(), Some(4), "{header}: {}", text(&output.stderr));
        assert_eq!(scene.server.asked(), [""; 0], "{header}");
    }
}

#[test]
fn a_set_of_keys_without_kid_tries_each() {
    let scene = scene(&["a"]);
    let nameless = public("a").replace(r#","kid":"a""#, "");
    scene.server.answer("/keys", Reply::of(format!("{{\"keys\":[{nameless}]}}")));
    unknown(&scene, &[]).evidence(AGAIN).hint("none of its keys has a kid").code(4);
    // A key that the token does not name is never tried, only mentioned.
    let error = format!("the token's \"kid\" is \"a\", and {} has no such key", scene.keys());
    scene
        .verify(&by("a"), &["--no-cache"])
        .error(&error)
        .evidence(AGAIN)
        .evidence(&format!("key 1 of {} matches the signature", scene.keys()))
        .evidence("none of its keys has a kid")
        .hint(
            "if it is the right key: jq '.keys[0] | del(.kid)' FILE | jwtctl verify --key - TOKEN",
        )
        .code(4);
}

#[test]
fn an_issuers_keys_rotate_alike() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let place = "/.well-known/openid-configuration";
    let document = document(&issuer, &scene.keys());
    scene.server.answer(place, Reply::of(document));
    let verify = |kid: &str| {
        let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#);
        let claims = format!(r#"{{"iss":"{issuer}","exp":1700001800}}"#);
        let token = signed_as(kid, &header, &claims);
        scene.call(&["verify", &token, "--oidc", &issuer, "--get", "exp"])
    };
    verify("a").stdout("1700001800\n").code(0);
    scene.has(&["z"]);
    verify("z").stdout("1700001800\n").code(0);
    // The document is not fetched again.
    scene.asked(&[place, "/keys", "/keys cache-control: no-cache"]);
}
