//! Which certificates are trusted: the platform's, those of a file that a flag names, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name instead of the platform's.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use ureq::tls::{Certificate, RootCerts};

use super::read::read_file;
use super::unix::version;

/// The largest certificate file that is read, in bytes: several times the size of those on real systems.
pub(crate) const MAX_CERTIFICATES: usize = 4 * 1024 * 1024;

type Der = Vec<u8>;

/// The certificates that servers are trusted by.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// The certificates of the platform.
    #[default]
    Platform,
    /// These certificates, each in DER.
    Certificates(Vec<Der>),
    /// Those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, read when they are first needed.
    Variables(Option<OsString>, Option<OsString>),
}

/// Why the certificates that a variable names cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{by}{}{} cannot be used: {reason}", if path.as_os_str().is_empty() { "" } else { ": " }, path.display())]
pub struct TrustError {
    by: &'static str,
    path: PathBuf,
    reason: String,
}

impl Trust {
    /// The certificates that variables name instead of the platform's.
    pub(crate) fn from(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let file = variable("SSL_CERT_FILE");
        // An empty list names nothing.
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
    pub(crate) fn check(&self) -> Result<(), TrustError> {
        self.roots().map(drop)
    }

    pub(super) fn roots(&self) -> Result<RootCerts, TrustError> {
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
) -> Result<Vec<Der>, TrustError> {
    let Some(named) = named else { return Ok(Vec::new()) };
    let unusable = |reason| TrustError { by, path: named.into(), reason };
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
    let read = read_file(Path::new(path), MAX_CERTIFICATES).map_err(|error| error.to_string())?;
    if read.cut {
        return Err("it is too large".to_owned());
    }
    let certificates = CertificateDer::pem_slice_iter(&read.bytes).filter_map(Result::ok);
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
            Err(error) => failed = Some(error.to_string()),
        }
    }
    // Folders name each certificate several times, by links.
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
