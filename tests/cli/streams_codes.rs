//! Streams: the exit code is the first of 1, 2, 7, 4, 6, 5, 3 that applies to any line.

use crate::harness::{Call, SECRET, base64url, clocked, jwk, jwks, keyed, signed, text};
use crate::streams::{EARLY, EXPIRED, GOOD, lines};

/// A set that has two keys of the kid "b": a token that names it is the one line that gives 7.
fn set() -> String {
    let key = |kid: &str, secret: &str| {
        jwk(&[r#""kty":"oct""#, &format!("\"kid\":\"{kid}\",\"k\":\"{}\"", base64url(secret))])
    };
    jwks(&[key("a", SECRET), key("b", SECRET), key("b", &SECRET.replace('0', "1"))])
}

fn with(header_kid: &str, claims: &str) -> String {
    signed(&format!("{{\"alg\":\"HS256\",\"kid\":\"{header_kid}\"}}"), claims)
}

/// A line for each code that `verify --iss me` gives with that set.
fn line_of(code: i32) -> String {
    let with_iss = |claims: &str| claims.replacen('{', "{\"iss\":\"me\",", 1);
    match code {
        0 => with("a", &with_iss(GOOD)),
        3 => with("a", &with_iss(EXPIRED)),
        4 => "junk".to_owned(),
        5 => with("a", &with_iss(EARLY)),
        6 => with("a", GOOD),
        7 => with("b", &with_iss(GOOD)),
        _ => unreachable!("{code}"),
    }
}

/// The codes that a line can give, in the order in which they decide.
const ORDER: [i32; 6] = [7, 4, 6, 5, 3, 0];

fn verify(codes: &[i32]) -> Call {
    let items: Vec<_> = codes.iter().map(|code| line_of(*code)).collect();
    clocked(&["verify", "--iss", "me", "--jwks", "set.json", "--batch"])
        .file("set.json", set())
        .stdin(lines(&items))
}

#[track_caller]
fn ends_with(call: &Call, wanted: i32, what: &[i32]) {
    let output = call.output();
    assert_eq!(output.status.code(), Some(wanted), "{what:?}: {}", text(&output.stdout));
}

#[test]
fn each_code_has_its_line() {
    for code in ORDER {
        ends_with(&verify(&[code]), code, &[code]);
    }
}

#[test]
fn of_any_two_the_first_in_the_order_decides_in_either_order_of_lines() {
    for (i, first) in ORDER.into_iter().enumerate() {
        for later in ORDER.into_iter().skip(i) {
            for codes in [[first, later], [later, first]] {
                ends_with(&verify(&codes), first, &codes);
            }
        }
    }
}

#[test]
fn of_all_of_them_the_first_decides() {
    for (i, first) in ORDER.into_iter().enumerate() {
        let mut codes = ORDER[i..].to_vec();
        codes.reverse();
        ends_with(&verify(&codes), first, &codes);
    }
}

#[test]
fn lines_that_get_no_row_count_all_the_same() {
    for flags in
        [&["-q"][..], &["--print", "valid"], &["--tokens"], &["--tokens", "--print", "valid"]]
    {
        for (i, first) in ORDER.into_iter().enumerate() {
            let items: Vec<_> = ORDER[i..].iter().rev().map(|code| line_of(*code)).collect();
            let call =
                clocked(&[&["verify", "--iss", "me", "--jwks", "s", "--batch"], flags].concat())
                    .file("s", set())
                    .stdin(lines(&items));
            ends_with(&call, first, &[first]);
        }
    }
}

#[test]
fn a_line_without_claims_is_2_which_only_1_precedes() {
    let hint = "CLAIMS is a JSON object: jwtctl encode '{\"user_id\":123}'";
    let output = keyed(&["encode", "--batch"]).stdin("{}\n[]\n{}\n").output();
    let said = format!(
        "error: line 2: CLAIMS is an array, not a JSON object\nhint: {hint}\nsummary: 3 lines: 2 ok, 1 usage (1 bad-claims)\n"
    );
    assert_eq!((text(&output.stderr), output.status.code()), (said, Some(2)));
    assert_eq!(
        text(&output.stdout).lines().map(str::is_empty).collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn rows_that_cannot_be_written_are_1_whatever_the_lines_are() {
    for code in ORDER {
        let output = verify(&[code]).in_shell("\"$@\" >/dev/full");
        let said = "error: cannot write the rows: No space left on device\nsummary: 0 lines\n";
        assert_eq!((text(&output.stderr), output.status.code()), (said.to_owned(), Some(1)));
    }
}

#[test]
fn a_summary_names_what_there_was_by_the_number_of_its_code() {
    let output = verify(&[7, 6, 5, 4, 3, 0, 0]).output();
    let said = "summary: 7 lines: 2 valid, 1 expired, 1 invalid (1 token-parts), 1 not-yet-valid, 1 rejected (1 claim-missing), 1 key (1 repeated-kid)\n";
    assert_eq!((text(&output.stderr), output.status.code()), (said.to_owned(), Some(7)));
}
