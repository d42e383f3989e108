//! Expectations beyond equality: values that are contained, claims that are forbidden, tokens that were revoked, kinds of
//! tokens that standards define, and expectations from the environment.

use crate::harness::{
    Call, ED25519, P256, P256_D, clocked, jwk, keyed, parts, signed, text, token,
};

const CLAIMS: &str = r#"{"user_id":123,"iat":1700000000,"exp":1700001800}"#;

/// A token whose claims are [`CLAIMS`] and these.
fn with(members: &str) -> String {
    token(&format!(r"{},{members}}}", CLAIMS.strip_suffix('}').unwrap()))
}

fn verify(token: &str, flags: &[&str]) -> Call {
    keyed(&[&["verify", token, "--get", "user_id"], flags].concat())
}

#[track_caller]
fn accepts(token: &str, flags: &[&str]) {
    verify(token, flags).stdout("123\n").code(0);
}

#[track_caller]
fn rejects(token: &str, flags: &[&str], error: &str) {
    let output = verify(token, flags).output();
    let said = text(&output.stderr);
    assert_eq!((said.lines().next(), output.stdout.len()), (Some(&*format!("error: {error}")), 0));
    assert_eq!(output.status.code(), Some(6), "{flags:?}");
}

#[test]
fn a_claim_contains_an_item_or_a_word() {
    let token =
        with(r#""roles":["admin","read write"],"scope":"openid api:read","realm":{"roles":["x"]}"#);
    for wanted in
        ["roles~=admin", "roles~=read write", "scope~=openid", "scope~=api:read", "/realm/roles~=x"]
    {
        accepts(&token, &["--claim", wanted]);
    }
    for (wanted, claim, value) in [
        ("roles~=read", "roles", r#"["admin","read write"]"#),
        ("scope~=api", "scope", r#""openid api:read""#),
        ("scope~=openid api:read", "scope", r#""openid api:read""#),
        ("realm~=x", "realm", r#"{"roles":["x"]}"#),
        ("user_id~=123", "user_id", "123"),
    ] {
        let text = wanted.split_once("~=").unwrap().1;
        let error = format!(r#""{claim}" is {value}; it was expected to contain "{text}""#);
        rejects(&token, &["--claim", wanted], &error);
    }
    rejects(
        &token,
        &["-c", "scopes~=a"],
        r#"there is no "scopes"; it was expected to contain "a""#,
    );
    verify(&token, &["-c", "scope~="])
        .error("--claim <PATH=TEXT>: it is empty; is the variable set?")
        .hint("jwtctl verify --help lists its flags")
        .code(2);
}

#[test]
fn the_hint_for_one_item_of_an_array_is_to_contain_it() {
    let token = with(r#""roles":["admin","editor"]"#);
    verify(&token, &["--claim", "roles=admin"])
        .error(r#""roles" is ["admin","editor"]; expected "admin""#)
        .hint("it is one item of an array: --claim 'roles~=admin'")
        .code(6);
    accepts(&token, &["--claim", "roles~=admin"]);
}

#[test]
fn a_forbidden_claim_must_not_be_there() {
    let token = with(r#""nonce":"n","a":{"b":null}"#);
    accepts(&token, &["--forbid", "nonces", "--forbid", "/a/c"]);
    verify(&token, &["--forbid", "nonce"])
        .error("the token has \"nonce\", which --forbid rules out")
        .code(6);
    rejects(&token, &["--forbid", "nonce"], "the token has \"nonce\", which --forbid rules out");
    rejects(&token, &["--forbid", "/a/b"], "the token has \"/a/b\", which --forbid rules out");
}

#[test]
fn a_revoked_token_is_rejected() {
    let with_list =
        |token: &str, list: &[u8]| verify(token, &["--revoked", "r.txt"]).file("r.txt", list);
    let token = with(r#""jti":"b-2""#);
    let revoked = "the token was revoked: its \"jti\" is in the file of --revoked";
    for list in ["b-2", "a-1\nb-2\n", "a-1\r\n b-2 \r\n\r\n", "\u{feff}b-2\n"] {
        let output = with_list(&token, list.as_bytes()).output();
        assert!(text(&output.stderr).starts_with(&format!("error: {revoked}\n")), "{list:?}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(6), 0));
    }
    for list in ["", "\n", "b-22\nb-\n", "B-2\n"] {
        with_list(&token, list.as_bytes()).stdout("123\n").code(0);
    }
    with_list(&with(r#""sub":"b-2""#), b"x\n")
        .error("there is no \"jti\", which --revoked requires")
        .code(6);
    with_list(&with(r#""jti":7"#), b"x\n")
        .error("the claim \"jti\" must be a string; it is 7")
        .hint("have the issuer write a string: \"jti\":\"7\"")
        .code(4);
}

#[test]
fn a_list_of_revoked_tokens_that_cannot_be_read_is_no_empty_list() {
    let token = with(r#""jti":"b""#);
    let utf16: Vec<u8> = "\u{feff}b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = [b"a\n".to_vec(), vec![b'x'; 70_000]].concat();
    for (list, fault) in [
        (&utf16[..], "line 1 is not UTF-8 text"),
        (b"a\nb\xff\n", "line 2 is not UTF-8 text"),
        (b"a\n\0b\n", "line 2 is not UTF-8 text"),
        (&long, "line 2 is too long"),
    ] {
        verify(&token, &["--revoked", "r.txt"])
            .file("r.txt", list)
            .error(&format!("cannot read r.txt (--revoked): {fault}"))
            .code(1);
    }
    let output = verify(&token, &["--revoked", "gone.txt"]).output();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn a_stream_looks_up_each_token_that_was_revoked() {
    let lines = format!("{}\n{}\n", with(r#""jti":"a""#), with(r#""jti":"b""#));
    keyed(&["verify", "--batch", "--get", "jti", "--revoked", "r.txt"])
        .file("r.txt", "b\n")
        .stdin(lines)
        .stdout("a\n\n")
        .summary("2 lines: 1 valid, 1 rejected (1 revoked)")
        .code(6);
}

#[test]
fn variables_hold_the_expected_issuer_and_audience() {
    let token = with(r#""iss":"https://a.example","aud":"api""#);
    let call = |variables: &[(&str, &str)], flags: &[&str]| {
        variables.iter().fold(verify(&token, flags), |call, (name, value)| call.env(name, value))
    };
    let (iss, aud) = (("JWTCTL_ISS", "https://a.example"), ("JWTCTL_AUD", "api"));
    call(&[iss, aud], &[]).stdout("123\n").code(0);
    // A flag takes precedence, also over a variable that is empty.
    call(&[("JWTCTL_ISS", "x"), ("JWTCTL_AUD", "")], &["--iss", iss.1, "--any-aud"])
        .stdout("123\n")
        .code(0);
    let code = |variables: &[(&str, &str)]| call(variables, &[]).output().status.code();
    assert_eq!(code(&[("JWTCTL_ISS", "x"), aud]), Some(6));
    assert_eq!(code(&[iss, ("JWTCTL_AUD", "x")]), Some(6));
    assert_eq!(code(&[iss]), Some(6));
    for name in ["JWTCTL_ISS", "JWTCTL_AUD"] {
        call(&[iss, aud, (name, "")], &[])
            .error(&format!("{name} is set, but empty"))
            .hint(&format!("unset {name}, or set it to what is expected"))
            .code(2);
    }
    // They are never claims of a new token.
    let made = keyed(&["encode", "--user", "1"]).env(iss.0, iss.1).env(aud.0, aud.1).output();
    assert!(!parts(&text(&made.stdout)).1.contains("example"));
}

/// A token of a kind: its header beside `alg`, and its claims.
const KINDS: [(&str, &str, &str); 7] = [
    (
        "at+jwt",
        r#","typ":"at+jwt""#,
        r#""iss":"i","exp":1700001800,"aud":"a","sub":"s","client_id":"c","iat":1700000000,"jti":"j""#,
    ),
    (
        "at+jwt",
        r#","typ":"application/at+jwt""#,
        r#""iss":"i","exp":1700001800,"aud":"a","sub":"s","client_id":"c","iat":1700000000,"jti":"j""#,
    ),
    ("id-token", "", r#""iss":"i","sub":"s","aud":"a","exp":1700001800,"iat":1700000000"#),
    (
        "logout-token",
        r#","typ":"logout+jwt""#,
        r#""iss":"i","aud":"a","iat":1700000000,"jti":"j","sid":"s","events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
    ),
    (
        "logout-token",
        "",
        r#""iss":"i","aud":"a","iat":1700000000,"exp":1700000120,"jti":"j","sub":"s","events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
    ),
    (
        "dpop",
        r#","typ":"dpop+jwt","jwk":PUBLIC"#,
        r#""jti":"j","htm":"POST","htu":"https://a.example/b","iat":1700000000"#,
    ),
    ("jwt-svid", "", r#""sub":"spiffe://example.org/ns/api","aud":"a","exp":1700001800"#),
];

#[test]
fn a_kind_of_token_has_what_its_standard_demands() {
    for (kind, header, claims) in KINDS {
        let token = by_p256(header, claims);
        let call = expect(kind, &token);
        let output = call.output();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), &*said), (Some(0), ""), "{kind} {claims}");
        // Each claim that it must have.
        for member in claims.split(",\"").skip(1) {
            let (name, _) = member.split_once('"').unwrap();
            let optional =
                matches!((kind, name), ("logout-token", "exp" | "sub" | "sid" | "events"));
            if optional || member.starts_with("http") {
                continue;
            }
            let without = claims.replace(&format!(",\"{member}"), "");
            let output = expect(kind, &by_p256(header, &without)).output();
            assert_eq!(
                output.status.code(),
                Some(6),
                "{kind} without {name}: {}",
                text(&output.stderr)
            );
            assert!(
                text(&output.stderr).contains(&format!("\"{name}\"")) || name == "sub",
                "{kind} {name}"
            );
        }
    }
}

/// A token by the key `p256` with these header parameters and claims.
fn by_p256(header: &str, claims: &str) -> String {
    let parameters: Vec<String> = header_flags(header);
    let exp = if claims.contains("\"exp\"") { vec![] } else { vec!["--no-exp"] };
    let iat = if claims.contains("\"iat\"") { vec![] } else { vec!["--no-iat"] };
    let mut args = vec![
        "encode".to_owned(),
        format!("{{{claims}}}"),
        "-k".into(),
        "p256.pkcs8.private.pem".into(),
    ];
    args.extend(parameters);
    args.extend(exp.into_iter().chain(iat).map(str::to_owned));
    let output = clocked(&args).key("p256.pkcs8.private.pem").output();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).trim_end().to_owned()
}

/// The public key that signs.
fn jwk_of_p256() -> String {
    jwk(&[P256])
}

fn header_flags(header: &str) -> Vec<String> {
    let mut flags = Vec::new();
    match header.split_once("\"typ\":\"") {
        Some((_, rest)) => {
            flags.extend(["--typ".to_owned(), rest.split('"').next().unwrap().to_owned()]);
        }
        None => flags.push("--no-typ".to_owned()),
    }
    if let Some((_, jwk)) = header.split_once("\"jwk\":") {
        let private = crate::harness::jwk(&[P256, P256_D]);
        let jwk = jwk.replace("PUBLIC", &jwk_of_p256()).replace("PRIVATE", &private);
        flags.extend(["--header".to_owned(), format!("jwk:={jwk}")]);
    }
    flags
}

fn expect(kind: &str, token: &str) -> Call {
    let flags = ["--expect", kind, "--any-aud", "-q", "-k", "p256.spki.public.pem"];
    clocked(&[&["verify", token], &flags[..]].concat()).key("p256.spki.public.pem")
}

#[test]
fn what_a_kind_of_token_must_not_be_is_rejected() {
    let (access, id, logout, dpop, spiffe) =
        (KINDS[0].2, KINDS[2].2, KINDS[3].2, KINDS[5].2, KINDS[6].2);
    let public = ",\"jwk\":PUBLIC";
    let long = id.replace("\"sub\":\"s\"", &format!("\"sub\":\"{}\"", "x".repeat(256)));
    let private = r#","typ":"dpop+jwt","jwk":PRIVATE"#;
    for (kind, header, claims, error) in [
        ("at+jwt", r#","typ":"JWT""#, access, r#""typ" is "JWT"; expected "at+jwt""#),
        ("at+jwt", "", access, r#"there is no "typ"; expected "at+jwt""#),
        ("id-token", r#","typ":"at+jwt""#, id, r#""typ" is "at+jwt"; expected "JWT""#),
        ("id-token", "", &long, "\"sub\" is "),
        (
            "logout-token",
            "",
            &format!(r#"{logout},"nonce":"n""#),
            "the token has \"nonce\", which --expect logout-token (OpenID Connect Back-Channel Logout 1.0 section 2.4) rules out",
        ),
        ("logout-token", "", &logout.replace("{}", "1"), "\"events\" is "),
        (
            "logout-token",
            "",
            &logout.replace(r#","sid":"s""#, ""),
            "there is no \"sub\"; --expect logout-token (OpenID Connect Back-Channel Logout 1.0 section 2.4) requires a \"sub\" or a \"sid\"",
        ),
        (
            "dpop",
            r#","typ":"dpop+jwt""#,
            dpop,
            "there is no \"jwk\"; --expect dpop (RFC 9449 section 4.2) requires the sender's public key in the header",
        ),
        ("dpop", private, dpop, "\"jwk\" is "),
        ("dpop", public, dpop, r#"there is no "typ"; expected "dpop+jwt""#),
        (
            "dpop",
            &format!(r#","typ":"dpop+jwt"{public}"#),
            &dpop.replace("1700000000", "1699999699"),
            "the token was issued ",
        ),
        (
            "jwt-svid",
            "",
            &spiffe.replace("spiffe://example.org/ns/api", "bob"),
            "\"sub\" is \"bob\"; --expect jwt-svid (SPIFFE JWT-SVID) requires a SPIFFE ID such as spiffe://TRUST-DOMAIN/PATH",
        ),
        ("jwt-svid", "", &spiffe.replace("/ns/api", "/ns/"), "\"sub\" is "),
        ("jwt-svid", "", &spiffe.replace("/ns/api", "/ns/../api"), "\"sub\" is "),
        ("jwt-svid", "", &spiffe.replace("example.org", "Example.org"), "\"sub\" is "),
        (
            "jwt-svid",
            r#","typ":"at+jwt""#,
            spiffe,
            r#""typ" is "at+jwt"; expected one of "JWT", "JOSE""#,
        ),
    ] {
        let output = expect(kind, &by_p256(header, claims)).output();
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {error}")), "{kind} {header} {claims}: {said}");
        assert!(!said.contains("J3C4JTEkXhXjOD"), "{said}");
        assert_eq!(output.status.code(), Some(6), "{kind} {header} {claims}");
    }
}

#[test]
fn a_secret_signs_neither_a_proof_nor_an_identity_document() {
    for (kind, header, claims) in [KINDS[5], KINDS[6]] {
        let header = header.replace("PUBLIC", &jwk_of_p256());
        let token = signed(&format!(r#"{{"alg":"HS256"{header}}}"#), format!("{{{claims}}}"));
        let output = keyed(&["verify", &token, "--expect", kind, "--any-aud"]).output();
        assert!(text(&output.stderr).contains("\"alg\" is \"HS256\""), "{}", text(&output.stderr));
        assert_eq!(output.status.code(), Some(6));
    }
}

#[test]
fn a_kind_of_token_without_an_expiry_is_not_warned_of() {
    let token = by_p256(KINDS[3].1, KINDS[3].2);
    clocked(&[
        "verify",
        &token,
        "--expect",
        "logout-token",
        "--aud",
        "a",
        "--iss",
        "i",
        "--get",
        "jti",
        "-k",
        "p256.spki.public.pem",
    ])
    .key("p256.spki.public.pem")
    .stdout("j\n")
    .code(0);
}

#[test]
fn a_proof_has_the_key_that_verified_it_in_its_header() {
    let (_, header, claims) = KINDS[5];
    let other = header.replace("PUBLIC", &jwk(&[ED25519]));
    expect("dpop", &by_p256(&other, claims))
        .error("the \"jwk\" in the header is not the public key that verified the proof (RFC 9449 section 4.3)")
        .code(6);
}

#[test]
fn a_file_of_another_shape_is_no_list_of_revoked_tokens() {
    let token = with(r#""jti":"b""#);
    for (list, fault) in [
        ("[\"b\"]\n", "line 1 is JSON, and not a jti as it is"),
        ("a\n\"b\"\n", "line 2 is JSON, and not a jti as it is"),
        ("a\rb\rc\r", "line 1 is more than one: it has a carriage return inside"),
    ] {
        verify(&token, &["--revoked", "r.txt"])
            .file("r.txt", list)
            .error(&format!("cannot read r.txt (--revoked): {fault}"))
            .code(1);
    }
    // White space of any kind around it is not part of it.
    let call = verify(&token, &["--revoked", "r.txt"]).file("r.txt", "\u{a0}b\t\n");
    assert_eq!(call.output().status.code(), Some(6));
    // What no line can hold is not accepted.
    for (jti, code) in [("", 6), ("a\\nb", 4)] {
        let token = with(&format!(r#""jti":"{jti}""#));
        let call = verify(&token, &["--revoked", "r.txt"]).file("r.txt", "x\n");
        assert_eq!(call.output().status.code(), Some(code), "{jti:?}");
    }
}
