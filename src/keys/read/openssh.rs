//! OpenSSH's keys: private ones (PROTOCOL.key), and public ones as lines of a `.pub` file (RFC 4253 section
//! 6.6, RFC 5656, RFC 8709).
//!
//! The library for this refuses a private number that begins with a zero byte, which is a quarter of all P-521 keys,
//! and padding that ssh-keygen itself accepts. Only its ciphers are used.

use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use ssh_cipher::Cipher;
use zeroize::Zeroizing;

use crate::keys::asn1::{ec_pkcs8, okp_pkcs8};
use crate::keys::error::plain;
use crate::keys::key::MOST_KEYS;
use crate::keys::wire::{
    KEY_TYPES, MAGIC, Reader, Writer, damaged, decode, is_key_type, malformed,
};
use crate::keys::{
    Curve, Encoding, Key, KeyError, KeyFile, KeyMaterial, KeySet, KeyType, ReadKey, rsa,
};
use crate::secret::Secret;

/// The most rounds of bcrypt that opening a key may take; `ssh-keygen -a` is 16 or 24 by default.
const MOST_ROUNDS: u32 = 500;

/// Whether a line is a public key: its type, then base64 that begins with the length of the type's name.
pub(crate) fn is_public_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_type = words.next().is_some_and(|word| is_key_type(word.as_bytes()));
    is_type && words.next().is_some_and(|word| word.starts_with("AAAA"))
}

/// The lines of a text without empty lines and comments, if all of them are public keys. A variable may have `\n` in
/// place of line breaks, but in a comment `\n` is part of a name.
pub(super) fn public_lines(text: &str) -> Option<Vec<String>> {
    let mut text = text.trim().trim_end_matches("\\n").trim_end_matches("\\r").to_owned();
    for name in KEY_TYPES {
        text = text.replace(&format!("\\n{name}"), &format!("\n{name}"));
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches("\\r").to_owned());
    let lines: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    (!lines.is_empty() && lines.iter().all(|line| is_public_line(line))).then_some(lines)
}

/// Reads the public key or keys of a text's lines.
pub(super) fn read_public(lines: &[String]) -> Result<KeyFile, KeyError> {
    match lines {
        [line] => read_line(line).map(KeyFile::One),
        _ if lines.len() > MOST_KEYS => {
            Err(KeyError::TooMany { count: lines.len(), most: MOST_KEYS })
        }
        lines => {
            let keys = lines.iter().map(|line| read_line(line)).collect();
            Ok(KeyFile::Set(KeySet::of_read_keys(keys)))
        }
    }
}

fn read_line(line: &str) -> Result<ReadKey, KeyError> {
    let mut words = line.split_ascii_whitespace();
    let (name, encoded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
    let blob = decode(&GeneralPurpose::new(&STANDARD, config), encoded.as_bytes());
    let blob = blob.ok_or_else(|| damaged("its second field is not base64"))?;
    let mut reader = Reader(&blob);
    if !reader.text().is_ok_and(|text| text == name) {
        return Err(damaged("its first field is not the key type in its second field"));
    }
    read_blob(&blob).map(|key| read_key(key, false))
}

/// Reads a public key: its type, and the fields of that.
pub(in crate::keys) fn read_blob(blob: &[u8]) -> Result<Key, KeyError> {
    let mut reader = Reader(blob);
    let key = public_key(reader.text()?, &mut reader)?;
    if reader.0.is_empty() { Ok(key) } else { Err(damaged("it is too long")) }
}

/// The public key in a certificate of this format (PROTOCOL.certkeys): after the type and a nonce, the fields of the key.
pub(in crate::keys) fn plain_blob(certificate: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(certificate);
    let name = reader.text().ok()?.strip_suffix("-cert-v01@openssh.com")?;
    let _nonce = reader.field().ok()?;
    let fields = reader.0;
    public_key(name, &mut reader).ok()?;
    let mut plain = Writer::new();
    plain.field(name.as_bytes()).bytes(&fields[..fields.len() - reader.0.len()]);
    Some(plain.0.to_vec())
}

/// The fields of a public key after its type.
fn public_key(name: &str, reader: &mut Reader<'_>) -> Result<Key, KeyError> {
    let (key_type, point) = match name {
        "ssh-rsa" => {
            let (exponent, modulus) = (reader.large()?, reader.large()?);
            return rsa::public_key(modulus, exponent);
        }
        "ssh-ed25519" => match reader.field()? {
            point if point.len() == 32 => (KeyType::Ed25519, point),
            _ => return Err(malformed()),
        },
        _ => (KeyType::Ec(curve_of(name, reader)?), reader.field()?),
    };
    Ok(Key::new(key_type, KeyMaterial::Public(point.to_vec())))
}

/// The curve of a type; the next field names it again.
fn curve_of(name: &str, reader: &mut Reader<'_>) -> Result<Curve, KeyError> {
    let short = name.strip_prefix("ecdsa-sha2-").ok_or_else(|| other(name))?;
    let mut curves = Curve::ALL.into_iter();
    let curve = curves.find(|curve| curve.ssh_name() == Some(short)).ok_or_else(|| other(name))?;
    if reader.text()? == short {
        Ok(curve)
    } else {
        Err(damaged("its curve does not match its type"))
    }
}

/// Reads a private key from the bytes of its PEM block.
pub(super) fn read_private(bytes: &[u8], password: Option<&Secret>) -> Result<ReadKey, KeyError> {
    let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or_else(malformed)?);
    let (cipher, kdf, options) = (reader.text()?, reader.text()?, reader.field()?);
    if reader.number()? != 1 {
        return Err(KeyError::unsupported("several OpenSSH keys in one block"));
    }
    let (_public, section, tag) = (reader.field()?, reader.field()?, reader.0);
    if cipher == "none" {
        let key = if tag.is_empty() { private_key(section) } else { Err(malformed()) };
        return Ok(read_key(key?, false));
    }
    let cipher = Cipher::new(cipher).ok().filter(|_| kdf == "bcrypt");
    let cipher = cipher.and_then(|cipher| Some((cipher, cipher.key_and_iv_size()?)));
    let cipher =
        cipher.ok_or_else(|| KeyError::unsupported("an OpenSSH key with unknown encryption"))?;
    let opened = open(section, cipher, options, tag, password)?;
    // Without the right password, the check numbers differ.
    Ok(read_key(private_key(&opened).map_err(KeyError::after_decryption)?, true))
}

