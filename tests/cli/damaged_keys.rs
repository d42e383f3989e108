//! Errors about damaged PEM repeat nothing of the key.

use crate::harness::{Call, clocked, key, parts, text};

const ED25519: &str = "ed25519.pkcs8.private.pem";
const P256: &str = "p256.pkcs8.private.pem";

/// The lines of a key file.
fn lines(name: &str) -> Vec<String> {
    text(&key(name)).lines().map(str::to_owned).collect()
}

/// Signs with a key file of these lines.
fn sign(lines: &[String]) -> Call {
    clocked(&["encode", "--user", "123", "-k", "k.pem"]).file("k.pem", lines.join("\n"))
}

/// A key file that is refused in these words, which hold nothing of it.
#[track_caller]
fn damaged(lines: &[String], why: &str) {
    let error = format!("k.pem is damaged: its PEM does not decode ({why})");
    sign(lines).error(&error).code(7);
    let one_line = lines.join("\\n");
    clocked(&["encode", "{}", "--key-env", "K"])
        .env("K", &one_line)
        .error(&error.replace("k.pem", "K"))
        .code(7);
}

#[test]
fn an_error_about_a_blank_line_in_a_key_does_not_repeat_the_key() {
    // Of an Ed25519 key the first line of base64 is the whole of it.
    let mut blank = lines(ED25519);
    blank.insert(2, String::new());
    let whole = clocked(&["encode", "--user", "123", "-k", ED25519]).key(ED25519).output();
    sign(&blank).stdout(whole.stdout).code(0);
    let mut blank = lines(P256);
    blank.insert(2, String::new());
    let made = sign(&blank).output();
    assert_eq!((made.status.code(), text(&made.stderr)), (Some(0), String::new()));
    assert_eq!(parts(&text(&made.stdout)).0, r#"{"alg":"ES256","typ":"JWT"}"#);
}

#[test]
fn an_error_about_a_mangled_begin_line_does_not_repeat_the_key() {
    let (private, public) = (lines(ED25519), lines("ed25519.spki.public.pem"));
    for (begin, why) in [
        ("-----BEGIN PRIVATE KEY----", "its BEGIN line does not end in dashes"),
        ("-----BEGIN PRIVATE KEY", "its BEGIN line does not end in dashes"),
        ("-----BEGIN PRIVATE KE-----", "its END label differs from its BEGIN label"),
    ] {
        let mut both = [&private[..], &public].concat();
        both[0] = begin.to_owned();
        damaged(&both, why);
    }
    // A BEGIN that is none leaves the second block as the only one.
    let mut both = [&private[..], &public].concat();
    both[0] = "--BEGIN PRIVATE KEY-----".to_owned();
    sign(&both)
        .error("the Ed25519 public key (k.pem) cannot sign")
        .hint("a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND")
        .code(7);
}

#[test]
fn an_error_does_not_repeat_an_altered_line_of_the_key() {
    let whole = lines(P256);
    let inside = "the text between BEGIN and END is not base64";
    for (line, altered, why) in [
        (1, whole[1].replace('A', "!"), inside),
        (1, whole[1][1..].to_owned(), inside),
        (2, format!("{}\u{fc}", whole[2]), inside),
        (
            2,
            format!("-----BEGIN {}-----", whole[2]),
            "a block begins before the previous one has ended",
        ),
        (4, format!("-----END {}-----", whole[1]), "its END label differs from its BEGIN label"),
        (4, String::new(), "there is a BEGIN without its END: was it truncated?"),
    ] {
        let mut lines = whole.clone();
        lines[line] = altered;
        damaged(&lines, why);
    }
}

#[test]
fn a_key_whose_line_breaks_became_spaces_is_read() {
    // As an unquoted variable leaves it.
    let folded = lines(ED25519).join(" ");
    let whole = clocked(&["encode", "--user", "123", "-k", ED25519]).key(ED25519).output();
    sign(&[folded]).stdout(whole.stdout).code(0);
}

#[test]
fn an_error_does_not_repeat_a_label_that_is_the_key() {
    let secret = lines(ED25519).remove(1);
    for label in [secret.as_str(), "hunter2", "Private Key", &"A".repeat(41)] {
        // Its content is no key's, so that its label is looked at.
        let content = "AAEC".to_owned();
        let block = [format!("-----BEGIN {label}-----"), content, format!("-----END {label}-----")];
        let said = text(&sign(&block).output().stderr);
        assert!(
            !said.contains(label) && said.contains("a PEM block with an unknown label"),
            "{said}"
        );
        assert_eq!(sign(&block).output().status.code(), Some(7));
        // Nor where several blocks are counted up.
        let said = text(&sign(&[&block[..], &block].concat()).output().stderr);
        assert!(!said.contains(label) && said.contains("2 keys (?, ?)"), "{said}");
    }
}
