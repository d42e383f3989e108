//! The keys of one source: one key, or those of a set, each loaded when it is needed.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::loaded_key::LoadedKey;
use crate::keys::{KeyError, KeyFile, KeySet, ReadKey};

/// One key, or the keys of a set.
pub(crate) struct LoadedFile {
    /// `None` for a key that is not in a set.
    set: Option<KeySet>,
    /// Keys of a set are read and loaded into the crypto library when they are needed.
    loaded: Vec<OnceLock<Result<Arc<LoadedKey>, KeyError>>>,
    /// Whether weak keys are loaded.
    allow_weak: bool,
}

impl LoadedFile {
    /// Takes the keys of a source. A single one is loaded at once.
    pub(crate) fn new(file: KeyFile, allow_weak: bool) -> Result<Self, KeyError> {
        Ok(match file {
            KeyFile::One(one) => {
                let key = LoadedKey::load(one.key, allow_weak)?;
                Self { set: None, loaded: vec![OnceLock::from(Ok(Arc::new(key)))], allow_weak }
            }
            KeyFile::Set(set) => {
                let loaded = set.entries.iter().map(|_| OnceLock::new()).collect();
                Self { set: Some(set), loaded, allow_weak }
            }
        })
    }

    /// A key that is not in a set, and has been loaded.
    pub(crate) fn of_key(key: LoadedKey) -> Self {
        Self { set: None, loaded: vec![OnceLock::from(Ok(Arc::new(key)))], allow_weak: false }
    }

    /// The key, if it is not in a set.
    pub(super) fn single(&self) -> Option<&Arc<LoadedKey>> {
        if self.set.is_some() { None } else { self.get(0).ok() }
    }

    pub(super) fn is_set(&self) -> bool {
        self.set.is_some()
    }

    pub(super) fn is_jwk_set(&self) -> bool {
        self.set.as_ref().is_some_and(KeySet::is_jwk_set)
    }

    /// Whether it is a set whose keys have a place for a `kid`.
    pub(super) fn has_kids(&self) -> bool {
        self.set.as_ref().is_some_and(KeySet::has_kids)
    }

    pub(super) fn len(&self) -> usize {
        self.loaded.len()
    }

    pub(super) fn get(&self, i: usize) -> Result<&Arc<LoadedKey>, &KeyError> {
        let load = || {
            let entry = self.set.as_ref().map(|set| &set.entries[i]);
            LoadedKey::load(entry.ok_or(KeyError::NotAKey)?.read()?.key, self.allow_weak)
                .map(Arc::new)
        };
        self.loaded[i].get_or_init(load).as_ref()
    }

    /// The name of a key in its set; `None` for a key that is not in a set.
    pub(super) fn name(&self, i: usize) -> Option<String> {
        Some(self.set.as_ref()?.entries[i].name())
    }

    /// The index of a key that was loaded here.
    pub(super) fn position(&self, key: &LoadedKey) -> Option<usize> {
        let mut loaded = self.loaded.iter().map(|loaded| loaded.get()?.as_deref().ok());
        loaded.position(|loaded| loaded.is_some_and(|loaded| std::ptr::eq(loaded, key)))
    }

    /// The indices of the keys with this `kid`, or of all keys if they have no place for one. If no key has it, the first
    /// `kid`s that there are, and how many there are.
    pub(super) fn with_kid(&self, kid: &str) -> Result<Vec<usize>, (Vec<String>, usize)> {
        let own = self.single().and_then(|key| key.key().kid());
        match (&self.set, own) {
            (Some(set), _) if set.has_kids() => match set.with_kid(kid) {
                [] => Err(set.known_kids()),
                places => Ok(places.to_vec()),
            },
            (None, Some(own)) if kid != own => Err((vec![own.to_owned()], 1)),
            _ => Ok((0..self.len()).collect()),
        }
    }

    pub(super) fn into_set(self) -> Option<KeySet> {
        self.set
    }
}

/// Leaves out keys that a file repeats, public ones first: a private key and its public key, or a key and its
/// certificate, are one key. A file that then has one key is not a set.
pub(crate) fn without_repeats(file: KeyFile) -> Result<KeyFile, KeyError> {
    let set = match file {
        KeyFile::Set(set) if !set.has_kids() => set,
        file => return Ok(file),
    };
    let mut kept: Vec<Result<ReadKey, KeyError>> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for read in set.into_read_keys() {
        // The public key alone identifies a key, whatever its type.
        let load = |read: &ReadKey| {
            let key = LoadedKey::load(read.key.clone(), true).ok()?;
            key.public_key().map(<[u8]>::to_vec)
        };
        let public = read.as_ref().ok().and_then(load);
        match public.as_ref().and_then(|public| places.get(public)) {
            None => {
                places.extend(public.map(|public| (public, kept.len())));
                kept.push(read);
            }
            Some(&place) if is_private(&read) && !is_private(&kept[place]) => kept[place] = read,
            Some(_) => {}
        }
    }
    if kept.len() == 1 {
        kept.remove(0).map(KeyFile::One)
    } else {
        Ok(KeyFile::Set(KeySet::of_read_keys(kept)))
    }
}

fn is_private(read: &Result<ReadKey, KeyError>) -> bool {
    read.as_ref().is_ok_and(|read| read.key.is_private())
}
