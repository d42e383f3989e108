//! The verbs of `key` for existing keys: show, public, convert, thumbprint, set.

use serde_json::Value;

use crate::fingerprints::rows_of;
use crate::harness::{
    Call, ED25519, ED25519_D, P256, P256_D, SECRET, base64url, jwk, jwks, jwtctl, key, line, text,
};

const P256_THUMBPRINT: &str = "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk";
const ED25519_THUMBPRINT: &str = "UZwoUfTul-6ICCr6OvdG76C3RNQFzap8l0AeEPbUI80";
const RSA2048_THUMBPRINT: &str = "Mo7CF5nMzc5p-1UXc8X2fc9-G_Mz4Z8fF8R7kc8Dxg0";
const KINDS: &str = "JWTs are signed with HMAC secrets, RSA, EC on P-256, P-384, P-521 or secp256k1, Ed25519, or ML-DSA";

/// A verb on a key of `tests/keys`.
fn on(verb: &[&str], name: &str) -> Call {
    let call = jwtctl(&[&["key"], verb, &[name]].concat()).key(name);
    call.env("JWTCTL_KEY_PASSWORD", "correct horse")
}

/// A verb on this text.
fn on_text(verb: &[&str], key: impl AsRef<[u8]>) -> Call {
    jwtctl(&[&["key"], verb, &["k"]].concat()).file("k", key)
}

/// What `show` says: its labels stand in one column. The other fingerprints follow the thumbprint.
fn shown(rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().flat_map(|(label, text)| match *label {
        "thumbprint" => rows_of(text),
        _ => vec![(*label, *text)],
    });
    let rows: Vec<_> = rows.map(|(label, text)| format!("{label:10}  {text}\n")).collect();
    rows.concat()
}

/// Each kind of file: what it is, how it is written, the algorithms it supports, its thumbprint.
const FILES: [(&str, &str, &str, &str, &str); 23] = [
    ("p256.pkcs8.private.pem", "P-256 private key", "PKCS#8 in PEM", "ES256", P256_THUMBPRINT),
    ("p256.pkcs8.private.der", "P-256 private key", "PKCS#8 in DER", "ES256", P256_THUMBPRINT),
    ("p256.sec1.private.pem", "P-256 private key", "SEC 1 in PEM", "ES256", P256_THUMBPRINT),
    (
        "p256.sec1-after-parameters.private.pem",
        "P-256 private key",
        "SEC 1 in PEM",
        "ES256",
        P256_THUMBPRINT,
    ),
    ("p256.spki.public.pem", "P-256 public key", "SPKI in PEM", "ES256", P256_THUMBPRINT),
    ("p256.spki.public.der", "P-256 public key", "SPKI in DER", "ES256", P256_THUMBPRINT),
    ("p256.openssh.private.pem", "P-256 private key", "OpenSSH", "ES256", P256_THUMBPRINT),
    ("p256.openssh.public.txt", "P-256 public key", "OpenSSH", "ES256", P256_THUMBPRINT),
    (
        "p256.certificate-and-private.pem",
        "P-256 private key",
        "PKCS#8 in PEM",
        "ES256",
        P256_THUMBPRINT,
    ),
    (
        "p256.encrypted.pkcs8.pem",
        "P-256 private key",
        "encrypted PKCS#8 in PEM",
        "ES256",
        P256_THUMBPRINT,
    ),
    (
        "p256.encrypted.pkcs8.der",
        "P-256 private key",
        "encrypted PKCS#8 in DER",
        "ES256",
        P256_THUMBPRINT,
    ),
    (
        "p384.pkcs8.private.pem",
        "P-384 private key",
        "PKCS#8 in PEM",
        "ES384",
        "EhJ6_nPX6xH1G_-epHmcXP5mu6UEKVd1pbVIVjrDAxs",
    ),
    (
        "p521.spki.public.pem",
        "P-521 public key",
        "SPKI in PEM",
        "ES512",
        "djfPWlz0z8mUkDYsnhGCNhxVmwVLofiXW42zLcND1Q4",
    ),
    (
        "secp256k1.pkcs8.private.pem",
        "secp256k1 private key",
        "PKCS#8 in PEM",
        "ES256K",
        "0JGnpnRCJ-AvM70L2zVhM9uszAaNNt00bAebUrOHlX4",
    ),
    (
        "ed25519.pkcs8.private.pem",
        "Ed25519 private key",
        "PKCS#8 in PEM",
        "EdDSA, Ed25519",
        ED25519_THUMBPRINT,
    ),
    (
        "ed25519.spki.public.pem",
        "Ed25519 public key",
        "SPKI in PEM",
        "EdDSA, Ed25519",
        ED25519_THUMBPRINT,
    ),
    (
        "ed25519.openssh-encrypted.private.pem",
        "Ed25519 private key",
        "OpenSSH, encrypted",
        "EdDSA, Ed25519",
        "JP72jRU_YV_BADZtFgb6JJZT3bdEwBRpbBrlq8XEZSs",
    ),
    ("rsa2048.pkcs1.private.pem", RSA_PRIVATE, "PKCS#1 in PEM", RSA, RSA2048_THUMBPRINT),
    ("rsa2048.pkcs1.public.pem", RSA_PUBLIC, "PKCS#1 in PEM", RSA, RSA2048_THUMBPRINT),
    ("rsa2048.pkcs8.private.pem", RSA_PRIVATE, "PKCS#8 in PEM", RSA, RSA2048_THUMBPRINT),
    ("rsa2048.spki.public.pem", RSA_PUBLIC, "SPKI in PEM", RSA, RSA2048_THUMBPRINT),
    ("rsa2048.private.jwk", RSA_PRIVATE, "JWK", RSA, RSA2048_THUMBPRINT),
    ("rsa2048.without-primes.private.jwk", RSA_PRIVATE, "JWK", RSA, RSA2048_THUMBPRINT),
];
const RSA_PRIVATE: &str = "RSA 2048-bit private key";
const RSA_PUBLIC: &str = "RSA 2048-bit public key";
const RSA: &str = "RS256, RS384, RS512, PS256, PS384, PS512";

