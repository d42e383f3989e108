//! Commands that sign: what they are given, what they may print, and those that fail, lie, hang or flood.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::fake_agent::AgentKey;
use crate::harness::{CLAIMS, Call, PRINTED, clocked, jwtctl, key, line, text};

/// What is signed: the header and the claims of [`CLAIMS`].
fn signing_input(alg: &str) -> String {
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}", encoded(&format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\"}}")), encoded(CLAIMS))
}

/// Puts a program into the folder of a call.
fn program(call: Call, name: &str, script: &str) -> Call {
    let call = call.file(name, format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(call.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    call
}

/// `encode` with the public key of `tests/keys`, and a script that signs.
fn signed_by(name: &str, script: &str, flags: &[&str]) -> Call {
    let args = ["encode", CLAIMS, "--key", "key.pub", "--signer", "./sign"];
    let call = clocked(&[&args[..], flags].concat()).env("PATH", "/usr/bin:/bin");
    program(call.file("key.pub", key(&format!("{name}.spki.public.pem"))), "sign", script)
}

/// A script that prints these bytes.
fn printing(bytes: &[u8]) -> String {
    let octal: Vec<_> = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("cat > /dev/null; printf '{}'", octal.concat())
}

/// The signature of a key of `tests/keys`, as a JWS has it.
fn signature(name: &'static str, message: &str) -> Vec<u8> {
    let flags = 2;
    let (kind, bytes) = AgentKey::new(name).sign(message.as_bytes(), flags);
    if !kind.starts_with("ecdsa") {
        return bytes;
    }
    let half = match name {
        "p256" => 32,
        "p384" => 48,
        _ => 66,
    };
    let mut rest = &bytes[..];
    let mut signature = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let digits = &rest[4..4 + length];
        let digits = &digits[digits.len().saturating_sub(half)..];
        signature.extend(vec![0; half - digits.len()]);
        signature.extend_from_slice(digits);
        rest = &rest[4 + length..];
    }
    signature
}

/// An ECDSA signature in DER.
fn in_der(signature: &[u8]) -> Vec<u8> {
    let number = |digits: &[u8]| {
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let mut digits = digits[zeros..].to_vec();
        if digits[0] >= 0x80 {
            digits.insert(0, 0);
        }
        [&[2, u8::try_from(digits.len()).unwrap()], &digits[..]].concat()
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    let both = [number(r), number(s)].concat();
    let length = u8::try_from(both.len()).unwrap();
    let length = if length < 0x80 { vec![length] } else { vec![0x81, length] };
    [&[0x30], &length[..], &both].concat()
}

#[test]
fn a_signature_may_be_printed_in_any_form() {
    for (name, alg) in [
        ("p256", "ES256"),
        ("p384", "ES384"),
        ("p521", "ES512"),
        ("rsa2048", "RS256"),
        ("ed25519", "EdDSA"),
    ] {
        let input = signing_input(alg);
        let raw = signature(name, &input);
        let token = line(&format!("{input}.{}", URL_SAFE_NO_PAD.encode(&raw)));
        let mut forms = vec![raw.clone()];
        forms.extend(alg.starts_with("ES").then(|| in_der(&raw)));
        for bytes in forms {
            let base64 = STANDARD.encode(&bytes);
            let wrapped: Vec<_> = base64.as_bytes().chunks(64).map(text).collect();
            for printed in [
                bytes.clone(),
                base64.clone().into_bytes(),
                format!("{base64}\n").into_bytes(),
                wrapped.join("\r\n").into_bytes(),
                URL_SAFE_NO_PAD.encode(&bytes).into_bytes(),
                format!("vault:v1:{base64}\n").into_bytes(),
                format!("vault:v12:{}", URL_SAFE_NO_PAD.encode(&bytes)).into_bytes(),
            ] {
                signed_by(name, &printing(&printed), &[]).stdout(&token).code(0);
            }
        }
    }
}

#[test]
fn the_command_gets_what_is_signed_and_the_algorithm_and_no_secrets_of_ours() {
    let input = signing_input("RS256");
    let raw = signature("rsa2048", &input);
    let script =
        format!("cat > seen; env > variables; printf %s \"$0|$1|$2\" > words; {}", printing(&raw));
    let call =
        clocked(&["encode", CLAIMS, "--key", "key.pub", "--signer", "./sign 'a  b' \"$HOME\\\"\""])
            .env("PATH", "/usr/bin:/bin")
            .env("OTHER", "is inherited")
            .env("JWTCTL_SECRET", "a secret")
            .env("JWTCTL_KEY_PASSWORD", "a password")
            .env("jwtctl_lower", "case does not matter")
            .env("JWTCTL_ALG", "none");
    let call = program(call.file("key.pub", key("rsa2048.spki.public.pem")), "sign", &script);
    let call = call.stdout(line(&format!("{input}.{}", URL_SAFE_NO_PAD.encode(&raw))));
    call.leaves(0);
    assert_eq!(fs::read_to_string(call.path("seen")).unwrap(), input);
    assert_eq!(fs::read_to_string(call.path("words")).unwrap(), "./sign|a  b|$HOME\"");
    let variables = fs::read_to_string(call.path("variables")).unwrap();
    let mut ours: Vec<_> =
        variables.lines().filter(|line| line.to_uppercase().starts_with("JWTCTL")).collect();
    ours.sort_unstable();
    assert_eq!(ours, ["JWTCTL_ALG=RS256"]);
    assert!(variables.contains("OTHER=is inherited"), "{variables}");
}

#[test]
fn the_public_key_decides_the_algorithm() {
    let alg_printer = "cat > /dev/null; echo $JWTCTL_ALG >&2; exit 1";
    for (name, flags, alg) in [
        ("rsa2048", &[][..], "RS256"),
        ("rsa2048", &["--alg", "PS384"], "PS384"),
        ("p521", &[], "ES512"),
        ("ed25519", &["--alg", "Ed25519"], "Ed25519"),
    ] {
        signed_by(name, alg_printer, flags)
            .error(&format!("--signer: the command exited with 1: \"{alg}\""))
            .code(7);
    }
    signed_by("p256", alg_printer, &["--alg", "ES384"])
        .error("the P-256 public key (key.pub) does not support ES384")
        .hint("it supports ES256")
        .code(7);
}

const NOT_ONE: &str = "it prints only the signature: the bytes, DER, or base64 of either";

#[test]
fn what_is_not_a_signature_by_the_key_is_never_printed() {
    let wrong = "--signer: the command returned a signature that does not match the public key";
    let hint = "check that COMMAND uses the private key of this public key, and the algorithm in JWTCTL_ALG";
    let good = signature("p256", &signing_input("ES256"));
    let mut altered = good.clone();
    altered[40] ^= 1;
    for lie in [altered, signature("p256", "another message"), vec![b'A'; 64], vec![0; 64]] {
        signed_by("p256", &printing(&lie), &[]).error(wrong).hint(hint).code(7);
        let base64 = STANDARD.encode(&lie);
        signed_by("p256", &printing(base64.as_bytes()), &[]).error(wrong).hint(hint).code(7);
    }
    let der = in_der(&good);
    for (printed, length) in [
        (&b""[..], "0 bytes"),
        (b"\n", "1 byte"),
        (b"the signature is on its way", "27 bytes"),
        (&good[..63], "63 bytes"),
        (&[&good[..], b"\n"].concat(), "65 bytes"),
        (&[&der[..], &[0]].concat(), &format!("{} bytes", der.len() + 1)),
        (&der[..der.len() - 1], &format!("{} bytes", der.len() - 1)),
        (&[0x30, 6, 2, 1, 0x80, 2, 1, 1], "8 bytes"),
        (&[0x30, 3, 2, 1, 1], "5 bytes"),
        (b"vault:v:AAAA", "12 bytes"),
        (b"{\"signature\":\"AAAA\"}", "20 bytes"),
    ] {
        signed_by("p256", &printing(printed), &[])
            .error(&format!(
                "--signer: the command printed {length}, which is not a signature by ES256"
            ))
            .hint(NOT_ONE)
            .code(7);
    }
}

#[test]
fn a_command_that_fails_is_told_with_what_it_said() {
    for (script, error) in [
        ("exit 3", "the command exited with 3"),
        (
            "echo; echo '  no such key  ' >&2; echo more >&2; exit 1",
            "the command exited with 1: \"no such key\"",
        ),
        ("printf '\\033[31mred\\n' >&2; exit 1", "the command exited with 1: \"\\u001b[31mred\""),
        ("kill -9 $$", "the command was ended (signal: 9 (SIGKILL))"),
        ("echo '-----BEGIN PRIVATE KEY-----' >&2; exit 1", "the command exited with 1"),
    ] {
        signed_by("p256", script, &[]).error(&format!("--signer: {error}")).code(7);
    }
    signed_by("p256", "printf '%0500d' 0 >&2; exit 1", &[])
        .error(&format!("--signer: the command exited with 1: \"{}…\"", "0".repeat(200)))
        .code(7);
    // What is printed does not count if it fails.
    let good = signature("p256", &signing_input("ES256"));
    signed_by("p256", &format!("{}; exit 1", printing(&good)), &[])
        .error("--signer: the command exited with 1")
        .code(7);
}

/// `encode` with this command.
fn with_command(command: &str) -> Call {
    clocked(&["encode", CLAIMS, "--key", "key.pub", "--signer", command])
        .env("PATH", "/usr/bin:/bin")
        .file("key.pub", key("p256.spki.public.pem"))
}

#[test]
fn a_command_that_does_not_exist_is_a_key_that_cannot_be_used() {
    let hint = "is it the path of a program, or the name of one in PATH?";
    for command in ["no-such-program", "./no-such-program x", "/"] {
        let reason = if command == "/" { "Permission denied" } else { "No such file or directory" };
        with_command(command)
            .error(&format!("--signer: the command cannot be run: {reason}"))
            .hint(hint)
            .code(7);
    }
}

#[test]
fn a_command_is_run_without_a_shell() {
    with_command("printf x | base64")
        .error("--signer: the command printed 1 byte, which is not a signature by ES256")
        .hint(NOT_ONE)
        .code(7);
    with_command("cat | base64")
        .error("--signer: the command exited with 1: \"cat: '|': No such file or directory\"")
        .hint("it is run without a shell: what needs one goes into a script")
        .code(7);
    for (command, fault) in [
        ("", "the command is empty"),
        ("'' x", "the command is empty"),
        ("openssl 'dgst", "a quote is not closed"),
        ("openssl \\", "there is no character after the last backslash"),
    ] {
        with_command(command)
            .error(&format!("--signer <COMMAND>: {fault}"))
            .hint("jwtctl encode --help lists its flags")
            .code(2);
    }
}

#[test]
fn a_command_that_floods_is_ended() {
    let begun = Instant::now();
    for script in ["yes", "head -c 65537 /dev/zero", "yes >&2 & exec yes"] {
        signed_by("p256", script, &[])
            .error("--signer: the answer of the command is larger than 64 KiB")
            .code(7);
    }
    signed_by("p256", "head -c 10000000 /dev/zero >&2; exit 1", &[])
        .error(&format!("--signer: the command exited with 1: \"{}…\"", "\\u0000".repeat(200)))
        .code(7);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_command_that_hangs_is_killed_with_all_that_it_started_after_thirty_seconds() {
    let begun = Instant::now();
    let script = "echo $$ > pid; sleep 300 & echo $! > other; cat > /dev/null; wait";
    let args =
        ["encode", "--key", "key.pub", "--signer", "./sign", "--batch", "-", "--threads", "1"];
    let call = clocked(&args)
        .env("PATH", "/usr/bin:/bin")
        .file("key.pub", key("p256.spki.public.pem"))
        .stdin(format!("{CLAIMS}\n").repeat(3));
    let call = program(call, "sign", script);
    let output = call.output();
    let elapsed = begun.elapsed();
    assert!((Duration::from_secs(29)..Duration::from_secs(36)).contains(&elapsed), "{elapsed:?}");
    assert_eq!((text(&output.stdout), output.status.code()), ("\n\n\n".to_owned(), Some(1)));
    let told = "error: line 3: --signer: the command did not answer within 30 seconds\n";
    assert!(text(&output.stderr).contains(told), "{}", text(&output.stderr));
    for file in ["pid", "other"] {
        let pid = fs::read_to_string(call.path(file)).unwrap();
        let is_alive = fs::read_to_string(format!("/proc/{}/stat", pid.trim()))
            .is_ok_and(|stat| !stat.contains(") Z "));
        assert!(!is_alive, "{file}");
    }
}

#[test]
fn a_command_need_not_read_what_it_signs() {
    let long = format!("{{\"sub\":\"{}\"}}", "x".repeat(1 << 20));
    let args = ["encode", "-", "--key", "key.pub", "--signer", "true"];
    clocked(&args)
        .env("PATH", "/usr/bin:/bin")
        .file("key.pub", key("p256.spki.public.pem"))
        .stdin(long)
        .error("--signer: the command printed 0 bytes, which is not a signature by ES256")
        .hint(NOT_ONE)
        .code(7);
}

#[test]
fn a_private_key_needs_no_command() {
    let hint = "leave out --signer, or give only the public key: jwtctl key public FILE";
    clocked(&["encode", CLAIMS, "--key", "key.pem", "--signer", "true"])
        .key("p256.pkcs8.private.pem")
        .file("key.pem", key("p256.pkcs8.private.pem"))
        .error("the P-256 private key (key.pem) signs by itself, without --signer")
        .hint(hint)
        .code(2);
    clocked(&["encode", CLAIMS, "--signer", "true"])
        .env("JWTCTL_SECRET", crate::harness::SECRET)
        .error("the HMAC secret (JWTCTL_SECRET) signs by itself, without --signer")
        .hint(hint)
        .code(2);
    jwtctl(&["encode", CLAIMS, "--signer", "true"])
        .error("no key was given")
        .hint("--signer needs the public key: --key PUBLIC")
        .code(2);
}

#[test]
fn the_command_is_a_word_of_its_own_on_every_verb() {
    for verb in ["encode", "refresh"] {
        for word in ["--signer=true", "--signer=./sign x"] {
            clocked(&[verb, word, "--key", "key.pub"])
                .file("key.pub", key("p256.spki.public.pem"))
                .error("--signer takes its value as the next word, not after '='")
                .hint("write --signer COMMAND as two words (an attached value is refused, since a token on the command line could contain it)")
                .code(2);
        }
    }
    // A password among the words of a command is not repeated.
    let output = clocked(&["refresh", "--signer", "hsm --pin 4711", "--leeway=1s"]).output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--signer COMMAND") && !said.contains("4711"), "{said}");
}

#[test]
fn a_command_signs_what_its_public_key_has_verified() {
    let made = clocked(&["encode", CLAIMS, "--key", "key.pem"])
        .file("key.pem", key("ed25519.pkcs8.private.pem"));
    let token = text(&made.output().stdout);
    let renewed = signature("ed25519", &signing_input("EdDSA"));
    let args = ["refresh", token.trim(), "--key", "key.pub", "--signer", "./sign", "--ttl", "1800"];
    let call =
        clocked(&args).env("PATH", "/usr/bin:/bin").file("key.pub", key("ed25519.spki.public.pem"));
    program(call, "sign", &printing(&renewed)).stdout(&token).code(0);
    let verify = clocked(&["verify", token.trim(), "--key", "key.pub"]);
    verify.file("key.pub", key("ed25519.spki.public.pem")).stdout(PRINTED).code(0);
    // A token that is not genuine is not shown to the command.
    let forged = crate::harness::forged(token.trim());
    let args = ["refresh", &forged, "--key", "key.pub", "--signer", "./sign"];
    let call =
        clocked(&args).env("PATH", "/usr/bin:/bin").file("key.pub", key("ed25519.spki.public.pem"));
    let call = program(call, "sign", "touch was-run");
    assert_eq!(call.output().status.code(), Some(4));
    assert!(!call.path("was-run").exists());
}

#[test]
fn a_stream_runs_the_command_for_each_token_and_keeps_the_order() {
    let args = ["encode", "--batch", "-", "--threads", "4", "-q"];
    let lines: Vec<_> =
        (0..40).map(|count| format!("{{\"sub\":\"{}\"}}\n", "x".repeat(3 * count))).collect();
    let with_key = clocked(&[&args[..], &["--key", "key.pem"]].concat())
        .file("key.pem", key("rsa2048.pkcs8.private.pem"))
        .stdin(lines.concat());
    let rows = text(&with_key.output().stdout);
    // Each message has its own length, by which the script finds its signature.
    let mut call = clocked(&[&args[..], &["--key", "key.pub", "--signer", "./sign"]].concat())
        .env("PATH", "/usr/bin:/bin")
        .file("key.pub", key("rsa2048.spki.public.pem"))
        .stdin(lines.concat());
    for row in rows.lines() {
        let (message, signature) = row.rsplit_once('.').unwrap();
        call = call.file(&format!("of-{}", message.len()), signature);
    }
    program(call, "sign", "exec cat of-$(wc -c | tr -d ' ')").stdout(rows).code(0);
}
