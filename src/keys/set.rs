//! JWK Sets (RFC 7517 section 5): read key by key, and a key only when it is asked for, so that an odd
//! entry does not spoil the rest and a call for one key does not pay for thousands. And the keys of other files that
//! hold several.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::read::jwk::{Jwk, Missing};
use super::{Key, KeyError, KeyFile, Keys, key_type};
use crate::json::{quote, sayable};
use crate::secret::Secret;

/// The most names that a message lists.
pub const MOST_NAMED: usize = 10;

/// The most keys of a set that is read: each takes room and, against a token that names none, time.
const MOST_KEYS: usize = 10_000;

/// The most private keys of a set of which numbers that are not written are computed: that takes up to a second
/// for each.
const MOST_COMPUTED: usize = 8;

/// The keys of a set, in their order, and where each `kid` stands.
#[derive(Debug)]
pub struct KeySet {
    entries: Vec<Entry>,
    /// Whether its keys have a place for a `kid`, as those of a JWK Set have.
    is_jwk_set: bool,
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
    /// What becomes of numbers that it leaves out.
    missing: Missing,
    /// Whether anybody can fetch it.
    is_published: bool,
}

impl Entry {
    /// Takes an entry of a set; `to_compute` is how many more keys may have numbers computed.
    fn new(number: usize, text: &str, to_compute: &mut usize) -> Self {
        let jwk = Jwk::parse(text).ok();
        let kid = jwk.as_ref().and_then(|jwk| Some(jwk.string("kid").ok()??.into_owned()));
        let mut missing = Missing::Computed;
        if jwk.is_some_and(|jwk| jwk.lacks_numbers()) {
            match to_compute.checked_sub(1) {
                Some(left) => *to_compute = left,
                None => missing = Missing::Refused { most: MOST_COMPUTED },
            }
        }
        Self {
            number,
            kid,
            jwk: Secret::new(text.into()),
            file: None,
            missing,
            is_published: false,
        }
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
        if !self.is_published {
            return jwk.read(self.missing);
        }
        // Nothing is computed with the private half of a key that is none.
        let is_private = jwk.has("d");
        let key = jwk.without("d").read(self.missing)?;
        if is_private || key.is_private() {
            return Err(KeyError::Published { key: key_type::described(key.key_type, true) });
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
            missing: Missing::Computed,
            is_published: false,
        };
        let entries = files.into_iter().zip(1..).map(entry).collect();
        Self { entries, is_jwk_set: false, by_kid: HashMap::new() }
    }

    /// The keys of a file that is no JWK Set; of a JWK Set none.
    #[must_use]
    pub fn into_files(self) -> Vec<Result<KeyFile, KeyError>> {
        let file = |entry: Entry| entry.file.map(|file| file.map(|file| *file));
        self.entries.into_iter().filter_map(file).collect()
    }

    /// Whether its keys have a place for a `kid`; where they have none, a token's picks no key.
    #[must_use]
    pub fn is_jwk_set(&self) -> bool {
        self.is_jwk_set
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

#[derive(serde::Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    keys: Counted<'a>,
}

/// The items of an array, as far as they are read, and how many there are.
struct Counted<'a> {
    first: Vec<&'a RawValue>,
    count: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Counted<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Counted<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Counted<'de>, A::Error> {
                let mut first = Vec::new();
                while first.len() < MOST_KEYS {
                    let Some(item) = items.next_element()? else { break };
                    first.push(item);
                }
                let mut count = first.len();
                while items.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Counted { first, count })
            }
        }
        from.deserialize_seq(Items)
    }
}

/// Reads a set.
///
/// # Errors
/// `Damaged` if it is no object with an array of keys, `TooMany`; what is wrong with a key stays with the key.
pub(super) fn read(text: &str) -> Result<KeySet, KeyError> {
    let written: Written<'_> = serde_json::from_str(text).map_err(|error| {
        let reason = match error.classify() {
            serde_json::error::Category::Data => "its \"keys\" is not one array",
            _ => "it is not JSON",
        };
        KeyError::damaged("JWK Set", reason)
    })?;
    let Counted { first, count } = written.keys;
    if count > MOST_KEYS {
        return Err(KeyError::TooMany { count, most: MOST_KEYS });
    }
    let mut to_compute = MOST_COMPUTED;
    let entry = |(key, number): (&&RawValue, _)| Entry::new(number, key.get(), &mut to_compute);
    let entries: Vec<_> = first.iter().zip(1..).map(entry).collect();
    let mut by_kid: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, entry) in entries.iter().enumerate() {
        if let Some(kid) = &entry.kid {
            by_kid.entry(kid.clone()).or_default().push(i);
        }
    }
    Ok(KeySet { entries, is_jwk_set: true, by_kid })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A modulus of 2048 bits that is no product of two primes, and a private exponent.
    fn without_primes(kid: usize) -> String {
        let modulus = format!("{}AQ", "gAAB".repeat(85));
        format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{modulus}","e":"AQAB","d":"Aw"}}"#)
    }

    fn set(count: usize) -> KeySet {
        let keys: Vec<_> = (0..count).map(without_primes).collect();
        read(&format!(r#"{{"keys":[{}]}}"#, keys.join(","))).unwrap()
    }

    #[test]
    fn numbers_are_computed_for_the_first_keys_of_a_set_alone() {
        let set = set(MOST_COMPUTED + 2);
        for (i, entry) in set.entries().iter().enumerate() {
            match entry.read().unwrap_err() {
                KeyError::Rejected { .. } => assert!(i < MOST_COMPUTED, "{i}"),
                KeyError::Unsupported { .. } => assert!(i >= MOST_COMPUTED, "{i}"),
                error => panic!("{error:?}"),
            }
        }
    }

    #[test]
    fn nothing_is_computed_for_a_private_key_that_anybody_can_fetch() {
        // It would be refused for its numbers, had anybody looked at them.
        for entry in set(MOST_COMPUTED + 2).published().entries() {
            let error = entry.read().unwrap_err();
            assert!(
                matches!(error, KeyError::Published { key } if key == "RSA 2048-bit private key")
            );
        }
    }
}
