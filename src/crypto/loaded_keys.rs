//! The keys of one source, one or many, and which of them a token or a signature is for. A token's
//! `kid` picks from a set and its `alg` is looked up in what a key serves; neither ever adds to that.

use std::sync::OnceLock;

use super::work::Work;
use super::{LoadedKey, Refusal, VerifiedPayload};
use crate::keys::{Algorithm, KeyError, KeySet, KeyType, Keys, MOST_NAMED, Purpose};
use crate::token::{Header, Unverified};

/// One key, or the keys of a set.
pub struct LoadedKeys {
    held: Held,
    allow_weak: bool,
}

enum Held {
    One(Box<LoadedKey>),
    /// Keys are read, and handed to the crypto library, when they are first asked for.
    Set {
        set: KeySet,
        loaded: Vec<OnceLock<Result<LoadedKey, KeyError>>>,
    },
}

/// Why a key of a set does not serve a token.
#[derive(Debug, Clone)]
pub struct Misfit {
    /// The key's name: `key "2026-11"`, `key 3`.
    pub name: String,
    /// Why.
    pub why: WhyNot,
}

/// Why a key of a set does not serve a token.
#[derive(Debug, Clone)]
pub enum WhyNot {
    /// It serves other algorithms.
    Serves {
        /// What the key is.
        key: String,
        /// The algorithms it serves.
        supports: Vec<Algorithm>,
    },
    /// It cannot be used at all, or not for verification.
    Unusable(KeyError),
}

/// A signature that matches, and the key it matches.
pub struct Checked<'a> {
    /// The payload.
    pub payload: VerifiedPayload,
    /// The key.
    pub key: &'a LoadedKey,
}

/// A token whose signature is not accepted.
pub struct Refused<'t> {
    /// The token.
    pub token: Unverified<'t>,
    /// Every cause for it that the header gives, or the signature's mismatch.
    pub refusals: Vec<Refusal>,
}

impl Refused<'_> {
    /// Whether no key has the token's `kid`.
    #[must_use]
    pub fn is_for_an_unknown_kid(&self) -> bool {
        self.refusals.iter().any(|refusal| matches!(refusal, Refusal::UnknownKid { .. }))
    }
}

/// A key that a token may be checked with, and its place in the set.
type Fitting<'a> = (usize, &'a LoadedKey);

impl LoadedKeys {
    /// Takes the keys of a source. A single one is loaded at once.
    ///
    /// # Errors
    /// Those of [`LoadedKey::load`] for a single key.
    pub fn new(keys: Keys, allow_weak: bool) -> Result<Self, KeyError> {
        let held = match keys {
            Keys::One(key) => Held::One(LoadedKey::load(key, allow_weak)?.into()),
            Keys::Set(set) => {
                let loaded = set.entries().iter().map(|_| OnceLock::new()).collect();
                Held::Set { set, loaded }
            }
        };
        Ok(Self { held, allow_weak })
    }

    /// The one key, if there is one alone.
    #[must_use]
    pub fn single(&self) -> Option<&LoadedKey> {
        match &self.held {
            Held::One(key) => Some(key),
            Held::Set { .. } => None,
        }
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.held {
            Held::One(_) => 1,
            Held::Set { set, .. } => set.entries().len(),
        }
    }

    /// Whether it is a JWK Set, whose keys have a place for a `kid`.
    #[must_use]
    pub fn is_jwk_set(&self) -> bool {
        matches!(&self.held, Held::Set { set, .. } if set.is_jwk_set())
    }

    /// Whether it is a set of no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys by name, each with what keeps it from being used, if anything does: as many of a large set as may
    /// be looked at for one token.
    pub fn iter(&self) -> impl Iterator<Item = (String, Result<&LoadedKey, &KeyError>)> {
        let mut work = Work::of_a_token();
        (0..self.len()).map_while(move |i| {
            work.is_left().then(|| {
                let key = self.get(i);
                work.load(key);
                (self.name(i), key)
            })
        })
    }

    fn name(&self, i: usize) -> String {
        match &self.held {
            Held::One(_) => "the key".to_owned(),
            Held::Set { set, .. } => set.entries()[i].name(),
        }
    }

