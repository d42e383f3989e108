//! Discovery: where an issuer says what its key set's URL is (OpenID Connect Discovery 1.0 section 4, RFC 8414
//! section 3). It reads and checks; it asks nobody.

use super::url::{Url, UrlFault, sayable};
use crate::json::{JsonError, Object, Value};
use crate::text::decode;

/// What is wrong with an issuer's document about itself.
#[derive(Debug, Clone)]
pub enum DiscoveryFault {
    /// It is longer than 1 MiB.
    TooLarge,
    /// It is no JSON object.
    NotJson(JsonError),
    /// It is not of this issuer: its own `issuer` is that, if it has one.
    Issuer(String, Option<Value>),
    /// It has no `jwks_uri`, or one that is not a string.
    NoKeySet(Option<Value>),
    /// No keys are fetched from its `jwks_uri` (as it may be shown).
    KeySetUrl(String, UrlFault),
}

impl DiscoveryFault {
    /// Whether it is nothing that an issuer can have meant.
    pub(super) fn is_garbage(&self) -> bool {
        matches!(self, Self::TooLarge | Self::NotJson(_))
    }
}

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// The issuer of a URL that names its discovery document.
#[must_use]
pub fn issuer_of(url: &str) -> Option<String> {
    let url = url.trim_end_matches('/');
    if let Some(issuer) = url.strip_suffix(OPENID) {
        return Some(issuer.to_owned());
    }
    let (before, path) = url.split_once(OAUTH)?;
    Some(format!("{before}{path}"))
}

/// Where an issuer's document may be: OpenID's place is below the issuer's path, OAuth's before it.
pub(super) fn places(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/');
    [format!("{path}{OPENID}"), format!("{OAUTH}{path}")]
        .map(|path| Url::parse(&issuer.with_path(&path)).unwrap_or_else(|_| issuer.clone()))
}

/// Reads an issuer's document, and gives the URL of its key set. The issuer that it names must be the one that was
/// asked for by name, to the letter (OpenID Connect Discovery 1.0 section 4.3).
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
            .map_err(|fault| DiscoveryFault::KeySetUrl(sayable(&url), fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "https://a.example";

    fn issuer() -> Url {
        Url::parse_issuer(NAME).unwrap()
    }

    #[test]
    fn the_places_are_those_of_the_two_documents() {
        for (issuer, openid, oauth) in [
            (
                "https://a.example",
                "https://a.example/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.example:8443/realms/x/",
                "https://a.example:8443/realms/x/.well-known/openid-configuration",
                "https://a.example:8443/.well-known/oauth-authorization-server/realms/x",
            ),
        ] {
            let [first, second] = places(&Url::parse_issuer(issuer).unwrap());
            assert_eq!((first.as_str(), second.as_str()), (openid, oauth));
            let stripped = issuer.trim_end_matches('/');
            assert_eq!(issuer_of(openid).as_deref(), Some(stripped));
            assert_eq!(issuer_of(oauth).as_deref(), Some(stripped));
        }
        assert_eq!(issuer_of("https://a.example/keys"), None);
    }

    #[test]
    fn the_issuer_must_be_the_one_that_was_asked_for() {
        let of = |document: &str| key_set(document.as_bytes(), NAME, &issuer());
        let url = of(r#"{"issuer":"https://a.example","jwks_uri":"https://b.example/k"}"#).unwrap();
        assert_eq!(url.as_str(), "https://b.example/k");
        for named in ["https://a.example/", "https://A.example", "http://a.example", ""] {
            let document = format!(r#"{{"issuer":"{named}","jwks_uri":"https://b.example/k"}}"#);
            assert!(matches!(of(&document), Err(DiscoveryFault::Issuer { .. })), "{named}");
        }
        for document in
            [r#"{"jwks_uri":"https://b.example/k"}"#, r#"{"issuer":["https://a.example"]}"#]
        {
            assert!(matches!(of(document), Err(DiscoveryFault::Issuer { .. })), "{document}");
        }
    }

    #[test]
    fn the_key_set_must_be_where_keys_are_fetched_from() {
        let of = |rest: &str| {
            key_set(
                format!(r#"{{"issuer":"https://a.example"{rest}}}"#).as_bytes(),
                NAME,
                &issuer(),
            )
        };
        for rest in ["", r#","jwks_uri":null"#, r#","jwks_uri":["https://b.example/k"]"#] {
            assert!(matches!(of(rest), Err(DiscoveryFault::NoKeySet { .. })), "{rest}");
        }
        for url in [
            "http://b.example/k",
            "http://127.0.0.1/k",
            "file:///etc/passwd",
            "",
            "k",
            "https://u@b.example/k",
        ] {
            let found = of(&format!(r#","jwks_uri":"{url}""#));
            assert!(matches!(found, Err(DiscoveryFault::KeySetUrl { .. })), "{url}");
        }
        for text in ["", "[]", "<html>", r#"{"issuer":1,"issuer":2}"#] {
            let found = key_set(text.as_bytes(), NAME, &issuer());
            assert!(matches!(found, Err(DiscoveryFault::NotJson(_))), "{text}");
        }
    }
}
