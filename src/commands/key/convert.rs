//! `key public`, `key convert` and `key set`: a key in another form, or its public half.

use super::card::Facts;
use super::subject::{Subject, one};
use super::write::{Text, deliver};
use super::{Answered, KidChoice, Request};
use crate::commands::{Answer, KeyRequest, KeySource, NamedPath, PathOrStdin, sources};
use crate::env::Env;
use crate::io::Readers;
use crate::keys::{
    Encoding, Format, Halves, Key, KeyError, KeyFile, Keys, Kind, Origin, Terms, write_key,
    write_set,
};
use crate::problem::{Problem, Warning};
use crate::secret::Secret;
use crate::signature::{LoadedKey, thumbprint};

pub(super) fn convert(
    key: &KeyRequest,
    format: Format,
    kid: &KidChoice,
    request: &Request,
    env: &mut Env<'_>,
) -> Answered {
    let (origin, file) = sources::key_or_pipe("convert", key, env)?;
    let subject = one(origin, file, key.allow_weak)?;
    let text = written(&subject.key, format, kid, request.compact);
    let bytes = text.map_err(|error| subject.problem(error))?;
    let is_private = subject.key.key().is_private();
    let readers = if is_private { Readers::Owner } else { Readers::Anyone };
    let facts = Facts::of(&subject.key).map_err(|error| subject.problem(error))?;
    let text = Text { bytes, readers, format };
    let done = deliver(text, None, &request.destination, vec![facts], env)?;
    let mut warnings = warnings(&subject);
    warnings.extend((is_private && subject.was_encrypted).then_some(Warning::NoLongerEncrypted));
    Ok((Answer::Written(done), warnings))
}

pub(super) fn public(
    key: &KeyRequest,
    format: Option<Format>,
    request: &Request,
    env: &mut Env<'_>,
) -> Answered {
    let (origin, file) = sources::key_or_pipe("public", key, env)?;
    let subject = one(origin, file, key.allow_weak)?;
    let is_jwk = matches!(subject.encoding, Encoding::Jwk | Encoding::JwkSet);
    let format = format.unwrap_or(if is_jwk { Format::Jwk } else { Format::Pem });
    let public = public_of(&subject.key).map_err(|error| subject.problem(error))?;
    let text = written(&public, format, &KidChoice::Default, request.compact);
    let bytes = text.map_err(|error| subject.problem(error))?;
    let facts = Facts::of(&public).map_err(|error| subject.problem(error))?;
    let text = Text { bytes, readers: Readers::Anyone, format };
    let done = deliver(text, None, &request.destination, vec![facts], env)?;
    Ok((Answer::Written(done), warnings(&subject)))
}

fn warnings(subject: &Subject) -> Vec<Warning> {
    let origin = subject.origin.clone();
    let weakness = subject.key.weakness();
    weakness.map(|weakness| Warning::WeakKey { origin, weakness }).into_iter().collect()
}

/// The public half of a key as a key of its own; what its JWK lets it sign, this one verifies.
pub(super) fn public_of(key: &LoadedKey) -> Result<LoadedKey, KeyError> {
    let public = key.public_half().ok_or(KeyError::NoPublicHalf)?;
    let terms = key.key().terms.clone().map(|terms| Terms {
        key_ops: terms.key_ops.map(|ops| {
            let may_verify = ops.iter().any(|op| op == "sign" || op == "verify");
            may_verify.then(|| "verify".to_owned()).into_iter().collect()
        }),
        ..terms
    });
    let half = crate::keys::Half::Public(public);
    LoadedKey::load(Key { kind: key.key().kind, half, terms }, true)
}

/// A key in a format.
pub(super) fn written(
    key: &LoadedKey,
    format: Format,
    kid: &KidChoice,
    compact: bool,
) -> Result<Secret, KeyError> {
    let public = key.public_half().unwrap_or_default();
    let halves = key.halves(&public);
    let terms =
        Terms { kid: kid_of(key, &halves, kid)?, ..key.key().terms.clone().unwrap_or_default() };
    write_key(&halves, format, &terms, compact)
}

fn kid_of(
    key: &LoadedKey,
    halves: &Halves<'_>,
    kid: &KidChoice,
) -> Result<Option<String>, KeyError> {
    match (kid, key.key().kid()) {
        (KidChoice::Named(kid), _) => Ok(Some(kid.clone())),
        (KidChoice::Omitted, _) => Ok(None),
        (KidChoice::Default, Some(kid)) => Ok(Some(kid.to_owned())),
        (KidChoice::Default, None) => thumbprint(halves).map(Some),
    }
}

/// A JWK Set of the public halves of all keys that are named.
pub(super) fn set(
    files: &[PathOrStdin],
    common: &KeyRequest,
    request: &Request,
    env: &mut Env<'_>,
) -> Answered {
    let mut members = Vec::new();
    if files.is_empty() {
        add(sources::key_or_pipe("set", common, env)?, common.allow_weak, &mut members)?;
    }
    for path in files {
        let source = KeySource::KeyFile(NamedPath { by: "FILE", path: path.clone() });
        let key = KeyRequest { source: Some(source), ..common.clone() };
        add(sources::key_file(&key, env)?, common.allow_weak, &mut members)?;
    }
    let mut kids: Vec<&str> = Vec::with_capacity(members.len());
    for Member { origin, kid, .. } in &members {
        if kids.contains(&kid.as_str()) {
            let error = KeyError::SameKid { kid: kid.clone() };
            return Err(Problem::Key { origin: origin.clone(), error });
        }
        kids.push(kid);
    }
    let (jwks, facts): (Vec<_>, Vec<_>) =
        members.into_iter().map(|member| (member.jwk, member.facts)).unzip();
    let text = Text {
        bytes: write_set(&jwks, request.compact),
        readers: Readers::Anyone,
        format: Format::Jwk,
    };
    let done = deliver(text, None, &request.destination, facts, env)?;
    Ok((Answer::Written(done), Vec::new()))
}

/// A key of a set that is made.
struct Member {
    origin: Origin,
    kid: String,
    jwk: Secret,
    facts: Facts,
}

fn add(
    (origin, file): (Origin, KeyFile),
    allow_weak: bool,
    members: &mut Vec<Member>,
) -> Result<(), Problem> {
    let keys = match file.keys {
        Keys::One(key) => vec![Ok(key)],
        Keys::Set(set) => set.into_entries().into_iter().map(|entry| entry.key).collect(),
    };
    for key in keys {
        let member = key.and_then(|key| LoadedKey::load(key, allow_weak)).and_then(|key| {
            if key.key().kind == Kind::Hmac {
                return Err(KeyError::NoPublicHalf);
            }
            let public = public_of(&key)?;
            let bytes = public.public_half().unwrap_or_default();
            let kid = kid_of(&public, &public.halves(&bytes), &KidChoice::Default)?;
            let jwk = written(&public, Format::Jwk, &KidChoice::Default, true)?;
            Ok((kid.unwrap_or_default(), jwk, Facts::of(&public)?))
        });
        match member {
            Ok((kid, jwk, facts)) => {
                members.push(Member { origin: origin.clone(), kid, jwk, facts });
            }
            Err(error) => return Err(Problem::Key { origin, error }),
        }
    }
    Ok(())
}
