//! Verifies the certificate chain in a token's header (`x5c`, RFC 7515 section 4.1.6): it must lead to a certificate that
//! the caller trusts, and its first certificate must be the one that the caller means. rustls-webpki builds the path and
//! checks signatures, dates, CA flags and name constraints; key usages, the trusted certificate itself, and which leaf is
//! meant, are checked here.

use std::cell::RefCell;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, Error as PathError, ExtendedKeyUsageValidator,
    KeyPurposeIdIter, VerifiedPath, anchor_from_trusted_cert,
};

use super::blame::Blame;
use super::chain::{Anchor, Link, read_chain};
use super::fault::{CertificateFault, ChainFault, refusal, refusal_of, unreadable};
use crate::crypto::loaded_key::LoadedKey;
use crate::keys::{
    CertificateOid, KeyError, KeyFile, SubjectName, X509, read_certificates, read_keys,
};
use crate::secret::Secret;
use crate::time::NumericDate;
use crate::token::Header;

/// Which certificate may be the first of a chain.
#[derive(Debug, Clone, Default)]
pub struct ExpectedLeaf {
    /// Its subject.
    pub name: Option<SubjectName>,
    /// What it must have: extensions, certificate policies or extended key usages.
    pub oids: Vec<CertificateOid>,
    /// What the certificate of its issuer must have.
    pub issuer_oids: Vec<CertificateOid>,
    /// Whether any certificate will do that an anchor's owner has issued.
    pub is_any: bool,
}

impl ExpectedLeaf {
    /// Whether it says which of the certificates that an anchor's owner has issued is meant.
    fn is_said(&self) -> bool {
        self.is_any || self.name.is_some() || !self.oids.is_empty()
    }
}

/// Certificates that are trusted, and which leaf is meant.
pub struct TrustedChains {
    anchors: Vec<Anchor>,
    trust_anchors: Vec<TrustAnchor<'static>>,
    leaf: ExpectedLeaf,
    allow_weak: bool,
}

/// The first certificate of a chain that was accepted.
pub struct Leaf {
    /// Its key.
    pub key: LoadedKey,
    /// The certificate in DER.
    pub(crate) der: Secret,
    /// Whose certificate it is (RFC 4514).
    pub(crate) subject: String,
}

/// No extended key usage stands for the signing of tokens, so none is demanded, and none is refused.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), PathError> {
        Ok(())
    }
}

impl TrustedChains {
    /// Reads the certificates that are trusted, in PEM or DER. `None` says that they belong to CAs, and `leaf` does not say
    /// which of the certificates that these have issued is meant.
    ///
    /// # Errors
    /// Those of a file without certificates, or with other content.
    pub fn read(
        content: &Secret,
        leaf: ExpectedLeaf,
        allow_weak: bool,
    ) -> Result<Option<Self>, KeyError> {
        let (mut anchors, mut trust_anchors) = (Vec::new(), Vec::new());
        for der in read_certificates(content)? {
            let damaged = |error: &dyn ToString| KeyError::Damaged {
                label: "X.509 certificate".to_owned(),
                reason: error.to_string(),
            };
            let certificate = X509::read(&der).map_err(|error| damaged(&error))?;
            let trusted = CertificateDer::from(der.as_slice());
            let anchor = anchor_from_trusted_cert(&trusted).map_err(|error| damaged(&error))?;
            trust_anchors.push(anchor.to_owned());
            anchors.push(Anchor { der, certificate });
        }
        let is_leaf = |anchor: &Anchor| !anchor.certificate.may_be_ca();
        let is_said = leaf.is_said() || anchors.iter().all(is_leaf);
        Ok(is_said.then_some(Self { anchors, trust_anchors, leaf, allow_weak }))
    }

