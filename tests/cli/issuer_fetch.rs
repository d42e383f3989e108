//! What a server may return for a key set: statuses, redirects, nothing, too much, or something else. A failing server or
//! network is 1; a document that cannot be used is 7.

use std::time::{Duration, Instant};

use crate::harness::{CLAIMS, Call, P256, jwk, jwks};
use crate::issuer_scene::{Scene, by, public, scene, set, signed_as};
use crate::issuer_server::Reply;

const YOURSELF: &str =
    "does it need credentials? Fetch it yourself: curl … | jwtctl verify --jwks - TOKEN";
const NETWORK: &str = "is the host name right, and is the network up? HTTPS_PROXY sets a proxy";
const REDIRECT: &str = "pass the URL that it finally redirects to";
const WAIT: &str = "to wait longer: --timeout 30s";
const IS_IT: &str = "is it the URL of a JWK Set? An issuer is named with --oidc ISSUER";
const PUBLISHES: &str =
    "is it where the issuer publishes the keys that its tokens are signed with?";

/// A set that cannot be fetched, and is not cached.
#[track_caller]
fn not_fetched(scene: &Scene, why: &str, hint: &str) {
    let call = scene.verify(&by("a"), &["--timeout", "1s"]);
    call.error(&format!("cannot fetch {}: {why}", scene.keys())).hint(hint).code(1);
    assert!(scene.kept().is_empty());
}

/// Documents that are not a set.
#[track_caller]
fn no_set(reply: Reply, said: impl Fn(Call, &str) -> Call) {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", reply);
    said(scene.verify(&by("a"), &[]), &scene.keys()).code(7);
    scene.asked(&["/keys"]);
    assert!(scene.kept().is_empty(), "what is refused is not kept");
}

#[test]
fn a_status_other_than_200_is_named() {
    let scene = scene(&["a"]);
    for (status, hint) in [
        (404, IS_IT),
        (400, IS_IT),
        (204, IS_IT),
        // There was nothing in the cache to revalidate.
        (304, IS_IT),
        (401, YOURSELF),
        (403, YOURSELF),
        (429, "try again later"),
        (500, "try again later"),
        (503, "try again later"),
    ] {
        scene.server.answer("/keys", Reply::status(status));
        not_fetched(&scene, &format!("the server responded with status {status}"), hint);
        scene.asked(&["/keys"]);
    }
}

#[test]
fn a_refused_connection_is_unreachable() {
    let mut scene = scene(&["a"]);
    scene.server.stop();
    not_fetched(&scene, "Connection refused", NETWORK);
}

#[test]
fn a_response_that_ends_early_is_an_error() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::of(set(&["a"])).cut());
    let early = "is it the port of an https server? If so, try again";
    not_fetched(&scene, "the connection closed before the response was complete", early);
    scene.server.answer("/keys", Reply::mute());
    not_fetched(&scene, "the connection closed before the response was complete", early);
}

#[test]
fn silence_is_not_waited_for_longer_than_it_may() {
    let scene = scene(&["a"]);
    for reply in [Reply::silent(), Reply::of(set(&["a"])).slowly()] {
        scene.server.answer("/keys", reply);
        let begin = Instant::now();
        not_fetched(&scene, "there was no complete response within 1 s", WAIT);
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(4), "{took:?}");
    }
}

#[test]
fn an_endless_header_is_refused() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::endless_head());
    let why = "the response is not valid HTTP: http parse resulted in too many headers";
    not_fetched(&scene, why, "is it the URL of a web server?");
}

#[test]
fn up_to_three_redirects_are_followed() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::to("/1"));
    scene.server.answer("/1", Reply::to(&scene.url("/x/2")));
    scene.server.answer("/x/2", Reply::to("3?q=1"));
    scene.server.answer("/x/3?q=1", Reply::of(set(&["a"])));
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys", "/1", "/x/2", "/x/3?q=1"]);
    // The entry is stored under the first URL.
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
    scene.server.answer("/x/3?q=1", Reply::to("4"));
    scene.server.answer("/x/4", Reply::of(set(&["a"])));
    let call = scene.verify(&by("a"), &["--no-cache"]);
    call.error(&format!("cannot fetch {}: it redirects more than 3 times", scene.keys()))
        .hint(REDIRECT)
        .code(1);
    scene.asked(&["/keys", "/1", "/x/2", "/x/3?q=1"]);
}

