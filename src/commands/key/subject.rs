//! The one key that a verb is about.

use crate::crypto::LoadedKey;
use crate::explain::{Problem, Warning};
use crate::input::Source;
use crate::keys::{Certificate, Encoding, KeyError, KeyFile, Keys, Origin};

/// A key that was read and loaded, and how it was written.
pub(super) struct Subject {
    pub origin: Origin,
    pub key: LoadedKey,
    pub encoding: Encoding,
    pub was_encrypted: bool,
    pub allow_weak: bool,
    pub certificate: Option<Certificate>,
    pub warnings: Vec<Warning>,
}

impl Subject {
    pub fn problem(&self, error: KeyError) -> Problem {
        Problem::Key { origin: self.origin.clone(), error }
    }
}

/// The one key of a file; a set of one is that key.
pub(super) fn one(source: Source, allow_weak: bool) -> Result<Subject, Problem> {
    let Source { origin, file, mut warnings } = source;
    let KeyFile { keys, encoding, was_encrypted, certificate } = file;
    let key = match keys {
        Keys::One(key) => Ok(key),
        Keys::Set(set) => match set.entries() {
            [entry] => entry.read(),
            entries => {
                Err(KeyError::NotOneKey { count: entries.len(), is_jwk_set: set.is_jwk_set() })
            }
        },
    };
    match key.and_then(|key| LoadedKey::load(key, allow_weak)) {
        Ok(key) => {
            warnings.extend(Warning::of_numbers(key.key(), || origin.to_string()));
            Ok(Subject { origin, key, encoding, was_encrypted, allow_weak, certificate, warnings })
        }
        Err(error) => Err(Problem::Key { origin, error }),
    }
}
