//! One exchange over HTTP, with bounds on its time and size; https is checked against the platform's
//! certificates or the caller's own. It follows no redirect, keeps nothing, and knows nothing of keys.

use std::fmt;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustls::{CertificateError, OtherError};
use ureq::http::{HeaderMap, HeaderValue};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::loopback::{Addresses, NotThisMachine};
use super::proxy::Proxies;
use super::read::{Bounded, read_bounded};
use super::resolver;
use super::trust::{Trust, TrustError};

/// Whoever answers requests: the network, or a test.
pub trait Http: Send + Sync {
    /// Asks for one document.
    ///
    /// # Errors
    /// [`HttpError`]: there is no whole answer. An answer of any status is one.
    fn get(&self, get: GetRequest) -> Result<Response, HttpError>;
}

/// What is asked for.
#[derive(Debug)]
pub struct GetRequest {
    /// The URL.
    pub url: String,
    /// The entity tag of what is there already (RFC 9110 section 13.1.2).
    pub etag: Option<String>,
    /// Whether caches on the way are to ask the server itself (RFC 9111 section 5.2.1.4).
    pub past_caches: bool,
    /// How long it may take, from the name's look-up to the last byte.
    pub timeout: Duration,
    /// The longest body that is read, in bytes, after it is decompressed.
    pub most: usize,
}

/// What was answered.
#[derive(Default)]
pub struct Response {
    /// The status code (RFC 9110 section 15).
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The document's entity tag.
    pub etag: Option<String>,
    /// How long it may be kept.
    pub caching: CacheHeaders,
    /// The body, up to the bound.
    pub body: Bounded,
}

/// What the headers say of how long a document may be kept (RFC 9111), as they stand.
#[derive(Debug, Clone, Default)]
pub struct CacheHeaders {
    /// All that `Cache-Control` says.
    pub cache_control: String,
    /// The first `Expires`.
    pub expires: Option<String>,
    /// When the server says that it answered: `Date`.
    pub date: Option<String>,
    /// How long caches on the way have kept it: the first `Age`.
    pub age: Option<String>,
}

impl CacheHeaders {
    /// Whether the headers say anything about it.
    #[must_use]
    pub fn is_said(&self) -> bool {
        !self.cache_control.is_empty() || self.expires.is_some()
    }

    fn of(headers: &HeaderMap) -> Self {
        // A byte that is not ASCII must not hide the rest.
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let first = |name: &str| headers.get(name).map(text);
        let all: Vec<_> = headers.get_all("cache-control").iter().map(text).collect();
        Self {
            cache_control: all.join(","),
            expires: first("expires"),
            date: first("date"),
            age: first("age"),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum HttpError {
    /// It was not there in time.
    Timeout,
    /// What the operating system said: a name that is not known, nobody who listens, an early end.
    Io(Arc<io::Error>),
    /// The server's certificate is not accepted.
    Certificate(CertificateFault),
    /// No secure connection came about for another reason.
    Tls(String),
    /// There are no certificates to trust.
    NobodyTrusted(String),
    /// The connection ended before the answer did.
    EndedEarly,
    /// The proxy cannot be used.
    Proxy(String),
    /// What came back is not HTTP as it should be.
    Protocol(String),
    /// It is plain http to another machine.
    NotThisMachine(NotThisMachine),
    /// The certificates that a variable names cannot be used.
    Trust(TrustError),
}

/// What is wrong with a server's certificate (RFC 5280 section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// Nobody who is trusted has signed it.
    Untrusted,
    /// It is a CA's own, as one is that has signed itself.
    OfACa,
    /// Its time is over.
    Expired {
        /// Since when, if that is known: seconds since 1970-01-01 00:00 UTC.
        since: Option<u64>,
    },
    /// Its time has not come.
    NotYetValid,
    /// It is for another name.
    OtherName {
        /// For which names, as far as that is known.
        names: Vec<String>,
    },
    /// In the words of the library.
    Other(String),
}

/// How a client is to go about it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The certificates to trust.
    pub trust: Trust,
    /// The proxies to go through.
    pub proxies: Proxies,
}

/// What makes a client.
pub type Connect = dyn Fn(&Settings) -> Box<dyn Http> + Sync;

/// A client of the network, or why the certificates that it should trust cannot be used.
struct Client {
    agent: Result<ureq::Agent, HttpError>,
    proxies: Proxies,
}

/// A client of the network. It connects when it is first asked for something.
#[must_use]
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
    let resolver = Addresses(DefaultResolver::default());
    ureq::Agent::with_parts(config, DefaultConnector::new(), resolver)
}

impl Http for Client {
    fn get(&self, get: GetRequest) -> Result<Response, HttpError> {
        let (agent, timeout) = (self.agent.clone()?, get.timeout);
        let proxy = self.proxies.of(&get.url).map_err(|why| HttpError::Proxy(why.to_owned()))?;
        // Not every wait of the library ends in time: that for a proxy's answer does not. So nobody waits for it.
        let (sender, receiver) = mpsc::channel();
        let spawned =
            thread::Builder::new().spawn(move || drop(sender.send(get.send(&agent, proxy))));
        spawned.map_err(|error| HttpError::Io(Arc::new(error)))?;
        receiver.recv_timeout(timeout).unwrap_or(Err(HttpError::Timeout))
    }
}

