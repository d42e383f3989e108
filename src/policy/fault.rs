//! Why a verified token does not meet an expectation.

use super::expectations::Expectation;
use super::kind::TokenKind;
use crate::claims::WrongType;
use crate::json::Value;
use crate::time::{NumericDate, Unit};

/// An expectation that a verified token does not meet. `actual` is the value of a claim as it is written, and `now` the
/// time that it was compared with. `alone` says that there is no other fault, so renewing the token would help.
/// `expected` are the accepted values, empty for any. `client` is a claim that names the client, if that is an expected
/// audience.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are described above
pub enum Fault {
    /// A claim of the wrong type.
    WrongType(WrongType),
    /// `exp` has passed.
    Expired { exp: NumericDate, actual: Value, now: NumericDate, alone: bool },
    /// `exp` is at most the required `min_ttl` seconds in the future.
    ExpiresSoon { exp: NumericDate, actual: Value, now: NumericDate, min_ttl: i64, alone: bool },
    /// `nbf`, `iat` or `auth_time` is in the future.
    NotYetValid { claim: &'static str, date: NumericDate, actual: Value, now: NumericDate },
    /// A claim that an expectation names is missing or null.
    Missing {
        claim: String,
        expected: Vec<Value>,
        by: Expectation,
        /// The paths that exist, down to the members of members.
        paths: Vec<Vec<String>>,
        /// The arrays among them that have the expected value as an item.
        arrays: Vec<(Vec<String>, Value)>,
        client: Option<&'static str>,
    },
    /// A claim, or the header's `typ`, has another value than expected.
    Mismatch {
        claim: String,
        expected: Vec<Value>,
        actual: Value,
        by: Expectation,
        client: Option<&'static str>,
    },
    /// A claim is there that must not be: because of the kind of token, or because the caller forbids it.
    Forbidden { claim: String, actual: Value, kind: Option<TokenKind> },
    /// A claim, or a parameter of the header, is not what this kind of token `needs`.
    NotOfKind { kind: TokenKind, claim: &'static str, needs: &'static str, actual: Option<Value> },
    /// The `jwk` of a DPoP proof is not the key that verified it.
    OtherProofKey,
    /// The token's `jti` is one of those that were revoked.
    Revoked { jti: Value },
    /// The token names an audience, and none was expected (RFC 7519 section 4.1.3).
    AudienceNotExpected { actual: Value },
    /// `iat` is more than `max_age` seconds ago.
    TooOld {
        iat: NumericDate,
        actual: Value,
        now: NumericDate,
        max_age: i64,
        /// The kind of token that sets the limit, if the caller does not.
        kind: Option<TokenKind>,
    },
    /// An SD-JWT does not disclose all claims, and the start of the session is not among those that it does.
    SessionHidden,
    /// The session that the token renews began at least `max_session` seconds ago, by this claim.
    SessionOver {
        claim: &'static str,
        since: NumericDate,
        actual: Value,
        now: NumericDate,
        max_session: i64,
    },
}

/// A reason for a warning that is not a fault. `actual` is `exp` as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are described above
pub enum Remark {
    /// There is no `exp`.
    NoExpiry,
    /// `exp` is too far in the future to be reached.
    NeverExpires { exp: NumericDate, actual: Value },
    /// `exp` was probably written in another unit than seconds; `exp` is the time in that unit.
    OtherUnit { unit: Unit, exp: NumericDate, actual: Value, now: NumericDate },
}
