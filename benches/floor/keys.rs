//! The keys of the floor, parsed once into the crypto library's own types.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, ParsedPublicKey, PqdsaKeyPair,
    PqdsaSigningAlgorithm, RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};

use crate::Failure;

pub(crate) enum Public {
    Secret(Box<hmac::Key>),
    Key(ParsedPublicKey),
}

impl Public {
    pub(crate) fn read(alg: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let algorithm: &'static dyn VerificationAlgorithm = match alg {
            "HS256" => return Ok(Self::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, bytes)))),
            "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
            "PS256" => &signature::RSA_PSS_2048_8192_SHA256,
            "ES256" => &signature::ECDSA_P256_SHA256_FIXED,
            "ES384" => &signature::ECDSA_P384_SHA384_FIXED,
            "EdDSA" => &signature::ED25519,
            "ML-DSA-44" => &signature::ML_DSA_44,
            "ML-DSA-65" => &signature::ML_DSA_65,
            "ML-DSA-87" => &signature::ML_DSA_87,
            _ => return Err(format!("no such algorithm here: {alg}").into()),
        };
        Ok(Self::Key(ParsedPublicKey::new(algorithm, bytes)?))
    }

    pub(crate) fn matches(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Key(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

pub(crate) enum Private {
    Secret(Box<hmac::Key>),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

pub(crate) fn ml_dsa(alg: &str) -> Option<&'static PqdsaSigningAlgorithm> {
    match alg {
        "ML-DSA-44" => Some(&signature::ML_DSA_44_SIGNING),
        "ML-DSA-65" => Some(&signature::ML_DSA_65_SIGNING),
        "ML-DSA-87" => Some(&signature::ML_DSA_87_SIGNING),
        _ => None,
    }
}

impl Private {
    pub(crate) fn read(alg: &str, bytes: &[u8]) -> Result<Self, Failure> {
        if let Some(algorithm) = ml_dsa(alg) {
            return Ok(Self::MlDsa(PqdsaKeyPair::from_pkcs8(algorithm, bytes)?));
        }
        let ecdsa = |curve: &'static EcdsaSigningAlgorithm| EcdsaKeyPair::from_pkcs8(curve, bytes);
        Ok(match alg {
            "HS256" => Self::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, bytes))),
            "RS256" => Self::Rsa(RsaKeyPair::from_pkcs8(bytes)?, &signature::RSA_PKCS1_SHA256),
            "PS256" => Self::Rsa(RsaKeyPair::from_pkcs8(bytes)?, &signature::RSA_PSS_SHA256),
            "ES256" => Self::Ecdsa(ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING)?),
            "ES384" => Self::Ecdsa(ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING)?),
            "EdDSA" => Self::Ed25519(Ed25519KeyPair::from_pkcs8(bytes)?),
            _ => return Err(format!("no such algorithm here: {alg}").into()),
        })
    }

    /// Adds a signature over what the token holds so far.
    pub(crate) fn sign(&self, token: &mut String) -> Result<(), Failure> {
        let (random, message) = (SystemRandom::new(), token.as_bytes());
        let (mut long, mac, made);
        let signature = match self {
            Self::Secret(key) => {
                mac = hmac::sign(key, message);
                mac.as_ref()
            }
            Self::Rsa(pair, padding) => {
                long = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &random, message, &mut long)?;
                &long
            }
            Self::Ecdsa(pair) => {
                made = pair.sign(&random, message)?;
                made.as_ref()
            }
            Self::Ed25519(pair) => {
                made = pair.sign(message);
                made.as_ref()
            }
            Self::MlDsa(pair) => {
                long = vec![0; pair.algorithm().signature_len()];
                pair.sign(message, &mut long)?;
                &long
            }
        };
        let mut text = [0; 8192];
        let length = BASE64URL.encode_slice(signature, &mut text)?;
        token.push('.');
        token.push_str(std::str::from_utf8(&text[..length])?);
        Ok(())
    }
}
