//! Signatures: made and checked here and nowhere else, the only maker of a [`Verified`].
//! The only user of jsonwebtoken and of the crypto library under it. The key decides the algorithm:
//! no function takes one from a token's header apart from the key that is to serve it.

mod distinct;
mod generate;
mod loaded_keys;
mod primitives;
mod seal;
mod trial;
mod work;

use std::sync::Arc;

use crate::claims::Claims;
use crate::json::{Object, Value};
use crate::keys::{Algorithm, Halves, JwkParams, Key, KeyError, KeyMaterial, KeyType, Purpose};
use crate::token::{self, Header, HeaderFault, Malformed, Part, Unverified};
use primitives::Primitives;

pub use distinct::without_repeats;
pub use generate::{LONGEST_SECRET, RSA_SIZES, SecretForm, new_key, sha256};
pub use loaded_keys::{Checked, LoadedKeys, Misfit, Refused, WhyNot};
pub use seal::Seal;
pub use trial::Trial;

/// Why a token's signature is not accepted.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The header is unfit.
    Header(HeaderFault),
    /// `alg` is `none`: there is no signature (RFC 8725 section 2.1).
    Unsecured,
    /// `alg` is none that the key serves.
    NotSupported {
        /// The token's `alg`.
        alg: String,
        /// What the key is.
        key: String,
        /// What it serves.
        supports: Vec<Algorithm>,
    },
    /// The key serves `alg`, and the caller's allow-list does not hold it.
    NotAllowed {
        /// The token's `alg`.
        alg: Algorithm,
        /// The allow-list.
        allowed: Vec<Algorithm>,
    },
    /// `kid` names none of the keys.
    UnknownKid {
        /// The token's `kid`.
        kid: String,
        /// The ones there are, the first of them.
        known: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// No key of the set serves the token, or none of those that have its `kid`.
    NoneFits {
        /// The token's `alg`.
        alg: String,
        /// The token's `kid`.
        kid: Option<String>,
        /// Why the first keys do not.
        keys: Vec<Misfit>,
        /// How many do not.
        count: usize,
    },
    /// Several keys of the set have the token's `kid` and serve its `alg`: the caller's set is at fault.
    RepeatedKid {
        /// The `kid`.
        kid: String,
        /// How many.
        count: usize,
    },
    /// It may be any of more keys than are tried for one token, and none of the first matches.
    Untried {
        /// The token's `alg`.
        alg: String,
        /// How many keys were tried.
        tried: usize,
        /// How many were not.
        untried: usize,
    },
    /// The signature does not match.
    Mismatch {
        /// The algorithm it was checked with.
        alg: Algorithm,
        /// The keys that it was checked with: the name of each in a set, and what it is.
        keys: Vec<(Option<String>, String)>,
        /// The signature's length in bytes.
        length: usize,
    },
}

impl Refusal {
    /// Whether the keys may be at fault: newer ones of the same source may match.
    #[must_use]
    pub fn may_be_of_old_keys(&self) -> bool {
        matches!(self, Self::Mismatch { .. } | Self::NoneFits { .. })
    }
}

/// A payload whose signature has been checked. Only this module can make one:
///
/// ```compile_fail,E0451
/// let forged = jwtctl::crypto::VerifiedPayload {
///     header: todo!(),
///     payload: vec![],
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
#[derive(Debug)]
pub struct VerifiedPayload {
    header: Arc<Header>,
    payload: Vec<u8>,
    algorithm: Algorithm,
}

impl VerifiedPayload {
    /// For the one place that has just seen the signature match.
    fn of(token: Unverified<'_>, algorithm: Algorithm) -> Self {
        let (header, payload) = token.into_content();
        Self { header, payload, algorithm }
    }

    /// The algorithm of the signature.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, byte for byte.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.payload
    }

    /// The payload as a claims set (RFC 7519 section 7.2).
    ///
    /// # Errors
    /// [`Malformed::Json`] if it is no JSON object.
    pub fn into_jwt(self) -> Result<Verified, Malformed> {
        let claims = Claims::of_bytes(self.payload)
            .map_err(|error| Malformed::Json { part: Part::Payload, error })?;
        Ok(Verified { header: self.header, claims, algorithm: self.algorithm })
    }
}

/// A token whose signature has been checked. Only this module can make one:
///
/// ```compile_fail,E0451
/// let forged = jwtctl::crypto::Verified {
///     header: todo!(),
///     claims: Default::default(),
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
#[derive(Debug)]
pub struct Verified {
    header: Arc<Header>,
    claims: Claims,
    algorithm: Algorithm,
}

impl Verified {
    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Header and claims, for showing.
    #[must_use]
    pub fn into_content(self) -> (Arc<Header>, Claims) {
        (self.header, self.claims)
    }

