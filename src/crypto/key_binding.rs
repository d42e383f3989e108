//! The key binding JWT of an SD-JWT (RFC 9901 section 4.3): whether the key that the issuer's token names has signed
//! it, and whether it belongs to what is presented with it.

use thiserror::Error;

use super::loaded_key::Refusal;
use super::loaded_keys::LoadedKeys;
use super::verify::Verified;
use crate::json::{Object, Value, ValueRef, quote, shown};
use crate::keys::{KeyError, read_keys};
use crate::secret::Secret;
use crate::token::{Malformed, Unverified};

/// Why a key binding JWT is not the holder's, or does not belong to the token. Members of the header are the sender's.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the messages say what each means
pub enum KeyBindingRefusal {
    #[error("the token has no \"cnf\" with a \"jwk\", the key of its holder")]
    NoKey,
    #[error("the token's \"cnf\" has a private or symmetric key")]
    NotPublic,
    #[error("the key in the token's \"cnf\" {0}")]
    Key(KeyError),
    #[error("the \"typ\" of the key binding JWT is {}, not \"kb+jwt\"", typ(.0.as_deref()))]
    Type(Option<String>),
    #[error("the key binding JWT: {0}")]
    Signature(Refusal),
    #[error("the key binding JWT: {0}")]
    Claims(Malformed),
    #[error(
        "the key binding JWT does not belong to this token with these disclosures: its \"sd_hash\" is another"
    )]
    Hash,
}

fn typ(typ: Option<&str>) -> String {
    typ.map_or_else(|| "missing".to_owned(), |typ| shown(&quote(typ)))
}

/// Checks the key binding JWT of an issuer's token, whose `cnf` has the only key that may have signed it.
///
/// # Errors
/// Every reason that was found.
pub fn verify_key_binding(
    issued: &Verified,
    token: Unverified<'_>,
) -> Result<Verified, Vec<KeyBindingRefusal>> {
    use KeyBindingRefusal::{Claims, Hash, Key, Signature, Type};
    let one = |refusal| vec![refusal];
    let cnf = issued
        .claims()
        .object
        .get("cnf")
        .and_then(|cnf| cnf.as_object()?.get("jwk").map(ValueRef::to_value));
    let keys = holders_key(cnf).map_err(one)?;
    keys.check_verifies(&[]).map_err(|error| one(Key(error)))?;
    let named = token.header().typ.as_ref().ok().and_then(Clone::clone);
    if named.as_deref() != Some("kb+jwt") {
        return Err(one(Type(named)));
    }
    let checked = keys.verify(token, &[]);
    let checked = checked
        .map_err(|refused| refused.refusals.into_iter().map(Signature).collect::<Vec<_>>())?;
    let bound = checked.payload.into_jwt(None).map_err(|malformed| one(Claims(malformed)))?;
    let expected =
        issued.claims().disclosed.as_ref().and_then(|disclosed| disclosed.sd_hash.as_deref());
    let actual = bound.claims().object.get("sd_hash").and_then(|hash| hash.as_string());
    if actual.is_none() || actual.as_deref() != expected {
        return Err(one(Hash));
    }
    Ok(bound)
}

fn holders_key(jwk: Option<Value>) -> Result<LoadedKeys, KeyBindingRefusal> {
    let object = jwk.as_ref().and_then(|jwk| Object::parse(jwk.text()).ok());
    let object = object.filter(|object| object.get("kty").is_some());
    let (Some(jwk), Some(object)) = (jwk, object) else { return Err(KeyBindingRefusal::NoKey) };
    if ["d", "k"].into_iter().any(|private| object.get(private).is_some()) {
        return Err(KeyBindingRefusal::NotPublic);
    }
    let text = Secret::new(jwk.text().as_bytes().to_vec());
    let keys = read_keys(&text, None).and_then(|file| LoadedKeys::new(file, false));
    keys.map_err(KeyBindingRefusal::Key)
}
