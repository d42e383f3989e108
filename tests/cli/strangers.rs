//! What is given in place of a token is named. Each test runs the command of the hint, which must succeed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{
    CLAIMS, Call, HEADER, PRINTED, SECRET, base64url, jwtctl, keyed, program, signed, text, token,
};

const FIND: &str = "pipe it through jwtctl decode -q --find --tokens";
/// For a token inside a word.
const CUT: &str =
    r"pipe it through sed 's/\([^.]\)eyJ/\1 eyJ/g' | jwtctl decode -q --find --tokens";
const ISSUER: &str =
    "it has no claims to read: only its issuer's server knows what it means (RFC 7662)";
const SHAPE: &str = "a token has three parts of letters and digits with dots between them";

/// `decode`, `verify` and `refresh` report the same for text that is not a token.
#[track_caller]
pub fn named(given: impl AsRef<[u8]>, code: &str, error: &str, hint: &str) {
    keyed(&["decode"]).stdin(&given).error(error).hint(hint).code(4);
    refused(given, code, error, hint);
}

/// Shows the only token in a text, that of [`CLAIMS`], and says where it was; verifies and refreshes none.
#[track_caller]
fn shown(given: &str, code: &str, error: &str, hint: &str) {
    let at = given.find("eyJhbGciOi").unwrap();
    let warning = format!("{error}; showing the token that starts at byte {at}");
    keyed(&["decode"]).stdin(given).stdout(PRINTED).warning(&warning).code(0);
    refused(given, code, error, hint);
}

#[track_caller]
fn refused(given: impl AsRef<[u8]>, code: &str, error: &str, hint: &str) {
    for verb in ["verify", "refresh"] {
        keyed(&[verb]).stdin(&given).error(error).hint(hint).code(4);
    }
    let report = json(&keyed(&["verify", "--json"]).stdin(&given));
    assert_eq!(report["problems"][0]["code"], code);
}

pub fn json(call: &Call) -> serde_json::Value {
    serde_json::from_slice(&call.output().stdout).expect("a report in JSON")
}

/// Runs the command of the hint on the input; the result must be the token, with a matching signature.
#[track_caller]
pub fn mended(given: impl AsRef<[u8]>) {
    let call = keyed(&["verify"]).stdin(&given);
    let said = text(&call.output().stderr);
    let (_, command) = said.split_once("pipe it through ").unwrap_or_else(|| panic!("{said}"));
    let folder = program().parent().unwrap().display().to_string();
    let path = format!("PATH={folder}:/usr/bin:/bin:/usr/local/bin; export PATH;");
    let output = call.in_shell(&format!("{path} {} | \"$@\"", command.trim_end()));
    let seen = (output.status.code(), text(&output.stdout), text(&output.stderr));
    assert_eq!(seen, (Some(0), PRINTED.to_owned(), String::new()), "{command}");
}

