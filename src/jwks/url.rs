//! URLs (RFC 3986) that keys may be fetched from: https, or plain http on this machine. Names are not resolved here:
//! the client of the network does that, and refuses http to another machine.

use std::fmt;
use std::net::IpAddr;

use fluent_uri::component::{Authority, Host, Scheme};
use fluent_uri::{Uri, UriRef};

use crate::json::cut;
use crate::secret::may_hold_secret;
use crate::sys::is_this_machine;

/// The longest URL, in bytes: what servers take.
const LONGEST: usize = 2048;

/// The room for what the URL of an issuer's document has beside that of the issuer.
const ROOM: usize = 64;

/// The longest URL in a message, in characters.
const LONGEST_SAID: usize = 200;

/// A URL that may be asked for keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(Uri<String>);

/// Why a text is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlFault {
    /// It is no URL with a host.
    NotAUrl,
    /// It is longer than any.
    TooLong,
    /// It has another scheme than https.
    Scheme(String),
    /// It is http, to another machine's address.
    Plain,
    /// It is http, and its host resolves to another machine (this address) or to nothing.
    NotThisMachine(Option<IpAddr>),
    /// It leads from https to http.
    Downgrade,
    /// It holds a user's name or password.
    UserInfo,
    /// It holds a query or fragment, which an issuer has not (OpenID Connect Discovery 1.0 section 3).
    NotAnIssuer,
}

impl Url {
    /// Reads a URL; a fragment is left out.
    ///
    /// # Errors
    /// [`UrlFault`], never `NotThisMachine`, `Downgrade` and `NotAnIssuer`.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        Self::checked(&Uri::parse(text.to_owned()).map_err(|_| UrlFault::NotAUrl)?)
    }

    /// Reads an issuer's URL (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).
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

    /// Where a redirect leads.
    ///
    /// # Errors
    /// [`UrlFault`], never `NotThisMachine` and `NotAnIssuer`.
    pub fn join(&self, reference: &str) -> Result<Self, UrlFault> {
        let reference = UriRef::parse(reference).map_err(|_| UrlFault::NotAUrl)?;
        let next = reference.resolve_against(&self.0).map_err(|_| UrlFault::NotAUrl)?;
        self.lead_to(Self::checked(&next)?)
    }

    /// A URL that a document of this one names.
    ///
    /// # Errors
    /// `Downgrade`
    pub fn lead_to(&self, next: Self) -> Result<Self, UrlFault> {
        if self.is_secure() && !next.is_secure() { Err(UrlFault::Downgrade) } else { Ok(next) }
    }

    /// In its normal form: one URL has one spelling, for what is kept of it and for whoever looks at its scheme.
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

    fn is_secure(&self) -> bool {
        self.0.scheme().as_str() == "https"
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The URL with another path and without a query.
    #[must_use]
    pub fn with_path(&self, path: &str) -> String {
        let authority = self.0.authority().map_or("", |authority| authority.as_str());
        format!("{}://{authority}{path}", self.0.scheme())
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.path().as_str()
    }
}

/// A text that is meant for a URL, as it may be said: without a name, a password, a query; and no more than its scheme
/// where it is not plain what is what.
#[must_use]
pub fn sayable(text: &str) -> String {
    match UriRef::parse(text) {
        Ok(uri) => shown(uri.scheme(), uri.authority(), uri.path().as_str()),
        Err(_) => "…".to_owned(),
    }
}

/// As it may be said: a query may hold a secret, and so may a path that looks like one.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(Some(self.0.scheme()), self.0.authority(), self.path()))?;
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
    cut(&format!("{scheme}//{host}{}", plain(path, "/…")), LONGEST_SAID)
}

/// A text, or what stands for one that may be a secret, or hide one.
fn plain(text: &str, instead: &str) -> String {
    let is_odd = text.contains(['@', '%', '\\']) || text.contains("//");
    if is_odd || may_hold_secret(text) { instead.to_owned() } else { cut(text, LONGEST_SAID) }
}

