//! URLs (RFC 3986) that keys may be fetched from: https, or plain http on this machine. The network client resolves
//! names, and refuses http to another machine.

use std::fmt;
use std::net::IpAddr;

use fluent_uri::component::{Authority, Host, Scheme};
use fluent_uri::pct_enc::{EString, encoder};
use fluent_uri::{Uri, UriRef};

use crate::json::cut;
use crate::secret::may_hold_secret;
use crate::sys::is_this_machine;

/// The longest URL, in bytes. Servers accept no longer ones.
const LONGEST: usize = 2048;

/// How much longer than an issuer's URL the URL of its document may be.
const ROOM: usize = 64;

/// The longest URL in a message, in characters.
const LONGEST_SHOWN: usize = 200;

/// A URL that keys may be fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(Uri<String>);

/// Why keys are not fetched from a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum UrlFault {
    #[error("it is not a URL")]
    NotAUrl,
    #[error("it is too long")]
    TooLong,
    #[error("{} is not https", cut(.0, 20))]
    Scheme(String),
    /// It is http, to another machine's address.
    #[error("http is not secure")]
    Plain,
    /// It is http, and its host resolves to another machine (this address) or to nothing.
    #[error("http is not secure, and the name {}", resolved(*.0))]
    NotThisMachine(Option<IpAddr>),
    #[error("it leads from https to http")]
    Downgrade,
    #[error("it contains a user name or password")]
    UserInfo,
    /// OpenID Connect Discovery 1.0 section 3
    #[error("an issuer has no query and no fragment")]
    NotAnIssuer,
}

fn resolved(address: Option<IpAddr>) -> String {
    match address {
        Some(address) => format!("resolves to {address}, not to this machine"),
        None => "does not resolve to an address of this machine".to_owned(),
    }
}

impl Url {
    /// Parses a URL and drops its fragment.
    ///
    /// # Errors
    /// [`UrlFault`], never `NotThisMachine`, `Downgrade` and `NotAnIssuer`.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        Self::checked(&Uri::parse(text.to_owned()).map_err(|_| UrlFault::NotAUrl)?)
    }

    /// Parses an issuer's URL (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).
    ///
    /// # Errors
    /// [`UrlFault`], never `NotThisMachine` and `Downgrade`.
    pub fn parse_issuer(text: &str) -> Result<Self, UrlFault> {
        let url = Self::parse(text)?;
        if text.len() > LONGEST - ROOM {
            return Err(UrlFault::TooLong);
        }
        if text.contains(['?', '#']) { Err(UrlFault::NotAnIssuer) } else { Ok(url) }
    }

    /// The target of a redirect with this `Location`.
    ///
    /// # Errors
    /// [`UrlFault`], never `NotThisMachine` and `NotAnIssuer`.
    pub fn join(&self, reference: &str) -> Result<Self, UrlFault> {
        let reference = UriRef::parse(reference).map_err(|_| UrlFault::NotAUrl)?;
        let next = reference.resolve_against(&self.0).map_err(|_| UrlFault::NotAUrl)?;
        self.lead_to(Self::checked(&next)?)
    }

    /// Checks a URL that a document at this one names.
    pub(super) fn lead_to(&self, next: Self) -> Result<Self, UrlFault> {
        let is_secure = |url: &Self| url.0.scheme().as_str() == "https";
        if is_secure(self) && !is_secure(&next) { Err(UrlFault::Downgrade) } else { Ok(next) }
    }

    /// Normalizes a URL, so that the cache and the check of its scheme see a single spelling.
    fn checked(uri: &Uri<String>) -> Result<Self, UrlFault> {
        if uri.as_str().len() > LONGEST {
            return Err(UrlFault::TooLong);
        }
        let uri = uri.normalize();
        let scheme = uri.scheme().as_str();
        if scheme != "https" && scheme != "http" {
            return Err(UrlFault::Scheme(scheme.to_owned()));
        }
        let authority = uri.authority().ok_or(UrlFault::NotAUrl)?;
        if authority.has_userinfo() {
            return Err(UrlFault::UserInfo);
        }
        if authority.host().is_empty() || authority.port_to_u16().is_err() {
            return Err(UrlFault::NotAUrl);
        }
        if scheme == "http" && !may_be_this_machine(&authority) {
            return Err(UrlFault::Plain);
        }
        Ok(Self(uri.strip_fragment().to_owned()))
    }

    /// The whole URL, including the query, which may be secret.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A URL as a message may show it: without user name, password and query. Of a text that cannot be parsed, only the
/// scheme is shown.
pub fn redacted_url(text: &str) -> String {
    match UriRef::parse(text) {
        Ok(uri) => shown(uri.scheme(), uri.authority(), uri.path().as_str()),
        Err(_) => "…".to_owned(),
    }
}

/// Where an issuer may have its document: OpenID Connect Discovery 1.0 section 4, and RFC 8414 section 3.
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
pub(super) fn discovery_urls(issuer: &Url) -> [Url; 2] {
    let (scheme, path) = (issuer.0.scheme(), issuer.0.path().as_str().trim_end_matches('/'));
    let authority = issuer.0.authority().map_or("", |authority| authority.as_str());
    [format!("{path}{OPENID}"), format!("{OAUTH}{path}")].map(|path| {
        Url::parse(&format!("{scheme}://{authority}{path}")).unwrap_or_else(|_| issuer.clone())
    })
}

/// Shows the URL without its query, which may be a secret, and without a path that looks like one.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(Some(self.0.scheme()), self.0.authority(), self.0.path().as_str()))?;
        f.write_str(if self.0.has_query() { "?…" } else { "" })
    }
}

fn shown(scheme: Option<&Scheme>, authority: Option<Authority<'_>>, path: &str) -> String {
    let scheme = scheme.map_or(String::new(), |scheme| format!("{scheme}:"));
    let Some(authority) = authority else {
        return if scheme.is_empty() { plain(path, "…") } else { format!("{scheme}…") };
    };
    if authority.has_userinfo() {
        return format!("{scheme}…");
    }
    let host = plain(authority.as_str(), "…");
    cut(&format!("{scheme}//{host}{}", plain(path, "/…")), LONGEST_SHOWN)
}

/// A text, or `instead` if it may be or contain a secret.
fn plain(text: &str, instead: &str) -> String {
    let is_odd = text.contains(['@', '%', '\\']) || text.contains("//");
    if is_odd || may_hold_secret(text) { instead.to_owned() } else { cut(text, LONGEST_SHOWN) }
}

fn may_be_this_machine(authority: &Authority<'_>) -> bool {
    match authority.host_parsed() {
        Host::Ipv4(address) => is_this_machine(address.into()),
        Host::Ipv6(address) => is_this_machine(address.into()),
        Host::RegName(_) => true,
        Host::IpvFuture { .. } => false,
    }
}

/// A path as that of a relative URI (RFC 3986 section 4.2).
pub(crate) fn encoded_path(path: &str) -> String {
    let mut encoded = EString::<encoder::Path>::new();
    encoded.encode_str::<encoder::Path>(path);
    encoded.into_string()
}
