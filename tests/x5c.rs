//! Certificate chains in headers: which lead to a trusted certificate, and which certificate is at fault in one that does
//! not. `x5c/make.py` made the chains.

use std::collections::HashMap;
use std::sync::LazyLock;

use jwtctl::crypto::{ChainFault, ExpectedLeaf, TrustedChains};
use jwtctl::json::Object;
use jwtctl::keys::{CertificateOid, KeyError, SubjectName, SubjectNameError};
use jwtctl::secret::Secret;
use jwtctl::time::NumericDate;
use jwtctl::token::Header;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Fixtures {
    roots: HashMap<String, String>,
    chains: HashMap<String, Vec<String>>,
}

static FIXTURES: LazyLock<Fixtures> =
    LazyLock::new(|| serde_json::from_str(include_str!("x5c/chains.json")).unwrap());

/// 2023-11-14 22:13:20 UTC.
const NOW: i64 = 1_700_000_000;

const LEAF_OID: &str = "1.2.840.113635.100.6.11.1";
const ISSUER_OID: &str = "1.2.840.113635.100.6.2.1";

fn any() -> ExpectedLeaf {
    ExpectedLeaf { is_any: true, ..ExpectedLeaf::default() }
}

fn named(name: &str) -> ExpectedLeaf {
    ExpectedLeaf { name: Some(SubjectName::parse(name).unwrap()), ..ExpectedLeaf::default() }
}

fn with_oids(leaf: &[&str], issuer: &[&str]) -> ExpectedLeaf {
    let parsed =
        |oids: &[&str]| oids.iter().map(|oid| CertificateOid::parse(oid).unwrap()).collect();
    ExpectedLeaf { oids: parsed(leaf), issuer_oids: parsed(issuer), ..ExpectedLeaf::default() }
}

/// The trusted certificates of these roots.
fn trusted(roots: &[&str], leaf: ExpectedLeaf) -> Result<Option<TrustedChains>, KeyError> {
    let pem: String = roots.iter().map(|root| FIXTURES.roots[*root].as_str()).collect();
    TrustedChains::read(&Secret::new(pem.into_bytes()), leaf, false)
}

fn header(x5c: &Value) -> Header {
    Header::new(Object::parse(json!({"alg": "ES256", "x5c": x5c}).to_string()).unwrap())
}

fn check_at(
    x5c: &Value,
    roots: &[&str],
    leaf: ExpectedLeaf,
    now: i64,
) -> Result<String, ChainFault> {
    let trusted = trusted(roots, leaf).unwrap().expect("it says which leaf is meant");
    trusted.leaf(&header(x5c), NumericDate::from(now)).map(|leaf| leaf.key.key().to_string())
}

fn check(chain: &str, roots: &[&str], leaf: ExpectedLeaf) -> Result<String, ChainFault> {
    check_at(&json!(FIXTURES.chains[chain]), roots, leaf, NOW)
}

#[track_caller]
fn accepts(chain: &str, root: &str, leaf: ExpectedLeaf) {
    assert_eq!(
        check(chain, &[root], leaf).map_err(|fault| fault.to_string()),
        Ok("P-256 public key".to_owned()),
        "{chain}"
    );
}

#[track_caller]
fn refuses(chain: &str, root: &str, leaf: ExpectedLeaf, why: &str) {
    assert_eq!(check(chain, &[root], leaf).unwrap_err().to_string(), why, "{chain}");
}

#[test]
fn a_chain_leads_to_a_trusted_certificate() {
    for chain in
        ["good", "whole", "direct", "surplus", "bare", "leaf non-repudiation", "leaf without usage"]
    {
        accepts(chain, "root", any());
    }
    // The trusted certificate may be any CA above the leaf.
    accepts("good", "middle", any());
    assert!(check("good", &["other", "twin", "root"], any()).is_ok());
}

#[test]
fn certificates_may_be_signed_with_any_algorithm_in_use() {
    for root in ["rsa root", "pss root", "p384 root", "p521 root", "ed25519 root"] {
        accepts(root, root, any());
    }
    assert_eq!(check("rsa", &["root"], any()).unwrap(), "RSA 2048-bit public key");
    assert_eq!(check("ed25519", &["root"], any()).unwrap(), "Ed25519 public key");
}

