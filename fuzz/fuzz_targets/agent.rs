//! The answers of an SSH agent, and what a command prints: nothing makes a reader panic, and a signature has the length of
//! the key's.
#![no_main]

use jwtctl::keys::{Algorithm, read_identities, read_printed_signature, read_signature};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for first in [12, 14] {
        let answer = [&[first], bytes].concat();
        if let Ok(keys) = read_identities(&answer) {
            assert!(keys.len() * 8 <= bytes.len());
        }
        for alg in Algorithm::ALL {
            let length = alg.signature_length().unwrap_or(256);
            if let Ok(signature) = read_signature(&answer, alg, length) {
                assert_eq!(signature.len(), length);
            }
            if let Some(signature) = read_printed_signature(bytes, alg, length) {
                assert_eq!(signature.len(), length);
            }
        }
    }
});
