//! What is refused as an HMAC secret: empty secrets in each form, and other keys in every encoding.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::harness::{
    CLAIMS, Call, ED25519, HEADER, P256, SECRET, clocked, jwk, jwtctl, key, signed_with, text,
};

const EMPTY: &str = "with an empty key anyone could sign, so it is never used";
const AS_KEY: &str = "used as a secret, a public key would let anyone sign; keys of any form go to --key or \
                      --key-env";

/// Verifies, with these flags, a token that was signed with these bytes.
fn verify(secret: impl AsRef<[u8]>, flags: &[&str]) -> Call {
    let token = signed_with(secret.as_ref(), HEADER, CLAIMS);
    clocked(&[&["verify", token.as_str()], flags].concat())
}

#[test]
fn an_empty_secret_is_never_used() {
    // A token that an empty secret would verify.
    let empty = |flags: &[&str]| verify("", flags);
    for flags in [
        &["-S", ""][..],
        &["-S", "", "--secret-format", "raw"],
        &["-S", "", "--secret-format", "base64"],
        &["-S", " ", "--secret-format", "hex"],
    ] {
        empty(flags).error("--secret is empty").hint(EMPTY).code(7);
    }
    empty(&[]).env("JWTCTL_SECRET", "").error("JWTCTL_SECRET is empty").hint(EMPTY).code(7);
    empty(&["--secret-env", "MINE"]).env("MINE", "").error("MINE is empty").hint(EMPTY).code(7);
    for file in ["", "\n"] {
        empty(&["--secret-file", "s"]).file("s", file).error("s is empty").hint(EMPTY).code(7);
    }
    empty(&["--secret-file", "-"])
        .error("--secret-file - (standard input) is empty")
        .hint(EMPTY)
        .code(7);
    jwtctl(&["encode", "{}", "-S", ""]).error("--secret is empty").hint(EMPTY).code(7);
}

