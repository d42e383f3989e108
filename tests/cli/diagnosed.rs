//! A signature that does not match is investigated after the verdict: the error says what would have matched. Each test
//! applies the hint, which must make the token verify.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::harness::{
    CLAIMS, Call, HEADER, P256, PRINTED, SECRET, base64url, clocked, jwk, jwks, jwtctl, key, line,
    signed_with, text, token,
};

const MISMATCH: &str = "the signature does not match: checked as HS256 with the HMAC secret";

/// Verifies a token that a secret of these bytes signed, with these flags.
fn verify(secret: &[u8], flags: &[&str]) -> Call {
    clocked(&[&["verify"], flags].concat()).stdin(signed_with(secret, HEADER, CLAIMS))
}

/// Verifies with a secret in a variable a token that another one signed: so far as to the error.
fn misread(signers: &[u8], given: &str) -> Call {
    let call = verify(signers, &["--secret-env", "S"]).env("S", given);
    call.error(&format!("{MISMATCH} (S)"))
}

/// Verifies with a secret in a variable a token that it signed.
#[track_caller]
fn verifies(signers: &[u8], given: &str) {
    verify(signers, &["--secret-env", "S"]).env("S", given).stdout(PRINTED).code(0);
}

/// A secret that the signer read in another way than is said.
#[track_caller]
fn reread(signers: &[u8], given: &str, flags: &[&str], evidence: &str, hint: &str, fixed: &[&str]) {
    verify(signers, flags)
        .env("S", given)
        .error(&format!("{MISMATCH} (S)"))
        .evidence(evidence)
        .hint(hint)
        .code(4);
    verify(signers, fixed).env("S", given).stdout(PRINTED).code(0);
}

#[test]
fn a_secret_in_another_format_is_explained() {
    let base64 = STANDARD.encode(SECRET);
    let hex = base16ct::lower::encode_string(SECRET.as_bytes());
    let (env, bytes) = (["--secret-env", "S"], SECRET.as_bytes());
    let with = |format: &'static str| [&env[..], &["--secret-format", format]].concat();
    for (given, format, name) in [
        (&base64, "base64", "base64"),
        (&base64url(SECRET), "base64", "base64"),
        (&hex, "hex", "hexadecimal"),
    ] {
        let evidence = format!("the secret matches decoded from {name}");
        let hint = format!("use --secret-format {format}");
        reread(bytes, given, &env, &evidence, &hint, &with(format));
    }
    for (given, format) in [(&base64, "base64"), (&hex, "hex")] {
        reread(
            given.as_bytes(),
            given,
            &with(format),
            "the secret matches as the text it is",
            "use --secret-format text",
            &with("text"),
        );
    }
}

#[test]
fn a_secret_with_something_around_it_is_explained() {
    let long = "0123456789abcdef0123456789abcdef";
    for (given, evidence, hint) in [
        (format!("{long}\n"), "without the line break at its end", "remove it from S"),
        (format!("{long}\r\n"), "without the line break at its end", "remove it from S"),
        (format!(" {long} "), "without the white space around it", "remove it from S"),
        (
            format!("\"{long}\""),
            "without the quotes around it",
            "remove the quotes and everything outside them from S",
        ),
        (
            format!("'{long}'"),
            "without the quotes around it",
            "remove the quotes and everything outside them from S",
        ),
        (format!("\u{feff}{long}"), "without the byte order mark before it", "remove it from S"),
        (format!("JWT_SECRET={long}"), "without the name before it", "remove NAME= from S"),
        (
            format!("export JWT_SECRET=\"{long}\"\n"),
            "without the name before it",
            "remove NAME= from S",
        ),
    ] {
        misread(long.as_bytes(), &given)
            .evidence(&format!("the secret matches {evidence}"))
            .hint(hint)
            .code(4);
        verifies(long.as_bytes(), long);
    }
    for (signers, evidence) in [
        (format!("\"{long}\""), "with double quotes around it"),
        (format!("'{long}'"), "with single quotes around it"),
    ] {
        misread(signers.as_bytes(), long)
            .evidence(&format!("the secret matches {evidence}"))
            .hint("put them around it in S, too")
            .code(4);
        verifies(signers.as_bytes(), &signers);
    }
}

