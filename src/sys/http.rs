//! One exchange over HTTP, limited in time and size; https is checked against the platform's certificates or the
//! caller's own. It follows no redirects, caches nothing, and knows nothing about keys.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::http_error::HttpError;
use super::io::{Bounded, read_bounded};
use super::resolver::{self, LoopbackResolver};
use super::settings::{Proxies, Trust};

pub use ureq::http::HeaderMap;

/// Fetches one document, and follows no redirect: from the network, or from a test. A response may have any status; an
/// [`HttpError`] says why there is no complete one.
pub type Http = dyn Fn(GetRequest) -> Result<Response, HttpError> + Send + Sync;

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

/// A response, with its body up to the limit.
pub type Response = ureq::http::Response<Bounded>;

/// The certificates that a client trusts, and its proxies.
#[derive(Clone, Default)]
pub struct Settings {
    pub(crate) trust: Trust,
    pub(crate) proxies: Proxies,
}

/// A function that makes a client.
pub type Connect = dyn Fn(&Settings) -> Box<Http> + Sync;

/// A network client. It connects at its first request, and reports only then that its certificates cannot be used.
pub fn connect(settings: &Settings) -> Box<Http> {
    resolver::prepare();
    let agent = settings.trust.roots().map(agent);
    let proxies = settings.proxies.clone();
    Box::new(move |request| {
        let (agent, timeout) = (agent.clone()?, request.timeout);
        let proxy = proxies.proxy_for(&request.url).map_err(HttpError::Proxy)?;
        // The library does not limit all waits (such as for a proxy), so the caller does not wait for this thread.
        let (sender, receiver) = mpsc::channel();
        let exchange = move || drop(sender.send(request.send(&agent, proxy)));
        thread::Builder::new().spawn(exchange).map_err(|error| HttpError::Io(Arc::new(error)))?;
        receiver.recv_timeout(timeout).unwrap_or(Err(HttpError::Timeout))
    })
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
        let answer = config.build().call().map_err(|error| match error.into() {
            HttpError::Io(error) if !is_direct => HttpError::Proxy(error.to_string()),
            error => error,
        })?;
        let (head, mut body) = answer.into_parts();
        let read = read_bounded(&mut body.as_reader(), self.max_bytes);
        Ok(Response::from_parts(head, read.map_err(ureq::Error::from)?))
    }
}
