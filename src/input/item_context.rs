//! What a verb works at: an item, how much is to be found out about it, and what is kept from one to the next.

use std::collections::HashSet;

use crate::crypto::LoadedKey;
use crate::explain::Warning;
use crate::input::{KeySource, SourceKeys};
use crate::keys::Algorithm;
use crate::token::HeaderCache;

/// An item: a token or CLAIMS, and whether it was longer than what was read of it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// What was read.
    pub bytes: &'a [u8],
    /// Whether there was more.
    pub cut: bool,
}

/// How much is found out beyond a verdict.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// Why a token is refused, where that has to be looked for.
    pub explain: bool,
    /// Which key it was checked with, and what is worth a word about that, each time.
    pub key: bool,
}

impl Detail {
    /// All there is.
    pub const FULL: Self = Self { explain: true, key: true };
}

/// What is kept from one item to the next. It changes no verdict.
pub struct ItemContext {
    pub(crate) headers: HeaderCache,
    pub(crate) detail: Detail,
    /// The keys that a word was said about, by their place in memory, and what they were used for.
    said_of: HashSet<(usize, Algorithm)>,
    /// Whether a word was said about how the keys were fetched.
    said_how: bool,
    /// Whether the secret that signs was looked at.
    looked_at_secret: bool,
}

impl ItemContext {
    /// A desk for a single item.
    pub(crate) fn for_one() -> Self {
        Self::new(HeaderCache::default(), Detail::FULL)
    }

    /// A desk for many items that are signed by as many keys.
    pub(crate) fn for_many(detail: Detail, keys: usize) -> Self {
        let headers = HeaderCache::with_capacity((2 * keys).clamp(64, 1 << 15));
        Self::new(headers, detail)
    }

    /// The same, with padding at the end of a token's parts admitted or refused.
    pub(crate) fn allow_padding(self, admits: bool) -> Self {
        Self { headers: self.headers.allow_padding(admits), ..self }
    }

    fn new(headers: HeaderCache, detail: Detail) -> Self {
        Self { headers, detail, said_of: HashSet::new(), said_how: false, looked_at_secret: false }
    }

    /// What is worth a word about how keys were fetched.
    pub(crate) fn fetching(&mut self, hand: &KeySource<'_>, warnings: &mut Vec<Warning>) {
        if self.detail.key || !self.said_how {
            warnings.extend_from_slice(hand.warnings());
            self.said_how = true;
        }
    }

    /// Warns if a secret that signs is probably not what was meant.
    pub(crate) fn mangled(&mut self, hand: &SourceKeys, warnings: &mut Vec<Warning>) {
        if self.detail.key || !self.looked_at_secret {
            warnings.extend(hand.mangled());
            self.looked_at_secret = true;
        }
    }

    /// What is worth a word about a key that is used.
    pub(crate) fn weaknesses(
        &mut self,
        hand: &SourceKeys,
        key: &LoadedKey,
        alg: Algorithm,
        warnings: &mut Vec<Warning>,
    ) {
        let used = (std::ptr::from_ref(key).addr(), alg);
        if !self.detail.key && self.said_of.contains(&used) {
            return;
        }
        let before = warnings.len();
        warnings.extend(hand.weaknesses(key, alg));
        if warnings.len() > before {
            self.said_of.insert(used);
        }
    }
}
