//! Values of flags: how each kind is read.

use crate::harness::{
    CLAIMS, SECRET, base64url, clocked, from_base64url, jwtctl, keyed, line, parts, signed, text,
    token,
};

#[test]
fn only_canonical_integers_are_numbers_for_user() {
    let makes = |id: &str, claim: &str| {
        let made = token(&format!("{{\"user_id\":{claim},\"exp\":1700001800}}"));
        let flag = format!("--user={id}");
        keyed(&["encode", "--no-iat", "--exp", "1700001800", &flag]).stdout(line(&made)).code(0);
    };
    for id in ["0", "123", "-5", "1234567890123456789012345678901234567890"] {
        makes(id, id);
    }
    for id in ["007", "-0", "+5", "1.0", "1e3", "0x1", " 1", "1 ", "abc", "-", "٣"] {
        makes(id, &format!("\"{id}\""));
    }
    keyed(&["encode", "--user", ""])
        .error("--user <ID>: it is empty; is the variable set?")
        .hint("jwtctl encode --help lists its flags")
        .code(2);
}

#[test]
fn selectors_are_names_or_pointers() {
    let token = token(
        r#"{"sub":1,"a/b~c":2,"realm_access":{"roles":[3]},"a/b":{"~c~1":4},"":5,"exp":1700001800}"#,
    );
    for (selector, value) in
        [("sub", 1), ("a/b~c", 2), ("/realm_access/roles/0", 3), ("/a~1b/~0c~01", 4), ("/", 5)]
    {
        keyed(&["verify", "--get", selector, &token]).stdout(format!("{value}\n")).code(0);
    }
    for selector in ["/~", "/a~2"] {
        keyed(&["verify", "--get", selector, &token])
            .error("--get <NAME>: '~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)")
            .hint("jwtctl verify --help lists its flags")
            .code(2);
    }
}

#[test]
fn the_words_of_a_flag_are_read_in_any_case() {
    let good = token(CLAIMS);
    let es256 = ["--key", "p256.pkcs8.private.pem"];
    for (args, value) in [
        (&["verify", &good, "--alg", "hs256", "--get", "user_id"][..], "123\n"),
        (&["verify", &good, "--alg=Hs256", "--get", "user_id"], "123\n"),
        (&["verify", &good, "--get", "user_id", "--color", "NEVER"], "123\n"),
        (&["verify", &good, "--get", "user_id", "--secret-format", "TEXT"], "123\n"),
    ] {
        keyed(args).stdout(value).code(0);
    }
    for alg in ["es256", "ES256", "eS256"] {
        let made = clocked(&[&["encode", "{}", "--alg", alg], &es256[..]].concat())
            .key("p256.pkcs8.private.pem")
            .output();
        let header = parts(&text(&made.stdout)).0;
        assert_eq!(header, r#"{"alg":"ES256","typ":"JWT"}"#);
    }
    for args in [
        &["key", "new", "--alg", "eddsa", "--format", "PEM"][..],
        &["key", "new", "--alg", "ecdh-es", "--curve", "x25519", "--format", "Jwk"],
        &["key", "new", "--alg", "a256gcm", "--format", "jwk"],
        &["completions", "BASH"],
    ] {
        assert_eq!(jwtctl(args).output().status.code(), Some(0), "{args:?}");
    }
    let encrypted = keyed(&["encode", "{}", "--enc", "a256gcm", "--encrypt-secret-env", "HEX:E"])
        .env("E", &"ab".repeat(32))
        .output();
    let made = text(&encrypted.stdout);
    let header = from_base64url(made.split('.').next().unwrap());
    assert!(header.contains(r#""enc":"A256GCM""#), "{header}");
    for name in ["base64:B", "BASE64:B", "Base64:B"] {
        clocked(&["verify", &good, "--secret-env", name, "--get", "user_id"])
            .env("B", &base64url(SECRET))
            .stdout("123\n")
            .code(0);
    }
}

#[test]
fn what_a_token_says_is_read_in_its_own_case_only() {
    let other = signed(r#"{"alg":"hs256","typ":"JWT"}"#, CLAIMS);
    let output = keyed(&["verify", &other, "--alg", "hs256"]).output();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}
