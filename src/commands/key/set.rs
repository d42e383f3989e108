//! `key set`: a JWK Set of public keys, each with a `kid` of its own.

use super::Answered;
use super::form::{for_format, public_of, written};
use super::write::{Text, deliver};
use crate::crypto::LoadedKey;
use crate::env::Env;
use crate::explain::warnings;
use crate::explain::{Problem, Warning};
use crate::input;
use crate::input::Source;
use crate::keys::{Format, Key, KeyError, KeyFile, KeySet, Origin, write_set};
use crate::outcome::Answer;
use crate::outcome::KeyDetails;
use crate::request::{KeyCommand, KidChoice};
use crate::request::{KeyLocation, KeyRequest, NamedPath, PathOrStdin};
use crate::secret::Secret;
use crate::sys::Readers;

/// A JWK Set of the public halves of all keys that are named.
pub(super) fn set(
    files: &[PathOrStdin],
    common: &KeyRequest,
    request: &KeyCommand,
    env: &mut Env<'_>,
) -> Answered {
    let mut making = Making::default();
    if files.is_empty() {
        making.add(input::key_or_pipe("set", common, env)?, common.allow_weak)?;
    }
    for (number, path) in (1..).zip(files) {
        let source = KeyLocation::KeyFile(NamedPath { by: "FILE", path: path.clone() });
        let key = KeyRequest { source: Some(source), ..common.clone() };
        let read = input::key_file(&key, env).map_err(|problem| match problem {
            Problem::Key { origin: Origin::Named("FILE"), error } if files.len() > 1 => {
                Problem::Key { origin: Origin::Nth("FILE", number), error }
            }
            problem => problem,
        });
        making.add(read?, common.allow_weak)?;
    }
    let Making { members, warnings } = making;
    let (jwks, facts): (Vec<_>, Vec<_>) =
        members.into_iter().map(|member| (member.jwk, member.facts)).unzip();
    let text = Text {
        bytes: write_set(&jwks, request.compact),
        readers: Readers::Anyone,
        format: Format::Jwk,
    };
    let done = deliver(text, None, &request.destination, facts, env)?;
    Ok((Answer::Written(done), warnings))
}

/// A set in the making.
#[derive(Default)]
struct Making {
    members: Vec<Member>,
    warnings: Vec<Warning>,
}

/// A key of a set that is made.
struct Member {
    origin: Origin,
    kid: String,
    thumbprint: String,
    jwk: Secret,
    facts: KeyDetails,
}

impl Making {
    /// Adds the key of a file. Of a set, the keys that cannot be published are left out with a word.
    fn add(&mut self, source: Source, allow_weak: bool) -> Result<(), Problem> {
        let Source { origin, file, warnings } = source;
        self.warnings.extend(warnings);
        let added = match file {
            KeyFile::One(one) => self.add_key(&origin, &origin.to_string(), one.key, allow_weak),
            KeyFile::Set(set) => self.add_set(&origin, &set, allow_weak),
        };
        added.map_err(|error| Problem::Key { origin, error })
    }

    fn add_set(&mut self, origin: &Origin, set: &KeySet, allow_weak: bool) -> Result<(), KeyError> {
        let mut left_out = Vec::new();
        for entry in set.entries() {
            let name = format!("{} of {origin}", entry.name());
            match entry.read().and_then(|key| self.add_key(origin, &name, key, allow_weak)) {
                Ok(()) => {}
                Err(error @ KeyError::SameKid { .. }) => return Err(error),
                Err(error) => left_out.push((entry.name(), error)),
            }
        }
        if !left_out.is_empty() && left_out.len() == set.entries().len() {
            return Err(KeyError::NoneUsable { task: "be published", keys: left_out });
        }
        let warning = |(name, error): (String, KeyError)| warnings::left_out(origin, &name, &error);
        self.warnings.extend(left_out.into_iter().map(warning));
        Ok(())
    }

    /// Adds a key, unless it is there already.
    fn add_key(
        &mut self,
        origin: &Origin,
        name: &str,
        key: Key,
        allow_weak: bool,
    ) -> Result<(), KeyError> {
        let weakness = key.weakness();
        let key = LoadedKey::load(key, allow_weak)?;
        let resized: Vec<_> = warnings::number_lengths(key.key(), || name.to_owned()).collect();
        let member = member(origin.clone(), &key)?;
        match self.members.iter().find(|known| known.kid == member.kid) {
            None => self.members.push(member),
            Some(known) if known.thumbprint == member.thumbprint => return Ok(()),
            Some(known) => {
                let first = known.origin.clone();
                return Err(KeyError::SameKid { kid: member.kid, first });
            }
        }
        let warning = |weakness| warnings::weak_key(name, weakness);
        self.warnings.extend(weakness.map(warning).into_iter().chain(resized));
        Ok(())
    }
}

fn member(origin: Origin, key: &LoadedKey) -> Result<Member, KeyError> {
    let public = for_format(public_of(key)?, Format::Jwk, &KidChoice::Default)?;
    let (jwk, facts) = written(&public, Format::Jwk, true)?;
    let kid = public.key().kid().unwrap_or_default().to_owned();
    Ok(Member { origin, kid, thumbprint: public.thumbprint()?, jwk, facts })
}
