//! What may be around a token or in its place: Bearer, white space, several tokens, a file name.

use crate::harness::{CLAIMS, Call, PRINTED, keyed, token};

/// Verifies a text that is no token.
#[track_caller]
fn refused(token: &str, error: &str, hint: Option<&str>) {
    let call = keyed(&["verify"]).stdin(token).error(error);
    hint.into_iter().fold(call, Call::hint).code(4);
}

#[test]
fn bearer_without_a_token_is_not_a_token() {
    // What is left of "Authorization: Bearer $TOKEN" where the variable is empty.
    let hint = "was the variable set, and did the command before the pipe print anything?";
    for token in ["Bearer ", "Authorization: Bearer \n"] {
        refused(token, "there is no token: the input is empty", Some(hint));
    }
}

#[test]
fn bearer_and_a_tab_are_not_part_of_the_token() {
    let token = token(CLAIMS);
    for around in [
        format!("Bearer\t{token}"),
        format!("bearer \t {token}"),
        format!("Authorization:\tBearer\t{token}\n"),
    ] {
        keyed(&["verify"]).stdin(around).stdout(PRINTED).code(0);
    }
}

#[test]
fn a_wrapped_token_is_recognised() {
    let token = token(CLAIMS);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    let last = &input[input.len() - 9..];
    let next = &signature[..4];
    for (wrapped, at, shown, caret) in [
        (
            format!("{}\n{}", &token[..5], &token[5..]),
            5,
            format!("{}?{}...", &token[..5], &token[5..14]),
            5,
        ),
        (
            format!("{header}.\r\n{payload}.\r\n{signature}"),
            header.len() + 1,
            format!("...{}.??{}...", &header[header.len() - 8..], &payload[..8]),
            12,
        ),
        (format!("{input}\t.{signature}"), input.len(), format!("...{last}?.{next}..."), 12),
        (
            format!("{input}. {signature}"),
            input.len() + 1,
            format!("...{}. {next}...", &input[input.len() - 3..]),
            7,
        ),
        (
            format!("{header}\n.\n{payload}\n.\n{signature}"),
            header.len(),
            format!("...{}?.?{}...", &header[header.len() - 9..], &payload[..7]),
            12,
        ),
    ] {
        keyed(&["verify"])
            .stdin(&wrapped)
            .error(&format!("the token has white space inside (byte {at})"))
            .evidence(&shown)
            .evidence(&format!("{}^", " ".repeat(caret)))
            .hint("was it wrapped? To join it, pipe it through tr -d '[:space:]'")
            .code(4);
        assert!(!shown.contains(&signature[..5]));
    }
}

#[test]
fn two_tokens_in_one_text_are_counted() {
    let token = token(CLAIMS);
    let error = format!("the token has white space inside (byte {})", token.len());
    for (between, copies) in [("\n", 2), (" ", 2), ("\r\n", 3)] {
        let shown = between.replace(['\r', '\n'], "?");
        let room = if between.len() == 2 { 3 } else { 4 };
        keyed(&["verify"])
            .stdin(vec![token.as_str(); copies].join(between))
            .error(&error)
            .evidence(&format!("...{}{shown}{}...", &token[token.len() - 4..], &token[..room]))
            .evidence("       ^")
            .hint(&format!(
                "this looks like {copies} tokens: --batch takes a file with one per line"
            ))
            .code(4);
    }
}

#[test]
fn the_name_of_a_file_is_not_a_token() {
    for verb in ["decode", "verify", "refresh"] {
        for name in ["token.txt", "token", "./a.b.c"] {
            keyed(&[verb, name])
                .file(name, token(CLAIMS))
                .error("this is a file name, not a token")
                .hint(&format!(
                    "to read the token from the file: jwtctl {verb} --token-file {name}"
                ))
                .code(4);
        }
    }
    // A token that a file is named for is a token still.
    let valid = token("{}");
    keyed(&["verify", "-q", &valid]).file(&valid, "").code(0);
    // A file name that contains a token is not searched for it.
    let name = format!("the {valid}");
    let run = keyed(&["decode", &name]).file(&name, "");
    run.error("this is a file name, not a token")
        .hint("to read the token from the file: jwtctl decode --token-file FILE")
        .code(4);
}