#[test]
fn key_material_is_never_a_secret() {
    let pem = String::from_utf8(key("p256.spki.public.pem")).unwrap();
    let jwk = r#" {"kty":"oct","k":"AAAA"}"#;
    for (material, found) in [
        (pem.as_str(), "a key or certificate in PEM"),
        (jwk, "a JSON Web Key"),
        (r#"{"keys":[]}"#, "a JSON Web Key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me", "an OpenSSH key"),
    ] {
        let error = |origin: &str| format!("{origin} holds {found}, not an HMAC secret");
        // A token that was forged with that text as the secret.
        let forged = |flags: &[&str]| verify(material, flags);
        forged(&["-S", material]).error(&error("--secret")).hint(AS_KEY).code(7);
        forged(&[])
            .env("JWTCTL_SECRET", material)
            .error(&error("JWTCTL_SECRET"))
            .hint(AS_KEY)
            .code(7);
        for format in ["text", "raw"] {
            forged(&["--secret-file", "f", "--secret-format", format])
                .file("f", material)
                .error(&error("f"))
                .hint(AS_KEY)
                .code(7);
        }
        clocked(&["encode", "{}", "--secret-file", "f"])
            .file("f", material)
            .error(&error("f"))
            .hint(AS_KEY)
            .code(7);
    }
    for der in ["p256.pkcs8.private.der", "p256.spki.public.der"] {
        verify(key(der), &["--secret-file", "f", "--secret-format", "raw"])
            .file("f", key(der))
            .error("f holds a key or certificate in DER, not an HMAC secret")
            .hint(AS_KEY)
            .code(7);
    }
}

#[test]
fn a_jwk_that_repeats_a_member_is_still_no_secret() {
    let jwk =
        r#"{"kty":"oct","kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    verify(jwk, &["-S", jwk])
        .error("--secret holds a JSON Web Key, not an HMAC secret")
        .hint(AS_KEY)
        .code(7);
}

#[test]
fn a_secret_of_nul_bytes_is_the_empty_secret() {
    // HMAC pads its secret with zero bytes (RFC 2104 section 2).
    let same = signed_with(b"", HEADER, CLAIMS);
    assert_eq!(signed_with(&[0; 48], HEADER, CLAIMS), same);
    for (file, format, nothing) in [
        (&[0; 48][..], "raw", "48 zero bytes"),
        (&[0; 48], "text", "48 zero bytes"),
        (b"\0", "raw", "1 zero byte"),
        (&[0; 64], "raw", "64 zero bytes"),
        (b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "base64", "32 zero bytes"),
        (
            b"0000000000000000000000000000000000000000000000000000000000000000",
            "hex",
            "32 zero bytes",
        ),
    ] {
        verify("", &["--secret-file", "s", "--secret-format", format])
            .file("s", file)
            .error(&format!("s contains only {nothing}"))
            .hint("HMAC pads keys with zeros, so this is the empty secret (RFC 2104 section 2); make a new one: jwtctl key new --alg HS256")
            .code(7);
    }
}

#[test]
fn white_space_alone_is_not_a_secret() {
    for secret in [" ", "\n\n", " \t\r\n", "                                        "] {
        // The editor's line break does not count, of a file.
        let blank = |secret: &str| match secret.len() {
            1 => "contains only white space (1 byte)".to_owned(),
            length => format!("contains only white space ({length} bytes)"),
        };
        let hint = "was it meant to be filled in? With an empty key anyone could sign, so it is never used";
        verify(secret, &["-S", secret])
            .error(&format!("--secret {}", blank(secret)))
            .hint(hint)
            .code(7);
        verify(secret, &[])
            .env("JWTCTL_SECRET", secret)
            .error(&format!("JWTCTL_SECRET {}", blank(secret)))
            .hint(hint)
            .code(7);
        let line = secret.strip_suffix("\n").unwrap_or(secret);
        let line = line.strip_suffix("\r").filter(|_| line.len() < secret.len()).unwrap_or(line);
        for (format, read) in [("text", line), ("raw", secret)] {
            let (error, hint) = match read {
                "\n" => ("is empty".to_owned(), EMPTY),
                read => (blank(read), hint),
            };
            verify(secret, &["--secret-file", "s", "--secret-format", format])
                .file("s", secret)
                .error(&format!("s {error}"))
                .hint(hint)
                .code(7);
        }
    }
}

/// The same public key, or a JWK, in the spellings that a verifier may have at hand.
fn spellings() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let der = key("p256.spki.public.der");
    let pem = String::from_utf8(key("p256.spki.public.pem")).unwrap();
    let jwk = r#"{"kty":"oct","k":"AAAA"}"#;
    let le: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = pem.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (in_pem, in_der, json) =
        ("a key or certificate in PEM", "a key or certificate in DER", "a JSON Web Key");
    vec![
        ("base64 of DER on one line", in_der, STANDARD.encode(&der).into()),
        ("base64url of DER", in_der, URL_SAFE_NO_PAD.encode(&der).into()),
        ("hex of DER", in_der, base16ct::lower::encode_string(&der).into()),
        ("DER and a newline", in_der, [&der[..], b"\n"].concat()),
        ("base64 of a PEM", in_pem, STANDARD.encode(&pem).into()),
        ("lower case", in_pem, pem.to_lowercase().into()),
        ("four dashes", in_pem, pem.replace("-----", "----").into()),
        ("UTF-16", in_pem, le.clone()),
        ("UTF-16 with a BOM", in_pem, [&b"\xff\xfe"[..], &le].concat()),
        ("UTF-16, big end first", in_pem, [&b"\xfe\xff"[..], &be].concat()),
        ("JWK with a BOM", json, format!("\u{feff}{jwk}").into()),
        ("JWK in an array", json, format!("[{jwk}]").into()),
        ("JWK with a trailing comma", json, jwk.replace('}', ",}").into()),
        ("base64 of a JWK", json, STANDARD.encode(jwk).into()),
    ]
}

#[test]
fn a_key_in_another_spelling_is_not_a_secret() {
    for (spelling, found, bytes) in spellings() {
        let error = |origin: &str| format!("{origin} holds {found}, not an HMAC secret");
        for format in ["raw", "text", "base64", "hex"] {
            println!("{spelling} as {format}");
            verify(&bytes, &["--secret-file", "f", "--secret-format", format])
                .file("f", &bytes)
                .error(&error("f"))
                .hint(AS_KEY)
                .code(7);
        }
        // What is no text comes by file alone; nor can a variable hold a NUL.
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        if text.contains('\0') {
            continue;
        }
        println!("{spelling} by flag and variable");
        verify(&bytes, &["-S", text]).error(&error("--secret")).hint(AS_KEY).code(7);
        let variable = "JWTCTL_SECRET";
        verify(&bytes, &[]).env(variable, text).error(&error(variable)).hint(AS_KEY).code(7);
    }
}

