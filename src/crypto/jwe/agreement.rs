//! ECDH-ES: a key that sender and recipient agree on (RFC 7518 section 4.6, RFC 8037 section 3.2).

use aws_lc_rs::agreement::{self, Algorithm, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use zeroize::Zeroizing;

use super::Bytes;
use crate::keys::{Curve, KeyType, okp_seed};
use crate::secret::Secret;

/// The key agreement of a type of key; `None` if it has none.
fn algorithm(key_type: KeyType) -> Option<&'static Algorithm> {
    match key_type {
        KeyType::Ec(Curve::P256) => Some(&agreement::ECDH_P256),
        KeyType::Ec(Curve::P384) => Some(&agreement::ECDH_P384),
        KeyType::Ec(Curve::P521) => Some(&agreement::ECDH_P521),
        KeyType::X25519 => Some(&agreement::X25519),
        _ => None,
    }
}

/// Loads a private key, which is in PKCS#8.
pub(super) fn private_key(key_type: KeyType, pkcs8: &Secret) -> Result<PrivateKey, KeyRejected> {
    let algorithm = algorithm(key_type).ok_or(Unspecified)?;
    if key_type == KeyType::X25519 {
        let seed = okp_seed(pkcs8).map_err(|_| Unspecified)?;
        return PrivateKey::from_private_key(algorithm, seed.expose());
    }
    PrivateKey::from_private_key_der(algorithm, pkcs8.expose())
}

/// A new key of this type, for one token.
pub(super) fn ephemeral_key(key_type: KeyType) -> Result<PrivateKey, Unspecified> {
    PrivateKey::generate(algorithm(key_type).ok_or(Unspecified)?)
}

/// What the derived key is for.
pub(super) struct Context<'a> {
    /// The name of the algorithm that the derived key is for: `enc`, or `alg` if it wraps a key.
    pub(super) name: &'a str,
    pub(super) apu: &'a [u8],
    pub(super) apv: &'a [u8],
}

/// Derives the key of this length from a private and a public key (Concat KDF with SHA-256).
pub(super) fn derive(
    private: &PrivateKey,
    public: &[u8],
    context: &Context<'_>,
    length: usize,
) -> Result<Bytes, Unspecified> {
    let mut info = Vec::new();
    for field in [context.name.as_bytes(), context.apu, context.apv] {
        let length = u32::try_from(field.len()).map_err(|_| Unspecified)?;
        info.extend(length.to_be_bytes());
        info.extend(field);
    }
    let bits = u32::try_from(length * 8).map_err(|_| Unspecified)?;
    info.extend(bits.to_be_bytes());
    let digest = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(Unspecified)?;
    let mut key = Zeroizing::new(vec![0; length]);
    let public = UnparsedPublicKey::new(private.algorithm(), public);
    agree(private, public, Unspecified, |shared| sskdf_digest(digest, shared, &info, &mut key))?;
    Ok(key)
}
