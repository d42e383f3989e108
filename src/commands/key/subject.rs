//! The one key that a verb is about.

use crate::crypto::LoadedKey;
use crate::explain::warnings;
use crate::explain::{Problem, Warning};
use crate::input::Source;
use crate::keys::{Encoding, KeyError, KeyFile, Origin, ReadKey};

/// A key that was read and loaded, and how it was written.
pub(super) struct Subject {
    pub origin: Origin,
    pub key: LoadedKey,
    pub encoding: Encoding,
    pub was_encrypted: bool,
    pub allow_weak: bool,
    pub certificate: Option<crate::keys::Certificate>,
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
    let read = match file {
        KeyFile::One(one) => Ok(one),
        KeyFile::Set(set) => match set.entries() {
            [entry] => entry.read().map(|key| ReadKey::new(key, Encoding::JwkSet)),
            entries => {
                Err(KeyError::NotOneKey { count: entries.len(), is_jwk_set: set.is_jwk_set() })
            }
        },
    };
    let load = |read: ReadKey| {
        let key = LoadedKey::load(read.key.clone(), allow_weak)?;
        Ok((read, key))
    };
    match read.and_then(load) {
        Ok((ReadKey { encoding, was_encrypted, certificate, .. }, key)) => {
            warnings.extend(warnings::number_lengths(key.key(), || origin.to_string()));
            Ok(Subject { origin, key, encoding, was_encrypted, allow_weak, certificate, warnings })
        }
        Err(error) => Err(Problem::Key { origin, error }),
    }
}
