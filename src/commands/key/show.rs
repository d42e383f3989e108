//! `key show` and `key thumbprint`: what a key is, also one too weak to be used.

use super::Answered;
use super::card::{Card, Facts};
use super::subject::{Subject, one};
use super::write::Written;
use crate::commands::{Answer, KeyRequest, sources};
use crate::env::Env;
use crate::keys::{Keys, Origin};
use crate::problem::{Problem, Warning};
use crate::secret::Secret;
use crate::signature::{LoadedKey, thumbprint as thumbprint_of};

pub(super) fn show(request: &KeyRequest, env: &mut Env<'_>) -> Answered {
    let (origin, file) = sources::key_or_pipe("show", request, env)?;
    if let Keys::Set(set) = file.keys {
        let card = |entry: crate::keys::Entry| {
            let name = entry.name();
            let loaded = entry.key.and_then(|key| LoadedKey::load(key, true));
            Card { facts: loaded.and_then(|key| Facts::of(&key)), name: Some(name) }
        };
        let cards = set.into_entries().into_iter().map(card).collect();
        return Ok((Answer::Keys(cards), Vec::new()));
    }
    let subject = one(origin, file, true)?;
    let facts = facts(&subject)?;
    let weakness = subject.key.weakness();
    let warnings = weakness.map(|weakness| weak(&subject.origin, weakness));
    Ok((Answer::Keys(vec![Card { name: None, facts: Ok(facts) }]), warnings.into_iter().collect()))
}

fn weak(origin: &Origin, weakness: crate::keys::Weakness) -> Warning {
    Warning::WeakKey { origin: origin.clone(), weakness }
}

fn facts(subject: &Subject) -> Result<Facts, Problem> {
    let facts = Facts::of(&subject.key).map_err(|error| subject.problem(error))?;
    Ok(Facts {
        encoding: Some((subject.encoding, subject.was_encrypted)),
        certificate: subject.certificate.clone(),
        ..facts
    })
}

pub(super) fn thumbprint(request: &KeyRequest, env: &mut Env<'_>) -> Answered {
    let (origin, file) = sources::key_or_pipe("thumbprint", request, env)?;
    let subject = one(origin, file, true)?;
    let public = subject.key.public_half().unwrap_or_default();
    let thumbprint = thumbprint_of(&subject.key.halves(&public));
    let thumbprint = thumbprint.map_err(|error| subject.problem(error))?;
    let text = Some(Secret::new(format!("{thumbprint}\n").into_bytes()));
    let written = Written { text, files: Vec::new(), keys: vec![facts(&subject)?] };
    Ok((Answer::Written(written), Vec::new()))
}
