//! A JWS with any number of signatures over one payload, which may be sent separately: the JSON serializations, general
//! and flattened (RFC 7515 section 7.2), and a detached compact token (appendix F). Each signature is written in the
//! compact serialization and read like any other token, so there is one reader of what is signed.

use std::borrow::Cow;
use std::iter;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::compact::Unverified;
use super::header::Header;
use super::part::{Codec, JwsFault, MOST_SIGNATURES, Malformed, Part};
use crate::json::{JsonError, Object, ValueRef};

/// A JWS that has been read and not verified.
#[derive(Debug)]
pub struct Jws<'a> {
    payload: Option<Cow<'a, str>>,
    /// Whether it is in the general serialization, whose signatures have numbers.
    pub(crate) is_general: bool,
    signatures: Vec<Result<JwsSignature<'a>, Malformed>>,
}

/// A signature of a [`Jws`], and its header.
#[derive(Debug)]
pub struct JwsSignature<'a> {
    /// The protected header, encoded; empty if there is none.
    protected: Cow<'a, str>,
    /// Both headers. Its `typ` is the protected one: nobody has signed the other.
    pub(crate) header: Arc<Header>,
    /// In base64url.
    pub(crate) text: Cow<'a, str>,
}

impl<'a> Jws<'a> {
    /// Reads a text in JSON; `None` if it is no JWS. Members that RFC 7515 does not name are ignored. A fault of one
    /// signature leaves the others usable.
    ///
    /// # Errors
    /// A fault that concerns all signatures.
    pub fn parse(bytes: &'a [u8]) -> Option<Result<Self, Malformed>> {
        let bytes = bytes.trim_ascii();
        let text = bytes.starts_with(b"{").then(|| str::from_utf8(bytes).ok()).flatten()?;
        match Object::borrowed(text) {
            Ok(object) => is_jws(&object).then(|| Self::read(&object)),
            Err(JsonError::Syntax(_)) => None,
            Err(error) => (text.contains("\"payload\"") && text.contains("\"signature"))
                .then(|| Err(JwsFault::Json(error).into())),
        }
    }

    fn read(object: &Object<&'a str>) -> Result<Self, Malformed> {
        let payload = string(object, "payload")?;
        let is_general = object.get("signatures").is_some();
        let signatures = match object.get_borrowed("signatures") {
            Some(_) if object.get("signature").is_some() => Err(JwsFault::BothForms)?,
            Some(list) => list_of(list)?,
            None => vec![JwsSignature::read(object)],
        };
        let mut encodings = signatures.iter().flatten().map(|one| one.header.is_unencoded());
        let first = encodings.next();
        if encodings.any(|is_unencoded| Some(is_unencoded) != first) {
            return Err(JwsFault::MixedEncodings.into());
        }
        Ok(Self { payload, is_general, signatures })
    }

    /// A compact token whose payload is sent separately.
    pub(crate) fn detached(token: &Unverified<'a>) -> Self {
        let protected = token.signing_input().split('.').next().unwrap_or_default().into();
        let text = token.signature_text().into();
        let signature = JwsSignature { protected, header: Arc::clone(token.header()), text };
        Self { payload: None, is_general: false, signatures: vec![Ok(signature)] }
    }

    /// The signatures, or what is wrong with them.
    pub fn signatures(&self) -> &[Result<JwsSignature<'a>, Malformed>] {
        &self.signatures
    }

    /// The payload as it was sent: encoded, except with `"b64": false`. `None` if it is sent separately.
    pub fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    /// Whether the payload is signed as it is, and not in base64url (RFC 7797).
    pub(crate) fn is_unencoded(&self) -> bool {
        self.signatures.iter().flatten().any(|one| one.header.is_unencoded())
    }
}

impl<'a> JwsSignature<'a> {
    fn read(object: &Object<&'a str>) -> Result<Self, Malformed> {
        let text = string(object, "signature")?.ok_or(JwsFault::Missing("signature"))?;
        let protected = string(object, "protected")?;
        let mut decoded = Vec::new();
        // A dot in it would move bytes from the signature to a payload that is not encoded.
        Codec::Scalar.decode(Part::Signature, &text, &mut decoded)?;
        decoded.clear();
        if let Some(protected) = &protected {
            Codec::Scalar.decode(Part::Header, protected, &mut decoded)?;
        }
        let of_header = |error| Malformed::Json { part: Part::Header, error };
        let signed = match &protected {
            Some(_) => Object::parse(decoded).map_err(of_header)?,
            None => Object::default(),
        };
        let header = match object.get_borrowed("header") {
            None => Header::new(signed),
            Some(value) => join(&signed, value)?,
        };
        let protected = protected.unwrap_or_default();
        Ok(Self { protected, header: Arc::new(header), text })
    }