/// A secret file of these bytes is refused, as text and as they are, by name and in a JWK.
#[track_caller]
fn refused(spelling: &str, bytes: &[u8]) {
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(bytes));
    for flags in [
        &["--secret-file", "f"][..],
        &["--secret-file", "f", "--secret-format", "raw"],
        &["--key", "k"],
    ] {
        if flags.len() == 2 && flags[0] == "--secret-file" && std::str::from_utf8(bytes).is_err() {
            continue;
        }
        let output = verify(bytes, flags).file("f", bytes).file("k", &jwk).output();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let is_said = stderr.contains(" holds ") && stderr.contains(", not an HMAC secret\n");
        let seen = (stdout.as_str(), is_said, output.status.code());
        assert_eq!(seen, ("", true, Some(7)), "{spelling} {flags:?}: {stderr}");
    }
}

/// Pairs of hexadecimal digits, joined.
fn hex(bytes: &[u8], separator: &str) -> String {
    let pairs: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(separator)
}

/// Each piece, as it is spelled.
fn each<T>(pieces: impl IntoIterator<Item = T>, spell: impl Fn(T) -> String) -> String {
    pieces.into_iter().map(spell).collect::<Vec<_>>().concat()
}

/// Digits in lines, as programs print them.
fn in_lines(digits: &str, length: usize, indent: &str) -> String {
    each(digits.as_bytes().chunks(length), |line| format!("{indent}{}\n", text(line)))
}

/// The DER of the block in a PEM.
fn der(name: &str) -> Vec<u8> {
    let pem = text(&key(name));
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).unwrap()
}

const PUBLIC: [&str; 6] = [
    "rsa2048.spki.public.pem",
    "rsa2048.pkcs1.public.pem",
    "p256.spki.public.pem",
    "p521.spki.public.pem",
    "ed25519.spki.public.pem",
    "p256.certificate.pem",
];

