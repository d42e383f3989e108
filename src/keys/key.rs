//! A key that has been read, and what its type, its JWK and its strength allow it to do.

use std::fmt;
use std::sync::Arc;

use super::algorithm::{Algorithm, Curve, KeyType, RSA_BITS, SecretLength, Weakness};
use super::encryption::{ContentEncryption, KeyAlgorithm};
use super::error::KeyError;
use super::metadata::{Encoding, JwkParams, Purpose, Resized};
use super::signer::ExternalSigner;
use crate::json::Value;
use crate::secret::Secret;
use crate::text::counted;

/// A key in the encoding that the crypto library takes.
#[derive(Debug, Clone)]
pub enum KeyMaterial {
    /// HMAC: the secret. RSA: PKCS#1 `RSAPrivateKey`. EC, Ed25519, X25519, ML-DSA: PKCS#8.
    Private(Secret),
    /// RSA: PKCS#1 `RSAPublicKey`. EC: the point (SEC 1 section 2.3.3). Ed25519, X25519, ML-DSA: the bytes.
    Public(Vec<u8>),
}

/// A key that has been read. Its form is checked, but not yet whether its numbers are valid.
#[derive(Debug, Clone)]
pub struct Key {
    /// The type, which decides the algorithms.
    pub key_type: KeyType,
    /// The size in bits of an RSA modulus; `None` for the other types.
    pub(crate) rsa_bits: Option<usize>,
    /// The key in the encoding of the crypto library.
    pub material: KeyMaterial,
    /// What its JWK says about it; `None` for a key in another format.
    pub(crate) params: Option<JwkParams>,
    /// Numbers of its JWK that did not have the right length.
    pub(crate) resized: Vec<Resized>,
    /// What signs with the private key of a public one, if that is outside of this process.
    pub(crate) signer: Option<Arc<dyn ExternalSigner>>,
}

/// The values of `use` that mean signatures: RFC 7517's (section 4.2), and that of keys in a SPIFFE bundle which sign
/// JWTs (SPIFFE JWT-SVID, section 6). A key with any other use, known or not, neither signs nor verifies.
const SIGNING_USES: [&str; 2] = ["sig", "jwt-svid"];

/// The value of `use` that means encryption (RFC 7517 section 4.2).
const ENCRYPTION_USES: [&str; 1] = ["enc"];

impl Key {
    /// A key of any type but RSA, without a JWK's parameters.
    pub fn new(key_type: KeyType, material: KeyMaterial) -> Self {
        let (rsa_bits, params, resized, signer) = (None, None, Vec::new(), None);
        Self { key_type, rsa_bits, material, params, resized, signer }
    }

    /// An RSA key whose modulus has this size.
    pub(super) fn rsa(bits: usize, material: KeyMaterial) -> Self {
        Self { rsa_bits: Some(bits), ..Self::new(KeyType::Rsa, material) }
    }

    pub(crate) fn is_private(&self) -> bool {
        self.private().is_some()
    }

    /// The secret or private key, if it is one.
    pub(crate) fn private(&self) -> Option<&Secret> {
        match &self.material {
            KeyMaterial::Private(secret) => Some(secret),
            KeyMaterial::Public(_) => None,
        }
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.params.as_ref()?.kid.as_deref()
    }

