//! Keys inside other documents: service accounts, maps of certificates, environment files and others. Each report names
//! what was taken from where, and a document with several keys is never guessed at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{
    CLAIMS, Call, HEADER, P256, PRINTED, SECRET, clocked, jwk, jwks, jwtctl, key, parts,
    signed_with, text,
};
use crate::issuer_scene::scene;
use crate::issuer_server::Reply;

const PRIVATE: &str = "p256.pkcs8.private.pem";
const PUBLIC: &str = "p256.spki.public.pem";
const CERTIFICATE: &str = "p256.certificate.pem";
const OTHER: &str = "ed25519.spki.public.pem";

const ALONE: &str =
    "if it is the right key: write it into a file of its own, and pass that with --key";

/// A key of `tests/keys` as text.
fn pem(name: &str) -> String {
    text(&key(name))
}

/// The digits of a PEM block.
fn digits(name: &str) -> String {
    let pem = pem(name);
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn service_account() -> Value {
    json!({
        "type": "service_account", "project_id": "p", "private_key_id": "3f1c", "private_key": pem(PRIVATE),
        "client_email": "a@p.iam.gserviceaccount.com", "token_uri": "https://oauth2.example/token",
    })
}

/// A token by the private key `p256`, with these flags.
fn by_p256(flags: &[&str]) -> String {
    let args = [&["encode", "--user", "123", "-k", PRIVATE], flags].concat();
    let output = clocked(&args).key(PRIVATE).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    text(&output.stdout).trim_end().to_owned()
}

/// A call on a document.
fn on(args: &[&str], document: &(impl ToString + ?Sized)) -> Call {
    clocked(&[args, &["-k", "./k.json"]].concat()).file("k.json", document.to_string())
}

/// The member of a report that names the source of the key.
fn source(call: &Call) -> String {
    let output = call.output();
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let key = if report["key"].is_null() { &report["keys"][0] } else { &report["key"] };
    format!("{} from {}", key["kind"].as_str().unwrap(), key["source"].as_str().unwrap_or("?"))
}

/// A document carries the key `p256`, and the report says where.
#[track_caller]
fn carries(document: &str, part: &str) {
    let token = by_p256(&[]);
    on(&["verify", &token], document).stdout(PRINTED).code(0);
    let report = on(&["verify", &token, "--json"], document);
    let found = source(&report);
    assert!(found.ends_with(&format!(" from {part} of ./k.json")), "{found}");
    let shown = source(&jwtctl(&["key", "show", "--json", "./k.json"]).file("k.json", document));
    assert_eq!(shown, found);
    let converted =
        jwtctl(&["key", "public", "--format", "pem", "k.json"]).file("k.json", document);
    converted.stdout(pem(PUBLIC)).code(0);
    let set = jwtctl(&["key", "set", "k.json"]).file("k.json", document).output();
    assert!(text(&set.stdout).contains("eOiRCpH3HQA2"), "{}", text(&set.stderr));
}

/// What a file cannot be used for, and why.
#[track_caller]
fn refuses(document: &(impl ToString + ?Sized), error: &str, hint: &str) {
    on(&["verify", &by_p256(&[])], document).error(error).hint(hint).code(7);
}

#[test]
fn a_service_account_signs_with_its_key_id_in_the_header() {
    let output = on(&["encode", "--user", "123"], &service_account()).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let token = text(&output.stdout);
    assert_eq!(parts(&token).0, r#"{"alg":"ES256","typ":"JWT","kid":"3f1c"}"#);
    on(&["verify", token.trim_end()], &service_account()).stdout(PRINTED).code(0);
    carries(&service_account().to_string(), "\"private_key\"");
    // As in a JWK, its kid is binding.
    on(&["verify", &by_p256(&["--kid", "other"])], &service_account())
        .error(r#"the token's "kid" is "other", and "private_key" of ./k.json has no such key"#)
        .evidence("the key of \"private_key\" of ./k.json matches the signature")
        .evidence("it has \"3f1c\"")
        .hint(ALONE)
        .code(4);
}

#[test]
fn the_private_key_of_a_pair_is_taken() {
    let yandex = json!({"id": "aje1", "service_account_id": "b", "public_key": pem(PUBLIC),
        "private_key": format!("PLEASE DO NOT REMOVE THIS LINE! {}", pem(PRIVATE))});
    let output = on(&["encode", "{}"], &yandex).output();
    assert_eq!(parts(&text(&output.stdout)).0, r#"{"alg":"ES256","typ":"JWT","kid":"aje1"}"#);
    let pair = json!({"publicKey": pem(PUBLIC), "privateKey": pem(PRIVATE)});
    carries(&pair.to_string(), "\"privateKey\"");
}

#[test]
fn a_public_key_is_taken_from_a_realm() {
    let realm = json!({"realm": "r", "public_key": digits(PUBLIC), "token-service": "https://x"});
    carries(&realm.to_string(), "\"public_key\"");
    carries(&json!({"publicKey": pem(CERTIFICATE)}).to_string(), "\"publicKey\"");
    carries(
        &json!({"public_key": serde_json::from_str::<Value>(&jwk(&[P256])).unwrap()}).to_string(),
        "\"public_key\"",
    );
    refuses(
        &json!({"realm": "r", "public_key": "x"}),
        "\"public_key\" of ./k.json has no key in any known format",
        "an HMAC secret is given with --secret-file or --secret-env",
    );
}

#[test]
fn a_map_of_certificates_or_keys_is_a_set_by_kid() {
    let map = json!({"b": pem(OTHER), "a": pem(CERTIFICATE), "bad": "none"});
    let verify = |kid: &str| on(&["verify", &by_p256(&["--kid", kid])], &map);
    verify("a").stdout(PRINTED).code(0);
    verify("b")
        .error(r#"the key "b" of ./k.json does not support the token's "alg" "ES256""#)
        .evidence(r#"key "b" (Ed25519 public key) supports EdDSA and Ed25519"#)
        .hint("ES256 is checked with a P-256 public key: --key PATH, --jwks PATH|URL or --oidc ISSUER")
        .code(4);
    verify("c")
        .error(r#"the token's "kid" is "c", and ./k.json has no such key"#)
        .evidence("key \"a\" of ./k.json matches the signature")
        .evidence(r#"it has "a", "b", "bad""#)
        .hint(ALONE)
        .code(4);
    on(&["verify", &by_p256(&[])], &map).stdout(PRINTED).code(0);
    let flag = clocked(&["verify", &by_p256(&["--kid", "a"]), "--jwks", "k.json"]);
    flag.file("k.json", map.to_string()).stdout(PRINTED).code(0);
    let shown = jwtctl(&["key", "show", "k.json"]).file("k.json", map.to_string()).output();
    let shown = text(&shown.stdout);
    for line in [
        "key \"a\"",
        "format      X.509 certificate in PEM",
        "kid         \"a\"",
        "unusable    it has no key in any known format",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    // The base64 of DER is a key as well.
    let map = json!({"a": digits(CERTIFICATE)});
    on(&["verify", &by_p256(&["--kid", "a"])], &map).stdout(PRINTED).code(0);
    // Objects with other values are not maps.
    refuses(
        &json!({"a": pem(PUBLIC), "n": 1}),
        "./k.json holds JSON that is neither a JWK nor a JWK Set",
        "a JWK has \"kty\", a JWK Set \"keys\"; docs/keys.md lists the other documents that keys are taken from",
    );
}

#[test]
fn a_map_of_too_many_keys_is_not_read() {
    let map = |count: usize| {
        let entries = (0..count).map(|n| (n.to_string(), Value::from(pem(PUBLIC))));
        Value::Object(entries.collect())
    };
    on(&["verify", &by_p256(&["--kid", "9999"])], &map(10_000)).stdout(PRINTED).code(0);
    on(&["verify", &by_p256(&[])], &map(10_001))
        .error("./k.json holds 10001 keys; a set of more than 10000 is not read")
        .code(7);
}

#[test]
fn the_type_of_a_hasura_secret_binds_its_algorithm() {
    let config = |alg: &str, key: &str| json!({"type": alg, "key": key, "audience": "a"});
    let hmac = |alg: &str| signed_with(SECRET.as_bytes(), &format!(r#"{{"alg":"{alg}"}}"#), CLAIMS);
    let hs256 = config("HS256", SECRET);
    on(&["verify", &hmac("HS256")], &hs256).stdout(PRINTED).code(0);
    on(&["verify", &hmac("HS512")], &hs256)
        .error(r#"the token's "alg" is "HS512", which the HMAC secret ("key" of ./k.json) does not support"#)
        .hint("the key supports HS256; is it the right key?")
        .code(4);
    let made = on(&["encode", CLAIMS], &hs256).output();
    assert_eq!(text(&made.stdout), format!("{}\n", signed_with(SECRET.as_bytes(), HEADER, CLAIMS)));
    let variable = clocked(&["verify", &hmac("HS256"), "--key-env", "H"]);
    variable.env("H", &hs256.to_string()).stdout(PRINTED).code(0);
    carries(&config("ES256", &pem(CERTIFICATE)).to_string(), "\"key\"");
    on(&["verify", &by_p256(&[])], &config("ES384", &pem(PUBLIC)))
        .error(r#"the P-256 public key ("key" of ./k.json) signs nothing: its "alg" is "ES384""#)
        .code(7);
    // The text of a public key is no secret.
    refuses(
        &config("HS256", &pem(PUBLIC)),
        "\"key\" of ./k.json holds a key or certificate in PEM, not an HMAC secret",
        "used as a secret, a public key would let anyone sign; keys of any form go to --key or --key-env",
    );
    refuses(
        &json!({"type": "RS256", "jwk_url": "https://issuer.example/keys"}),
        "./k.json names the URL of a JWK Set in its \"jwk_url\", and holds no key",
        "give that URL to --jwks: jq -r .jwk_url FILE shows it",
    );
}

#[test]
fn a_set_one_level_down_is_a_set() {
    for name in ["jwks", "data"] {
        let set = jwks(&[jwk(&[P256, r#""kid":"a""#])]);
        let document = format!(r#"{{"id":1,"{name}":{set}}}"#);
        carries(&document, &format!("\"{name}\""));
        on(&["verify", &by_p256(&["--kid", "b"])], &document)
            .error(&format!(
                r#"the token's "kid" is "b", and "{name}" of ./k.json has no such key"#
            ))
            .evidence(
                "key \"a\" of \"jwks\" of ./k.json matches the signature"
                    .replace("jwks", name)
                    .as_str(),
            )
            .evidence("it has \"a\"")
            .hint(ALONE)
            .code(4);
    }
    on(&["verify", &by_p256(&[])], &r#"{"jwks":{"keys":5}}"#)
        .error(
            "\"jwks\" of ./k.json is damaged: its JWK Set does not decode (its \"keys\" is not an array)",
        )
        .code(7);
}

fn kubernetes(entries: &[(&str, &str)]) -> Value {
    let data: serde_json::Map<_, _> = entries
        .iter()
        .map(|(name, text)| ((*name).to_owned(), STANDARD.encode(text).into()))
        .collect();
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": data})
}

#[test]
fn the_only_key_of_a_kubernetes_secret_is_taken() {
    let one = kubernetes(&[("user", "admin"), ("jwt.pem", &pem(PRIVATE)), ("password", SECRET)]);
    carries(&one.to_string(), "\"jwt.pem\"");
    let account = kubernetes(&[("key.json", &service_account().to_string())]);
    carries(&account.to_string(), "\"private_key\" of \"key.json\"");
    let set = kubernetes(&[("jwks.json", &jwks(&[jwk(&[P256])]))]);
    carries(&set.to_string(), "\"jwks.json\"");
    refuses(
        &kubernetes(&[("tls.crt", &pem(CERTIFICATE)), ("tls.key", &pem(PRIVATE)), ("x", "y")]),
        "./k.json holds 2 keys (\"tls.crt\", \"tls.key\"), but exactly one is needed",
        "name one: kubectl get secret NAME -o json | jq -r '.data[\"ENTRY\"]' | base64 -d | jwtctl … --key -",
    );
    refuses(
        &kubernetes(&[("secret", SECRET)]),
        "./k.json is a Kubernetes secret, and none of its entries is a key",
        "for an HMAC secret: kubectl get secret NAME -o json | jq -r '.data[\"ENTRY\"]' | base64 -d | jwtctl … --secret-file -",
    );
    refuses(
        &"apiVersion: v1\ndata:\n  k: LS0t\nkind: Secret\n",
        "./k.json holds a Kubernetes secret in YAML",
        "convert it: kubectl get secret NAME -o json",
    );
}

#[test]
fn the_only_key_of_an_environment_file_is_taken() {
    let escaped = pem(PUBLIC).replace('\n', "\\n");
    for (file, name) in [
        (format!("# keys\nJWT_SECRET={SECRET}\nJWT_PUBLIC_KEY=\"{escaped}\"\n"), "JWT_PUBLIC_KEY"),
        (format!("export PRIVATE_KEY='{}' # ours\r\nA=1\n", pem(PRIVATE)), "PRIVATE_KEY"),
        (format!("A=1\nK = {}\n", digits(PUBLIC)), "K"),
        (format!("A=\"a\\\"b\"\nK={}", STANDARD.encode(pem(PUBLIC))), "K"),
        (format!("K='{}'\n", jwk(&[P256])), "K"),
    ] {
        carries(&file, name);
    }
    let account = service_account().to_string();
    carries(&format!("GOOGLE='{account}'\n"), "\"private_key\" of GOOGLE");
    refuses(
        &format!("A={escaped}\nB=1\nC={escaped}\n"),
        "./k.json holds 2 keys (A, C), but exactly one is needed",
        "load the file and name one: set -a; . FILE; jwtctl … --key-env NAME",
    );
    // Text around a key is no environment file.
    let bag = format!("subject=CN = a\nissuer=CN = b\n{}", pem(CERTIFICATE));
    on(&["verify", &by_p256(&[])], &bag).stdout(PRINTED).code(0);
    refuses(
        &format!("JWT_SECRET={SECRET}\n"),
        "./k.json has no key in any known format",
        "an HMAC secret is given with --secret-file or --secret-env",
    );
}

/// Who has the text of a public key could sign with it.
#[test]
fn a_document_with_a_key_is_no_secret() {
    let (map, realm) = (json!({"a": pem(CERTIFICATE)}), json!({"public_key": digits(PUBLIC)}));
    let secret = kubernetes(&[("a", &pem(PUBLIC))]);
    let nested = format!(r#"{{"data":{}}}"#, jwks(&[jwk(&[P256])]));
    let env = format!("K={}\n", digits(PUBLIC));
    for document in [
        service_account().to_string(),
        map.to_string(),
        realm.to_string(),
        secret.to_string(),
        nested,
        env,
    ] {
        let token = signed_with(document.as_bytes(), HEADER, CLAIMS);
        for args in [["--secret-file", "s"], ["-S", &document]] {
            let call =
                clocked(&[&["verify", token.as_str()], &args[..]].concat()).file("s", &document);
            let output = call.output();
            assert_eq!(output.status.code(), Some(7), "{document}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn what_a_url_has_may_be_a_map_one_public_key_or_a_set_one_level_down() {
    let scene = scene(&[]);
    let verify = |document: &str, kid: &str| {
        scene.server.answer("/keys", Reply::of(document));
        scene.verify(&by_p256(&["--kid", kid]), &["--no-cache"])
    };
    let map = json!({"a": pem(CERTIFICATE), "b": pem(OTHER)}).to_string();
    verify(&map, "a").stdout(PRINTED).code(0);
    for document in
        [pem(PUBLIC), pem(CERTIFICATE), json!({"public_key": digits(PUBLIC)}).to_string()]
    {
        verify(&document, "any").stdout(PRINTED).code(0);
    }
    let nested = format!(r#"{{"jwks":{}}}"#, jwks(&[jwk(&[P256])]));
    verify(&nested, "a")
        .error(&format!(
            "the token's \"kid\" is \"a\", and \"jwks\" of {} has no such key",
            scene.keys()
        ))
        .evidence("it was just fetched again, and does not have it either")
        .evidence(&format!("key 1 of \"jwks\" of {} matches the signature", scene.keys()))
        .evidence("none of its keys has a kid")
        .hint(ALONE)
        .code(4);
}

#[test]
fn a_map_that_was_fetched_is_fetched_again_for_an_unknown_kid() {
    let scene = scene(&[]);
    let verifies = |kid: &str| scene.verifies(&by_p256(&["--kid", kid]), &[]);
    scene.server.answer("/keys", Reply::of(json!({"old": pem(CERTIFICATE)}).to_string()));
    verifies("old");
    scene.asked(&["/keys"]);
    scene.server.answer("/keys", Reply::of(json!({"new": pem(CERTIFICATE)}).to_string()));
    verifies("new");
    scene.asked(&["/keys cache-control: no-cache"]);
}

#[test]
fn a_private_key_or_secret_that_a_url_has_is_not_used() {
    let scene = scene(&[]);
    let hint = "anyone who fetched it can forge tokens: the issuer must replace it, and publish only public keys";
    let (account, keys) = (service_account().to_string(), scene.keys());
    let hasura = json!({"type": "HS256", "key": SECRET}).to_string();
    for (document, what) in [
        (pem(PRIVATE), format!("the P-256 private key ({keys})")),
        (account, format!("the P-256 private key (\"private_key\" of {keys})")),
        (hasura, format!("the HMAC secret (\"key\" of {keys})")),
    ] {
        scene.server.answer("/keys", Reply::of(document));
        scene
            .verify(&by_p256(&[]), &["--no-cache"])
            .error(&format!("{what} is in a document that anybody can fetch"))
            .hint(hint)
            .code(7);
    }
    let map = json!({"a": pem(PRIVATE), "b": pem(OTHER)}).to_string();
    scene.server.answer("/keys", Reply::of(map));
    scene
        .verify(&by_p256(&["--kid", "a"]), &["--no-cache"])
        .error(&format!("the key \"a\" of {keys} does not support the token's \"alg\" \"ES256\""))
        .evidence("key \"a\" (P-256 private key) is in a document that anybody can fetch")
        .code(4);
}
