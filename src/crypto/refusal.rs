//! Why a signature is not accepted: the evidence, in a variant each.

use crate::keys::{Algorithm, KeyError};
use crate::token::HeaderFault;

/// Why a token's signature is not accepted. `alg` and `kid` are the token's.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the evidence that the variant names
pub enum Refusal {
    /// The header is malformed, or requires what is not supported.
    Header(HeaderFault),
    /// `alg` is `none`: there is no signature (RFC 8725 section 2.1).
    Unsecured,
    /// The key does not support `alg`.
    NotSupported { alg: String, key: String, supports: Vec<Algorithm> },
    /// The key supports `alg`, and the caller's allow-list does not contain it.
    NotAllowed { alg: Algorithm, allowed: Vec<Algorithm> },
    /// None of `count` keys has this `kid`; `known` are the first of theirs.
    UnknownKid { kid: String, known: Vec<String>, count: usize },
    /// None of `count` keys of a set, or of those with the token's `kid`, supports `alg`; `keys` are the first of
    /// them, with the reason. A key of another type has a `WrongKeyType`.
    NoneFits { alg: String, kid: Option<String>, keys: Vec<(String, KeyError)>, count: usize },
    /// Several keys of a set have the token's `kid` and support its `alg`: the set is at fault.
    RepeatedKid { kid: String, count: usize },
    /// More keys may have signed the token than are tried for one, and the signature matches none of the first.
    Untried { alg: String, tried: usize, untried: usize },
    /// The signature, of `length` bytes, matches none of the keys: each is named as in its set, and described.
    Mismatch { alg: Algorithm, keys: Vec<(Option<String>, String)>, length: usize },
}

impl Refusal {
    /// Whether the keys may be outdated: newer ones of the same source may match.
    pub(crate) fn may_be_of_old_keys(&self) -> bool {
        matches!(self, Self::Mismatch { .. } | Self::NoneFits { .. })
    }
}
