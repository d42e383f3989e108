//! Content encryption keys encrypted with a shared key: AES Key Wrap (RFC 3394; RFC 7518 section 4.4), AES GCM
//! (section 4.7), and the key that PBES2 derives from a password (section 4.8).

use std::num::NonZero;

use aws_lc_rs::aead::{Aad, Nonce};
use aws_lc_rs::cipher::{
    AES_192, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::Bytes;
use super::content::gcm;
use crate::keys::{Aes, KeyAlgorithm};

/// Wraps a key with AES Key Wrap.
pub(super) fn wrap(aes: Aes, kek: &[u8], key: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut wrapped = vec![0; key.len() + 8];
    match aes {
        Aes::Aes128 => AesKek::new(&AES_128, kek)?.wrap(key, &mut wrapped).map(drop)?,
        Aes::Aes256 => AesKek::new(&AES_256, kek)?.wrap(key, &mut wrapped).map(drop)?,
        Aes::Aes192 => Aes192Kw(kek).wrap(key, &mut wrapped)?,
    }
    Ok(wrapped)
}

/// Unwraps a key.
pub(super) fn unwrap(aes: Aes, kek: &[u8], wrapped: &[u8]) -> Result<Bytes, Unspecified> {
    let length = wrapped.len().checked_sub(8).ok_or(Unspecified)?;
    let mut key = Zeroizing::new(vec![0; length]);
    match aes {
        Aes::Aes128 => AesKek::new(&AES_128, kek)?.unwrap(wrapped, &mut key).map(drop)?,
        Aes::Aes256 => AesKek::new(&AES_256, kek)?.unwrap(wrapped, &mut key).map(drop)?,
        Aes::Aes192 => Aes192Kw(kek).unwrap(wrapped, &mut key)?,
    }
    Ok(key)
}

/// AES Key Wrap with 192 bits (RFC 3394 section 2.2), which the crypto library does not have.
struct Aes192Kw<'a>(&'a [u8]);

/// What is wrapped before the key, to check it (RFC 3394 section 2.2.3.1).
const INITIAL: [u8; 8] = [0xa6; 8];

impl Aes192Kw<'_> {
    fn cipher(&self) -> Result<UnboundCipherKey, Unspecified> {
        UnboundCipherKey::new(&AES_192, self.0)
    }

    fn wrap(&self, key: &[u8], wrapped: &mut [u8]) -> Result<(), Unspecified> {
        let cipher = EncryptingKey::ecb(self.cipher()?)?;
        let (head, blocks) = wrapped.split_first_chunk_mut::<8>().ok_or(Unspecified)?;
        blocks.copy_from_slice(key);
        *head = INITIAL;
        for step in Self::steps(key.len())? {
            let at = step.block * 8;
            let mut pair = Zeroizing::new([0; 16]);
            pair[..8].copy_from_slice(head);
            pair[8..].copy_from_slice(&blocks[at..at + 8]);
            cipher.less_safe_encrypt(&mut *pair, EncryptionContext::None)?;
            step.count(&mut pair);
            head.copy_from_slice(&pair[..8]);
            blocks[at..at + 8].copy_from_slice(&pair[8..]);
        }
        Ok(())
    }

    fn unwrap(&self, wrapped: &[u8], key: &mut [u8]) -> Result<(), Unspecified> {
        let cipher = DecryptingKey::ecb(self.cipher()?)?;
        let (head, blocks) = wrapped.split_first_chunk::<8>().ok_or(Unspecified)?;
        let mut head = *head;
        key.copy_from_slice(blocks);
        for step in Self::steps(key.len())?.rev() {
            let at = step.block * 8;
            let mut pair = Zeroizing::new([0; 16]);
            pair[..8].copy_from_slice(&head);
            pair[8..].copy_from_slice(&key[at..at + 8]);
            step.count(&mut pair);
            cipher.decrypt(&mut *pair, DecryptionContext::None)?;
            head.copy_from_slice(&pair[..8]);
            key[at..at + 8].copy_from_slice(&pair[8..]);
        }
        verify_slices_are_equal(&head, &INITIAL)
    }

    /// The steps for a key of this length: six rounds over its blocks of eight bytes.
    fn steps(length: usize) -> Result<impl DoubleEndedIterator<Item = Step>, Unspecified> {
        if length < 16 || !length.is_multiple_of(8) {
            return Err(Unspecified);
        }
        let blocks = length / 8;
        Ok((0..6 * blocks).map(move |i| Step { number: i as u64 + 1, block: i % blocks }))
    }
}

struct Step {
    /// Counted from 1.
    number: u64,
    block: usize,
}

impl Step {
    /// Adds the step's number to the first half of a pair.
    fn count(&self, pair: &mut [u8; 16]) {
        for (byte, count) in pair.iter_mut().zip(self.number.to_be_bytes()) {
            *byte ^= count;
        }
    }
}

/// Wraps a key with AES GCM, and returns the tag.
pub(super) fn wrap_with_gcm(
    aes: Aes,
    kek: &[u8],
    iv: &[u8],
    key: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Unspecified> {
    let mut wrapped = key.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(iv)?;
    let tag = gcm(aes, kek)?.seal_in_place_separate_tag(nonce, Aad::empty(), &mut wrapped)?;
    Ok((wrapped, tag.as_ref().to_vec()))
}

/// Unwraps a key with AES GCM.
pub(super) fn unwrap_with_gcm(
    aes: Aes,
    kek: &[u8],
    [iv, tag]: [&[u8]; 2],
    wrapped: &[u8],
) -> Result<Bytes, Unspecified> {
    let mut key = Zeroizing::new([wrapped, tag].concat());
    let nonce = Nonce::try_assume_unique_for_key(iv)?;
    gcm(aes, kek)?.open_in_place(nonce, Aad::empty(), &mut key)?;
    key.truncate(wrapped.len());
    Ok(key)
}

/// The key that PBES2 derives from a password.
pub(super) fn password_key(aes: Aes, password: &[u8], salt: &[u8], iterations: u32) -> Bytes {
    let algorithm = match aes {
        Aes::Aes128 => pbkdf2::PBKDF2_HMAC_SHA256,
        Aes::Aes192 => pbkdf2::PBKDF2_HMAC_SHA384,
        Aes::Aes256 => pbkdf2::PBKDF2_HMAC_SHA512,
    };
    // The salt begins with the name of the algorithm (RFC 7518 section 4.8.1.1).
    let salt = [KeyAlgorithm::Pbes2(aes).name().as_bytes(), &[0], salt].concat();
    let mut key = Zeroizing::new(vec![0; aes.key_length()]);
    let iterations = NonZero::new(iterations).unwrap_or(NonZero::<u32>::MIN);
    pbkdf2::derive(algorithm, iterations, &salt, password, &mut key);
    key
}
