//! `encode --dpop`: what a DPoP proof (RFC 9449 section 4.2) has from the key and from the access token.

use crate::crypto::{LoadedKey, sha256};
use crate::env::Env;
use crate::explain::{Problem, usage};
use crate::input::read_variable;
use crate::json::Value;
use crate::keys::{KeyError, public_jwk};
use crate::token::strip_wrapping;

/// The flag that names the variable with the access token.
const BY: &str = "--dpop-token-env";

/// The public key, by which a server checks the proof. There is none if the server would have to share the key.
pub(super) fn header_key(key: &LoadedKey) -> Result<Value, KeyError> {
    let key_type = key.key().key_type;
    match key.public_key() {
        Some(public) => public_jwk(key_type, public),
        None => Err(KeyError::NoProof { key: key.key().to_string() }),
    }
}

/// The claim `ath`: the digest of the access token in this variable.
pub(super) fn token_digest(variable: &str, env: &Env<'_>) -> Result<Value, Problem> {
    let text = read_variable(BY, variable, env)?;
    let text = text.to_string_lossy();
    let token = strip_wrapping(&text);
    match not_in_a_token(token) {
        _ if token.is_empty() => Err(usage::no_token_in_variable(BY, Some(variable), true)),
        None => Ok(Value::string(&sha256(token.as_bytes()))),
        Some(at) => Err(usage::not_an_access_token(variable, at)),
    }
}

/// Where a text ceases to be an access token (`token68`, RFC 9110 section 11.2), which `Authorization: DPoP` sends.
fn not_in_a_token(text: &str) -> Option<usize> {
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    let token = text.trim_end_matches('=');
    if token.is_empty() { Some(0) } else { token.find(|c| !is_token_char(c)) }
}
