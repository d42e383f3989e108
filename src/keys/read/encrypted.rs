//! Opens encrypted PKCS#8 (RFC 8018) with a password, unless that would cost too much.

use std::fmt::Display;

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::Decode as _;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::Error::{AlgorithmParametersInvalid, NoPbes1CryptSupport, UnsupportedAlgorithm};

use crate::keys::KeyError;
use crate::keys::asn1::elements;
use crate::secret::Secret;

/// What the structure is called.
pub(super) const NAME: &str = "encrypted PKCS#8";

/// The most iterations of PBKDF2, which take some seconds.
const MOST_ITERATIONS: u32 = 10_000_000;

/// The most memory that scrypt may take for all of its lanes, in bytes.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// Opens an encrypted key: the PKCS#8 in it.
pub(super) fn open(der: &[u8], password: Option<&Secret>) -> Result<Secret, KeyError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der)
        .map_err(|error| if elements(der).is_ok() { foreign_cipher() } else { damaged(error) })?;
    check_cost(&info.encryption_algorithm)?;
    let password = password.ok_or(KeyError::Encrypted)?;
    let opened = info.decrypt(password.expose()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(NoPbes1CryptSupport | UnsupportedAlgorithm { .. }) => {
            foreign_cipher()
        }
        pkcs8::Error::EncryptedPrivateKey(AlgorithmParametersInvalid { .. }) => bad_parameters(),
        _ => KeyError::WrongPassword,
    })?;
    Ok(Secret::from(opened.to_bytes()))
}

fn damaged(reason: impl Display) -> KeyError {
    KeyError::damaged(NAME, reason)
}

fn foreign_cipher() -> KeyError {
    KeyError::convertible(
        "a private key with obsolete or uncommon encryption",
        "openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem",
    )
}

fn bad_parameters() -> KeyError {
    damaged("the parameters of its encryption are invalid")
}

fn check_cost(scheme: &EncryptionScheme) -> Result<(), KeyError> {
    let kdf = &scheme.pbes2().ok_or_else(foreign_cipher)?.kdf;
    if let Some(pbkdf2) = kdf.pbkdf2().filter(|kdf| kdf.iteration_count > MOST_ITERATIONS) {
        let cost = format!("{} iterations of PBKDF2", pbkdf2.iteration_count);
        return Err(KeyError::TooCostly { cost });
    }
    if let Some(scrypt) = kdf.scrypt() {
        // RFC 7914 section 6. The library panics on a cost of 0.
        if !scrypt.cost_parameter.is_power_of_two() {
            return Err(bad_parameters());
        }
        let factors = [128, u64::from(scrypt.block_size), u64::from(scrypt.parallelization)];
        let memory = factors.into_iter().fold(scrypt.cost_parameter, u64::saturating_mul);
        if memory > MOST_MEMORY {
            return Err(KeyError::TooCostly { cost: format!("{} MiB of scrypt", memory >> 20) });
        }
    }
    Ok(())
}
