//! A token that is repeated in a stream is not checked again. Only that: another token, other keys, other algorithms and
//! another time get a verdict of their own.

mod support;

use std::ffi::OsString;
use std::io::{self, Read};
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::claims::Claims;
use jwtctl::crypto::{LoadedKey, LoadedKeys, Refusal, Signer, Verdicts};
use jwtctl::env::Env;
use jwtctl::json::Object;
use jwtctl::keys::{Algorithm, KeyFile, read_keys};
use jwtctl::output::{Streams, Terminal};
use jwtctl::secret::Secret;
use jwtctl::sys::{Input, Stdin};
use jwtctl::token::{Codec, Unverified};
use proptest::prelude::*;
use support::{NOW, SECRET};

const ED25519: &[u8] = include_bytes!("keys/ed25519.pkcs8.private.pem");
const P256: &[u8] = include_bytes!("keys/p256.pkcs8.private.pem");
const RSA: &[u8] = include_bytes!("keys/rsa2048.pkcs8.private.pem");

fn file(text: &[u8]) -> KeyFile {
    read_keys(&Secret::new(text.to_vec()), None).unwrap()
}

fn keys(text: &[u8]) -> LoadedKeys {
    LoadedKeys::new(file(text), false).unwrap()
}

/// A set with this public Ed25519 key under a `kid`.
fn set(x: &str) -> LoadedKeys {
    let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"a","x":"{x}"}}"#);
    keys(format!(r#"{{"keys":[{key}]}}"#).as_bytes())
}

/// A token of these claims by a key.
fn by(key: &[u8], alg: Algorithm, header: &str, claims: &str) -> String {
    let KeyFile::One(read) = file(key) else { panic!("it is one key") };
    let key = LoadedKey::load(read.key, false).unwrap();
    let header = Object::parse(header.as_bytes()).unwrap();
    let claims = Claims::parse(claims.as_bytes()).unwrap();
    Signer::new(&key, alg, &header).unwrap().sign(&claims, Codec::Scalar).unwrap()
}

fn numbered(n: usize) -> String {
    by(ED25519, Algorithm::EdDSA, "{}", &format!("{{\"n\":{n}}}"))
}

fn check(
    keys: &LoadedKeys,
    token: &str,
    allowed: &[Algorithm],
    verdicts: &Verdicts,
) -> Result<(), Vec<Refusal>> {
    let token = Unverified::parse(token.as_bytes()).unwrap();
    match keys.verify_with(token, allowed, verdicts) {
        Ok(_) => Ok(()),
        Err(refused) => Err(refused.refusals),
    }
}

/// The same token with the first bit of its signature changed.
fn forged(token: &str) -> String {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    signature[0] ^= 0x80;
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_signature_that_matches_is_kept_and_the_verdict_stays() {
    for (key, alg) in [
        (ED25519, Algorithm::EdDSA),
        (P256, Algorithm::ES256),
        (RSA, Algorithm::RS256),
        (RSA, Algorithm::PS256),
    ] {
        let (verdicts, token, keys) =
            (Verdicts::of_a_stream(), by(key, alg, "{}", "{}"), keys(key));
        assert!(!verdicts.contains(&token), "{alg}");
        for _ in 0..3 {
            assert!(check(&keys, &token, &[], &verdicts).is_ok(), "{alg}");
            assert!(verdicts.contains(&token), "{alg}");
        }
        let other = forged(&token);
        for _ in 0..3 {
            let refused = check(&keys, &other, &[], &verdicts).unwrap_err();
            assert!(matches!(refused[..], [Refusal::Mismatch { .. }]), "{alg}: {refused:?}");
            assert!(!verdicts.contains(&other), "{alg}");
        }
    }
}

#[test]
fn macs_and_single_tokens_are_not_kept() {
    let verdicts = Verdicts::of_a_stream();
    let secret = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(SECRET));
    let token = by(secret.as_bytes(), Algorithm::HS256, "{}", "{}");
    assert!(check(&keys(secret.as_bytes()), &token, &[], &verdicts).is_ok());
    assert!(!verdicts.contains(&token));

    let none = Verdicts::default();
    let token = numbered(0);
    assert!(check(&keys(ED25519), &token, &[], &none).is_ok());
    assert!(!none.contains(&token));
}

#[test]
fn forgeries_displace_nothing() {
    let (verdicts, keys, genuine) = (Verdicts::of_a_stream(), keys(ED25519), numbered(0));
    assert!(check(&keys, &genuine, &[], &verdicts).is_ok());
    let (message, _) = genuine.rsplit_once('.').unwrap();
    // More than the whole table has slots. Most are refused at once, because their second half is too large a number.
    for n in 0..70_000_u64 {
        let rest = [if n % 100 == 0 { 0 } else { 0xff }; 56];
        let signature = [&n.to_le_bytes()[..], &rest].concat();
        let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
        assert!(check(&keys, &forged, &[], &verdicts).is_err());
        assert!(n % 1000 != 0 || !verdicts.contains(&forged));
    }
    assert!(verdicts.contains(&genuine));
}

#[test]
fn tokens_that_share_a_place_are_told_apart() {
    // Among so many, several share the bits that choose their place.
    let (verdicts, keys) = (Verdicts::of_a_stream(), keys(ED25519));
    let tokens: Vec<_> = (0..2000).map(numbered).collect();
    let (seen, unseen) = tokens.split_at(1000);
    for token in seen {
        assert!(check(&keys, token, &[], &verdicts).is_ok());
    }
    assert!(seen.iter().all(|token| verdicts.contains(token)));
    assert!(!unseen.iter().any(|token| verdicts.contains(token)));
}

#[test]
fn the_table_grows_and_keeps_what_it_has() {
    let (verdicts, keys) = (Verdicts::of_a_stream(), keys(ED25519));
    // A sixteenth of the slots that it may have, and four times those that it begins with.
    let tokens: Vec<_> = (0..4000).map(numbered).collect();
    for token in &tokens {
        assert!(!verdicts.contains(token));
        assert!(check(&keys, token, &[], &verdicts).is_ok());
        assert!(verdicts.contains(token));
    }
    let kept = tokens.iter().filter(|token| verdicts.contains(token)).count();
    assert_eq!(kept, tokens.len());
}

#[test]
fn a_verdict_ends_with_its_key() {
    let x = "xzFKZVgKi5hHs9zq7j2XDPTXkeM6qQ1RQsv91tVDBys";
    let another = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let token = by(ED25519, Algorithm::EdDSA, r#"{"kid":"a"}"#, "{}");
    let (verdicts, first) = (Verdicts::of_a_stream(), set(x));
    assert!(check(&first, &token, &[], &verdicts).is_ok());
    // Another key under the same `kid`, and a set without the `kid`.
    let refused = check(&set(another), &token, &[], &verdicts).unwrap_err();
    assert!(matches!(refused[..], [Refusal::Mismatch { .. }]), "{refused:?}");
    let without = keys(
        format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"b","x":"{x}"}}]}}"#).as_bytes(),
    );
    let refused = check(&without, &token, &[], &verdicts).unwrap_err();
    assert!(matches!(refused[..], [Refusal::UnknownKid { .. }]), "{refused:?}");
    // The same key fetched again is checked again, and then known.
    assert!(check(&set(x), &token, &[], &verdicts).is_ok());
    assert!(check(&first, &token, &[], &verdicts).is_ok());
}

