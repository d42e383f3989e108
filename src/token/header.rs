//! The JOSE header (RFC 7515 section 4): the object as it was written, and the members that matter for verification.
//! Members that contain or locate a key (`jku`, `jwk`, `x5u`, `x5c`) come from the sender and are never used, except that
//! `crypto::x5c` verifies a chain if the caller says which certificates are trusted.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use thiserror::Error;

use super::part::{Codec, Malformed, Part, unpadded};
use crate::json::{JsonError, Object, Value, ValueRef};

/// A token's header, which is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub(crate) object: Object,
    pub(crate) alg: Result<String, HeaderFault>,
    pub(crate) typ: Result<Option<String>, HeaderFault>,
    /// `kid`, if it is a string; one of another type is among the faults.
    pub(crate) kid: Option<String>,
    /// Everything but `alg` that keeps the token from being verified: a `typ` or `kid` that is not a string, critical
    /// extensions, a payload that is not encoded.
    pub(crate) faults: Vec<HeaderFault>,
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
    #[error("the header's \"{name}\" is not in the protected header")]
    NotProtected { name: &'static str },
    #[error("the header says \"b64\": false, and its \"crit\" does not name \"b64\"")]
    UncriticalB64,
    #[error("the header's \"crit\" names \"b64\", which the header does not have")]
    MissingB64,
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

    /// Everything but `alg` that keeps a token from being verified. Its payload may be allowed not to be encoded.
    pub(crate) fn faults(&self, allows_unencoded: bool) -> impl Iterator<Item = &HeaderFault> {
        let is_allowed =
            move |fault: &HeaderFault| allows_unencoded && *fault == HeaderFault::UnencodedPayload;
        self.faults.iter().filter(move |fault| !is_allowed(fault))
    }

    /// Whether the payload is signed as it is, and not in base64url (RFC 7797).
    pub(crate) fn is_unencoded(&self) -> bool {
        self.faults.contains(&HeaderFault::UnencodedPayload)
    }

    /// The parameters of several headers as one: a protected header, and others that are not. No two may have the same
    /// name (RFC 7515 section 7.2.1, RFC 7516 section 7.2.1), and `crit` must be protected.
    ///
    /// # Errors
    /// Any [`JsonError`]; `Duplicate` for a name in two headers.
    pub(super) fn joined<'a>(
        protected: &Object,
        others: impl Iterator<Item = ValueRef<'a>>,
    ) -> Result<Self, JsonError> {
        let mut text = protected.text().into_owned();
        for other in others {
            let kind = other.kind();
            let inner = other.text().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let inner = inner.ok_or(JsonError::NotAnObject(kind))?.trim();
            text.truncate(text.trim_end().len() - 1);
            if !inner.is_empty() && text.trim() != "{" {
                text.push(',');
            }
            text.push_str(inner);
            text.push('}');
        }
        let mut header = Self::new(Object::parse(text)?);
        // Nobody has signed another `typ`, so it meets no expectation.
        if protected.get("typ").is_none() {
            header.typ = Ok(None);
        }
        if header.object.get("crit").is_some() && protected.get("crit").is_none() {
            header.faults.push(HeaderFault::NotProtected { name: "crit" });
        }
        Ok(header)
    }
}

fn string(object: &Object, name: &'static str) -> Result<Option<String>, HeaderFault> {
    let Some(value) = object.get(name) else { return Ok(None) };
    value.as_string().map(Some).ok_or_else(|| wrong_type(name, "a string", value))
}

/// jwtctl understands one extension, `b64`, so every other `crit` is refused.
fn critical(object: &Object) -> Option<HeaderFault> {
    let value = object.get("crit")?;
    if names(value).eq([Some("b64".to_owned())]) {
        return object.get("b64").is_none().then_some(HeaderFault::MissingB64);
    }
    let is_name = |item: ValueRef<'_>| item.text().starts_with('"');
    let are_names = value
        .into_items()
        .is_some_and(|mut items| items.clone().next().is_some() && items.all(is_name));
    Some(if are_names {
        HeaderFault::Critical { names: value.evidence() }
    } else {
        wrong_type("crit", "a non-empty array of names", value)
    })
}

