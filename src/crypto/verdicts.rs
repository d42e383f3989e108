//! The signatures that have matched in a stream, so that a repeated token is not checked again. Only `verify` adds one,
//! and only after it has checked the signature. Nothing here depends on the time or on what is expected of the claims.

use std::array;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use super::loaded_key::KeyId;

/// The parts of the table, each with its own lock, so that threads rarely wait for each other.
const SHARDS: usize = 16;

/// The sets of slots in a shard. All shards together take 2.5 MiB.
const SETS: usize = 1024;

/// The slots of a set, the last used one first. A new entry replaces the last.
const WAYS: usize = 4;

/// The SHA-256 of a whole token. A faster hash would not do: whoever finds two tokens with the same one could have a
/// forgery accepted.
type Digest = [u64; 4];

/// A token whose signature has matched, and the key that it matched. Zeros are an empty slot; a table of zeros takes
/// no memory until it is used.
type Slot = (Digest, Option<KeyId>);

/// The sets of a part of the table; none before the first signature that belongs there has matched.
type Shard = Vec<[Slot; WAYS]>;

/// The verdicts that the threads of a stream share. By default none are kept: for a single token, that would only cost
/// time.
#[derive(Clone, Default)]
pub struct Verdicts(Option<Arc<[Mutex<Shard>; SHARDS]>>);

impl Verdicts {
    /// Keeps verdicts in at most 4 MiB, which are allocated when the first signatures match.
    pub fn of_a_stream() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether a token's signature has matched, and this is still known.
    pub fn contains(&self, token: &str) -> bool {
        self.entry(token).is_some_and(|entry| entry.key().is_some())
    }

    /// The place of a token in the table, if there is one.
    pub(super) fn entry(&self, token: &str) -> Option<Entry<'_>> {
        let shards = self.0.as_deref()?;
        let hash = digest(&SHA256, token.as_bytes());
        let (words, _) = hash.as_ref().as_chunks();
        let digest: Digest = array::from_fn(|i| u64::from_le_bytes(words[i]));
        let place = usize::try_from(digest[0] % (SHARDS * SETS) as u64).unwrap_or_default();
        Some(Entry { shard: &shards[place / SETS], set: place % SETS, digest })
    }
}

/// The place of one token in the table.
pub(super) struct Entry<'a> {
    shard: &'a Mutex<Shard>,
    set: usize,
    digest: Digest,
}

impl Entry<'_> {
    /// The key that the token's signature has matched.
    pub(super) fn key(&self) -> Option<KeyId> {
        let mut shard = self.lock();
        let slots = shard.get_mut(self.set)?;
        let found = slots.iter().position(|(digest, _)| *digest == self.digest)?;
        slots[..=found].rotate_right(1);
        slots[0].1
    }

    /// Keeps that the token's signature has matched this key.
    pub(super) fn keep(&self, key: KeyId) {
        let mut shard = self.lock();
        if shard.is_empty() {
            *shard = vec![Default::default(); SETS];
        }
        let slots = &mut shard[self.set];
        let found = slots.iter().position(|(digest, _)| *digest == self.digest);
        slots[..=found.unwrap_or(WAYS - 1)].rotate_right(1);
        slots[0] = (self.digest, Some(key));
    }

    fn lock(&self) -> MutexGuard<'_, Shard> {
        self.shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
