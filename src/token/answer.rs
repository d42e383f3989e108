//! JSON in a token's place: what a server answered, another serialization, a key, or what a token
//! is made of. Values are looked at and never kept: of a member only its name is.

use super::MOST_LOOKED_AT;
use super::damage::is_token;
use super::stranger::{KeyForm, Stranger};
use crate::json::{JsonError, Object, Value};

/// A step into JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The member of an object.
    Member(String),
    /// The item of an array.
    Item(usize),
}

/// Members that hold tokens, the likeliest first (RFC 6749 section 5.1, OIDC Core section 3.1.3.3).
const NAMES: [&str; 5] = ["access_token", "id_token", "token", "jwt", "refresh_token"];

/// Error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5.
const ERRORS: [&str; 15] = [
    "access_denied",
    "authorization_pending",
    "expired_token",
    "insufficient_scope",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "server_error",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
];

/// How deep a token is looked for, and how many values are looked at.
const DEEPEST: usize = 3;
const MOST_VALUES: usize = 1000;

/// What a text that begins as JSON is.
pub(super) fn json(text: &str) -> Stranger {
    if text.len() > MOST_LOOKED_AT {
        return Stranger::Json { kind: "JSON" };
    }
    match Value::parse(text.as_bytes()) {
        Ok(value) => value.as_object().map_or_else(|| array(&value), |object| of(&value, &object)),
        Err(_) if text.contains("\"kty\"") => Stranger::Key(KeyForm::Jwk),
        Err(JsonError::Syntax { .. }) => Stranger::Json { kind: "broken JSON" },
        Err(_) => Stranger::Json { kind: "JSON" },
    }
}

fn array(value: &Value) -> Stranger {
    match token_in(value, DEEPEST, &mut { MOST_VALUES }) {
        Some(path) => Stranger::Answer { path },
        None if value.text().contains("\"kty\"") => Stranger::Key(KeyForm::Jwk),
        None => Stranger::Json { kind: "JSON" },
    }
}

fn of(value: &Value, object: &Object) -> Stranger {
    let has = |name: &str| object.get(name).is_some();
    if has("kty") {
        return Stranger::Key(KeyForm::Jwk);
    }
    if object.get("keys").is_some_and(|keys| keys.kind() == "an array") {
        return Stranger::Key(KeyForm::JwkSet);
    }
    if has("ciphertext") {
        return Stranger::Encrypted;
    }
    if has("payload") && (has("signatures") || has("signature")) {
        let general = has("signatures");
        return Stranger::JsonSerialization { general, whole: is_token(&joined(value, general)) };
    }
    if let Some(path) = token_in(value, DEEPEST, &mut { MOST_VALUES }) {
        return Stranger::Answer { path };
    }
    if let Some(error) = object.get("error").and_then(Value::as_string) {
        return Stranger::OAuthError { error: ERRORS.into_iter().find(|known| *known == error) };
    }
    let is_text = |name: &&str| object.get(name).is_some_and(|value| value.kind() == "a string");
    if let Some(name) = NAMES.into_iter().find(is_text) {
        return Stranger::OpaqueAnswer { name };
    }
    if is_text(&"alg") {
        return Stranger::Decoded { header: true };
    }
    if ["exp", "iat", "nbf", "iss", "sub", "aud", "jti"].into_iter().any(has) {
        return Stranger::Decoded { header: false };
    }
    Stranger::Json { kind: "JSON" }
}

/// The compact form of a JSON serialization's first signature (RFC 7515 section 7.2).
fn joined(value: &Value, general: bool) -> String {
    let part = |path: &[&str]| {
        let path: Vec<_> = path.iter().map(|&step| step.to_owned()).collect();
        value.at(&path).and_then(|part| part.as_string()).unwrap_or_default()
    };
    let (protected, signature) = if general {
        (part(&["signatures", "0", "protected"]), part(&["signatures", "0", "signature"]))
    } else {
        (part(&["protected"]), part(&["signature"]))
    };
    format!("{protected}.{}.{signature}", part(&["payload"]))
}

/// The way to the first token, the likeliest names first.
fn token_in(value: &Value, depth: usize, left: &mut usize) -> Option<Vec<Step>> {
    let entries: Vec<(Step, Value)> = if let Some(object) = value.as_object() {
        let likely = |name: &str| NAMES.iter().position(|known| *known == name);
        let mut members: Vec<_> =
            object.iter().filter(|member| may_be_said(&member.name)).take(*left).collect();
        members.sort_by_key(|member| likely(&member.name).unwrap_or(NAMES.len()));
        members.iter().map(|m| (Step::Member(m.name.clone()), m.value.clone())).collect()
    } else {
        let items = value.as_array().unwrap_or_default().into_iter().take(*left);
        items.enumerate().map(|(at, item)| (Step::Item(at), item)).collect()
    };
    *left = left.saturating_sub(entries.len());
    let is_found = |value: &Value| value.as_string().is_some_and(|text| is_token(&text));
    if let Some((step, _)) = entries.iter().find(|(_, value)| is_found(value)) {
        return Some(vec![step.clone()]);
    }
    let depth = depth.checked_sub(1).filter(|depth| *depth > 0)?;
    entries.into_iter().find_map(|(step, value)| {
        let path = token_in(&value, depth, left)?;
        Some([vec![step], path].concat())
    })
}

/// Names that a shell's quotes hold, and no token itself.
fn may_be_said(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:/ ".contains(&b);
    (1..=60).contains(&name.len()) && name.bytes().all(plain) && !name.contains("eyJ")
}
