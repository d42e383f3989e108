//! JSON files: a JWK, or a JWK Set (RFC 7517 section 5).

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::jwk::Jwk;
use crate::keys::{Encoding, KeyError, KeyFile, KeySet, ReadKey};
use crate::secret::Secret;

/// The most keys of a set that is read: each takes memory and, for a token that does not name one, time.
const MOST_KEYS: usize = 10_000;

/// What is accepted as a JWK Set.
#[derive(Clone, Copy)]
pub(super) struct SetRules {
    /// The most keys of a set.
    pub most_keys: usize,
    /// Whether anybody can fetch the set: then no key of it may be private.
    pub is_published: bool,
}

impl Default for SetRules {
    fn default() -> Self {
        Self { most_keys: MOST_KEYS, is_published: false }
    }
}

/// The members that tell what a JSON file is.
#[derive(Deserialize)]
struct Shape<'a> {
    kty: Option<IgnoredAny>,
    #[serde(borrow)]
    keys: Option<&'a RawValue>,
}

/// Reads a JWK or a set, which is a part of `content`. A set is read key by key: a name that is there twice in one of its
/// keys spoils only that key.
pub(super) fn read(text: &str, content: &Secret, rules: SetRules) -> Result<KeyFile, KeyError> {
    let shape = serde_json::from_str::<Shape<'_>>(text);
    let is_set = matches!(&shape, Ok(Shape { kty: None, keys: Some(_) }));
    let jwk = if is_set { None } else { Some(Jwk::parse(text)) };
    match (jwk, shape) {
        (Some(Ok(jwk)), _) if jwk.has("kty") => {
            Ok(KeyFile::One(ReadKey::new(jwk.read(true)?, Encoding::Jwk)))
        }
        (_, Ok(Shape { keys: Some(keys), .. })) => set(keys, content, rules),
        (Some(Err(error)), _) => Err(error),
        (Some(Ok(jwk)), _) if jwk.has("private_key") => Err(KeyError::unsupported(
            "JSON with a private key inside, such as a service account's",
            Some("jq -r .private_key FILE | jwtctl … --key -"),
        )),
        _ => Err(KeyError::unsupported("JSON that is neither a JWK nor a JWK Set", None)),
    }
}

/// Reads the keys of a set. They are counted first, which takes no memory.
fn set(keys: &RawValue, content: &Secret, rules: SetRules) -> Result<KeyFile, KeyError> {
    let not_an_array = |_| KeyError::damaged("JWK Set", "its \"keys\" is not an array");
    let count = serde_json::from_str::<Vec<IgnoredAny>>(keys.get()).map_err(not_an_array)?.len();
    if count > rules.most_keys {
        return Err(KeyError::TooMany { count, most: rules.most_keys });
    }
    let jwks: Vec<&RawValue> = serde_json::from_str(keys.get()).map_err(not_an_array)?;
    let jwks = jwks.into_iter().map(|jwk| content.share(jwk.get().as_bytes()));
    Ok(KeyFile::Set(KeySet::of_jwks(jwks, rules.is_published)))
}
