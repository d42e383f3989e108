//! Encrypted tokens (JWE, RFC 7516): made, shown, checked and refreshed; what is genuine, and what is not.

use serde_json::Value;

use crate::harness::{
    CLAIMS, Call, PRINTED, base64url, clocked, from_base64url, jwtctl, keyed, line, text, token,
};

/// 32 bytes in base64, the key of A256GCM.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

const PUBLIC: &str = "rsa2048.spki.public.pem";
const PRIVATE: &str = "rsa2048.pkcs8.private.pem";

const ENCRYPTED: &str = "this is an encrypted token (JWE)";
const KEY_TO_DECRYPT: &str =
    "give the key that decrypts it: --decrypt-key PATH or --decrypt-secret-env NAME";
const FAILED: &str = "the token cannot be decrypted: it was encrypted for another key, or changed";
const DEMANDED: &str = "the token is encrypted but not signed, and a key for signatures was given";
const DEMANDED_HINT: &str = "if it is meant to be only encrypted with a shared secret, leave out the flags for signatures, and unset the variable of such a key";
const CUT: &str = "was the token cut, or combined from parts of several?";

/// What a call prints that must succeed and say nothing.
#[track_caller]
fn made(call: &Call) -> String {
    let output = call.output();
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    text(&output.stdout).trim_end().to_owned()
}

/// A call with [`KEY`] in a variable.
fn with_key(args: &[&str]) -> Call {
    clocked(args).env("KEY", KEY)
}

/// A token with these claims, encrypted with [`KEY`] and not signed.
fn sealed(claims: &str, flags: &[&str]) -> String {
    let encode = ["encode", claims, "--no-sign", "--encrypt-secret-env", "base64:KEY"];
    made(&with_key(&[&encode, flags].concat()))
}

/// A token with [`CLAIMS`], signed with the usual secret and encrypted to an RSA key.
fn nested() -> String {
    made(&keyed(&["encode", CLAIMS, "--encrypt-to", PUBLIC]).key(PUBLIC))
}

/// A token whose header is another one; the parts after it stay.
fn with_header(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').expect("five parts");
    format!("{}.{rest}", base64url(header))
}

fn header(token: &str) -> Value {
    let (header, _) = token.split_once('.').expect("five parts");
    serde_json::from_str(&from_base64url(header)).expect("JSON")
}

fn report(call: &Call) -> Value {
    serde_json::from_slice(&call.output().stdout).expect("a report")
}

fn decoded(token: &str) -> Call {
    with_key(&["decode", token, "--decrypt-secret-env", "base64:KEY"])
}

fn verified(token: &str) -> Call {
    with_key(&["verify", token, "--decrypt-secret-env", "base64:KEY"])
}

#[test]
fn a_token_that_is_signed_and_encrypted_is_checked_in_both_layers() {
    let token = nested();
    assert_eq!(header(&token)["cty"], "JWT");
    let verify = ["verify", &token, "--decrypt-key", PRIVATE];
    keyed(&verify).key(PRIVATE).stdout(PRINTED).code(0);
    clocked(&["decode", &token, "--decrypt-key", PRIVATE]).key(PRIVATE).stdout(PRINTED).code(0);
    // Without the key of the signature, the one that decrypts is not enough.
    let unsigned = ["verify", &token];
    let call = clocked(&unsigned).key(PRIVATE).env("JWTCTL_DECRYPT_KEY", PRIVATE);
    call.error("the token inside is signed, and no key was given to check the signature")
        .hint("add the key that verifies it: --key, --secret-env, --jwks or --oidc")
        .code(4);
}

