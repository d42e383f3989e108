//! Mistakes that other tools have made. Each test states the rule that they broke.

use crate::harness::{
    CLAIMS, HEADER, PRINTED, SECRET, clocked, forged, jwtctl, key, keyed, line, parts, signed,
    signed_with, text, token,
};

const ANOTHER_KEY: &str = "the token was signed with another key, or changed after it was signed";

#[test]
fn a_token_hmac_signed_with_the_public_pem_is_refused() {
    // RFC 8725 section 2.1: the sender names HS256, the verifier holds an RSA public key.
    let name = "rsa2048.spki.public.pem";
    let attack = signed_with(&key(name), HEADER, CLAIMS);
    clocked(&["verify", &attack, "-k", name])
        .key(name)
        .error("the token's \"alg\" is \"HS256\", which the RSA 2048-bit public key (rsa2048.spki.public.pem) does not support")
        .evidence(&format!("the text of {name}, used as an HMAC secret, matches: anyone who has that text can make such tokens"))
        .hint("it is a forgery, or a signer that uses the key as a secret (RFC 8725 section 2.1): do not accept it")
        .code(4);
    clocked(&["verify", &attack, "--secret-file", name])
        .key(name)
        .error("rsa2048.spki.public.pem holds a key or certificate in PEM, not an HMAC secret")
        .hint("used as a secret, a public key would let anyone sign; keys of any form go to --key or --key-env")
        .code(7);
}

#[test]
fn an_empty_secret_is_refused() {
    for token in [signed_with(b"", HEADER, CLAIMS), token(CLAIMS)] {
        clocked(&["verify", &token])
            .env("JWTCTL_SECRET", "")
            .error("JWTCTL_SECRET is empty")
            .hint("with an empty key anyone could sign, so it is never used")
            .code(7);
    }
}

