//! A key that is ready to sign, and the header of the tokens that it makes.

use std::ops::Deref;
use std::sync::Arc;

use super::loaded_key::{LoadedKey, rejected};
use crate::claims::Claims;
use crate::json::{Object, Value};
use crate::keys::{Algorithm, KeyError};
use crate::token::{self, Header};

/// A key that is ready to sign.
pub struct Signer<K> {
    pub(crate) key: K,
    pub(crate) alg: Algorithm,
    /// The header of its tokens, `alg` included.
    pub(crate) header: Arc<Header>,
    encoded_header: String,
}

impl<K: Deref<Target = LoadedKey>> Signer<K> {
    /// Writes `alg` into the header: in its place if the header has one, otherwise first.
    ///
    /// # Errors
    /// Those of [`LoadedKey::signs_with`], such as `CannotSign`.
    pub fn new(key: K, alg: Algorithm, rest: &Object) -> Result<Self, KeyError> {
        let alg = key.signs_with(Some(alg))?;
        let mut header = rest.clone();
        header.set_first("alg", &Value::string(alg.name()));
        let encoded_header = token::encode_header(&header);
        Ok(Self { key, alg, header: Arc::new(Header::new(header)), encoded_header })
    }

    /// Makes a token: the compact serialization.
    ///
    /// # Errors
    /// `Rejected` if the crypto library fails.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let sign = |input: &str| self.key.primitives.sign(self.alg, input.as_bytes());
        token::assemble(&self.encoded_header, claims, sign)
            .map_err(|why| rejected(self.key.key(), why))
    }
}
