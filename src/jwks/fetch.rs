//! Fetching one document: redirects are followed as far as they may be, and the time is kept.

use std::time::{Duration, Instant};

use super::fault::FetchFault;
use super::url::{Url, UrlFault};
use crate::sys::{GetRequest, Http, HttpError, NotThisMachine, Response};

/// The longest document, in bytes: 1 MiB.
pub(super) const MAX_DOCUMENT: usize = 1024 * 1024;

/// The most redirects that are followed.
const MOST_REDIRECTS: usize = 3;

/// By when all has to be there that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    /// How long that was from the beginning.
    after: Duration,
}

impl Deadline {
    pub fn after(after: Duration) -> Self {
        Self { at: Instant::now() + after, after }
    }

    /// How much time is left.
    pub fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// Fetches a document, or learns that the one with this entity tag still stands. No request goes where [`Url`] has not
/// been asked first; whether the name in an http URL leads to this machine is seen when it is looked up.
pub(super) fn fetch(
    http: &dyn Http,
    url: &Url,
    etag: Option<&str>,
    past_caches: bool,
    deadline: Deadline,
) -> Result<Response, FetchFault> {
    let timed_out = || FetchFault::TimedOut { after: deadline.after };
    let (mut here, mut redirect) = (url.clone(), None);
    for _ in 0..=MOST_REDIRECTS {
        let timeout = deadline.left();
        if timeout.is_zero() {
            return Err(timed_out());
        }
        let get = GetRequest {
            url: here.as_str().to_owned(),
            etag: etag.map(str::to_owned),
            past_caches,
            timeout,
            most: MAX_DOCUMENT,
        };
        let answer = http.get(get).map_err(|error| match error {
            HttpError::Timeout => timed_out(),
            HttpError::NotThisMachine(NotThisMachine(address)) => match redirect.take() {
                None => FetchFault::Url(UrlFault::RemoteKeys(address)),
                Some(to) => FetchFault::Redirect { to, fault: UrlFault::RemoteKeys(address) },
            },
            error => FetchFault::Http(error),
        })?;
        if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(answer);
        }
        let to = answer.location.unwrap_or_default();
        let next = if to.is_empty() { Err(UrlFault::NotAUrl) } else { here.join(&to) };
        here = match next {
            Ok(next) => next,
            Err(fault) => return Err(FetchFault::Redirect { to, fault }),
        };
        redirect = Some(to);
    }
    Err(FetchFault::TooManyRedirects)
}
