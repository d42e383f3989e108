//! The keys of a call. Fetched keys may be replaced by newer ones while a stream is read.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::keys::{KeyInput, key_input};
use crate::crypto::{LoadedKey, LoadedKeys};
use crate::env::Env;
use crate::explain::{KeyText, Problem, Warning, warnings};
use crate::jwks::{Net, Refetch, RemoteJwks};
use crate::keys::{Algorithm, KeyError, Origin, Purpose};
use crate::outcome::UsedKey;
use crate::request::KeyRequest;

/// The keys of a call. Those that are fetched may be replaced, but all versions are kept until the call ends, so
/// that references to them stay valid.
pub(crate) struct KeySource<'e> {
    first: SourceKeys,
    remote: Option<(Mutex<RemoteJwks>, Net<'e>)>,
    /// The issuer whose keys these are, if discovery found them.
    pub(crate) issuer: Option<String>,
    /// What happened when they were fetched.
    pub(crate) warnings: Vec<Warning>,
}

impl<'e> KeySource<'e> {
    /// Reads and loads the keys that a flag or variable names.
    pub(crate) fn load(
        request: &KeyRequest,
        purpose: Purpose,
        env: &mut Env<'e>,
    ) -> Result<Self, Problem> {
        let mut input = key_input(request, purpose, env)?;
        let (issuer, warnings) = (input.issuer.take(), std::mem::take(&mut input.warnings));
        let remote = input.remote.take();
        let first = SourceKeys::new(input, request.allow_weak)?;
        Ok(Self { first, remote, issuer, warnings })
    }

    /// The newest version of the keys.
    pub(crate) fn keys(&self) -> &SourceKeys {
        let mut newest = &self.first;
        while let Some(newer) = newest.newer.get() {
            newest = newer;
        }
        newest
    }

    /// Fetches keys newer than `old` for a token with an unknown `kid`. Returns whether this was done, and the keys if
    /// there are newer ones; nothing if the keys do not come from a URL.
    pub(crate) fn newer(
        &self,
        old: &SourceKeys,
        allowed: &[Algorithm],
    ) -> Result<(Option<Refetch>, Option<&SourceKeys>), Problem> {
        let Some((remote, net)) = &self.remote else { return Ok((None, None)) };
        let mut remote = remote.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = self.keys();
        if !std::ptr::eq(newest, old) {
            return Ok((Some(Refetch::Done), Some(newest)));
        }
        let (refetch, fetched) = remote.refetch(*net)?;
        let Some(fetched) = fetched else { return Ok((Some(refetch), None)) };
        let keys = SourceKeys::new(fetched.into(), old.loaded.allow_weak)?;
        keys.loaded.check_verifies(allowed).map_err(|error| keys.problem(error))?;
        Ok((Some(refetch), Some(newest.newer.get_or_init(|| keys.into()))))
    }
}

/// One version of the keys of a call.
pub(crate) struct SourceKeys {
    pub(crate) loaded: LoadedKeys,
    pub(crate) origin: Origin,
    /// The text that they were read from.
    pub(crate) text: KeyText,
    mangled: OnceLock<Option<Warning>>,
    /// How many seconds before the call they were fetched, if they were.
    pub(crate) age: i64,
    /// The keys that replace them.
    newer: OnceLock<Box<SourceKeys>>,
}

impl SourceKeys {
    fn new(input: KeyInput<'_>, allow_weak: bool) -> Result<Self, Problem> {
        let KeyInput { origin, file, text, age, .. } = input;
        let loaded = LoadedKeys::new(file, allow_weak)
            .map_err(|error| Problem::Key { origin: origin.clone(), error })?;
        let (mangled, newer) = (OnceLock::new(), OnceLock::new());
        Ok(Self { loaded, origin, text, mangled, age, newer })
    }

    /// Describes the keys for a report on a token that none of them has verified.
    pub(crate) fn summary(&self) -> UsedKey {
        if let Some(key) = self.loaded.single() {
            return self.used(key, None);
        }
        let usable: Vec<_> = self.loaded.iter().filter_map(|(_, key)| key.ok()).collect();
        let is_supported = |alg: &Algorithm| usable.iter().any(|key| key.supports.contains(alg));
        let algorithms = Algorithm::ALL.into_iter().filter(is_supported);
        let kind = if self.loaded.is_jwk_set() {
            format!("JWK Set of {}", self.loaded.len())
        } else {
            format!("{} keys", self.loaded.len())
        };
        UsedKey {
            kind,
            private: usable.iter().any(|key| key.key().is_private()),
            kid: None,
            source: self.origin.to_string(),
            algorithms: algorithms.map(Algorithm::name).collect(),
            algorithm: None,
        }
    }

    /// Describes the key for a report on a token that it has verified with this algorithm.
    pub(crate) fn used(&self, key: &LoadedKey, algorithm: Option<Algorithm>) -> UsedKey {
        UsedKey {
            kind: key.key().to_string(),
            private: key.key().is_private(),
            kid: key.key().kid().map(str::to_owned),
            source: self.origin.to_string(),
            algorithms: key.supports.iter().map(|alg| alg.name()).collect(),
            algorithm: algorithm.map(Algorithm::name),
        }
    }

    pub(crate) fn problem(&self, error: KeyError) -> Problem {
        Problem::Key { origin: self.origin.clone(), error }
    }

    /// The key's name in a set, and its origin.
    pub(crate) fn name_of(&self, key: &LoadedKey) -> String {
        match self.loaded.name_of(key) {
            Some(name) => format!("{name} of {}", self.origin),
            None => self.origin.to_string(),
        }
    }

    /// Warnings about a key that is used with this algorithm.
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

    /// A warning that the secret to sign with is probably not the one that was meant.
    pub(crate) fn mangled(&self) -> &[Warning] {
        let warning = || {
            let secret = self.loaded.single()?.key().private()?;
            let text = self.text.secret.as_ref()?;
            warnings::mangled_secret(&self.origin, secret.expose(), text)
        };
        self.mangled.get_or_init(warning).as_slice()
    }
}
