//! SD-JWTs (RFC 9901): what disclosures add to the claims, what is refused, and what `encode` and `refresh` make.

use aws_lc_rs::digest::{self, digest};

use crate::harness::{
    Call, HEADER, base64url, clocked, forged, jwtctl, keyed, line, signed, token,
};

/// The path of a file in `tests/vectors`.
fn vector(name: &str) -> String {
    format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A disclosure of this JSON, and its digest.
pub(crate) fn disclosed(json: &str) -> (String, String) {
    let encoded = base64url(json);
    let digest = base64url(digest(&digest::SHA256, encoded.as_bytes()));
    (encoded, digest)
}

/// An SD-JWT: the payload has `$0`, `$1`, … for the digests of these disclosures, all of which follow.
pub(crate) fn sd_jwt(payload: &str, disclosures: &[&str]) -> String {
    let mut payload = payload.to_owned();
    let mut text = String::from("~");
    for (index, json) in disclosures.iter().enumerate() {
        let (encoded, digest) = disclosed(json);
        payload = payload.replace(&format!("${index}"), &digest);
        text = text + &encoded + "~";
    }
    signed(HEADER, payload) + &text
}

/// A token that must be refused for its disclosures, also by `decode`.
#[track_caller]
pub(crate) fn refused(token: &str, error: &str, hint: Option<&str>) {
    let say = |call: Call| match hint {
        Some(hint) => call.error(error).hint(hint),
        None => call.error(error),
    };
    say(keyed(&["verify", token])).code(4);
    say(clocked(&["decode", token])).code(4);
}

/// The claims that both `verify` and `decode` must show.
#[track_caller]
pub(crate) fn shown(token: &str, claims: &str) {
    keyed(&["verify", "--compact", token]).stdout(line(claims)).code(0);
    clocked(&["decode", "--compact", token]).stdout(line(claims)).code(0);
}

#[test]
fn disclosures_are_shown_in_the_places_of_their_digests() {
    let exp = r#""exp":1700001800"#;
    for (payload, disclosures, claims) in [
        (r#"{"a":1,"_sd":["$0"],"b":2"#, &[r#"["s","c",1E5]"#][..], r#"{"a":1,"c":1E5,"b":2"#),
        // Digests are sorted, so the order of the disclosures counts.
        (
            r#"{"_sd":["$1","$0"],"_sd_alg":"sha-256""#,
            &[r#"["s","x",[1.10]]"#, r#"["s", "y", { "z" : null }]"#],
            r#"{"x":[1.10],"y":{"z":null}"#,
        ),
        (
            r#"{"o":{"_sd":["$0"]},"l":["a",{"...":"$1"},{"...":"decoy"},"c"]"#,
            &[r#"["s","i",true]"#, r#"["s","b"]"#],
            r#"{"o":{"i":true},"l":["a","b","c"]"#,
        ),
        // A disclosure may have digests, too.
        (
            r#"{"_sd":["$1"]"#,
            &[r#"["s","in",0]"#, r#"["s","out",{"_sd":["PLACE"]}]"#],
            r#"{"out":{"in":0}"#,
        ),
        (
            r#"{"_sd":["decoy"],"o":{"_sd":["another"]},"l":[{"...":"third"}]"#,
            &[],
            r#"{"o":{},"l":[]"#,
        ),
        (r#"{"_sd":[]"#, &[], "{"),
        // An escape is another spelling of the same name.
        (r#"{"_\u0073d":["$0"]"#, &[r#"["s","\u0063",1]"#], r#"{"\u0063":1"#),
    ] {
        let inner = disclosures.first().map(|first| disclosed(first).1).unwrap_or_default();
        let disclosures: Vec<_> =
            disclosures.iter().map(|json| json.replace("PLACE", &inner)).collect();
        let disclosures: Vec<_> = disclosures.iter().map(String::as_str).collect();
        let between = if claims == "{" { "" } else { "," };
        let token = sd_jwt(&format!("{payload},{exp}}}"), &disclosures);
        shown(&token, &format!("{claims}{between}{exp}}}"));
    }
}

#[test]
fn what_is_not_disclosed_is_left_out() {
    let whole = sd_jwt(r#"{"_sd":["$0"],"exp":1700001800}"#, &[r#"["s","email","a@b"]"#]);
    shown(&whole, r#"{"email":"a@b","exp":1700001800}"#);
    let without = format!("{}~", whole.split('~').next().unwrap_or_default());
    shown(&without, r#"{"exp":1700001800}"#);
    keyed(&["verify", "--require", "email", "--quiet", &whole]).code(0);
    keyed(&["verify", "--require", "email", &without])
        .error("there is no \"email\", which is required")
        .code(6);
}

#[test]
fn times_and_expectations_are_those_of_the_disclosed_claims() {
    let payload = r#"{"_sd":["$0"]}"#;
    let late = sd_jwt(payload, &[r#"["s","exp",1600000000]"#]);
    keyed(&["verify", &late])
        .error("the token expired 3 years 61 days ago (2020-09-13 12:26:40 UTC)")
        .hint("log in again for a new one")
        .code(3);
    let aud = sd_jwt(r#"{"_sd":["$0"],"exp":1700001800}"#, &[r#"["s","aud","me"]"#]);
    keyed(&["verify", "--aud", "me", "--quiet", &aud]).code(0);
    keyed(&["verify", "--get", "/aud", "--any-aud", &aud]).stdout("me\n").code(0);
}

#[test]
fn the_hash_is_the_one_that_the_payload_names() {
    let encoded = base64url(r#"["s","a",1]"#);
    for (name, algorithm) in
        [("sha-256", &digest::SHA256), ("sha-384", &digest::SHA384), ("sha-512", &digest::SHA512)]
    {
        let digest = base64url(digest(algorithm, encoded.as_bytes()));
        let payload =
            format!("{{\"_sd_alg\":\"{name}\",\"_sd\":[\"{digest}\"],\"exp\":1700001800}}");
        shown(&format!("{}~{encoded}~", token(&payload)), r#"{"a":1,"exp":1700001800}"#);
    }
}

#[test]
fn the_signature_of_the_issuer_is_checked_first() {
    let token = sd_jwt(r#"{"_sd":["$0"]}"#, &[r#"["s","a",1]"#, r#"["s","b",1]"#]);
    let (issued, rest) = token.split_once('~').expect("disclosures");
    let output = keyed(&["verify", &format!("{}~{rest}", forged(issued))]).output();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.code(), message.contains("disclosure")),
        (Some(4), false),
        "{message}"
    );
    assert!(message.starts_with("error: the signature does not match"), "{message}");
}

#[test]
fn many_and_deep_disclosures_take_no_long_time() {
    // Each of 128 levels is in the disclosure of the one above it, and there may be no more.
    let nested = |levels: usize| {
        let mut disclosures = vec![base64url(r#"["s","a",1]"#)];
        for _ in 1..levels {
            let inner = &disclosures[disclosures.len() - 1];
            let digest = base64url(digest(&digest::SHA256, inner.as_bytes()));
            disclosures.push(base64url(format!("[\"s\",\"a\",{{\"_sd\":[\"{digest}\"]}}]")));
        }
        let inner = &disclosures[disclosures.len() - 1];
        let digest = base64url(digest(&digest::SHA256, inner.as_bytes()));
        let payload = format!("{{\"_sd\":[\"{digest}\"],\"exp\":1700001800}}");
        format!("{}~{}~", token(&payload), disclosures.join("~"))
    };
    let claims = format!("{}1{},\"exp\":1700001800}}", r#"{"a":"#.repeat(128), "}".repeat(127));
    keyed(&["verify", "--compact"]).stdin(nested(128)).stdout(line(&claims)).code(0);
    keyed(&["verify"])
        .stdin(nested(129))
        .error("with its disclosures, the payload is nested deeper than 128 levels")
        .code(4);

    let many: Vec<_> = (0..100_000).map(|i| disclosed(&format!("[\"s\",\"{i}\",0]"))).collect();
    let digests: Vec<_> = many.iter().map(|(_, digest)| format!("\"{digest}\"")).collect();
    let encoded: Vec<_> = many.iter().map(|(encoded, _)| encoded.as_str()).collect();
    let payload = format!("{{\"_sd\":[{}],\"exp\":1700001800}}", digests.join(","));
    let all = format!("{}~{}~", token(&payload), encoded.join("~"));
    keyed(&["verify", "--quiet"]).stdin(&all).code(0);
    let none = format!("{}~{}~", token("{}"), encoded.join("~"));
    keyed(&["verify"])
        .stdin(none)
        .error("disclosure 1 does not belong to the token: nothing in it has its digest")
        .hint("was it made for another token, or is the disclosure with its digest missing?")
        .code(4);
    let too_many = format!("{}{}", token("{}"), "~".repeat(300_000));
    keyed(&["verify"])
        .stdin(too_many)
        .error("there are more than 262144 disclosures or digests")
        .code(4);
}

#[test]
fn a_report_names_what_was_disclosed() {
    let token = sd_jwt(
        r#"{"_sd":["$0"],"l":["x",{"...":"decoy"},{"...":"$1"}],"exp":1700001800}"#,
        &[r#"["s","a/b~",{"c":1}]"#, r#"["s","y"]"#],
    );
    for verb in ["decode", "verify"] {
        let output = keyed(&[verb, "--json", &token]).output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["disclosed"], serde_json::json!(["/a~1b~0", "/l/1"]), "{verb}");
    }
    let row = r#"{"line":1,"status":"valid","claims":{"a/b~":{"c":1},"l":["x","y"],"exp":1700001800},"disclosed":["/a~1b~0","/l/1"],"problems":[]}"#;
    let plain = crate::harness::token(r#"{"exp":1700001800}"#);
    let second = r#"{"line":2,"status":"valid","claims":{"exp":1700001800},"problems":[]}"#;
    keyed(&["verify", "--batch"])
        .stdin(format!("{token}\n{plain}\n{token}\n"))
        .stdout(format!("{row}\n{second}\n{}\n", row.replace(":1,\"status", ":3,\"status")))
        .summary("3 lines: 3 valid")
        .code(0);
    keyed(&["verify", "--find", "--print", "all", "--tokens"])
        .stdin(format!("a={token};b"))
        .stdout(line(&token))
        .summary("1 token: 1 valid")
        .code(0);
}

/// The example of RFC 9901 section 5, with the key of its appendix A.5.
#[test]
fn the_example_of_rfc_9901_verifies() {
    let key = vector("rfc9901-a5.jwk");
    let cnf = r#""cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc","y":"ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ"}}"#;
    let address = r#""address":{"street_address":"123 Main St","locality":"Anytown","region":"Anystate","country":"US"}"#;
    let issued =
        r#""iss":"https://issuer.example.com","iat":1683000000,"exp":1883000000,"sub":"user_42""#;
    let all = format!(
        r#"{{"given_name":"John","family_name":"Doe","email":"johndoe@example.com","phone_number":"+1-202-555-0101","phone_number_verified":true,{address},"birthdate":"1940-01-01","updated_at":1570000000,{issued},"nationalities":["US","DE"],{cnf}}}"#
    );
    let file = vector("rfc9901-5.1.sd-jwt");
    clocked(&["verify", "--compact", "--key", &key, "--token-file", &file])
        .stdout(line(&all))
        .code(0);
    let some = format!(
        r#"{{"family_name":"Doe",{address},"given_name":"John",{issued},"nationalities":["US"],{cnf}}}"#
    );
    let file = vector("rfc9901-5.2.sd-jwt");
    let call = |at: &str, aud: &str, nonce: &str| {
        let binding = ["--key-binding-aud", aud, "--key-binding-nonce", nonce];
        let verify = ["verify", "--compact", "--key", &key, "--token-file", &file, "--at", at];
        jwtctl(&[&verify[..], &binding[..]].concat())
    };
    let aud = "https://verifier.example.org";
    for at in ["1748537244", "1748537544"] {
        call(at, aud, "1234567890").stdout(line(&some)).code(0);
    }
    call("1748537545", aud, "1234567890")
        .error("the key binding JWT was issued 5 minutes ago (2025-05-29 16:47:24 UTC); --key-binding-max-age allows 5 minutes")
        .hint("ask the holder for a new presentation")
        .code(6);
    call("1748537243", aud, "1234567890")
        .error("the key binding JWT: \"iat\" is 1 second in the future (2025-05-29 16:47:24 UTC)")
        .code(5);
    call("1748537244", aud, "1")
        .error("the key binding JWT: \"nonce\" is \"1234567890\"; expected \"1\"")
        .code(6);
    call("1748537244", "https://a.example", "1234567890")
        .error("the key binding JWT: \"aud\" is \"https://verifier.example.org\"; expected \"https://a.example\"")
        .code(6);
    jwtctl(&["verify", "--key", &key, "--token-file", &file, "--at", "1748537244", "--compact"])
        .stdout(line(&some))
        .warning(
            "the key binding JWT was not checked: whoever presents the token may not be its holder",
        )
        .hint("check it with --key-binding-aud and --key-binding-nonce")
        .code(0);
}

/// The disclosures of RFC 9901 section 6, whose digests are printed there.
#[test]
fn the_nested_examples_of_rfc_9901_are_put_together() {
    const STREET: &str =
        "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgInN0cmVldF9hZGRyZXNzIiwgIlNjaHVsc3RyLiAxMiJd";
    const LOCALITY: &str =
        "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImxvY2FsaXR5IiwgIlNjaHVscGZvcnRhIl0";
    const REGION: &str = "WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgInJlZ2lvbiIsICJTYWNoc2VuLUFuaGFsdCJd";
    const COUNTRY: &str = "WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgImNvdW50cnkiLCAiREUiXQ";
    const ADDRESS: &str = "WyJRZ19PNjR6cUF4ZTQxMmExMDhpcm9BIiwgImFkZHJlc3MiLCB7Il9zZCI6IFsiNnZoOWJxLXpTNEdLTV83R3BnZ1ZiWXp6dTZvT0dYcm1OVkdQSFA3NVVkMCIsICI5Z2pWdVh0ZEZST0NnUnJ0TmNHVVhtRjY1cmRlemlfNkVyX2o3NmttWXlNIiwgIktVUkRQaDRaQzE5LTN0aXotRGYzOVY4ZWlkeTFvVjNhM0gxRGEyTjBnODgiLCAiV045cjlkQ0JKOEhUQ3NTMmpLQVN4VGpFeVc1bTV4NjVfWl8ycm8yamZYTSJdfV0";
    let whole = r#""address":{"street_address":"Schulstr. 12","locality":"Schulpforta","region":"Sachsen-Anhalt","country":"DE"}"#;
    let structured = r#"{"exp":1883000000,"address":{"_sd":["6vh9bq-zS4GKM_7GpggVbYzzu6oOGXrmNVGPHP75Ud0","9gjVuXtdFROCgRrtNcGUXmF65rdezi_6Er_j76kmYyM","KURDPh4ZC19-3tiz-Df39V8eidy1oV3a3H1Da2N0g88","WN9r9dCBJ8HTCsS2jKASxTjEyW5m5x65_Z_2ro2jfXM"]},"_sd_alg":"sha-256"}"#;
    let recursive = r#"{"_sd":["HvrKX6fPV0v9K_yCVFBiLFHsMaxcD_114Em6VT8x1lg"],"exp":1883000000,"_sd_alg":"sha-256"}"#;
    let all = format!("{STREET}~{LOCALITY}~{REGION}~{COUNTRY}~");
    shown(&format!("{}~{all}", token(structured)), &format!("{{\"exp\":1883000000,{whole}}}"));
    shown(
        &format!("{}~{COUNTRY}~", token(structured)),
        r#"{"exp":1883000000,"address":{"country":"DE"}}"#,
    );
    let inside = token(recursive);
    shown(&format!("{inside}~{all}{ADDRESS}~"), &format!("{{{whole},\"exp\":1883000000}}"));
    shown(&format!("{inside}~{ADDRESS}~"), r#"{"address":{},"exp":1883000000}"#);
    refused(
        &format!("{inside}~{COUNTRY}~"),
        "disclosure 1 does not belong to the token: nothing in it has its digest",
        Some("was it made for another token, or is the disclosure with its digest missing?"),
    );
}

#[test]
fn an_sd_jwt_is_found_in_text_and_inside_encryption() {
    let token = sd_jwt(r#"{"_sd":["$0"],"exp":1700001800}"#, &[r#"["s","email","a@b"]"#]);
    let claims = r#"{"email":"a@b","exp":1700001800}"#;
    clocked(&["decode", "--compact", &format!("https://a.example/?t={token}&x=1")])
        .stdout(line(claims))
        .warning("this is a URL with a token in \"t\"; showing the token that starts at byte 21")
        .code(0);
    let key = ["--encrypt-secret-env", "raw:ENC"];
    let hide = ["encode", claims, "--no-iat", "--disclosable", "email"];
    let sealed = keyed(&[&hide[..], &key].concat()).env("ENC", &"k".repeat(32)).output().stdout;
    let sealed = String::from_utf8(sealed).expect("UTF-8");
    let open = ["--compact", "--decrypt-secret-env", "raw:ENC", sealed.trim_end()];
    for verb in ["verify", "decode"] {
        keyed(&[&[verb], &open[..]].concat())
            .env("ENC", &"k".repeat(32))
            .stdout(line(claims))
            .code(0);
    }
    keyed(&[&["verify", "--key-binding-aud", "a", "--key-binding-nonce", "b"], &open[..]].concat())
        .env("ENC", &"k".repeat(32))
        .error("the SD-JWT has no key binding JWT, which --key-binding-aud and --key-binding-nonce require")
        .hint("the holder must create one for each presentation, with your audience and nonce (RFC 9901 section 4.3)")
        .code(6);
}
