//! Where an issuer's document is, and what it must say.

use std::sync::{Arc, Mutex};

use jwtctl::jwks::{
    DiscoveryFault, Issuer, JwksLocation, Net, RemoteJwks, SourceError, Url, issuer_of,
};
use jwtctl::sys::{Bounded, GetRequest, Http, Response, Settings};

use crate::{options, text};

/// A network with this document at all places of an issuer's, or none, and a key set elsewhere; it notes what is asked.
#[derive(Clone)]
struct Site(Option<String>, Arc<Mutex<Vec<String>>>);

impl Site {
    fn answer(&self, request: GetRequest) -> Response {
        let found =
            if request.url.contains("/.well-known/") { self.0.clone() } else { Some(text(1)) };
        self.1.lock().unwrap().push(request.url);
        let mut answer = Response::default();
        match found {
            Some(text) => *answer.body_mut() = Bounded { bytes: text.into_bytes(), cut: false },
            None => *answer.status_mut() = 404.try_into().unwrap(),
        }
        answer
    }
}

/// Fetches the set of an issuer with this document, or none. The URLs that were asked, and what came of it.
fn fetch(issuer: &str, document: Option<&str>) -> (Vec<String>, Result<(), SourceError>) {
    let site = Site(document.map(str::to_owned), Arc::default());
    let (asked, url) = (Arc::clone(&site.1), Url::parse_issuer(issuer).unwrap());
    let issuer = Issuer { name: issuer.to_owned(), url };
    let connect = move |_: &Settings| -> Box<Http> {
        let site = site.clone();
        Box::new(move |request| Ok(site.answer(request)))
    };
    let net = Net { clock: &|| 1_700_000_000.into(), connect: &connect };
    let found = RemoteJwks::new(JwksLocation::Issuer(issuer), options(None)).fetch(net).map(drop);
    (asked.lock().unwrap().clone(), found)
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
        assert_eq!(fetch(issuer, None).0, [openid, oauth]);
        let stripped = issuer.trim_end_matches('/');
        assert_eq!(issuer_of(openid).as_deref(), Some(stripped));
        assert_eq!(issuer_of(oauth).as_deref(), Some(stripped));
    }
    assert_eq!(issuer_of("https://a.example/keys"), None);
}

/// What comes of a document of <https://a.example>: the URL of its key set, or what is wrong.
fn found(document: &str) -> String {
    let (mut asked, found) = fetch("https://a.example", Some(document));
    let fault = match found {
        Ok(()) => return asked.pop().unwrap(),
        Err(SourceError::Discovery(_, fault)) => fault,
        Err(error) => panic!("{document}: {error:?}"),
    };
    let fault = match fault {
        DiscoveryFault::Issuer(..) => "issuer",
        DiscoveryFault::NoKeySet(_) => "no key set",
        DiscoveryFault::KeySetUrl(..) => "key set's URL",
        DiscoveryFault::NotJson(_) => "not JSON",
        DiscoveryFault::TooLarge => "too large",
    };
    fault.to_owned()
}

#[test]
fn a_document_must_be_of_its_issuer_and_name_a_url_that_keys_are_fetched_from() {
    for (issuer, rest, expected) in [
        (r#""https://a.example""#, r#","jwks_uri":"https://b.example/k""#, "https://b.example/k"),
        (r#""https://a.example/""#, r#","jwks_uri":"https://b.example/k""#, "issuer"),
        (r#""https://A.example""#, r#","jwks_uri":"https://b.example/k""#, "issuer"),
        (r#""http://a.example""#, r#","jwks_uri":"https://b.example/k""#, "issuer"),
        (r#""""#, r#","jwks_uri":"https://b.example/k""#, "issuer"),
        (r#"["https://a.example"]"#, "", "issuer"),
        (r#""https://a.example""#, "", "no key set"),
        (r#""https://a.example""#, r#","jwks_uri":null"#, "no key set"),
        (r#""https://a.example""#, r#","jwks_uri":["https://b.example/k"]"#, "no key set"),
        (r#""https://a.example""#, r#","jwks_uri":"http://b.example/k""#, "key set's URL"),
        (r#""https://a.example""#, r#","jwks_uri":"http://127.0.0.1/k""#, "key set's URL"),
        (r#""https://a.example""#, r#","jwks_uri":"file:///etc/passwd""#, "key set's URL"),
        (r#""https://a.example""#, r#","jwks_uri":"""#, "key set's URL"),
        (r#""https://a.example""#, r#","jwks_uri":"k""#, "key set's URL"),
        (r#""https://a.example""#, r#","jwks_uri":"https://u@b.example/k""#, "key set's URL"),
        ("1", r#","issuer":2"#, "not JSON"),
    ] {
        let document = format!(r#"{{"issuer":{issuer}{rest}}}"#);
        assert_eq!(found(&document), expected, "{document}");
    }
    assert_eq!(found(r#"{"jwks_uri":"https://b.example/k"}"#), "issuer");
    for text in ["", "[]", "<html>"] {
        assert_eq!(found(text), "not JSON", "{text}");
    }
}
