//! Signing with a secret that is probably not the intended one is a warning, and a signature by the intended one is
//! explained. Each hint is applied, after which there is no warning.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{
    CLAIMS, Call, HEADER, PRINTED, SECRET, base64url, clocked, line, signed_with, text,
};

/// Claims that `encode` makes with these flags, and nothing else.
const MADE: &str = r#"{"exp":1700001800}"#;

const GHOST_ID: &str = "6489d1b9c1a2b3d4e5f60718";

/// Signs with a secret in a variable, with these flags.
fn encode(secret: &str, flags: &[&str]) -> Call {
    clocked(&[&["encode", "--no-iat", "--secret-env", "S"], flags].concat()).env("S", secret)
}

/// The call signs with the text as it is, with a warning.
#[track_caller]
fn warns(call: Call, origin: &str, secret: impl AsRef<[u8]>, what: &str, hint: &str) {
    call.stdout(line(&signed_with(secret.as_ref(), HEADER, MADE)))
        .warning(&format!("the secret ({origin}) {what}, and was used as it is"))
        .hint(hint)
        .code(0);
}

/// The secret signs without a warning.
#[track_caller]
fn signs(secret: &str, flags: &[&str], bytes: impl AsRef<[u8]>) {
    let made = line(&signed_with(bytes.as_ref(), HEADER, MADE));
    encode(secret, flags).stdout(made).code(0);
}

const QUOTED: &str = "has quotes around it";
const TAKE_QUOTES: &str = "remove the quotes and everything outside them from";

/// What stands before and behind a secret.
type Around = &'static [(&'static str, &'static str)];

/// What the warning and the hint say, and what is then around the secret.
const AROUND: [(&str, &str, Around); 7] = [
    (
        QUOTED,
        "remove the quotes and everything outside them from S",
        &[("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201c}", "\u{201d}"), (" \"", "\"\n")],
    ),
    (
        "has white space around it",
        "remove it from S",
        &[(" ", ""), ("", " "), ("", "\t\n"), ("\n", ""), ("", "\n\n"), ("\u{a0}", "\u{200b}")],
    ),
    ("ends in a line break", "remove it from S", &[("", "\n"), ("", "\r\n")]),
    ("begins with a byte order mark", "remove it from S", &[("\u{feff}", "")]),
    (
        "has NAME= before it",
        "remove NAME= from S",
        &[("JWT_SECRET=", ""), ("export JWT_SECRET=\"", "\"\n"), ("jwt.secret = ", "")],
    ),
    (
        "is a JSON object",
        "pass it with --key-env NAME or --key PATH, which take its \"key\"",
        &[("{\"type\":\"HS256\",\"key\":\"", "\"}")],
    ),
    (
        "is a JSON object",
        "give only its \"JWT_SECRET\", as jq -r .JWT_SECRET prints it",
        &[("{\"user\":\"me\", \"JWT_SECRET\": \"", "\"}\n")],
    ),
];

/// The secret with each of these around it, what the warning says, and the hint.
fn mangled() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let each = |(before, behind): &(&str, &str)| format!("{before}{SECRET}{behind}");
    AROUND.iter().flat_map(move |(what, hint, around)| {
        around.iter().map(move |pair| (each(pair), *what, *hint))
    })
}

#[test]
fn signing_with_something_around_the_secret_is_a_warning() {
    for (secret, what, hint) in mangled() {
        warns(encode(&secret, &[]), "S", &secret, what, hint);
        let said = encode(&secret, &["-q"]).output();
        assert_eq!((said.status.code(), text(&said.stderr)), (Some(0), String::new()));
    }
    signs(SECRET, &[], SECRET);
}

#[test]
fn a_signature_without_what_is_around_the_secret_is_explained() {
    for (secret, _, hint) in mangled() {
        let token = signed_with(SECRET.as_bytes(), HEADER, CLAIMS);
        let output = clocked(&["verify", &token, "--secret-env", "S"]).env("S", &secret).output();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{secret:?}");
        assert!(stderr.ends_with(&format!("\nhint: {hint}\n")), "{secret:?}: {stderr}");
        assert!(!stderr.contains(&SECRET[..8]), "{stderr}");
    }
}

