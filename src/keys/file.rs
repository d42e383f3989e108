//! What a key file holds: the key or keys, and how they were written.

use std::fmt;

use super::read::certificate::Certificate;
use super::read::der::{self, Structure};
use super::set::KeySet;
use super::{Key, KeyError};

/// The most keys that are read from one file that is no JWK Set.
pub(super) const MOST_KEYS: usize = 1000;

/// What a key file holds.
#[derive(Debug)]
pub struct KeyFile {
    /// The key or keys.
    pub keys: Keys,
    /// How they are written.
    pub encoding: Encoding,
    /// Whether a password had to open it.
    pub was_encrypted: bool,
    /// The certificate that the key stands in.
    pub certificate: Option<Certificate>,
}

impl KeyFile {
    /// One key of an encoding that needed no password and holds nothing else.
    #[must_use]
    pub fn plain(key: Key, encoding: Encoding) -> Self {
        Self { keys: Keys::One(key), encoding, was_encrypted: false, certificate: None }
    }

    /// Several keys that are no JWK Set; one that cannot be read does not spoil the rest.
    #[must_use]
    pub fn several(files: Vec<Result<Self, KeyError>>) -> Self {
        Self {
            keys: Keys::Set(KeySet::of_files(files)),
            encoding: Encoding::Several,
            was_encrypted: false,
            certificate: None,
        }
    }

    /// The file, if it holds a set.
    ///
    /// # Errors
    /// `NotASet`.
    pub fn a_set(self) -> Result<Self, KeyError> {
        match &self.keys {
            Keys::Set(_) => Ok(self),
            Keys::One(key) => Err(KeyError::NotASet { found: format!("one {key}") }),
        }
    }

    /// The file, if it holds a JWK Set.
    ///
    /// # Errors
    /// `NotASet`.
    pub fn a_jwk_set(self) -> Result<Self, KeyError> {
        if self.encoding == Encoding::Several {
            return Err(KeyError::NotASet { found: self.encoding.to_string() });
        }
        self.a_set()
    }

    /// The file as one that anybody can fetch.
    #[must_use]
    pub fn published(self) -> Self {
        match self.keys {
            Keys::Set(set) => Self { keys: Keys::Set(set.published()), ..self },
            Keys::One(_) => self,
        }
    }

    /// What was read from DER, in PEM or as it is.
    pub(super) fn from_der(
        structure: Structure,
        read: der::Read,
        encoding: fn(&'static str) -> Encoding,
    ) -> Self {
        Self {
            was_encrypted: structure == Structure::EncryptedPkcs8,
            certificate: read.certificate,
            ..Self::plain(read.key, encoding(structure.name()))
        }
    }
}

/// One key, or a set of them.
#[derive(Debug)]
pub enum Keys {
    /// One key.
    One(Key),
    /// A JWK Set, or the keys of a file that holds several.
    Set(KeySet),
}

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// PEM around this structure.
    Pem(&'static str),
    /// This structure as it is.
    Der(&'static str),
    /// OpenSSH's own.
    OpenSsh,
    /// A JSON Web Key.
    Jwk,
    /// A JWK Set.
    JwkSet,
    /// Several keys, each in an encoding of its own.
    Several,
    /// An HMAC secret in a format of its own.
    Secret,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(structure) => write!(f, "{structure} in PEM"),
            Self::Der(structure) => write!(f, "{structure} in DER"),
            Self::OpenSsh => f.write_str("OpenSSH"),
            Self::Jwk => f.write_str("JWK"),
            Self::JwkSet => f.write_str("JWK Set"),
            Self::Several => f.write_str("several keys"),
            Self::Secret => f.write_str("HMAC secret"),
        }
    }
}
