//! Which blocks of a PEM text hold the keys that sign tokens: of a private key with its certificates, the key; of a
//! certificate chain, the leaf; never the key of a CA that has certified another.

use std::collections::HashSet;

use super::certificate::{self, Role};
use super::pem_blocks::Block;
use crate::keys::KeyError;
use crate::keys::key::MOST_KEYS;

/// The blocks that are keys, in their order.
pub(super) fn keys_among(blocks: &[Block]) -> Result<Vec<&Block>, KeyError> {
    let blocks: Vec<_> = blocks.iter().filter(|block| !is_parameters(&block.label)).collect();
    match blocks.len() {
        0 | 1 => return Ok(blocks),
        2..=MOST_KEYS => {}
        count => return Err(KeyError::TooMany { count, most: MOST_KEYS }),
    }
    let is = |block: &Block, label: &str| block.label.ends_with(label);
    // Certificates beside a private key belong to it, or to the CAs above it.
    let has_private = blocks.iter().any(|block| is(block, "PRIVATE KEY"));
    let is_certificate = |block: &&&Block| !has_private && is(block, "CERTIFICATE");
    let certificates: Vec<_> = blocks.iter().filter(is_certificate).copied().collect();
    let signers = signers(&certificates)?;
    let is_signer = |block: &Block| signers.iter().any(|signer| std::ptr::eq(*signer, block));
    let is_key = |block: &&&Block| is(block, " KEY") || is_signer(block);
    let keys: Vec<_> = blocks.iter().filter(is_key).copied().collect();
    match (&keys[..], &certificates[..]) {
        ([], [only]) => Ok(vec![only]),
        ([], _) => Err(several(&blocks)),
        _ => Ok(keys),
    }
}

pub(super) fn several(blocks: &[&Block]) -> KeyError {
    KeyError::Several { labels: blocks.iter().map(|block| block.label.clone()).collect() }
}

pub(super) fn is_parameters(label: &str) -> bool {
    label.ends_with("PARAMETERS")
}

/// The certificates whose keys sign tokens. If all are self-signed, these are the ones whose key may sign data.
/// Otherwise, and beside a public key, these are the ones that do not belong to a CA: a CA says so, or has issued
/// another certificate, or is self-signed and does not say (it may be a root).
fn signers<'a>(certificates: &[&'a Block]) -> Result<Vec<&'a Block>, KeyError> {
    let unclear = || several(certificates);
    let roles = certificates.iter().map(|block| certificate::role(block.der.expose()));
    let roles: Vec<Role> = roles.collect::<Result<_, _>>().map_err(|_| unclear())?;
    let issuers: HashSet<_> =
        roles.iter().filter(|role| !role.is_self_issued()).map(|role| &role.issuer).collect();
    let is_signer = |role: &Role| {
        if issuers.is_empty() {
            return role.signs_data;
        }
        let is_ca = role.is_ca.unwrap_or(role.is_self_issued());
        !is_ca && !issuers.contains(&role.subject)
    };
    let signers = certificates.iter().zip(&roles).filter(|(_, role)| is_signer(role));
    let signers: Vec<_> = signers.map(|(block, _)| *block).collect();
    if signers.is_empty() && certificates.len() > 1 { Err(unclear()) } else { Ok(signers) }
}
