//! A secret of arbitrary bytes in each format: never empty, and never longer than its text.
#![no_main]

use jwtctl::keys::{KeyMaterial, SecretFormat, read_secret};
use jwtctl::secret::Secret;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in SecretFormat::ALL {
        if let Ok(key) = read_secret(&Secret::new(bytes.to_vec()), format, true) {
            let KeyMaterial::Private(secret) = key.material else { panic!("a secret is private") };
            assert!(!secret.expose().is_empty() && secret.expose().len() <= bytes.len());
        }
    }
});
