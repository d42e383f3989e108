//! Documents by URL: cached, and fetched when necessary by one process at a time. The caller decides what a document
//! means; a document that it refuses is not cached.

use std::fs::File;
use std::time::{Duration, Instant};

use super::cache::{Cache, CachedDocument, RETRY_AFTER, recently};
use super::exchange::{fetch, header, lifetime, says_lifetime};
use super::fault::{FetchError, FetchFault, FetchWarning, SourceError};
use super::url::Url;
use crate::crypto::sha256;
use crate::sys::{Bounded, Connect, Http, Settings};
use crate::time::NumericDate;

/// The prefix of the names of cached documents.
const PREFIX: &str = "doc-";

/// The age at which cached documents are removed. No older one can be used.
const REMOVED_AFTER: Duration = Duration::from_hours(72);

/// The longest entity tag that is stored, in bytes: several times the length that servers use.
const LONGEST_ETAG: usize = 1024;

/// The clock and the network.
#[derive(Clone, Copy)]
pub struct Net<'e> {
    /// The clock's reading, with its fraction of a second.
    pub clock: &'e (dyn Fn() -> NumericDate + Sync),
    /// Creates a network client.
    pub connect: &'e Connect,
}

impl Net<'_> {
    /// The clock's second since 1970-01-01 00:00 UTC.
    pub(super) fn now(self) -> i64 {
        i64::try_from((self.clock)().seconds).unwrap_or(i64::MAX)
    }
}

/// How documents are fetched and cached.
#[derive(Clone)]
pub struct FetchOptions {
    /// The time limit for all fetches of a call.
    pub timeout: Duration,
    /// Whether no requests are made.
    pub offline: bool,
    /// Where documents are cached, if they are.
    pub cache: Option<Cache>,
    /// The certificates that are trusted, and the proxies.
    pub settings: Settings,
    /// Identifies the trusted certificates. A call does not use documents that were fetched with other ones.
    pub trust: String,
}

/// Whether a newer key set was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refetch {
    /// It was fetched now.
    Done,
    /// It was fetched this many seconds ago, which is too recent to do so again.
    Recently(i64),
    /// It was not fetched, because `--offline` makes no requests.
    Offline,
    /// No key is missing. The current set was fetched this many seconds ago.
    NotNeeded(i64),
}

/// Why there is no document.
pub(super) struct Missing {
    pub error: SourceError,
    /// Whether the server published it on purpose, so that an older document is no longer used. A login page or a
    /// truncated document is not on purpose.
    pub is_final: bool,
}

/// State between the calls of a fetcher.
pub(super) struct FetchState {
    options: FetchOptions,
    http: Option<Box<Http>>,
    pub warnings: Vec<FetchWarning>,
}

impl FetchState {
    pub(super) fn new(options: FetchOptions) -> Self {
        Self { options, http: None, warnings: Vec::new() }
    }

    /// A fetcher whose time limit starts now.
    pub(super) fn start<'a>(&'a mut self, net: Net<'a>) -> Fetcher<'a> {
        let deadline = Instant::now() + self.options.timeout;
        Fetcher { state: self, net, deadline }
    }
}

/// Fetches documents, and caches them.
pub(super) struct Fetcher<'a> {
    state: &'a mut FetchState,
    pub(super) net: Net<'a>,
    deadline: Instant,
}