#[test]
fn digits_of_a_secret_that_were_spelled_as_programs_print_them() {
    let hex = base16ct::lower::encode_string(SECRET.as_bytes());
    let colons: Vec<_> = hex.as_bytes().chunks(2).map(text).collect();
    for (given, format, evidence, hint) in [
        (
            format!("base64:{}", STANDARD.encode(SECRET)),
            "base64",
            "without the prefix before it, decoded from base64",
            "remove it from S",
        ),
        (
            format!("0x{hex}"),
            "hex",
            "without the prefix before it, decoded from hexadecimal",
            "remove it from S",
        ),
        (
            colons.join(":"),
            "hex",
            "without its colons, decoded from hexadecimal",
            "remove them from S",
        ),
    ] {
        misread(SECRET.as_bytes(), &given)
            .evidence(&format!("the secret matches {evidence}"))
            .hint(&format!("{hint}; use --secret-format {format}"))
            .code(4);
        let mended = given.replace("base64:", "").replace("0x", "").replace(':', "");
        verify(SECRET.as_bytes(), &["--secret-env", "S", "--secret-format", format])
            .env("S", &mended)
            .stdout(PRINTED)
            .code(0);
    }
}

#[test]
fn a_signer_that_used_the_digits_of_the_secret_is_explained() {
    let hex = base16ct::lower::encode_string(SECRET.as_bytes());
    for (signers, evidence, what) in [
        (STANDARD.encode(SECRET), "as its base64 text", "base64"),
        (base64url(SECRET), "as its base64 text", "base64"),
        (hex, "as its hexadecimal text", "hexadecimal digits"),
    ] {
        misread(signers.as_bytes(), SECRET)
            .evidence(&format!("the secret matches {evidence}"))
            .hint(&format!("the signer took its {what} for the secret: give those as the text, or have the signer decode them"))
            .code(4);
        verifies(signers.as_bytes(), &signers);
    }
}

#[test]
fn a_secret_equal_to_a_variables_name_is_explained() {
    for name in ["$JWT_SECRET", "${JWT_SECRET}"] {
        let length = name.len();
        misread(SECRET.as_bytes(), name)
            .evidence("the secret (S) looks like a variable that the shell did not expand")
            .hint("single quotes keep the shell from expanding it: put it in double quotes")
            .warning(&format!("the secret (S) is {length} bytes long; HS256 requires at least 32 (RFC 7518 section 3.2)"))
            .hint("a short secret can be guessed from one token: openssl rand -base64 48")
            .code(4);
    }
}

#[test]
fn a_payload_that_was_cut_is_reported_as_cut() {
    let token = token(CLAIMS);
    let parts: Vec<_> = token.split('.').collect();
    clocked(&["verify"])
        .env("JWTCTL_SECRET", SECRET)
        .stdin(format!("{}.{}.{}", parts[0], &parts[1][..20], parts[2]))
        .error(&format!("{MISMATCH} (JWTCTL_SECRET)"))
        .evidence(
            "its payload begins like JSON but is not valid: it was cut off or changed in transit",
        )
        .hint("copy the whole token again")
        .code(4);
}

#[test]
fn a_token_signed_with_an_rsa_key_of_another_size_is_explained() {
    let name = "rsa2048.spki.public.pem";
    clocked(&["verify", "-k", name])
        .key(name)
        .stdin(format!("{}.{}", input("RS256"), base64url([1; 384])))
        .error(&format!("the signature does not match: checked as RS256 with the RSA 2048-bit public key ({name})"))
        .evidence("it has 384 bytes, like a signature by an RSA key of 3072 bits; this key has 2048")
        .hint("is it the right key?")
        .code(4);
}

