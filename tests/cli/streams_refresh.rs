//! Streams of `refresh`: tokens in, new tokens out, and an empty line for a token that is refused.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

use crate::diagnosed::pkcs8;
use crate::harness::{
    HEADER, P256, P256_D, SECRET, base64url, clocked, forged, jwk, jwks, parts, signed,
    signed_with, text, token,
};
use crate::streams::{EXPIRED, GOOD, junk, lines, stream};

/// Claims that were given 30 minutes, five of which are gone.
const USED: &str = r#"{"user_id":1,"iat":1699999700,"exp":1700001500}"#;
/// What becomes of them.
const RENEWED: &str = r#"{"user_id":1,"iat":1700000000,"exp":1700001800}"#;

const EXPIRED_AT: &str = "the token expired 1 second ago (2023-11-14 22:13:19 UTC)";
const RENEW: &str =
    "log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN";

#[test]
fn a_successor_for_each_token() {
    let items = [&*token(USED), "", &*token(EXPIRED), "junk", &*token(USED)];
    let renewed = token(RENEWED);
    stream("refresh", &[], &items)
        .stdout(lines(&[&*renewed, "", "", &renewed]))
        .error(&format!("line 3: {EXPIRED_AT}"))
        .hint(RENEW)
        .error(&junk(4))
        .hint("was it cut?")
        .summary("5 lines: 2 ok, 1 expired, 1 invalid (1 token-parts), 1 blank")
        .code(4);
}

