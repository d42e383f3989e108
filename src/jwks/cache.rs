//! What is kept from call to call, and the key that seals it. The key is the user's own and stands in another folder,
//! since whoever can put entries into the cache (an archive, a CI cache) must not be able to seal them.

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::cached_document::CachedDocument;
use super::fetch::MAX_DOCUMENT;
use crate::crypto::Seal;
use crate::secret::Secret;
use crate::sys::Store;

/// The longest document with what stands before it where it is kept.
const MAX_KEPT: usize = MAX_DOCUMENT + 64 * 1024;

/// The name of the key's file.
const KEY: &str = "cache-key";

/// How long one waits for another process that makes the key.
const PATIENCE: Duration = Duration::from_secs(1);

/// Fetcher, and the key that seals them.
#[derive(Debug, Clone)]
pub struct Cache {
    /// Entries by name.
    pub(super) documents: Store,
    state: Store,
    seal: OnceLock<Seal>,
}

/// What could not be written, and why.
pub(super) struct Unwritten {
    /// The folder where it should have been.
    pub folder: PathBuf,
    /// Whether that is the key's.
    pub is_key: bool,
    /// Why not.
    pub error: io::Error,
}

impl Cache {
    /// A cache with its documents in one folder and the key in another; both are made when something is first kept.
    #[must_use]
    pub fn new(documents: PathBuf, state: PathBuf) -> Self {
        let [documents, state] = [documents, state].map(|folder| Store { folder });
        Self { documents, state, seal: OnceLock::new() }
    }

    /// What is kept under a name; what carries no seal of this key is thrown away.
    pub(super) fn read(&self, name: &str) -> Option<CachedDocument> {
        let text = self.documents.read(name, MAX_KEPT).ok()?;
        let entry = CachedDocument::read(&text, name, self.seal().ok()?);
        if entry.is_none() {
            self.documents.remove(name);
        }
        entry
    }

    /// Why there is no key, although something is kept under this name: where it should be, and what is wrong.
    pub(super) fn without_key(&self, name: &str) -> Option<(PathBuf, io::Error)> {
        self.documents.read(name, MAX_KEPT).ok()?;
        Some((self.state.folder.join(KEY), self.seal().err()?))
    }

    /// Keeps something under a name.
    pub(super) fn write(&self, name: &str, entry: &CachedDocument) -> Result<(), Unwritten> {
        let failed = |store: &Store, is_key| {
            let folder = store.folder.clone();
            move |error| Unwritten { folder, is_key, error }
        };
        let seal = self.seal_or_new().map_err(failed(&self.state, true))?;
        self.documents.write(name, &entry.write(name, seal)).map_err(failed(&self.documents, false))
    }

    /// The seal under the key that is there.
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

    /// The same, under a new key if there is none that can be used: one that others may have read or written is
    /// replaced. One process at a time makes a key, and the others use that.
    fn seal_or_new(&self) -> io::Result<&Seal> {
        if let Ok(seal) = self.seal() {
            return Ok(seal);
        }
        if !self.state.is_in(&self.documents) {
            let _turn = self.state.lock(KEY, Instant::now() + PATIENCE);
            if self.seal().is_err() {
                let key = Seal::new_key()
                    .ok_or_else(|| io::Error::other("the system gave no random numbers"))?;
                self.state.write(KEY, key.expose())?;
            }
        }
        self.seal()
    }
}
