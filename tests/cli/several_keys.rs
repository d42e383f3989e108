//! Files with several keys that are not a JWK Set: PEM blocks and OpenSSH lines. They are a set without `kid`, and a CA's
//! key among them verifies no token.

use crate::harness::{Call, PRINTED, clocked, jwtctl, key, line, parts, text};

const P256: &str = "p256.pkcs8.private.pem";
const P256_PUBLIC: &str = "p256.spki.public.pem";
const P256_CERTIFICATE: &str = "p256.certificate.pem";
const P384: &str = "p384.pkcs8.private.pem";
const ED25519: &str = "ed25519.pkcs8.private.pem";
const ED25519_PUBLIC: &str = "ed25519.spki.public.pem";
const RSA: &str = "rsa2048.pkcs8.private.pem";
const RSA_PUBLIC: &str = "rsa2048.spki.public.pem";
const LEAF: &str = "certificate.leaf.pem";
const ANOTHER_LEAF: &str = "certificate.another-leaf.pem";
const INTERMEDIATE: &str = "certificate.intermediate.pem";
const ROOT: &str = "certificate.root.pem";
const ROOT_V1: &str = "certificate.root-v1.pem";
const SELF_SIGNED: &str = "certificate.self-signed.pem";

/// Files of `tests/keys`, one behind the other.
fn joined(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| key(name)).collect()
}

/// A token by a key of `tests/keys`.
fn by(name: &str, flags: &[&str]) -> String {
    let args = [&["encode", "--user", "123", "-k", name], flags].concat();
    let output = clocked(&args).key(name).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    text(&output.stdout).trim_end().to_owned()
}

/// A call on a file of these keys.
fn on(args: &[&str], names: &[&str]) -> Call {
    clocked(args).file("k.pem", joined(names))
}

fn verify(names: &[&str], token: &str) -> Call {
    on(&["verify", "-k", "k.pem", token], names)
}

fn encode(names: &[&str], flags: &[&str]) -> Call {
    on(&[&["encode", "--user", "123", "-k", "k.pem"], flags].concat(), names)
}

#[track_caller]
fn verifies(names: &[&str], token: &str) {
    verify(names, token).stdout(PRINTED).code(0);
}

#[track_caller]
fn refuses(names: &[&str], token: &str) {
    let output = verify(names, token).output();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0), "{names:?}");
}

#[test]
fn a_token_is_checked_with_each_key_that_can_serve_it() {
    let all = [P256_PUBLIC, ED25519_PUBLIC, "rsa2048.pkcs1.public.pem", "p384.spki.public.pem"];
    for signer in [P256, ED25519, RSA, P384] {
        verifies(&all, &by(signer, &[]));
        // A kid picks none of them: PEM has no key IDs.
        verifies(&all, &by(signer, &["--kid", "any"]));
        refuses(&all, &by("p256-short-point.pkcs8.private.pem", &[]));
    }
    // Of one kind.
    let of_one_kind = [P256_PUBLIC, "p256-short-point.spki.public.pem"];
    verifies(&of_one_kind, &by(P256, &[]));
    verifies(&of_one_kind, &by("p256-short-point.pkcs8.private.pem", &["--kid", "a"]));
    // By every flag that takes a file.
    let token = by(ED25519, &[]);
    on(&["verify", "--jwks", "k.pem", &token], &all).stdout(PRINTED).code(0);
    let variable = text(&joined(&all)).replace('\n', "\\n");
    clocked(&["verify", "--key-env", "K", &token]).env("K", &variable).stdout(PRINTED).code(0);
    on(&["verify", "-k", "k.pem", "--alg", "ES256", &token], &all)
        .error("the token's \"alg\" is EdDSA, and --alg allows only ES256")
        .code(4);
}

#[test]
fn a_block_that_is_no_usable_key_does_not_spoil_the_rest() {
    let names = ["refused.p256-point-off-curve.spki.pem", P256_PUBLIC, "rsa1024.spki.public.pem"];
    verifies(&names, &by(P256, &[]));
    verify(&[names[0], names[2]], &by(P256, &[]))
        .error("k.pem holds 2 keys and none to verify with")
        .evidence("key 1 is not a valid P-256 public key (its point is not on the curve)")
        .evidence(
            "key 2 is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)",
        )
        .code(7);
}

