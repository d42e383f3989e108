//! The two libraries under the signatures. jsonwebtoken checks those of P-256, P-384 and Ed25519. What it
//! would make anew for each token is kept as the crypto library's own: key pairs and RSA public keys, which have
//! to be parsed anyway to see whether they are sound, and the schedule of a MAC's key. ES512 and ES256K, which
//! jsonwebtoken lacks, go to the crypto library both ways. No primitive is our own.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
pub(super) use aws_lc_rs::error::KeyRejected as Rejection;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED,
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair, RsaParameters,
    VerificationAlgorithm,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey};

use crate::keys::{self, Algorithm, Curve, Key, KeyMaterial, KeyType, Weakness};
use crate::secret::Secret;

/// A key as the libraries hold it.
pub(super) enum Primitives {
    /// A secret, which makes and checks MACs.
    Mac(MacKey),
    /// A public key, and the pair that it belongs to if there is one.
    Pair(Public, Option<Private>),
}

/// What checks a signature.
pub(super) enum Public {
    Jwt(DecodingKey),
    Ecdsa(&'static EcdsaVerificationAlgorithm, Vec<u8>),
    Rsa(Box<RsaPublic>),
    /// An RSA key of fewer than 2048 bits, in PKCS#1: the library still checks PKCS#1 v1.5 with it.
    WeakRsa(Vec<u8>),
}

/// What makes one.
pub(super) enum Private {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Primitives {
    /// Hands a key over; the crypto library checks its mathematics.
    pub(super) fn load(key: &Key) -> Result<Self, KeyRejected> {
        if let Some(Weakness::Rsa { .. }) = key.weakness() {
            return weak_rsa(key).map(|public| Self::Pair(public, None));
        }
        match (&key.material, key.key_type) {
            (KeyMaterial::Private(secret), KeyType::Hmac) => {
                Ok(Self::Mac(MacKey::new(secret.clone())))
            }
            (KeyMaterial::Private(secret), kind) => {
                let (public, private) = pair(secret.expose(), kind)?;
                Ok(Self::Pair(public, Some(private)))
            }
            (KeyMaterial::Public(bytes), kind) => Ok(Self::Pair(sound(bytes, kind)?, None)),
        }
    }

    pub(super) fn can_sign(&self) -> bool {
        !matches!(self, Self::Pair(_, None))
    }

    /// Whether it checks signatures of an algorithm that its kind serves: a weak RSA key does not check
    /// all of them.
    pub(super) fn checks(&self, alg: Algorithm) -> bool {
        let is_weak = matches!(self, Self::Pair(Public::WeakRsa(_), _));
        !is_weak || weak_rsa_verification(alg).is_some()
    }

