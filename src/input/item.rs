//! One item of a call, a token or CLAIMS, and what is kept from one item to the next.

use std::collections::HashSet;

use super::key_source::{KeySource, SourceKeys};
use crate::crypto::LoadedKey;
use crate::explain::{self, Problem, Warning};
use crate::keys::Algorithm;
use crate::request::Detail;
use crate::sys::Bounded;
use crate::text::without_marks;
use crate::token::{HeaderCache, Malformed, Unverified};

/// A token or CLAIMS, as read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether it was longer than the bound.
    pub(crate) cut: bool,
}

impl<'a> From<&'a Bounded> for Item<'a> {
    fn from(read: &'a Bounded) -> Self {
        Self { bytes: &read.bytes, cut: read.cut }
    }
}

/// What is kept from one item to the next. It changes no verdict.
pub(crate) struct ItemContext {
    pub(crate) headers: HeaderCache,
    pub(crate) detail: Detail,
    /// The keys that a warning was given about, by their address, and what they were used for.
    warned_about: HashSet<(usize, Algorithm)>,
    warned_about_fetch: bool,
    warned_about_secret: bool,
}

impl ItemContext {
    /// `headers` is how many headers are cached: zero for a single item.
    pub(crate) fn new(detail: Detail, headers: usize, allow_padding: bool) -> Self {
        Self {
            headers: HeaderCache::with_capacity(headers).allow_padding(allow_padding),
            detail,
            warned_about: HashSet::new(),
            warned_about_fetch: false,
            warned_about_secret: false,
        }
    }

    pub(crate) fn parse<'t>(&mut self, item: Item<'t>) -> Result<Unverified<'t>, Problem> {
        let bytes = without_marks(item.bytes);
        let parsed = if item.cut {
            Err(Malformed::TooLarge)
        } else {
            Unverified::parse_with(bytes, &mut self.headers)
        };
        parsed.map_err(|malformed| {
            let explain = || explain::explain_text(bytes, &malformed, None);
            let explanation = self.detail.explain.then(explain).flatten().map(Box::new);
            Problem::Token(malformed, explanation)
        })
    }

    /// Adds the warnings about how keys were fetched.
    pub(crate) fn warn_about_fetch(&mut self, source: &KeySource<'_>, to: &mut Vec<Warning>) {
        if self.detail.key || !self.warned_about_fetch {
            to.extend_from_slice(&source.warnings);
            self.warned_about_fetch = true;
        }
    }

    /// Adds a warning if the secret that signs is probably not the one that was meant.
    pub(crate) fn warn_about_secret(&mut self, keys: &SourceKeys, to: &mut Vec<Warning>) {
        if self.detail.key || !self.warned_about_secret {
            to.extend(keys.mangled());
            self.warned_about_secret = true;
        }
    }

    /// Adds the warnings about a key that is used.
    pub(crate) fn warn_about_key(
        &mut self,
        keys: &SourceKeys,
        key: &LoadedKey,
        alg: Algorithm,
        to: &mut Vec<Warning>,
    ) {
        let used = (std::ptr::from_ref(key).addr(), alg);
        if !self.detail.key && self.warned_about.contains(&used) {
            return;
        }
        let before = to.len();
        to.extend(keys.weaknesses(key, alg));
        if to.len() > before {
            self.warned_about.insert(used);
        }
    }
}
