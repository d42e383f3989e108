//! The content of an encrypted token: AES GCM, and AES CBC with HMAC (RFC 7518 section 5).

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    self, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use crate::crypto::jwe::Bytes;
use crate::keys::{Aes, ContentEncryption};
use zeroize::Zeroizing;

/// An encrypted content, and what authenticates it.
#[derive(Clone, Copy)]
pub(super) struct Sealed<'a> {
    pub(super) iv: &'a [u8],
    pub(super) ciphertext: &'a [u8],
    pub(super) tag: &'a [u8],
    pub(super) aad: &'a [u8],
}

/// Decrypts a content; an error unless the tag matches. The key has the length that `enc` requires.
pub(super) fn decrypt(
    enc: ContentEncryption,
    key: &[u8],
    sealed: Sealed<'_>,
) -> Result<Bytes, Unspecified> {
    match enc {
        ContentEncryption::AesGcm(aes) => decrypt_gcm(&gcm(aes, key)?, sealed),
        ContentEncryption::AesCbcHmac(aes) => {
            let (mac_key, key) = key.split_at_checked(aes.key_length()).ok_or(Unspecified)?;
            verify_slices_are_equal(sealed.tag, mac(aes, mac_key, sealed).truncated(aes))?;
            let mut content = Zeroizing::new(sealed.ciphertext.to_vec());
            let key = PaddedBlockDecryptingKey::cbc_pkcs7(cbc(aes, key)?)?;
            let iv = DecryptionContext::Iv128(FixedLength::<16>::try_from(sealed.iv)?);
            let length = key.decrypt(&mut content, iv)?.len();
            content.truncate(length);
            Ok(content)
        }
    }
}

/// Decrypts a content with a key of AES GCM.
pub(super) fn decrypt_gcm(key: &LessSafeKey, sealed: Sealed<'_>) -> Result<Bytes, Unspecified> {
    let Sealed { iv, ciphertext, tag, aad } = sealed;
    let mut content = Zeroizing::new([ciphertext, tag].concat());
    let nonce = Nonce::try_assume_unique_for_key(iv)?;
    let length = key.open_in_place(nonce, Aad::from(aad), &mut content)?.len();
    content.truncate(length);
    Ok(content)
}

/// Encrypts a content in place, and returns its tag.
pub(super) fn encrypt(
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    content: &mut Vec<u8>,
) -> Result<Vec<u8>, Unspecified> {
    match enc {
        ContentEncryption::AesGcm(aes) => {
            let nonce = Nonce::try_assume_unique_for_key(iv)?;
            let tag = gcm(aes, key)?.seal_in_place_separate_tag(nonce, Aad::from(aad), content)?;
            Ok(tag.as_ref().to_vec())
        }
        ContentEncryption::AesCbcHmac(aes) => {
            let (mac_key, key) = key.split_at_checked(aes.key_length()).ok_or(Unspecified)?;
            let key = PaddedBlockEncryptingKey::cbc_pkcs7(cbc(aes, key)?)?;
            let iv128 = EncryptionContext::Iv128(FixedLength::<16>::try_from(iv)?);
            key.less_safe_encrypt(content, iv128)?;
            let sealed = Sealed { iv, ciphertext: content, tag: &[], aad };
            Ok(mac(aes, mac_key, sealed).truncated(aes).to_vec())
        }
    }
}

/// An AES GCM key.
pub(super) fn gcm(aes: Aes, key: &[u8]) -> Result<LessSafeKey, Unspecified> {
    let algorithm = match aes {
        Aes::Aes128 => &aead::AES_128_GCM,
        Aes::Aes192 => &aead::AES_192_GCM,
        Aes::Aes256 => &aead::AES_256_GCM,
    };
    Ok(LessSafeKey::new(UnboundKey::new(algorithm, key)?))
}

fn cbc(aes: Aes, key: &[u8]) -> Result<UnboundCipherKey, Unspecified> {
    let algorithm = match aes {
        Aes::Aes128 => &cipher::AES_128,
        Aes::Aes192 => &cipher::AES_192,
        Aes::Aes256 => &cipher::AES_256,
    };
    UnboundCipherKey::new(algorithm, key)
}

/// The HMAC over the content, the vector and what else is authenticated (RFC 7518 section 5.2.2.1).
fn mac(aes: Aes, key: &[u8], sealed: Sealed<'_>) -> Mac {
    let algorithm = match aes {
        Aes::Aes128 => hmac::HMAC_SHA256,
        Aes::Aes192 => hmac::HMAC_SHA384,
        Aes::Aes256 => hmac::HMAC_SHA512,
    };
    let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
    for part in [sealed.aad, sealed.iv, sealed.ciphertext] {
        context.update(part);
    }
    context.update(&(sealed.aad.len() as u64 * 8).to_be_bytes());
    Mac(context.sign())
}

struct Mac(hmac::Tag);

impl Mac {
    /// The first half of it, which is the tag.
    fn truncated(&self, aes: Aes) -> &[u8] {
        &self.0.as_ref()[..aes.key_length()]
    }
}
