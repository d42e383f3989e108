//! The two libraries under the signatures: jsonwebtoken checks signatures and makes MACs. A private
//! key is kept as the crypto library's own key pair, which has to be made anyway to see whether the
//! key is sound: jsonwebtoken would parse and check it once more at every signature. ES512 and
//! ES256K, which jsonwebtoken lacks, go to the crypto library both ways. No primitive is our own.

use aws_lc_rs::encoding::AsDer as _;
pub(super) use aws_lc_rs::error::KeyRejected as Rejection;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED,
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey, EncodingKey};

use crate::keys::{self, Algorithm, Curve, Half, Key, Kind, Weakness};

/// A key as the libraries hold it.
pub(super) struct Primitives {
    public: Public,
    private: Option<Private>,
}

/// What checks a signature.
enum Public {
    Jwt(DecodingKey),
    Ecdsa(&'static EcdsaVerificationAlgorithm, Vec<u8>),
    /// An RSA key of fewer than 2048 bits, in PKCS#1: the library still checks PKCS#1 v1.5 with it.
    WeakRsa(Vec<u8>),
}

/// What makes one.
enum Private {
    Hmac(EncodingKey),
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Primitives {
    /// Hands a key over; the crypto library checks its mathematics.
    pub(super) fn load(key: &Key) -> Result<Self, KeyRejected> {
        if let Some(Weakness::Rsa { .. }) = key.weakness() {
            return weak_rsa(key);
        }
        match &key.half {
            Half::Private(secret) => private_halves(secret.expose(), key.kind),
            Half::Public(bytes) => {
                sound(bytes, key.kind)?;
                Ok(Self { public: public(bytes, key.kind), private: None })
            }
        }
    }

    pub(super) fn can_sign(&self) -> bool {
        self.private.is_some()
    }

    /// Whether it checks signatures of an algorithm that its kind serves: a weak RSA key does not check
    /// all of them.
    pub(super) fn checks(&self, alg: Algorithm) -> bool {
        !matches!(self.public, Public::WeakRsa(_)) || weak_rsa_verification(alg).is_some()
    }

    /// The public half of a private key; `None` if there is none to take it from.
    pub(super) fn public_half(&self) -> Option<Vec<u8>> {
        match (&self.private, &self.public) {
            (Some(Private::Rsa(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (Some(Private::Ecdsa(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (Some(Private::Ed25519(pair)), _) => Some(pair.public_key().as_ref().to_vec()),
            (None, Public::WeakRsa(der)) => Some(der.clone()),
            _ => None,
        }
    }

    /// Whether a signature over a message matches.
    pub(super) fn matches(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.public, jwt_algorithm(alg)) {
            (Public::Jwt(key), Some(alg)) => (DEFAULT_PROVIDER.verifier_factory)(&alg, key)
                .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok()),
            (Public::Ecdsa(algorithm, point), None) => {
                algorithm.verify_sig(point, message, signature).is_ok()
            }
            (Public::WeakRsa(der), _) => weak_rsa_verification(alg)
                .is_some_and(|algorithm| algorithm.verify_sig(der, message, signature).is_ok()),
            _ => false,
        }
    }

    /// Makes a signature over a message; a failure is the library's words.
    pub(super) fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, String> {
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

/// An RSA key too small for the library to sign with: its public half alone.
fn weak_rsa(key: &Key) -> Result<Primitives, KeyRejected> {
    let public = match &key.half {
        Half::Private(secret) => keys::rsa_public_half(secret).ok_or(Unspecified)?,
        Half::Public(bytes) => bytes.clone(),
    };
    ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &public)?;
    Ok(Primitives { public: Public::WeakRsa(public), private: None })
}

fn weak_rsa_verification(alg: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    match alg {
        Algorithm::RS256 => Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        Algorithm::RS512 => Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

/// Both halves of a private key; the library checks that they belong together.
fn private_halves(bytes: &[u8], kind: Kind) -> Result<Primitives, KeyRejected> {
    let (public_bytes, private) = match kind {
        Kind::Hmac => {
            let public = Public::Jwt(DecodingKey::from_secret(bytes));
            let private = Some(Private::Hmac(EncodingKey::from_secret(bytes)));
            return Ok(Primitives { public, private });
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
    Ok(Primitives { public: public(&public_bytes, kind), private: Some(private) })
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

/// A public half whose point is not compressed: keys are written so.
pub(super) fn uncompressed(bytes: &[u8], kind: Kind) -> Vec<u8> {
    let Kind::Ec(curve) = kind else { return bytes.to_vec() };
    let spki = || ParsedPublicKey::new(verification(curve), bytes).ok()?.as_der().ok();
    let point = spki().and_then(|spki| keys::public_bytes(spki.as_ref()));
    point.unwrap_or_else(|| bytes.to_vec())
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
