//! What a user typed is repeated if it cannot be a secret.

use crate::harness::{Call, SECRET, clocked, jwtctl, keyed, line, refresh, text, token};

#[test]
fn a_flag_is_named() {
    for (args, flag, hint) in [
        (&["encode", "--role", "admin"][..], "--role", "jwtctl encode --help lists its flags"),
        (&["encode", "-u", "5"], "-u", "jwtctl encode --help lists its flags"),
        (&["verify", "--debug", "x"], "--debug", "jwtctl verify --help lists its flags"),
        (
            &["decode", "--iss", "x", "y"],
            "--iss",
            "it is a flag of encode, verify, refresh and audit",
        ),
        (&["verify", "--ttl", "5m", "y"], "--ttl", "it is a flag of encode and refresh"),
        (&["key", "show", "--grace", "5"], "--grace", "it is a flag of refresh"),
        (&["encode", "--bits", "5"], "--bits", "it is a flag of key new"),
    ] {
        jwtctl(args).error(&format!("there is no flag {flag}")).hint(hint).code(2);
    }
}

#[test]
fn the_hint_for_help_is_that_of_the_verb() {
    for (args, verb) in [
        (&["completions", "--foobar", "zsh"][..], "completions"),
        (&["completion", "zsh", "--foobar"], "completions"),
        (&["man", "--foobar"], "man"),
        (&["sign", "--foobar"], "encode"),
        (&["inspect", "x", "--foobar"], "decode"),
        (&["--color", "never", "key", "set", "--foobar"], "key set"),
        (&["key", "thumbprint", "--foobar"], "key thumbprint"),
        (&["help", "--foobar"], "help"),
    ] {
        let hint = format!("jwtctl {verb} --help lists its flags");
        jwtctl(args).error("there is no flag --foobar").hint(&hint).code(2);
        let words: Vec<_> = verb.split(' ').chain(["--help"]).collect();
        assert_eq!(jwtctl(&words).output().status.code(), Some(0), "{verb}");
    }
}

#[test]
fn a_duration_in_two_words_is_explained_for_every_flag_that_takes_one() {
    for (verb, flag) in [
        ("verify", "--timeout"),
        ("encode", "--timeout"),
        ("key show", "--timeout"),
        ("verify", "--leeway"),
        ("refresh", "--max-session"),
        ("refresh", "--if-expiring"),
        ("encode", "--ttl"),
    ] {
        let words: Vec<_> = verb.split(' ').chain([flag, "10", "s", "x"]).collect();
        jwtctl(&words)
            .error(&format!(
                "{flag} <D>: \"10 s\" is not a duration such as 90, 90s, 30m, 1h30m, 7d or 2w"
            ))
            .hint(&format!("write {flag} 10s"))
            .code(2);
    }
}

