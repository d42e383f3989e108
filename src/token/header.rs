//! The JOSE header (RFC 7515 section 4): the object as it was written, and the members that decide something.
//! Members that bring a key (`jku`, `jwk`, `x5u`, `x5c`) come from the sender and are never followed or read.

use thiserror::Error;

use crate::json::{Object, Value, ValueRef};

/// A token's header, which is the sender's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    object: Object,
    alg: Result<String, HeaderFault>,
    typ: Result<Option<String>, HeaderFault>,
    kid: Option<String>,
    faults: Vec<HeaderFault>,
}

/// What makes a header unfit for verification. Values of members are not part of the messages.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderFault {
    #[error("the header has no \"alg\"")]
    NoAlg,
    #[error("the header's \"{name}\" must be {expected}")]
    WrongType { name: &'static str, expected: &'static str, actual: Value },
    #[error("the header requires extensions that jwtctl does not know")]
    Critical { names: Value },
    #[error("the header says \"b64\": false: the payload is not encoded (RFC 7797)")]
    UnencodedPayload,
}

impl Header {
    /// Reads the members of a header once.
    pub fn new(object: Object) -> Self {
        let alg = string(&object, "alg").and_then(|alg| alg.ok_or(HeaderFault::NoAlg));
        let (typ, kid) = (string(&object, "typ"), string(&object, "kid"));
        let types = [typ.as_ref().err(), kid.as_ref().err()].into_iter().flatten().cloned();
        let faults = types.chain(critical(&object)).chain(unencoded(&object)).collect();
        Self { alg, typ, kid: kid.ok().flatten(), faults, object }
    }

    pub(crate) fn object(&self) -> &Object {
        &self.object
    }

    pub(crate) fn alg(&self) -> Result<&str, &HeaderFault> {
        self.alg.as_deref()
    }

    pub(crate) fn typ(&self) -> Result<Option<&str>, &HeaderFault> {
        self.typ.as_ref().map(Option::as_deref)
    }

    /// `kid`, if it is a string; one of another type is among the faults.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Everything but `alg` that keeps the token from being verified: a `typ` or `kid` that is not a string, critical
    /// extensions, a payload that is not encoded.
    pub(crate) fn faults(&self) -> &[HeaderFault] {
        &self.faults
    }
}

fn string(object: &Object, name: &'static str) -> Result<Option<String>, HeaderFault> {
    let Some(value) = object.get(name) else { return Ok(None) };
    value.as_string().map(Some).ok_or_else(|| wrong_type(name, "a string", value))
}

/// jwtctl understands no extension, so that a `crit` that names any is refused.
fn critical(object: &Object) -> Option<HeaderFault> {
    let value = object.get("crit")?;
    let is_name = |item: ValueRef<'_>| item.text().starts_with('"');
    let are_names = value
        .into_items()
        .is_some_and(|mut items| items.clone().next().is_some() && items.all(is_name));
    Some(if are_names {
        HeaderFault::Critical { names: value.evidence() }
    } else {
        wrong_type("crit", "an array of names, not empty", value)
    })
}

fn unencoded(object: &Object) -> Option<HeaderFault> {
    let value = object.get("b64")?;
    match value.text() {
        "true" => None,
        "false" => Some(HeaderFault::UnencodedPayload),
        _ => Some(wrong_type("b64", "a boolean", value)),
    }
}

fn wrong_type(name: &'static str, expected: &'static str, actual: ValueRef<'_>) -> HeaderFault {
    HeaderFault::WrongType { name, expected, actual: actual.evidence() }
}
