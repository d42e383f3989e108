//! Why a certificate chain is not accepted, and which certificate is at fault.

use thiserror::Error;
use webpki::Error as PathError;

use crate::json::quote;
use crate::keys::{CertificateOid, KeyError, SubjectName, X509};
use crate::time;

/// The most certificates of a chain: those of public CAs have three or four.
pub(super) const MOST_CERTIFICATES: usize = 10;

/// The largest certificate in bytes, which is also the largest that rustls-webpki reads.
pub(super) const MAX_CERTIFICATE: usize = 64 * 1024;

/// The most names of a certificate that a message lists.
const MOST_NAMES: usize = 5;

/// Why the chain in a token's header is not accepted.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the messages say what each is
pub enum ChainFault {
    #[error("the token has no certificate chain: its header has no \"x5c\"")]
    Missing,
    #[error("the header's \"x5c\" is {0}, not an array of certificates")]
    NotAnArray(&'static str),
    #[error("the header's \"x5c\" is empty")]
    Empty,
    #[error("the header's \"x5c\" has more than {MOST_CERTIFICATES} certificates")]
    TooMany,
    #[error("certificate {number} of the header's \"x5c\" {fault}")]
    Unreadable { number: usize, fault: Unreadable },
    #[error("{} {fault}", described(*.number, subject))]
    Refused { number: Option<usize>, subject: String, fault: CertificateFault },
    #[error("the certificates of the header's \"x5c\" do not form a chain ({0})")]
    NoPath(String),
}

/// Why an item of `x5c` is not a certificate.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the messages say what each is
pub enum Unreadable {
    #[error("is {0}, not a string")]
    NotText(&'static str),
    #[error("is larger than {} KiB", MAX_CERTIFICATE >> 10)]
    TooLarge,
    #[error("is not base64")]
    NotBase64,
    #[error("is in base64url, not in base64")]
    Base64Url,
    #[error("is an X.509 certificate of version 1 or 2, and version 3 is required")]
    OldVersion,
    #[error("is not a certificate ({0})")]
    NotACertificate(String),
}

/// Why a certificate is not accepted. `Refused` names the certificate.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the messages say what each is
pub enum CertificateFault {
    #[error("expired {}", time::utc(*.0))]
    Expired(i64),
    #[error("is valid from {} on", time::utc(*.0))]
    NotYetValid(i64),
    #[error("belongs to a CA, and the first certificate must be the signer's own")]
    IsCa,
    #[error("issued another certificate of the chain, and does not belong to a CA")]
    NotACa,
    #[error("allows at most {0} CAs below it, and the chain has more")]
    PathLength(u8),
    #[error("is for a key that must not sign data: its key usage has no digitalSignature")]
    SignsNoData,
    #[error("is for a key that must not sign certificates: its key usage has no keyCertSign")]
    SignsNoCertificates,
    #[error("was issued by {}, which is neither trusted nor in the chain", quote(.0))]
    UnknownIssuer(String),
    #[error("has a signature that is not its issuer's")]
    Signature,
    #[error("has a signature by an algorithm that is not accepted")]
    SignatureAlgorithm,
    #[error("has a critical extension that jwtctl does not know")]
    CriticalExtension,
    #[error("violates the name constraints of a CA above it")]
    NameConstraint,
    #[error("is not for {wanted}: {}", found(names))]
    OtherName { wanted: SubjectName, names: Vec<SubjectName> },
    #[error("has no extension, policy or extended key usage {0}")]
    NoOid(CertificateOid),
    #[error("is trusted itself, and nothing shows that its issuer has {0}")]
    UnknownIssuerOid(CertificateOid),
    #[error("has a key that cannot be used: it {0}")]
    Key(KeyError),
}

fn described(number: Option<usize>, subject: &str) -> String {
    let which = number.map_or("the trusted certificate".to_owned(), |number| {
        format!("certificate {number} of the header's \"x5c\"")
    });
    format!("{which} ({subject})")
}

fn found(names: &[SubjectName]) -> String {
    let more = if names.len() > MOST_NAMES { ", …" } else { "" };
    match names {
        [] => "it has no name".to_owned(),
        names => {
            let first: Vec<_> = names.iter().take(MOST_NAMES).map(ToString::to_string).collect();
            format!("it has {}{more}", first.join(", "))
        }
    }
}

/// The refusal of a certificate that rustls-webpki does not read, by its number.
pub(super) fn unreadable(number: usize, error: &PathError) -> ChainFault {
    let fault = match error {
        PathError::UnsupportedCertVersion => Unreadable::OldVersion,
        error => Unreadable::NotACertificate(error.to_string()),
    };
    ChainFault::Unreadable { number, fault }
}

/// The refusal of a certificate of the chain, by its index.
pub(super) fn refusal(index: usize, certificate: &X509, fault: CertificateFault) -> ChainFault {
    refusal_of(Some(index + 1), certificate, fault)
}

pub(super) fn refusal_of(
    number: Option<usize>,
    certificate: &X509,
    fault: CertificateFault,
) -> ChainFault {
    ChainFault::Refused { number, subject: certificate.facts.subject.clone(), fault }
}
