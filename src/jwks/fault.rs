//! What can go wrong when a key set is fetched, with evidence.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::discovery::{DiscoveryFault, issuer_of};
use super::url::{Url, UrlFault};
use crate::keys::{KeyError, Origin};
use crate::sys::HttpError;

/// Why there is no key set.
#[derive(Debug, Clone)]
pub enum SourceError {
    /// It could not be found out.
    Fetch(FetchError),
    /// The issuer's document at this URL (as it may be shown) cannot be used.
    Discovery(String, DiscoveryFault),
    /// What came from here cannot be used as a key set.
    Set(Origin, KeyError),
}

impl From<FetchError> for SourceError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

/// A document that could not be fetched.
#[derive(Debug, Clone)]
pub struct FetchError {
    /// Its URL, as it may be shown.
    pub url: String,
    /// Why it could not be fetched.
    pub fault: FetchFault,
    /// Whether it is an issuer's document about itself, and not a key set.
    pub is_discovery: bool,
}

impl FetchError {
    pub(super) fn new(url: &Url, fault: FetchFault) -> Self {
        let is_discovery = issuer_of(url.as_str()).is_some();
        Self { url: url.to_string(), fault, is_discovery }
    }
}

/// Why a document could not be fetched.
#[derive(Debug, Clone)]
pub enum FetchFault {
    /// There was no answer over HTTP.
    Http(HttpError),
    /// All that is needed takes longer than this.
    TimedOut(Duration),
    /// Its host resolves to another machine, and it is plain http.
    Url(UrlFault),
    /// The server answered with another status than 200.
    Status(u16),
    /// A redirect leads here (nowhere if it is empty), and this is why it is not followed.
    Redirect(String, UrlFault),
    /// The answer is of no use.
    Unusable,
    /// It redirects more than three times.
    TooManyRedirects,
    /// No requests are made, and the cached one was fetched so many seconds ago, if there is one.
    Offline(Option<i64>),
    /// No requests are made, and there is no folder for the cache.
    NoCacheFolder,
    /// No requests are made, and the key that seals the cached one, which should be here, cannot be used.
    NoCacheKey(PathBuf, Arc<io::Error>),
    /// The last attempt, so many seconds ago, failed, and it is too early for another one.
    FailedRecently(i64),
}

impl FetchFault {
    /// Whether the server says that there is nothing.
    pub(super) fn is_nothing_there(&self) -> bool {
        matches!(self, Self::Status(404 | 410))
    }
}

/// Something that a user should know about keys that were fetched.
#[derive(Debug, Clone)]
pub enum FetchWarning {
    /// An expired document is used because no newer one could be fetched.
    Stale {
        /// Why no newer one could be fetched.
        error: FetchError,
        /// How many seconds ago it was fetched.
        age: i64,
        /// The Unix time until which it can be used.
        until: i64,
    },
    /// What was fetched could not be cached.
    NotCached {
        /// The folder that could not be used.
        folder: PathBuf,
        /// Whether that is the folder of the key that seals the cache.
        is_key: bool,
        /// Why it could not be used.
        error: Arc<io::Error>,
    },
}
