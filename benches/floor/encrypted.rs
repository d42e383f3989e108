//! The floor of encrypted tokens: A256GCM with the key itself (`dir`), or with a key of its own that is wrapped (`A256KW`).

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde_json::value::RawValue;

use crate::Failure;

const KEY: usize = 32;
const WRAPPED: usize = KEY + 8;

pub(crate) enum Shared {
    Dir(LessSafeKey),
    /// The bytes: the library's key wraps or unwraps only once.
    Kek(Vec<u8>),
}

impl Shared {
    pub(crate) fn read(alg: &str, bytes: &[u8]) -> Result<Self, Failure> {
        match alg {
            "dir" => Ok(Self::Dir(gcm(bytes)?)),
            "A256KW" => Ok(Self::Kek(bytes.to_vec())),
            _ => Err(format!("no such algorithm here: {alg}").into()),
        }
    }

    pub(crate) fn decrypt(&self, token: &str, buffer: &mut Vec<u8>) -> Result<(), Failure> {
        let mut parts = token.split('.');
        let mut next = || parts.next().ok_or("not five parts");
        let (header, key, iv, ciphertext, tag) = (next()?, next()?, next()?, next()?, next()?);
        let (mut nonce, mut wrapped, mut unwrapped) = ([0; 12], [0; WRAPPED], [0; KEY]);
        BASE64URL.decode_slice(iv, &mut nonce)?;
        buffer.clear();
        BASE64URL.decode_vec(ciphertext, buffer)?;
        BASE64URL.decode_vec(tag, buffer)?;
        let (nonce, aad) = (Nonce::assume_unique_for_key(nonce), Aad::from(header));
        let claims = match self {
            Self::Dir(key) => key.open_in_place(nonce, aad, buffer)?,
            Self::Kek(kek) => {
                BASE64URL.decode_slice(key, &mut wrapped)?;
                let key = AesKek::new(&AES_256, kek)?.unwrap(&wrapped, &mut unwrapped)?;
                gcm(key)?.open_in_place(nonce, aad, buffer)?
            }
        };
        black_box(serde_json::from_slice::<&RawValue>(claims)?);
        buffer.clear();
        BASE64URL.decode_vec(header, buffer)?;
        black_box(serde_json::from_slice::<&RawValue>(buffer)?);
        Ok(())
    }

    fn encrypt(&self, header: &str, claims: &str, token: &mut String) -> Result<(), Failure> {
        let (random, mut iv, mut key) = (SystemRandom::new(), [0; 12], [0; KEY]);
        let (mut content, mut wrapped) = (claims.as_bytes().to_vec(), [0; WRAPPED]);
        random.fill(&mut iv)?;
        let (nonce, aad) = (Nonce::assume_unique_for_key(iv), Aad::from(header));
        let (tag, wrapped) = match self {
            Self::Dir(key) => (key.seal_in_place_separate_tag(nonce, aad, &mut content)?, &[][..]),
            Self::Kek(kek) => {
                random.fill(&mut key)?;
                let tag = gcm(&key)?.seal_in_place_separate_tag(nonce, aad, &mut content)?;
                (tag, &*AesKek::new(&AES_256, kek)?.wrap(&key, &mut wrapped)?)
            }
        };
        token.push_str(header);
        for part in [wrapped, &iv[..], &content, tag.as_ref()] {
            token.push('.');
            BASE64URL.encode_string(part, token);
        }
        Ok(())
    }
}

fn gcm(key: &[u8]) -> Result<LessSafeKey, Failure> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?))
}

/// A token of each line of claims.
pub(crate) fn encrypt_all(alg: &str, key: &[u8], claims: &str, out: &str) -> Result<(), Failure> {
    let (key, mut tokens) = (Shared::read(alg, key)?, String::new());
    let header = BASE64URL.encode(format!(r#"{{"alg":"{alg}","enc":"A256GCM"}}"#));
    for claims in fs::read_to_string(claims)?.lines() {
        key.encrypt(&header, claims, &mut tokens)?;
        writeln!(tokens)?;
    }
    Ok(fs::write(out, tokens)?)
}
