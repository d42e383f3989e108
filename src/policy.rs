//! Checks the times and claims of a verified token against expectations, and reports all that are not met. No clock, no
//! I/O, and no unverified claims.

use crate::claims::{Registered, Typed, WrongType};
use crate::crypto::Verified;
use crate::json::{Selector, Value, ValueRef};
use crate::time::{NumericDate, Unit};

/// The caller's expectations. The default only checks what always applies: times, the types of the
/// registered claims, and that no audience is named.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// `iss` must be one of these, unless empty.
    pub issuers: Vec<String>,
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
    /// The token names an audience, and none was expected (RFC 7519 section 4.1.3).
    AudienceNotExpected { actual: Value },
    /// `iat` is more than `max_age` seconds ago.
    TooOld { iat: NumericDate, actual: Value, now: NumericDate, max_age: i64 },
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

/// Checks a token at this time: types first, then times, then expectations. There may be a remark on an accepted token.
///
/// # Errors
/// Every fault, not only the first.
pub fn check(
    token: &Verified,
    policy: &Policy,
    now: NumericDate,
) -> Result<Option<Remark>, Vec<Fault>> {
    let claims = token.claims().registered();
    let faults = claims.faults().into_iter().map(Fault::WrongType).collect();
    let mut check = Check { token, claims: &claims, policy, now, faults };
    check.expiry();
    check.start();
    check.age();
    check.session();
    check.issuer();
    check.audience();
    check.subject();
    check.typ();
    check.values();
    let mut faults = check.faults;
    if let [Fault::Expired { alone, .. } | Fault::ExpiresSoon { alone, .. }] = &mut faults[..] {
        *alone = true;
    }
    if faults.is_empty() { Ok(remark(&claims, now)) } else { Err(faults) }
}

fn remark(claims: &Registered<'_>, now: NumericDate) -> Option<Remark> {
    match claims.exp {
        Ok(Some((exp, actual))) if exp.means_never() => {
            Some(Remark::NeverExpires { exp, actual: actual.evidence() })
        }
        Ok(None) => Some(Remark::NoExpiry),
        _ => other_unit(claims, now),
    }
}

/// Remarks on an `exp` that is probably not in seconds.
pub(crate) fn other_unit(claims: &Registered<'_>, now: NumericDate) -> Option<Remark> {
    let (exp, actual) = *claims.exp.as_ref().ok()?.as_ref()?;
    let unit = exp.other_unit()?;
    Some(Remark::OtherUnit { unit, exp: exp.read_in(unit), actual: actual.evidence(), now })
}

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

/// A check of one token.
struct Check<'a> {
    token: &'a Verified,
    claims: &'a Registered<'a>,
    policy: &'a Policy,
    now: NumericDate,
    faults: Vec<Fault>,
}

