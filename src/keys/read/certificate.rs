//! X.509 certificates (RFC 5280): the key in one, and what `key show` says about it. A certificate is a way to write
//! a key down; whether anybody should trust it is not asked here.

use pkcs8::der::{self, Decode as _, Encode as _, Tag, Tagged};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::time::Time;

use crate::keys::Certificate;
use crate::keys::asn1::{elements, elements_of};

/// What a certificate says about its place in a chain. Names are in DER.
pub(super) struct Role {
    pub subject: Vec<u8>,
    pub issuer: Vec<u8>,
    /// Whether it belongs to a CA (RFC 5280 section 4.2.1.9), if it says so.
    pub is_ca: Option<bool>,
    /// Whether its key may sign more than certificates and revocation lists (RFC 5280 section 4.2.1.3).
    pub signs_data: bool,
}

impl Role {
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

/// Reads what a certificate says about its place in a chain.
pub(super) fn role(der: &[u8]) -> der::Result<Role> {
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

/// Reads a certificate, and its key in SPKI.
pub(super) fn read(der: &[u8]) -> der::Result<(Certificate, Vec<u8>)> {
    let certificate = CertificateInner::<Raw>::from_der(der)?;
    let certificate = certificate.tbs_certificate();
    let seconds =
        |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    let facts = Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        not_before: seconds(&certificate.validity().not_before),
        not_after: seconds(&certificate.validity().not_after),
    };
    Ok((facts, certificate.subject_public_key_info().to_der()?))
}

/// Whether DER of a certificate's shape is a request for one (RFC 2986): the second element of what is signed is then
/// a name, not an algorithm, and the first an integer without a tag of its own.
pub(super) fn is_request(der: &[u8]) -> bool {
    let first_tags = || -> der::Result<Vec<Tag>> {
        let signed = elements(der)?[0];
        Ok(elements_of(signed)?.iter().take(3).map(Tagged::tag).collect())
    };
    let is_request =
        first_tags().is_ok_and(|tags| tags == [Tag::Integer, Tag::Sequence, Tag::Sequence]);
    is_request && CertificateInner::<Raw>::from_der(der).is_err()
}
