//! `key public` and `key convert`: a key in another form, or its public half.

use super::Answered;
use super::form::{for_format, public_of, written};
use super::subject::{Subject, one};
use super::write::{Text, deliver};
use crate::crypto::LoadedKey;
use crate::env::Env;
use crate::explain::Problem;
use crate::explain::warnings;
use crate::input;
use crate::keys::{Encoding, Format, KeyError};
use crate::outcome::Answer;
use crate::request::KeyRequest;
use crate::request::{KeyCommand, KidChoice};
use crate::sys::Readers;

pub(super) fn convert(
    key: &KeyRequest,
    format: Format,
    kid: &KidChoice,
    request: &KeyCommand,
    env: &mut Env<'_>,
) -> Answered {
    kid.check(format)?;
    let source = input::key_or_pipe("convert", key, env)?;
    write(one(source, key.allow_weak)?, Ok, format, kid, request, env)
}

pub(super) fn public(
    key: &KeyRequest,
    format: Option<Format>,
    request: &KeyCommand,
    env: &mut Env<'_>,
) -> Answered {
    let subject = one(input::key_or_pipe("public", key, env)?, key.allow_weak)?;
    let is_jwk = matches!(subject.encoding, Encoding::Jwk | Encoding::JwkSet);
    let format = format.unwrap_or(if is_jwk { Format::Jwk } else { Format::Pem });
    write(subject, |key| public_of(&key), format, &KidChoice::Default, request, env)
}

/// Writes what `part` makes of a key.
fn write(
    subject: Subject,
    part: impl FnOnce(LoadedKey) -> Result<LoadedKey, KeyError>,
    format: Format,
    kid: &KidChoice,
    request: &KeyCommand,
    env: &Env<'_>,
) -> Answered {
    let Subject { origin, key, was_encrypted, allow_weak, mut warnings, .. } = subject;
    let weakness = key.key().weakness();
    let key = part(key).and_then(|key| for_format(key, format, kid));
    // As a JWK, a short secret is one that a machine made: it has to be admitted.
    let key = key.and_then(|key| match key.key().weakness() {
        Some(weakness) if !allow_weak => Err(KeyError::Weak(weakness)),
        _ => Ok(key),
    });
    let made = key.and_then(|key| Ok((written(&key, format, request.compact)?, key)));
    let ((bytes, facts), key) =
        made.map_err(|error| Problem::Key { origin: origin.clone(), error })?;
    let is_private = key.key().is_private();
    let readers = if is_private { Readers::Owner } else { Readers::Anyone };
    let text = Text { bytes, readers, format };
    let done = deliver(text, None, &request.destination, vec![facts], env)?;
    let weakness = weakness.or(key.key().weakness());
    let name = origin.to_string();
    warnings.extend(weakness.map(|weakness| warnings::weak_key(&name, weakness)));
    warnings.extend((is_private && was_encrypted).then(warnings::no_longer_encrypted));
    Ok((Answer::Written(done), warnings))
}
