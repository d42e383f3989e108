//! Keys for encryption: which are refused, which algorithms they lead to, and how new ones are made.

use serde_json::Value;

use crate::harness::{CLAIMS, Call, PRINTED, base64url, clocked, jwk, jwtctl, keyed, text};

#[track_caller]
fn made(call: &Call) -> Vec<u8> {
    let output = call.output();
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    output.stdout
}

/// The header of a token that a key encrypts.
#[track_caller]
fn header(file: &str, key: &[u8], flags: &[&str]) -> Value {
    let args = [&["encode", "{}", "--encrypt-to", file], flags].concat();
    let token = made(&keyed(&args).file(file, key));
    let (header, _) =
        text(&token).split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    serde_json::from_str(&crate::harness::from_base64url(&header)).unwrap()
}

#[test]
fn a_new_key_encrypts_and_decrypts_with_its_algorithm() {
    for (alg, extra) in [
        ("A128KW", &[][..]),
        ("A192GCMKW", &[]),
        ("A256GCM", &[]),
        ("A128CBC-HS256", &[]),
        ("RSA-OAEP-256", &["--bits", "2048"]),
        ("ECDH-ES", &[]),
        ("ECDH-ES+A192KW", &["--curve", "P-521"]),
        ("ECDH-ES+A256KW", &["--curve", "X25519"]),
    ] {
        let new = ["key", "new", "--quiet", "--alg", alg, "--format", "jwk"];
        let args = [&new, extra].concat();
        let key = made(&jwtctl(&args));
        let parsed: Value = serde_json::from_slice(&key).unwrap();
        assert_eq!((&parsed["alg"], &parsed["use"]), (&alg.into(), &"enc".into()));
        let public = match parsed["kty"].as_str() {
            Some("oct") => key.clone(),
            _ => made(&jwtctl(&["key", "public"]).stdin(&key)),
        };
        let args = ["encode", CLAIMS, "--encrypt-to", "to.jwk"];
        let token = text(&made(&keyed(&args).file("to.jwk", public))).trim_end().to_owned();
        let verify = ["verify", &token, "--decrypt-key", "key.jwk"];
        keyed(&verify).file("key.jwk", &key).stdout(PRINTED).code(0);
        // It neither signs nor verifies.
        let sign = ["encode", "{}", "--key", "key.jwk"];
        assert_eq!(jwtctl(&sign).file("key.jwk", &key).output().status.code(), Some(7), "{alg}");
    }
}

#[test]
fn the_key_leads_to_the_algorithms() {
    let alg = |header: &Value| (header["alg"].clone(), header["enc"].clone());
    let pem = |name| crate::harness::key(name);
    for (key, flags, wanted) in [
        (pem("rsa2048.spki.public.pem"), &[][..], ("RSA-OAEP-256", "A256GCM")),
        (pem("p384.spki.public.pem"), &[], ("ECDH-ES", "A256GCM")),
        (pem("rsa2048.spki.public.pem"), &["--key-alg", "RSA-OAEP"], ("RSA-OAEP", "A256GCM")),
        (pem("p256.certificate.pem"), &["--enc", "A128CBC-HS256"], ("ECDH-ES", "A128CBC-HS256")),
        (oct(64), &[], ("dir", "A256CBC-HS512")),
        (oct(16), &["--enc", "A256GCM"], ("A128KW", "A256GCM")),
        (oct(24), &["--key-alg", "A192GCMKW"], ("A192GCMKW", "A256GCM")),
    ] {
        let header = header("key", &key, flags);
        assert_eq!(alg(&header), (wanted.0.into(), wanted.1.into()));
        assert_eq!(header["cty"], "JWT");
    }
}

fn oct(length: u8) -> Vec<u8> {
    let bytes: Vec<u8> = (1..=length).collect();
    format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url(bytes)).into_bytes()
}

