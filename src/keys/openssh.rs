//! OpenSSH's keys, private (`OPENSSH PRIVATE KEY`) and public (a line of a `.pub` file), read into the
//! encodings the crypto library takes, and written from them. The library of that name does the format.

use ssh_key::private::{Ed25519Keypair, KeypairData, RsaKeypair, RsaPrivateKey};
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey};
use ssh_key::{
    Algorithm as Type, EcdsaCurve, Error, Kdf, LineEnding, Mpint, PrivateKey, PublicKey,
};
use zeroize::Zeroizing;

use super::der::{ec_number, ec_pkcs8, ed25519_pkcs8, ed25519_seed};
use super::read::{Encoding, KeyFile, Keys};
use super::write::Halves;
use super::{Curve, Half, Key, KeyError, Kind, rsa};
use crate::secret::Secret;

/// The types of OpenSSH's public keys, by how their names begin.
const TYPES: [&str; 5] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-"];

/// The most rounds of bcrypt that opening a key may take; `ssh-keygen -a` is 16 or 24 where not named.
const MOST_ROUNDS: u32 = 2000;

/// Whether a line is a public key's: its type, then base64.
fn is_public_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let is_type = words.next().is_some_and(|word| TYPES.iter().any(|t| word.starts_with(t)));
    is_type && words.next().is_some_and(|word| word.starts_with("AAAA"))
}

/// The public keys in a text: its lines but empty ones and comments, if all of them are.
pub(super) fn public_lines(text: &str) -> Option<Vec<&str>> {
    let lines = text.lines().map(str::trim);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    (!lines.is_empty() && lines.iter().all(|line| is_public_line(line))).then_some(lines)
}

/// Reads the one public key of a text's lines.
pub(super) fn read_public(lines: &[&str]) -> Result<KeyFile, KeyError> {
    let [line] = lines else {
        let types = lines.iter().filter_map(|line| line.split_ascii_whitespace().next());
        let known = types.map(|name| plain_type(name).to_owned());
        return Err(KeyError::Several { labels: known.collect() });
    };
    let name = line.split_ascii_whitespace().next().unwrap_or_default();
    if name.contains("-cert-v0") {
        return Err(unsupported(
            "an OpenSSH certificate",
            Some("ssh-keygen -L -f FILE shows whose it is; use the key itself"),
        ));
    }
    let public = PublicKey::from_openssh(line).map_err(|error| damaged(&error))?;
    let key = match public.key_data() {
        KeyData::Rsa(key) => rsa::public_key(positive(&key.n)?, positive(&key.e)?)?,
        KeyData::Ecdsa(key) => {
            let point = Half::Public(key.as_sec1_bytes().to_vec());
            Key::new(Kind::Ec(curve_of(key.curve())), point)
        }
        KeyData::Ed25519(key) => Key::new(Kind::Ed25519, Half::Public(key.0.to_vec())),
        _ => return Err(other(&public.algorithm())),
    };
    Ok(file(key, false))
}

/// A type's name for a message: one of the known ones, or none.
fn plain_type(name: &str) -> &str {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-@.".contains(&b);
    if name.len() <= 40 && name.bytes().all(is_plain) { name } else { "?" }
}

/// Reads a private key from the bytes of its PEM block.
pub(super) fn read_private(bytes: &[u8], password: Option<&Secret>) -> Result<KeyFile, KeyError> {
    let mut private = PrivateKey::from_bytes(bytes).map_err(|error| damaged(&error))?;
    let was_encrypted = private.is_encrypted();
    if was_encrypted {
        private = open(&private, password)?;
    }
    let key = match private.key_data() {
        KeypairData::Rsa(pair) => {
            let RsaKeypair { public, private } = pair;
            let numbers = rsa::Private {
                d: positive(&private.d)?,
                primes: Some((positive(&private.p)?, positive(&private.q)?)),
                crt: None,
            };
            rsa::private_key(positive(&public.n)?, positive(&public.e)?, &numbers)?
        }
        KeypairData::Ecdsa(pair) => {
            let sec1 = sec1(pair.private_key_bytes(), pair.public_key_bytes())?;
            let curve = curve_of(pair.curve());
            Key::new(Kind::Ec(curve), Half::Private(ec_pkcs8(curve, sec1.expose())?))
        }
        KeypairData::Ed25519(pair) => {
            let seed = Zeroizing::new(pair.private.to_bytes());
            let pkcs8 = ed25519_pkcs8(&*seed, Some(&pair.public.0))?;
            Key::new(Kind::Ed25519, Half::Private(pkcs8))
        }
        _ => return Err(other(&private.algorithm())),
    };
    Ok(file(key, was_encrypted))
}

fn open(private: &PrivateKey, password: Option<&Secret>) -> Result<PrivateKey, KeyError> {
    if let Kdf::Bcrypt { rounds, .. } = private.kdf()
        && *rounds > MOST_ROUNDS
    {
        return Err(KeyError::TooCostly { cost: format!("{rounds} rounds of bcrypt") });
    }
    let password = password.ok_or(KeyError::Encrypted)?;
    private.decrypt(password.expose()).map_err(|error| match error {
        Error::AlgorithmUnknown | Error::AlgorithmUnsupported { .. } => damaged(&error),
        _ => KeyError::WrongPassword,
    })
}

