//! The weaknesses that a token shows without any key, except for those that are part of what its kind is.

use super::claims::{Lifetime, claims_findings};
use super::content::content_findings;
use super::finding::Finding;
use super::header::{encryption_findings, header_findings};
use super::kind::excused;
use crate::claims::Claims;
use crate::token::Header;

/// The weaknesses of a signed token. `is_public` is whether everyone who has it can read the claims.
pub(crate) fn token_findings(
    header: &Header,
    claims: Option<&Claims>,
    is_public: bool,
    limit: Lifetime,
) -> Vec<Finding> {
    let mut found = header_findings(header, claims.is_some());
    found.extend(claims.into_iter().flat_map(|claims| claims_findings(header, claims, limit)));
    found.extend(content_findings(header, claims.filter(|_| is_public)));
    without_excused(found, header, claims)
}

/// The weaknesses that the header of an encrypted token shows.
pub(crate) fn encrypted_token_findings(header: &Header) -> Vec<Finding> {
    let mut found = header_findings(header, false);
    found.extend(encryption_findings(header));
    found.extend(content_findings(header, None));
    without_excused(found, header, None)
}

/// The weaknesses of the claims in an encrypted token that is not signed.
pub(crate) fn encrypted_claims_findings(
    header: &Header,
    claims: &Claims,
    limit: Lifetime,
) -> Vec<Finding> {
    without_excused(claims_findings(header, claims, limit), header, Some(claims))
}

fn without_excused(
    mut found: Vec<Finding>,
    header: &Header,
    claims: Option<&Claims>,
) -> Vec<Finding> {
    let excused = excused(header, claims);
    found.retain(|finding| !excused.contains(&finding.rule));
    found
}
