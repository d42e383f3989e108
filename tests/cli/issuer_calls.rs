//! Which URLs are accepted, which source of keys wins, and which flags go together. Nothing is fetched here unless a test
//! says so.

use crate::harness::{CLAIMS, Call, PRINTED, SECRET, base64url, clocked, key, signed, text, token};
use crate::issuer_scene::{Scene, by, document, scene, set, signed_as};
use crate::issuer_server::Reply;

const HTTPS: &str =
    "write https://…; plain http is accepted only for this machine: localhost, 127.0.0.1, [::1]";
const WHOLE: &str = "write the whole URL: https://HOST/PATH";
const YOURSELF: &str = "others can read it from the process list; fetch it yourself: curl … | jwtctl verify --jwks - TOKEN";
const ISSUER: &str =
    "an issuer is what its tokens have as \"iss\": https://HOST or https://HOST/PATH";

/// A URL that is refused in every place.
#[track_caller]
fn refused(scene: &Scene, url: &str, why: &str, hint: &str) {
    for flag in ["--jwks", "--oidc"] {
        let call = scene.call(&["verify", &by("a"), flag, url]);
        call.error(&format!("{flag}: {why}")).hint(hint).code(2);
    }
    for variable in ["JWTCTL_JWKS", "JWTCTL_OIDC"] {
        let call = scene.call(&["verify", &by("a")]).env(variable, url);
        call.error(&format!("{variable}: {why}")).hint(hint).code(2);
    }
    scene.asked(&[]);
}

#[test]
fn plain_http_goes_only_to_this_machine() {
    let scene = scene(&["a"]);
    let port = scene.url("").rsplit(':').next().unwrap().to_owned();
    for address in ["0.0.0.0", "192.168.0.1", "[::]", "[::ffff:10.0.0.1]", "[::127.0.0.1]"] {
        let url = format!("http://{address}:{port}/keys");
        refused(&scene, &url, "http is not secure", HTTPS);
    }
    // The name is looked up, but does not exist.
    for name in ["a.invalid", "localhost.a.invalid", "127.0.0.1.a.invalid"] {
        let url = format!("http://{name}:{port}/keys");
        let why = "http is not secure, and the name does not resolve to an address of this machine";
        let error = format!("cannot fetch {url}: {why}");
        let call = scene.call(&["verify", &by("a"), "--jwks", &url]);
        call.error(&error).hint(HTTPS).code(2);
    }
    scene.asked(&[]);
    for name in ["LOCALHOST", "127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{name}:{port}/keys");
        scene.call(&["verify", &by("a"), "--jwks", &url]).stdout(PRINTED).code(0);
        scene.asked(&["/keys"]);
    }
}

#[test]
fn other_schemes_are_not_asked() {
    let scene = scene(&["a"]);
    let rest = scene.keys().trim_start_matches("http").to_owned();
    for scheme in ["ftp", "ws", "file", "unix"] {
        refused(&scene, &format!("{scheme}{rest}"), &format!("{scheme} is not https"), HTTPS);
    }
    refused(&scene, "file:///etc/passwd", "file is not https", HTTPS);
    refused(&scene, "FTP://a.example", "ftp is not https", HTTPS);
    let long = format!("a{}://b.example", "x".repeat(500));
    refused(&scene, &long, &format!("a{}… is not https", "x".repeat(19)), HTTPS);
}

#[test]
fn a_url_with_a_password_is_not_asked_and_not_repeated() {
    let scene = scene(&["a"]);
    let rest = scene.keys().trim_start_matches("http://").to_owned();
    for user in ["user:hunter2@", "user@", ":hunter2@", "@"] {
        refused(
            &scene,
            &format!("http://{user}{rest}"),
            "it contains a user name or password",
            YOURSELF,
        );
    }
    refused(&scene, "https://u:p@a.example/", "it contains a user name or password", YOURSELF);
}

#[test]
fn what_is_no_url_is_not_asked() {
    let scene = scene(&["a"]);
    for url in [
        "http://",
        "http:///keys",
        "http:keys",
        "https://a b/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://[::1/",
        "https://ä.example/",
        "https://a.example/%zz",
        "https://a.example/\u{1b}[31m",
    ] {
        refused(&scene, url, "it is not a URL", WHOLE);
    }
}

