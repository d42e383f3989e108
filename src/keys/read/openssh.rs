//! OpenSSH's keys: the private ones of its PROTOCOL.key, and public ones as lines of a `.pub` file (RFC
//! 4253 section 6.6, RFC 5656, RFC 8709). Read into the encodings the crypto library takes, and written
//! from them.
//!
//! A library would be the rule. The one there is refuses a private number that begins with a zero byte,
//! which is a quarter of all P-521 keys, and padding that ssh-keygen itself takes. Its ciphers are used.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use pkcs8::der::pem::{self, LineEnding};
use ssh_cipher::Cipher;
use zeroize::Zeroizing;

use crate::keys::bytes::decode;
use crate::keys::error::plain;
use crate::keys::file::{Encoding, KeyFile, MOST_KEYS};
use crate::keys::read::der::{ec_number, ec_pkcs8, ec_private, ed25519_pkcs8, ed25519_seed};
use crate::keys::ssh_wire::{KEY_TYPES, Reader, Writer, is_key_type};
use crate::keys::{Curve, Halves, Key, KeyError, KeyMaterial, KeyType, rsa};
use crate::secret::Secret;

/// The label of a private key's PEM block.
pub(crate) const LABEL: &str = "OPENSSH PRIVATE KEY";

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The most rounds of bcrypt that opening a key may take; `ssh-keygen -a` is 16 or 24 where not named.
const MOST_ROUNDS: u32 = 500;

const CURVES: [(&str, &str, Curve); 3] = [
    ("ecdsa-sha2-nistp256", "nistp256", Curve::P256),
    ("ecdsa-sha2-nistp384", "nistp384", Curve::P384),
    ("ecdsa-sha2-nistp521", "nistp521", Curve::P521),
];

/// Whether a line is a public key's: its type, then base64 that begins with the length of a name.
#[must_use]
pub fn is_public_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_type = words.next().is_some_and(|word| is_key_type(word.as_bytes()));
    is_type && words.next().is_some_and(|word| word.starts_with("AAAA"))
}

/// The public keys in a text: its lines but empty ones and comments, if all of them are. A variable may hold
/// line breaks as they are written in a program; in a comment `\n` is part of a name.
pub(crate) fn public_lines(text: &str) -> Option<Vec<String>> {
    let mut text = text.trim().trim_end_matches("\\n").trim_end_matches("\\r").to_owned();
    for name in KEY_TYPES {
        text = text.replace(&format!("\\n{name}"), &format!("\n{name}"));
    }
    let lines = text.lines().map(|line| line.trim().trim_end_matches("\\r").to_owned());
    let lines: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    (!lines.is_empty() && lines.iter().all(|line| is_public_line(line))).then_some(lines)
}

/// Reads the public key or keys of a text's lines.
pub(crate) fn read_public(lines: &[String]) -> Result<KeyFile, KeyError> {
    match lines {
        [line] => read_line(line),
        _ if lines.len() > MOST_KEYS => {
            Err(KeyError::TooMany { count: lines.len(), most: MOST_KEYS })
        }
        lines => Ok(KeyFile::several(lines.iter().map(|line| read_line(line)).collect())),
    }
}

