//! Fetches one document within a time limit. Redirects are followed if keys may be fetched from their target.

use std::time::{Duration, Instant};

use super::fault::FetchFault;
use super::url::{Url, UrlFault};
use crate::sys::{GetRequest, Http, HttpError, Response};

/// The longest document, in bytes: 1 MiB.
pub(super) const MAX_DOCUMENT: usize = 1024 * 1024;

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 3;

/// When everything must have been fetched.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    /// The whole time limit.
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

/// Fetches a document, or learns that the one with this entity tag is still valid. Every request goes to a [`Url`];
/// whether the host of an http URL is this machine is checked when its name is resolved.
pub(super) fn fetch(
    http: &dyn Http,
    url: &Url,
    etag: Option<&str>,
    bypass_caches: bool,
    deadline: Deadline,
) -> Result<Response, FetchFault> {
    let timed_out = || FetchFault::TimedOut(deadline.after);
    let (mut here, mut redirect) = (url.clone(), None);
    for _ in 0..=MAX_REDIRECTS {
        let timeout = deadline.left();
        if timeout.is_zero() {
            return Err(timed_out());
        }
        let request = GetRequest {
            url: here.as_str().to_owned(),
            etag: etag.map(str::to_owned),
            bypass_caches,
            timeout,
            max_bytes: MAX_DOCUMENT,
        };
        let answer = http.get(request).map_err(|error| match error {
            HttpError::Timeout => timed_out(),
            HttpError::NotThisMachine(address) => match redirect.take() {
                None => FetchFault::Url(UrlFault::NotThisMachine(address)),
                Some(to) => FetchFault::Redirect(to, UrlFault::NotThisMachine(address)),
            },
            error => FetchFault::Http(error),
        })?;
        if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(answer);
        }
        let to = answer.location.unwrap_or_default();
        let next = if to.is_empty() { Err(UrlFault::NotAUrl) } else { here.join(&to) };
        here = next.map_err(|fault| FetchFault::Redirect(to.clone(), fault))?;
        redirect = Some(to);
    }
    Err(FetchFault::TooManyRedirects)
}
