//! `--x5c-root`: tokens with the certificate chain of their signer. `tests/x5c.rs` has the chains that are refused.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::{CLAIMS, Call, PRINTED, clocked, jwtctl, key, line, parts, text};

#[derive(Deserialize)]
struct Fixtures {
    roots: HashMap<String, String>,
    chains: HashMap<String, Vec<String>>,
}

static FIXTURES: LazyLock<Fixtures> =
    LazyLock::new(|| serde_json::from_str(include_str!("../x5c/chains.json")).unwrap());

const P256: &str = "p256.pkcs8.private.pem";
const ED25519: &str = "ed25519.pkcs8.private.pem";
const LEAF_OID: &str = "1.2.840.113635.100.6.11.1";
const ISSUER_OID: &str = "issuer:1.2.840.113635.100.6.2.1";
const ANY: &str = "--x5c-any-leaf";

/// A token by a key of `tests/keys` with this chain.
fn signed(name: &str, chain: &Value, flags: &[&str]) -> String {
    let x5c = format!("x5c:={chain}");
    let args = [&["encode", CLAIMS, "-k", name, "--header", &x5c], flags].concat();
    let output = clocked(&args).key(name).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    text(&output.stdout).trim_end().to_owned()
}

/// A token by the key of the leaf of a chain.
fn by(chain: &str) -> String {
    signed(P256, &json!(FIXTURES.chains[chain]), &[])
}

/// A token by the same key, without a chain.
fn bare(flags: &[&str]) -> String {
    let output = clocked(&[&["encode", CLAIMS, "-k", P256], flags].concat()).key(P256).output();
    text(&output.stdout).trim_end().to_owned()
}

/// A call that trusts a root.
fn trusting(root: &str, args: &[&str]) -> Call {
    clocked(&[args, &["--x5c-root", "./r.pem"]].concat()).file("r.pem", &FIXTURES.roots[root])
}

fn verify(token: &str, root: &str, flags: &[&str]) -> Call {
    trusting(root, &[&["verify", token], flags].concat())
}

#[test]
fn a_token_is_verified_with_the_certificate_of_its_signer() {
    for flags in [
        &[ANY][..],
        &["--x5c-name", "signer.example"],
        &["--x5c-oid", LEAF_OID, "--x5c-oid", ISSUER_OID],
    ] {
        verify(&by("good"), "root", flags).stdout(PRINTED).code(0);
    }
    verify(&by("pinned"), "leaf", &[]).stdout(PRINTED).code(0);
    let report = verify(&by("good"), "root", &[ANY, "--json"]).output();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["key"]["source"], "certificate CN=Leaf, trusted by ./r.pem");
    assert_eq!(report["key"]["kind"], "P-256 public key");
    assert_eq!(report["key"]["algorithm"], "ES256");
}

#[test]
fn a_chain_that_is_not_accepted_is_refused_with_the_reason() {
    verify(&by("expired leaf"), "root", &[ANY])
        .error("certificate 1 of the header's \"x5c\" (CN=Leaf) expired 2021-01-01 00:00:00 UTC")
        .hint("was the token meant for an earlier time? --at TIME checks it as of then")
        .code(4);
    verify(&by("good"), "other", &[ANY])
        .error("certificate 2 of the header's \"x5c\" (CN=Intermediate) was issued by \"CN=Root\", which is neither trusted nor in the chain")
        .hint("is it the right CA? Only the certificates of ./r.pem are trusted")
        .code(4);
    verify(&by("good"), "root", &["--x5c-name", "other.example"])
        .error("certificate 1 of the header's \"x5c\" (CN=Leaf) is not for other.example: it has signer.example, *.wild.example, spiffe://example/signer, signer@example.com, CN=Leaf")
        .hint("is it the right signer? --x5c-name NAME says who is meant")
        .code(4);
    verify(&signed(P256, &json!([]), &[]), "root", &[ANY])
        .error("the header's \"x5c\" is empty")
        .code(4);
    verify(&bare(&[]), "root", &[ANY])
        .error("the token has no certificate chain: its header has no \"x5c\"")
        .hint("with --x5c-root alone, a token needs the certificates of its signer; a key of the signer goes to --key")
        .code(4);
    // The report names what was trusted.
    let report = verify(&bare(&[]), "root", &[ANY, "--json"]).output();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["problems"][0]["code"], "x5c-missing");
    assert_eq!(report["key"]["kind"], "certificate chain");
    assert_eq!(report["key"]["source"], "./r.pem");
    // The time is that of --at.
    let past = clocked(&[
        "verify",
        &by("expired leaf"),
        "--x5c-root",
        "r.pem",
        ANY,
        "--at",
        "2020-06-01",
        "--allow-expired",
    ]);
    let past = past.file("r.pem", &FIXTURES.roots["root"]).output();
    assert_eq!(past.status.code(), Some(2), "the clock is given twice");
    let past =
        jwtctl(&["verify", &by("expired leaf"), "--x5c-root", "r.pem", ANY, "--at", "2020-06-01"]);
    let past = past.file("r.pem", &FIXTURES.roots["root"]).output();
    assert_eq!(past.status.code(), Some(5), "{}", text(&past.stderr));
}

