//! The names of certificates' subjects.

use std::fmt;
use std::net::IpAddr;

use thiserror::Error;

/// A name of a certificate's subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectName {
    /// A host name, which may begin with a wildcard in a certificate, or an IP address.
    Dns(String),
    /// A URI, such as a SPIFFE ID.
    Uri(String),
    /// An e-mail address.
    Email(String),
    /// The common name of the subject, which is any text.
    CommonName(String),
}

/// Why a text is not a name that a certificate can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubjectNameError {
    /// Nothing, or nothing after `CN=`.
    #[error("it is empty")]
    Empty,
    /// A host name with a wildcard.
    #[error("a wildcard, and one host is expected")]
    Wildcard,
    /// This host name, with a port.
    #[error("a host name with a port, which certificates do not have")]
    Port(String),
    /// A host name, URI or e-mail address that is not ASCII.
    #[error("not ASCII, as host names, URIs and e-mail addresses in certificates are")]
    NotAscii,
    /// No kind of name.
    #[error("not a host name, a URI, an e-mail address, or CN=TEXT")]
    NotAName,
}

impl SubjectName {
    /// Reads a name as a user writes it: a URI has a scheme, an e-mail address an @, and a common name `CN=` before it.
    ///
    /// # Errors
    /// [`SubjectNameError`] for what no certificate can match.
    pub fn parse(text: &str) -> Result<Self, SubjectNameError> {
        use SubjectNameError as Error;
        let common_name = text.strip_prefix("CN=");
        if common_name.unwrap_or(text).trim().is_empty() {
            return Err(Error::Empty);
        }
        let owned = text.to_owned();
        if let Some(name) = common_name {
            return Ok(Self::CommonName(name.to_owned()));
        }
        if !text.is_ascii() {
            return Err(Error::NotAscii);
        }
        if text.parse::<IpAddr>().is_ok() {
            return Ok(Self::Dns(owned));
        }
        match text.split_once(':') {
            Some((host, port)) if is_host(host) && port.parse::<u16>().is_ok() => {
                return Err(Error::Port(host.to_owned()));
            }
            Some((scheme, _)) if is_scheme(scheme) => return Ok(Self::Uri(owned)),
            _ => {}
        }
        match text.rsplit_once('@') {
            Some(("", _) | (_, "")) => Err(Error::NotAName),
            Some(_) => Ok(Self::Email(owned)),
            None if text.starts_with("*.") => Err(Error::Wildcard),
            None if is_host(text) => Ok(Self::Dns(owned)),
            None => Err(Error::NotAName),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Dns(text) | Self::Uri(text) | Self::Email(text) | Self::CommonName(text) => text,
        }
    }
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if let Self::CommonName(_) = self { "CN=" } else { "" };
        write!(f, "{prefix}{}", self.text())
    }
}

fn is_scheme(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_part)
}

/// Whether a text is a host name (RFC 1123 section 2.1), also one with an underscore. It may end with a dot.
fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        (1..=63).contains(&label.len())
            && label.bytes().all(is_part)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    name.len() <= 253 && name.split('.').all(is_label) && !name.rsplit('.').take(1).all(is_number)
}