    /// The public half of a private key; `None` if there is none to take it from.
    pub(super) fn public_key(&self) -> Option<Vec<u8>> {
        let Self::Pair(public, private) = self else { return None };
        match (private, public) {
            (Some(Private::Rsa(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (Some(Private::Ecdsa(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (Some(Private::Ed25519(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (None, Public::WeakRsa(der)) => Some(der.clone()),
            _ => None,
        }
    }

    /// Whether a signature over a message matches.
    pub(super) fn matches(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Mac(key) => key
                .schedule(alg)
                .is_some_and(|schedule| hmac::verify(schedule, message, signature).is_ok()),
            Self::Pair(public, _) => public.matches(alg, message, signature),
        }
    }

    /// Makes a signature over a message; a failure is the library's words.
    pub(super) fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, String> {
        let unserved = || format!("it does not serve {alg}");
        let private = match self {
            Self::Mac(key) => {
                let schedule = key.schedule(alg).ok_or_else(unserved)?;
                return Ok(hmac::sign(schedule, message).as_ref().to_vec());
            }
            Self::Pair(_, private) => private.as_ref().ok_or_else(unserved)?,
        };
        let random = SystemRandom::new();
        match private {
            Private::Rsa(pair) => {
                let (.., padding) = rsa(alg).ok_or_else(unserved)?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).map_err(text)?;
                Ok(signature)
            }
            Private::Ecdsa(pair) => {
                pair.sign(&random, message).map(|signed| signed.as_ref().to_vec()).map_err(text)
            }
            Private::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

impl Public {
    fn matches(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Jwt(key) => jwt_algorithm(alg)
                .and_then(|alg| (DEFAULT_PROVIDER.verifier_factory)(&alg, key).ok())
                .is_some_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok()),
            Self::Ecdsa(algorithm, point) => {
                algorithm.verify_sig(point, message, signature).is_ok()
            }
            Self::Rsa(key) => key.matches(alg, message, signature),
            Self::WeakRsa(der) => weak_rsa_verification(alg)
                .is_some_and(|algorithm| algorithm.verify_sig(der, message, signature).is_ok()),
        }
    }
}

/// An HMAC secret, and its schedule for each hash that has been asked for.
pub(super) struct MacKey {
    secret: Secret,
    schedules: [OnceLock<Box<hmac::Key>>; 3],
}

impl MacKey {
    fn new(secret: Secret) -> Self {
        Self { secret, schedules: Default::default() }
    }

    fn schedule(&self, alg: Algorithm) -> Option<&hmac::Key> {
        let (place, hash) = match alg {
            Algorithm::HS256 => (0, hmac::HMAC_SHA256),
            Algorithm::HS384 => (1, hmac::HMAC_SHA384),
            Algorithm::HS512 => (2, hmac::HMAC_SHA512),
            _ => return None,
        };
        let make = || Box::new(hmac::Key::new(hash, self.secret.expose()));
        Some(self.schedules[place].get_or_init(make))
    }
}

/// An RSA public key, parsed once for each algorithm that has been asked for.
pub(super) struct RsaPublic {
    der: Vec<u8>,
    parsed: [OnceLock<Option<ParsedPublicKey>>; 6],
}

impl RsaPublic {
    fn new(der: Vec<u8>) -> Self {
        Self { der, parsed: Default::default() }
    }

    fn parsed(&self, alg: Algorithm) -> Option<&ParsedPublicKey> {
        let (place, verification, _) = rsa(alg)?;
        let parse = || ParsedPublicKey::new(verification, &self.der).ok();
        self.parsed[place].get_or_init(parse).as_ref()
    }

    fn matches(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.parsed(alg).is_some_and(|key| key.verify_sig(message, signature).is_ok())
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The algorithm as jsonwebtoken knows it; `None` for those that it does not check here.
fn jwt_algorithm(alg: Algorithm) -> Option<JwtAlgorithm> {
    match alg {
        Algorithm::ES256 => Some(JwtAlgorithm::ES256),
        Algorithm::ES384 => Some(JwtAlgorithm::ES384),
        Algorithm::EdDSA | Algorithm::Ed25519 => Some(JwtAlgorithm::EdDSA),
        _ => None,
    }
}

/// Which of its algorithms it is for an RSA key, and how that verifies and signs.
fn rsa(alg: Algorithm) -> Option<(usize, &'static RsaParameters, &'static dyn RsaEncoding)> {
    Some(match alg {
        Algorithm::RS256 => (0, &RSA_PKCS1_2048_8192_SHA256, &RSA_PKCS1_SHA256),
        Algorithm::RS384 => (1, &RSA_PKCS1_2048_8192_SHA384, &RSA_PKCS1_SHA384),
        Algorithm::RS512 => (2, &RSA_PKCS1_2048_8192_SHA512, &RSA_PKCS1_SHA512),
        Algorithm::PS256 => (3, &RSA_PSS_2048_8192_SHA256, &RSA_PSS_SHA256),
        Algorithm::PS384 => (4, &RSA_PSS_2048_8192_SHA384, &RSA_PSS_SHA384),
        Algorithm::PS512 => (5, &RSA_PSS_2048_8192_SHA512, &RSA_PSS_SHA512),
        _ => return None,
    })
}

/// An RSA key too small for the library to sign with: its public half alone.
fn weak_rsa(key: &Key) -> Result<Public, KeyRejected> {
    let public = match &key.material {
        KeyMaterial::Private(secret) => keys::rsa_public_key(secret).ok_or(Unspecified)?,
        KeyMaterial::Public(bytes) => bytes.clone(),
    };
    ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &public)?;
    Ok(Public::WeakRsa(public))
}

fn weak_rsa_verification(alg: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match alg {
        Algorithm::RS256 => Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        Algorithm::RS512 => Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

/// Both halves of a private key; the library checks that they belong together.
fn pair(bytes: &[u8], kind: KeyType) -> Result<(Public, Private), KeyRejected> {
    let (point, private) = match kind {
        KeyType::Hmac => return Err(Unspecified.into()),
        KeyType::Rsa { .. } => {
            let pair = RsaKeyPair::from_der(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Rsa(pair))
        }
        KeyType::Ec(curve) => {
            let pair = EcdsaKeyPair::from_pkcs8(signing(curve), bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ecdsa(pair))
        }
        KeyType::Ed25519 => {
            let pair = Ed25519KeyPair::from_pkcs8(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ed25519(pair))
        }
    };
    Ok((public(&point, kind).ok_or(Unspecified)?, private))
}

/// A public key, if it is one: on its curve, of a size the library takes.
fn sound(bytes: &[u8], kind: KeyType) -> Result<Public, KeyRejected> {
    let algorithm: &'static dyn VerificationAlgorithm = match kind {
        KeyType::Ec(curve) => verification(curve),
        KeyType::Ed25519 => &ED25519,
        KeyType::Rsa { .. } | KeyType::Hmac => &RSA_PKCS1_2048_8192_SHA256,
    };
    let parsed = ParsedPublicKey::new(algorithm, bytes)?;
    let public = public(bytes, kind).ok_or(Unspecified)?;
    if let Public::Rsa(key) = &public {
        let _ = key.parsed[0].set(Some(parsed));
    }
    Ok(public)
}

/// Whether bytes are a point of a curve.
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    ParsedPublicKey::new(verification(curve), point).is_ok()
}

/// A public half whose point is not compressed: keys are written so.
pub(super) fn uncompressed(bytes: &[u8], kind: KeyType) -> Vec<u8> {
    let KeyType::Ec(curve) = kind else { return bytes.to_vec() };
    let spki = || ParsedPublicKey::new(verification(curve), bytes).ok()?.as_der().ok();
    let point = spki().and_then(|spki| keys::public_bytes(spki.as_ref()));
    point.unwrap_or_else(|| bytes.to_vec())
}

fn public(bytes: &[u8], kind: KeyType) -> Option<Public> {
    Some(match kind {
        KeyType::Hmac => return None,
        KeyType::Rsa { .. } => Public::Rsa(Box::new(RsaPublic::new(bytes.to_vec()))),
        KeyType::Ec(Curve::P256 | Curve::P384) => Public::Jwt(DecodingKey::from_ec_der(bytes)),
        KeyType::Ec(curve) => Public::Ecdsa(verification(curve), bytes.to_vec()),
        KeyType::Ed25519 => Public::Jwt(DecodingKey::from_ed_der(bytes)),
    })
}

pub(super) fn signing(curve: Curve) -> &'static EcdsaSigningAlgorithm {
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
