//! The keys of a call. Fetched keys may be replaced by newer ones while a stream is read.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::chains::Chains;
use super::keys::{KeyInput, key_inputs};
use super::network::net;
use crate::crypto::{ChainFault, Leaf, LoadedFile, LoadedKey, LoadedKeys, LoadedSource, Refusal};
use crate::env::Env;
use crate::explain::{self, Cause, KeyText, Problem, Warning, warnings};
use crate::jwks::{Net, Refetch, RemoteJwks};
use crate::keys::{Algorithm, KeyError, Origin, Purpose};
use crate::outcome::UsedKey;
use crate::request::KeyRequest;
use crate::time::NumericDate;
use crate::token::{Header, Unverified};

/// The keys of a call. Those that are fetched may be replaced, but all versions are kept until the call ends, so
/// that references to them stay valid.
pub(crate) struct KeySource<'e> {
    first: SourceKeys,
    /// Where keys can be fetched again, each with the index of that source.
    remotes: Mutex<Vec<(usize, RemoteJwks)>>,
    net: Net<'e>,
    /// What happened when they were fetched.
    pub(crate) warnings: Vec<Warning>,
    allow_weak: bool,
    /// The key of a certificate chain that leads to one of these certificates is one of the keys.
    chains: Option<Chains>,
}

impl<'e> KeySource<'e> {
    /// Reads and loads the keys that flags or a variable name.
    pub(crate) fn load(
        request: &KeyRequest,
        purpose: Purpose,
        env: &mut Env<'e>,
    ) -> Result<Self, Problem> {
        let (mut sources, mut remotes, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for mut input in key_inputs(request, purpose, env)? {
            warnings.append(&mut input.warnings);
            let remote = input.remote.take();
            remotes.extend(remote.map(|remote| (sources.len(), remote)));
            sources.push(Arc::new(OneSource::new(input, request.allow_weak)?));
        }
        let chains = request.chains.as_ref();
        let chains = chains.map(|chains| Chains::load(chains, request.allow_weak, env));
        let chains = chains.transpose()?;
        if let (true, Purpose::Sign, Some(chains)) = (sources.is_empty(), purpose, &chains) {
            let error = KeyError::OnlyVerifies { key: "certificate chain".to_owned() };
            return Err(Problem::Key { origin: chains.origin.clone(), error });
        }
        let origin = chains.as_ref().map(|chains| chains.origin.clone());
        let (first, remotes) = (SourceKeys::new(sources, origin), Mutex::new(remotes));
        let (net, allow_weak) = (net(env), request.allow_weak);
        Ok(Self { first, remotes, net, warnings, allow_weak, chains })
    }

    /// Checks that each source has a key that can verify, and that one of them can with an allowed algorithm. The keys of
    /// certificate chains are not known yet.
    pub(crate) fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), Problem> {
        match &self.chains {
            None => self.first.check_verifies(allowed),
            Some(_) => self.first.check_each_verifies(),
        }
    }

    /// The newest keys, and among them the keys of the certificate chains in these headers; and for each header, why its
    /// chain is not accepted. `None` if no chains are trusted.
    pub(crate) fn with_chains(
        &self,
        headers: &[&Header],
        now: NumericDate,
    ) -> Option<(SourceKeys, Vec<Option<ChainFault>>)> {
        let Chains { origin, trusted } = self.chains.as_ref()?;
        let mut sources = self.keys().sources.clone();
        let mut fault = |header: &&Header| match trusted.leaf(header, now) {
            Ok(leaf) => {
                sources.push(Arc::new(OneSource::of_leaf(leaf, origin.clone())));
                None
            }
            Err(fault) => Some(fault),
        };
        let faults: Vec<_> = headers.iter().map(&mut fault).collect();
        let has_chain = faults.iter().any(Option::is_none);
        let roots = (!has_chain).then(|| origin.clone());
        Some((SourceKeys { has_chain, ..SourceKeys::new(sources, roots) }, faults))
    }

    /// The newest version of the keys.
    pub(crate) fn keys(&self) -> &SourceKeys {
        let mut newest = &self.first;
        while let Some(newer) = newest.newer.get() {
            newest = newer;
        }
        newest
    }

