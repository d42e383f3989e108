//! `key` and its verbs: keys are made, shown, converted and collected.

mod encoded;
mod new;
mod set;
mod write;

use crate::crypto::LoadedKey;
use crate::env::Env;
use crate::explain::{Problem, Warning, usage, warnings};
use crate::input::{KeyInput, key_or_pipe};
use crate::keys::{Encoding, Format, KeyError, KeyFile, Origin, ReadKey};
use crate::outcome::{Answer, KeyDetails, KeySummary, Outcome, WrittenKeys};
use crate::request::{KeyAction, KeyCommand, KeyRequest, KidChoice};
use crate::secret::Secret;
use crate::sys::CreatedFiles;

use encoded::{check_kid, details, encode, public_key, with_kid};
use write::write_keys;

pub(super) fn run(command: &KeyCommand, env: &mut Env<'_>) -> Outcome {
    let mut warnings = Vec::new();
    let result = answer(command, env, &mut warnings);
    Outcome { warnings, ..Outcome::new(result, (env.clock)()) }
}

fn answer(
    command: &KeyCommand,
    env: &mut Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    if command.destination.public_out.as_ref().is_some_and(|path| path.as_os_str() == "-") {
        return Err(usage::public_to_stdout());
    }
    match &command.action {
        KeyAction::New(new) => new::run(new, command, env, warnings),
        KeyAction::Show(key) => show(key, env, warnings),
        KeyAction::Thumbprint(key) => thumbprint(key, env, warnings),
        KeyAction::Public(request, format) => {
            let key = OneKey::new(key_or_pipe("public", request, env)?, request.allow_weak)?;
            let is_jwk =
                matches!(key.details.encoding, Some((Encoding::Jwk | Encoding::JwkSet, _)));
            let format = format.unwrap_or(if is_jwk { Format::Jwk } else { Format::Pem });
            let (kid, public) = (&KidChoice::Default, |key: LoadedKey| public_key(&key));
            convert(key, public, (format, kid, request.allow_weak), command, env, warnings)
        }
        KeyAction::Convert(request, format, kid) => {
            check_kid(kid, *format)?;
            let key = OneKey::new(key_or_pipe("convert", request, env)?, request.allow_weak)?;
            convert(key, Ok, (*format, kid, request.allow_weak), command, env, warnings)
        }
        KeyAction::Set(files, common) => set::run(files, common, command, env, warnings),
    }
}

/// The one key that a verb is about, loaded.
struct OneKey {
    origin: Origin,
    key: LoadedKey,
    details: KeyDetails,
    warnings: Vec<Warning>,
}

impl OneKey {
    /// A set of one counts as that key.
    fn new(input: KeyInput<'_>, allow_weak: bool) -> Result<Self, Problem> {
        let KeyInput { origin, file, mut warnings, .. } = input;
        let read = match file {
            KeyFile::One(one) => Ok(one),
            KeyFile::Set(set) => match set.entries() {
                [entry] => entry.read().map(|key| ReadKey::new(key, Encoding::JwkSet)),
                entries => {
                    Err(KeyError::NotOneKey { count: entries.len(), is_jwk_set: set.is_jwk_set() })
                }
            },
        };
        let loaded = read.and_then(|ReadKey { key, encoding, was_encrypted, certificate }| {
            let key = LoadedKey::load(key, allow_weak)?;
            let encoding = Some((encoding, was_encrypted));
            let details = KeyDetails { encoding, certificate, ..details(&key)? };
            Ok((key, details))
        });
        match loaded {
            Ok((key, details)) => {
                warnings.extend(warnings::number_lengths(key.key(), || origin.to_string()));
                Ok(Self { origin, key, details, warnings })
            }
            Err(error) => Err(Problem::Key { origin, error }),
        }
    }
}

/// Shows a key or the keys of a set, even those that are too weak to be used.
fn show(
    request: &KeyRequest,
    env: &mut Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    let input = key_or_pipe("show", request, env)?;
    let KeyFile::Set(set) = &input.file else {
        let key = OneKey::new(input, true)?;
        warnings.extend(key.warnings);
        let summary = KeySummary { name: None, kid: None, details: Ok(key.details) };
        return Ok(Answer::Keys(vec![summary]));
    };
    warnings.extend(input.warnings);
    let summaries = set.entries().iter().map(|entry| {
        let loaded = entry.read().and_then(|key| LoadedKey::load(key, true));
        let details = loaded.and_then(|key| {
            let name = || format!("{} of {}", entry.name(), input.origin);
            warnings.extend(warnings::number_lengths(key.key(), name));
            let details = details(&key)?;
            let Some(read) = entry.read_key() else { return Ok(details) };
            let encoding = Some((read.encoding, read.was_encrypted));
            Ok(KeyDetails { encoding, certificate: read.certificate.clone(), ..details })
        });
        KeySummary { name: Some(entry.name()), kid: entry.kid.clone(), details }
    });
    Ok(Answer::Keys(summaries.collect()))
}

fn thumbprint(
    request: &KeyRequest,
    env: &mut Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    let OneKey { origin, key, details, warnings: of_key } =
        OneKey::new(key_or_pipe("thumbprint", request, env)?, true)?;
    let thumbprint = key.thumbprint().map_err(|error| Problem::Key { origin, error })?;
    warnings.extend(of_key);
    let text = Some(Secret::new(format!("{thumbprint}\n").into_bytes()));
    Ok(Answer::WrittenKeys(WrittenKeys {
        text,
        files: CreatedFiles::default(),
        keys: vec![details],
    }))
}

/// Writes what `part` makes of a key.
fn convert(
    key: OneKey,
    part: impl FnOnce(LoadedKey) -> Result<LoadedKey, KeyError>,
    (format, kid, allow_weak): (Format, &KidChoice, bool),
    command: &KeyCommand,
    env: &Env<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Answer, Problem> {
    let OneKey { origin, key, details, warnings: of_key } = key;
    let was_encrypted = details.encoding.is_some_and(|(_, was_encrypted)| was_encrypted);
    let was_weak = key.key().weakness();
    let made = part(key).and_then(|key| with_kid(key, format, kid)).and_then(|key| {
        // In a JWK, a short secret counts as generated, so it must be allowed.
        let weakness = key.key().weakness();
        match weakness.clone().filter(|_| !allow_weak) {
            Some(weakness) => Err(KeyError::Weak(weakness)),
            None => Ok((encode(&key, format, command.compact)?, was_weak.or(weakness))),
        }
    });
    let ((encoded, details), weakness) =
        made.map_err(|error| Problem::Key { origin: origin.clone(), error })?;
    let is_private = encoded.is_private;
    let answer = write_keys(encoded, None, &command.destination, vec![details], env, warnings)?;
    warnings.extend(of_key);
    let name = origin.to_string();
    warnings.extend(weakness.map(|weakness| warnings::weak_key(&name, weakness)));
    warnings.extend((is_private && was_encrypted).then(warnings::no_longer_encrypted));
    Ok(answer)
}
