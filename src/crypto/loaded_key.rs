//! A key that the crypto library has accepted: what it may be used for, why it refuses a token, and how it signs.

use std::fmt::Display;
use std::num::NonZero;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::signature::VerificationAlgorithm as _;
use thiserror::Error;

use super::digest::sha256;
use super::primitives::{Primitives, Rejection, ecdsa, is_on_curve};
use super::x5c::fault::ChainFault;
use crate::claims::Claims;
use crate::json::{Object, Value, quote, shown};
use crate::keys::{
    Algorithm, JwkParams, Key, KeyError, KeyFile, KeyMaterial, KeyType, Purpose, Resized,
    SignerError, is_ed25519_point, listed, possible_points, read_keys, thumbprint_input,
};
use crate::secret::Secret;
use crate::token::{self, Codec, Header, HeaderFault, Unverified};

/// Tells a loaded key from all others of the process, even from the same key loaded again.
pub(super) type KeyId = NonZero<u64>;

fn next_id() -> KeyId {
    static LOADED: AtomicU64 = AtomicU64::new(0);
    KeyId::MIN.saturating_add(LOADED.fetch_add(1, Ordering::Relaxed))
}

/// A key that the crypto library has accepted.
pub struct LoadedKey {
    pub(super) id: KeyId,
    key: Key,
    pub(super) primitives: Primitives,
    allow_weak: bool,
    /// The algorithms that it supports: those of its type and JWK that the crypto library offers for it, without those
    /// that it is too weak for (unless weak keys are allowed).
    pub(crate) supports: Vec<Algorithm>,
}

impl LoadedKey {
    /// Loads a key into the crypto library, which checks that its numbers are valid.
    ///
    /// # Errors
    /// `Rejected`, `NotASecret` for a secret that is a public key, and `Weak` unless weak keys are allowed.
    pub fn load(key: Key, allow_weak: bool) -> Result<Self, KeyError> {
        if let Some(weakness) = key.weakness().filter(|_| !allow_weak) {
            return Err(KeyError::Weak(weakness));
        }
        match (key.key_type, &key.material) {
            (KeyType::Ed25519, KeyMaterial::Public(point)) if !is_ed25519_point(point) => {
                return Err(rejected(&key, "its point is not on the curve, or is of small order"));
            }
            (KeyType::MlDsa(set), KeyMaterial::Public(public)) => {
                if let Some(fault) = set.public_fault(public) {
                    return Err(rejected(&key, fault));
                }
            }
            (KeyType::Hmac, KeyMaterial::Private(secret)) => {
                let points = possible_points(secret.expose());
                if points.iter().any(|(curve, point)| is_on_curve(*curve, point)) {
                    return Err(KeyError::NotASecret { found: "a point of an elliptic curve" });
                }
            }
            _ => {}
        }
        let primitives = Primitives::load(&key).map_err(|error| match key.resized.first() {
            // The number lacked more than leading zeros.
            Some(Resized { name, found, curve }) => {
                KeyError::wrong_length(name, *found, curve.field_length())
            }
            None => rejected(&key, unsound(&key, error)),
        })?;
        let supports = supported(&key, &primitives, allow_weak);
        Ok(Self { id: next_id(), key, primitives, allow_weak, supports })
    }

    /// The key as it was read.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The same key with other parameters of a JWK.
    pub(crate) fn with_params(self, params: Option<JwkParams>) -> Self {
        let key = Key { params, ..self.key };
        Self { supports: supported(&key, &self.primitives, self.allow_weak), key, ..self }
    }

    /// The public key, its point uncompressed; `None` for an HMAC secret.
    pub fn public_key(&self) -> Option<&[u8]> {
        self.primitives.public_key()
    }

    /// Its thumbprint with SHA-256, in base64url (RFC 7638).
    ///
    /// # Errors
    /// Those of a key that does not decode.
    pub fn thumbprint(&self) -> Result<String, KeyError> {
        let input = thumbprint_input(&self.key, self.public_key().unwrap_or_default())?;
        Ok(sha256(input.expose()))
    }