impl GetRequest {
    fn send(self, agent: &ureq::Agent, proxy: Option<ureq::Proxy>) -> Result<Response, HttpError> {
        let mut request = agent.get(self.url);
        if let Some(etag) = self.etag {
            request = request.header("If-None-Match", etag);
        }
        if self.past_caches {
            request = request.header("Cache-Control", "no-cache");
        }
        let is_direct = proxy.is_none();
        let config = request.config().proxy(proxy).timeout_global(Some(self.timeout));
        let mut answered = config.build().call().map_err(|error| match classify(error) {
            HttpError::Io(error) if !is_direct => HttpError::Proxy(error.to_string()),
            error => error,
        })?;
        let headers = answered.headers();
        let mut response = Response {
            status: answered.status().as_u16(),
            location: first(headers, "location"),
            etag: first(headers, "etag"),
            caching: CacheHeaders::of(headers),
            body: Bounded::default(),
        };
        let read = read_bounded(&mut answered.body_mut().as_reader(), self.most);
        response.body = read.map_err(|error| classify(error.into()))?;
        Ok(response)
    }
}

fn first(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}

fn classify(error: ureq::Error) -> HttpError {
    match error {
        ureq::Error::Timeout(_) => HttpError::Timeout,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => HttpError::Timeout,
        ureq::Error::Io(error) => {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(error) => tls(error),
                None if error.kind() == io::ErrorKind::UnexpectedEof => HttpError::EndedEarly,
                None => HttpError::Io(Arc::new(error)),
            }
        }
        ureq::Error::HostNotFound => {
            HttpError::Io(Arc::new(io::Error::other("the name has no address")))
        }
        ureq::Error::Rustls(error) => tls(&error),
        ureq::Error::Tls(reason) => HttpError::Tls(reason.to_owned()),
        ureq::Error::LargeResponseHeader(..) => {
            HttpError::Protocol("its header is too long".to_owned())
        }
        ureq::Error::Protocol(error) => HttpError::Protocol(error.to_string()),
        ureq::Error::ConnectProxyFailed(reason) => HttpError::Proxy(reason),
        ureq::Error::Other(error) => match error.downcast() {
            Ok(fault) => HttpError::NotThisMachine(*fault),
            Err(error) => HttpError::Protocol(error.to_string()),
        },
        error => HttpError::Protocol(error.to_string()),
    }
}

fn tls(error: &rustls::Error) -> HttpError {
    let fault = match error {
        rustls::Error::InvalidCertificate(fault) => fault,
        // What the platform's verifier says where it finds none.
        rustls::Error::General(reason) => return HttpError::NobodyTrusted(reason.clone()),
        other => return HttpError::Tls(other.to_string()),
    };
    HttpError::Certificate(match fault {
        CertificateError::UnknownIssuer => CertificateFault::Untrusted,
        CertificateError::Expired => CertificateFault::Expired { since: None },
        CertificateError::ExpiredContext { not_after, .. } => {
            CertificateFault::Expired { since: Some(not_after.as_secs()) }
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYetValid
        }
        CertificateError::NotValidForName => CertificateFault::OtherName { names: Vec::new() },
        CertificateError::NotValidForNameContext { presented, .. } => {
            CertificateFault::OtherName { names: presented.clone() }
        }
        CertificateError::Other(OtherError(error)) => match error.downcast_ref() {
            Some(webpki::Error::CaUsedAsEndEntity) => CertificateFault::OfACa,
            _ => CertificateFault::Other(error.to_string()),
        },
        other => CertificateFault::Other(other.to_string()),
    })
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("there was no whole answer in time"),
            Self::Io(error) => error.fmt(f),
            Self::Certificate(fault) => {
                write!(f, "the server's certificate is not accepted: {fault}")
            }
            Self::Tls(reason) => write!(f, "no secure connection came about: {reason}"),
            Self::NobodyTrusted(reason) => {
                write!(f, "there are no certificates to trust: {reason}")
            }
            Self::EndedEarly => f.write_str("the connection ended before the answer did"),
            Self::Proxy(reason) => write!(f, "the proxy cannot be used: {reason}"),
            Self::Protocol(reason) => write!(f, "the answer is not HTTP as it should be: {reason}"),
            Self::NotThisMachine(fault) => fault.fmt(f),
            Self::Trust(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HttpError {}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted => f.write_str("nobody who is trusted has signed it"),
            Self::OfACa => f.write_str("it is that of a CA, and not of a server"),
            Self::Expired { .. } => f.write_str("it has expired"),
            Self::NotYetValid => f.write_str("it is not valid yet"),
            Self::OtherName { names } if names.is_empty() => f.write_str("it is for another name"),
            Self::OtherName { names } => write!(f, "it is for {}", names.join(", ")),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}
