//! Finds the certificate that keeps a chain from being accepted, since rustls-webpki does not say which one it is. This
//! explains a refusal and never changes it.

use rustls_pki_types::CertificateDer;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error as PathError};

use super::chain::{Anchor, Link};
use super::fault::{CertificateFault, ChainFault, refusal, unreadable};
use crate::keys::{X509, signed_parts};

/// A chain that was refused, and the certificates that are trusted.
pub(super) struct Blame<'a> {
    pub chain: &'a [Link],
    pub anchors: &'a [Anchor],
}

impl Blame<'_> {
    /// Finds the certificate that is at fault.
    pub(super) fn find(&self, error: &PathError) -> ChainFault {
        use CertificateFault as Fault;
        let chain = self.chain;
        let path = self.named_path();
        let first = |is_it: &dyn Fn(&X509) -> bool| {
            let mut certificates = path.iter().map(|index| (*index, &chain[*index]));
            certificates.find(|(_, link)| is_it(&link.certificate))
        };
        let found = match error {
            PathError::CertExpired { not_after, .. } => {
                let end = not_after.as_secs();
                first(&|it| u64::try_from(it.facts.not_after).ok() == Some(end))
                    .map(|(i, link)| (i, Fault::Expired(link.certificate.facts.not_after)))
            }
            PathError::CertNotValidYet { not_before, .. } => {
                let start = not_before.as_secs();
                first(&|it| u64::try_from(it.facts.not_before).ok() == Some(start))
                    .map(|(i, link)| (i, Fault::NotYetValid(link.certificate.facts.not_before)))
            }
            PathError::CaUsedAsEndEntity => Some((0, Fault::IsCa)),
            PathError::EndEntityUsedAsCa => {
                let not_a_ca =
                    path.iter().skip(1).find(|i| chain[**i].certificate.is_ca != Some(true));
                not_a_ca.map(|i| (*i, Fault::NotACa))
            }
            PathError::PathLenConstraintViolated => {
                let mut lengths = path.iter().enumerate().skip(1).map(|(depth, index)| {
                    (*index, depth - 1, chain[*index].certificate.path_length)
                });
                lengths.find_map(|(index, below, most)| {
                    let most = most.filter(|most| usize::from(*most) < below)?;
                    Some((index, Fault::PathLength(most)))
                })
            }
            PathError::UnknownIssuer => path.last().map(|index| {
                (*index, Fault::UnknownIssuer(chain[*index].certificate.facts.issuer.clone()))
            }),
            PathError::NameConstraintViolation => Some((0, Fault::NameConstraint)),
            PathError::UnsupportedCriticalExtension => {
                let mut all = chain.iter().enumerate();
                let unknown = Err(PathError::UnsupportedCriticalExtension);
                let is_it = |link: &Link| EndEntityCert::try_from(&link.der).map(drop) == unknown;
                all.find(|(_, link)| is_it(link)).map(|(i, _)| (i, Fault::CriticalExtension))
            }
            PathError::InvalidSignatureForPublicKey => self.wrong_signature(&path),
            PathError::UnsupportedSignatureAlgorithmContext(_)
            | PathError::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
                self.wrong_signature(&path).map(|(index, _)| (index, Fault::SignatureAlgorithm))
            }
            _ => None,
        };
        let unparsed = || {
            let error = |link: &Link| EndEntityCert::try_from(&link.der).map(drop).err();
            let mut errors = chain
                .iter()
                .enumerate()
                .skip(1)
                .filter_map(|(index, link)| Some((index + 1, error(link)?)));
            let (number, error) = errors.next()?;
            Some(unreadable(number, &error))
        };
        found
            .map(|(index, fault)| refusal(index, &chain[index].certificate, fault))
            .or_else(unparsed)
            .unwrap_or_else(|| ChainFault::NoPath(error.to_string()))
    }

    /// The indices of certificates each of which names the next one as its issuer, the leaf's first.
    fn named_path(&self) -> Vec<usize> {
        let (chain, mut path) = (self.chain, vec![0]);
        let is_trusted = |it: &X509| self.anchors.iter().any(|one| one.certificate.is_named_by(it));
        loop {
            let last = &chain[path[path.len() - 1]].certificate;
            let is_next = |index: &usize| {
                !path.contains(index) && chain[*index].certificate.is_named_by(last)
            };
            match (0..chain.len()).find(is_next) {
                Some(next) if !is_trusted(last) => path.push(next),
                _ => return path,
            }
        }
    }

    /// The first certificate of a path whose signature does not match the key of its issuer.
    fn wrong_signature(&self, path: &[usize]) -> Option<(usize, CertificateFault)> {
        let is_wrong = |place: &usize| {
            let link = &self.chain[path[*place]];
            let mut issuers =
                path.get(place + 1).map(|next| &*self.chain[*next].der).into_iter().chain(
                    self.anchors
                        .iter()
                        .filter(|anchor| anchor.certificate.is_named_by(&link.certificate))
                        .map(|anchor| anchor.der.as_slice()),
                );
            !issuers.any(|issuer| is_signed_by(&link.der, issuer))
        };
        let place = (0..path.len()).find(is_wrong)?;
        Some((path[place], CertificateFault::Signature))
    }
}

/// Whether a certificate's signature matches the key of another one.
fn is_signed_by(der: &[u8], issuer: &[u8]) -> bool {
    let Some((message, algorithm, signature)) = signed_parts(der) else { return false };
    let issuer = CertificateDer::from(issuer);
    let Ok(issuer) = EndEntityCert::try_from(&issuer) else { return false };
    let mut algorithms = ALL_VERIFICATION_ALGS.iter();
    algorithms.any(|known| {
        known.signature_alg_id().as_ref() == algorithm
            && issuer.verify_signature(*known, &message, &signature).is_ok()
    })
}
