//! `encode --disclosable`: which claims an SD-JWT may hide, and the claims with digests in their places.

use crate::claims::Claims;
use crate::crypto::{self, ConcealError, Concealed};
use crate::explain::{Problem, usage};
use crate::input::SourceKeys;
use crate::json::{Layout, Piece, Selector, lay_out, unquote};
use crate::token::is_reserved;

/// The claims that decide whether a token is valid, and therefore must be seen by every verifier (RFC 9901 section 9.7,
/// and the draft of SD-JWT VC, section 3.2.2.2). Nothing in them may be hidden either.
pub(crate) const ALWAYS_SHOWN: [&str; 7] =
    ["iss", "exp", "nbf", "auth_time", "cnf", "vct", "status"];

/// Refuses paths to claims that must not be hidden.
pub(super) fn check_paths(paths: &[Selector]) -> Result<(), Problem> {
    for Selector { text, path } in paths {
        let first = path[0].as_str();
        if ALWAYS_SHOWN.contains(&first) {
            return Err(usage::not_disclosable(
                text,
                "every verifier must see it (RFC 9901 section 9.7)",
            ));
        }
        // Whoever hides it would make the token valid everywhere.
        if path[..] == ["aud"] {
            return Err(usage::not_disclosable(
                text,
                "only its items can be hidden: --disclosable /aud/0 (RFC 9901 section 9.7)",
            ));
        }
        if path.iter().any(|name| is_reserved(name)) {
            return Err(usage::not_disclosable(
                text,
                "its name has a meaning of its own in an SD-JWT (RFC 9901 section 4.1)",
            ));
        }
    }
    Ok(())
}

/// Replaces the values that these paths select by digests.
pub(super) fn conceal(
    claims: &Claims,
    paths: &[Selector],
    keys: &SourceKeys,
) -> Result<Concealed, Problem> {
    if let Some(missing) = paths.iter().find(|path| path.find(&claims.object).is_none()) {
        return Err(usage::nothing_to_disclose(&missing.text));
    }
    let mut reserved = None;
    lay_out(&claims.object.text(), Layout::Compact, &mut |piece, text| {
        if piece == Piece::Name && reserved.is_none() && is_reserved(&unquote(text)) {
            reserved = Some(unquote(text).into_owned());
        }
    });
    if let Some(name) = reserved {
        return Err(usage::reserved_in_sd_jwt(&name));
    }
    crypto::conceal(claims, paths).map_err(|error| match error {
        ConcealError::NoSalt(error) => keys.problem(error),
        ConcealError::TooDeep => usage::too_deep("claims"),
    })
}
