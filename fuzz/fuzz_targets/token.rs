//! A token of arbitrary bytes is parsed, shown, checked against a key that did not sign it, and explained when it is refused.
#![no_main]

use std::sync::LazyLock;

use jwtctl::explain::{KeyText, SecretText, explain_text, find_cause};
use jwtctl::keys::{Encoding, KeyFile, Origin, ReadKey, SecretFormat, read_secret};
use jwtctl::explain::Problem;
use jwtctl::secret::Secret;
use jwtctl::crypto::LoadedKeys;
use jwtctl::token::Unverified;
use libfuzzer_sys::fuzz_target;

static KEY: LazyLock<LoadedKeys> = LazyLock::new(|| {
    let secret = Secret::new(b"nobody who is fuzzing knows this secret".to_vec());
    let key = read_secret(&secret, SecretFormat::Text, false).unwrap();
    LoadedKeys::new(KeyFile::One(ReadKey::new(key, Encoding::Secret)), false).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    match Unverified::parse(bytes) {
        Ok(token) => {
            let _ = token.unverified_claims();
            let Err(refused) = KEY.verify(token, &[]) else { panic!("nobody signed it") };
            let text = Secret::new(b"nobody who is fuzzing knows this secret".to_vec());
            let secret = SecretText {
                format: SecretFormat::Text,
                from_file: false,
                path: None,
                format_in: None,
            };
            let text = KeyText { text, secret: Some(secret) };
            let origin = Origin::Named("--secret");
            for refusal in &refused.refusals {
                let _ = find_cause(refusal, &refused.token, &KEY, &[], (&origin, &text));
            }
        }
        Err(fault) => {
            let seen = explain_text(bytes, &fault, None).map(Box::new);
            let _ = Problem::Token(fault, seen).explain();
        }
    }
});