impl Check<'_> {
    /// A token is valid until, and not at, `exp` (RFC 7519 section 4.1.4).
    fn expiry(&mut self) {
        let Ok(Some((exp, actual))) = self.claims.exp else { return };
        let (policy, now) = (self.policy, self.now);
        if exp <= now.minus(policy.leeway) {
            let is_accepted = match policy.expired {
                Expired::Refused => false,
                Expired::Within(grace) => exp >= now.minus(grace),
                Expired::Accepted => true,
            };
            if !is_accepted {
                let actual = actual.evidence();
                self.faults.push(Fault::Expired { exp, actual, now, alone: false });
            }
        } else if let Some(min_ttl) = policy.min_ttl
            && exp <= now.plus(min_ttl)
        {
            let actual = actual.evidence();
            self.faults.push(Fault::ExpiresSoon { exp, actual, now, min_ttl, alone: false });
        }
    }

    /// `nbf` and `iat` must not be in the future.
    fn start(&mut self) {
        let now = self.now;
        for (claim, dated) in [("nbf", &self.claims.nbf), ("iat", &self.claims.iat)] {
            if let Ok(Some((date, actual))) = dated
                && *date > now.plus(self.policy.leeway)
            {
                let (date, actual) = (*date, actual.evidence());
                self.faults.push(Fault::NotYetValid { claim, date, actual, now });
            }
        }
    }

    fn age(&mut self) {
        let (Some(max_age), now) = (self.policy.max_age, self.now) else { return };
        match self.claims.iat {
            Ok(Some((iat, actual))) if iat < now.minus(max_age).minus(self.policy.leeway) => {
                self.faults.push(Fault::TooOld { iat, actual: actual.evidence(), now, max_age });
            }
            Ok(None) => self.missing("iat", Expectation::MaxAge, Vec::new()),
            _ => {}
        }
    }

    fn session(&mut self) {
        let (Some(max_session), now) = (self.policy.max_session, self.now) else { return };
        match Session::of(self.token, max_session, now) {
            // The type of iat is always checked.
            Err(wrong) if wrong.claim == "iat" => {}
            Err(wrong) => self.faults.push(Fault::WrongType(wrong)),
            Ok(None) => self.missing("auth_time", Expectation::MaxSession, Vec::new()),
            Ok(Some(Session { claim, start: since, end, written })) => {
                let actual = written.evidence();
                if since > now {
                    self.faults.push(Fault::NotYetValid { claim, date: since, actual, now });
                } else if now >= end {
                    self.faults.push(Fault::SessionOver { claim, since, actual, now, max_session });
                }
            }
        }
    }

    fn issuer(&mut self) {
        let expected = &self.policy.issuers;
        if let Ok(issuer) = &self.claims.iss
            && !expected.is_empty()
            && !issuer.as_ref().is_some_and(|issuer| expected.iter().any(|one| one == issuer))
        {
            self.unexpected("iss", Expectation::Issuer, expected);
        }
    }

    /// If a token names an audience, one of its names must be expected (RFC 7519 section 4.1.3).
    fn audience(&mut self) {
        const CLIENTS: [&str; 4] = ["azp", "client_id", "cid", "appid"];
        let Ok(named) = &self.claims.aud else { return };
        let (expected, claims) = (&self.policy.audiences, self.token.claims());
        if expected.is_empty() {
            let actual = claims.object.get("aud").filter(|_| !self.policy.any_audience);
            let fault =
                |actual: ValueRef<'_>| Fault::AudienceNotExpected { actual: actual.evidence() };
            self.faults.extend(actual.map(fault));
        } else if !named.as_ref().is_some_and(|named| named.names_any(expected)) {
            self.unexpected("aud", Expectation::Audience, expected);
            if let Some(Fault::Missing { client, .. } | Fault::Mismatch { client, .. }) =
                self.faults.last_mut()
            {
                *client = CLIENTS.into_iter().find(|name| {
                    let value = claims.object.get(name).and_then(|value| value.as_string());
                    value.is_some_and(|value| expected.contains(&value))
                });
            }
        }
    }

    fn subject(&mut self) {
        let Some(expected) = &self.policy.subject else { return };
        match self.token.claims().string("sub") {
            Err(wrong) => self.faults.push(Fault::WrongType(wrong)),
            Ok(subject) if subject.as_deref() == Some(expected) => {}
            Ok(_) => self.unexpected("sub", Expectation::Subject, std::slice::from_ref(expected)),
        }
    }

    /// Media types are compared case-insensitively and without `application/`, which may be left out (RFC 7515 section
    /// 4.1.9).
    fn typ(&mut self) {
        let Some(wanted) = &self.policy.typ else { return };
        let actual = self.token.header().typ.as_ref().ok().and_then(Option::as_deref);
        if actual.is_none_or(|actual| media_type(actual) != media_type(wanted)) {
            let (expected, actual) = (vec![Value::string(wanted)], actual.map(Value::string));
            self.differs("typ", Expectation::Typ, expected, actual);
        }
    }

    /// Required claims and equal values.
    fn values(&mut self) {
        let (policy, claims) = (self.policy, &self.token.claims().object);
        for path in &policy.required {
            if path.find(claims).is_none_or(|value| value.text() == "null") {
                self.missing(&path.text, Expectation::Required, Vec::new());
            }
        }
        for (path, expected) in &policy.equal {
            let actual = path.find(claims);
            if !actual.as_ref().is_some_and(|actual| actual.same_as(expected)) {
                self.differs(&path.text, Expectation::Equal, vec![expected.clone()], actual);
            }
        }
    }

    /// The fault if a claim is missing or has none of the expected strings.
    fn unexpected(&mut self, claim: &str, by: Expectation, expected: &[String]) {
        let expected = expected.iter().map(|text| Value::string(text)).collect();
        let actual = self.token.claims().object.get(claim).map(ValueRef::to_value);
        self.differs(claim, by, expected, actual);
    }

    fn differs(
        &mut self,
        claim: &str,
        by: Expectation,
        expected: Vec<Value>,
        actual: Option<Value>,
    ) {
        let Some(actual) = actual else { return self.missing(claim, by, expected) };
        let (claim, actual) = (claim.to_owned(), actual.evidence());
        self.faults.push(Fault::Mismatch { claim, expected, actual, by, client: None });
    }

    fn missing(&mut self, claim: &str, by: Expectation, expected: Vec<Value>) {
        // A claim is read once for each path in it, so long ones are left out.
        const LONGEST_SEARCHED: usize = 16 * 1024;
        let object = match by {
            Expectation::Typ => &self.token.header().object,
            _ => &self.token.claims().object,
        };
        let paths = object.paths();
        let array = |path: &Vec<String>| {
            let first = object.get(&path[0]).filter(|v| v.text().len() <= LONGEST_SEARCHED)?;
            let value = first.at(&path[1..])?.to_value();
            let has_it = value.items()?.any(|item| expected.iter().any(|one| item.same_as(one)));
            has_it.then(|| (path.clone(), value))
        };
        let is_compared = by == Expectation::Equal;
        let arrays = paths.iter().filter(|_| is_compared).filter_map(array).collect();
        let (claim, client) = (claim.to_owned(), None);
        self.faults.push(Fault::Missing { claim, expected, by, paths, arrays, client });
    }
}

fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    match lower.strip_prefix("application/") {
        Some(short) if !short.contains('/') => short.to_owned(),
        _ => lower,
    }
}
