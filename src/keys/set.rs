//! JWK Sets (RFC 7517 section 5): read key by key, and a key only when it is asked for, so that an odd
//! entry does not spoil the rest and a call for one key does not pay for thousands. And the keys of other files that
//! hold several.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::jwk::Jwk;
use super::{Key, KeyError, KeyFile, Keys};
use crate::json::{quote, sayable};
use crate::secret::Secret;

/// The most names that a message lists.
pub const MOST_NAMED: usize = 10;

/// The keys of a set, in their order, and where each `kid` stands.
#[derive(Debug)]
pub struct KeySet {
    entries: Vec<Entry>,
    /// Whether its keys have a place for a `kid`, as those of a JWK Set have.
    has_kids: bool,
    by_kid: HashMap<String, Vec<usize>>,
}

/// A key of a set.
#[derive(Debug)]
pub struct Entry {
    /// Its place in the set, from 1 on.
    pub number: usize,
    /// Its `kid`, which it has even where the rest of it cannot be read.
    pub kid: Option<String>,
    jwk: Secret,
    /// The key of a file that is no JWK Set: it has been read.
    file: Option<Result<Box<KeyFile>, KeyError>>,
    /// Whether anybody can fetch it.
    is_published: bool,
}

impl Entry {
    fn new(number: usize, jwk: &str) -> Self {
        let kid = Jwk::parse(jwk).ok().and_then(|jwk| Some(jwk.string("kid").ok()??.into_owned()));
        Self { number, kid, jwk: Secret::new(jwk.into()), file: None, is_published: false }
    }

    /// Reads the key.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(&self) -> Result<Key, KeyError> {
        if let Some(file) = &self.file {
            return match &file.as_ref().map_err(Clone::clone)?.keys {
                Keys::One(key) => Ok(key.clone()),
                Keys::Set(_) => Err(KeyError::NotAKey),
            };
        }
        let text = std::str::from_utf8(self.jwk.expose());
        let jwk = Jwk::parse(text.map_err(|error| KeyError::damaged("JWK", error.to_string()))?)?;
        let key = jwk.read()?;
        if self.is_published && key.is_private() {
            return Err(KeyError::Published { key: key.to_string() });
        }
        Ok(key)
    }

    /// How it is written, where it is the key of a file that is no JWK Set.
    #[must_use]
    pub fn file(&self) -> Option<&KeyFile> {
        self.file.as_ref()?.as_deref().ok()
    }

    /// What it is called in messages: `key "2026-11"`, or `key 3` where it has no `kid`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.kid {
            Some(kid) => format!("key {}", quote(&sayable(kid))),
            None => format!("key {}", self.number),
        }
    }
}

impl KeySet {
    /// The keys of a file that is no JWK Set, each of which has been read.
    pub(super) fn of_files(files: Vec<Result<KeyFile, KeyError>>) -> Self {
        let entry = |(file, number): (Result<KeyFile, _>, _)| Entry {
            number,
            kid: None,
            jwk: Secret::new(Vec::new()),
            file: Some(file.map(Box::new)),
            is_published: false,
        };
        let entries = files.into_iter().zip(1..).map(entry).collect();
        Self { entries, has_kids: false, by_kid: HashMap::new() }
    }

    /// The keys of a file that is no JWK Set; of a JWK Set none.
    #[must_use]
    pub fn into_files(self) -> Vec<Result<KeyFile, KeyError>> {
        let file = |entry: Entry| entry.file.map(|file| file.map(|file| *file));
        self.entries.into_iter().filter_map(file).collect()
    }

    /// Whether its keys have a place for a `kid`; where they have none, a token's picks no key.
    #[must_use]
    pub fn has_kids(&self) -> bool {
        self.has_kids
    }

    /// The keys, in their order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The same set, which anybody can fetch: what is private in it is not private any more, and is no key (`OpenID`
    /// Connect Discovery 1.0 section 3, `jwks_uri`).
    #[must_use]
    pub fn published(mut self) -> Self {
        for entry in &mut self.entries {
            entry.is_published = true;
        }
        self
    }

    /// The keys of a `kid`.
    pub fn with_kid(&self, kid: &str) -> impl Iterator<Item = usize> {
        self.by_kid.get(kid).into_iter().flatten().copied()
    }

    /// The first `kid`s, each once, in the order of the keys: as many as a message names.
    #[must_use]
    pub fn first_kids(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let kids = self.entries.iter().filter_map(|entry| entry.kid.as_ref());
        kids.filter(|kid| seen.insert(*kid)).take(MOST_NAMED).cloned().collect()
    }

    /// How many `kid`s there are.
    #[must_use]
    pub fn kid_count(&self) -> usize {
        self.by_kid.len()
    }
}

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// Reads a set.
///
/// # Errors
/// `Damaged` if it is no object with an array of keys; what is wrong with a key stays with the key.
pub(super) fn read(text: &str) -> Result<KeySet, KeyError> {
    let written: Written<'_> = serde_json::from_str(text).map_err(|error| {
        let reason = match error.classify() {
            serde_json::error::Category::Data => "its \"keys\" is not one array",
            _ => "it is not JSON",
        };
        KeyError::damaged("JWK Set", reason)
    })?;
    let entries: Vec<_> =
        written.keys.iter().zip(1..).map(|(key, number)| Entry::new(number, key.get())).collect();
    let mut by_kid: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, entry) in entries.iter().enumerate() {
        if let Some(kid) = &entry.kid {
            by_kid.entry(kid.clone()).or_default().push(i);
        }
    }
    Ok(KeySet { entries, has_kids: true, by_kid })
}
