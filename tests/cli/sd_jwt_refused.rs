//! SD-JWTs (RFC 9901) that are refused for their disclosures.

use crate::harness::{from_base64url, keyed, token};
use crate::sd_jwt::{disclosed, refused, sd_jwt};

#[test]
fn disclosures_that_are_malformed_are_refused() {
    let payload = r#"{"_sd":["$0"],"exp":1700001800}"#;
    for (json, error) in [
        ("{", "disclosure 1 is not JSON: EOF while parsing an object at line 1 column 1"),
        (r#"{"s":1}"#, "disclosure 1 is neither [salt, name, value] nor [salt, value]"),
        (r#"["s"]"#, "disclosure 1 is neither [salt, name, value] nor [salt, value]"),
        (r#"["s","n",1,2]"#, "disclosure 1 is neither [salt, name, value] nor [salt, value]"),
        (r#"[1,"n",1]"#, "disclosure 1 is neither [salt, name, value] nor [salt, value]"),
        (r#"["s",2,1]"#, "disclosure 1 is neither [salt, name, value] nor [salt, value]"),
        (r#"["s","_sd",["x"]]"#, "disclosure 1 has the name \"_sd\", which is reserved"),
        (r#"["s","\u002e..",1]"#, "disclosure 1 has the name \"...\", which is reserved"),
        (r#"["s","_sd_alg","md5"]"#, "disclosure 1 has the name \"_sd_alg\", which is reserved"),
        (
            r#"["s","a",{"x":1,"x":2}]"#,
            "disclosure 1 has the member \"x\" twice in one object at depth 2",
        ),
    ] {
        refused(&sd_jwt(payload, &[json]), error, None);
    }
    let good = token(r#"{"exp":1700001800}"#);
    refused(&format!("{good}~~"), "disclosure 1 is empty", None);
    for text in ["WyJh=", "WyJh+", "WyJhIl1", "é"] {
        let error = "disclosure 1 is not base64url without padding";
        refused(&format!("{good}~{text}~"), error, None);
    }
    refused(
        &format!("{good}~WyJhIiwxXQ"),
        "the key binding JWT is malformed: a token has three parts separated by dots; this text has 1",
        Some("an SD-JWT ends with '~', unless a key binding JWT follows"),
    );
}

#[test]
fn disclosures_that_do_not_fit_the_payload_are_refused() {
    let unused = "was it made for another token, or is the disclosure with its digest missing?";
    for (payload, disclosures, error, hint) in [
        (
            r#"{"_sd":["$0"]}"#,
            &[r#"["s","a",1]"#, r#"["s","b",1]"#][..],
            "disclosure 2 does not belong to the token: nothing in it has its digest",
            Some(unused),
        ),
        (
            r#"{"_sd":["$0"]}"#,
            &[r#"["s","a",1]"#, r#"["s","a",1]"#],
            "disclosure 2 is the same as disclosure 1",
            None,
        ),
        (
            r#"{"_sd":["$0"],"o":{"_sd":["$0"]}}"#,
            &[r#"["s","a",1]"#],
            "the digest \"$0\" is in the token twice",
            None,
        ),
        (r#"{"_sd":["decoy","decoy"]}"#, &[], "the digest \"decoy\" is in the token twice", None),
        (
            r#"{"a":0,"_sd":["$0"]}"#,
            &[r#"["s","a",1]"#],
            "a disclosure adds the member \"a\" to an object that already has it",
            None,
        ),
        (
            r#"{"_sd":["$0"],"\u0061":0}"#,
            &[r#"["s","a",1]"#],
            "a disclosure adds the member \"a\" to an object that already has it",
            None,
        ),
        (
            r#"{"o":{"_sd":["$0","$1"]}}"#,
            &[r#"["s","a",1]"#, r#"["t","a",1]"#],
            "a disclosure adds the member \"a\" to an object that already has it",
            None,
        ),
        (
            r#"{"_sd":["$0"]}"#,
            &[r#"["s",1]"#],
            "disclosure 1 has no name, but its digest stands for a member of an object",
            None,
        ),
        (
            r#"{"l":[{"...":"$0"}]}"#,
            &[r#"["s","a",1]"#],
            "disclosure 1 has a name, but its digest stands for an item of an array",
            None,
        ),
        (r#"{"_sd":"x"}"#, &[], "\"_sd\" is not an array of strings", None),
        (r#"{"_sd":["x",1]}"#, &[], "\"_sd\" is not an array of strings", None),
        (r#"{"_sd":{}}"#, &[], "\"_sd\" is not an array of strings", None),
        (r#"{"...":"x"}"#, &[], "\"...\" is in the wrong place", None),
        (r#"{"l":[{"...":"x","y":1}]}"#, &[], "\"...\" is in the wrong place", None),
        (r#"{"l":[{"...":7}]}"#, &[], "\"...\" is in the wrong place", None),
        (r#"{"o":{"_sd_alg":"sha-256"}}"#, &[], "\"_sd_alg\" is in the wrong place", None),
        (
            r#"{"_sd_alg":"md5"}"#,
            &[],
            "\"_sd_alg\" is \"md5\", which is not sha-256, sha-384 or sha-512",
            None,
        ),
        (
            r#"{"_sd_alg":["sha-256"]}"#,
            &[],
            "\"_sd_alg\" is [\"sha-256\"], which is not sha-256, sha-384 or sha-512",
            None,
        ),
    ] {
        let digest = disclosures.first().map(|first| disclosed(first).1).unwrap_or_default();
        refused(&sd_jwt(payload, disclosures), &error.replace("$0", &digest), hint);
    }
    // Those of a disclosure count, too.
    let (_, inner) = disclosed(r#"["s","b",1]"#);
    let outer = format!("[\"s\",\"a\",{{\"_sd\":[\"{inner}\",\"{inner}\"]}}]");
    refused(
        &sd_jwt(r#"{"_sd":["$0"]}"#, &[&outer, r#"["s","b",1]"#]),
        &format!("the digest \"{inner}\" is in the token twice"),
        None,
    );
}

#[test]
fn an_sd_jwt_has_its_payload_inside_and_is_compact() {
    let payload = r#"{"_sd":["$0"],"exp":1700001800}"#;
    let token = sd_jwt(payload, &[r#"["s","a",1]"#]);
    let parts: Vec<_> = token.splitn(3, '.').collect();
    keyed(&["verify", "--detached", "payload", &format!("{}..{}", parts[0], parts[2])])
        .file("payload", from_base64url(parts[1]))
        .error("the payload of an SD-JWT is in the token, so --detached must not name it")
        .hint("leave out what follows the first ~ to verify the signature")
        .code(4);
    keyed(&["encode", r#"{"a":1}"#, "--disclosable", "a", "--serialization", "json"])
        .error("--disclosable cannot be used with --serialization json")
        .hint("use only one of them")
        .code(2);
}