#[test]
fn a_secret_of_each_source_is_looked_at_as_it_is_used() {
    let quoted = format!("'{SECRET}'");
    let file =
        |content: &str| clocked(&["encode", "--no-iat", "--secret-file", "s"]).file("s", content);
    for (origin, call) in [
        ("--secret", clocked(&["encode", "--no-iat", "-S", &quoted])),
        (
            "JWTCTL_SECRET",
            clocked(&["encode", "--no-iat", "--exp", "+30m"]).env("JWTCTL_SECRET", &quoted),
        ),
        ("s", file(&line(&quoted))),
        (
            "--secret-file - (standard input)",
            clocked(&["encode", "--no-iat", "--secret-file", "-"]).stdin(&quoted),
        ),
    ] {
        warns(call, origin, &quoted, QUOTED, &format!("{TAKE_QUOTES} {origin}"));
    }
    let broken = line(SECRET);
    warns(file(&line(&broken)), "s", &broken, "ends in a line break", "remove it from s");
    // A file's final line break is not part of its text, and `raw` asks for a file's bytes as they are: no
    // warning.
    let made = line(&signed_with(SECRET.as_bytes(), HEADER, MADE));
    file(&format!("\u{feff}{SECRET}\r\n")).stdout(made).code(0);
    clocked(&["encode", "--no-iat", "--secret-file", "s", "--secret-format", "raw"])
        .file("s", &broken)
        .stdout(line(&signed_with(broken.as_bytes(), HEADER, MADE)))
        .code(0);
}

#[test]
fn refresh_warns_of_the_secret_that_signs() {
    let token = signed_with(SECRET.as_bytes(), HEADER, MADE);
    let quoted = format!("\"{SECRET}\"");
    let refresh = |flags: &[&str]| {
        clocked(&[&["refresh", token.as_str(), "--ttl", "30m"], flags].concat())
            .env("JWTCTL_SECRET", SECRET)
            .env("NEW", &quoted)
    };
    let hint = &format!("{TAKE_QUOTES} NEW");
    warns(refresh(&["--sign-secret-env", "NEW"]), "NEW", &quoted, QUOTED, hint);
    refresh(&[]).stdout(line(&token)).code(0);
    let same = clocked(&["refresh", "--ttl", "30m", "--secret-env", "NEW"])
        .env("NEW", &quoted)
        .stdin(signed_with(quoted.as_bytes(), HEADER, MADE));
    warns(same, "NEW", &quoted, QUOTED, hint);
    // Verifying says nothing of it.
    clocked(&["verify", "--compact", "--secret-env", "NEW"])
        .env("NEW", &quoted)
        .stdin(signed_with(quoted.as_bytes(), HEADER, MADE))
        .stdout(line(MADE))
        .code(0);
}

#[test]
fn a_stream_warns_once() {
    let quoted = format!("\"{SECRET}\"");
    let made = line(&signed_with(quoted.as_bytes(), HEADER, MADE));
    encode(&quoted, &["--batch"])
        .stdin("{}\n{}\n{}\n")
        .stdout(made.repeat(3))
        .warning(&format!("the secret (S) {QUOTED}, and was used as it is"))
        .hint(&format!("{TAKE_QUOTES} S"))
        .summary("3 lines: 3 ok")
        .code(0);
}

#[test]
fn a_secret_that_names_an_existing_file_is_a_warning() {
    let name = format!("{}.txt", "a-name-of-over-32-bytes/".replace('/', "-").repeat(2));
    for given in [format!("@{name}"), format!("./{name}"), format!("@./{name}")] {
        let path = given.trim_start_matches('@');
        let hint = format!("to use the content of the file: --secret-file {path}");
        let call = clocked(&["encode", "--no-iat", "-S", &given]).file(&name, SECRET);
        warns(call, "--secret", &given, "is the name of a file", &hint);
        let token = signed_with(SECRET.as_bytes(), HEADER, CLAIMS);
        clocked(&["verify", &token, "-S", &given])
            .file(&name, SECRET)
            .error("the signature does not match: checked as HS256 with the HMAC secret (--secret)")
            .evidence("the secret (--secret) is the name of a file")
            .hint(&hint)
            .code(4);
        // As the hint says.
        clocked(&["verify", &token, "--secret-file", path])
            .file(&name, SECRET)
            .stdout(PRINTED)
            .code(0);
        // The name of a file that does not exist is an ordinary secret.
        signs(&given, &[], &given);
    }
}

