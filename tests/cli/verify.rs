//! `verify`: times, expectations, and what is printed if all of them hold.

use crate::harness::{CLAIMS, Call, PRINTED, SECRET, forged, jwtctl, keyed, line, signed, token};

/// A token with everything that expectations can name.
const FULL: &str = r#"{"iss":"me","sub":"x","aud":["a","b"],"admin":true,"n":1.10,"iat":1699999990,"nbf":1699999995,"exp":1700001800}"#;

/// Runs `verify` on a token of these claims, with these flags.
fn verify(claims: &str, flags: &[&str]) -> Call {
    let token = token(claims);
    keyed(&[&["verify", "--compact", token.as_str()], flags].concat())
}

#[track_caller]
fn accepted(claims: &str, flags: &[&str]) {
    verify(claims, flags).stdout(line(claims)).code(0);
}

#[test]
fn the_claims_are_printed_if_all_holds() {
    keyed(&["verify", &token(CLAIMS)]).stdout(PRINTED).code(0);
    accepted(CLAIMS, &[]);
    accepted(FULL, &["--aud", "a"]);
}

#[test]
fn the_token_of_the_contract_verifies_while_it_is_valid() {
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoxMjMsImV4cCI6MTYzMTkzNDEyNH0.-rEF98zsQyVxd7U4n7ix2d2qcOMRRy1TUQLOBJROJY8";
    jwtctl(&["verify", token, "--at", "1631934123", "--compact"])
        .env("JWTCTL_SECRET", "my_secret_key")
        .stdout("{\"user_id\":123,\"exp\":1631934124}\n")
        .warning(
            "the secret (JWTCTL_SECRET) is 13 bytes long; HS256 requires at least 32 (RFC 7518 section 3.2)",
        )
        .hint("a short secret can be guessed from one token: openssl rand -base64 48")
        .code(0);
}

