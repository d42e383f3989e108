//! Encrypted tokens, for all keys, algorithms and contents: what was encrypted opens, and what was changed does not.

use jwtctl::crypto::{DecryptionKey, EncryptionKey, OpenFault, Opener};
use jwtctl::json::Object;
use jwtctl::keys::{
    ContentEncryption, Key, KeyAlgorithm, KeyFile, KeyMaterial, KeyType, read_keys,
};
use jwtctl::secret::Secret;
use jwtctl::token::{Encrypted, HeaderCache};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A key for an algorithm, whose secret is used directly with this encryption.
fn key(alg: KeyAlgorithm, enc: ContentEncryption) -> Key {
    let secret = |length| {
        let bytes = (0..length).map(|i| u8::try_from(i).unwrap() ^ 0x5a).collect();
        Key::new(KeyType::Hmac, KeyMaterial::Private(Secret::new(bytes)))
    };
    let file = |name: &str| {
        let path = format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"));
        let KeyFile::One(one) =
            read_keys(&Secret::new(std::fs::read(path).unwrap()), None).unwrap()
        else {
            panic!("one key");
        };
        one.key
    };
    match alg {
        KeyAlgorithm::Dir => secret(enc.key_length()),
        KeyAlgorithm::AesKw(aes) | KeyAlgorithm::AesGcmKw(aes) => secret(aes.key_length()),
        KeyAlgorithm::Pbes2(_) => secret(11),
        KeyAlgorithm::RsaOaep | KeyAlgorithm::RsaOaep256 => file("rsa2048.pkcs8.private.pem"),
        KeyAlgorithm::EcdhEs => file("p521.pkcs8.private.pem"),
        KeyAlgorithm::EcdhEsAesKw(_) => file("x25519.pkcs8.private.pem"),
    }
}

fn open(key: Key, token: &str) -> Option<Result<Vec<u8>, OpenFault>> {
    let token = Encrypted::parse(token.as_bytes(), &mut HeaderCache::default())?.ok()?;
    let keys = [DecryptionKey::load(key).unwrap()];
    Some(Opener::new(&keys).open(&token).map(|opened| opened.content().to_vec()))
}

fn seal(key: Key, alg: KeyAlgorithm, enc: ContentEncryption, content: &[u8]) -> String {
    let key = EncryptionKey::load(key).unwrap();
    let sealing = key.sealing(Some(alg), Some(enc), false, 1000).unwrap();
    key.seal(sealing, &Object::default(), content).unwrap()
}

#[test]
fn what_every_pair_of_algorithms_encrypts_it_opens() {
    for alg in KeyAlgorithm::ALL {
        for enc in ContentEncryption::ALL {
            for content in [&b""[..], b"{}", &[0; 1000]] {
                let token = seal(key(alg, enc), alg, enc, content);
                let opened = open(key(alg, enc), &token).expect("an encrypted token");
                assert_eq!(opened.as_deref(), Ok(content), "{alg} {enc}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is changed in a token, it does not open, and the cryptography says only that it failed.
    #[test]
    fn a_token_that_was_changed_does_not_open(
        alg in select(KeyAlgorithm::ALL.to_vec()),
        enc in select(ContentEncryption::ALL.to_vec()),
        content in proptest::collection::vec(any::<u8>(), 0..100),
        at in any::<Index>(),
        to in select((b'A'..=b'Z').collect::<Vec<_>>()),
    ) {
        let token = seal(key(alg, enc), alg, enc, &content);
        let mut changed = token.clone().into_bytes();
        let at = at.index(changed.len());
        changed[at] = to;
        let changed = String::from_utf8(changed).unwrap();
        prop_assume!(changed != token);
        let header = token.find('.').unwrap();
        match open(key(alg, enc), &changed) {
            None | Some(Err(_)) if at <= header => {}
            None => {}
            Some(Ok(_)) => prop_assert!(false, "it opens"),
            Some(Err(fault)) => {
                let failed = matches!(fault, OpenFault::Failed { tried: 1, .. });
                // A dot that becomes a letter changes the lengths of the parts.
                prop_assert!(failed || token.as_bytes()[at] == b'.', "{:?}", fault);
            }
        }
    }
}