#[test]
fn a_path_is_named() {
    for path in ["/etc/jwt/secret", "keys/prod/public", "./Nope", "~/Nope", "nope.pem", "../Nope-x"]
    {
        for flag in ["--key", "--secret-file", "--jwks"] {
            let error = format!("cannot read {path}: No such file or directory");
            clocked(&["verify", flag, path, &token("{}")]).error(&error).code(7);
        }
    }
    for secret in ["hunter2", "Zm9v/YmFy", "/hZ3kq9Zp0aX7wq1mJ5v8c2T", "Hunter2.pem"] {
        let said = text(&clocked(&["verify", "--key", secret, &token("{}")]).output().stderr);
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn of_several_files_the_one_is_named_by_its_place() {
    let (first, second) = ("ed25519.spki.public.pem", "p256.spki.public.pem");
    let call = jwtctl(&["key", "set", first, second, "Hunter2", "rsa.pem"]);
    let said = text(&call.key(first).key(second).output().stderr);
    assert!(said.starts_with("error: FILE 3 takes the path of a file"), "{said}");
    assert!(!said.contains("Hunter2"), "{said}");
}

#[test]
fn an_at_sign_goes_before_claims_and_not_before_keys() {
    for path in ["claims.json", "./claims.json", "my/claims"] {
        keyed(&["encode", path])
            .error("CLAIMS is the path of a file, not a JSON object")
            .hint(&format!("jwtctl encode @{path}"))
            .code(2);
    }
    keyed(&["encode", "Claims File"])
        .file("Claims File", "{}")
        .error("CLAIMS is the path of a file, not a JSON object")
        .hint("jwtctl encode '@Claims File'")
        .code(2);
    for flag in ["--key", "--secret-file", "--jwks"] {
        clocked(&["verify", flag, "@rsa.pem", &token("{}")])
            .error(&format!("{flag} takes a path without @ before it"))
            .hint(&format!("{flag} rsa.pem"))
            .code(7);
    }
    // A file that is called so is read.
    keyed(&["verify", "--secret-file", "@secret", "-q", &token("{}")])
        .file("@secret", SECRET)
        .code(0);
}

#[test]
fn a_word_that_belongs_to_a_flag_is_given_to_it() {
    for args in [&["encode", "--jti", "abc"][..], &["encode", "{}", "--jti", "abc"]] {
        jwtctl(args).error("--jti takes its ID after '='").hint("--jti=abc").code(2);
    }
    assert_eq!(keyed(&["encode", "--jti", "{}"]).output().status.code(), Some(0));
    for (word, alg) in [("ES256", "ES256"), ("hs512", "HS512"), ("rsa", "RS256")] {
        jwtctl(&["key", "new", word])
            .error(&format!("{word} is unexpected"))
            .hint(&format!("jwtctl key new --alg {alg}"))
            .code(2);
    }
    for (typed, hint) in [("+1h", "did you mean --ttl 1h?"), ("1800000000", "did you mean --ttl?")]
    {
        jwtctl(&["refresh", "--exp", typed, "x"])
            .error("there is no flag --exp")
            .hint(hint)
            .code(2);
    }
}

#[test]
fn a_claim_that_refresh_expects_may_have_been_meant_for_the_new_token() {
    refresh(r#"{"exp":1700000600}"#, &["--claim", "role=admin"])
        .error(r#"there is no "role"; expected "admin""#)
        .hint("--claim checks the old token; to write it into the new one: --set 'role=admin' instead")
        .code(6);
    refresh(r#"{"n":1,"exp":1700000600}"#, &["--claim", "n:=2"])
        .error(r#""n" is 1; expected 2"#)
        .hint("--claim checks the old token; to write it into the new one: --set 'n:=2' instead")
        .code(6);
    // What --set does not take is not proposed.
    refresh(r#"{"exp":1700000600}"#, &["--claim", "iat:=1"])
        .error(r#"there is no "iat"; expected 1"#)
        .code(6);
}

#[test]
fn names_with_commas_are_several() {
    for verb in ["verify", "decode"] {
        keyed(&[verb, "--get", "sub,exp", &token(r#"{"sub":"x","exp":1700001800}"#)])
            .error(r#"the token has no claim "sub,exp""#)
            .hint("each of them needs a --get of its own: --get sub --get exp")
            .code(6);
    }
    keyed(&["verify", "--get", "a,b", &token(r#"{"a,b":1,"exp":1700001800}"#)])
        .stdout("1\n")
        .code(0);
}

#[test]
fn an_audience_that_is_the_client_is_pointed_at() {
    for claim in ["azp", "client_id", "cid", "appid"] {
        for aud in [r#""aud":"account","#, ""] {
            let claims = format!(r#"{{{aud}"{claim}":"web","exp":1700001800}}"#);
            let token = token(&claims);
            let said = text(&keyed(&["verify", "--aud", "web", &token]).output().stderr);
            let flags = format!("--any-aud --claim '{claim}=web'");
            let hint = format!(
                "hint: \"{claim}\" has this value, but names the client, not the audience: {flags}\n"
            );
            assert!(said.ends_with(&hint), "{said}");
            let claim = format!("{claim}=web");
            keyed(&["verify", "-q", "--any-aud", "--claim", &claim, &token]).code(0);
        }
    }
}

#[test]
fn an_expected_claim_may_be_a_pointer() {
    let claims = r#"{"realm_access":{"roles":["a"],"n":null},"/x":1,"exp":1700001800}"#;
    let token = token(claims);
    for flags in [
        ["--claim", r#"/realm_access/roles:=["a"]"#],
        ["--claim", "/realm_access/roles/0=a"],
        ["--claim", "/~1x:=1"],
        ["--require", "/realm_access/roles"],
        ["--require", "realm_access"],
    ] {
        keyed(&[&["verify", "--compact", &token], &flags[..]].concat())
            .stdout(line(claims))
            .code(0);
    }
    for (flags, error, hint) in [
        (
            ["--claim", "realm_access.roles=a"],
            r#"there is no "realm_access.roles"; expected "a""#,
            Some(
                r#"there is "roles" in "realm_access"; it is one item of an array: --claim '/realm_access/roles~=a'"#,
            ),
        ),
        (
            ["--require", "roles"],
            r#"there is no "roles", which is required"#,
            Some(r#"there is "roles" in "realm_access": --require /realm_access/roles"#),
        ),
        (["--require", "/realm_access/n"], r#""/realm_access/n" is null; it is required"#, None),
        (
            ["--claim", "/realm_access/roles/1=a"],
            r#"there is no "/realm_access/roles/1"; expected "a""#,
            None,
        ),
    ] {
        let call = keyed(&[&["verify", &token], &flags[..]].concat()).error(error);
        hint.into_iter().fold(call, Call::hint).code(6);
    }
    keyed(&["verify", "--require", "/~2", &token])
        .error("--require <PATH>: '~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)")
        .hint("jwtctl verify --help lists its flags")
        .code(2);
}
