//! The cache: fetched documents with their times, and the user's key that seals them. The key is in another folder,
//! because whoever can put documents into the cache (an archive, a CI cache) must not be able to seal them. A document
//! is used only if its name and content have a seal by that key.

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
#[derive(Clone)]
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

    /// The fault if a document with this name exists but the key does not.
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

/// A document and its metadata. Times are seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CachedDocument {
    /// Its text, which follows the rest in the file.
    #[serde(skip)]
    pub body: Vec<u8>,
    pub etag: Option<String>,
    /// Whether its text may be stored. Otherwise only its times are stored, for the limit on requests.
    pub is_kept: bool,
    /// When its server last sent it or confirmed it.
    pub fetched: i64,
    pub fresh_until: i64,
    /// When it was last fetched while fresh, because a key was missing in it.
    pub asked_again: Option<i64>,
    /// When fetching it last failed.
    pub failed: Option<i64>,
}

/// The start of the first line of a file, with the version of the layout.
const MARK: &str = "jwtctl 3 ";

impl CachedDocument {
    /// Renews it when its server says that it has not changed (RFC 9111 section 4.3.4). Without a new lifetime, the old
    /// one is used again.
    pub(super) fn confirm(&mut self, lifetime: Option<Lifetime>, now: i64) {
        let seconds = self.fresh_until.saturating_sub(self.fetched);
        let lifetime = lifetime.unwrap_or(Lifetime { is_kept: self.is_kept, seconds });
        self.is_kept = lifetime.is_kept;
        self.fetched = now;
        self.fresh_until = now.saturating_add(lifetime.seconds);
        self.failed = None;
    }

    /// How many seconds ago it was fetched.
    pub(super) fn age(&self, now: i64) -> i64 {
        now.saturating_sub(self.fetched)
    }

    /// Whether it can be used without a request.
    pub(super) fn is_fresh(&self, now: i64) -> bool {
        self.is_kept && (self.fetched..self.expiry()).contains(&now)
    }

    /// Until when it is fresh: not for longer than a day, whatever a file says.
    fn expiry(&self) -> i64 {
        self.fresh_until.min(self.fetched.saturating_add(DAY))
    }

    /// Whether it may be used when no newer one can be fetched.
    pub(super) fn is_usable(&self, now: i64) -> bool {
        self.is_kept && (self.fetched..self.usable_until()).contains(&now)
    }

    pub(super) fn usable_until(&self) -> i64 {
        self.expiry().saturating_add(DAY)
    }

    /// Applies the request limit of another process that must not store what it fetched. Not to a document that is
    /// older than [`RETRY_AFTER`], which would otherwise never be replaced.
    pub(super) fn apply_request_limit(&mut self, other: &Self, now: i64) {
        if self.age(now) < RETRY_AFTER {
            self.asked_again = self.asked_again.max(other.asked_again);
        }
    }

    /// The part of it that may be stored; `None` if storing that has no use.
    pub(super) fn storable(&self, now: i64) -> Option<Cow<'_, Self>> {
        if self.is_kept {
            return Some(Cow::Borrowed(self));
        }
        recently(self.asked_again, now)?;
        Some(Cow::Owned(Self { etag: None, body: Vec::new(), ..self.clone() }))
    }

    /// Its file: the seal (over the name and the rest of the file), the metadata, the body.
    pub(super) fn write(&self, name: &str, seal: &Seal) -> Vec<u8> {
        let mut rest = serde_json::to_vec(self).unwrap_or_default();
        rest.push(b'\n');
        rest.extend_from_slice(&self.body);
        let mut text = format!("{MARK}{}\n", seal.on(&sealed(name, &rest))).into_bytes();
        text.append(&mut rest);
        text
    }

    /// Reads a file; `None` if it is damaged or has another seal.
    pub(super) fn read(text: &[u8], name: &str, seal: &Seal) -> Option<Self> {
        let (written, rest) = split_line(text.strip_prefix(MARK.as_bytes())?)?;
        if !seal.is_on(&sealed(name, rest), written) {
            return None;
        }
        let (metadata, body) = split_line(rest)?;
        let metadata = serde_json::from_slice(metadata).ok()?;
        Some(Self { body: body.to_vec(), ..metadata })
    }
}

/// What a seal covers: the layout, the name and the rest of the file.
fn sealed<'a>(name: &'a str, rest: &'a [u8]) -> [&'a [u8]; 4] {
    [MARK.as_bytes(), name.as_bytes(), b"\n", rest]
}

/// How many seconds ago a request was made, if that is too recent for another one.
pub(super) fn recently(then: Option<i64>, now: i64) -> Option<i64> {
    let ago = now.saturating_sub(then?);
    (0..RETRY_AFTER).contains(&ago).then_some(ago)
}

fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    Some((&text[..end], &text[end + 1..]))
}
