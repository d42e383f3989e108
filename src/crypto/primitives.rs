//! Signatures by two libraries. jsonwebtoken checks ES256, ES384 and EdDSA. aws-lc-rs does the rest: ES512, ES256K
//! and ML-DSA, which jsonwebtoken lacks, and everything whose key jsonwebtoken would parse again for each token (HMAC secrets,
//! RSA public keys, key pairs). No primitive is implemented here; `mac` composes HMAC of digests.

use std::sync::OnceLock;

use aws_lc_rs::agreement::{PrivateKey, X25519};
use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as aws, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, ParsedPublicKey,
    PqdsaKeyPair, RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey};

use super::mac::Mac;
use crate::keys::{
    Algorithm, Curve, Key, KeyMaterial, KeyType, ParameterSet, Weakness, okp_seed, public_beside,
    public_bytes, rsa_public_key,
};
use crate::secret::Secret;

pub(super) use aws_lc_rs::error::KeyRejected as Rejection;

/// A key as objects of the two libraries.
pub(super) enum Primitives {
    /// A secret, and its HMAC for each hash that has been asked for.
    Mac(Secret, [OnceLock<Box<Mac>>; 3]),
    /// A public key, its point uncompressed, and the private key that belongs to it if there is one.
    Pair { public: Vec<u8>, verifier: Verifier, private: Option<Private>, is_weak: bool },
    /// A public key for key agreement, with which nothing is signed.
    Agreement(Vec<u8>),
}

pub(super) enum Verifier {
    Jwt(DecodingKey),
    /// The public key, parsed once for each algorithm that has been asked for.
    Aws(Box<[OnceLock<Option<ParsedPublicKey>>; 6]>),
}

pub(super) enum Private {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

impl Primitives {
    /// Loads a key; the crypto library checks that its numbers are valid.
    pub(super) fn load(key: &Key) -> Result<Self, Rejection> {
        let is_weak = matches!(key.weakness(), Some(Weakness::Rsa(_)));
        if key.key_type == KeyType::X25519 {
            return x25519_public(key).map(Self::Agreement);
        }
        let (mut public, private) = match &key.material {
            KeyMaterial::Public(bytes) => (bytes.clone(), None),
            KeyMaterial::Private(secret) if key.key_type == KeyType::Hmac => {
                return Ok(Self::Mac(secret.clone(), Default::default()));
            }
            // The library does not sign with a weak RSA key.
            KeyMaterial::Private(secret) if is_weak => {
                (rsa_public_key(secret).ok_or(Unspecified)?, None)
            }
            KeyMaterial::Private(secret) => {
                let (public, private) = pair(secret, key.key_type)?;
                (public, Some(private))
            }
        };
        let parsed: Box<[OnceLock<_>; 6]> = Box::default();
        if private.is_none() {
            let default = key.key_type.algorithms().next();
            let known = default.and_then(|alg| verification(alg, is_weak));
            let (index, algorithm) = known.ok_or(Unspecified)?;
            let sound = ParsedPublicKey::new(algorithm, &public)?;
            if matches!(key.key_type, KeyType::Ec(_)) {
                public = public_bytes(sound.as_der()?.as_ref()).ok_or(Unspecified)?;
            }
            let _ = parsed[index].set(Some(sound));
        }
        let verifier = match key.key_type {
            KeyType::Hmac | KeyType::X25519 => return Err(Unspecified.into()),
            KeyType::Ec(Curve::P256 | Curve::P384) => {
                Verifier::Jwt(DecodingKey::from_ec_der(&public))
            }
            KeyType::Ed25519 => Verifier::Jwt(DecodingKey::from_ed_der(&public)),
            KeyType::Rsa | KeyType::Ec(_) | KeyType::MlDsa(_) => Verifier::Aws(parsed),
        };
        Ok(Self::Pair { public, verifier, private, is_weak })
    }