    /// The algorithms that it supports, the default for signing first: those of its type, narrowed by
    /// the `alg` of its JWK.
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        let alg = self.params.as_ref().and_then(|params| params.alg.as_deref());
        self.key_type.algorithms().filter(|own| alg.is_none_or(|alg| alg == own.name())).collect()
    }

    /// The algorithms that protect content encryption keys with it (RFC 7518 section 4), narrowed by the `alg` of its JWK.
    pub(crate) fn key_algorithms(&self) -> impl Iterator<Item = KeyAlgorithm> {
        let length = self.private().filter(|_| self.key_type == KeyType::Hmac);
        let length = length.map(|secret| secret.expose().len());
        self.key_algorithms_of_any_length().filter(move |alg| {
            let wanted = alg.secret_length();
            wanted.is_none() || wanted == length
        })
    }

    /// The same, whatever the length of a secret is. One whose `alg` is that of a content encryption is used directly.
    fn key_algorithms_of_any_length(&self) -> impl Iterator<Item = KeyAlgorithm> {
        let alg = self.params.as_ref().and_then(|params| params.alg.as_deref());
        let only = alg.map(|alg| match KeyAlgorithm::from_name(alg) {
            None if ContentEncryption::from_name(alg).is_some() => Some(KeyAlgorithm::Dir),
            named => named,
        });
        let fits = move |alg: &KeyAlgorithm| {
            alg.takes(self.key_type) && only.is_none_or(|only| only == Some(*alg))
        };
        KeyAlgorithm::ALL.into_iter().filter(fits)
    }

    /// Checks that it is strong enough, and of the length that its `alg` requires, to encrypt and decrypt.
    pub(crate) fn check_encrypts(&self) -> Result<(), KeyError> {
        let not_with = |alg: KeyAlgorithm, reason| {
            Err(KeyError::NotWithAlgorithm { key: self.for_encryption(), alg: alg.name(), reason })
        };
        let bits = self.rsa_bits.filter(|bits| bits < RSA_BITS.start());
        if let Some(bits) = bits {
            let least = RSA_BITS.start();
            let reason = format!("it has {bits} bits; {least} are required (RFC 7518 section 4.3)");
            return not_with(KeyAlgorithm::RsaOaep, reason);
        }
        let Some(alg) = self.key_algorithms_of_any_length().next() else { return Ok(()) };
        if self.key_algorithms().next().is_some() {
            return Ok(());
        }
        let (wanted, found) = (alg.secret_length(), self.private().map(|it| it.expose().len()));
        let (wanted, found) = (wanted.unwrap_or_default(), found.unwrap_or_default());
        not_with(alg, format!("it has {}; {wanted} are required", counted(found, "byte")))
    }

    /// Checks that its JWK allows a purpose: `use`, `key_ops` and an `alg` that is not for signatures are binding (RFC
    /// 7517 sections 4.2 to 4.4).
    pub(crate) fn permits(&self, purpose: Purpose) -> Result<(), KeyError> {
        let key = || if purpose.is_encryption() { self.for_encryption() } else { self.to_string() };
        match self.key_type {
            KeyType::X25519 if !purpose.is_encryption() => {
                return Err(KeyError::NotForSignatures { key: key() });
            }
            KeyType::Ed25519 | KeyType::Ec(Curve::Secp256k1) | KeyType::MlDsa(_)
                if purpose.is_encryption() =>
            {
                return Err(KeyError::NotForEncryption { key: key() });
            }
            _ => {}
        }
        let Some(JwkParams { alg, key_use, key_ops, .. }) = &self.params else { return Ok(()) };
        if let Some(alg) = alg.clone() {
            if purpose.is_encryption() && self.key_algorithms_of_any_length().next().is_none() {
                return Err(KeyError::EncryptsNothing { key: key(), alg });
            }
            if !purpose.is_encryption() && self.algorithms().is_empty() {
                return Err(KeyError::SignsNothing { key: key(), alg });
            }
        }
        let uses = if purpose.is_encryption() { &ENCRYPTION_USES[..] } else { &SIGNING_USES };
        let forbidden =
            |is_use, value| Err(KeyError::Forbidden { key: key(), purpose, is_use, value });
        match (key_use, key_ops) {
            (Some(word), _) if !uses.contains(&word.as_str()) => {
                forbidden(true, Value::string(word))
            }
            (_, Some(ops)) if !ops.iter().any(|op| purpose.operations().contains(&&**op)) => {
                forbidden(false, Value::strings(ops))
            }
            _ => Ok(()),
        }
    }

    /// Why it is too weak for an algorithm, if it is. The secret of a JWK is too weak if it is shorter than the hash;
    /// a secret that a person chose only causes a warning, for which there is [`Key::short_for`].
    pub(crate) fn weakness_for(&self, alg: Algorithm) -> Option<Weakness> {
        if self.key_type == KeyType::Rsa {
            // An unknown size is not accepted.
            let bits = self.rsa_bits.unwrap_or_default();
            return (bits < *RSA_BITS.start()).then_some(Weakness::Rsa(bits));
        }
        let short = self.short_secret(alg).filter(|_| self.params.is_some());
        short.map(|(length, least)| Weakness::Oct(length, alg, least))
    }

    /// Why it is too weak for all of its algorithms, if it is. An `alg` of another key type is ignored.
    pub(crate) fn weakness(&self) -> Option<Weakness> {
        let mut algorithms = self.algorithms();
        if algorithms.is_empty() {
            // The length of a secret that only encrypts is fixed by its algorithm.
            if self.key_type == KeyType::Hmac && self.key_algorithms().next().is_some() {
                return None;
            }
            algorithms.extend(self.key_type.algorithms());
        }
        let each = algorithms.into_iter().map(|alg| self.weakness_for(alg));
        each.collect::<Option<Vec<_>>>()?.into_iter().next()
    }

    /// The length of an HMAC secret that a person chose and that is shorter than an algorithm's hash, and the length
    /// of that in bytes (RFC 7518 section 3.2).
    pub(crate) fn short_for(&self, alg: Algorithm) -> Option<(SecretLength, usize)> {
        self.short_secret(alg).filter(|_| self.params.is_none())
    }

    fn short_secret(&self, alg: Algorithm) -> Option<(SecretLength, usize)> {
        let least = alg.min_secret().filter(|_| self.key_type == KeyType::Hmac)?;
        let length = SecretLength::of(self.private()?.expose());
        (length.bytes < least).then_some((length, least))
    }

    /// The length of its signatures in bytes, under an algorithm of its type.
    pub(crate) fn signature_length(&self, alg: Algorithm) -> usize {
        let modulus = || self.rsa_bits.unwrap_or_default().div_ceil(8);
        alg.signature_length().unwrap_or_else(modulus)
    }

    /// The description with the length of a secret: "HMAC secret of 32 bytes".
    pub(crate) fn described(&self) -> String {
        match self.private() {
            Some(secret) if self.key_type == KeyType::Hmac => {
                format!("{self} of {}", SecretLength::of(secret.expose()))
            }
            _ => self.to_string(),
        }
    }

    /// What it is where it encrypts or decrypts: "shared secret", "P-256 private key".
    pub(crate) fn for_encryption(&self) -> String {
        if self.key_type == KeyType::Hmac { "shared secret".to_owned() } else { self.to_string() }
    }

    /// The same with the length of a secret: "shared secret of 32 bytes".
    pub(crate) fn described_for_encryption(&self) -> String {
        let secret = self.private().filter(|_| self.key_type == KeyType::Hmac);
        let length = secret.map(|secret| format!(" of {}", counted(secret.expose().len(), "byte")));
        format!("{}{}", self.for_encryption(), length.unwrap_or_default())
    }

    /// "HMAC secret", "RSA 2048-bit public key", "P-256 private key".
    pub(super) fn described_as(&self, is_private: bool) -> String {
        let part = if is_private { "private" } else { "public" };
        match self.key_type {
            KeyType::Hmac => "HMAC secret".to_owned(),
            KeyType::Rsa => format!("RSA {}-bit {part} key", self.rsa_bits.unwrap_or_default()),
            KeyType::Ec(curve) => format!("{curve} {part} key"),
            KeyType::Ed25519 => format!("Ed25519 {part} key"),
            KeyType::X25519 => format!("X25519 {part} key"),
            KeyType::MlDsa(set) => format!("{set} {part} key"),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.described_as(self.is_private()))
    }
}