#[test]
fn the_key_of_the_first_certificate_decides() {
    let chain = json!(FIXTURES.chains["good"]);
    // Another key signed.
    verify(&signed("p256-short-point.pkcs8.private.pem", &chain, &[]), "root", &[ANY])
        .error("the signature does not match: checked as ES256 with the P-256 public key (certificate CN=Leaf, trusted by ./r.pem)")
        .hint("the token was signed with another key, or changed after it was signed")
        .code(4);
    let other = signed(ED25519, &chain, &[]);
    let refused = verify(&other, "root", &[ANY]).output();
    assert!(
        text(&refused.stderr)
            .starts_with("error: the token's \"alg\" is \"EdDSA\", which the P-256 public key"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(refused.status.code(), Some(4));
    verify(&signed(ED25519, &json!(FIXTURES.chains["ed25519"]), &[]), "root", &[ANY])
        .stdout(PRINTED)
        .code(0);
    verify(&by("good"), "root", &[ANY, "-A", "RS256"])
        .error("the token's \"alg\" is ES256, and --alg allows only RS256")
        .code(4);
    // A kid says nothing about it.
    verify(&signed(P256, &chain, &["--kid", "any"]), "root", &[ANY]).stdout(PRINTED).code(0);
}

#[test]
fn without_the_flag_a_chain_is_ignored() {
    let call = clocked(&["verify", &by("expired leaf"), "-k", "k.pem"]);
    call.file("k.pem", key("p256.spki.public.pem")).stdout(PRINTED).code(0);
    clocked(&["verify", &by("good"), "-k", "k.pem"])
        .file("k.pem", key("ed25519.spki.public.pem"))
        .error("the token's \"alg\" is \"ES256\", which the Ed25519 public key (k.pem) does not support")
        .hint("ES256 is checked with a P-256 public key: --key PATH, --jwks PATH|URL or --oidc ISSUER; this key supports EdDSA and Ed25519")
        .code(4);
}

#[test]
fn beside_other_keys_the_key_of_a_chain_is_one_of_the_set() {
    let verify = |token: &str, name: &str| {
        verify(token, "root", &[ANY, "-k", "./k.pem"]).file("k.pem", key(name))
    };
    let (public, other) = ("p256.spki.public.pem", "ed25519.spki.public.pem");
    verify(&by("good"), other).stdout(PRINTED).code(0);
    verify(&bare(&[]), public).stdout(PRINTED).code(0);
    verify(&by("expired leaf"), public).stdout(PRINTED).code(0);
    // Neither of them.
    let output = verify(&by("expired leaf"), other).output();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("error: certificate 1 of the header's \"x5c\" (CN=Leaf) expired"),
        "{said}"
    );
    let output = verify(&bare(&[]), other).output();
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(4) && !said.contains("x5c"), "{said}");
}

