//! Arbitrary text with genuine tokens in it is redacted: none is left, twice is once, and pieces make no difference.
//! Each byte 0xff of the input stands for a token that the key signed.
#![no_main]

use std::sync::LazyLock;

use jwtctl::crypto::LoadedKeys;
use jwtctl::keys::{Encoding, KeyFile, ReadKey, SecretFormat, read_secret};
use jwtctl::secret::Secret;
use jwtctl::token::{HeaderCache, Hidden, Redactor, Unverified};
use libfuzzer_sys::fuzz_target;

/// The key of RFC 7515 appendix A.1, in base64url, and the token that it signed.
const SECRET: &[u8] =
    b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const TOKEN: &[u8] = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

static KEY: LazyLock<LoadedKeys> = LazyLock::new(|| {
    let key = read_secret(&Secret::new(SECRET.to_vec()), SecretFormat::Base64, false).unwrap();
    LoadedKeys::new(KeyFile::One(ReadKey::new(key, Encoding::Secret)), false).unwrap()
});

fn verifies(text: &[u8]) -> bool {
    let mut headers = HeaderCache::default().allow_padding(true);
    Unverified::parse_with(text, &mut headers).is_ok_and(|token| KEY.verify(token, &[]).is_ok())
}

fn redact(text: &[u8], piece: usize, hidden: Hidden, same_length: bool) -> Vec<u8> {
    let (mut redactor, mut out) = (Redactor::new(hidden, same_length), Vec::new());
    for piece in text.chunks(piece.max(1)) {
        redactor.feed(piece, &mut out);
    }
    redactor.finish(&mut out);
    out
}

fuzz_target!(|bytes: &[u8]| {
    let text: Vec<u8> =
        bytes.iter().flat_map(|b| if *b == 0xff { TOKEN } else { std::slice::from_ref(b) }).copied().collect();
    assert!(verifies(TOKEN));
    for hidden in [Hidden::Signature, Hidden::Payload, Hidden::Token] {
        for same_length in [false, true] {
            let out = redact(&text, text.len(), hidden, same_length);
            assert_eq!(redact(&out, out.len(), hidden, same_length), out);
            assert_eq!(redact(&text, 1 + bytes.len() % 7, hidden, same_length), out);
            assert!(!out.windows(TOKEN.len()).any(|part| part == TOKEN), "a token is left");
            for line in out.split(|b| *b == b'\n') {
                assert!(!verifies(line), "a line verifies");
            }
        }
    }
});
