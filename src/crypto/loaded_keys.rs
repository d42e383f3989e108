//! The keys of a call, which form one set: which of them a token may be checked with, and which of them signs.

use std::ops::Range;
use std::slice;
use std::sync::Arc;

use super::loaded_file::LoadedFile;
use super::loaded_key::LoadedKey;
use super::work::Work;
use crate::keys::{Algorithm, KeyError, KeyFile, KeyType, MOST_NAMED};

/// The keys of one source or of several.
pub struct LoadedKeys {
    /// In the order in which the caller named the sources.
    sources: Vec<LoadedSource>,
}

/// The keys of one of the sources.
#[derive(Clone)]
pub(crate) struct LoadedSource {
    /// The name of the source in messages, if there are several.
    pub(crate) name: String,
    /// Whether its keys verify only the tokens of one issuer.
    pub(crate) is_of_issuer: bool,
    pub(crate) file: Arc<LoadedFile>,
}

impl LoadedKeys {
    /// Takes the keys of a source. A single one is loaded at once.
    ///
    /// # Errors
    /// Those of [`LoadedKey::load`] for a single key.
    pub fn new(file: KeyFile, allow_weak: bool) -> Result<Self, KeyError> {
        let file = Arc::new(LoadedFile::new(file, allow_weak)?);
        let (name, is_of_issuer) = (String::new(), false);
        Ok(Self { sources: vec![LoadedSource { name, is_of_issuer, file }] })
    }

    /// The keys of several sources.
    pub(crate) fn of_sources(sources: Vec<LoadedSource>) -> Self {
        Self { sources }
    }

    /// The keys of the only source.
    fn only_file(&self) -> Option<&LoadedFile> {
        if let [LoadedSource { file, .. }] = &self.sources[..] { Some(file) } else { None }
    }

    /// The key, if there is no other, and it is not in a set.
    pub(crate) fn single(&self) -> Option<&LoadedKey> {
        self.only_file()?.single().map(Arc::as_ref)
    }

    pub(super) fn single_shared(&self) -> Option<&Arc<LoadedKey>> {
        self.only_file()?.single()
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.sources.iter().map(|source| source.file.len()).sum()
    }

    /// Whether it is one JWK Set.
    pub(crate) fn is_jwk_set(&self) -> bool {
        self.only_file().is_some_and(LoadedFile::is_jwk_set)
    }

