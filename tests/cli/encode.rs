//! `encode`: every flag, the order of header and claims, and which source wins.

use crate::harness::{CLAIMS, HEADER, SECRET, jwtctl, keyed, line, parts, signed, text, token};

/// Claims as a flag leaves them: what comes before the default times.
fn then_times(before: &str) -> String {
    format!("{{{before},\"iat\":1700000000,\"exp\":1700001800}}")
}

#[test]
fn the_token_of_the_contract_is_made_to_the_byte() {
    let args =
        ["encode", "--user", "123", "--exp", "1631934124", "--no-iat", "-S", "my_secret_key"];
    jwtctl(&args)
        .stdout(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
             eyJ1c2VyX2lkIjoxMjMsImV4cCI6MTYzMTkzNDEyNH0.\
             -rEF98zsQyVxd7U4n7ix2d2qcOMRRy1TUQLOBJROJY8\n",
        )
        .warning(
            "the secret (--secret) is 13 bytes long; HS256 requires at least 32 (RFC 7518 section 3.2)",
        )
        .hint("a short secret can be guessed from one token: openssl rand -base64 48")
        .code(0);
}

#[test]
fn a_user_and_a_lifetime_are_all_it_takes() {
    keyed(&["encode", "--user", "123", "--ttl", "30m"]).stdout(line(&token(CLAIMS))).code(0);
    keyed(&["sign", "--user", "123"]).stdout(line(&token(CLAIMS))).code(0);
}

