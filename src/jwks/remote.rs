//! A key set by its URL, or by discovery from an issuer. Nothing in a token decides what is fetched.

use super::cache::CachedDocument;
use super::exchange::MAX_DOCUMENT;
use super::fault::{DiscoveryFault, FetchError, FetchFault, FetchWarning, SourceError};
use super::fetcher::{FetchOptions, FetchState, Fetcher, Missing, Net, Refetch};
use super::url::{Url, discovery_urls, redacted_url};
use crate::crypto::{LoadedKeys, without_repeats};
use crate::json::Object;
use crate::keys::{KeyError, KeyFile, Origin, locate};
use crate::secret::Secret;
use crate::sys::Bounded;
use crate::text::decode;

/// Where a key set is.
#[derive(Debug, Clone)]
pub enum JwksLocation {
    /// At this URL.
    Set(Url),
    /// Where this issuer's discovery document says.
    Issuer(Issuer),
}

/// An issuer, whose discovery document names its key set.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// Its exact name: the `iss` of its tokens.
    pub name: String,
    /// The same as a URL.
    pub url: Url,
}

/// A key set that is fetched.
pub struct RemoteJwks {
    location: JwksLocation,
    state: FetchState,
    /// The set and its location, once it has been fetched.
    current: Option<(Url, CachedDocument)>,
}

impl RemoteJwks {
    /// A set that has not been fetched yet.
    pub fn new(location: JwksLocation, options: FetchOptions) -> Self {
        Self { location, state: FetchState::new(options), current: None }
    }

    /// Returns the set from the cache, or fetches it.
    ///
    /// # Errors
    /// [`SourceError`], if no cached set can be used either.
    pub fn fetch(&mut self, net: Net<'_>) -> Result<Fetched, SourceError> {
        let mut fetcher = self.state.start(net);
        let (url, (document, set)) = match &self.location {
            JwksLocation::Set(url) => (url.clone(), fetcher.set_at(url)?),
            JwksLocation::Issuer(issuer) => fetcher.set_of(issuer)?,
        };
        self.current = Some((url, document));
        Ok(set)
    }

    /// Fetches a newer set because a key is missing; returns it if there is one.
    ///
    /// # Errors
    /// [`SourceError`]; the set that was fetched before can still be used.
    pub fn refetch(&mut self, net: Net<'_>) -> Result<(Refetch, Option<Fetched>), SourceError> {
        let Some((url, current)) = &mut self.current else {
            return Ok((Refetch::Done, Some(self.fetch(net)?)));
        };
        let before = current.body.clone();
        let mut set = None;
        let accept = |new: &Bounded| accept(url, new).map(|accepted| set = Some(accepted));
        let asked = self.state.start(net).refetch(url, current, accept)?;
        if current.body == before {
            return Ok((asked, None));
        }
        Ok((asked, Some(set.map_or_else(|| read(url, &current.body, 0), Ok)?)))
    }

    /// Takes the warnings since the last call of this method.
    pub fn warnings(&mut self) -> Vec<FetchWarning> {
        std::mem::take(&mut self.state.warnings)
    }
}

/// A document, and the set that was read from it: once, whether it was fetched or cached.
type Found = (CachedDocument, Fetched);

