//! New keys: one for each algorithm, in each format, that signs and verifies.

use serde_json::Value;

use crate::harness::{Call, PRINTED, SECRET, clocked, jwtctl, parts, text};

const FORMATS: [&str; 4] = ["pem", "jwk", "der", "openssh"];

/// Each algorithm, what its keys are, and the formats they have, the default first.
const ALGORITHMS: [(&str, &str, &[&str]); 18] = [
    ("HS256", "HMAC secret", &["text", "jwk"]),
    ("HS384", "HMAC secret", &["text", "jwk"]),
    ("HS512", "HMAC secret", &["text", "jwk"]),
    ("RS256", "RSA 2048-bit private key", &FORMATS),
    ("RS384", "RSA 2048-bit private key", &["jwk"]),
    ("RS512", "RSA 2048-bit private key", &["jwk"]),
    ("PS256", "RSA 2048-bit private key", &["jwk", "pem"]),
    ("PS384", "RSA 2048-bit private key", &["jwk"]),
    ("PS512", "RSA 2048-bit private key", &["jwk"]),
    ("ES256", "P-256 private key", &FORMATS),
    ("ES384", "P-384 private key", &FORMATS),
    ("ES512", "P-521 private key", &FORMATS),
    ("ES256K", "secp256k1 private key", &["pem", "jwk", "der"]),
    ("EdDSA", "Ed25519 private key", &FORMATS),
    ("Ed25519", "Ed25519 private key", &FORMATS),
    ("ML-DSA-44", "ML-DSA-44 private key", &["pem", "jwk", "der"]),
    ("ML-DSA-65", "ML-DSA-65 private key", &["pem", "jwk", "der"]),
    ("ML-DSA-87", "ML-DSA-87 private key", &["pem", "jwk", "der"]),
];

/// Makes a key, with these flags; an RSA key of the least size, which is the quickest.
#[track_caller]
fn new(alg: &str, flags: &[&str]) -> Vec<u8> {
    let is_rsa = alg.starts_with("RS") || alg.starts_with("PS");
    let bits: &[&str] = if is_rsa { &["--bits", "2048"] } else { &[] };
    made(&["key", "new", "--alg", alg], &[bits, flags].concat())
}

#[track_caller]
fn made(args: &[&str], flags: &[&str]) -> Vec<u8> {
    let args = [args, flags, &["--quiet"]].concat();
    let output = jwtctl(&args).output();
    let seen = (output.status.code(), text(&output.stderr));
    assert_eq!(seen, (Some(0), String::new()), "{args:?}");
    output.stdout
}

/// The same as JSON.
#[track_caller]
fn new_jwk(alg: &str, flags: &[&str]) -> Value {
    let jwk = new(alg, &[&["--format", "jwk"], flags].concat());
    serde_json::from_slice(&jwk).expect("JSON")
}

/// A call that is given a key; a secret goes by another flag than other keys.
fn keyed(args: &[&str], alg: &str, format: &str, key: &[u8]) -> Call {
    let flag = if format == "text" { "--secret-file" } else { "--key" };
    let named: &[&str] = if args[0] == "encode" { &["--alg", alg] } else { &[] };
    clocked(&[args, &[flag, "k"], named].concat()).file("k", key)
}

