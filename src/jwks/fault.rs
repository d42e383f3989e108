//! The errors and warnings of fetching a key set.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::url::{Url, UrlFault, issuer_of, redacted_url};
use crate::json::{JsonError, Value, cut, quote};
use crate::keys::{KeyError, Origin};
use crate::sys::{CertificateFault, HOME, HttpError, reason};
use crate::time;

/// Why there is no key set.
#[derive(Debug, Clone)]
pub enum SourceError {
    /// Fetching failed.
    Fetch(FetchError),
    /// The issuer's document at this URL (as it may be shown) cannot be used.
    Discovery(String, DiscoveryFault),
    /// The document from here cannot be used as a key set.
    Set(Origin, KeyError),
}

impl SourceError {
    /// Whether the server says that there is no such document.
    pub(super) fn is_nothing_there(&self) -> bool {
        matches!(self, Self::Fetch(FetchError { fault: FetchFault::Status(404 | 410), .. }))
    }
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
    /// Whether it is a discovery document, and not a key set.
    pub is_discovery: bool,
}

impl FetchError {
    pub(super) fn new(url: &Url, fault: FetchFault) -> Self {
        let is_discovery = issuer_of(url.as_str()).is_some();
        Self { url: url.to_string(), fault, is_discovery }
    }
}

/// What is wrong with a discovery document.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum DiscoveryFault {
    #[error("is over 1 MiB long")]
    TooLarge,
    #[error("{0}")]
    NotJson(JsonError),
    /// It is for another issuer than the expected one: its `issuer`, if it has one.
    #[error("is not the document of this issuer")]
    Issuer(String, Option<Value>),
    /// It has no `jwks_uri`, or this value, which is not a string.
    #[error("has no \"jwks_uri\"{}", if .0.is_some() { " that is a string" } else { "" })]
    NoKeySet(Option<Value>),
    /// No keys are fetched from its `jwks_uri` (as it may be shown).
    #[error("names a key set that cannot be fetched: {url}: {1}", url = cut(&quote(.0), 120))]
    KeySetUrl(String, UrlFault),
}

/// Why a document could not be fetched. Times are in seconds.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum FetchFault {
    #[error("{}", no_answer(.0))]
    Http(HttpError),
    #[error("there was no complete response within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// Its host resolves to another machine, and it is plain http.
    #[error("{0}")]
    Url(UrlFault),
    #[error("the server responded with status {0}")]
    Status(u16),
    /// A redirect leads here (nowhere if it is empty), and this is why it is not followed.
    #[error("{}", redirected(.0, .1))]
    Redirect(String, UrlFault),
    #[error("the response cannot be used")]
    Unusable,
    #[error("it redirects more than 3 times")]
    TooManyRedirects,
    /// The age of the cached document, if there is one.
    #[error("{}, and --offline makes no requests", cached(*.0))]
    Offline(Option<i64>),
    #[error(
        "the cache needs {}, or both XDG_CACHE_HOME and XDG_STATE_HOME, and --offline makes no requests",
        HOME.0
    )]
    NoCacheFolder,
    /// Where the key should be, and why it cannot be used.
    #[error(
        "--offline makes no requests, and its cached copy cannot be trusted without the key in {path}: {}",
        reason(.1), path = .0.display()
    )]
    NoCacheKey(PathBuf, Arc<io::Error>),
    #[error("the last attempt, {} ago, failed", time::span(*.0))]
    FailedRecently(i64),
}

fn no_answer(error: &HttpError) -> String {
    match error {
        HttpError::Certificate(CertificateFault::Expired(Some(since))) => {
            let since = time::utc(i64::try_from(*since).unwrap_or(i64::MAX));
            format!("the server's certificate is not accepted: it expired {since}")
        }
        error => cut(&error.to_string(), 240),
    }
}

fn redirected(to: &str, fault: &UrlFault) -> String {
    if to.is_empty() {
        return "it redirects without saying where".to_owned();
    }
    format!("it redirects to {}: {fault}", cut(&quote(&redacted_url(to)), 120))
}

fn cached(age: Option<i64>) -> String {
    match age {
        Some(age) => format!("its cached copy is {} old", time::span(age)),
        None => "it is not cached".to_owned(),
    }
}

/// A warning about fetched keys.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the variants say what the fields are")]
pub enum FetchWarning {
    /// An expired document is used because no newer one could be fetched: why, how many seconds ago this one was
    /// fetched, and the Unix time until which it can be used.
    Stale { error: FetchError, age: i64, until: i64 },
    /// What was fetched could not be cached in this folder, which may be that of the key that seals the cache.
    NotCached { folder: PathBuf, is_key: bool, error: Arc<io::Error> },
}
