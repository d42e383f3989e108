//! The claims set of a token (RFC 7519 section 4): the object as it was written, and typed readings
//! of the registered claims. It judges types, never values: whether a time has passed is `policy`'s.

use std::borrow::Cow;

use crate::json::{JsonError, Name, Object, Value, ValueRef, unquote};
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
        date(claim, self.get(claim)).map(|dated| dated.map(|(date, _)| date))
    }

    /// A claim that is a point in time, with its spelling; nothing where it is not there or no number.
    #[must_use]
    pub fn dated(&self, claim: &'static str) -> Option<Dated<'_>> {
        date(claim, self.get(claim)).ok()?
    }

    /// A claim that is a string: `sub`.
    ///
    /// # Errors
    /// [`WrongType`] if it is there and no string.
    pub fn string(&self, claim: &'static str) -> Result<Option<Cow<'_, str>>, WrongType> {
        string(claim, self.get(claim))
    }

    /// The claims whose types are always checked, each read once.
    #[must_use]
    pub fn registered(&self) -> Registered<'_> {
        const NAMES: [Name; 5] = [
            Name::new("exp"),
            Name::new("nbf"),
            Name::new("iat"),
            Name::new("iss"),
            Name::new("aud"),
        ];
        let [exp, nbf, iat, iss, aud] = self.0.get_all(&NAMES);
        Registered {
            exp: date("exp", exp),
            nbf: date("nbf", nbf),
            iat: date("iat", iat),
            iss: string("iss", iss),
            aud: typed("aud", "a string or an array of strings", aud, audience),
        }
    }

    /// Every fault in the types that are always checked: `exp`, `nbf`, `iat`, `iss`, `aud`.
    #[must_use]
    pub fn type_faults(&self) -> Vec<WrongType> {
        self.registered().faults()
    }
}

/// A point in time, and how it is spelled.
pub type Dated<'a> = (NumericDate, ValueRef<'a>);

/// A claim by its type; none if it is not there.
pub type Typed<T> = Result<Option<T>, WrongType>;

/// The claims whose types are always checked.
#[derive(Debug)]
pub struct Registered<'a> {
    /// When it expires.
    pub exp: Typed<Dated<'a>>,
    /// From when on it is valid.
    pub nbf: Typed<Dated<'a>>,
    /// When it was issued.
    pub iat: Typed<Dated<'a>>,
    /// Who issued it.
    pub iss: Typed<Cow<'a, str>>,
    /// Whom it is meant for (RFC 7519 section 4.1.3).
    pub aud: Typed<Audience<'a>>,
}

impl Registered<'_> {
    /// Every fault in their types.
    #[must_use]
    pub fn faults(&self) -> Vec<WrongType> {
        let dates = [&self.exp, &self.nbf, &self.iat].map(|date| date.as_ref().err());
        let parties = [self.iss.as_ref().err(), self.aud.as_ref().err()];
        dates.into_iter().chain(parties).flatten().cloned().collect()
    }
}

fn typed<'a, T>(
    claim: &'static str,
    expected: &'static str,
    value: Option<ValueRef<'a>>,
    read: impl FnOnce(ValueRef<'a>) -> Option<T>,
) -> Typed<T> {
    let Some(value) = value else { return Ok(None) };
    read(value).map(Some).ok_or_else(|| WrongType { claim, expected, actual: value.evidence() })
}

fn date<'a>(claim: &'static str, value: Option<ValueRef<'a>>) -> Typed<Dated<'a>> {
    typed(claim, "a number", value, |value| Some((NumericDate::of(value)?, value)))
}

fn string<'a>(claim: &'static str, value: Option<ValueRef<'a>>) -> Typed<Cow<'a, str>> {
    typed(claim, "a string", value, characters)
}

/// Whom a token is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience<'a> {
    /// A string.
    One(Cow<'a, str>),
    /// An array, all items of which are strings.
    Many(ValueRef<'a>),
}

impl Audience<'_> {
    /// Whether one of these is among them.
    #[must_use]
    pub fn names_any(&self, names: &[String]) -> bool {
        let is_named = |one: &str| names.iter().any(|name| name == one);
        match self {
            Self::One(one) => is_named(one),
            Self::Many(many) => {
                let mut many = many.into_items().into_iter().flatten();
                many.any(|one| characters(one).is_some_and(|one| is_named(&one)))
            }
        }
    }
}

fn audience(value: ValueRef<'_>) -> Option<Audience<'_>> {
    if let Some(one) = characters(value) {
        return Some(Audience::One(one));
    }
    let are_strings = value.into_items()?.all(|item| item.text().starts_with('"'));
    are_strings.then_some(Audience::Many(value))
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
        assert!(claims.registered().aud.unwrap().unwrap().names_any(&["b".to_owned()]));
        let faults: Vec<_> = claims.type_faults().iter().map(|f| f.claim).collect();
        assert_eq!(faults, ["exp", "iat", "iss"]);
    }

    #[test]
    fn an_audience_of_anything_but_strings_is_a_fault() {
        for aud in ["1", "null", "{}", "[1]", r#"["a",null]"#, "true"] {
            let claims = Claims::parse(format!(r#"{{"aud":{aud}}}"#).as_bytes()).unwrap();
            assert!(claims.registered().aud.is_err(), "{aud}");
        }
    }
}