#[test]
fn show_says_what_a_key_is() {
    for (name, kind, format, algorithms, thumbprint) in FILES {
        on(&["show"], name)
            .stdout(shown(&[
                ("kind", kind),
                ("format", format),
                ("algorithms", algorithms),
                ("thumbprint", thumbprint),
            ]))
            .code(0);
    }
}

#[test]
fn show_says_what_a_jwk_says_of_itself() {
    on(&["show"], "p256.private.jwk")
        .stdout(shown(&[
            ("kind", "P-256 private key"),
            ("format", "JWK"),
            ("algorithms", "ES256"),
            ("kid", "\"p256-1\""),
            ("thumbprint", P256_THUMBPRINT),
        ]))
        .code(0);
    let terms = r#""key_ops":["verify"],"use":"sig","alg":"Ed25519","kid":"\u0061""#;
    on_text(&["show"], jwk(&[ED25519, terms]))
        .stdout(shown(&[
            ("kind", "Ed25519 public key"),
            ("format", "JWK"),
            ("algorithms", "Ed25519"),
            ("kid", "\"a\""),
            ("alg", "\"Ed25519\""),
            ("use", "\"sig\""),
            ("key_ops", "[\"verify\"]"),
            ("thumbprint", ED25519_THUMBPRINT),
        ]))
        .code(0);
}

#[test]
fn show_says_whose_key_a_certificate_holds() {
    let output = on(&["show"], "p256.certificate.pem").output();
    let said = text(&output.stdout);
    let rows = shown(&[
        ("kind", "P-256 public key"),
        ("format", "X.509 certificate in PEM"),
        ("algorithms", "ES256"),
        ("thumbprint", P256_THUMBPRINT),
        ("subject", "CN=jwtctl"),
        ("issuer", "CN=jwtctl"),
    ]);
    assert!(said.starts_with(&rows), "{said}");
    // How long ago or ahead that is depends on the clock.
    assert!(said.contains("  2026-11-23 06:59:13 UTC, "), "{said}");
    assert!(said.contains("\nvalid to    2126-10-30 06:59:13 UTC, "), "{said}");
    assert_eq!((output.status.code(), output.stderr.len(), said.lines().count()), (Some(0), 0, 13));
}