impl Fetcher<'_> {
    fn set_at(&mut self, url: &Url) -> Result<Found, SourceError> {
        let mut set = None;
        let accept = |new: &Bounded| accept(url, new).map(|accepted| set = Some(accepted));
        let document = self.current(url, accept)?;
        let age = document.age(self.net.now());
        let set = set.map_or_else(|| read(url, &document.body, age), Ok)?;
        Ok((document, set))
    }

    /// An issuer's set and its location. If the set is not where a cached document says, it may have moved.
    fn set_of(&mut self, issuer: &Issuer) -> Result<(Url, Found), SourceError> {
        let (document, url) = self.discover(issuer)?;
        let gone = match self.set_named_by(&document, &url) {
            Err(error) if error.is_nothing_there() => error,
            found => return Ok((url, found?)),
        };
        let places = discovery_urls(&issuer.url);
        if !places.iter().any(|place| self.remove_old(place)) {
            return Err(gone);
        }
        let (document, moved) = self.discover(issuer)?;
        let set = self.set_named_by(&document, &moved)?;
        Ok((moved, set))
    }

    /// The set at the URL in a discovery document. If keys may not be fetched from it, the document is at fault.
    fn set_named_by(&mut self, document: &Url, url: &Url) -> Result<Found, SourceError> {
        self.set_at(url).map_err(|error| match error {
            SourceError::Fetch(FetchError { url, fault: FetchFault::Url(fault), .. }) => {
                let fault = DiscoveryFault::KeySetUrl(url, fault);
                SourceError::Discovery(document.to_string(), fault)
            }
            error => error,
        })
    }

    /// The URL of an issuer's document, and the URL of its key set.
    fn discover(&mut self, issuer: &Issuer) -> Result<(Url, Url), SourceError> {
        let [mut first, mut second] = discovery_urls(&issuer.url);
        if self.cached(&second).is_some() && self.cached(&first).is_none() {
            std::mem::swap(&mut first, &mut second);
        }
        let gone = match self.key_set_url(issuer, &first) {
            Err(error) if error.is_nothing_there() => error,
            found => return Ok((first, found?)),
        };
        match self.key_set_url(issuer, &second) {
            Err(error) if error.is_nothing_there() => Err(gone),
            found => Ok((second, found?)),
        }
    }

    fn key_set_url(&mut self, issuer: &Issuer, at: &Url) -> Result<Url, SourceError> {
        let unusable = |fault| SourceError::Discovery(at.to_string(), fault);
        let read = |document: &[u8]| key_set_in(document, &issuer.name, &issuer.url);
        let mut url = None;
        let accept = |document: &Bounded| {
            let is_whole = if document.cut { Err(DiscoveryFault::TooLarge) } else { Ok(()) };
            let found = is_whole.and_then(|()| read(&document.bytes));
            found.map(|found| url = Some(found)).map_err(|fault| {
                // An issuer cannot have meant garbage.
                let is_garbage =
                    matches!(fault, DiscoveryFault::TooLarge | DiscoveryFault::NotJson(_));
                Missing { is_final: !is_garbage, error: unusable(fault) }
            })
        };
        let document = self.current(at, accept)?;
        url.map_or_else(|| read(&document.body).map_err(unusable), Ok)
    }
}

/// Reads `jwks_uri` from a discovery document, whose `issuer` must be exactly the expected one (OpenID Connect
/// Discovery 1.0 section 4.3).
fn key_set_in(document: &[u8], name: &str, issuer: &Url) -> Result<Url, DiscoveryFault> {
    let document = Object::parse(&*decode(document)).map_err(DiscoveryFault::NotJson)?;
    let string = |name| document.get(name).and_then(|value| value.as_string());
    let evidence = |name| document.get(name).map(|value| value.evidence());
    if string("issuer").as_deref() != Some(name) {
        return Err(DiscoveryFault::Issuer(name.to_owned(), evidence("issuer")));
    }
    let url = string("jwks_uri").ok_or_else(|| DiscoveryFault::NoKeySet(evidence("jwks_uri")))?;
    Url::parse(&url)
        .and_then(|url| issuer.lead_to(url))
        .map_err(|fault| DiscoveryFault::KeySetUrl(redacted_url(&url), fault))
}

/// A key set that was fetched.
pub struct Fetched {
    /// The URL that it came from, and the member of that document if the document is not the set itself.
    pub origin: Origin,
    /// The text, as its server sent it.
    pub text: Secret,
    /// The keys from that text.
    pub file: KeyFile,
    /// How many seconds ago it was fetched.
    pub age: i64,
}

/// Checks that a set which has just been fetched has a key that can verify something. Bytes and keys are limited,
/// because each key costs memory, and time for a token without `kid`.
fn accept(url: &Url, set: &Bounded) -> Result<Fetched, Missing> {
    let unusable = |error| SourceError::Set(Origin::Url(url.to_string()), error);
    if set.cut {
        let error = unusable(KeyError::TooLarge { most: MAX_DOCUMENT });
        return Err(Missing { error, is_final: false });
    }
    let fetched = read(url, &set.bytes, 0).map_err(|error| Missing { error, is_final: false })?;
    let file = LoadedKeys::verifying(fetched.file)
        .map_err(|error| Missing { error: unusable(error), is_final: true })?;
    Ok(Fetched { file, ..fetched })
}

fn read(url: &Url, set: &[u8], age: i64) -> Result<Fetched, SourceError> {
    let origin = Origin::Url(url.to_string());
    let text = Secret::new(set.to_vec());
    let located = match locate(&text) {
        Ok(located) => located,
        Err(error) => return Err(SourceError::Set(origin, error)),
    };
    let origin = origin.part(located.part.clone());
    match located.read_published().and_then(without_repeats) {
        Ok(file) => Ok(Fetched { origin, text, file, age }),
        Err(error) => Err(SourceError::Set(origin, error)),
    }
}
