//! The claims set of a token (RFC 7519 section 4): the object as it was written, and typed readings
//! of the registered claims. Types are checked here, not values: `policy` decides whether a time has passed.

use std::borrow::Cow;

use crate::json::{JsonError, MemberMemory, Name, Object, Value, ValueRef};
use crate::time::NumericDate;

/// A claims set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    pub(crate) object: Object,
    /// If they are those of an SD-JWT: what its disclosures say.
    pub(crate) disclosed: Option<Box<Disclosed>>,
}

/// What the disclosures of an SD-JWT add to its claims (RFC 9901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disclosed {
    /// JSON Pointers to what was disclosed.
    pub(crate) paths: Vec<String>,
    /// The `sd_hash` that a key binding JWT must have, if there is one.
    pub(crate) sd_hash: Option<String>,
    /// The header and the claims of a key binding JWT that is shown and not checked.
    pub(crate) key_binding: Option<(Object, Object)>,
}

/// A claim whose value has the wrong type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongType {
    /// The claim's name.
    pub claim: &'static str,
    /// The type it should have, in words: "a number", …
    pub expected: &'static str,
    /// The value that was found.
    pub actual: Value,
}

impl Claims {
    /// Reads a claims set from JSON text, which is not copied if it is owned.
    ///
    /// # Errors
    /// Any [`JsonError`].
    pub fn parse(text: impl Into<Vec<u8>>) -> Result<Self, JsonError> {
        Object::parse(text).map(|object| Self { object, disclosed: None })
    }

    /// The claims as JSON text, without white space between tokens.
    pub fn text(&self) -> Cow<'_, str> {
        self.object.text()
    }

    /// Reads a claims set in memory that is used again.
    pub(crate) fn parse_in(text: Vec<u8>, memory: MemberMemory) -> Result<Self, JsonError> {
        Object::parse_in(text, memory).map(|object| Self { object, disclosed: None })
    }

    /// The memory of claims that are no longer needed.
    pub(crate) fn into_memory(self) -> (Vec<u8>, MemberMemory) {
        self.object.into_memory()
    }

    /// A claim that is a point in time: `exp`, `nbf`, `iat`, `auth_time`.
    ///
    /// # Errors
    /// [`WrongType`] for anything but a number.
    pub fn numeric_date(&self, claim: &'static str) -> Result<Option<NumericDate>, WrongType> {
        Ok(self.dated(claim)?.map(|(date, _)| date))
    }

    /// A claim that is a point in time, and how it is written.
    pub(crate) fn dated(&self, claim: &'static str) -> Typed<Dated<'_>> {
        date(claim, self.object.get(claim))
    }

    /// A claim that is a string: `sub`.
    ///
    /// # Errors
    /// [`WrongType`] for anything but a string.
    pub fn string(&self, claim: &'static str) -> Result<Option<Cow<'_, str>>, WrongType> {
        string(claim, self.object.get(claim))
    }

    /// The claims whose types are always checked, each read once.
    pub fn registered(&self) -> Registered<'_> {
        const NAMES: [Name<'_>; 5] = [
            Name::new("exp"),
            Name::new("nbf"),
            Name::new("iat"),
            Name::new("iss"),
            Name::new("aud"),
        ];
        let [exp, nbf, iat, iss, aud] = self.object.get_each(&NAMES);
        Registered {
            exp: date("exp", exp),
            nbf: date("nbf", nbf),
            iat: date("iat", iat),
            iss: string("iss", iss),
            aud: typed("aud", "a string or an array of strings", aud, audience),
        }
    }
}

/// The claims of RFC 7519 section 4.1.
pub(crate) const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// A point in time, and how it is written.
pub(crate) type Dated<'a> = (NumericDate, ValueRef<'a>);

/// A claim of the right type; `None` if it is missing.
pub type Typed<T> = Result<Option<T>, WrongType>;

/// The claims whose types are always checked.
#[derive(Debug)]
pub struct Registered<'a> {
    pub(crate) exp: Typed<Dated<'a>>,
    pub(crate) nbf: Typed<Dated<'a>>,
    pub(crate) iat: Typed<Dated<'a>>,
    pub(crate) iss: Typed<Cow<'a, str>>,
    /// The audience (RFC 7519 section 4.1.3).
    pub aud: Typed<Audience<'a>>,
}

impl Registered<'_> {
    /// Those of a wrong type.
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
    typed(claim, "a string", value, ValueRef::into_string)
}

/// The recipients that a token is meant for: a string, or an array of which every item is a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience<'a>(ValueRef<'a>);

impl Audience<'_> {
    /// Whether it contains one of these names.
    pub fn names_any(&self, names: &[String]) -> bool {
        let is_named = |one: ValueRef<'_>| {
            one.into_string().is_some_and(|one| names.iter().any(|name| *name == one))
        };
        is_named(self.0) || self.0.into_items().is_some_and(|mut many| many.any(is_named))
    }
}

fn audience(value: ValueRef<'_>) -> Option<Audience<'_>> {
    let is_string = |item: ValueRef<'_>| item.text().starts_with('"');
    let are_strings = is_string(value) || value.into_items()?.all(is_string);
    are_strings.then_some(Audience(value))
}
