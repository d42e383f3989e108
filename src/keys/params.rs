//! What a JWK says about its key beside the key itself.

use super::algorithm::Curve;

/// What a JWK allows its key to do (RFC 7517 section 4), as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are the members; `key_use` is "use"
pub struct JwkParams {
    pub kid: Option<String>,
    pub alg: Option<String>,
    pub key_use: Option<String>,
    pub key_ops: Option<Vec<String>>,
}

/// A number of an EC key that did not have the length that its curve requires, and was read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resized {
    pub(crate) name: &'static str,
    /// Its length in bytes, as it was found.
    pub(crate) found: usize,
    pub(crate) curve: Curve,
}

/// What a key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants say what the enum asks
pub enum Purpose {
    Sign,
    Verify,
}

impl Purpose {
    /// The word for it in `key_ops` (RFC 7517 section 4.3).
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
        }
    }

    pub(super) fn gerund(self) -> &'static str {
        match self {
            Self::Sign => "signing",
            Self::Verify => "verifying",
        }
    }
}