#[test]
fn the_algorithms_that_are_allowed_are_looked_at_each_time() {
    let (verdicts, keys, token) = (Verdicts::of_a_stream(), keys(ED25519), numbered(0));
    assert!(check(&keys, &token, &[], &verdicts).is_ok());
    let refused = check(&keys, &token, &[Algorithm::ES256], &verdicts).unwrap_err();
    assert!(matches!(refused[..], [Refusal::NotAllowed { .. }]), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_token_that_differs_in_a_bit_is_not_known(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let (verdicts, keys, genuine) = (Verdicts::of_a_stream(), keys(ED25519), numbered(0));
        prop_assert!(check(&keys, &genuine, &[], &verdicts).is_ok());
        let mut altered = genuine.clone().into_bytes();
        let at = at.index(altered.len());
        altered[at] ^= 1 << bit;
        if let Ok(text) = str::from_utf8(&altered) {
            prop_assert!(!verdicts.contains(text), "{}", text);
        }
        if let Ok(token) = Unverified::parse(&altered) {
            prop_assert!(keys.verify_with(token, &[], &verdicts).is_err(), "{:?}", altered);
        }
        prop_assert!(verdicts.contains(&genuine));
    }
}

/// An input of which each read gives a line, and lets a second pass.
struct Ticking<'a> {
    lines: Vec<String>,
    clock: &'a AtomicI64,
}

impl Read for Ticking<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.lines.pop() else { return Ok(0) };
        self.clock.fetch_add(1, Ordering::SeqCst);
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

impl Input for Ticking<'_> {}

/// The statuses of the same token, again and again, a second apart from each other.
fn statuses(claims: &str, repeated: usize) -> Vec<String> {
    let clock = AtomicI64::new(NOW);
    let token = by(P256, Algorithm::ES256, "{}", claims);
    let mut stdin = Ticking { lines: vec![format!("{token}\n"); repeated], clock: &clock };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut env = Env {
        clock: &|| clock.load(Ordering::SeqCst).into(),
        variable: &|name| (name == "K").then(|| str::from_utf8(P256).unwrap().into()),
        stdin: Stdin::new(&mut stdin, false),
        ask: &|_, _| Ok(()),
        connect: &jwtctl::sys::connect,
        out_is_terminal: false,
    };
    let terminal = Terminal::No;
    let mut streams = Streams {
        out: &mut out,
        out_terminal: terminal,
        err: &mut err,
        err_terminal: terminal,
        show: &|_| Ok(true),
    };
    let line = ["jwtctl", "verify", "--batch", "--threads", "1", "--key-env", "K"];
    jwtctl::run(&line.map(OsString::from), &mut env, &mut streams);
    let status = |row: &str| {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        row["status"].as_str().unwrap().to_owned()
    };
    String::from_utf8(out).unwrap().lines().map(status).collect()
}

#[test]
fn times_are_compared_each_time() {
    let claims = format!(r#"{{"nbf":{},"exp":{}}}"#, NOW + 3, NOW + 5);
    let (early, valid, expired) = ("not-yet-valid", "valid", "expired");
    assert_eq!(statuses(&claims, 6), [early, early, valid, valid, expired, expired]);
}
