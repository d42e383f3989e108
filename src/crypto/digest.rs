//! Digests, and seals for stored files: an HMAC-SHA-256 with a key that only the user has.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::generate::random;
use crate::secret::Secret;

/// The SHA-256 digest of bytes, in base64url without padding.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// The fingerprint of an SSH key in the form of RFC 4253 section 6.6, as ssh-add and ssh-keygen print it.
pub(crate) fn ssh_fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", STANDARD_NO_PAD.encode(digest(&SHA256, blob)))
}

/// The SHA-256 digest of bytes.
pub(crate) fn sha256_bytes(bytes: &[u8]) -> [u8; 32] {
    let digest = digest(&SHA256, bytes);
    std::array::from_fn(|i| digest.as_ref()[i])
}

/// The key of seals, which the crypto library wipes. It cannot be printed.
#[derive(Clone)]
pub struct Seal(hmac::Key);

impl Seal {
    /// The length of a key, in bytes: that of the hash.
    pub const KEY_LENGTH: usize = 32;

    /// A seal under this key; `None` if the key has another length.
    pub fn new(key: &Secret) -> Option<Self> {
        let key = key.expose();
        (key.len() == Self::KEY_LENGTH).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    /// A new random key; `None` if the crypto library has no random numbers.
    pub fn new_key() -> Option<Secret> {
        random(Self::KEY_LENGTH).ok().map(Secret::from)
    }

    /// The seal on these parts, one after the other, in base64url.
    pub fn on(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, &parts.concat()))
    }

    /// Whether a text is the seal on these parts, compared in constant time.
    pub fn is_on(&self, parts: &[&[u8]], seal: &[u8]) -> bool {
        let Ok(seal) = URL_SAFE_NO_PAD.decode(seal) else { return false };
        hmac::verify(&self.0, &parts.concat(), &seal).is_ok()
    }
}
