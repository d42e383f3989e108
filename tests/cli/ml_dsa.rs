//! Keys and signatures by ML-DSA (RFC 9964, RFC 9881).

use serde_json::{Value, json};

use crate::harness::{CLAIMS, Call, base64url, clocked, forged, jwks, jwtctl, key, parts, text};

const SETS: [(&str, &str, usize, usize); 3] = [
    ("ML-DSA-44", "mldsa44", 1312, 2420),
    ("ML-DSA-65", "mldsa65", 1952, 3309),
    ("ML-DSA-87", "mldsa87", 2592, 4627),
];

fn is_key_of(name: &str, part: &str) -> String {
    format!("{name}.{part}.pem")
}

/// A key of `tests/keys` as a JWK.
fn jwk(name: &str) -> Value {
    let output =
        jwtctl(&["key", "convert", "--format", "jwk", "--no-kid"]).stdin(key(name)).output();
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn private_jwk() -> Value {
    jwk("mldsa44.pkcs8.private.pem")
}

fn encode(jwk: &Value, flags: &[&str]) -> Call {
    let encode = ["encode", CLAIMS, "-k", "k.jwk"];
    clocked(&[&encode, flags].concat()).file("k.jwk", jwk.to_string())
}

fn verify(key: &str, token: &str, flags: &[&str]) -> Call {
    let verify = ["verify", "-k", "k.jwk", "--compact"];
    clocked(&[&verify, flags].concat()).file("k.jwk", key).stdin(token)
}

fn member(jwk: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut jwk = jwk.clone();
    jwk[name] = value.into();
    jwk
}

fn without(jwk: &Value, name: &str) -> Value {
    let mut jwk = jwk.clone();
    jwk.as_object_mut().unwrap().remove(name);
    jwk
}

#[test]
fn a_jwk_says_its_algorithm_and_holds_the_seed() {
    let seed: Vec<u8> = (0..32).collect();
    for (alg, name, public, _) in SETS {
        let private = jwk(&is_key_of(name, "pkcs8.private"));
        assert_eq!(private["priv"], base64url(&seed));
        let length = private["pub"].as_str().unwrap().len();
        assert_eq!(length, (public * 8usize).div_ceil(6));
        assert_eq!((&private["kty"], &private["alg"]), (&json!("AKP"), &json!(alg)));
        assert_eq!(jwk(&is_key_of(name, "spki.public")), without(&private, "priv"));
    }
    let both = jwk("mldsa44.seed-and-expanded.private.pem");
    assert_eq!(both, private_jwk());
}

#[test]
fn a_pem_holds_the_seed_whatever_it_was_read_from() {
    let wanted = key("mldsa44.pkcs8.private.pem");
    let read = [private_jwk().to_string().into(), key("mldsa44.seed-and-expanded.private.pem")];
    for read in read {
        jwtctl(&["key", "convert", "--format", "pem"]).stdin(read).stdout(&wanted).code(0);
    }
}

#[test]
fn only_the_keys_own_parameter_set_verifies() {
    for (alg, name, _, length) in SETS {
        let private = jwk(&is_key_of(name, "pkcs8.private"));
        let token = text(&encode(&private, &[]).output().stdout);
        let token = token.trim_end();
        assert_eq!(parts(token).0, format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#));
        let digits = token.rsplit('.').next().unwrap().len();
        assert_eq!(digits, (length * 8usize).div_ceil(6));
        for (other, name, ..) in SETS {
            let public = text(&key(&is_key_of(name, "spki.public")));
            if other == alg {
                verify(&public, token, &[]).stdout(format!("{CLAIMS}\n")).code(0);
                verify(&public, token, &["-A", alg]).stdout(format!("{CLAIMS}\n")).code(0);
                let error = format!(
                    "the signature does not match: checked as {alg} with the {alg} public key (k.jwk)"
                );
                let hint = "the token was signed with another key, or changed after it was signed";
                verify(&public, &forged(token), &[]).error(&error).hint(hint).code(4);
            } else {
                let error = format!(
                    "the token's \"alg\" is \"{alg}\", which the {other} public key (k.jwk) does not support"
                );
                let hint = format!(
                    "{alg} is checked with an {alg} public key: --key PATH, --jwks PATH|URL or --oidc ISSUER; this key supports {other}"
                );
                verify(&public, token, &[]).error(&error).hint(&hint).code(4);
            }
        }
    }
}

#[test]
fn a_certificate_verifies_and_is_shown() {
    let token = text(&encode(&private_jwk(), &[]).output().stdout);
    let certificate = text(&key("mldsa44.certificate.pem"));
    verify(&certificate, &token, &[]).stdout(format!("{CLAIMS}\n")).code(0);
    let shown = jwtctl(&["key", "show", "--json"]).stdin(certificate).output();
    let report: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let shown = &report["keys"][0];
    assert_eq!(shown["kind"], "ML-DSA-44 public key");
    assert_eq!(shown["algorithms"], json!(["ML-DSA-44"]));
    assert_eq!(shown["encryption"], json!([]));
    assert_eq!(shown["certificate"]["subject"], "CN=ml-dsa-44.example");
}

#[test]
fn a_jwk_with_a_wrong_member_is_refused() {
    let private = private_jwk();
    let public = without(&private, "priv");
    let bytes = |count: usize| base64url(vec![7; count]);
    for (jwk, error) in [
        (without(&public, "alg"), "is not a usable JWK: its \"alg\" is missing"),
        (without(&public, "pub"), "is not a usable JWK: its \"pub\" is missing"),
        (without(&private, "pub"), "is not a usable JWK: its \"pub\" is missing"),
        (
            member(&public, "alg", "ML-DSA-65"),
            "is not a usable JWK: its \"pub\" is 1312 bytes long; ML-DSA-65 requires 1952",
        ),
        (
            member(&private, "priv", bytes(2560)),
            "is not a usable JWK: its \"priv\" is 2560 bytes long; ML-DSA-44 requires 32",
        ),
        (
            member(&private, "priv", bytes(32)),
            "is not a valid ML-DSA-44 private key (its seed and the keys beside it do not match each other)",
        ),
        // The vector t1 is zero, so that anyone could sign.
        (
            member(&public, "pub", base64url([vec![7; 32], vec![0; 1280]].concat())),
            "is not a valid ML-DSA-44 public key (all numbers of its t1 are zero)",
        ),
    ] {
        verify(&jwk.to_string(), "e30.e30.", &[]).error(&format!("k.jwk {error}")).code(7);
    }
}

/// An SPKI whose key has another length is not taken for a key of another parameter set.
#[test]
fn an_spki_with_a_key_of_another_length_is_refused() {
    let mut der = pem_bytes(&key("mldsa44.spki.public.pem"));
    // The last number of the OID is that of ML-DSA-65.
    let at = der.windows(4).position(|bytes| bytes == [3, 4, 3, 17]).unwrap() + 3;
    der[at] = 18;
    let call = clocked(&["verify", "-k", "k.der", "e30.e30."]).file("k.der", der);
    call.error(
        "k.der is not a valid ML-DSA-65 public key (it is 1312 bytes long; ML-DSA-65 requires 1952)",
    )
    .code(7);
}

fn pem_bytes(pem: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let text = text(pem);
    let lines: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(lines).unwrap()
}

#[test]
fn use_key_ops_and_kid_bind() {
    let private = private_jwk();
    let token = text(&encode(&private, &["--kid", "a"]).output().stdout);
    let forbidding = |name, value: Value| member(&private, name, value).to_string();
    for (jwk, said) in [
        (forbidding("use", json!("enc")), "is not for verifying: its \"use\" is \"enc\""),
        (
            forbidding("key_ops", json!(["sign"])),
            "is not for verifying: its \"key_ops\" is [\"sign\"]",
        ),
    ] {
        verify(&jwk, &token, &[])
            .error(&format!("the ML-DSA-44 private key (k.jwk) {said}"))
            .code(7);
    }
    let other = forbidding("kid", json!("b"));
    assert_eq!(verify(&other, &token, &[]).output().status.code(), Some(4));
    let own = forbidding("kid", json!("a"));
    verify(&own, &token, &[]).stdout(format!("{CLAIMS}\n")).code(0);
}

/// Its `priv` is not taken for a private part of other types of keys, which may have a member of that name.
#[test]
fn a_published_private_key_is_not_used() {
    use crate::issuer_server::{Reply, Server};
    let server = Server::start();
    let private = member(&private_jwk(), "kid", "a");
    let token = text(&encode(&private, &[]).output().stdout);
    let ask = |jwk: &Value| {
        server.answer("/keys", Reply::of(jwks(&[jwk.to_string()])));
        let call = clocked(&["verify", "--compact", "--no-cache", "--jwks", &server.url("/keys")]);
        call.stdin(&token).output()
    };
    let refused = ask(&private);
    assert_eq!(refused.status.code(), Some(7));
    let said = text(&refused.stderr);
    assert!(
        said.contains("key \"a\" (ML-DSA-44 private key) is in a document that anybody can fetch"),
        "{said}"
    );
    assert_eq!(ask(&without(&private, "priv")).status.code(), Some(0));
}

#[test]
fn it_does_not_encrypt() {
    let public = without(&private_jwk(), "priv").to_string();
    let call = clocked(&["encode", "{}", "--no-sign", "--encrypt-to", "k.jwk"]);
    call.file("k.jwk", public)
        .error("the ML-DSA-44 public key (k.jwk) cannot encrypt or decrypt: it is for signatures")
        .hint("JWEs are encrypted with secrets, RSA, EC on P-256, P-384 or P-521, or X25519")
        .code(7);
}

#[test]
fn a_private_key_is_never_shown() {
    let private = private_jwk();
    let seed = private["priv"].as_str().unwrap();
    for args in [&["key", "show"][..], &["key", "show", "--json"], &["key", "public"]] {
        let output = jwtctl(args).stdin(private.to_string()).output();
        assert_eq!(output.status.code(), Some(0));
        assert!(!text(&output.stdout).contains(seed));
    }
    let as_secret =
        clocked(&["verify", "--secret-file", "s", "e30.e30."]).file("s", private.to_string());
    as_secret
        .error("s holds a JSON Web Key, not an HMAC secret")
        .hint("used as a secret, a public key would let anyone sign; keys of any form go to --key or --key-env")
        .code(7);
}
