//! The work that hostile input may cause, counted by where it ends and what is reported. `benches/hostile.py` measures
//! time and memory.

use crate::harness::{
    CLAIMS, HEADER, SECRET, base64url, clocked, jwk, jwks, jwtctl, keyed, signed, token,
};

/// An array of so many items.
fn array(item: &str, count: usize) -> String {
    format!("[{}]", vec![item; count].join(","))
}

#[test]
fn a_set_of_more_keys_than_are_read_is_refused_whatever_they_are() {
    for item in ["1", "{}", r#"{"kty":"oct","k":"AAAA"}"#] {
        let set = format!(r#"{{"keys":{}}}"#, array(item, 10_001));
        let too_many = "s.json holds 10001 keys; a set of more than 10000 is not read";
        for call in [
            clocked(&["verify", "--jwks", "s.json", &token(CLAIMS)]),
            clocked(&["encode", "--user", "1", "--key", "s.json"]),
            jwtctl(&["key", "show", "s.json"]),
            jwtctl(&["key", "set", "s.json"]),
        ] {
            call.file("s.json", &set).error(too_many).code(7);
        }
    }
    let set = jwks(&vec![jwk(&[r#""kty":"oct""#, r#""kid":"x""#]); 10_000]);
    let mut call = clocked(&["verify", "--jwks", "s.json", &token(CLAIMS)])
        .file("s.json", set)
        .error("s.json holds 10000 keys and none to verify with");
    for _ in 0..10 {
        call = call.evidence(r#"key "x" is not a usable JWK: its "k" is missing"#);
    }
    call.evidence("… and 9990 more").code(7);
}

#[test]
fn a_token_that_names_no_key_is_tried_with_as_many_as_one_token_is_given_time_for() {
    let secret =
        |i: usize| jwk(&[r#""kty":"oct""#, &format!(r#""k":"{}""#, base64url(format!("{i:032}")))]);
    let right = jwk(&[r#""kty":"oct""#, &format!(r#""k":"{}""#, base64url(SECRET))]);
    let long = token(&format!(r#"{{"x":"{}"}}"#, "x".repeat(4 * 1024 * 1024)));
    let keys =
        |before: usize| jwks(&[(0..before).map(secret).collect(), vec![right.clone()]].concat());
    let verify = |before, token: &str| {
        clocked(&["verify", "-q", "--jwks", "s.json", "-"])
            .file("s.json", keys(before))
            .stdin(token)
    };
    // The message counts: the more there is of it, the fewer keys are tried.
    verify(40, &long).code(0);
    verify(100, &token(CLAIMS)).code(0);
    verify(100, &long)
        .error(
            r#"45 keys of s.json were tried as "HS256" and none matches; 56 more were not tried"#,
        )
        .code(4);
}

#[test]
fn what_is_too_large_to_be_read_by_anybody_is_counted() {
    let crit = format!(r#"{{"alg":"HS256","crit":{}}}"#, array(r#""a""#, 100_000));
    keyed(&["verify", "-"])
        .stdin(signed(&crit, CLAIMS))
        .error(r#"the header requires extensions that jwtctl does not know: ["(100000 items)"]"#)
        .hint(r#"a token with an unknown "crit" must be refused (RFC 7515 section 4.1.11)"#)
        .code(4);
    let aud = format!(r#"{{"aud":{}}}"#, array(r#""a""#, 100_000));
    let report =
        keyed(&["verify", "--aud", "b", "--json", "-"]).stdin(signed(HEADER, aud)).output();
    assert_eq!(report.status.code(), Some(6));
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    let actual = &report["problems"][0]["actual"];
    assert_eq!(actual, &serde_json::json!(["(100000 items)"]));
}
