//! The keys of the floor, parsed once into the crypto library's own types.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, ParsedPublicKey, RsaEncoding,
    RsaKeyPair, VerificationAlgorithm,
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
}

impl Private {
    pub(crate) fn read(alg: &str, bytes: &[u8]) -> Result<Self, Failure> {
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
        let (mut rsa, mac, made);
        let signature = match self {
            Self::Secret(key) => {
                mac = hmac::sign(key, message);
                mac.as_ref()
            }
            Self::Rsa(pair, padding) => {
                rsa = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &random, message, &mut rsa)?;
                &rsa
            }
            Self::Ecdsa(pair) => {
                made = pair.sign(&random, message)?;
                made.as_ref()
            }
            Self::Ed25519(pair) => {
                made = pair.sign(message);
                made.as_ref()
            }
        };
        let mut text = [0; 1024];
        let length = BASE64URL.encode_slice(signature, &mut text)?;
        token.push('.');
        token.push_str(std::str::from_utf8(&text[..length])?);
        Ok(())
    }
}