#[test]
fn show_says_that_a_key_is_too_weak() {
    let name = "rsa1024.spki.public.pem";
    let output = on(&["show"], name).output();
    let said = text(&output.stdout);
    assert!(said.starts_with("kind        RSA 1024-bit public key\n"), "{said}");
    let weak = "an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)";
    assert!(said.contains(weak), "{said}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn show_never_prints_a_private_part() {
    for (name, ..) in FILES {
        for flags in [&["show"][..], &["show", "--json"], &["thumbprint", "--json"]] {
            let seen = text(&on(flags, name).output().stdout);
            assert!(!seen.contains("J3C4JTEkXhXjOD"), "{name}: {seen}");
            assert!(!seen.contains("PRIVATE"), "{name}: {seen}");
        }
    }
    for source in [&["-S", SECRET][..], &["--secret-env", "MINE"]] {
        let call = jwtctl(&[&["key", "show"], source].concat()).env("MINE", SECRET);
        let output = call.output();
        let seen = text(&[output.stdout, output.stderr].concat());
        assert!(!seen.contains("0123456789"), "{seen}");
        assert!(seen.contains("HMAC secret"), "{seen}");
    }
}

#[test]
fn show_says_of_each_key_of_a_set_what_it_is() {
    let set = jwks(&[
        jwk(&[P256, r#""kid":"a""#]),
        jwk(&[ED25519]),
        r#"{"kty":"XYZ","kid":"pq"}"#.to_owned(),
        r#"{"kty":"EC"}"#.to_owned(),
    ]);
    let cards = [
        "key \"a\"\n".to_owned()
            + &shown(&[
                ("kind", "P-256 public key"),
                ("algorithms", "ES256"),
                ("kid", "\"a\""),
                ("thumbprint", P256_THUMBPRINT),
            ]),
        "key 2\n".to_owned()
            + &shown(&[
                ("kind", "Ed25519 public key"),
                ("algorithms", "EdDSA, Ed25519"),
                ("thumbprint", ED25519_THUMBPRINT),
            ]),
        "key \"pq\"\n".to_owned() + &shown(&[("unusable", "it holds a JWK of the type \"XYZ\"")]),
        "key 4\n".to_owned()
            + &shown(&[("unusable", "it is not a usable JWK: its \"crv\" is missing")]),
    ];
    on_text(&["show"], set).stdout(cards.join("\n")).code(0);
}

#[test]
fn show_lets_no_key_file_write_to_the_terminal() {
    let set = jwks(&[
        jwk(&[P256, r#""kid":"\u001b[2J","alg":"\u0007","use":"\u009b31m""#]),
        r#"{"kty":"\u001b]0;x","kid":"\r\u202e"}"#.to_owned(),
    ]);
    let seen = text(&on_text(&["show"], set).output().stdout);
    let controls = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!seen.contains(controls), "{seen:?}");
}

#[test]
fn show_reports_as_json() {
    on(&["show", "--json", "--compact"], "p256.private.jwk")
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"keys":[{{"kind":"P-256 private key","private":true,"format":"JWK","encrypted":false,"algorithms":["ES256"],"encryption":["ECDH-ES","ECDH-ES+A128KW","ECDH-ES+A192KW","ECDH-ES+A256KW"],"kid":"p256-1","alg":null,"use":null,"key_ops":null,"thumbprint":"{P256_THUMBPRINT}","spki":"SHA256:BRgvcMY7LHGFAwvykaVLXAwLKoArsS6Ic3ggERK5rQc=","ssh":"SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM","libtrust":"AUMC:64GG:HMWH:DBID:BPZJ:DJKL:LQGA:WKUA:FOYS:5CDT:PAQB:CEVZ","certificate":null,"source":null,"problem":null}}],"output":null,"files":[],"problems":[],"warnings":[]}}"#
        )))
        .code(0);
    on(&["show", "--json", "--compact"], "p256.certificate.pem")
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"keys":[{{"kind":"P-256 public key","private":false,"format":"X.509 certificate in PEM","encrypted":false,"algorithms":["ES256"],"encryption":["ECDH-ES","ECDH-ES+A128KW","ECDH-ES+A192KW","ECDH-ES+A256KW"],"kid":null,"alg":null,"use":null,"key_ops":null,"thumbprint":"{P256_THUMBPRINT}","spki":"SHA256:BRgvcMY7LHGFAwvykaVLXAwLKoArsS6Ic3ggERK5rQc=","ssh":"SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM","libtrust":"AUMC:64GG:HMWH:DBID:BPZJ:DJKL:LQGA:WKUA:FOYS:5CDT:PAQB:CEVZ","certificate":{{"subject":"CN=jwtctl","issuer":"CN=jwtctl","not_before":"2026-11-23T06:59:13Z","not_after":"2126-10-30T06:59:13Z","x5t":"_jlO2SxJXDrZY55wb6q2CvHU0-A","x5t#S256":"-LGijgvR7Tt1y3fc_piNKyDWXff0QmX5VmtJKHRagyM"}},"source":null,"problem":null}}],"output":null,"files":[],"problems":[],"warnings":[]}}"#
        )))
        .code(0);
    on(&["show", "--json", "--compact"], "refused.dsa.pkcs8.pem")
        .stdout(line(&format!(
            r#"{{"ok":false,"status":"key","exit_code":7,"keys":[],"output":null,"files":[],"problems":[{{"code":"key-unsupported","message":"refused.dsa.pkcs8.pem holds a DSA key","hint":"{KINDS}"}}],"warnings":[]}}"#
        )))
        .code(7);
}