#[test]
fn json_with_a_token_in_it_is_named_with_the_way_to_the_token() {
    let token = token(CLAIMS);
    for (answer, name, filter, pointer) in [
        (
            format!(r#"{{"token_type":"x","access_token":"{token}"}}"#),
            "access_token",
            ".access_token",
            "/access_token",
        ),
        (
            format!(r#"{{"other":"{token}","id_token":"{token}"}}"#),
            "id_token",
            ".id_token",
            "/id_token",
        ),
        (
            format!(r#"{{"access_token":"opaque","id_token":"{token}"}}"#),
            "id_token",
            ".id_token",
            "/id_token",
        ),
        (format!(r#"{{"data":{{"token":"{token}"}}}}"#), "token", ".data.token", "/data/token"),
        (
            format!(r#" {{"a":[{{"my jwt":"{token}"}}]}}"#),
            "my jwt",
            r#"'.a[0]["my jwt"]'"#,
            "/a/0/my jwt",
        ),
        (format!(r#"[{{"jwt":"{token}"}}]"#), "jwt", "'.[0].jwt'", "/0/jwt"),
    ] {
        let error = format!("this is JSON with a token in {name:?}");
        shown(&answer, "token-in-json", &error, &format!("pipe it through jq -r {filter}"));
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer.pointer(pointer).unwrap(), token.as_str());
        // The filter and the pointer lead the same way.
        let steps = filter.trim_matches('\'').replace(['.', '[', ']', '"'], "/");
        let same: Vec<_> = steps.split('/').filter(|step| !step.is_empty()).collect();
        assert_eq!(format!("/{}", same.join("/")), pointer);
    }
}

#[test]
fn a_token_inside_json_is_found() {
    let token = token(CLAIMS);
    let broken = "this is broken JSON with a token in it";
    let more = "this is JSON and other text with a token in it";
    for (given, error, hint) in [
        (format!("{{\"access_token\":\"{token}\"}}\n200"), more, FIND),
        (format!("{{\"a\":1}}\n{{\"x\":\"eyJa.b.c\"}}\n{{\"t\":\"{token}\"}}"), more, FIND),
        (format!(r#"{{"access_token":"{token}","expires_in":36"#), broken, FIND),
        (format!("{{'access_token': '{token}'}}"), broken, FIND),
        (format!(r#""{{\"token\":\"{token}\"}}""#), broken, FIND),
        (
            format!(r#"{{"body":"{{\"token\":\"{token}\"}}"}}"#),
            "this is JSON with a token in it",
            FIND,
        ),
        (
            format!(r#"{{"error":"invalid_token","error_description":"not {token}!"}}"#),
            "this is JSON with a token in it",
            FIND,
        ),
        (format!(r#"[{{"body":"at {token}"}}]"#), "this is JSON with a token in it", FIND),
    ] {
        shown(&given, "token-in-json", error, hint);
        mended(&given);
    }
    for link in
        [format!("[token](https://a.example/{token})"), format!("[{token}](https://a.example/)")]
    {
        shown(&link, "token-in-text", "there is other text around the token", FIND);
        mended(&link);
    }
    for end in [60, token.len() - 3] {
        let cut = format!(r#"{{"access_token":"{}"#, &token[..end]);
        let error = "this is broken JSON, and there is no whole token in it";
        named(cut, "token-json", error, "was it cut? Copy it whole");
    }
    let large = format!("{{\"a\":\"{}\"}}", "a".repeat(1024 * 1024));
    let error = "this is JSON, and there is no token in its first MiB";
    named(large, "token-json", error, "pass the token alone");
}

#[test]
fn a_token_deep_in_json_is_found() {
    let token = token(CLAIMS);
    let deep = format!("{}\"{token}\"{}", r#"{"a":[0,"#.repeat(10), "]}".repeat(10));
    let hint = format!("pipe it through jq -r '{}'", ".a[1]".repeat(10));
    shown(&deep, "token-in-json", r#"this is JSON with a token in "a""#, &hint);
    mended(&deep);
    // Where the path would fill a screen, the token is found without one.
    let deepest = format!("{}\"{token}\"{}", r#"{"member":"#.repeat(120), "}".repeat(120));
    shown(&deepest, "token-in-json", "this is JSON with a token in it", FIND);
    mended(&deepest);
}

#[test]
fn the_token_in_a_kubernetes_secret_is_found() {
    let token = token(CLAIMS);
    let twice = STANDARD.encode(&token);
    let given = format!(r#"{{"kind":"Secret","data":{{"token":"{twice}"}}}}"#);
    let error = r#"this is JSON with a token in "token" that was base64-encoded again"#;
    named(&given, "token-in-json", error, "pipe it through jq -r .data.token | base64 -d");
    mended(&given);
    let yaml =
        format!("apiVersion: v1\ndata:\n  ca.crt: LS0tLS1C\n  token: {twice}\nkind: Secret\n");
    let error = "there is a token in this text that was base64-encoded again";
    let hint = "pipe it through grep -aoE 'ZXlK[A-Za-z0-9+/]+=*' | base64 -d";
    named(&yaml, "token-encoded-twice", error, hint);
    mended(&yaml);
}

#[test]
fn a_base64_response_is_not_called_a_payload() {
    let answer = format!("{{\"access_token\":\"{}\"}} ", token(CLAIMS));
    let error = r#"this is JSON in base64 with a token in "access_token""#;
    let hint = "pipe it through base64 -d | jq -r .access_token";
    let encoded = STANDARD.encode(&answer);
    let lines = format!("{}\n{}\n", &encoded[..76], &encoded[76..]);
    for given in [encoded, lines] {
        named(&given, "token-in-json", error, hint);
        mended(&given);
    }
    let mut url_safe = format!("{{\"a\":\"~~~???\",{}", &answer[1..]);
    while url_safe.len() % 3 != 0 {
        url_safe.push(' ');
    }
    let url_safe = base64url(url_safe);
    assert!(url_safe.contains(['-', '_']));
    let hint = "pipe it through tr '_-' '/+' | base64 -d | jq -r .access_token";
    named(&url_safe, "token-in-json", error, hint);
    mended(&url_safe);
}

#[test]
fn a_payload_and_signature_without_a_header_are_recognised() {
    let token = token(CLAIMS);
    let (_, rest) = token.split_once('.').unwrap();
    let error = r#"there is no header: the first part is JSON without an "alg""#;
    named(rest, "token-parts", error, "was it cut at its first dot? Copy it whole");
}

#[test]
fn session_cookies_and_opaque_tokens_get_their_own_hint() {
    let hint = "was it cut, or is it an opaque token or a session cookie? A JWT begins with eyJ and \
                has two dots";
    let parts =
        |found: usize| format!("a token has three parts separated by dots; this text has {found}");
    named("00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_x", "token-parts", &parts(1), hint);
    let express = "s%3Aj4bT0sXk2mPq9wVn.Zr7yLd3uHc1oEa8iFg5tBx6vKs2pMq4wNj0lRz9y";
    named(express, "token-parts", &parts(2), hint);
    let flask = r#"there is no header: the first part is JSON without an "alg""#;
    let hint = r#"is it a signed session cookie? A JWT's first part is a header with an "alg""#;
    let session = base64url(r#"{"user":1}"#);
    named(format!("{session}.bWFjbWFjbWFj"), "token-opaque", flask, hint);
    named(format!("{session}.Zx1abc.bWFjbWFjbWFjA"), "token-opaque", flask, hint);
    let error = "this looks like a signed session cookie, not a JWT";
    let hint = "it has no header: the web framework that made it can read it";
    named(".eJyrVkrLz1eyUkpKLFKqBQAdegQ0.Zx1abc.bWFjbWFjbWFj", "token-opaque", error, hint);
    named(format!("{session}:1tabcd:bWFjbWFjbWFj"), "token-opaque", error, hint);
}

#[test]
fn the_name_of_a_missing_file_is_not_called_a_cut_token() {
    let error = "this looks like a file name, not a token";
    let hint = "to read the token from a file: @FILE";
    for name in ["token.txt", "./a.b/my token.jwt", "key.pem", "C:\\t\\answer.json"] {
        keyed(&["verify", name]).error(error).hint(hint).code(4);
        named(name, "token-is-file", error, hint);
    }
}

#[test]
fn a_token_in_the_json_serialization_is_not_refreshed_but_told_how_to_be_compact() {
    let token = token(CLAIMS);
    let [protected, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let members = format!(r#""protected":"{protected}","signature":"{signature}""#);
    let form = |kind: &str| {
        format!("this is a signed token in the {kind} JSON form (RFC 7515 section 7.2)")
    };
    for (given, kind, filter, pointers) in [
        (
            format!(r#"{{"payload":"{payload}",{members}}}"#),
            "flattened",
            r#"'[.protected, .payload, .signature] | join(".")'"#,
            ["/protected", "/payload", "/signature"],
        ),
        (
            format!(r#"{{"payload":"{payload}","signatures":[{{{members}}}]}}"#),
            "general",
            r#"'[.signatures[0].protected, .payload, .signatures[0].signature] | join(".")'"#,
            ["/signatures/0/protected", "/payload", "/signatures/0/signature"],
        ),
    ] {
        let hint = format!("pipe it through jq -r {filter}");
        keyed(&["refresh"]).stdin(&given).error(&form(kind)).hint(&hint).code(4);
        let given: serde_json::Value = serde_json::from_str(&given).unwrap();
        let parts = pointers.map(|pointer| given.pointer(pointer).unwrap().as_str().unwrap());
        assert_eq!(parts.join("."), token);
    }
    keyed(&["refresh"])
        .stdin(r#"{"payload":"e30","signatures":[]}"#)
        .error(&form("general"))
        .hint("decode and verify read it; this takes the compact form (RFC 7515 section 7.1)")
        .code(4);
}

#[test]
fn other_json_is_named() {
    for (given, code, error, hint) in [
        (
            r#"{"error":"invalid_grant","error_description":"x"}"#,
            "token-oauth-error",
            r#"the server answered with an error instead of a token: "invalid_grant""#,
            "is the code or refresh token used up or too old?",
        ),
        (
            r#"{"error":"s3cret"}"#,
            "token-oauth-error",
            "the server answered with an error instead of a token",
            r#"its "error_description" may say more"#,
        ),
        (
            r#"{"access_token":"s3cret"}"#,
            "token-opaque",
            r#"this is JSON whose "access_token" is not a JWT"#,
            ISSUER,
        ),
        (
            r#"{"alg":"HS256","typ":"JWT"}"#,
            "token-decoded",
            "this is a token's header in plain JSON, not a token",
            "pass the token as it was issued",
        ),
        (
            CLAIMS,
            "token-decoded",
            "these are a token's claims in plain JSON, not a token",
            "pass the token as it was issued; to make one of these claims: jwtctl encode",
        ),
        (r#"{"a":1}"#, "token-json", "this is JSON, and there is no token in it", SHAPE),
        (r#"{"a":"#, "token-json", "this is broken JSON, and there is no token in it", SHAPE),
        ("true", "token-json", "this is JSON, and there is no token in it", SHAPE),
    ] {
        let (code, claims) =
            if given == CLAIMS { (code, r#"{"sub":"me","exp":1}"#) } else { (code, given) };
        named(claims, code, error, hint);
    }
}

#[test]
fn what_carries_a_token_is_named_and_the_token_is_found() {
    let token = token(CLAIMS);
    for (given, code, error, hint) in [
        (
            format!("session={token}; Path=/; HttpOnly"),
            "token-cookie",
            r#"this is a cookie with a token in "session""#,
            FIND,
        ),
        (
            format!("Cookie: a=b; sid={token}"),
            "token-cookie",
            r#"this is a cookie with a token in "sid""#,
            FIND,
        ),
        (
            format!("set-cookie: sid={token}\r\n"),
            "token-cookie",
            r#"this is a cookie with a token in "sid""#,
            FIND,
        ),
        (
            format!("X-Token: {token}"),
            "token-header-line",
            r#"this is the header line "X-Token" with a token in it"#,
            FIND,
        ),
        (
            format!("https://a.example/#x=1&id_token={token}&state=1"),
            "token-url",
            r#"this is a URL with a token in "id_token""#,
            FIND,
        ),
        (
            format!("https://a.example/?x=eyJ.eyJa.eyJb.eyJc.d&access_token={token}"),
            "token-url",
            r#"this is a URL with a token in "access_token""#,
            FIND,
        ),
        (
            format!("TOKEN={token}"),
            "token-named",
            r#"there is a name before the token: "TOKEN""#,
            FIND,
        ),
        (
            format!("export TOKEN='{token}'"),
            "token-named",
            r#"there is a name before the token: "TOKEN""#,
            FIND,
        ),
        (
            format!("HTTP/1.1 200 OK\r\nA: b\r\n\r\n{{\"token\":\"{token}\"}}"),
            "token-http",
            "this is an HTTP response, status 200, with a token in it",
            FIND,
        ),
        (
            format!("<html><body>{token}</body>"),
            "token-html",
            "this is an HTML page with a token in it",
            FIND,
        ),
        (
            format!("Your token: {token}\nKeep it."),
            "token-in-text",
            "there is other text around the token",
            FIND,
        ),
        (format!("{token} x"), "token-in-text", "there is other text around the token", FIND),
        (
            format!("Authorization: Other {token}"),
            "token-in-text",
            "there is other text around the token",
            FIND,
        ),
    ] {
        shown(&given, code, error, hint);
        mended(&given);
    }
}

#[test]
fn decode_does_not_choose_among_several_tokens() {
    let (one, other) = (token(CLAIMS), token("{}"));
    for given in [
        format!(r#"{{"access_token":"{one}","id_token":"{other}"}}"#),
        format!("a={one}; b={other}"),
        format!("see {one} and {other}"),
        format!("see {one} {}", format!("{}.b.c ", base64url(HEADER)).repeat(70)),
        format!("{}{{\"token\":\"{one}\"}}", " ".repeat(1 << 20)),
    ] {
        let output = keyed(&["decode"]).stdin(&given).output();
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(4), ""));
    }
    let twice = format!("a={one}; b={one}");
    keyed(&["decode", "--get", "user_id", "-q"]).stdin(twice).stdout("123\n").code(0);
}

#[test]
fn a_stream_shows_the_tokens_inside_of_its_lines() {
    let token = token(CLAIMS);
    let lines =
        format!("GET / Authorization: Bearer {token}\nno token\nx eyJhbGciOiJIUzI1NiJ9.AA.AA\n");
    let output = keyed(&["decode", "--batch"]).stdin(lines).output();
    let rows: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["decoded", "invalid", "invalid"]);
    assert_eq!((&rows[0]["claims"]["user_id"], rows[1]["warnings"].is_null()), (&123.into(), true));
    let message = "there is other text around the token; showing the token that starts at byte 28";
    assert_eq!(rows[0]["warnings"][0]["message"], message);
    assert_eq!(rows[0]["warnings"][0]["code"], "token-in-text");
}

#[test]
fn a_token_behind_an_issuers_prefix_is_shown_and_only_its_issuer_can_check_it() {
    let token = token(CLAIMS);
    for (given, issuer) in [
        (format!("ghs_1234567_{token}"), "GitHub"),
        (format!("ghs_{token}"), "GitHub"),
        (format!("Authorization: token ghs_1234567_{token}"), "GitHub"),
        (
            format!(r#"{{"token":"ghs_1234567_{token}","expires_at":"2026-11-29T05:00:00Z"}}"#),
            "GitHub",
        ),
        (format!("https://x-access-token:ghs_1234567_{token}@github.example/a/b.git"), "GitHub"),
        (format!("GITHUB_TOKEN=ghs_1234567_{token}"), "GitHub"),
        (
            format!("curl -H 'Authorization: Bearer ghs_1234567_{token}' https://a.example"),
            "GitHub",
        ),
        (format!("glcbt-{token}"), "GitLab"),
        (format!("bkaj_{token}"), "Buildkite"),
    ] {
        let error = format!(
            "this is a {issuer} token: a JWT with a prefix, which only {issuer} can verify"
        );
        let hint = "to read its claims: jwtctl decode TOKEN";
        refused(&given, "token-prefixed", &error, hint);
        let at = given.find("eyJhbGciOi").unwrap();
        keyed(&["decode"])
            .stdin(&given)
            .stdout(PRINTED)
            .warning(&format!("{error}; showing the token that starts at byte {at}"))
            .code(0);
    }
    // One that was cut has claims all the same.
    let error = "this is a GitHub token: a JWT with a prefix, which only GitHub can verify";
    let hint = "the JWT cannot be read: was it cut?";
    let (input, _) = token.rsplit_once('.').unwrap();
    for cut in [&token[..token.len() - 5], input] {
        let given = format!("ghs_1234567_{cut}");
        refused(&given, "token-prefixed", error, hint);
        keyed(&["decode"]).stdin(&given).error(error).hint(hint).code(4);
    }
    // A prefix that no issuer uses is other text.
    let error = "there is other text around the token";
    shown(&format!("my-{token}"), "token-in-text", error, CUT);
}

#[test]
fn a_token_among_words_is_found_with_a_signature_of_any_length() {
    for (alg, length) in [
        ("HS256", 32),
        ("ES256K", 64),
        ("ES512", 132),
        ("RS256", 128),
        ("RS256", 384),
        ("PS512", 1024),
        ("ML-DSA-44", 2420),
        ("SLH-DSA-SHA2-128s", 256),
    ] {
        let header = base64url(format!(r#"{{"alg":"{alg}"}}"#));
        let token = format!("{header}.{}.{}", base64url(CLAIMS), base64url(vec![7; length]));
        let error = "there is other text around the token";
        shown(&format!("look at {token} please"), "token-in-text", error, FIND);
    }
}

#[test]
fn what_carries_no_token_is_named() {
    let other =
        "a token has three parts with dots between them; it may be in another cookie or header";
    let login =
        "was the URL right, and was the request authenticated? Look at what the server says";
    for (given, code, error, hint) in [
        (
            "Set-Cookie: sid=s3cret; Path=/",
            "token-cookie",
            "this is a cookie with no token in it",
            other,
        ),
        ("sid=s3cret; Path=/", "token-cookie", "this is a cookie with no token in it", other),
        (
            "X-Api-Key: s3cret",
            "token-header-line",
            r#"this is the header line "X-Api-Key" with no token in it"#,
            other,
        ),
        (
            "https://a.example/token?code=s3cret",
            "token-url",
            "this is a URL with no token in it",
            "jwtctl does not fetch tokens: pipe in what curl prints, or pass the token itself",
        ),
        (
            "HTTP/2 401 \r\n\r\n",
            "token-http",
            "this is an HTTP response, status 401, with no token in it",
            login,
        ),
        (
            "<!DOCTYPE html><html></html>",
            "token-html",
            "this is an HTML page with no token in it",
            login,
        ),
        (
            "Authorization: Basic dXNlcjpz",
            "token-basic",
            "this is a user name and a password (Basic), not a token",
            "a token comes after the word Bearer",
        ),
        (
            "<samlp:Response xmlns=\"a\">",
            "token-saml",
            "this is a SAML assertion, not a JWT",
            "SAML is XML and is checked by other tools",
        ),
        ("<?xml version=\"1.0\"?><a/>", "token-xml", "this is XML, not a token", SHAPE),
    ] {
        named(given, code, error, hint);
    }
    let saml = STANDARD.encode("<saml2p:Response ID=\"a\"></saml2p:Response>");
    named(
        saml,
        "token-saml",
        "this is a SAML assertion, not a JWT",
        "SAML is XML and is checked by other tools",
    );
}

#[test]
fn tokens_of_other_kinds_are_named() {
    let valid = token(CLAIMS);
    let token_of = "this is a token or key issued by";
    let digits = "0123456789abcdef".repeat(4);
    for (given, code, error, hint) in [
        (
            format!("ghp_{}", &digits[..36]),
            "token-opaque",
            format!("{token_of} GitHub, not a JWT"),
            ISSUER,
        ),
        (
            format!("Bearer glpat-{}", &digits[..20]),
            "token-opaque",
            format!("{token_of} GitLab, not a JWT"),
            ISSUER,
        ),
        (format!("ya29.{digits}"), "token-opaque", format!("{token_of} Google, not a JWT"), ISSUER),
        (format!("xoxb-{digits}"), "token-opaque", format!("{token_of} Slack, not a JWT"), ISSUER),
        (
            format!("AKIA{}", &digits[..16].to_uppercase()),
            "token-opaque",
            format!("{token_of} AWS, not a JWT"),
            ISSUER,
        ),
        (
            "123e4567-e89b-12d3-a456-426614174000".to_owned(),
            "token-opaque",
            "this is a UUID, not a JWT".to_owned(),
            ISSUER,
        ),
        (
            digits.clone(),
            "token-opaque",
            "this is a string of 64 hexadecimal digits, not a JWT".to_owned(),
            ISSUER,
        ),
        (
            format!("v4.public.{digits}"),
            "token-paseto",
            "this is a PASETO, not a JWT".to_owned(),
            "PASETO libraries can read it",
        ),
        (
            STANDARD.encode("0021location http://a.example/\n"),
            "token-macaroon",
            "this is a macaroon, not a JWT".to_owned(),
            "macaroon libraries can read it",
        ),
        (
            format!("{}.AA.AA.AA.AA", base64url(r#"{"alg":"dir","enc":"A256GCM"}"#)),
            "token-encrypted",
            "this is an encrypted token (JWE)".to_owned(),
            "give the key that decrypts it: --decrypt-key PATH or --decrypt-secret-env NAME",
        ),
        (
            r#"{"ciphertext":"AA","iv":"AA"}"#.to_owned(),
            "token-encrypted",
            "this is an encrypted token (JWE)".to_owned(),
            "give the key that decrypts it: --decrypt-key PATH or --decrypt-secret-env NAME",
        ),
    ] {
        named(&given, code, &error, hint);
    }
    let twice = STANDARD.encode(&valid);
    named(
        &twice,
        "token-encoded-twice",
        "this is a token that was base64-encoded again",
        "pipe it through base64 -d",
    );
    mended(&twice);
}

#[test]
fn a_key_in_place_of_a_token_is_told_where_keys_go() {
    for (name, what, flag) in [
        ("p256.spki.public.pem", "a key in PEM", "--key"),
        ("p256.private.jwk", "a JSON Web Key", "--key"),
        ("p256.pkcs8.private.der", "a key or certificate in DER", "--key"),
    ] {
        let hint = format!("to check a token with it: jwtctl verify {flag} FILE TOKEN");
        named(
            crate::harness::key(name),
            "token-key",
            &format!("this is {what}, not a token"),
            &hint,
        );
    }
    let hint = "to check a token with it: jwtctl verify --key FILE TOKEN";
    let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@here";
    named(ssh, "token-key", "this is an OpenSSH key, not a token", hint);
    let set = "to check a token with it: jwtctl verify --jwks FILE TOKEN";
    named(r#"{"keys":[]}"#, "token-key", "this is a JWK Set, not a token", set);
}

#[test]
fn what_no_shell_has_filled_in_is_named() {
    let unfilled = "this is a variable that no shell has expanded";
    let read = "; to read the token from the variable: --token-env";
    let quotes = format!("single quotes keep the shell from expanding it{read}");
    for (given, error, hint) in [
        ("$TOKEN", unfilled, format!("{quotes} TOKEN")),
        ("Bearer ${TOKEN:-}", unfilled, format!("{quotes} TOKEN")),
        ("%TOKEN%", unfilled, format!("only cmd.exe expands %NAME%{read} TOKEN")),
        ("$env:TOKEN", unfilled, format!("only PowerShell expands $env:NAME{read} TOKEN")),
        // Not spelled like a variable's name, so it may be a password.
        ("$ecret", unfilled, format!("{quotes} NAME")),
        (
            "$(cat token)",
            "this is a command that no shell has run",
            "single quotes keep the shell from running it: put it in double quotes".to_owned(),
        ),
    ] {
        named(given, "token-variable", error, &hint);
    }
    let hint = "for a command, write \"$(COMMAND)\"; a token is given without backticks";
    named("`cat token`", "token-variable", "this is a command that no shell has run", hint);
    jwtctl(&["decode", "--token-env", "TOKEN"])
        .env("TOKEN", &token(CLAIMS))
        .stdout(PRINTED)
        .code(0);
}

#[test]
fn words_in_place_of_a_token_are_named() {
    let none = "the program that should have printed a token did not have one";
    let jq = "jq -r prints this for a member that is missing; jq -er fails then";
    for (given, hint) in [("null", jq), ("undefined", none), ("None", none)] {
        let error = format!("there is no token: this is the word {given:?}");
        named(format!("{given}\n"), "token-null", &error, hint);
    }
    for given in ["TOKEN", "<token>", "YOUR_TOKEN", "<your-jwt-here>", "{{access_token}}", "eyJ..."]
    {
        named(
            given,
            "token-placeholder",
            "this is a placeholder for a token, not a token",
            "put the token in its place",
        );
    }
}

#[test]
fn a_piece_of_a_token_is_named() {
    let token = token(CLAIMS);
    let [header, payload, _] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let whole = "was it cut at a dot? Copy it whole";
    named(
        header,
        "token-part",
        "this is a token's header alone, the first of its three parts",
        whole,
    );
    named(
        payload,
        "token-part",
        "this is a token's payload alone, the second of its three parts",
        whole,
    );
    named(
        format!("{header}.{payload}"),
        "token-no-signature",
        "the token has no signature: there are two parts and no third",
        "was it cut at its last dot? Copy it whole",
    );
    named(
        token.to_lowercase(),
        "token-case",
        "the token's letters are all of one case",
        "base64url is case-sensitive: copy it as it was issued",
    );
}

#[test]
fn a_packed_file_is_named() {
    named(
        b"\x1f\x8b\x08\0\xff",
        "token-binary",
        "this is a file in gzip format, not a token",
        "if there is a token in it, unpack it first",
    );
}

#[test]
fn no_secret_is_repeated() {
    let token = token(CLAIMS);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mark = "s3cretS3CRET";
    let pem = text(&crate::harness::key("p256.pkcs8.private.pem"));
    let body = pem.lines().nth(1).unwrap();
    for (given, secret) in [
        (format!("ghp_{}", mark.repeat(3)), mark),
        (format!("Basic {mark}"), mark),
        (format!("{{\"access_token\":\"{mark}\",\"{mark}\":1}}"), mark),
        (format!("{{\"kty\":\"oct\",\"k\":\"{mark}\"}}"), mark),
        (format!("{{\"error\":\"{mark}\",\"error_description\":\"{mark}\"}}"), mark),
        (format!("Cookie: sid={mark}"), mark),
        (format!("sid={mark}; Path=/"), mark),
        (format!("X-Api-Key: {mark}"), mark),
        (format!("https://user:{mark}@a.example/?code={mark}"), mark),
        (format!("https://a.example/?access_token={token}"), &signature[..8]),
        (format!("<?xml version=\"1.0\"?><p>{mark}</p>"), mark),
        (format!("${mark}"), mark),
        (format!("correct horse {mark}"), mark),
        (format!("{mark}+{mark}=="), mark),
        (format!("{mark}.{mark}.{mark}.{mark}"), mark),
        (format!("{{\"token\":\"{token}\"}}"), &signature[..8]),
        (format!("{token} {token}"), &signature[..8]),
        (format!("{input}.\n{signature}"), &signature[..8]),
        (format!("{token}=").replace('.', "%2E"), &signature[..8]),
        (format!("{token}~{mark}"), mark),
        (format!("{{'{mark}': '{token}'}}"), mark),
        (format!("{{'t': '{token}'}}\n200"), &signature[..8]),
        (format!("a: {}", STANDARD.encode(&token)), &signature[..8]),
        (format!("{mark}{mark}"), mark),
        (format!("{}.{mark}", base64url(format!("{{\"a\":\"{mark}\"}}"))), mark),
        (format!("{mark}.txt"), mark),
        (format!("{token}AB"), &signature[..8]),
        (token[5..].to_owned(), &signature[..8]),
        (format!("`{token}`"), &signature[..8]),
        (pem.clone(), body),
        (pem.replace('\n', " "), body),
    ] {
        for flags in [&["verify"][..], &["verify", "--json"]] {
            let output = keyed(flags).stdin(&given).output();
            let said = text(&output.stderr) + &text(&output.stdout);
            assert_eq!(output.status.code(), Some(4), "{given}");
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}

/// A name that is longer than names are, or has an issuer's prefix, may be a secret.
#[test]
fn names_and_numbers_are_repeated_and_possible_secrets_are_not() {
    let token = token(CLAIMS);
    let issued = format!("ghp_{}", "a1B2c3".repeat(6));
    for (given, error) in [
        (format!("https://a/?{token}"), "this is a URL with a token in it"),
        (
            format!("HTTP/1.1 204\r\na: eyJa.b.c d={token}"),
            "this is an HTTP response, status 204, with a token in it",
        ),
        ("HTTP/x".to_owned(), "this is an HTTP response with no token in it"),
        (
            format!(r#"{{"a":[1,{{"x":2,"jwt":"{token}"}}]}}"#),
            r#"this is JSON with a token in "jwt""#,
        ),
        (format!("{}={token}; Path=/", "n".repeat(100)), "this is a cookie with a token in it"),
        (format!("{issued}={token}; Path=/"), "this is a cookie with a token in it"),
        (
            "QUJDREVGc2VjcmV0MTIzNDU2Nzg5MA==; Path=/".to_owned(),
            "this is a cookie with no token in it",
        ),
    ] {
        let problem = &json(&keyed(&["verify", "--json"]).stdin(&given))["problems"][0];
        assert_eq!(problem["message"], error, "{given}");
        let hint = problem["hint"].as_str().unwrap();
        assert_eq!(hint.ends_with("jq -r '.a[1].jwt'"), given.contains("jwt"), "{hint}");
    }
}

#[test]
fn a_token_or_a_damaged_one_is_not_taken_for_something_else() {
    let token = token(CLAIMS);
    for (given, code) in [
        (format!("{token}="), "token-base64"),
        (format!("{token}.x"), "token-parts"),
        (format!("{}\n{}", &token[..9], &token[9..]), "token-white-space"),
        (format!("{token} {token}"), "token-white-space"),
        (format!("\u{201c}{token}\u{201d}"), "token-quotes"),
        (token.replace('.', "%2E"), "token-percent-encoded"),
        ("AKIA".to_owned(), "token-parts"),
        ("AAAAB3NzaC".to_owned(), "token-parts"),
        ("e30.e30.AA.AA.AA".to_owned(), "token-parts"),
        ("correct-horse-battery-staple: x".to_owned(), "token-white-space"),
    ] {
        let report = json(&keyed(&["verify", "--json"]).stdin(&given));
        assert_eq!(report["problems"][0]["code"], code, "{given}");
    }
    keyed(&["verify"]).stdin(token).stdout(PRINTED).code(0);
}

/// Text that is neither a token nor anything known gets the general error.
#[test]
fn text_that_only_resembles_something_known_is_not_named() {
    for (given, code) in [
        ("abc", "token-parts"),
        ("ghp_short", "token-parts"),
        ("mytoken", "token-parts"),
        ("deadbeef", "token-parts"),
        ("note: this is text", "token-white-space"),
        ("a; b", "token-white-space"),
        ("v5.public.abc", "token-base64"),
        ("e30.e3.", "token-base64"),
        ("basic instinct!", "token-white-space"),
        ("$5", "token-parts"),
        ("eye.doctor", "token-parts"),
        ("W10.e30.", "not-json"),
        ("a.b.c.d.e", "token-parts"),
    ] {
        let report = json(&keyed(&["verify", "--json"]).stdin(given));
        assert_eq!(report["problems"][0]["code"], code, "{given}");
        assert!(report["problems"][0]["evidence"].is_null() || code == "token-base64", "{given}");
    }
}

#[test]
fn a_detached_token_is_named() {
    let whole = token(CLAIMS);
    let [header, payload, signature] = whole.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let detached = format!("{header}..{signature}");
    keyed(&["decode"])
        .stdin(&detached)
        .error("the payload is empty: this is a detached JWS (RFC 7515 appendix F)")
        .hint(
            "its payload is sent separately: jwtctl verify --detached PATH, with --raw if it is not a claims set",
        )
        .code(4);
    let evidence = "its payload is empty: it is a detached JWS (RFC 7515 appendix F), whose content is sent separately";
    let hint = "jwtctl verify --detached PATH, with --raw if the content is not a claims set";
    for verb in ["verify", "refresh"] {
        keyed(&[verb])
            .stdin(&detached)
            .error("the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
            .evidence(evidence)
            .hint(hint)
            .code(4);
    }
    let whole = detached.replace("..", &format!(".{payload}."));
    jwtctl(&["verify", "--raw", "-S", SECRET, "-"]).stdin(whole).stdout(CLAIMS).code(0);
    let header = base64url(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let report = json(&keyed(&["verify", "--json"]).stdin(format!("{header}..{signature}")));
    let unencoded = &report["problems"][0];
    assert_eq!((&unencoded["code"], &unencoded["hint"]), (&"b64".into(), &hint.into()));
    assert_eq!(unencoded["evidence"][0], evidence);
    // Nothing at all is signed here.
    let report =
        json(&keyed(&["verify", "--json"]).stdin(format!("{}..", base64url(r#"{"alg":"HS256"}"#))));
    assert_eq!(report["problems"][0]["hint"], "was it cut?");
}

/// A cookie as `itsdangerous` signs it: JSON, the seconds in big-endian bytes, a MAC.
fn flask(payload: &str) -> String {
    let mac = base64url([7; 20]);
    format!("{}.{}.{mac}", base64url(payload), base64url(1_700_000_000_u32.to_be_bytes()))
}

#[test]
fn a_signed_session_cookie_is_named() {
    let hint = "it has no header: the web framework that made it can read it";
    let evidence =
        "it looks like a signed session cookie: JSON, a time and a signature, as in Flask";
    let error = "this looks like a signed session cookie, not a JWT";
    for payload in [r#"{"user":1}"#, r#"{"_fresh":true,"_user_id":"7","csrf_token":"ab"}"#] {
        for verb in ["verify", "refresh"] {
            keyed(&[verb])
                .stdin(flask(payload))
                .error(r#"the header has no "alg""#)
                .evidence(evidence)
                .hint(hint)
                .code(4);
        }
        keyed(&["decode"]).stdin(flask(payload)).error(error).hint(hint).code(4);
    }
    let mac = "0123456789abcdef".repeat(4);
    let laravel =
        STANDARD.encode(format!(r#"{{"iv":"AAAA","value":"AAAA","mac":"{mac}","tag":""}}"#));
    for cookie in [
        flask(r#"["a",1]"#),
        flask(r#""a""#),
        format!("session={}", flask(r#"{"user":1}"#)),
        format!("BAh7B0kiD3Nlc3Npb25faWQGOgZFVEkiJTdl%3D%3D--{}", &mac[..40]),
        format!("eyJfcmFpbHMiOnsibWVzc2FnZSI6IkJBaEpJaWs9In19--{mac}"),
        "d2l0aCtzbGFzaC8%2B--Zm9vYmFyYmF6cXV4--MDEyMzQ1Njc4OWFiY2RlZg%3D%3D".to_owned(),
        laravel.trim_end_matches('=').to_owned(),
        laravel.replace('=', "%3D"),
    ] {
        named(&cookie, "token-opaque", error, hint);
    }
    // A token has a header, whatever else there is.
    let report = json(&keyed(&["verify", "--json"]).stdin(flask(r#"{"alg":"HS256"}"#)));
    assert_eq!(report["problems"][0]["code"], "bad-signature");
    let other = format!("{}.e30.{}", base64url("{}"), base64url([7; 20]));
    let report = json(&keyed(&["verify", "--json"]).stdin(other));
    assert_eq!(report["problems"][0]["evidence"], serde_json::Value::Null);
}

#[test]
fn a_compressed_payload_is_named() {
    let hint = "jwtctl verify --raw checks the signature and prints the payload as it is; DEF is DEFLATE without a header (RFC \
                1951)";
    // {"a":1} in DEFLATE.
    let deflated = [0xab, 0x56, 0x4a, 0x54, 0xb2, 0x32, 0xac, 0x05, 0x00];
    let token = signed(r#"{"alg":"HS256","zip":"DEF"}"#, deflated);
    let error = "the payload is compressed: the header has \"zip\": \"DEF\", which only encrypted tokens may have (RFC \
                 7516 section 4.1.3)";
    named(&token, "not-json", error, hint);
    let raw = jwtctl(&["verify", "--raw", "-S", SECRET, "-"]).stdin(&token).output();
    assert_eq!((raw.status.code(), &raw.stdout[..]), (Some(0), &deflated[..]));
    // A payload that is JSON is not compressed.
    let plain = signed(r#"{"alg":"HS256","zip":"DEF"}"#, CLAIMS);
    keyed(&["verify"]).stdin(plain).stdout(PRINTED).code(0);
    let report = json(&keyed(&["decode", "--json"]).stdin(signed(r#"{"alg":"HS256"}"#, deflated)));
    assert_eq!(report["problems"][0]["message"], "the payload is not UTF-8 (byte 0)");
}