#[test]
fn keys_that_may_not_decrypt_are_the_callers_fault() {
    let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA";
    let secret =
        |members: &str| format!(r#"{{"kty":"oct","k":"{}",{members}}}"#, base64url([1; 32]));
    let refused = |key: &[u8], error: &str, hint: &str| {
        for verb in ["decode", "verify", "refresh"] {
            let call =
                clocked(&[verb, token, "--decrypt-key", "key"]).file("key", key).error(error);
            if hint.is_empty() { call } else { call.hint(hint) }.code(7);
        }
    };
    let pem = |name| crate::harness::key(name);
    let public = "decrypt with the private key; the public one can only encrypt";
    let kinds = "JWEs are encrypted with secrets, RSA, EC on P-256, P-384 or P-521, or X25519";
    refused(
        &pem("rsa2048.spki.public.pem"),
        "the RSA 2048-bit public key (key) cannot decrypt",
        public,
    );
    refused(&pem("p256.certificate.pem"), "the P-256 public key (key) cannot decrypt", public);
    refused(
        &pem("ed25519.pkcs8.private.pem"),
        "the Ed25519 private key (key) cannot encrypt or decrypt: it is for signatures",
        kinds,
    );
    refused(
        &pem("secp256k1.pkcs8.private.pem"),
        "the secp256k1 private key (key) cannot encrypt or decrypt: it is for signatures",
        kinds,
    );
    refused(
        &pem("rsa1024.pkcs8.private.pem"),
        "the RSA 1024-bit private key (key) cannot be used with RSA-OAEP: it has 1024 bits; 2048 are required (RFC 7518 section 4.3)",
        "",
    );
    refused(
        secret(r#""use":"sig""#).as_bytes(),
        "the shared secret (key) is not for decrypting: its \"use\" is \"sig\"",
        "",
    );
    refused(
        secret(r#""key_ops":["sign","verify"]"#).as_bytes(),
        "the shared secret (key) is not for decrypting: its \"key_ops\" is [\"sign\",\"verify\"]",
        "",
    );
    refused(
        secret(r#""alg":"HS256""#).as_bytes(),
        "the shared secret (key) cannot be used for encryption: its \"alg\" is \"HS256\"",
        kinds,
    );
    refused(
        secret(r#""alg":"A128KW""#).as_bytes(),
        "the shared secret (key) cannot be used with A128KW: it has 32 bytes; 16 are required",
        "",
    );
}

#[test]
fn a_key_for_encryption_is_described() {
    let x25519 = crate::harness::key("x25519.pkcs8.private.pem");
    jwtctl(&["key", "show"])
        .stdin(x25519)
        .stdout(
            "kind        X25519 private key\n\
             format      PKCS#8 in PEM\n\
             algorithms  none\n\
             encryption  ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW\n\
             thumbprint  NaxZ150Lo9Gcfbsqv-WSRGc58OeN4gDZN8D2PP6BN4I\n\
             spki        SHA256:g3qqF//k2VHaJcWYlg7vE4B13lgE2J5L0kVv536q7UA=\n\
             libtrust    QN5K:UF77:4TMV:DWRF:YWMJ:MDXP:COAH:LXSY:ATMJ:4S6S:IVX6:O7VK\n",
        )
        .code(0);
    let secret = jwk(&[
        r#""kty":"oct","alg":"A128KW","use":"enc""#,
        &format!("\"k\":\"{}\"", base64url([1; 16])),
    ]);
    jwtctl(&["key", "show"])
        .stdin(secret)
        .stdout(
            "kind        shared secret of 16 bytes\n\
             format      JWK\n\
             algorithms  none\n\
             encryption  A128KW\n\
             alg         \"A128KW\"\n\
             use         \"enc\"\n",
        )
        .code(0);
}

#[test]
fn flags_of_encryption_need_a_key_that_encrypts() {
    for flags in
        [&["--enc", "A256GCM"][..], &["--key-alg", "dir"], &["--p2c", "1000"], &["--no-sign"]]
    {
        let error = format!(
            "{} needs --encrypt-to or --encrypt-secret-env: it applies to an encrypted token",
            flags[0]
        );
        keyed(&[&["encode", "{}"], flags].concat())
            .error(&error)
            .hint("name the key to encrypt with: --encrypt-to PATH, or --encrypt-secret-env NAME")
            .code(2);
    }
    let both = ["encode", "{}", "--no-sign", "--encrypt-secret-env", "K", "-S", "s"];
    jwtctl(&both)
        .env("K", "k")
        .error("--no-sign cannot be used with a key that signs")
        .hint("use only one of them")
        .code(2);
    let size = ["encode", "{}", "--encrypt-secret-env", "raw:K", "--key-alg", "A128KW"];
    keyed(&size).env("K", "k").error("the shared secret (K) cannot be used with A128KW: A128KW requires a secret of 16 bytes; it has 1").code(7);
}

#[test]
fn the_encryption_sets_its_own_header_parameters() {
    let encode = |member: &str| {
        let flags = ["--no-sign", "--encrypt-secret-env", "K", "--p2c", "1000", "--header", member];
        jwtctl(&[&["encode", "{}"][..], &flags].concat()).env("K", "a password")
    };
    for name in ["enc", "zip", "p2c", "epk"] {
        encode(&format!("{name}=x"))
            .error(&format!("--header cannot set \"{name}\""))
            .hint("the encryption sets it")
            .code(2);
    }
    encode("apu=a b")
        .error("the header parameter \"apu\" must be base64url without padding")
        .hint("it identifies a party to ECDH-ES (RFC 7518 sections 4.6.1.2 and 4.6.1.3)")
        .code(2);
}

#[test]
fn algorithms_that_are_meant_for_another_flag_are_named_with_it() {
    let new = |alg: &str, hint: &str| {
        let error = format!("{alg:?} is not an algorithm that --alg takes");
        let output = jwtctl(&["key", "new", "--alg", alg]).output();
        let said = text(&output.stderr);
        assert!(said.ends_with(&format!("\nhint: {hint}\n")), "{error} {said}");
        assert_eq!(output.status.code(), Some(2));
    };
    new("X25519", "--alg ECDH-ES --curve X25519");
    new("RSA1_5", "RSA1_5 is insecure and refused: RSA-OAEP-256 uses the same keys");
    new("dir", "a secret for dir is made for the content's algorithm: --alg A256GCM");
    new("none", "unsigned tokens are neither created nor accepted");
    let output = keyed(&["encode", "{}", "--alg", "rsa-oaep"]).output();
    let hint = "hint: RSA-OAEP encrypts: --key-alg RSA-OAEP, with --encrypt-to PATH\n";
    assert!(text(&output.stderr).ends_with(hint), "{}", text(&output.stderr));
}

#[test]
fn a_token_to_encrypt_is_signed_unless_the_caller_says_otherwise() {
    let encode = ["encode", "{}", "--encrypt-to", "rsa2048.spki.public.pem"];
    jwtctl(&encode)
        .key("rsa2048.spki.public.pem")
        .error("no key was given to sign the token before it is encrypted")
        .hint("add --key PATH, --secret-env NAME or --secret-file PATH; --no-sign encrypts the claims alone, which only a shared secret makes genuine")
        .code(2);
    keyed(&[&encode[..], &["--p2c", "1000"]].concat())
        .key("rsa2048.spki.public.pem")
        .error("--p2c applies only to PBES2, and the token is encrypted with RSA-OAEP-256")
        .hint("leave out --p2c")
        .code(2);
}

#[test]
fn a_key_whose_operations_only_decrypt_does_not_encrypt() {
    let jwk = format!(r#"{{"kty":"oct","key_ops":["decrypt"],"k":"{}"}}"#, base64url([1; 32]));
    keyed(&["encode", "{}", "--encrypt-to", "k"])
        .file("k", &jwk)
        .error("the shared secret (k) is not for encrypting: its \"key_ops\" is [\"decrypt\"]")
        .code(7);
}
