//! Checks a token's signature with the keys of a source. Nothing outside of this file can make a [`Verified`]. The
//! token's `kid` selects among the keys, and its `alg` among the algorithms that the key supports; neither can add to
//! them.

use std::ops::Deref;
use std::sync::Arc;

use super::jwe::{DecryptionKey, KnownEncryption, Opened};
use super::loaded_key::{LoadedKey, Refusal, check_allowed, named_algorithm};
use super::loaded_keys::LoadedKeys;
use super::sd_jwt::disclose;
use super::verdicts::{Entry, Verdicts};
use super::work::Work;
use crate::claims::Claims;
use crate::keys::{Algorithm, KeyType, MOST_NAMED, Purpose};
use crate::token::{Header, HeaderFault, Malformed, Part, Presentation, TokenMemory, Unverified};

/// The content of a token whose signature has been checked, or which was decrypted with a key that only two parties
/// share: its claims, or the bytes of its payload. Only this file can make one:
///
/// ```compile_fail,E0451
/// use jwtctl::{claims::Claims, crypto::Verified};
/// let forged = Verified::<Claims> { header: todo!(), content: todo!() };
/// ```
///
/// ```compile_fail,E0451
/// use jwtctl::crypto::Verified;
/// let forged = Verified::<Vec<u8>> { header: todo!(), content: vec![] };
/// ```
#[derive(Debug)]
pub struct Verified<C = Claims> {
    header: Arc<Header>,
    content: C,
}

impl<C> Verified<C> {
    /// The header, whose signature has been checked as well.
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The header and the content, to be shown.
    pub fn into_content(self) -> (Arc<Header>, C) {
        (self.header, self.content)
    }
}

impl Verified {
    /// The claims of a token that is encrypted like the one before, with a key that is shared.
    pub(crate) fn of_known_encryption(
        known: &KnownEncryption,
        keys: &[DecryptionKey],
        token: &[u8],
        memory: &mut TokenMemory,
    ) -> Option<Self> {
        let content = known.open(keys, token, memory)?;
        Some(Self { header: Arc::clone(&known.header), content })
    }

    /// The claims, which may be trusted.
    pub fn claims(&self) -> &Claims {
        &self.content
    }
}

impl Verified<Vec<u8>> {
    /// The payload, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        &self.content
    }

    /// The content of an encrypted token, if only those who share its key can have made it, as with a MAC. Anybody can
    /// encrypt to a public key: `None`.
    pub(crate) fn of_shared_key(opened: &Opened) -> Option<Self> {
        let (header, content) = (Arc::clone(&opened.header), opened.content());
        opened.encryption.alg.is_shared().then(|| Self { header, content: content.to_vec() })
    }

    /// The payload as a claims set (RFC 7519 section 7.2), with what the disclosures of an SD-JWT say. They belong to the
    /// payload by the digests in it, so its signature covers them.
    ///
    /// # Errors
    /// [`Malformed::Json`] if it is not a JSON object, and [`Malformed::Disclosure`].
    pub fn into_jwt(self, presentation: Option<&Presentation<'_>>) -> Result<Verified, Malformed> {
        let mut content = Claims::parse(self.content)
            .map_err(|error| Malformed::Json { part: Part::Payload, error })?;
        if let Some(presentation) = presentation {
            content = disclose(&content, presentation).map_err(Malformed::Disclosure)?;
        }
        Ok(Verified { header: self.header, content })
    }
}

/// A signature that matches, and the key that it matches.
pub struct Checked<'a> {
    /// The payload, which has been verified.
    pub payload: Verified<Vec<u8>>,
    pub(crate) key: &'a LoadedKey,
    /// The key's index in its set.
    pub(crate) index: usize,
    /// The algorithm of the signature, which is one of the key's.
    pub(crate) algorithm: Algorithm,
}

/// A token whose signature is not accepted.
pub struct Refused<'t> {
    /// The token as it was given.
    pub token: Unverified<'t>,
    /// Every fault of the header, or that the signature does not match.
    pub refusals: Vec<Refusal>,
}

impl Refused<'_> {
    /// Whether no key has the token's `kid`.
    pub(crate) fn is_for_an_unknown_kid(&self) -> bool {
        self.refusals.iter().any(|refusal| matches!(refusal, Refusal::UnknownKid { .. }))
    }
}

/// A token, and the parts of it that the check of a signature reads.
struct Signed<'a> {
    token: &'a [u8],
    message: &'a [u8],
    signature: &'a [u8],
}