    /// The algorithm of its signature, which is one of the key's.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// A key the crypto library has accepted, ready for use.
pub struct LoadedKey {
    key: Key,
    primitives: Primitives,
    allow_weak: bool,
    supports: Vec<Algorithm>,
}

impl LoadedKey {
    /// Hands a key to the crypto library, which checks its mathematics.
    ///
    /// # Errors
    /// `Rejected`, `NotASecret` for a secret that is a public key, and `Weak` unless weak keys are allowed.
    pub fn load(key: Key, allow_weak: bool) -> Result<Self, KeyError> {
        if let Some(weakness) = key.weakness().filter(|_| !allow_weak) {
            return Err(KeyError::Weak(weakness));
        }
        if let (KeyType::Ed25519, KeyMaterial::Public(point)) = (key.key_type, &key.material)
            && !crate::keys::is_ed25519_point(point)
        {
            return Err(rejected(&key, &"its point is not on the curve, or of small order"));
        }
        if let (KeyType::Hmac, KeyMaterial::Private(secret)) = (key.key_type, &key.material) {
            let points = crate::keys::possible_points(secret.expose());
            if points.iter().any(|(curve, point)| primitives::is_on_curve(*curve, point)) {
                return Err(KeyError::NotASecret { found: "a point of an elliptic curve" });
            }
        }
        match Primitives::load(&key) {
            Ok(primitives) => {
                let supports = supports(&key, &primitives, allow_weak);
                Ok(Self { key, primitives, allow_weak, supports })
            }
            Err(error) => Err(match key.resized.first() {
                Some(resized) => resized.refused(),
                None => rejected(&key, &unsound(&key, error)),
            }),
        }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The same key under other params.
    #[must_use]
    pub fn with_params(self, params: Option<JwkParams>) -> Self {
        let key = Key { params, ..self.key };
        Self { supports: supports(&key, &self.primitives, self.allow_weak), key, ..self }
    }

    /// The algorithms it serves: those of its own that it is not too weak for, unless that is allowed, and
    /// that the crypto library does with it.
    #[must_use]
    pub fn supports(&self) -> &[Algorithm] {
        &self.supports
    }

    /// The public half, its point uncompressed; `None` for an HMAC secret, which has none.
    #[must_use]
    pub fn public_key(&self) -> Option<Vec<u8>> {
        match &self.key.material {
            KeyMaterial::Private(_) => self.primitives.public_key(),
            KeyMaterial::Public(bytes) => Some(primitives::uncompressed(bytes, self.key.key_type)),
        }
    }

    /// Whether it is the same key as another, or the other half of it.
    fn is_same_as(&self, other: &Self) -> bool {
        let is_equal = match (&self.key.material, &other.key.material) {
            (KeyMaterial::Public(own), KeyMaterial::Public(others)) => own == others,
            (KeyMaterial::Private(own), KeyMaterial::Private(others)) => own == others,
            _ => false,
        };
        let have_one_public_half =
            || self.public_key().is_some_and(|own| other.public_key() == Some(own));
        self.key.key_type == other.key.key_type && (is_equal || have_one_public_half())
    }

    /// The halves that are to be written, of which `public` is the one that [`public_key`] gave.
    ///
    /// [`public_key`]: Self::public_key
    #[must_use]
    pub fn halves<'a>(&'a self, public: &'a [u8]) -> Halves<'a> {
        let private = match &self.key.material {
            KeyMaterial::Private(secret) => Some(secret),
            KeyMaterial::Public(_) => None,
        };
        Halves { key_type: self.key.key_type, public, private }
    }

    /// The algorithm that key, caller and token agree on.
    ///
    /// # Errors
    /// `Header`, `Unsecured`, `NotSupported` or `NotAllowed`.
    fn agree(&self, header: &Header, allowed: &[Algorithm]) -> Result<Algorithm, Refusal> {
        let named = named_algorithm(header)?;
        let alg = self.supports_named(header).ok_or_else(|| Refusal::NotSupported {
            alg: named.to_owned(),
            key: self.key.to_string(),
            supports: self.supports.clone(),
        })?;
        if !allowed.is_empty() && !allowed.contains(&alg) {
            return Err(Refusal::NotAllowed { alg, allowed: allowed.to_vec() });
        }
        Ok(alg)
    }

    /// The algorithm that a header names, if the key serves it.
    fn supports_named(&self, header: &Header) -> Option<Algorithm> {
        let alg = header.alg().ok()?.parse().ok()?;
        self.supports.contains(&alg).then_some(alg)
    }

    /// The same of a key that is alone, whose `kid` is the only one there is.
    ///
    /// # Errors
    /// Those of `agree`, and `UnknownKid`.
    fn fits(&self, header: &Header, allowed: &[Algorithm]) -> Result<Algorithm, Refusal> {
        let alg = self.agree(header, allowed)?;
        match (header.kid(), self.key.kid()) {
            (Some(kid), Some(own)) if kid != own => {
                let (kid, known) = (kid.to_owned(), vec![own.to_owned()]);
                Err(Refusal::UnknownKid { kid, known, count: 1 })
            }
            _ => Ok(alg),
        }
    }

    fn matches(&self, alg: Algorithm, token: &Unverified<'_>) -> bool {
        let message = token.signing_input().as_bytes();
        self.primitives.matches(alg, message, token.signature())
    }

    /// The algorithm to sign with: the one that is wanted, else the key's own.
    ///
    /// # Errors
    /// `WrongKeyType` if the key does not serve it, `CannotSign` for a public key, `TooWeakFor` for an RSA
    /// key that the crypto library is too careful to sign with, and what its JWK forbids.
    pub fn signs_with(&self, wanted: Option<Algorithm>) -> Result<Algorithm, KeyError> {
        self.key.permits(Purpose::Sign)?;
        self.check_allowed(wanted.as_slice())?;
        let key = || self.key.to_string();
        if !self.key.is_private() {
            return Err(KeyError::CannotSign { key: key() });
        }
        if !self.primitives.can_sign() {
            return Err(KeyError::TooWeakFor { key: key(), task: "sign" });
        }
        let own = self.supports.first().copied();
        wanted.or(own).ok_or_else(|| KeyError::CannotSign { key: key() })
    }

    /// Checks that its JWK and an allow-list leave the key something to verify.
    ///
    /// # Errors
    /// `WrongKeyType` if the list holds none of the key's algorithms; an empty list holds all. And what
    /// its JWK forbids.
    pub fn check_verifies(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        self.key.permits(Purpose::Verify)?;
        self.check_allowed(allowed)
    }

    fn check_allowed(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        let supports = &self.supports;
        if allowed.is_empty() || allowed.iter().any(|alg| supports.contains(alg)) {
            return Ok(());
        }
        let own = self.key.algorithms();
        let mut weak = allowed.iter().filter(|alg| own.contains(alg) && !self.allow_weak);
        if let Some(weakness) = weak.find_map(|alg| self.key.weakness_for(*alg)) {
            return Err(KeyError::Weak(weakness));
        }
        let (key, wanted, supports) = (self.key.to_string(), allowed.to_vec(), supports.clone());
        Err(KeyError::WrongKeyType { key, wanted, supports })
    }

    /// Makes ready to sign; `alg` is written into the header: in its place if the header has one, else
    /// first.
    ///
    /// # Errors
    /// `WrongKeyType` and `CannotSign` as [`signs_with`](Self::signs_with).
    pub fn signer(&self, alg: Algorithm, rest: &Object) -> Result<Signer<'_>, KeyError> {
        let alg = self.signs_with(Some(alg))?;
        let mut header = rest.clone();
        header.set_first("alg", &Value::string(alg.name()));
        let encoded = token::encode_header(&header);
        Ok(Signer { key: self, alg, header: Arc::new(Header::new(header)), encoded })
    }
}

/// A key about to sign, and the header of the tokens that it makes.
pub struct Signer<'k> {
    key: &'k LoadedKey,
    alg: Algorithm,
    header: Arc<Header>,
    encoded: String,
}