#[test]
fn a_variable_or_placeholder_as_a_secret_is_a_warning() {
    let shell = "looks like a variable that the shell did not expand";
    let quotes = "single quotes keep the shell from expanding it: put it in double quotes";
    let long = "THE_SECRET_OF_MY_SERVICE_THAT_SIGNS";
    for given in [
        format!("${long}"),
        format!("${{{long}}}"),
        format!("%{long}%"),
        format!("$env:{long}"),
        format!("$(cat /run/secrets/{long})"),
    ] {
        warns(encode(&given, &[]), "S", &given, shell, quotes);
    }
    let file =
        clocked(&["encode", "--no-iat", "--secret-file", "s"]).file("s", format!("${{{long}}}\n"));
    let what = "looks like a variable that was not expanded";
    warns(file, "s", format!("${{{long}}}"), what, "replace it with the variable's value");
    for given in ["<your secret of at least 32 bytes>", "{{ the_secret_of_my_service_that_signs }}"]
    {
        let what = "is a placeholder in brackets";
        warns(encode(given, &[]), "S", given, what, "replace it with the secret");
    }
}

#[test]
fn the_key_of_a_ghost_admin_api_is_an_id_and_a_secret() {
    let given = format!("{GHOST_ID}:{SECRET}");
    let bytes = base16ct::lower::decode_vec(SECRET).unwrap();
    let hint = "remove the ID and its colon from S; use --secret-format hex";
    let what = "has an ID and a colon before it, like the keys of Ghost's Admin API";
    for given in [&given, &format!("id:{SECRET}")] {
        warns(encode(given, &[]), "S", given, what, &format!("{hint}; give the ID with --kid"));
    }
    let verify = |flags: &[&str], secret: &str| {
        let token = signed_with(&bytes, HEADER, CLAIMS);
        clocked(&[&["verify", &token, "--secret-env", "S"], flags].concat()).env("S", secret)
    };
    verify(&[], &given)
        .error("the signature does not match: checked as HS256 with the HMAC secret (S)")
        .evidence("the secret matches without the ID before it, decoded from hexadecimal")
        .hint(hint)
        .code(4);
    verify(&["--secret-format", "hex"], &given)
        .error("the secret of S is not hex")
        .hint("remove the ID and its colon from it; if the signer took the text as it is: --secret-format text")
        .code(7);
    // As the hints say.
    let (id, secret) = given.split_once(':').unwrap();
    verify(&["--secret-format", "hex"], secret).stdout(PRINTED).code(0);
    let header = format!(r#"{{"alg":"HS256","typ":"JWT","kid":"{id}"}}"#);
    let made = line(&signed_with(&bytes, &header, MADE));
    encode(secret, &["--secret-format", "hex", "--kid", id]).stdout(made).code(0);
}

#[test]
fn a_prefix_tells_the_format_of_the_digits_behind_it() {
    let what = "has a prefix that names its format";
    let hex = format!("0x{SECRET}");
    for (given, digits, format, bytes) in [
        (
            format!("base64:{}", STANDARD.encode(SECRET)),
            STANDARD.encode(SECRET),
            "base64",
            SECRET.into(),
        ),
        (hex, SECRET.to_owned(), "hex", base16ct::lower::decode_vec(SECRET).unwrap()),
    ] {
        let hint = format!("remove it from S; use --secret-format {format}");
        warns(encode(&given, &[]), "S", &given, what, &hint);
        signs(&digits, &["--secret-format", format], bytes);
    }
}

#[test]
fn an_intended_secret_causes_no_warning() {
    for secret in [
        "correct horse battery staple, and more",
        "it's \"quoted\" inside, and not around it",
        "\"only one quote, and over 32 bytes long",
        "$ecret-of-mine-that-is-over-32-bytes",
        "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92",
        "a=b=c, which is a secret of over 32 bytes",
        "me:password-of-mine-that-is-over-32-bytes",
        "@mention-of-somebody-who-is-over-32-bytes",
        "/no/such/path/that/is/longer/than/32/bytes",
        "<b>bold</b> and over 32 bytes long, truly",
        "{not JSON, and a secret of over 32 bytes}",
        "Ab3=Ab3=Ab3=Ab3=Ab3=Ab3=Ab3=Ab3=Ab3=Ab3=",
        "0xyz is no number, and this is over 32 long",
    ] {
        signs(secret, &[], secret);
    }
    for length in 32..60 {
        let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(37) ^ length).collect();
        for secret in [STANDARD.encode(&bytes), base64url(&bytes)] {
            signs(&secret, &[], &secret);
        }
    }
}