impl Signed<'_> {
    /// The key that the signature matches; if there is none, how many were tried.
    fn matching<'k>(
        &self,
        alg: Algorithm,
        keys: &[(usize, &'k LoadedKey)],
        work: &mut Work,
        verdicts: &Verdicts,
    ) -> Result<(usize, &'k LoadedKey), usize> {
        // An HMAC takes about as long as the digest of the token.
        let is_asymmetric = alg.key_type() != KeyType::Hmac;
        let entry = is_asymmetric.then(|| verdicts.entry(self.token)).flatten();
        let known = entry.as_ref().and_then(Entry::key);
        if let Some(matched) = keys.iter().find(|(_, key)| known == Some(key.id)) {
            return Ok(*matched);
        }
        let mut tried = 0;
        for &(index, key) in keys {
            if tried > 0 && !work.is_left() {
                break;
            }
            work.check(key, self.message);
            if key.matches(alg, self.message, self.signature) {
                if let Some(entry) = entry {
                    entry.keep(key.id);
                }
                return Ok((index, key));
            }
            tried += 1;
        }
        Err(tried)
    }
}

/// A header whose tokens are all checked with one key, the only one that there is.
pub(crate) struct KnownHeader {
    encoded: String,
    header: Arc<Header>,
    key: Arc<LoadedKey>,
    /// The algorithm of the signatures, which is one of the key's.
    pub(crate) algorithm: Algorithm,
}

impl KnownHeader {
    /// Verifies another token, if it has this header. `None` decides nothing: [`LoadedKeys::verify`] does.
    pub(crate) fn verify(
        &self,
        token: &[u8],
        memory: &mut TokenMemory,
        verdicts: &Verdicts,
    ) -> Option<Verified> {
        let length = memory.read(&self.encoded, token)?;
        let signed = Signed { token, message: &token[..length], signature: memory.signature() };
        let (algorithm, mut work) = (self.algorithm, Work::of_a_token());
        signed.matching(algorithm, &[(0, &self.key)], &mut work, verdicts).ok()?;
        let content = memory.take_claims().ok()?;
        Some(Verified { header: Arc::clone(&self.header), content })
    }
}

/// An algorithm, and the keys that a token may be checked with.
type Fitting<'a> = (Algorithm, FittingKeys<'a>);