/// The names in a `crit`, if it is an array.
fn names(crit: ValueRef<'_>) -> impl Iterator<Item = Option<String>> {
    crit.into_items().into_iter().flatten().map(|name| name.as_string())
}

fn unencoded(object: &Object) -> Option<HeaderFault> {
    let value = object.get("b64")?;
    match value.text() {
        "true" => None,
        "false" => {
            // A reader that does not know `b64` takes the payload for an encoded one (RFC 7797 section 6).
            let mut crit = object.get("crit").into_iter().flat_map(names);
            let is_critical = crit.any(|name| name.as_deref() == Some("b64"));
            Some(if is_critical {
                HeaderFault::UnencodedPayload
            } else {
                HeaderFault::UncriticalB64
            })
        }
        _ => Some(wrong_type("b64", "a boolean", value)),
    }
}

fn wrong_type(name: &'static str, expected: &'static str, actual: ValueRef<'_>) -> HeaderFault {
    HeaderFault::WrongType { name, expected, actual: actual.evidence() }
}

/// The longest encoding that is cached, in bytes.
pub(super) const LONGEST: usize = 256;

/// A bounded cache of parsed headers, empty by default, and whether parts of tokens may be padded.
#[derive(Debug, Default)]
pub struct HeaderCache {
    slots: Vec<Option<(Box<str>, Arc<Header>)>>,
    last: usize,
    allows_padding: bool,
}

impl HeaderCache {
    /// A cache of at most `capacity` headers, which also decodes with SIMD.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut slots = Vec::new();
        slots.resize_with(capacity, || None);
        Self { slots, ..Self::default() }
    }

    /// Chooses whether the parts of tokens may be padded.
    pub fn allow_padding(self, allows_padding: bool) -> Self {
        Self { allows_padding, ..self }
    }

    /// The header of an encoding, which is parsed unless it is cached.
    pub(super) fn read(&mut self, encoded: &str) -> Result<Arc<Header>, Malformed> {
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        if self.slots.is_empty() || encoded.len() > LONGEST {
            return self.parse(encoded).map(Arc::new);
        }
        let mut hasher = DefaultHasher::new();
        encoded.hash(&mut hasher);
        let slot = hasher.finish() % self.slots.len() as u64;
        self.last = usize::try_from(slot).unwrap_or_default();
        if let Some(header) = self.in_slot(self.last, encoded) {
            return Ok(header);
        }
        let header = Arc::new(self.parse(encoded)?);
        self.slots[self.last] = Some((encoded.into(), Arc::clone(&header)));
        Ok(header)
    }

    /// The header that was read last, if it is cached, and how it is encoded.
    pub(crate) fn last(&self) -> Option<(&str, &Header)> {
        let (encoded, header) = self.slots.get(self.last)?.as_ref()?;
        Some((encoded, header))
    }

    fn parse(&self, encoded: &str) -> Result<Header, Malformed> {
        let mut decoded = Vec::new();
        self.decode(Part::Header, encoded, &mut decoded)?;
        Object::parse(decoded)
            .map(Header::new)
            .map_err(|error| Malformed::Json { part: Part::Header, error })
    }

    /// How the parts of tokens are encoded and decoded: with a cache, there are many tokens.
    pub(crate) fn codec(&self) -> Codec {
        if self.slots.is_empty() { Codec::Scalar } else { Codec::Simd }
    }

    /// Decodes a part and appends it.
    pub(super) fn decode(
        &self,
        part: Part,
        text: &str,
        decoded: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let text = if self.allows_padding { unpadded(text) } else { text };
        self.codec().decode(part, text, decoded)
    }

    fn in_slot(&self, slot: usize, encoded: &str) -> Option<Arc<Header>> {
        let (known, header) = self.slots.get(slot)?.as_ref()?;
        (**known == *encoded).then(|| Arc::clone(header))
    }
}
