//! Fingerprints of keys and certificates, as services and other programs write them. The thumbprint of RFC 7638 is
//! [`LoadedKey::thumbprint`].

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::digest::ssh_fingerprint;
use super::loaded_key::LoadedKey;
use crate::keys::{KeyError, spki, ssh_blob};

/// The fingerprints of a public key.
#[derive(Debug, Clone)]
pub(crate) struct Fingerprints {
    /// The SHA-256 of its SPKI in padded base64, as Snowflake and GitHub write it: `SHA256:…=`.
    pub spki: String,
    /// That of its form in OpenSSH, as `ssh-keygen -l` writes it: `SHA256:…`. `None` for a key that OpenSSH does not have.
    pub ssh: Option<String>,
    /// The key ID of libtrust, which Docker registries expect as `kid`.
    pub libtrust: String,
}

impl LoadedKey {
    /// The fingerprints of its public key.
    ///
    /// # Errors
    /// `NoFingerprint` for an HMAC secret.
    pub(crate) fn fingerprints(&self) -> Result<Fingerprints, KeyError> {
        let public = self.public_key().ok_or(KeyError::NoFingerprint)?;
        let key_type = self.key().key_type;
        let spki = digest(&SHA256, &spki(key_type, public)?);
        Ok(Fingerprints {
            spki: format!("SHA256:{}", STANDARD.encode(spki)),
            ssh: ssh_blob(key_type, public).map(|blob| ssh_fingerprint(&blob)),
            libtrust: libtrust(spki.as_ref()),
        })
    }
}

/// The first 240 bits of a digest in base32 (RFC 4648 section 6), in groups of four digits.
fn libtrust(digest: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut id = String::new();
    for group in digest[..30].chunks(5) {
        let bits = group.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in (0..8u64).rev() {
            let digit = DIGITS[usize::try_from(bits >> (5 * place) & 31).unwrap_or_default()];
            let colon = if id.len() % 5 == 4 { ":" } else { "" };
            let _ = write!(id, "{colon}{}", char::from(digit));
        }
    }
    id
}

/// The digests that name a certificate in a header (RFC 7515 sections 4.1.7 and 4.1.8).
#[derive(Debug, Clone)]
pub(crate) struct CertificateDigests {
    /// SHA-1, which only names it; nothing depends on its strength.
    pub x5t: String,
    pub x5t_s256: String,
}

impl CertificateDigests {
    pub(crate) fn of(der: &[u8]) -> Self {
        let encoded = |algorithm| URL_SAFE_NO_PAD.encode(digest(algorithm, der));
        Self { x5t: encoded(&SHA1_FOR_LEGACY_USE_ONLY), x5t_s256: encoded(&SHA256) }
    }
}