#[test]
fn a_secret_whose_line_break_was_counted_is_explained() {
    let long = "0123456789abcdef0123456789abcdef";
    let raw = ["--secret-file", "f", "--secret-format", "raw"];
    // In the file that is given.
    for end in ["\n", "\r\n"] {
        let signers = format!("{long}{end}");
        verify(signers.as_bytes(), &["--secret-file", "f"])
            .file("f", &signers)
            .error(&format!("{MISMATCH} (f)"))
            .evidence("the secret matches byte for byte as in its file")
            .hint("use --secret-format raw")
            .code(4);
        verify(signers.as_bytes(), &raw).file("f", &signers).stdout(PRINTED).code(0);
    }
    // In the signer's file alone.
    for (signers, evidence, how) in [
        (format!("{long}\n"), "with a line break at its end", "that ends in one"),
        (format!("{long}\r\n"), "with a Windows line break (CRLF) at its end", "that ends in one"),
        (format!("{long} "), "with a space at its end", "that ends in one"),
        (format!("{long}\n{long}"), "with its \\\\n as line breaks", "with real ones"),
    ] {
        let given = if signers.ends_with(char::is_whitespace) {
            long.to_owned()
        } else {
            format!("{long}\\n{long}")
        };
        misread(signers.as_bytes(), &given)
            .evidence(&format!("the secret matches {evidence}").replace("\\\\", "\\"))
            .hint(&format!("put it into a file {how}, and give that with --secret-file FILE --secret-format raw"))
            .code(4);
        verify(signers.as_bytes(), &raw).file("f", &signers).stdout(PRINTED).code(0);
    }
}

#[test]
fn two_mistakes_at_once_are_both_explained() {
    let base64 = STANDARD.encode(SECRET);
    misread(SECRET.as_bytes(), &format!("\"{base64}\""))
        .evidence("the secret matches without the quotes around it, decoded from base64")
        .hint("remove the quotes and everything outside them from S; use --secret-format base64")
        .code(4);
    verify(SECRET.as_bytes(), &["--secret-env", "S", "--secret-format", "base64"])
        .env("S", &base64)
        .stdout(PRINTED)
        .code(0);
}

/// What is signed of a token whose header names an algorithm.
fn input(alg: &str) -> String {
    let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
    format!("{}.{}", base64url(header), base64url(CLAIMS))
}

/// The PKCS#8 of a key of `tests/keys`.
pub fn pkcs8(name: &str) -> Vec<u8> {
    let pem = text(&key(name));
    STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap()
}

fn by_rsa(name: &str, alg: &str, message: &str) -> Vec<u8> {
    let padding: &dyn RsaEncoding = match alg {
        "RS256" => &RSA_PKCS1_SHA256,
        "RS384" => &RSA_PKCS1_SHA384,
        "PS256" => &RSA_PSS_SHA256,
        other => panic!("{other}"),
    };
    let pair = RsaKeyPair::from_pkcs8(&pkcs8(name)).unwrap();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    signature
}

fn by_hmac(alg: &str, message: &str) -> Vec<u8> {
    let hash = match alg {
        "HS256" => hmac::HMAC_SHA256,
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        other => panic!("{other}"),
    };
    hmac::sign(&hmac::Key::new(hash, SECRET.as_bytes()), message.as_bytes()).as_ref().to_vec()
}

