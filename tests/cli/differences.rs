//! How a value differs from the expected one: both below each other, a mark under the first difference, and the flag
//! that would accept it.

use crate::explained::{EXP, typed, verify, with};
use crate::harness::signed;

/// A mismatch: its three lines of evidence and its hint, whose flag must then accept the token.
#[track_caller]
fn differs(claim: &str, asked: &[&str], error: &str, evidence: [&str; 3], hint: Option<[&str; 2]>) {
    let token = with(claim);
    let call = verify(&token, asked).error(error);
    let call = evidence.iter().fold(call, |call, line| call.evidence(line));
    let Some([words, flag]) = hint else { return call.code(6) };
    call.hint(&format!("{words}{flag}")).code(6);
    typed(&["verify", "-q", &token], flag);
}

#[test]
fn a_mismatch_shows_the_first_difference() {
    differs(
        r#""iss":"https://issuer.example""#,
        &["--iss", "https://issuer.example/"],
        r#""iss" is "https://issuer.example"; expected "https://issuer.example/""#,
        [
            r#"expected  "https://issuer.example/""#,
            r#"actual    "https://issuer.example""#,
            "                                 ^ a trailing slash",
        ],
        Some(["if that is the same issuer: ", "--iss 'https://issuer.example'"]),
    );
    differs(
        r#""aud":"Deploy""#,
        &["--aud", "deploy"],
        r#""aud" is "Deploy"; expected "deploy""#,
        [r#"expected  "deploy""#, r#"actual    "Deploy""#, "           ^ a letter's case"],
        Some(["if that means you: ", "--aud Deploy"]),
    );
    differs(
        r#""sub":"it's me ""#,
        &["--sub", "it's me"],
        r#""sub" is "it's me "; expected "it's me""#,
        [
            r#"expected  "it's me""#,
            r#"actual    "it's me ""#,
            "                  ^ white space at the end",
        ],
        Some(["if that is the same subject: ", r"--sub 'it'\''s me '"]),
    );
    differs(
        r#""env":"-Prod""#,
        &["--claim", "env=-prod"],
        r#""env" is "-Prod"; expected "-prod""#,
        [r#"expected  "-prod""#, r#"actual    "-Prod""#, "            ^ a letter's case"],
        Some(["if that value is meant: ", "--claim 'env=-Prod'"]),
    );
    differs(
        r#""sub":"-X""#,
        &["--sub=-x"],
        r#""sub" is "-X"; expected "-x""#,
        [r#"expected  "-x""#, r#"actual    "-X""#, "            ^ a letter's case"],
        Some(["if that is the same subject: ", "--sub=-X"]),
    );
}

#[test]
fn the_type_of_a_header_is_compared_too() {
    let token = signed(r#"{"alg":"HS256","typ":"at+jwt "}"#, format!("{{{EXP}}}"));
    verify(&token, &["--typ", "at+jwt"])
        .error(r#""typ" is "at+jwt "; expected "at+jwt""#)
        .evidence(r#"expected  "at+jwt""#)
        .evidence(r#"actual    "at+jwt ""#)
        .evidence("                 ^ white space at the end")
        .hint("if that is the same type: --typ 'at+jwt '")
        .code(6);
    typed(&["verify", "-q", &token], "--typ 'at+jwt '");
}

#[test]
fn of_several_values_the_nearest_are_compared() {
    differs(
        r#""aud":["web","https://api.example/"]"#,
        &["--aud", "https://api.example", "--aud", "mobile"],
        r#""aud" is ["web","https://api.example/"]; expected one of "https://api.example", "mobile""#,
        [
            r#"expected  "https://api.example""#,
            r#"actual    "https://api.example/""#,
            "                              ^ a trailing slash",
        ],
        Some(["if that means you: ", "--aud 'https://api.example/'"]),
    );
    differs(
        r#""iss":"https://eu.issuer.example/v2""#,
        &["--iss", "https://us.issuer.example/v1", "--iss", "https://eu.issuer.example/v1"],
        r#""iss" is "https://eu.issuer.example/v2"; expected one of "https://us.issuer.example/v1", "https://eu.issuer.example/v1""#,
        [
            r#"expected  "https://eu.issuer.example/v1""#,
            r#"actual    "https://eu.issuer.example/v2""#,
            "                                      ^",
        ],
        None,
    );
}

#[test]
fn what_would_weaken_the_check_is_not_proposed() {
    differs(
        r#""iss":"http://issuer.example""#,
        &["--iss", "https://issuer.example"],
        r#""iss" is "http://issuer.example"; expected "https://issuer.example""#,
        [
            r#"expected  "https://issuer.example""#,
            r#"actual    "http://issuer.example""#,
            "               ^ http for https",
        ],
        None,
    );
    differs(
        "\"sub\":\"\u{430}dmin\"",
        &["--sub", "admin"],
        "\"sub\" is \"\u{430}dmin\"; expected \"admin\"",
        [
            r#"expected  "admin""#,
            "actual    \"\u{430}dmin\"",
            "           ^ U+0430, which looks like a",
        ],
        None,
    );
    // The other way round the odd side is the caller's, and the flag mends it.
    differs(
        r#""iss":"https://issuer.example""#,
        &["--iss", "http://issuer.example"],
        r#""iss" is "https://issuer.example"; expected "http://issuer.example""#,
        [
            r#"expected  "http://issuer.example""#,
            r#"actual    "https://issuer.example""#,
            "               ^ https for http",
        ],
        Some(["if that is the same issuer: ", "--iss 'https://issuer.example'"]),
    );
    differs(
        r#""sub":"admin""#,
        &["--sub", "adm\u{200b}in"],
        r#""sub" is "admin"; expected "adm\u200bin""#,
        [
            r#"expected  "adm\u200bin""#,
            r#"actual    "admin""#,
            "              ^ an invisible character, U+200B",
        ],
        Some(["if that is the same subject: ", "--sub admin"]),
    );
}

#[test]
fn the_mark_stays_under_its_place_in_hostile_text() {
    differs(
        r#""sub":"\u202e\u001b[31mX\"y""#,
        &["--sub", "\u{202e}\u{1b}[31mX\"Y"],
        r#""sub" is "\u202e\u001b[31mX\"y"; expected "\u202e\u001b[31mX\"Y""#,
        [
            r#"expected  "\u202e\u001b[31mX\"Y""#,
            r#"actual    "\u202e\u001b[31mX\"y""#,
            "                              ^ a letter's case",
        ],
        None,
    );
}

#[test]
fn of_long_values_the_part_around_the_difference_is_shown() {
    let head = "x".repeat(400);
    let (mine, yours) = (format!("{head}A{head}"), format!("{head}B{head}"));
    let (before, after) = ("x".repeat(36), "x".repeat(23));
    let shown = format!("\"{}…", "x".repeat(119));
    differs(
        &format!("\"sub\":\"{mine}\""),
        &["--sub", &yours],
        &format!("\"sub\" is {shown}; expected {shown}"),
        [
            format!("expected  \"…{before}B{after}…\""),
            format!("actual    \"…{before}A{after}…\""),
            format!("{:48}^", ""),
        ]
        .each_ref()
        .map(String::as_str),
        None,
    );
}

#[test]
fn a_value_of_another_type_is_accepted_by_the_other_flag() {
    differs(
        r#""id":"123""#,
        &["--claim", "id:=123"],
        r#""id" is "123"; expected 123"#,
        ["expected  123", r#"actual    "123""#, "          ^ a string, not a number"],
        Some(["to expect the string: ", "--claim 'id=123'"]),
    );
    differs(
        r#""admin":true"#,
        &["--claim", "admin=true"],
        r#""admin" is true; expected "true""#,
        [r#"expected  "true""#, "actual    true", "          ^ a boolean, not a string"],
        Some(["to expect the JSON value: ", "--claim 'admin:=true'"]),
    );
    differs(
        r#""roles":["a", "b"]"#,
        &["--claim", r#"roles:=["b","a"]"#],
        r#""roles" is ["a", "b"]; expected ["b","a"]"#,
        [
            r#"expected  ["b","a"]"#,
            r#"actual    ["a","b"]"#,
            "            ^ the same in another order",
        ],
        Some(["if that value is meant: ", r#"--claim 'roles:=["a","b"]'"#]),
    );
}

#[test]
fn one_item_of_an_array_is_not_the_array() {
    let token = with(r#""roles":["admin","user"],"ids":[7,8],"aud":["api","web"]"#);
    for (asked, error, hint) in [
        (
            "roles=admin",
            r#""roles" is ["admin","user"]; expected "admin""#,
            "it is one item of an array: --claim 'roles~=admin'",
        ),
        (
            "ids:=7",
            r#""ids" is [7,8]; expected 7"#,
            "it is one item of an array, and --claim compares the whole array: --claim 'ids:=[7,8]'",
        ),
        (
            "aud=api",
            r#""aud" is ["api","web"]; expected "api""#,
            "it is one item of an array, and --claim compares the whole array: --aud api",
        ),
    ] {
        verify(&token, &["--any-aud", "--claim", asked]).error(error).hint(hint).code(6);
        let (_, flag) = hint.split_once(": ").unwrap();
        let any = if flag.starts_with("--aud") { "" } else { "--any-aud " };
        typed(&["verify", "-q", &token], &format!("{any}{flag}"));
    }
}

#[test]
fn a_path_to_an_array_that_has_the_value_is_named() {
    let token = with(r#""realm_access":{"roles":["admin","user"]}"#);
    for asked in ["realm_access.roles", "realm_access/roles", "roles"] {
        let flag = "--claim '/realm_access/roles~=admin'";
        let hint =
            format!(r#"there is "roles" in "realm_access"; it is one item of an array: {flag}"#);
        let error = format!("there is no {asked:?}; expected \"admin\"");
        let claim = format!("{asked}=admin");
        verify(&token, &["--claim", &claim]).error(&error).hint(&hint).code(6);
        typed(&["verify", "-q", &token], flag);
    }
    // A value that is not among them is still told where it would be.
    let hint = r#"there is "roles" in "realm_access": --claim '/realm_access/roles=guest'"#;
    let error = r#"there is no "roles"; expected "guest""#;
    verify(&token, &["--claim", "roles=guest"]).error(error).hint(hint).code(6);
}
