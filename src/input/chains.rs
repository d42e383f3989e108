//! The certificates that chains in tokens must lead to.

use super::bytes::path;
use crate::crypto::TrustedChains;
use crate::env::Env;
use crate::explain::{Problem, usage};
use crate::keys::{MAX_KEY, Origin};
use crate::request::ChainRequest;

/// Certificates that are trusted, and where they came from.
pub(super) struct Chains {
    pub origin: Origin,
    pub trusted: TrustedChains,
}

impl Chains {
    /// Reads the trusted certificates.
    pub(super) fn load(
        request: &ChainRequest,
        allow_weak: bool,
        env: &mut Env<'_>,
    ) -> Result<Self, Problem> {
        let (origin, text) =
            path("--x5c-root", &request.roots, "the trusted certificates", MAX_KEY, env)?;
        match TrustedChains::read(&text, request.leaf.clone(), allow_weak) {
            Ok(Some(trusted)) => Ok(Self { origin, trusted }),
            Ok(None) => Err(usage::no_leaf(&origin)),
            Err(error) => Err(Problem::Key { origin, error }),
        }
    }
}