    /// Whether it checks signatures of an algorithm that its type supports: weak RSA keys do not check all of them.
    pub(super) fn checks(&self, alg: Algorithm) -> bool {
        match self {
            Self::Mac(..) => true,
            Self::Agreement(_) => false,
            Self::Pair { is_weak, .. } => verification(alg, *is_weak).is_some(),
        }
    }

    /// The public key, its point uncompressed; `None` for a secret.
    pub(super) fn public_key(&self) -> Option<&[u8]> {
        match self {
            Self::Mac(..) => None,
            Self::Pair { public, .. } | Self::Agreement(public) => Some(public),
        }
    }

    /// Checks a signature over a message under an algorithm of the key's type: `Some` if it matches.
    pub(super) fn check(&self, alg: Algorithm, message: &[u8], signature: &[u8]) -> Option<()> {
        match self {
            Self::Mac(..) => self.mac(alg)?.verify(message, signature).then_some(()),
            Self::Agreement(_) => None,
            Self::Pair { verifier: Verifier::Jwt(key), .. } => {
                let verifier = (DEFAULT_PROVIDER.verifier_factory)(&jwt(alg)?, key).ok()?;
                verifier.verify(message, &signature.to_vec()).ok()
            }
            Self::Pair { verifier: Verifier::Aws(parsed), public, is_weak, .. } => {
                let (index, algorithm) = verification(alg, *is_weak)?;
                let parse = || ParsedPublicKey::new(algorithm, public).ok();
                let key = parsed[index].get_or_init(parse).as_ref()?;
                key.verify_sig(message, signature).ok()
            }
        }
    }

    pub(super) fn mac(&self, alg: Algorithm) -> Option<&Mac> {
        let (Self::Mac(secret, macs), (index, hash)) = (self, mac(alg)?) else { return None };
        Some(macs[index].get_or_init(|| Box::new(Mac::new(hash, secret.expose()))))
    }

    /// Checks an RSA or ECDSA signature over the message of a digest: `Some` if it matches.
    pub(super) fn check_digest(
        &self,
        alg: Algorithm,
        digest: &Digest,
        signature: &[u8],
    ) -> Option<()> {
        let Self::Pair { public, is_weak, .. } = self else { return None };
        let key = ParsedPublicKey::new(verification(alg, *is_weak)?.1, public).ok()?;
        key.verify_digest_sig(digest, signature).ok()
    }

    /// Signs the message of a digest with RSA or ECDSA. An error is the library's message.
    pub(super) fn sign_digest(&self, alg: Algorithm, digest: &Digest) -> Result<Vec<u8>, String> {
        let signed = match self {
            Self::Pair { private: Some(Private::Rsa(pair)), .. } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = rsa(alg)
                    .ok_or(Unspecified)
                    .and_then(|(.., padding)| pair.sign_digest(padding, digest, &mut signature));
                signed.map(|()| signature)
            }
            Self::Pair { private: Some(Private::Ecdsa(pair)), .. } => {
                pair.sign_digest(digest).map(|signed| signed.as_ref().to_vec())
            }
            _ => Err(Unspecified),
        };
        signed.map_err(|error| error.to_string())
    }

    /// Signs a message. An error is the library's message.
    pub(super) fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, String> {
        let unsupported = || format!("it does not support {alg}");
        let private = match self {
            Self::Mac(..) => {
                let mac = self.mac(alg).ok_or_else(unsupported)?;
                return Ok(mac.sign(message).as_ref().to_vec());
            }
            Self::Pair { private, .. } => private.as_ref().ok_or_else(unsupported)?,
            Self::Agreement(_) => return Err(unsupported()),
        };
        let random = SystemRandom::new();
        let signed = match private {
            Private::Rsa(pair) => {
                let (.., padding) = rsa(alg).ok_or_else(unsupported)?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).map(|()| signature)
            }
            Private::Ecdsa(pair) => {
                pair.sign(&random, message).map(|signed| signed.as_ref().to_vec())
            }
            Private::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Private::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(message, &mut signature).map(|_| signature)
            }
        };
        signed.map_err(|error| error.to_string())
    }
}

