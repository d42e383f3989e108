//! New keys from the crypto library's generators.

use aws_lc_rs::agreement::{PrivateKey, X25519};
use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, Curve25519SeedBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, PqdsaKeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::primitives::{ecdsa, ml_dsa};
use crate::keys::{Key, KeyError, KeyFile, KeyMaterial, KeyType, okp_pkcs8, read_keys};
use crate::secret::Secret;

/// The sizes of new RSA keys, in bits.
pub(crate) const RSA_SIZES: [usize; 4] = [2048, 3072, 4096, 8192];

/// Makes a key of a type. `bits` is the size of an RSA modulus, one of [`RSA_SIZES`], or of the randomness of a secret;
/// other keys have one size. `as_text` makes a secret that is text: the base64url of its random bytes.
pub(crate) fn new_key(key_type: KeyType, bits: usize, as_text: bool) -> Result<Key, KeyError> {
    let pkcs8 = match key_type {
        KeyType::Hmac => {
            let length = bits / 8;
            let bytes = random(length).map_err(failed)?;
            let text = || Secret::new(URL_SAFE_NO_PAD.encode(&*bytes).into_bytes());
            let secret = if as_text { text() } else { bytes.into() };
            return Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(secret)));
        }
        KeyType::Rsa => {
            let size = match bits {
                2048 => KeySize::Rsa2048,
                4096 => KeySize::Rsa4096,
                8192 => KeySize::Rsa8192,
                _ => KeySize::Rsa3072,
            };
            RsaKeyPair::generate(size)
                .and_then(|pair| Ok(Secret::new(pair.as_der()?.as_ref().to_vec())))
        }
        KeyType::Ec(curve) => EcdsaKeyPair::generate(ecdsa(curve).signing)
            .and_then(|pair| Ok(Secret::new(pair.to_pkcs8v1()?.as_ref().to_vec()))),
        KeyType::Ed25519 => Ed25519KeyPair::generate()
            .and_then(|pair| Ok(Secret::new(pair.to_pkcs8v1()?.as_ref().to_vec()))),
        KeyType::MlDsa(set) => PqdsaKeyPair::generate(ml_dsa(set).signing)
            .and_then(|pair| Ok(Secret::new(pair.to_pkcs8v1()?.as_ref().to_vec()))),
        KeyType::X25519 => PrivateKey::generate(&X25519).and_then(|key| {
            let seed: Curve25519SeedBin<'_> = key.as_be_bytes()?;
            okp_pkcs8(KeyType::X25519, seed.as_ref(), None).map_err(|_| Unspecified)
        }),
    };
    match read_keys(&pkcs8.map_err(failed)?, None)? {
        KeyFile::One(one) => Ok(one.key),
        KeyFile::Set(_) => Err(failed(Unspecified)),
    }
}

/// Random bytes for what is neither a key nor secret.
pub(crate) fn random_bytes<const LENGTH: usize>() -> Result<[u8; LENGTH], KeyError> {
    let mut bytes = [0; LENGTH];
    rand::fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn failed(_: Unspecified) -> KeyError {
    KeyError::Rejected {
        key: "new key".to_owned(),
        reason: "the crypto library could not make it".to_owned(),
    }
}

/// This many random bytes, unless the crypto library fails.
pub(super) fn random(length: usize) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    rand::fill(&mut bytes)?;
    Ok(bytes)
}
