//! The content of a key file: one key, or several. The keys of a JWK Set (RFC 7517 section 5) are read one by one when
//! they are needed, so a bad key does not affect the others, and a call that uses one key does not parse thousands.

use std::collections::{HashMap, HashSet};

use super::error::KeyError;
use super::key::ReadKey;
use super::metadata::Encoding;
use super::read::jwk::{Jwk, MOST_COMPUTED};
use crate::json::{quote, shown_name};
use crate::secret::Secret;

/// The most names that a message lists.
pub(crate) const MOST_NAMED: usize = 10;

/// The content of a key file.
#[derive(Debug)]
#[allow(missing_docs)] // the variants are what it may be
pub enum KeyFile {
    One(ReadKey),
    Set(KeySet),
}

impl KeyFile {
    /// The same, if it is a set, or one public key that is not a JWK.
    pub(crate) fn into_verifying(self) -> Result<Self, KeyError> {
        match self {
            Self::One(one) if one.key.is_private() || one.encoding == Encoding::Jwk => {
                Err(KeyError::NotASet { found: format!("one {}", one.key) })
            }
            file => Ok(file),
        }
    }

    /// The same without private keys, which anybody has if this was published.
    pub(super) fn into_public(self) -> Result<Self, KeyError> {
        let public = |one: ReadKey| {
            if one.key.is_private() {
                return Err(KeyError::Published { key: one.key.to_string() });
            }
            Ok(one)
        };
        match self {
            Self::One(one) => public(one).map(Self::One),
            Self::Set(set) if set.has_kids() => Ok(Self::Set(set)),
            Self::Set(set) => {
                let keys = set.into_read_keys().map(|read| read.and_then(public));
                Ok(Self::Set(KeySet::of_read_keys(keys.collect())))
            }
        }
    }
}

/// Several keys in the order of their file, and the indices of each `kid`.
#[derive(Debug)]
pub struct KeySet {
    /// The keys, in their order.
    pub entries: Vec<Entry>,
    form: Form,
    by_kid: HashMap<String, Vec<usize>>,
}

/// How several keys are written in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    JwkSet,
    /// An object that maps each `kid` to a certificate or public key in PEM.
    Map,
    /// One behind the other, without a `kid`.
    List,
}

/// A key of a set.
#[derive(Debug)]
pub struct Entry {
    number: usize,
    /// Its `kid`, which is known even if the rest of it cannot be read.
    pub(crate) kid: Option<String>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Jwk {
        text: Secret,
        /// Whether missing numbers are computed.
        computes: bool,
        is_published: bool,
    },
    /// A key of a map or a list.
    Read(Box<Result<ReadKey, KeyError>>),
}

impl Entry {
    /// Reads the key. The result is not kept.
    ///
    /// # Errors
    /// The reason why it is not a usable key.
    pub fn read(&self) -> Result<ReadKey, KeyError> {
        match &self.content {
            Content::Read(read) => (**read).clone(),
            Content::Jwk { text, computes, is_published } => {
                let jwk = Jwk::parse(text.expose())?;
                let key = if *is_published { jwk.read_public() } else { jwk.read(*computes) };
                Ok(ReadKey::new(key?, Encoding::JwkSet))
            }
        }
    }

    /// The name in messages: `key "2026-11"`, or `key 3` if it has no `kid`.
    pub fn name(&self) -> String {
        match &self.kid {
            Some(kid) => format!("key {}", quote(&shown_name(kid))),
            None => format!("key {}", self.number),
        }
    }
}

impl KeySet {
    /// The keys of a JWK Set, each as its text. `is_published` says that anybody can fetch them.
    pub(super) fn of_jwks(jwks: impl Iterator<Item = Secret>, is_published: bool) -> Self {
        let mut left_to_compute = MOST_COMPUTED;
        let (mut entries, mut by_kid) = (Vec::new(), HashMap::<_, Vec<_>>::new());
        for (number, text) in (1..).zip(jwks) {
            let jwk = Jwk::parse(text.expose()).ok();
            let kid = jwk.as_ref().and_then(|jwk| Some(jwk.string("kid").ok()??.into_owned()));
            let lacks_numbers = jwk.is_some_and(|jwk| jwk.lacks_numbers());
            let computes = !lacks_numbers || left_to_compute > 0;
            left_to_compute -= usize::from(lacks_numbers && computes);
            if let Some(kid) = &kid {
                by_kid.entry(kid.clone()).or_default().push(number - 1);
            }
            let content = Content::Jwk { text, computes, is_published };
            entries.push(Entry { number, kid, content });
        }
        Self { entries, form: Form::JwkSet, by_kid }
    }

    /// The keys of a map, each with its `kid`. A key that cannot be read does not affect the others.
    pub(super) fn by_kid(keys: Vec<(String, Result<ReadKey, KeyError>)>) -> Self {
        let (mut entries, mut by_kid) = (Vec::new(), HashMap::new());
        for (number, (kid, read)) in (1..).zip(keys) {
            by_kid.insert(kid.clone(), vec![number - 1]);
            let content = Content::Read(Box::new(read));
            entries.push(Entry { number, kid: Some(kid), content });
        }
        Self { entries, form: Form::Map, by_kid }
    }

    /// Whether it is a JWK Set.
    pub(crate) fn is_jwk_set(&self) -> bool {
        self.form == Form::JwkSet
    }

    /// Whether its keys can have a `kid`. If not, a token's `kid` is ignored.
    pub(crate) fn has_kids(&self) -> bool {
        self.form != Form::List
    }

    /// The keys of a file in which they have no `kid`. A key that cannot be read does not affect the others.
    pub(crate) fn of_read_keys(keys: Vec<Result<ReadKey, KeyError>>) -> Self {
        let entry =
            |(number, read)| Entry { number, kid: None, content: Content::Read(Box::new(read)) };
        let entries = (1..).zip(keys).map(entry).collect();
        Self { entries, form: Form::List, by_kid: HashMap::new() }
    }

    /// The keys of a file in which they have no `kid`; of another none.
    pub(crate) fn into_read_keys(self) -> impl Iterator<Item = Result<ReadKey, KeyError>> {
        self.entries.into_iter().filter_map(|entry| match entry.content {
            Content::Read(read) => Some(*read),
            Content::Jwk { .. } => None,
        })
    }

    /// The indices of the keys with this `kid`.
    pub(crate) fn with_kid(&self, kid: &str) -> &[usize] {
        self.by_kid.get(kid).map_or(&[], Vec::as_slice)
    }

    /// The `kid`s without repetition, in the order of the keys: as many as a message lists, and how many there are.
    pub(crate) fn known_kids(&self) -> (Vec<String>, usize) {
        let mut seen = HashSet::new();
        let kids = self.entries.iter().filter_map(|entry| entry.kid.as_ref());
        let first = kids.filter(|kid| seen.insert(*kid)).take(MOST_NAMED).cloned().collect();
        (first, self.by_kid.len())
    }
}