fn read_line(line: &str) -> Result<KeyFile, KeyError> {
    let mut words = line.split_ascii_whitespace();
    let (name, encoded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
    let blob = decode(&GeneralPurpose::new(&ALPHABET, config), encoded.as_bytes());
    let blob = blob.ok_or_else(|| damaged("its second word is not base64"))?;
    let mut reader = Reader(&blob);
    if reader.text() != Some(name) {
        return Err(damaged("its first word is not the type that its second one holds"));
    }
    let key = public_key(name, &mut reader)?;
    if reader.0.is_empty() { Ok(file(key, false)) } else { Err(damaged("it is too long")) }
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
    let known = CURVES.iter().find(|(known, ..)| *known == name);
    let (_, short, curve) = known.ok_or_else(|| other(name))?;
    if reader.text() == Some(short) {
        Ok(*curve)
    } else {
        Err(damaged("its curve is not its type's"))
    }
}

/// A type's name for a message.
fn shown(name: &str) -> &str {
    plain(name, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-@.".contains(&b))
}

/// Reads a private key from the bytes of its PEM block.
pub(crate) fn read_private(bytes: &[u8], password: Option<&Secret>) -> Result<KeyFile, KeyError> {
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
        return Ok(file(key, false));
    }
    let lock = Lock { cipher, kdf, options, tag: reader.0 };
    let opened = lock.open(section, password)?;
    // Only the right password gives the two check numbers, and all that follows.
    let key = read_section(&opened, true).ok_or(KeyError::WrongPassword)??;
    Ok(file(key, true))
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
        // OpenSSH derives two keys of ChaCha20: this one, and one for the lengths of packets. A file needs
        // no nonce (PROTOCOL.chacha20poly1305).
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

/// The private section: two equal check numbers, the key, a comment, and padding of 1, 2, 3, …; `None`
/// if it is not built so.
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
    let pkcs8 = ec_private(&number, Some(point)).and_then(|sec1| ec_pkcs8(curve, sec1.expose()));
    Some(pkcs8.map(|pkcs8| Key::new(KeyType::Ec(curve), KeyMaterial::Private(pkcs8))))
}

fn file(key: Key, was_encrypted: bool) -> KeyFile {
    KeyFile { was_encrypted, ..KeyFile::plain(key, Encoding::OpenSsh) }
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

/// A type of key that serves no JWS algorithm.
fn other(name: &str) -> KeyError {
    match name {
        "ssh-dss" => unsupported("a DSA key"),
        _ if name.contains("-cert-v0") => {
            unsupported("an OpenSSH certificate; the key itself is in the .pub file beside it")
        }
        _ if name.starts_with("sk-") => {
            unsupported("an OpenSSH key of a security token, which signs nothing but SSH logins")
        }
        _ => unsupported(&format!("an OpenSSH key of the type {}", shown(name))),
    }
}

/// Writes a key: the private one in OpenSSH's PEM, the public one as a line.
///
/// # Errors
/// Those of a key that does not decode, and of a kind that OpenSSH has no form for.
pub(crate) fn write(halves: &Halves<'_>) -> Result<Secret, KeyError> {
    let name = type_of(halves.key_type)?;
    let mut public = Writer::new();
    public.field(name.as_bytes());
    write_public(&mut public, halves)?;
    let Some(private) = halves.private else {
        return Ok(Secret::new(format!("{name} {}\n", STANDARD.encode(&*public.0)).into_bytes()));
    };
    let section = section(name, halves, private)?;
    let mut container = Writer::new();
    container.bytes(MAGIC).field(b"none").field(b"none").field(b"").number(1);
    container.field(&public.0).field(&section.0);
    let pem = pem::encode_string(LABEL, LineEnding::LF, &container.0);
    pem.map(|pem| Secret::new(pem.into_bytes())).map_err(|error| damaged(&error.to_string()))
}

fn type_of(kind: KeyType) -> Result<&'static str, KeyError> {
    let of_curve =
        |wanted| CURVES.iter().find(|(.., curve)| *curve == wanted).map(|(name, ..)| *name);
    match kind {
        KeyType::Rsa { .. } => Ok("ssh-rsa"),
        KeyType::Ed25519 => Ok("ssh-ed25519"),
        KeyType::Ec(curve) => {
            of_curve(curve).ok_or_else(|| damaged("OpenSSH does not know its curve"))
        }
        KeyType::Hmac => Err(KeyError::NoPublicHalf),
    }
}

/// The fields of a public key behind its type.
fn write_public(writer: &mut Writer, halves: &Halves<'_>) -> Result<(), KeyError> {
    match halves.key_type {
        KeyType::Rsa { .. } => {
            let key = pkcs1::RsaPublicKeyRef::try_from(halves.public).map_err(|_| cut())?;
            writer.large(key.public_exponent.as_bytes()).large(key.modulus.as_bytes());
        }
        KeyType::Ec(curve) => {
            writer.field(short_name(curve).as_bytes()).field(halves.public);
        }
        KeyType::Ed25519 | KeyType::Hmac => {
            writer.field(halves.public);
        }
    }
    Ok(())
}

fn short_name(curve: Curve) -> &'static str {
    CURVES.iter().find(|(.., known)| *known == curve).map_or("", |(_, short, _)| short)
}

/// The private section; its check numbers are for passwords, and here there is none.
fn section(name: &str, halves: &Halves<'_>, private: &Secret) -> Result<Writer, KeyError> {
    let mut writer = Writer::new();
    writer.number(0).number(0).field(name.as_bytes());
    match halves.key_type {
        KeyType::Rsa { .. } => {
            let key = pkcs1::RsaPrivateKeyRef::try_from(private.expose()).map_err(|_| cut())?;
            let numbers = [
                key.modulus,
                key.public_exponent,
                key.private_exponent,
                key.coefficient,
                key.prime1,
                key.prime2,
            ];
            for number in numbers {
                writer.large(number.as_bytes());
            }
        }
        KeyType::Ec(_) => {
            write_public(&mut writer, halves)?;
            writer.large(ec_number(private)?.expose());
        }
        KeyType::Ed25519 | KeyType::Hmac => {
            let seed = ed25519_seed(private)?;
            let both = Zeroizing::new([seed.expose(), halves.public].concat());
            writer.field(halves.public).field(&both);
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
