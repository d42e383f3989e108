//! The claims set of a token (RFC 7519 section 4): the object as it was written, and typed readings
//! of the registered claims. It judges types, never values: whether a time has passed is `policy`'s.

use std::borrow::Cow;

use crate::json::{JsonError, Object, Value, ValueRef, unquote};
use crate::time::NumericDate;

/// A claims set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims(Object);

/// A claim whose value is of another type than its definition asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongType {
    /// The claim's name.
    pub claim: &'static str,
    /// The type it should have, in words: "a number", …
    pub expected: &'static str,
    /// What it is in its place.
    pub actual: Value,
}

impl Claims {
    /// Reads a claims set from JSON text.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        Object::parse(text).map(Self)
    }

    /// The object itself.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.0
    }

    /// The same of a text that is kept.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn of_bytes(text: Vec<u8>) -> Result<Self, JsonError> {
        Object::of_bytes(text).map(Self)
    }

    /// A claim's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<ValueRef<'_>> {
        self.0.get(name)
    }

    /// Gives a claim a value: in its place if it is there, else at the end.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.0.set(name, value);
    }

    /// Takes a claim out.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// A claim that is a point in time: `exp`, `nbf`, `iat`, `auth_time`.
    ///
    /// # Errors
    /// [`WrongType`] if it is there and no number.
    pub fn numeric_date(&self, claim: &'static str) -> Result<Option<NumericDate>, WrongType> {
        self.typed(claim, A_NUMBER, NumericDate::of)
    }

    /// A claim that is a point in time, with its spelling; nothing where it is not there or no number.
    #[must_use]
    pub fn dated(&self, claim: &'static str) -> Option<(NumericDate, ValueRef<'_>)> {
        let value = self.get(claim)?;
        Some((NumericDate::of(value)?, value))
    }

    /// A claim that is a string: `iss`, `sub`.
    ///
    /// # Errors
    /// [`WrongType`] if it is there and no string.
    pub fn string(&self, claim: &'static str) -> Result<Option<Cow<'_, str>>, WrongType> {
        self.typed(claim, A_STRING, characters)
    }

    /// `aud`: one string or an array of strings (RFC 7519 section 4.1.3).
    ///
    /// # Errors
    /// [`WrongType`] if it is there and neither.
    pub fn audience(&self) -> Result<Option<Audience<'_>>, WrongType> {
        self.typed("aud", AN_AUDIENCE, audience)
    }

    /// Every fault in the types that are always checked: `exp`, `nbf`, `iat`, `iss`, `aud`.
    #[must_use]
    pub fn type_faults(&self) -> Vec<WrongType> {
        let dates = ["exp", "nbf", "iat"]
            .into_iter()
            .map(|claim| self.fault(claim, A_NUMBER, |value| value.kind() == "a number"));
        let issuer = self.fault("iss", A_STRING, |value| value.kind() == "a string");
        let audience = self.fault("aud", AN_AUDIENCE, |value| audience(value).is_some());
        dates.chain([issuer, audience]).flatten().collect()
    }

    fn fault(
        &self,
        claim: &'static str,
        expected: &'static str,
        is_of_type: impl Fn(ValueRef<'_>) -> bool,
    ) -> Option<WrongType> {
        self.typed(claim, expected, |value| is_of_type(value).then_some(())).err()
    }

    fn typed<'a, T>(
        &'a self,
        claim: &'static str,
        expected: &'static str,
        read: impl Fn(ValueRef<'a>) -> Option<T>,
    ) -> Result<Option<T>, WrongType> {
        let Some(value) = self.get(claim) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| WrongType { claim, expected, actual: value.to_value() })
    }
}

const A_NUMBER: &str = "a number";
const A_STRING: &str = "a string";
const AN_AUDIENCE: &str = "a string or an array of strings";

/// Whom a token is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience<'a> {
    /// A string.
    One(Cow<'a, str>),
    /// An array of strings.
    Many(Vec<Cow<'a, str>>),
}

impl Audience<'_> {
    /// Whether one of these is among them.
    #[must_use]
    pub fn names_any(&self, names: &[String]) -> bool {
        let all = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        };
        all.iter().any(|one| names.iter().any(|name| name == one))
    }
}

fn audience(value: ValueRef<'_>) -> Option<Audience<'_>> {
    match characters(value) {
        Some(one) => Some(Audience::One(one)),
        None => value
            .into_items()?
            .into_iter()
            .map(characters)
            .collect::<Option<_>>()
            .map(Audience::Many),
    }
}

/// The characters of a string.
fn characters(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    let spelled = value.into_text();
    spelled.starts_with('"').then(|| unquote(spelled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_claims_are_typed() {
        let claims = Claims::parse(
            br#"{"exp":"1631934124","nbf":1.5e9,"iat":null,"iss":1,"sub":"x","aud":["a","b"]}"#,
        )
        .unwrap();
        assert_eq!(claims.numeric_date("exp").unwrap_err().expected, "a number");
        assert_eq!(claims.numeric_date("nbf").unwrap().unwrap().seconds, 1_500_000_000);
        assert_eq!(claims.string("sub").unwrap().as_deref(), Some("x"));
        assert!(claims.audience().unwrap().unwrap().names_any(&["b".to_owned()]));
        let faults: Vec<_> = claims.type_faults().iter().map(|f| f.claim).collect();
        assert_eq!(faults, ["exp", "iat", "iss"]);
    }

    #[test]
    fn an_audience_of_anything_but_strings_is_a_fault() {
        for aud in ["1", "null", "{}", "[1]", r#"["a",null]"#, "true"] {
            let claims = Claims::parse(format!(r#"{{"aud":{aud}}}"#).as_bytes()).unwrap();
            assert!(claims.audience().is_err(), "{aud}");
        }
    }
}