    /// Whether it is the same key as another, or one is the public key of the other.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let is_same = match (self.public_key(), other.public_key()) {
            (None, None) => self.key.private() == other.key.private(),
            (own, others) => own == others,
        };
        self.key.key_type == other.key.key_type && is_same
    }

    /// Whether a header has a `jwk` that is not its public key. A private key there, and a secret, are other faults.
    pub(crate) fn is_another_than_jwk_of(&self, header: &Header) -> bool {
        if self.key.key_type == KeyType::Hmac || header.object.get("jwk").is_none() {
            return false;
        }
        let Some(key) = key_of_header(header) else { return true };
        !key.is_private() && !Self::load(key, true).is_ok_and(|key| key.is_same_as(self))
    }

    /// The algorithm that the key, the caller and the token agree on, for a key that is not in a set. If both have a
    /// `kid`, the `kid`s must be equal.
    pub(crate) fn fits(
        &self,
        header: &Header,
        allowed: &[Algorithm],
    ) -> Result<Algorithm, Refusal> {
        let named = named_algorithm(header)?;
        let alg = self.supports_named(named).ok_or_else(|| Refusal::NotSupported {
            alg: named.to_owned(),
            key: self.key.to_string(),
            supports: self.supports.clone(),
        })?;
        check_allowed(alg, allowed)?;
        match (header.kid.as_deref(), self.key.kid()) {
            (Some(kid), Some(own)) if kid != own => {
                let (kid, known) = (kid.to_owned(), vec![own.to_owned()]);
                Err(Refusal::UnknownKid { kid, known, count: 1 })
            }
            _ => Ok(alg),
        }
    }

    /// The algorithm of that name, if the key supports it.
    pub(super) fn supports_named(&self, name: &str) -> Option<Algorithm> {
        self.supports.iter().copied().find(|alg| alg.name() == name)
    }

    /// Whether a signature matches under an algorithm of its type, whatever its parameters.
    pub(super) fn matches(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.key.key_type == alg.key_type()
            && self.primitives.check(alg, message, signature).is_some()
    }

    /// The algorithm to sign with: the one that is wanted, or the key's default.
    pub(crate) fn signs_with(&self, wanted: Option<Algorithm>) -> Result<Algorithm, KeyError> {
        self.key.permits(Purpose::Sign)?;
        self.check_supports(wanted.as_slice())?;
        let cannot_sign = || KeyError::CannotSign { key: self.key.to_string() };
        let too_weak = || KeyError::TooWeakToSign { key: self.key.to_string() };
        if let Some(signer) = &self.key.signer {
            if self.key.weakness().is_some() {
                return Err(too_weak());
            }
            let signs_with = self.supports.iter().copied().filter(|alg| signer.signs_with(*alg));
            let signs_with: Vec<_> = signs_with.collect();
            return match wanted.or(signs_with.first().copied()) {
                Some(alg) if signs_with.contains(&alg) => Ok(alg),
                Some(alg) => {
                    let who = signer.name();
                    Err(KeyError::External(SignerError::NoSuchAlgorithm { who, alg, signs_with }))
                }
                None => Err(cannot_sign()),
            };
        }
        if !self.key.is_private() {
            return Err(cannot_sign());
        }
        if let Primitives::Pair { private: None, .. } = self.primitives {
            return Err(too_weak());
        }
        wanted.or(self.supports.first().copied()).ok_or_else(cannot_sign)
    }

    /// Signs a message. What something outside of this process signs is verified.
    pub(super) fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let Some(signer) = &self.key.signer else {
            return self.primitives.sign(alg, message).map_err(|why| rejected(&self.key, why));
        };
        let signature = signer.sign(alg, message).map_err(KeyError::External)?;
        if self.matches(alg, message, &signature) {
            Ok(signature)
        } else {
            Err(KeyError::External(SignerError::WrongSignature { who: signer.name() }))
        }
    }

    /// Checks that the key may verify with at least one of the allowed algorithms.
    pub(crate) fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        self.key.permits(Purpose::Verify)?;
        self.check_supports(allowed)
    }

    fn check_supports(&self, wanted: &[Algorithm]) -> Result<(), KeyError> {
        if wanted.is_empty() || wanted.iter().any(|alg| self.supports.contains(alg)) {
            return Ok(());
        }
        let own = self.key.algorithms();
        let mut weak = wanted.iter().filter(|alg| own.contains(alg) && !self.allow_weak);
        if let Some(weakness) = weak.find_map(|alg| self.key.weakness_for(*alg)) {
            return Err(KeyError::Weak(weakness));
        }
        Err(self.wrong_type(wanted))
    }

    /// The error for algorithms that the key does not support.
    pub(super) fn wrong_type(&self, wanted: &[Algorithm]) -> KeyError {
        let (key, supports) = (self.key.to_string(), self.supports.clone());
        KeyError::WrongKeyType { key, wanted: wanted.to_vec(), supports }
    }
}

