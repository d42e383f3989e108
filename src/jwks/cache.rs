//! The cache: fetched documents with their times, and the key that seals them. The key is the user's own and in another
//! folder, because whoever can put documents into the cache (an archive, a CI cache) must not be able to seal them. A
//! document is used only if it has a seal by that key over its name and content.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::exchange::{DAY, Lifetime, MAX_DOCUMENT};
use super::fault::{FetchFault, FetchWarning};
use crate::crypto::Seal;
use crate::secret::Secret;
use crate::sys::Store;

/// The largest cache entry, in bytes.
const MAX_FILE: usize = MAX_DOCUMENT + 64 * 1024;

/// The file name of the key.
const KEY: &str = "cache-key";

/// How long to wait while another process creates the key.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Documents, and the key that seals them.
#[derive(Debug, Clone)]
pub struct Cache {
    pub(super) documents: Store,
    state: Store,
    seal: OnceLock<Seal>,
}

impl Cache {
    /// A cache with its documents in one folder and the key in another. Both are created when something is first cached.
    pub fn new(documents: PathBuf, state: PathBuf) -> Self {
        let [documents, state] = [documents, state].map(|folder| Store { folder });
        Self { documents, state, seal: OnceLock::new() }
    }

    /// Reads a document. A document that is not sealed with this key is removed.
    pub(super) fn read(&self, name: &str) -> Option<CachedDocument> {
        let text = self.documents.read(name, MAX_FILE).ok()?;
        let document = CachedDocument::read(&text, name, self.seal().ok()?);
        if document.is_none() {
            self.documents.remove(name);
        }
        document
    }

    /// Why there is no key although a document with this name exists.
    pub(super) fn key_fault(&self, name: &str) -> Option<FetchFault> {
        self.documents.read(name, MAX_FILE).ok()?;
        let error = self.seal().err()?;
        Some(FetchFault::NoCacheKey(self.state.folder.join(KEY), error.into()))
    }

    pub(super) fn write(&self, name: &str, document: &CachedDocument) -> Result<(), FetchWarning> {
        let failed = |store: &Store, is_key| {
            let folder = store.folder.clone();
            move |error: io::Error| FetchWarning::NotCached { folder, is_key, error: error.into() }
        };
        let seal = self.seal_or_new().map_err(failed(&self.state, true))?;
        let text = document.write(name, seal);
        self.documents.write(name, &text).map_err(failed(&self.documents, false))
    }

    /// Seals with the existing key.
    fn seal(&self) -> io::Result<&Seal> {
        if let Some(seal) = self.seal.get() {
            return Ok(seal);
        }
        if self.state.is_in(&self.documents) {
            return Err(io::Error::other("it must not be inside the cache folder"));
        }
        let key = Secret::new(self.state.read(KEY, Seal::KEY_LENGTH)?);
        let seal = Seal::new(&key).ok_or_else(|| io::Error::other("it is too short"))?;
        Ok(self.seal.get_or_init(|| seal))
    }

    /// Seals with the existing key, or with a new one if others may have read or written the old one. One process at a time
    /// creates a key, which the others then use.
    fn seal_or_new(&self) -> io::Result<&Seal> {
        if self.seal().is_err() && !self.state.is_in(&self.documents) {
            let _turn = self.state.lock(KEY, Instant::now() + LOCK_TIMEOUT);
            if self.seal().is_err() {
                let key = Seal::new_key()
                    .ok_or_else(|| io::Error::other("the system gave no random numbers"))?;
                self.state.write(KEY, key.expose())?;
            }
        }
        self.seal()
    }
}

/// How many seconds after a request another one is made for the same reason.
pub(super) const RETRY_AFTER: i64 = 30;

/// A document and its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CachedDocument {
    pub metadata: Metadata,
    pub body: Vec<u8>,
}

/// The metadata of a document. Times are seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Metadata {
    pub url: String,
    pub etag: Option<String>,
    /// Whether it may be stored. One that may not is stored without its text, for the limit on requests.
    pub is_kept: bool,
    /// When its server last sent it or confirmed it.
    pub fetched: i64,
    pub fresh_until: i64,
    /// When it was last fetched while fresh, for a key that it does not have.
    pub asked_again: Option<i64>,
    /// When fetching it last failed.
    pub failed: Option<i64>,
}

/// The start of the first line of a file. Another layout gets another number.
const MARK: &str = "jwtctl 2 ";

impl CachedDocument {
    /// A document that has just been fetched.
    pub fn new(
        url: &str,
        etag: Option<String>,
        lifetime: Lifetime,
        now: i64,
        body: Vec<u8>,
    ) -> Self {
        let metadata = Metadata {
            url: url.to_owned(),
            etag,
            is_kept: lifetime.is_kept,
            fetched: now,
            fresh_until: now.saturating_add(lifetime.seconds),
            asked_again: None,
            failed: None,
        };
        Self { metadata, body }
    }

