//! Encrypted keys: where the password comes from, and that it is never repeated.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Call, PRINTED, clocked, jwtctl, key, line, text};

const ENCRYPTED: &str = "p256.encrypted.pkcs8.pem";
const PASSWORD: &str = "correct horse";
const THUMBPRINT: &str = "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk";

/// A key of each way of encrypting one.
const ALL: [(&str, &str); 8] = [
    (ENCRYPTED, THUMBPRINT),
    ("p256.encrypted.pkcs8.der", THUMBPRINT),
    ("p256.encrypted-scrypt.pkcs8.pem", THUMBPRINT),
    ("ed25519.openssh-encrypted.private.pem", "JP72jRU_YV_BADZtFgb6JJZT3bdEwBRpbBrlq8XEZSs"),
    ("p256.openssh-encrypted-3des-cbc.private.pem", THUMBPRINT),
    ("p256.openssh-encrypted-aes256-cbc.private.pem", THUMBPRINT),
    ("p256.openssh-encrypted-aes256-gcm.private.pem", THUMBPRINT),
    ("p256.openssh-encrypted-chacha20-poly1305.private.pem", THUMBPRINT),
];

/// `key thumbprint` of an encrypted key, with these flags.
fn thumbprint(flags: &[&str]) -> Call {
    jwtctl(&[&["key", "thumbprint", ENCRYPTED], flags].concat()).key(ENCRYPTED)
}

fn opens(call: Call) {
    call.stdout(line(THUMBPRINT)).code(0);
}

#[test]
fn a_password_opens_keys_of_every_kind() {
    for (name, thumbprint) in ALL {
        jwtctl(&["key", "thumbprint", name])
            .key(name)
            .env("JWTCTL_KEY_PASSWORD", PASSWORD)
            .stdout(line(thumbprint))
            .code(0);
    }
}

#[test]
fn a_password_comes_from_a_variable_a_file_or_standard_input() {
    opens(thumbprint(&[]).env("JWTCTL_KEY_PASSWORD", PASSWORD));
    opens(thumbprint(&["--key-password-file", "pw"]).file("pw", PASSWORD));
    opens(thumbprint(&["--key-password-file", "-"]).stdin(PASSWORD));
    opens(thumbprint(&["--key-password-file", "-"]).stdin(line(PASSWORD)));
    // A flag wins over the variable.
    let both = thumbprint(&["--key-password-file", "pw"]).env("JWTCTL_KEY_PASSWORD", "x");
    opens(both.file("pw", PASSWORD));
}

#[test]
fn one_final_newline_of_a_password_file_is_the_editors() {
    for newline in ["\n", "\r\n"] {
        let file = format!("{PASSWORD}{newline}");
        opens(thumbprint(&["--key-password-file", "pw"]).file("pw", file));
    }
    let name = "ed25519.openssh-encrypted.private.pem";
    let wrong = |call: Call| {
        call.key(name).error(&format!("{name} cannot be opened with the password")).code(7);
    };
    for more in ["\n\n", "\r", " ", " \n"] {
        let file = format!("{PASSWORD}{more}");
        wrong(jwtctl(&["key", "show", name, "--key-password-file", "pw"]).file("pw", file));
    }
    // In a variable every byte counts.
    wrong(jwtctl(&["key", "show", name]).env("JWTCTL_KEY_PASSWORD", &line(PASSWORD)));
}

#[test]
fn the_wrong_password_is_said_to_be_wrong() {
    // Of PKCS#8 with CBC it was said to be encrypted in an uncommon way.
    for (name, _) in ALL {
        jwtctl(&["key", "show", name])
            .key(name)
            .env("JWTCTL_KEY_PASSWORD", "battery staple")
            .error(&format!("{name} cannot be opened with the password"))
            .code(7);
    }
}

#[test]
fn a_missing_password_is_reported() {
    for (name, _) in ALL {
        jwtctl(&["key", "show", name])
            .key(name)
            .error(&format!("{name} is encrypted, and there is no password for it"))
            .hint("set JWTCTL_KEY_PASSWORD, or name a file with --key-password-file")
            .code(7);
    }
}

