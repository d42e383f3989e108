//! Decrypts tokens: which key can decrypt one, and the content.

use std::io::Read as _;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::aead::LessSafeKey;
use aws_lc_rs::agreement::PrivateKey;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use flate2::read::DeflateDecoder;
use thiserror::Error;
use zeroize::Zeroizing;

use super::agreement::{self, Context};
use super::content::{self, Sealed, gcm};
use super::{Bytes, wrap};
use crate::crypto::generate::random;
use crate::crypto::loaded_key::rejected;
use crate::json::{quote, shown};
use crate::keys::{
    Aes, ContentEncryption, Key, KeyAlgorithm, KeyError, KeyMaterial, KeyType, Purpose, pkcs8,
};
use crate::secret::Secret;
use crate::token::{Encrypted, Encryption, EncryptionFault, Header, Parameters, Recipient};

/// The largest content that is decompressed, in bytes: 1 MiB.
pub(crate) const MAX_INFLATED: usize = 1024 * 1024;

/// How many times as long as its compressed form a content may be, if it is longer than [`ALWAYS_INFLATED`].
pub(crate) const MAX_RATIO: usize = 100;

const ALWAYS_INFLATED: usize = 16 * 1024;

/// A private key or shared secret that decrypts.
pub struct DecryptionKey {
    key: Key,
    material: Material,
    /// The secret as the key of a content, made for the first token that is encrypted with AES GCM and `dir`.
    gcm: OnceLock<Option<LessSafeKey>>,
    /// Takes the place of a content encryption key that does not decrypt.
    replacement: Bytes,
}

/// The length of the longest content encryption key.
const LONGEST_KEY: usize = 64;

enum Material {
    Secret(Secret),
    Rsa(OaepPrivateDecryptingKey),
    Agreement(PrivateKey),
}

impl DecryptionKey {
    /// Loads a key, whose JWK must allow it to decrypt.
    ///
    /// # Errors
    /// `CannotDecrypt` for a public key, `Forbidden`, `EncryptsNothing`, `NotForEncryption`, `Rejected`.
    pub fn load(key: Key) -> Result<Self, KeyError> {
        key.permits(Purpose::Decrypt)?;
        key.check_encrypts()?;
        let KeyMaterial::Private(secret) = &key.material else {
            return Err(KeyError::CannotDecrypt { key: key.to_string() });
        };
        let invalid = |_| rejected(&key, "its numbers do not match each other");
        let material = match key.key_type {
            KeyType::Hmac => Material::Secret(secret.clone()),
            KeyType::Rsa => {
                let encoded = pkcs8(KeyType::Rsa, secret, None)?;
                let loaded = PrivateDecryptingKey::from_pkcs8(encoded.expose());
                let loaded = loaded.map_err(|_| Unspecified);
                Material::Rsa(loaded.and_then(OaepPrivateDecryptingKey::new).map_err(invalid)?)
            }
            key_type => {
                let loaded = agreement::private_key(key_type, secret).map_err(|_| Unspecified);
                Material::Agreement(loaded.map_err(invalid)?)
            }
        };
        let replacement = random(LONGEST_KEY);
        let replacement = replacement.map_err(|_| rejected(&key, "there are no random numbers"))?;
        Ok(Self { key, material, gcm: OnceLock::new(), replacement })
    }

