//! A key set by URL, or by discovery of an issuer's.

use super::cached_document::CachedDocument;
use super::discovery::{self, DiscoveryFault};
use super::fault::{FetchError, FetchFault, FetchWarning, SourceError};
use super::fetch::Deadline;
use super::fetcher::{FetchOptions, Fetcher, Missing, Net, Refetch};
use super::set::{Fetched, check, read};
use super::url::Url;
use crate::sys::Bounded;

/// Where a key set is.
#[derive(Debug, Clone)]
pub enum JwksLocation {
    /// At a URL.
    Set(Url),
    /// Where its issuer says.
    Issuer {
        /// What the issuer is called, to the letter: its tokens' `iss`.
        name: String,
        /// The same as a URL.
        url: Url,
    },
}

/// An issuer: its name, and where that leads.
struct Issuer {
    name: String,
    url: Url,
}

/// A key set that is somewhere else.
pub struct RemoteJwks {
    place: JwksLocation,
    documents: Fetcher,
    /// The set, once it is here, and where it was.
    held: Option<(Url, CachedDocument)>,
}

impl RemoteJwks {
    /// A set that nothing has been asked of yet.
    #[must_use]
    pub fn new(place: JwksLocation, rules: FetchOptions) -> Self {
        Self { place, documents: Fetcher::new(rules), held: None }
    }

    /// The set: kept from an earlier call, or fetched.
    ///
    /// # Errors
    /// [`SourceError`]
    pub fn fetch(&mut self, world: Net<'_>) -> Result<Fetched, SourceError> {
        let deadline = self.documents.deadline();
        let found = match self.place.clone() {
            JwksLocation::Set(url) => (url.clone(), self.set_at(&url, deadline, world)?),
            JwksLocation::Issuer { name, url } => {
                self.set_of(&Issuer { name, url }, deadline, world)?
            }
        };
        let (url, entry) = self.held.insert(found);
        let age = world.now().saturating_sub(entry.facts.fetched);
        Ok(Fetched { age, ..read(url, &entry.body)? })
    }

    /// Asks for a newer set than the one that was fetched, for a key that it has not; gives it, if there is one.
    ///
    /// # Errors
    /// [`SourceError`]
    pub fn refetch(&mut self, world: Net<'_>) -> Result<(Refetch, Option<Fetched>), SourceError> {
        let Some((url, held)) = &mut self.held else {
            return Ok((Refetch::Done, Some(self.fetch(world)?)));
        };
        let before = held.body.clone();
        let asked = self.documents.refetch(url, held, world, |set| check(url, set)).map_err(
            // Nobody but the sender of a token has asked for it: that is no verdict on the caller's keys.
            |missing| match missing {
                Missing::Fetch(error) => error,
                Missing::Garbage(_) | Missing::Refused(_) => {
                    FetchError::of(url, FetchFault::Unusable)
                }
            },
        );
        let asked = asked.map_err(SourceError::Fetch)?;
        let newer = (held.body != before).then(|| read(url, &held.body));
        Ok((asked, newer.transpose()?))
    }

    /// What happened that is worth a word, since it was last asked for.
    pub fn notes(&mut self) -> Vec<FetchWarning> {
        std::mem::take(&mut self.documents.notes)
    }

    fn set_at(
        &mut self,
        url: &Url,
        deadline: Deadline,
        world: Net<'_>,
    ) -> Result<CachedDocument, SourceError> {
        Ok(self.documents.current(url, deadline, world, |set| check(url, set))?)
    }

    /// An issuer's set, and where it is. One that is gone from where it was said to be a while ago may have moved.
    fn set_of(
        &mut self,
        issuer: &Issuer,
        deadline: Deadline,
        world: Net<'_>,
    ) -> Result<(Url, CachedDocument), SourceError> {
        let (place, url) = self.discover(issuer, deadline, world)?;
        let gone = match self.set_named_by(&place, &url, deadline, world) {
            Err(SourceError::Fetch(error)) if error.is_nothing_there() => error,
            found => return Ok((url, found?)),
        };
        let places = discovery::places(&issuer.url);
        if !places.iter().any(|place| self.documents.forget_old(place, world)) {
            return Err(SourceError::Fetch(gone));
        }
        let (place, moved) = self.discover(issuer, deadline, world)?;
        let set = self.set_named_by(&place, &moved, deadline, world)?;
        Ok((moved, set))
    }

    /// The set at a URL that the document at a place names. If the URL is one that nothing is fetched from, the document
    /// is at fault, and not the call.
    fn set_named_by(
        &mut self,
        place: &Url,
        url: &Url,
        deadline: Deadline,
        world: Net<'_>,
    ) -> Result<CachedDocument, SourceError> {
        self.set_at(url, deadline, world).map_err(|error| match error {
            SourceError::Fetch(FetchError { url, fault: FetchFault::Url(fault), .. }) => {
                let fault = DiscoveryFault::KeySetUrl { url, fault };
                SourceError::Discovery { url: place.to_string(), fault }
            }
            error => error,
        })
    }

    /// Where an issuer says what the URL of its key set is, and that URL.
    fn discover(
        &mut self,
        issuer: &Issuer,
        deadline: Deadline,
        world: Net<'_>,
    ) -> Result<(Url, Url), SourceError> {
        let [openid, oauth] = discovery::places(&issuer.url);
        let is_elsewhere = |documents: &Fetcher| {
            documents.kept(&oauth).is_some() && documents.kept(&openid).is_none()
        };
        let (first, second) =
            if is_elsewhere(&self.documents) { (oauth, openid) } else { (openid, oauth) };
        match self.key_set_of(issuer, &first, deadline, world) {
            Err(SourceError::Fetch(error)) if error.is_nothing_there() => {
                match self.key_set_of(issuer, &second, deadline, world) {
                    Err(SourceError::Fetch(also)) if also.is_nothing_there() => {
                        Err(SourceError::Fetch(error))
                    }
                    found => Ok((second, found?)),
                }
            }
            found => Ok((first, found?)),
        }
    }

    fn key_set_of(
        &mut self,
        issuer: &Issuer,
        at: &Url,
        deadline: Deadline,
        world: Net<'_>,
    ) -> Result<Url, SourceError> {
        let unfit = |fault| SourceError::Discovery { url: at.to_string(), fault };
        let read = |document: &[u8]| discovery::key_set(document, &issuer.name, &issuer.url);
        let check = |document: &Bounded| {
            let fault = if document.cut {
                DiscoveryFault::TooLarge
            } else {
                let Err(fault) = read(&document.bytes) else { return Ok(()) };
                fault
            };
            let is_garbage = fault.is_garbage();
            Err(if is_garbage { Missing::Garbage } else { Missing::Refused }(unfit(fault)))
        };
        let document = self.documents.current(at, deadline, world, check)?;
        read(&document.body).map_err(unfit)
    }
}

impl From<Missing<SourceError>> for SourceError {
    fn from(missing: Missing<SourceError>) -> Self {
        match missing {
            Missing::Fetch(error) => Self::Fetch(error),
            Missing::Garbage(error) | Missing::Refused(error) => error,
        }
    }
}