#[test]
fn a_header_with_another_alg_than_was_used_is_explained() {
    let hint = |alg: &str| format!("the signer must write \"alg\": \"{alg}\" into the header");
    for (says, used) in [("RS256", "PS256"), ("PS384", "RS384"), ("RS512", "RS256")] {
        let name = "rsa2048.pkcs8.private.pem";
        clocked(&["verify", "-k", name])
            .key(name)
            .stdin(format!("{}.{}", input(says), base64url(by_rsa(name, used, &input(says)))))
            .error(&format!("the signature does not match: checked as {says} with the RSA 2048-bit private key ({name})"))
            .evidence(&format!("it matches as {used}: the header names another algorithm than the signer used"))
            .hint(&hint(used))
            .code(4);
        let fixed = clocked(&["encode", CLAIMS, "-k", name, "-A", used]).key(name).output().stdout;
        clocked(&["verify", "-k", name]).key(name).stdin(fixed).stdout(PRINTED).code(0);
    }
    for (says, used) in [("HS256", "HS512"), ("HS512", "HS384")] {
        let made = format!("{}.{}", input(says), base64url(by_hmac(used, &input(says))));
        clocked(&["verify"])
            .env("JWTCTL_SECRET", SECRET)
            .stdin(made)
            .error(&format!("the signature does not match: checked as {says} with the HMAC secret (JWTCTL_SECRET)"))
            .evidence(&format!("it matches as {used}: the header names another algorithm than the signer used"))
            .hint(&hint(used))
            .code(4);
        let fixed = clocked(&["encode", CLAIMS, "-A", used]).env("JWTCTL_SECRET", SECRET);
        let fixed = fixed.output().stdout;
        clocked(&["verify"]).env("JWTCTL_SECRET", SECRET).stdin(fixed).stdout(PRINTED).code(0);
    }
}

#[test]
fn an_ecdsa_signature_in_der() {
    let name = "p256.pkcs8.private.pem";
    let input = input("ES256");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8(name)).unwrap();
    let signature = pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    clocked(&["verify", "-k", name])
        .key(name)
        .stdin(format!("{input}.{}", base64url(signature.as_ref())))
        .error(&format!("the signature does not match: checked as ES256 with the P-256 private key ({name})"))
        .evidence("it matches as an ASN.1 signature: the signer wrote DER")
        .hint("the signer must write r and s side by side (RFC 7518 section 3.4): SHA256withECDSAinP1363Format in Java, dsaEncoding: 'ieee-p1363' in Node")
        .code(4);
}

#[test]
fn a_signature_that_was_encoded_twice_is_explained() {
    let token = token(CLAIMS);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let bytes = by_hmac("HS256", input);
    let hex = base16ct::lower::encode_string(&bytes);
    for (encoding, again) in
        [("hex", hex), ("base64", format!("{}=", STANDARD.encode(&bytes).trim_end_matches('=')))]
    {
        clocked(&["verify"])
            .env("JWTCTL_SECRET", SECRET)
            .stdin(format!("{input}.{}", base64url(again)))
            .error(&format!("{MISMATCH} (JWTCTL_SECRET)"))
            .evidence(&format!("it matches once decoded from {encoding}: the signer encoded it twice"))
            .hint(&format!("the signer must encode the signature's bytes, not their {encoding} (RFC 7515 section 5.1)"))
            .code(4);
    }
    // What it asks for verifies.
    let fixed = format!("{input}.{}", base64url(&bytes));
    assert!(fixed.ends_with(signature));
    clocked(&["verify"]).env("JWTCTL_SECRET", SECRET).stdin(fixed).stdout(PRINTED).code(0);
}

/// A token by the private key `p256`, with these flags.
fn by_p256(flags: &[&str]) -> String {
    let name = "p256.pkcs8.private.pem";
    let call = clocked(&[&["encode", "--user", "123", "-k", name], flags].concat()).key(name);
    text(&call.output().stdout)
}

/// What `jq '.keys[i] | del(.kid)'` makes of a set.
fn one_without_kid(set: &str, i: usize) -> String {
    let mut set: Value = serde_json::from_str(set).unwrap();
    set["keys"][i].as_object_mut().unwrap().remove("kid");
    set["keys"][i].to_string()
}

const OTHER_P256: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

