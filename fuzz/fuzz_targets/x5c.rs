//! Arbitrary certificate chains in a header: refused or accepted, never a panic; and only what leads to the trusted
//! certificate is accepted.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jwtctl::crypto::{ExpectedLeaf, TrustedChains};
use jwtctl::json::Object;
use jwtctl::secret::Secret;
use jwtctl::time::NumericDate;
use jwtctl::token::Header;
use libfuzzer_sys::fuzz_target;

static FIXTURES: LazyLock<serde_json::Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../tests/x5c/chains.json")).unwrap());

static TRUSTED: LazyLock<TrustedChains> = LazyLock::new(|| {
    let root = FIXTURES["roots"]["root"].as_str().unwrap();
    let leaf = ExpectedLeaf { is_any: true, ..ExpectedLeaf::default() };
    TrustedChains::read(&Secret::new(root.into()), leaf, false).unwrap().unwrap()
});

/// The certificates of all chains, which the fuzzer's bytes choose from and change.
static CERTIFICATES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let chains = FIXTURES["chains"].as_object().unwrap().values();
    let certificates = chains.flat_map(|chain| chain.as_array().unwrap());
    certificates.map(|text| STANDARD.decode(text.as_str().unwrap()).unwrap()).collect()
});

// The first byte says how the rest becomes a header: as its JSON, as one certificate, or as a list of certificates, each
// with a byte that is changed.
fuzz_target!(|bytes: &[u8]| {
    let Some((how, rest)) = bytes.split_first() else { return };
    let x5c = match how % 3 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        1 => format!("[\"{}\"]", STANDARD.encode(rest)),
        _ => {
            let chosen = rest.chunks(4).map(|chosen| {
                let mut der = CERTIFICATES[usize::from(chosen[0]) % CERTIFICATES.len()].clone();
                if let [_, high, low, change] = chosen {
                    let at = usize::from(u16::from_be_bytes([*high, *low])) % der.len();
                    der[at] ^= change;
                }
                format!("\"{}\"", STANDARD.encode(der))
            });
            format!("[{}]", chosen.collect::<Vec<_>>().join(","))
        }
    };
    let Ok(header) = Object::parse(format!("{{\"alg\":\"ES256\",\"x5c\":{x5c}}}")) else { return };
    let verdict = TRUSTED.leaf(&Header::new(header.clone()), NumericDate::from(1_700_000_000));
    match verdict {
        Ok(_) => {
            // A certificate that was changed is not the first of a chain that is accepted.
            let first = header.get("x5c").and_then(|list| list.at(&["0".to_owned()])?.as_string());
            let first = STANDARD.decode(first.expect("a string")).expect("base64");
            assert!(CERTIFICATES.contains(&first));
        }
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
});