/// The key in the `jwk` of a header, if it can be read. It is the sender's, so it verifies nothing.
pub(crate) fn key_of_header(header: &Header) -> Option<Key> {
    let jwk = header.object.get("jwk")?.text().as_bytes().to_vec();
    match read_keys(&Secret::new(jwk), None) {
        Ok(KeyFile::One(read)) => Some(read.key),
        _ => None,
    }
}

fn supported(key: &Key, primitives: &Primitives, allow_weak: bool) -> Vec<Algorithm> {
    let mut supports = key.algorithms();
    supports.retain(|alg| {
        let is_strong = allow_weak || key.weakness_for(*alg).is_none();
        is_strong && primitives.checks(*alg)
    });
    supports
}

/// The `alg` of a header, unless it is `none` in any spelling (RFC 8725 section 2.1).
pub(super) fn named_algorithm(header: &Header) -> Result<&str, Refusal> {
    let named = header.alg.as_deref().map_err(|fault| Refusal::Header(fault.clone()))?;
    if named.eq_ignore_ascii_case("none") { Err(Refusal::Unsecured) } else { Ok(named) }
}

/// Checks a caller's allow-list; an empty one allows all.
pub(super) fn check_allowed(alg: Algorithm, allowed: &[Algorithm]) -> Result<(), Refusal> {
    if allowed.is_empty() || allowed.contains(&alg) {
        return Ok(());
    }
    Err(Refusal::NotAllowed { alg, allowed: allowed.to_vec() })
}

/// Why the crypto library rejects a key, in words; its own messages are vague about private keys and EC points.
fn unsound(key: &Key, error: Rejection) -> String {
    match (&key.material, key.key_type) {
        (KeyMaterial::Private(_), KeyType::MlDsa(_)) => {
            "its seed and the keys beside it do not match each other".to_owned()
        }
        (KeyMaterial::Private(_), _) => "its numbers do not match each other".to_owned(),
        (KeyMaterial::Public(_), KeyType::Ec(_)) => "its point is not on the curve".to_owned(),
        (KeyMaterial::Public(_), _) => error.to_string(),
    }
}

pub(super) fn rejected(key: &Key, reason: impl Display) -> KeyError {
    KeyError::Rejected { key: key.to_string(), reason: reason.to_string() }
}

/// Why a token's signature is not accepted. `alg` and `kid` are the token's; long lists are cut.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the fields are the evidence that the message names
pub enum Refusal {
    /// The header is malformed, or requires something that is not supported.
    #[error(transparent)]
    Header(HeaderFault),
    /// There is no signature (RFC 8725 section 2.1).
    #[error("the token is unsecured: its \"alg\" is \"none\"")]
    Unsecured,
    #[error("the {key} does not support the token's \"alg\" {}", shown(&quote(alg)))]
    NotSupported { alg: String, key: String, supports: Vec<Algorithm> },
    #[error("the token's \"alg\" is {alg}, and only {} may be used", listed(allowed))]
    NotAllowed { alg: Algorithm, allowed: Vec<Algorithm> },
    #[error("none of {count} keys has the token's \"kid\" {}", shown(&quote(kid)))]
    UnknownKid { kid: String, known: Vec<String>, count: usize },
    /// Each key has its name and the reason: a `WrongKeyType` if it is of another type.
    #[error("none of {count} keys supports the token's \"alg\" {}", shown(&quote(alg)))]
    NoneFits { alg: String, kid: Option<String>, keys: Vec<(String, KeyError)>, count: usize },
    /// Different keys of the set have the `kid` and support the `alg`, so the set is at fault.
    #[error("{count} keys have the token's \"kid\" {}", shown(&quote(kid)))]
    RepeatedKid { kid: String, count: usize },
    #[error("the signature matches none of {tried} keys, and {untried} more were not tried")]
    Untried { alg: String, tried: usize, untried: usize },
    #[error("the payload is larger than 16 MiB, and {alg} needs all of it at once")]
    TooLong { alg: Algorithm },
    /// The certificate chain in its header is not accepted.
    #[error(transparent)]
    Chain(Box<ChainFault>),
    /// The signature has `length` bytes. Each key has its name in the set, and what it is.
    #[error("the signature does not match")]
    Mismatch { alg: Algorithm, keys: Vec<(Option<String>, String)>, length: usize },
}