#[test]
fn a_ca_that_signs_for_many_needs_to_be_told_who_is_meant() {
    verify(&by("good"), "root", &[])
        .error("./r.pem holds the certificate of a CA, and nothing says which signer is meant")
        .hint("name the signer with --x5c-name NAME or --x5c-oid OID; --x5c-any-leaf accepts everyone whom the CA has issued a certificate to")
        .code(2);
    verify(&by("good"), "root", &["--x5c-oid", ISSUER_OID])
        .error("./r.pem holds the certificate of a CA, and nothing says which signer is meant")
        .hint("name the signer with --x5c-name NAME or --x5c-oid OID; --x5c-any-leaf accepts everyone whom the CA has issued a certificate to")
        .code(2);
    for flags in [
        &["--x5c-name", ""][..],
        &["--x5c-oid", "apple"],
        &["--x5c-oid", ""],
        &[ANY, "--x5c-name", "a"],
    ] {
        assert_eq!(verify(&by("good"), "root", flags).output().status.code(), Some(2), "{flags:?}");
    }
    // The others say nothing by themselves.
    for flags in [&["--x5c-name", "a"][..], &["--x5c-oid", "1.2.3"], &[ANY]] {
        let token = by("good");
        let args = [&["verify", &token, "-S", "secret"], flags].concat();
        assert_eq!(clocked(&args).output().status.code(), Some(2), "{flags:?}");
    }
}

#[test]
fn roots_that_cannot_be_read_are_the_callers_fault() {
    let with = |file: &str| {
        clocked(&["verify", &by("good"), "--x5c-root", "./r.pem", ANY]).file("r.pem", file)
    };
    with("")
        .error("./r.pem is empty")
        .hint("with an empty key anyone could sign, so it is never used")
        .code(7);
    with(&text(&key(P256)))
        .error("./r.pem holds a PEM block PRIVATE KEY, and only certificates are expected")
        .code(7);
    let missing = clocked(&["verify", &by("good"), "--x5c-root", "./no.pem", ANY]).output();
    assert_eq!(missing.status.code(), Some(7), "{}", text(&missing.stderr));
}

#[test]
fn a_name_that_cannot_be_a_signers_is_a_wrong_call() {
    let named = |name: &str| verify(&by("good"), "root", &["--x5c-name", name]);
    let help = "jwtctl verify --help lists its flags";
    for (name, why, hint) in [
        ("", "it is empty; is the variable set?", help),
        ("CN=", "it is empty; is the variable set?", help),
        (
            "*.wild.example",
            "a wildcard, and one host is expected",
            "name the host itself, such as api.example.com: a wildcard in its certificate matches it",
        ),
        (
            "signer.example:443",
            "a host name with a port, which certificates do not have",
            "write --x5c-name signer.example",
        ),
        (
            "b\u{fc}cher.example",
            "not ASCII, as host names, URIs and e-mail addresses in certificates are",
            "write it as certificates do: b\u{fc}cher.example is xn--bcher-kva.example",
        ),
        ("cn=Leaf", "not a host name, a URI, an e-mail address, or CN=TEXT", help),
    ] {
        named(name).error(&format!("--x5c-name <NAME>: {why}")).hint(hint).code(2);
    }
    named("signer.example").stdout(PRINTED).code(0);
}

#[test]
fn what_the_issuer_must_have_cannot_be_shown_by_a_trusted_leaf() {
    verify(&by("good"), "issued leaf", &[]).stdout(PRINTED).code(0);
    verify(&by("good"), "issued leaf", &["--x5c-oid", "issuer:1.2.3.4"])
        .error("certificate 1 of the header's \"x5c\" (CN=Leaf) is trusted itself, and nothing shows that its issuer has 1.2.3.4")
        .hint("leave out --x5c-oid issuer:OID, or add the certificate of a CA above it to ./r.pem")
        .code(4);
}

/// A token's place may hold any flag.
#[test]
fn any_leaf_loosens_a_check_and_reads_no_implied_input() {
    let call = trusting("root", &["verify", ANY]).stdin(by("good"));
    call.error(
        "no token was given, and with --x5c-any-leaf standard input is read only if it is named",
    )
    .hint("jwtctl verify --x5c-any-leaf --x5c-root ./r.pem --at 1700000000 -")
    .code(2);
    trusting("root", &["verify", "-", ANY]).stdin(by("good")).stdout(PRINTED).code(0);
    trusting("root", &["verify", "--x5c-name", "signer.example"])
        .stdin(by("good"))
        .stdout(PRINTED)
        .code(0);
}

