//! `key show` and `key thumbprint`: what a key is, also one too weak to be used.

use super::Answered;
use super::subject::{Subject, one};
use crate::crypto::LoadedKey;
use crate::env::Env;
use crate::explain::Problem;
use crate::explain::warnings;
use crate::input;
use crate::keys::{Entry, KeyFile};
use crate::outcome::Answer;
use crate::outcome::WrittenKeys;
use crate::outcome::{KeyDetails, KeySummary};
use crate::request::KeyRequest;
use crate::secret::Secret;
use crate::sys::CreatedFiles;

pub(super) fn show(request: &KeyRequest, env: &mut Env<'_>) -> Answered {
    let mut source = input::key_or_pipe("show", request, env)?;
    if let KeyFile::Set(set) = source.file {
        let card = |entry: &Entry| {
            let loaded = entry.read().and_then(|key| LoadedKey::load(key, true));
            let facts = loaded.and_then(|key| {
                let name = || format!("{} of {}", entry.name(), source.origin);
                source.warnings.extend(warnings::number_lengths(key.key(), name));
                let facts = KeyDetails::of(&key)?;
                let Some(read) = entry.read_key() else { return Ok(facts) };
                let encoding = Some((read.encoding, read.was_encrypted));
                Ok(KeyDetails { encoding, certificate: read.certificate.clone(), ..facts })
            });
            KeySummary { name: Some(entry.name()), kid: entry.kid.clone(), facts }
        };
        let cards = set.entries().iter().map(card).collect();
        return Ok((Answer::Keys(cards), source.warnings));
    }
    let subject = one(source, true)?;
    let card = KeySummary { name: None, kid: None, facts: Ok(facts(&subject)?) };
    Ok((Answer::Keys(vec![card]), subject.warnings))
}

fn facts(subject: &Subject) -> Result<KeyDetails, Problem> {
    let facts = KeyDetails::of(&subject.key).map_err(|error| subject.problem(error))?;
    Ok(KeyDetails {
        encoding: Some((subject.encoding, subject.was_encrypted)),
        certificate: subject.certificate.clone(),
        ..facts
    })
}

pub(super) fn thumbprint(request: &KeyRequest, env: &mut Env<'_>) -> Answered {
    let subject = one(input::key_or_pipe("thumbprint", request, env)?, true)?;
    let thumbprint = subject.key.thumbprint().map_err(|error| subject.problem(error))?;
    let text = Some(Secret::new(format!("{thumbprint}\n").into_bytes()));
    let written =
        WrittenKeys { text, files: CreatedFiles::default(), keys: vec![facts(&subject)?] };
    Ok((Answer::Written(written), subject.warnings))
}