impl Refusal {
    /// Whether there is a certificate chain, but it is not accepted.
    pub(crate) fn is_bad_chain(&self) -> bool {
        matches!(self, Self::Chain(fault) if !matches!(**fault, ChainFault::Missing))
    }
}

/// A message and a signature on which keys are tried, to explain a refusal. Nothing here makes a `Verified`.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl<'a> Trial<'a> {
    pub(crate) fn of(token: &'a Unverified<'_>) -> Self {
        Self { message: token.signing_input().as_bytes(), signature: token.signature() }
    }

    /// Whether a key would match.
    pub(crate) fn matches(&self, key: &LoadedKey, alg: Algorithm) -> bool {
        key.matches(alg, self.message, self.signature)
    }

    /// The same for a key that is not loaded yet.
    pub(crate) fn matches_key(&self, key: Key, alg: Algorithm) -> bool {
        LoadedKey::load(key, true).is_ok_and(|key| self.matches(&key, alg))
    }

    /// Whether an ECDSA key would match if the signature were one in DER (RFC 3279 section 2.2.3).
    pub(crate) fn matches_in_der(&self, key: &LoadedKey) -> bool {
        let KeyType::Ec(curve) = key.key().key_type else { return false };
        let algorithm = ecdsa(curve).in_der;
        let matches = |point: &[u8]| algorithm.verify_sig(point, self.message, self.signature);
        key.public_key().is_some_and(|point| matches(point).is_ok())
    }
}

/// A key that is ready to sign.
pub struct Signer<K> {
    pub(crate) key: K,
    pub(crate) alg: Algorithm,
    header: SignedHeader,
}

/// The header of tokens to sign, `alg` included, and its encoding.
#[derive(Clone)]
pub(crate) struct SignedHeader {
    pub(crate) alg: Algorithm,
    pub(crate) header: Arc<Header>,
    encoded: Arc<str>,
}

impl SignedHeader {
    /// Writes `alg` into the header: in its place if the header has one, otherwise first.
    pub(crate) fn new(alg: Algorithm, rest: &Object) -> Self {
        let mut header = rest.clone();
        header.set_first("alg", &Value::string(alg.name()));
        let encoded = token::encode_header(&header).into();
        Self { alg, header: Arc::new(Header::new(header)), encoded }
    }
}

impl<K: Deref<Target = LoadedKey>> Signer<K> {
    /// Signs tokens with this header, which gets its `alg`.
    ///
    /// # Errors
    /// Those of [`LoadedKey::signs_with`], such as `CannotSign`.
    pub fn new(key: K, alg: Algorithm, rest: &Object) -> Result<Self, KeyError> {
        Self::with_header(key, SignedHeader::new(alg, rest))
    }

    /// Signs tokens with a header that was made before.
    pub(crate) fn with_header(key: K, header: SignedHeader) -> Result<Self, KeyError> {
        let alg = key.signs_with(Some(header.alg))?;
        Ok(Self { key, alg, header })
    }

    /// The header of its tokens, encoded.
    pub(super) fn encoded_header(&self) -> &str {
        &self.header.encoded
    }

    /// The header of its tokens.
    pub(crate) fn header(&self) -> &Arc<Header> {
        &self.header.header
    }

    /// Makes a token: the compact serialization.
    ///
    /// # Errors
    /// `Rejected` if the crypto library fails, `External` if what signs outside of this process does.
    pub fn sign(&self, claims: &Claims, codec: Codec) -> Result<String, KeyError> {
        let sign = |input: &str| self.key.sign(self.alg, input.as_bytes());
        token::assemble(&self.header.encoded, claims, codec, sign)
    }
}
