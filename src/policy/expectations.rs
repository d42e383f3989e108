//! What a caller expects of a verified token, as plain data.

use std::sync::Arc;

use super::kind::TokenKind;
use super::revoked::Revoked;
use crate::json::{Selector, Value};

/// The caller's expectations. The default only checks what always applies: times, the types of the
/// registered claims, and that no audience is named.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// `iss` must be one of these, unless empty.
    pub issuers: Vec<String>,
    /// The issuer whose keys verified the token: `iss` must be exactly this, whatever else is expected.
    pub issuer_of_keys: Option<String>,
    /// `aud` must name one of these, unless empty.
    pub audiences: Vec<String>,
    /// Accept a token whatever `aud` says.
    pub any_audience: bool,
    /// The value that `sub` must have.
    pub subject: Option<String>,
    /// The header's `typ` must be this media type (RFC 8725 section 3.11).
    pub typ: Option<String>,
    /// Claims that must exist and not be null.
    pub required: Vec<Selector>,
    /// Claims that must equal a JSON value.
    pub equal: Vec<(Selector, Value)>,
    /// Claims that must contain a text: as an item of an array, or as a word of a string, as in `scope`.
    pub containing: Vec<(Selector, String)>,
    /// Claims that must not exist.
    pub forbidden: Vec<Selector>,
    /// What kind of token it must be.
    pub kind: Option<TokenKind>,
    /// Tokens that are not accepted, by their `jti`.
    pub revoked: Option<Arc<Revoked>>,
    /// The tolerance for `exp`, `nbf`, `iat` and `max_age`, in seconds.
    pub leeway: i64,
    /// The token must still be valid this many seconds from now.
    pub min_ttl: Option<i64>,
    /// At most this many seconds may have passed since `iat`.
    pub max_age: Option<i64>,
    /// At most this many seconds may have passed since the session began.
    pub max_session: Option<i64>,
    /// Whether a token that has expired is refused.
    pub expired: Expired,
}

/// Whether a token that has expired is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expired {
    /// The token is refused.
    #[default]
    Refused,
    /// The token is accepted up to this many seconds after `exp`.
    Within(i64),
    /// The token is accepted, however long ago it expired.
    Accepted,
}

/// Which part of a [`Policy`] asks for a claim or for its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // each is named after a field
pub enum Expectation {
    Issuer,
    IssuerOfKeys,
    Audience,
    Subject,
    Typ,
    Required,
    Equal,
    Contains,
    Kind(TokenKind),
    Revoked,
    /// `equal`, for a token that is about to be renewed.
    EqualBeforeRefresh,
    MaxAge,
    MaxSession,
}