impl<'k> Signer<'k> {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &'k LoadedKey {
        self.key
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.alg
    }

    /// The header, `alg` included.
    #[must_use]
    pub fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// Makes a token: the compact serialization.
    ///
    /// # Errors
    /// `Rejected` if the crypto library fails.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let primitives = &self.key.primitives;
        let sign = |input: &str| primitives.sign(self.alg, input.as_bytes());
        token::assemble(&self.encoded, claims, sign).map_err(|why| rejected(&self.key.key, &why))
    }
}

fn supports(key: &Key, primitives: &Primitives, allow_weak: bool) -> Vec<Algorithm> {
    let mut supports = key.algorithms();
    supports.retain(|alg| {
        let is_strong = allow_weak || key.weakness_for(*alg).is_none();
        is_strong && primitives.checks(*alg)
    });
    supports
}

/// The `alg` of a header, unless it is `none` in any spelling (RFC 8725 section 2.1).
fn named_algorithm(header: &Header) -> Result<&str, Refusal> {
    let named = header.alg().map_err(|fault| Refusal::Header(fault.clone()))?;
    if named.eq_ignore_ascii_case("none") { Err(Refusal::Unsecured) } else { Ok(named) }
}

/// What the crypto library means by a rejection, whose own words say little of a private key's numbers
/// and of a point.
fn unsound(key: &Key, error: primitives::Rejection) -> String {
    match (&key.material, key.key_type) {
        (KeyMaterial::Private(_), _) => "its numbers do not belong together".to_owned(),
        (KeyMaterial::Public(_), KeyType::Ec(_)) => "its point is not on the curve".to_owned(),
        (KeyMaterial::Public(_), _) => error.to_string(),
    }
}

fn rejected(key: &Key, reason: &impl std::fmt::Display) -> KeyError {
    KeyError::Rejected { key: key.to_string(), reason: reason.to_string() }
}