    /// What is signed before the payload.
    pub(crate) fn signing_prefix(&self) -> String {
        format!("{}.", self.protected)
    }

    /// The signature's bytes.
    pub(crate) fn decoded(&self) -> Result<Vec<u8>, Malformed> {
        let mut decoded = Vec::new();
        Codec::Scalar.decode(Part::Signature, &self.text, &mut decoded)?;
        Ok(decoded)
    }

    /// The compact serialization with this payload. It may have dots in a payload that is not encoded.
    pub fn compact(&self, payload: &str) -> String {
        [&*self.protected, payload, &*self.text].join(".")
    }

    /// Reads the compact serialization.
    ///
    /// # Errors
    /// The first fault that was found.
    pub fn token<'t>(&self, compact: &'t str) -> Result<Unverified<'t>, Malformed> {
        Unverified::with_header(compact, self.protected.len(), &self.header)
    }
}

/// Whether an object is meant as a JWS. Its payload may be missing.
fn is_jws(object: &Object<&str>) -> bool {
    let has = |name| object.get(name).is_some();
    let first = || object.get("signatures")?.into_items()?.next()?.into_object();
    if has("signatures") {
        return has("payload") || first().is_some_and(|first| first.get("signature").is_some());
    }
    has("signature") && ["payload", "protected", "header"].into_iter().any(has)
}

fn list_of<'a>(list: ValueRef<'a>) -> Result<Vec<Result<JwsSignature<'a>, Malformed>>, Malformed> {
    let items = list.into_items().ok_or_else(|| wrong_type("signatures", "an array", list))?;
    match items.clone().count() {
        0 => return Err(JwsFault::NoSignatures.into()),
        count if count > MOST_SIGNATURES => return Err(JwsFault::TooMany(count).into()),
        _ => {}
    }
    let read = |item: ValueRef<'a>| {
        let object = item.into_object().ok_or_else(|| wrong_type("signatures", "objects", item))?;
        JwsSignature::read(&object)
    };
    Ok(items.map(read).collect())
}

/// A member that must be a string if it is there.
fn string<'a>(
    object: &Object<&'a str>,
    name: &'static str,
) -> Result<Option<Cow<'a, str>>, Malformed> {
    let Some(value) = object.get_borrowed(name) else { return Ok(None) };
    value.into_string().map(Some).ok_or_else(|| wrong_type(name, "a string", value))
}

fn wrong_type(name: &'static str, expected: &'static str, value: ValueRef<'_>) -> Malformed {
    JwsFault::WrongType { name, expected, found: value.kind() }.into()
}

/// Both headers as one. What changes the meaning of the signature must be signed itself (RFC 7515 section 4.1.11,
/// RFC 7797 section 6).
fn join(protected: &Object, value: ValueRef<'_>) -> Result<Header, Malformed> {
    let unprotected = value.as_object().ok_or_else(|| wrong_type("header", "an object", value))?;
    if let Some(name) = ["crit", "b64"].into_iter().find(|name| unprotected.get(name).is_some()) {
        return Err(JwsFault::Unprotected(name).into());
    }
    Header::joined(protected, iter::once(value)).map_err(|error| match error {
        JsonError::Duplicate(name, _) => JwsFault::InBoth(name).into(),
        error => Malformed::Json { part: Part::Header, error },
    })
}

/// The flattened serialization of a compact token; without its payload if that is empty and so is sent separately.
pub(crate) fn flattened(token: &str) -> String {
    let mut parts = token.split('.');
    let mut part = || parts.next().unwrap_or_default();
    let (protected, payload, signature) = (part(), part(), part());
    let payload =
        if payload.is_empty() { String::new() } else { format!("\"payload\":\"{payload}\",") };
    format!("{{{payload}\"protected\":\"{protected}\",\"signature\":\"{signature}\"}}")
}

/// A payload that is sent separately, as it is signed.
pub(crate) fn encode_payload(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
