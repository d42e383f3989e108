//! Parses a fetched document as a key set.

use super::exchange::MAX_DOCUMENT;
use super::fault::SourceError;
use super::fetcher::Missing;
use super::url::Url;
use crate::crypto::LoadedKeys;
use crate::keys::{KeyError, KeyFile, Origin, read_published_set};
use crate::secret::Secret;
use crate::sys::Bounded;

/// The most keys in a fetched set: a hundred times as many as issuers have.
const MAX_KEYS: usize = 1000;

/// A key set that was fetched.
pub struct Fetched {
    /// The URL that it came from.
    pub origin: Origin,
    /// The text, as its server sent it.
    pub text: Secret,
    /// The keys from that text.
    pub file: KeyFile,
    /// How many seconds ago it was fetched.
    pub age: i64,
}

/// Parses a set that has just been fetched. It must have a key that can verify something. Bytes and keys are limited,
/// because each key costs memory, and time for a token without `kid`.
pub(super) fn accept(url: &Url, set: &Bounded) -> Result<Fetched, Missing> {
    let missing = |is_final| {
        move |error| {
            let error = SourceError::Set(Origin::Url(url.to_string()), error);
            Missing { error, is_final }
        }
    };
    if set.cut {
        return Err(missing(false)(KeyError::TooLarge { most: MAX_DOCUMENT }));
    }
    let fetched = read(url, &set.bytes).map_err(|error| Missing { error, is_final: false })?;
    let usable = LoadedKeys::new(fetched.file, true).and_then(LoadedKeys::into_verifying_set);
    let file = KeyFile::Set(usable.map_err(missing(true))?);
    Ok(Fetched { file, ..fetched })
}

pub(super) fn read(url: &Url, set: &[u8]) -> Result<Fetched, SourceError> {
    let origin = Origin::Url(url.to_string());
    let text = Secret::new(set.to_vec());
    match read_published_set(&text, MAX_KEYS).map(KeyFile::Set) {
        Ok(file) => Ok(Fetched { origin, text, file, age: 0 }),
        Err(error) => Err(SourceError::Set(origin, error)),
    }
}