#[test]
fn an_issuer_has_no_query_and_no_fragment() {
    let scene = scene(&["a"]);
    for rest in ["/?code=hunter2", "?", "#hunter2", "/#"] {
        let call = scene.call(&["verify", &by("a"), "--oidc", &scene.url(rest)]);
        let said = "--oidc: an issuer has no query and no fragment";
        call.error(said).hint(ISSUER).code(2);
    }
    let call = scene.call(&["verify", &by("a"), "--oidc", "a.example"]);
    call.error("--oidc: it is not a URL").hint(WHOLE).code(2);
    scene.asked(&[]);
}

#[test]
fn a_fragment_is_not_sent() {
    let scene = scene(&["a"]);
    let call = scene.call(&["verify", &by("a"), "--jwks", &format!("{}#hunter2", scene.keys())]);
    call.stdout(PRINTED).code(0);
    scene.asked(&["/keys"]);
}

#[test]
fn the_documents_url_is_not_the_issuer() {
    let scene = scene(&["a"]);
    let said = |by_what: &str, call: Call, issuer: &str| {
        call.error(&format!("{by_what} takes an issuer, not the URL of its discovery document"))
            .hint(&format!("--oidc {issuer}"))
            .code(2);
    };
    for (path, issuer) in [
        ("/.well-known/openid-configuration", ""),
        ("/x/.well-known/openid-configuration", "/x"),
        ("/.well-known/oauth-authorization-server", ""),
        ("/.well-known/oauth-authorization-server/x/y", "/x/y"),
    ] {
        let (url, issuer) = (scene.url(path), scene.url(issuer));
        said("--oidc", scene.call(&["verify", &by("a"), "--oidc", &url]), &issuer);
        let call = scene.call(&["verify", &by("a")]).env("JWTCTL_OIDC", &url);
        said("JWTCTL_OIDC", call, &issuer);
    }
    scene.asked(&[]);
}

#[test]
fn the_environment_names_a_set_or_an_issuer() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let path = "/.well-known/openid-configuration";
    scene.server.answer(path, Reply::of(document(&issuer, &scene.keys())));
    scene.call(&["verify", &by("a")]).env("JWTCTL_JWKS", &scene.keys()).stdout(PRINTED).code(0);
    scene.asked(&["/keys"]);
    let from =
        signed_as("a", r#"{"alg":"EdDSA"}"#, &format!(r#"{{"iss":"{issuer}","exp":1700001800}}"#));
    let call = scene.call(&["verify", "--get", "exp", &from]).env("JWTCTL_OIDC", &issuer);
    call.stdout("1700001800\n").code(0);
    scene.asked(&[path]);
    // A file name is still a file name.
    let set = set(&["a"]);
    let call = scene.call(&["verify", &by("a")]).file("s.json", set);
    call.env("JWTCTL_JWKS", "s.json").stdout(PRINTED).code(0);
    scene.asked(&[]);
}

#[test]
fn a_variable_that_is_empty_is_no_key() {
    let scene = scene(&["a"]);
    for variable in ["JWTCTL_JWKS", "JWTCTL_OIDC"] {
        let call = scene.call(&["verify", &by("a")]).env(variable, "");
        call.error(&format!("{variable} is empty"))
            .hint("with an empty key anyone could sign, so it is never used")
            .code(7);
    }
}

#[test]
fn two_variables_are_one_too_many() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    let both = |one: (&str, &str), other: (&str, &str)| {
        scene
            .call(&["verify", &by("a")])
            .env(one.0, one.1)
            .env(other.0, other.1)
            .error(&format!("{} and {} are both set: which one is the key?", one.0, other.0))
            .hint("unset one of them, or name the key by a flag: flags take precedence over variables")
            .code(2);
    };
    both(("JWTCTL_JWKS", &scene.keys()), ("JWTCTL_OIDC", &issuer));
    both(("JWTCTL_SECRET", SECRET), ("JWTCTL_OIDC", &issuer));
    both(("JWTCTL_KEY", "key.pem"), ("JWTCTL_OIDC", &issuer));
    both(("JWTCTL_SECRET", SECRET), ("JWTCTL_JWKS", &scene.keys()));
    // An empty variable is set, too.
    both(("JWTCTL_JWKS", ""), ("JWTCTL_OIDC", &issuer));
    scene.asked(&[]);
}

#[test]
fn a_flag_wins_over_the_variables() {
    let scene = scene(&["a"]);
    let other = scene.url("/other");
    let call = scene.verify(&by("a"), &[]).env("JWTCTL_JWKS", &other).env("JWTCTL_OIDC", &other);
    call.stdout(PRINTED).code(0);
    scene.asked(&["/keys"]);
    // A flag for a local key makes no request.
    let hmac = token(CLAIMS);
    let call = scene.call(&["verify", &hmac, "--secret-env", "MINE"]).env("MINE", SECRET);
    call.env("JWTCTL_OIDC", &other).stdout(PRINTED).code(0);
    scene.asked(&[]);
}

