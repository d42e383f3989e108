//! Encrypts tokens.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::agreement::{self, Context};
use super::decrypt::{DecryptionKey, check_suits};
use super::{content, wrap};
use crate::crypto::LoadedKey;
use crate::crypto::generate::random;
use crate::crypto::loaded_key::rejected;
use crate::json::{Object, Value};
use crate::keys::{
    Aes, ContentEncryption, Key, KeyAlgorithm, KeyError, KeyType, Purpose, public_jwk, spki,
};
use crate::secret::Secret;
use crate::token::{Codec, assemble_encrypted};

/// The iterations of PBKDF2 in a new token, unless the caller says otherwise.
pub(crate) const DEFAULT_ITERATIONS: u32 = 600_000;

/// The length of a new salt in bytes.
const SALT: usize = 16;

/// A public key or shared secret that encrypts.
pub struct EncryptionKey {
    key: Key,
    material: Material,
}

enum Material {
    Secret(Secret),
    Rsa(OaepPublicEncryptingKey),
    /// The public key: a point, or the 32 bytes of X25519.
    Agreement(Vec<u8>),
}

/// How a new token is encrypted.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Sealing {
    pub alg: KeyAlgorithm,
    pub enc: ContentEncryption,
    /// The iterations of PBES2.
    pub iterations: u32,
}

impl EncryptionKey {
    /// Loads a key, whose JWK must allow it to encrypt. Of a private key, the public one is used.
    ///
    /// # Errors
    /// `Forbidden`, `EncryptsNothing`, `NotForEncryption`, `Rejected`.
    pub fn load(key: Key) -> Result<Self, KeyError> {
        key.permits(Purpose::Encrypt)?;
        Self::load_permitted(key)
    }

    /// Loads a key that has decrypted a token, to encrypt the successor of that token.
    pub(crate) fn of_decryption(key: &DecryptionKey) -> Result<Self, KeyError> {
        Self::load_permitted(key.key().clone())
    }

    fn load_permitted(key: Key) -> Result<Self, KeyError> {
        key.check_encrypts()?;
        let material = match (key.key_type, key.private()) {
            (KeyType::Hmac, Some(secret)) => Material::Secret(secret.clone()),
            (key_type, _) => {
                let loaded = LoadedKey::load(Key { params: None, ..key.clone() }, false)?;
                let public = loaded.public_key().unwrap_or_default();
                if key_type == KeyType::Rsa {
                    let rsa = PublicEncryptingKey::from_der(&spki(KeyType::Rsa, public)?);
                    let rsa = rsa.map_err(|_| Unspecified).and_then(OaepPublicEncryptingKey::new);
                    Material::Rsa(rsa.map_err(|_| rejected(&key, "its numbers are not valid"))?)
                } else {
                    Material::Agreement(public.to_vec())
                }
            }
        };
        Ok(Self { key, material })
    }

    /// The key as it was read.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The algorithms for a new token: those that the caller wants, else those of the key's JWK, else the best that the
    /// key can be used with. A secret that is `text` is a password.
    ///
    /// # Errors
    /// `NotWithAlgorithm` if the key cannot be used with them.
    pub fn sealing(
        &self,
        alg: Option<KeyAlgorithm>,
        enc: Option<ContentEncryption>,
        is_text: bool,
        iterations: u32,
    ) -> Result<Sealing, KeyError> {
        let params = self.key.params.as_ref().and_then(|params| params.alg.as_deref());
        let enc = enc.or(params.and_then(ContentEncryption::from_name));
        let length = self.key.private().map_or(0, |secret| secret.expose().len());
        let of_length = ContentEncryption::of_key_length(length);
        let is_direct = enc.map_or(of_length.is_some(), |enc| enc.key_length() == length);
        let wraps = || {
            let mut wrapping = KeyAlgorithm::ALL.into_iter();
            wrapping.find(|alg| alg.secret_length() == Some(length)).unwrap_or(KeyAlgorithm::Dir)
        };
        let default = || match self.key.key_type {
            KeyType::Hmac if is_text => KeyAlgorithm::Pbes2(Aes::Aes128),
            KeyType::Hmac if is_direct => KeyAlgorithm::Dir,
            KeyType::Hmac => wraps(),
            KeyType::Rsa => KeyAlgorithm::RsaOaep256,
            _ => KeyAlgorithm::EcdhEs,
        };
        let mut own = self.key.key_algorithms().filter(|_| params.is_some());
        let alg =
            alg.or_else(|| own.next().filter(|_| own.next().is_none())).unwrap_or_else(default);
        let enc = enc.or(of_length.filter(|_| alg == KeyAlgorithm::Dir));
        let enc = enc.unwrap_or(ContentEncryption::AesGcm(Aes::Aes256));
        check_suits(&self.key, alg, enc).map_err(|reason| KeyError::NotWithAlgorithm {
            key: self.key.for_encryption(),
            alg: alg.name(),
            reason,
        })?;
        Ok(Sealing { alg, enc, iterations })
    }