#[test]
fn the_der_of_a_public_key_is_not_a_secret_in_any_digits() {
    for name in PUBLIC {
        let der = der(name);
        let (base64, digits) = (STANDARD.encode(&der), hex(&der, ""));
        let decimal: Vec<_> = der.iter().map(u8::to_string).collect();
        for (spelling, spelled) in [
            ("colon-hex", hex(&der, ":")),
            ("upper-case colon-hex", hex(&der, ":").to_uppercase()),
            ("hex with spaces", hex(&der, " ")),
            ("hex in lines", in_lines(&hex(&der, ":"), 45, "    ")),
            ("hex with 0x", format!("0x{digits}")),
            ("hex as in C", format!("{{ {} }};", each(&der, |b| format!("0x{b:02x}, ")))),
            ("hex as in Python", format!("b'{}'", each(&der, |b| format!("\\x{b:02x}")))),
            ("hex with a label", format!("key = {digits}")),
            ("hex of the text", hex(base64.as_bytes(), "")),
            ("a buffer in JSON", format!(r#"{{"type":"Buffer","data":[{}]}}"#, decimal.join(","))),
            ("a list", format!("[{}]", decimal.join(", "))),
            ("a list without brackets", decimal.join(" ")),
            ("a slice of Go", format!("[]byte{{{}}}", decimal.join(", "))),
            (
                "signed bytes",
                format!("{:?}", der.iter().map(|b| b.cast_signed()).collect::<Vec<_>>()),
            ),
            ("octal escapes", each(&der, |b| format!("\\{b:03o}"))),
            ("hex between bars", hex(&der, "|")),
            ("base64", base64.clone()),
            ("base64 in quotes", format!("\"{base64}\"")),
            ("base64 in lines", in_lines(&base64, 64, "")),
            ("base64 in YAML", format!("key: |\n{}", in_lines(&base64, 64, "  "))),
            ("base64 with spaces", in_lines(&base64, 8, "").replace('\n', " ")),
            ("base64 with written line breaks", in_lines(&base64, 64, "").replace('\n', "\\n")),
            ("base64url", URL_SAFE_NO_PAD.encode(&der)),
            (
                "base64 in percent-encoding",
                base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
            ),
            (
                "base64 in HTML",
                base64.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&equals;"),
            ),
            ("base64 in JSON in JSON", format!(r#"{{"data":"{{\"key\":\"{base64}\"}}"}}"#)),
            ("base64 twice", STANDARD.encode(&base64)),
            ("base64 in percent-encoding, twice", STANDARD.encode(base64.replace('=', "%3D"))),
            ("base64 in a data URL", format!("data:application/octet-stream;base64,{base64}")),
            (
                "base64 in XML",
                format!(
                    "<ds:X509Certificate>\n{}</ds:X509Certificate>",
                    in_lines(&base64, 76, "    ")
                ),
            ),
            ("base64 in a JWK's chain", format!(r#"{{"x5c":["{base64}"]}}"#)),
        ] {
            refused(&format!("{name}: {spelling}"), spelled.as_bytes());
        }
        if !name.contains("pkcs1") {
            refused(&format!("{name}: cut"), &der[..der.len() - 5]);
        }
        refused(&format!("{name}: among other bytes"), &[b"key: ", &der[..], b"\n"].concat());
    }
}

#[test]
fn the_pem_of_a_public_key_is_not_a_secret_however_it_was_pasted() {
    for name in PUBLIC {
        let pem = text(&key(name));
        let html = each(pem.chars(), |c| format!("&#{};", u32::from(c)));
        let percent = each(pem.bytes(), |byte| format!("%{byte:02X}"));
        for (spelling, spelled) in [
            ("without dashes", pem.replace('-', "")),
            ("without dashes and line breaks", pem.replace(['-', '\n'], "")),
            ("in underscores", pem.replace(['-', ' '], "_")),
            ("in lower case without dashes", pem.replace('-', "").to_lowercase()),
            ("in a form", pem.replace('-', "").replace(' ', "+")),
            ("in HTML", html),
            ("in percent-encoding", percent),
            ("its last line", pem.lines().last().unwrap().replace('-', "")),
            ("with written line breaks", pem.replace('\n', "\\n").replace('-', "\\u002d")),
            ("in base64 with a label", format!("tls.crt: {}", STANDARD.encode(&pem))),
            ("in base64 in lines", in_lines(&STANDARD.encode(&pem), 76, "  ")),
            ("in quoted mail", each(pem.replace('-', "").lines(), |line| format!("> {line}\n"))),
        ] {
            refused(&format!("{name}: {spelling}"), spelled.as_bytes());
        }
    }
}

#[test]
fn a_jwk_is_not_a_secret_however_it_was_pasted() {
    let rsa = der("rsa2048.pkcs1.public.pem");
    let n = URL_SAFE_NO_PAD.encode(&rsa[rsa.len() - 5 - 256..rsa.len() - 5]);
    let modulus = format!(r#"{{"e":"AQAB","n":"{n}"}}"#);
    let mut jwks = vec![modulus, format!(r#"{{"kty":"RSA","e":"AQAB","n":"{n}"}}"#)];
    jwks.extend([P256, ED25519].map(|members| jwk(&[members])));
    jwks.extend([P256, ED25519].map(|members| jwk(&[members.split_once(',').unwrap().1])));
    let x = ED25519.rsplit_once(',').unwrap().1;
    jwks.push(format!(r#"{{{x},"alg":"EdDSA"}}"#));
    jwks.push(jwk(&[P256.splitn(3, ',').nth(2).unwrap()]));
    jwks.push(r#"{"k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ","alg":"HS256"}"#.to_owned());
    jwks.push(r#"{"x5c":["MIIB"]}"#.to_owned());
    for jwk in jwks {
        for (spelling, spelled) in [
            ("as it is", jwk.clone()),
            ("in a set", format!(r#"{{"keys":[{jwk}]}}"#)),
            ("one level down", format!(r#"{{"data":{{"jwks":[{jwk}]}}}}"#)),
            ("in single quotes", jwk.replace('"', "'")),
            ("in typographic quotes", jwk.replace('"', "\u{201d}")),
            ("in capital letters", jwk.to_uppercase()),
            ("between single quotes", format!("'{jwk}'")),
            ("as a string of JSON", format!("\"{}\"", jwk.replace('"', "\\\""))),
            ("in HTML", jwk.replace('"', "&quot;")),
            (
                "in percent-encoding",
                jwk.replace('"', "%22").replace(':', "%3A").replace('{', "%7B"),
            ),
            ("without its brace", jwk.replace('}', "")),
            ("with a comment", format!("// mine\n{jwk}")),
            ("as in Ruby", jwk.replace(':', " => ")),
            ("in base64", STANDARD.encode(&jwk)),
        ] {
            refused(&format!("{jwk} {spelling}"), spelled.as_bytes());
        }
        // As YAML and JavaScript write it; "x5c" and "k" are words like others then.
        if !jwk.contains("x5c") {
            refused(&format!("{jwk} without quotes"), jwk.replace('"', "").as_bytes());
            let yaml = jwk.replace(['"', '{', '}'], "").replace(':', ": ").replace(',', "\n");
            refused(&format!("{jwk} in YAML"), yaml.as_bytes());
        }
    }
}

#[test]
fn what_openssl_and_others_print_of_a_public_key_is_not_a_secret() {
    let rsa = der("rsa2048.pkcs1.public.pem");
    let modulus = &rsa[rsa.len() - 5 - 256..rsa.len() - 5];
    let printed = in_lines(&format!("00:{}", hex(modulus, ":")), 45, "    ");
    let base64 = STANDARD.encode(modulus);
    let ed25519 = der("ed25519.spki.public.pem");
    let pub32 = in_lines(&hex(&ed25519[ed25519.len() - 32..], ":"), 45, "    ");
    let ssh = text(&key("ed25519.openssh.public.txt"));
    let blob = ssh.split(' ').nth(1).unwrap();
    for (spelling, spelled) in [
        ("-modulus", format!("Modulus={}", hex(modulus, "").to_uppercase())),
        ("modulus:", format!("modulus: 0x{}", hex(modulus, ""))),
        (
            "-text",
            format!("Public-Key: (2048 bit)\nModulus:\n{printed}Exponent: 65537 (0x10001)\n"),
        ),
        ("old -text", format!("Modulus (2048 bit):\n{printed}Exponent: 65537 (0x10001)\n")),
        (
            "XML",
            format!(
                "<RSAKeyValue><Modulus>{base64}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"
            ),
        ),
        ("escaped XML", format!("&lt;RSAKeyValue&gt;&lt;Modulus&gt;{base64}&lt;/Modulus&gt;")),
        ("-text of Ed25519", format!("ED25519 Public-Key:\npub:\n{pub32}")),
        (
            "SSH2",
            format!(
                "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"me\"\n{}---- END SSH2 PUBLIC KEY ----",
                in_lines(blob, 70, "")
            ),
        ),
        ("SSH2 without dashes", format!("BEGIN SSH2 PUBLIC KEY\n{}", in_lines(blob, 70, ""))),
        (
            "PuTTY",
            format!(
                "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\nPublic-Lines: 2\n{}Private-Lines: 1\n",
                in_lines(blob, 64, "")
            ),
        ),
        ("an option before it", format!("command=\"ls\",no-pty {ssh}")),
        ("base64 of it alone", blob.to_owned()),
        ("JSON of it", format!(r#"{{"ssh":"{blob}"}}"#)),
        ("PGP", "BEGIN PGP PUBLIC KEY BLOCK\n\nmDMEZ".to_owned()),
    ] {
        refused(spelling, spelled.as_bytes());
    }
}

#[test]
fn a_point_of_a_curve_is_not_a_secret() {
    let found = "a point of an elliptic curve";
    for (name, length) in [("p256", 65), ("p384", 97), ("p521", 133)] {
        let der = der(&format!("{name}.spki.public.pem"));
        let point = &der[der.len() - length..];
        let printed = in_lines(&hex(point, ":"), 45, "    ");
        for (format, spelled) in [
            ("raw", point.to_vec()),
            ("text", hex(point, "").into()),
            ("text", hex(point, ":").to_uppercase().into()),
            ("text", format!("0x{}", hex(point, "")).into()),
            ("text", STANDARD.encode(point).into()),
            ("base64", URL_SAFE_NO_PAD.encode(point).into()),
            ("hex", in_lines(&hex(point, ""), 64, "").into()),
        ] {
            for verb in [&["verify"][..], &["encode", "{}"]] {
                let key = ["--secret-file", "f", "--secret-format", format];
                clocked(&[verb, &key].concat())
                    .stdin(signed_with(point, HEADER, CLAIMS))
                    .file("f", &spelled)
                    .error(&format!("f holds {found}, not an HMAC secret"))
                    .hint(AS_KEY)
                    .code(7);
            }
        }
        let text = format!("Public-Key: (256 bit)\npub:\n{printed}ASN1 OID: prime256v1\n");
        refused(name, text.as_bytes());
        // As many bytes that are no point are a secret.
        let mut other = point.to_vec();
        other[40] ^= 1;
        verify(&other, &["-q", "--secret-file", "f", "--secret-format", "raw"])
            .file("f", &other)
            .code(0);
        let digits = hex(&other, "");
        verify(&digits, &["-q", "-S", &digits]).code(0);
    }
}

#[test]
fn a_secret_made_by_a_machine_is_not_taken_for_a_key() {
    let bytes = SECRET.as_bytes();
    for (format, written) in [
        ("text", SECRET.to_owned()),
        ("text", STANDARD.encode(bytes)),
        ("base64", STANDARD.encode(bytes)),
        ("base64", URL_SAFE_NO_PAD.encode(bytes)),
        ("hex", base16ct::lower::encode_string(bytes)),
    ] {
        let secret = if format == "text" { written.as_bytes() } else { bytes };
        verify(secret, &["-q", "-S", &written, "--secret-format", format]).code(0);
    }
}