/// A private key and its public key; the library checks that they belong together.
fn pair(secret: &Secret, key_type: KeyType) -> Result<(Vec<u8>, Private), Rejection> {
    let bytes = secret.expose();
    Ok(match key_type {
        KeyType::Hmac | KeyType::X25519 => return Err(Unspecified.into()),
        KeyType::Rsa => {
            let pair = RsaKeyPair::from_der(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Rsa(pair))
        }
        KeyType::Ec(curve) => {
            let pair = EcdsaKeyPair::from_pkcs8(ecdsa(curve).signing, bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ecdsa(pair))
        }
        KeyType::Ed25519 => {
            let pair = Ed25519KeyPair::from_pkcs8(bytes)?;
            (pair.public_key().as_ref().to_vec(), Private::Ed25519(pair))
        }
        KeyType::MlDsa(set) => {
            let pair = PqdsaKeyPair::from_pkcs8(ml_dsa(set).signing, bytes)?;
            let public = pair.public_key().as_ref().to_vec();
            // The library does not look at a public key beside the private one.
            if public_beside(secret).is_some_and(|beside| beside != public) {
                return Err(Unspecified.into());
            }
            (public, Private::MlDsa(pair))
        }
    })
}

/// The public key of an X25519 key. If it is written beside a private one, they must belong together.
fn x25519_public(key: &Key) -> Result<Vec<u8>, Rejection> {
    let secret = match &key.material {
        KeyMaterial::Public(public) if public.len() == 32 => return Ok(public.clone()),
        KeyMaterial::Public(_) => return Err(Unspecified.into()),
        KeyMaterial::Private(secret) => secret,
    };
    let number = okp_seed(secret).map_err(|_| Unspecified)?;
    let private = PrivateKey::from_private_key(&X25519, number.expose())?;
    let public = private.compute_public_key()?.as_ref().to_vec();
    match public_beside(secret) {
        Some(other) if other != public => Err(Unspecified.into()),
        _ => Ok(public),
    }
}

/// Whether bytes are a point of a curve.
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    ParsedPublicKey::new(&**ecdsa(curve).signing, point).is_ok()
}

/// ECDSA on a curve: how to sign and verify, how to verify a signature in DER (RFC 3279 section 2.2.3), and how long a
/// verification takes in nanoseconds.
pub(super) struct Ecdsa {
    pub signing: &'static aws::EcdsaSigningAlgorithm,
    pub in_der: &'static aws::EcdsaVerificationAlgorithm,
    pub cost: u64,
}

pub(super) fn ecdsa(curve: Curve) -> Ecdsa {
    let (signing, in_der, cost) = match curve {
        Curve::P256 => {
            (&aws::ECDSA_P256_SHA256_FIXED_SIGNING, &aws::ECDSA_P256_SHA256_ASN1, 50_000)
        }
        Curve::P384 => {
            (&aws::ECDSA_P384_SHA384_FIXED_SIGNING, &aws::ECDSA_P384_SHA384_ASN1, 150_000)
        }
        Curve::P521 => {
            (&aws::ECDSA_P521_SHA512_FIXED_SIGNING, &aws::ECDSA_P521_SHA512_ASN1, 250_000)
        }
        Curve::Secp256k1 => {
            (&aws::ECDSA_P256K1_SHA256_FIXED_SIGNING, &aws::ECDSA_P256K1_SHA256_ASN1, 250_000)
        }
    };
    Ecdsa { signing, in_der, cost }
}

/// ML-DSA with a parameter set and an empty context string (RFC 9964 section 2): how to sign and verify, and how long a
/// verification takes in nanoseconds.
pub(super) struct MlDsa {
    pub signing: &'static aws::PqdsaSigningAlgorithm,
    pub verifying: &'static aws::PqdsaVerificationAlgorithm,
    pub cost: u64,
}

