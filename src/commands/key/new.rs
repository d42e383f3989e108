//! `key new`: a key for an algorithm.

use super::Answered;
use super::form::{for_format, public_of, written};
use super::write::{Text, deliver};
use crate::crypto::{LONGEST_SECRET, LoadedKey, RSA_SIZES, new_key};
use crate::env::Env;
use crate::explain::{Problem, usage};
use crate::keys::{Algorithm, Format, JwkParams, Key, KeyError, KeyType, Origin};
use crate::outcome::Answer;
use crate::outcome::KeyDetails;
use crate::request::KeyCommand;
use crate::request::NewKey;
use crate::sys::Readers;

pub(super) fn run(new: &NewKey, request: &KeyCommand, env: &mut Env<'_>) -> Answered {
    if !has_size(new.alg, new.bits) {
        return Err(usage::key_size(new.alg).into());
    }
    if request.destination.public_out.is_some() && new.alg.key_type() == KeyType::Hmac {
        return Err(usage::secret_has_no_public_key().into());
    }
    let format = new.format.unwrap_or(Format::of(new.alg.key_type())[0]);
    new.kid.check(format)?;
    let wants_public = request.destination.public_out.is_some();
    match make(new, format, wants_public, request.compact) {
        Ok((main, public, facts)) => {
            let done = deliver(main, public, &request.destination, vec![facts], env)?;
            Ok((Answer::Written(done), Vec::new()))
        }
        Err(error) => Err(Problem::Key { origin: Origin::Named("key new"), error }.into()),
    }
}

/// Whether keys of an algorithm come in a size; without one, the usual size is meant.
fn has_size(alg: Algorithm, bits: Option<usize>) -> bool {
    let Some(bits) = bits else { return true };
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
) -> Result<(Text, Option<Text>, KeyDetails), KeyError> {
    let formats = Format::of(new.alg.key_type());
    if !formats.contains(&format) {
        let key = format!("key for {}", new.alg);
        return Err(KeyError::NoSuchFormat { key, format, formats });
    }
    let params = JwkParams {
        alg: Some(new.alg.name().to_owned()),
        key_use: Some("sig".to_owned()),
        ..JwkParams::default()
    };
    let key = Key { params: Some(params), ..new_key(new.alg, new.bits, format == Format::Text)? };
    let key = for_format(LoadedKey::load(key, false)?, format, &new.kid)?;
    let (bytes, facts) = written(&key, format, compact)?;
    let main = Text { bytes, readers: Readers::Owner, format };
    let public = wants_public.then(|| public_of(&key)).transpose()?;
    let public = public.map(|public| written(&public, format, compact)).transpose()?;
    let public = public.map(|(bytes, _)| Text { bytes, readers: Readers::Anyone, format });
    Ok((main, public, facts))
}
