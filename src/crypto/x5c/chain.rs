//! Reads the certificates in a token's header (`x5c`, RFC 7515 section 4.1.6). Their number and size are bounded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;

use super::fault::{ChainFault, MAX_CERTIFICATE, MOST_CERTIFICATES, Unreadable};
use crate::json::ValueRef;
use crate::keys::X509;
use crate::token::Header;

/// A certificate that is trusted.
pub(super) struct Anchor {
    pub der: Vec<u8>,
    pub certificate: X509,
}

/// A certificate of a chain.
pub(super) struct Link {
    pub der: CertificateDer<'static>,
    pub certificate: X509,
}

/// Reads the certificates in a header.
pub(super) fn read_chain(header: &Header) -> Result<Vec<Link>, ChainFault> {
    let x5c = header.object.get("x5c").ok_or(ChainFault::Missing)?;
    let items = x5c.items().ok_or_else(|| ChainFault::NotAnArray(x5c.kind()))?;
    if items.clone().nth(MOST_CERTIFICATES).is_some() {
        return Err(ChainFault::TooMany);
    }
    let chain = (1..).zip(items).map(|(number, item)| {
        read_certificate(item).map_err(|fault| ChainFault::Unreadable { number, fault })
    });
    let chain: Vec<_> = chain.collect::<Result<_, _>>()?;
    if chain.is_empty() { Err(ChainFault::Empty) } else { Ok(chain) }
}

fn read_certificate(item: ValueRef<'_>) -> Result<Link, Unreadable> {
    if item.text().len() > MAX_CERTIFICATE * 2 {
        return Err(Unreadable::TooLarge);
    }
    let text = item.as_string().ok_or_else(|| Unreadable::NotText(item.kind()))?;
    let der = STANDARD.decode(&text).map_err(|_| {
        let is_url_digit = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        let digits = text.trim_end_matches('=');
        // Without padding, the alphabet may not tell them apart.
        let is_base64url = digits.bytes().all(is_url_digit) && !text.is_empty();
        if is_base64url { Unreadable::Base64Url } else { Unreadable::NotBase64 }
    })?;
    if der.len() > MAX_CERTIFICATE {
        return Err(Unreadable::TooLarge);
    }
    let certificate =
        X509::read(&der).map_err(|error| Unreadable::NotACertificate(error.to_string()))?;
    Ok(Link { der: der.into(), certificate })
}