#[test]
fn the_report_has_each_layer_from_the_outside_in() {
    let token = nested();
    let call = keyed(&["verify", &token, "--decrypt-key", PRIVATE, "--json"]).key(PRIVATE);
    let report = report(&call);
    assert_eq!(report["protection"], "signature");
    assert_eq!(report["header"]["alg"], "HS256");
    assert_eq!(report["key"]["algorithm"], "HS256");
    let layers = report["layers"].as_array().expect("an array");
    let kinds: Vec<_> = layers.iter().map(|layer| &layer["kind"]).collect();
    assert_eq!(kinds, ["JWE", "JWS"]);
    assert_eq!(layers[0]["header"]["alg"], "RSA-OAEP-256");
    assert_eq!(layers[0]["key"]["source"], PRIVATE);
    assert_eq!(layers[1]["key"]["algorithm"], "HS256");
}

#[test]
fn a_token_encrypted_with_a_shared_secret_is_as_genuine_as_one_with_an_hmac() {
    let token = sealed(CLAIMS, &[]);
    verified(&token).stdout(PRINTED).code(0);
    let report =
        report(&with_key(&["verify", &token, "--decrypt-secret-env", "base64:KEY", "--json"]));
    assert_eq!(report["protection"], "shared-key encryption");
    assert_eq!(report["layers"][0]["key"]["algorithm"], "dir");
    assert_eq!(report["key"]["kind"], "shared secret of 32 bytes");
    let expired = sealed(r#"{"exp":1600000000}"#, &[]);
    verified(&expired)
        .error("the token expired 3 years 61 days ago (2020-09-13 12:26:40 UTC)")
        .hint("log in again for a new one")
        .code(3);
}

#[test]
fn a_token_encrypted_to_a_public_key_and_not_signed_is_never_valid() {
    let encode = ["encode", CLAIMS, "--no-sign", "--encrypt-to", PUBLIC];
    let token = made(&clocked(&encode).key(PUBLIC));
    for flags in [&[][..], &["--raw"]] {
        let verify = [&["verify", &token, "--decrypt-key", PRIVATE], flags].concat();
        let call = jwtctl(&verify).key(PRIVATE);
        call.error("the token is not signed, and anyone could have encrypted it: RSA-OAEP-256 needs only the public key")
            .hint("jwtctl decode --decrypt-key shows what is inside; to be verified, a token must be signed before it is encrypted")
            .code(4);
    }
    clocked(&["decode", &token, "--decrypt-key", PRIVATE]).key(PRIVATE).stdout(PRINTED).code(0);
}

#[test]
fn where_a_key_for_signatures_is_given_a_signature_is_demanded() {
    let token = sealed(CLAIMS, &[]);
    verified(&token).env("JWTCTL_SECRET", "s").error(DEMANDED).hint(DEMANDED_HINT).code(4);
    let verify = ["verify", &token, "--decrypt-secret-env", "base64:KEY", "-S", "s"];
    with_key(&verify).error(DEMANDED).hint(DEMANDED_HINT).code(4);
    let refresh = ["refresh", &token, "--decrypt-secret-env", "base64:KEY", "-S", "s"];
    with_key(&refresh).error(DEMANDED).hint(DEMANDED_HINT).code(4);
}

#[test]
fn a_signed_token_needs_a_key_for_its_signature() {
    verified(&token(CLAIMS))
        .error("the token is signed and not encrypted, and no key was given to check the signature")
        .hint("add the key that verifies it: --key, --secret-env, --jwks or --oidc")
        .code(4);
    verified(&token(CLAIMS)).env("JWTCTL_SECRET", crate::harness::SECRET).stdout(PRINTED).code(0);
}

#[test]
fn what_is_inside_must_be_a_token_or_claims() {
    let token = wrapped("hello", r#"{"alg":"dir","enc":"A256GCM"}"#);
    for call in [verified(&token), decoded(&token)] {
        call.error(
            "inside the encryption: a token has three parts separated by dots; this text has 1",
        )
        .hint("was it cut?")
        .code(4);
    }
    let raw = ["decode", &token, "--raw", "--decrypt-secret-env", "base64:KEY"];
    jwtctl(&raw).env("KEY", KEY).stdout("hello").code(0);
    let twice = wrapped(r#"{"sub":"a","sub":"b"}"#, r#"{"alg":"dir","enc":"A256GCM"}"#);
    verified(&twice)
        .error("the payload has the member \"sub\" twice")
        .hint("readers disagree on which of the two counts, so neither is trusted")
        .code(4);
}

#[test]
fn without_a_key_an_encrypted_token_is_named() {
    let token = nested();
    keyed(&["verify", &token]).error(ENCRYPTED).hint(KEY_TO_DECRYPT).code(4);
    clocked(&["decode", &token]).error(ENCRYPTED).hint(KEY_TO_DECRYPT).code(4);
    let header = ["decode", &token, "--header", "--get", "enc"];
    jwtctl(&header).stdout(line("A256GCM")).code(0);
}

#[test]
fn every_failure_of_the_cryptography_is_told_in_the_same_words() {
    let token = sealed(CLAIMS, &["--key-alg", "A256KW"]);
    let parts: Vec<_> = token.split('.').collect();
    let changed = |i: usize| {
        let mut parts: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
        let first = if parts[i].starts_with('A') { "B" } else { "A" };
        parts[i].replace_range(..1, first);
        parts.join(".")
    };
    // The encrypted key, the initialization vector, the ciphertext, the tag.
    for part in 1..5 {
        verified(&changed(part))
            .error(FAILED)
            .hint("check that it was encrypted with this secret, and the format of the secret")
            .code(4);
        decoded(&changed(part))
            .error(FAILED)
            .hint("check that it was encrypted with this secret, and the format of the secret")
            .code(4);
    }
    let other_header = with_header(&token, r#"{"alg":"A256KW","enc":"A256GCM","typ":"jwt"}"#);
    verified(&other_header)
        .error(FAILED)
        .hint("check that it was encrypted with this secret, and the format of the secret")
        .code(4);
    let other_key = ["verify", &token, "--decrypt-secret-env", "base64:KEY"];
    clocked(&other_key)
        .env("KEY", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=")
        .error(FAILED)
        .hint("check that it was encrypted with this secret, and the format of the secret")
        .code(4);
}

#[test]
fn a_header_that_cannot_be_decrypted_is_told_by_its_fault() {
    let token = sealed(CLAIMS, &[]);
    for (header, error, hint) in [
        (
            r#"{"alg":"RSA1_5","enc":"A256GCM"}"#,
            "the header's \"alg\" is RSA1_5, which is refused: its padding lets attackers decrypt tokens (RFC 8725 section 3.2)",
            "the sender must use RSA-OAEP-256, with the same key",
        ),
        (
            r#"{"alg":"RSA-OAEP-512","enc":"A256GCM"}"#,
            "the header's \"alg\" \"RSA-OAEP-512\" is not an algorithm that jwtctl decrypts with",
            "jwtctl decrypts dir, A128KW, A192KW, A256KW, A128GCMKW, A192GCMKW, A256GCMKW, RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW, PBES2-HS256+A128KW, PBES2-HS384+A192KW, PBES2-HS512+A256KW",
        ),
        (
            r#"{"alg":"dir","enc":"A256CTR"}"#,
            "the header's \"enc\" \"A256CTR\" is not an algorithm that jwtctl decrypts with",
            "jwtctl decrypts A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384, A256CBC-HS512",
        ),
        (
            r#"{"alg":"dir","enc":"A256GCM","zip":"GZ"}"#,
            "the header's \"zip\" is \"GZ\"; only \"DEF\" is known (RFC 7516 section 4.1.3)",
            "",
        ),
        (
            r#"{"alg":"dir","enc":"A256GCM","crit":["exp"],"exp":1}"#,
            "the header requires extensions that jwtctl does not know: [\"exp\"]",
            "a token with an unknown \"crit\" must be refused (RFC 7515 section 4.1.11)",
        ),
        (
            r#"{"alg":"dir","enc":"A128CBC-HS256"}"#,
            "the initialization vector has 12 bytes; with A128CBC-HS256 it has 16",
            CUT,
        ),
        (
            r#"{"alg":"A256KW","enc":"A256GCM"}"#,
            "the encrypted key has 0 bytes; with A256KW it has 40",
            CUT,
        ),
        (r#"{"alg":"ECDH-ES","enc":"A256GCM"}"#, "the header's \"epk\" is missing", ""),
        (
            r#"{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}"#,
            "the header's \"epk\" is not a usable JWK: its \"x\" is 1 bytes long; the curve requires 32",
            "",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"AAAAAAAAAAA","p2c":1000001}"#,
            "the header's \"p2c\" is 1000001; 1000 to 1000000 iterations are accepted",
            "",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"AAAA","p2c":1000}"#,
            "the header's \"p2s\" has 3 bytes; at least 8 are required",
            "",
        ),
        (
            r#"{"alg":"A256GCMKW","enc":"A256GCM","iv":"AAAA","tag":"AAAA"}"#,
            "the header's \"iv\" has 3 bytes; it must have 12",
            "",
        ),
        (
            r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#,
            "the shared secret of 32 bytes (KEY) cannot decrypt the token: RSA-OAEP requires an RSA key",
            "it is decrypted with the recipient's private key: --decrypt-key PATH",
        ),
    ] {
        let call = verified(&with_header(&token, header)).error(error);
        if hint.is_empty() { call } else { call.hint(hint) }.code(4);
    }
}

#[test]
fn a_secret_of_the_wrong_size_is_told_with_the_format_it_may_be_in() {
    let token = sealed(CLAIMS, &[]);
    let verify = ["verify", &token, "--decrypt-secret-env", "KEY"];
    with_key(&verify)
        .error("the shared secret of 44 bytes (KEY) cannot decrypt the token: A256GCM requires a secret of 32 bytes; it has 44")
        .hint("the secret is 32 bytes written in base64: --decrypt-secret-env base64:KEY")
        .code(4);
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    clocked(&verify)
        .env("KEY", hex)
        .error("the shared secret of 64 bytes (KEY) cannot decrypt the token: A256GCM requires a secret of 32 bytes; it has 64")
        .hint("the secret is 32 bytes written in hex: --decrypt-secret-env hex:KEY")
        .code(4);
    clocked(&verify)
        .env("KEY", "short")
        .error("the shared secret of 5 bytes (KEY) cannot decrypt the token: A256GCM requires a secret of 32 bytes; it has 5")
        .hint("it is decrypted with the shared secret of 32 bytes: --decrypt-secret-env base64:NAME, or --decrypt-key PATH of a JWK; a session cookie of Auth.js or NextAuth with authjs:NAME")
        .code(4);
}

#[test]
fn a_refreshed_token_is_encrypted_again_in_the_same_way() {
    let claims = r#"{"iat":1600000000,"exp":1700000100}"#;
    for flags in [
        &[][..],
        &["--key-alg", "A256KW", "--enc", "A192CBC-HS384"],
        &["--key-alg", "PBES2-HS256+A128KW", "--p2c", "1000"],
    ] {
        let token = sealed(claims, flags);
        let refresh = ["refresh", &token, "--decrypt-secret-env", "base64:KEY", "--ttl", "60s"];
        let renewed = made(&with_key(&refresh));
        assert_eq!(header(&renewed)["alg"], header(&token)["alg"]);
        assert_eq!(header(&renewed)["enc"], header(&token)["enc"]);
        assert_ne!(renewed.split('.').nth(2), token.split('.').nth(2), "a new vector");
        let claims = "{\n  \"iat\": 1700000000,\n  \"exp\": 1700000060\n}\n";
        verified(&renewed).stdout(claims).code(0);
    }
    let token = nested();
    let renewed = made(&keyed(&["refresh", &token, "--decrypt-key", PRIVATE]).key(PRIVATE));
    assert_eq!(header(&renewed), header(&token));
    keyed(&["verify", &renewed, "--decrypt-key", PRIVATE]).key(PRIVATE).stdout(PRINTED).code(0);
    // A token that is not renewed stays as it is.
    let early = ["refresh", &token, "--decrypt-key", PRIVATE, "--if-expiring", "1m"];
    keyed(&early).key(PRIVATE).stdout(line(&token)).code(0);
}

#[test]
fn three_layers_are_opened_and_a_fourth_is_refused() {
    let mut token = token(CLAIMS);
    for layer in 1..=4 {
        token = wrapped(&token, r#"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#);
        let call = verified(&token).env("JWTCTL_SECRET", crate::harness::SECRET);
        if layer <= 3 {
            call.stdout(PRINTED).code(0);
        } else {
            call.error("the token has more than 3 layers of encryption")
                .hint("no more are decrypted")
                .code(4);
        }
    }
}

/// A content encrypted with [`KEY`] by the same library as the program's.
fn wrapped(content: &str, header: &str) -> String {
    use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    let key: Vec<u8> = (0..32).collect();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
    let header = base64url(header);
    let mut content = content.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([7; 12]);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(&header), &mut content).unwrap();
    let parts = [base64url([7; 12]), base64url(&content), base64url(tag.as_ref())];
    format!("{header}..{}", parts.join("."))
}

#[test]
fn the_lines_of_a_stream_are_decrypted() {
    let (good, expired) = (sealed(CLAIMS, &[]), sealed(r#"{"exp":1}"#, &[]));
    let lines = format!("{good}\nx\n{expired}\n");
    let verify = ["verify", "--batch", "-", "--decrypt-secret-env", "base64:KEY", "--count"];
    with_key(&verify).stdin(&lines).stdout("{\"valid\":1,\"failure\":0,\"usage\":0,\"expired\":1,\"invalid\":1,\"not-yet-valid\":0,\"rejected\":0,\"key\":0}\n")
        .summary("3 lines: 1 valid, 1 expired, 1 invalid (1 token-parts)").code(4);
    let log = format!("GET /?token={good} HTTP/1.1\n");
    let find = ["decode", "--find", "-", "--decrypt-secret-env", "base64:KEY"];
    let row = format!(
        "{{\"line\":1,\"column\":13,\"byte\":12,\"status\":\"decoded\",\"header\":{},\"claims\":{CLAIMS},\"problems\":[]}}\n",
        r#"{"alg":"dir","enc":"A256GCM","typ":"JWT"}"#,
    );
    with_key(&find).stdin(&log).stdout(row).summary("1 token: 1 decoded").code(0);
}

#[test]
fn text_around_the_only_encrypted_token_is_passed_over_by_decode_alone() {
    let token = sealed(CLAIMS, &[]);
    for (given, what) in [
        (format!("Cookie: a=b; session={token}"), r#"this is a cookie with a token in "session""#),
        (format!("https://a.example/?t={token}&b=1"), r#"this is a URL with a token in "t""#),
        (format!(r#"{{"token":"{token}"}}"#), r#"this is JSON with a token in "token""#),
    ] {
        let at = given.find(&token).expect("the token");
        let warning = format!("{what}; showing the token that starts at byte {at}");
        decoded(&given).stdout(PRINTED).warning(&warning).code(0);
        for call in [verified(&given), clocked(&["decode", &given])] {
            let output = call.output();
            assert!(text(&output.stderr).starts_with(&format!("error: {what}\n")), "{output:?}");
            assert_eq!(output.status.code(), Some(4));
        }
    }
}

#[test]
fn a_signed_token_in_json_may_be_inside() {
    let signed = made(&keyed(&["encode", CLAIMS, "--serialization", "json"]));
    let token = wrapped(&signed, r#"{"alg":"dir","enc":"A256GCM","cty":"JWT"}"#);
    decoded(&token).stdout(PRINTED).code(0);
    let report =
        report(&with_key(&["decode", &token, "--json", "--decrypt-secret-env", "base64:KEY"]));
    let layers = report["layers"].as_array().expect("an array");
    let kinds: Vec<_> = layers.iter().map(|layer| &layer["kind"]).collect();
    assert_eq!(kinds, ["JWE", "JWS"]);
    verified(&token).env("JWTCTL_SECRET", crate::harness::SECRET).stdout(PRINTED).code(0);
}

/// Every token that follows a good one with its header has the row that it has alone.
#[test]
fn a_token_like_the_one_before_is_judged_as_if_it_were_alone() {
    for alg in ["dir", "A256KW"] {
        let flags = ["--key-alg", alg, "--enc", "A256GCM"];
        let good = sealed(CLAIMS, &flags);
        let parts: Vec<_> = good.split('.').collect();
        let with = |i: usize, part: &str| {
            let mut parts = parts.clone();
            parts[i] = part;
            parts.join(".")
        };
        // The same bytes, of which three that belong to the tag are written with the ciphertext.
        let whole = sealed(r#"{"user_id":1234,"iat":1700000000,"exp":1700001800,"a":10}"#, &flags);
        let of_whole: Vec<_> = whole.split('.').collect();
        assert!(of_whole[3].len().is_multiple_of(4), "a group ends with the ciphertext");
        let (moved, tag) = of_whole[4].split_at(4);
        let ciphertext = format!("{}{moved}", of_whole[3]);
        let shifted = [of_whole[0], of_whole[1], of_whole[2], &ciphertext, tag].join(".");
        let odd = [
            sealed(CLAIMS, &flags),
            sealed(r#"{"exp":1}"#, &flags),
            sealed(r#"{"iss":"x"}"#, &flags),
            with(1, "AAAA"),
            with(1, ""),
            with(2, "AAAA"),
            with(2, "AAAAAAAAAAAAAAAA"),
            with(3, "AAAA"),
            with(4, "AAAAAAAAAAAAAAAAAAAAAA"),
            with(4, ""),
            shifted,
            format!("{good}."),
            format!("Bearer {good}"),
            token(CLAIMS),
        ];
        for verb in ["verify", "decode"] {
            let args =
                [verb, "--batch", "-", "--threads", "1", "--decrypt-secret-env", "base64:KEY"];
            let rows = |lines: String| {
                let output = with_key(&args).stdin(lines).output();
                text(&output.stdout).lines().map(str::to_owned).collect::<Vec<_>>()
            };
            for odd in &odd {
                let alone = rows(format!("{odd}\n"));
                let after = rows(format!("{good}\n{good}\n{odd}\n"));
                let wanted = alone[0].replacen("\"line\":1", "\"line\":3", 1);
                assert_eq!(after[2], wanted, "{verb} {odd}");
                assert!(after[1].contains("\"user_id\":123"), "{verb}");
            }
        }
    }
}

#[test]
fn flags_about_signatures_demand_one() {
    let token = sealed(CLAIMS, &[]);
    for (flags, by) in
        [(&["-A", "RS256"][..], "--alg"), (&["--all-signatures"], "--all-signatures")]
    {
        let verify = ["verify", &token, "--decrypt-secret-env", "base64:KEY"];
        with_key(&[&verify, flags].concat())
            .error(&format!("the token is encrypted but not signed, and {by} was given"))
            .hint(DEMANDED_HINT)
            .code(4);
    }
}

#[test]
fn claims_are_claims_whatever_their_members_are_called() {
    let claims = r#"{"ciphertext":"x","iat":1700000000,"exp":1700001800}"#;
    let token = sealed(claims, &[]);
    let printed = "{\n  \"ciphertext\": \"x\",\n  \"iat\": 1700000000,\n  \"exp\": 1700001800\n}\n";
    verified(&token).stdout(printed).code(0);
    decoded(&token).stdout(printed).code(0);
}