fn file(key: Key, was_encrypted: bool) -> KeyFile {
    KeyFile { keys: Keys::One(key), encoding: Encoding::OpenSsh, was_encrypted, certificate: None }
}

fn damaged(error: &Error) -> KeyError {
    KeyError::Damaged { label: "OpenSSH key".to_owned(), reason: error.to_string() }
}

fn unsupported(found: &str, remedy: Option<&'static str>) -> KeyError {
    KeyError::Unsupported { found: found.to_owned(), remedy }
}

/// A kind of key that serves no JWS algorithm.
fn other(kind: &Type) -> KeyError {
    match kind {
        Type::Dsa => unsupported("a DSA key", None),
        Type::SkEcdsaSha2NistP256 | Type::SkEd25519 => unsupported(
            "an OpenSSH key of a security token, which signs nothing but SSH logins",
            None,
        ),
        other => {
            unsupported(&format!("an OpenSSH key of type {}", plain_type(other.as_str())), None)
        }
    }
}

fn positive(number: &Mpint) -> Result<&[u8], KeyError> {
    number.as_positive_bytes().ok_or_else(|| damaged(&Error::FormatEncoding))
}

fn sec1(number: &[u8], point: &[u8]) -> Result<Secret, KeyError> {
    super::der::ec_private(number, Some(point))
}

fn curve_of(curve: EcdsaCurve) -> Curve {
    match curve {
        EcdsaCurve::NistP256 => Curve::P256,
        EcdsaCurve::NistP384 => Curve::P384,
        EcdsaCurve::NistP521 => Curve::P521,
    }
}

/// Writes a key: the private one in OpenSSH's PEM, the public one as a line.
pub(super) fn write(halves: &Halves<'_>) -> Result<Secret, KeyError> {
    written(halves).map_err(|error| damaged(&error))
}

fn written(halves: &Halves<'_>) -> ssh_key::Result<Secret> {
    let Some(private) = halves.private else {
        let line = PublicKey::new(public(halves)?, "").to_openssh()?;
        return Ok(Secret::new(format!("{line}\n").into_bytes()));
    };
    let pair = pair(halves, private)?;
    let pem = PrivateKey::new(pair, "")?.to_openssh(LineEnding::LF)?;
    Ok(Secret::new(pem.as_bytes().to_vec()))
}

fn public(halves: &Halves<'_>) -> ssh_key::Result<KeyData> {
    Ok(match halves.kind {
        Kind::Rsa { .. } => {
            let key =
                pkcs1::RsaPublicKey::try_from(halves.public).map_err(|_| Error::FormatEncoding)?;
            KeyData::Rsa(RsaPublicKey {
                n: Mpint::from_positive_bytes(key.modulus.as_bytes())?,
                e: Mpint::from_positive_bytes(key.public_exponent.as_bytes())?,
            })
        }
        Kind::Ec(_) => KeyData::Ecdsa(EcdsaPublicKey::from_sec1_bytes(halves.public)?),
        Kind::Ed25519 => KeyData::Ed25519(Ed25519PublicKey::try_from(halves.public)?),
        Kind::Hmac => return Err(Error::AlgorithmUnknown),
    })
}

fn pair(halves: &Halves<'_>, private: &Secret) -> ssh_key::Result<KeypairData> {
    let unfit = |_| Error::FormatEncoding;
    Ok(match (halves.kind, public(halves)?) {
        (Kind::Rsa { .. }, KeyData::Rsa(public)) => {
            let key = pkcs1::RsaPrivateKey::try_from(private.expose())
                .map_err(|_| Error::FormatEncoding)?;
            let number = |number: pkcs1::UintRef<'_>| Mpint::from_positive_bytes(number.as_bytes());
            let private = RsaPrivateKey {
                d: number(key.private_exponent)?,
                iqmp: number(key.coefficient)?,
                p: number(key.prime1)?,
                q: number(key.prime2)?,
            };
            KeypairData::from(RsaKeypair { public, private })
        }
        (Kind::Ec(_), KeyData::Ecdsa(public)) => {
            let number = ec_number(private).map_err(|_| Error::FormatEncoding)?;
            let number = Mpint::from_positive_bytes(number.expose())?;
            // The library has no maker for this pair from its numbers; it reads their encoding.
            let curve = public.curve();
            let fields = [curve.as_str().as_bytes(), public.as_sec1_bytes(), number.as_bytes()];
            let mut encoded = Zeroizing::new(Vec::with_capacity(256));
            for field in fields {
                encoded.extend(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
                encoded.extend_from_slice(field);
            }
            KeypairData::decode_as(&mut &encoded[..], Type::Ecdsa { curve })?
        }
        (Kind::Ed25519, KeyData::Ed25519(public)) => {
            let seed = ed25519_seed(private).map_err(|_| Error::FormatEncoding)?;
            let seed: Zeroizing<[u8; 32]> =
                Zeroizing::new(seed.expose().try_into().map_err(unfit)?);
            KeypairData::from(Ed25519Keypair {
                public,
                private: ssh_key::private::Ed25519PrivateKey::from_bytes(&seed),
            })
        }
        _ => return Err(Error::AlgorithmUnknown),
    })
}
