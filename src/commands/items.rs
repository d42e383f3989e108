//! The verbs on tokens, one item after another: what is the same for all items of a call is made once, and
//! then each is worked on alone. A call for a single token goes the same way.

use std::collections::HashSet;

use super::{Hand, KeyInHand, LoadedKey, Outcome, Problem, TokenRequest, Warning};
use super::{decode, encode, refresh, sources, verify};
use crate::env::Env;
use crate::keys::{Algorithm, Purpose};
use crate::token::Headers;
pub use sources::{LONGEST, LineInput, find_lines};

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
pub struct Desk {
    pub(super) headers: Headers,
    pub(super) detail: Detail,
    /// The keys that a word was said about, by their place in memory, and what they were used for.
    said_of: HashSet<(usize, Algorithm)>,
    /// Whether a word was said about how the keys were fetched.
    said_how: bool,
}

impl Desk {
    /// A desk for a single item.
    pub(super) fn for_one() -> Self {
        Self::new(Headers::default(), Detail::FULL)
    }

    /// A desk for many items that are signed by as many keys.
    fn for_many(detail: Detail, keys: usize) -> Self {
        let headers = Headers::with_room((2 * keys).clamp(64, 1 << 15));
        Self::new(headers, detail)
    }

    fn new(headers: Headers, detail: Detail) -> Self {
        Self { headers, detail, said_of: HashSet::new(), said_how: false }
    }

    /// What is worth a word about how keys were fetched.
    pub(super) fn fetching(&mut self, hand: &Hand<'_>, warnings: &mut Vec<Warning>) {
        if self.detail.key || !self.said_how {
            warnings.extend_from_slice(hand.warnings());
            self.said_how = true;
        }
    }

    /// What is worth a word about a key that is used.
    pub(super) fn weaknesses(
        &mut self,
        hand: &KeyInHand,
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

/// A verb on tokens at work, its keys in hand.
pub enum Work<'a> {
    /// `encode`
    Encode(encode::Mint<'a>),
    /// `decode`
    Decode(&'a decode::Request),
    /// `verify`
    Verify(Box<verify::Judge<'a>>),
    /// `refresh`
    Refresh(Box<refresh::Renewal<'a>>),
}

/// Reads the keys of a request, and works with them.
///
/// # Errors
/// Why they cannot be used; then there was no work.
pub fn with_keys<T>(
    request: &TokenRequest,
    env: &mut Env<'_>,
    work: impl FnOnce(&Work<'_>, &mut Env<'_>) -> T,
) -> Result<T, Vec<Problem>> {
    Ok(match request {
        TokenRequest::Encode(request) => {
            let hand = sources::key(&request.key, Purpose::Sign, env)?;
            let mint = encode::Mint::new(request, Ok(&hand))?;
            work(&Work::Encode(mint), env)
        }
        TokenRequest::Decode(request) => work(&Work::Decode(request), env),
        TokenRequest::Verify(request) => {
            let judge = verify::Judge::new(request, env)?;
            work(&Work::Verify(Box::new(judge)), env)
        }
        TokenRequest::Refresh(request) => {
            let renewal = refresh::Renewal::new(request, env)?;
            work(&Work::Refresh(Box::new(renewal)), env)
        }
    })
}

impl Work<'_> {
    /// A desk to work at.
    #[must_use]
    pub fn desk(&self, detail: Detail) -> Desk {
        let keys = match self {
            Self::Encode(_) | Self::Decode(_) => 1,
            Self::Verify(judge) => judge.hand.keys().ring.len(),
            Self::Refresh(renewal) => renewal.verifying.keys().ring.len(),
        };
        Desk::for_many(detail, keys)
    }

    /// Works on an item; `clock` is the time, in seconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub fn item(&self, text: Text<'_>, clock: i64, desk: &mut Desk) -> Outcome {
        match self {
            Self::Encode(mint) => mint.item(text, clock, desk),
            Self::Decode(request) => decode::item(request, text, clock, desk),
            Self::Verify(judge) => judge.item(text, clock, desk),
            Self::Refresh(renewal) => renewal.item(text, clock, desk),
        }
    }
}