#[test]
fn a_token_with_the_kid_of_another_key_is_explained() {
    let set = jwks(&[jwk(&[OTHER_P256, r#""kid":"a""#]), jwk(&[P256, r#""kid":"b""#])]);
    let verify =
        |token: &str| clocked(&["verify", "--jwks", "s.json"]).file("s.json", &set).stdin(token);
    let token = by_p256(&["--kid", "a"]);
    verify(&token)
        .error("the signature does not match: checked as ES256 with key \"a\" of s.json (P-256 public key)")
        .evidence("it matches key \"b\" of s.json: the token names another key than it was signed with")
        .hint("if it is the right key: jq '.keys[1] | del(.kid)' s.json | jwtctl verify --key - TOKEN")
        .code(4);
    let missing = by_p256(&["--kid", "c"]);
    verify(&missing)
        .error("the token's \"kid\" is \"c\", and s.json has no such key")
        .evidence("key \"b\" of s.json matches the signature")
        .evidence("it has \"a\", \"b\"")
        .hint("if it is the right key: jq '.keys[1] | del(.kid)' s.json | jwtctl verify --key - TOKEN")
        .code(4);
    for token in [&token, &missing] {
        clocked(&["verify", "--key", "-", token.trim()])
            .stdin(one_without_kid(&set, 1))
            .stdout(PRINTED)
            .code(0);
    }
    // A path that a shell would read otherwise is not put into the call.
    clocked(&["verify", "--jwks", "s $(x).json"])
        .file("s $(x).json", &set)
        .stdin(&token)
        .error("the signature does not match: checked as ES256 with key \"a\" of s $(x).json (P-256 public key)")
        .evidence("it matches key \"b\" of s $(x).json: the token names another key than it was signed with")
        .hint("if it is the right key: jq '.keys[1] | del(.kid)' FILE | jwtctl verify --key - TOKEN")
        .code(4);
}

#[test]
fn a_key_that_matches_and_may_not_be_used_is_not_advised() {
    let barred = |terms: &str| {
        jwks(&[jwk(&[OTHER_P256, r#""kid":"a""#]), jwk(&[P256, r#""kid":"b""#, terms])])
    };
    for (terms, words) in [
        (r#""use":"enc""#, r#"is not for verifying: its "use" is "enc""#),
        (r#""key_ops":["sign"]"#, r#"is not for verifying: its "key_ops" is ["sign"]"#),
        (r#""alg":"ECDH-ES""#, r#"signs nothing: its "alg" is "ECDH-ES""#),
    ] {
        clocked(&["verify", "--jwks", "s.json"])
            .file("s.json", barred(terms))
            .stdin(by_p256(&[]))
            .error("the signature does not match: checked as ES256 with key \"a\" of s.json (P-256 public key)")
            .evidence(&format!("it matches key \"b\" of s.json, and it {words}"))
            .hint("sign with a key that is meant for it, or correct the key's entry in the set")
            .code(4);
    }
}

#[test]
fn an_algorithm_that_the_key_may_not_serve_is_not_advised() {
    let name = "rsa2048.pkcs8.private.pem";
    let jwk = jwtctl(&["key", "convert", "--format", "jwk", name]).key(name).output().stdout;
    let jwk = text(&jwk).replacen('{', r#"{"alg":"RS256","#, 1);
    let signature = base64url(by_rsa(name, "RS384", &input("RS256")));
    let output = clocked(&["verify", "-k", "k.jwk"])
        .file("k.jwk", jwk)
        .stdin(format!("{}.{signature}", input("RS256")))
        .output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4));
    assert!(said.ends_with("hint: the signer must sign as the header says\n"), "{said}");
}

#[test]
fn an_explanation_costs_a_bounded_time() {
    // What is tried is bounded: of a token this large only the length is said.
    let payload = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    let token = format!("{}.{}.{}", base64url(HEADER), base64url(payload), base64url([1; 31]));
    verify_text(&token)
        .evidence("it has 31 bytes instead of 32")
        .hint("was the token cut off at the end? Copy it again")
        .code(4);
    let long = base64url(vec![b'a'; 5000]);
    verify_text(&format!("{}.{}.{long}", base64url(HEADER), base64url(CLAIMS)))
        .evidence("it has 5000 bytes instead of 32")
        .hint("was something added to the token's end, or was it signed with another kind of key?")
        .code(4);
}

/// Verifies a text whose signature does not match.
fn verify_text(token: &str) -> Call {
    let call = clocked(&["verify"]).env("JWTCTL_SECRET", SECRET).stdin(token);
    call.error(&format!("{MISMATCH} (JWTCTL_SECRET)"))
}

#[test]
fn a_token_of_another_key_of_the_same_file_is_explained() {
    let token = by_p256(&[]);
    let private = jwtctl(&["key", "new", "--alg", "ES256"]).output().stdout;
    let both = [key("p256.certificate.pem"), private].concat();
    clocked(&["verify", "-k", "k.pem"])
        .file("k.pem", both)
        .stdin(&token)
        .error("the signature does not match: checked as ES256 with the P-256 private key (k.pem)")
        .evidence("it matches another key of k.pem: the P-256 public key in its block CERTIFICATE")
        .hint(
            "a CA's key must not verify tokens; if the certificate is the signer's own, put it into a \
             separate file",
        )
        .code(4);
    clocked(&["verify", "-k", "k.pem"])
        .file("k.pem", key("p256.certificate.pem"))
        .stdin(&token)
        .stdout(PRINTED)
        .code(0);
}

#[test]
fn a_signature_that_is_cut_or_too_long_is_named() {
    let token = token(CLAIMS);
    let (input, _) = token.rsplit_once('.').unwrap();
    let bytes = by_hmac("HS256", input);
    let verify = |signature: &[u8]| {
        let token = format!("{input}.{}", base64url(signature));
        clocked(&["verify"]).env("JWTCTL_SECRET", SECRET).stdin(token)
    };
    verify(&bytes[..30])
        .error(&format!("{MISMATCH} (JWTCTL_SECRET)"))
        .evidence("it has 30 bytes instead of 32")
        .hint("was the token cut off at the end? Copy it again")
        .code(4);
    verify(&[&bytes[..], &[0]].concat())
        .error(&format!("{MISMATCH} (JWTCTL_SECRET)"))
        .evidence("it has 33 bytes instead of 32")
        .hint("was something added to the token's end, or was it signed with another kind of key?")
        .code(4);
    verify(&bytes).stdout(PRINTED).code(0);
}

#[test]
fn what_nothing_explains_is_not_explained() {
    misread(b"another secret of at least 32 bytes", SECRET)
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
}

#[test]
fn refresh_explains_as_verify_does() {
    let token = signed_with(SECRET.as_bytes(), HEADER, CLAIMS);
    let base64 = STANDARD.encode(SECRET);
    clocked(&["refresh", "--secret-env", "S"])
        .env("S", &base64)
        .stdin(&token)
        .error(&format!("{MISMATCH} (S)"))
        .evidence("the secret matches decoded from base64")
        .hint("use --secret-format base64")
        .code(4);
    clocked(&["refresh", "--secret-env", "S", "--secret-format", "base64"])
        .env("S", &base64)
        .stdin(&token)
        .stdout(line(&token))
        .code(0);
}

#[test]
fn the_verdict_and_the_secret_stay_what_they_were() {
    let base64 = STANDARD.encode(SECRET);
    let call = verify(SECRET.as_bytes(), &["--secret-env", "S", "--json"]).env("S", &base64);
    let output = call.output();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert_eq!((&report["ok"], &report["claims"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(report["problems"][0]["code"], "bad-signature");
    assert_eq!(report["problems"][0]["hint"], "use --secret-format base64");
    assert_eq!(report["problems"][0]["evidence"][0], "the secret matches decoded from base64");
    assert!(
        !text(&output.stdout).contains(&SECRET[..8])
            && !text(&output.stdout).contains(&base64[..8])
    );
}

const GRAPH: &str = "only that API can verify it: request a token for your own API, with a scope such as \
                     api://CLIENT-ID/.default";

#[test]
fn a_token_signed_over_a_hashed_nonce_is_reported_as_microsofts_own() {
    let nonce = "2mcGtFKjeHKlOzPqxjvOM9_OD5EQeYfGu6YtfEFHuBk";
    let claims =
        r#"{"aud":"00000003-0000-0000-c000-000000000000","iss":"https://sts.windows.net/t/"}"#;
    let name = "rsa2048.spki.public.pem";
    let error = format!(
        "the signature does not match: checked as RS256 with the RSA 2048-bit public key ({name})"
    );
    for header in [
        format!(r#"{{"typ":"JWT","nonce":"{nonce}","alg":"RS256","x5t":"T1St","kid":"T1St"}}"#),
        // The rest of it is signed as it is spelled.
        format!(
            r#"{{ "x":{{"nonce":"{nonce}!"}}, "y":"{nonce}?", "alg" :"RS256", "nonce": "{nonce}" }}"#
        ),
    ] {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, nonce.as_bytes());
        let signed = header.replace(&format!("\"{nonce}\""), &format!("\"{}\"", base64url(hash)));
        let message = format!("{}.{}", base64url(&signed), base64url(claims));
        let signature = by_rsa("rsa2048.pkcs8.private.pem", "RS256", &message);
        let token =
            format!("{}.{}.{}", base64url(&header), base64url(claims), base64url(&signature));
        clocked(&["verify", "--key", name])
            .key(name)
            .stdin(&token)
            .error(&error)
            .evidence("it matches if the header's \"nonce\" is replaced by its SHA-256 hash, as in tokens that Microsoft issues for its own APIs, such as Microsoft Graph")
            .hint(GRAPH)
            .code(4);
        // No known key has signed it, so that only its form tells.
        let forged =
            format!("{}.{}.{}", base64url(&header), base64url(claims), base64url(vec![1; 256]));
        clocked(&["verify", "--key", name])
            .key(name)
            .stdin(&forged)
            .error(&error)
            .evidence(LOOK)
            .hint(GRAPH)
            .code(4);
    }
}

const LOOK: &str = "it looks like a token for one of Microsoft's own APIs, such as Microsoft Graph: these have a \"nonce\" in the header that is hashed before signing";

#[test]
fn a_nonce_or_a_microsoft_issuer_alone_is_not_reported() {
    let graph =
        |header: &str, issuer: &str| signed_with(b"x", header, format!(r#"{{"iss":"{issuer}"}}"#));
    let (with, without) = (r#"{"alg":"RS256","nonce":"n"}"#, r#"{"alg":"RS256"}"#);
    let microsoft = "https://login.microsoftonline.com/t/v2.0";
    for (header, issuer, is_told) in [
        (with, microsoft, true),
        (with, "https://sts.windows.net/t/", true),
        (with, "https://a.ciamlogin.com/t/v2.0", true),
        (without, microsoft, false),
        (with, "https://issuer.example/login.microsoftonline.com", false),
        (with, "https://notsts.windows.net.example/", false),
        (with, "https://evilsts.windows.net/", false),
        (r#"{"alg":"RS256","nonce":1}"#, microsoft, false),
    ] {
        // No key supports it, or none has its kid: it is recognised all the same.
        let call = clocked(&["verify"]).env("JWTCTL_SECRET", SECRET).stdin(graph(header, issuer));
        let output = call.output();
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(text(&output.stderr).contains(LOOK), is_told, "{header} {issuer}");
    }
    let set = jwks(&[jwk(&[OTHER_P256, r#""kid":"a""#])]);
    let token = graph(r#"{"alg":"ES256","kid":"b","nonce":"n"}"#, microsoft);
    let output = clocked(&["verify", "--jwks", "set"]).file("set", set).stdin(token).output();
    assert!(text(&output.stderr).contains(LOOK), "{}", text(&output.stderr));
}
