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
        self.typed(claim, "a number", NumericDate::of)
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
        self.typed(claim, "a string", characters)
    }

    /// `aud`: one string or an array of strings (RFC 7519 section 4.1.3).
    ///
    /// # Errors
    /// [`WrongType`] if it is there and neither.
    pub fn audience(&self) -> Result<Option<Vec<Cow<'_, str>>>, WrongType> {
        self.typed("aud", "a string or an array of strings", |value| match characters(value) {
            Some(one) => Some(vec![one]),
            None => value.into_items()?.into_iter().map(characters).collect(),
        })
    }

    /// Every fault in the types that are always checked: `exp`, `nbf`, `iat`, `iss`, `aud`.
    #[must_use]
    pub fn type_faults(&self) -> Vec<WrongType> {
        let dates = ["exp", "nbf", "iat"].into_iter().map(|claim| self.numeric_date(claim).err());
        dates.chain([self.string("iss").err(), self.audience().err()]).flatten().collect()
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
        assert_eq!(claims.audience().unwrap().unwrap(), ["a", "b"]);
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
