//! An encrypted token of arbitrary bytes is parsed and refused by keys that nobody encrypted to; arbitrary content that is
//! encrypted opens again, byte for byte.
#![no_main]

use std::sync::LazyLock;

use jwtctl::crypto::{DecryptionKey, EncryptionKey, Opener};
use jwtctl::json::Object;
use jwtctl::keys::{Key, KeyFile, read_keys};
use jwtctl::secret::Secret;
use jwtctl::token::{Encrypted, HeaderCache};
use libfuzzer_sys::fuzz_target;

const JWKS: [&str; 3] = [
    r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#,
    r#"{"kty":"EC","crv":"P-256","x":"eOiRCpH3HQA2ynnFJqw5kiUNaJ8QI1yzAHQvGcU3gIM","y":"c1XNm4-aFe1_DVoh0NbulPDAWhm3Mr3_B15hp77Mgsg","d":"J3C4JTEkXhXjOD_1iJLhWM4cob15LiRV8oF_B6ElDNg"}"#,
    r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#,
];

fn key(jwk: &str) -> Key {
    match read_keys(&Secret::new(jwk.as_bytes().to_vec()), None) {
        Ok(KeyFile::One(one)) => one.key,
        _ => panic!("one key"),
    }
}

static KEYS: LazyLock<(Vec<DecryptionKey>, Vec<EncryptionKey>)> = LazyLock::new(|| {
    let keys = || JWKS.iter().map(|jwk| key(jwk));
    let decrypts = keys().map(|key| DecryptionKey::load(key).unwrap()).collect();
    (decrypts, keys().map(|key| EncryptionKey::load(key).unwrap()).collect())
});

fuzz_target!(|bytes: &[u8]| {
    let (decrypts, encrypts) = &*KEYS;
    let parse = |bytes: &[u8]| Encrypted::parse(bytes, &mut HeaderCache::default());
    if let Some(Ok(token)) = parse(bytes) {
        let fault = Opener::new(decrypts).open(&token).expect_err("nobody encrypted it");
        let _ = fault.to_string();
    }
    for key in encrypts {
        let sealing = key.sealing(None, None, false, 1000).unwrap();
        let sealed = key.seal(sealing, &Object::default(), bytes).unwrap();
        let token = parse(sealed.as_bytes()).expect("an encrypted token").unwrap();
        assert_eq!(Opener::new(decrypts).open(&token).unwrap().content(), bytes);
    }
});