    /// The chain's first certificate, if the chain is accepted at this time.
    ///
    /// # Errors
    /// [`ChainFault`], with the certificate that is at fault.
    pub fn leaf(&self, header: &Header, now: NumericDate) -> Result<Leaf, ChainFault> {
        let chain = read_chain(header)?;
        let seconds = u64::try_from(now.seconds).unwrap_or_default();
        let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        self.check_path(&chain, at)?;
        let leaf = &chain[0];
        let refused = |fault| refusal(0, &leaf.certificate, fault);
        self.check_leaf(leaf).map_err(refused)?;
        let der = Secret::new(leaf.der.to_vec());
        let key = read_keys(&der, None).and_then(|file| match file {
            KeyFile::One(one) => LoadedKey::load(one.key, self.allow_weak),
            KeyFile::Set(_) => Err(KeyError::NotAKey),
        });
        let key = key.and_then(|key| key.check_verifies(&[]).map(|()| key));
        let key = key.map_err(|error| refused(CertificateFault::Key(error)))?;
        Ok(Leaf { key, der, subject: leaf.certificate.facts.subject.clone() })
    }

    /// Checks that the chain leads to an anchor, or begins with one that is not a CA's.
    fn check_path(&self, chain: &[Link], at: UnixTime) -> Result<(), ChainFault> {
        let leaf = &chain[0];
        let end = EndEntityCert::try_from(&leaf.der).map_err(|error| match error {
            PathError::UnsupportedCriticalExtension => {
                refusal(0, &leaf.certificate, CertificateFault::CriticalExtension)
            }
            error => unreadable(1, &error),
        })?;
        if !self.anchors.iter().any(|anchor| anchor.der == *leaf.der) {
            return self.check_issued(&end, chain, at);
        }
        let refused = |fault| refusal(0, &leaf.certificate, fault);
        check_dates(&leaf.certificate, at).map_err(refused)?;
        if leaf.certificate.is_ca == Some(true) {
            return Err(refused(CertificateFault::IsCa));
        }
        // Only a path shows the issuer of a leaf, which needs none to be trusted.
        let Some(oid) = self.leaf.issuer_oids.first() else { return Ok(()) };
        self.check_issued(&end, chain, at).map_err(|fault| match fault {
            ChainFault::Refused {
                fault: CertificateFault::UnknownIssuer(_) | CertificateFault::NotACa,
                ..
            } => refused(CertificateFault::UnknownIssuerOid(oid.clone())),
            fault => fault,
        })
    }

