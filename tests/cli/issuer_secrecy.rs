//! A URL may contain secrets, which are not repeated. What a server sends reaches a terminal only in escaped form.

use crate::harness::{Call, jwtctl, text};
use crate::issuer_scene::{Scene, by, document, public, scene, set, signed_as};
use crate::issuer_server::Reply;

const OPENID: &str = "/.well-known/openid-configuration";

/// A token in place of a path.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.AAAAAAAAAAAAAAAA";

/// Both streams of a call, which must exit with this code.
#[track_caller]
fn all(call: &Call, code: i32) -> String {
    let output = call.output();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// Runs calls of every outcome with this URL; none may print these words.
#[track_caller]
fn is_not_said(scene: &Scene, path: &str, words: &[&str]) {
    let url = scene.url(path);
    let call = |token: &str, flags: &[&str]| {
        scene.call(&[&["verify", token, "--jwks", &url], flags].concat())
    };
    let mut said = Vec::new();
    let mut run = |reply: Reply, token: &str, code: i32| {
        scene.server.answer(path, reply);
        for flags in [&["--no-cache"][..], &["--no-cache", "--json"]] {
            said.push(all(&call(token, flags), code));
        }
    };
    run(Reply::of(set(&["a"])), &by("a"), 0);
    run(Reply::of(set(&["a"])), &by("z"), 4);
    run(Reply::of(set(&["a"])), &signed_as("z", r#"{"alg":"EdDSA","kid":"a"}"#, "{}"), 4);
    run(Reply::of("<html>"), &by("a"), 7);
    run(Reply::of(r#"{"keys":[]}"#), &by("a"), 7);
    run(Reply::status(404), &by("a"), 1);
    run(Reply::of(set(&["a"])).cut(), &by("a"), 1);
    run(Reply::to("ftp://127.0.0.1/x"), &by("a"), 1);
    run(Reply::to(&url), &by("a"), 1);
    said.push(all(&call(&by("a"), &["--offline"]), 1));
    let show = jwtctl(&["key", "show", "--jwks", &url]);
    said.push(all(&scene.homed(show), 1));
    // In place of a file name.
    said.push(all(&jwtctl(&["key", "set", &url]), 7));
    said.push(all(&scene.call(&["verify", &by("a"), "--key", &url]), 7));
    said.push(all(&scene.call(&["encode", "{}", "--jwks", &url]), 7));
    let batch = scene.call(&["verify", "--batch", "--jwks", &url]).stdin("junk\n");
    said.push(all(&batch, 1));
    for said in said {
        assert!(!words.iter().any(|word| said.contains(word)), "{said}");
    }
}

#[test]
fn the_query_of_a_url_is_not_repeated() {
    is_not_said(&scene(&["a"]), "/keys?code=hunter2", &["hunter2", "code="]);
}

#[test]
fn a_token_in_a_url_path_is_not_repeated() {
    is_not_said(&scene(&["a"]), &format!("/{TOKEN}/keys"), &["eyJ", "AAAAAAAA"]);
}

#[test]
fn a_warning_of_old_keys_does_not_repeat_a_secret_url() {
    let mut scene = scene(&["a"]);
    let path = "/keys?code=hunter2";
    scene.server.answer(path, Reply::of(set(&["a"])));
    let url = scene.url(path);
    let call = || scene.call(&["verify", &by("a"), "--jwks", &url]);
    assert!(!all(&call(), 0).contains("hunter2"));
    scene.age(2 * 3600);
    scene.server.stop();
    let call = scene.call(&["verify", &by("a"), "--jwks", &url]);
    let said = all(&call, 0);
    assert!(said.contains("so the copy fetched 2 hours ago is used") && !said.contains("hunter2"));
}

#[test]
fn the_query_of_a_redirect_is_not_repeated() {
    // Servers redirect to another scheme or host, and keep the query.
    let scene = scene(&["a"]);
    let path = "/keys?code=hunter2";
    let url = scene.url(path);
    for to in [
        "http://a.example/keys?code=hunter2",
        "ftp://127.0.0.1/keys?code=hunter2",
        "http://user:hunter2@127.0.0.1/keys",
    ] {
        scene.server.answer(path, Reply::to(to));
        let said = all(&scene.call(&["verify", &by("a"), "--jwks", &url]), 1);
        assert!(said.contains("it redirects to ") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn an_issuers_url_that_holds_a_token_is_not_said() {
    let scene = scene(&["a"]);
    let issuer = scene.url(&format!("/{TOKEN}"));
    let place = format!("/{TOKEN}{OPENID}");
    let call = || scene.call(&["verify", &by("a"), "--oidc", &issuer, "--no-cache"]);
    for (reply, code) in [
        (Reply::status(404), 1),
        (Reply::of("<html>"), 7),
        (Reply::of(document("https://b.example", "x")), 7),
        (Reply::of(document(&format!("{issuer}/"), "x")), 7),
        (Reply::of(document(&issuer, "http://a.example/?hunter2")), 7),
        // The token has another issuer, and the error shows the expected one.
        (Reply::of(document(&issuer, &scene.keys())), 6),
    ] {
        scene.server.answer(&place, reply);
        let said = all(&call(), code);
        assert!(!said.contains("eyJ") && !said.contains("AAAAAAAA"), "{said}");
    }
    let url = scene.url(&place);
    let said = all(&scene.call(&["verify", &by("a"), "--oidc", &url]), 2);
    assert!(!said.contains("eyJ") && !said.contains("AAAAAAAA"), "{said}");
}

#[test]
fn nothing_is_sent_that_was_not_asked_for() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys?code=hunter2", Reply::to("/keys"));
    let url = scene.url("/keys?code=hunter2");
    let call = scene.call(&["verify", &by("z"), "--jwks", &url, "--no-cache"]);
    assert_eq!(call.output().status.code(), Some(4));
    // No referrer, no cookie, no credentials, and nothing of the token.
    let again = " cache-control: no-cache";
    let (first, second) = (format!("/keys?code=hunter2{again}"), format!("/keys{again}"));
    scene.asked(&["/keys?code=hunter2", "/keys", &first, &second]);
}

/// Runs calls whose output must not control a terminal.
#[track_caller]
fn is_harmless(call: &Call, code: i32) {
    let said = text(&call.output().stderr);
    assert!(!said.is_empty(), "it has something to say");
    let is_raw = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{9b}".contains(c);
    assert!(!said.contains(is_raw), "{said:?}");
    assert_eq!(call.output().status.code(), Some(code), "{said}");
}

#[test]
fn what_a_server_sends_does_not_steer_a_terminal() {
    let scene = scene(&["a"]);
    let verify = |token: &str| scene.verify(token, &["--no-cache"]);
    // The text of a page.
    scene.server.answer("/keys", Reply::of("\u{1b}[31m\u{202e}<html>\u{7}"));
    is_harmless(&verify(&by("a")), 7);
    scene.server.answer("/keys", Reply::status(500));
    is_harmless(&verify(&by("a")), 1);
    // The name of a key.
    let key = public("a").replace(r#""kid":"a""#, r#""kid":"\u001b[31m\u202e\u009b""#);
    scene.server.answer("/keys", Reply::of(format!("{{\"keys\":[{key}]}}")));
    is_harmless(&verify(&by("z")), 4);
    let useless = key.replace("Ed25519", "X\u{1b}[31m\u{202e}");
    scene.server.answer("/keys", Reply::of(format!("{{\"keys\":[{useless}]}}")));
    is_harmless(&verify(&by("a")), 7);
    // Where a redirect leads.
    for to in ["ftp://a/\u{9b}31m\u{202e}", "ftp://a/%1b", "a\tb", "\u{202e}"] {
        scene.server.answer("/keys", Reply::to(to));
        is_harmless(&verify(&by("a")), 1);
    }
}

#[test]
fn what_an_issuer_says_does_not_steer_a_terminal() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let steer = "\\u001b[31m\\u202e\\u009b";
    for document in [
        document(steer, &scene.keys()),
        document(&issuer, steer),
        document(&issuer, &format!("ftp://a/{steer}")),
        format!("{{\"issuer\":\"{issuer}\",\"jwks_uri\":[\"{steer}\"]}}"),
        format!("{{\"{steer}\":1,\"{steer}\":2}}"),
        "\u{1b}[31m\u{202e}".to_owned(),
    ] {
        scene.server.answer(OPENID, Reply::of(document));
        is_harmless(&scene.call(&["verify", &by("a"), "--oidc", &issuer]), 7);
    }
}

#[test]
fn an_invalid_status_line_is_an_http_error() {
    // The body of an error response is not repeated.
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::status(200).with("X\u{1b}[31m", "\u{1b}[31m"));
    is_harmless(&scene.verify(&by("a"), &[]), 1);
}