fn may_be_this_machine(authority: &Authority<'_>) -> bool {
    match authority.host_parsed() {
        Host::Ipv4(address) => is_this_machine(address.into()),
        Host::Ipv6(address) => is_this_machine(address.into()),
        Host::RegName(_) => true,
        Host::IpvFuture { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_or_this_machine() {
        for (text, normal) in [
            ("https://a.example", "https://a.example"),
            ("HTTPS://A.Example:8443/x/./y?y=z#f", "https://a.example:8443/x/y?y=z"),
            ("http://localhost:1/", "http://localhost:1/"),
            ("http://LOCALHOST/", "http://localhost/"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("http://127.9.9.9/x", "http://127.9.9.9/x"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            ("http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]/"),
            ("http://a.example/", "http://a.example/"),
        ] {
            assert_eq!(Url::parse(text).unwrap().as_str(), normal);
        }
        let long = format!("https://a.example/{}", "a".repeat(2048));
        assert_eq!(Url::parse(&long), Err(UrlFault::TooLong));
        for (text, fault) in [
            ("http://10.0.0.1/", UrlFault::Plain),
            ("http://0.0.0.0/", UrlFault::Plain),
            ("http://[::2]/", UrlFault::Plain),
            ("http://[::]/", UrlFault::Plain),
            ("http://[::127.0.0.1]/", UrlFault::Plain),
            ("http://[::ffff:10.0.0.1]/", UrlFault::Plain),
            ("http://[v1.x]/", UrlFault::Plain),
            ("ftp://a.example/", UrlFault::Scheme("ftp".to_owned())),
            ("file:///etc/passwd", UrlFault::Scheme("file".to_owned())),
            ("javascript:alert(1)", UrlFault::Scheme("javascript".to_owned())),
            ("https:a", UrlFault::NotAUrl),
            ("https://", UrlFault::NotAUrl),
            ("https:///x", UrlFault::NotAUrl),
            ("https://a.example:99999/", UrlFault::NotAUrl),
            ("https://a b/", UrlFault::NotAUrl),
            ("https://ä.example/", UrlFault::NotAUrl),
            ("https://u:p@a.example/", UrlFault::UserInfo),
            ("http://localhost@a.example/", UrlFault::UserInfo),
            ("a.example", UrlFault::NotAUrl),
            ("", UrlFault::NotAUrl),
        ] {
            assert_eq!(Url::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_redirect_keeps_the_rules() {
        let secure = Url::parse("https://a.example/x/y").unwrap();
        for (reference, target) in [
            ("/z", "https://a.example/z"),
            ("z?q", "https://a.example/x/z?q"),
            ("//b.example/z#f", "https://b.example/z"),
            ("https://b.example", "https://b.example"),
        ] {
            assert_eq!(secure.join(reference).unwrap().as_str(), target);
        }
        for (reference, fault) in [
            ("http://127.0.0.1/", UrlFault::Downgrade),
            ("http://a.example/", UrlFault::Downgrade),
            ("http://10.0.0.1/", UrlFault::Plain),
            ("ftp://a.example/", UrlFault::Scheme("ftp".to_owned())),
            ("//u@b.example/", UrlFault::UserInfo),
            ("\n", UrlFault::NotAUrl),
        ] {
            assert_eq!(secure.join(reference), Err(fault), "{reference}");
        }
        let plain = Url::parse("http://127.0.0.1:1/x").unwrap();
        assert_eq!(plain.join("/z").unwrap().as_str(), "http://127.0.0.1:1/z");
        assert_eq!(plain.join("https://a.example/").unwrap().as_str(), "https://a.example/");
    }

    #[test]
    fn an_issuer_has_no_query_and_no_fragment() {
        assert!(Url::parse_issuer("https://a.example/x/").is_ok());
        for text in ["https://a.example/?x", "https://a.example/#x", "https://a.example#"] {
            assert_eq!(Url::parse_issuer(text), Err(UrlFault::NotAnIssuer), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_secret_is_not_said() {
        let said = |text| Url::parse(text).unwrap().to_string();
        assert_eq!(said("https://a.example:1/keys"), "https://a.example:1/keys");
        assert_eq!(said("https://a.example/keys?code=hunter2"), "https://a.example/keys?…");
        for (text, shown) in [
            ("https://a.example/x?code=hunter2#hunter2", "https://a.example/x"),
            ("https://u:hunter2@a.example/x", "https:…"),
            ("https://u:hun/ter2@a.example/x", "…"),
            ("https:u:hunter2@a.example", "https:…"),
            ("mailto:u:hunter2@a.example", "mailto:…"),
            ("javascript:alert(1)", "javascript:…"),
            ("/x/y?hunter2", "/x/y"),
            ("/x//u:hunter2@a.example", "…"),
            ("/%65yJhbGciOiJIUzI1NiJ9.e30.AAAA", "…"),
            ("//u:hunter2@a.example/", "…"),
            ("https:\\\\u:hunter2@a.example", "…"),
            ("https://a b/hunter2", "…"),
        ] {
            assert_eq!(sayable(text), shown);
        }
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAAAAAAAAAA";
        assert_eq!(said(&format!("https://a.example/{token}")), "https://a.example/…");
    }
}
