//! The signatures that have matched in a stream, so that a repeated token is not checked again. Only `verify` adds one,
//! and only after it has checked the signature. Nothing here depends on the time or on what is expected of the claims.

use std::array;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use super::loaded_key::KeyId;

/// The parts of the table, each with its own lock, so that threads rarely wait for each other.
const SHARDS: usize = 16;

/// The sets of slots that a shard has at first, and at most. All shards together then take 2.8 MiB.
const FEWEST_SETS: usize = 16;
const MOST_SETS: usize = 1024;

/// The slots of a set. A new entry replaces the one that was not used for the longest time.
const WAYS: usize = 4;

/// The bits of a tag that are the place of a slot in its set.
const PLACE: u32 = 0b11;

/// The SHA-256 of a whole token. A faster hash would not do: whoever finds two tokens with the same one could have a
/// forgery accepted.
type Digest = [u64; 4];

/// A token whose signature has matched, and the key that it matched.
type Slot = (Digest, Option<KeyId>);

/// A part of the table. It has no sets before the first signature that belongs there has matched, and twice as many when
/// one of them is full, so that a short stream touches little memory.
#[derive(Default)]
struct Shard {
    sets: Vec<[Slot; WAYS]>,
    /// For each set, the places of its slots, the last used one first, each beside some bits of the digest in it. All slots
    /// are too many for the processor's cache; these are not, and nearly always show that a token is new.
    tags: Vec<[u32; WAYS]>,
}

impl Shard {
    fn with_sets(sets: usize) -> Self {
        Self { sets: vec![Default::default(); sets], tags: vec![[0, 1, 2, 3]; sets] }
    }

    /// The number of the digest's set, unless there are none.
    fn set_of(&self, digest: &Digest) -> Option<usize> {
        let number = usize::try_from(digest[0] / SHARDS as u64 % MOST_SETS as u64).ok()?;
        number.checked_rem(self.sets.len())
    }

    /// The key of a token, which then is the last used one of its set.
    fn find(&mut self, digest: &Digest) -> Option<KeyId> {
        let set = self.set_of(digest)?;
        let (slots, tags) = (&self.sets[set], &mut self.tags[set]);
        let is_it = |tag: &u32| *tag == tag_of(digest, *tag) && slots[place(*tag)].0 == *digest;
        let found = tags.iter().position(is_it)?;
        tags[..=found].rotate_right(1);
        slots[place(tags[0])].1
    }

    /// Adds a token, or another key of one.
    fn keep(&mut self, digest: Digest, key: KeyId) {
        let is_known = self.find(&digest).is_some();
        while !is_known && self.sets.len() < MOST_SETS && self.is_full_for(&digest) {
            self.grow();
        }
        let Some(set) = self.set_of(&digest) else { return };
        let tags = &mut self.tags[set];
        if !is_known {
            tags.rotate_right(1);
            tags[0] = tag_of(&digest, tags[0]);
        }
        self.sets[set][place(tags[0])] = (digest, Some(key));
    }

    fn is_full_for(&self, digest: &Digest) -> bool {
        self.set_of(digest).is_none_or(|set| self.sets[set].iter().all(|(_, key)| key.is_some()))
    }

    fn grow(&mut self) {
        let sets = (2 * self.sets.len()).clamp(FEWEST_SETS, MOST_SETS);
        let old = mem::replace(self, Self::with_sets(sets));
        for (slots, tags) in old.sets.iter().zip(&old.tags) {
            // The order of use stays.
            for (digest, key) in tags.iter().rev().map(|tag| slots[place(*tag)]) {
                if let Some(key) = key {
                    self.keep(digest, key);
                }
            }
        }
    }
}

/// The place of a slot in its set.
fn place(tag: u32) -> usize {
    (tag & PLACE) as usize
}

/// The tag of a digest at the place that another tag has.
fn tag_of(digest: &Digest, tag: u32) -> u32 {
    let bits = u32::try_from(digest[1] >> 32).unwrap_or_default();
    bits & !PLACE | tag & PLACE
}

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
        self.entry(token.as_bytes()).is_some_and(|entry| entry.key().is_some())
    }

    /// The place of a token in the table, if there is one.
    pub(super) fn entry(&self, token: &[u8]) -> Option<Entry<'_>> {
        let shards = self.0.as_deref()?;
        let hash = digest(&SHA256, token);
        let (words, _) = hash.as_ref().as_chunks();
        let digest: Digest = array::from_fn(|i| u64::from_le_bytes(words[i]));
        let shard = usize::try_from(digest[0] % SHARDS as u64).unwrap_or_default();
        Some(Entry { shard: &shards[shard], digest })
    }
}

/// The place of one token in the table.
pub(super) struct Entry<'a> {
    shard: &'a Mutex<Shard>,
    digest: Digest,
}

impl Entry<'_> {
    /// The key that the token's signature has matched.
    pub(super) fn key(&self) -> Option<KeyId> {
        self.lock().find(&self.digest)
    }

    /// Keeps that the token's signature has matched this key.
    pub(super) fn keep(&self, key: KeyId) {
        self.lock().keep(self.digest, key);
    }

    fn lock(&self) -> MutexGuard<'_, Shard> {
        self.shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
