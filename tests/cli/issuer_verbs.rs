//! Keys by URL with the other verbs, in reports, and with `--quiet`.

use serde_json::Value;

use crate::harness::{
    CLAIMS, Call, P256, P256_D, SECRET, base64url, jwk, jwks, jwtctl, key, line, parts, signed,
    text,
};
use crate::issuer_scene::{Scene, by, document, public, scene, set, signed_as, steady};
use crate::issuer_server::Reply;

/// A call with the cache, without the flag that only token verbs have.
fn key_verb(scene: &Scene, args: &[&str]) -> Call {
    scene.homed(jwtctl(&[&["key"], args].concat()))
}

#[test]
fn key_show_says_what_is_there() {
    let scene = scene(&["a", "b"]);
    let file = |args: &[&str]| {
        let call = key_verb(&scene, args).file("s.json", set(&["a", "b"]));
        text(&call.output().stdout)
    };
    let wanted = file(&["show", "--json", "--jwks", "s.json"]);
    let call = key_verb(&scene, &["show", "--json", "--jwks", &scene.keys()]);
    call.stdout(wanted).code(0);
    scene.asked(&["/keys"]);
    // It is kept for the tokens that follow.
    scene.verifies(&by("a"), &[]);
    scene.asked(&[]);
    let wanted = file(&["show", "--jwks", "s.json"]);
    let call = key_verb(&scene, &["show", "--jwks", &scene.keys()]);
    call.stdout(wanted.replace("s.json", &scene.keys())).code(0);
    scene.asked(&[]);
}

#[test]
fn the_verbs_of_keys_say_why_not() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::status(500));
    for verb in ["show", "public", "thumbprint"] {
        let call = key_verb(&scene, &[verb, "--jwks", &scene.keys()]);
        call.error(&format!("cannot fetch {}: the server responded with status 500", scene.keys()))
            .hint("try again later")
            .code(1);
    }
}

#[test]
fn a_url_where_a_files_name_should_be_is_not_asked() {
    let scene = scene(&["a"]);
    let url = scene.keys();
    let said = |call: Call, what: &str| {
        call.error(&format!("{what} takes the path of a file, not a URL"))
            .hint("the URL of a JWK Set goes to --jwks, an issuer to --oidc")
            .code(7);
    };
    said(key_verb(&scene, &["set", &url]), "FILE");
    said(key_verb(&scene, &["show", &url]), "FILE");
    said(scene.call(&["verify", &by("a"), "--key", &url]), "--key");
    said(scene.call(&["encode", CLAIMS, "--key", &url]), "--key");
    scene.asked(&[]);
    let args = ["refresh", &by("a"), "--jwks", &url, "--sign-key", &url];
    said(scene.call(&args), "--sign-key");
    scene.asked(&["/keys"]);
}

#[test]
fn an_issuers_keys_sign_nothing() {
    // Nobody is asked: whatever is there, it is not the caller's.
    let scene = scene(&["a"]);
    let keys = scene.keys();
    for flag in ["--jwks", "--oidc"] {
        for args in [&["encode", CLAIMS][..], &["refresh", &by("a")], &["encode", "--batch"]] {
            let call = scene.call(&[args, &[flag, &keys]].concat());
            call.error(&format!("the fetched key set ({flag}) cannot sign"))
                .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
                .code(7);
        }
    }
    scene.asked(&[]);
}

