//! Fetcher by URL: kept from call to call, asked for when they have to be, by one process at a time. What they
//! mean is for others to say, and one that they refuse is never kept.

use std::time::{Duration, Instant};

use super::cache::{Cache, Unwritten};
use super::cached_document::{CachedDocument, PATIENCE};
use super::fault::{FetchError, FetchFault, FetchWarning};
use super::fetch::{Deadline, fetch};
use super::freshness::lifetime;
use super::url::Url;
use crate::crypto::sha256;
use crate::sys::{Bounded, Connect, Http, HttpError, Settings};
use crate::time::NumericDate;

/// What the names of documents begin with where they are kept.
const PREFIX: &str = "doc-";

/// After how long what nobody has written is thrown away: no document is of use for longer.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(72);

/// The longest entity tag that is kept, in bytes: several times what servers send.
const LONGEST_ETAG: usize = 1024;

/// The world that documents come from.
#[derive(Clone, Copy)]
pub struct Net<'e> {
    /// The clock.
    pub clock: &'e (dyn Fn() -> NumericDate + Sync),
    /// Makes a client of the network.
    pub connect: &'e Connect,
}

impl Net<'_> {
    /// The clock's second since 1970-01-01 00:00 UTC: what is kept is timed to the second.
    pub(super) fn now(self) -> i64 {
        i64::try_from((self.clock)().seconds).unwrap_or(i64::MAX)
    }
}

/// How documents are to be had.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// How long it may take to fetch what is wanted, all of it.
    pub timeout: Duration,
    /// Whether the network is left alone.
    pub offline: bool,
    /// Where they are kept, if they are.
    pub cache: Option<Cache>,
    /// How the network is asked.
    pub settings: Settings,
    /// What tells the certificates that are trusted from others: what came over a connection that one call
    /// trusted is nothing to a call that trusts others.
    pub trust: String,
}

/// Where documents come from.
pub(super) struct Fetcher {
    rules: FetchOptions,
    http: Option<Box<dyn Http>>,
    /// What happened that is worth a word.
    pub notes: Vec<FetchWarning>,
}

/// Whether something newer than what is held was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refetch {
    /// It was.
    Done,
    /// It was, so many seconds ago, and is not asked for again yet.
    Recently {
        /// How long ago, in seconds.
        ago: i64,
    },
    /// It was not: nobody is to be asked.
    Offline,
    /// It was not: that is done for a key that is missing alone. What is held was fetched so many seconds ago.
    NotNeeded {
        /// How long ago, in seconds.
        ago: i64,
    },
}

/// Why there is no document.
pub(super) enum Missing<E> {
    /// It could not be fetched.
    Fetch(FetchError),
    /// What was fetched is nothing that its server can have meant: a login page, half of a document.
    Garbage(E),
    /// What its server means cannot be used.
    Refused(E),
}

impl<E> Missing<E> {
    /// Whether its server has said so: then an older document serves no longer.
    fn is_an_answer(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_nothing_there(),
            Self::Garbage(_) => false,
            Self::Refused(_) => true,
        }
    }
}

impl Fetcher {
    pub fn new(rules: FetchOptions) -> Self {
        Self { rules, http: None, notes: Vec::new() }
    }

    /// By when something has to be there that is begun now.
    pub fn deadline(&self) -> Deadline {
        Deadline::after(self.rules.timeout)
    }

    /// A document: the one that is kept while that is fresh, else a new one that passes the check, else the one that is
    /// kept while that is of use.
    pub fn current<E>(
        &mut self,
        url: &Url,
        deadline: Deadline,
        world: Net<'_>,
        check: impl Fn(&Bounded) -> Result<(), Missing<E>>,
    ) -> Result<CachedDocument, Missing<E>> {
        if let Some(found) = self.without_asking(url, world) {
            return found;
        }
        let _turn = self.turn(url, deadline);
        // Another process may have asked meanwhile.
        if let Some(found) = self.without_asking(url, world) {
            return found;
        }
        let (now, mut kept) = (world.now(), self.kept(url));
        match self.ask(url, kept.as_ref(), false, deadline, world, check) {
            Ok(entry) => {
                self.keep(url, &entry, now);
                Ok(entry)
            }
            Err(missing) if missing.is_an_answer() => {
                if let Some(cache) = &self.rules.cache {
                    cache.documents.remove(&self.name(url));
                }
                Err(missing)
            }
            Err(missing) => {
                if let Some(kept) = &mut kept {
                    kept.facts.failed = Some(now);
                    self.keep(url, kept, now);
                }
                self.serve_old(url, kept, now, missing)
            }
        }
    }