#[test]
fn the_default_leeway_is_zero() {
    keyed(&["verify", &token(r#"{"exp":1700000000}"#)])
        .error("the token expired just now (2023-11-14 22:13:20 UTC)")
        .hint("log in again, or renew it with the key that signs: jwtctl refresh --grace 1m TOKEN")
        .code(3);
}

#[test]
fn nbf_is_checked() {
    keyed(&["verify", &token(r#"{"nbf":1700000001,"exp":1700001800}"#)])
        .error("\"nbf\" is 1 second in the future (2023-11-14 22:13:21 UTC)")
        .hint("wait, or compare the clocks: --leeway 1s would accept it")
        .code(5);
}

#[test]
fn an_unknown_crit_is_refused() {
    let token = signed(
        r#"{"alg":"HS256","crit":["http://example.com/x"],"http://example.com/x":1}"#,
        CLAIMS,
    );
    keyed(&["verify", &token])
        .error(
            "the header requires extensions that jwtctl does not know: [\"http://example.com/x\"]",
        )
        .hint("a token with an unknown \"crit\" must be refused (RFC 7515 section 4.1.11)")
        .code(4);
}

#[test]
fn a_key_limited_to_hs256_does_not_verify_hs512() {
    let token = keyed(&["encode", "{}", "-A", "HS512"]).output().stdout;
    keyed(&["verify", "-A", "HS256"])
        .stdin(token)
        .error("the token's \"alg\" is HS512, and --alg allows only HS256")
        .code(4);
}

#[test]
fn a_bad_signature_exits_with_4() {
    keyed(&["verify", &forged(&token(CLAIMS))])
        .error(
            "the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)",
        )
        .hint(ANOTHER_KEY)
        .code(4);
}

#[test]
fn expired_and_forged_have_different_exit_codes() {
    let expired = token(r#"{"exp":1699999999}"#);
    let code = |token: &str| keyed(&["verify", token]).output().status.code();
    assert_eq!([code(&expired), code(&forged(&expired))], [Some(3), Some(4)]);
}

#[test]
fn a_claim_with_a_quote_in_its_text_is_kept() {
    keyed(&["encode", "-c", r#"a=say "hi""#, "--no-iat", "--no-exp"])
        .stdout(line(&token(r#"{"a":"say \"hi\""}"#)))
        .code(0);
}

#[test]
fn a_sub_of_digits_stays_a_string() {
    keyed(&["encode", "--sub", "12345", "--no-iat", "--no-exp"])
        .stdout(line(&token(r#"{"sub":"12345"}"#)))
        .code(0);
    keyed(&["verify", &token(r#"{"sub":"12345","exp":1700001800}"#), "--sub", "12345", "-q"])
        .code(0);
}

#[test]
fn integers_over_2_to_the_53_are_kept() {
    let claims = r#"{"id":9007199254740993,"n":123456789012345678901234567890}"#;
    let stdout = line(&token(claims));
    keyed(&["encode", claims, "--no-iat", "--no-exp"]).stdout(&stdout).code(0);
    keyed(&["decode", "--compact"]).stdin(&stdout).stdout(line(claims)).code(0);
    keyed(&["decode", "--get", "id"]).stdin(&stdout).stdout("9007199254740993\n").code(0);
    let renewed = keyed(&["refresh"]).stdin(&stdout).output();
    assert_eq!(parts(&text(&renewed.stdout)).1, claims.replace('}', ",\"exp\":1700001800}"));
}

#[test]
fn members_keep_their_order() {
    let claims = r#"{"z":1,"exp":1700001800,"a":{"y":1,"b":2},"m":3}"#;
    keyed(&["verify", "--compact", &token(claims)]).stdout(line(claims)).code(0);
    keyed(&["encode", claims, "--no-iat"]).stdout(line(&token(claims))).code(0);
}

#[test]
fn duplicate_members_are_refused() {
    let hint = "readers disagree on which of the two counts, so neither is trusted";
    let twice = token(r#"{"admin":false,"admin":true,"exp":1700001800}"#);
    for verb in ["decode", "verify", "refresh"] {
        keyed(&[verb, &twice])
            .error("the payload has the member \"admin\" twice")
            .hint(hint)
            .code(4);
    }
}

#[test]
fn a_missing_file_is_an_error() {
    for verb in ["decode", "verify", "refresh"] {
        keyed(&[verb, "--token-file", "none.txt"])
            .error("cannot read none.txt: No such file or directory")
            .code(1);
    }
    for flag in ["--secret-file", "--key"] {
        clocked(&["encode", "{}", flag, "none.pem"])
            .error("cannot read none.pem: No such file or directory")
            .code(7);
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let long = token(&format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20)));
    let call = jwtctl(&["decode"]).stdin(long);
    let output = call.in_shell("{ \"$@\"; echo $? >&2; } | head -c 1 >/dev/null");
    assert_eq!(text(&output.stderr), "0\n");
}

#[test]
fn a_private_key_that_begins_with_a_hyphen_is_not_repeated() {
    let pem = String::from_utf8(key("p256.pkcs8.private.pem")).unwrap();
    clocked(&["encode", "{}", "-k", &pem])
        .error("--key takes the path of a file, but there is no such file (not shown: it may be a secret)")
        .hint("is the path right? A key in a variable goes to --key-env NAME, a secret to --secret-env NAME")
        .code(7);
    clocked(&["encode", &pem])
        .error("argument 2 is a key or certificate in PEM, not a flag")
        .hint("a key goes into a file, --key FILE, or a variable, --key-env NAME")
        .code(2);
}

#[test]
fn the_final_newline_of_a_secret_file_is_not_part_of_the_secret() {
    clocked(&["encode", "--user", "123", "--secret-file", "s"])
        .file("s", format!("{SECRET}\n"))
        .stdout(line(&token(CLAIMS)))
        .code(0);
}

#[test]
fn nothing_is_written_before_the_signature_is_checked() {
    let forged = forged(&token(CLAIMS));
    for flags in [&[][..], &["--get", "user_id"], &["--json"]] {
        let output = keyed(&[&["verify", forged.as_str()], flags].concat()).output();
        assert_eq!(output.status.code(), Some(4));
        assert!(!text(&output.stdout).contains("123"), "{flags:?}");
    }
}

#[test]
fn output_files_are_truncated() {
    let call = jwtctl(&["man", "--dir", "."]).file("jwtctl.1", "x".repeat(1 << 20));
    let output = call.in_shell("\"$@\" && tail -c 100 jwtctl.1");
    assert_eq!(output.status.code(), Some(0));
    assert!(!text(&output.stdout).contains("xxx"));
}

#[test]
fn escape_sequences_of_a_claim_do_not_reach_the_terminal() {
    let claims = "{\"a\":\"\u{9b}31m\u{202e}\",\"b\":\"\\u001b]0;t\\u0007\",\"\u{200b}\":1}";
    let output = clocked(&["decode", &token(claims), "--color", "always"]).output();
    let shown = text(&output.stdout);
    for (hostile, harmless) in [
        ("\u{9b}", "\\u009b31m"),
        ("\u{202e}", "\\u202e"),
        ("\u{7}", "\\u001b]0;t\\u0007"),
        ("\u{200b}", "\\u200b"),
    ] {
        assert!(!shown.contains(hostile) && shown.contains(harmless), "{harmless} in {shown}");
    }
}

#[test]
fn no_variable_makes_it_log_the_command_line() {
    let call = clocked(&["verify", &token(CLAIMS), "-S", SECRET])
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "1");
    call.stdout(PRINTED).code(0);
}

#[test]
fn a_refreshed_token_always_expires() {
    let output = keyed(&["refresh", &token(r#"{"user_id":123}"#)]).output();
    let (_, claims) = parts(&text(&output.stdout));
    assert_eq!(claims, r#"{"user_id":123,"exp":1700001800}"#);
}