#[test]
fn what_is_private_in_a_set_that_anyone_can_fetch_is_no_key() {
    // Whoever can fetch it can sign with it.
    let scene = scene(&["a"]);
    let secret = base64url(SECRET);
    let oct = format!(r#"{{"kty":"oct","kid":"s","k":"{secret}"}}"#);
    let private = jwk(&[P256, P256_D, r#""kid":"p""#]);
    scene.server.answer("/keys", Reply::of(jwks(&[oct, private, public("a")])));
    let output = scene.verify(&signed(r#"{"alg":"HS256","kid":"s"}"#, CLAIMS), &[]).output();
    let said = text(&output.stderr);
    assert!(said.contains("is in a document that anybody can fetch"), "{said}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0), "{said}");
    scene.verifies(&by("a"), &[]);
}

#[test]
fn a_key_that_is_here_renews_an_issuers_tokens() {
    let scene = scene(&["a"]);
    let secret = base64url("0123456789abcdef0123456789abcdef");
    let oct = jwk(&[r#""kty":"oct""#, &format!(r#""k":"{secret}""#)]);
    let args = ["refresh", &by("a"), "--jwks", &scene.keys(), "--sign-key", "new.jwk"];
    let output = scene.call(&args).file("new.jwk", oct).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let made = parts(&text(&output.stdout));
    assert_eq!(made, (r#"{"alg":"HS256"}"#.to_owned(), CLAIMS.to_owned()));
    // A key that it has not is asked for, as ever.
    scene.has(&["z"]);
    let args = ["refresh", &by("z"), "--jwks", &scene.keys(), "--sign-key", "new.pem"];
    let output = scene.call(&args).file("new.pem", key("ed25519.pkcs8.private.pem")).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    scene.asked(&["/keys", "/keys cache-control: no-cache"]);
}

#[test]
fn the_report_names_the_url() {
    let scene = scene(&["b", "a"]);
    let header = r#"{"alg":"EdDSA","kid":"a"}"#;
    let facts = format!(
        r#"{{"kind":"Ed25519 public key","private":false,"kid":"a","source":"{}","algorithms":["EdDSA","Ed25519"],"algorithm":"EdDSA"}}"#,
        scene.keys()
    );
    let call = scene.verify(&by("a"), &["--json", "--compact"]);
    call.stdout(line(&format!(
        r#"{{"ok":true,"status":"valid","exit_code":0,"header":{header},"claims":{CLAIMS},"key":{facts},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
    )))
    .code(0);
}

#[test]
fn the_report_of_an_issuer_names_the_url_of_the_keys() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let place = "/.well-known/openid-configuration";
    scene.server.answer(place, Reply::of(document(&issuer, &scene.keys())));
    let claims = format!(r#"{{"iss":"{issuer}","exp":1700001800}}"#);
    let token = signed_as("a", r#"{"alg":"EdDSA"}"#, &claims);
    let output = scene.call(&["verify", &token, "--oidc", &issuer, "--json"]).output();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["key"]["source"], *scene.keys());
}

#[test]
fn the_report_of_an_unknown_kid_has_the_evidence() {
    let scene = scene(&["a"]);
    let keys = scene.keys();
    let facts = format!(
        r#"{{"kind":"JWK Set of 1","private":false,"kid":null,"source":"{keys}","algorithms":["EdDSA","Ed25519"],"algorithm":null}}"#
    );
    let problem = format!(
        r#"{{"code":"kid-unknown","message":"the token's \"kid\" is \"z\", and {keys} has no such key","hint":"it has \"a\"","evidence":["it was just fetched again, and does not have it either"],"claim":"kid","expected":["a"],"actual":"z"}}"#
    );
    let call = scene.verify(&by("z"), &["--json", "--compact"]);
    call.stdout(line(&format!(
        r#"{{"ok":false,"status":"invalid","exit_code":4,"header":null,"claims":null,"key":{facts},"expires_at":null,"expires_in":null,"problems":[{problem}],"warnings":[]}}"#
    )))
    .code(4);
}

#[test]
fn the_report_of_keys_that_cannot_be_fetched_has_the_reason() {
    let scene = scene(&["a"]);
    scene.server.answer("/keys", Reply::status(404));
    let problem = format!(
        r#"{{"code":"http-status","message":"cannot fetch {}: the server responded with status 404","hint":"is it the URL of a JWK Set? An issuer is named with --oidc ISSUER"}}"#,
        scene.keys()
    );
    let call = scene.verify(&by("a"), &["--json", "--compact"]);
    call.stdout(line(&format!(
        r#"{{"ok":false,"status":"failure","exit_code":1,"header":null,"claims":null,"key":null,"expires_at":null,"expires_in":null,"problems":[{problem}],"warnings":[]}}"#
    )))
    .code(1);
}

#[test]
fn warnings_stand_in_the_report() {
    let mut scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.age(2 * 3600);
    scene.server.stop();
    let output = scene.verify(&by("a"), &["--json", "--compact"]).output();
    let warning = format!(
        r#""warnings":[{{"code":"stale-keys","message":"{} has expired, so the copy fetched 2 hours ago is used: Connection refused","hint":"it is used until {}"}}]}}"#,
        scene.keys(),
        scene.until()
    );
    let said = text(&output.stdout);
    assert!(said.ends_with(&line(&warning)), "{said}");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    // Beside a refused token, too: old keys may be why.
    let output =
        scene.verify(&signed_as("z", r#"{"alg":"EdDSA","kid":"a"}"#, CLAIMS), &[]).output();
    let lately = format!(
        "warning: {} has expired, so the copy fetched 2 hours ago is used: the last attempt, N seconds ago, failed\nhint: it is used until {}\n",
        scene.keys(),
        scene.until()
    );
    let said = steady(&text(&output.stderr));
    assert!(said.starts_with("error: ") || said.starts_with(&lately), "{said}");
    assert!(said.contains(&lately) && said.contains("the signature does not match"), "{said}");
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn key_show_warns_of_old_keys() {
    let mut scene = scene(&["a"]);
    scene.verifies(&by("a"), &[]);
    scene.age(2 * 3600);
    scene.server.stop();
    let output = key_verb(&scene, &["show", "--jwks", &scene.keys()]).output();
    let warning = format!(
        "warning: {} has expired, so the copy fetched 2 hours ago is used: Connection refused\nhint: it is used until {}\n",
        scene.keys(),
        scene.until()
    );
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), warning));
}

#[test]
fn quiet_prints_errors_only() {
    let scene = scene(&["a"]);
    scene.verify(&by("a"), &["-q"]).code(0);
    let output = scene.verify(&by("z"), &["-q"]).output();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0));
    scene.server.answer("/keys", Reply::status(500));
    let output = scene.verify(&by("z"), &["-q", "--no-cache"]).output();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}