#[test]
fn expectations_that_are_met() {
    for flags in [
        &["--aud", "b"][..],
        &["--aud", "z", "--aud", "a"],
        &["--any-aud"],
        &["--any-aud", "--iss", "me"],
        &["--any-aud", "--iss", "you", "--iss", "me"],
        &["--any-aud", "--sub", "x"],
        &["--any-aud", "--typ", "JWT"],
        // Media types: no case, `application/` may be left out (RFC 7515 section 4.1.9).
        &["--any-aud", "--typ", "application/jwt"],
        &["--any-aud", "--require", "admin", "--require", "n"],
        &["--any-aud", "--claim", "admin:=true", "-c", "sub=x"],
        // The same number in another spelling, the same members in any order.
        &["--any-aud", "--claim", "n:=1.1", "-c", r#"aud:=["a","b"]"#],
        &["--any-aud", "--min-ttl", "29m59s"],
        &["--any-aud", "--max-age", "10"],
        &["--any-aud", "--max-age", "9", "--leeway", "1s"],
        &["--any-aud", "--alg", "HS512", "-A", "HS256"],
    ] {
        accepted(FULL, flags);
    }
}

#[test]
fn expectations_that_are_not_met_reject() {
    for (flags, error) in [
        (&["--iss", "you"][..], r#""iss" is "me"; expected "you""#),
        (&["--iss", "a", "--iss", "b"], r#""iss" is "me"; expected one of "a", "b""#),
        (&["--sub", "y"], r#""sub" is "x"; expected "y""#),
        (&["--typ", "at+jwt"], r#""typ" is "JWT"; expected "at+jwt""#),
        (&["--require", "email"], r#"there is no "email", which is required"#),
        (&["-c", "admin:=false"], r#""admin" is true; expected false"#),
        (&["-c", "email=x"], r#"there is no "email"; expected "x""#),
        (&["-c", r#"aud:=["x","y"]"#], r#""aud" is ["a","b"]; expected ["x","y"]"#),
    ] {
        verify(FULL, &[&["--any-aud"], flags].concat()).error(error).code(6);
    }
    verify(FULL, &["--any-aud", "--max-age", "9"])
        .error("the token was issued 10 seconds ago (2023-11-14 22:13:10 UTC); --max-age allows 9 seconds")
        .hint("log in again for a new one")
        .code(6);
    verify(FULL, &["--aud", "c"]).error(r#""aud" is ["a","b"]; expected "c""#).code(6);
}

#[test]
fn a_value_that_differs_in_type_alone_gets_a_hint() {
    verify(CLAIMS, &["--claim", "user_id=123"])
        .error(r#""user_id" is 123; expected "123""#)
        .evidence(r#"expected  "123""#)
        .evidence("actual    123")
        .evidence("          ^ a number, not a string")
        .hint("to expect the JSON value: --claim 'user_id:=123'")
        .code(6);
}

#[test]
fn a_token_with_an_audience_needs_aud_or_any_aud() {
    // RFC 7519 section 4.1.3.
    for aud in [r#""a""#, r#"["a","b"]"#, "[]"] {
        let claims = format!(r#"{{"aud":{aud},"exp":1700001800}}"#);
        verify(&claims, &[])
            .error(&format!("the token is meant for {aud}, and no audience was expected"))
            .hint("pass your audience with --aud NAME; --any-aud accepts any audience")
            .code(6);
        accepted(&claims, &["--any-aud"]);
    }
    verify(CLAIMS, &["--aud", "a"]).error(r#"there is no "aud"; expected "a""#).code(6);
}

#[test]
fn an_expectation_of_what_is_not_there_rejects() {
    let bare = r#"{"exp":1700001800,"gone":null}"#;
    for (flags, error) in [
        (&["--iss", "me"][..], r#"there is no "iss"; expected "me""#),
        (&["--sub", "x"], r#"there is no "sub"; expected "x""#),
        (&["--max-age", "1h"], r#"there is no "iat", which --max-age needs"#),
        (&["--require", "gone"], r#""gone" is null; it is required"#),
    ] {
        verify(bare, flags).error(error).code(6);
    }
    let token = signed(r#"{"alg":"HS256"}"#, bare);
    keyed(&["verify", &token, "--typ", "JWT"])
        .error(r#"there is no "typ"; expected "JWT""#)
        .code(6);
}

#[test]
fn exp_is_the_first_second_that_is_too_late() {
    for (exp, code) in [("1700000001", 0), ("1700000000.5", 0), ("1700000000", 3), ("1", 3)] {
        let claims = format!(r#"{{"exp":{exp}}}"#);
        let output = verify(&claims, &[]).output();
        assert_eq!(output.status.code(), Some(code), "{exp}");
        assert_eq!(output.stdout.is_empty(), code != 0, "{exp}");
    }
    verify(r#"{"exp":1699998200}"#, &[])
        .error("the token expired 30 minutes ago (2023-11-14 21:43:20 UTC)")
        .hint("log in again, or renew it with the key that signs: jwtctl refresh --grace 31m TOKEN")
        .code(3);
    accepted(r#"{"exp":1}"#, &["--allow-expired"]);
}

#[test]
fn nbf_is_the_first_second_that_is_not_too_early() {
    accepted(r#"{"nbf":1700000000,"exp":1700001800}"#, &[]);
    verify(r#"{"nbf":1700000060,"exp":1700001800}"#, &[])
        .error(r#""nbf" is 1 minute in the future (2023-11-14 22:14:20 UTC)"#)
        .hint("wait, or compare the clocks: --leeway 60s would accept it")
        .code(5);
    let output = verify(r#"{"nbf":1700000000.5,"exp":1700001800}"#, &[]).output();
    assert_eq!(output.status.code(), Some(5), "half a second early is early");
}

#[test]
fn a_token_from_the_future_is_not_yet_valid() {
    verify(r#"{"iat":1700000060,"exp":1700001800}"#, &[])
        .error(r#""iat" is 1 minute in the future (2023-11-14 22:14:20 UTC)"#)
        .hint("the issuer's clock seems to be 1 minute ahead of this one: compare them; --leeway 60s would accept it")
        .code(5);
}

#[test]
fn leeway_widens_the_times_and_nothing_else() {
    for claims in [
        r#"{"exp":1699999990}"#,
        r#"{"exp":1700000005,"nbf":1700000010}"#,
        r#"{"exp":1700000005,"iat":1700000010}"#,
    ] {
        let code = verify(claims, &["--leeway", "9"]).output().status.code();
        assert_ne!(code, Some(0), "{claims}");
    }
    accepted(r#"{"exp":1699999991}"#, &["--leeway", "10"]);
    accepted(r#"{"exp":1700000005,"nbf":1700000010}"#, &["--leeway", "10"]);
    accepted(r#"{"exp":1700000005,"iat":1700000010}"#, &["--leeway", "10s"]);
    // --min-ttl is not widened.
    verify(r#"{"exp":1700000010}"#, &["--min-ttl", "10", "--leeway", "1h"])
        .error("the token expires in 10 seconds (2023-11-14 22:13:30 UTC); --min-ttl asks for 10 seconds")
        .hint("renew it with the key that signs: jwtctl refresh TOKEN, without --min-ttl")
        .code(3);
}

#[test]
fn no_exp_is_a_warning() {
    verify("{}", &[]).stdout("{}\n").warning(r#"the token has no "exp": it never expires"#).code(0);
}

#[test]
fn milliseconds_are_recognised() {
    verify(r#"{"exp":1700000000000}"#, &[])
        .stdout("{\"exp\":1700000000000}\n")
        .warning(r#""exp" is 1700000000000, which looks like milliseconds"#)
        .hint("taken as milliseconds it would be 2023-11-14 22:13:20 UTC: the token would have expired just now")
        .code(0);
    for claim in ["nbf", "iat"] {
        verify(&format!(r#"{{"{claim}":1700000000000,"exp":1700001800}}"#), &[])
            .error(&format!(
                "\"{claim}\" is 53815 years 321 days in the future (outside the calendar)"
            ))
            .hint(&format!(
                "\"{claim}\" looks like milliseconds: have the issuer write seconds, as a number: \"{claim}\":1700000000 (2023-11-14 22:13:20 UTC)"
            ))
            .code(5);
    }
}

#[test]
fn every_fault_is_reported() {
    let claims = r#"{"iss":"me","aud":"a","exp":1,"nbf":1700000060}"#;
    verify(claims, &["--iss", "you", "--require", "jti"])
        .error(r#""iss" is "me"; expected "you""#)
        .error(r#"the token is meant for "a", and no audience was expected"#)
        .hint("pass your audience with --aud NAME; --any-aud accepts any audience")
        .error(r#"there is no "jti", which is required"#)
        .error(r#""nbf" is 1 minute in the future (2023-11-14 22:14:20 UTC)"#)
        .hint("wait, or compare the clocks: --leeway 60s would accept it")
        .error("the token expired 53 years 317 days ago (1970-01-01 00:00:01 UTC)")
        .code(6);
}

#[test]
fn get_prints_one_claim_of_a_verified_token() {
    verify(FULL, &["--aud", "a", "--get", "sub"]).stdout("x\n").code(0);
    verify(FULL, &["--aud", "a", "--get", "/aud/1"]).stdout("b\n").code(0);
    verify(FULL, &["--aud", "a", "--get", "email"])
        .error(r#"the token has no claim "email""#)
        .code(6);
    verify(FULL, &["--aud", "a", "--get", "sub", "--get", "/aud"])
        .stdout("x\t[\"a\",\"b\"]\n")
        .code(0);
    // Not a byte of it before the token is accepted.
    for get in [&["--get", "sub"][..], &["--get", "sub", "--get", "aud"]] {
        verify(FULL, &[&["--aud", "c"], get].concat())
            .error(r#""aud" is ["a","b"]; expected "c""#)
            .code(6);
    }
    verify(FULL, &["--aud", "a", "--get", "sub", "--get", "email"])
        .error(r#"the token has no claim "email""#)
        .code(6);
    verify(FULL, &["--aud", "c", "--get", "sub", "--get", "email"])
        .error(r#"the token has no claim "email""#)
        .error(r#""aud" is ["a","b"]; expected "c""#)
        .code(6);
}

#[test]
fn raw_writes_the_exact_bytes_of_any_payload() {
    for payload in [&b"{\"exp\":1}"[..], b"not JSON", b"", b"\x00\xff\n", b"[1]"] {
        let token = signed(r#"{"alg":"HS256"}"#, payload);
        jwtctl(&["verify", "--raw", &token, "-S", SECRET]).stdout(payload).code(0);
    }
    jwtctl(&["verify", "--raw", &forged(&token(CLAIMS)), "-S", SECRET])
        .error("the signature does not match: checked as HS256 with the HMAC secret (--secret)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}