    /// What is kept while that is of use, where nothing newer is to be had.
    fn serve_old<E>(
        &mut self,
        url: &Url,
        kept: Option<CachedDocument>,
        now: i64,
        missing: Missing<E>,
    ) -> Result<CachedDocument, Missing<E>> {
        let Some(kept) = kept.filter(|kept| kept.is_of_use(now)) else { return Err(missing) };
        let error = match missing {
            Missing::Fetch(error) => error,
            Missing::Garbage(_) | Missing::Refused(_) => FetchError::of(url, FetchFault::Unusable),
        };
        let age = now.saturating_sub(kept.facts.fetched);
        self.notes.push(FetchWarning::Stale { error, age, until: kept.of_use_until() });
        Ok(kept)
    }

    /// Asks for another document than the one that is held, although that is fresh; at most once in
    /// [`PATIENCE`].
    pub fn refetch<E>(
        &mut self,
        url: &Url,
        held: &mut CachedDocument,
        world: Net<'_>,
        check: impl Fn(&Bounded) -> Result<(), Missing<E>>,
    ) -> Result<Refetch, Missing<E>> {
        if self.rules.offline {
            return Ok(Refetch::Offline);
        }
        if let Some(known) = Self::known_of(url, held, world.now()) {
            return known;
        }
        let deadline = self.deadline();
        let _turn = self.turn(url, deadline);
        let now = world.now();
        // Another process may have asked meanwhile.
        match self.kept(url) {
            Some(kept) if !kept.facts.is_kept => held.heed(&kept, now),
            Some(kept) if kept.facts.fetched >= held.facts.fetched => {
                let is_newer = kept.body != held.body;
                *held = kept;
                if is_newer {
                    return Ok(Refetch::Done);
                }
            }
            _ => {}
        }
        if let Some(known) = Self::known_of(url, held, now) {
            return known;
        }
        held.facts.asked_again = Some(now);
        let asked = self.ask(url, Some(held), true, deadline, world, check);
        let asked = match asked {
            Ok(entry) => {
                *held = entry;
                Ok(Refetch::Done)
            }
            Err(missing) => {
                held.facts.failed = Some(now);
                Err(missing)
            }
        };
        self.keep(url, held, now);
        asked
    }

    /// What there is to say without asking again: that was done lately.
    fn known_of<E>(
        url: &Url,
        held: &CachedDocument,
        now: i64,
    ) -> Option<Result<Refetch, Missing<E>>> {
        if let Some(ago) = held.failed_lately(now) {
            let error = FetchError::of(url, FetchFault::FailedRecently { ago });
            return Some(Err(Missing::Fetch(error)));
        }
        held.asked_lately(now).map(|ago| Ok(Refetch::Recently { ago }))
    }

    /// The document that is kept, whatever its age; or of one that must not be, what limits requests.
    pub fn kept(&self, url: &Url) -> Option<CachedDocument> {
        self.rules.cache.as_ref()?.read(&self.name(url))
    }

    /// Throws away what was not fetched just now; false if there is nothing like that.
    pub fn forget_old(&self, url: &Url, world: Net<'_>) -> bool {
        let now = world.now();
        let is_old = |kept: CachedDocument| {
            !self.rules.offline && now.saturating_sub(kept.facts.fetched) >= PATIENCE
        };
        let Some(cache) = self.rules.cache.as_ref().filter(|_| self.kept(url).is_some_and(is_old))
        else {
            return false;
        };
        cache.documents.remove(&self.name(url));
        true
    }

    /// What there is while that is fresh, or nobody is to be asked, or that was done lately.
    fn without_asking<E>(
        &mut self,
        url: &Url,
        world: Net<'_>,
    ) -> Option<Result<CachedDocument, Missing<E>>> {
        let (now, kept) = (world.now(), self.kept(url));
        let kept = match kept {
            Some(fresh) if fresh.is_fresh(now) => return Some(Ok(fresh)),
            kept => kept,
        };
        let fault = self.reason_not_to_ask(url, kept.as_ref(), now)?;
        Some(self.serve_old(url, kept, now, Missing::Fetch(FetchError::of(url, fault))))
    }

