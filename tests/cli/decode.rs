//! `decode` shows any token, verifies nothing and needs no key.

use crate::harness::{CLAIMS, HEADER, PRINTED, base64url, clocked, jwtctl, line, signed, token};

/// A token that nobody signed, of any header.
fn unsigned(header: &str) -> String {
    format!("{}.{}.", base64url(header), base64url(CLAIMS))
}

#[test]
fn the_claims_are_printed_without_a_key() {
    jwtctl(&["decode", &token(CLAIMS)]).stdout(PRINTED).code(0);
    jwtctl(&["inspect", &token(CLAIMS)]).stdout(PRINTED).code(0);
    jwtctl(&["decode", &token(CLAIMS), "--compact"]).stdout(line(CLAIMS)).code(0);
}

#[test]
fn a_token_of_any_algorithm_is_shown() {
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"XS999"}"#,
        r#"{"alg":256}"#,
        "{}",
        r#"{"alg":"HS256","crit":["x"],"b64":false}"#,
    ] {
        jwtctl(&["decode", &unsigned(header)]).stdout(PRINTED).code(0);
        jwtctl(&["decode", "--header", "--compact", &unsigned(header)])
            .stdout(line(header))
            .code(0);
    }
}

#[test]
fn times_and_types_are_not_judged() {
    let claims = r#"{"exp":"x","nbf":9999999999,"iss":5,"aud":{}}"#;
    clocked(&["decode", "--compact", &token(claims)]).stdout(line(claims)).code(0);
    let expired = token(r#"{"exp":1}"#);
    clocked(&["decode", "--compact", &expired]).stdout("{\"exp\":1}\n").code(0);
}

#[test]
fn a_token_comes_from_an_argument_a_file_or_standard_input() {
    let token = token(CLAIMS);
    for stdin in [token.clone(), line(&token), format!("\"{token}\"\n"), format!(" {token}\r\n")] {
        jwtctl(&["decode"]).stdin(&stdin).stdout(PRINTED).code(0);
        jwtctl(&["decode", "-"]).stdin(&stdin).stdout(PRINTED).code(0);
        jwtctl(&["decode", "@token.txt"]).file("token.txt", &stdin).stdout(PRINTED).code(0);
        jwtctl(&["decode", &stdin]).stdout(PRINTED).code(0);
    }
}

#[test]
fn what_stands_around_a_token_is_tolerated() {
    let token = token(CLAIMS);
    for around in [
        format!("'{token}'"),
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("Authorization: Bearer {token}"),
        format!("authorization:  Bearer  {token}\r\n"),
        format!("\"Authorization: Bearer {token}\""),
    ] {
        jwtctl(&["decode", &around]).stdout(PRINTED).code(0);
    }
}

#[test]
fn get_prints_one_claim_raw() {
    let claims = r#"{"s":"a \"b\" ü","n":1.10,"t":true,"z":null,"o":{"a":[10,{"b/c":"deep","~":7}]},"/x":1,"":"empty"}"#;
    for (name, value) in [
        ("s", "a \"b\" ü\n"),
        ("n", "1.10\n"),
        ("t", "true\n"),
        ("z", "null\n"),
        ("/o/a/0", "10\n"),
        ("/o/a/1/b~1c", "deep\n"),
        ("/o/a/1/~0", "7\n"),
        ("/~1x", "1\n"),
        ("/", "empty\n"),
        ("/o/a", "[\n  10,\n  {\n    \"b/c\": \"deep\",\n    \"~\": 7\n  }\n]\n"),
    ] {
        jwtctl(&["decode", &token(claims), "--get", name]).stdout(value).code(0);
    }
    jwtctl(&["decode", &token(claims), "--get", "/o/a/1", "--compact"])
        .stdout("{\"b/c\":\"deep\",\"~\":7}\n")
        .code(0);
}

#[test]
fn several_claims_are_on_one_line_between_tabs() {
    let claims = r#"{"s":"tab\tline\nreturn\rslash\\ü","n":1.10,"t":false,"z":null,"o":{ "a" : [ 1, "x\n" ] }}"#;
    let token = token(claims);
    let get = |names: &[&str]| {
        let flags: Vec<_> = names.iter().flat_map(|name| ["--get", name]).collect();
        jwtctl(&[&["decode", &token][..], &flags].concat())
    };
    get(&["n", "s"]).stdout("1.10\ttab\\tline\\nreturn\\rslash\\\\ü\n").code(0);
    get(&["t", "z", "n", "n"]).stdout("false\t\t1.10\t1.10\n").code(0);
    get(&["/o/a/0", "o"]).stdout("1\t{\"a\":[1,\"x\\\\n\"]}\n").code(0);
    get(&["z", "z"]).stdout("\t\n").code(0);
    jwtctl(&["decode", "--header", &token, "--get", "alg", "--get", "typ"])
        .stdout("HS256\tJWT\n")
        .code(0);
    // One that does not exist leaves nothing.
    get(&["n", "x"]).error(r#"the token has no claim "x""#).code(6);
    get(&["y", "n", "x"])
        .error(r#"the token has no claim "y""#)
        .error(r#"the token has no claim "x""#)
        .code(6);
}

#[test]
fn a_claim_that_is_not_there_is_rejected_with_nothing_on_stdout() {
    let token = token(r#"{"a":{"b":[1,2]},"x/y":1}"#);
    for name in ["c", "/a/c", "/a/b/2", "/a/b/-", "/a/b/00", "/a/b/0/0"] {
        jwtctl(&["decode", &token, "--get", name])
            .error(&format!("the token has no claim {name:?}"))
            .code(6);
    }
    for (name, hint) in
        [("a.b", r#"there is "b" in "a": --get /a/b"#), ("/x/y", r#"there is "x/y": --get x/y"#)]
    {
        jwtctl(&["decode", &token, "--get", name])
            .error(&format!("the token has no claim {name:?}"))
            .hint(hint)
            .code(6);
    }
}

#[test]
fn get_reads_from_the_header_where_that_is_shown() {
    let token = signed(r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#, CLAIMS);
    jwtctl(&["decode", "--header", &token])
        .stdout("{\n  \"alg\": \"HS256\",\n  \"typ\": \"JWT\",\n  \"kid\": \"k\"\n}\n")
        .code(0);
    jwtctl(&["decode", "--header", "--get", "kid", &token]).stdout("k\n").code(0);
    jwtctl(&["decode", "--header", "--get", "user_id", &token])
        .error(r#"the header has no member "user_id""#)
        .code(6);
}

/// Tokens of which only the header can be read, and that header.
fn headers_alone() -> Vec<(String, &'static str)> {
    let inner = token(CLAIMS);
    let of = |header: &'static str, rest: &str| (format!("{}.{rest}", base64url(header)), header);
    vec![
        of(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"k"}"#, "AAEC.AAEC.AAEC.AAEC"),
        of(r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#, ".AAEC.AAEC.AAEC"),
        of(r#"{"alg":"ES256"}"#, ".AAEC"),
        of(r#"{"alg":"HS256","cty":"JWT"}"#, &format!("{}.AAEC", base64url(&inner))),
        of(r#"{"alg":"HS256","zip":"DEF"}"#, "q1YqLU4tUrJSMjQyVqoFAA.AAEC"),
        of(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "$a text (as it is).AAEC"),
        of(r#"{"alg":"HS256"}"#, "W10.AAEC"),
        of(r#"{"alg":"HS256"}"#, "eyJhIjoxLCJhIjoyfQ.AAEC"),
        of(r#"{"alg":"HS256"}"#, "e30=.AA/="),
    ]
}

#[test]
fn the_header_is_shown_where_nothing_else_can_be_read() {
    for (token, header) in headers_alone() {
        let presented = format!("Authorization: Bearer {token}\n");
        for token in [&token, &presented] {
            let call = jwtctl(&["decode", "--header", "--compact", token]);
            call.stdout(line(header)).code(0);
            jwtctl(&["decode", "--header", "--compact"]).stdin(token).stdout(line(header)).code(0);
        }
        let alg = header.split('"').nth(3).unwrap();
        jwtctl(&["decode", "--header", "--get", "alg", &token]).stdout(line(alg)).code(0);
        jwtctl(&["decode", "--header", "--get", "x", &token])
            .error(r#"the header has no member "x""#)
            .code(6);
        // The claims are not there to be shown.
        assert_eq!(jwtctl(&["decode", &token]).output().status.code(), Some(4), "{token}");
    }
}

#[test]
fn the_header_of_text_that_is_not_a_token_is_not_shown() {
    let header = base64url(HEADER);
    let token = token(CLAIMS);
    for text in [
        header.clone(),
        format!("{header}.e30"),
        format!("{header}.e30.AA.AA"),
        format!("{header}.e30 .AA"),
        format!("{token}\n{token}"),
        format!("{}.AAEC.AAEC", base64url(r#"{"user":"a"}"#)),
        format!("{}.AAEC.AAEC", base64url(r#"{"alg":256}"#)),
        format!("{}.AAEC.AAEC", base64url(r#"{"alg":"a","alg":"b"}"#)),
        "W10.AAEC.AAEC".to_owned(),
    ] {
        let output = jwtctl(&["decode", "--header", &text]).output();
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(4), &b""[..]), "{text}");
    }
}

#[test]
fn a_stream_shows_the_headers_that_can_be_read() {
    let headers = headers_alone();
    let input: Vec<_> = headers.iter().map(|(token, _)| line(token)).collect();
    let rows = headers.iter().zip(1..).map(|((_, header), number)| {
        format!(
            "{{\"line\":{number},\"status\":\"decoded\",\"header\":{header},\"problems\":[]}}\n"
        )
    });
    let count = headers.len();
    jwtctl(&["decode", "--header", "--batch"])
        .stdin(input.concat())
        .stdout(rows.collect::<String>())
        .summary(&format!("{count} lines: {count} decoded"))
        .code(0);
}

#[test]
fn what_is_printed_is_what_was_written() {
    let claims =
        r#"{"z":1E5,"a":1.10,"big":123456789012345678901234567890,"u":"\u00fc\/","k\u00e9y":-0.0}"#;
    jwtctl(&["decode", "--compact", &token(claims)]).stdout(line(claims)).code(0);
}

#[test]
fn a_text_that_is_no_token_is_invalid_and_nothing_is_shown() {
    let header = base64url(HEADER);
    for (token, error, hint) in [
        (
            String::new(),
            "there is no token: the input is empty",
            "was the variable set, and did the command before the pipe print anything?",
        ),
        ("a.b".into(), "a token has three parts separated by dots; this text has 2", "was it cut?"),
        (
            format!("{header}.W10.AA"),
            "the payload is an array, not a JSON object",
            "jwtctl verify --raw checks a payload of any kind",
        ),
    ] {
        jwtctl(&["decode", &token]).error(error).hint(hint).code(4);
    }
    // A fault in the signature's spelling counts, though nothing is verified.
    jwtctl(&["decode", &format!("{header}.e30.AB=")])
        .error("the signature is padded with '=' (byte 2)")
        .evidence("...0.AB=")
        .evidence("       ^")
        .hint("tokens are base64url without padding (RFC 7515 section 2)")
        .code(4);
}
