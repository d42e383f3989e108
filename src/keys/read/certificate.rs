//! X.509 certificates (RFC 5280): the key in one, and what `key show` says of it. A certificate is a
//! way to write a key down; whether anybody should trust it is not asked here.

use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{self, Decode as _, Encode as _, SliceReader, Tag, Tagged as _};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::time::Time;

/// What a certificate says of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose key it is (RFC 4514).
    pub subject: String,
    /// Who says so (RFC 4514).
    pub issuer: String,
    /// From when on it is valid, in Unix seconds.
    pub not_before: i64,
    /// Until when it is valid, in Unix seconds.
    pub not_after: i64,
}

/// A certificate that was read.
pub(crate) struct Read {
    pub facts: Certificate,
    /// Its key, in SPKI.
    pub public_key: Vec<u8>,
}

/// What a certificate says of its place in a chain.
pub(crate) struct Role {
    /// Its subject, in DER.
    pub subject: Vec<u8>,
    /// Its issuer, in DER.
    pub issuer: Vec<u8>,
    /// Whether it is a CA's (RFC 5280 section 4.2.1.9), if it says so.
    pub is_ca: Option<bool>,
    /// Whether its key may sign more than certificates and lists of revoked ones (RFC 5280 section 4.2.1.3).
    pub signs_data: bool,
}

impl Role {
    /// Whether it is issued by its own subject.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

/// Reads what a certificate says of its place in a chain.
///
/// # Errors
/// The decoder's.
pub(crate) fn role(der: &[u8]) -> der::Result<Role> {
    let certificate = CertificateInner::<Raw>::from_der(der)?;
    let certificate = certificate.tbs_certificate();
    // An extension that does not decode counts as that of a CA whose key signs only certificates.
    let constraints = certificate.get_extension::<BasicConstraints>();
    let usage = certificate.get_extension::<KeyUsage>();
    Ok(Role {
        subject: certificate.subject().to_der()?,
        issuer: certificate.issuer().to_der()?,
        is_ca: constraints.map_or(Some(true), |found| found.map(|(_, found)| found.ca)),
        signs_data: usage
            .is_ok_and(|found| found.is_none_or(|(_, usage)| usage.digital_signature())),
    })
}

/// Reads a certificate.
///
/// # Errors
/// The decoder's.
pub(crate) fn read(der: &[u8]) -> der::Result<Read> {
    let certificate = CertificateInner::<Raw>::from_der(der)?;
    let certificate = certificate.tbs_certificate();
    let seconds =
        |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Ok(Read {
        public_key: certificate.subject_public_key_info().to_der()?,
        facts: Certificate {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            not_before: seconds(&certificate.validity().not_before),
            not_after: seconds(&certificate.validity().not_after),
        },
    })
}

/// Whether DER of a certificate's shape is a request for one (RFC 2986): the second element of what is
/// signed is then a name, not an algorithm, and the first an integer that is not tagged.
pub(crate) fn is_request(der: &[u8]) -> bool {
    let first_tags = || -> der::Result<(Tag, Tag, Tag)> {
        let outer = AnyRef::from_der(der)?;
        let signed = AnyRef::decode(&mut SliceReader::new(outer.value())?)?;
        let mut reader = SliceReader::new(signed.value())?;
        let mut next = || AnyRef::decode(&mut reader).map(|element| element.tag());
        Ok((next()?, next()?, next()?))
    };
    matches!(first_tags(), Ok((Tag::Integer, Tag::Sequence, Tag::Sequence))
        if CertificateInner::<Raw>::from_der(der).is_err())
}
