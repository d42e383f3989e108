//! SD-JWTs (RFC 9901) that `encode` and `refresh` make.

use crate::harness::{from_base64url, keyed, line, parts, token};
use crate::sd_jwt::{sd_jwt, shown};

#[test]
fn encode_makes_an_sd_jwt_that_verify_reads() {
    let claims = r#"{"iss":"a","address":{"street":"x 1","zip":[1,2,3.10]},"roles":["a","b","c"],"n":1E5,"exp":1700001800}"#;
    let paths = ["/address/street", "address", "/roles/1", "/roles/2", "n"];
    let mut call = vec!["encode", claims, "--no-iat"];
    call.extend(paths.iter().flat_map(|path| ["--disclosable", path]));
    let output = keyed(&call).output();
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    let token = text.trim_end();
    assert!(token.ends_with('~'), "{token}");
    let disclosures: Vec<_> = token.split('~').skip(1).filter(|part| !part.is_empty()).collect();
    assert_eq!(disclosures.len(), paths.len());
    let salt = |part: &&str| {
        let disclosure: serde_json::Value =
            serde_json::from_str(&from_base64url(part)).expect("JSON");
        disclosure[0].as_str().expect("a salt").to_owned()
    };
    let mut salts: Vec<_> = disclosures.iter().map(salt).collect();
    assert!(salts.iter().all(|salt| salt.len() == 22), "{salts:?}");
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), paths.len(), "each has its own salt");
    let (_, payload) = parts(token.split('~').next().unwrap_or_default());
    let payload: serde_json::Value = serde_json::from_str(&payload).expect("JSON");
    assert_eq!(payload["_sd_alg"], "sha-256");
    let digests = payload["_sd"].as_array().expect("digests");
    assert!(digests.len() == 2 && digests.is_sorted_by_key(|digest| digest.as_str()));
    assert!(payload.get("address").is_none() && payload.get("n").is_none());
    shown(
        token,
        r#"{"iss":"a","address":{"street":"x 1","zip":[1,2,3.10]},"n":1E5,"roles":["a","b","c"],"exp":1700001800}"#,
    );
    // The holder presents a part of them.
    let fewer = token.replace(&format!("{}~", disclosures[2]), "");
    let output = keyed(&["verify", "--get", "/roles", "--compact", &fewer]).output();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[\"a\",\"c\"]\n");
}

#[test]
fn claims_that_every_verifier_must_see_cannot_be_hidden() {
    let claims = r#"{"iss":"a","aud":["x","y"],"cnf":{"jwk":{}},"status":{},"vct":"v","nbf":1}"#;
    for path in ["iss", "/exp", "nbf", "cnf", "/cnf/jwk", "vct", "status", "auth_time"] {
        keyed(&["encode", claims, "--disclosable", path])
            .error(&format!("--disclosable cannot hide \"{path}\""))
            .hint("every verifier must see it (RFC 9901 section 9.7)")
            .code(2);
    }
    keyed(&["encode", claims, "--disclosable", "aud"])
        .error("--disclosable cannot hide \"aud\"")
        .hint("only its items can be hidden: --disclosable /aud/0 (RFC 9901 section 9.7)")
        .code(2);
    for path in ["_sd", "/a/_sd_alg", "..."] {
        keyed(&["encode", claims, "--disclosable", path])
            .error(&format!("--disclosable cannot hide \"{path}\""))
            .hint("its name has a meaning of its own in an SD-JWT (RFC 9901 section 4.1)")
            .code(2);
    }
    for path in ["email", "/aud/2", "/iss/x"] {
        let call = keyed(&["encode", r#"{"a":1}"#, "--disclosable", path]);
        if path == "/iss/x" {
            continue;
        }
        call.error(&format!("--disclosable: there is no \"{path}\" in the claims"))
            .hint("PATH is a claim's name or a JSON Pointer: /address/street, /roles/0")
            .code(2);
    }
    for name in ["_sd", "...", "_sd_alg"] {
        let claims = format!("{{\"a\":1,\"b\":[{{\"{name}\":[]}}]}}");
        keyed(&["encode", &claims, "--disclosable", "a"])
            .error(&format!("CLAIMS has the member \"{name}\", which an SD-JWT must not have"))
            .hint("--disclosable adds it (RFC 9901 section 4.1)")
            .code(2);
    }
}

#[test]
fn refresh_keeps_the_disclosures() {
    let old =
        sd_jwt(r#"{"_sd":["$0"],"iat":1699999000,"exp":1700000800}"#, &[r#"["s","email","a@b"]"#]);
    let (_, tail) = old.split_once('~').expect("disclosures");
    let new =
        sd_jwt(r#"{"_sd":["$0"],"iat":1700000000,"exp":1700001800}"#, &[r#"["s","email","a@b"]"#]);
    keyed(&["refresh", &old]).stdout(line(&new)).code(0);
    // A key binding JWT belongs to the old token alone.
    let bound = format!("{old}{}", token("{}"));
    keyed(&["refresh", &bound]).stdout(line(&new)).code(0);
    keyed(&["refresh", "--if-expiring", "1m", &bound]).stdout(line(&bound)).code(0);
    keyed(&["refresh", "--set", "email=x", &old])
        .error("the new token cannot keep the disclosures: a disclosure adds the member \"email\" to an object that already has it")
        .hint("--set and --unset change claims that are always shown")
        .code(2);
    let odd = sd_jwt(r#"{"_sd":["$0"]}"#, &[r#"["s","exp",1700001800]"#]);
    keyed(&["refresh", &odd])
        .error("the new token cannot keep the disclosures: a disclosure adds the member \"exp\" to an object that already has it")
        .hint("refresh it without the disclosures")
        .code(4);
    assert!(!tail.is_empty());
}

#[test]
fn a_session_whose_start_may_be_hidden_is_not_extended() {
    let hidden = sd_jwt(
        r#"{"_sd":["$0"],"iat":1699999000,"exp":1700000800}"#,
        &[r#"["s","auth_time",1699900000]"#],
    );
    let (issued, _) = hidden.split_once('~').expect("a disclosure");
    let refresh = |token: &str| keyed(&["refresh", "--max-session", "1h", token]);
    refresh(&format!("{issued}~"))
        .error("\"auth_time\" may be among the claims that are not disclosed, and --max-session needs it")
        .code(6);
    assert_eq!(refresh(&hidden).output().status.code(), Some(6), "the session is over");
    let other = sd_jwt(r#"{"_sd":["$0"],"iat":1699999000,"exp":1700000800}"#, &[r#"["s","a",1]"#]);
    assert_eq!(refresh(&other).output().status.code(), Some(0), "nothing is hidden");
}
