//! An issuer's keys: where they are found, whose tokens they verify, and which documents are refused.

use crate::harness::{Call, base64url, jwtctl};
use crate::issuer_scene::{Scene, by, document, forge, is_document, now, scene, set, signed_as};
use crate::issuer_server::Reply;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
const INSTEAD: &str = "a key set's own URL is given with --jwks URL --iss ISSUER";
const RULE: &str = "they must be exactly equal (OpenID Connect Discovery 1.0 section 4.3); to trust its keys anyway: --jwks URL --iss ISSUER";

/// A scene whose server is the issuer at this path, with its document there.
fn issuer(path: &str, place: &str) -> (Scene, String) {
    let scene = scene(&["a"]);
    let issuer = scene.url(path);
    scene.server.answer(place, Reply::of(document(&issuer, &scene.keys())));
    (scene, issuer)
}

/// A token of this issuer.
fn of(issuer: &str) -> String {
    let claims = format!(r#"{{"iss":"{issuer}","exp":1700001800}}"#);
    signed_as("a", r#"{"alg":"EdDSA","kid":"a"}"#, &claims)
}

/// Verifies a token with an issuer's keys.
fn verify(scene: &Scene, token: &str, issuer: &str, flags: &[&str]) -> Call {
    scene.call(&[&["verify", token, "--oidc", issuer], flags].concat())
}

/// Verifies a token of this issuer with its keys, which must succeed after these requests.
#[track_caller]
fn verifies(scene: &Scene, issuer: &str, asked: &[&str]) {
    let call = verify(scene, &of(issuer), issuer, &["--get", "exp"]);
    call.stdout("1700001800\n").code(0);
    scene.asked(asked);
}

/// Replaces the issuer's document.
#[track_caller]
fn refused(reply: Reply, said: impl Fn(&Scene, Call) -> Call, code: i32) {
    let scene = scene(&["a"]);
    scene.server.answer(OPENID, reply);
    let issuer = scene.url("");
    said(&scene, verify(&scene, &of(&issuer), &issuer, &[])).code(code);
    scene.asked(&[OPENID]);
    assert!(scene.kept().is_empty(), "what is refused is not kept");
}

#[test]
fn the_document_is_where_openid_puts_it() {
    for (path, place) in [
        ("", OPENID.to_owned()),
        ("/", OPENID.to_owned()),
        ("/realms/x", format!("/realms/x{OPENID}")),
        ("/realms/x/", format!("/realms/x{OPENID}")),
    ] {
        let (scene, issuer) = issuer(path, &place);
        verifies(&scene, &issuer, &[&place, "/keys"]);
        // Both documents are kept.
        verifies(&scene, &issuer, &[]);
    }
}

#[test]
fn the_document_may_be_where_rfc_8414_puts_it() {
    for (path, openid, oauth) in [
        ("", OPENID.to_owned(), OAUTH.to_owned()),
        ("/realms/x", format!("/realms/x{OPENID}"), format!("{OAUTH}/realms/x")),
        ("/realms/x/", format!("/realms/x{OPENID}"), format!("{OAUTH}/realms/x")),
    ] {
        for gone in [404, 410] {
            let (scene, issuer) = issuer(path, &oauth);
            scene.server.answer(&openid, Reply::status(gone));
            verifies(&scene, &issuer, &[&openid, &oauth, "/keys"]);
            verifies(&scene, &issuer, &[]);
        }
    }
}

#[test]
fn the_location_of_the_last_document_is_asked_first() {
    let (scene, issuer) = issuer("", OAUTH);
    let reply = document(&issuer, &scene.keys());
    scene.server.answer(OAUTH, Reply::of(reply).with("Cache-Control", "max-age=0"));
    verifies(&scene, &issuer, &[OPENID, OAUTH, "/keys"]);
    verifies(&scene, &issuer, &[OAUTH]);
}

/// The cached document may name an outdated URL of the set.
#[test]
fn a_set_that_has_moved_is_discovered_again_once() {
    let (scene, issuer) = issuer("", OPENID);
    scene.server.answer("/keys", Reply::of(set(&["a"])).with("Cache-Control", "max-age=0"));
    verifies(&scene, &issuer, &[OPENID, "/keys"]);
    let old = document(&issuer, &scene.keys());
    scene.server.answer("/keys", Reply::status(404));
    scene.server.answer("/new", Reply::of(set(&["a"])));
    scene.server.answer(OPENID, Reply::of(document(&issuer, &scene.url("/new"))));
    let kept = scene.kept().into_iter().find(|entry| is_document(entry)).unwrap();
    forge(&kept, &[("fetched", (now() - 60).into())]);
    verifies(&scene, &issuer, &["/keys", OPENID, "/new"]);
    // It is fetched once more: then the issuer is at fault.
    scene.server.answer("/new", Reply::status(410));
    scene.server.answer(OPENID, Reply::of(old));
    for kept in scene.kept() {
        forge(&kept, &[("fetched", (now() - 60).into()), ("fresh_until", (now() - 30).into())]);
    }
    verify(&scene, &of(&issuer), &issuer, &[])
        .error(&format!("cannot fetch {}: the server responded with status 404", scene.keys()))
        .hint("is it the URL of a JWK Set? An issuer is named with --oidc ISSUER")
        .code(1);
    scene.asked(&[OPENID, "/keys"]);
}

#[test]
fn another_answer_is_not_a_reason_to_look_elsewhere() {
    for (status, hint) in [
        (500, "try again later"),
        (403, "does it need credentials? Fetch it yourself: curl … | jwtctl verify --jwks - TOKEN"),
    ] {
        let (scene, issuer) = issuer("", OAUTH);
        scene.server.answer(OPENID, Reply::status(status));
        verify(&scene, &of(&issuer), &issuer, &[])
            .error(&format!(
                "cannot fetch {issuer}{OPENID}: the server responded with status {status}"
            ))
            .hint(hint)
            .code(1);
        scene.asked(&[OPENID]);
    }
    // A document that is refused is still a response.
    let (scene, issuer) = issuer("", OAUTH);
    scene.server.answer(OPENID, Reply::of("{}"));
    verify(&scene, &of(&issuer), &issuer, &[])
        .error(&format!("{issuer}{OPENID} does not name its issuer: it has no \"issuer\""))
        .hint(RULE)
        .code(7);
    scene.asked(&[OPENID]);
}

#[test]
fn an_issuer_without_a_document_cannot_be_fetched() {
    let scene = scene(&["a"]);
    let issuer = scene.url("/x");
    verify(&scene, &of(&issuer), &issuer, &[])
        .error(&format!("cannot fetch {issuer}{OPENID}: the server responded with status 404"))
        .hint("is it exactly the \"iss\" of its tokens? The URL of a key set goes to --jwks")
        .code(1);
    scene.asked(&[&format!("/x{OPENID}"), &format!("{OAUTH}/x")]);
}

#[test]
fn the_issuers_tokens_are_expected() {
    let (scene, issuer) = issuer("", OPENID);
    // The token of another issuer, signed with the same key.
    verify(&scene, &of("https://b.example"), &issuer, &[])
        .error(&format!("\"iss\" is \"https://b.example\"; expected \"{issuer}\""))
        .code(6);
    verify(&scene, &of(&format!("{issuer}/")), &issuer, &[])
        .error(&format!("\"iss\" is \"{issuer}/\"; expected \"{issuer}\""))
        .evidence(&format!("expected  \"{issuer}\""))
        .evidence(&format!("actual    \"{issuer}/\""))
        .evidence(&format!("{}^ a trailing slash", " ".repeat(11 + issuer.len())))
        .hint(&format!("if that is the same issuer: --iss '{issuer}/'"))
        .code(6);
    verify(&scene, &by("a"), &issuer, &[])
        .error(&format!("there is no \"iss\"; expected \"{issuer}\""))
        .code(6);
}

#[test]
fn another_iss_may_be_expected_instead() {
    let (scene, issuer) = issuer("", OPENID);
    let token = of("https://b.example");
    let get = ["--get", "exp", "--iss", "https://b.example"];
    verify(&scene, &token, &issuer, &get).stdout("1700001800\n").code(0);
    // It replaces the issuer.
    verify(&scene, &of(&issuer), &issuer, &["--iss", "https://b.example"])
        .error(&format!("\"iss\" is \"{issuer}\"; expected \"https://b.example\""))
        .code(6);
}

#[test]
fn raw_asks_for_no_claim() {
    let (scene, issuer) = issuer("", OPENID);
    let payload = "no claims at all";
    let token = signed_as("a", r#"{"alg":"EdDSA"}"#, payload);
    let call = jwtctl(&["verify", "--raw", &token, "--oidc", &issuer, "--no-cache"]);
    call.stdout(payload).code(0);
    scene.asked(&[OPENID, "/keys"]);
}

#[test]
fn a_stream_and_a_refresh_expect_the_issuer_too() {
    let (scene, issuer) = issuer("", OPENID);
    let (own, other) = (of(&issuer), of("https://b.example"));
    scene
        .call(&["verify", "--batch", "--oidc", &issuer, "--tokens"])
        .stdin(format!("{own}\n{other}\n"))
        .stdout(format!("{own}\n"))
        .summary("2 lines: 1 valid, 1 rejected (1 claim-mismatch)")
        .code(6);
    let secret = base64url("0123456789abcdef0123456789abcdef");
    scene
        .call(&["refresh", &other, "--oidc", &issuer, "--sign-key", "new.jwk"])
        .file("new.jwk", format!(r#"{{"kty":"oct","k":"{secret}"}}"#))
        .error(&format!("\"iss\" is \"https://b.example\"; expected \"{issuer}\""))
        .code(6);
}

#[test]
fn the_document_of_another_issuer_is_refused() {
    for (named, hint) in [
        ("\"https://b.example\"", RULE),
        ("null", RULE),
        ("7", RULE),
        ("[\"https://a.example\"]", RULE),
        ("\"\"", RULE),
    ] {
        let reply = Reply::of(format!(r#"{{"issuer":{named},"jwks_uri":"https://b.example/k"}}"#));
        let said = |scene: &Scene, call: Call| {
            let (url, issuer) = (scene.url(OPENID), scene.url(""));
            call.error(&format!("{url} says that its issuer is {named}, and not \"{issuer}\""))
                .hint(hint)
        };
        refused(reply, said, 7);
    }
}

#[test]
fn a_document_whose_issuer_differs_by_a_slash_says_how_to_write_it() {
    for (asked, named) in [("", "/"), ("/", ""), ("/x", "/x/"), ("/X", "/x")] {
        let scene = scene(&["a"]);
        let (issuer, other) = (scene.url(asked), scene.url(named));
        let place = format!("{}{OPENID}", asked.trim_end_matches('/'));
        scene.server.answer(&place, Reply::of(document(&other, &scene.keys())));
        let url = scene.url(&place);
        verify(&scene, &of(&issuer), &issuer, &[])
            .error(&format!("{url} says that its issuer is \"{other}\", and not \"{issuer}\""))
            .hint(&format!("write it the same way: --oidc \"{other}\""))
            .code(7);
        scene.asked(&[&place]);
    }
}

#[test]
fn a_document_without_a_key_set_is_refused() {
    for (rest, said) in [
        ("", "has no \"jwks_uri\""),
        (r#","jwks_uri":null"#, "has no \"jwks_uri\" that is a string: null"),
        (r#","jwks_uri":["https://a"]"#, "has no \"jwks_uri\" that is a string: [\"https://a\"]"),
    ] {
        let scene = scene(&["a"]);
        let (url, issuer) = (scene.url(OPENID), scene.url(""));
        scene.server.answer(OPENID, Reply::of(format!("{{\"issuer\":\"{issuer}\"{rest}}}")));
        let call = verify(&scene, &of(&issuer), &issuer, &[]);
        call.error(&format!("{url} {said}")).hint(INSTEAD).code(7);
        scene.asked(&[OPENID]);
    }
}

#[test]
fn a_jwks_uri_that_is_not_fetched_from_is_refused() {
    for (set, why) in [
        ("http://10.0.0.1/k", "http is not secure"),
        (
            "http://b.invalid/k",
            "http is not secure, and the name does not resolve to an address of this machine",
        ),
        ("ftp://b.example/k", "ftp is not https"),
        ("file:///etc/passwd", "file is not https"),
        ("https://u:p@b.example/k", "it contains a user name or password"),
        ("/keys", "it is not a URL"),
        ("", "it is not a URL"),
    ] {
        let scene = scene(&["a"]);
        let (url, issuer) = (scene.url(OPENID), scene.url(""));
        scene.server.answer(OPENID, Reply::of(document(&issuer, set)));
        let output = verify(&scene, &of(&issuer), &issuer, &[])
            .error(&format!(
                "{url} names a key set that cannot be fetched: \"{}\": {why}",
                if set.contains('@') { "https:…" } else { set }
            ))
            .hint("the issuer must name an https URL (OpenID Connect Discovery 1.0 section 3)");
        output.code(7);
        scene.asked(&[OPENID]);
    }
}

#[test]
fn a_document_that_is_not_json_is_refused() {
    for (text, why) in [
        ("<html>", "is not JSON: expected value at line 1 column 1"),
        ("", "is empty"),
        ("[]", "is an array, not a JSON object"),
        (r#"{"issuer":1,"issuer":2}"#, "has the member \"issuer\" twice"),
    ] {
        let said = |scene: &Scene, call: Call| {
            call.error(&format!("{} {why}", scene.url(OPENID))).hint(INSTEAD)
        };
        refused(Reply::of(text), said, 7);
    }
    let large = Reply::of(format!("{{}}{}", " ".repeat(1024 * 1024)));
    let said = |scene: &Scene, call: Call| {
        call.error(&format!("{} is over 1 MiB long", scene.url(OPENID))).hint(INSTEAD)
    };
    refused(large.clone(), said, 7);
    refused(large.endless(), said, 7);
}

#[test]
fn a_document_of_exactly_the_most_is_read() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let text = document(&issuer, &scene.keys());
    let filled = format!("{text}{}", " ".repeat(1024 * 1024 - text.len()));
    scene.server.answer(OPENID, Reply::of(filled));
    verifies(&scene, &issuer, &[OPENID, "/keys"]);
    verifies(&scene, &issuer, &[]);
}

#[test]
fn the_document_may_be_behind_a_redirect() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    scene.server.answer(OPENID, Reply::to("/moved"));
    scene.server.answer("/moved", Reply::of(document(&issuer, &scene.keys())));
    verifies(&scene, &issuer, &[OPENID, "/moved", "/keys"]);
    verifies(&scene, &issuer, &[]);
}

#[test]
fn one_time_limit_for_both_documents() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let text = document(&issuer, &scene.keys());
    scene.server.answer(OPENID, Reply::of(text));
    scene.server.answer("/keys", Reply::silent());
    let call = verify(&scene, &of(&issuer), &issuer, &["--timeout", "1s"]);
    call.error(&format!(
        "cannot fetch {}: there was no complete response within 1 s",
        scene.keys()
    ))
    .hint("to wait longer: --timeout 30s")
    .code(1);
    scene.asked(&[OPENID, "/keys"]);
}
