//! The numbers of EC JWKs (RFC 7518 sections 6.2.1 and 6.2.2). Programs that treat them as integers drop leading zeros, or
//! add one for the sign. Such keys are read, with a warning.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::harness::{ED25519, P256, PRINTED, clocked, jwk, jwks, jwtctl, text};

/// Key files, and the number in each that begins with a zero byte.
const SHORT: [(&str, &str, &str); 3] = [
    ("p256-short-number.pkcs8.private.pem", "d", "P-256"),
    ("p256-short-point.pkcs8.private.pem", "x", "P-256"),
    ("p521-short-number.pkcs8.private.pem", "x", "P-521"),
];

/// A key as a JWK on one line.
fn whole(file: &str) -> String {
    let call = jwtctl(&["key", "convert", "--format", "jwk", "--compact", file]).key(file);
    text(&call.output().stdout)
}

fn bytes(jwk: &Value, name: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()
}

/// The JWK with a number of it changed.
fn changed(jwk: &str, name: &str, change: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let mut jwk: Value = serde_json::from_str(jwk).unwrap();
    let encoded = URL_SAFE_NO_PAD.encode(change(&bytes(&jwk, name)));
    jwk[name] = encoded.into();
    jwk.to_string()
}

fn without_zeros(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number[zeros..].to_vec()
}

fn with_zeros(number: &[u8]) -> Vec<u8> {
    [&[0, 0][..], number].concat()
}

fn public(jwk: &str) -> String {
    let mut jwk: Value = serde_json::from_str(jwk).unwrap();
    jwk.as_object_mut().unwrap().remove("d");
    jwk.to_string()
}

const HINT: &str =
    "other programs may reject the key; to correct it: jwtctl key convert --format jwk KEY";

#[test]
fn leading_zeros_that_were_lost_or_added_change_no_key() {
    for (file, name, curve) in SHORT {
        let whole = whole(file);
        let length = bytes(&serde_json::from_str(&whole).unwrap(), name).len();
        let lost = changed(&whole, name, without_zeros);
        let found = bytes(&serde_json::from_str(&lost).unwrap(), name).len();
        assert!(found < length, "{file}");
        let added = changed(&whole, name, with_zeros);
        for (odd, found, done) in [(lost, found, "added"), (added, length + 2, "removed")] {
            let said = format!(
                "\"{name}\" of k.jwk is {found} bytes long; {curve} requires {length} (RFC 7518 section 6.2): leading zeros were {done}"
            );
            let on = |args: &[&str]| clocked(args).file("k.jwk", &odd).warning(&said).hint(HINT);
            let output = on(&["encode", "--user", "123", "-k", "k.jwk"]).output();
            let token = text(&output.stdout);
            assert_eq!(text(&output.stderr), format!("warning: {said}\nhint: {HINT}\n"));
            on(&["verify", "-k", "k.jwk", token.trim_end()]).stdout(PRINTED).code(0);
            clocked(&["verify", "-k", "k.jwk", token.trim_end()])
                .file("k.jwk", &whole)
                .stdout(PRINTED)
                .code(0);
            // The hint's command writes it in full.
            let convert = ["key", "convert", "--format", "jwk", "--compact", "k.jwk"];
            let converted = jwtctl(&convert).file("k.jwk", &odd).warning(&said).hint(HINT);
            converted.stdout(&whole).code(0);
        }
    }
}

#[test]
fn a_key_of_a_set_may_have_lost_zeros_too() {
    let (file, name, curve) = SHORT[1];
    let lost = public(&changed(&whole(file), name, without_zeros));
    let set = jwks(&[jwk(&[P256, r#""kid":"a""#]), lost]);
    let token = clocked(&["encode", "--user", "123", "-k", file]).key(file).output().stdout;
    let said = |key: &str| {
        format!(
            "\"{name}\" of {key} is 31 bytes long; {curve} requires 32 (RFC 7518 section 6.2): leading zeros were added"
        )
    };
    let kid = serde_json::from_str::<Value>(&whole(file)).unwrap()["kid"].to_string();
    let named = said(&format!("key {kid} of s.json"));
    let verify = |flags: &[&str]| {
        clocked(&[&["verify", "--jwks", "s.json"], flags].concat()).file("s.json", &set)
    };
    verify(&[]).stdin(&token).stdout(PRINTED).warning(&named).hint(HINT).code(0);
    // Of a stream it is said once, and of the keys that are not used nothing.
    let stream = verify(&["--batch"]).stdin(token.repeat(3)).output();
    assert_eq!(text(&stream.stderr).matches("bytes long").count(), 1);
    let shown = jwtctl(&["key", "show", "s.json"]).file("s.json", &set).output();
    assert!(text(&shown.stderr).contains(&named), "{}", text(&shown.stderr));
    let made = jwtctl(&["key", "set", "s.json"]).file("s.json", &set).output();
    assert!(text(&made.stderr).contains(&named), "{}", text(&made.stderr));
    assert!(text(&made.stdout).contains("\"x\":\"AKRnsbwDUSvaqMiQh8lC"), "{}", text(&made.stdout));
}

#[test]
fn a_number_that_lost_more_than_zeros_is_refused() {
    let key = jwk(&[P256]);
    for (name, length, change) in [
        ("x", 31, (|n| n[1..].to_vec()) as fn(&[u8]) -> Vec<u8>),
        ("y", 31, |n| n[..31].to_vec()),
        ("x", 16, |n| n[..16].to_vec()),
        ("x", 33, |n| [&[1][..], n].concat()),
        ("x", 33, |n| [n, &[0][..]].concat()),
        ("x", 65, |n| [&[4][..], n, n].concat()),
        ("y", 0, |_| Vec::new()),
        ("y", 40, |_| vec![0; 40]),
    ] {
        jwtctl(&["key", "public", "k.jwk"])
            .file("k.jwk", changed(&key, name, change))
            .error(&format!(
                "k.jwk is not a usable JWK: its {name:?} is {length} bytes long; the curve requires 32"
            ))
            .code(7);
    }
    // What Ed25519 has there is no number: its zeros stand at either end (RFC 8037 section 2).
    let short = changed(&jwk(&[ED25519]), "x", |n| n[..31].to_vec());
    jwtctl(&["key", "public", "k.jwk"])
        .file("k.jwk", short)
        .error("k.jwk is not a usable JWK: its \"x\" is 31 bytes long; the curve requires 32")
        .code(7);
}