/// A chain, the trusted certificate, the certificate at fault by its number (0 for the trusted one) and name, and why.
type Faulty = (&'static str, &'static str, (usize, &'static str), &'static str);

const FAULTY: &[Faulty] = &[
    ("expired leaf", "root", (1, "Leaf"), "expired 2021-01-01 00:00:00 UTC"),
    ("future leaf", "root", (1, "Leaf"), "is valid from 2024-01-01 00:00:00 UTC on"),
    ("expired intermediate", "root", (2, "Old"), "expired 2021-01-01 00:00:00 UTC"),
    ("future intermediate", "root", (2, "Young"), "is valid from 2024-01-01 00:00:00 UTC on"),
    (
        "ca leaf",
        "root",
        (1, "CA Leaf"),
        "belongs to a CA, and the first certificate must be the signer's own",
    ),
    (
        "intermediate without ca flag",
        "root",
        (2, "No CA"),
        "issued another certificate of the chain, and does not belong to a CA",
    ),
    (
        "intermediate without ca extension",
        "root",
        (2, "No CA"),
        "issued another certificate of the chain, and does not belong to a CA",
    ),
    (
        "leaf usage",
        "root",
        (1, "Leaf"),
        "is for a key that must not sign data: its key usage has no digitalSignature",
    ),
    (
        "intermediate usage",
        "root",
        (2, "No Sign"),
        "is for a key that must not sign certificates: its key usage has no keyCertSign",
    ),
    ("wrong leaf signature", "root", (1, "Leaf"), "has a signature that is not its issuer's"),
    (
        "wrong intermediate signature",
        "root",
        (2, "Intermediate"),
        "has a signature that is not its issuer's",
    ),
    ("good", "twin", (2, "Intermediate"), "has a signature that is not its issuer's"),
    (
        "other root",
        "root",
        (1, "Leaf"),
        "was issued by \"CN=Other Root\", which is neither trusted nor in the chain",
    ),
    (
        "missing intermediate",
        "root",
        (1, "Leaf"),
        "was issued by \"CN=Intermediate\", which is neither trusted nor in the chain",
    ),
    (
        "good",
        "other",
        (2, "Intermediate"),
        "was issued by \"CN=Root\", which is neither trusted nor in the chain",
    ),
    (
        "critical extension",
        "root",
        (1, "Leaf"),
        "has a critical extension that jwtctl does not know",
    ),
    ("name constraint", "root", (1, "Leaf"), "violates the name constraints of a CA above it"),
    (
        "weak",
        "root",
        (1, "Leaf"),
        "has a key that cannot be used: it is an RSA key of 1024 bits; 2048 to 8192 are accepted (RFC 7518 section 3.3)",
    ),
    ("expired root", "expired", (0, "Expired Root"), "expired 2021-01-01 00:00:00 UTC"),
    (
        "root without ca",
        "no ca",
        (0, "No CA"),
        "issued another certificate of the chain, and does not belong to a CA",
    ),
    (
        "root path length",
        "short",
        (0, "Short Root"),
        "allows at most 0 CAs below it, and the chain has more",
    ),
    (
        "root usage",
        "signs no certificates",
        (0, "Data Root"),
        "is for a key that must not sign certificates: its key usage has no keyCertSign",
    ),
];

#[test]
fn the_certificate_at_fault_is_named_with_the_reason() {
    for (chain, root, (number, name), why) in FAULTY {
        let who = match number {
            0 => format!("the trusted certificate (CN={name})"),
            number => format!("certificate {number} of the header's \"x5c\" (CN={name})"),
        };
        refuses(chain, root, any(), &format!("{who} {why}"));
    }
    let third = "certificate 3 of the header's \"x5c\" (CN=Intermediate)";
    refuses(
        "path length",
        "root",
        any(),
        &format!("{third} allows at most 0 CAs below it, and the chain has more"),
    );
}

#[test]
fn dates_are_those_of_the_time_that_is_asked_for() {
    let at = |date| check_at(&json!(FIXTURES.chains["expired leaf"]), &["root"], any(), date);
    // 2021-01-01 00:00:00 UTC is the last second.
    assert!(at(1_609_459_200).is_ok());
    assert!(at(1_609_459_201).is_err());
    // 2020-01-01 00:00:00 UTC is the first one.
    assert!(at(1_577_836_800).is_ok());
    assert!(at(1_577_836_799).is_err());
    assert!(at(-1).is_err());
}

#[test]
fn a_trusted_certificate_that_is_not_a_cas_is_the_leaf_itself() {
    accepts("pinned", "leaf", ExpectedLeaf::default());
    // It is not one of another chain.
    let other = check("direct", &["leaf"], ExpectedLeaf::default()).unwrap_err();
    assert_eq!(
        other.to_string(),
        "certificate 1 of the header's \"x5c\" (CN=Leaf) was issued by \"CN=Root\", which is neither trusted nor in the chain"
    );
    // A CA's certificate signs no tokens, even if it is trusted.
    let chain = json!([FIXTURES.chains["whole"][1]]);
    let fault = check_at(&chain, &["middle"], any(), NOW).unwrap_err();
    assert!(
        fault.to_string().ends_with(
            "(CN=Intermediate) belongs to a CA, and the first certificate must be the signer's own"
        ),
        "{fault}"
    );
    let late =
        check_at(&json!(FIXTURES.chains["pinned"]), &["leaf"], any(), 4_733_510_401).unwrap_err();
    assert!(late.to_string().ends_with("expired 2120-01-01 00:00:00 UTC"), "{late}");
}

#[test]
fn a_ca_needs_to_be_told_which_leaf_is_meant() {
    for roots in [&["root"][..], &["leaf", "root"], &["middle"]] {
        assert!(trusted(roots, ExpectedLeaf::default()).unwrap().is_none(), "{roots:?}");
        // What the issuer must have does not say which of its certificates is meant.
        assert!(trusted(roots, with_oids(&[], &[ISSUER_OID])).unwrap().is_none(), "{roots:?}");
        assert!(trusted(roots, with_oids(&[LEAF_OID], &[])).unwrap().is_some(), "{roots:?}");
    }
}

#[test]
fn a_leaf_is_told_by_its_names() {
    for name in [
        "signer.example",
        "SIGNER.example",
        "signer.example.",
        "any.wild.example",
        "spiffe://example/signer",
        "signer@example.com",
        "signer@EXAMPLE.com",
        "CN=Leaf",
    ] {
        accepts("good", "root", named(name));
    }
    for name in [
        "other.example",
        "example",
        "a.b.wild.example",
        "spiffe://example/signer/",
        "SPIFFE://example/signer",
        "SIGNER@example.com",
        "CN=leaf",
        "CN=signer.example",
        // A common name is any text, and no host name.
        "Leaf",
    ] {
        refuses(
            "good",
            "root",
            named(name),
            &format!(
                "certificate 1 of the header's \"x5c\" (CN=Leaf) is not for {name}: it has signer.example, *.wild.example, spiffe://example/signer, signer@example.com, CN=Leaf"
            ),
        );
    }
    refuses(
        "bare",
        "root",
        named("signer.example"),
        "certificate 1 of the header's \"x5c\" (CN=Leaf) is not for signer.example: it has CN=Leaf",
    );
}

#[test]
fn a_leaf_is_told_by_extensions_policies_and_usages() {
    let (policy, server) = ("1.3.6.1.4.1.99999.1", "1.3.6.1.5.5.7.3.1");
    for oids in [&[LEAF_OID][..], &[policy], &[server], &[LEAF_OID, policy, server]] {
        accepts("good", "root", with_oids(oids, &[]));
        accepts("good", "root", with_oids(oids, &[ISSUER_OID]));
    }
    let leaf = "certificate 1 of the header's \"x5c\" (CN=Leaf)";
    refuses(
        "good",
        "root",
        with_oids(&[LEAF_OID, "1.2.3"], &[]),
        &format!("{leaf} has no extension, policy or extended key usage 1.2.3"),
    );
    // One of the issuer does not count for the leaf, nor the other way round.
    refuses(
        "good",
        "root",
        with_oids(&[ISSUER_OID], &[]),
        &format!("{leaf} has no extension, policy or extended key usage {ISSUER_OID}"),
    );
    refuses(
        "good",
        "root",
        with_oids(&[LEAF_OID], &[LEAF_OID]),
        &format!(
            "certificate 2 of the header's \"x5c\" (CN=Intermediate) has no extension, policy or extended key usage {LEAF_OID}"
        ),
    );
    refuses(
        "direct",
        "root",
        with_oids(&[LEAF_OID], &[ISSUER_OID]),
        &format!(
            "the trusted certificate (CN=Root) has no extension, policy or extended key usage {ISSUER_OID}"
        ),
    );
    let both = ExpectedLeaf {
        name: Some(SubjectName::parse("other.example").unwrap()),
        ..with_oids(&[LEAF_OID], &[])
    };
    assert!(check("good", &["root"], both).is_err());
}

#[test]
fn what_is_no_array_of_certificates_in_base64_is_named() {
    let good = &FIXTURES.chains["good"];
    let (leaf, middle) = (&good[0], &good[1]);
    let url = leaf.replace('+', "-").replace('/', "_");
    let cut = &leaf[..leaf.len() - 4];
    let many = vec![middle.clone(); 11];
    for (x5c, why) in [
        (json!(leaf), "the header's \"x5c\" is a string, not an array of certificates"),
        (json!({"0": leaf}), "the header's \"x5c\" is an object, not an array of certificates"),
        (json!(null), "the header's \"x5c\" is null, not an array of certificates"),
        (json!([]), "the header's \"x5c\" is empty"),
        (json!(many), "the header's \"x5c\" has more than 10 certificates"),
        (json!([leaf, 1]), "certificate 2 of the header's \"x5c\" is a number, not a string"),
        (json!([leaf, "?"]), "certificate 2 of the header's \"x5c\" is not base64"),
        (json!([url]), "certificate 1 of the header's \"x5c\" is in base64url, not in base64"),
        (json!([format!("{leaf}\n")]), "certificate 1 of the header's \"x5c\" is not base64"),
        (
            json!(["A".repeat(200_000)]),
            "certificate 1 of the header's \"x5c\" is larger than 64 KiB",
        ),
    ] {
        assert_eq!(check_at(&x5c, &["root"], any(), NOW).unwrap_err().to_string(), why);
    }
    for text in [cut, "", "MAA=", "AAAA"] {
        let fault = check_at(&json!([text]), &["root"], any(), NOW).unwrap_err().to_string();
        assert!(
            fault.starts_with("certificate 1 of the header's \"x5c\" is not a certificate ("),
            "{fault}"
        );
    }
    let nothing = Header::new(Object::parse(r#"{"alg":"ES256"}"#).unwrap());
    let fault =
        trusted(&["root"], any()).unwrap().unwrap().leaf(&nothing, NOW.into()).err().unwrap();
    assert_eq!(fault.to_string(), "the token has no certificate chain: its header has no \"x5c\"");
    // Ten are not too many, nor is one that is repeated.
    let ten: Vec<_> = std::iter::once(leaf).chain(std::iter::repeat_n(middle, 9)).collect();
    assert!(check_at(&json!(ten), &["root"], any(), NOW).is_ok());
}

#[test]
fn only_certificates_are_trusted() {
    let read = |text: &str| TrustedChains::read(&Secret::new(text.into()), any(), false).map(drop);
    let key = include_str!("keys/p256.pkcs8.private.pem");
    let root = &FIXTURES.roots["root"];
    for text in [
        key.to_owned(),
        format!("{root}{key}"),
        "x".to_owned(),
        String::new(),
        root.replace("MII", "MIJ"),
    ] {
        assert!(read(&text).is_err(), "{text}");
    }
    assert!(read(&format!("a comment\n{root}")).is_ok());
}

#[test]
fn the_chains_of_storekit_and_fido_have_these_shapes() {
    accepts("storekit", "apple", with_oids(&[LEAF_OID], &[ISSUER_OID]));
    let fido = check("fido", &["globalsign"], named("mds.fidoalliance.org")).unwrap();
    assert_eq!(fido, "RSA 2048-bit public key");
    assert!(check("fido", &["apple"], named("mds.fidoalliance.org")).is_err());
}

#[test]
fn a_name_that_no_certificate_can_match_is_refused() {
    let port = |host: &str| SubjectNameError::Port(host.to_owned());
    for (name, error) in [
        ("", SubjectNameError::Empty),
        (" ", SubjectNameError::Empty),
        ("CN=", SubjectNameError::Empty),
        ("CN= ", SubjectNameError::Empty),
        ("*.example.com", SubjectNameError::Wildcard),
        ("api.example.com:443", port("api.example.com")),
        ("localhost:8443", port("localhost")),
        ("b\u{fc}cher.example", SubjectNameError::NotAscii),
        ("me@b\u{fc}cher.example", SubjectNameError::NotAscii),
        ("https://b\u{fc}cher.example", SubjectNameError::NotAscii),
        ("signer.example/path", SubjectNameError::NotAName),
        ("cn=Leaf", SubjectNameError::NotAName),
        ("a signer", SubjectNameError::NotAName),
        ("a..example", SubjectNameError::NotAName),
        ("-a.example", SubjectNameError::NotAName),
        ("10.0.0.256", SubjectNameError::NotAName),
        ("@example.com", SubjectNameError::NotAName),
        ("me@", SubjectNameError::NotAName),
    ] {
        assert_eq!(SubjectName::parse(name), Err(error), "{name:?}");
    }
    for name in ["xn--bcher-kva.example", "a_b.example", "10.0.0.1", "::1", "fe80::1"] {
        assert_eq!(SubjectName::parse(name), Ok(SubjectName::Dns(name.to_owned())));
    }
    let text = "B\u{fc}cher";
    let common = SubjectName::parse(&format!("CN={text}"));
    assert_eq!(common, Ok(SubjectName::CommonName(text.to_owned())));
}

#[test]
fn what_the_issuer_must_have_is_required_of_a_trusted_leaf_too() {
    let wanted = |oid| with_oids(&[], &[oid]);
    accepts("good", "issued leaf", ExpectedLeaf::default());
    refuses(
        "good",
        "issued leaf",
        wanted(ISSUER_OID),
        &format!(
            "certificate 1 of the header's \"x5c\" (CN=Leaf) is trusted itself, and nothing shows that its issuer has {ISSUER_OID}"
        ),
    );
    // A path to another trusted certificate shows it.
    let with_root = |oid| {
        let leaf = ExpectedLeaf { is_any: true, ..wanted(oid) };
        check("good", &["issued leaf", "root"], leaf).map_err(|fault| fault.to_string())
    };
    assert_eq!(with_root(ISSUER_OID), Ok("P-256 public key".to_owned()));
    assert_eq!(
        with_root("1.2.3.4"),
        Err("certificate 2 of the header's \"x5c\" (CN=Intermediate) has no extension, policy or extended key usage 1.2.3.4".to_owned())
    );
    // A trusted leaf that is its own issuer.
    assert!(check("pinned", &["leaf"], wanted("1.2.3.4")).is_err());
}

/// A CA may have an old and a new certificate with the same name and key, in any order.
#[test]
fn one_of_a_cas_certificates_has_to_be_acceptable() {
    for roots in [
        &["renewed"][..],
        &["renewed before", "renewed"],
        &["renewed", "renewed before"],
        &["renewed narrow", "renewed"],
        &["renewed before", "renewed narrow", "renewed"],
    ] {
        assert!(check("renewed", roots, any()).is_ok(), "{roots:?}");
    }
    // The fault is that of the certificate that expires last.
    for roots in [["renewed before", "renewed narrow"], ["renewed narrow", "renewed before"]] {
        assert_eq!(
            check("renewed", &roots, any()).unwrap_err().to_string(),
            "the trusted certificate (CN=Renewed Root) allows at most 0 CAs below it, and the chain has more"
        );
    }
}

#[test]
fn a_certificate_of_an_old_version_is_named() {
    for (chain, number) in [("version 1 leaf", 1), ("version 1 intermediate", 2)] {
        let why = format!(
            "certificate {number} of the header's \"x5c\" is an X.509 certificate of version 1 or 2, and version 3 is required"
        );
        refuses(chain, "root", any(), &why);
    }
}

/// A chain that leads nowhere must not take long, however its certificates refer to each other.
#[test]
fn the_work_for_a_chain_is_bounded() {
    let chain = &FIXTURES.chains["wrong intermediate signature"];
    let many: Vec<_> =
        std::iter::once(&chain[0]).chain(std::iter::repeat_n(&chain[1], 9)).collect();
    assert!(check_at(&json!(many), &["root"], any(), NOW).is_err());
}
