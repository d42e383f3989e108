//! Signatures: made and checked here and nowhere else, the only maker of a [`Verified`].
//! The only user of jsonwebtoken and of the crypto library under it. The key decides the algorithm:
//! no function takes one from a token's header apart from the key that is to serve it.
//!
//! jsonwebtoken checks signatures and makes MACs. A private key is kept as the crypto library's own
//! key pair, which has to be made anyway to see whether the key is sound: jsonwebtoken would parse
//! and check it once more at every signature. ES512 and ES256K, which jsonwebtoken lacks, go to the
//! crypto library both ways.

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED,
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
    VerificationAlgorithm,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey, EncodingKey};

use crate::claims::Claims;
use crate::json::{Object, Value};
use crate::keys::{Algorithm, Curve, Half, Key, KeyError, Kind};
use crate::token::{self, Header, HeaderFault, Malformed, Part, Unverified};

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
/// ```compile_fail
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
/// ```compile_fail
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
    public: Public,
    private: Option<Private>,
}

/// What checks a signature.
enum Public {
    Jwt(DecodingKey),
    Ecdsa(&'static EcdsaVerificationAlgorithm, Vec<u8>),
}

/// What makes one.
enum Private {
    Hmac(EncodingKey),
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl LoadedKey {
    /// Hands a key to the crypto library, which checks its mathematics.
    ///
    /// # Errors
    /// [`KeyError::Rejected`].
    pub fn load(key: Key) -> Result<Self, KeyError> {
        let halves = match &key.half {
            Half::Private(secret) => private_halves(secret.expose(), key.kind),
            Half::Public(bytes) => sound(bytes, key.kind).map(|()| (public(bytes, key.kind), None)),
        };
        match halves {
            Ok((public, private)) => Ok(Self { key, public, private }),
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
        match (&self.public, jwt_algorithm(alg)) {
            (Public::Jwt(key), Some(alg)) => (DEFAULT_PROVIDER.verifier_factory)(&alg, key)
                .is_ok_and(|verifier| {
                    verifier.verify(message, &token.signature().to_vec()).is_ok()
                }),
            (Public::Ecdsa(algorithm, point), None) => {
                algorithm.verify_sig(point, message, token.signature()).is_ok()
            }
            _ => false,
        }
    }

    /// The algorithm to sign with: the one that is wanted, else the key's own.
    ///
    /// # Errors
    /// `WrongKind` if the key does not serve it, `CannotSign` for a public key.
    pub fn signs_with(&self, wanted: Option<Algorithm>) -> Result<Algorithm, KeyError> {
        let alg = wanted.unwrap_or_else(|| self.key.default_algorithm());
        self.check_allowed(&[alg])?;
        match self.private {
            Some(_) => Ok(alg),
            None => Err(KeyError::CannotSign { key: self.key.to_string() }),
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
        let header = with_alg(rest, alg);
        let mut failure = None;
        let token = token::assemble(&header, claims, |message| {
            self.signature(alg, message.as_bytes()).unwrap_or_else(|reason| {
                failure = Some(reason);
                Vec::new()
            })
        });
        match failure {
            None => Ok(Signed { token, header }),
            Some(reason) => Err(rejected(&self.key, &reason)),
        }
    }

    fn signature(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, String> {
        let random = SystemRandom::new();
        match (&self.private, jwt_algorithm(alg)) {
            (Some(Private::Hmac(secret)), Some(alg)) => {
                let signer = (DEFAULT_PROVIDER.signer_factory)(&alg, secret).map_err(text)?;
                signer.try_sign(message).map_err(text)
            }
            (Some(Private::Rsa(pair)), _) => {
                let padding = rsa_encoding(alg).ok_or("no algorithm of an RSA key")?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).map_err(text)?;
                Ok(signature)
            }
            (Some(Private::Ecdsa(pair)), _) => {
                pair.sign(&random, message).map(|signed| signed.as_ref().to_vec()).map_err(text)
            }
            (Some(Private::Ed25519(pair)), _) => Ok(pair.sign(message).as_ref().to_vec()),
            (Some(Private::Hmac(_)) | None, _) => Err(format!("it does not serve {alg}")),
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
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

fn with_alg(rest: &Object, alg: Algorithm) -> Object {
    let name = Value::string(alg.name());
    let mut header = Object::default();
    if rest.get("alg").is_none() {
        header.set("alg", name.clone());
    }
    for member in rest.iter() {
        header.set(&member.name, member.value.clone());
    }
    header.set("alg", name);
    header
}

/// The algorithm as jsonwebtoken knows it; `None` for the two that it lacks.
fn jwt_algorithm(alg: Algorithm) -> Option<JwtAlgorithm> {
    Some(match alg {
        Algorithm::HS256 => JwtAlgorithm::HS256,
        Algorithm::HS384 => JwtAlgorithm::HS384,
        Algorithm::HS512 => JwtAlgorithm::HS512,
        Algorithm::RS256 => JwtAlgorithm::RS256,
        Algorithm::RS384 => JwtAlgorithm::RS384,
        Algorithm::RS512 => JwtAlgorithm::RS512,
        Algorithm::PS256 => JwtAlgorithm::PS256,
        Algorithm::PS384 => JwtAlgorithm::PS384,
        Algorithm::PS512 => JwtAlgorithm::PS512,
        Algorithm::ES256 => JwtAlgorithm::ES256,
        Algorithm::ES384 => JwtAlgorithm::ES384,
        Algorithm::EdDSA | Algorithm::Ed25519 => JwtAlgorithm::EdDSA,
        Algorithm::ES512 | Algorithm::ES256K => return None,
    })
}

fn rsa_encoding(alg: Algorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match alg {
        Algorithm::RS256 => &RSA_PKCS1_SHA256,
        Algorithm::RS384 => &RSA_PKCS1_SHA384,
        Algorithm::RS512 => &RSA_PKCS1_SHA512,
        Algorithm::PS256 => &RSA_PSS_SHA256,
        Algorithm::PS384 => &RSA_PSS_SHA384,
        Algorithm::PS512 => &RSA_PSS_SHA512,
        _ => return None,
    })
}

/// Both halves of a private key; the library checks that they belong together.
fn private_halves(bytes: &[u8], kind: Kind) -> Result<(Public, Option<Private>), KeyRejected> {
    let (public_bytes, private) = match kind {
        Kind::Hmac => {
            let public = Public::Jwt(DecodingKey::from_secret(bytes));
            return Ok((public, Some(Private::Hmac(EncodingKey::from_secret(bytes)))));
        }
        Kind::Rsa { .. } => {
            let pair = RsaKeyPair::from_der(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Rsa(pair))
        }
        Kind::Ec(curve) => {
            let pair = EcdsaKeyPair::from_pkcs8(signing(curve), bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ecdsa(pair))
        }
        Kind::Ed25519 => {
            let pair = Ed25519KeyPair::from_pkcs8(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ed25519(pair))
        }
    };
    Ok((public(&public_bytes, kind), Some(private)))
}

/// Whether a public key is one: on its curve, of a size the library takes.
fn sound(bytes: &[u8], kind: Kind) -> Result<(), KeyRejected> {
    let algorithm: &'static dyn VerificationAlgorithm = match kind {
        Kind::Hmac => return Ok(()),
        Kind::Rsa { .. } => &RSA_PKCS1_2048_8192_SHA256,
        Kind::Ec(curve) => verification(curve),
        Kind::Ed25519 => &ED25519,
    };
    ParsedPublicKey::new(algorithm, bytes).map(drop)
}

fn public(bytes: &[u8], kind: Kind) -> Public {
    match kind {
        Kind::Hmac => Public::Jwt(DecodingKey::from_secret(bytes)),
        Kind::Rsa { .. } => Public::Jwt(DecodingKey::from_rsa_der(bytes)),
        Kind::Ec(Curve::P256 | Curve::P384) => Public::Jwt(DecodingKey::from_ec_der(bytes)),
        Kind::Ec(curve) => Public::Ecdsa(verification(curve), bytes.to_vec()),
        Kind::Ed25519 => Public::Jwt(DecodingKey::from_ed_der(bytes)),
    }
}

fn signing(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
        Curve::Secp256k1 => &ECDSA_P256K1_SHA256_FIXED_SIGNING,
    }
}

fn verification(curve: Curve) -> &'static EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED,
        Curve::Secp256k1 => &ECDSA_P256K1_SHA256_FIXED,
    }
}
