//! Checks the times and claims of a verified token, and reports every expectation that is not met.

use super::expectations::{Expectation, Expired, Policy};
use super::fault::{Fault, Remark};
use super::kind::TokenKind;
use super::session::Session;
use crate::claims::{Registered, WrongType};
use crate::crypto::Verified;
use crate::json::{Value, ValueRef};
use crate::time::NumericDate;

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
    check.kind();
    check.revocation();
    let mut faults = check.faults;
    if let [Fault::Expired { alone, .. } | Fault::ExpiresSoon { alone, .. }] = &mut faults[..] {
        *alone = true;
    }
    if faults.is_empty() { Ok(remark(&claims, policy.kind, now)) } else { Err(faults) }
}

fn remark(claims: &Registered<'_>, kind: Option<TokenKind>, now: NumericDate) -> Option<Remark> {
    match claims.exp {
        Ok(Some((exp, actual))) if exp.means_never() => {
            Some(Remark::NeverExpires { exp, actual: actual.evidence() })
        }
        Ok(None) => kind.is_none_or(TokenKind::expires).then_some(Remark::NoExpiry),
        _ => other_unit(claims, now),
    }
}

/// Remarks on an `exp` that is probably not in seconds.
pub(crate) fn other_unit(claims: &Registered<'_>, now: NumericDate) -> Option<Remark> {
    let (exp, actual) = *claims.exp.as_ref().ok()?.as_ref()?;
    let unit = exp.other_unit()?;
    Some(Remark::OtherUnit { unit, exp: exp.read_in(unit), actual: actual.evidence(), now })
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
        let max_age = self.policy.max_age.or_else(|| self.policy.kind?.max_age());
        let (Some(max_age), now) = (max_age, self.now) else { return };
        match self.claims.iat {
            Ok(Some((iat, actual))) if iat < now.minus(max_age).minus(self.policy.leeway) => {
                let kind = self.policy.kind.filter(|_| self.policy.max_age.is_none());
                let actual = actual.evidence();
                self.faults.push(Fault::TooOld { iat, actual, now, max_age, kind });
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
        let Ok(issuer) = &self.claims.iss else { return };
        if let Some(own) = &self.policy.issuer_of_keys
            && issuer.as_deref() != Some(own)
        {
            return self.unexpected("iss", Expectation::IssuerOfKeys, std::slice::from_ref(own));
        }
        let expected = &self.policy.issuers;
        if !expected.is_empty()
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

    /// Required, equal, contained and forbidden values.
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
        for (path, wanted) in &policy.containing {
            let actual = path.find(claims);
            if !actual.as_ref().is_some_and(|actual| contains(actual, wanted)) {
                let expected = vec![Value::string(wanted)];
                self.differs(&path.text, Expectation::Contains, expected, actual);
            }
        }
        for path in &policy.forbidden {
            if let Some(actual) = path.find(claims) {
                let (claim, actual) = (path.text.clone(), actual.evidence());
                self.faults.push(Fault::Forbidden { claim, actual, kind: None });
            }
        }
    }

    /// What the kind of token demands.
    fn kind(&mut self) {
        let Some(kind) = self.policy.kind else { return };
        let (by, token) = (Expectation::Kind(kind), self.token);
        let (types, is_needed) = kind.types();
        let typ = token.header().typ.as_ref().ok().and_then(Option::as_deref);
        let is_one = |typ: &str| types.iter().any(|one| media_type(one) == media_type(typ));
        if !typ.map_or(!is_needed, is_one) {
            let expected = types.iter().map(|one| Value::string(one)).collect();
            self.differs("typ", by, expected, typ.map(Value::string));
        }
        let claims = &token.claims().object;
        for name in kind.required() {
            if claims.get(name).is_none_or(|value| value.text() == "null") {
                self.missing(name, by, Vec::new());
            }
        }
        self.faults.extend(kind.faults(token));
    }

    /// A token that was revoked. One without a `jti` cannot be looked up.
    fn revocation(&mut self) {
        let Some(revoked) = &self.policy.revoked else { return };
        match self.token.claims().string("jti") {
            Err(wrong) => self.faults.push(Fault::WrongType(wrong)),
            Ok(jti) if jti.as_deref().unwrap_or_default().is_empty() => {
                self.missing("jti", Expectation::Revoked, Vec::new());
            }
            // It cannot be listed.
            Ok(Some(jti)) if jti.contains(['\n', '\r']) => {
                let (claim, expected) = ("jti", "a string without line breaks");
                let actual = Value::string(&jti).evidence();
                self.faults.push(Fault::WrongType(WrongType { claim, expected, actual }));
            }
            Ok(Some(jti)) if revoked.contains(&jti) => {
                self.faults.push(Fault::Revoked { jti: Value::string(&jti).evidence() });
            }
            Ok(_) => {}
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
            _ if claim == "typ" && by != Expectation::Required => &self.token.header().object,
            _ => &self.token.claims().object,
        };
        let paths = object.paths();
        let array = |path: &Vec<String>| {
            let first = object.get(&path[0]).filter(|v| v.text().len() <= LONGEST_SEARCHED)?;
            let value = first.at(&path[1..])?.to_value();
            let has_it = value.items()?.any(|item| expected.iter().any(|one| item.same_as(one)));
            has_it.then(|| (path.clone(), value))
        };
        let is_compared = matches!(by, Expectation::Equal | Expectation::Contains);
        let arrays = paths.iter().filter(|_| is_compared).filter_map(array).collect();
        let (claim, client) = (claim.to_owned(), None);
        self.faults.push(Fault::Missing { claim, expected, by, paths, arrays, client });
    }
}

/// Whether a value is an array with this string as an item, or a string with it as one of its words.
fn contains(value: &Value, wanted: &str) -> bool {
    if let Some(text) = value.as_string() {
        return text.split(' ').any(|word| word == wanted);
    }
    let mut items = value.items().into_iter().flatten();
    items.any(|item| item.as_string().is_some_and(|text| text == wanted))
}

/// A `typ` in lower case and without `application/`, as media types are compared (RFC 7515 section 4.1.9).
pub(crate) fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    match lower.strip_prefix("application/") {
        Some(short) if !short.contains('/') => short.to_owned(),
        _ => lower,
    }
}
