//! The keys of a call, ready for work: the keys themselves, where they came from, what is said of them; of keys
//! that are somewhere else, those that came after them.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::crypto::{LoadedKey, LoadedKeys};
use crate::explain::KeyText;
use crate::explain::Problem;
use crate::explain::Warning;
use crate::explain::warnings;
use crate::jwks::{Fetched, Net, Refetch, RemoteJwks};
use crate::keys::{Algorithm, KeyError, KeyFile, Origin};
use crate::outcome::UsedKey;

/// The keys of a call. Those that are somewhere else may be followed by others while a stream is read; none goes
/// before the call ends, so whoever works with one may keep it.
pub struct KeySource<'e> {
    first: KeyVersion,
    remote_keys: Option<RemoteKeys<'e>>,
}

/// Keys, and what took their place.
struct KeyVersion {
    keys: SourceKeys,
    next: OnceLock<Box<KeyVersion>>,
}

impl KeyVersion {
    fn new(keys: SourceKeys) -> Self {
        Self { keys, next: OnceLock::new() }
    }
}

/// Where keys are that are somewhere else.
pub(crate) struct RemoteKeys<'e> {
    /// The set, which one thread at a time asks for.
    pub remote: Mutex<RemoteJwks>,
    /// What is asked for it.
    pub net: Net<'e>,
    /// The issuer whose keys they are: what its tokens must say.
    pub issuer: Option<String>,
    /// Whether keys that are too weak are admitted.
    pub allow_weak: bool,
    /// What happened when they were fetched.
    pub warnings: Vec<Warning>,
}

impl<'e> KeySource<'e> {
    pub(crate) fn new(keys: SourceKeys, remote_keys: Option<RemoteKeys<'e>>) -> Self {
        Self { first: KeyVersion::new(keys), remote_keys }
    }

    /// The newest keys there are.
    pub(crate) fn keys(&self) -> &SourceKeys {
        &self.last().keys
    }

    /// Asks for newer keys than these, for a token whose `kid` is not known; gives them, if there are any. `None` if
    /// the keys are here, and stay as they are.
    pub(crate) fn newer(
        &self,
        than: &SourceKeys,
        allowed: &[Algorithm],
    ) -> Option<Result<(Refetch, Option<&SourceKeys>), Problem>> {
        let RemoteKeys { remote, net, allow_weak, .. } = self.remote_keys.as_ref()?;
        let mut remote = remote.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.last();
        if !std::ptr::eq(&raw const last.keys, than) {
            return Some(Ok((Refetch::Done, Some(&last.keys))));
        }
        let next = |fetched| {
            let Fetched { origin, text, file, age } = fetched;
            let key_text = KeyText { text, secret: None };
            let keys = SourceKeys::new(origin, file, key_text, age, *allow_weak)?;
            match keys.loaded.check_verifies(allowed) {
                Ok(()) => Ok(&last.next.get_or_init(|| KeyVersion::new(keys).into()).keys),
                Err(error) => Err(Problem::Key { origin: keys.origin, error }),
            }
        };
        let asked = remote.refetch(*net).map_err(Problem::from);
        Some(asked.and_then(|(asked, fetched)| Ok((asked, fetched.map(next).transpose()?))))
    }

    /// The issuer whose keys they are, where that was found out from it.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.remote_keys.as_ref()?.issuer.as_deref()
    }

    /// What is worth a word about where they came from.
    pub(crate) fn warnings(&self) -> &[Warning] {
        self.remote_keys.as_ref().map_or(&[], |remote_keys| &remote_keys.warnings)
    }

    fn last(&self) -> &KeyVersion {
        let mut last = &self.first;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }
}

/// The key or keys of a source, and where they came from.
pub struct SourceKeys {
    pub(crate) loaded: LoadedKeys,
    pub(crate) origin: Origin,
    /// The text that it was read from.
    pub(crate) key_text: KeyText,
    /// How many seconds before the call they were fetched, if they were.
    pub(crate) age: i64,
}

impl SourceKeys {
    /// Keys that were read; `age` is how many seconds ago they were fetched, if they were.
    pub(crate) fn new(
        origin: Origin,
        keys: KeyFile,
        key_text: KeyText,
        age: i64,
        allow_weak: bool,
    ) -> Result<Self, Problem> {
        match LoadedKeys::new(keys, allow_weak) {
            Ok(loaded) => Ok(Self { loaded, origin, key_text, age }),
            Err(error) => Err(Problem::Key { origin, error }),
        }
    }

    /// What is known of it before one of its keys has verified a token.
    pub(crate) fn facts(&self) -> UsedKey {
        if let Some(key) = self.loaded.single() {
            return self.facts_of(key, None);
        }
        let usable: Vec<_> = self.loaded.iter().filter_map(|(_, key)| key.ok()).collect();
        let mut algorithms: Vec<_> =
            usable.iter().flat_map(|key| key.supports()).copied().collect();
        algorithms.sort_by_key(|alg| Algorithm::ALL.iter().position(|known| known == alg));
        algorithms.dedup();
        UsedKey {
            kind: if self.loaded.is_jwk_set() {
                format!("JWK Set of {}", self.loaded.len())
            } else {
                format!("{} keys", self.loaded.len())
            },
            private: usable.iter().any(|key| key.key().is_private()),
            kid: None,
            origin: self.origin.clone(),
            algorithms,
            algorithm: None,
        }
    }

    pub(crate) fn facts_of(&self, key: &LoadedKey, algorithm: Option<Algorithm>) -> UsedKey {
        UsedKey {
            kind: key.key().to_string(),
            private: key.key().is_private(),
            kid: key.key().kid().map(str::to_owned),
            origin: self.origin.clone(),
            algorithms: key.supports().to_vec(),
            algorithm,
        }
    }

    /// The key to sign with, and its algorithm.
    pub(crate) fn signer(
        &self,
        alg: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<(&LoadedKey, Algorithm), Vec<Problem>> {
        let signer = self.loaded.signer(alg, kid);
        signer.map_err(|error| self.problem(error))
    }

    /// The problem of a key that cannot be used.
    pub(crate) fn problem(&self, error: KeyError) -> Vec<Problem> {
        vec![Problem::Key { origin: self.origin.clone(), error }]
    }

    /// What a key is called: where it came from, and its name in a set.
    pub(crate) fn name_of(&self, key: &LoadedKey) -> String {
        match self.loaded.name_of(key) {
            Some(name) => format!("{name} of {}", self.origin),
            None => self.origin.to_string(),
        }
    }

    /// The warning if its secret, which is to sign, is probably not what was meant.
    pub(crate) fn mangled(&self) -> Option<Warning> {
        let secret = self.loaded.single()?.key().private()?;
        warnings::mangled_secret(&self.origin, secret.expose(), self.key_text.secret.as_ref()?)
    }

    /// Warnings about the key that is used.
    pub(crate) fn weaknesses(
        &self,
        key: &LoadedKey,
        alg: Algorithm,
    ) -> impl Iterator<Item = Warning> {
        let weak = key.key().weakness_for(alg);
        let weak = weak.map(|weakness| warnings::weak_key(&self.name_of(key), weakness));
        let short = key.key().short_for(alg);
        let short =
            short.map(|(length, least)| warnings::short_secret(&self.origin, length, alg, least));
        let resized = warnings::number_lengths(key.key(), || self.name_of(key));
        weak.into_iter().chain(short).chain(resized)
    }
}
