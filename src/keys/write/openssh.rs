//! Keys as OpenSSH's: the private one in PEM (PROTOCOL.key), the public one as a line (RFC 4253 section
//! 6.6, RFC 5656, RFC 8709).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pkcs8::der::pem::{self, LineEnding};
use zeroize::Zeroizing;

use crate::keys::asn1::{ec_number, ed25519_seed};
use crate::keys::ssh_wire::{MAGIC, Writer, damaged};
use crate::keys::{Key, KeyError, KeyType};
use crate::secret::Secret;

pub(super) fn write(key: &Key, public: &[u8]) -> Result<Secret, KeyError> {
    let name = match key.key_type {
        KeyType::Rsa => "ssh-rsa".to_owned(),
        KeyType::Ed25519 => "ssh-ed25519".to_owned(),
        KeyType::Ec(curve) => {
            let short = curve.ssh_name();
            format!(
                "ecdsa-sha2-{}",
                short.ok_or_else(|| damaged("OpenSSH does not support its curve"))?
            )
        }
        KeyType::Hmac => return Err(KeyError::NoPublicKey),
    };
    let mut blob = Writer::new();
    blob.field(name.as_bytes());
    write_public(&mut blob, key, public)?;
    let Some(private) = key.private() else {
        return Ok(Secret::new(format!("{name} {}\n", STANDARD.encode(&*blob.0)).into_bytes()));
    };
    let section = section(&name, key, public, private)?;
    let mut container = Writer::new();
    container.bytes(MAGIC).field(b"none").field(b"none").field(b"").number(1);
    container.field(&blob.0).field(&section.0);
    let pem = pem::encode_string("OPENSSH PRIVATE KEY", LineEnding::LF, &container.0);
    pem.map(|pem| Secret::new(pem.into_bytes())).map_err(damaged)
}

/// The fields of a public key after its type.
fn write_public(writer: &mut Writer, key: &Key, public: &[u8]) -> Result<(), KeyError> {
    match key.key_type {
        KeyType::Rsa => {
            let key = pkcs1::RsaPublicKeyRef::try_from(public).map_err(damaged)?;
            writer.large(key.public_exponent.as_bytes()).large(key.modulus.as_bytes());
        }
        KeyType::Ec(curve) => {
            writer.field(curve.ssh_name().unwrap_or_default().as_bytes()).field(public);
        }
        KeyType::Ed25519 | KeyType::Hmac => {
            writer.field(public);
        }
    }
    Ok(())
}

/// The private section; its check numbers are for passwords, and here there is none.
fn section(name: &str, key: &Key, public: &[u8], private: &Secret) -> Result<Writer, KeyError> {
    let mut writer = Writer::new();
    writer.number(0).number(0).field(name.as_bytes());
    match key.key_type {
        KeyType::Rsa => {
            let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).map_err(damaged)?;
            let inverse = key.coefficient;
            let numbers = [key.modulus, key.public_exponent, key.private_exponent, inverse];
            for number in numbers.into_iter().chain([key.prime1, key.prime2]) {
                writer.large(number.as_bytes());
            }
        }
        KeyType::Ec(_) => {
            write_public(&mut writer, key, public)?;
            writer.large(ec_number(private)?.expose());
        }
        KeyType::Ed25519 | KeyType::Hmac => {
            let seed = ed25519_seed(private)?;
            let both = Zeroizing::new([seed.expose(), public].concat());
            writer.field(public).field(&both);
        }
    }
    writer.field(b"");
    for count in 1.. {
        if writer.0.len().is_multiple_of(8) {
            break;
        }
        writer.bytes(&[count]);
    }
    Ok(writer)
}
