//! Tokens whose payload is sent separately (RFC 7515 appendix F), encoded or not (RFC 7797).

use std::fs;

use crate::harness::{
    CLAIMS, HEADER, PRINTED, SECRET, base64url, jwtctl, keyed, line, parts, signed, token,
};

const UNENCODED: &str = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;

/// A token without its payload.
fn detached(token: &str) -> String {
    let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    format!("{header}..{signature}")
}

/// A token of a payload that is signed as it is, without that payload.
fn unencoded(header: &str, payload: impl AsRef<[u8]>) -> String {
    let header = base64url(header);
    let input = [header.as_bytes(), b".", payload.as_ref()].concat();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    format!("{header}..{}", base64url(aws_lc_rs::hmac::sign(&key, &input)))
}

fn raw(args: &[&str]) -> crate::harness::Call {
    jwtctl(&[&["verify", "--raw"], args].concat()).env("JWTCTL_SECRET", SECRET)
}

#[test]
fn a_payload_is_signed_and_verified_without_being_in_the_token() {
    let payload = b"any bytes \xff\x00\n";
    let made = detached(&signed(r#"{"alg":"HS256"}"#, payload));
    jwtctl(&["encode", "--detached", "file"])
        .env("JWTCTL_SECRET", SECRET)
        .file("file", payload)
        .stdout(line(&made))
        .code(0);
    jwtctl(&["encode", "--detached", "-"])
        .env("JWTCTL_SECRET", SECRET)
        .stdin(payload)
        .stdout(line(&made))
        .code(0);
    raw(&["--detached", "file", &made]).file("file", payload).code(0);
    raw(&["--detached", "-", &made]).stdin(payload).code(0);
    raw(&["--detached", "file", "-"]).file("file", payload).stdin(&made).code(0);
    raw(&["--detached", "file", &made])
        .file("file", "other bytes")
        .error(
            "the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)",
        )
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}

#[test]
fn claims_that_are_sent_separately_are_checked_as_ever() {
    let made = detached(&token(CLAIMS));
    let verify = |flags: &[&str], claims: &str| {
        keyed(&[&["verify", "--detached", "file", &made], flags].concat()).file("file", claims)
    };
    verify(&[], CLAIMS).stdout(PRINTED).code(0);
    verify(&["--get", "user_id"], CLAIMS).stdout("123\n").code(0);
    let expired = jwtctl(&["verify", "--detached", "file", "--at", "1700001800", "--json", &made])
        .env("JWTCTL_SECRET", SECRET)
        .file("file", CLAIMS)
        .output();
    assert_eq!(expired.status.code(), Some(3));
    let other = detached(&signed(HEADER, "a text"));
    keyed(&["verify", "--detached", "file", &other])
        .file("file", "a text")
        .error("the payload is not JSON: expected value at line 1 column 1")
        .hint("jwtctl verify --raw checks a payload of any kind")
        .code(4);
    let json = format!(
        r#"{{"protected":"{}","signature":"{}"}}"#,
        made.split('.').next().unwrap(),
        made.split('.').nth(2).unwrap()
    );
    keyed(&["verify", "--detached", "file", &json]).file("file", CLAIMS).stdout(PRINTED).code(0);
    keyed(&["encode", "--detached", "file"])
        .file("file", CLAIMS)
        .error("--detached <PATH> cannot be used with --at <TIME>")
        .hint("use only one of them")
        .code(2);
    jwtctl(&["encode", "--detached", "file", "--typ", "JWT", "--serialization", "json"])
        .env("JWTCTL_SECRET", SECRET)
        .file("file", CLAIMS)
        .stdout(line(&json))
        .code(0);
}

#[test]
fn a_payload_may_be_signed_as_it_is() {
    for payload in [&b"$.02"[..], b"\xff\x00 any bytes", b"", b"{\"a\":1}"] {
        let made = unencoded(UNENCODED, payload);
        jwtctl(&["encode", "--detached", "file", "--unencoded"])
            .env("JWTCTL_SECRET", SECRET)
            .file("file", payload)
            .stdout(line(&made))
            .code(0);
        raw(&["--detached", "file", &made]).file("file", payload).code(0);
        let changed = [payload, b"x"].concat();
        let refused = raw(&["--detached", "file", &made]).file("file", changed).output();
        assert_eq!((refused.status.code(), &refused.stdout[..]), (Some(4), &b""[..]));
    }
    let claims = unencoded(UNENCODED, CLAIMS);
    keyed(&["verify", "--detached", "file", &claims]).file("file", CLAIMS).stdout(PRINTED).code(0);
    keyed(&["verify", "--detached", "file", &unencoded(UNENCODED, b"\xff")])
        .file("file", b"\xff")
        .error("the payload is not UTF-8 (byte 0)")
        .code(4);
}

#[test]
fn no_byte_of_a_payload_may_be_written_with_the_signature() {
    let whole = "Pay 100 EUR to Bob. Void unless countersigned.";
    let made = unencoded(UNENCODED, whole);
    let (header, signature) = made.split_once("..").expect("detached");
    let moved = format!(" Void unless countersigned..{signature}");
    for json in [
        format!(r#"{{"protected":"{header}","signature":"{moved}"}}"#),
        format!(r#"{{"signatures":[{{"protected":"{header}","signature":"{moved}"}}]}}"#),
    ] {
        for flags in [&[][..], &["--all-signatures"]] {
            let call = raw(&[&["--detached", "file", &json], flags].concat());
            let output = call.file("file", "Pay 100 EUR to Bob").output();
            assert_eq!((output.status.code(), &output.stdout[..]), (Some(4), &b""[..]));
        }
    }
    let inside = format!(
        r#"{{"payload":"Pay 100 EUR to Bob","protected":"{header}","signature":"{moved}"}}"#
    );
    assert_eq!(raw(&[&inside]).output().status.code(), Some(4));
}

#[test]
fn a_payload_in_the_token_may_be_unencoded_only_with_raw() {
    let made = unencoded(UNENCODED, "a text, as it is");
    let inside = made.replace("..", ".a text, as it is.");
    raw(&[&inside]).stdout("a text, as it is").code(0);
    let claims = unencoded(UNENCODED, CLAIMS).replace("..", &format!(".{CLAIMS}."));
    let error = r#"the header says "b64": false: the payload is not encoded (RFC 7797)"#;
    let hint = "the payload of a JWT is always encoded (RFC 7797 section 7); for others there are --raw and --detached";
    for verb in ["verify", "refresh"] {
        keyed(&[verb, &claims]).error(error).hint(hint).code(4);
    }
    jwtctl(&["decode", &claims]).stdout(PRINTED).code(0);
    let inside = unencoded(UNENCODED, "caf\u{e9}").replace("..", ".caf\u{e9}.");
    raw(&[&inside])
        .error("the payload has a character that it may not have where it is not encoded (byte 3)")
        .hint("such a payload is sent separately (RFC 7797 section 5.2): --detached PATH")
        .code(4);
    let dots = unencoded(UNENCODED, "a.b").replace("..", ".a.b.");
    assert_eq!(raw(&[&dots]).output().status.code(), Some(4));
}

#[test]
fn an_unencoded_payload_needs_a_critical_b64() {
    for header in [
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":false,"crit":["exp"]}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64","exp"],"exp":1}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64","b64"]}"#,
        r#"{"alg":"HS256","crit":["b64"]}"#,
        r#"{"alg":"HS256","b64":0,"crit":["b64"]}"#,
    ] {
        for made in [unencoded(header, "text"), detached(&signed(header, "text"))] {
            let refused = raw(&["--detached", "file", &made]).file("file", "text").output();
            assert_eq!(
                (refused.status.code(), &refused.stdout[..]),
                (Some(4), &b""[..]),
                "{header}"
            );
        }
    }
}

#[test]
fn a_token_with_its_payload_is_not_detached() {
    let whole = token(CLAIMS);
    let [header, payload, signature] = whole.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let json =
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#);
    for token in [&whole, &json] {
        keyed(&["verify", "--detached", "file", token])
            .file("file", CLAIMS)
            .error("the token has a payload, so --detached must not name another one")
            .hint("leave out --detached to verify the payload in the token")
            .code(4);
    }
    let json = format!(r#"{{"protected":"{header}","signature":"{signature}"}}"#);
    for verb in ["verify", "decode"] {
        keyed(&[verb, &json])
            .error("the token has no \"payload\": this is a detached JWS (RFC 7515 appendix F)")
            .hint("its payload is sent separately: jwtctl verify --detached PATH, with --raw if it is not a claims set")
            .code(4);
    }
    jwtctl(&["decode", "--header", "--compact", &json]).stdout(line(HEADER)).code(0);
}

#[test]
fn a_payload_that_cannot_be_read_is_named() {
    let made = detached(&token(CLAIMS));
    keyed(&["verify", "--detached", "./missing", &made])
        .error("cannot read ./missing (--detached): No such file or directory")
        .code(1);
    keyed(&["verify", "--detached", ".", &made])
        .error("cannot read . (--detached): Is a directory")
        .code(1);
    jwtctl(&["encode", "--detached", "./missing"])
        .env("JWTCTL_SECRET", SECRET)
        .error("cannot read ./missing (--detached): No such file or directory")
        .code(1);
    // Both cannot come from standard input.
    let output = raw(&["--detached", "-", "-"]).stdin(&made).output();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn flags_for_claims_do_not_go_with_a_payload() {
    for flags in [
        &["{}"][..],
        &["--user", "1"],
        &["--claim", "a=b"],
        &["--ttl", "1h"],
        &["--no-exp"],
        &["--no-iat"],
        &["--encrypt-to", "file"],
        &["--batch"],
    ] {
        let args = [&["encode", "--detached", "file"], flags].concat();
        let output = jwtctl(&args).env("JWTCTL_SECRET", SECRET).file("file", "x").output();
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert_eq!(output.stdout, b"", "{flags:?}");
    }
    let encode = |flags: &[&str]| {
        let args = [&["encode", "--detached", "file"], flags].concat();
        jwtctl(&args).env("JWTCTL_SECRET", SECRET).file("file", "x").output()
    };
    assert_eq!(encode(&["--unencoded", "--header", "crit:=[\"b64\"]"]).status.code(), Some(2));
    assert_eq!(encode(&["--header", "b64:=false"]).status.code(), Some(2));
    let made =
        String::from_utf8(encode(&["--unencoded", "--kid", "1", "--typ", "x"]).stdout).unwrap();
    let (header, payload) = parts(&made);
    assert_eq!(header, r#"{"alg":"HS256","typ":"x","kid":"1","b64":false,"crit":["b64"]}"#);
    assert_eq!(payload, "");
    jwtctl(&["encode", "--unencoded", "{}"])
        .env("JWTCTL_SECRET", SECRET)
        .error("--unencoded needs --detached: the payload of a JWT is always encoded (RFC 7797 section 7)")
        .hint("leave it out, or name the file to sign: --detached PATH")
        .code(2);
    for flags in [&["--batch"][..], &["--find", "file"], &["--decrypt-key", "file"]] {
        let args = [&["verify", "--detached", "file"], flags].concat();
        assert_eq!(raw(&args[1..]).file("file", "x").output().status.code(), Some(2), "{flags:?}");
    }
}

/// Payloads that are longer than a mebibyte are read piece by piece.
#[test]
fn a_long_payload_is_signed_and_verified_with_every_algorithm() {
    let length = 1024 * 1024 + 1;
    let payload: Vec<u8> = (0..=250).cycle().take(length).collect();
    for alg in [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "EdDSA",
        "Ed25519",
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (key, file) = (path("key.jwk"), path("payload"));
        fs::write(&file, &payload).unwrap();
        let bits: &[&str] = if alg.starts_with(['R', 'P']) { &["--bits", "2048"] } else { &[] };
        let new = ["key", "new", "--alg", alg, "--format", "jwk", "--out", &key];
        assert_eq!(jwtctl(&[&new, bits].concat()).output().status.code(), Some(0), "{alg}");
        for flags in [&[][..], &["--unencoded"]] {
            let encode = ["encode", "--detached", &file, "--key", &key, "--alg", alg];
            let made = jwtctl(&[&encode, flags].concat()).output();
            assert_eq!(made.status.code(), Some(0), "{alg}");
            let made = String::from_utf8(made.stdout).unwrap();
            let verify = |token: &str, file: &str| {
                let args = ["verify", "--raw", "--detached", file, "--key", &key, token.trim()];
                let output = jwtctl(&args).output();
                assert_eq!(output.stdout, b"");
                output.status.code()
            };
            assert_eq!(verify(&made, &file), Some(0), "{alg} {flags:?}");
            let changed = path("changed");
            let mut bytes = payload.clone();
            bytes[length - 1] ^= 1;
            fs::write(&changed, &bytes).unwrap();
            assert_eq!(verify(&made, &changed), Some(4), "{alg} {flags:?}");
            // What is read at once gives the same verdict: the payload in the token.
            if flags.is_empty() {
                let whole = made.replace("..", &format!(".{}.", base64url(&payload)));
                let output = jwtctl(&["verify", "--raw", "--key", &key, "-"]).stdin(whole).output();
                assert_eq!(output.status.code(), Some(0), "{alg}");
                assert!(output.stdout == payload);
            }
        }
    }
}

#[test]
fn only_ed25519_limits_the_payload() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (file, longer) = (path("payload"), path("longer"));
    fs::write(&file, vec![7; 16 * 1024 * 1024]).unwrap();
    fs::write(&longer, vec![7; 16 * 1024 * 1024 + 1]).unwrap();
    let key = path("key.jwk");
    jwtctl(&["key", "new", "--alg", "EdDSA", "--format", "jwk", "--out", &key]).output();
    let made = jwtctl(&["encode", "--key", &key, "--detached", &file]).output();
    let made = String::from_utf8(made.stdout).unwrap();
    jwtctl(&["verify", "--raw", "--key", &key, "--detached", &file, made.trim()]).code(0);
    jwtctl(&["verify", "--raw", "--key", &key, "--detached", &longer, made.trim()])
        .error("the payload is larger than 16 MiB, and EdDSA needs all of it at once")
        .hint("with another algorithm, a payload may have any size")
        .code(4);
    jwtctl(&["encode", "--key", &key, "--detached", &longer])
        .error("the payload is larger than 16 MiB, and EdDSA needs all of it at once")
        .hint("with another algorithm, a payload may have any size")
        .code(2);
    let made = jwtctl(&["encode", "-S", SECRET, "--detached", &longer]).output();
    let made = String::from_utf8(made.stdout).unwrap();
    jwtctl(&["verify", "--raw", "-S", SECRET, "--detached", &longer, made.trim()]).code(0);
    keyed(&["verify", "--detached", &longer, made.trim()])
        .error("the payload is larger than 16 MiB, so it is not read as claims")
        .hint("--raw verifies the signature over a payload of any size")
        .code(4);
}

#[test]
fn a_long_payload_is_kept_for_few_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = path("payload");
    fs::write(&file, vec![7; 2 * 1024 * 1024]).unwrap();
    let member = |name: &str| {
        let key = path(name);
        jwtctl(&["key", "new", "--alg", "EdDSA", "--no-kid", "--format", "jwk", "--out", &key])
            .output();
        let made = jwtctl(&["encode", "--key", &key, "--detached", &file]).output();
        let made = String::from_utf8(made.stdout).unwrap();
        let [protected, _, signature] = made.trim().split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#)
    };
    let (mine, other) = (member("mine.jwk"), member("other.jwk"));
    for (others, code) in [(3, 0), (4, 4)] {
        let token = format!(r#"{{"signatures":[{}{mine}]}}"#, format!("{other},").repeat(others));
        let key = path("mine.jwk");
        let args = ["verify", "--raw", "--key", &key, "--detached", &file, &token];
        assert_eq!(jwtctl(&args).output().status.code(), Some(code), "{others}");
    }
}

#[test]
fn a_long_payload_may_have_several_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("payload").display().to_string();
    fs::write(&file, vec![b'a'; 3 * 1024 * 1024]).unwrap();
    let others = "z".repeat(64);
    let sign = |secret: &str| {
        let made = jwtctl(&["encode", "--detached", &file, "-S", secret]).output();
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    };
    let member = |token: &str| {
        let [protected, _, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
        format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#)
    };
    let (mine, other) = (member(&sign(SECRET)), member(&sign(&others)));
    let general = |all: &[&str]| format!(r#"{{"signatures":[{}]}}"#, all.join(","));
    let verify = |token: &str, flags: &[&str]| {
        let args = [&["--detached", file.as_str(), token], flags].concat();
        raw(&args).output().status.code()
    };
    assert_eq!(verify(&general(&[&other, "{\"signature\":\"?\"}", &mine]), &[]), Some(0));
    assert_eq!(verify(&general(&[&other, &mine]), &["--all-signatures"]), Some(4));
    assert_eq!(verify(&general(&[&mine, &mine]), &["--all-signatures"]), Some(0));
    assert_eq!(verify(&general(&[&other, &other]), &[]), Some(4));
    // No more digests are computed at once than this.
    let mut many = vec![other.as_str(); 15];
    many.push(&mine);
    assert_eq!(verify(&general(&many), &[]), Some(0));
    many.insert(0, &other);
    raw(&["--detached", &file, &general(&many)])
        .error("none of the token's 17 signatures is accepted")
        .evidence("signatures[0]: the signature does not match: checked as HS256 with the HMAC secret (JWTCTL_SECRET)")
        .output();
    assert_eq!(verify(&general(&many), &[]), Some(4));
}
