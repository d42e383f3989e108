//! Decrypts a token that has the same header as the one before, a shared key and AES GCM, without reading its header
//! again.

use std::sync::Arc;

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};

use super::content::gcm;
use super::decrypt::{DecryptionKey, Opened};
use super::wrap;
use crate::claims::Claims;
use crate::keys::{Aes, ContentEncryption, KeyAlgorithm};
use crate::token::{Header, TokenMemory};

/// The header of a token that holds claims and was decrypted with a shared key.
pub(crate) struct KnownEncryption {
    encoded: String,
    pub(crate) header: Arc<Header>,
    /// The index of the key.
    key: usize,
    alg: KeyAlgorithm,
    aes: Aes,
}

impl KnownEncryption {
    /// The header of a token that was decrypted and holds claims; `None` if later tokens like it are read in full.
    pub(crate) fn of(token: &str, opened: &Opened) -> Option<Self> {
        let (encoded, _) = token.split_once('.')?;
        let (alg, ContentEncryption::AesGcm(aes)) = (opened.encryption.alg, opened.encryption.enc)
        else {
            return None;
        };
        let has_way = matches!(alg, KeyAlgorithm::Dir | KeyAlgorithm::AesKw(_));
        let known = || Self {
            encoded: encoded.to_owned(),
            header: Arc::clone(&opened.header),
            key: opened.key,
            alg,
            aes,
        };
        (has_way && !opened.encryption.is_compressed).then(known)
    }

    /// Decrypts another token, if it has this header, and returns its claims. `None` decides nothing: [`super::Opener`]
    /// does.
    pub(crate) fn open(
        &self,
        keys: &[DecryptionKey],
        token: &[u8],
        memory: &mut TokenMemory,
    ) -> Option<Claims> {
        let parts = memory.read_encrypted(&self.encoded, token)?;
        let key = keys.get(self.key)?;
        let nonce = Nonce::try_assume_unique_for_key(parts.iv).ok()?;
        let aad = Aad::from(self.encoded.as_bytes());
        let open =
            |key: &LessSafeKey| Some(key.open_in_place(nonce, aad, parts.content).ok()?.len());
        let length = match self.alg {
            KeyAlgorithm::AesKw(size) if parts.key.len() == self.aes.key_length() + 8 => {
                let content_key = wrap::unwrap(size, key.secret()?, parts.key).ok()?;
                open(&gcm(self.aes, &content_key).ok()?)?
            }
            KeyAlgorithm::Dir if parts.key.is_empty() => open(key.direct(self.aes)?)?,
            _ => return None,
        };
        parts.content.truncate(length);
        memory.take_claims().ok()
    }
}