#[test]
fn public_writes_the_public_half_in_every_format() {
    for name in ["p256.pkcs8.private.pem", "p256.private.jwk", "p256.certificate.pem"] {
        let public = |format: &str| on(&["public", "--format", format], name);
        public("pem").stdout(key("p256.spki.public.pem")).code(0);
        public("der").stdout(key("p256.spki.public.der")).code(0);
        public("openssh").stdout(key("p256.openssh.public.txt")).code(0);
    }
    let kid = format!(r#""kid":"{P256_THUMBPRINT}""#);
    on(&["public", "--format", "jwk", "--compact"], "p256.pkcs8.private.pem")
        .stdout(line(&jwk(&[&P256.replacen(',', &format!(",{kid},"), 1)])))
        .code(0);
}

#[test]
fn public_of_a_jwk_is_a_jwk_and_of_all_else_a_pem() {
    on(&["public"], "p256.private.jwk")
        .stdout(
            "{\n  \"kty\": \"EC\",\n  \"kid\": \"p256-1\",\n  \"crv\": \"P-256\",\n  \
             \"x\": \"eOiRCpH3HQA2ynnFJqw5kiUNaJ8QI1yzAHQvGcU3gIM\",\n  \
             \"y\": \"c1XNm4-aFe1_DVoh0NbulPDAWhm3Mr3_B15hp77Mgsg\"\n}\n",
        )
        .code(0);
    for name in ["p256.pkcs8.private.der", "p256.openssh.public.txt", "p256.certificate.pem"] {
        on(&["public"], name).stdout(key("p256.spki.public.pem")).code(0);
    }
}

#[test]
fn public_turns_what_a_jwk_may_do_round() {
    for (ops, public) in [
        (r#"["sign"]"#, r#"["verify"]"#),
        (r#"["sign","verify"]"#, r#"["verify"]"#),
        (r#"["verify"]"#, r#"["verify"]"#),
    ] {
        let private = jwk(&[P256, P256_D, &format!(r#""key_ops":{ops},"use":"sig","kid":"a""#)]);
        let wanted = format!(r#""kty":"EC","kid":"a","use":"sig","key_ops":{public},"#);
        on_text(&["public", "--compact"], private)
            .stdout(line(&jwk(&[&P256.replacen(r#""kty":"EC","#, &wanted, 1)])))
            .code(0);
    }
}

#[test]
fn an_hmac_secret_has_no_public_key() {
    let none = "anyone who verifies with it can also sign with it, so it is never published; jwtctl key set --secret makes a set for yourself";
    jwtctl(&["key", "public", "-S", SECRET])
        .error("--secret is an HMAC secret: it has no public key")
        .hint(none)
        .code(7);
    let oct = jwk(&[r#""kty":"oct""#, &format!(r#""k":"{}""#, base64url(SECRET))]);
    for verb in ["public", "set"] {
        on_text(&[verb], &oct)
            .error("k is an HMAC secret: it has no public key")
            .hint(none)
            .code(7);
    }
}

#[test]
fn convert_writes_a_private_key_as_openssl_does() {
    for name in [
        "p256",
        "p256-short-number",
        "p256-short-point",
        "p384",
        "p521",
        "p521-short-number",
        "secp256k1",
        "ed25519",
        "rsa2048",
        "rsa2048.exponent3",
    ] {
        let private = format!("{name}.pkcs8.private.pem");
        let to = |format: &str| {
            let output = on(&["convert", "--format", format], &private).output();
            assert_eq!(output.stderr.len(), 0, "{}", text(&output.stderr));
            output.stdout
        };
        // There and back.
        for format in ["jwk", "der", "openssh", "pem"] {
            if (name, format) == ("secp256k1", "openssh") {
                continue;
            }
            let other = to(format);
            let back = on_text(&["convert", "--format", "pem"], other);
            back.stdout(key(&private)).code(0);
        }
    }
    on(&["convert", "--format", "der"], "p256.pkcs8.private.pem")
        .stdout(key("p256.pkcs8.private.der"))
        .code(0);
}

#[test]
fn convert_leads_from_every_form_of_a_private_key_to_one() {
    for name in [
        "p256.pkcs8.private.der",
        "p256.sec1.private.pem",
        "p256.sec1-after-parameters.private.pem",
        "p256.without-public-half.pkcs8.private.pem",
        "p256.openssh.private.pem",
        "p256.private.jwk",
        "p256.certificate-and-private.pem",
    ] {
        on(&["convert", "--format", "pem"], name).stdout(key("p256.pkcs8.private.pem")).code(0);
        on(&["convert", "--format", "jwk", "--kid", "p256-1"], name)
            .stdout(key("p256.private.jwk"))
            .code(0);
    }
    for name in
        ["rsa2048.pkcs1.private.pem", "rsa2048.private.jwk", "rsa2048.without-primes.private.jwk"]
    {
        on(&["convert", "--format", "pem"], name).stdout(key("rsa2048.pkcs8.private.pem")).code(0);
    }
}

#[test]
fn convert_leads_from_every_form_of_a_public_key_to_every_other() {
    let names = ["p256.spki.public.pem", "p256.spki.public.der", "p256.openssh.public.txt"];
    let from = ["p256.compressed-point.spki.public.pem", "p256.certificate.pem"];
    for name in names.into_iter().chain(from) {
        for (format, wanted) in ["pem", "der", "openssh"].into_iter().zip(names) {
            on(&["convert", "--format", format], name).stdout(key(wanted)).code(0);
        }
        on(&["convert", "--format", "jwk", "--no-kid", "--compact"], name)
            .stdout(line(&jwk(&[P256])))
            .code(0);
    }
}

#[test]
fn convert_leads_to_the_public_line_that_ssh_keygen_writes() {
    for name in
        ["p256-short-number", "p256-short-point", "p384", "p521", "p521-short-number", "rsa2048"]
    {
        on(&["convert", "--format", "openssh"], &format!("{name}.spki.public.pem"))
            .stdout(key(&format!("{name}.openssh.public.txt")))
            .code(0);
    }
}

#[test]
fn convert_keeps_what_a_jwk_says_and_gives_it_a_kid() {
    let terms = r#""use":"sig","alg":"Ed25519","key_ops":["sign"]"#;
    let begin = r#""kty":"OKP","#;
    let numbers = ED25519.strip_prefix(begin).unwrap();
    let converted = |flags: &[&str], members: &[&str]| {
        let args = [&["convert", "--format", "jwk", "--compact"], flags].concat();
        on_text(&args, jwk(&[&[ED25519, ED25519_D, terms], members].concat()))
    };
    let with = |kid: &str| line(&jwk(&[&format!("{begin}{kid}{terms}"), numbers, ED25519_D]));
    let thumbprint = with(&format!(r#""kid":"{ED25519_THUMBPRINT}","#));
    converted(&[], &[]).stdout(thumbprint).code(0);
    converted(&[], &[r#""kid":"a""#]).stdout(with(r#""kid":"a","#)).code(0);
    converted(&["--kid", "b"], &[r#""kid":"a""#]).stdout(with(r#""kid":"b","#)).code(0);
    converted(&["--no-kid"], &[r#""kid":"a""#]).stdout(with("")).code(0);
}

#[test]
fn convert_writes_an_rsa_jwk_with_all_its_numbers() {
    let wanted: Value = serde_json::from_slice(&key("rsa2048.private.jwk")).unwrap();
    for name in [
        "rsa2048.pkcs8.private.pem",
        "rsa2048.private.jwk",
        "rsa2048.without-crt.private.jwk",
        "rsa2048.without-primes.private.jwk",
    ] {
        let output = on(&["convert", "--format", "jwk", "--no-kid"], name).output();
        let jwk: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(jwk, wanted, "{name}");
    }
}

#[test]
fn an_hmac_secret_is_converted() {
    let convert = |flags: &[&str]| jwtctl(&[&["key", "convert"], flags].concat());
    convert(&["-S", SECRET, "--format", "text"]).stdout(line(SECRET)).code(0);
    let jwk = line(&jwk(&[r#""kty":"oct""#, &format!(r#""k":"{}""#, base64url(SECRET))]));
    let to_jwk = ["-S", SECRET, "--format", "jwk", "--no-kid", "--compact"];
    convert(&to_jwk).stdout(&jwk).code(0);
    on_text(&["convert", "--format", "text"], &jwk).stdout(line(SECRET)).code(0);
    // Bytes that are no text.
    let hex = ["-S", "00ff00ff", "--secret-format", "hex", "--format"];
    convert(&[&hex[..], &["text"]].concat())
        .error("the secret of --secret is not a line of text, so it cannot be written as one")
        .hint("--format jwk holds any bytes")
        .code(7);
    // What is refused as a JWK is not made one without a word.
    let short =
        "--secret is a secret of 4 bytes; HS256 requires at least 32 (RFC 7518 section 3.2)";
    let as_jwk = [&hex[..], &["jwk", "--no-kid", "--compact"]].concat();
    convert(&as_jwk)
        .error(short)
        .hint("make a new one: jwtctl key new --alg HS256 --format jwk; --allow-weak-key admits it for now")
        .code(7);
    convert(&[&as_jwk[..], &["--allow-weak-key"]].concat())
        .stdout("{\"kty\":\"oct\",\"k\":\"AP8A_w\"}\n")
        .warning(short)
        .hint("it was used because of --allow-weak-key")
        .code(0);
    for (format, name) in [("pem", "PEM"), ("der", "DER"), ("openssh", "an OpenSSH key")] {
        convert(&["-S", SECRET, "--format", format])
            .error(&format!("the HMAC secret (--secret) cannot be written as {name}"))
            .hint("--format text, jwk")
            .code(2);
    }
}

#[test]
fn convert_refuses_a_format_that_the_key_does_not_have() {
    for (name, kind, format, what, formats) in [
        (
            "secp256k1.pkcs8.private.pem",
            "secp256k1 private key",
            "openssh",
            "an OpenSSH key",
            "pem, jwk, der",
        ),
        ("p256.spki.public.pem", "P-256 public key", "text", "text", "pem, jwk, der, openssh"),
    ] {
        for verb in ["convert", "public"] {
            let kind =
                if verb == "public" { kind.replace("private", "public") } else { kind.into() };
            on(&[verb, "--format", format], name)
                .error(&format!("the {kind} ({name}) cannot be written as {what}"))
                .hint(&format!("--format {formats}"))
                .code(2);
        }
    }
}

#[test]
fn convert_and_public_warn_of_a_weak_key() {
    let name = "rsa1024.pkcs8.private.pem";
    let weak = format!(
        "{name} is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)"
    );
    for verb in [&["convert", "--format", "pem"][..], &["public"]] {
        on(verb, name)
            .error(&weak)
            .hint("make a new one: jwtctl key new --alg RS256; --allow-weak-key verifies with it for now")
            .code(7);
    }
    let allowed = |verb: &[&str]| {
        let call = on(&[verb, &["--allow-weak-key"]].concat(), name).warning(&weak);
        call.hint("it was used because of --allow-weak-key")
    };
    allowed(&["convert", "--format", "pem"]).stdout(key(name)).code(0);
    allowed(&["public"]).stdout(key("rsa1024.spki.public.pem")).code(0);
}

#[test]
fn thumbprints_of_the_rfcs() {
    // RFC 7638 section 3.1: optional members do not count.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = format!(r#""kty":"RSA","n":"{n}","e":"AQAB""#);
    let printed = line("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    for more in [&[][..], &[r#""alg":"RS256","kid":"2011-04-29""#]] {
        on_text(&["thumbprint"], jwk(&[&[&key[..]], more].concat())).stdout(&printed).code(0);
    }
    // RFC 8037 appendix A.3.
    let key = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
    let printed = line("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    for more in [&[][..], &[r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#]] {
        on_text(&["thumbprint"], jwk(&[&[key], more].concat())).stdout(&printed).code(0);
    }
}

#[test]
fn thumbprint_reports_as_json() {
    on(&["thumbprint", "--json", "--compact"], "p256.spki.public.pem")
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"keys":[{{"kind":"P-256 public key","private":false,"format":"SPKI in PEM","encrypted":false,"algorithms":["ES256"],"encryption":["ECDH-ES","ECDH-ES+A128KW","ECDH-ES+A192KW","ECDH-ES+A256KW"],"kid":null,"alg":null,"use":null,"key_ops":null,"thumbprint":"{P256_THUMBPRINT}","spki":"SHA256:BRgvcMY7LHGFAwvykaVLXAwLKoArsS6Ic3ggERK5rQc=","ssh":"SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM","libtrust":"AUMC:64GG:HMWH:DBID:BPZJ:DJKL:LQGA:WKUA:FOYS:5CDT:PAQB:CEVZ","certificate":null,"source":null,"problem":null}}],"output":"{P256_THUMBPRINT}\n","files":[],"problems":[],"warnings":[]}}"#
        )))
        .code(0);
}

/// The public JWK `p256` in a set.
fn p256_under(kid: &str) -> String {
    jwk(&[&P256.replacen(',', &format!(r#","kid":"{kid}","#), 1)])
}

/// The public JWK `ed25519` in a set.
fn ed25519_under(kid: &str) -> String {
    jwk(&[&ED25519.replacen(',', &format!(r#","kid":"{kid}","#), 1)])
}

/// `key set` of these files of `tests/keys`.
fn set(flags: &[&str], names: &[&str]) -> Call {
    let call = jwtctl(&[&["key", "set"], flags, names].concat());
    names.iter().fold(call, |call, name| call.key(name))
}

#[test]
fn a_set_holds_the_public_halves_each_with_a_kid() {
    let names = ["p256.private.jwk", "ed25519.pkcs8.private.pem", "p256.certificate.pem"];
    let keys =
        [p256_under("p256-1"), ed25519_under(ED25519_THUMBPRINT), p256_under(P256_THUMBPRINT)];
    set(&["--compact"], &names).stdout(line(&jwks(&keys))).code(0);
    let indented = format!("{{\n  \"keys\": [\n    {}\n  ]\n}}\n", keys.join(",\n    "));
    set(&[], &names).stdout(indented).code(0);
}

#[test]
fn a_set_verifies_what_its_private_keys_sign() {
    let names = ["p256.private.jwk", "ed25519.pkcs8.private.pem", "rsa2048.pkcs8.private.pem"];
    let made = text(&set(&[], &names).output().stdout);
    for name in names {
        let call = crate::harness::clocked(&["encode", "--user", "123", "-k", name]);
        let token = call.key(name).output().stdout;
        crate::harness::clocked(&["verify", "--jwks", "s.json"])
            .file("s.json", &made)
            .stdin(token)
            .stdout(crate::harness::PRINTED)
            .code(0);
    }
}

#[test]
fn a_set_with_a_weak_key_is_made_with_a_warning() {
    let name = "rsa1024.spki.public.pem";
    let output = set(&["--allow-weak-key"], &[name]).output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0));
    assert!(said.starts_with(&format!("warning: {name} is an RSA key of 1024 bits;")), "{said}");
}

#[test]
fn a_set_of_no_keys_is_written_as_one() {
    on_text(&["set"], r#"{"keys":[]}"#).stdout("{\"keys\":[]}\n").code(0);
}

#[test]
fn a_set_of_which_no_key_can_be_published_is_not_made() {
    let oct = jwk(&[r#""kty":"oct""#, &format!(r#""k":"{}""#, base64url(SECRET))]);
    on_text(&["set"], jwks(&[oct]))
        .error("k holds 1 key and none to be published")
        .evidence("key 1 is an HMAC secret: it has no public key")
        .code(7);
}

#[test]
fn an_alg_that_signs_nothing_does_not_hide_a_weak_key() {
    let oct = r#"{"kty":"oct","k":"AQID","alg":"A128KW"}"#;
    let output = on_text(&["convert", "--format", "jwk"], oct).output();
    assert_eq!(output.status.code(), Some(7));
    assert!(text(&output.stderr).starts_with("error: k is a secret of 3 bytes; HS256 requires"));
}

#[test]
fn a_missing_file_gets_a_hint_for_its_flag() {
    for (args, flag, hint) in [
        (
            &["key", "set", "hunter2"][..],
            "FILE",
            "A key in a variable is piped in: printf %s \"$KEY\" |",
        ),
        (
            &["key", "show", "enc.pem", "--key-password-file", "hunter2"],
            "--key-password-file",
            "A password in a variable goes to JWTCTL_KEY_PASSWORD",
        ),
    ] {
        jwtctl(args)
            .file("enc.pem", key("p256.encrypted.pkcs8.pem"))
            .error(&format!("{flag} takes the path of a file, but there is no such file (not shown: it may be a secret)"))
            .hint(&format!("is the path right? {hint}"))
            .code(7);
    }
}

#[test]
fn a_format_of_secrets_says_nothing_of_a_file() {
    jwtctl(&["key", "show", "k", "--secret-format", "hex"])
        .file("k", p256_under("a"))
        .error("--secret-format cannot be used with FILE: it applies only to HMAC secrets")
        .hint("use only one of them")
        .code(2);
}

#[test]
fn a_set_is_made_of_what_is_piped_in() {
    let made = line(&jwks(&[ed25519_under(ED25519_THUMBPRINT)]));
    for args in [&["key", "set", "--compact"][..], &["key", "set", "--compact", "-"]] {
        jwtctl(args).stdin(key("ed25519.spki.public.pem")).stdout(&made).code(0);
    }
}

#[test]
fn a_set_takes_the_keys_of_another() {
    let old = jwks(&[p256_under("a"), ed25519_under("b")]);
    let name = "rsa2048.spki.public.pem";
    let call = jwtctl(&["key", "set", "old.json", name]).file("old.json", &old).key(name);
    let made: Value = serde_json::from_slice(&call.output().stdout).unwrap();
    let kids: Vec<_> =
        made["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids, ["a", "b", RSA2048_THUMBPRINT]);
}

#[test]
fn a_set_says_what_its_keys_may_be_used_for() {
    let private = jwk(&[P256, P256_D, r#""kid":"a","use":"sig","alg":"ES256","key_ops":["sign"]"#]);
    let wanted = r#","kid":"a","use":"sig","alg":"ES256","key_ops":["verify"],"#;
    on_text(&["set", "--compact"], private)
        .stdout(line(&jwks(&[jwk(&[&P256.replacen(',', wanted, 1)])])))
        .code(0);
}

#[test]
fn a_set_reports_as_json() {
    let keys = jwks(&[p256_under("p256-1")]).replace('"', "\\\"");
    set(&["--json", "--compact"], &["p256.private.jwk"])
        .stdout(line(&format!(
            r#"{{"ok":true,"status":"valid","exit_code":0,"keys":[{{"kind":"P-256 public key","private":false,"format":null,"encrypted":null,"algorithms":["ES256"],"encryption":["ECDH-ES","ECDH-ES+A128KW","ECDH-ES+A192KW","ECDH-ES+A256KW"],"kid":"p256-1","alg":null,"use":null,"key_ops":null,"thumbprint":"{P256_THUMBPRINT}","spki":"SHA256:BRgvcMY7LHGFAwvykaVLXAwLKoArsS6Ic3ggERK5rQc=","ssh":"SHA256:Ol7lzEN99NzbmggcJIeQzQspH4e8CsqsT0z25HG6SdM","libtrust":"AUMC:64GG:HMWH:DBID:BPZJ:DJKL:LQGA:WKUA:FOYS:5CDT:PAQB:CEVZ","certificate":null,"source":null,"problem":null}}],"output":"{keys}\n","files":[],"problems":[],"warnings":[]}}"#
        )))
        .code(0);
}

#[test]
fn a_set_with_a_file_that_is_no_key_is_not_made() {
    for name in ["refused.dsa.pkcs8.pem", "refused.cut.pem", "rsa1024.spki.public.pem"] {
        let output = set(&[], &["p256.private.jwk", name]).output();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(7), 0), "{name}");
        assert!(said.starts_with(&format!("error: {name} ")), "{said}");
    }
    jwtctl(&["key", "set", "missing.pem"])
        .error("cannot read missing.pem: No such file or directory")
        .code(7);
}

#[test]
fn two_keys_of_one_kid_make_no_set() {
    let (a, b) = (p256_under("a"), ed25519_under("a"));
    let call = jwtctl(&["key", "set", "a.jwk", "b.jwk"]).file("a.jwk", a).file("b.jwk", b);
    let output = call.output();
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(7), 0));
    assert!(said.contains("kid \"a\""), "{said}");
    assert!(
        said.ends_with("give one of them another: jwtctl key convert --format jwk --kid NEW\n"),
        "{said}"
    );
}

#[test]
fn one_key_is_wanted_and_a_set_holds_several() {
    let several = jwks(&[p256_under("a"), ed25519_under("b")]);
    for verb in [&["public"][..], &["convert", "--format", "pem"], &["thumbprint"]] {
        let output = on_text(verb, &several).output();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(7), 0));
        assert!(said.starts_with("error: k holds 2 keys, but exactly one is needed\n"), "{said}");
    }
}

#[test]
fn a_call_names_exactly_one_key() {
    for verb in [&["show"][..], &["public"], &["thumbprint"], &["set"]] {
        let output = jwtctl(&[&["key"], verb].concat()).output();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(7), 0), "{verb:?}");
        let call = jwtctl(&[&["key"], verb, &["-k", "a", "b"]].concat());
        assert_eq!(call.output().status.code(), Some(2), "{verb:?}");
    }
    jwtctl(&["key", "show", "missing.pem"])
        .error("cannot read missing.pem: No such file or directory")
        .code(7);
    on(&["convert"], "p256.spki.public.pem")
        .error("--format <FORMAT> is missing")
        .hint("jwtctl key convert --help lists its flags")
        .code(2);
    on(&["convert", "--format", "xml"], "p256.spki.public.pem")
        .error("--format <FORMAT>: not one of pem, jwk, der, openssh, text")
        .hint("jwtctl key convert --help lists its flags")
        .code(2);
    let name = "p256.spki.public.pem";
    jwtctl(&["key", "show", "-k", name, "--secret-format", "hex"])
        .key(name)
        .error("--secret-format cannot be used with --key: it applies only to HMAC secrets")
        .hint("use only one of them")
        .code(2);
}

#[test]
fn only_a_jwk_has_a_kid() {
    for (verb, flags) in [
        (&["convert", "--format", "pem"][..], &["--kid", "a"][..]),
        (&["convert", "--format", "openssh"], &["--no-kid"]),
        (&["convert", "--format", "der"], &["--kid", "a"]),
    ] {
        on(&[verb, flags].concat(), "p256.spki.public.pem")
            .error(&format!("{}: JWK is the only format with a key ID", flags[0]))
            .hint("--format jwk; or give it for each token: jwtctl encode --kid ID")
            .code(2);
    }
}
