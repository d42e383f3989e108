//! HMAC secrets from flags, files, variables and standard input, in four formats.

use crate::harness::{CLAIMS, Call, HEADER, PRINTED, SECRET, clocked, key, signed_with};

/// Verifies, with these flags, a token that was signed with these bytes.
fn verify(secret: impl AsRef<[u8]>, flags: &[&str]) -> Call {
    let token = signed_with(secret.as_ref(), HEADER, CLAIMS);
    clocked(&[&["verify", token.as_str()], flags].concat())
}

#[test]
fn a_secret_comes_from_a_flag_a_file_a_variable_or_standard_input() {
    verify(SECRET, &["-S", SECRET]).stdout(PRINTED).code(0);
    verify(SECRET, &["--secret", SECRET]).stdout(PRINTED).code(0);
    verify(SECRET, &[]).env("JWTCTL_SECRET", SECRET).stdout(PRINTED).code(0);
    verify(SECRET, &["--secret-env", "MINE"]).env("MINE", SECRET).stdout(PRINTED).code(0);
    verify(SECRET, &["--secret-file", "s"]).file("s", SECRET).stdout(PRINTED).code(0);
    verify(SECRET, &["--secret-file", "-"]).stdin(SECRET).stdout(PRINTED).code(0);
}

#[test]
fn a_value_that_begins_with_a_hyphen_is_taken_as_it_is() {
    for start in ["-", "--", "--json", "-h", "--help", "-----"] {
        let secret = format!("{start}{SECRET}");
        verify(&secret, &["-S", &secret]).stdout(PRINTED).code(0);
        verify(&secret, &["--secret", &secret]).stdout(PRINTED).code(0);
        verify(&secret, &[&format!("--secret={secret}")]).stdout(PRINTED).code(0);
    }
    // Even the flags' own words.
    for secret in ["--json", "-q", "--", "-"] {
        let stdout = verify(secret, &["-q", "-S", secret]).output();
        assert_eq!(stdout.status.code(), Some(0), "{secret}");
    }
}

#[test]
fn one_final_newline_of_a_text_file_is_not_part_of_the_secret() {
    for (file, secret) in [("\n", ""), ("\r\n", ""), ("\n\n", "\n"), (" ", " "), ("\r", "\r")] {
        let (file, secret) = (format!("{SECRET}{file}"), format!("{SECRET}{secret}"));
        verify(&secret, &["--secret-file", "s"]).file("s", &file).stdout(PRINTED).code(0);
        verify(&secret, &["--secret-file", "-"]).stdin(&file).stdout(PRINTED).code(0);
    }
    // In a variable or a flag every byte counts.
    let secret = format!("{SECRET}\n");
    verify(&secret, &[]).env("JWTCTL_SECRET", &secret).stdout(PRINTED).code(0);
    verify(&secret, &["-S", &secret]).stdout(PRINTED).code(0);
    let raw = ["--secret-format", "raw", "--secret-file", "s"];
    verify(&secret, &raw).file("s", &secret).stdout(PRINTED).code(0);
}

#[test]
fn four_formats() {
    // The same 64 bytes each time; the first three show both special digits of base64.
    let bytes = [&[0xfb, 0xef, 0xff][..], &SECRET.as_bytes()[3..]].concat();
    let tail = "MzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg";
    let hex_tail = base16ct::lower::encode_string(&bytes[3..]);
    for (format, written) in [
        ("base64", format!("++//{tail}==")),
        ("base64", format!("++//{tail}")),
        ("base64", format!("--__{tail}==")),
        ("base64", format!("--__{tail}")),
        ("base64", format!(" ++\n//{tail}==\n")),
        ("hex", format!("fbefff{hex_tail}")),
        ("hex", format!("FBEFFF{}", hex_tail.to_uppercase())),
        ("hex", format!("fb ef ff\n{hex_tail}\r\n")),
    ] {
        verify(&bytes, &["-S", &written, "--secret-format", format]).stdout(PRINTED).code(0);
        verify(&bytes, &["--secret-file", "s", "--secret-format", format])
            .file("s", &written)
            .stdout(PRINTED)
            .code(0);
        verify(&bytes, &["-S", &written])
            .env("JWTCTL_SECRET_FORMAT", format)
            .stdout(PRINTED)
            .code(0);
    }
    let raw = ["--secret-file", "s", "--secret-format", "raw"];
    verify(&bytes, &raw).file("s", &bytes).stdout(PRINTED).code(0);
}

