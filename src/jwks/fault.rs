//! What can go wrong on the way to a key set, with evidence.

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
    /// What the issuer says of itself cannot be used.
    Discovery {
        /// Where it says that, as it may be said.
        url: String,
        /// What is wrong with it.
        fault: DiscoveryFault,
    },
    /// What came cannot be used as a key set.
    Set {
        /// Where it came from.
        origin: Origin,
        /// Why not.
        error: KeyError,
    },
}

/// A document that could not be fetched.
#[derive(Debug, Clone)]
pub struct FetchError {
    /// Where it was asked for, as it may be said.
    pub url: String,
    /// Why it is not there.
    pub fault: FetchFault,
    /// Whether it is an issuer's document about itself, and not a key set.
    pub is_discovery: bool,
}

impl FetchError {
    pub(super) fn of(url: &Url, fault: FetchFault) -> Self {
        let is_discovery = issuer_of(url.as_str()).is_some();
        Self { url: url.to_string(), fault, is_discovery }
    }

    /// Whether the server says that there is nothing.
    pub(super) fn is_nothing_there(&self) -> bool {
        matches!(self.fault, FetchFault::Status(404 | 410))
    }
}

/// Why a document is not there.
#[derive(Debug, Clone)]
pub enum FetchFault {
    /// There was no answer.
    Http(HttpError),
    /// All that is to be fetched took longer than it may.
    TimedOut {
        /// How long it may take.
        after: Duration,
    },
    /// It is where no document is fetched from, as was seen when its name was looked up.
    Url(UrlFault),
    /// The answer is another than the document.
    Status(u16),
    /// A redirect leads where no document is fetched from.
    Redirect {
        /// Where it leads; empty if it does not say.
        to: String,
        /// Why not.
        fault: UrlFault,
    },
    /// What came cannot be used.
    Unusable,
    /// One redirect too many.
    TooManyRedirects,
    /// It is not kept, and the network is not to be asked.
    Offline {
        /// How many seconds ago one that is kept was fetched.
        kept: Option<i64>,
    },
    /// There is no place where it could be kept, and the network is not to be asked.
    NoCacheFolder,
    /// Something is kept, the key that seals it cannot be used, and the network is not to be asked.
    NoCacheKey {
        /// Where the key should be.
        path: PathBuf,
        /// Why it cannot be used.
        error: Arc<io::Error>,
    },
    /// It was asked for in vain so many seconds ago, and is not asked for again yet.
    FailedRecently {
        /// How long ago, in seconds.
        ago: i64,
    },
}

/// Something that happened on the way and that a user should know.
#[derive(Debug, Clone)]
pub enum FetchWarning {
    /// An old document serves because no newer one could be fetched.
    Stale {
        /// Why not.
        error: FetchError,
        /// How many seconds ago it was fetched.
        age: i64,
        /// When it ends to serve: seconds since 1970-01-01 00:00 UTC.
        until: i64,
    },
    /// What was fetched could not be kept for the next call.
    NotCached {
        /// The folder that could not be used.
        folder: PathBuf,
        /// Whether that is the one of the key that seals what is kept.
        is_key: bool,
        /// Why not.
        error: Arc<io::Error>,
    },
}