#[test]
fn the_only_key_that_can_sign_signs() {
    let header = |call: &Call| {
        let output = call.output();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
        parts(&text(&output.stdout)).0
    };
    let es256 = r#"{"alg":"ES256","typ":"JWT"}"#;
    assert_eq!(header(&encode(&[P256, ED25519_PUBLIC], &[])), es256);
    assert_eq!(header(&encode(&[P256, ED25519], &["--alg", "ES256"])), es256);
    assert_eq!(
        header(&encode(&[P256, ED25519], &["--alg", "EdDSA", "--kid", "a"])),
        r#"{"alg":"EdDSA","typ":"JWT","kid":"a"}"#
    );
    encode(&[P256, ED25519], &[])
        .error("k.pem holds 2 keys that can sign, but exactly one is needed")
        .evidence("key 1")
        .evidence("key 2")
        .hint("give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID")
        .code(7);
    encode(&[P256, ED25519_PUBLIC], &["--alg", "EdDSA"])
        .error("k.pem holds 2 keys and none to sign with")
        .evidence("key 1 (P-256 private key) does not support EdDSA")
        .evidence("key 2 (Ed25519 public key) cannot sign")
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
    // A renewed token is signed by the key that verified it.
    for (signer, wanted) in [(P256, es256), (ED25519, r#"{"alg":"EdDSA","typ":"JWT"}"#)] {
        let refresh = on(&["refresh", "-k", "k.pem", &by(signer, &[])], &[P256, ED25519]);
        assert_eq!(header(&refresh), wanted);
    }
}

#[test]
fn a_repeated_key_is_one_key() {
    for names in [
        [P256, P256_PUBLIC],
        [P256_PUBLIC, P256],
        [P256, P256],
        [P256, P256_CERTIFICATE],
        [P256_CERTIFICATE, P256],
        [P256, "p256.compressed-point.spki.public.pem"],
        [P256, "p256.openssh.private.pem"],
    ] {
        let thumbprint = "Tz9lelxMPsot26undt107aM66wLEZ4SaGJQ48GOPUrk";
        let of = |verb: &[&str]| {
            jwtctl(&[&["key"], verb, &["k.pem"]].concat()).file("k.pem", joined(&names))
        };
        of(&["thumbprint"]).stdout(line(thumbprint)).code(0);
        of(&["convert", "--format", "pem"]).stdout(key(P256)).code(0);
        verifies(&names, text(&encode(&names, &[]).output().stdout).trim_end());
    }
    for names in [
        [P256_PUBLIC, P256_CERTIFICATE],
        [P256_CERTIFICATE, P256_CERTIFICATE],
        [P256_PUBLIC, "p256.compressed-point.spki.public.pem"],
    ] {
        let public = jwtctl(&["key", "public", "k.pem"]).file("k.pem", joined(&names));
        public.stdout(key(P256_PUBLIC)).code(0);
    }
    // Halves of two keys are two keys.
    verifies(&[P256, ED25519, P256_PUBLIC, ED25519_PUBLIC], &by(ED25519, &[]));
    let both = jwtctl(&["key", "show", "k.pem"])
        .file("k.pem", joined(&[P256_PUBLIC, ED25519, P256, ED25519_PUBLIC]))
        .output();
    assert_eq!(text(&both.stdout).matches("private key").count(), 2, "{}", text(&both.stdout));
    assert_eq!(text(&both.stdout).matches("public key").count(), 0);
}

/// RFC 5280: the key of a CA signs certificates.
#[test]
fn only_the_leaf_of_a_certificate_chain_verifies() {
    let (leaf, another) = (by(P256, &[]), by(ED25519, &[]));
    let cas = [by(P384, &[]), by(RSA, &[])];
    for names in [
        &[LEAF, INTERMEDIATE, ROOT][..],
        &[ROOT, INTERMEDIATE, LEAF],
        &[INTERMEDIATE, LEAF],
        &[LEAF, INTERMEDIATE],
        // The one between them is missing, and a certificate of version 1 does not say what it is.
        &[LEAF, ROOT],
        &[LEAF, ROOT_V1],
        &[ROOT_V1, LEAF, INTERMEDIATE],
        &[LEAF, LEAF, ROOT],
        &[P256_PUBLIC, LEAF, INTERMEDIATE, ROOT],
        &[P256, LEAF, INTERMEDIATE, ROOT],
        &[LEAF, INTERMEDIATE, ROOT, P256],
    ] {
        verifies(names, &leaf);
        for ca in &cas {
            refuses(names, ca);
        }
        // One key, which can be written.
        let public = jwtctl(&["key", "public", "k.pem"]).file("k.pem", joined(names));
        public.stdout(key(P256_PUBLIC)).code(0);
    }
    // Beside a public key too, with no certificate of its own.
    for names in [[P256_PUBLIC, INTERMEDIATE], [INTERMEDIATE, P256_PUBLIC], [P256_PUBLIC, ROOT]] {
        verifies(&names, &leaf);
        for ca in &cas {
            refuses(&names, ca);
        }
    }
    for names in
        [[LEAF, ANOTHER_LEAF, INTERMEDIATE, ROOT], [ROOT, ANOTHER_LEAF, INTERMEDIATE, LEAF]]
    {
        verifies(&names, &leaf);
        verifies(&names, &another);
        for ca in &cas {
            refuses(&names, ca);
        }
    }
}

#[test]
fn each_of_several_self_signed_certificates_is_a_key() {
    for names in [[P256_CERTIFICATE, SELF_SIGNED], [SELF_SIGNED, P256_CERTIFICATE]] {
        verifies(&names, &by(P256, &[]));
        verifies(&names, &by(ED25519, &[]));
    }
    // Not one whose key may sign only certificates.
    verifies(&[P256_CERTIFICATE, ROOT], &by(P256, &[]));
    refuses(&[P256_CERTIFICATE, ROOT], &by(RSA, &[]));
}

#[test]
fn ca_certificates_are_not_keys() {
    let damaged = text(&key(ROOT)).replacen("MII", "MIA", 1).into_bytes();
    for (names, more, labels) in [
        (&[INTERMEDIATE, ROOT][..], Vec::new(), "2 keys (CERTIFICATE, CERTIFICATE)"),
        (&[ROOT, ROOT], Vec::new(), "2 keys (CERTIFICATE, CERTIFICATE)"),
        (&[LEAF], damaged, "2 keys (CERTIFICATE, CERTIFICATE)"),
    ] {
        let content = [joined(names), more].concat();
        clocked(&["verify", "-k", "k.pem", &by(RSA, &[])])
            .file("k.pem", content)
            .error(&format!("k.pem holds {labels}, but exactly one is needed"))
            .hint("a bundle of certificates: keep the one whose key signs; for the first: openssl x509 -in BUNDLE -out first.pem")
            .code(7);
    }
}

#[test]
fn one_password_opens_one_key() {
    const ENCRYPTED: &str = "p256.encrypted.pkcs8.pem";
    const PASSWORD: &str = "correct horse";
    let names = [ED25519_PUBLIC, ENCRYPTED];
    for token in [by(P256, &[]), by(ED25519, &[])] {
        verify(&names, &token).env("JWTCTL_KEY_PASSWORD", PASSWORD).stdout(PRINTED).code(0);
        verify(&names, &token)
            .env("JWTCTL_KEY_PASSWORD", "wrong")
            .error("k.pem cannot be opened with the password")
            .code(7);
    }
    encode(&[ENCRYPTED, "p256.encrypted-scrypt.pkcs8.pem"], &[])
        .env("JWTCTL_KEY_PASSWORD", PASSWORD)
        .error(
            "k.pem holds 2 keys (ENCRYPTED PRIVATE KEY, ENCRYPTED PRIVATE KEY), but exactly one is needed",
        )
        .hint("keep one key in each file; jwtctl key set FILE… makes a JWK Set of several")
        .code(7);
}

#[test]
fn the_verbs_of_key_take_such_a_file_for_a_set() {
    let names = [P256_CERTIFICATE, RSA_PUBLIC];
    let of = |verb: &[&str]| {
        jwtctl(&[&["key"], verb, &["k.pem"]].concat()).file("k.pem", joined(&names))
    };
    let shown = text(&of(&["show"]).output().stdout);
    for said in [
        "key 1\n",
        "kind        P-256 public key\n",
        "format      X.509 certificate in PEM\n",
        "key 2\n",
        "kind        RSA 2048-bit public key\n",
        "format      SPKI in PEM\n",
    ] {
        assert!(shown.contains(said), "{shown}");
    }
    let report = text(&of(&["show", "--json"]).output().stdout);
    assert!(report.contains(r#""subject": "CN=jwtctl""#), "{report}");
    for verb in [&["public"][..], &["convert", "--format", "pem"], &["thumbprint"]] {
        of(verb)
            .error("k.pem holds 2 keys, but exactly one is needed")
            .hint("jwtctl key show lists them; keep one key in each file, or make a JWK Set of them with jwtctl key set")
            .code(7);
    }
    // The set that the hint speaks of.
    let set = of(&["set"]).output();
    assert_eq!((set.status.code(), text(&set.stderr)), (Some(0), String::new()));
    for signer in [P256, RSA] {
        clocked(&["verify", "--jwks", "s.json", &by(signer, &[])])
            .file("s.json", &set.stdout)
            .stdout(PRINTED)
            .code(0);
    }
}

#[test]
fn a_report_says_how_many_keys_there_are() {
    let output = on(&["verify", "--json", "-k", "k.pem", "x"], &[P256_PUBLIC, RSA_PUBLIC]).output();
    assert!(text(&output.stdout).contains(r#""kind": "2 keys""#), "{}", text(&output.stdout));
}

#[test]
fn lines_of_openssh_are_a_set_too() {
    let names =
        ["p256.openssh.public.txt", "rsa2048.openssh.public.txt", "p384.openssh.public.txt"];
    for signer in [P256, RSA, P384] {
        verifies(&names, &by(signer, &["--kid", "a"]));
    }
    refuses(&names, &by("p256-short-point.pkcs8.private.pem", &[]));
    let twice = jwtctl(&["key", "public", "k.pub"]).file("k.pub", joined(&[names[0], names[0]]));
    twice.stdout(key(P256_PUBLIC)).code(0);
}

#[test]
fn a_file_of_too_many_keys_is_refused() {
    let content = key(P256_PUBLIC).repeat(1001);
    jwtctl(&["key", "show", "k.pem"])
        .file("k.pem", content)
        .error("k.pem holds 1001 keys; a set of more than 1000 is not read")
        .code(7);
}
