//! A key file of arbitrary bytes is read, with and without a password, loaded into the crypto library, and written in every
//! format, which must read back as the same key.
#![no_main]

use jwtctl::keys::{Format, JwkParams, Key, KeyFile, read_keys, write_key};
use jwtctl::secret::Secret;
use jwtctl::crypto::LoadedKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let content = Secret::new(bytes.to_vec());
    let password = Secret::new(b"password".to_vec());
    for password in [None, Some(&password)] {
        match read_keys(&content, password) {
            Ok(KeyFile::One(one)) => round_trip(one.key),
            Ok(KeyFile::Set(set)) => {
                let keys = set.entries.iter().filter_map(|entry| Some(entry.read().ok()?.key));
                keys.take(4).for_each(round_trip);
            }
            Err(_) => {}
        }
    }
});

fn round_trip(key: Key) {
    let Ok(key) = LoadedKey::load(key, true) else { return };
    let public = key.public_key().unwrap_or_default();
    let print = key.thumbprint().expect("a key that was loaded has a thumbprint");
    for format in [Format::Pem, Format::Der, Format::Jwk, Format::OpenSsh] {
        let Ok(written) = write_key(key.key(), public, format, &JwkParams::default(), true) else { continue };
        let Ok(KeyFile::One(again)) = read_keys(&written, None) else {
            panic!("what was written as {} does not read", format.name());
        };
        let again = LoadedKey::load(again.key, true).expect("what was written is sound");
        assert_eq!(again.thumbprint().ok().as_ref(), Some(&print));
    }
}
