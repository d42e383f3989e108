//! The keys of a call, ready for work: the keys themselves, where they came from, what is said of them.

use super::{KeyFacts, Warning};
use crate::diagnose::Written;
use crate::keys::{Algorithm, KeyError, Origin};
use crate::problem::Problem;
use crate::signature::{LoadedKey, Ring};

/// The key or keys of a source, and where they came from.
pub struct KeyInHand {
    pub(super) ring: Ring,
    pub(super) origin: Origin,
    /// The text that it was read from.
    pub(super) written: Written,
}

impl KeyInHand {
    /// What is known of it before one of its keys has verified a token.
    pub(super) fn facts(&self) -> KeyFacts {
        if let Some(key) = self.ring.single() {
            return self.facts_of(key, None);
        }
        let usable: Vec<_> = self.ring.iter().filter_map(|(_, key)| key.ok()).collect();
        let mut algorithms: Vec<_> = usable.iter().flat_map(|key| key.serves()).copied().collect();
        algorithms.sort_by_key(|alg| Algorithm::ALL.iter().position(|known| known == alg));
        algorithms.dedup();
        KeyFacts {
            kind: format!("JWK Set of {}", self.ring.len()),
            private: usable.iter().any(|key| key.key().is_private()),
            kid: None,
            origin: self.origin.clone(),
            algorithms,
            algorithm: None,
        }
    }

    pub(super) fn facts_of(&self, key: &LoadedKey, algorithm: Option<Algorithm>) -> KeyFacts {
        KeyFacts {
            kind: key.key().to_string(),
            private: key.key().is_private(),
            kid: key.key().kid().map(str::to_owned),
            origin: self.origin.clone(),
            algorithms: key.serves().to_vec(),
            algorithm,
        }
    }

    /// The key to sign with, and its algorithm.
    pub(super) fn signer(
        &self,
        alg: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<(&LoadedKey, Algorithm), Vec<Problem>> {
        let signer = self.ring.signer(alg, kid);
        signer.map_err(|error| self.problem(error))
    }

    /// The problem of a key that cannot be used.
    pub(super) fn problem(&self, error: KeyError) -> Vec<Problem> {
        vec![Problem::Key { origin: self.origin.clone(), error }]
    }

    /// What a key is called: where it came from, and its name in a set.
    pub(super) fn name_of(&self, key: &LoadedKey) -> String {
        match self.ring.name_of(key) {
            Some(name) => format!("{name} of {}", self.origin),
            None => self.origin.to_string(),
        }
    }

    /// What is worth a word about the strength of the key that is used.
    pub(super) fn weaknesses(
        &self,
        key: &LoadedKey,
        alg: Algorithm,
    ) -> impl Iterator<Item = Warning> {
        let origin = || self.origin.clone();
        let weak = key.key().weakness_for(alg);
        let weak = weak.map(|weakness| Warning::WeakKey { name: self.name_of(key), weakness });
        let short = key.key().short_for(alg);
        let short = short.map(|(length, least)| Warning::ShortSecret {
            origin: origin(),
            length,
            alg,
            least,
        });
        weak.into_iter().chain(short)
    }
}
