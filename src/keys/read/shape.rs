//! What a text looks like before it is read: a JWK, a set, or a key in another form; and how many keys are read.

use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{der, pem};
use crate::keys::KeyError;
use crate::keys::wire::{decode, without_white_space};

/// The most keys of a set that is read: each takes memory and, for a token that does not name one, time.
const MOST_KEYS: usize = 10_000;

/// The most keys of a set that anybody can fetch: a hundred times as many as issuers have.
const MOST_PUBLISHED: usize = 1000;

/// The members by which a JSON file is recognised.
#[derive(Deserialize)]
pub(super) struct Shape<'a> {
    pub kty: Option<IgnoredAny>,
    #[serde(borrow)]
    pub keys: Option<&'a RawValue>,
}

/// Whether a text is a JWK or a set, by its members.
pub(super) fn is_jwk_document(text: &str) -> bool {
    let shape = serde_json::from_str::<Shape<'_>>(text);
    shape.is_ok_and(|shape| shape.kty.is_some() || shape.keys.is_some())
}

/// Whether bytes have the form of a key in PEM, DER or the base64 of one of them. It may still be one that cannot be
/// used.
pub(super) fn is_key_text(bytes: &[u8]) -> bool {
    let is_der =
        |bytes: &[u8]| der::sequence(bytes).is_some_and(|der| der::structure_of(der).is_ok());
    if is_der(bytes) || pem::holds_pem(bytes) {
        return true;
    }
    let inner = decode(&STANDARD, &without_white_space(bytes));
    inner.is_some_and(|inner| is_der(&inner) || pem::holds_pem(&inner))
}

/// Checks that a set or map has not too many keys.
pub(super) fn check_count(count: usize, is_published: bool) -> Result<(), KeyError> {
    let most = if is_published { MOST_PUBLISHED } else { MOST_KEYS };
    if count > most { Err(KeyError::TooMany { count, most }) } else { Ok(()) }
}
