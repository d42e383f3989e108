//! The session that a token renews, whose length may be limited.

use crate::claims::Typed;
use crate::crypto::Verified;
use crate::json::ValueRef;
use crate::time::NumericDate;

/// The session that a token belongs to, if its length is limited.
pub(crate) struct Session<'a> {
    /// The claim that it is counted from: `auth_time` or, in its first token, `iat`.
    pub(crate) claim: &'static str,
    /// When it began. Leeway allows an `iat` in the future, which counts as `now`.
    pub(crate) start: NumericDate,
    /// When it ends: no token may be valid from then on.
    pub(crate) end: NumericDate,
    /// The claim as it is written.
    pub(crate) written: ValueRef<'a>,
}

impl<'a> Session<'a> {
    pub(crate) fn of(token: &'a Verified, max_session: i64, now: NumericDate) -> Typed<Self> {
        let session = |claim, start: NumericDate, written| {
            let start = start.in_nanos();
            Self { claim, start, end: start.plus(max_session), written }
        };
        if let Some((start, written)) = token.claims().dated("auth_time")? {
            return Ok(Some(session("auth_time", start, written)));
        }
        let issued = token.claims().dated("iat")?;
        Ok(issued.map(|(start, written)| session("iat", start.min(now), written)))
    }
}
