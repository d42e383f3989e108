//! The keys of one source (one or many), which of them signs, and a limit on the work that checking a token may cause.

use std::collections::HashMap;
use std::slice;
use std::sync::{Arc, OnceLock};

use super::loaded_key::LoadedKey;
use super::primitives::ecdsa;
use crate::keys::{Algorithm, KeyError, KeyFile, KeySet, KeyType, ReadKey};

/// One key, or the keys of a set.
pub struct LoadedKeys {
    /// `None` for a key that is not in a set.
    set: Option<KeySet>,
    /// Keys of a set are read and loaded into the crypto library when they are needed.
    loaded: Vec<OnceLock<Result<Arc<LoadedKey>, KeyError>>>,
    /// Whether weak keys are loaded.
    pub(crate) allow_weak: bool,
}

impl LoadedKeys {
    /// Takes the keys of a source. A single one is loaded at once.
    ///
    /// # Errors
    /// Those of [`LoadedKey::load`] for a single key.
    pub fn new(file: KeyFile, allow_weak: bool) -> Result<Self, KeyError> {
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

    /// The key, if it is not in a set.
    pub(crate) fn single(&self) -> Option<&LoadedKey> {
        self.single_shared().map(Arc::as_ref)
    }

    pub(super) fn single_shared(&self) -> Option<&Arc<LoadedKey>> {
        if self.set.is_some() { None } else { self.get(0).ok() }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.loaded.len()
    }

    /// Whether it is a JWK Set, whose keys have a place for a `kid`.
    pub(crate) fn is_jwk_set(&self) -> bool {
        self.set.as_ref().is_some_and(|set| set.is_jwk_set)
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

    pub(super) fn name(&self, i: usize) -> String {
        self.set.as_ref().map_or_else(|| "the key".to_owned(), |set| set.entries[i].name())
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
    pub(crate) fn name_of(&self, key: &LoadedKey) -> Option<String> {
        let set = self.set.as_ref()?;
        let mut loaded = self.loaded.iter().map(|loaded| loaded.get()?.as_deref().ok());
        let i = loaded.position(|loaded| loaded.is_some_and(|loaded| std::ptr::eq(loaded, key)))?;
        Some(set.entries[i].name())
    }

    /// The indices of the keys with this `kid`, or of all keys if there is no `kid` to look for. If no key has it, the
    /// first `kid`s that there are, and how many there are.
    pub(super) fn with_kid(&self, kid: Option<&str>) -> Result<Vec<usize>, (Vec<String>, usize)> {
        let own = self.single().and_then(|key| key.key().kid());
        match (&self.set, kid, own) {
            (Some(set), Some(kid), _) if set.is_jwk_set => match set.with_kid(kid) {
                [] => Err(set.known_kids()),
                places => Ok(places.to_vec()),
            },
            (None, Some(kid), Some(own)) if kid != own => Err((vec![own.to_owned()], 1)),
            _ => Ok((0..self.len()).collect()),
        }
    }

    /// Checks that at least one key may verify with an allowed algorithm.
    pub(crate) fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        self.first("verify with", |key| key.check_verifies(allowed))
    }

    /// The set of these keys, if one of them can verify.
    pub(crate) fn into_verifying_set(self) -> Result<KeySet, KeyError> {
        self.check_verifies(&[])?;
        self.set.ok_or(KeyError::NotAKey)
    }

    /// The first key that can sign, and its algorithm.
    pub(crate) fn first_signer(&self) -> Result<(&LoadedKey, Algorithm), KeyError> {
        self.first("sign with", |key| Ok((key, key.signs_with(None)?)))
    }

    /// The first key that can sign in place of another key of the set: with the same algorithm if possible, otherwise
    /// with an allowed one; but never a secret in place of a key pair, or the reverse.
    pub(crate) fn successor(
        &self,
        alg: Algorithm,
        allowed: &[Algorithm],
    ) -> Result<(&LoadedKey, Algorithm), KeyError> {
        let same = self.first("sign with", |key| Ok((key, key.signs_with(Some(alg))?)));
        same.or_else(|_| {
            self.first("sign with", |key| {
                let own = key.signs_with(None)?;
                let is_allowed = allowed.is_empty() || allowed.contains(&own);
                let is_secret = |alg: Algorithm| alg.key_type() == KeyType::Hmac;
                if is_allowed && is_secret(own) == is_secret(alg) {
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
        let mut errors = Vec::new();
        for i in 0..self.len() {
            match self.get(i).map_err(Clone::clone).and_then(|key| of(key)) {
                Ok(found) => return Ok(found),
                Err(error) => errors.push((self.name(i), error)),
            }
        }
        Err(self.none_usable(task, errors))
    }

    /// The error if no key can be used; a single key's own error is returned as it is.
    fn none_usable(&self, task: &'static str, mut keys: Vec<(String, KeyError)>) -> KeyError {
        if self.set.is_none()
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

/// The most work for a token, in nanoseconds of the machine that it was measured on.
const MOST: u64 = 1_000_000_000;

/// The work that a token without a `kid` may still cause. A set may hold thousands of keys, and each check reads the
/// whole token, which may be 16 MiB. The work is an estimate and not measured, so that the verdict is the same on every
/// machine.
pub(crate) struct Work {
    left: u64,
    /// How many keys were not tried because the limit was reached.
    pub untried: usize,
}

impl Work {
    pub(crate) fn of_a_token() -> Self {
        Self { left: MOST, untried: 0 }
    }

    pub(crate) fn is_left(&self) -> bool {
        self.left > 0
    }

    /// Counts a message of this length as put together and decoded.
    pub(crate) fn read(&mut self, length: usize) {
        self.left = self.left.saturating_sub(4 * length as u64);
    }

    /// Counts claims as parsed and checked.
    pub(crate) fn parse(&mut self, length: usize) {
        self.left = self.left.saturating_sub(40 * length as u64);
    }

    /// Counts a key as loaded, even if it was loaded before.
    pub(super) fn load(&mut self, key: Result<&LoadedKey, &KeyError>) {
        self.left = self.left.saturating_sub(match key {
            Ok(key) if key.key().is_private() => match key.key().key_type {
                KeyType::Rsa => 30_000 * kibibits(key).pow(3),
                KeyType::Ec(curve) => 2 * ecdsa(curve).cost,
                KeyType::Hmac | KeyType::Ed25519 | KeyType::X25519 => 20_000,
            },
            Ok(_) => 20_000,
            Err(_) => 100_000,
        });
    }

    /// Counts a signature as checked with a key.
    pub(super) fn check(&mut self, key: &LoadedKey, message: &[u8]) {
        let hash = 4 * message.len() as u64;
        let primitive = match key.key().key_type {
            KeyType::Hmac => 1_000,
            // The public exponent may have 33 bits.
            KeyType::Rsa => 10_000 * kibibits(key).pow(2),
            KeyType::Ec(curve) => ecdsa(curve).cost,
            KeyType::Ed25519 | KeyType::X25519 => 50_000,
        };
        self.left = self.left.saturating_sub(hash + primitive);
    }
}

/// The size of an RSA key in steps of 1024 bits, rounded up.
fn kibibits(key: &LoadedKey) -> u64 {
    key.key().rsa_bits.unwrap_or_default().div_ceil(1024) as u64
}

/// Leaves out keys that a file repeats, public ones first: a private key and its public key, or a key and its
/// certificate, are one key. A file that then has one key is not a set.
pub(crate) fn without_repeats(file: KeyFile) -> Result<KeyFile, KeyError> {
    let set = match file {
        KeyFile::Set(set) if !set.is_jwk_set => set,
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
