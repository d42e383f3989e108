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

use crate::keys::asn1::{ec_pkcs8, ed25519_pkcs8};
use crate::keys::bytes::decode;
use crate::keys::error::plain;
use crate::keys::key::MOST_KEYS;
use crate::keys::rsa;
use crate::keys::ssh_wire::{KEY_TYPES, MAGIC, Reader, is_key_type};
use crate::keys::{Curve, Encoding, Key, KeyError, KeyFile, KeyMaterial, KeySet, KeyType, ReadKey};
use crate::secret::Secret;

/// The label of a private key's PEM block.
pub(super) const LABEL: &str = "OPENSSH PRIVATE KEY";

/// The most rounds of bcrypt that opening a key may take; `ssh-keygen -a` is 16 or 24 by default.
const MOST_ROUNDS: u32 = 500;

/// Whether a line is a public key: its type, then base64 that begins with the length of a name.
pub(crate) fn is_public_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_type = words.next().is_some_and(|word| is_key_type(word.as_bytes()));
    is_type && words.next().is_some_and(|word| word.starts_with("AAAA"))
}

/// The public keys in a text: its lines but empty ones and comments, if all of them are. A variable may hold line
/// breaks as they are written in a program; in a comment `\n` is part of a name.
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
    let blob = blob.ok_or_else(|| damaged("its second word is not base64"))?;
    let mut reader = Reader(&blob);
    if reader.text() != Some(name) {
        return Err(damaged("its first word is not the type that its second one holds"));
    }
    let key = public_key(name, &mut reader)?;
    if reader.0.is_empty() { Ok(read_key(key, false)) } else { Err(damaged("it is too long")) }
}

/// The fields of a public key behind its type.
fn public_key(name: &str, reader: &mut Reader<'_>) -> Result<Key, KeyError> {
    if name == "ssh-rsa" {
        let (exponent, modulus) =
            (reader.large().ok_or_else(cut)?, reader.large().ok_or_else(cut)?);
        return rsa::public_key(modulus, exponent);
    }
    if name == "ssh-ed25519" {
        let point = reader.field().filter(|point| point.len() == 32).ok_or_else(cut)?;
        return Ok(Key::new(KeyType::Ed25519, KeyMaterial::Public(point.to_vec())));
    }
    let curve = curve_of(name, reader)?;
    let point = reader.field().ok_or_else(cut)?;
    Ok(Key::new(KeyType::Ec(curve), KeyMaterial::Public(point.to_vec())))
}

/// The curve of a type, which stands behind it once more.
fn curve_of(name: &str, reader: &mut Reader<'_>) -> Result<Curve, KeyError> {
    let short = name.strip_prefix("ecdsa-sha2-").ok_or_else(|| other(name))?;
    let mut curves = Curve::ALL.into_iter();
    let curve = curves.find(|curve| curve.ssh_name() == Some(short)).ok_or_else(|| other(name))?;
    if reader.text() == Some(short) {
        Ok(curve)
    } else {
        Err(damaged("its curve is not its type's"))
    }
}

/// Reads a private key from the bytes of its PEM block.
pub(super) fn read_private(bytes: &[u8], password: Option<&Secret>) -> Result<ReadKey, KeyError> {
    let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or_else(cut)?);
    let (cipher, kdf) = (reader.text().ok_or_else(cut)?, reader.text().ok_or_else(cut)?);
    let options = reader.field().ok_or_else(cut)?;
    if reader.number().ok_or_else(cut)? != 1 {
        return Err(unsupported("several OpenSSH keys in one block"));
    }
    let _public = reader.field().ok_or_else(cut)?;
    let section = reader.field().ok_or_else(cut)?;
    if cipher == "none" {
        let key = read_section(section, reader.0.is_empty()).ok_or_else(cut)??;
        return Ok(read_key(key, false));
    }
    let lock = Lock { cipher, kdf, options, tag: reader.0 };
    let opened = lock.open(section, password)?;
    // Only the right password gives the two check numbers, and all that follows.
    let key = read_section(&opened, true).ok_or(KeyError::WrongPassword)??;
    Ok(read_key(key, true))
}

/// How a private section is encrypted.
struct Lock<'a> {
    cipher: &'a str,
    kdf: &'a str,
    options: &'a [u8],
    /// What stands behind the section: the tag of a cipher that has one.
    tag: &'a [u8],
}

