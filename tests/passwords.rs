//! Passwords that a person types: again if they are wrong, and twice for a new key.

mod support;

use support::{run_inside, run_inside_asked, run_inside_asked_on};

use jwtctl::output::Terminal;

const PASSWORD: &str = "correct horse";
const QUESTION: &str = "Password for the new key: ";
const AGAIN: &str = "The same password again: ";
const DIFFER: &str = "The passwords differ. Password for the new key: ";

fn key(name: &str) -> String {
    format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_wrong_password_is_asked_for_again_three_times_at_most() {
    for name in [
        "p256.encrypted.pkcs8.pem",
        "p256.encrypted.pkcs8.der",
        "ed25519.openssh-encrypted.private.pem",
    ] {
        let path = key(name);
        let first = format!("Password of \"{path}\": ");
        let again = format!("That is not the password. {first}");
        for wrong in 0..=3 {
            let answers = [&vec!["battery staple"; wrong][..], &[PASSWORD]].concat();
            let answers = &answers[..answers.len().min(3)];
            let (output, questions) = run_inside_asked(&["key", "thumbprint", &path], &[], answers);
            let wanted = [&[first.clone()][..], &vec![again.clone(); answers.len() - 1]].concat();
            assert_eq!(questions, wanted, "{name}");
            let (code, stderr) = if wrong == 3 {
                (7, format!("error: {path} cannot be opened with the password\n"))
            } else {
                (0, String::new())
            };
            assert_eq!((output.code, output.stderr), (code, stderr), "{name}");
        }
    }
}

#[test]
fn every_verb_that_reads_an_encrypted_key_asks_again() {
    let (encrypted, plain) = (key("p256.encrypted.pkcs8.pem"), key("p256.pkcs8.private.pem"));
    let token = run_inside(&["encode", "{}", "--key", &plain], &[], Terminal::No).stdout;
    let token = token.trim();
    for args in [
        &["encode", "{}", "--key", &encrypted][..],
        &["verify", token, "--key", &encrypted],
        &["refresh", token, "--key", &encrypted],
        &["key", "show", &encrypted],
        &["key", "public", &encrypted],
        &["key", "set", &encrypted],
    ] {
        let (output, questions) = run_inside_asked(args, &[], &["wrong", PASSWORD]);
        assert_eq!((output.code, questions.len()), (0, 2), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn a_wrong_password_of_a_file_or_variable_is_an_error_at_once() {
    let path = key("p256.encrypted.pkcs8.pem");
    let wrong = ("JWTCTL_KEY_PASSWORD", "battery staple");
    let (output, questions) = run_inside_asked(&["key", "show", &path], &[wrong], &[]);
    assert_eq!((output.code, questions), (7, vec![]));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password").display().to_string();
    std::fs::write(&file, "battery staple").unwrap();
    let args = ["key", "show", &path, "--key-password-file", &file];
    let (output, questions) = run_inside_asked(&args, &[], &[]);
    assert_eq!((output.code, questions), (7, vec![]));
}

/// A key that `key new` has encrypted opens with the password.
fn opens(pem: &str) {
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{pem}");
    let variables = [("KEY", pem), ("JWTCTL_KEY_PASSWORD", PASSWORD)];
    let output = run_inside(&["encode", "{}", "--key-env", "KEY"], &variables, Terminal::No);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
}

#[test]
fn the_password_for_a_new_key_is_asked_for_twice() {
    let new = ["key", "new", "--encrypt", "--quiet"];
    for (answers, questions) in [
        (&[PASSWORD, PASSWORD][..], &[QUESTION, AGAIN][..]),
        (&["a", "b", PASSWORD, PASSWORD], &[QUESTION, AGAIN, DIFFER, AGAIN]),
    ] {
        let (output, asked) = run_inside_asked(&new, &[], answers);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""));
        assert_eq!(asked, questions);
        opens(&output.stdout);
    }
    let (output, asked) = run_inside_asked(&new, &[], &["a", "b", "c", "d", "e", "f"]);
    assert_eq!(asked, [QUESTION, AGAIN, DIFFER, AGAIN, DIFFER, AGAIN]);
    let error = "error: the password (typed) was not the same twice\n";
    assert_eq!((output.code, output.stderr.as_str(), output.stdout.as_str()), (7, error, ""));
    let (output, asked) = run_inside_asked(&new, &[], &[""]);
    let error = "error: the password (typed) is empty\n";
    assert_eq!((output.code, output.stderr.as_str(), asked.len()), (7, error, 1));
}

/// Runs jwtctl with a terminal as standard output, where no password may be asked for.
fn on_terminal(args: &[&str], code: i32, said: &str) {
    let (output, asked) = run_inside_asked_on(args, &[], &[], Terminal::Width(80));
    assert_eq!((output.code, output.stdout.as_str(), asked), (code, "", vec![]), "{args:?}");
    assert!(output.stderr.contains(said), "{args:?}: {}", output.stderr);
}

#[test]
fn a_call_that_cannot_write_its_key_asks_for_no_password() {
    let path = key("p256.encrypted.pkcs8.pem");
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name).display().to_string();
    let (old, free, lost) = (in_folder("old"), in_folder("free"), in_folder("no/key"));
    std::fs::write(&old, "").unwrap();
    let new = ["key", "new", "--encrypt"];
    let verbs = [
        &new[..],
        &["key", "public", &path],
        &["key", "convert", "--format", "pem", &path],
        &["key", "set", &path],
    ];
    for verb in verbs {
        on_terminal(&[verb, &["--out", &old]].concat(), 2, "already exists");
        on_terminal(
            &[verb, &["--out", folder.path().to_str().unwrap()]].concat(),
            1,
            "cannot write",
        );
        on_terminal(&[verb, &["--out", &lost]].concat(), 1, "cannot write");
    }
    for verb in [&new[..], &["key", "public", &path], &["key", "convert", &path]] {
        on_terminal(&[verb, &["--format", "der"]].concat(), 2, "DER is binary");
    }
    on_terminal(&[&new[..], &["--public-out", &old]].concat(), 2, "already exists");
    on_terminal(&[&new[..], &["--out", &free, "--public-out", &free]].concat(), 2, "the same file");
    on_terminal(
        &[&new[..], &["--alg", "HS256", "--format", "pem"]].concat(),
        2,
        "cannot be written",
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_password_for_a_new_key_may_be_in_a_variable() {
    let variables = [("JWTCTL_KEY_PASSWORD", PASSWORD)];
    let (output, asked) = run_inside_asked(&["key", "new", "--encrypt"], &variables, &[]);
    assert_eq!((output.code, asked.len()), (0, 0));
    opens(&output.stdout);
    // It does not encrypt by itself.
    let plain = run_inside(&["key", "new"], &variables, Terminal::No).stdout;
    assert!(plain.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{plain}");
}
