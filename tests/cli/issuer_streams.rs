//! Streams with keys by URL: one fetch for all lines, and another for an unknown `kid`, whose result is used for the
//! following lines.

use std::process::Output;
use std::time::Duration;
use std::{fs, thread};

use crate::harness::{Call, jwks, text};
use crate::issuer_scene::{Scene, by, public, scene, set, signed_as, steady};
use crate::issuer_server::Reply;
use crate::streams::{GOOD, lines, refused, valid, with_key};

const AGAIN: &str = "/keys cache-control: no-cache";

/// A token by this key that names it.
fn of(kid: &str) -> String {
    signed_as(kid, &format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#), GOOD)
}

/// The row of a token by this key, which has this place in the set.
fn row(line: u64, kid: &str, number: u64) -> String {
    with_key(&valid(line, GOOD), &format!(r#"{{"kid":"{kid}","number":{number}}}"#))
}

/// A stream of these tokens against the set.
fn stream(scene: &Scene, flags: &[&str], tokens: &[String]) -> Call {
    let call = scene.call(&[&["verify", "--batch", "--jwks", &scene.keys()], flags].concat());
    call.stdin(lines(tokens))
}

/// The problem of an unknown `kid`.
fn unknown(scene: &Scene, kid: &str, how: &str, known: &str) -> String {
    format!(
        r#"{{"code":"kid-unknown","message":"the token's \"kid\" is \"{kid}\", and {} has no such key","hint":"it has {known}","evidence":["{how}"],"claim":"kid","expected":["a"],"actual":"{kid}"}}"#,
        scene.keys()
    )
}

#[test]
fn a_thousand_tokens_are_one_fetch() {
    let scene = scene(&["a", "b"]);
    let tokens: Vec<_> = (0..1000).map(|n| of(if n % 2 == 0 { "a" } else { "b" })).collect();
    let rows: String = (0..1000)
        .map(|n| if n % 2 == 0 { row(n + 1, "a", 1) } else { row(n + 1, "b", 2) })
        .collect();
    for threads in ["1", "2"] {
        stream(&scene, &["--threads", threads, "--no-cache"], &tokens)
            .stdout(&rows)
            .summary("1000 lines: 1000 valid")
            .code(0);
        scene.asked(&["/keys"]);
    }
}

#[test]
fn a_key_that_is_not_known_in_the_middle_is_one_fetch_more() {
    for threads in ["1", "2"] {
        let scene = scene(&["a"]);
        scene.server.then("/keys", Reply::of(set(&["a", "z"])));
        let tokens: Vec<_> = (0..1000).map(|n| of(if n == 500 { "z" } else { "a" })).collect();
        let rows: String = (0..1000)
            .map(|n| if n == 500 { row(n + 1, "z", 2) } else { row(n + 1, "a", 1) })
            .collect();
        stream(&scene, &["--threads", threads], &tokens)
            .stdout(rows)
            .summary("1000 lines: 1000 valid")
            .code(0);
        scene.asked(&["/keys", AGAIN]);
        // It is cached for the next call.
        let call = stream(&scene, &[], &tokens[500..501]);
        call.stdout(row(1, "z", 2)).summary("1 line: 1 valid").code(0);
        scene.asked(&[]);
    }
}

#[test]
fn threads_that_wait_for_the_same_key_all_get_it() {
    let scene = scene(&["a"]);
    scene.server.then("/keys", Reply::of(set(&["z"])).late());
    let tokens = vec![of("z"); 1000];
    let rows: String = (1..=1000).map(|n| row(n, "z", 1)).collect();
    stream(&scene, &["--threads", "2"], &tokens)
        .stdout(rows)
        .summary("1000 lines: 1000 valid")
        .code(0);
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn unknown_kids_cannot_cause_repeated_requests() {
    for threads in ["1", "2"] {
        let scene = scene(&["a"]);
        let names: Vec<_> = (0..500).map(|n| format!("z{n}")).collect();
        let tokens: Vec<_> = names.iter().map(|name| of(name)).collect();
        let call = stream(&scene, &["--threads", threads, "--no-cache", "--tokens"], &tokens);
        call.summary("500 lines: 500 invalid (500 kid-unknown)").code(4);
        scene.asked(&["/keys", AGAIN]);
    }
}

#[test]
fn each_row_says_whether_it_was_asked_for() {
    let scene = scene(&["a"]);
    let tokens = ["a", "y", "z", "a"].map(of);
    let again = "it was just fetched again, and does not have it either";
    let lately =
        "it was fetched again N seconds ago; unknown keys cause a fetch at most every 30 seconds";
    let wanted = [
        row(1, "a", 1),
        refused(2, "invalid", &unknown(&scene, "y", again, "\\\"a\\\"")),
        refused(3, "invalid", &unknown(&scene, "z", lately, "\\\"a\\\"")),
        row(4, "a", 1),
    ];
    let output = stream(&scene, &["--threads", "1"], &tokens).output();
    assert_eq!(steady(&text(&output.stdout)), wanted.concat());
    assert_eq!(text(&output.stderr), "summary: 4 lines: 2 valid, 2 invalid (2 kid-unknown)\n");
    assert_eq!(output.status.code(), Some(4));
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn keys_may_rotate_while_a_stream_is_read() {
    let scene = scene(&["a"]);
    scene.server.then("/keys", Reply::of(set(&["z"])));
    let tokens = [of("a"), of("z"), of("z"), of("a")];
    let call = stream(&scene, &["--threads", "1", "--tokens"], &tokens);
    // The last token is by a withdrawn key.
    call.stdout(lines(&tokens[..3])).summary("4 lines: 3 valid, 1 invalid (1 kid-unknown)").code(4);
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn keys_may_rotate_while_a_stream_is_fed() {
    let scene = scene(&["a"]);
    scene.server.then("/keys", Reply::of(set(&["a", "z"])));
    let call = stream(&scene, &["--threads", "2"], &[])
        .file("first", lines(&[of("a")]))
        .file("second", lines(&[of("z"), of("a")]));
    // The second part is sent when the rows of the first are there.
    let script = "{ cat first; n=0; until [ -s rows ] || [ $n = 200 ]; do sleep 0.05; n=$((n+1)); done; cat second; } | \"$@\" > rows";
    let output = call.in_shell(script);
    assert_eq!(text(&output.stderr), "summary: 3 lines: 3 valid\n");
    assert_eq!(output.status.code(), Some(0));
    let rows = [row(1, "a", 1), row(2, "z", 2), row(3, "a", 1)].concat();
    assert_eq!(fs::read_to_string(call.path("rows")).unwrap(), rows);
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn a_token_that_was_verified_is_refused_once_its_key_is_withdrawn() {
    for threads in ["1", "2"] {
        // The second set has another key in its place, or none.
        for replaced in [true, false] {
            let scene = scene(&["a", "b"]);
            let other = public("b").replace("\"kid\":\"b\"", "\"kid\":\"a\"");
            let newer = if replaced { jwks(&[public("z"), other]) } else { set(&["z"]) };
            scene.server.then("/keys", Reply::of(newer));
            // So few bytes at a time that one read gets them, and one thread.
            let first = lines(&vec![of("a"); 20]);
            let second = format!("{}\n{first}", of("z"));
            assert!(second.len() <= 4096);
            let call = stream(&scene, &["--threads", threads, "--tokens"], &[])
                .file("first", first)
                .file("second", second);
            let output = fed(&call, || ());
            assert_eq!(fs::read_to_string(call.path("rows")).unwrap().lines().count(), 21);
            let code = if replaced { "bad-signature" } else { "kid-unknown" };
            let summary = format!("summary: 41 lines: 21 valid, 20 invalid (20 {code})\n");
            assert_eq!(text(&output.stderr), summary, "{threads} {replaced}");
            assert_eq!(output.status.code(), Some(4));
            scene.asked(&["/keys", AGAIN]);
        }
    }
}

/// A script that sends a call its first lines, and the others when there is a file `go`.
const FED: &str = "{ cat first; n=0; until [ -e go ] || [ $n = 200 ]; do sleep 0.05; n=$((n+1)); done; cat second; } | \"$@\" > rows";

/// Runs a call with that script, and does something in between.
fn fed(call: &Call, between: impl FnOnce()) -> Output {
    thread::scope(|scope| {
        let shell = scope.spawn(|| call.in_shell(FED));
        for _ in 0..200 {
            if fs::metadata(call.path("rows")).is_ok_and(|rows| rows.len() > 0) {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        between();
        fs::write(call.path("go"), "").unwrap();
        shell.join().unwrap()
    })
}

#[test]
fn a_stream_uses_keys_that_another_process_has_fetched() {
    let scene = scene(&["a"]);
    let call =
        stream(&scene, &[], &[]).file("first", lines(&[of("a")])).file("second", lines(&[of("z")]));
    let output = fed(&call, || {
        scene.has(&["z"]);
        scene.verify(&by("z"), &["-q"]).code(0);
        scene.asked(&["/keys", AGAIN]);
        // As if it had been fetched without an unknown `kid`.
        scene.forge(&[("asked_again", serde_json::Value::Null)]);
    });
    assert_eq!(text(&output.stderr), "summary: 2 lines: 2 valid\n");
    scene.asked(&[]);
}

#[test]
fn a_connection_that_the_server_closed_is_replaced() {
    // Servers close what is idle, and a stream may be idle for long.
    let scene = scene(&[]);
    scene.server.answer("/keys", Reply::of(set(&["a"])).unsaid());
    scene.server.then("/keys", Reply::of(set(&["z"])).unsaid());
    let call =
        stream(&scene, &[], &[]).file("first", lines(&[of("a")])).file("second", lines(&[of("z")]));
    let output = fed(&call, || ());
    assert_eq!(text(&output.stderr), "summary: 2 lines: 2 valid\n");
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn a_failed_refetch_affects_only_its_row() {
    let scene = scene(&["a"]);
    scene.server.then("/keys", Reply::status(503));
    let tokens = ["a", "z", "a", "y"].map(of);
    let output = stream(&scene, &["--threads", "1", "--json"], &tokens).output();
    let rows = text(&output.stdout);
    let statuses: Vec<_> = rows
        .lines()
        .map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap()["exit_code"].clone())
        .collect();
    assert_eq!(statuses, [0, 1, 0, 1], "{rows}");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    scene.asked(&["/keys", AGAIN]);
}

#[test]
fn a_set_that_cannot_be_fetched_is_reported_once_before_any_line() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::status(500));
    let error = format!("cannot fetch {}: the server responded with status 500", scene.keys());
    let call = scene.call(&["verify", "--batch", "--jwks", &scene.keys()]).stdin("junk\njunk\n");
    call.error(&error).hint("try again later").code(1);
    scene.asked(&["/keys"]);
}

#[test]
fn old_keys_are_warned_of_once() {
    let mut scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    for threads in ["1", "2"] {
        scene.age(2 * 3600);
        scene.forge(&[("failed", serde_json::Value::Null)]);
        scene.server.stop();
        let tokens = vec![of("a"); 500];
        let rows: String = (1..=500).map(|n| row(n, "a", 1)).collect();
        let warning = format!(
            "{} has expired, so the copy fetched 2 hours ago is used: Connection refused",
            scene.keys()
        );
        stream(&scene, &["--threads", threads], &tokens)
            .stdout(rows)
            .warning(&warning)
            .hint(&format!("it is used until {}", scene.until()))
            .summary("500 lines: 500 valid")
            .code(0);
    }
}