    /// The key as it was read.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The secret, if it is one.
    pub(super) fn secret(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Secret(secret) => Some(secret.expose()),
            _ => None,
        }
    }

    /// The secret as the key of a content, which has one size.
    pub(super) fn direct(&self, aes: Aes) -> Option<&LessSafeKey> {
        let key = || gcm(aes, self.secret()?).ok();
        self.gcm.get_or_init(key).as_ref()
    }

    /// Checks whether this can be the key of a recipient, from what anybody can see.
    fn check(&self, recipient: &Recipient, encryption: &Encryption) -> Result<(), String> {
        let Encryption { alg, enc, .. } = *encryption;
        check_suits(&self.key, alg, enc)?;
        if let (Some(kid), Some(own)) = (recipient.header.kid.as_deref(), self.key.kid())
            && kid != own
        {
            return Err("the token names another \"kid\"".to_owned());
        }
        match &encryption.parameters {
            Parameters::Agreement { epk, .. } if epk.key_type != self.key.key_type => {
                Err(format!("the token's \"epk\" is on another curve ({epk})"))
            }
            _ if self.key.key_type == KeyType::Rsa => {
                let length = self.key.rsa_bits.unwrap_or_default().div_ceil(8);
                let found = recipient.encrypted_key.len();
                if found == length {
                    return Ok(());
                }
                Err(format!(
                    "the encrypted key has {found} bytes; with this key it would have {length}"
                ))
            }
            _ => Ok(()),
        }
    }

    /// The content encryption key, unless the encrypted key does not decrypt.
    fn content_key(&self, to: &Recipient, encryption: &Encryption) -> Result<Bytes, Unspecified> {
        let Encryption { alg, enc, parameters, .. } = encryption;
        let wrapped = &*to.encrypted_key;
        match (&self.material, alg, parameters) {
            (Material::Secret(secret), KeyAlgorithm::Dir, _) => {
                Ok(Zeroizing::new(secret.expose().to_vec()))
            }
            (Material::Secret(secret), KeyAlgorithm::AesKw(aes), _) => {
                wrap::unwrap(*aes, secret.expose(), wrapped)
            }
            (
                Material::Secret(secret),
                KeyAlgorithm::AesGcmKw(aes),
                Parameters::Gcm { iv, tag },
            ) => wrap::unwrap_with_gcm(*aes, secret.expose(), [iv, tag], wrapped),
            (
                Material::Secret(secret),
                KeyAlgorithm::Pbes2(aes),
                Parameters::Pbes2 { salt, iterations },
            ) => {
                let kek = wrap::password_key(*aes, secret.expose(), salt, *iterations);
                wrap::unwrap(*aes, &kek, wrapped)
            }
            (Material::Rsa(key), KeyAlgorithm::RsaOaep | KeyAlgorithm::RsaOaep256, _) => {
                let oaep = match alg {
                    KeyAlgorithm::RsaOaep => &OAEP_SHA1_MGF1SHA1,
                    _ => &OAEP_SHA256_MGF1SHA256,
                };
                let mut out = Zeroizing::new(vec![0; key.min_output_size()]);
                let length = key.decrypt(oaep, wrapped, &mut out, None)?.len();
                out.truncate(length);
                Ok(out)
            }
            (Material::Agreement(private), _, Parameters::Agreement { epk, apu, apv }) => {
                let KeyMaterial::Public(public) = &epk.material else { return Err(Unspecified) };
                let derive = |name, length| {
                    agreement::derive(private, public, &Context { name, apu, apv }, length)
                };
                match alg {
                    KeyAlgorithm::EcdhEsAesKw(aes) => {
                        let kek = derive(alg.name(), aes.key_length())?;
                        wrap::unwrap(*aes, &kek, wrapped)
                    }
                    _ => derive(enc.name(), enc.key_length()),
                }
            }
            _ => Err(Unspecified),
        }
    }

    /// Decrypts the content. A key that does not decrypt is replaced by a random one, so that the time and the result
    /// do not say which step failed.
    fn decrypt(
        &self,
        token: &Encrypted,
        recipient: &Recipient,
        encryption: &Encryption,
    ) -> Result<Bytes, Unspecified> {
        let enc = encryption.enc;
        let Encrypted { iv, ciphertext, tag, aad, .. } = token;
        let sealed = Sealed { iv, ciphertext, tag, aad };
        if let (KeyAlgorithm::Dir, ContentEncryption::AesGcm(aes)) = (encryption.alg, enc) {
            return content::decrypt_gcm(self.direct(aes).ok_or(Unspecified)?, sealed);
        }
        let key = self.content_key(recipient, encryption);
        let key = key.ok().filter(|key| key.len() == enc.key_length());
        let key = key.as_deref().map_or(&self.replacement[..enc.key_length()], Vec::as_slice);
        content::decrypt(enc, key, sealed)
    }

    /// How long it takes to decrypt a token with this key, in nanoseconds of the machine that it was measured on.
    fn cost(&self, encryption: &Encryption, content: usize) -> u64 {
        let key = match (&self.material, &encryption.parameters) {
            (Material::Secret(_), Parameters::Pbes2 { iterations, .. }) => {
                let each =
                    if encryption.alg == KeyAlgorithm::Pbes2(Aes::Aes128) { 300 } else { 900 };
                each * u64::from(*iterations)
            }
            (Material::Secret(_), _) => 1_000,
            (Material::Rsa(key), _) => 75_000 * (key.key_size_bits() as u64).div_ceil(1024).pow(3),
            (Material::Agreement(_), _) => 500_000,
        };
        key + 4 * content as u64
    }
}

/// Checks that a key can be used with both algorithms, as far as its type and length say.
pub(super) fn check_suits(
    key: &Key,
    alg: KeyAlgorithm,
    enc: ContentEncryption,
) -> Result<(), String> {
    let length = key.private().map_or(0, |secret| secret.expose().len());
    let (by, wanted) = match alg {
        KeyAlgorithm::Dir => (enc.name(), Some(enc.key_length())),
        alg => (alg.name(), alg.secret_length()),
    };
    let only = key.params.as_ref().and_then(|params| params.alg.as_deref());
    if !alg.takes(key.key_type) {
        let kind = if alg.is_shared() {
            "a secret"
        } else if alg.takes(KeyType::Rsa) {
            "an RSA key"
        } else {
            "a key on P-256, P-384, P-521 or X25519"
        };
        return Err(format!("{alg} requires {kind}"));
    }
    if let Some(only) =
        only.filter(|only| *only != alg.name() && (alg != KeyAlgorithm::Dir || *only != enc.name()))
    {
        return Err(format!("its \"alg\" allows only {}", shown(&quote(only))));
    }
    match wanted {
        Some(wanted) if alg.is_shared() && wanted != length => {
            Err(format!("{by} requires a secret of {wanted} bytes; it has {length}"))
        }
        _ => Ok(()),
    }
}