/// Decrypts a private section. After it comes the tag of a cipher that has one.
fn open(
    section: &[u8],
    (cipher, (key_size, iv_size)): (Cipher, (usize, usize)),
    options: &[u8],
    tag: &[u8],
    password: Option<&Secret>,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // OpenSSH derives two keys of ChaCha20: this one, and one for the lengths of packets. A
    // file needs no nonce (PROTOCOL.chacha20poly1305).
    let is_chacha = cipher == Cipher::ChaCha20Poly1305;
    let derived = if is_chacha { 2 * key_size } else { key_size + iv_size };
    let mut options = Reader(options);
    let (salt, rounds) = (options.field()?, options.number()?);
    if rounds > MOST_ROUNDS {
        return Err(KeyError::TooCostly { cost: format!("{rounds} rounds of bcrypt") });
    }
    let tag = match (cipher.has_tag(), tag) {
        (true, tag) => Some(tag.try_into().map_err(|_| malformed())?),
        (false, []) => None,
        (false, _) => return Err(malformed()),
    };
    let password = password.ok_or(KeyError::Encrypted)?;
    let mut key = Zeroizing::new(vec![0; derived]);
    bcrypt_pbkdf::bcrypt_pbkdf(password.expose(), salt, rounds, &mut key)
        .map_err(|_| damaged("the parameters of its encryption are invalid"))?;
    let mut opened = Zeroizing::new(section.to_vec());
    let (key, rest) = key.split_at(key_size);
    let iv = if is_chacha { &[0; 8] } else { rest };
    cipher.decrypt(key, iv, &mut opened, tag).map_err(|_| KeyError::WrongPassword)?;
    Ok(opened)
}

/// The key of a private section: two equal check numbers, the key, a comment, and padding of 1, 2, 3, …
fn private_key(section: &[u8]) -> Result<Key, KeyError> {
    let mut reader = Reader(section);
    if reader.number()? != reader.number()? {
        return Err(malformed());
    }
    let key = key_pair(reader.text()?, &mut reader)?;
    let _comment = reader.field()?;
    let mut padding = reader.0.iter().zip(1..);
    let is_padding = padding.all(|(byte, count): (_, usize)| usize::from(*byte) == count);
    if is_padding { Ok(key) } else { Err(malformed()) }
}

/// The fields of a private key after its type, each with the public key before it.
fn key_pair(name: &str, reader: &mut Reader<'_>) -> Result<Key, KeyError> {
    let (key_type, pkcs8) = match name {
        "ssh-rsa" => {
            let (modulus, exponent, d) = (reader.large()?, reader.large()?, reader.large()?);
            let _inverse = reader.large()?;
            let primes = Some([reader.large()?, reader.large()?]);
            return rsa::private_key([modulus, exponent, d], primes, None);
        }
        "ssh-ed25519" => {
            let (public, pair) = (reader.field()?, reader.field()?);
            match pair.split_at_checked(32) {
                Some((seed, again)) if again == public => {
                    (KeyType::Ed25519, okp_pkcs8(KeyType::Ed25519, seed, Some(public))?)
                }
                _ => return Err(malformed()),
            }
        }
        _ => {
            let curve = curve_of(name, reader)?;
            let (point, number) = (reader.field()?, curve.padded(reader.large()?));
            (KeyType::Ec(curve), ec_pkcs8(curve, &number, Some(point))?)
        }
    };
    Ok(Key::new(key_type, KeyMaterial::Private(pkcs8)))
}

fn read_key(key: Key, was_encrypted: bool) -> ReadKey {
    ReadKey { was_encrypted, ..ReadKey::new(key, Encoding::OpenSsh) }
}

/// A type of key that supports no JWS algorithm.
fn other(name: &str) -> KeyError {
    match name {
        "ssh-dss" => KeyError::unsupported("a DSA key"),
        _ if name.contains("-cert-v0") => KeyError::unsupported(
            "an OpenSSH certificate; the key itself is in the .pub file beside it",
        ),
        _ if name.starts_with("sk-") => {
            KeyError::unsupported("an OpenSSH key on a security token, which only signs SSH logins")
        }
        _ => {
            let is_part =
                |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-@.".contains(&b);
            KeyError::unsupported(format!("an OpenSSH key of the type {}", plain(name, is_part)))
        }
    }
}
