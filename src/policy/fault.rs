//! What is found wrong with a verified token, and what is only remarkable.

use crate::claims::WrongType;
use crate::json::Value;
use crate::time::{NumericDate, Unit};

/// Which part of a [`Policy`](super::Policy) asks for a claim or for its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // each is named after a field
pub enum Expectation {
    Issuer,
    Audience,
    Subject,
    Typ,
    Required,
    Equal,
    /// `equal`, for a token that is about to be renewed.
    EqualBeforeRefresh,
    MaxAge,
    MaxSession,
}

/// What a verified token has against the policy. `actual` is the value of a claim as it is written, and `now` the time
/// that it was compared with; `alone` says that there is no other fault, so that renewing the token would help.
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
        /// The values that would be accepted; none if any would.
        expected: Vec<Value>,
        by: Expectation,
        /// The paths that exist, down to the members of members.
        there: Vec<Vec<String>>,
        /// The arrays among them that have the expected value as an item.
        holders: Vec<(Vec<String>, Value)>,
        /// A claim that names the client, if that is one of the expected audiences.
        client: Option<&'static str>,
    },
    /// A claim, or the header's `typ`, has another value than expected.
    Mismatch {
        claim: String,
        /// The values that would be accepted.
        expected: Vec<Value>,
        actual: Value,
        by: Expectation,
        /// A claim that names the client, if that is one of the expected audiences.
        client: Option<&'static str>,
    },
    /// The token names an audience, and none was expected (RFC 7519 section 4.1.3).
    AudienceNotExpected { actual: Value },
    /// `iat` is more than `max_age` seconds ago.
    TooOld { iat: NumericDate, actual: Value, now: NumericDate, max_age: i64 },
    /// The session that the token renews began at least `max_session` seconds ago, by this claim.
    SessionOver {
        claim: &'static str,
        since: NumericDate,
        actual: Value,
        now: NumericDate,
        max_session: i64,
    },
}

/// Something that deserves a warning and is not a fault. `actual` is `exp` as it is written.
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