    /// Encrypts a content, and returns the token in the compact serialization. The header gets `alg`, `enc` and what else
    /// the algorithms require.
    ///
    /// # Errors
    /// `Rejected` if the crypto library fails.
    pub fn seal(
        &self,
        sealing: Sealing,
        rest: &Object,
        content: &[u8],
    ) -> Result<String, KeyError> {
        let failed = |_| rejected(&self.key, "the crypto library could not encrypt with it");
        self.try_seal(sealing, rest, content).map_err(failed)
    }

    fn try_seal(
        &self,
        sealing: Sealing,
        rest: &Object,
        plaintext: &[u8],
    ) -> Result<String, Unspecified> {
        let Sealing { alg, enc, .. } = sealing;
        let mut header = rest.clone();
        header.set_first("enc", &Value::string(enc.name()));
        header.set_first("alg", &Value::string(alg.name()));
        let mut key = random(enc.key_length())?;
        let encrypted_key = match (&self.material, alg) {
            (Material::Secret(secret), KeyAlgorithm::Dir) => {
                key.copy_from_slice(secret.expose());
                Vec::new()
            }
            (Material::Secret(secret), _) => wrap_key(secret.expose(), sealing, &key, &mut header)?,
            (Material::Rsa(public), _) => {
                let oaep = match alg {
                    KeyAlgorithm::RsaOaep => &OAEP_SHA1_MGF1SHA1,
                    _ => &OAEP_SHA256_MGF1SHA256,
                };
                let mut out = vec![0; public.ciphertext_size()];
                let length = public.encrypt(oaep, &key, &mut out, None)?.len();
                out.truncate(length);
                out
            }
            (Material::Agreement(public), _) => {
                let ephemeral = agreement::ephemeral_key(self.key.key_type)?;
                let epk = ephemeral.compute_public_key()?;
                let epk = public_jwk(self.key.key_type, epk.as_ref());
                header.set("epk", &epk.map_err(|_| Unspecified)?);
                let info = |name| {
                    let text = header.get(name).and_then(|value| value.as_string());
                    URL_SAFE_NO_PAD.decode(text.unwrap_or_default()).map_err(|_| Unspecified)
                };
                let (apu, apv) = (info("apu")?, info("apv")?);
                let derive = |name, length| {
                    let context = Context { name, apu: &apu, apv: &apv };
                    agreement::derive(&ephemeral, public, &context, length)
                };
                if let KeyAlgorithm::EcdhEsAesKw(aes) = alg {
                    wrap::wrap(aes, &derive(alg.name(), aes.key_length())?, &key)?
                } else {
                    key = derive(enc.name(), enc.key_length())?;
                    Vec::new()
                }
            }
        };
        let encoded = Codec::Scalar.encoded(header.text().as_bytes());
        let iv = random(enc.iv_length())?;
        let mut content = plaintext.to_vec();
        let tag = content::encrypt(enc, &key, &iv, encoded.as_bytes(), &mut content)?;
        Ok(assemble_encrypted(encoded, [&encrypted_key, &iv, &content, &tag]))
    }
}

/// Wraps a content encryption key with a shared secret, and adds the parameters of that to the header.
fn wrap_key(
    secret: &[u8],
    Sealing { alg, iterations, .. }: Sealing,
    key: &[u8],
    header: &mut Object,
) -> Result<Vec<u8>, Unspecified> {
    let text = |bytes: &[u8]| Value::string(&Codec::Scalar.encoded(bytes));
    match alg {
        KeyAlgorithm::AesKw(aes) => wrap::wrap(aes, secret, key),
        KeyAlgorithm::AesGcmKw(aes) => {
            let iv = random(12)?;
            let (wrapped, tag) = wrap::wrap_with_gcm(aes, secret, &iv, key)?;
            header.set("iv", &text(&iv));
            header.set("tag", &text(&tag));
            Ok(wrapped)
        }
        KeyAlgorithm::Pbes2(aes) => {
            let salt = random(SALT)?;
            header.set("p2s", &text(&salt));
            header.set(
                "p2c",
                &Value::parse(iterations.to_string().as_bytes()).map_err(|_| Unspecified)?,
            );
            wrap::wrap(aes, &wrap::password_key(aes, secret, &salt, iterations), key)
        }
        _ => Err(Unspecified),
    }
}
