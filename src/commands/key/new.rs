//! `key new`: a key for an algorithm.

use super::encoded::{EncodedKey, check_kid, encode, public_key, with_kid};
use super::write::write_keys;
use crate::crypto::{LONGEST_SECRET, LoadedKey, RSA_SIZES, new_key};
use crate::env::Env;
use crate::explain::{Problem, Warning, usage};
use crate::keys::{Algorithm, Format, JwkParams, Key, KeyError, KeyType, Origin};
use crate::outcome::{Answer, KeyDetails};
use crate::request::{KeyCommand, NewKey};

pub(super) fn run(
    new: &NewKey,
    command: &KeyCommand,
    env: &mut Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    if !new.bits.is_none_or(|bits| is_size_of(new.alg, bits)) {
        return Err(usage::key_size(new.alg));
    }
    let wants_public = command.destination.public_out.is_some();
    if wants_public && new.alg.key_type() == KeyType::Hmac {
        return Err(usage::secret_has_no_public_key());
    }
    let format = new.format.unwrap_or(Format::of(new.alg.key_type())[0]);
    check_kid(&new.kid, format)?;
    let (key, public, details) = make(new, format, wants_public, command.compact)
        .map_err(|error| Problem::Key { origin: Origin::Named("key new"), error })?;
    write_keys(key, public, &command.destination, vec![details], env, warnings)
}

fn is_size_of(alg: Algorithm, bits: usize) -> bool {
    match alg.key_type() {
        KeyType::Rsa => RSA_SIZES.contains(&bits),
        KeyType::Hmac => {
            let least = alg.min_secret().unwrap_or(LONGEST_SECRET) * 8;
            bits.is_multiple_of(8) && (least..=LONGEST_SECRET * 8).contains(&bits)
        }
        KeyType::Ec(_) | KeyType::Ed25519 => false,
    }
}

fn make(
    new: &NewKey,
    format: Format,
    wants_public: bool,
    compact: bool,
) -> Result<(EncodedKey, Option<EncodedKey>, KeyDetails), KeyError> {
    let formats = Format::of(new.alg.key_type());
    if !formats.contains(&format) {
        let key = format!("key for {}", new.alg);
        return Err(KeyError::NoSuchFormat { key, format, formats });
    }
    let (alg, key_use) = (Some(new.alg.name().to_owned()), Some("sig".to_owned()));
    let params = Some(JwkParams { alg, key_use, ..JwkParams::default() });
    let key = Key { params, ..new_key(new.alg, new.bits, format == Format::Text)? };
    let key = with_kid(LoadedKey::load(key, false)?, format, &new.kid)?;
    let (encoded, details) = encode(&key, format, compact)?;
    let public = wants_public.then(|| encode(&public_key(&key)?, format, compact)).transpose()?;
    Ok((encoded, public.map(|(public, _)| public), details))
}