impl Lock<'_> {
    fn open(
        &self,
        section: &[u8],
        password: Option<&Secret>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let cipher = Cipher::new(self.cipher).ok().filter(|_| self.kdf == "bcrypt");
        let sizes = cipher.and_then(|cipher| Some((cipher, cipher.key_and_iv_size()?)));
        let (cipher, (key_size, iv_size)) =
            sizes.ok_or_else(|| unsupported("an OpenSSH key encrypted in an unknown way"))?;
        // OpenSSH derives two keys of ChaCha20: this one, and one for the lengths of packets. A
        // file needs no nonce (PROTOCOL.chacha20poly1305).
        let is_chacha = cipher == Cipher::ChaCha20Poly1305;
        let derived = if is_chacha { 2 * key_size } else { key_size + iv_size };
        let mut options = Reader(self.options);
        let (salt, rounds) = (options.field().ok_or_else(cut)?, options.number().ok_or_else(cut)?);
        if rounds > MOST_ROUNDS {
            return Err(KeyError::TooCostly { cost: format!("{rounds} rounds of bcrypt") });
        }
        let tag = match (cipher.has_tag(), self.tag) {
            (true, tag) => Some(tag.try_into().map_err(|_| cut())?),
            (false, []) => None,
            (false, _) => return Err(cut()),
        };
        let password = password.ok_or(KeyError::Encrypted)?;
        let mut key = Zeroizing::new(vec![0; derived]);
        bcrypt_pbkdf::bcrypt_pbkdf(password.expose(), salt, rounds, &mut key)
            .map_err(|_| damaged("the parameters of its encryption are none"))?;
        let mut opened = Zeroizing::new(section.to_vec());
        let (key, rest) = key.split_at(key_size);
        let iv = if is_chacha { &[0; 8] } else { rest };
        cipher.decrypt(key, iv, &mut opened, tag).map_err(|_| KeyError::WrongPassword)?;
        Ok(opened)
    }
}

/// The private section: two equal check numbers, the key, a comment, and padding of 1, 2, 3, …; `None` if
/// it is not built so.
fn read_section(section: &[u8], is_whole: bool) -> Option<Result<Key, KeyError>> {
    let mut reader = Reader(section);
    let checks = (reader.number()?, reader.number()?);
    if checks.0 != checks.1 || !is_whole {
        return None;
    }
    let name = reader.text()?;
    let key = match name {
        "ssh-rsa" => rsa_pair(&mut reader)?,
        "ssh-ed25519" => ed25519_pair(&mut reader)?,
        _ => match curve_of(name, &mut reader) {
            Ok(curve) => ec_pair(curve, &mut reader)?,
            Err(error) => return Some(Err(error)),
        },
    };
    let _comment = reader.field()?;
    let is_padding =
        reader.0.iter().zip(1..).all(|(byte, count): (_, usize)| usize::from(*byte) == count);
    is_padding.then_some(key)
}

fn rsa_pair(reader: &mut Reader<'_>) -> Option<Result<Key, KeyError>> {
    let (modulus, exponent, d) = (reader.large()?, reader.large()?, reader.large()?);
    let _inverse = reader.large()?;
    let primes = Some((reader.large()?, reader.large()?));
    Some(rsa::private_key(modulus, exponent, &rsa::Private { d, primes, crt: None }))
}

fn ed25519_pair(reader: &mut Reader<'_>) -> Option<Result<Key, KeyError>> {
    let public = reader.field()?;
    let (seed, again) = reader.field()?.split_at_checked(32)?;
    if again != public {
        return None;
    }
    let pkcs8 = ed25519_pkcs8(seed, Some(public));
    Some(pkcs8.map(|pkcs8| Key::new(KeyType::Ed25519, KeyMaterial::Private(pkcs8))))
}

fn ec_pair(curve: Curve, reader: &mut Reader<'_>) -> Option<Result<Key, KeyError>> {
    let point = reader.field()?;
    let number = curve.padded(reader.large()?);
    let pkcs8 = ec_pkcs8(curve, &number, Some(point));
    Some(pkcs8.map(|pkcs8| Key::new(KeyType::Ec(curve), KeyMaterial::Private(pkcs8))))
}

fn read_key(key: Key, was_encrypted: bool) -> ReadKey {
    ReadKey { was_encrypted, ..ReadKey::new(key, Encoding::OpenSsh) }
}

fn damaged(reason: &str) -> KeyError {
    KeyError::damaged("OpenSSH key", reason)
}

fn cut() -> KeyError {
    damaged("it is cut, or not built as such keys are")
}

fn unsupported(found: &str) -> KeyError {
    KeyError::unsupported(found, None)
}

/// A type of key that supports no JWS algorithm.
fn other(name: &str) -> KeyError {
    match name {
        "ssh-dss" => unsupported("a DSA key"),
        _ if name.contains("-cert-v0") => {
            unsupported("an OpenSSH certificate; the key itself is in the .pub file beside it")
        }
        _ if name.starts_with("sk-") => {
            unsupported("an OpenSSH key of a security token, which signs nothing but SSH logins")
        }
        _ => {
            let is_part =
                |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-@.".contains(&b);
            unsupported(&format!("an OpenSSH key of the type {}", plain(name, is_part)))
        }
    }
}
