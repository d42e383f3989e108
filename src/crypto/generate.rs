//! New keys from the crypto library's generators.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::primitives::ecdsa;
use crate::keys::{Algorithm, Key, KeyError, KeyFile, KeyMaterial, KeyType, read_keys};
use crate::secret::Secret;

/// The sizes of new RSA keys, in bits.
pub(crate) const RSA_SIZES: [usize; 4] = [2048, 3072, 4096, 8192];

/// The most random bytes that a secret is made of.
pub(crate) const LONGEST_SECRET: usize = 1024;

/// Makes a key for an algorithm. `bits` is the size of an RSA modulus, one of [`RSA_SIZES`], or of the randomness of
/// a secret, at least that of the algorithm's hash; other keys have one size. `as_text` makes a secret that is text:
/// the base64url of its random bytes.
pub(crate) fn new_key(alg: Algorithm, bits: Option<usize>, as_text: bool) -> Result<Key, KeyError> {
    let failed = |_: Unspecified| KeyError::Rejected {
        key: format!("new key for {alg}"),
        reason: "the crypto library could not make it".to_owned(),
    };
    let pkcs8 = match alg.key_type() {
        KeyType::Hmac => {
            let length = bits.map(|bits| bits / 8).or(alg.min_secret()).unwrap_or(LONGEST_SECRET);
            let bytes = random(length).map_err(failed)?;
            let text = || Secret::new(URL_SAFE_NO_PAD.encode(&*bytes).into_bytes());
            let secret = if as_text { text() } else { bytes.into() };
            return Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(secret)));
        }
        KeyType::Rsa => {
            let size = match bits {
                Some(2048) => KeySize::Rsa2048,
                Some(4096) => KeySize::Rsa4096,
                Some(8192) => KeySize::Rsa8192,
                // The default is good beyond 2030 (NIST SP 800-57 part 1).
                _ => KeySize::Rsa3072,
            };
            RsaKeyPair::generate(size)
                .and_then(|pair| Ok(Secret::new(pair.as_der()?.as_ref().to_vec())))
        }
        KeyType::Ec(curve) => EcdsaKeyPair::generate(ecdsa(curve).signing)
            .and_then(|pair| Ok(Secret::new(pair.to_pkcs8v1()?.as_ref().to_vec()))),
        KeyType::Ed25519 => Ed25519KeyPair::generate()
            .and_then(|pair| Ok(Secret::new(pair.to_pkcs8v1()?.as_ref().to_vec()))),
        KeyType::X25519 => return Err(failed(Unspecified)),
    };
    match read_keys(&pkcs8.map_err(failed)?, None)? {
        KeyFile::One(one) => Ok(one.key),
        KeyFile::Set(_) => Err(failed(Unspecified)),
    }
}

/// This many random bytes, unless the crypto library fails.
pub(super) fn random(length: usize) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    rand::fill(&mut bytes)?;
    Ok(bytes)
}
