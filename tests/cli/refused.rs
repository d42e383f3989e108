//! Malformed tokens, hostile headers and claims of the wrong type are refused. Wherever a token is signed, its signature
//! matches, which is never enough.

use crate::harness::{CLAIMS, Call, HEADER, base64url, clocked, keyed, signed, token};

/// 16 MiB, the most that is read of a token.
const MOST: usize = 16 * 1024 * 1024;
const CUT: &str = "was it cut?";

const NO_HEADER: &str =
    "was it altered, or is it not a JWT? A JWT's header is a JSON object and begins with eyJ";
const BEHEADED: &str = "was it cut at its beginning? A token begins with eyJ";

/// Verifies a text that is no token.
#[track_caller]
fn refused(token: &str, error: &str, hint: Option<&str>) {
    let call = keyed(&["verify"]).stdin(token).error(error);
    hint.into_iter().fold(call, Call::hint).code(4);
}

/// Verifies a damaged token, whose faulty place is shown.
#[track_caller]
fn pointed(token: &str, error: &str, [shown, caret]: [&str; 2], hint: &str) {
    keyed(&["verify"]).stdin(token).error(error).evidence(shown).evidence(caret).hint(hint).code(4);
}

#[test]
fn an_empty_token_is_reported() {
    let (error, hint) = (
        "there is no token: the input is empty",
        "was the variable set, and did the command before the pipe print anything?",
    );
    for token in ["", " \n", "\"\""] {
        refused(token, error, Some(hint));
    }
    keyed(&["verify", ""]).error(error).hint(hint).code(4);
}

#[test]
fn a_token_has_three_parts() {
    let parts =
        |found: usize| format!("a token has three parts separated by dots; this text has {found}");
    refused("abc", &parts(1), Some(CUT));
    refused("a.b", &parts(2), Some(CUT));
    refused("......", &parts(7), Some("is it more than one token?"));
    let three = "pipe it through cut -d. -f1-3";
    let head = base64url(HEADER);
    pointed(&format!("{head}.e30.AA.AA"), &parts(4), ["...0.AA.AA", "       ^"], three);
    pointed(&format!("{head}.e30.AA.AA.AA"), &parts(5), ["...0.AA.AA.A...", "       ^"], three);
    refused("ab.e30.AA.AA.AA", &parts(5), Some("is it more than one token?"));
    // No alg, no token: nothing is known to mend it.
    pointed("e30.e30.AA.AA", &parts(4), ["...0.AA.AA", "       ^"], "is it more than one token?");
}

#[test]
fn base64url_is_strict() {
    let head = base64url(HEADER);
    for (rest, error, place, hint) in [
        (
            "e30.AA==",
            "the signature is padded with '=' (byte 2)",
            ["...0.AA==", "       ^"],
            "pipe it through tr -d =",
        ),
        (
            "e30.A+A",
            "the signature has the character '+' (byte 1), which is not base64url",
            ["...30.A+A", "       ^"],
            "pipe it through tr '+/' '-_'",
        ),
        (
            "e30.A/A=",
            "the signature has the character '/' (byte 1), which is not base64url",
            ["...30.A/A=", "       ^"],
            "pipe it through tr '+/' '-_' | tr -d =",
        ),
        // The same bytes in another spelling: `e30` is `{}`, and so would `e31` be.
        (
            "e31.AAAA",
            "the payload ends in a character that it cannot end in (byte 2)",
            ["...pXVCJ9.e31.AAAA", "            ^"],
            "was it cut, or altered?",
        ),
        (
            "e30.AAAAA",
            "the signature has 5 characters; with HS256 it has 43",
            ["...AAAA", "       ^"],
            CUT,
        ),
    ] {
        pointed(&format!("{head}.{rest}"), error, place, hint);
    }
    keyed(&["verify"])
        .stdin(format!("{head}.e30=.AAAA"))
        .error("the payload is padded with '=' (byte 3)")
        .evidence("...XVCJ9.e30=.AAAA")
        .evidence("            ^")
        .evidence("its signature matches the key neither with the padding nor without it")
        .hint(
            "if the signer signed the padding, as AWS load balancers do, accept it with --allow-padding; otherwise, pipe it \
             through tr -d =",
        )
        .code(4);
    keyed(&["verify"])
        .stdin(format!("{head}.e#0.AAAA"))
        .error("the payload has the character \"#\" (byte 1), which is not base64url")
        .evidence("...kpXVCJ9.e#0.AAAA")
        .evidence("            ^")
        .code(4);
}

