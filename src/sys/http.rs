//! One exchange over HTTP, limited in time and size; https is checked against the platform's certificates or the
//! caller's own. It follows no redirects, caches nothing, and knows nothing about keys.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::http_error::HttpError;
use super::io::{Bounded, read_bounded};
use super::resolver::{self, LoopbackResolver};
use super::settings::{Proxies, Trust};

/// What answers requests: the network, or a test.
pub trait Http: Send + Sync {
    /// Fetches one document, and follows no redirect.
    ///
    /// # Errors
    /// [`HttpError`] if there is no complete response. A response may have any status.
    fn get(&self, request: GetRequest) -> Result<Response, HttpError>;
}

/// A request for one document.
#[derive(Debug)]
pub struct GetRequest {
    /// A URL, https or http.
    pub url: String,
    /// The entity tag of the cached document (RFC 9110 section 13.1.2).
    pub etag: Option<String>,
    /// Whether other caches must ask the server itself (RFC 9111 section 5.2.1.4).
    pub bypass_caches: bool,
    /// The time limit, from name resolution to the last byte.
    pub timeout: Duration,
    /// The longest body that is read, in bytes, after it is decompressed.
    pub max_bytes: usize,
}

/// An answer, with those of its headers that are of use.
#[derive(Default)]
pub struct Response {
    /// The status code (RFC 9110 section 15).
    pub status: u16,
    /// `Location`: where a redirect leads.
    pub location: Option<String>,
    /// `ETag`: what identifies this version of the document.
    pub etag: Option<String>,
    /// Its headers about caching.
    pub caching: CacheHeaders,
    /// The body, up to the bound.
    pub body: Bounded,
}

/// The headers about the lifetime of a document (RFC 9111), as they were sent.
#[derive(Debug, Clone, Default)]
pub struct CacheHeaders {
    /// All `Cache-Control` headers, with commas between them.
    pub cache_control: String,
    /// The first `Expires` header, a date or junk.
    pub expires: Option<String>,
    /// The first `Date` header: the server's time of the response.
    pub date: Option<String>,
    /// The first `Age` header: how long other caches have stored it.
    pub age: Option<String>,
}

impl CacheHeaders {
    /// Whether they give a lifetime of the document.
    pub(crate) fn is_given(&self) -> bool {
        !self.cache_control.is_empty() || self.expires.is_some()
    }

    fn of(headers: &HeaderMap) -> Self {
        // A byte that is not ASCII must not hide the rest.
        let all = |name: &str| {
            let values = headers.get_all(name).iter();
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            cache_control: all("cache-control").collect::<Vec<_>>().join(","),
            expires: all("expires").next(),
            date: all("date").next(),
            age: all("age").next(),
        }
    }
}

/// The certificates that a client trusts, and its proxies.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub(crate) trust: Trust,
    pub(crate) proxies: Proxies,
}

/// A function that makes a client.
pub type Connect = dyn Fn(&Settings) -> Box<dyn Http> + Sync;

/// A network client, or why the certificates that it should trust cannot be used.
struct Client {
    agent: Result<ureq::Agent, HttpError>,
    proxies: Proxies,
}

/// A network client. It connects at its first request.
pub fn connect(settings: &Settings) -> Box<dyn Http> {
    resolver::prepare();
    let agent = settings.trust.roots().map(agent).map_err(HttpError::Trust);
    Box::new(Client { agent, proxies: settings.proxies.clone() })
}

fn agent(roots: RootCerts) -> ureq::Agent {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("jwtctl/", env!("CARGO_PKG_VERSION")))
        .accept("application/json, application/jwk-set+json")
        .build();
    let resolver = LoopbackResolver(DefaultResolver::default());
    ureq::Agent::with_parts(config, DefaultConnector::new(), resolver)
}

impl Http for Client {
    fn get(&self, request: GetRequest) -> Result<Response, HttpError> {
        let (agent, timeout) = (self.agent.clone()?, request.timeout);
        let proxy = self.proxies.proxy_for(&request.url).map_err(HttpError::Proxy)?;
        // The library does not limit every wait, such as that for a proxy's response, so the caller does not wait for it.
        let (sender, receiver) = mpsc::channel();
        let exchange = move || drop(sender.send(request.send(&agent, proxy)));
        thread::Builder::new().spawn(exchange).map_err(|error| HttpError::Io(Arc::new(error)))?;
        receiver.recv_timeout(timeout).unwrap_or(Err(HttpError::Timeout))
    }
}

impl GetRequest {
    fn send(self, agent: &ureq::Agent, proxy: Option<ureq::Proxy>) -> Result<Response, HttpError> {
        let mut request = agent.get(self.url);
        if let Some(etag) = self.etag {
            request = request.header("If-None-Match", etag);
        }
        if self.bypass_caches {
            request = request.header("Cache-Control", "no-cache");
        }
        let is_direct = proxy.is_none();
        let config = request.config().proxy(proxy).timeout_global(Some(self.timeout));
        let mut answer = config.build().call().map_err(|error| match error.into() {
            HttpError::Io(error) if !is_direct => HttpError::Proxy(error.to_string()),
            error => error,
        })?;
        let headers = answer.headers();
        let text = |name| Some(headers.get(name)?.to_str().ok()?.trim().to_owned());
        let mut response = Response {
            status: answer.status().as_u16(),
            location: text("location"),
            etag: text("etag"),
            caching: CacheHeaders::of(headers),
            body: Bounded::default(),
        };
        let read = read_bounded(&mut answer.body_mut().as_reader(), self.max_bytes);
        response.body = read.map_err(ureq::Error::from)?;
        Ok(response)
    }
}
