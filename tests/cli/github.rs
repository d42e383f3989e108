//! `--github`: annotations and masks for the log of GitHub Actions, on standard error alone.

use crate::harness::{CLAIMS, PRINTED, forged, jwtctl, keyed, line, text, token};

/// What a call says on standard error.
fn said(args: &[&str]) -> String {
    text(&keyed(args).output().stderr)
}

#[test]
fn an_error_is_one_annotation() {
    let bad = forged(&token(CLAIMS));
    assert_eq!(
        said(&["verify", "--github", &bad]),
        "::error title=jwtctl::the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)%0Ahint: the token was signed with another key, or changed after it was signed\n"
    );
    // It is an annotation beside a report, too, and without its hint if the call is quiet.
    let quiet = said(&["verify", "-q", "--github", &bad]);
    assert!(quiet.starts_with("::error title=jwtctl::the signature") && !quiet.contains("hint"));
    assert!(said(&["verify", "--json", "--github", &bad]).starts_with("::error title=jwtctl::"));
    let usage = text(&jwtctl(&["verify", "--github", "--frob", "x"]).output().stderr);
    assert!(usage.starts_with("::error title=jwtctl::there is no flag --frob"), "{usage}");
}

#[test]
fn text_from_a_token_begins_no_command() {
    let claims = r#"{"exp":1700001800,"iss":"%0A::stop-commands::x\n::warning::y\r::z"}"#;
    let said = said(&["verify", "--github", &token(claims), "--iss", "a"]);
    assert_eq!((said.matches('\n').count(), said.matches("\n::").count()), (1, 0), "{said}");
    assert!(said.contains("%250A::stop-commands"), "{said}");
}

#[test]
fn a_warning_is_an_annotation_of_its_own() {
    let said = said(&["verify", "-q", "--github", &token("{}")]);
    assert_eq!(said, "");
    let said = text(&keyed(&["verify", "--github", &token("{}")]).output().stderr);
    assert!(said.starts_with("::warning title=jwtctl::"), "{said}");
}

#[test]
fn a_new_token_is_masked_before_it_is_printed() {
    let token = token(CLAIMS);
    keyed(&["verify", "--github", &token]).stdout(PRINTED).code(0);
    let made = keyed(&["encode", "--github", CLAIMS]).output();
    assert_eq!(text(&made.stdout), line(&token));
    assert_eq!(text(&made.stderr), format!("::add-mask::{token}\n"));
    let renewed = keyed(&["refresh", "--github", &token]).output();
    assert_eq!(text(&renewed.stderr), format!("::add-mask::{}", text(&renewed.stdout)));
    let stream = keyed(&["encode", "--batch", "--github"]).stdin(format!("{CLAIMS}\nx\n")).output();
    let said = text(&stream.stderr);
    assert!(
        said.starts_with(&format!("::add-mask::{token}\n::error title=jwtctl::line 2: ")),
        "{said}"
    );
    assert!(
        said.ends_with("::error title=jwtctl::2 lines: 1 ok, 1 usage (1 bad-claims)\n"),
        "{said}"
    );
    assert_eq!(text(&stream.stdout), format!("{token}\n\n"));
}

#[test]
fn no_variable_turns_it_on() {
    let call = keyed(&["encode", CLAIMS]).env("GITHUB_ACTIONS", "true").env("CI", "true");
    call.stdout(line(&token(CLAIMS))).code(0);
}
