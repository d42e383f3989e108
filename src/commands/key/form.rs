//! A key in the form in which it is written: which half, under which `kid`, in which format.

use crate::crypto::LoadedKey;
use crate::keys::{Format, JwkParams, Key, KeyError, KeyMaterial, write_key};
use crate::outcome::KeyDetails;
use crate::request::KidChoice;
use crate::secret::Secret;

/// The public half of a key as a key of its own. What its JWK lets the private one do, this one undoes.
pub(super) fn public_of(key: &LoadedKey) -> Result<LoadedKey, KeyError> {
    let public = key.public_key().ok_or(KeyError::NoPublicKey)?;
    let opposite = |op: &String| match op.as_str() {
        "sign" | "verify" => Some("verify".to_owned()),
        "decrypt" | "encrypt" => Some("encrypt".to_owned()),
        "unwrapKey" | "wrapKey" => Some("wrapKey".to_owned()),
        _ => None,
    };
    let params = key.key().params.clone().map(|params| JwkParams {
        key_ops: params.key_ops.map(|ops| {
            let mut ops: Vec<_> = ops.iter().filter_map(opposite).collect();
            ops.sort();
            ops.dedup();
            ops
        }),
        ..params
    });
    let material = KeyMaterial::Public(public);
    LoadedKey::load(Key { material, params, resized: Vec::new(), ..*key.key() }, true)
}

/// A key with what a format says of it: in a JWK its `kid`, by choice, its own, or its thumbprint; in
/// another format nothing.
pub(super) fn for_format(
    key: LoadedKey,
    format: Format,
    kid: &KidChoice,
) -> Result<LoadedKey, KeyError> {
    if format != Format::Jwk {
        return Ok(key.with_params(None));
    }
    let kid = match (kid, key.key().kid()) {
        (KidChoice::Named(kid), _) => Some(kid.clone()),
        (KidChoice::Omitted, _) => None,
        (KidChoice::Default, Some(kid)) => Some(kid.to_owned()),
        (KidChoice::Default, None) => Some(key.thumbprint()?),
    };
    let params = JwkParams { kid, ..key.key().params.clone().unwrap_or_default() };
    Ok(key.with_params(Some(params)))
}

/// A key's text, and what is said of it.
pub(super) fn written(
    key: &LoadedKey,
    format: Format,
    compact: bool,
) -> Result<(Secret, KeyDetails), KeyError> {
    let public = key.public_key().unwrap_or_default();
    let params = key.key().params.clone().unwrap_or_default();
    let text = write_key(key.key(), &public, format, &params, compact)?;
    Ok((text, KeyDetails::of(key)?))
}
