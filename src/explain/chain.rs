//! Explains why the certificate chain in a token's header is not accepted.

use super::codes::Code;
use super::explanation::Explanation;
use crate::crypto::{CertificateFault, ChainFault, Unreadable};
use crate::keys::Origin;

pub(super) fn explain(origin: &Origin, fault: &ChainFault) -> Explanation {
    let code = match fault {
        ChainFault::Missing => Code::X5cMissing,
        ChainFault::NotAnArray(_)
        | ChainFault::Empty
        | ChainFault::TooMany
        | ChainFault::Unreadable { .. } => Code::X5cMalformed,
        ChainFault::Refused { .. } | ChainFault::NoPath(_) => Code::X5cRefused,
    };
    let said = Explanation::new(code, fault.to_string()).about("x5c");
    match hint(origin, fault) {
        Some(hint) => said.hint(hint),
        None => said,
    }
}

fn hint(origin: &Origin, fault: &ChainFault) -> Option<String> {
    let roots = match origin {
        Origin::Several => "--x5c-root".to_owned(),
        origin => origin.to_string(),
    };
    let fault = match fault {
        ChainFault::Missing => {
            return Some("with --x5c-root alone, a token needs the certificates of its signer; a key of the signer goes to --key".to_owned());
        }
        ChainFault::Unreadable { fault: Unreadable::Base64Url | Unreadable::NotBase64, .. } => {
            return Some("each certificate is in base64 with padding, and not in base64url (RFC 7515 section 4.1.6)".to_owned());
        }
        ChainFault::Refused { fault, .. } => fault,
        _ => return None,
    };
    let hint = match fault {
        CertificateFault::Expired(_) => {
            "was the token meant for an earlier time? --at TIME checks it as of then"
        }
        CertificateFault::NotYetValid(_) => "is this machine's clock right?",
        CertificateFault::UnknownIssuer(_) => {
            return Some(format!(
                "is it the right CA? Only the certificates of {roots} are trusted"
            ));
        }
        CertificateFault::OtherName { .. } => {
            "is it the right signer? --x5c-name NAME says who is meant"
        }
        CertificateFault::NoOid(_) => {
            "--x5c-oid OID is about the signer's certificate, --x5c-oid issuer:OID about its issuer's"
        }
        CertificateFault::UnknownIssuerOid(_) => {
            return Some(format!(
                "leave out --x5c-oid issuer:OID, or add the certificate of a CA above it to {roots}"
            ));
        }
        CertificateFault::IsCa => {
            "a CA's key signs certificates; a certificate that signs tokens itself goes to --key"
        }
        CertificateFault::SignatureAlgorithm => {
            "certificates are signed with RSA of 2048 to 8192 bits and SHA-2, ECDSA, Ed25519, or ML-DSA"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