    /// Renews it when its server says that it still stands (RFC 9111 section 4.3.4): for as long as before, if the
    /// answer does not say for how long.
    pub fn confirm(&mut self, lifetime: Option<Lifetime>, now: i64) {
        let Metadata { is_kept, fetched, fresh_until, failed, .. } = &mut self.metadata;
        let seconds = match lifetime {
            Some(lifetime) => {
                *is_kept = lifetime.is_kept;
                lifetime.seconds
            }
            None => fresh_until.saturating_sub(*fetched),
        };
        (*fetched, *fresh_until, *failed) = (now, now.saturating_add(seconds), None);
    }

    /// How many seconds ago it was fetched.
    pub fn age(&self, now: i64) -> i64 {
        now.saturating_sub(self.metadata.fetched)
    }

    /// Whether it can be used without a request.
    pub fn is_fresh(&self, now: i64) -> bool {
        self.metadata.is_kept && (self.metadata.fetched..self.fresh_until()).contains(&now)
    }

    /// Until when it is fresh: not for longer than a day, whatever a file says.
    fn fresh_until(&self) -> i64 {
        self.metadata.fresh_until.min(self.metadata.fetched.saturating_add(DAY))
    }

    /// Whether it may be used when no newer one can be fetched.
    pub fn is_usable(&self, now: i64) -> bool {
        self.metadata.is_kept && (self.metadata.fetched..self.usable_until()).contains(&now)
    }

    pub fn usable_until(&self) -> i64 {
        self.fresh_until().saturating_add(DAY)
    }

    /// How long ago fetching it failed, if that is too recent to try again.
    pub fn failed_recently(&self, now: i64) -> Option<i64> {
        recently(self.metadata.failed, now)
    }

    /// How long ago it was fetched while fresh, if that is too recent to do so again.
    pub fn asked_recently(&self, now: i64) -> Option<i64> {
        recently(self.metadata.asked_again, now)
    }

    /// Takes over the request limit of another process, which must not store the document that it has fetched. A
    /// document that is older than [`RETRY_AFTER`] does not, since it would never be replaced.
    pub fn heed(&mut self, other: &Self, now: i64) {
        if self.age(now) < RETRY_AFTER {
            let own = &mut self.metadata.asked_again;
            *own = (*own).max(other.metadata.asked_again);
        }
    }

    /// The part of it that may be stored; `None` if that is useless.
    pub fn storable(&self, now: i64) -> Option<Cow<'_, Self>> {
        if self.metadata.is_kept {
            return Some(Cow::Borrowed(self));
        }
        self.asked_recently(now)?;
        let metadata = Metadata { etag: None, ..self.metadata.clone() };
        Some(Cow::Owned(Self { metadata, body: Vec::new() }))
    }

    /// Its file: the seal on the name and all the rest, the metadata, the body.
    pub fn write(&self, name: &str, seal: &Seal) -> Vec<u8> {
        let mut rest = serde_json::to_vec(&self.metadata).unwrap_or_default();
        rest.push(b'\n');
        rest.extend_from_slice(&self.body);
        let mut text = format!("{MARK}{}\n", seal.on(&sealed(name, &rest))).into_bytes();
        text.append(&mut rest);
        text
    }

    /// Reads a file; `None` if it is damaged or has another seal.
    pub fn read(text: &[u8], name: &str, seal: &Seal) -> Option<Self> {
        let (written, rest) = split_line(text.strip_prefix(MARK.as_bytes())?)?;
        if !seal.is_on(&sealed(name, rest), written) {
            return None;
        }
        let (metadata, body) = split_line(rest)?;
        let metadata = serde_json::from_slice(metadata).ok()?;
        Some(Self { metadata, body: body.to_vec() })
    }
}

/// What a seal covers: the layout, the name and the rest of the file.
fn sealed<'a>(name: &'a str, rest: &'a [u8]) -> [&'a [u8]; 4] {
    [MARK.as_bytes(), name.as_bytes(), b"\n", rest]
}

fn recently(then: Option<i64>, now: i64) -> Option<i64> {
    let ago = now.saturating_sub(then?);
    (0..RETRY_AFTER).contains(&ago).then_some(ago)
}

fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    Some((&text[..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document that was fetched at 1000 and is fresh for a minute.
    fn document() -> CachedDocument {
        let lifetime = Lifetime { is_kept: true, seconds: 60 };
        CachedDocument::new("https://a.example/keys", None, lifetime, 1000, Vec::new())
    }

    #[test]
    fn a_file_that_promises_years_is_fresh_and_usable_for_a_day_each() {
        let mut long = document();
        long.metadata.fresh_until = i64::MAX;
        assert!(long.is_fresh(999 + DAY) && !long.is_fresh(1000 + DAY));
        assert!(long.is_usable(999 + 2 * DAY) && !long.is_usable(1000 + 2 * DAY));
    }

    #[test]
    fn the_request_limit_of_others_binds_holders_of_a_recent_document() {
        let [mut current, mut other, mut old] = [document(), document(), document()];
        other.metadata.asked_again = Some(1020);
        current.heed(&other, 1029);
        old.heed(&other, 1030);
        assert_eq!((current.asked_recently(1029), old.asked_recently(1030)), (Some(9), None));
        current.heed(&old, 1029);
        assert_eq!(current.asked_recently(1029), Some(9), "the later one counts");
    }
}
