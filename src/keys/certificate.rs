//! What an X.509 certificate says about its key, its subject and its place in a chain (RFC 5280). Nothing here checks a
//! signature or a date.

use std::fmt;

use pkcs8::der::asn1::{BitStringRef, ObjectIdentifier};
use pkcs8::der::{self, Decode as _, Encode as _};
use x509_cert::certificate::{CertificateInner, Raw, TbsCertificateInner};
use x509_cert::ext::pkix::name::{DirectoryString, GeneralName};
use x509_cert::ext::pkix::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectAltName,
};
use x509_cert::time::Time;

use super::asn1::elements;
use super::key::Certificate;
use super::subject_name::SubjectName;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A certificate that was read.
pub(crate) struct X509 {
    pub(crate) facts: Certificate,
    /// The names of the subject and the issuer in DER.
    pub(super) subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    /// Its public key as SPKI.
    pub(super) spki: Vec<u8>,
    /// Whether it belongs to a CA (RFC 5280 section 4.2.1.9), if it says so.
    pub(crate) is_ca: Option<bool>,
    /// How many CAs may be between its own and the last certificate of a chain.
    pub(crate) path_length: Option<u8>,
    /// Whether its key may sign data (RFC 5280 section 4.2.1.3: digitalSignature or nonRepudiation).
    pub(crate) signs_data: bool,
    /// Whether its key may sign certificates (keyCertSign).
    pub(crate) signs_certificates: bool,
    /// The names of the subject: subjectAltName, and the common name.
    pub(crate) names: Vec<SubjectName>,
    /// The extensions, certificate policies and extended key usages.
    oids: Vec<ObjectIdentifier>,
}

/// The object identifier of an extension, a certificate policy or an extended key usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateOid(ObjectIdentifier);

impl CertificateOid {
    /// Reads numbers with dots between them; `None` if they are not an object identifier.
    pub fn parse(text: &str) -> Option<Self> {
        ObjectIdentifier::new(text).ok().map(Self)
    }
}

impl fmt::Display for CertificateOid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl X509 {
    /// Reads a certificate. An extension that does not decode counts as that of a CA whose key signs nothing else.
    pub(crate) fn read(der: &[u8]) -> der::Result<Self> {
        let certificate = CertificateInner::<Raw>::from_der(der)?;
        let certificate = certificate.tbs_certificate();
        let constraints = certificate.get_extension::<BasicConstraints>();
        let constraints = constraints.map(|found| found.map(|(_, found)| found));
        let path_length = constraints.as_ref().map(|found| found.as_ref()?.path_len_constraint);
        let usage = certificate.get_extension::<KeyUsage>();
        let allows = |usages: &[fn(&KeyUsage) -> bool]| {
            let is_any = |usage: &KeyUsage| usages.iter().any(|one| one(usage));
            usage.as_ref().is_ok_and(|found| found.as_ref().is_none_or(|(_, usage)| is_any(usage)))
        };
        Ok(Self {
            facts: facts(certificate, der),
            subject: certificate.subject().to_der()?,
            issuer: certificate.issuer().to_der()?,
            spki: certificate.subject_public_key_info().to_der()?,
            path_length: path_length.unwrap_or(Some(0)),
            is_ca: constraints.map_or(Some(true), |found| found.map(|found| found.ca)),
            signs_data: allows(&[KeyUsage::digital_signature, KeyUsage::non_repudiation]),
            signs_certificates: allows(&[KeyUsage::key_cert_sign]),
            names: names(certificate),
            oids: oids(certificate),
        })
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether it may belong to a CA: it says so, or it is self-issued and does not say, as roots of version 1 are.
    pub(crate) fn may_be_ca(&self) -> bool {
        self.is_ca.unwrap_or(self.is_self_issued())
    }

    /// Whether another certificate names this one as its issuer.
    pub(crate) fn is_named_by(&self, other: &Self) -> bool {
        self.subject == other.issuer
    }

    /// Whether it has this extension, certificate policy or extended key usage.
    pub(crate) fn has(&self, oid: &CertificateOid) -> bool {
        self.oids.contains(&oid.0)
    }
}

fn facts(certificate: &TbsCertificateInner<Raw>, der: &[u8]) -> Certificate {
    let seconds =
        |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        not_before: seconds(&certificate.validity().not_before),
        not_after: seconds(&certificate.validity().not_after),
        der: der.to_vec(),
    }
}

fn names(certificate: &TbsCertificateInner<Raw>) -> Vec<SubjectName> {
    let alternative = certificate.get_extension::<SubjectAltName>().ok().flatten();
    let alternative = alternative.into_iter().flat_map(|(_, names)| names.0);
    let alternative = alternative.filter_map(|name| {
        Some(match name {
            GeneralName::DnsName(name) => SubjectName::Dns(name.to_string()),
            GeneralName::UniformResourceIdentifier(name) => SubjectName::Uri(name.to_string()),
            GeneralName::Rfc822Name(name) => SubjectName::Email(name.to_string()),
            _ => return None,
        })
    });
    let common = certificate.subject().iter().filter(|attribute| attribute.oid == COMMON_NAME);
    let common = common.filter_map(|name| name.value.decode_as::<DirectoryString>().ok());
    alternative
        .chain(common.map(|name| SubjectName::CommonName(name.value().into_owned())))
        .collect()
}

fn oids(certificate: &TbsCertificateInner<Raw>) -> Vec<ObjectIdentifier> {
    let extensions = certificate.extensions().into_iter().flatten().map(|it| it.extn_id);
    let policies = certificate.get_extension::<CertificatePolicies>().ok().flatten();
    let policies = policies.into_iter().flat_map(|(_, policies)| policies.0);
    let usages = certificate.get_extension::<ExtendedKeyUsage>().ok().flatten();
    let usages = usages.into_iter().flat_map(|(_, usages)| usages.0);
    extensions.chain(policies.map(|policy| policy.policy_identifier)).chain(usages).collect()
}

/// The parts of a certificate that its signature is about: what is signed, the algorithm without its tag and length, and
/// the signature.
pub(crate) fn signed_parts(der: &[u8]) -> Option<(Vec<u8>, &[u8], Vec<u8>)> {
    let [message, algorithm, signature] = elements(der).ok()?[..] else { return None };
    let signature = BitStringRef::try_from(signature).ok()?.as_bytes()?.to_vec();
    Some((message.to_der().ok()?, algorithm.value(), signature))
}