    /// Checks that an anchor has issued the chain.
    fn check_issued(
        &self,
        end: &EndEntityCert<'_>,
        chain: &[Link],
        at: UnixTime,
    ) -> Result<(), ChainFault> {
        let others: Vec<_> = chain[1..].iter().map(|link| link.der.clone()).collect();
        // What is found in a path whose signatures match.
        let fault = RefCell::new(None);
        let check = |path: &VerifiedPath<'_>| {
            self.check_found(path, chain, at).map_err(|found| {
                fault.borrow_mut().get_or_insert(found);
                PathError::UnknownIssuer
            })
        };
        let found = end.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &self.trust_anchors,
            &others,
            at,
            AnyUsage,
            None,
            Some(&check),
        );
        match found {
            Ok(_) => Ok(()),
            Err(error) => Err(fault
                .take()
                .unwrap_or_else(|| Blame { chain, anchors: &self.anchors }.find(&error))),
        }
    }

    /// Checks what rustls-webpki leaves out: key usages of CAs, and all about the anchor.
    fn check_found(
        &self,
        path: &VerifiedPath<'_>,
        chain: &[Link],
        at: UnixTime,
    ) -> Result<(), ChainFault> {
        let cas = path.intermediate_certificates().filter_map(|found| {
            let der = found.der();
            chain.iter().enumerate().find(|(_, link)| link.der == der)
        });
        let cas: Vec<_> = cas.collect();
        for (index, link) in &cas {
            if !link.certificate.signs_certificates {
                return Err(refusal(
                    *index,
                    &link.certificate,
                    CertificateFault::SignsNoCertificates,
                ));
            }
        }
        // A CA may have several certificates with the same name and key.
        let anchors = self.anchors.iter().zip(&self.trust_anchors);
        let anchors = anchors.filter(|(_, trusted)| **trusted == *path.anchor());
        let mut anchors: Vec<_> = anchors.map(|(anchor, _)| &anchor.certificate).collect();
        anchors.sort_by_key(|anchor| anchor.facts.not_after);
        let checked = anchors.into_iter().map(|anchor| self.check_anchor(anchor, &cas, at));
        // If none is accepted, the fault of the one that expires last is reported.
        checked
            .reduce(Result::or)
            .unwrap_or_else(|| Err(ChainFault::NoPath("no anchor".to_owned())))
    }

    /// Checks an anchor above these CAs of a chain, the leaf's issuer first, and what that issuer must have.
    fn check_anchor(
        &self,
        anchor: &X509,
        cas: &[(usize, &Link)],
        at: UnixTime,
    ) -> Result<(), ChainFault> {
        let refused = |fault| refusal_of(None, anchor, fault);
        check_dates(anchor, at).map_err(refused)?;
        if !anchor.may_be_ca() {
            return Err(refused(CertificateFault::NotACa));
        }
        if !anchor.signs_certificates {
            return Err(refused(CertificateFault::SignsNoCertificates));
        }
        if let Some(most) = anchor.path_length.filter(|most| usize::from(*most) < cas.len()) {
            return Err(refused(CertificateFault::PathLength(most)));
        }
        let issuer = cas.first().map_or(anchor, |(_, link)| &link.certificate);
        let missing = self.leaf.issuer_oids.iter().find(|oid| !issuer.has(oid));
        missing.map_or(Ok(()), |oid| {
            let number = cas.first().map(|(index, _)| index + 1);
            Err(refusal_of(number, issuer, CertificateFault::NoOid(oid.clone())))
        })
    }

    fn check_leaf(&self, leaf: &Link) -> Result<(), CertificateFault> {
        if !leaf.certificate.signs_data {
            return Err(CertificateFault::SignsNoData);
        }
        if let Some(wanted) = self.leaf.name.as_ref().filter(|name| !is_named(leaf, name)) {
            let (wanted, names) = (wanted.clone(), leaf.certificate.names.clone());
            return Err(CertificateFault::OtherName { wanted, names });
        }
        let missing = self.leaf.oids.iter().find(|oid| !leaf.certificate.has(oid));
        missing.map_or(Ok(()), |oid| Err(CertificateFault::NoOid(oid.clone())))
    }
}

fn check_dates(certificate: &X509, at: UnixTime) -> Result<(), CertificateFault> {
    let at = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    let (from, until) = (certificate.facts.not_before, certificate.facts.not_after);
    if at < from {
        return Err(CertificateFault::NotYetValid(from));
    }
    if at > until { Err(CertificateFault::Expired(until)) } else { Ok(()) }
}

/// Whether a certificate has a name. A host name is compared as in TLS (RFC 6125), the domain of an e-mail address
/// regardless of letter case, and all else exactly. A common name is never taken for a host name.
fn is_named(leaf: &Link, wanted: &SubjectName) -> bool {
    match wanted {
        SubjectName::Dns(name) => {
            let name = ServerName::try_from(name.as_str());
            let leaf = EndEntityCert::try_from(&leaf.der);
            name.is_ok_and(|name| {
                leaf.is_ok_and(|leaf| leaf.verify_is_valid_for_subject_name(&name).is_ok())
            })
        }
        SubjectName::Email(wanted) => leaf.certificate.names.iter().any(|name| match name {
            SubjectName::Email(name) => is_same_address(name, wanted),
            _ => false,
        }),
        wanted => leaf.certificate.names.contains(wanted),
    }
}

fn is_same_address(one: &str, other: &str) -> bool {
    match (one.rsplit_once('@'), other.rsplit_once('@')) {
        (Some((local, domain)), Some((others, other))) => {
            local == others && domain.eq_ignore_ascii_case(other)
        }
        _ => false,
    }
}
