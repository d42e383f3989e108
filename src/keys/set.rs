//! JWK Sets (RFC 7517 section 5): read key by key, so that one odd entry does not spoil the rest.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::jwk::Jwk;
use super::{Key, KeyError};
use crate::json::quote;

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
    /// The key, or why it is none.
    pub key: Result<Key, KeyError>,
}

impl Entry {
    /// What it is called in messages: `key "2026-11"`, or `key 3` where it has no `kid`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.kid {
            Some(kid) => format!("key {}", quote(&crate::json::cut(kid, 60))),
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

    /// The keys, in their order, to be kept.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The keys of a `kid`.
    pub fn with_kid(&self, kid: &str) -> impl Iterator<Item = usize> {
        self.by_kid.get(kid).into_iter().flatten().copied()
    }

    /// The `kid`s, each once, in the order of the keys.
    #[must_use]
    pub fn kids(&self) -> Vec<String> {
        let mut kids: Vec<String> = Vec::new();
        for kid in self.entries.iter().filter_map(|entry| entry.kid.as_ref()) {
            let is_first = self.by_kid[kid].first().is_some_and(|first| {
                self.entries[*first].kid.as_ref().is_some_and(|k| std::ptr::eq(k, kid))
            });
            if is_first {
                kids.push(kid.clone());
            }
        }
        kids
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
    let written: Written<'_> = serde_json::from_str(text).map_err(|error| KeyError::Damaged {
        label: "JWK Set".to_owned(),
        reason: match error.classify() {
            serde_json::error::Category::Data => "its \"keys\" is not one array".to_owned(),
            _ => "it is not JSON".to_owned(),
        },
    })?;
    let entries: Vec<_> =
        written.keys.iter().enumerate().map(|(i, key)| entry(i + 1, key)).collect();
    let mut by_kid: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, entry) in entries.iter().enumerate() {
        if let Some(kid) = &entry.kid {
            by_kid.entry(kid.clone()).or_default().push(i);
        }
    }
    Ok(KeySet { entries, by_kid })
}

fn entry(number: usize, text: &RawValue) -> Entry {
    match Jwk::parse(text.get()) {
        Err(error) => Entry { number, kid: None, key: Err(error) },
        Ok(jwk) => Entry {
            number,
            kid: jwk.string("kid").ok().flatten().map(std::borrow::Cow::into_owned),
            key: jwk.read(),
        },
    }
}