/// Why a token was not decrypted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)] // the messages say what each means
pub enum OpenFault {
    #[error(transparent)]
    Encryption(#[from] EncryptionFault),
    /// No key can decrypt it, as anybody can see.
    #[error("no key can decrypt the token")]
    NotServed { alg: KeyAlgorithm, enc: ContentEncryption, keys: Vec<Unsuited>, count: usize },
    /// The cryptography failed, with all keys that might decrypt it.
    #[error("the token cannot be decrypted")]
    Failed { alg: KeyAlgorithm, tried: usize },
    #[error("decrypting the token would take too long")]
    TooCostly,
    #[error("the decrypted content does not decompress")]
    NotDeflate,
    #[error("the decrypted content is larger than it may be")]
    TooLarge,
}

/// A key that cannot decrypt a token: its index, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Unsuited {
    pub index: usize,
    pub reason: String,
}

/// A token that was decrypted.
#[derive(Debug)]
pub struct Opened {
    /// The decrypted content.
    content: Secret,
    /// The index of the key that decrypted it.
    pub(crate) key: usize,
    /// The header that the sender wrote for the recipient with that key.
    pub(crate) header: Arc<Header>,
    pub(crate) encryption: Encryption,
}

impl Opened {
    /// Whether the content is claims, and not another token (RFC 7519 section 5.2).
    pub(crate) fn holds_claims(&self) -> bool {
        let cty = self.header.object.get("cty").and_then(|cty| cty.as_string());
        let is_token = cty.is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"));
        !is_token && self.content().trim_ascii_start().starts_with(b"{")
    }

    /// The decrypted content, which is not verified.
    pub fn content(&self) -> &[u8] {
        self.content.expose()
    }
}

/// The work that the layers of a token may still cause: an estimate, so that the verdict is the same on every machine.
pub struct Opener<'a> {
    keys: &'a [DecryptionKey],
    left: u64,
}

/// The most work for a token, in nanoseconds of the machine that it was measured on.
const MOST: u64 = 1_500_000_000;

/// For how many keys that cannot decrypt a token the reason is given.
const MOST_REASONS: usize = 10;

impl<'a> Opener<'a> {
    /// Decrypts the layers of one token with these keys.
    pub fn new(keys: &'a [DecryptionKey]) -> Self {
        Self { keys, left: MOST }
    }

    /// Decrypts a token with the first key that does it.
    ///
    /// # Errors
    /// Any [`OpenFault`]. If the cryptography fails, it says nothing about the reason.
    pub fn open(&mut self, token: &Encrypted) -> Result<Opened, OpenFault> {
        let mut fault = None;
        let (mut tried, mut last, mut unsuited, mut count) = (0, None, Vec::new(), 0);
        for recipient in &token.recipients {
            let checked = recipient.encryption.as_ref().map_err(Clone::clone).and_then(|it| {
                token.check_lengths(recipient, it)?;
                Ok(it)
            });
            let encryption = match checked {
                Ok(encryption) => encryption,
                Err(error) => {
                    fault.get_or_insert(error);
                    continue;
                }
            };
            last = Some(encryption);
            for (index, key) in self.keys.iter().enumerate() {
                if let Err(reason) = key.check(recipient, encryption) {
                    count += 1;
                    if unsuited.len() < MOST_REASONS {
                        unsuited.push(Unsuited { index, reason });
                    }
                    continue;
                }
                if self.left == 0 {
                    return Err(OpenFault::TooCostly);
                }
                self.left = self.left.saturating_sub(key.cost(encryption, token.ciphertext.len()));
                tried += 1;
                if let Ok(content) = key.decrypt(token, recipient, encryption) {
                    let content =
                        if encryption.is_compressed { inflate(&content)? } else { content };
                    return Ok(Opened {
                        content: content.into(),
                        key: index,
                        header: recipient.header.clone(),
                        encryption: encryption.clone(),
                    });
                }
            }
        }
        Err(match (last, fault) {
            (Some(encryption), _) if tried > 0 => OpenFault::Failed { alg: encryption.alg, tried },
            (Some(&Encryption { alg, enc, .. }), None) => {
                OpenFault::NotServed { alg, enc, keys: unsuited, count }
            }
            (_, Some(fault)) => fault.into(),
            (None, None) => OpenFault::TooCostly,
        })
    }
}

/// Decompresses a content (RFC 1951). The tag was checked before, so only a holder of the key could make it grow.
fn inflate(compressed: &[u8]) -> Result<Bytes, OpenFault> {
    let ratio = compressed.len().saturating_mul(MAX_RATIO).max(ALWAYS_INFLATED);
    let most = ratio.min(MAX_INFLATED);
    let mut content = Zeroizing::new(Vec::with_capacity(most + 1));
    let mut limited = DeflateDecoder::new(compressed).take(most as u64 + 1);
    limited.read_to_end(&mut content).map_err(|_| OpenFault::NotDeflate)?;
    if content.len() > most { Err(OpenFault::TooLarge) } else { Ok(content) }
}