    fn keep(&mut self, url: &Url, entry: &CachedDocument, now: i64) {
        let Some(cache) = &self.rules.cache else { return };
        let name = self.name(url);
        let Some(entry) = entry.to_keep(now) else { return cache.documents.remove(&name) };
        match cache.write(&name, &entry) {
            Ok(()) => cache.documents.remove_older(PREFIX, FORGOTTEN_AFTER),
            Err(Unwritten { folder, is_key, error }) => {
                let is_said =
                    self.notes.iter().any(|note| matches!(note, FetchWarning::NotCached { .. }));
                let error = error.into();
                self.notes.extend((!is_said).then_some(FetchWarning::NotCached {
                    folder,
                    is_key,
                    error,
                }));
            }
        }
    }

    /// The turn to fetch a document. Whoever waits for it keeps a quarter of the time to fetch it without: the process that
    /// has it may have been stopped.
    fn turn(&self, url: &Url, deadline: Deadline) -> Option<std::fs::File> {
        let cache = self.rules.cache.as_ref().filter(|_| !self.rules.offline)?;
        cache.documents.lock(&self.name(url), Instant::now() + deadline.left() / 4 * 3)
    }

    /// Its file's name.
    fn name(&self, url: &Url) -> String {
        format!("{PREFIX}{}", sha256(format!("{}\n{}", url.as_str(), self.rules.trust).as_bytes()))
    }

    fn reason_not_to_ask(
        &self,
        url: &Url,
        kept: Option<&CachedDocument>,
        now: i64,
    ) -> Option<FetchFault> {
        if self.rules.offline {
            let Some(cache) = &self.rules.cache else { return Some(FetchFault::NoCacheFolder) };
            if let Some((path, error)) = cache.without_key(&self.name(url)) {
                return Some(FetchFault::NoCacheKey { path, error: error.into() });
            }
            let kept = kept.filter(|kept| kept.facts.is_kept);
            // What came over other certificates is kept under another name.
            if let (None, Err(error)) = (kept, self.rules.settings.trust.check()) {
                return Some(FetchFault::Http(HttpError::Trust(error)));
            }
            let kept = kept.map(|kept| now.saturating_sub(kept.facts.fetched));
            return Some(FetchFault::Offline { kept });
        }
        let of_use = kept.filter(|kept| kept.is_of_use(now))?;
        of_use.failed_lately(now).map(|ago| FetchFault::FailedRecently { ago })
    }

    /// Asks for a document, or whether the one that is known still stands.
    fn ask<E>(
        &mut self,
        url: &Url,
        known: Option<&CachedDocument>,
        past_caches: bool,
        deadline: Deadline,
        world: Net<'_>,
        check: impl Fn(&Bounded) -> Result<(), Missing<E>>,
    ) -> Result<CachedDocument, Missing<E>> {
        let etag = known.and_then(|known| known.facts.etag.as_deref());
        let http = self.http.get_or_insert_with(|| (world.connect)(&self.rules.settings));
        let answer = fetch(&**http, url, etag, past_caches, deadline);
        let answer = answer.map_err(|fault| Missing::Fetch(FetchError::of(url, fault)))?;
        let now = world.now();
        let said = lifetime(&answer.caching, now);
        match (answer.status, known.filter(|_| etag.is_some())) {
            (200, _) => {
                check(&answer.body)?;
                let asked_again = known.and_then(|known| known.facts.asked_again);
                let etag = answer.etag.filter(|etag| etag.len() <= LONGEST_ETAG);
                let mut entry =
                    CachedDocument::new(url.as_str(), etag, said, now, answer.body.bytes);
                entry.facts.asked_again = asked_again;
                Ok(entry)
            }
            (304, Some(known)) => {
                let mut entry = known.clone();
                entry.stands(answer.caching.is_said().then_some(said), now);
                Ok(entry)
            }
            (status, _) => Err(Missing::Fetch(FetchError::of(url, FetchFault::Status(status)))),
        }
    }
}
