//! Whose certificates are trusted: the platform's, those of a file that a flag names, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name in place of the platform's.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use ureq::tls::{Certificate, RootCerts};

use super::read::read_file;
use super::unix::version;

/// The largest file of certificates that is read, in bytes: several times what systems have.
pub const MAX_CERTIFICATES: usize = 4 * 1024 * 1024;

/// Which certificates are trusted.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// Those of the platform.
    #[default]
    Platform,
    /// These, in DER.
    These(Vec<Vec<u8>>),
    /// Those that variables name. They are read when they are first needed.
    Named {
        /// `SSL_CERT_FILE`
        file: Option<OsString>,
        /// `SSL_CERT_DIR`: folders, with colons between them.
        folders: Option<OsString>,
    },
}

/// Why certificates that were named cannot be used.
#[derive(Debug, Clone)]
pub struct TrustError {
    /// The variable that names them.
    pub by: &'static str,
    /// What it names.
    pub path: PathBuf,
    /// Why it cannot be used.
    pub reason: String,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { by, path, reason } = self;
        let colon = if path.as_os_str().is_empty() { "" } else { ": " };
        write!(f, "{by}{colon}{} cannot be used: {reason}", path.display())
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// What variables name in place of the platform's.
    #[must_use]
    pub fn from(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let file = variable("SSL_CERT_FILE");
        // An empty list names nothing.
        let folders = variable("SSL_CERT_DIR").filter(|list| !list.is_empty());
        match (&file, &folders) {
            (None, None) => Self::Platform,
            _ => Self::Named { file, folders },
        }
    }

    /// A text that differs between other files and folders, and between versions of the same ones.
    #[must_use]
    pub fn named(&self) -> String {
        let Self::Named { file, folders } = self else { return String::new() };
        let paths = folders.iter().flat_map(std::env::split_paths);
        let file = file.as_deref().map(|file| version(Path::new(file)));
        format!("{file:?} {:?}", paths.map(|path| version(&path)).collect::<Vec<_>>())
    }

    /// Whether they can be used.
    ///
    /// # Errors
    /// [`TrustError`]
    pub fn check(&self) -> Result<(), TrustError> {
        self.roots().map(drop)
    }

    /// Reads them.
    pub(super) fn roots(&self) -> Result<RootCerts, TrustError> {
        let certificates = match self {
            Self::Platform => return Ok(RootCerts::PlatformVerifier),
            Self::These(certificates) => certificates.clone(),
            Self::Named { file, folders } => {
                let of_file = file.as_ref().map(|file| usable("SSL_CERT_FILE", file, of_file));
                let of_folders =
                    folders.as_ref().map(|list| usable("SSL_CERT_DIR", list, of_folders));
                [of_file.transpose()?, of_folders.transpose()?]
                    .into_iter()
                    .flatten()
                    .flatten()
                    .collect()
            }
        };
        let certificates = certificates.iter().map(|der| Certificate::from_der(der).to_owned());
        Ok(RootCerts::new_with_certs(&certificates.collect::<Vec<_>>()))
    }
}

/// What a variable names, which must hold a certificate that can be a trust anchor; it may hold anything else beside
/// that, as the bundles of systems do.
fn usable(
    by: &'static str,
    named: &OsStr,
    read: impl Fn(&OsStr) -> Result<Vec<Vec<u8>>, String>,
) -> Result<Vec<Vec<u8>>, TrustError> {
    let can_vouch = |certificates: &Vec<Vec<u8>>| {
        let certificates = certificates.iter().map(|der| CertificateDer::from_slice(der));
        RootCertStore::empty().add_parsable_certificates(certificates).0 > 0
    };
    let found = if named.is_empty() { Err("it is empty".to_owned()) } else { read(named) };
    match found {
        Ok(certificates) if can_vouch(&certificates) => Ok(certificates),
        found => {
            let reason = found.err().unwrap_or_else(|| NONE.to_owned());
            Err(TrustError { by, path: named.into(), reason })
        }
    }
}

const NONE: &str = "it holds no certificate";

fn of_file(path: &OsStr) -> Result<Vec<Vec<u8>>, String> {
    let read = read_file(Path::new(path), MAX_CERTIFICATES).map_err(|error| error.to_string())?;
    if read.cut {
        return Err("it is too large".to_owned());
    }
    let certificates = CertificateDer::pem_slice_iter(&read.bytes).filter_map(Result::ok);
    Ok(certificates.map(|der| der.to_vec()).collect())
}

/// The certificates of all folders that can be read. A folder that cannot is an error if there are no certificates.
fn of_folders(list: &OsStr) -> Result<Vec<Vec<u8>>, String> {
    let (mut certificates, mut failed) = (Vec::new(), None);
    for folder in std::env::split_paths(list) {
        match fs::read_dir(folder) {
            Ok(files) => {
                let files = files.filter_map(|file| Some(file.ok()?.path()));
                let files = files.filter(|path| path.is_file());
                let found = files.filter_map(|path| of_file(path.as_os_str()).ok());
                certificates.extend(found.flatten());
            }
            Err(error) => failed = Some(error.to_string()),
        }
    }
    // Folders name each certificate several times, by links.
    certificates.sort_unstable();
    certificates.dedup();
    if certificates.is_empty() {
        Err(failed.unwrap_or_else(|| NONE.to_owned()))
    } else {
        Ok(certificates)
    }
}

/// The certificates of a PEM file, in DER, if all of them can be trust anchors.
///
/// # Errors
/// Why the first that cannot be read cannot, or that there is none.
pub fn read_certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut roots = RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        certificates.push(certificate.to_vec());
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if certificates.is_empty() { Err(NONE.to_owned()) } else { Ok(certificates) }
}
