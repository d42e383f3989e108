//! Signatures: made and checked here and nowhere else, the only maker of a [`Verified`].
//! The only user of jsonwebtoken and of the crypto library under it. The key decides the algorithm:
//! no function takes one from a token's header apart from the key that is to serve it.

mod primitives;

use crate::claims::Claims;
use crate::json::{Object, Value};
use crate::keys::{Algorithm, Key, KeyError};
use crate::token::{self, Header, HeaderFault, Malformed, Part, Unverified};
use primitives::Primitives;

/// Why a token's signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The header is unfit.
    Header(HeaderFault),
    /// `alg` is `none`: there is no signature (RFC 8725 section 2.1).
    Unsecured,
    /// `alg` is none that the key serves.
    NotServed {
        /// The token's `alg`.
        alg: String,
        /// What the key is.
        key: String,
        /// What it serves.
        serves: Vec<Algorithm>,
    },
    /// The key serves `alg`, and the caller's allow-list does not hold it.
    NotAllowed {
        /// The token's `alg`.
        alg: Algorithm,
        /// The allow-list.
        allowed: Vec<Algorithm>,
    },
    /// The signature does not match.
    Mismatch {
        /// The algorithm it was checked with.
        alg: Algorithm,
        /// What the key is.
        key: String,
        /// The signature's length in bytes.
        length: usize,
    },
}

/// A payload whose signature has been checked. Only this module can make one:
///
/// ```compile_fail,E0451
/// let forged = jwtctl::signature::VerifiedPayload {
///     header: Default::default(),
///     payload: vec![],
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
#[derive(Debug)]
pub struct VerifiedPayload {
    header: Header,
    payload: Vec<u8>,
    algorithm: Algorithm,
}

impl VerifiedPayload {
    /// The algorithm of the signature.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
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
        let claims = Claims::parse(&self.payload)
            .map_err(|error| Malformed::Json { part: Part::Payload, error })?;
        Ok(Verified { header: self.header, claims, algorithm: self.algorithm })
    }
}

/// A token whose signature has been checked. Only this module can make one:
///
/// ```compile_fail,E0451
/// let forged = jwtctl::signature::Verified {
///     header: Default::default(),
///     claims: Default::default(),
///     algorithm: jwtctl::keys::Algorithm::HS256,
/// };
/// ```
#[derive(Debug)]
pub struct Verified {
    header: Header,
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
}

impl LoadedKey {
    /// Hands a key to the crypto library, which checks its mathematics.
    ///
    /// # Errors
    /// [`KeyError::Rejected`].
    pub fn load(key: Key) -> Result<Self, KeyError> {
        match Primitives::load(&key) {
            Ok(primitives) => Ok(Self { key, primitives }),
            Err(error) => Err(rejected(&key, &error)),
        }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Checks a token's signature with this key. `allowed` narrows the key's algorithms; empty, it
    /// does not.
    ///
    /// # Errors
    /// Every [`Refusal`] that the header gives cause for, or the signature's mismatch.
    pub fn verify(
        &self,
        token: &Unverified,
        allowed: &[Algorithm],
    ) -> Result<VerifiedPayload, Vec<Refusal>> {
        let mut refusals: Vec<_> =
            token.header().faults().into_iter().map(Refusal::Header).collect();
        match self.agree(token.header(), allowed) {
            Ok(alg) if refusals.is_empty() => {
                if self.matches(alg, token) {
                    return Ok(VerifiedPayload {
                        header: token.header().clone(),
                        payload: token.payload().to_vec(),
                        algorithm: alg,
                    });
                }
                let length = token.signature().len();
                refusals.push(Refusal::Mismatch { alg, key: self.key.to_string(), length });
            }
            Ok(_) => {}
            Err(refusal) => refusals.insert(0, refusal),
        }
        Err(refusals)
    }

    /// The algorithm that key, caller and token agree on.
    ///
    /// # Errors
    /// `Header`, `Unsecured`, `NotServed` or `NotAllowed`.
    pub fn agree(&self, header: &Header, allowed: &[Algorithm]) -> Result<Algorithm, Refusal> {
        let named = header.alg().map_err(Refusal::Header)?;
        if named.eq_ignore_ascii_case("none") {
            return Err(Refusal::Unsecured);
        }
        let serves = self.key.kind.algorithms();
        let alg = named.parse().ok().filter(|alg| serves.contains(alg));
        let alg = alg.ok_or_else(|| Refusal::NotServed {
            alg: named,
            key: self.key.to_string(),
            serves: serves.to_vec(),
        })?;
        if !allowed.is_empty() && !allowed.contains(&alg) {
            return Err(Refusal::NotAllowed { alg, allowed: allowed.to_vec() });
        }
        Ok(alg)
    }

    fn matches(&self, alg: Algorithm, token: &Unverified) -> bool {
        let message = token.signing_input().as_bytes();
        self.primitives.matches(alg, message, token.signature())
    }

    /// The algorithm to sign with: the one that is wanted, else the key's own.
    ///
    /// # Errors
    /// `WrongKind` if the key does not serve it, `CannotSign` for a public key.
    pub fn signs_with(&self, wanted: Option<Algorithm>) -> Result<Algorithm, KeyError> {
        let alg = wanted.unwrap_or_else(|| self.key.default_algorithm());
        self.check_allowed(&[alg])?;
        if self.primitives.can_sign() {
            Ok(alg)
        } else {
            Err(KeyError::CannotSign { key: self.key.to_string() })
        }
    }

    /// Checks that an allow-list leaves the key something to do.
    ///
    /// # Errors
    /// `WrongKind` if it holds none of the key's algorithms; an empty list holds all.
    pub fn check_allowed(&self, allowed: &[Algorithm]) -> Result<(), KeyError> {
        let serves = self.key.kind.algorithms();
        if allowed.is_empty() || allowed.iter().any(|alg| serves.contains(alg)) {
            return Ok(());
        }
        Err(KeyError::WrongKind { key: self.key.to_string(), wanted: allowed.to_vec(), serves })
    }

    /// Signs a token; `alg` is written into the header: in its place if the header has one, else
    /// first.
    ///
    /// # Errors
    /// `WrongKind` and `CannotSign` as [`signs_with`](Self::signs_with), `Rejected` if the crypto
    /// library fails.
    pub fn sign(&self, alg: Algorithm, rest: &Object, claims: &Claims) -> Result<Signed, KeyError> {
        let alg = self.signs_with(Some(alg))?;
        let mut header = rest.clone();
        header.set_first("alg", Value::string(alg.name()));
        let token =
            token::assemble(&header, claims, |input| self.primitives.sign(alg, input.as_bytes()));
        match token {
            Ok(token) => Ok(Signed { token, header }),
            Err(reason) => Err(rejected(&self.key, &reason)),
        }
    }
}

fn rejected(key: &Key, reason: &impl std::fmt::Display) -> KeyError {
    KeyError::Rejected { key: key.to_string(), reason: reason.to_string() }
}

/// A token just signed, and the header it carries.
#[derive(Debug)]
pub struct Signed {
    /// The compact serialization.
    pub token: String,
    /// The header, `alg` included.
    pub header: Object,
}
