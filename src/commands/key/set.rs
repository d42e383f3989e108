//! `key set`: makes a JWK Set of public keys, and of HMAC secrets if they are admitted, each with its own `kid`.

use std::collections::HashMap;

use super::encoded::{EncodedKey, KeyCall, check_places, encode, public_key, with_kid, write_keys};
use crate::crypto::{LoadedKey, sha256_bytes};
use crate::explain::{Problem, Warning, warnings};
use crate::input::{KeyInput, key_input, key_or_pipe};
use crate::keys::{Format, Key, KeyError, KeyFile, KeySet, KeyType, Origin, Purpose, write_set};
use crate::outcome::{Answer, KeyDetails};
use crate::request::{KeyLocation, KeyRequest, KidChoice, NamedKey, PathOrStdin};
use crate::secret::Secret;

/// Makes a JWK Set of the keys of all files, or of standard input.
pub(super) fn run(
    files: &[PathOrStdin],
    common: &KeyRequest,
    admits_secrets: bool,
    call: &mut KeyCall<'_, '_>,
) -> Result<Answer, Problem> {
    check_places(Format::Jwk, call)?;
    let (members, places, warnings) = (Vec::new(), HashMap::new(), Vec::new());
    let allow_weak = common.allow_weak;
    let mut set = NewSet { allow_weak, admits_secrets, members, places, warnings };
    if files.is_empty() {
        set.add(key_or_pipe("set", common, call.env).map_err(|problem| of_set(problem, None))?)?;
    }
    for (number, path) in (1..).zip(files) {
        let source = NamedKey::new("FILE", KeyLocation::KeyFile(path.clone()));
        let request = KeyRequest { sources: vec![source], ..common.clone() };
        let number = Some(number).filter(|_| files.len() > 1);
        let input = key_input(&request, Purpose::Verify, call.env);
        set.add(input.map_err(|problem| of_set(problem, number))?)?;
    }
    let (jwks, details): (Vec<_>, Vec<_>) =
        set.members.into_iter().map(|member| (member.jwk, member.details)).unzip();
    let text = write_set(&jwks, call.command.compact);
    let is_private = details.iter().any(|details| details.private);
    let encoded = EncodedKey { text, is_private };
    let written = write_keys(encoded, None, details, call)?;
    call.warnings.extend(set.warnings);
    Ok(Answer::WrittenKeys(written))
}

/// The problem with a file, which is one of several if it has a number.
fn of_set(problem: Problem, number: Option<usize>) -> Problem {
    let Problem::Key { origin, error } = problem else { return problem };
    let error = if let KeyError::NotAKey = error { KeyError::NotAKeyForSet } else { error };
    let origin = match (origin, number) {
        (Origin::Named("FILE"), Some(number)) => Origin::Nth("FILE", number),
        (origin, _) => origin,
    };
    Problem::Key { origin, error }
}

struct NewSet {
    allow_weak: bool,
    admits_secrets: bool,
    members: Vec<Member>,
    places: HashMap<Identity, usize>,
    warnings: Vec<Warning>,
}

/// What no two members share.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Kid(String),
    /// The SHA-256 of a secret that has no key ID.
    Secret([u8; 32]),
}

struct Member {
    origin: Origin,
    jwk: Secret,
    details: KeyDetails,
}

impl NewSet {
    fn add(&mut self, input: KeyInput) -> Result<(), Problem> {
        let KeyInput { origin, file, warnings, .. } = input;
        self.warnings.extend(warnings);
        let added = match file {
            KeyFile::One(one) => self.add_key(&origin, &origin.to_string(), one.key),
            KeyFile::Set(set) => self.add_set(&origin, &set),
        };
        added.map_err(|error| Problem::Key { origin, error })
    }

    /// Adds the keys of a set; those that cannot be published are left out with a warning.
    fn add_set(&mut self, origin: &Origin, set: &KeySet) -> Result<(), KeyError> {
        let mut left_out = Vec::new();
        for entry in &set.entries {
            let name = format!("{} of {origin}", entry.name());
            match entry.read().and_then(|read| self.add_key(origin, &name, read.key)) {
                Ok(()) => {}
                Err(error @ KeyError::SameKid { .. }) => return Err(error),
                Err(error) => left_out.push((entry.name(), error)),
            }
        }
        if !left_out.is_empty() && left_out.len() == set.entries.len() {
            return Err(KeyError::NoneUsable { task: "be published", keys: left_out });
        }
        let warning = |(name, error): (String, KeyError)| warnings::left_out(origin, &name, &error);
        self.warnings.extend(left_out.into_iter().map(warning));
        Ok(())
    }

    /// Adds a key, unless the set already has it.
    fn add_key(&mut self, origin: &Origin, name: &str, key: Key) -> Result<(), KeyError> {
        let weakness = key.weakness();
        let key = LoadedKey::load(key, self.allow_weak)?;
        let resized: Vec<_> = warnings::number_lengths(key.key(), || name.to_owned()).collect();
        let is_secret = key.key().key_type == KeyType::Hmac;
        let member = if is_secret && self.admits_secrets { key } else { public_key(&key)? };
        let member = with_kid(member, Format::Jwk, &KidChoice::Default)?;
        let (encoded, details) = encode(&member, Format::Jwk, true)?;
        let kid = &details.params.kid;
        let identity = match kid {
            Some(kid) => Identity::Kid(kid.clone()),
            None => Identity::Secret(sha256_bytes(encoded.text.expose())),
        };
        if let Some(known) = self.places.get(&identity).map(|place| &self.members[*place]) {
            let is_same = match &details.thumbprint {
                None => known.jwk == encoded.text,
                thumbprint => known.details.thumbprint == *thumbprint,
            };
            if is_same {
                return Ok(());
            }
            let kid = kid.clone().unwrap_or_default();
            return Err(KeyError::SameKid { kid, first: known.origin.clone() });
        }
        self.places.insert(identity, self.members.len());
        self.members.push(Member { origin: origin.clone(), jwk: encoded.text, details });
        let weak = weakness.map(|weakness| warnings::weak_key(name, weakness));
        self.warnings.extend(weak.into_iter().chain(resized));
        Ok(())
    }
}
