//! Several key flags at once: their keys form one set, and the report says which key matched.

use crate::harness::{
    Call, PRINTED, SECRET, base64url, clocked, jwk, jwtctl, key, line, parts, signed_with, text,
};

const OLD: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
const CLAIMS: &str = r#"{"user_id":123,"iat":1700000000,"exp":1700001800}"#;

fn hs256(secret: &str, kid: Option<&str>) -> String {
    let kid = kid.map(|kid| format!(r#","kid":"{kid}""#)).unwrap_or_default();
    signed_with(secret.as_bytes(), &format!(r#"{{"alg":"HS256"{kid}}}"#), CLAIMS)
}

fn oct(kid: &str, secret: &str) -> String {
    jwk(&[
        r#""kty":"oct""#,
        &format!(r#""kid":"{kid}""#),
        &format!(r#""k":"{}""#, base64url(secret)),
    ])
}

/// A call with the variables NEW and OLD.
fn rotating(args: &[&str]) -> Call {
    clocked(args).env("NEW", SECRET).env("OLD", OLD)
}

const NEW_AND_OLD: [&str; 4] = ["--secret-env", "NEW", "--secret-env", "OLD"];

#[test]
fn a_token_by_any_of_several_secrets_is_valid() {
    for secret in [SECRET, OLD] {
        let token = hs256(secret, None);
        for flags in [NEW_AND_OLD, ["--secret-env", "OLD", "--secret-env", "NEW"]] {
            rotating(&[&["verify", &token], &flags[..]].concat()).stdout(PRINTED).code(0);
        }
    }
}

#[test]
fn the_report_says_which_key_matched() {
    for (secret, source) in [(SECRET, "NEW"), (OLD, "OLD")] {
        let token = hs256(secret, None);
        let call = rotating(&[&["verify", "--json", &token], &NEW_AND_OLD[..]].concat());
        let report = text(&call.output().stdout);
        assert!(report.contains(&format!(r#""source": "{source}""#)), "{report}");
    }
    let tokens = format!("{}\n{}\n", hs256(OLD, None), hs256(SECRET, None));
    rotating(&[&["verify", "--batch"], &NEW_AND_OLD[..]].concat())
        .stdin(tokens)
        .stdout(
            "{\"line\":1,\"status\":\"valid\",\"claims\":{\"user_id\":123,\"iat\":1700000000,\"exp\":1700001800},\"key\":{\"kid\":null,\"number\":2},\"problems\":[]}\n\
             {\"line\":2,\"status\":\"valid\",\"claims\":{\"user_id\":123,\"iat\":1700000000,\"exp\":1700001800},\"key\":{\"kid\":null,\"number\":1},\"problems\":[]}\n",
        )
        .summary("2 lines: 2 valid")
        .code(0);
}

#[test]
fn a_signature_by_none_of_them_is_refused() {
    let token = hs256("another secret of at least 32 bytes", None);
    rotating(&[&["verify", &token], &NEW_AND_OLD[..]].concat())
        .error("the signature does not match: checked as HS256 with each of your 2 keys that support it")
        .evidence("NEW (HMAC secret)")
        .evidence("OLD (HMAC secret)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
    let token = signed_with(b"x", r#"{"alg":"HS256"}"#, CLAIMS);
    rotating(&["verify", &token, "--secret-env", "NEW", "--key", "p256.spki.public.pem"])
        .key("p256.spki.public.pem")
        .error("the signature does not match: checked as HS256 with the HMAC secret (NEW)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}

#[test]
fn flags_of_all_kinds_are_one_set() {
    let ecdsa = clocked(&["encode", CLAIMS, "--no-typ", "-k", "p256.pkcs8.private.pem"]);
    let ecdsa = text(&ecdsa.key("p256.pkcs8.private.pem").output().stdout);
    let set = format!(r#"{{"keys":[{}]}}"#, oct("n", OLD));
    let flags = ["--secret-env", "NEW", "--key", "p256.spki.public.pem", "--jwks", "s.json"];
    for token in [ecdsa.trim_end(), &hs256(SECRET, None), &hs256(OLD, Some("n")), &hs256(OLD, None)]
    {
        rotating(&[&["verify", token], &flags[..]].concat())
            .key("p256.spki.public.pem")
            .file("s.json", &set)
            .stdout(PRINTED)
            .code(0);
    }
}

#[test]
fn a_kid_selects_among_the_keys_that_have_one() {
    let files = |call: Call| call.file("a.jwk", oct("a", SECRET)).file("b.jwk", oct("b", OLD));
    let flags = ["--key", "a.jwk", "--key", "b.jwk"];
    let verify = |token: &str| files(clocked(&[&["verify", token], &flags[..]].concat()));
    verify(&hs256(OLD, Some("b"))).stdout(PRINTED).code(0);
    verify(&hs256(OLD, None)).stdout(PRINTED).code(0);
    verify(&hs256(OLD, Some("a")))
        .error("the signature does not match: checked as HS256 with the HMAC secret (a.jwk)")
        .evidence("the key of b.jwk matches the signature")
        .hint("if it is the right key: jq 'del(.kid)' b.jwk | jwtctl verify --key - TOKEN")
        .code(4);
    verify(&hs256(OLD, Some("c")))
        .error("the token's \"kid\" is \"c\", and none of your keys has it")
        .evidence("the key of b.jwk matches the signature")
        .evidence("it has \"a\", \"b\"")
        .hint("if it is the right key: jq 'del(.kid)' b.jwk | jwtctl verify --key - TOKEN")
        .code(4);
    // A secret that is not in a JWK has no kid.
    files(rotating(
        &[&["verify", &hs256(OLD, Some("c"))], &flags[..], &["--secret-env", "OLD"]].concat(),
    ))
    .stdout(PRINTED)
    .code(0);
}

#[test]
fn different_keys_with_the_kid_of_a_token_are_a_fault_of_the_keys() {
    let verify = |other: &str| {
        let token = hs256(SECRET, Some("a"));
        clocked(&["verify", &token, "--key", "a.jwk", "--key", "b.jwk"])
            .file("a.jwk", oct("a", SECRET))
            .file("b.jwk", oct("a", other))
    };
    verify(SECRET).stdout(PRINTED).code(0);
    verify(OLD)
        .error("2 of your keys have the token's kid \"a\"")
        .hint("each key of a set needs a kid of its own")
        .code(7);
}

#[test]
fn secrets_on_the_command_line_are_numbered() {
    let token = hs256(OLD, None);
    let call = clocked(&["verify", "--json", &token, "-S", SECRET, "--secret", OLD]);
    let report = text(&call.output().stdout);
    assert!(report.contains(r#""source": "--secret 2""#), "{report}");
    clocked(&["verify", &token, "-S", SECRET, "--secret", ""])
        .error("--secret 2 is empty")
        .hint("with an empty key anyone could sign, so it is never used")
        .code(7);
}

#[test]
fn every_source_must_be_usable() {
    let token = hs256(SECRET, None);
    rotating(&["verify", &token, "--secret-env", "NEW", "--secret-env", "GONE"])
        .error("GONE is not set")
        .hint("export it, or name another variable")
        .code(7);
    rotating(&["verify", &token, "--secret-env", "NEW", "--key", "x.jwk"])
        .file(
            "x.jwk",
            jwk(&[r#""kty":"oct","use":"enc","kid":"x""#, &format!(r#""k":"{}""#, base64url(OLD))]),
        )
        .error("the HMAC secret (x.jwk) is not for verifying: its \"use\" is \"enc\"")
        .code(7);
}

#[test]
fn a_secret_has_a_format_of_its_own() {
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let bytes: Vec<u8> =
        (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    let token = signed_with(&bytes, r#"{"alg":"HS256"}"#, CLAIMS);
    let call = |args: &[&str]| rotating(&[&["verify", &token], args].concat()).env("HEX", hex);
    call(&["--secret-env", "NEW", "--secret-env", "hex:HEX"]).stdout(PRINTED).code(0);
    call(&["--secret-env", "hex:HEX"]).stdout(PRINTED).code(0);
    call(&["--secret-env", "text:NEW", "--secret-env", "HEX", "--secret-format", "hex"])
        .stdout(PRINTED)
        .code(0);
    call(&["--secret-env", "NEW", "--secret-file", "hex:s.txt"])
        .file("s.txt", hex)
        .stdout(PRINTED)
        .code(0);
    call(&["--secret-env", "NEW", "--secret-file", "./hex:s.txt", "--secret-format", "hex"])
        .env("NEW", hex)
        .file("hex:s.txt", hex)
        .stdout(PRINTED)
        .code(0);
    call(&["--secret-env", "hex:HEX", "--secret-format", "hex"])
        .error("--secret-format cannot be used with --secret-env: it applies only to secrets that no FORMAT: is written before")
        .hint("use only one of them")
        .code(2);
    let encoded =
        clocked(&["encode", CLAIMS, "--no-typ", "--secret-env", "hex:HEX"]).env("HEX", hex);
    encoded.stdout(line(&token)).code(0);
}

#[test]
fn a_hint_names_the_secret_whose_format_is_wrong() {
    let secret = base64url(OLD);
    let token = hs256(OLD, None);
    clocked(&[&["verify", &token], &NEW_AND_OLD[..]].concat())
        .env("NEW", SECRET)
        .env("OLD", &secret)
        .error("the signature does not match: checked as HS256 with each of your 2 keys that support it")
        .evidence("NEW (HMAC secret)")
        .evidence("OLD (HMAC secret)")
        .evidence("the secret matches decoded from base64")
        .hint("use --secret-env base64:OLD")
        .code(4);
}

#[test]
fn the_first_source_that_can_sign_renews() {
    let renewed = |args: &[&str], token: &str| {
        let call = rotating(&[&["refresh", token], args].concat());
        let output = call.key("p256.pkcs8.private.pem").key("p256.spki.public.pem").output();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        text(&output.stdout).trim_end().to_owned()
    };
    let verify = |token: &str, flags: &[&str]| {
        let call = rotating(&[&["verify", token], flags].concat());
        call.key("p256.spki.public.pem").stdout(PRINTED).code(0);
    };
    let old = hs256(OLD, None);
    verify(&renewed(&NEW_AND_OLD, &old), &["--secret-env", "NEW"]);
    verify(
        &renewed(&["--secret-env", "OLD", "--secret-env", "NEW"], &old),
        &["--secret-env", "OLD"],
    );
    // A public key cannot.
    let flags = ["--key", "p256.spki.public.pem", "--secret-env", "OLD"];
    verify(&renewed(&flags, &old), &["--secret-env", "OLD"]);
    let flags = ["--key", "p256.pkcs8.private.pem", "--secret-env", "OLD"];
    let token = renewed(&flags, &old);
    assert_eq!(parts(&token).0, r#"{"alg":"ES256"}"#);
    verify(&token, &["--key", "p256.spki.public.pem"]);
    // --sign-secret-env says otherwise.
    let flags = [&NEW_AND_OLD[..], &["--sign-secret-env", "text:OLD"]].concat();
    verify(&renewed(&flags, &old), &["--secret-env", "OLD"]);
}

#[test]
fn encode_signs_with_one_key() {
    let call = clocked(&[&["encode", "--user", "1"], &NEW_AND_OLD[..]].concat());
    call.error("--secret-env is given twice").hint("use only one of them").code(2);
}

#[test]
fn a_public_key_among_them_is_no_secret() {
    let public = "p256.spki.public.pem";
    let token = signed_with(&key(public), r#"{"alg":"HS256"}"#, CLAIMS);
    let call = rotating(&["verify", &token, "--secret-env", "NEW", "--key", public]).key(public);
    assert_eq!(call.output().status.code(), Some(4));
    let call = rotating(&["verify", &token, "--secret-env", "NEW", "--secret-file", public]);
    assert_eq!(call.key(public).output().status.code(), Some(7));
}

#[test]
fn a_set_of_secrets_is_made_on_demand_and_is_private() {
    let files = |call: Call| call.file("a.jwk", oct("a", SECRET)).key("p256.pkcs8.private.pem");
    let call =
        files(jwtctl(&["key", "set", "--secret", "--compact", "a.jwk", "p256.pkcs8.private.pem"]));
    let set = text(&call.output().stdout);
    assert!(set.contains(&base64url(SECRET)) && !set.contains(r#""d":"#), "{set}");
    let token = hs256(SECRET, Some("a"));
    clocked(&["verify", &token, "--jwks", "s.json"]).file("s.json", &set).stdout(PRINTED).code(0);
    jwtctl(&["key", "set", "--secret", "s.txt"])
        .file("s.txt", SECRET)
        .error("s.txt has no key in any known format")
        .hint("a secret must be a JWK first: jwtctl key convert --format jwk --kid ID --secret-file FILE --out KEY.jwk")
        .code(7);
    // The same secret twice is one key, another one under its kid is a fault.
    let twice = jwtctl(&["key", "set", "--secret", "--compact", "a.jwk", "b.jwk"]);
    let twice = twice.file("a.jwk", oct("a", SECRET));
    let same = text(&twice.file("b.jwk", oct("a", SECRET)).output().stdout);
    assert_eq!(same.matches("\"kty\"").count(), 1, "{same}");
    let other =
        jwtctl(&["key", "set", "--secret", "a.jwk", "b.jwk"]).file("a.jwk", oct("a", SECRET));
    assert_eq!(other.file("b.jwk", oct("a", OLD)).output().status.code(), Some(7));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_set_of_secrets() {
    use std::os::unix::fs::PermissionsExt as _;
    for (flags, mode) in [(&["--secret", "a.jwk"][..], 0o600), (&["p256.pkcs8.private.pem"], 0o644)]
    {
        let call = jwtctl(&[&["key", "set", "--out", "s.json"], flags].concat());
        let call = call.file("a.jwk", oct("a", SECRET)).key("p256.pkcs8.private.pem");
        assert_eq!(call.output().status.code(), Some(0));
        let found = std::fs::metadata(call.path("s.json")).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{flags:?}");
    }
}
