//! Streams and keys: loaded before the first line, warned of once, selected for each line.

use crate::harness::{
    Call, ED25519, ED25519_D, HEADER, P256, P256_D, SECRET, base64url, clocked, jwk, jwks, keyed,
    line, parts, signed, signed_with, text, token,
};
use crate::streams::{
    EXPIRED, EXPIRED_PROBLEM, GOOD, JUNK_PROBLEM, lines, refused, valid, with_key,
};

const KEYED: [&str; 3] = ["encode", "verify", "refresh"];

/// A stream whose key cannot be used: its lines are never looked at.
#[track_caller]
fn refused_before(flags: &[&str], code: i32, said: &[(&str, &str)]) {
    for verb in KEYED {
        let mut call = clocked(&[&[verb, "--batch"], flags].concat()).stdin("junk\njunk\n");
        for (error, hint) in said {
            call = call.error(error).hint(hint);
        }
        call.code(code);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_reported_once_before_any_line() {
    for (verb, last) in [
        ("encode", "--agent, --key or --jwks"),
        ("verify", "--agent, --key, --jwks or --oidc"),
        ("refresh", "--agent, --key or --jwks"),
    ] {
        // What an issuer publishes signs nothing.
        clocked(&[verb, "--batch"])
            .stdin("junk\n")
            .error("no key was given")
            .hint(&format!(
                "set JWTCTL_SECRET or JWTCTL_KEY, or use --secret-file, --secret-env, {last}"
            ))
            .code(2);
    }
    refused_before(
        &["--secret-env", "UNSET"],
        7,
        &[("UNSET is not set", "export it, or name another variable")],
    );
    refused_before(
        &["-S", ""],
        7,
        &[("--secret is empty", "with an empty key anyone could sign, so it is never used")],
    );
    for verb in KEYED {
        clocked(&[verb, "--batch", "--key", "key.pem"])
            .stdin("junk\n")
            .error("cannot read key.pem: No such file or directory")
            .code(7);
        clocked(&[verb, "--batch", "missing.txt", "--key", "key.pem"])
            .error("cannot read missing.txt: No such file or directory")
            .error("cannot read key.pem: No such file or directory")
            .code(1);
    }
}

#[test]
fn a_public_key_cannot_sign_so_no_line_is_read() {
    for verb in ["encode", "refresh"] {
        clocked(&[verb, "--key", "p256.spki.public.pem", "--batch"])
            .key("p256.spki.public.pem")
            .stdin("{}\n{}\n")
            .error("the P-256 public key (p256.spki.public.pem) cannot sign")
            .hint("a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND")
            .code(7);
    }
}

#[test]
fn decode_asks_for_no_key() {
    clocked(&["decode", "--batch", "--get", "exp"])
        .stdin(line(&token(GOOD)))
        .stdout("1700001800\n")
        .summary("1 line: 1 decoded")
        .code(0);
}

const SHORT: &str = "short";
const SHORT_SAID: &str =
    "the secret (JWTCTL_SECRET) is 5 bytes long; HS256 requires at least 32 (RFC 7518 section 3.2)";
const SHORT_HINT: &str = "a short secret can be guessed from one token: openssl rand -base64 48";

fn short(verb: &str, flags: &[&str]) -> Call {
    clocked(&[&[verb, "--batch"], flags].concat()).env("JWTCTL_SECRET", SHORT)
}

#[test]
fn a_short_secret_is_warned_of_once() {
    let item = signed_with(SHORT.as_bytes(), HEADER, GOOD);
    let many = item.clone() + "\n";
    let many = many.repeat(2000);
    for threads in ["1", "4"] {
        let rows: String = (1..=2000).map(|n| valid(n, GOOD)).collect();
        short("verify", &["--threads", threads])
            .stdin(&many)
            .stdout(rows)
            .warning(SHORT_SAID)
            .hint(SHORT_HINT)
            .summary("2000 lines: 2000 valid")
            .code(0);
        short("refresh", &["--threads", threads])
            .stdin(&many)
            .stdout(&many)
            .warning(SHORT_SAID)
            .hint(SHORT_HINT)
            .summary("2000 lines: 2000 ok")
            .code(0);
        short("encode", &["--threads", threads, "--no-iat"])
            .stdin(format!("{GOOD}\n").repeat(2000))
            .stdout(&many)
            .warning(SHORT_SAID)
            .hint(SHORT_HINT)
            .summary("2000 lines: 2000 ok")
            .code(0);
    }
    // No warning with `--quiet`, and none if the key was never used.
    short("verify", &["-q"]).stdin(&many).code(0);
    short("verify", &[])
        .stdin("junk\n")
        .stdout(refused(1, "invalid", JUNK_PROBLEM))
        .summary("1 line: 1 invalid (1 token-parts)")
        .code(4);
}

#[test]
fn a_secret_too_short_for_some_hashes_is_warned_of_once_for_each() {
    let item = |alg: &str| {
        let header = format!("{{\"alg\":\"{alg}\"}}");
        let key = clocked(&["encode", "--no-typ", "--no-iat", "--alg", alg, GOOD, "-q"]);
        let made = key.env("JWTCTL_SECRET", &SECRET[..40]).output();
        let made = text(&made.stdout);
        assert_eq!(parts(&made).0, header);
        made
    };
    let all = [item("HS256"), item("HS384"), item("HS512")].concat();
    let said = |alg: &str, least: u8| {
        format!(
            "the secret (JWTCTL_SECRET) is 40 bytes long; {alg} requires at least {least} (RFC 7518 section 3.2)"
        )
    };
    clocked(&["verify", "--batch", "--get", "exp"])
        .env("JWTCTL_SECRET", &SECRET[..40])
        .stdin(all.repeat(3))
        .stdout("1700001800\n".repeat(9))
        .warning(&said("HS384", 48))
        .hint(SHORT_HINT)
        .warning(&said("HS512", 64))
        .hint(SHORT_HINT)
        .summary("9 lines: 9 valid")
        .code(0);
}

#[test]
fn an_allowed_weak_key_is_warned_of_once() {
    let secret = "0123456789abcdef";
    let weak = jwk(&[r#""kty":"oct""#, &format!("\"k\":\"{}\"", base64url(secret))]);
    let item = signed_with(secret.as_bytes(), HEADER, GOOD);
    let single = clocked(&["verify", "--allow-weak-key", "-k", "weak.jwk", "--get", "exp", &item])
        .file("weak.jwk", &weak)
        .output();
    let said = text(&single.stderr);
    assert!(said.starts_with("warning: "), "{said}");
    let many =
        clocked(&["verify", "--allow-weak-key", "-k", "weak.jwk", "--get", "exp", "--batch", "-"])
            .file("weak.jwk", &weak)
            .stdin(lines(&[&item, &item, &item]))
            .output();
    assert_eq!(text(&many.stdout), "1700001800\n".repeat(3));
    assert_eq!(text(&many.stderr), said + "summary: 3 lines: 3 valid\n");
}

#[test]
fn another_signing_key_is_reported_once() {
    // The key that verifies has no private half, the other one of the set has.
    let old = jwk(&[P256, r#""kid":"old""#]);
    let new = jwk(&[ED25519, ED25519_D, r#""kid":"new""#]);
    let item = clocked(&["encode", "--key", "old.jwk", "--no-iat", GOOD])
        .file("old.jwk", jwk(&[P256, P256_D, r#""kid":"old""#]))
        .output();
    let item = text(&item.stdout);
    for threads in ["1", "4"] {
        let output = clocked(&["refresh", "--batch", "--jwks", "set.json", "--threads", threads])
            .file("set.json", jwks(&[&old, &new]))
            .stdin(item.repeat(2000))
            .output();
        let said = "warning: the key that verified the token cannot sign; key \"new\" of set.json signed\n\
            hint: choose the signing key with --sign-key\n\
            summary: 2000 lines: 2000 ok\n";
        assert_eq!((&*text(&output.stderr), output.status.code()), (said, Some(0)));
        let made = text(&output.stdout);
        let one = made.lines().next().unwrap();
        assert_eq!(
            parts(one),
            (r#"{"alg":"EdDSA","typ":"JWT","kid":"new"}"#.to_owned(), GOOD.to_owned())
        );
        assert_eq!(made, line(one).repeat(2000));
    }
}

#[test]
fn the_report_of_a_key_that_cannot_be_used_is_one_line_like_all_others() {
    let row = r#"{"ok":false,"status":"key","exit_code":7,"header":null,"claims":null,"key":null,"expires_at":null,"expires_in":null,"problems":[{"code":"key-not-set","message":"UNSET is not set","hint":"export it, or name another variable"}],"warnings":[]}"#;
    clocked(&["verify", "--json", "--secret-env", "UNSET", "--batch"])
        .stdin("junk\n")
        .stdout(line(row))
        .code(7);
}

/// Two secrets, and the public halves of two keys.
fn set() -> String {
    let oct = |kid: &str, secret: &str| {
        jwk(&[r#""kty":"oct""#, &format!("\"kid\":\"{kid}\",\"k\":\"{}\"", base64url(secret))])
    };
    jwks(&[
        oct("a", SECRET),
        oct("b", OTHER),
        jwk(&[P256, r#""kid":"ec""#]),
        jwk(&[ED25519, r#""kid":"ed""#]),
    ])
}

const OTHER: &str = "another secret that is long enough for every hash: HS256, HS384, HS512";

#[test]
fn a_set_picks_by_kid_for_each_line() {
    let by = |secret: &str, header: &str| signed_with(secret.as_bytes(), header, GOOD);
    let es256 = text(
        &clocked(&["encode", "--key", "ec.jwk", "--no-iat", GOOD])
            .file("ec.jwk", jwk(&[P256, P256_D, r#""kid":"ec""#]))
            .output()
            .stdout,
    );
    let items = [
        by(SECRET, r#"{"alg":"HS256","kid":"a"}"#),
        by(OTHER, r#"{"alg":"HS256","kid":"b"}"#),
        es256.trim_end().to_owned(),
        by(OTHER, r#"{"alg":"HS256","kid":"a"}"#),
        by(OTHER, r#"{"alg":"HS256"}"#),
        by(SECRET, r#"{"alg":"HS256","kid":"z"}"#),
        by(SECRET, r#"{"alg":"HS256","kid":"ec"}"#),
        by(SECRET, r#"{"alg":"HS256","kid":"a"}"#),
    ];
    let call = |flags: &[&str], items: &[String]| {
        clocked(&[&["verify", "--jwks", "set.json"], flags].concat())
            .file("set.json", set())
            .stdin(lines(items))
    };
    let wanted: Vec<_> = items
        .iter()
        .map(|item| {
            let alone = call(&["-"], std::slice::from_ref(item)).output();
            alone.status.code().unwrap()
        })
        .collect();
    assert_eq!(wanted, [0, 0, 0, 4, 0, 4, 4, 0]);
    for threads in ["1", "4"] {
        let output = call(&["--batch", "--threads", threads, "--tokens"], &items).output();
        let kept: Vec<_> = [0, 1, 2, 4, 7].map(|i| items[i].clone()).into();
        assert_eq!(text(&output.stdout), lines(&kept));
        assert_eq!(
            text(&output.stderr),
            "summary: 8 lines: 5 valid, 3 invalid (1 alg-not-served, 1 bad-signature, 1 kid-unknown)\n"
        );
        assert_eq!(output.status.code(), Some(4));
    }
}

#[test]
fn a_row_says_which_key_of_a_set_matched() {
    let by =
        |secret: &str, header: &str, claims: &str| signed_with(secret.as_bytes(), header, claims);
    let items = [
        by(SECRET, r#"{"alg":"HS256","kid":"a"}"#, GOOD),
        by(OTHER, r#"{"alg":"HS256"}"#, GOOD),
        by(OTHER, r#"{"alg":"HS256","kid":"b"}"#, EXPIRED),
        "junk".to_owned(),
    ];
    let rows = |first: &str, second: &str| {
        [
            with_key(&valid(1, GOOD), first),
            with_key(&valid(2, GOOD), second),
            with_key(&refused(3, "expired", EXPIRED_PROBLEM), second),
            refused(4, "invalid", JUNK_PROBLEM),
        ]
        .concat()
    };
    let summary = "4 lines: 2 valid, 1 expired, 1 invalid (1 token-parts)";
    let call = |flags: &[&str], set: &str| {
        clocked(&[&["verify", "--batch", "--jwks", "set.json"], flags].concat())
            .file("set.json", set)
            .stdin(lines(&items))
            .summary(summary)
    };
    let (a, b) = (r#"{"kid":"a","number":1}"#, r#"{"kid":"b","number":2}"#);
    for threads in ["1", "4"] {
        call(&["--threads", threads], &set()).stdout(rows(a, b)).code(4);
    }
    // A hostile name is escaped, and a key without one has its number.
    let oct = |kid: &str, secret: &str| {
        jwk(&[r#""kty":"oct""#, &format!("{kid}\"k\":\"{}\"", base64url(secret))])
    };
    let nameless = [oct(r#""kid":"\u001b\"","#, "1".repeat(64).as_str()), oct("", OTHER)];
    clocked(&["verify", "--batch", "--jwks", "set.json"])
        .file("set.json", jwks(&nameless))
        .stdin(lines(&items[1..2]))
        .stdout(with_key(&valid(1, GOOD), r#"{"kid":null,"number":2}"#))
        .summary("1 line: 1 valid")
        .code(0);
    let item = by(&"1".repeat(64), r#"{"alg":"HS256"}"#, GOOD);
    clocked(&["verify", "--batch", "--jwks", "set.json"])
        .file("set.json", jwks(&nameless))
        .stdin(lines(&[item]))
        .stdout(with_key(&valid(1, GOOD), r#"{"kid":"\u001b\"","number":1}"#))
        .summary("1 line: 1 valid")
        .code(0);
    // A key that is not in a set needs no name.
    keyed(&["verify", "--batch"])
        .stdin(lines(&items[..1]))
        .stdout(valid(1, GOOD))
        .summary("1 line: 1 valid")
        .code(0);
}

#[test]
fn a_repeated_token_names_the_same_key() {
    let es256 = clocked(&["encode", "--key", "ec.jwk", "--no-iat", GOOD])
        .file("ec.jwk", jwk(&[P256, P256_D, r#""kid":"ec""#]))
        .output();
    let row = |line| with_key(&valid(line, GOOD), r#"{"kid":"ec","number":3}"#);
    clocked(&["verify", "--batch", "--threads", "1", "--jwks", "set.json"])
        .file("set.json", set())
        .stdin(text(&es256.stdout).repeat(3))
        .stdout((1..=3).map(row).collect::<String>())
        .summary("3 lines: 3 valid")
        .code(0);
}

#[test]
fn a_kid_that_a_set_has_twice_is_the_line_that_names_it() {
    let oct = |kid: &str, secret: &str| {
        jwk(&[r#""kty":"oct""#, &format!("\"kid\":\"{kid}\",\"k\":\"{}\"", base64url(secret))])
    };
    let other = SECRET.replace('0', "1");
    let item = |kid: &str| signed(&format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}"), GOOD);
    let output = clocked(&["verify", "--batch", "--jwks", "set.json", "--tokens"])
        .file("set.json", jwks(&[oct("a", SECRET), oct("b", SECRET), oct("b", &other)]))
        .stdin(lines(&[item("a"), item("b"), item("a")]))
        .output();
    assert_eq!(text(&output.stdout), lines(&[item("a"), item("a")]));
    assert_eq!(text(&output.stderr), "summary: 3 lines: 2 valid, 1 key (1 repeated-kid)\n");
    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn no_row_and_no_word_has_the_secret() {
    let text_of = |flags: &[&str]| {
        let call = keyed(&[&["verify", "--batch", "--explain"], flags].concat());
        let output = call.stdin(lines(&[SECRET, &token(GOOD), "junk"])).output();
        text(&output.stdout) + &text(&output.stderr)
    };
    for flags in [&[][..], &["--json"], &["--get", "a"], &["--tokens"], &["--print", "failed"]] {
        let text = text_of(flags);
        assert!(!text.is_empty() && !text.contains(SECRET), "{flags:?}: {text}");
    }
}
