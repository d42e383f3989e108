//! The JSON serializations of a JWS (RFC 7515 section 7.2): one payload, and a header and a signature for each signer.

use serde_json::{Value, json};

use crate::harness::{
    CLAIMS, HEADER, PRINTED, SECRET, base64url, clocked, jwk, jwks, jwtctl, keyed, signed,
    signed_with, token,
};

const OTHER: &str = "another secret that is as long as its hash needs it to be, 64 bytes";

/// The members of a compact token: its encoded header, payload and signature.
fn split(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn flattened(token: &str) -> Value {
    let [protected, payload, signature] = split(token);
    json!({"payload": payload, "protected": protected, "signature": signature})
}

/// A token with the signatures of these, whose payloads are the same.
fn general(tokens: &[&str]) -> Value {
    let signature = |token: &&str| {
        let [protected, _, signature] = split(token);
        json!({"protected": protected, "signature": signature})
    };
    let signatures: Vec<_> = tokens.iter().map(signature).collect();
    json!({"payload": split(tokens[0])[1], "signatures": signatures})
}

/// A flattened token whose headers are these; the empty text is no header.
fn with_headers(protected: &str, unprotected: &Value) -> Value {
    let encoded = base64url(protected);
    let payload = base64url(CLAIMS);
    let signature = signed_input(&format!("{encoded}.{payload}"));
    let mut token = json!({"payload": payload, "header": unprotected, "signature": signature});
    if !protected.is_empty() {
        token["protected"] = encoded.into();
    }
    token
}

fn signed_input(input: &str) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    base64url(aws_lc_rs::hmac::sign(&key, input.as_bytes()))
}