/// The most keys that are read from a file that is not a JWK Set.
pub(super) const MOST_KEYS: usize = 1000;

/// A key, and how it was written.
#[derive(Debug, Clone)]
pub struct ReadKey {
    /// The key itself.
    pub key: Key,
    pub(crate) encoding: Encoding,
    pub(crate) was_encrypted: bool,
    /// The certificate that it was read from.
    pub(crate) certificate: Option<Box<Certificate>>,
}

impl ReadKey {
    /// A key that was neither encrypted nor in a certificate.
    pub fn new(key: Key, encoding: Encoding) -> Self {
        Self { key, encoding, was_encrypted: false, certificate: None }
    }

    /// The same key with what the document around it says about it.
    pub(super) fn with_params(self, params: &JwkParams) -> Self {
        let own = self.key.params.clone().unwrap_or_default();
        let (kid, alg) = (params.kid.clone().or(own.kid), params.alg.clone().or(own.alg));
        let params = Some(JwkParams { kid, alg, ..own });
        Self { key: Key { params, ..self.key }, ..self }
    }
}

/// What a certificate says about its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose key it is (RFC 4514).
    pub subject: String,
    /// Who issued the certificate (RFC 4514).
    pub issuer: String,
    /// When it becomes valid, in Unix seconds.
    pub not_before: i64,
    /// When it expires, in Unix seconds.
    pub not_after: i64,
    /// The certificate itself.
    pub(crate) der: Vec<u8>,
}
