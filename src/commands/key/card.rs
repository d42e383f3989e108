//! What is said of a key: its kind, what it may be used for, its thumbprint. Never a private part.

use crate::keys::{Algorithm, Certificate, Encoding, KeyError, Kind, Purpose, Terms};
use crate::signature::LoadedKey;

/// A key, or one of a set that cannot be used.
#[derive(Debug)]
pub struct Card {
    /// Its name in a set: `key "2026-11"`, `key 3`.
    pub name: Option<String>,
    /// Its `kid` in a set, also where the rest of it cannot be used.
    pub kid: Option<String>,
    /// What it is, or what is wrong with it.
    pub facts: Result<Facts, KeyError>,
}

/// What a key is.
#[derive(Debug)]
pub struct Facts {
    /// "RSA 2048-bit public key", "HMAC secret of 32 bytes"
    pub kind: String,
    /// Whether it can sign.
    pub private: bool,
    /// Why it serves nothing, or is too weak to be used unless that is allowed.
    pub limit: Option<KeyError>,
    /// How it is written, and whether a password had to open it; `None` for a key just made, or of a set.
    pub encoding: Option<(Encoding, bool)>,
    /// The algorithms it serves.
    pub algorithms: Vec<Algorithm>,
    /// What its JWK says of it.
    pub terms: Terms,
    /// Its thumbprint (RFC 7638); none of an HMAC secret, whose digest would help to guess it.
    pub thumbprint: Option<String>,
    /// The certificate it stands in.
    pub certificate: Option<Certificate>,
}

impl Facts {
    /// What is known of a key that was loaded.
    ///
    /// # Errors
    /// Those of a key that does not decode.
    pub fn of(key: &LoadedKey) -> Result<Self, KeyError> {
        let is_secret = key.key().kind == Kind::Hmac;
        let permitted = |purpose| key.key().permits(purpose);
        let forbidden = permitted(Purpose::Verify)
            .err()
            .filter(|_| !key.key().is_private() || permitted(Purpose::Sign).is_err());
        Ok(Self {
            kind: key.key().described(),
            private: key.key().is_private(),
            encoding: None,
            algorithms: if forbidden.is_some() { Vec::new() } else { key.serves().to_vec() },
            limit: forbidden.or(key.key().weakness().map(KeyError::Weak)),
            terms: key.key().terms.clone().unwrap_or_default(),
            thumbprint: (!is_secret).then(|| key.thumbprint()).transpose()?,
            certificate: None,
        })
    }
}
