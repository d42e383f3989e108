//! What is expected of a verified token's times and claims, and every fault it has against that.
//! Pure: no clock, no I/O, and no way in for claims that were not verified.

mod check;
mod fault;

use crate::json::{Selector, Value};

pub use check::{check, other_unit, session_start};
pub use fault::{Expectation, Fault, Remark};

/// The caller's expectations. The default expects nothing but what always holds: the times, the
/// types of the registered claims, and no audience.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// `iss` must be one of these, if there are any.
    pub issuers: Vec<String>,
    /// `aud` must name one of these, if there are any.
    pub audiences: Vec<String>,
    /// Accept a token whatever `aud` says.
    pub any_audience: bool,
    /// `sub` must be this.
    pub subject: Option<String>,
    /// The header's `typ` must be this media type (RFC 8725 section 3.11).
    pub typ: Option<String>,
    /// Claims that must be there and not null.
    pub required: Vec<Selector>,
    /// Claims that must equal a value.
    pub equal: Vec<(Selector, Value)>,
    /// Seconds by which `exp`, `nbf`, `iat` and `max_age` are widened.
    pub leeway: i64,
    /// The token must still be valid this many seconds from now.
    pub min_ttl: Option<i64>,
    /// At most this many seconds may have passed since `iat`.
    pub max_age: Option<i64>,
    /// At most this many seconds may have passed since the session began.
    pub max_session: Option<i64>,
    /// What becomes of a token that has expired.
    pub expired: Expired,
}

/// What becomes of a token that has expired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expired {
    /// It is refused.
    #[default]
    Refused,
    /// It is accepted up to this many seconds after `exp`.
    Within(i64),
    /// It is accepted.
    Accepted,
}