    /// The keys with their names, or why they cannot be used; of a large set, as many as may be loaded for one token.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (String, Result<&LoadedKey, &KeyError>)> {
        let mut work = Work::of_a_token();
        (0..self.len()).map_while(move |i| {
            work.is_left().then(|| {
                let key = self.get(i).map(Arc::as_ref);
                work.load(key);
                (self.name(i), key)
            })
        })
    }

    /// The index of the source of a key, and the index of the key there.
    fn place(&self, i: usize) -> (usize, usize) {
        let mut i = i;
        for (at, source) in self.sources.iter().enumerate() {
            match i.checked_sub(source.file.len()) {
                Some(rest) => i = rest,
                None => return (at, i),
            }
        }
        (self.sources.len() - 1, i)
    }

    /// The index of the source of a key.
    pub(crate) fn source(&self, i: usize) -> usize {
        self.place(i).0
    }

    /// Whether a source has the key of this index as well, under the same `kid`, and for the same purposes.
    pub(crate) fn is_also_in(&self, i: usize, source: usize) -> bool {
        let (Ok(key), file) = (self.get(i), &self.sources[source].file) else { return false };
        let kid = key.key().kid();
        let places = kid.map_or_else(|| Ok((0..file.len()).collect()), |kid| file.with_kid(kid));
        places.unwrap_or_default().into_iter().filter_map(|at| file.get(at).ok()).any(|other| {
            let is_as_able = key.supports.iter().all(|alg| other.supports.contains(alg));
            other.is_same_as(key) && is_as_able && other.check_verifies(&[]).is_ok()
        })
    }

    /// The index of the source of a key that was loaded.
    pub(crate) fn source_of(&self, key: &LoadedKey) -> Option<usize> {
        self.sources.iter().position(|source| source.file.position(key).is_some())
    }

    pub(super) fn name(&self, i: usize) -> String {
        let (source, i) = self.place(i);
        self.source_name(source, i)
    }

    fn source_name(&self, source: usize, i: usize) -> String {
        let LoadedSource { name, file, .. } = &self.sources[source];
        match file.name(i) {
            name if self.sources.len() == 1 => name.unwrap_or_else(|| "the key".to_owned()),
            Some(key) => format!("{key} of {name}"),
            None => name.clone(),
        }
    }

    pub(super) fn get(&self, i: usize) -> Result<&Arc<LoadedKey>, &KeyError> {
        let (source, i) = self.place(i);
        self.sources[source].file.get(i)
    }

    /// The name of a key among the others; `None` for a key that is not in a set.
    pub(crate) fn name_of(&self, key: &LoadedKey) -> Option<String> {
        let mut places = self.sources.iter().enumerate();
        let (source, i) = places.find_map(|(at, source)| Some((at, source.file.position(key)?)))?;
        let has_name = self.sources.len() > 1 || self.sources[source].file.name(i).is_some();
        has_name.then(|| self.source_name(source, i))
    }

    /// Whether a token's `kid` selects among the keys.
    pub(super) fn has_kids(&self) -> bool {
        self.sources.iter().any(|source| source.file.has_kids()) || self.sources.len() > 1
    }

    /// The indices of the keys with this `kid` and of those that have no place for one, or of all keys if there is no
    /// `kid` to look for. If there are none, the first `kid`s that there are, and how many there are.
    pub(super) fn with_kid(&self, kid: Option<&str>) -> Result<Vec<usize>, (Vec<String>, usize)> {
        let Some(kid) = kid else { return Ok((0..self.len()).collect()) };
        let (mut found, mut known, mut count, mut start) = (Vec::new(), Vec::new(), 0, 0);
        for LoadedSource { file, .. } in &self.sources {
            match file.with_kid(kid) {
                Ok(places) => found.extend(places.into_iter().map(|i| start + i)),
                Err((others, number)) => {
                    known.extend(others);
                    count += number;
                }
            }
            start += file.len();
        }
        known.truncate(MOST_NAMED);
        if found.is_empty() { Err((known, count)) } else { Ok(found) }
    }

    /// How many keys have this `kid`, if they are different keys. Issuers name theirs independently of each other.
    pub(super) fn repeated_kid(&self, kid: &str, keys: &[(usize, &LoadedKey)]) -> Option<usize> {
        let named = keys.iter().filter(|(_, key)| key.key().kid() == Some(kid));
        let named = named.map(|(i, key)| {
            let source = self.source(*i);
            (self.sources[source].is_of_issuer.then_some(source), *key)
        });
        let named: Vec<_> = named.collect();
        let is_other = |(issuer, key): &(Option<usize>, &LoadedKey)| {
            let first = named.iter().find(|(of, _)| of == issuer);
            first.is_some_and(|(_, first)| !key.is_same_as(first))
        };
        named.iter().any(is_other).then_some(named.len())
    }

    /// Checks that at least one key may verify with an allowed algorithm.
    pub(crate) fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        self.first("verify with", |key| key.check_verifies(allowed))
    }

    /// Checks that at least one key of a file can verify, and returns the file.
    pub(crate) fn verifying(file: KeyFile) -> Result<KeyFile, KeyError> {
        let one = if let KeyFile::One(one) = &file { Some(one.clone()) } else { None };
        let mut keys = Self::new(file, true)?;
        keys.check_verifies(&[])?;
        let file = keys.sources.pop().and_then(|source| Arc::into_inner(source.file));
        let set = file.and_then(LoadedFile::into_set).map(KeyFile::Set);
        set.or(one.map(KeyFile::One)).ok_or(KeyError::NotAKey)
    }

    /// The first key that can sign, and its algorithm.
    pub(crate) fn first_signer(&self) -> Result<(&LoadedKey, Algorithm), KeyError> {
        self.first("sign with", |key| Ok((key, key.signs_with(None)?)))
    }

    /// The key that signs the successor of a token that a key has verified with this algorithm. The first source that has a
    /// key to sign with decides.
    pub(crate) fn successor<'a>(
        &'a self,
        verified_by: &'a LoadedKey,
        alg: Algorithm,
        allowed: &[Algorithm],
    ) -> Result<(&'a LoadedKey, Algorithm), KeyError> {
        let (mut start, mut errors) = (0, Vec::new());
        for LoadedSource { file, .. } in &self.sources {
            let keys = start..start + file.len();
            let is_own = file.position(verified_by).is_some();
            let own = verified_by.signs_with(None);
            let found = match own {
                Ok(own) if is_own => Ok((verified_by, own)),
                _ => self.other_signer(keys.clone(), alg, allowed, is_own),
            };
            match found {
                Ok(found) => return Ok(found),
                Err(more) => errors.extend(more),
            }
            start = keys.end;
        }
        Err(self.none_usable("sign with", errors))
    }

    /// The first of these keys that can sign: with this algorithm if possible, otherwise with an allowed one. In a set that
    /// has the key which verified, never a secret in place of a key pair, or the reverse.
    fn other_signer(
        &self,
        keys: Range<usize>,
        alg: Algorithm,
        allowed: &[Algorithm],
        is_same_set: bool,
    ) -> Result<(&LoadedKey, Algorithm), Vec<(String, KeyError)>> {
        let same = self.first_of(keys.clone(), |key| Ok((key, key.signs_with(Some(alg))?)));
        same.or_else(|_| {
            self.first_of(keys, |key| {
                let own = key.signs_with(None)?;
                let is_allowed = allowed.is_empty() || allowed.contains(&own);
                let is_secret = |alg: Algorithm| alg.key_type() == KeyType::Hmac;
                if is_allowed && (!is_same_set || is_secret(own) == is_secret(alg)) {
                    return Ok((key, own));
                }
                Err(key.wrong_type(if is_allowed { slice::from_ref(&alg) } else { allowed }))
            })
        })
    }

    fn first<'a, T>(
        &'a self,
        task: &'static str,
        of: impl Fn(&'a LoadedKey) -> Result<T, KeyError>,
    ) -> Result<T, KeyError> {
        self.first_of(0..self.len(), of).map_err(|errors| self.none_usable(task, errors))
    }

    fn first_of<'a, T>(
        &'a self,
        keys: Range<usize>,
        of: impl Fn(&'a LoadedKey) -> Result<T, KeyError>,
    ) -> Result<T, Vec<(String, KeyError)>> {
        let mut errors = Vec::new();
        for i in keys {
            match self.get(i).map_err(Clone::clone).and_then(|key| of(key)) {
                Ok(found) => return Ok(found),
                Err(error) => errors.push((self.name(i), error)),
            }
        }
        Err(errors)
    }

    /// The error if no key can be used; a single key's own error is returned as it is.
    fn none_usable(&self, task: &'static str, mut keys: Vec<(String, KeyError)>) -> KeyError {
        if self.only_file().is_some_and(|file| !file.is_set())
            && let Some((_, error)) = keys.pop()
        {
            return error;
        }
        KeyError::NoneUsable { task, keys }
    }

    /// The key to sign with, and its algorithm: the only key that can sign, or the only one with the named `kid`.
    pub(crate) fn signer(
        &self,
        alg: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<(&Arc<LoadedKey>, Algorithm), KeyError> {
        let candidates = self.with_kid(kid).map_err(|(known, count)| {
            let wanted = kid.unwrap_or_default().to_owned();
            KeyError::WrongKid { wanted, known, count }
        })?;
        let (mut able, mut unable) = (Vec::new(), Vec::new());
        for i in candidates {
            let key = self.get(i).map_err(Clone::clone);
            match key.and_then(|key| Ok((key, key.signs_with(alg)?))) {
                Ok((key, alg)) => able.push((i, key, alg)),
                Err(error) => unable.push((self.name(i), error)),
            }
        }
        let Some(&(_, key, alg)) = able.first() else {
            return Err(self.none_usable("sign with", unable));
        };
        let is_repeated = able.iter().all(|(_, other, others)| {
            key.is_same_as(other) && key.key().kid() == other.key().kid() && alg == *others
        });
        if is_repeated {
            return Ok((key, alg));
        }
        Err(KeyError::SeveralSigners { names: able.iter().map(|(i, ..)| self.name(*i)).collect() })
    }
}
