//! `refresh`: which claims are kept and which are renewed, and when there is no new token.

use crate::harness::{
    CLAIMS, SECRET, clocked, keyed, line, parts, refresh, renewed, signed, text, token,
};

#[test]
fn times_move_to_now_and_the_rest_is_kept() {
    renewed(
        r#"{"z":1E5,"user_id":123,"iat":1699999000,"a":{"b":[1.10]},"exp":1700000600,"u":"\u00fc"}"#,
        &[],
        r#"{"z":1E5,"user_id":123,"iat":1700000000,"a":{"b":[1.10]},"exp":1700001600,"u":"\u00fc"}"#,
    );
}

#[test]
fn a_successor_always_expires() {
    // A naive refresh would make a token that never expires.
    renewed(r#"{"user_id":123}"#, &[], r#"{"user_id":123,"exp":1700001800}"#);
    // No iat to count the old lifetime from: 30 minutes; and none is made up.
    renewed(r#"{"user_id":123,"exp":1700000001}"#, &[], r#"{"user_id":123,"exp":1700001800}"#);
    renewed(
        r#"{"iat":1699999000,"user_id":123}"#,
        &[],
        r#"{"iat":1700000000,"user_id":123,"exp":1700001800}"#,
    );
}

#[test]
fn ttl_sets_the_lifetime() {
    for ttl in ["1h", "60m", "3600"] {
        renewed(
            r#"{"iat":1699999000,"exp":1700000600}"#,
            &["--ttl", ttl],
            r#"{"iat":1700000000,"exp":1700003600}"#,
        );
    }
}

#[test]
fn nbf_stays_as_far_from_iat_as_it_was() {
    renewed(
        r#"{"nbf":1699999010,"iat":1699999000,"exp":1700000600}"#,
        &[],
        r#"{"nbf":1700000010,"iat":1700000000,"exp":1700001600}"#,
    );
    renewed(r#"{"nbf":1,"exp":1700000600}"#, &[], r#"{"nbf":1700000000,"exp":1700001800}"#);
}

#[test]
fn jti_is_new_where_there_was_one() {
    let output = refresh(r#"{"jti":"old","exp":1700000600}"#, &[]).output();
    let (_, claims) = parts(&text(&output.stdout));
    let rest = claims.strip_prefix(r#"{"jti":""#).expect("jti keeps its place");
    assert_eq!(&rest[36..], r#"","exp":1700001800}"#, "{claims}");
}

#[test]
fn the_header_is_kept() {
    let header = r#"{"kid":"k","typ":"at+jwt","x":1.10,"alg":"HS256"}"#;
    keyed(&["refresh", &signed(header, CLAIMS)]).stdout(line(&signed(header, CLAIMS))).code(0);
}

#[test]
fn set_and_unset_change_claims() {
    renewed(
        r#"{"a":1,"b":2,"iat":1699999000,"exp":1700000600}"#,
        &["--unset", "a", "--set", "b=3", "--set", "c:=[4]", "--unset", "none"],
        r#"{"b":"3","iat":1700000000,"exp":1700001600,"c":[4]}"#,
    );
    refresh(CLAIMS, &["--set", "a=1", "--unset", "a"])
        .error(r#"the claim "a" is given twice by flags"#)
        .code(2);
}

#[test]
fn what_is_expected_of_verify_is_expected_here() {
    refresh(CLAIMS, &["--iss", "me"]).error(r#"there is no "iss"; expected "me""#).code(6);
    refresh(r#"{"aud":"a","exp":1700000600}"#, &[])
        .error(r#"the token is meant for "a", and no audience was expected"#)
        .hint("pass your audience with --aud NAME; --any-aud accepts any audience")
        .code(6);
    refresh(r#"{"exp":1700000000}"#, &[])
        .error("the token expired just now (2023-11-14 22:13:20 UTC)")
        .hint("log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN")
        .code(3);
    refresh(CLAIMS, &["-A", "HS512"])
        .error(r#"the token's "alg" is HS256, and --alg allows only HS512"#)
        .code(4);
}

#[test]
fn grace_renews_a_token_that_expired_a_short_while_ago() {
    let claims = r#"{"iat":1699996400,"exp":1699998200}"#;
    for flags in [&["--grace", "30m"][..], &["--grace", "1h"], &["--allow-expired"]] {
        renewed(claims, flags, r#"{"iat":1700000000,"exp":1700001800}"#);
    }
    refresh(claims, &["--grace", "29m59s"])
        .error("the token expired 30 minutes ago (2023-11-14 21:43:20 UTC)")
        .hint("log in again, or renew it with the key that signs: jwtctl refresh --grace 31m TOKEN")
        .code(3);
}

#[test]
fn if_expiring_leaves_a_fresh_token_alone() {
    let claims = r#"{"iat":1699999000,"exp":1700000600}"#;
    let renewed_claims = r#"{"iat":1700000000,"exp":1700001600}"#;
    renewed(claims, &["--if-expiring", "9m59s"], claims);
    renewed(claims, &["--if-expiring", "10m"], renewed_claims);
    renewed(r#"{"a":1}"#, &["--if-expiring", "1s"], r#"{"a":1,"exp":1700001800}"#);
    // Unchanged means the same text without quotes and Bearer.
    let spaced = signed("{ \"alg\" : \"HS256\" }", "{ \"exp\" : 1700000600 }");
    keyed(&["refresh", "--if-expiring", "1m"])
        .stdin(format!("Bearer {spaced}\n"))
        .stdout(line(&spaced))
        .code(0);
}

#[test]
fn a_public_key_cannot_renew() {
    let made = clocked(&["encode", "--user", "123", "-k", "p256.pkcs8.private.pem"])
        .key("p256.pkcs8.private.pem")
        .output();
    clocked(&["refresh", "-k", "p256.spki.public.pem"])
        .key("p256.spki.public.pem")
        .stdin(made.stdout)
        .error("the P-256 public key (p256.spki.public.pem) cannot sign")
        .hint("a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND")
        .code(7);
}

#[test]
fn another_key_signs_in_a_rotation() {
    let old = signed(r#"{"alg":"HS256","typ":"JWT","kid":"old"}"#, CLAIMS);
    // From secret to secret: alg stays, kid named the old key.
    let new_secret = "another secret of 64 bytes, another secret of 64 bytes, another!";
    keyed(&["refresh", &old, "--sign-secret-env", "NEW"])
        .env("NEW", new_secret)
        .stdout(line(&crate::harness::signed_with(
            new_secret.as_bytes(),
            r#"{"alg":"HS256","typ":"JWT"}"#,
            CLAIMS,
        )))
        .code(0);
    // From secret to key: alg is the key's own. Ed25519 signatures are deterministic.
    let output = keyed(&["refresh", &old, "--sign-key", "ed25519.pkcs8.private.pem"])
        .key("ed25519.pkcs8.private.pem")
        .output();
    let (header, claims) = parts(&text(&output.stdout));
    assert_eq!(header, r#"{"alg":"EdDSA","typ":"JWT"}"#);
    assert_eq!(claims, CLAIMS);
    clocked(&["verify", "-k", "ed25519.spki.public.pem", "-q"])
        .key("ed25519.spki.public.pem")
        .stdin(output.stdout)
        .code(0);
}

#[test]
fn an_old_token_is_no_longer_accepted_after_a_rotation() {
    clocked(&["verify", &token(CLAIMS), "-S", &SECRET.replace('0', "1")])
        .error("the signature does not match: checked as HS256 with the HMAC secret (--secret)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}