#[test]
fn flags_hold_for_every_line() {
    let items = [token(USED), token(EXPIRED)];
    stream(
        "refresh",
        &["--ttl", "60", "--grace", "10", "--set", "a:=1.10", "--unset", "user_id"],
        &items,
    )
    .stdout(lines(&[
        token(r#"{"iat":1700000000,"exp":1700000060,"a":1.10}"#),
        token(r#"{"exp":1700000060,"a":1.10}"#),
    ]))
    .summary("2 lines: 2 ok")
    .code(0);
}

#[test]
fn a_fresh_token_is_left_alone() {
    let spaced = signed(HEADER, "{ \"exp\" : 1700001800 }");
    stream(
        "refresh",
        &["--if-expiring", "5m"],
        &[format!(" Bearer {spaced} "), token(r#"{"exp":1700000060}"#)],
    )
    .stdout(lines(&[&spaced, &token(r#"{"exp":1700001800}"#)]))
    .summary("2 lines: 2 ok")
    .code(0);
}

#[test]
fn a_jti_is_new_for_each_line() {
    let item = token(r#"{"jti":"old","exp":1700001800}"#);
    let output = stream("refresh", &[], &[&item, &item, &item]).output();
    assert_eq!(text(&output.stderr), "summary: 3 lines: 3 ok\n");
    let mut claims: Vec<_> = text(&output.stdout).lines().map(|token| parts(token).1).collect();
    assert!(claims.iter().all(|claims| !claims.contains("old")), "{claims:?}");
    claims.sort();
    claims.dedup();
    assert_eq!(claims.len(), 3);
}

#[test]
fn claims_come_through_as_they_were_spelled() {
    let item =
        signed(HEADER, "{\"n\":9007199254740993,\n \"p\":1.10,\"s\":\"a\\nb\",\"exp\":1700001800}");
    let successor = token(r#"{"n":9007199254740993,"p":1.10,"s":"a\nb","exp":1700001800}"#);
    stream("refresh", &[], &[&item]).stdout(lines(&[&successor])).summary("1 line: 1 ok").code(0);
}

#[test]
fn a_warning_names_its_line() {
    let odd = token(r#"{"iat":1700000000,"exp":1700000000000}"#);
    let odder = token(r#"{"iat":1699999999,"exp":99999999999999}"#);
    stream("refresh", &[], &[&token(USED), &odder])
        .stdout(lines(&[&token(RENEWED), &token(r#"{"iat":1700000000,"exp":1700001800}"#)]))
        .warning("line 2: the old lifetime (\"exp\" - \"iat\") is over 1000 years; the new one is 30 minutes")
        .hint("choose another with --ttl")
        .summary("2 lines: 2 ok")
        .code(0);
    let output = stream("refresh", &["-q"], &[&odd, &odder]).output();
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
}

#[test]
fn a_new_key_signs_every_line() {
    let other = "another secret that is long enough for HS256";
    let output = stream(
        "refresh",
        &["--sign-secret-env", "NEW"],
        &[token(USED), forged(&token(USED)), token(USED)],
    )
    .env("NEW", other)
    .output();
    assert_eq!(output.status.code(), Some(4));
    let made = text(&output.stdout);
    let rows: Vec<_> = made.lines().collect();
    let renewed = signed_with(other.as_bytes(), HEADER, RENEWED);
    assert_eq!(rows, [&*renewed, "", &renewed]);
}

#[test]
fn a_kid_is_only_changed_where_another_key_signs() {
    // Neither token has a kid, and both have the same header. The set has the private half of one key alone.
    let other = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = other.public_key().as_ref();
    let (x, y) = (base64url(&point[1..33]), base64url(&point[33..]));
    let other_jwk = format!(r#""kid":"a","kty":"EC","crv":"P-256","x":"{x}","y":"{y}""#);
    let own_jwk = jwk(&[r#""kid":"b""#, P256, P256_D]);
    let own = pkcs8("p256.pkcs8.private.pem");
    let own = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &own).unwrap();
    let signed_by = |key: &EcdsaKeyPair| {
        let input = format!("{}.{}", base64url(r#"{"alg":"ES256"}"#), base64url(USED));
        let signature = key.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", base64url(signature))
    };
    let output = clocked(&["refresh", "--batch", "--threads", "1", "--jwks", "set.json"])
        .file("set.json", jwks(&[jwk(&[&other_jwk]), own_jwk]))
        .stdin(lines(&[signed_by(&other), signed_by(&own), signed_by(&other)]))
        .output();
    let made = text(&output.stdout);
    let headers: Vec<_> = made.lines().map(|token| token.split('.').next().unwrap()).collect();
    let [kept, changed] = [r#"{"alg":"ES256"}"#, r#"{"alg":"ES256","kid":"b"}"#].map(base64url);
    assert_eq!(headers, [&*changed, &kept, &changed]);
}

#[test]
fn each_token_is_renewed_by_the_key_of_its_kid() {
    let secrets =
        [SECRET, "another secret that is long enough for every hash: HS256, HS384, HS512"];
    let set = jwks(&[("a", secrets[0]), ("b", secrets[1])].map(|(kid, secret)| {
        jwk(&[r#""kty":"oct""#, &format!("\"kid\":\"{kid}\",\"k\":\"{}\"", base64url(secret))])
    }));
    let made = |by: usize, kid: &str, claims: &str| {
        let header = format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}");
        signed_with(secrets[by].as_bytes(), &header, claims)
    };
    clocked(&["refresh", "--batch", "--jwks", "set.json"])
        .file("set.json", set)
        .stdin(lines(&[
            made(0, "a", USED),
            made(1, "b", USED),
            made(0, "b", USED),
            made(1, "b", GOOD),
        ]))
        .stdout(lines(&[
            made(0, "a", RENEWED),
            made(1, "b", RENEWED),
            String::new(),
            made(1, "b", GOOD),
        ]))
        .error("line 3: the signature does not match: checked as HS256 with key \"b\" of set.json (HMAC secret)")
        .hint("the token was signed with another key, or changed after it was signed")
        .summary("4 lines: 3 ok, 1 invalid (1 bad-signature)")
        .code(4);
}

#[test]
fn reports() {
    let (old, new) = (token(USED), token(RENEWED));
    let row = format!(
        r#"{{"line":2,"ok":true,"status":"valid","exit_code":0,"token":"{new}","renewed":true,"header":{HEADER},"claims":{RENEWED},"expires_at":"2023-11-14T22:43:20Z","expires_in":1800,"problems":[],"warnings":[]}}"#
    );
    let bad = r#"{"line":3,"ok":false,"status":"invalid","exit_code":4,"token":null,"header":null,"claims":null,"expires_at":null,"expires_in":null,"problems":[{"code":"token-parts","message":"a token has three parts separated by dots; this text has 1","hint":"was it cut?"}],"warnings":[]}"#;
    stream("refresh", &["--json"], &["", &*old, "junk"])
        .stdout(lines(&[&*row, bad]))
        .summary("3 lines: 1 ok, 1 invalid (1 token-parts), 1 blank")
        .code(4);
}
