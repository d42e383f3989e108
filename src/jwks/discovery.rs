//! An issuer's document with the URL of its key set (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).

use super::url::{Url, UrlFault, redacted_url};
use crate::json::{JsonError, Object, Value, cut, quote};
use crate::text::decode;

/// What is wrong with an issuer's document about itself.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum DiscoveryFault {
    #[error("is over 1 MiB long")]
    TooLarge,
    #[error("{0}")]
    NotJson(JsonError),
    /// It is not of this issuer: its own `issuer` is that, if it has one.
    #[error("is not the document of this issuer")]
    Issuer(String, Option<Value>),
    /// Its `jwks_uri` is this value, which is not a string, or it has none.
    #[error("has no \"jwks_uri\"{}", if .0.is_some() { " that is a string" } else { "" })]
    NoKeySet(Option<Value>),
    /// No keys are fetched from its `jwks_uri` (as it may be shown).
    #[error("names a key set that cannot be fetched: {url}: {1}", url = cut(&quote(.0), 120))]
    KeySetUrl(String, UrlFault),
}

impl DiscoveryFault {
    /// Whether the issuer cannot have meant it.
    pub(super) fn is_garbage(&self) -> bool {
        matches!(self, Self::TooLarge | Self::NotJson(_))
    }
}

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// The issuer that a discovery document's URL belongs to.
pub fn issuer_of(url: &str) -> Option<String> {
    let url = url.trim_end_matches('/');
    if let Some(issuer) = url.strip_suffix(OPENID) {
        return Some(issuer.to_owned());
    }
    let (before, path) = url.split_once(OAUTH)?;
    Some(format!("{before}{path}"))
}

/// Where an issuer's document may be: below the issuer's path (OpenID), or before it (OAuth).
pub(super) fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    [format!("{path}{OPENID}"), format!("{OAUTH}{path}")]
        .map(|path| Url::parse(&issuer.with_path(&path)).unwrap_or_else(|_| issuer.clone()))
}

/// Reads the URL of the key set from an issuer's document, which must name exactly the expected issuer (OpenID Connect
/// Discovery 1.0 section 4.3).
pub(super) fn key_set(document: &[u8], name: &str, issuer: &Url) -> Result<Url, DiscoveryFault> {
    let document = Object::parse(&decode(document)).map_err(DiscoveryFault::NotJson)?;
    let string = |name| document.get(name).and_then(|value| value.as_string());
    if string("issuer").as_deref() != Some(name) {
        let actual = document.get("issuer").map(|value| value.evidence());
        return Err(DiscoveryFault::Issuer(name.to_owned(), actual));
    }
    let actual = document.get("jwks_uri").map(|value| value.evidence());
    match string("jwks_uri") {
        None => Err(DiscoveryFault::NoKeySet(actual)),
        Some(url) => Url::parse(&url)
            .and_then(|url| issuer.lead_to(url))
            .map_err(|fault| DiscoveryFault::KeySetUrl(redacted_url(&url), fault)),
    }
}