#[test]
fn every_kind_of_redirect_is_one() {
    let scene = scene(&["a"]);
    scene.server.answer("/other", Reply::of(set(&["a"])));
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::status(status).with("Location", "/other");
        scene.server.answer("/keys", redirect);
        scene.verifies(&by("a"), &["--no-cache"]);
        scene.asked(&["/keys", "/other"]);
    }
    scene.server.answer("/keys", Reply::status(300).with("Location", "/other"));
    not_fetched(&scene, "the server responded with status 300", IS_IT);
}

#[test]
fn redirects_in_a_circle_are_refused() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::to("/keys"));
    not_fetched(&scene, "it redirects more than 3 times", REDIRECT);
    scene.asked(&["/keys"; 4]);
}

#[test]
fn a_redirect_keeps_the_rules_for_urls() {
    let scene = scene(&["a"]);
    for (to, why) in [
        ("http://10.0.0.1/keys", "http is not secure"),
        ("//10.0.0.1/keys", "http is not secure"),
        (
            "http://a.invalid/keys",
            "http is not secure, and the name does not resolve to an address of this machine",
        ),
        ("ftp://127.0.0.1/keys", "ftp is not https"),
        ("file:///etc/passwd", "file is not https"),
        ("//u:p@127.0.0.1/keys", "it contains a user name or password"),
        ("http://127.0.0.1:99999/", "it is not a URL"),
        ("a b", "it is not a URL"),
    ] {
        scene.server.answer("/keys", Reply::to(to));
        not_fetched(
            &scene,
            &format!(
                "it redirects to \"{}\": {why}",
                if to.contains(['@', ' ']) { "…" } else { to }
            ),
            REDIRECT,
        );
        scene.asked(&["/keys"]);
    }
    for nowhere in [Reply::status(302), Reply::to("")] {
        scene.server.answer("/keys", nowhere);
        not_fetched(&scene, "it redirects without saying where", REDIRECT);
        scene.asked(&["/keys"]);
    }
}