impl Fetcher<'_> {
    /// Returns the cached document while it is fresh, else a new one that the caller accepts, else the cached one while it
    /// can still be used.
    pub(super) fn current(
        &mut self,
        url: &Url,
        accept: impl FnMut(&Bounded) -> Result<(), Missing>,
    ) -> Result<CachedDocument, SourceError> {
        if let Some(found) = self.without_asking(url) {
            return found;
        }
        let _turn = self.turn(url);
        // Another process may have fetched it meanwhile.
        if let Some(found) = self.without_asking(url) {
            return found;
        }
        let (now, mut cached) = (self.net.now(), self.cached(url));
        match self.ask(url, cached.as_ref(), false, accept) {
            Ok(document) => {
                self.store(url, &document, now);
                Ok(document)
            }
            Err(Missing { error, is_final: true }) => {
                self.remove(url);
                Err(error)
            }
            Err(Missing { error, .. }) => {
                if let Some(cached) = &mut cached {
                    cached.failed = Some(now);
                    self.store(url, cached, now);
                }
                self.use_old(url, cached, now, error)
            }
        }
    }

    /// The cached document while it can be used, because no newer one can be fetched.
    fn use_old(
        &mut self,
        url: &Url,
        cached: Option<CachedDocument>,
        now: i64,
        error: SourceError,
    ) -> Result<CachedDocument, SourceError> {
        let Some(cached) = cached.filter(|cached| cached.is_usable(now)) else { return Err(error) };
        let (error, age) = (fetch_error(url, error), cached.age(now));
        self.state.warnings.push(FetchWarning::Stale { error, age, until: cached.usable_until() });
        Ok(cached)
    }

    /// Fetches the document again although it is fresh, at most once in [`RETRY_AFTER`]. The sender of a token can
    /// cause this, so an unusable new document does not count against the caller's keys.
    pub(super) fn refetch(
        &mut self,
        url: &Url,
        current: &mut CachedDocument,
        accept: impl FnMut(&Bounded) -> Result<(), Missing>,
    ) -> Result<Refetch, FetchError> {
        if self.state.options.offline {
            return Ok(Refetch::Offline);
        }
        if let Some(recent) = last_refetch(url, current, self.net.now())? {
            return Ok(recent);
        }
        let _turn = self.turn(url);
        let now = self.net.now();
        // Another process may have fetched it meanwhile.
        match self.cached(url) {
            Some(cached) if !cached.is_kept => current.apply_request_limit(&cached, now),
            Some(cached) if cached.fetched >= current.fetched => {
                let is_newer = cached.body != current.body;
                *current = cached;
                if is_newer {
                    return Ok(Refetch::Done);
                }
            }
            _ => {}
        }
        if let Some(recent) = last_refetch(url, current, now)? {
            return Ok(recent);
        }
        current.asked_again = Some(now);
        let asked = match self.ask(url, Some(current), true, accept) {
            Ok(document) => {
                *current = document;
                Ok(Refetch::Done)
            }
            Err(Missing { error, .. }) => {
                current.failed = Some(now);
                Err(fetch_error(url, error))
            }
        };
        self.store(url, current, now);
        asked
    }

    /// The cached document, whatever its age. If it must not be stored, it has only the times that limit requests.
    pub(super) fn cached(&self, url: &Url) -> Option<CachedDocument> {
        self.state.options.cache.as_ref()?.read(&self.name(url))
    }

    /// Removes a cached document unless it has just been fetched; false if there is none.
    pub(super) fn remove_old(&self, url: &Url) -> bool {
        let is_old = !self.state.options.offline
            && self.cached(url).is_some_and(|cached| cached.age(self.net.now()) >= RETRY_AFTER);
        if is_old {
            self.remove(url);
        }
        is_old
    }

    fn remove(&self, url: &Url) {
        if let Some(cache) = &self.state.options.cache {
            cache.documents.remove(&self.name(url));
        }
    }

    /// The cached document if it is fresh, if no request may be made, or if one failed recently.
    fn without_asking(&mut self, url: &Url) -> Option<Result<CachedDocument, SourceError>> {
        let (now, mut cached) = (self.net.now(), self.cached(url));
        if let Some(fresh) = cached.take_if(|cached| cached.is_fresh(now)) {
            return Some(Ok(fresh));
        }
        let fault = self.reason_not_to_ask(url, cached.as_ref(), now)?;
        Some(self.use_old(url, cached, now, FetchError::new(url, fault).into()))
    }

    fn store(&mut self, url: &Url, document: &CachedDocument, now: i64) {
        let Some(cache) = &self.state.options.cache else { return };
        let name = self.name(url);
        let Some(document) = document.storable(now) else { return cache.documents.remove(&name) };
        match cache.write(&name, &document) {
            Ok(()) => cache.documents.remove_older(PREFIX, REMOVED_AFTER),
            Err(warning) => {
                let is_told = |told: &FetchWarning| matches!(told, FetchWarning::NotCached { .. });
                if !self.state.warnings.iter().any(is_told) {
                    self.state.warnings.push(warning);
                }
            }
        }
    }

    /// The lock for fetching a document. A process waits for it for three quarters of its time, and then fetches
    /// without it, because the process that holds it may have been stopped.
    fn turn(&self, url: &Url) -> Option<File> {
        let cache = self.state.options.cache.as_ref().filter(|_| !self.state.options.offline)?;
        let now = Instant::now();
        let left = self.deadline.saturating_duration_since(now);
        cache.documents.lock(&self.name(url), now + left / 4 * 3)
    }

    /// The file name of a document.
    fn name(&self, url: &Url) -> String {
        let identity = format!("{}\n{}", url.as_str(), self.state.options.trust);
        format!("{PREFIX}{}", sha256(identity.as_bytes()))
    }

    fn reason_not_to_ask(
        &self,
        url: &Url,
        cached: Option<&CachedDocument>,
        now: i64,
    ) -> Option<FetchFault> {
        if !self.state.options.offline {
            let usable = cached.filter(|cached| cached.is_usable(now))?;
            return recently(usable.failed, now).map(FetchFault::FailedRecently);
        }
        let Some(cache) = &self.state.options.cache else { return Some(FetchFault::NoCacheFolder) };
        if let Some(fault) = cache.key_fault(&self.name(url)) {
            return Some(fault);
        }
        let kept = cached.filter(|cached| cached.is_kept);
        // Documents that were fetched with other certificates have other names.
        if let (None, Err(error)) = (kept, self.state.options.settings.trust.check()) {
            return Some(FetchFault::Http(error));
        }
        Some(FetchFault::Offline(kept.map(|kept| kept.age(now))))
    }

    /// Fetches a document, or asks whether the known one is still valid.
    fn ask(
        &mut self,
        url: &Url,
        known: Option<&CachedDocument>,
        bypass_caches: bool,
        mut accept: impl FnMut(&Bounded) -> Result<(), Missing>,
    ) -> Result<CachedDocument, Missing> {
        let failed = |fault| {
            let error = SourceError::from(FetchError::new(url, fault));
            Missing { is_final: error.is_nothing_there(), error }
        };
        let etag = known.and_then(|known| known.etag.as_deref());
        let http =
            self.state.http.get_or_insert_with(|| (self.net.connect)(&self.state.options.settings));
        let limit = self.state.options.timeout;
        let answer =
            fetch(&**http, url, etag, bypass_caches, self.deadline, limit).map_err(failed)?;
        let now = self.net.now();
        let said = lifetime(answer.headers(), now);
        match (answer.status().as_u16(), known.filter(|_| etag.is_some())) {
            (200, _) => {
                accept(answer.body())?;
                Ok(CachedDocument {
                    etag: header(&answer, "etag").filter(|etag| etag.len() <= LONGEST_ETAG),
                    body: answer.into_body().bytes,
                    is_kept: said.is_kept,
                    fetched: now,
                    fresh_until: now.saturating_add(said.seconds),
                    asked_again: known.and_then(|known| known.asked_again),
                    failed: None,
                })
            }
            (304, Some(known)) => {
                let mut confirmed = known.clone();
                confirmed.confirm(says_lifetime(answer.headers()).then_some(said), now);
                Ok(confirmed)
            }
            (status, _) => Err(failed(FetchFault::Status(status))),
        }
    }
}

/// The result if the last request was too recent for another one.
fn last_refetch(
    url: &Url,
    current: &CachedDocument,
    now: i64,
) -> Result<Option<Refetch>, FetchError> {
    match recently(current.failed, now) {
        Some(ago) => Err(FetchError::new(url, FetchFault::FailedRecently(ago))),
        None => Ok(recently(current.asked_again, now).map(Refetch::Recently)),
    }
}

/// The error of a document that was not fetched, or is unusable.
fn fetch_error(url: &Url, error: SourceError) -> FetchError {
    match error {
        SourceError::Fetch(error) => error,
        _ => FetchError::new(url, FetchFault::Unusable),
    }
}