    fn get(&self, i: usize) -> Result<&LoadedKey, &KeyError> {
        match &self.held {
            Held::One(key) => Ok(key),
            Held::Set { set, loaded } => {
                let read = || set.entries()[i].read();
                let load = || read().and_then(|key| LoadedKey::load(key, self.allow_weak));
                loaded[i].get_or_init(load).as_ref()
            }
        }
    }

    /// Checks that something is left to verify with.
    ///
    /// # Errors
    /// Why a single key cannot verify under an allow-list, or `NoneUsable` with why each of a set cannot.
    pub fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        self.first(Purpose::Verify, |key| key.check_verifies(allowed))
    }

    /// The first key that can sign, and its algorithm.
    ///
    /// # Errors
    /// Why a single key cannot, or `NoneUsable` with why each of a set cannot.
    pub fn first_signer(&self) -> Result<(&LoadedKey, Algorithm), KeyError> {
        self.first(Purpose::Sign, |key| Ok((key, key.signs_with(None)?)))
    }

    /// The first key that can renew what another key of the set has signed: with the same algorithm if there
    /// is such a key, else with one that is allowed; but never a secret in the place of a key pair.
    ///
    /// # Errors
    /// `NoneUsable` with why each cannot.
    pub fn successor(
        &self,
        alg: Algorithm,
        allowed: &[Algorithm],
    ) -> Result<(&LoadedKey, Algorithm), KeyError> {
        if let Ok(same) = self.first(Purpose::Sign, |key| Ok((key, key.signs_with(Some(alg))?))) {
            return Ok(same);
        }
        self.first(Purpose::Sign, |key| {
            let own = key.signs_with(None)?;
            let is_allowed = allowed.is_empty() || allowed.contains(&own);
            if is_allowed && (own.key_type() == KeyType::Hmac) == (alg.key_type() == KeyType::Hmac)
            {
                return Ok((key, own));
            }
            let wanted = if is_allowed { vec![alg] } else { allowed.to_vec() };
            Err(KeyError::WrongKeyType {
                key: key.key().to_string(),
                wanted,
                supports: key.supports().to_vec(),
            })
        })
    }

    /// What a key is called in the set; `None` for the key of a source that holds one alone.
    #[must_use]
    pub fn name_of(&self, key: &LoadedKey) -> Option<String> {
        let Held::Set { set, loaded } = &self.held else { return None };
        let is_it = |held: &OnceLock<Result<LoadedKey, _>>| matches!(held.get(), Some(Ok(held)) if std::ptr::eq(held, key));
        loaded.iter().position(is_it).map(|i| set.entries()[i].name())
    }

    fn first<'a, T>(
        &'a self,
        purpose: Purpose,
        of: impl Fn(&'a LoadedKey) -> Result<T, KeyError>,
    ) -> Result<T, KeyError> {
        let one = |i| self.get(i).map_err(Clone::clone).and_then(&of);
        if let Held::One(_) = self.held {
            return one(0);
        }
        let mut keys = Vec::new();
        for i in 0..self.len() {
            match one(i) {
                Ok(found) => return Ok(found),
                Err(error) => keys.push((self.name(i), error)),
            }
        }
        Err(KeyError::NoneUsable { purpose, keys })
    }

    /// The key to sign with, and its algorithm: the only one that can, among those of a `kid` if one is
    /// named.
    ///
    /// # Errors
    /// `WrongKid`, `NoneUsable`, `SeveralSigners`, and for a single key why it cannot sign.
    pub fn signer(
        &self,
        alg: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<(&LoadedKey, Algorithm), KeyError> {
        let set = match &self.held {
            Held::One(key) => {
                let own = key.key().kid();
                return match (kid, own) {
                    (Some(wanted), Some(own)) if wanted != own => Err(KeyError::WrongKid {
                        wanted: wanted.to_owned(),
                        known: vec![own.to_owned()],
                        count: 1,
                    }),
                    _ => key.signs_with(alg).map(|alg| (&**key, alg)),
                };
            }
            Held::Set { set, .. } => set,
        };
        let kid = kid.filter(|_| set.is_jwk_set());
        let candidates = candidates(set, kid);
        if let Some(wanted) = kid.filter(|_| candidates.is_empty()) {
            return Err(KeyError::WrongKid {
                wanted: wanted.to_owned(),
                known: set.first_kids(),
                count: set.kid_count(),
            });
        }
        let (mut able, mut unable) = (Vec::new(), Vec::new());
        for i in candidates {
            let signs = |key: &LoadedKey| key.signs_with(alg);
            match self.get(i).map_err(Clone::clone).and_then(|key| Ok((key, signs(key)?))) {
                Ok(signer) => able.push((self.name(i), signer)),
                Err(error) => unable.push((self.name(i), error)),
            }
        }
        let is_one = |(key, alg): (&LoadedKey, _), (other, others): (&LoadedKey, _)| {
            key.is_same_as(other) && key.key().kid() == other.key().kid() && alg == others
        };
        match &able[..] {
            [(_, first), rest @ ..] if rest.iter().all(|(_, other)| is_one(*first, *other)) => {
                Ok(*first)
            }
            [] => Err(KeyError::NoneUsable { purpose: Purpose::Sign, keys: unable }),
            _ => {
                Err(KeyError::SeveralSigners { names: able.into_iter().map(|(n, _)| n).collect() })
            }
        }
    }

    /// Checks a token's signature. `allowed` narrows the keys' algorithms; empty, it does not.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn verify<'t>(
        &self,
        token: Unverified<'t>,
        allowed: &[Algorithm],
    ) -> Result<Checked<'_>, Refused<'t>> {
        match self.matching(&token, allowed) {
            Ok((alg, key)) => Ok(Checked { payload: VerifiedPayload::of(token, alg), key }),
            Err(refusals) => Err(Refused { token, refusals }),
        }
    }

    fn matching(
        &self,
        token: &Unverified<'_>,
        allowed: &[Algorithm],
    ) -> Result<(Algorithm, &LoadedKey), Vec<Refusal>> {
        let header = token.header();
        let faults = header.faults().iter().cloned().map(Refusal::Header);
        let mut work = Work::of_a_token();
        match self.fitting_within(header, allowed, &mut work) {
            Ok(_) if faults.len() > 0 => Err(faults.collect()),
            Ok((alg, keys)) => {
                let message = token.signing_input().as_bytes();
                for (at, (_, key)) in keys.iter().enumerate() {
                    if at > 0 && !work.is_left() {
                        let (tried, untried) = (at, keys.len() - at + work.untried);
                        return Err(vec![Refusal::Untried {
                            alg: alg.to_string(),
                            tried,
                            untried,
                        }]);
                    }
                    work.check(key, message);
                    if key.matches(alg, token) {
                        return Ok((alg, key));
                    }
                }
                Err(vec![match work.untried {
                    0 => self.mismatch(alg, &keys, token),
                    untried => {
                        Refusal::Untried { alg: alg.to_string(), tried: keys.len(), untried }
                    }
                }])
            }
            Err(refusal) => Err(std::iter::once(refusal).chain(faults).collect()),
        }
    }

    fn mismatch(&self, alg: Algorithm, keys: &[Fitting<'_>], token: &Unverified<'_>) -> Refusal {
        let is_set = self.single().is_none();
        let named =
            |(place, key): &Fitting<'_>| (is_set.then(|| self.name(*place)), key.key().to_string());
        let keys = keys.iter().map(named).collect();
        Refusal::Mismatch { alg, keys, length: token.signature().len() }
    }

    /// The keys that a token may be checked with, by their place in a set, and the algorithm that they, caller and
    /// token agree on.
    ///
    /// # Errors
    /// `Header`, `Unsecured`, `NotSupported`, `NotAllowed`, `UnknownKid`, `NoneFits`, `RepeatedKid`, `Untried`.
    pub fn fitting(
        &self,
        header: &Header,
        allowed: &[Algorithm],
    ) -> Result<(Algorithm, Vec<Fitting<'_>>), Refusal> {
        self.fitting_within(header, allowed, &mut Work::of_a_token())
    }

    /// The same as far as the work goes; what is beyond is counted there.
    fn fitting_within(
        &self,
        header: &Header,
        allowed: &[Algorithm],
        work: &mut Work,
    ) -> Result<(Algorithm, Vec<Fitting<'_>>), Refusal> {
        let set = match &self.held {
            Held::One(key) => {
                let alg = key.fits(header, allowed)?;
                return Ok((alg, vec![(0, key)]));
            }
            Held::Set { set, .. } => set,
        };
        let kid = header.kid().filter(|_| set.is_jwk_set());
        let alg = super::named_algorithm(header)?;
        let candidates = candidates(set, kid);
        if let Some(kid) = kid.filter(|_| candidates.is_empty()) {
            return Err(Refusal::UnknownKid {
                kid: kid.to_owned(),
                known: set.first_kids(),
                count: set.kid_count(),
            });
        }
        let (mut fitting, mut misfits) = (Vec::new(), Vec::new());
        let count = candidates.len();
        for (looked_at, i) in candidates.into_iter().enumerate() {
            if !work.is_left() {
                work.untried = count - looked_at;
                break;
            }
            work.load(self.get(i));
            match self.fit(i, header) {
                Ok((alg, key)) => fitting.push((alg, (i, key))),
                Err(key) if misfits.len() < MOST_NAMED => {
                    misfits.push(Misfit { name: self.name(i), why: why_not(key) });
                }
                Err(_) => {}
            }
        }
        let Some(alg) = fitting.first().map(|(alg, _)| *alg) else {
            let (alg, kid) = (alg.to_owned(), kid.map(str::to_owned));
            return Err(match work.untried {
                0 => Refusal::NoneFits { alg, kid, keys: misfits, count },
                untried => Refusal::Untried { alg, tried: 0, untried },
            });
        };
        if !allowed.is_empty() && !allowed.contains(&alg) {
            return Err(Refusal::NotAllowed { alg, allowed: allowed.to_vec() });
        }
        let mut fitting: Vec<_> = fitting.into_iter().map(|(_, fitting)| fitting).collect();
        if let Some(kid) = kid.filter(|_| fitting.len() > 1) {
            let first = fitting[0].1;
            if !fitting[1..].iter().all(|(_, key)| key.is_same_as(first)) {
                return Err(Refusal::RepeatedKid { kid: kid.to_owned(), count: fitting.len() });
            }
            // Each of them may verify and serves the algorithm; the private half can renew the token, too.
            let best = fitting.iter().position(|(_, key)| key.key().is_private()).unwrap_or(0);
            fitting = vec![fitting[best]];
        }
        Ok((alg, fitting))
    }

    /// A key that serves a token; else the key, or why it cannot be used.
    fn fit(&self, i: usize, header: &Header) -> Result<(Algorithm, &LoadedKey), Misfitting<'_>> {
        let key = self.get(i).map_err(Misfitting::Unusable)?;
        if key.key().permits(Purpose::Verify).is_err() {
            return Err(Misfitting::Key(key));
        }
        key.supports_named(header).map(|alg| (alg, key)).ok_or(Misfitting::Key(key))
    }
}

/// What does not serve a token, before it is put into words.
#[derive(Clone, Copy)]
enum Misfitting<'a> {
    Unusable(&'a KeyError),
    Key(&'a LoadedKey),
}

fn why_not(misfitting: Misfitting<'_>) -> WhyNot {
    let key = match misfitting {
        Misfitting::Unusable(error) => return WhyNot::Unusable(error.clone()),
        Misfitting::Key(key) => key,
    };
    match key.key().permits(Purpose::Verify) {
        Err(error) => WhyNot::Unusable(error),
        Ok(()) => WhyNot::Serves { key: key.key().to_string(), supports: key.supports().to_vec() },
    }
}

/// The places of the keys that a `kid` leaves: those that have it, or all where none is named.
fn candidates(set: &KeySet, kid: Option<&str>) -> Vec<usize> {
    match kid {
        Some(kid) => set.with_kid(kid).collect(),
        None => (0..set.entries().len()).collect(),
    }
}
