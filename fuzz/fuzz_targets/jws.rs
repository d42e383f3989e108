//! A JWS of arbitrary bytes in a JSON serialization: each signature is checked against a key that did not sign it, and is
//! read like the same signature in the compact serialization.
#![no_main]

use std::sync::LazyLock;

use jwtctl::crypto::LoadedKeys;
use jwtctl::explain::Problem;
use jwtctl::keys::{Encoding, KeyFile, ReadKey, SecretFormat, read_secret};
use jwtctl::secret::Secret;
use jwtctl::token::{Jws, Unverified};
use libfuzzer_sys::fuzz_target;

static KEY: LazyLock<LoadedKeys> = LazyLock::new(|| {
    let secret = Secret::new(b"nobody who is fuzzing knows this secret".to_vec());
    let key = read_secret(&secret, SecretFormat::Text, false).unwrap();
    LoadedKeys::new(KeyFile::One(ReadKey::new(key, Encoding::Secret)), false).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    let jws = match Jws::parse(bytes) {
        None => return,
        Some(Err(fault)) => {
            let _ = Problem::Token(fault, None).explain();
            return;
        }
        Some(Ok(jws)) => jws,
    };
    for signature in jws.signatures() {
        let Ok(signature) = signature else { continue };
        let compact = signature.compact(jws.payload().unwrap_or_default());
        let Ok(token) = signature.token(&compact) else { continue };
        if let Ok(plain) = Unverified::parse(compact.as_bytes()) {
            assert_eq!(plain.payload(), token.payload());
            assert_eq!(plain.signing_input(), token.signing_input());
        }
        assert!(KEY.verify(token, &[]).is_err(), "nobody signed it");
    }
});
