//! The algorithms of encrypted tokens: how the content encryption key is protected (RFC 7518 section 4, RFC 8037) and how
//! the content is encrypted (section 5). `RSA1_5` is not among them: its padding has been attacked since 1998 (RFC 8725
//! section 3.2).

use std::fmt;

use super::algorithm::{Algorithm, Curve, KeyType};

/// The size of an AES key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the names
pub enum Aes {
    Aes128,
    Aes192,
    Aes256,
}

use Aes::{Aes128, Aes192, Aes256};

impl Aes {
    /// The length of the key in bytes.
    pub const fn key_length(self) -> usize {
        match self {
            Aes128 => 16,
            Aes192 => 24,
            Aes256 => 32,
        }
    }
}

/// How the content encryption key of a token is protected: the `alg` of a JWE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names below say what each is
pub enum KeyAlgorithm {
    Dir,
    AesKw(Aes),
    AesGcmKw(Aes),
    RsaOaep,
    RsaOaep256,
    EcdhEs,
    EcdhEsAesKw(Aes),
    Pbes2(Aes),
}

impl KeyAlgorithm {
    /// All of them, in the order in which users see them.
    pub const ALL: [Self; 16] = [
        Self::Dir,
        Self::AesKw(Aes128),
        Self::AesKw(Aes192),
        Self::AesKw(Aes256),
        Self::AesGcmKw(Aes128),
        Self::AesGcmKw(Aes192),
        Self::AesGcmKw(Aes256),
        Self::RsaOaep,
        Self::RsaOaep256,
        Self::EcdhEs,
        Self::EcdhEsAesKw(Aes128),
        Self::EcdhEsAesKw(Aes192),
        Self::EcdhEsAesKw(Aes256),
        Self::Pbes2(Aes128),
        Self::Pbes2(Aes192),
        Self::Pbes2(Aes256),
    ];

    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::AesKw(Aes128) => "A128KW",
            Self::AesKw(Aes192) => "A192KW",
            Self::AesKw(Aes256) => "A256KW",
            Self::AesGcmKw(Aes128) => "A128GCMKW",
            Self::AesGcmKw(Aes192) => "A192GCMKW",
            Self::AesGcmKw(Aes256) => "A256GCMKW",
            Self::RsaOaep => "RSA-OAEP",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsAesKw(Aes128) => "ECDH-ES+A128KW",
            Self::EcdhEsAesKw(Aes192) => "ECDH-ES+A192KW",
            Self::EcdhEsAesKw(Aes256) => "ECDH-ES+A256KW",
            Self::Pbes2(Aes128) => "PBES2-HS256+A128KW",
            Self::Pbes2(Aes192) => "PBES2-HS384+A192KW",
            Self::Pbes2(Aes256) => "PBES2-HS512+A256KW",
        }
    }

    /// The algorithm of a name. Names are case-sensitive (RFC 7516 section 4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }

    /// Whether sender and recipient share the key, so that a token is as genuine as one with an HMAC. Anybody can
    /// encrypt to a public key.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Dir | Self::AesKw(_) | Self::AesGcmKw(_) | Self::Pbes2(_))
    }

    /// Whether keys of a type can be used with it, whatever their size.
    pub(crate) fn takes(self, key_type: KeyType) -> bool {
        match key_type {
            KeyType::Hmac => self.is_shared(),
            KeyType::Rsa => matches!(self, Self::RsaOaep | Self::RsaOaep256),
            KeyType::Ec(Curve::Secp256k1) | KeyType::Ed25519 | KeyType::MlDsa(_) => false,
            KeyType::Ec(_) | KeyType::X25519 => {
                matches!(self, Self::EcdhEs | Self::EcdhEsAesKw(_))
            }
        }
    }

    /// The length in bytes that a shared secret must have; `None` if any length will do, or `enc` decides.
    pub(crate) const fn secret_length(self) -> Option<usize> {
        match self {
            Self::AesKw(aes) | Self::AesGcmKw(aes) => Some(aes.key_length()),
            _ => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How the content of a token is encrypted and authenticated: the `enc` of a JWE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names below say what each is
pub enum ContentEncryption {
    AesGcm(Aes),
    AesCbcHmac(Aes),
}

impl ContentEncryption {
    /// All of them, in the order in which users see them.
    pub const ALL: [Self; 6] = [
        Self::AesGcm(Aes128),
        Self::AesGcm(Aes192),
        Self::AesGcm(Aes256),
        Self::AesCbcHmac(Aes128),
        Self::AesCbcHmac(Aes192),
        Self::AesCbcHmac(Aes256),
    ];

    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AesGcm(Aes128) => "A128GCM",
            Self::AesGcm(Aes192) => "A192GCM",
            Self::AesGcm(Aes256) => "A256GCM",
            Self::AesCbcHmac(Aes128) => "A128CBC-HS256",
            Self::AesCbcHmac(Aes192) => "A192CBC-HS384",
            Self::AesCbcHmac(Aes256) => "A256CBC-HS512",
        }
    }

    /// The algorithm of a name. Names are case-sensitive (RFC 7516 section 4.1.2).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|enc| enc.name() == name)
    }

    /// The one that a new token has if its shared key, of this many bytes, is used directly.
    pub(crate) fn of_key_length(length: usize) -> Option<Self> {
        let gcm_first = Self::ALL.into_iter();
        gcm_first
            .filter(|enc| *enc != Self::AesCbcHmac(Aes128))
            .find(|enc| enc.key_length() == length)
    }

    /// The length of its key in bytes. With HMAC, half of it is the HMAC's (RFC 7518 section 5.2.2.1).
    pub const fn key_length(self) -> usize {
        match self {
            Self::AesGcm(aes) => aes.key_length(),
            Self::AesCbcHmac(aes) => 2 * aes.key_length(),
        }
    }

    /// The length of its initialization vector in bytes.
    pub const fn iv_length(self) -> usize {
        match self {
            Self::AesGcm(_) => 12,
            Self::AesCbcHmac(_) => 16,
        }
    }

    /// The length of its authentication tag in bytes.
    pub const fn tag_length(self) -> usize {
        match self {
            Self::AesGcm(_) => 16,
            Self::AesCbcHmac(aes) => aes.key_length(),
        }
    }
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The `alg` of a JWK: what its key is used with (RFC 7517 section 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the kinds of algorithms
pub enum JwkAlgorithm {
    Signature(Algorithm),
    Key(KeyAlgorithm),
    /// The key encrypts content directly.
    Content(ContentEncryption),
}

impl JwkAlgorithm {
    /// The algorithms that a key can be made for. A password is not made here, and `dir` says nothing about the key.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let made = |alg: &KeyAlgorithm| !matches!(alg, KeyAlgorithm::Dir | KeyAlgorithm::Pbes2(_));
        let signatures = Algorithm::ALL.into_iter().map(Self::Signature);
        let keys = KeyAlgorithm::ALL.into_iter().filter(made).map(Self::Key);
        signatures.chain(keys).chain(ContentEncryption::ALL.into_iter().map(Self::Content))
    }

    /// The registered name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature(alg) => alg.name(),
            Self::Key(alg) => alg.name(),
            Self::Content(enc) => enc.name(),
        }
    }

    /// Whether it is for encryption, and not for signatures.
    pub(crate) const fn is_encryption(self) -> bool {
        !matches!(self, Self::Signature(_))
    }

    /// The type of a new key for it.
    pub(crate) fn key_type(self) -> KeyType {
        match self {
            Self::Signature(alg) => alg.key_type(),
            Self::Key(KeyAlgorithm::RsaOaep | KeyAlgorithm::RsaOaep256) => KeyType::Rsa,
            Self::Key(KeyAlgorithm::EcdhEs | KeyAlgorithm::EcdhEsAesKw(_)) => {
                KeyType::Ec(Curve::P256)
            }
            Self::Key(_) | Self::Content(_) => KeyType::Hmac,
        }
    }

    /// The lengths in bytes that its secrets may have: at least the first, and at most the second.
    pub(crate) fn secret_lengths(self) -> Option<(usize, usize)> {
        match self {
            Self::Signature(alg) => Some((alg.min_secret()?, LONGEST_SECRET)),
            Self::Key(alg) => alg.secret_length().map(|length| (length, length)),
            Self::Content(enc) => Some((enc.key_length(), enc.key_length())),
        }
    }
}

/// The most random bytes in a new secret.
const LONGEST_SECRET: usize = 1024;
