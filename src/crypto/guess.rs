//! Tries secrets on an HMAC signature (RFC 2104), each of them once.

use std::fmt;

use aws_lc_rs::digest::{Algorithm as Hash, digest};
use zeroize::Zeroizing;

use super::primitives::mac;
use crate::keys::Algorithm;

/// What secrets are tried on: the signing input and the signature of a token.
pub struct GuessTarget {
    hash: &'static Hash,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
}

impl GuessTarget {
    /// `None` unless the algorithm is an HMAC, and the signature as long as its hash.
    pub fn new(alg: Algorithm, signing_input: &[u8], signature: &[u8]) -> Option<Self> {
        let (_, hash) = mac(alg)?;
        let (signing_input, signature) = (signing_input.to_vec(), signature.to_vec());
        (signature.len() == hash.output_len()).then_some(Self { hash, signing_input, signature })
    }

    /// A message that was signed with HS256.
    #[cfg(test)]
    pub(crate) fn signed(secret: &[u8], message: &[u8]) -> Self {
        let signature = super::mac::Mac::new(&aws_lc_rs::digest::SHA256, secret).sign(message);
        Self::new(Algorithm::HS256, message, signature.as_ref()).expect("a whole signature")
    }

    /// Whether this is the secret. Many are tried faster with one [`Guesser`].
    pub fn is_secret(&self, secret: &[u8]) -> bool {
        self.guesser().is_secret(secret)
    }

    /// Tries many secrets.
    pub fn guesser(&self) -> Guesser<'_> {
        let block = vec![0; self.hash.block_len()];
        let inner = Zeroizing::new([&block[..], &self.signing_input].concat());
        let outer = Zeroizing::new([&block[..], &self.signature].concat());
        Guesser { target: self, inner, outer }
    }

    /// The length of what is signed, in bytes.
    pub(crate) fn length(&self) -> usize {
        self.signing_input.len()
    }
}

/// Does not show the token.
impl fmt::Debug for GuessTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuessTarget").finish_non_exhaustive()
    }
}

/// Tries secrets in memory that is used again. Both digests are of bytes in one piece, for which aws-lc-rs makes no
/// context; its HMAC makes one for each secret, and copies it for the message.
pub struct Guesser<'a> {
    target: &'a GuessTarget,
    /// The secret in the inner pad, then the signing input.
    inner: Zeroizing<Vec<u8>>,
    /// The secret in the outer pad, then the inner digest.
    outer: Zeroizing<Vec<u8>>,
}

impl Guesser<'_> {
    /// Whether this is the secret. The comparison need not take constant time, because whoever asks has the signature.
    pub fn is_secret(&mut self, secret: &[u8]) -> bool {
        let hash = self.target.hash;
        let block = hash.block_len();
        let hashed = (secret.len() > block).then(|| digest(hash, secret));
        let secret = hashed.as_ref().map_or(secret, AsRef::as_ref);
        pad(&mut self.inner[..block], 0x36, secret);
        pad(&mut self.outer[..block], 0x5c, secret);
        self.outer[block..].copy_from_slice(digest(hash, &self.inner).as_ref());
        digest(hash, &self.outer).as_ref() == self.target.signature
    }
}

fn pad(block: &mut [u8], pad: u8, secret: &[u8]) {
    block.fill(pad);
    block.iter_mut().zip(secret).for_each(|(byte, secret)| *byte ^= secret);
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;

    use super::GuessTarget;
    use crate::keys::Algorithm;

    const HMACS: [(Algorithm, hmac::Algorithm); 3] = [
        (Algorithm::HS256, hmac::HMAC_SHA256),
        (Algorithm::HS384, hmac::HMAC_SHA384),
        (Algorithm::HS512, hmac::HMAC_SHA512),
    ];

    fn signed(hmac: hmac::Algorithm, secret: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(hmac, secret), message).as_ref().to_vec()
    }

    #[test]
    fn a_secret_is_one_if_the_librarys_hmac_makes_the_signature() {
        let text: Vec<u8> = (1..=255).cycle().take(300).collect();
        for (alg, hmac) in HMACS {
            for message in [0, 1, 63, 64, 127, 128, 299].map(|length| &text[..length]) {
                for secret in (0..text.len()).step_by(3).map(|length| &text[..length]) {
                    let signature = signed(hmac, secret, message);
                    let target = GuessTarget::new(alg, message, &signature).unwrap();
                    // What was tried before leaves nothing behind, however long it was.
                    let mut guesser = target.guesser();
                    for other in [&text[..=secret.len()], &text, &text[1..], b"secret"] {
                        assert!(!guesser.is_secret(other));
                    }
                    assert!(guesser.is_secret(secret));
                    assert!(target.is_secret(secret));
                    assert_eq!(guesser.is_secret(b""), secret.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_signature_of_another_length_or_algorithm_has_no_secret_to_guess() {
        for (alg, hmac) in HMACS {
            let signature = signed(hmac, b"secret", b"a.b");
            assert!(GuessTarget::new(alg, b"a.b", &signature[1..]).is_none());
            assert!(GuessTarget::new(alg, b"a.b", &[&signature[..], b"x"].concat()).is_none());
            assert!(GuessTarget::new(alg, b"a.b", b"").is_none());
            assert!(GuessTarget::new(Algorithm::RS256, b"a.b", &signature).is_none());
        }
    }
}