/// Keys, each with its index in the set. A single one needs no allocation.
pub(crate) enum FittingKeys<'a> {
    One([(usize, &'a LoadedKey); 1]),
    Several(Vec<(usize, &'a LoadedKey)>),
}

impl<'a> Deref for FittingKeys<'a> {
    type Target = [(usize, &'a LoadedKey)];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::One(one) => one,
            Self::Several(several) => several,
        }
    }
}

impl LoadedKeys {
    /// Checks a token's signature. `allowed` narrows the keys' algorithms, unless it is empty.
    ///
    /// # Errors
    /// [`Refused`], with every reason that was found.
    pub fn verify<'t>(
        &self,
        token: Unverified<'t>,
        allowed: &[Algorithm],
    ) -> Result<Checked<'_>, Refused<'t>> {
        self.verify_with(token, allowed, &Verdicts::default())
    }

    /// Checks the signature of one of many tokens, unless the same token has matched before: then it matches the same
    /// key, if the header still leads to that key. Everything but the signature is checked each time.
    ///
    /// # Errors
    /// [`Refused`], with every reason that was found.
    pub fn verify_with<'t>(
        &self,
        token: Unverified<'t>,
        allowed: &[Algorithm],
        verdicts: &Verdicts,
    ) -> Result<Checked<'_>, Refused<'t>> {
        self.verify_within(token, allowed, verdicts, &mut Work::of_a_token())
    }

    /// The same as a part of the work for one token, which may have several signatures.
    pub(crate) fn verify_within<'t>(
        &self,
        token: Unverified<'t>,
        allowed: &[Algorithm],
        verdicts: &Verdicts,
        work: &mut Work,
    ) -> Result<Checked<'_>, Refused<'t>> {
        match self.matching(&token, allowed, verdicts, work) {
            Ok((algorithm, (index, key))) => {
                let (header, content) = token.into_content();
                Ok(Checked { payload: Verified { header, content }, key, index, algorithm })
            }
            Err(refusals) => Err(Refused { token, refusals }),
        }
    }

    /// The header of a token that was verified, if there is only one key.
    pub(crate) fn known_header(
        &self,
        token: &str,
        verified: &Verified,
        algorithm: Algorithm,
    ) -> Option<KnownHeader> {
        let key = Arc::clone(self.single_shared()?);
        let (encoded, _) = token.split_once('.')?;
        let header = Arc::clone(&verified.header);
        Some(KnownHeader { encoded: encoded.to_owned(), header, key, algorithm })
    }

    fn matching(
        &self,
        token: &Unverified<'_>,
        allowed: &[Algorithm],
        verdicts: &Verdicts,
        work: &mut Work,
    ) -> Result<(Algorithm, (usize, &LoadedKey)), Vec<Refusal>> {
        let (alg, keys) = self.agreed(token.header(), token.faults(), allowed, work)?;
        let signed = Signed {
            token: token.text().as_bytes(),
            message: token.signing_input().as_bytes(),
            signature: token.signature(),
        };
        let tried = match signed.matching(alg, &keys, work, verdicts) {
            Ok(matched) => return Ok((alg, matched)),
            Err(tried) => tried,
        };
        Err(vec![self.unmatched(alg, &keys, tried, work.untried, token.signature().len())])
    }

    /// The same as [`Self::fitting_within`], unless the header has faults.
    pub(super) fn agreed<'h>(
        &self,
        header: &Header,
        faults: impl Iterator<Item = &'h HeaderFault>,
        allowed: &[Algorithm],
        work: &mut Work,
    ) -> Result<Fitting<'_>, Vec<Refusal>> {
        let mut faults = faults.cloned().map(Refusal::Header).peekable();
        match self.fitting_within(header, allowed, work) {
            Ok(_) if faults.peek().is_some() => Err(faults.collect()),
            Ok(fitting) => Ok(fitting),
            Err(refusal) => Err(std::iter::once(refusal).chain(faults).collect()),
        }
    }

    /// Why a signature of this length, which matches none of the keys that were tried, is not accepted. Besides the
    /// rest of these keys, some others were not tried.
    pub(super) fn unmatched(
        &self,
        alg: Algorithm,
        keys: &[(usize, &LoadedKey)],
        tried: usize,
        others: usize,
        length: usize,
    ) -> Refusal {
        let untried = keys.len() - tried + others;
        if untried > 0 {
            return Refusal::Untried { alg: alg.to_string(), tried, untried };
        }
        let is_set = self.single().is_none();
        let named = |(place, key): &(usize, &LoadedKey)| {
            (is_set.then(|| self.name(*place)), key.key().to_string())
        };
        Refusal::Mismatch { alg, keys: keys.iter().map(named).collect(), length }
    }

    /// The keys that a token may be checked with, and the algorithm that they, the caller and the token agree on.
    pub(crate) fn fitting(
        &self,
        header: &Header,
        allowed: &[Algorithm],
    ) -> Result<Fitting<'_>, Refusal> {
        self.fitting_within(header, allowed, &mut Work::of_a_token())
    }

    /// The same. Stops when the work is used up, and counts the remaining keys there.
    pub(super) fn fitting_within(
        &self,
        header: &Header,
        allowed: &[Algorithm],
        work: &mut Work,
    ) -> Result<Fitting<'_>, Refusal> {
        work.untried = 0;
        if let Some(key) = self.single() {
            return Ok((key.fits(header, allowed)?, FittingKeys::One([(0, key)])));
        }
        let named = named_algorithm(header)?;
        let kid = header.kid.as_deref().filter(|_| self.has_kids());
        let candidates = self.with_kid(kid).map_err(|(known, count)| {
            let kid = kid.unwrap_or_default().to_owned();
            Refusal::UnknownKid { kid, known, count }
        })?;
        let (mut fitting, mut unfit) = (Vec::new(), Vec::new());
        let count = candidates.len();
        for (looked_at, i) in candidates.into_iter().enumerate() {
            if !work.is_left() {
                work.untried = count - looked_at;
                break;
            }
            let key = self.get(i).map(|key| &**key);
            work.load(key);
            let fits = key.map_err(Clone::clone).and_then(|key| {
                key.key().permits(Purpose::Verify)?;
                let alg = key.supports_named(named).ok_or_else(|| key.wrong_type(&[]))?;
                Ok((alg, (i, key)))
            });
            match fits {
                Ok(fits) => fitting.push(fits),
                Err(why) if unfit.len() < MOST_NAMED => unfit.push((self.name(i), why)),
                Err(_) => {}
            }
        }
        let Some(alg) = fitting.first().map(|(alg, _)| *alg) else {
            let (alg, kid) = (named.to_owned(), kid.map(str::to_owned));
            return Err(match work.untried {
                0 => Refusal::NoneFits { alg, kid, keys: unfit, count },
                untried => Refusal::Untried { alg, tried: 0, untried },
            });
        };
        check_allowed(alg, allowed)?;
        let fitting: Vec<_> = fitting.into_iter().map(|(_, fitting)| fitting).collect();
        if let Some(kid) = kid.filter(|_| fitting.len() > 1) {
            if let Some(count) = self.repeated_kid(kid, &fitting) {
                return Err(Refusal::RepeatedKid { kid: kid.to_owned(), count });
            }
            // Keys that are the same: the private half of one can also sign a refreshed token.
            let first = fitting[0].1;
            if fitting[1..].iter().all(|(_, key)| key.is_same_as(first)) {
                let best = fitting.iter().position(|(_, key)| key.key().is_private()).unwrap_or(0);
                return Ok((alg, FittingKeys::One([fitting[best]])));
            }
        }
        Ok((alg, FittingKeys::Several(fitting)))
    }
}
