//! What the two libraries call each algorithm and curve: the tables to extend for a new one.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self as aws, RsaEncoding, VerificationAlgorithm};
use jsonwebtoken::Algorithm as JwtAlgorithm;

use crate::keys::{Algorithm, Curve};

/// ECDSA on a curve: how to sign, how to verify, how to verify a signature in DER (RFC 3279 section 2.2.3), and how
/// long a verification takes in nanoseconds.
pub(super) struct Ecdsa {
    pub signing: &'static aws::EcdsaSigningAlgorithm,
    pub verification: &'static aws::EcdsaVerificationAlgorithm,
    pub in_der: &'static aws::EcdsaVerificationAlgorithm,
    pub cost: u64,
}

pub(super) fn ecdsa(curve: Curve) -> Ecdsa {
    match curve {
        Curve::P256 => Ecdsa {
            signing: &aws::ECDSA_P256_SHA256_FIXED_SIGNING,
            verification: &aws::ECDSA_P256_SHA256_FIXED,
            in_der: &aws::ECDSA_P256_SHA256_ASN1,
            cost: 50_000,
        },
        Curve::P384 => Ecdsa {
            signing: &aws::ECDSA_P384_SHA384_FIXED_SIGNING,
            verification: &aws::ECDSA_P384_SHA384_FIXED,
            in_der: &aws::ECDSA_P384_SHA384_ASN1,
            cost: 150_000,
        },
        Curve::P521 => Ecdsa {
            signing: &aws::ECDSA_P521_SHA512_FIXED_SIGNING,
            verification: &aws::ECDSA_P521_SHA512_FIXED,
            in_der: &aws::ECDSA_P521_SHA512_ASN1,
            cost: 250_000,
        },
        Curve::Secp256k1 => Ecdsa {
            signing: &aws::ECDSA_P256K1_SHA256_FIXED_SIGNING,
            verification: &aws::ECDSA_P256K1_SHA256_FIXED,
            in_der: &aws::ECDSA_P256K1_SHA256_ASN1,
            cost: 250_000,
        },
    }
}

pub(super) fn rsa_signing(alg: Algorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match alg {
        Algorithm::RS256 => &aws::RSA_PKCS1_SHA256,
        Algorithm::RS384 => &aws::RSA_PKCS1_SHA384,
        Algorithm::RS512 => &aws::RSA_PKCS1_SHA512,
        Algorithm::PS256 => &aws::RSA_PSS_SHA256,
        Algorithm::PS384 => &aws::RSA_PSS_SHA384,
        Algorithm::PS512 => &aws::RSA_PSS_SHA512,
        _ => return None,
    })
}

/// How RSA keys, of fewer than 2048 bits if they are weak, verify; and the place of the algorithm among theirs. With
/// a weak key the library only checks PKCS#1 v1.5.
pub(super) fn rsa_verification(
    alg: Algorithm,
    is_weak: bool,
) -> Option<(usize, &'static dyn VerificationAlgorithm)> {
    Some(match (alg, is_weak) {
        (Algorithm::RS256, false) => (0, &aws::RSA_PKCS1_2048_8192_SHA256),
        (Algorithm::RS384, false) => (1, &aws::RSA_PKCS1_2048_8192_SHA384),
        (Algorithm::RS512, false) => (2, &aws::RSA_PKCS1_2048_8192_SHA512),
        (Algorithm::PS256, false) => (3, &aws::RSA_PSS_2048_8192_SHA256),
        (Algorithm::PS384, false) => (4, &aws::RSA_PSS_2048_8192_SHA384),
        (Algorithm::PS512, false) => (5, &aws::RSA_PSS_2048_8192_SHA512),
        (Algorithm::RS256, true) => (0, &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (Algorithm::RS512, true) => (2, &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => return None,
    })
}

/// The hash of an HMAC algorithm, and its place among those.
pub(super) fn mac(alg: Algorithm) -> Option<(usize, hmac::Algorithm)> {
    match alg {
        Algorithm::HS256 => Some((0, hmac::HMAC_SHA256)),
        Algorithm::HS384 => Some((1, hmac::HMAC_SHA384)),
        Algorithm::HS512 => Some((2, hmac::HMAC_SHA512)),
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
