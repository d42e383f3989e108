//! Why there is no answer over HTTP.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use rustls::{CertificateError, OtherError};

use super::trust::TrustError;

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum HttpError {
    /// There was no complete answer in time.
    Timeout,
    /// The operating system's error, such as an unknown name or a refused connection.
    Io(Arc<io::Error>),
    /// The server's certificate is not accepted.
    Certificate(CertificateFault),
    /// The TLS handshake failed for another reason.
    Tls(String),
    /// The platform has no certificates to trust.
    NoTrustedCertificates(String),
    /// The connection ended before the answer did.
    EndedEarly,
    /// The proxy cannot be used.
    Proxy(String),
    /// The answer breaks the rules of HTTP.
    Protocol(String),
    /// Plain http to another machine at this address, or to a name without one. Nothing was sent.
    NotThisMachine(Option<IpAddr>),
    /// The certificates that a variable names cannot be used.
    Trust(TrustError),
}

/// What is wrong with a server's certificate (RFC 5280 section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFault {
    /// It is not signed by a trusted CA.
    Untrusted,
    /// It is a CA's own, as a self-signed one often is.
    IsCa,
    /// It has expired, at this Unix time if that is known.
    Expired(Option<u64>),
    /// It is not valid yet.
    NotYetValid,
    /// It is for these names, as far as they are known, and not for the server's.
    OtherName(Vec<String>),
    /// The library's words for anything else.
    Other(String),
}

impl From<ureq::Error> for HttpError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::Timeout,
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => Self::Timeout,
            ureq::Error::Io(error) => {
                match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    Some(error) => error.into(),
                    None if error.kind() == io::ErrorKind::UnexpectedEof => Self::EndedEarly,
                    None => Self::Io(Arc::new(error)),
                }
            }
            ureq::Error::HostNotFound => {
                Self::Io(Arc::new(io::Error::other("the name has no address")))
            }
            ureq::Error::Rustls(error) => Self::from(&error),
            ureq::Error::Tls(reason) => Self::Tls(reason.to_owned()),
            ureq::Error::LargeResponseHeader(..) => {
                Self::Protocol("its header is too long".to_owned())
            }
            ureq::Error::Protocol(error) => Self::Protocol(error.to_string()),
            ureq::Error::ConnectProxyFailed(reason) => Self::Proxy(reason),
            ureq::Error::Other(error) => match error.downcast() {
                Ok(refused) => *refused,
                Err(error) => Self::Protocol(error.to_string()),
            },
            error => Self::Protocol(error.to_string()),
        }
    }
}

impl From<&rustls::Error> for HttpError {
    fn from(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => Self::Certificate(error.into()),
            // What the platform's verifier says where it finds none.
            rustls::Error::General(reason) => Self::NoTrustedCertificates(reason.clone()),
            other => Self::Tls(other.to_string()),
        }
    }
}

impl From<&CertificateError> for CertificateFault {
    fn from(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::Untrusted,
            CertificateError::Expired => Self::Expired(None),
            CertificateError::ExpiredContext { not_after, .. } => {
                Self::Expired(Some(not_after.as_secs()))
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotYetValid
            }
            CertificateError::NotValidForName => Self::OtherName(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                Self::OtherName(presented.clone())
            }
            CertificateError::Other(OtherError(error)) => match error.downcast_ref() {
                Some(webpki::Error::CaUsedAsEndEntity) => Self::IsCa,
                _ => Self::Other(error.to_string()),
            },
            other => Self::Other(other.to_string()),
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("there was no complete answer in time"),
            Self::Io(error) => error.fmt(f),
            Self::Certificate(fault) => {
                write!(f, "the server's certificate is not accepted: {fault}")
            }
            Self::Tls(reason) => write!(f, "TLS handshake failed: {reason}"),
            Self::NoTrustedCertificates(reason) => {
                write!(f, "there are no certificates to trust: {reason}")
            }
            Self::EndedEarly => f.write_str("the connection ended before the answer did"),
            Self::Proxy(reason) => write!(f, "the proxy cannot be used: {reason}"),
            Self::Protocol(reason) => write!(f, "the answer is not valid HTTP: {reason}"),
            Self::NotThisMachine(_) => f.write_str("plain http is accepted only for this machine"),
            Self::Trust(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HttpError {}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted => f.write_str("it is not signed by a trusted CA"),
            Self::IsCa => f.write_str("it is a CA's own, not a server's"),
            Self::Expired(_) => f.write_str("it has expired"),
            Self::NotYetValid => f.write_str("it is not valid yet"),
            Self::OtherName(names) if names.is_empty() => f.write_str("it is for another name"),
            Self::OtherName(names) => write!(f, "it is for {}", names.join(", ")),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}
