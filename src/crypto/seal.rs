//! A seal on what is kept for later calls: an HMAC-SHA-256 under a key of the user's own. Whoever does not hold the
//! key cannot make one.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// The key of seals; the crypto library wipes it.
#[derive(Clone)]
pub struct Seal(hmac::Key);

impl Seal {
    /// The length of a key, in bytes: that of the hash.
    pub const KEY_LENGTH: usize = 32;

    /// A seal under this key; `None` if the key has another length.
    #[must_use]
    pub fn new(key: &Secret) -> Option<Self> {
        let key = key.expose();
        (key.len() == Self::KEY_LENGTH).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    /// A new random key; `None` if the crypto library has no random numbers.
    #[must_use]
    pub fn new_key() -> Option<Secret> {
        let mut key = Zeroizing::new(vec![0; Self::KEY_LENGTH]);
        rand::fill(&mut key).ok().map(|()| key.into())
    }

    /// The seal on these parts, one after the other, in base64url.
    #[must_use]
    pub fn on(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(self.tag(parts))
    }

    /// Whether a text is the seal on these parts, compared in constant time.
    #[must_use]
    pub fn is_on(&self, parts: &[&[u8]], seal: &[u8]) -> bool {
        let Ok(seal) = URL_SAFE_NO_PAD.decode(seal) else { return false };
        verify_slices_are_equal(self.tag(parts).as_ref(), &seal).is_ok()
    }

    fn tag(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut mac = hmac::Context::with_key(&self.0);
        for part in parts {
            mac.update(part);
        }
        mac.sign()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(byte: u8) -> Seal {
        Seal::new(&Secret::new(vec![byte; Seal::KEY_LENGTH])).unwrap()
    }

    #[test]
    fn only_the_same_key_and_the_same_parts_have_the_same_seal() {
        let sealed = seal(1).on(&[b"a", b"b"]);
        assert!(seal(1).is_on(&[b"ab"], sealed.as_bytes()));
        assert!(!seal(1).is_on(&[b"ac"], sealed.as_bytes()));
        assert!(!seal(2).is_on(&[b"ab"], sealed.as_bytes()));
        for end in 0..sealed.len() {
            assert!(!seal(1).is_on(&[b"ab"], &sealed.as_bytes()[..end]), "cut at {end}");
        }
        assert!(!seal(1).is_on(&[b"ab"], b"no base64url!"));
    }

    #[test]
    fn a_key_has_one_length_and_is_random() {
        for length in [0, 1, 31, 33, 64] {
            assert!(Seal::new(&Secret::new(vec![7; length])).is_none(), "{length}");
        }
        let keys = [Seal::new_key().unwrap(), Seal::new_key().unwrap()];
        assert_ne!(keys[0], keys[1]);
        assert!(keys.iter().all(|key| Seal::new(key).is_some()));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", seal(1)), "Seal([redacted])");
    }
}