#[test]
fn an_empty_or_missing_password_is_refused() {
    let none = |origin: &str| format!("the password ({origin}) is empty");
    thumbprint(&[]).env("JWTCTL_KEY_PASSWORD", "").error(&none("JWTCTL_KEY_PASSWORD")).code(7);
    let from_file = |bytes| thumbprint(&["--key-password-file", "pw"]).file("pw", bytes);
    for bytes in ["", "\n", "\r\n"] {
        from_file(bytes.as_bytes()).error(&none("pw")).code(7);
    }
    from_file(b"\xff").error("the password (pw) is not UTF-8 text").code(7);
    thumbprint(&["--key-password-file", "-"])
        .error(&none("--key-password-file - (standard input)"))
        .code(7);
}

#[test]
fn a_password_file_that_cannot_be_read() {
    thumbprint(&["--key-password-file", "missing.txt"])
        .error("cannot read missing.txt: No such file or directory")
        .code(7);
    thumbprint(&["--key-password-file", "."]).error("cannot read .: Is a directory").code(7);
}

#[test]
fn a_password_is_looked_for_only_where_one_is_wanted() {
    let name = "p256.pkcs8.private.pem";
    let call = |flags: &[&str]| {
        jwtctl(&[&["key", "thumbprint", name], flags].concat()).key(name).stdout(line(THUMBPRINT))
    };
    call(&["--key-password-file", "missing.txt"]).code(0);
    call(&["--key-password-file", "-"]).code(0);
    call(&[]).env("JWTCTL_KEY_PASSWORD", "").code(0);
}

#[test]
fn standard_input_is_not_both_the_key_and_its_password() {
    for args in [&["key", "show"][..], &["key", "show", "-"], &["encode", "{}", "-k", "-"]] {
        jwtctl(&[args, &["--key-password-file", "-"]].concat())
            .stdin(key(ENCRYPTED))
            .error("standard input cannot be both the key and the password")
            .hint("read one of them from a file")
            .code(2);
    }
}

#[test]
fn one_password_on_standard_input_for_two_keys_is_said_as_it_is() {
    jwtctl(&["key", "set", ENCRYPTED, ENCRYPTED, "--key-password-file", "-"])
        .key(ENCRYPTED)
        .stdin(PASSWORD)
        .error("standard input can be read only once, but is used twice for the password")
        .hint("save it to a file, and pass the file")
        .code(2);
}