#[test]
fn a_token_cut_at_its_beginning_is_recognised() {
    let token = token(CLAIMS);
    for (cut, error) in [
        (4, "the header is not JSON: expected value at line 1 column 1"),
        (5, "the header ends in a character that it cannot end in (byte 30)"),
        (base64url(HEADER).len(), "the header is empty"),
    ] {
        refused(&token[cut..], error, Some(BEHEADED));
    }
}

#[test]
fn a_signature_of_a_wrong_length_is_compared_with_its_algorithm() {
    for (alg, length) in
        [("HS256", 43), ("HS384", 64), ("HS512", 86), ("ES256", 86), ("ES512", 176), ("EdDSA", 86)]
    {
        let header = base64url(format!(r#"{{"alg":"{alg}"}}"#));
        // One more than whole bytes have.
        let wrong = length + (4 - length % 4) % 4 + 1;
        for (has, hint) in [(wrong, "was something added to its end?"), (wrong - 8, CUT)] {
            let error = format!("the signature has {has} characters; with {alg} it has {length}");
            let given = format!("{header}.e30.{}", "A".repeat(has));
            pointed(&given, &error, ["...AAAA", "       ^"], hint);
        }
    }
    let header = base64url(r#"{"alg":"RS256"}"#);
    let error = "the signature has one character too many or too few (it has 45)";
    pointed(&format!("{header}.e30.{}", "A".repeat(45)), error, ["...AAAA", "       ^"], CUT);
}

#[test]
fn a_token_is_text_of_a_bounded_size() {
    keyed(&["verify"])
        .stdin(b"e30\xff")
        .error("the token is not text: byte 3 is not UTF-8")
        .evidence("e30?")
        .evidence("   ^")
        .code(4);
    let head = format!("{}.", base64url(HEADER));
    let token = |length: usize| format!("{head}{}.AAAA", "A".repeat(length - head.len() - 5));
    keyed(&["verify"])
        .stdin(token(MOST))
        .error(
            "the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)",
        )
        .evidence("it has 3 bytes instead of 32")
        .hint("was the token cut off at the end? Copy it again")
        .code(4);
    refused(&token(MOST + 1), "the token is larger than 16 MiB", None);
}

#[test]
fn header_and_payload_are_json_objects_of_unique_names_and_bounded_depth() {
    let raw = Some("jwtctl verify --raw checks a payload of any kind");
    let neither = Some("readers disagree on which of the two counts, so neither is trusted");
    let deep = format!("{}1{}", r#"{"a":"#.repeat(129), "}".repeat(129));
    let twice_inside = r#"{"a":[{"b":{"c":1,"\u0063":2}}]}"#;
    for (header, payload, error, hint) in [
        ("[]", "{}", "the header is an array, not a JSON object", Some(NO_HEADER)),
        (
            "{\"alg\"",
            "{}",
            "the header is not JSON: EOF while parsing an object at line 1 column 6",
            Some(NO_HEADER),
        ),
        ("", "{}", "the header is empty", Some(BEHEADED)),
        (
            r#"{"alg":"HS256","alg":"none"}"#,
            "{}",
            r#"the header has the member "alg" twice"#,
            neither,
        ),
        (HEADER, "[]", "the payload is an array, not a JSON object", raw),
        (HEADER, "5", "the payload is a number, not a JSON object", raw),
        (HEADER, "null", "the payload is null, not a JSON object", raw),
        (HEADER, "{}x", "the payload is not JSON: trailing characters at line 1 column 3", raw),
        (
            HEADER,
            r#"{"exp":1,"exp":9999999999}"#,
            r#"the payload has the member "exp" twice"#,
            neither,
        ),
        (
            HEADER,
            twice_inside,
            r#"the payload has the member "c" twice in one object at depth 4"#,
            neither,
        ),
        (HEADER, &deep, "the payload is nested deeper than 128 levels", None),
    ] {
        refused(&signed(header, payload), error, hint);
    }
    refused(&signed(HEADER, b"{\"a\":\"\xff\"}"), "the payload is not UTF-8 (byte 6)", None);
    // 128 levels are allowed.
    let deepest = format!("{}1{}", r#"{"a":"#.repeat(128), "}".repeat(128));
    keyed(&["verify", "-q", &token(&deepest)]).code(0);
}

#[test]
fn header_members_that_change_the_check_are_refused() {
    let crit = "a token with an unknown \"crit\" must be refused (RFC 7515 section 4.1.11)";
    let key = "the HMAC secret (JWTCTL_SECRET)";
    let supports = "RS256 is checked with an RSA public key: --key PATH, --jwks PATH|URL or --oidc ISSUER; this key \
                  supports HS256, HS384 and HS512";
    for (header, error, hint) in [
        (
            r#"{"alg":"none"}"#,
            r#"the token is unsecured: its "alg" is "none""#.to_owned(),
            Some("anyone can write such a token; have the issuer sign it"),
        ),
        (
            r#"{"alg":"nOnE"}"#,
            r#"the token is unsecured: its "alg" is "none""#.to_owned(),
            Some("anyone can write such a token; have the issuer sign it"),
        ),
        (
            "{}",
            r#"the header has no "alg""#.to_owned(),
            Some("the signer must name the algorithm (RFC 7515 section 4.1.1)"),
        ),
        (r#"{"alg":256}"#, r#"the header's "alg" must be a string; it is 256"#.to_owned(), None),
        (
            r#"{"alg":"hs256"}"#,
            format!(r#"the token's "alg" is "hs256", which {key} does not support"#),
            Some(
                "names are case-sensitive (RFC 7515 section 4.1.1): the signer must write \"HS256\"",
            ),
        ),
        (
            r#"{"alg":"RS256"}"#,
            format!(r#"the token's "alg" is "RS256", which {key} does not support"#),
            Some(supports),
        ),
        (
            r#"{"alg":"HS256","crit":["exp"]}"#,
            r#"the header requires extensions that jwtctl does not know: ["exp"]"#.to_owned(),
            Some(crit),
        ),
        (
            r#"{"alg":"HS256","crit":[]}"#,
            r#"the header's "crit" must be a non-empty array of names; it is []"#.to_owned(),
            None,
        ),
        (
            r#"{"alg":"HS256","b64":false}"#,
            r#"the header says "b64": false, and its "crit" does not name "b64""#.to_owned(),
            Some(r#"the signer must write "crit":["b64"] (RFC 7797 section 6)"#),
        ),
        (
            r#"{"alg":"HS256","crit":["b64"]}"#,
            r#"the header's "crit" names "b64", which the header does not have"#.to_owned(),
            Some(r#""crit" names header parameters (RFC 7515 section 4.1.11)"#),
        ),
        (
            r#"{"alg":"HS256","typ":1}"#,
            r#"the header's "typ" must be a string; it is 1"#.to_owned(),
            None,
        ),
        (
            r#"{"alg":"HS256","kid":1}"#,
            r#"the header's "kid" must be a string; it is 1"#.to_owned(),
            None,
        ),
    ] {
        // The signature matches: it is the header that is refused.
        refused(&signed(header, CLAIMS), &error, hint);
    }
}

#[test]
fn header_members_of_the_wrong_type_are_refused() {
    let names = "a non-empty array of names";
    for (header, name, expected, actual) in [
        (r#"{"alg":"HS256","crit":null}"#, "crit", names, "null"),
        (r#"{"alg":"HS256","crit":"b64"}"#, "crit", names, r#""b64""#),
        (r#"{"alg":"HS256","crit":[1]}"#, "crit", names, "[1]"),
        (r#"{"alg":"HS256","b64":"false"}"#, "b64", "a boolean", r#""false""#),
        (r#"{"alg":"HS256","typ":null}"#, "typ", "a string", "null"),
    ] {
        let error = format!("the header's {name:?} must be {expected}; it is {actual}");
        refused(&signed(header, CLAIMS), &error, None);
    }
    let both = signed(r#"{"alg":"HS256","crit":["exp","b64"],"b64":false}"#, CLAIMS);
    let report = keyed(&["verify", "--json", &both]).output();
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    let codes = [0, 1].map(|at| report["problems"][at]["code"].as_str().unwrap());
    assert_eq!(codes, ["crit", "b64"]);
    for plain in [
        r#"{"alg":"HS256","b64":true,"kid":"1","typ":"JWT"}"#,
        r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#,
    ] {
        keyed(&["verify", "-q", &signed(plain, CLAIMS)]).code(0);
    }
}

#[test]
fn claims_of_the_wrong_type_are_invalid() {
    let seconds = "seconds since 1970, as a number";
    let exp = r#"seconds, as a number: "exp":1700001800 (2023-11-14 22:43:20 UTC)"#;
    for (claims, name, wanted, actual, instead) in [
        (r#"{"exp":"1700001800"}"#, "exp", "a number", r#"the string "1700001800""#, exp),
        (r#"{"exp":null}"#, "exp", "a number", "null", seconds),
        (r#"{"nbf":true,"exp":1700001800}"#, "nbf", "a number", "true", seconds),
        (r#"{"iat":[1],"exp":1700001800}"#, "iat", "a number", "[1]", seconds),
        (r#"{"iss":5,"exp":1700001800}"#, "iss", "a string", "5", r#"a string: "iss":"5""#),
        (
            r#"{"aud":[1],"exp":1700001800}"#,
            "aud",
            "a string or an array of strings",
            "[1]",
            r#"a string: "aud":"1""#,
        ),
    ] {
        let error = format!("the claim {name:?} must be {wanted}; it is {actual}");
        refused(&token(claims), &error, Some(&format!("have the issuer write {instead}")));
    }
    // A sub is looked at only where one is expected.
    let sub = r#"{"sub":5,"exp":1700001800}"#;
    keyed(&["verify", "-q", &token(sub)]).code(0);
    keyed(&["verify", &token(sub), "--sub", "5"])
        .error(r#"the claim "sub" must be a string; it is 5"#)
        .hint(r#"have the issuer write a string: "sub":"5"; --claim sub:=NUMBER expects a number"#)
        .code(4);
    keyed(&["verify", "-q", &token(sub), "--claim", "sub:=5"]).code(0);
}

#[test]
fn a_message_is_of_a_readable_length_whatever_a_token_says() {
    let name = "n".repeat(100_000);
    let twice = token(&format!(r#"{{"{name}":1,"{name}":2}}"#));
    let output = keyed(&["verify"]).stdin(twice).output();
    assert_eq!(output.status.code(), Some(4));
    assert!(output.stderr.len() < 1000, "{} bytes on stderr", output.stderr.len());
}

#[test]
fn an_alg_that_no_key_supports_is_explained() {
    let all = "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA, \
               Ed25519, ML-DSA-44, ML-DSA-65 and ML-DSA-87";
    let case = |name: &str| {
        format!(
            "names are case-sensitive (RFC 7515 section 4.1.1): the signer must write \"{name}\""
        )
    };
    let mean = |name: &str| format!("no algorithm has this name; did the signer mean \"{name}\"?");
    let encrypts = |name: &str| {
        format!("{name} is for encryption (JWE), not for signatures (RFC 7518 section 4)")
    };
    let public = |alg: &str, kind: &str| {
        format!(
            "{alg} is checked with {kind} public key: --key PATH, --jwks PATH|URL or --oidc ISSUER"
        )
    };
    let here = "; this key supports HS256, HS384 and HS512";
    for (alg, hint) in [
        ("ES512", public("ES512", "a P-521") + here),
        ("ES256K", public("ES256K", "a secp256k1") + here),
        ("EdDSA", public("EdDSA", "an Ed25519") + here),
        ("rs256", case("RS256")),
        ("eddsa", case("EdDSA")),
        ("HS-256", mean("HS256")),
        ("HS265", mean("HS256")),
        ("RS25", mean("RS256")),
        ("ES256k1", mean("ES256K")),
        ("HmacSHA256", mean("HS256")),
        ("SHA384withRSA", mean("RS384")),
        ("SHA256withECDSA", mean("ES256")),
        ("RSASSA-PSS-SHA512", mean("PS512")),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", mean("RS256")),
        ("dir", encrypts("dir")),
        ("RSA-OAEP-256", encrypts("RSA-OAEP-256")),
        ("ECDH-ES+A128KW", encrypts("ECDH-ES+A128KW")),
        ("A256GCM", encrypts("A256GCM")),
        ("ML-DSA-44", public("ML-DSA-44", "an ML-DSA-44") + here),
        ("mldsa65", mean("ML-DSA-65")),
        ("Ed448", format!("jwtctl does not check Ed448; it checks {all}")),
        ("frobnicate", format!("no algorithm has this name; tokens are signed with {all}")),
    ] {
        let token = signed(&format!(r#"{{"alg":"{alg}"}}"#), CLAIMS);
        let output = keyed(&["verify", "--json"]).stdin(&token).output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let problem = &report["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["hint"]),
            (&"alg-not-served".into(), &hint.into()),
            "{alg}"
        );
        assert_eq!(output.status.code(), Some(4));
    }
    let name = "rsa2048.spki.public.pem";
    clocked(&["verify", "-k", name])
        .key(name)
        .stdin(token(CLAIMS))
        .error(r#"the token's "alg" is "HS256", which the RSA 2048-bit public key (rsa2048.spki.public.pem) does not support"#)
        .hint("HS256 is checked with an HMAC secret: --secret-env NAME or --secret-file PATH; this key supports RS256, RS384, RS512, PS256, PS384 and PS512")
        .code(4);
}
