//! The trusted certificates of a network client (the platform's, those in the file of a flag, or those that
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` name), and its proxies, from the same variables as curl.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use ureq::Proxy;
use ureq::tls::{Certificate, RootCerts};

use super::http_error::HttpError;
use super::io::{Bounded, read_file};
use super::platform::version;
use super::reason::reason;

/// The largest certificate file that is read, in bytes: several times the size of those on real systems.
pub(crate) const MAX_CERTIFICATES: usize = 4 * 1024 * 1024;

type Der = Vec<u8>;

/// The certificates that servers are trusted by.
#[derive(Debug, Clone, Default)]
pub(crate) enum Trust {
    /// The certificates of the platform.
    #[default]
    Platform,
    /// These certificates, each in DER.
    Certificates(Vec<Der>),
    /// Those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, read when they are first needed.
    Variables(Option<OsString>, Option<OsString>),
}

impl Trust {
    /// The certificates that variables name instead of the platform's.
    pub(crate) fn from(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let file = variable("SSL_CERT_FILE");
        // An empty list counts as not set.
        let folders = variable("SSL_CERT_DIR").filter(|list| !list.is_empty());
        let is_named = file.is_some() || folders.is_some();
        if is_named { Self::Variables(file, folders) } else { Self::Platform }
    }

    /// Identifies the files and folders, and their versions.
    pub(crate) fn fingerprint(&self) -> String {
        let Self::Variables(file, folders) = self else { return String::new() };
        let folders = folders.iter().flat_map(std::env::split_paths);
        let file = file.as_deref().map(|file| version(Path::new(file)));
        format!("{file:?} {:?}", folders.map(|path| version(&path)).collect::<Vec<_>>())
    }

    /// Checks that they can be used.
    pub(crate) fn check(&self) -> Result<(), HttpError> {
        self.roots().map(drop)
    }

    pub(super) fn roots(&self) -> Result<RootCerts, HttpError> {
        let certificates = match self {
            Self::Platform => return Ok(RootCerts::PlatformVerifier),
            Self::Certificates(certificates) => certificates.clone(),
            Self::Variables(file, folders) => {
                let file = usable("SSL_CERT_FILE", file.as_deref(), of_file)?;
                [file, usable("SSL_CERT_DIR", folders.as_deref(), of_folders)?].concat()
            }
        };
        let certificates = certificates.iter().map(|der| Certificate::from_der(der).to_owned());
        Ok(RootCerts::new_with_certs(&certificates.collect::<Vec<_>>()))
    }
}

/// The certificates that a variable names. At least one of them must be usable as a trust anchor, as in the bundles of
/// systems.
fn usable(
    by: &'static str,
    named: Option<&OsStr>,
    read: impl Fn(&OsStr) -> Result<Vec<Der>, String>,
) -> Result<Vec<Der>, HttpError> {
    let Some(named) = named else { return Ok(Vec::new()) };
    let unusable = |reason| HttpError::Trust { by, path: named.into(), reason };
    if named.is_empty() {
        return Err(unusable("it is empty".to_owned()));
    }
    let found = read(named).map_err(unusable)?;
    let certificates = found.iter().map(|der| CertificateDer::from_slice(der));
    if RootCertStore::empty().add_parsable_certificates(certificates).0 == 0 {
        return Err(unusable(NONE.to_owned()));
    }
    Ok(found)
}

const NONE: &str = "it holds no certificate";

fn of_file(path: &OsStr) -> Result<Vec<Der>, String> {
    let read = read_file(Path::new(path), MAX_CERTIFICATES).and_then(Bounded::whole);
    let pem = read.map_err(|error| reason(&error))?;
    let certificates = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
    Ok(certificates.map(|der| der.to_vec()).collect())
}

/// The certificates of all readable folders. An unreadable folder is an error only if there are no certificates.
fn of_folders(list: &OsStr) -> Result<Vec<Der>, String> {
    let (mut certificates, mut failed) = (Vec::new(), None);
    for folder in std::env::split_paths(list) {
        match fs::read_dir(folder) {
            Ok(files) => {
                let files = files.filter_map(|file| Some(file.ok()?.path()));
                let found = files.filter(|path| path.is_file());
                certificates
                    .extend(found.filter_map(|path| of_file(path.as_os_str()).ok()).flatten());
            }
            Err(error) => failed = Some(reason(&error)),
        }
    }
    // A folder has several links to each certificate.
    certificates.sort_unstable();
    certificates.dedup();
    match failed {
        Some(failed) if certificates.is_empty() => Err(failed),
        _ => Ok(certificates),
    }
}

/// Reads the certificates of a PEM file, all of which must be usable as trust anchors.
pub(crate) fn read_certificates(pem: &[u8]) -> Result<Vec<Der>, String> {
    let mut roots = RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        certificates.push(certificate.to_vec());
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if certificates.is_empty() { Err(NONE.to_owned()) } else { Ok(certificates) }
}

/// The proxies that the environment names. Their URLs may hold passwords, so there is no `Debug`.
#[derive(Clone, Default)]
pub struct Proxies {
    https: Option<String>,
    /// Hosts that are reached without a proxy.
    no_proxy: String,
}

impl Proxies {
    /// Reads the variables, in lower case and in capitals.
    pub fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_uppercase()));
        let set = |name| either(name).filter(|text| !text.is_empty());
        Self {
            https: set("https_proxy").or_else(|| set("all_proxy")),
            no_proxy: either("no_proxy").unwrap_or_default(),
        }
    }

    /// The proxy for a URL. Plain http has none, because it must stay on this machine.
    ///
    /// # Errors
    /// Why the proxy cannot be used. Its URL is not repeated, since it may hold a password.
    pub fn proxy_for(&self, url: &str) -> Result<Option<Proxy>, String> {
        let Some(proxy) = self.https.as_ref().filter(|_| url.starts_with("https:")) else {
            return Ok(None);
        };
        let url: ureq::http::Uri =
            url.parse().map_err(|_| "it does not know such a URL".to_owned())?;
        if self.is_exempt(url.host().unwrap_or_default()) {
            return Ok(None);
        }
        Proxy::new(proxy).map(Some).map_err(|_| "the variable is not the URL of a proxy".to_owned())
    }

    fn is_exempt(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
        self.no_proxy.split([',', ' ']).filter(|name| !name.is_empty()).any(|name| {
            let name = name.to_ascii_lowercase();
            let name = name.trim_start_matches("*.").trim_start_matches('.');
            let name = match name.rsplit_once(':') {
                Some((name, port)) if !is_address && port.parse::<u16>().is_ok() => name,
                _ => name,
            };
            let is_under = || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
            name == "*" || host == name || !is_address && is_under()
        })
    }
}