#[test]
fn user_is_a_number_only_if_it_is_written_as_json_writes_integers() {
    for (id, json) in [
        ("0", "0"),
        ("-5", "-5"),
        ("1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"),
        ("007", r#""007""#),
        ("+5", r#""+5""#),
        ("1.0", r#""1.0""#),
        ("1e3", r#""1e3""#),
        ("alice", r#""alice""#),
    ] {
        let claims = then_times(&format!("\"user_id\":{json}"));
        keyed(&["encode", "--user", id]).stdout(line(&token(&claims))).code(0);
    }
}

#[test]
fn an_empty_value_is_refused_by_every_flag_that_names_a_claim_or_member() {
    for (args, flag) in [
        (&["--user", ""][..], "--user <ID>"),
        (&["--iss", ""], "--iss <TEXT>"),
        (&["--sub="], "--sub <TEXT>"),
        (&["--aud", "a", "--aud", ""], "--aud <TEXT>"),
        (&["--jti="], "--jti[=<ID>]"),
        (&["{}", "--kid", ""], "--kid <ID>"),
        (&["{}", "--typ", ""], "--typ <TEXT>"),
    ] {
        keyed(&[&["encode"], args].concat())
            .error(&format!("{flag}: it is empty; is the variable set?"))
            .hint("jwtctl encode --help lists its flags")
            .code(2);
    }
}

#[test]
fn claims_come_in_the_order_of_the_contract_whatever_the_flags_order() {
    keyed(&[
        "encode", "--jti=i", "--exp", "9", "--iat", "8", "--nbf", "7", "-c", "b=2", "--claim",
        "a:=1", "--aud", "you", "--sub", "4", "--iss", "me", "--user", "5", r#"{"z":0,"y":1}"#,
    ])
    .stdout(line(&token(
        r#"{"z":0,"y":1,"user_id":5,"iss":"me","sub":"4","aud":"you","b":"2","a":1,"nbf":7,"iat":8,"exp":9,"jti":"i"}"#,
    )))
    .code(0);
}

#[test]
fn a_flag_that_overrides_a_member_of_claims_keeps_its_place() {
    let claims = r#"{"exp":1,"iss":"a","iat":2,"user_id":3,"jti":"b","nbf":4,"aud":"c","sub":"d"}"#;
    keyed(&[
        "encode", claims, "--user", "9", "--iss", "I", "--sub", "S", "--aud", "A", "--nbf", "40",
        "--iat", "20", "--ttl", "5", "--jti=J",
    ])
    .stdout(line(&token(
        r#"{"exp":25,"iss":"I","iat":20,"user_id":9,"jti":"J","nbf":40,"aud":"A","sub":"S"}"#,
    )))
    .code(0);
}

#[test]
fn a_default_never_overrides_what_claims_says() {
    for (args, claims) in [
        (&[r#"{"exp":5,"iat":4}"#][..], r#"{"exp":5,"iat":4}"#),
        (&[r#"{"exp":5}"#], r#"{"exp":5,"iat":1700000000}"#),
        (&["-c", "exp:=5"], r#"{"exp":5,"iat":1700000000}"#),
        (&["-c", "iat:=5"], r#"{"iat":5,"exp":1805}"#),
        // A lifetime is counted from iat, wherever that comes from.
        (&[r#"{"iat":100}"#], r#"{"iat":100,"exp":1900}"#),
        (&[r#"{"iat":100.75}"#, "--ttl", "1m"], r#"{"iat":100.75,"exp":160}"#),
    ] {
        keyed(&[&["encode"], args].concat()).stdout(line(&token(claims))).code(0);
    }
}

#[test]
fn times_are_read_in_every_form_and_taken_out_on_request() {
    for (args, claims) in [
        (&["--no-iat"][..], r#"{"exp":1700001800}"#),
        (&["--no-exp"], r#"{"iat":1700000000}"#),
        (&["--no-exp", "--no-iat"], "{}"),
        (&["--no-exp", "--no-iat", r#"{"exp":1,"iat":2,"a":3}"#], r#"{"a":3}"#),
        (&["--no-iat", "--ttl", "1h30m"], r#"{"exp":1700005400}"#),
        (&["--ttl", "90"], r#"{"iat":1700000000,"exp":1700000090}"#),
        (&["--ttl", "90s"], r#"{"iat":1700000000,"exp":1700000090}"#),
        (&["--ttl", "7d"], r#"{"iat":1700000000,"exp":1700604800}"#),
        (&["--ttl", "2w"], r#"{"iat":1700000000,"exp":1701209600}"#),
        (&["--exp", "+30m"], r#"{"iat":1700000000,"exp":1700001800}"#),
        (&["--exp", "2023-11-15"], r#"{"iat":1700000000,"exp":1700006400}"#),
        (&["--exp", "2023-11-14T23:13:20+01:00"], r#"{"iat":1700000000,"exp":1700000000}"#),
        (&["--nbf", "-5m", "--no-exp"], r#"{"nbf":1699999700,"iat":1700000000}"#),
        (&["--iat", "-5m"], r#"{"iat":1699999700,"exp":1700001500}"#),
    ] {
        keyed(&[&["encode"], args].concat()).stdout(line(&token(claims))).code(0);
    }
}

#[test]
fn named_claims_are_always_strings() {
    let args =
        ["encode", "--iss", "1", "--sub", "12345", "--aud", "2", "--jti=3", "--no-iat", "--no-exp"];
    keyed(&args).stdout(line(&token(r#"{"iss":"1","sub":"12345","aud":"2","jti":"3"}"#))).code(0);
}

#[test]
fn one_audience_is_a_string_and_more_are_an_array() {
    keyed(&["encode", "--no-iat", "--no-exp", "--aud", "a", "--aud", "b"])
        .stdout(line(&token(r#"{"aud":["a","b"]}"#)))
        .code(0);
}

#[test]
fn any_claim_is_split_at_the_first_equals() {
    for (claim, json) in [
        ("a=b=c", r#"{"a":"b=c"}"#),
        ("a=", r#"{"a":""}"#),
        ("a=5", r#"{"a":"5"}"#),
        ("a:=5", r#"{"a":5}"#),
        ("a=x:=y", r#"{"a":"x:=y"}"#),
        (r#"a:={"n" : [1.10, 1E5]}"#, r#"{"a":{"n":[1.10,1E5]}}"#),
        ("a:={\"b\":[1.10]}", r#"{"a":{"b":[1.10]}}"#),
        ("a=\"ü", r#"{"a":"\"ü"}"#),
        ("https://x.example/r=w", r#"{"https://x.example/r":"w"}"#),
        ("https://x.example/role=admin", r#"{"https://x.example/role":"admin"}"#),
    ] {
        for flag in [&["-c", claim][..], &[&format!("--claim={claim}")]] {
            let call = [&["encode", "--no-iat", "--no-exp"], flag].concat();
            keyed(&call).stdout(line(&token(json))).code(0);
        }
    }
    for claim in ["=a", ":=1"] {
        keyed(&["encode", "--claim", claim])
            .error("--claim <NAME=TEXT>: there is no name before the '='")
            .hint("--claim role=admin is a string, --claim 'roles:=[\"admin\"]' is JSON")
            .code(2);
    }
}

#[test]
fn a_random_jti_is_a_version_4_uuid_and_new_each_time() {
    let made = || {
        let output = keyed(&["encode", "--jti", "--no-iat", "--no-exp"]).output();
        assert_eq!(output.status.code(), Some(0));
        let (_, claims) = parts(&text(&output.stdout));
        let id = claims.strip_prefix(r#"{"jti":""#).and_then(|rest| rest.strip_suffix(r#""}"#));
        id.unwrap_or_else(|| panic!("{claims}")).to_owned()
    };
    let (one, other) = (made(), made());
    let shape: String = one.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
    assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    assert_eq!(&one[14..15], "4");
    assert_ne!(one, other);
}

#[test]
fn the_header_is_alg_typ_kid_and_then_the_rest() {
    for (args, header) in [
        (&["--kid", "k"][..], r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#),
        (&["--typ", "at+jwt"], r#"{"alg":"HS256","typ":"at+jwt"}"#),
        (&["--no-typ"], r#"{"alg":"HS256"}"#),
        (&["--no-typ", "--kid", "k"], r#"{"alg":"HS256","kid":"k"}"#),
        (&["--header", "typ=x"], r#"{"alg":"HS256","typ":"x"}"#),
        (
            &["--header", "b:=[1]", "--header", "a=5", "--kid", "k"],
            r#"{"alg":"HS256","typ":"JWT","kid":"k","b":[1],"a":"5"}"#,
        ),
    ] {
        let args = [&["encode", "--user", "123"], args].concat();
        keyed(&args).stdout(line(&signed(header, CLAIMS))).code(0);
    }
}

#[test]
fn alg_chooses_the_hash() {
    // RFC 7518 section 3.2, computed with Python's hmac module.
    for (alg, signature) in [
        ("HS256", "j1ioh5oT9EZH4leTw5koBtiPlKR3x-ASPWRmgLT-24g"),
        ("HS384", "iL2DXmrScybcUUesGiAsEnIpsFciRYYi9RYw35a4gYIpYpEsby4KDRiHtjrpge2y"),
        (
            "HS512",
            "BBMd_24F8WT9mmKlq5RfgXa_A9YweovdTuXUkRAgORiyIKfCsemtq-cEDUxYVFEOHLm7HUnmXdwgtqTs-6ZBzA",
        ),
    ] {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
        let unsigned = signed(&header, CLAIMS);
        let (input, _) = unsigned.rsplit_once('.').unwrap();
        for flag in ["-A", "--alg"] {
            keyed(&["encode", "--user", "123", flag, alg])
                .stdout(format!("{input}.{signature}\n"))
                .code(0);
        }
    }
}

#[test]
fn claims_come_from_an_argument_a_file_or_standard_input() {
    let claims = r#"{"user_id":123}"#;
    keyed(&["encode", claims]).stdout(line(&token(CLAIMS))).code(0);
    keyed(&["encode", "@c.json"]).file("c.json", claims).stdout(line(&token(CLAIMS))).code(0);
    keyed(&["encode", "-"]).stdin(claims).stdout(line(&token(CLAIMS))).code(0);
    keyed(&["encode", "{}"])
        .stdin(claims)
        .stdout(line(&token(r#"{"iat":1700000000,"exp":1700001800}"#)))
        .code(0);
}

#[test]
fn claims_that_are_piped_in_have_to_be_named() {
    let flags: [&[&str]; 5] =
        [&[], &["--alg", "HS256"], &["--kid", "k"], &["--typ", "at+jwt"], &["--header", "a=b"]];
    for flags in flags {
        keyed(&[&["encode"], flags].concat())
            .stdin(r#"{"user_id":123}"#)
            .error("no claims were given")
            .hint(
                "CLAIMS is a JSON object, @PATH, or - for standard input; for a token with only its times: jwtctl encode '{}'",
            )
            .code(2);
    }
}

#[test]
fn claims_are_written_as_they_were_spelled() {
    let claims = r#"{"big":1234567890123456789012345678901234567890,"m":1.10,"e":1E5,"z":-0.0,"u":"ü世🦀","s":"\u00fc\/\n","q":"\"'"}"#;
    keyed(&["encode", claims, "--no-iat", "--no-exp"]).stdout(line(&token(claims))).code(0);
    let spaced = "{ \"b\" : [ 1 , { } , [ ] ] ,\n\t\"a\" : null }\n";
    keyed(&["encode", spaced, "--no-iat", "--no-exp"])
        .stdout(line(&token(r#"{"b":[1,{},[]],"a":null}"#)))
        .code(0);
}

#[test]
fn a_token_that_verify_will_refuse_is_made_with_a_warning() {
    keyed(&["encode", r#"{"exp":"soon","iss":5}"#, "--no-iat"])
        .stdout(line(&token(r#"{"exp":"soon","iss":5}"#)))
        .warning(r#"verify will refuse this token: "exp" is not a number"#)
        .hint("--claim NAME=TEXT writes a string, --claim NAME:=JSON a number or an array")
        .warning(r#"verify will refuse this token: "iss" is not a string"#)
        .hint("--claim NAME=TEXT writes a string, --claim NAME:=JSON a number or an array")
        .code(0);
    let crit = r#"{"alg":"HS256","typ":"JWT","crit":["x"]}"#;
    keyed(&["encode", "--user", "123", "--header", r#"crit:=["x"]"#])
        .stdout(line(&signed(crit, CLAIMS)))
        .warning(r#"verify will refuse this token: its header has "crit""#)
        .code(0);
}

#[test]
fn a_claim_nested_too_deep_makes_a_token_that_verify_refuses() {
    let nested = |levels: usize| format!("a:={}1{}", "[".repeat(levels), "]".repeat(levels));
    // The claims set is one level itself.
    for (levels, code) in [(127, 0), (128, 2)] {
        let made = keyed(&["encode", "-c", &nested(levels)]).output();
        assert_eq!(made.status.code(), Some(code), "{levels}");
        assert_eq!(made.stdout.is_empty(), code != 0, "{levels}");
        let renewed = keyed(&["refresh", &token(CLAIMS), "--set", &nested(levels)]).output();
        assert_eq!(renewed.status.code(), Some(code), "{levels}");
        for token in [made.stdout, renewed.stdout] {
            if code == 0 {
                keyed(&["verify", "-q"]).stdin(token).code(0);
            } else {
                assert_eq!(text(&token), "");
            }
        }
    }
}

#[test]
fn without_at_the_clock_is_the_real_one() {
    let before = now();
    let output = jwtctl(&["encode", "{}"]).env("JWTCTL_SECRET", SECRET).output();
    let after = now();
    let (header, claims) = parts(&text(&output.stdout));
    assert_eq!(header, HEADER);
    assert!(
        (before..=after).any(|iat| claims == format!(r#"{{"iat":{iat},"exp":{}}}"#, iat + 1800)),
        "{claims}"
    );
}

fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// What `encode` makes, `verify` must be able to read: claims and header alike.
#[test]
fn a_header_nested_too_deep_is_refused_before_it_is_signed() {
    let nested = format!("x:={}{}", "[".repeat(128), "]".repeat(128));
    for (flag, what) in [("--header", "header"), ("--claim", "claims")] {
        keyed(&["encode", "{}", flag, &nested])
            .error(&format!("the {what} would be nested deeper than 128 levels"))
            .hint("verify would refuse such a token")
            .code(2);
    }
}