#[test]
fn what_is_no_set_is_not_taken_for_one() {
    let with = |text: &str, error: &str| {
        no_set(Reply::of(text), |call, url| call.error(&format!("{url} {error}")).hint(IS_IT));
    };
    with(&jwk(&[P256]), "holds one P-256 public key, not a JWK Set");
    let array = format!("[{}]", public("a"));
    with(&array, "holds an array of JWKs; a JWK Set is an object with \"keys\"");
    with("", "is empty");
    with("<html><body>Not found</body></html>", "holds XML or HTML");
    let why = "it is not JSON: EOF while parsing an object at line 1 column 1";
    with("{", &format!("is damaged: its JSON does not decode ({why})"));
    with("{}", "holds JSON that is neither a JWK nor a JWK Set");
    let why = r#"its "keys" is not an array"#;
    with(r#"{"keys":5}"#, &format!("is damaged: its JWK Set does not decode ({why})"));
    let twice = format!(r#"{{"keys":[],{}"#, set(&["a"]).trim_start_matches('{'));
    with(&twice, "is damaged: its JSON does not decode (it has the same member twice)");
}

/// Valid sets without a usable key.
fn useless() -> [String; 2] {
    let unknown = r#"{"kty":"AKP","kid":"pq","alg":"SLH-DSA-SHA2-128s","pub":"AAAA"}"#.to_owned();
    let encrypts = jwk(&[P256, r#""kid":"enc","use":"enc""#]);
    [r#"{"keys":[]}"#.to_owned(), jwks(&[unknown, encrypts])]
}

#[test]
fn a_set_without_a_usable_key_is_refused() {
    let scene = scene(&["a"]);
    let [empty, unusable] = useless();
    scene.server.answer("/keys", Reply::of(empty));
    let (call, keys) = (|| scene.verify(&by("a"), &["--no-cache"]), scene.keys());
    call().error(&format!("{keys} holds no key to verify with")).hint(PUBLISHES).code(7);
    scene.server.answer("/keys", Reply::of(unusable));
    call()
        .error(&format!("{keys} holds 2 keys and none to verify with"))
        .evidence(r#"key "pq" holds an AKP key for the algorithm "SLH-DSA-SHA2-128s""#)
        .evidence(r#"key "enc" (P-256 public key) is not for verifying: its "use" is "enc""#)
        .hint(PUBLISHES)
        .code(7);
}

#[test]
fn a_set_without_a_usable_key_is_not_kept() {
    // An issuer's mistake of a minute must not last for an hour.
    for useless in useless() {
        let scene = scene(&["a"]);
        scene.server.answer("/keys", Reply::of(useless));
        assert_eq!(scene.verify(&by("a"), &[]).output().status.code(), Some(7));
        scene.has(&["a"]);
        scene.verifies(&by("a"), &[]);
    }
}

#[test]
fn a_set_with_too_many_keys_is_refused_before_it_is_read() {
    let keys = |count| jwks(&vec![public("a"); count]);
    no_set(Reply::of(keys(1001)), |call, url| {
        call.error(&format!("{url} holds 1001 keys; a set of more than 1000 is not read"))
            .hint(IS_IT)
    });
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::of(keys(1000)));
    scene.verifies(&signed_as("a", r#"{"alg":"EdDSA"}"#, CLAIMS), &[]);
}

#[test]
fn a_set_over_the_most_is_not_read() {
    let large = format!("{}{}", set(&["a"]), " ".repeat(1024 * 1024));
    let most = 1024 * 1024;
    let fits = &large[..most];
    no_set(Reply::of(&large), |call, url| {
        call.error(&format!("{url} is too large for a key: over 1 MiB")).hint(IS_IT)
    });
    no_set(Reply::of(&large).endless(), |call, url| {
        call.error(&format!("{url} is too large for a key: over 1 MiB")).hint(IS_IT)
    });
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::of(fits));
    scene.verifies(&by("a"), &[]);
    scene.verifies(&by("a"), &[]);
    scene.asked(&["/keys"]);
}

#[test]
fn nothing_that_a_token_says_is_fetched() {
    let scene = scene(&["a"]);
    let (keys, jwk) = (scene.keys(), public("b"));
    for header in [
        format!(r#"{{"alg":"EdDSA","jku":"{keys}","kid":"b"}}"#),
        format!(r#"{{"alg":"EdDSA","x5u":"{keys}","kid":"b"}}"#),
        format!(r#"{{"alg":"EdDSA","jwk":{jwk},"kid":"b"}}"#),
        format!(r#"{{"alg":"EdDSA","iss":"{keys}","kid":"{keys}"}}"#),
    ] {
        let claims = CLAIMS.replace('{', &format!(r#"{{"iss":"{keys}","#));
        let output = scene
            .call(&["verify", &signed_as("b", &header, &claims), "--jwks", "s.json"])
            .file("s.json", set(&["a"]))
            .output();
        assert_eq!(output.status.code(), Some(4), "{header}");
        scene.asked(&[]);
        // Nor together with a fetched set: the same URL twice, once for the call and once for the unknown kid.
        scene.server.answer("/other", Reply::of(set(&["a"])));
        let other = scene.url("/other");
        let token = signed_as("b", &header, &claims);
        let output = scene.call(&["verify", &token, "--no-cache", "--jwks", &other]).output();
        assert_eq!(output.status.code(), Some(4), "{header}");
        scene.asked(&["/other", "/other cache-control: no-cache"]);
    }
}