#[test]
fn a_new_key_signs_and_verifies() {
    for (alg, _, formats) in ALGORITHMS {
        for format in formats {
            let key = new(alg, &["--format", format]);
            let output = keyed(&["encode", "--user", "123"], alg, format, &key).output();
            assert_eq!(text(&output.stderr), "", "{alg} {format}");
            let token = text(&output.stdout);
            let header = parts(&token).0;
            assert!(header.starts_with(&format!(r#"{{"alg":"{alg}","typ":"JWT""#)), "{header}");
            keyed(&["verify"], alg, format, &key).stdin(&token).stdout(PRINTED).code(0);
        }
    }
}

#[test]
fn a_new_key_fits_its_algorithm() {
    for (alg, kind, formats) in ALGORITHMS {
        let format = formats[0];
        let key = new(alg, &["--format", format]);
        let flag = if format == "text" { "--secret-file" } else { "--key" };
        let shown = jwtctl(&["key", "show", flag, "k"]).file("k", &key).output();
        let first = text(&shown.stdout);
        assert!(first.starts_with(&format!("kind        {kind}")), "{alg} {first}");
    }
}

#[test]
fn the_default_format_is_pem_or_a_line_of_text() {
    for (alg, begin, end) in [
        ("ES256", "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"),
        ("EdDSA", "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"),
        ("RS256", "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"),
    ] {
        let pem = text(&new(alg, &[]));
        assert!(pem.starts_with(begin) && pem.ends_with(end), "{pem}");
    }
    for (alg, length) in [("HS256", 43), ("HS384", 64), ("HS512", 86)] {
        let secret = text(&new(alg, &[]));
        let digits = secret.strip_suffix('\n').expect("a line");
        let is_digit = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(digits.len() == length && digits.chars().all(is_digit), "{digits}");
    }
}

#[test]
fn an_openssh_key_is_in_openssh_s_own_form() {
    for alg in ["RS256", "ES256", "ES384", "ES512", "EdDSA"] {
        let pem = text(&new(alg, &["--format", "openssh"]));
        assert!(pem.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"), "{pem}");
        assert!(pem.ends_with("\n-----END OPENSSH PRIVATE KEY-----\n"), "{pem}");
        assert!(pem.lines().all(|line| line.len() <= 70), "{pem}");
    }
}

#[test]
fn every_algorithm_that_the_help_names_is_tested_here() {
    let help = text(&jwtctl(&["key", "new", "--help"]).output().stdout);
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, algorithms) = words.split_once("Algorithm of the key: ").expect("the algorithms");
    let (algorithms, encryption) =
        algorithms.split_once("; for encryption: ").expect("the other algorithms");
    let listed: Vec<_> = algorithms.split(", ").collect();
    assert_eq!(listed, ALGORITHMS.map(|(name, ..)| name));
    let (encryption, _) = encryption.split_once(" [default: ES256]").expect("the default");
    for alg in encryption.split(", ") {
        let args = ["key", "new", "--alg", alg, "--format", "jwk"];
        let key = if alg.starts_with("RSA") {
            made(&args, &["--bits", "2048"])
        } else {
            made(&args, &[])
        };
        let encode = ["encode", "{}", "--no-sign", "--encrypt-to", "-"];
        assert!(jwtctl(&encode).stdin(key).output().status.success(), "{alg}");
    }
}

#[test]
fn no_two_keys_are_alike() {
    for (alg, ..) in ALGORITHMS {
        assert_ne!(new(alg, &[]), new(alg, &[]), "{alg}");
    }
}

#[test]
fn a_jwk_says_what_it_is_for() {
    for (alg, kty, members) in [
        ("HS256", "oct", &["k"][..]),
        ("RS256", "RSA", &["n", "e", "d", "p", "q", "dp", "dq", "qi"]),
        ("PS512", "RSA", &["n", "e", "d", "p", "q", "dp", "dq", "qi"]),
        ("ES256", "EC", &["crv", "x", "y", "d"]),
        ("ES256K", "EC", &["crv", "x", "y", "d"]),
        ("EdDSA", "OKP", &["crv", "x", "d"]),
        ("Ed25519", "OKP", &["crv", "x", "d"]),
        ("ML-DSA-65", "AKP", &["pub", "priv"]),
    ] {
        let jwk = new_jwk(alg, &["--kid", "mine"]);
        let said = ["kty", "alg", "use", "kid"].map(|name| jwk[name].as_str());
        assert_eq!(said, [Some(kty), Some(alg), Some("sig"), Some("mine")]);
        let mut names: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        let mut wanted = [members, &["kty", "alg", "use", "kid"]].concat();
        names.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(names, wanted, "{alg}");
    }
}

#[test]
fn the_kid_of_a_jwk_is_its_thumbprint() {
    for alg in ["RS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "ML-DSA-87"] {
        let key = new(alg, &["--format", "jwk"]);
        let jwk: Value = serde_json::from_slice(&key).expect("JSON");
        let kid = format!("{}\n", jwk["kid"].as_str().expect("a kid"));
        jwtctl(&["key", "thumbprint"]).stdin(&key).stdout(kid).code(0);
    }
}

#[test]
fn the_kid_of_a_secret_says_nothing_about_it() {
    let kids: Vec<_> = ["HS256", "A256GCM"]
        .iter()
        .flat_map(|alg| [alg, alg])
        .map(|alg| {
            let jwk = new_jwk(alg, &[]);
            let kid = jwk["kid"].as_str().expect("a kid").to_owned();
            let thumbprint = jwtctl(&["key", "thumbprint"]).stdin(jwk.to_string()).output().stdout;
            assert_ne!(text(&thumbprint).trim_end(), kid);
            kid
        })
        .collect();
    assert!(kids.iter().all(|kid| kid.len() == 36), "{kids:?}");
    assert_ne!(kids[0], kids[1]);
    // Whoever converts the same secret elsewhere makes the same key.
    let convert = ["key", "convert", "--format", "jwk", "-S", SECRET];
    let jwk: Value = serde_json::from_slice(&jwtctl(&convert).output().stdout).expect("JSON");
    assert_eq!(jwk.get("kid"), None);
}

#[test]
fn without_flags_a_key_for_es256_goes_to_standard_output() {
    let output = jwtctl(&["key", "new"]).output();
    assert_eq!(output.status.code(), Some(0));
    let pem = text(&output.stdout);
    let shown = jwtctl(&["key", "show"]).stdin(&pem).output();
    assert!(text(&shown.stdout).starts_with("kind        P-256 private key\n"));
    let thumbprint = text(&jwtctl(&["key", "thumbprint"]).stdin(&pem).output().stdout);
    let next = "hint: --out FILE writes it to a file that only you can read";
    let said = format!(
        "note: new P-256 private key, thumbprint {thumbprint}{next}; jwtctl key public FILE prints its public key\n"
    );
    assert_eq!(text(&output.stderr), said);
    let jwk = jwtctl(&["key", "new", "--alg", "EdDSA", "--format", "jwk", "--public-out", "p.pem"])
        .output();
    let kid: Value = serde_json::from_slice(&jwk.stdout).expect("JSON");
    assert_eq!(
        text(&jwk.stderr),
        format!("note: new Ed25519 private key, kid {}\n{next}\n", kid["kid"])
    );
    let secret = jwtctl(&["key", "new", "--alg", "HS256"]).output();
    assert_eq!(text(&secret.stderr), format!("note: new HMAC secret of 43 bytes\n{next}\n"));
    for flags in [&["--out", "k.pem"][..], &["--quiet"], &["--json"]] {
        let output = jwtctl(&[&["key", "new"], flags].concat()).output();
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(0), String::new()),
            "{flags:?}"
        );
    }
}

#[test]
fn an_encrypted_key_opens_with_its_password() {
    let password = "correct horse";
    for (alg, format) in
        [("ES256", "pem"), ("EdDSA", "der"), ("ML-DSA-65", "pem"), ("ECDH-ES", "pem")]
    {
        let new = [
            "key",
            "new",
            "--encrypt",
            "--alg",
            alg,
            "--format",
            format,
            "--public-out",
            "public.pem",
        ];
        let files = ["--out", "key", "--key-password-file", "password"];
        let call = jwtctl(&[&new[..], &files].concat()).file("password", format!("{password}\n"));
        call.leaves(0);
        let key = std::fs::read(call.path("key")).unwrap();
        let public = std::fs::read(call.path("public.pem")).unwrap();
        let read = |password: &str| {
            jwtctl(&["key", "public", "--format", format])
                .stdin(&key)
                .env("JWTCTL_KEY_PASSWORD", password)
        };
        read(password).stdout(public).code(0);
        read("battery staple").error("standard input cannot be opened with the password").code(7);
        let shown =
            jwtctl(&["key", "show"]).stdin(&key).env("JWTCTL_KEY_PASSWORD", password).output();
        let encoding = format!("format      encrypted PKCS#8 in {}\n", format.to_uppercase());
        assert!(text(&shown.stdout).contains(&encoding), "{}", text(&shown.stdout));
    }
}

#[test]
fn what_cannot_be_encrypted_is_refused() {
    for (flags, what, hint) in [
        (
            &["--format", "jwk"][..],
            "a JWK",
            "use --format pem; jwtctl key convert --format jwk can later write it as an unencrypted JWK",
        ),
        (
            &["--format", "openssh"],
            "an OpenSSH key",
            "ssh-keygen -p -f FILE encrypts it afterwards",
        ),
        (&["--alg", "HS256"], "an HMAC secret", "a key pair can be encrypted: --alg ES256"),
    ] {
        jwtctl(&[&["key", "new", "--encrypt"], flags].concat())
            .env("JWTCTL_KEY_PASSWORD", "x")
            .error(&format!("--encrypt: jwtctl cannot encrypt {what}"))
            .hint(hint)
            .code(2);
    }
    jwtctl(&["key", "new", "--encrypt"])
        .error("--encrypt: no password was given, and there is no terminal to ask on")
        .hint("set JWTCTL_KEY_PASSWORD, or name a file with --key-password-file")
        .code(2);
    jwtctl(&["key", "new", "--encrypt"])
        .env("JWTCTL_KEY_PASSWORD", "")
        .error("the password (JWTCTL_KEY_PASSWORD) is empty")
        .code(7);
}

#[test]
fn a_kid_can_be_named_or_left_out() {
    for kid in ["mine", "2026-11", "a b\"c", "-x"] {
        let named = [format!("--kid={kid}")];
        assert_eq!(new_jwk("ES256", &[&named[0]])["kid"].as_str(), Some(kid));
    }
    assert_eq!(new_jwk("ES256", &["--kid", "mine"])["kid"].as_str(), Some("mine"));
    assert_eq!(new_jwk("ES256", &["--no-kid"]).get("kid"), None);
}

#[test]
fn a_jwk_is_on_one_line_or_on_several() {
    let compact = text(&new("ES256", &["--format", "jwk", "--compact"]));
    assert_eq!(compact.lines().count(), 1);
    assert!(compact.starts_with(r#"{"kty":"EC","kid":""#) && compact.ends_with("\"}\n"));
    let indented = text(&new("ES256", &["--format", "jwk"]));
    assert!(indented.starts_with("{\n  \"kty\": \"EC\",\n  \"kid\": \""), "{indented}");
    assert!(indented.ends_with("\"\n}\n"), "{indented}");
}

#[test]
fn an_rsa_key_has_the_size_that_is_asked_for() {
    for (flags, bits) in [(&[][..], 3072), (&["--bits", "2048"], 2048), (&["--bits", "4096"], 4096)]
    {
        let key = made(&["key", "new", "-A", "RS256"], flags);
        let shown = jwtctl(&["key", "show"]).stdin(key).output();
        let wanted = format!("kind        RSA {bits}-bit private key\n");
        assert!(text(&shown.stdout).starts_with(&wanted), "{}", text(&shown.stdout));
    }
}

#[test]
fn a_secret_has_the_size_that_is_asked_for() {
    for (alg, flags, bytes) in [
        ("HS256", &[][..], 32),
        ("HS384", &[], 48),
        ("HS512", &[], 64),
        ("HS256", &["--bits", "256"], 32),
        ("HS256", &["--bits", "264"], 33),
        ("HS512", &["--bits", "8192"], 1024),
    ] {
        let jwk = new_jwk(alg, flags);
        let k = jwk["k"].as_str().expect("a secret");
        assert_eq!(k.len(), (bytes * 4usize).div_ceil(3), "{alg} {flags:?}");
        let secret = text(&new(alg, flags));
        assert_eq!(secret.trim_end().len(), (bytes * 4usize).div_ceil(3), "{alg} {flags:?}");
    }
}

#[test]
fn an_rsa_size_out_of_range_is_refused() {
    let refused = |alg: &str, bits: &str, hint: &str| {
        jwtctl(&["key", "new", "--alg", alg, "--bits", bits])
            .error(&format!("--bits: a key for {alg} cannot have that size"))
            .hint(hint)
            .code(2);
    };
    for bits in ["0", "1024", "2047", "2056", "3000", "16384"] {
        refused("RS256", bits, "--bits is one of 2048, 3072, 4096, 8192");
    }
    for (alg, least, bits) in [
        ("HS256", 256, ["0", "255", "248", "257", "8200"]),
        ("HS384", 384, ["256", "376", "383", "385", "8193"]),
        ("HS512", 512, ["384", "504", "511", "513", "999999999"]),
    ] {
        for bits in bits {
            refused(alg, bits, &format!("a multiple of 8 from {least} to 8192"));
        }
    }
    for alg in ["ES256", "ES512", "ES256K", "EdDSA", "Ed25519"] {
        refused(alg, "256", "leave out --bits: the curve determines the size");
    }
    refused("ML-DSA-44", "256", "leave out --bits: the algorithm determines the size");
}

#[test]
fn a_format_that_the_key_does_not_have_is_refused() {
    for (alg, format, name, formats) in [
        ("HS256", "pem", "PEM", "text, jwk"),
        ("HS256", "der", "DER", "text, jwk"),
        ("HS256", "openssh", "an OpenSSH key", "text, jwk"),
        ("ES256", "text", "text", "pem, jwk, der, openssh"),
        ("RS256", "text", "text", "pem, jwk, der, openssh"),
        ("ES256K", "openssh", "an OpenSSH key", "pem, jwk, der"),
        ("ML-DSA-44", "openssh", "an OpenSSH key", "pem, jwk, der"),
    ] {
        let output = jwtctl(&["key", "new", "--alg", alg, "--format", format]).output();
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: the key for {alg} ")), "{said}");
        let wanted = format!("cannot be written as {name}\nhint: --format {formats}\n");
        assert!(said.ends_with(&wanted), "{said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
}

#[test]
fn a_call_that_cannot_make_a_key_says_why() {
    let help = "jwtctl key new --help lists its flags";
    jwtctl(&["key", "new", "--alg", "HS256", "--public-out", "p.pem"])
        .error("--public-out: an HMAC secret has no public key")
        .hint("anyone who verifies with it can also sign with it; for a key pair: --alg ES256")
        .code(2);
    jwtctl(&["key", "new", "--alg", "ES256", "--kid", "a", "--no-kid"])
        .error("--kid <ID> cannot be used with --no-kid")
        .hint("use only one of them")
        .code(2);
    jwtctl(&["key", "new", "--alg", "ES256", "--bits", "many"])
        .error("--bits <N>: not a value that it takes")
        .hint(help)
        .code(2);
    jwtctl(&["key", "new", "--alg", "ML-DSA"])
        .error("--alg <ALG> has no such value")
        .hint("did you mean ML-DSA-44 or ML-DSA-65 or ML-DSA-87?")
        .code(2);
    // `none` is no algorithm, in any spelling.
    for alg in ["none", "None", "es257", "Ed448", "RSA1_5", ""] {
        let output = jwtctl(&["key", "new", &format!("--alg={alg}")]).output();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{alg}");
        assert!(text(&output.stderr).starts_with("error: "), "{alg}");
    }
}

#[test]
fn the_report_holds_the_key_and_what_it_is() {
    for (format, kid) in [("pem", None), ("jwk", Some("mine"))] {
        let kid_flag = kid.map(|kid| format!("--kid={kid}"));
        let flags = ["key", "new", "--alg", "ES256", "--json", "--format", format];
        let flags: Vec<_> = flags.into_iter().chain(kid_flag.as_deref()).collect();
        let report: Value = serde_json::from_slice(&made(&flags, &[])).expect("JSON");
        let key = report["output"].as_str().expect("a key");
        let shown = jwtctl(&["key", "show", "--json"]).stdin(key).output();
        let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
        for member in ["kind", "private", "algorithms", "thumbprint"] {
            assert_eq!(report["keys"][0][member], shown["keys"][0][member], "{member}");
        }
        // The report describes the key that was written.
        assert_eq!(report["keys"][0]["kid"], shown["keys"][0]["kid"]);
        assert_eq!(report["keys"][0]["kid"].as_str(), kid);
        let rest = ["ok", "status", "exit_code", "files", "problems", "warnings"];
        let rest = rest.map(|name| report[name].to_string()).join(" ");
        assert_eq!(rest, r#"true "valid" 0 [] [] []"#);
    }
    jwtctl(&["key", "new", "--alg", "RS256", "--bits", "1", "--json", "--compact"])
        .stdout(concat!(
            r#"{"ok":false,"status":"usage","exit_code":2,"keys":[],"output":null,"files":[],"#,
            r#""problems":[{"code":"key-size","message":"--bits: a key for RS256 cannot have that size","#,
            r#""hint":"--bits is one of 2048, 3072, 4096, 8192"}],"warnings":[]}"#,
            "\n"
        ))
        .code(2);
}