#[test]
fn an_encrypted_key_works_for_every_verb() {
    let with = |args: &[&str]| clocked(args).key(ENCRYPTED).env("JWTCTL_KEY_PASSWORD", PASSWORD);
    let signed = |args: &[&str]| {
        let output = with(args).output();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
        text(&output.stdout)
    };
    let token = signed(&["encode", "--user", "123", "-k", ENCRYPTED]);
    with(&["verify", "-k", ENCRYPTED]).stdin(&token).stdout(PRINTED).code(0);
    let renewed = signed(&["refresh", "-k", ENCRYPTED, token.trim_end()]);
    with(&["verify", "-k", ENCRYPTED]).stdin(&renewed).stdout(PRINTED).code(0);
    // The password is for the key that signs, too.
    let public = "p256.spki.public.pem";
    let rotated = ["refresh", "-k", public, "--sign-key", ENCRYPTED, token.trim_end()];
    let output = with(&rotated).key(public).output();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    let set = jwtctl(&["key", "set", "--compact", ENCRYPTED]).key(ENCRYPTED);
    set.env("JWTCTL_KEY_PASSWORD", PASSWORD)
        .stdout(line(&crate::harness::jwks(&[format!(
            r#"{{"kty":"EC","kid":"{THUMBPRINT}",{}"#,
            crate::harness::P256.strip_prefix(r#""kty":"EC","#).unwrap().to_owned() + "}"
        )])))
        .code(0);
}

#[test]
fn converting_a_key_removes_its_password_with_a_warning() {
    let call = |verb: &[&str]| {
        let call = jwtctl(&[&["key"], verb, &[ENCRYPTED]].concat()).key(ENCRYPTED);
        call.env("JWTCTL_KEY_PASSWORD", PASSWORD)
    };
    call(&["convert", "--format", "pem"])
        .stdout(key("p256.pkcs8.private.pem"))
        .warning("the key was encrypted, but is written without a password")
        .hint("to encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem")
        .code(0);
    // The public half needs none.
    call(&["public"]).stdout(key("p256.spki.public.pem")).code(0);
}

#[test]
fn what_is_encrypted_in_a_way_that_is_not_read_is_said_before_a_password_is_asked_for() {
    for (name, message, hint) in [
        (
            "refused.encrypted-pbes1.pkcs8.pem",
            "holds a private key with obsolete or uncommon encryption",
            Some("convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem"),
        ),
        (
            "refused.encrypted-costly.pkcs8.pem",
            "needs 20000001 iterations of PBKDF2 to be opened, which is more than jwtctl allows",
            None,
        ),
        (
            "refused.encrypted-costly.openssh.pem",
            "needs 6000 rounds of bcrypt to be opened, which is more than jwtctl allows",
            None,
        ),
    ] {
        for password in [None, Some(PASSWORD)] {
            let call = jwtctl(&["key", "show", name]).key(name);
            let call = password.into_iter().fold(call, |c, p| c.env("JWTCTL_KEY_PASSWORD", p));
            let call = call.error(&format!("{name} {message}"));
            hint.into_iter().fold(call, Call::hint).code(7);
        }
    }
}

/// RFC 7914 section 6: the cost is a power of two, neither lanes nor blocks are none.
#[test]
fn scrypt_parameters_that_are_invalid_are_refused() {
    let pem = text(&key("p256.encrypted-scrypt.pkcs8.pem"));
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).unwrap();
    // The salt of 8 bytes, then the cost, the size of a block and the lanes.
    assert_eq!((&der[33..35], &der[43..53]), (&[4, 8][..], &[2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1][..]));
    let cost_of_0 = [&[4, 9][..], &[0; 9], &[2, 1, 0, 2, 1, 8, 2, 1, 1]].concat();
    let cost_of_16385 = [&[4, 8][..], &[0; 8], &[2, 2, 0x40, 1, 2, 1, 8, 2, 1, 1]].concat();
    let no_block = [&[4, 8][..], &[0; 8], &[2, 2, 0x40, 0, 2, 1, 0, 2, 1, 1]].concat();
    let no_lane = [&[4, 8][..], &[0; 8], &[2, 2, 0x40, 0, 2, 1, 8, 2, 1, 0]].concat();
    for parameters in [cost_of_0, cost_of_16385, no_block, no_lane] {
        let der = [&der[..33], &parameters, &der[53..]].concat();
        let call = jwtctl(&["key", "show", "k.der"]).file("k.der", der);
        call.env("JWTCTL_KEY_PASSWORD", PASSWORD)
            .error("k.der is damaged: its encrypted PKCS#8 does not decode (the parameters of its encryption are invalid)")
            .code(7);
    }
}

#[test]
fn a_password_is_repeated_nowhere() {
    for password in [PASSWORD, "wrong battery staple", "-----BEGIN wrong battery"] {
        for (name, _) in [ALL[0], ALL[3]] {
            for args in [
                &["encode", "-k", name][..],
                &["encode", "-k", name, "--json"],
                &["verify", "-k", name, "--json", "a.b.c"],
                &["key", "show", name],
                &["key", "show", name, "--json"],
                &["key", "convert", "--format", "jwk", "--json", name],
            ] {
                let by_variable = jwtctl(args).env("JWTCTL_KEY_PASSWORD", password);
                let by_file = jwtctl(&[args, &["--key-password-file", "pw"]].concat());
                for call in [by_variable, by_file.file("pw", password)] {
                    let output = call.key(name).output();
                    let seen = [output.stdout, output.stderr].concat();
                    assert!(!text(&seen).contains(password), "{args:?}: {}", text(&seen));
                    assert!(!text(&seen).contains("battery"), "{args:?}: {}", text(&seen));
                }
            }
        }
    }
}

#[test]
fn a_password_in_place_of_its_file_is_not_repeated() {
    let output = thumbprint(&["--key-password-file", "hunter2hunter2"]).output();
    assert_eq!(output.status.code(), Some(7));
    assert!(!text(&output.stderr).contains("hunter2"), "{}", text(&output.stderr));
}
