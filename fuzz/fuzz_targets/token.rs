//! A token of any bytes: read, shown, and held against a key that never signed it.
#![no_main]

use std::sync::LazyLock;

use jwtctl::keys::{Keys, SecretFormat, read_secret};
use jwtctl::secret::Secret;
use jwtctl::signature::Ring;
use jwtctl::token::Unverified;
use libfuzzer_sys::fuzz_target;

static KEY: LazyLock<Ring> = LazyLock::new(|| {
    let secret = Secret::new(b"nobody who is fuzzing knows this secret".to_vec());
    let key = read_secret(&secret, SecretFormat::Text, false).unwrap();
    Ring::new(Keys::One(key), false).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(token) = Unverified::parse(bytes) {
        let _ = token.unverified_claims();
        assert!(KEY.verify(&token, &[]).is_err());
    }
});