    /// The issuer of each source, if discovery found its keys.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = Option<&String>> {
        self.first.sources.iter().map(|source| source.issuer.as_ref())
    }

    /// Fetches keys newer than `old` for a token with an unknown `kid`. Returns whether this was done, and the keys if
    /// there are newer ones; nothing if no keys come from a URL.
    pub(crate) fn newer(
        &self,
        old: &SourceKeys,
        allowed: &[Algorithm],
    ) -> Result<(Option<Refetch>, Option<&SourceKeys>), Problem> {
        let mut remotes = self.remotes.lock().unwrap_or_else(PoisonError::into_inner);
        if remotes.is_empty() {
            return Ok((None, None));
        }
        let newest = self.keys();
        if !std::ptr::eq(newest, old) {
            return Ok((Some(Refetch::Done), Some(newest)));
        }
        let mut sources = newest.sources.clone();
        let (mut done, mut has_newer, mut problem) = (None, false, None);
        for (at, remote) in &mut *remotes {
            match remote.refetch(self.net) {
                Ok((refetch, None)) => done = done.or(Some(refetch)),
                Ok((refetch, Some(fetched))) => {
                    (done, has_newer) = (Some(refetch), true);
                    let issuer = sources[*at].issuer.clone();
                    let input = KeyInput { issuer, ..fetched.into() };
                    sources[*at] = Arc::new(OneSource::new(input, self.allow_weak)?);
                }
                Err(error) => problem = problem.or(Some(Problem::from(error))),
            }
        }
        match problem {
            Some(problem) if !has_newer => return Err(problem),
            _ if !has_newer => return Ok((done, None)),
            _ => {}
        }
        let keys = SourceKeys::new(sources, self.chains.as_ref().map(|it| it.origin.clone()));
        keys.loaded.check_verifies(allowed).map_err(|error| keys.problem(error))?;
        Ok((done, Some(newest.newer.get_or_init(|| keys.into()))))
    }
}

/// The keys of one file, variable or URL.
struct OneSource {
    origin: Origin,
    /// The text that they were read from.
    text: KeyText,
    file: Arc<LoadedFile>,
    mangled: OnceLock<Option<Warning>>,
    /// How many seconds before the call they were fetched, if they were.
    age: i64,
    /// The issuer whose keys these are, if discovery found them.
    issuer: Option<String>,
}

impl OneSource {
    fn new(input: KeyInput, allow_weak: bool) -> Result<Self, Problem> {
        let KeyInput { origin, file, text, age, issuer, .. } = input;
        let file = LoadedFile::new(file, allow_weak)
            .map_err(|error| Problem::Key { origin: origin.clone(), error })?;
        Ok(Self { origin, text, file: file.into(), mangled: OnceLock::new(), age, issuer })
    }

    /// The key of a certificate chain.
    fn of_leaf(Leaf { key, der, subject }: Leaf, root: Origin) -> Self {
        Self {
            origin: Origin::Certificate(subject, Box::new(root)),
            text: KeyText { text: der, secret: None },
            file: LoadedFile::of_key(key).into(),
            mangled: OnceLock::new(),
            age: 0,
            issuer: None,
        }
    }

    /// Its keys alone.
    fn keys(&self) -> LoadedKeys {
        LoadedKeys::of_sources(vec![self.loaded()])
    }

    fn loaded(&self) -> LoadedSource {
        let (name, is_of_issuer) = (self.origin.to_string(), self.issuer.is_some());
        LoadedSource { name, is_of_issuer, file: Arc::clone(&self.file) }
    }
}

/// One version of the keys of a call.
pub(crate) struct SourceKeys {
    /// All keys, in one set.
    pub(crate) loaded: LoadedKeys,
    pub(crate) origin: Origin,
    sources: Vec<Arc<OneSource>>,
    /// Whether some are those of certificate chains in one token, and so not the keys of another token.
    pub(crate) has_chain: bool,
    /// The keys that replace them.
    newer: OnceLock<Box<SourceKeys>>,
}

impl SourceKeys {
    /// The keys of these sources. `roots` is where the certificates came from that chains must lead to, if the key of a
    /// chain is still to be added.
    fn new(sources: Vec<Arc<OneSource>>, roots: Option<Origin>) -> Self {
        let loaded = LoadedKeys::of_sources(sources.iter().map(|source| source.loaded()).collect());
        let origin = match (&sources[..], roots) {
            ([source], None) => source.origin.clone(),
            ([], Some(roots)) => roots,
            _ => Origin::Several,
        };
        Self { loaded, origin, sources, has_chain: false, newer: OnceLock::new() }
    }

