//! What is made of a document that is meant for a key set.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fault::SourceError;
use super::fetch::MAX_DOCUMENT;
use super::fetcher::Missing;
use super::url::Url;
use crate::crypto::LoadedKeys;
use crate::keys::{KeyError, KeyFile, Origin, read_keys};
use crate::secret::Secret;
use crate::sys::Bounded;

/// The most keys of a set that is fetched: a hundred times what issuers have.
const MOST_KEYS: usize = 1000;

/// A key set that was fetched.
pub struct Fetched {
    /// Where it came from.
    pub origin: Origin,
    /// Its text.
    pub text: Secret,
    /// What was read of it.
    pub file: KeyFile,
    /// How many seconds ago that was.
    pub age: i64,
}

/// Whether a set is one, with a key that can verify something: another is not kept.
pub(super) fn check(url: &Url, set: &Bounded) -> Result<(), Missing<SourceError>> {
    let Fetched { origin, file, .. } = bounded(url, set).map_err(Missing::Garbage)?;
    let usable = LoadedKeys::new(file.keys, true).and_then(|ring| ring.check_verifies(&[]));
    usable.map_err(|error| Missing::Refused(SourceError::Set { origin, error }))
}

/// Reads a set, if it has no more bytes and keys than any issuer's: each key takes room, and time for a token that names
/// none.
fn bounded(url: &Url, set: &Bounded) -> Result<Fetched, SourceError> {
    #[derive(Deserialize)]
    struct Shape {
        keys: Vec<IgnoredAny>,
    }
    let count = serde_json::from_slice(&set.bytes).map_or(0, |Shape { keys }| keys.len());
    let error = match count {
        _ if set.cut => KeyError::TooLarge { most: MAX_DOCUMENT },
        0..=MOST_KEYS => return read(url, &set.bytes),
        _ => KeyError::TooMany { count, most: MOST_KEYS },
    };
    Err(SourceError::Set { origin: Origin::Url(url.to_string()), error })
}

/// Reads a set.
pub(super) fn read(url: &Url, set: &[u8]) -> Result<Fetched, SourceError> {
    let origin = Origin::Url(url.to_string());
    let text = Secret::new(set.to_vec());
    let file = read_keys(&text, None).and_then(KeyFile::a_jwk_set).map(KeyFile::published);
    match file {
        Ok(file) => Ok(Fetched { origin, text, file, age: 0 }),
        Err(error) => Err(SourceError::Set { origin, error }),
    }
}
