//! Why there is no HTTP response.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::{CertificateError, OtherError};
use thiserror::Error;

use super::reason::reason;

/// Why there is no response.
#[derive(Debug, Clone, Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum HttpError {
    #[error("there was no complete response in time")]
    Timeout,
    /// The operating system's error, such as an unknown name or a refused connection.
    #[error("{}", reason(.0))]
    Io(Arc<io::Error>),
    #[error("the server's certificate is not accepted: {0}")]
    Certificate(CertificateFault),
    #[error("TLS handshake failed: {0}")]
    Tls(String),
    #[error("there are no certificates to trust: {0}")]
    NoTrustedCertificates(String),
    #[error("the connection closed before the response was complete")]
    EndedEarly,
    #[error("the proxy cannot be used: {0}")]
    Proxy(String),
    #[error("the response is not valid HTTP: {0}")]
    Protocol(String),
    /// Plain http to another machine at this address, or to a name without one. Nothing was sent.
    #[error("plain http is accepted only for this machine")]
    NotThisMachine(Option<IpAddr>),
    /// The certificates that a variable names.
    #[error("{by}{}{} cannot be used: {reason}", if path.as_os_str().is_empty() { "" } else { ": " }, path.display())]
    Trust { by: &'static str, path: PathBuf, reason: String },
}

/// What is wrong with a server's certificate (RFC 5280 section 6).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum CertificateFault {
    #[error("it is not signed by a trusted CA")]
    Untrusted,
    #[error("it is a CA certificate, not a server certificate")]
    IsCa,
    /// At this Unix time, if that is known.
    #[error("it has expired")]
    Expired(Option<u64>),
    #[error("it is not valid yet")]
    NotYetValid,
    /// It is for these names; they may be unknown.
    #[error("it is for {}", if .0.is_empty() { "another name".to_owned() } else { .0.join(", ") })]
    OtherName(Vec<String>),
    /// Anything else, in the library's words.
    #[error("{0}")]
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
            // The platform's verifier reports this if it finds no certificates.
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