    /// Checks that each source has a key that can verify, and that one of them can with an allowed algorithm.
    fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), Problem> {
        if let [_, _, ..] = &self.sources[..] {
            self.check_each_verifies()?;
        }
        self.loaded.check_verifies(allowed).map_err(|error| self.problem(error))
    }

    /// Checks that each source has a key that can verify.
    fn check_each_verifies(&self) -> Result<(), Problem> {
        self.sources.iter().try_for_each(|source| {
            let problem = |error| Problem::Key { origin: source.origin.clone(), error };
            source.keys().check_verifies(&[]).map_err(problem)
        })
    }

    /// Whether there are no keys, because they would be in tokens.
    pub(crate) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// How many seconds before the call the oldest of them were fetched; 0 if none was.
    pub(crate) fn age(&self) -> i64 {
        self.sources.iter().map(|source| source.age).max().unwrap_or_default()
    }

    /// Looks for the cause of a refusal, in one source after the other.
    pub(crate) fn find_cause(
        &self,
        refusal: &Refusal,
        token: &Unverified<'_>,
        allowed: &[Algorithm],
    ) -> Option<Cause> {
        self.sources.iter().find_map(|source| {
            let (keys, key) = (source.keys(), (&source.origin, &source.text));
            if self.sources.len() == 1 {
                return explain::find_cause(refusal, token, &keys, allowed, key);
            }
            let own = keys.fitting(token.header(), allowed).err();
            explain::find_cause(own.as_ref().unwrap_or(refusal), token, &keys, allowed, key)
        })
    }

    /// The index of the source whose expectations a token with this issuer must meet, verified by the key of this index:
    /// another one if issuers share the key, as the tenants of a cloud do.
    pub(crate) fn source_for(&self, index: usize, issuer: Option<&str>) -> usize {
        let own = self.loaded.source(index);
        let expects = |source: &OneSource| {
            source.issuer.as_deref().is_none_or(|expected| Some(expected) == issuer)
        };
        if expects(&self.sources[own]) {
            return own;
        }
        let mut others = (0..self.sources.len()).filter(|at| expects(&self.sources[*at]));
        others.find(|other| self.loaded.is_also_in(index, *other)).unwrap_or(own)
    }

    pub(crate) fn are_of_one_source(&self, one: &LoadedKey, other: &LoadedKey) -> bool {
        std::ptr::eq(self.source_of(one), self.source_of(other))
    }

    /// The source of a key.
    fn source_of(&self, key: &LoadedKey) -> &OneSource {
        let index = if self.sources.len() == 1 { None } else { self.loaded.source_of(key) };
        &self.sources[index.unwrap_or_default()]
    }

    /// Describes the keys for a report on a token that none of them has verified.
    pub(crate) fn summary(&self) -> UsedKey {
        if let Some(key) = self.loaded.single() {
            return self.used(key, None);
        }
        let usable: Vec<_> = self.loaded.iter().filter_map(|(_, key)| key.ok()).collect();
        let is_supported = |alg: &Algorithm| usable.iter().any(|key| key.supports.contains(alg));
        let algorithms = Algorithm::ALL.into_iter().filter(is_supported);
        let kind = if self.is_empty() {
            "certificate chain".to_owned()
        } else if self.loaded.is_jwk_set() {
            format!("JWK Set of {}", self.loaded.len())
        } else {
            format!("{} keys", self.loaded.len())
        };
        UsedKey {
            kind,
            private: usable.iter().any(|key| key.key().is_private()),
            kid: None,
            source: if self.is_empty() {
                self.origin.to_string()
            } else {
                let origins = self.sources.iter().map(|it| it.origin.to_string());
                origins.collect::<Vec<_>>().join(", ")
            },
            algorithms: algorithms.map(Algorithm::name).collect(),
            algorithm: None,
        }
    }

    /// Describes the key for a report on a token that it has verified with this algorithm.
    pub(crate) fn used(&self, key: &LoadedKey, algorithm: Option<Algorithm>) -> UsedKey {
        UsedKey {
            kind: key.key().to_string(),
            private: key.key().is_private(),
            kid: key.key().kid().map(str::to_owned),
            source: self.source_of(key).origin.to_string(),
            algorithms: key.supports.iter().map(|alg| alg.name()).collect(),
            algorithm: algorithm.map(Algorithm::name),
        }
    }

    pub(crate) fn problem(&self, error: KeyError) -> Problem {
        Problem::Key { origin: self.origin.clone(), error }
    }

    /// The key's name in a set, and its origin.
    pub(crate) fn name_of(&self, key: &LoadedKey) -> String {
        match self.loaded.name_of(key) {
            Some(name) if self.sources.len() > 1 => name,
            Some(name) => format!("{name} of {}", self.origin),
            None => self.origin.to_string(),
        }
    }

    /// Warnings about a key that is used with this algorithm.
    pub(crate) fn weaknesses(
        &self,
        key: &LoadedKey,
        alg: Algorithm,
    ) -> impl Iterator<Item = Warning> {
        let weak = key.key().weakness_for(alg);
        let weak = weak.map(|weakness| warnings::weak_key(&self.name_of(key), weakness));
        let short = key.key().short_for(alg);
        let short = short.map(|(length, least)| {
            warnings::short_secret(&self.source_of(key).origin, length, alg, least)
        });
        let resized = warnings::number_lengths(key.key(), || self.name_of(key));
        weak.into_iter().chain(short).chain(resized)
    }

    /// A warning that the secret to sign with is probably not the one that was meant.
    pub(crate) fn mangled(&self, key: &LoadedKey) -> &[Warning] {
        let source = self.source_of(key);
        let warning = || {
            let text = source.text.secret.as_ref()?;
            warnings::mangled_secret(&source.origin, key.key().private()?.expose(), text)
        };
        source.mangled.get_or_init(warning).as_slice()
    }
}
