//! HMAC (RFC 2104) for the signatures of many tokens with one secret.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Algorithm, Context, Digest, MAX_BLOCK_LEN, digest};
use zeroize::Zeroizing;

/// A secret whose two pads have been hashed. aws-lc-rs's own HMAC copies three digests for each message, this one two.
pub(super) struct Mac {
    inner: Context,
    outer: Context,
}

impl Mac {
    pub(super) fn new(hash: &'static Algorithm, secret: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; MAX_BLOCK_LEN]);
        if secret.len() > hash.block_len() {
            let hashed = digest(hash, secret);
            block[..hash.output_len()].copy_from_slice(hashed.as_ref());
        } else {
            block[..secret.len()].copy_from_slice(secret);
        }
        let [inner, outer] = [0x36, 0x5c].map(|pad| {
            let mut padded = block.clone();
            padded.iter_mut().for_each(|byte| *byte ^= pad);
            let mut context = Context::new(hash);
            context.update(&padded[..hash.block_len()]);
            context
        });
        Self { inner, outer }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Digest {
        let mut inner = self.start();
        inner.update(message);
        self.finish(inner)
    }

    /// The inner digest, to be updated with the message.
    pub(super) fn start(&self) -> Context {
        self.inner.clone()
    }

    /// The signature of the message that the inner digest was updated with.
    pub(super) fn finish(&self, inner: Context) -> Digest {
        let mut outer = self.outer.clone();
        outer.update(inner.finish().as_ref());
        outer.finish()
    }

    /// Whether this is the signature of a message, compared in constant time.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        verify_slices_are_equal(self.sign(message).as_ref(), signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{digest, hmac};

    use super::Mac;

    #[test]
    fn a_signature_is_that_of_the_librarys_hmac() {
        let hashes = [
            (&digest::SHA256, hmac::HMAC_SHA256),
            (&digest::SHA384, hmac::HMAC_SHA384),
            (&digest::SHA512, hmac::HMAC_SHA512),
        ];
        let text: Vec<u8> = (0..=255).cycle().take(300).collect();
        for (hash, algorithm) in hashes {
            for secret in (0..text.len()).map(|length| &text[..length]) {
                let mac = Mac::new(hash, secret);
                let key = hmac::Key::new(algorithm, secret);
                for message in [0, 1, 63, 64, 127, 128, 299].map(|length| &text[..length]) {
                    let signature = hmac::sign(&key, message);
                    assert_eq!(mac.sign(message).as_ref(), signature.as_ref());
                    assert!(mac.verify(message, signature.as_ref()));
                    assert!(!mac.verify(message, &signature.as_ref()[1..]));
                    assert!(!mac.verify(&text, signature.as_ref()));
                }
            }
        }
    }
}
