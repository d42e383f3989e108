//! Values of flags: how each kind is read.

use crate::harness::{keyed, line, token};

#[test]
fn only_canonical_integers_are_numbers_for_user() {
    let makes = |id: &str, claim: &str| {
        let made = token(&format!("{{\"user_id\":{claim},\"exp\":1700001800}}"));
        let flag = format!("--user={id}");
        keyed(&["encode", "--no-iat", "--exp", "1700001800", &flag]).stdout(line(&made)).code(0);
    };
    for id in ["0", "123", "-5", "1234567890123456789012345678901234567890"] {
        makes(id, id);
    }
    for id in ["007", "-0", "+5", "1.0", "1e3", "0x1", " 1", "1 ", "abc", "-", "٣"] {
        makes(id, &format!("\"{id}\""));
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