/// A secret as a JWK, named `n`.
fn own_key() -> String {
    format!(r#"{{"kty":"oct","kid":"n","k":"{}"}}"#, base64url(SECRET))
}

#[test]
fn the_keys_of_an_issuer_verify_only_its_tokens_whatever_other_keys_are_given() {
    let scene = scene(&["a"]);
    let issuer = scene.url("");
    scene
        .server
        .answer("/.well-known/openid-configuration", Reply::of(document(&issuer, &scene.keys())));
    let by_issuer = |iss: &str| {
        let claims = format!(r#"{{"iss":"{iss}","exp":1700001800}}"#);
        signed_as("a", r#"{"alg":"EdDSA","kid":"a"}"#, &claims)
    };
    let own = signed(r#"{"alg":"HS256","kid":"n"}"#, r#"{"iss":"me","exp":1700001800}"#);
    let flags = ["--oidc", &issuer, "--key", "own.jwk", "--get", "exp"];
    let call = |token: &str| {
        scene.call(&[&["verify", token], &flags[..]].concat()).file("own.jwk", own_key())
    };
    call(&by_issuer(&issuer)).stdout("1700001800\n").code(0);
    call(&own).stdout("1700001800\n").code(0);
    let other = format!("\"iss\" is \"me\"; expected \"{issuer}\"");
    call(&by_issuer("me")).error(&other).code(6);
    // What else is expected of tokens does not make its keys another issuer's.
    let both = ["--iss", "me", "--iss", &issuer];
    let call = |token: &str| {
        let args = [&["verify", token], &flags[..], &both].concat();
        scene.call(&args).file("own.jwk", own_key())
    };
    call(&own).stdout("1700001800\n").code(0);
    call(&by_issuer(&issuer)).stdout("1700001800\n").code(0);
    call(&by_issuer("me")).error(&other).code(6);
    // Certificate chains are other keys, too.
    let chains = ["--x5c-root", "root.pem", "--x5c-any-leaf", "--iss", "me"];
    let token = by_issuer("me");
    scene
        .call(&[&["verify", &token, "--oidc", &issuer], &chains[..]].concat())
        .file("root.pem", key("certificate.root.pem"))
        .error(&other)
        .code(6);
}

#[test]
fn the_keys_of_several_issuers_verify_the_tokens_of_their_own() {
    // Both issuers have the same key, as the tenants of a cloud do, and other keys.
    let (one, other) = (scene(&["a"]), scene(&["a", "b"]));
    let (first, second) = (one.url(""), other.url(""));
    for (scene, issuer) in [(&one, &first), (&other, &second)] {
        let document = document(issuer, &scene.keys());
        scene.server.answer("/.well-known/openid-configuration", Reply::of(document));
    }
    let by = |iss: &str| {
        let claims = format!(r#"{{"iss":"{iss}","exp":1700001800}}"#);
        signed_as("a", r#"{"alg":"EdDSA","kid":"a"}"#, &claims)
    };
    let flags = ["--oidc", &first, "--oidc", &second, "--get", "exp"];
    for issuer in [&first, &second] {
        let call = one.call(&[&["verify", &by(issuer)], &flags[..]].concat());
        call.stdout("1700001800\n").code(0);
    }
    let call = one.call(&[&["verify", &by("https://c.example")], &flags[..]].concat());
    assert_eq!(call.output().status.code(), Some(6));
    let lines = format!("{}\n{}\n{}\n", by(&second), by("https://c.example"), by(&first));
    let stream = ["verify", "--batch", "--oidc", &first, "--oidc", &second, "--get", "iss"];
    let call = one.call(&stream).stdin(lines).stdout(format!("{second}\n\n{first}\n"));
    call.summary("3 lines: 2 valid, 1 rejected (1 claim-mismatch)").code(6);
    let call = one.call(&[&["verify", &by(&first), "--iss", &first], &flags[..]].concat());
    call.error(
        "--iss cannot be used with several --oidc: each issuer's keys verify its own tokens",
    )
    .hint("leave out --iss")
    .code(2);
}

#[test]
fn a_key_of_one_issuer_is_not_that_of_another_with_the_same_kid() {
    let (one, other) = (scene(&["a"]), scene(&["b"]));
    let (first, second) = (one.url(""), other.url(""));
    for (scene, issuer) in [(&one, &first), (&other, &second)] {
        let document = document(issuer, &scene.keys());
        scene.server.answer("/.well-known/openid-configuration", Reply::of(document));
    }
    let named_a = set(&["b"]).replace("\"kid\":\"b\"", "\"kid\":\"a\"");
    assert!(named_a.contains("\"kid\":\"a\""));
    other.server.answer("/keys", Reply::of(named_a));
    for (iss, code) in [(&second, 0), (&first, 6)] {
        let claims = format!(r#"{{"iss":"{iss}","exp":1700001800}}"#);
        let token = signed_as("b", r#"{"alg":"EdDSA","kid":"a"}"#, &claims);
        let call = one.call(&["verify", &token, "--oidc", &first, "--oidc", &second]);
        assert_eq!(call.output().status.code(), Some(code), "{iss}");
    }
}

#[test]
fn a_newer_set_is_fetched_beside_other_keys() {
    let scene = scene(&["a"]);
    let keys = scene.keys();
    let flags = ["--key", "own.jwk", "--jwks", &keys, "--get", "user_id"];
    let call = |token: &str| {
        scene.call(&[&["verify", token], &flags[..]].concat()).file("own.jwk", own_key())
    };
    call(&by("a")).stdout("123\n").code(0);
    scene.asked(&["/keys"]);
    scene.server.answer("/keys", Reply::of(set(&["b"])));
    call(&by("b")).stdout("123\n").code(0);
    scene.asked(&["/keys cache-control: no-cache"]);
}

#[test]
fn flags_of_the_network_say_nothing_of_a_key_that_is_here() {
    for (flags, flag) in [
        (&["--timeout", "5s"][..], "--timeout"),
        (&["--ca-file", "ca.pem"], "--ca-file"),
        (&["--no-cache"], "--no-cache"),
        (&["--offline"], "--offline"),
    ] {
        for (key, name) in [
            (&["--secret", "x"][..], "--secret"),
            (&["--secret-file", "x"], "--secret-file"),
            (&["--secret-env", "X"], "--secret-env"),
            (&["--key", "x"], "--key"),
            (&["--key-env", "X"], "--key-env"),
        ] {
            let call = clocked(&[&["verify", "a.b.c"], flags, key].concat());
            call.error(&format!(
                "{flag} cannot be used with {name}: it applies only to keys that are fetched"
            ))
            .hint("use only one of them")
            .code(2);
        }
        let call = clocked(&[&["verify", &by("a"), "--jwks", "s.json"], flags].concat());
        call.error(&format!("{flag} applies only to fetched keys, but --jwks names a file"))
            .hint("leave it out")
            .code(2);
    }
}

#[test]
fn offline_and_no_cache_contradict_each_other() {
    let scene = scene(&["a"]);
    let call = scene.verify(&by("a"), &["--offline", "--no-cache"]);
    call.error("--offline cannot be used with --no-cache").hint("use only one of them").code(2);
    scene.asked(&[]);
}

#[test]
fn a_timeout_is_from_a_second_to_an_hour() {
    let scene = scene(&["a"]);
    for time in ["0", "0s", "-1s", "2h", "61m", "junk", "", "1.5s", "99999999999999999999s"] {
        let call = scene.verify(&by("a"), &[&format!("--timeout={time}")]);
        let output = call.output();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{time}: {said}");
        assert!(said.starts_with("error: --timeout"), "{time}: {said}");
    }
    scene.asked(&[]);
    for time in ["1", "1s", "1h", "3600"] {
        scene.verifies(&by("a"), &["--timeout", time]);
    }
}

#[test]
fn certificates_are_read_before_anybody_is_asked() {
    let scene = scene(&["a"]);
    let call = |file: &str| scene.verify(&by("a"), &["--ca-file", file]);
    call("ca.pem").error("cannot read --ca-file: ca.pem: No such file or directory").code(1);
    let unusable = |bytes: &[u8], why: &str| {
        call("ca.pem")
            .file("ca.pem", bytes)
            .error(&format!("--ca-file: ca.pem cannot be used: {why}"))
            .hint("it takes certificates in PEM: -----BEGIN CERTIFICATE-----")
            .code(1);
    };
    unusable(b"", "it holds no certificate");
    unusable(b"junk", "it holds no certificate");
    unusable(&key("p256.spki.public.pem"), "it holds no certificate");
    unusable(&vec![b'\n'; 4 * 1024 * 1024 + 1], "it is too large");
    scene.asked(&[]);
    call("ca.pem").file("ca.pem", key("p256.certificate.pem")).stdout(PRINTED).code(0);
    scene.asked(&["/keys"]);
}
