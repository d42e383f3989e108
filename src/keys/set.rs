//! JWK Sets (RFC 7517 section 5): read key by key, and a key only when it is asked for, so that an odd
//! entry does not spoil the rest and a call for one key does not pay for thousands.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::jwk::Jwk;
use super::{Key, KeyError};
use crate::json::{quote, sayable};
use crate::secret::Secret;

/// The most names that a message lists.
pub const MOST_NAMED: usize = 10;

/// The keys of a set, in their order, and where each `kid` stands.
#[derive(Debug)]
pub struct KeySet {
    entries: Vec<Entry>,
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
    /// Whether anybody can fetch it.
    is_published: bool,
}

impl Entry {
    fn new(number: usize, jwk: &str) -> Self {
        let kid = Jwk::parse(jwk).ok().and_then(|jwk| Some(jwk.string("kid").ok()??.into_owned()));
        Self { number, kid, jwk: Secret::new(jwk.into()), is_published: false }
    }

    /// Reads the key.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(&self) -> Result<Key, KeyError> {
        let text = std::str::from_utf8(self.jwk.expose());
        let jwk = Jwk::parse(text.map_err(|error| KeyError::damaged("JWK", error.to_string()))?)?;
        let key = jwk.read()?;
        if self.is_published && key.is_private() {
            return Err(KeyError::Published { key: key.to_string() });
        }
        Ok(key)
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
    Ok(KeySet { entries, by_kid })
}
