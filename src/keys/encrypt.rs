//! Encrypts a private key with a password: PBES2 with PBKDF2 and AES (RFC 8018 section 6.2).

use std::fmt::Display;

use pkcs8::pkcs5::pbes2::Parameters;

use super::asn1::read_pkcs8;
use super::error::KeyError;
use crate::secret::Secret;

/// The iterations of PBKDF2 with HMAC-SHA-256, as OWASP recommends.
const ITERATIONS: u32 = 600_000;

/// What a new file is encrypted with. Salt and initialization vector are random.
pub(crate) struct Protection {
    pub password: Secret,
    pub salt: [u8; 16],
    pub iv: [u8; 16],
}

/// The encrypted form of PKCS#8.
pub(super) fn encrypt(pkcs8: &Secret, protection: &Protection) -> Result<Secret, KeyError> {
    fn failed(reason: impl Display) -> KeyError {
        KeyError::damaged("PKCS#8", reason)
    }
    let Protection { password, salt, iv } = protection;
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, salt, *iv);
    let encrypted = read_pkcs8(pkcs8.expose())?
        .encrypt_with_params(parameters.map_err(failed)?, password.expose())
        .map_err(failed)?;
    Ok(Secret::from(encrypted.to_bytes()))
}