pub(super) fn ml_dsa(set: ParameterSet) -> MlDsa {
    let (signing, verifying, cost) = match set {
        ParameterSet::MlDsa44 => (&aws::ML_DSA_44_SIGNING, &aws::ML_DSA_44, 100_000),
        ParameterSet::MlDsa65 => (&aws::ML_DSA_65_SIGNING, &aws::ML_DSA_65, 150_000),
        ParameterSet::MlDsa87 => (&aws::ML_DSA_87_SIGNING, &aws::ML_DSA_87, 250_000),
    };
    MlDsa { signing, verifying, cost }
}

/// RSA: the place of an algorithm among those of its type of key, how public keys verify, and how private ones sign.
fn rsa(
    alg: Algorithm,
) -> Option<(usize, &'static dyn VerificationAlgorithm, &'static dyn RsaEncoding)> {
    Some(match alg {
        Algorithm::RS256 => (0, &aws::RSA_PKCS1_2048_8192_SHA256, &aws::RSA_PKCS1_SHA256),
        Algorithm::RS384 => (1, &aws::RSA_PKCS1_2048_8192_SHA384, &aws::RSA_PKCS1_SHA384),
        Algorithm::RS512 => (2, &aws::RSA_PKCS1_2048_8192_SHA512, &aws::RSA_PKCS1_SHA512),
        Algorithm::PS256 => (3, &aws::RSA_PSS_2048_8192_SHA256, &aws::RSA_PSS_SHA256),
        Algorithm::PS384 => (4, &aws::RSA_PSS_2048_8192_SHA384, &aws::RSA_PSS_SHA384),
        Algorithm::PS512 => (5, &aws::RSA_PSS_2048_8192_SHA512, &aws::RSA_PSS_SHA512),
        _ => return None,
    })
}

/// How public keys verify, and the index of the algorithm among those of its key type. With a weak RSA key (under 2048
/// bits), the library only checks PKCS#1 v1.5.
fn verification(
    alg: Algorithm,
    is_weak: bool,
) -> Option<(usize, &'static dyn VerificationAlgorithm)> {
    Some(match (alg.key_type(), alg) {
        (KeyType::Ec(curve), _) => (0, &**ecdsa(curve).signing),
        (KeyType::Ed25519, _) => (0, &ED25519),
        (KeyType::MlDsa(set), _) => (0, ml_dsa(set).verifying),
        (KeyType::Rsa, _) if !is_weak => {
            rsa(alg).map(|(index, verifying, _)| (index, verifying))?
        }
        (_, Algorithm::RS256) => (0, &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (_, Algorithm::RS512) => (2, &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => return None,
    })
}

/// The hash of an algorithm whose signatures can be made from the digest of a message.
pub(super) fn hash(alg: Algorithm) -> &'static digest::Algorithm {
    match alg.hash_length() {
        32 => &digest::SHA256,
        48 => &digest::SHA384,
        _ => &digest::SHA512,
    }
}

/// The hash of an HMAC algorithm, and the index of the algorithm.
pub(super) fn mac(alg: Algorithm) -> Option<(usize, &'static digest::Algorithm)> {
    match alg {
        Algorithm::HS256 => Some((0, &digest::SHA256)),
        Algorithm::HS384 => Some((1, &digest::SHA384)),
        Algorithm::HS512 => Some((2, &digest::SHA512)),
        _ => None,
    }
}

/// The algorithms that jsonwebtoken checks here.
pub(super) fn jwt(alg: Algorithm) -> Option<JwtAlgorithm> {
    match alg {
        Algorithm::ES256 => Some(JwtAlgorithm::ES256),
        Algorithm::ES384 => Some(JwtAlgorithm::ES384),
        Algorithm::EdDSA | Algorithm::Ed25519 => Some(JwtAlgorithm::EdDSA),
        _ => None,
    }
}
