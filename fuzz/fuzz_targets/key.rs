//! A key file of any bytes: read, and handed to the crypto library.
#![no_main]

use jwtctl::keys::read_key;
use jwtctl::secret::Secret;
use jwtctl::signature::LoadedKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = read_key(&Secret::new(bytes.to_vec())) {
        let _ = LoadedKey::load(key);
    }
});
