//! Values of flags: how each kind is read.

use crate::harness::{keyed, line, token};

/// The claims that `encode` makes of a flag, beside an `exp`.
#[track_caller]
fn makes(flag: &str, value: &str, claim: &str) {
    let made = token(&format!("{{{claim},\"exp\":1700001800}}"));
    let flag = format!("{flag}={value}");
    keyed(&["encode", "--no-iat", "--exp", "1700001800", &flag]).stdout(line(&made)).code(0);
}

#[test]
fn assignments_are_split_at_the_first_equals() {
    for (text, claim) in [
        ("a=b=c", r#""a":"b=c""#),
        ("a=", r#""a":"""#),
        ("n=5", r#""n":"5""#),
        ("n:=5", r#""n":5"#),
        ("n:={\"a\":[1.10]}", r#""n":{"a":[1.10]}"#),
        ("https://x.example/role=admin", r#""https://x.example/role":"admin""#),
        ("a=x:=y", r#""a":"x:=y""#),
        ("q=\"ü", r#""q":"\"ü""#),
    ] {
        makes("--claim", text, claim);
    }
    for text in ["=a", ":=1"] {
        keyed(&["encode", "--claim", text])
            .error("--claim <NAME=TEXT>: there is no name before the '='")
            .hint("--claim role=admin is a string, --claim 'roles:=[\"admin\"]' is JSON")
            .code(2);
    }
}

#[test]
fn only_canonical_integers_are_numbers_for_user() {
    for id in ["0", "123", "-5", "1234567890123456789012345678901234567890"] {
        makes("--user", id, &format!("\"user_id\":{id}"));
    }
    for id in ["007", "-0", "+5", "1.0", "1e3", "0x1", " 1", "1 ", "abc", "-", "٣"] {
        makes("--user", id, &format!("\"user_id\":\"{id}\""));
    }
    keyed(&["encode", "--user", ""])
        .error("--user <ID>: it is empty; is the variable set?")
        .hint("jwtctl encode --help lists its flags")
        .code(2);
}

#[test]
fn selectors_are_names_or_pointers() {
    let token = token(
        r#"{"sub":1,"a/b~c":2,"realm_access":{"roles":[3]},"a/b":{"~c~1":4},"":5,"exp":1700001800}"#,
    );
    for (selector, value) in
        [("sub", 1), ("a/b~c", 2), ("/realm_access/roles/0", 3), ("/a~1b/~0c~01", 4), ("/", 5)]
    {
        keyed(&["verify", "--get", selector, &token]).stdout(format!("{value}\n")).code(0);
    }
    for selector in ["/~", "/a~2"] {
        keyed(&["verify", "--get", selector, &token])
            .error("--get <NAME>: '~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)")
            .hint("jwtctl verify --help lists its flags")
            .code(2);
    }
}