#[test]
fn each_line_of_a_stream_has_its_own_chain() {
    let lines: String = ["good", "expired leaf", "direct", "good", "other root", "rsa root"]
        .iter()
        .map(|chain| line(&by(chain)))
        .collect();
    for threads in ["1", "4"] {
        let call =
            trusting("root", &["verify", "--batch", "-", ANY, "--compact", "--threads", threads]);
        let output = call.stdin(lines.repeat(20) + &line(&bare(&[]))).output();
        let rows = text(&output.stdout);
        let statuses: Vec<_> = rows
            .lines()
            .map(|row| {
                serde_json::from_str::<Value>(row).unwrap()["status"].as_str().unwrap().to_owned()
            })
            .collect();
        let wanted = ["valid", "invalid", "valid", "valid", "invalid", "invalid"].repeat(20);
        assert_eq!(statuses, [&wanted[..], &["invalid"]].concat());
        assert_eq!(output.status.code(), Some(4));
    }
}

#[test]
fn a_token_is_renewed_with_a_key_of_the_callers() {
    let renew = |flags: &[&str]| {
        let token = by("good");
        let args = [&["refresh", &token, ANY], flags].concat();
        trusting("root", &args).file("k.pem", key(ED25519))
    };
    let output = renew(&["--sign-key", "k.pem"]).output();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    // The certificates are those of another key.
    assert_eq!(parts(&text(&output.stdout)).0, r#"{"alg":"EdDSA","typ":"JWT"}"#);
    renew(&[])
        .error("the certificate chain (./r.pem) cannot sign")
        .hint("sign with a private key: --key PATH, or for refresh --sign-key PATH")
        .code(7);
    let output = renew(&["-k", "k.pem"]).output();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let refused = trusting("root", &["refresh", &by("expired leaf"), ANY, "--sign-key", "k.pem"]);
    let refused = refused.file("k.pem", key(ED25519)).output();
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(4), 0));
}

#[test]
fn chains_are_read_from_json_serializations_and_beside_separate_payloads() {
    let token = by("good");
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let flattened = json!({"protected": header, "payload": payload, "signature": signature});
    verify(&flattened.to_string(), "root", &[ANY]).stdout(PRINTED).code(0);
    let detached = format!("{header}..{signature}");
    let call = verify(&detached, "root", &[ANY, "--detached", "p.json"]).file("p.json", CLAIMS);
    call.stdout(PRINTED).code(0);
    // A payload that is read piece by piece.
    let large = vec![b'x'; 2 * 1024 * 1024];
    for (chain, code) in [("good", 0), ("expired leaf", 4)] {
        let x5c = format!("x5c:={}", json!(FIXTURES.chains[chain]));
        let made = jwtctl(&["encode", "--detached", "p", "-k", P256, "--header", &x5c]);
        let made = made.key(P256).file("p", &large).output();
        assert_eq!((made.status.code(), text(&made.stderr)), (Some(0), String::new()));
        let token = text(&made.stdout);
        let args =
            ["verify", token.trim_end(), "--x5c-root", "r.pem", ANY, "--raw", "--detached", "p"];
        let call = jwtctl(&args).file("r.pem", &FIXTURES.roots["root"]).file("p", &large);
        let output = call.output();
        assert_eq!(output.status.code(), Some(code), "{chain}: {}", text(&output.stderr));
    }
}

#[test]
fn storekit_and_fido_are_verified_as_the_recipes_say() {
    let apple = verify(&by("storekit"), "apple", &["--x5c-oid", LEAF_OID, "--x5c-oid", ISSUER_OID]);
    apple.stdout(PRINTED).code(0);
    let token = signed("rsa2048.pkcs8.private.pem", &json!(FIXTURES.chains["fido"]), &[]);
    let fido = |name: &str| verify(&token, "globalsign", &["--x5c-name", name]);
    fido("mds.fidoalliance.org").stdout(PRINTED).code(0);
    assert_eq!(fido("fidoalliance.org").output().status.code(), Some(4));
}

#[test]
fn a_weak_key_in_a_chain_is_refused() {
    let token = signed("rsa2048.pkcs8.private.pem", &json!(FIXTURES.chains["rsa"]), &[]);
    verify(&token, "root", &[ANY]).stdout(PRINTED).code(0);
    let weak = verify(&signed(P256, &json!(FIXTURES.chains["weak"]), &[]), "root", &[ANY]).output();
    assert!(
        text(&weak.stderr).contains("has a key that cannot be used: it is an RSA key of 1024 bits"),
        "{}",
        text(&weak.stderr)
    );
    assert_eq!(weak.status.code(), Some(4));
}
