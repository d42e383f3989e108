//! A key as it is written: the private or the public key, under which `kid`, in which format.

use crate::crypto::LoadedKey;
use crate::explain::{Problem, usage};
use crate::keys::{Format, JwkParams, Key, KeyError, KeyMaterial, KeyType, Purpose, write_key};
use crate::outcome::KeyDetails;
use crate::request::KidChoice;
use crate::secret::Secret;

/// The text of a key or of a set.
pub(super) struct EncodedKey {
    pub(super) text: Secret,
    pub(super) format: Format,
    pub(super) is_private: bool,
}

/// Refuses a key ID in a format that has no place for one.
pub(super) fn check_kid(kid: &KidChoice, format: Format) -> Result<(), Problem> {
    match kid {
        _ if format == Format::Jwk => Ok(()),
        KidChoice::Default => Ok(()),
        KidChoice::Named(_) => Err(usage::no_place_for_kid("--kid")),
        KidChoice::Omitted => Err(usage::no_place_for_kid("--no-kid")),
    }
}

/// The public key of a private one. The operations that its JWK allows become their counterparts.
pub(super) fn public_key(key: &LoadedKey) -> Result<LoadedKey, KeyError> {
    let public = key.public_key().ok_or(KeyError::NoPublicKey)?;
    let counterpart = |op: &String| match op.as_str() {
        "sign" | "verify" => Some("verify".to_owned()),
        "decrypt" | "encrypt" => Some("encrypt".to_owned()),
        "unwrapKey" | "wrapKey" => Some("wrapKey".to_owned()),
        _ => None,
    };
    let params = key.key().params.clone().map(|params| JwkParams {
        key_ops: params.key_ops.map(|ops| {
            let mut ops: Vec<_> = ops.iter().filter_map(counterpart).collect();
            ops.sort();
            ops.dedup();
            ops
        }),
        ..params
    });
    let material = KeyMaterial::Public(public);
    LoadedKey::load(Key { material, params, resized: Vec::new(), ..*key.key() }, true)
}

/// The key with the parameters that a format has: a JWK keeps its own and gets its `kid`, others have none.
pub(super) fn with_kid(
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

pub(super) fn encode(
    key: &LoadedKey,
    format: Format,
    compact: bool,
) -> Result<(EncodedKey, KeyDetails), KeyError> {
    let public = key.public_key().unwrap_or_default();
    let params = key.key().params.clone().unwrap_or_default();
    let text = write_key(key.key(), &public, format, &params, compact)?;
    let is_private = key.key().is_private();
    Ok((EncodedKey { text, format, is_private }, details(key)?))
}

pub(super) fn details(key: &LoadedKey) -> Result<KeyDetails, KeyError> {
    let is_secret = key.key().key_type == KeyType::Hmac;
    let permitted = |purpose| key.key().permits(purpose);
    let forbidden = permitted(Purpose::Verify)
        .err()
        .filter(|_| !key.key().is_private() || permitted(Purpose::Sign).is_err());
    Ok(KeyDetails {
        kind: key.key().described(),
        private: key.key().is_private(),
        encoding: None,
        algorithms: if forbidden.is_some() { Vec::new() } else { key.supports.clone() },
        unusable: forbidden.or(key.key().weakness().map(KeyError::Weak)),
        params: key.key().params.clone().unwrap_or_default(),
        thumbprint: (!is_secret).then(|| key.thumbprint()).transpose()?,
        certificate: None,
    })
}
