//! The functions that take most of a stream's time, one by one, on tokens like those of `benches/streams.py`, next to the
//! bare primitive. Run `cargo bench --bench hot`.

use std::hint::black_box;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use divan::Bencher;
use jwtctl::claims::Claims;
use jwtctl::crypto::{GuessTarget, LoadedKey, LoadedKeys, Signer, Verdicts, Verified};
use jwtctl::input::Wordlist;
use jwtctl::json::{Layout, Object, respaced};
use jwtctl::keys::{Algorithm, Encoding, Key, KeyFile, KeyMaterial, KeyType, ReadKey, read_keys};
use jwtctl::policy::{self, Policy};
use jwtctl::secret::Secret;
use jwtctl::token::{Codec, HeaderCache, Unverified};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"user-00000001","aud":"api","iat":1700000000,"exp":1900000000,"n":1}"#;
const NOW: i64 = 1_800_000_000;

fn main() {
    divan::Divan::from_args().sample_size(1000).main();
}

fn schedule() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, SECRET)
}

fn ring() -> LoadedKeys {
    let secret = KeyMaterial::Private(Secret::new(SECRET.to_vec()));
    let key = Key::new(KeyType::Hmac, secret);
    LoadedKeys::new(KeyFile::One(ReadKey::new(key, Encoding::Secret)), false)
        .expect("a secret can always be used")
}

fn token() -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(CLAIMS));
    let mac = URL_SAFE_NO_PAD.encode(hmac::sign(&schedule(), input.as_bytes()));
    format!("{input}.{mac}")
}

fn verified() -> Verified {
    let token = token();
    let token = Unverified::parse(token.as_bytes()).expect("a token");
    let Ok(checked) = ring().verify(token, &[]).map(|checked| checked.payload) else {
        panic!("the signature matches");
    };
    checked.into_jwt(None).expect("claims")
}

/// The floor: the MAC alone, with a kept key.
#[divan::bench]
fn hmac_alone(bencher: Bencher<'_, '_>) {
    let (key, token) = (schedule(), token());
    let (input, mac) = token.rsplit_once('.').expect("a token");
    let mac = URL_SAFE_NO_PAD.decode(mac).expect("base64url");
    bencher.bench_local(|| hmac::verify(&key, black_box(input.as_bytes()), &mac).is_ok());
}

#[divan::bench]
fn token_is_read(bencher: Bencher<'_, '_>) {
    let (token, mut headers) = (token(), HeaderCache::with_capacity(64));
    bencher
        .bench_local(|| Unverified::parse_with(black_box(token.as_bytes()), &mut headers).is_ok());
}

#[divan::bench]
fn token_is_read_and_its_signature_checked(bencher: Bencher<'_, '_>) {
    let (token, ring, mut headers) = (token(), ring(), HeaderCache::with_capacity(64));
    bencher.bench_local(|| {
        let token = Unverified::parse_with(black_box(token.as_bytes()), &mut headers);
        token.is_ok_and(|token| ring.verify(token, &[]).is_ok())
    });
}

/// A thousand distinct tokens, with and without a table of verdicts: what the table costs where nothing is repeated.
#[divan::bench(args = [false, true], sample_size = 1, sample_count = 100)]
fn signatures_of_rs256_are_checked(bencher: Bencher<'_, '_>, are_kept: bool) {
    let key = Secret::new(include_bytes!("../tests/keys/rsa2048.pkcs8.private.pem").to_vec());
    let read = || match read_keys(&key, None) {
        Ok(KeyFile::One(read)) => read,
        _ => panic!("the file is one key"),
    };
    let keys = LoadedKeys::new(KeyFile::One(read()), false).expect("a sound key");
    let key = LoadedKey::load(read().key, false).expect("a sound key");
    let signer = Signer::new(&key, Algorithm::RS256, &Object::default()).expect("it can sign");
    let token = |n| {
        let claims = CLAIMS.replace(r#""n":1"#, &format!(r#""n":{n}"#));
        signer
            .sign(&Claims::parse(claims.as_bytes()).expect("claims"), Codec::Simd)
            .expect("a token")
    };
    let tokens: Vec<_> = (0..1000).map(token).collect();
    let verdicts = || if are_kept { Verdicts::of_a_stream() } else { Verdicts::default() };
    bencher.with_inputs(verdicts).bench_local_refs(|verdicts| {
        let matches = |token: &&String| {
            let token = Unverified::parse(token.as_bytes());
            token.is_ok_and(|token| keys.verify_with(token, &[], verdicts).is_ok())
        };
        tokens.iter().filter(matches).count()
    });
}

#[divan::bench]
fn claims_are_read(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| Claims::parse(black_box(CLAIMS.as_bytes())).is_ok());
}

#[divan::bench]
fn claims_are_held_against_a_policy(bencher: Bencher<'_, '_>) {
    let (token, audiences) = (verified(), vec!["api".to_owned()]);
    let policy = Policy { audiences, ..Policy::default() };
    bencher.bench_local(|| policy::check(black_box(&token), &policy, NOW.into()).is_ok());
}

#[divan::bench]
fn spaced_claims_are_made_compact(bencher: Bencher<'_, '_>) {
    let spaced = respaced(CLAIMS, Layout::Indented);
    bencher.bench_local(|| Object::parse(black_box(spaced.as_bytes())).map(|o| o.text().len()));
}

/// A thousand words as people choose them, of 4 to 14 letters.
fn words() -> String {
    let word = |n: usize| format!("{}{n}\n", &"correcthorse"[..3 + n % 9]);
    (0..1000).map(word).collect()
}

/// The floor of guessing: the MAC alone, with a key for each word.
#[divan::bench(args = [Algorithm::HS256, Algorithm::HS512], sample_size = 1, sample_count = 100)]
fn words_are_tried_by_hmac_alone(bencher: Bencher<'_, '_>, alg: Algorithm) {
    let (token, words) = (token(), words());
    let (input, _) = token.rsplit_once('.').expect("a token");
    let mac = [0; 64];
    let hash = if alg == Algorithm::HS256 { hmac::HMAC_SHA256 } else { hmac::HMAC_SHA512 };
    bencher.bench_local(|| {
        let is_secret = |word: &&str| {
            let key = hmac::Key::new(hash, black_box(word.as_bytes()));
            hmac::verify(&key, input.as_bytes(), &mac[..hash.tag_len()]).is_ok()
        };
        words.lines().find(is_secret).is_some()
    });
}

#[divan::bench(args = [Algorithm::HS256, Algorithm::HS512], sample_size = 1, sample_count = 100)]
fn words_of_a_list_are_tried(bencher: Bencher<'_, '_>, alg: Algorithm) {
    let (token, words) = (token(), Wordlist::from(words().into_bytes()));
    let (input, _) = token.rsplit_once('.').expect("a token");
    let target =
        GuessTarget::new(alg, input.as_bytes(), &[0; 64][..alg.min_secret().expect("an HMAC")]);
    let target = target.expect("an HMAC");
    bencher.bench_local(|| words.find(black_box(&target)));
}
