//! The cache, and the key that seals it. The key is the user's own and in another folder, because whoever can put
//! documents into the cache (an archive, a CI cache) must not be able to seal them.

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::cached_document::CachedDocument;
use super::exchange::MAX_DOCUMENT;
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