#[test]
fn what_is_not_in_its_format_is_a_key_that_cannot_be_used() {
    let base64 = "base64 in the standard or the URL alphabet, padded or not; if the signer took the text as it is: --secret-format text";
    for secret in ["A", "@@@@", "+-//AQ==", "AAAA=", "AAAA====", "AB"] {
        verify("x", &["-S", secret, "--secret-format", "base64"])
            .error("the secret of --secret is not base64")
            .hint(base64)
            .code(7);
    }
    for (secret, hint) in [
        ("abc", "two hexadecimal digits for each byte"),
        ("gg", "two hexadecimal digits for each byte"),
        ("0x00", "remove the 0x from it"),
        ("ab:cd", "remove the colons from it"),
        ("'abcd'", "remove the quotes from it"),
    ] {
        verify("x", &["-S", secret, "--secret-format", "hex"])
            .error("the secret of --secret is not hex")
            .hint(&format!("{hint}; if the signer took the text as it is: --secret-format text"))
            .code(7);
    }
    verify("x", &["--secret-file", "s"])
        .file("s", b"\xff")
        .error("the secret of s is not UTF-8 text")
        .hint("take its bytes as they are with --secret-format raw")
        .code(7);
}

#[test]
fn a_missing_secret_is_named() {
    verify("x", &["--secret-env", "MINE"])
        .error("MINE is not set")
        .hint("export it, or name another variable")
        .code(7);
    verify("x", &["--secret-file", "s.txt"])
        .error("cannot read s.txt: No such file or directory")
        .code(7);
    verify("x", &["--secret-file", "."]).error("cannot read .: Is a directory").code(7);
    verify("x", &["--secret-file", "s"])
        .file("s", vec![b'x'; 1024 * 1024 + 1])
        .error("s is too large for a key: over 1 MiB")
        .code(7);
}

#[test]
fn a_secret_shorter_than_its_hash_is_a_warning() {
    for (alg, least) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let secret = |length: usize| &SECRET[..length];
        let made = clocked(&["encode", "{}", "-A", alg, "-S", secret(least)]).output();
        assert_eq!((made.status.code(), made.stderr.len()), (Some(0), 0), "{alg}");
        let short = secret(least - 1);
        let warning = format!(
            "the secret (--secret) is {} bytes long; {alg} requires at least {least} (RFC 7518 section 3.2)",
            least - 1
        );
        let hint = "a short secret can be guessed from one token: openssl rand -base64 48";
        let call = clocked(&["encode", "--no-iat", "-A", alg, "-S", short]);
        let stdout = call.output().stdout;
        call.stdout(&stdout).warning(&warning).hint(hint).code(0);
        clocked(&["verify", "--compact", "-S", short])
            .stdin(&stdout)
            .stdout("{\"exp\":1700001800}\n")
            .warning(&warning)
            .hint(hint)
            .code(0);
    }
}

#[test]
fn two_keys_in_the_environment_are_named_and_a_flag_settles_it() {
    let both = |flags: &[&str], secret: &str| {
        let call = verify(SECRET, flags).env("JWTCTL_SECRET", secret);
        call.env("JWTCTL_KEY", "ed25519.spki.public.pem").key("ed25519.spki.public.pem")
    };
    for secret in [SECRET, ""] {
        both(&[], secret)
            .error("JWTCTL_SECRET and JWTCTL_KEY are both set: which one is the key?")
            .hint("unset one of them, or name the key by a flag: flags take precedence over variables")
            .code(2);
        both(&["-S", SECRET], secret).stdout(PRINTED).code(0);
    }
}

#[test]
fn a_flag_wins_over_a_variable_also_over_one_that_is_empty() {
    for (name, value) in
        [("JWTCTL_SECRET", ""), ("JWTCTL_SECRET", "other"), ("JWTCTL_KEY", ""), ("JWTCTL_KEY", "x")]
    {
        verify(SECRET, &["-S", SECRET]).env(name, value).stdout(PRINTED).code(0);
        verify(SECRET, &["--secret-env", "MINE"])
            .env("MINE", SECRET)
            .env(name, value)
            .stdout(PRINTED)
            .code(0);
    }
    verify(SECRET, &["-S", SECRET, "--secret-format", "text"])
        .env("JWTCTL_SECRET_FORMAT", "hex")
        .stdout(PRINTED)
        .code(0);
}

#[test]
fn the_format_variable_must_hold_a_format() {
    verify(SECRET, &["-S", SECRET])
        .env("JWTCTL_SECRET_FORMAT", "")
        .error("JWTCTL_SECRET_FORMAT is empty")
        .hint("unset it, or set it to text, raw, base64 or hex")
        .code(7);
    for value in ["base65", "HEX"] {
        verify(SECRET, &["-S", SECRET])
            .env("JWTCTL_SECRET_FORMAT", value)
            .error("JWTCTL_SECRET_FORMAT must be one of text, raw, base64, hex")
            .code(2);
    }
}

#[test]
fn standard_input_is_one_thing_at_a_time() {
    let pem = String::from_utf8(key("p256.spki.public.pem")).unwrap();
    for (flag, stdin) in [("--secret-file", SECRET), ("-k", pem.as_str())] {
        clocked(&["verify", flag, "-"])
            .stdin(stdin)
            .error("standard input cannot be both the key and the token")
            .hint("read one of them from a file")
            .code(2);
    }
    clocked(&["encode", "-", "--secret-file", "-"])
        .stdin("{}")
        .error("standard input cannot be both the key and CLAIMS")
        .hint("read one of them from a file")
        .code(2);
}