fn report(token: &Value, flags: &[&str]) -> Value {
    let output = keyed(&[&["verify", "--json"], flags].concat()).stdin(token.to_string()).output();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn encode_writes_what_verify_and_decode_read() {
    let compact = token(CLAIMS);
    let [protected, payload, signature] = split(&compact);
    let written = format!(
        "{{\"payload\":\"{payload}\",\"protected\":\"{protected}\",\"signature\":\"{signature}\"}}\n"
    );
    let encode = ["encode", "--serialization", "json", "--user", "123"];
    keyed(&encode).stdout(&written).code(0);
    keyed(&["encode", "--serialization", "compact", "--user", "123"])
        .stdout(format!("{compact}\n"))
        .code(0);
    for verb in ["verify", "decode"] {
        keyed(&[verb]).stdin(&written).stdout(PRINTED).code(0);
        keyed(&[verb]).stdin(format!("\u{feff}  {written}")).stdout(PRINTED).code(0);
    }
    keyed(&["encode", "--serialization", "json", "--batch"])
        .stdin(format!("{CLAIMS}\n{CLAIMS}\n"))
        .stdout(written.repeat(2))
        .summary("2 lines: 2 ok")
        .code(0);
}

#[test]
fn any_one_signature_is_enough_and_all_can_be_demanded() {
    let mine = token(CLAIMS);
    let others = signed_with(OTHER.as_bytes(), HEADER, CLAIMS);
    let both = general(&[&others, &mine]);
    keyed(&["verify"]).stdin(both.to_string()).stdout(PRINTED).code(0);
    keyed(&["verify", "--all-signatures"])
        .stdin(both.to_string())
        .error("only 1 of the token's 2 signatures is accepted")
        .evidence("signatures[0]: the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
        .hint("--all-signatures requires every signature to be accepted: pass the keys of all signers")
        .code(4);
    let secret = |kid: &str, k: &str| {
        let k = format!(r#""k":"{}""#, base64url(k));
        jwk(&[r#""kty":"oct""#, &format!(r#""kid":"{kid}""#), &k])
    };
    let set = jwks(&[secret("a", SECRET), secret("b", OTHER)]);
    for (token, code) in [(&both, 0), (&general(&[&mine, &others, &mine]), 0)] {
        clocked(&["verify", "--all-signatures", "--key-env", "SET"])
            .env("SET", &set)
            .stdin(token.to_string())
            .stdout(PRINTED)
            .code(code);
    }
    clocked(&["verify"])
        .env("JWTCTL_SECRET", &"z".repeat(64))
        .stdin(both.to_string())
        .error("none of the token's 2 signatures is accepted")
        .evidence("signatures[0]: the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
        .evidence("signatures[1]: the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
        .hint("pass the key of one of the signers")
        .code(4);
}

#[test]
fn every_signature_that_is_demanded_meets_the_expectations() {
    let (plain, typed) = (token(CLAIMS), signed(r#"{"alg":"HS256","typ":"at+jwt"}"#, CLAIMS));
    let both = general(&[&typed, &plain]).to_string();
    let flags = ["verify", "--typ", "at+jwt"];
    keyed(&flags).stdin(&both).stdout(PRINTED).code(0);
    let report = report(&general(&[&typed, &plain]), &["--typ", "at+jwt", "--all-signatures"]);
    assert_eq!(
        (&report["exit_code"], &report["problems"][0]["code"]),
        (&6.into(), &"claim-mismatch".into())
    );
}

#[test]
fn the_report_names_the_signature_that_matched() {
    let mine = signed(r#"{"alg":"HS256","kid":"mine"}"#, CLAIMS);
    let others = signed_with(OTHER.as_bytes(), HEADER, CLAIMS);
    let found = report(&general(&[&others, &mine]), &[]);
    assert_eq!((&found["signature_index"], &found["header"]["kid"]), (&1.into(), &"mine".into()));
    let found = report(&general(&[&mine]), &[]);
    assert_eq!(found["signature_index"], 0);
    let found = report(&flattened(&mine), &[]);
    assert!(found["ok"] == true && found.get("signature_index").is_none());
    let found = report(&general(&[&others]), &[]);
    assert!(found["ok"] == false && found.get("signature_index").is_none());
}

#[test]
fn decode_shows_every_header_of_a_general_token() {
    let mine = signed(r#"{"alg":"HS256","kid":"mine"}"#, CLAIMS);
    let others = signed_with(OTHER.as_bytes(), HEADER, CLAIMS);
    let both = general(&[&mine, &others]).to_string();
    keyed(&["decode"]).stdin(&both).stdout(PRINTED).code(0);
    keyed(&["decode", "--get", "user_id"]).stdin(&both).stdout("123\n").code(0);
    let headers = format!("[{{\"alg\":\"HS256\",\"kid\":\"mine\"}},{HEADER}]\n");
    keyed(&["decode", "--header", "--compact"]).stdin(&both).stdout(headers).code(0);
    keyed(&["decode", "--header", "--get", "kid"]).stdin(&both).stdout("mine\n").code(0);
    let output = keyed(&["decode", "--json"]).stdin(&both).output();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["header"]["kid"], "mine");
    assert_eq!(report["signature"], split(&mine)[2]);
    assert_eq!(
        report["signatures"][1],
        json!({"header": {"alg": "HS256", "typ": "JWT"}, "signature": split(&others)[2]})
    );
    keyed(&["decode", "--header", "--compact"])
        .stdin(flattened(&mine).to_string())
        .stdout("{\"alg\":\"HS256\",\"kid\":\"mine\"}\n")
        .code(0);
}

#[test]
fn the_unprotected_header_adds_to_the_protected_one() {
    for (protected, unprotected) in [
        (r#"{"alg":"HS256"}"#, json!({"kid": "x", "other": [1]})),
        (r#"{"typ":"JWT"}"#, json!({"alg": "HS256"})),
        ("", json!({"alg": "HS256", "kid": "x"})),
        (HEADER, json!({})),
    ] {
        let token = with_headers(protected, &unprotected);
        let found = report(&token, &[]);
        assert_eq!(found["exit_code"], 0, "{protected} {unprotected}: {found}");
        for (name, value) in unprotected.as_object().unwrap() {
            assert_eq!(&found["header"][name], value);
        }
    }
    // An unprotected kid selects the key, as a protected one does.
    let token = with_headers(r#"{"alg":"HS256"}"#, &json!({"kid": "x"}));
    let k = format!(r#""k":"{}""#, base64url(SECRET));
    for (kid, code) in [("x", 0), ("y", 4)] {
        let key = jwk(&[r#""kty":"oct""#, &format!(r#""kid":"{kid}""#), &k]);
        let output = clocked(&["verify", "--key-env", "KEY"])
            .env("KEY", &key)
            .stdin(token.to_string())
            .output();
        assert_eq!(output.status.code(), Some(code), "{kid}");
    }
}

#[test]
fn nothing_that_is_unprotected_counts_as_signed() {
    let token = with_headers(r#"{"alg":"HS256"}"#, &json!({"typ": "at+jwt"}));
    assert_eq!(report(&token, &[])["exit_code"], 0);
    let found = report(&token, &["--typ", "at+jwt"]);
    assert_eq!(
        (&found["exit_code"], &found["problems"][0]["code"]),
        (&6.into(), &"claim-missing".into())
    );
}

#[test]
fn a_header_that_is_at_fault_is_refused() {
    for (protected, unprotected, code) in [
        (HEADER, json!({"typ": "JWT"}), "duplicate-member"),
        (HEADER, json!({"alg": "none"}), "duplicate-member"),
        (r#"{"alg":"HS256","b64":true}"#, json!({"crit": ["b64"]}), "token-members"),
        (HEADER, json!({"b64": false}), "token-members"),
        (r#"{"alg":"HS256","crit":["b64"]}"#, json!({"b64": true}), "token-members"),
        (r#"{"alg":"HS256","crit":["kid"]}"#, json!({"kid": "x"}), "crit"),
        (r#"{"typ":"JWT"}"#, json!({"kid": "x"}), "alg-missing"),
        (r#"{"typ":"JWT"}"#, json!({"alg": "none"}), "unsecured"),
        (r#"{"typ":"JWT"}"#, json!({"alg": "RS256"}), "alg-not-served"),
        (HEADER, json!("x"), "token-members"),
        (HEADER, json!(null), "token-members"),
        ("[]", json!({}), "not-json"),
        ("{", json!({}), "not-json"),
    ] {
        let found = report(&with_headers(protected, &unprotected), &[]);
        let problem = &found["problems"][0];
        assert_eq!(
            (&found["exit_code"], &problem["code"]),
            (&4.into(), &code.into()),
            "{protected} {unprotected}"
        );
    }
}

#[test]
fn members_that_are_at_fault_are_refused() {
    let compact = token(CLAIMS);
    let whole = flattened(&compact);
    let with = |name: &str, value: Value| {
        let mut token = whole.clone();
        token[name] = value;
        token.to_string()
    };
    let padded = format!("{}=", split(&compact)[1]);
    for (given, error) in [
        (with("signatures", json!([])), r#"the token has both "signature" and "signatures""#),
        (
            r#"{"payload":"e30","signatures":[]}"#.to_owned(),
            r#"the token has no signature: its "signatures" is empty"#,
        ),
        (
            r#"{"payload":"e30","signatures":{}}"#.to_owned(),
            r#"the token has a "signatures" that is an object, not an array"#,
        ),
        (
            r#"{"payload":"e30","signatures":[1]}"#.to_owned(),
            r#"the token has a "signatures" that is a number, not objects"#,
        ),
        (
            r#"{"payload":"e30","protected":"e30","signatures":[{"protected":"e30"}]}"#.to_owned(),
            r#"the token has no "signature""#,
        ),
        (with("payload", json!(1)), r#"the token has a "payload" that is a number, not a string"#),
        (with("payload", json!(null)), r#"the token has a "payload" that is null, not a string"#),
        (
            with("protected", json!({"alg": "HS256"})),
            r#"the token has a "protected" that is an object, not a string"#,
        ),
        (
            with("signature", json!([])),
            r#"the token has a "signature" that is an array, not a string"#,
        ),
    ] {
        for verb in ["verify", "decode"] {
            keyed(&[verb])
                .stdin(&given)
                .error(error)
                .hint("RFC 7515 section 7.2 says which members it has")
                .code(4);
        }
    }
    for (given, code) in [
        (with("payload", json!(padded)), "token-base64"),
        (with("protected", json!("e30=")), "token-base64"),
        (with("signature", json!("A+A")), "token-base64"),
        (whole.to_string().replacen('{', r#"{"payload":"e30","#, 1), "duplicate-member"),
        (whole.to_string().replacen('{', r#"{"signature":"","#, 1), "duplicate-member"),
        (whole.to_string().replacen('{', r#"{"x":{"a":1,"a":2},"#, 1), "duplicate-member"),
    ] {
        let output = keyed(&["verify", "--json"]).stdin(&given).output();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["problems"][0]["code"], code, "{given}");
        assert_eq!(report["exit_code"], 4);
    }
    // Members that have no meaning are ignored, and strings may be escaped.
    keyed(&["verify"]).stdin(with("more", json!({"x": [1]}))).stdout(PRINTED).code(0);
    let escaped = whole.to_string().replacen("\"payload\":\"e", "\"payload\":\"\\u0065", 1);
    assert_ne!(escaped, whole.to_string());
    keyed(&["verify"]).stdin(escaped).stdout(PRINTED).code(0);
}

#[test]
fn all_signatures_cover_the_payload_in_the_same_encoding() {
    let member = |header: &str| {
        let header = base64url(header);
        json!({"signature": signed_input(&format!("{header}.e30")), "protected": header})
    };
    let unencoded = member(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let mixed = json!({"payload": "e30", "signatures": [member(HEADER), unencoded]});
    keyed(&["verify"])
        .stdin(mixed.to_string())
        .error(r#"the token has signatures with and without "b64": false"#)
        .hint("RFC 7515 section 7.2 says which members it has")
        .code(4);
    let same = json!({"payload": "e30", "signatures": [unencoded, unencoded]});
    let output = jwtctl(&["verify", "--raw", "--all-signatures", "-"])
        .env("JWTCTL_SECRET", SECRET)
        .stdin(same.to_string())
        .output();
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"e30"[..]));
}

#[test]
fn a_signature_that_cannot_be_checked_leaves_the_others_usable() {
    let mine = token(CLAIMS);
    let [protected, payload, signature] = split(&mine);
    let good = json!({"protected": protected, "signature": signature});
    for bad in [
        json!({"signature": signature}),
        json!({"protected": "?", "signature": signature}),
        json!({"protected": protected, "header": {"alg": "HS256"}, "signature": signature}),
        json!({"protected": base64url(r#"{"alg":"ES999"}"#), "signature": "AAAA"}),
        json!({"protected": base64url(r#"{"alg":"HS256","crit":["x"],"x":1}"#), "signature": signature}),
        json!(7),
    ] {
        for (signatures, index) in [(json!([bad, good]), 1), (json!([good, bad]), 0)] {
            let token = json!({"payload": payload, "signatures": signatures});
            let found = report(&token, &[]);
            assert_eq!(found["signature_index"], index, "{token}");
            assert_eq!(report(&token, &["--all-signatures"])["exit_code"], 4, "{token}");
        }
    }
}

#[test]
fn what_is_json_is_read_as_json_and_what_is_compact_as_compact() {
    let compact = token(CLAIMS);
    let inside =
        json!({"payload": compact, "signature": compact, "protected": compact}).to_string();
    let output = keyed(&["verify", "--json"]).stdin(&inside).output();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"][0]["code"], "token-base64");
    // JSON that is no JWS is still explained as what it is.
    let output =
        keyed(&["verify", "--json"]).stdin(json!({"id_token": compact}).to_string()).output();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"][0]["code"], "token-in-json");
}

#[test]
fn a_line_of_a_stream_may_be_a_token_in_json() {
    let compact = token(CLAIMS);
    let lines = [
        compact.clone(),
        flattened(&compact).to_string(),
        general(&[&compact]).to_string(),
        compact,
        flattened(&signed_with(OTHER.as_bytes(), HEADER, CLAIMS)).to_string(),
    ];
    keyed(&["verify", "--batch", "--get", "user_id", "--print", "valid"])
        .stdin(lines.join("\n"))
        .stdout("123\n123\n123\n123\n")
        .summary("5 lines: 4 valid, 1 invalid (1 bad-signature)")
        .code(4);
}

#[test]
fn the_number_of_signatures_is_limited() {
    let mine = token(CLAIMS);
    let many = |count: usize| general(&vec![mine.as_str(); count]);
    let others = signed_with(OTHER.as_bytes(), HEADER, CLAIMS);
    let mut last = vec![others.as_str(); 99];
    last.push(&mine);
    assert_eq!(report(&general(&last), &[])["signature_index"], 99);
    assert_eq!(report(&many(100), &["--all-signatures"])["ok"], true);
    for count in [101, 100_000] {
        keyed(&["verify"])
            .stdin(many(count).to_string())
            .error(&format!("the token has {count} signatures, and at most 100 are read"))
            .hint("RFC 7515 section 7.2 says which members it has")
            .code(4);
    }
}

#[test]
fn many_signatures_over_a_large_payload_are_not_all_tried() {
    let claims = format!(r#"{{"a":"{}"}}"#, "a".repeat(2 * 1024 * 1024));
    let others = signed_with(OTHER.as_bytes(), HEADER, &claims);
    let found = report(&general(&vec![others.as_str(); 100]), &[]);
    let problem = &found["problems"][0];
    assert_eq!((&found["exit_code"], &problem["code"]), (&4.into(), &"signatures".into()));
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains("were not tried"), "{message}");
}
