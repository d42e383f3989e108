//! New keys from the crypto library's generators, and digests, which need its hash.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::LoadedKey;
use super::primitives::signing;
use crate::keys::{self, Algorithm, Key, KeyError, KeyMaterial, KeyType, Keys};
use crate::secret::Secret;

/// The sizes that RSA keys are made in, in bits.
pub const RSA_SIZES: [usize; 4] = [2048, 3072, 4096, 8192];

/// The size of an RSA key where none is named, in bits: good beyond 2030 (NIST SP 800-57 part 1).
pub const DEFAULT_RSA_SIZE: usize = 3072;

/// The most random bytes that a secret is made of.
pub const LONGEST_SECRET: usize = 1024;

/// What a new secret is to be: bytes of any value, or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretForm {
    /// As many random bytes as are asked for.
    Bytes,
    /// The base64url of that many, which is itself the secret.
    Text,
}

/// The SHA-256 digest of bytes, in base64url without padding.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// Makes a key for an algorithm. `bits` is the size of an RSA modulus, one of [`RSA_SIZES`], or of the
/// randomness of a secret, at least that of the algorithm's hash; other keys have one size.
///
/// # Errors
/// `Rejected` if the crypto library fails.
pub fn new_key(alg: Algorithm, bits: Option<usize>, form: SecretForm) -> Result<Key, KeyError> {
    let failed = |_: Unspecified| KeyError::Rejected {
        key: format!("new key for {alg}"),
        reason: "the crypto library could not make it".to_owned(),
    };
    let pkcs8 = match alg.key_type() {
        KeyType::Hmac => {
            let least = alg.min_secret().unwrap_or(LONGEST_SECRET);
            let length = bits.map_or(least, |bits| bits / 8);
            return new_secret(length, form).map_err(failed);
        }
        KeyType::Rsa { .. } => {
            let size = match bits.unwrap_or(DEFAULT_RSA_SIZE) {
                2048 => KeySize::Rsa2048,
                4096 => KeySize::Rsa4096,
                8192 => KeySize::Rsa8192,
                _ => KeySize::Rsa3072,
            };
            let der = RsaKeyPair::generate(size).and_then(|pair| pair.as_der()).map_err(failed)?;
            Secret::new(der.as_ref().to_vec())
        }
        KeyType::Ec(curve) => {
            let pair = EcdsaKeyPair::generate(signing(curve)).map_err(failed)?;
            Secret::new(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec())
        }
        KeyType::Ed25519 => {
            let pair = Ed25519KeyPair::generate().map_err(failed)?;
            Secret::new(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec())
        }
    };
    match keys::read_keys(&pkcs8, None)?.keys {
        Keys::One(key) => Ok(key),
        Keys::Set(_) => Err(failed(Unspecified)),
    }
}

fn new_secret(length: usize, form: SecretForm) -> Result<Key, Unspecified> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    rand::fill(&mut bytes)?;
    let secret = match form {
        SecretForm::Bytes => bytes.to_vec(),
        SecretForm::Text => URL_SAFE_NO_PAD.encode(&*bytes).into_bytes(),
    };
    Ok(Key::new(KeyType::Hmac, KeyMaterial::Private(Secret::new(secret))))
}

impl LoadedKey {
    /// Its thumbprint with SHA-256, in base64url (RFC 7638).
    ///
    /// # Errors
    /// Those of a key that does not decode.
    pub fn thumbprint(&self) -> Result<String, KeyError> {
        let public = self.public_key().unwrap_or_default();
        let input = keys::thumbprint_input(&self.halves(&public))?;
        Ok(sha256(input.expose()))
    }
}
