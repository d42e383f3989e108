//! JSON in a token's place: what a server answered, another serialization, a key, or what a token
//! is made of. Values are looked at and never kept: of a member only its name is.

use std::collections::VecDeque;

use super::MOST_LOOKED_AT;
use super::carrier::find;
use super::kinds::{Carrier, JsonPath, KeyForm, Missing, NotAToken, PathStep};
use super::shape::{is_encoded, is_token, is_whole};
use crate::json::{JsonError, Member, Object, Value, begins_with_json};

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

/// How many values are looked at.
const MOST_VALUES: usize = 1000;

/// The longest path that is kept, in characters of its names.
const LONGEST_PATH: usize = 300;

/// What a text that begins as JSON is.
pub(super) fn json(text: &str) -> NotAToken {
    if text.len() > MOST_LOOKED_AT {
        return holding("JSON", text)
            .unwrap_or(NotAToken::Json { kind: "JSON", lack: Missing::Near });
    }
    let kind = match Value::parse(text.as_bytes()) {
        Ok(value) => {
            return value.as_object().map_or_else(|| array(&value), |object| of(&value, &object));
        }
        Err(JsonError::Syntax { .. }) if begins_with_json(text) => "JSON and more",
        Err(JsonError::Syntax { .. }) => "broken JSON",
        Err(_) => "JSON",
    };
    if text.contains("](")
        && let Some(found) = find(text)
    {
        return NotAToken::Carried { by: Carrier::Words, found: Some(found) };
    }
    let is_cut = |stranger: &NotAToken| {
        matches!(stranger, NotAToken::Holding { found, .. } if found.of == 1) && ends_in_a_cut(text)
    };
    holding(kind, text).filter(|stranger| !is_cut(stranger)).unwrap_or_else(|| {
        if text.contains("\"kty\"") { NotAToken::Key(KeyForm::Jwk) } else { none(kind, text) }
    })
}

/// A token somewhere in a text, to which no path leads.
fn holding(kind: &'static str, text: &str) -> Option<NotAToken> {
    find(text).map(|found| NotAToken::Holding { kind, found })
}

/// Whether a text ends within a token's signature.
fn ends_in_a_cut(text: &str) -> bool {
    let own = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let last = &text[text.trim_end_matches(own).len()..];
    last.starts_with("eyJ") && !is_whole(last)
}

fn none(kind: &'static str, text: &str) -> NotAToken {
    let lack = if text.contains("eyJ") { Missing::Whole } else { Missing::Any };
    NotAToken::Json { kind, lack }
}

fn array(value: &Value) -> NotAToken {
    if let Some(way) = token_in(value) {
        return NotAToken::Answer(way);
    }
    holding("JSON", value.text()).unwrap_or_else(|| {
        if value.text().contains("\"kty\"") {
            NotAToken::Key(KeyForm::Jwk)
        } else {
            none("JSON", value.text())
        }
    })
}

fn of(value: &Value, object: &Object<&str>) -> NotAToken {
    let has = |name: &str| object.get(name).is_some();
    if has("kty") {
        return NotAToken::Key(KeyForm::Jwk);
    }
    if object.get("keys").is_some_and(|keys| keys.kind() == "an array") {
        return NotAToken::Key(KeyForm::JwkSet);
    }
    if has("ciphertext") {
        return NotAToken::Encrypted { compact: false };
    }
    if has("payload") && (has("signatures") || has("signature")) {
        let general = has("signatures");
        return NotAToken::JsonSerialization { general, whole: is_token(&joined(value, general)) };
    }
    if let Some(way) = token_in(value) {
        return NotAToken::Answer(way);
    }
    if let Some(stranger) = holding("JSON", value.text()) {
        return stranger;
    }
    if let Some(error) = object.get("error").and_then(|value| value.as_string()) {
        return NotAToken::OAuthError { error: ERRORS.into_iter().find(|known| *known == error) };
    }
    let is_text = |name: &&str| object.get(name).is_some_and(|value| value.kind() == "a string");
    if let Some(name) = NAMES.into_iter().find(is_text) {
        return NotAToken::OpaqueAnswer { name };
    }
    if is_text(&"alg") {
        return NotAToken::Decoded { header: true };
    }
    if ["exp", "iat", "nbf", "iss", "sub", "aud", "jti"].into_iter().any(has) {
        return NotAToken::Decoded { header: false };
    }
    none("JSON", value.text())
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

/// The way to the first token, the likeliest names first, the shallowest level first.
pub(super) fn token_in(value: &Value) -> Option<JsonPath> {
    let mut left = MOST_VALUES;
    let mut waiting = VecDeque::from([(Vec::new(), value.clone())]);
    while let Some((path, value)) = waiting.pop_front() {
        let entries = entries(&value, left);
        left -= entries.len();
        let find = |test: fn(&str) -> bool| {
            let is_found = |value: &Value| value.as_string().is_some_and(|text| test(&text));
            entries.iter().find(|(_, value)| is_found(value)).map(|(step, _)| step.clone())
        };
        let plain = find(is_token).map(|step| (step, false));
        if let Some((step, encoded)) = plain.or_else(|| Some((find(is_encoded)?, true))) {
            let path = [path, vec![step]].concat();
            return (length(&path) <= LONGEST_PATH).then_some(JsonPath { path, encoded });
        }
        let inner = entries.into_iter().filter(|(_, value)| value.text().starts_with(['{', '[']));
        waiting.extend(inner.map(|(step, value)| ([&path[..], &[step]].concat(), value)));
    }
    None
}

/// What an object or array holds, so many entries at most.
fn entries(value: &Value, most: usize) -> Vec<(PathStep, Value)> {
    let Some(object) = value.as_object() else {
        let items = value.items().into_iter().flatten().take(most);
        return items.enumerate().map(|(at, item)| (PathStep::Item(at), item.to_value())).collect();
    };
    let likely = |name: &str| NAMES.iter().position(|known| *known == name);
    let mut members: Vec<_> =
        object.iter().filter(|member| may_be_said(&member.name)).take(most).collect();
    members.sort_by_key(|member| likely(&member.name).unwrap_or(NAMES.len()));
    let step = |m: Member<'_>| (PathStep::Member(m.name.into_owned()), m.value.to_value());
    members.into_iter().map(step).collect()
}

fn length(path: &[PathStep]) -> usize {
    let one = |step: &PathStep| match step {
        PathStep::Member(name) => name.len(),
        PathStep::Item(_) => 1,
    };
    path.iter().map(one).sum()
}

/// Names that a shell's quotes hold, and no token itself.
fn may_be_said(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.:/ ".contains(&b);
    (1..=60).contains(&name.len()) && name.bytes().all(plain) && !name.contains("eyJ")
}
