//! What is found wrong with a verified token, and what is only remarked.

use crate::claims::WrongType;
use crate::json::Value;
use crate::time::{NumericDate, Unit};

/// Which part of a [`Policy`](super::Policy) asks for a claim or for its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// `issuers`
    Issuer,
    /// `audiences`
    Audience,
    /// `subject`
    Subject,
    /// `typ`
    Typ,
    /// `required`
    Required,
    /// `equal`
    Equal,
    /// `equal`, of a token that is about to be renewed
    EqualBeforeRefresh,
    /// `max_age`
    MaxAge,
    /// `max_session`
    MaxSession,
}

/// What a verified token has against the expectations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A claim of the wrong type.
    WrongType(WrongType),
    /// `exp` has passed.
    Expired {
        /// The claim.
        exp: NumericDate,
        /// The claim as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
        /// Whether this is the only fault, so that renewing the token would help.
        alone: bool,
    },
    /// `exp` comes within the time the token must still be valid.
    ExpiresSoon {
        /// The claim.
        exp: NumericDate,
        /// The claim as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
        /// The seconds that were asked for.
        min_ttl: i64,
        /// Whether this is the only fault.
        alone: bool,
    },
    /// `nbf` or `iat` lies in the future.
    NotYetValid {
        /// Which of the two.
        claim: &'static str,
        /// Its value.
        date: NumericDate,
        /// Its value as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
    },
    /// A claim that an expectation names is not there.
    Missing {
        /// Its name.
        claim: String,
        /// The values that would do; none where it need only be there.
        expected: Vec<Value>,
        /// What asks for it.
        by: Expectation,
        /// The paths that are there, down to the members of members; its own, if it is there and null.
        there: Vec<Vec<String>>,
        /// The arrays among them that have the one value that would do as an item.
        holders: Vec<(Vec<String>, Value)>,
        /// A claim that names the client, where that is an audience that would do.
        client: Option<&'static str>,
    },
    /// A claim, or the header's `typ`, has another value than expected.
    Mismatch {
        /// Its name.
        claim: String,
        /// The values that would do.
        expected: Vec<Value>,
        /// The value it has.
        actual: Value,
        /// What asks for it.
        by: Expectation,
        /// A claim that names the client, where that is an audience that would do.
        client: Option<&'static str>,
    },
    /// The token is meant for somebody, and no audience was expected (RFC 7519 section 4.1.3).
    AudienceNotExpected {
        /// The claim.
        actual: Value,
    },
    /// `iat` is too long ago.
    TooOld {
        /// The claim.
        iat: NumericDate,
        /// The claim as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
        /// The seconds that are allowed.
        max_age: i64,
    },
    /// The session that the token renews has reached its limit.
    SessionOver {
        /// The claim it is counted from.
        claim: &'static str,
        /// Its value.
        since: NumericDate,
        /// Its value as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
        /// The seconds that are allowed.
        max_session: i64,
    },
}

/// Something worth a warning that is no fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// No `exp`: the token is valid for ever.
    NoExpiry,
    /// `exp` is so far ahead that no such time was meant to come.
    NeverExpires {
        /// The claim.
        exp: NumericDate,
        /// The claim as it is spelled.
        actual: Value,
    },
    /// `exp` was probably written in another unit than seconds.
    OtherUnit {
        /// That unit.
        unit: Unit,
        /// When the token expires if it is read in that unit.
        exp: NumericDate,
        /// The claim as it is spelled.
        actual: Value,
        /// The time it was held against.
        now: NumericDate,
    },
}
