//! Keys in DER: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017), SEC 1 (RFC 5915) and SPKI (RFC 5280), read into
//! the encodings the crypto library takes, and what else DER may hold, by name. Every structure is of
//! fixed depth, so nothing nested can be built to exhaust the stack.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Decode, Encode as _, Reader as _, SliceReader, Tag, Tagged as _};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::Error::{AlgorithmParametersInvalid, NoPbes1CryptSupport, UnsupportedAlgorithm};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};

use crate::keys::read::certificate::{self, Certificate};
use crate::keys::{Curve, Key, KeyError, KeyMaterial, KeyType, rsa};
use crate::secret::Secret;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const CURVES: [(ObjectIdentifier, Curve); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), Curve::Secp256k1),
];

/// Curves that are known by name and that no JWS algorithm uses.
const OTHER_CURVES: [(&str, &str); 6] = [
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("1.2.156.10197.1.301", "SM2"),
];

/// What Diffie-Hellman's parameters are called.
pub(crate) const DH_PARAMETERS: &str =
    "Diffie-Hellman parameters, which agree on keys and cannot sign";

const DH_KEY: &str = "a Diffie-Hellman key, which agrees on keys and cannot sign";

/// Keys that are known by name and serve no JWS algorithm here.
const OTHERS: [(&str, &str); 10] = [
    ("1.3.101.110", "an X25519 key, which agrees on keys and cannot sign"),
    ("1.3.101.111", "an X448 key, which agrees on keys and cannot sign"),
    ("1.3.101.113", "an Ed448 key, which jwtctl does not sign with"),
    ("1.2.840.113549.1.1.10", "an RSA key restricted to PSS"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.2.840.113549.1.3.1", DH_KEY),
    ("1.2.840.10046.2.1", DH_KEY),
    ("2.16.840.1.101.3.4.3.17", "an ML-DSA-44 key"),
    ("2.16.840.1.101.3.4.3.18", "an ML-DSA-65 key"),
    ("2.16.840.1.101.3.4.3.19", "an ML-DSA-87 key"),
];

/// The structures that hold keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Structure {
    Pkcs8,
    EncryptedPkcs8,
    Pkcs1Private,
    Pkcs1Public,
    Sec1,
    Spki,
    Certificate,
}

impl Structure {
    /// Its name, as people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PKCS#8",
            Self::EncryptedPkcs8 => "encrypted PKCS#8",
            Self::Pkcs1Private | Self::Pkcs1Public => "PKCS#1",
            Self::Sec1 => "SEC 1",
            Self::Spki => "SPKI",
            Self::Certificate => "X.509 certificate",
        }
    }
}

/// A key read from DER, and the certificate around it, if there is one.
pub(crate) struct Read {
    pub key: Key,
    pub certificate: Option<Certificate>,
}

impl From<Key> for Read {
    fn from(key: Key) -> Self {
        Self { key, certificate: None }
    }
}

/// The SEQUENCE that bytes are, without white space after it.
pub(crate) fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let first = AnyRef::decode(&mut reader).ok()?;
    let length = usize::try_from(first.encoded_len().ok()?).ok()?;
    let is_whole = bytes.get(length..)?.iter().all(u8::is_ascii_whitespace);
    (first.tag() == Tag::Sequence && is_whole).then(|| &bytes[..length])
}

/// Reads DER of a kind that nothing but its content tells.
///
/// # Errors
/// `Unsupported` for what is no key, else what [`read`] says.
pub(crate) fn read_any(
    der: &[u8],
    password: Option<&Secret>,
) -> Result<(Structure, Read), KeyError> {
    let structure = structure_of(der).ok_or_else(|| unsupported(what_else(der)))?;
    Ok((structure, read(structure, der, password, None)?))
}

/// What structure a SEQUENCE is, by the tags of its first elements.
pub(crate) fn structure_of(der: &[u8]) -> Option<Structure> {
    let tags = tags(der)?;
    Some(match tags[..] {
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Structure::Pkcs8,
        [Tag::Sequence, Tag::OctetString] => Structure::EncryptedPkcs8,
        [Tag::Integer, Tag::OctetString, ..] => Structure::Sec1,
        [Tag::Sequence, Tag::BitString] => Structure::Spki,
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => {
            let is_request = certificate::is_request(der);
            return (!is_request).then_some(Structure::Certificate);
        }
        [Tag::Integer, Tag::Integer] if !is_dh_parameters(der) => Structure::Pkcs1Public,
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] if tags.len() >= 9 => {
            Structure::Pkcs1Private
        }
        _ => return None,
    })
}

fn tags(der: &[u8]) -> Option<Vec<Tag>> {
    let outer = AnyRef::from_der(der).ok()?;
    let mut reader = SliceReader::new(outer.value()).ok()?;
    let mut tags = Vec::new();
    while !reader.is_finished() && tags.len() < 12 {
        tags.push(AnyRef::decode(&mut reader).ok()?.tag());
    }
    Some(tags)
}

/// Two integers are an RSA public key, unless the second one is a generator.
fn is_dh_parameters(der: &[u8]) -> bool {
    RsaPublicKeyRef::from_der(der).is_ok_and(|key| matches!(key.public_exponent.as_bytes(), [2]))
}

/// Whether three numbers are p, q and g of DSA, whose q has 160 to 256 bits (FIPS 186-4 section 4.2). The second one
/// of Diffie-Hellman is a generator: a digit (PKCS#3), or as long as p (RFC 2631).
fn is_dsa(der: &[u8]) -> bool {
    let second = || -> pkcs8::der::Result<usize> {
        let mut reader = SliceReader::new(AnyRef::from_der(der)?.value())?;
        AnyRef::decode(&mut reader)?;
        Ok(AnyRef::decode(&mut reader)?.value().len())
    };
    second().is_ok_and(|length| (20..=33).contains(&length))
}

/// What DER that is no key holds.
fn what_else(der: &[u8]) -> (&'static str, Option<&'static str>) {
    let Some(tags) = tags(der) else { return ("DER that does not decode", None) };
    match tags[..] {
        [Tag::Integer, Tag::Sequence] | [Tag::Integer, Tag::Sequence, Tag::Sequence] => (
            "a PKCS#12 file, or another that holds more than a key",
            Some("openssl pkcs12 -in FILE -nodes -nocerts -out key.pem"),
        ),
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => {
            ("a certificate request", Some("openssl req -in REQUEST -noout -pubkey"))
        }
        [Tag::Integer, Tag::Integer, ..] if tags.len() == 6 => ("a DSA key", None),
        [Tag::Integer, Tag::Integer, Tag::Integer] if is_dsa(der) => {
            ("DSA parameters, not a key", None)
        }
        [Tag::Integer, Tag::Integer, ..] => (DH_PARAMETERS, None),
        _ => ("DER that is no key", None),
    }
}

fn unsupported((found, remedy): (&str, Option<&'static str>)) -> KeyError {
    KeyError::unsupported(found, remedy)
}

/// Reads a structure. `curve` is the one that parameters before a SEC 1 key name.
///
/// # Errors
/// `Damaged` if it does not decode, `Unsupported` if its kind of key is not used here, and what keeps
/// an encrypted one from being opened.
pub(crate) fn read(
    structure: Structure,
    der: &[u8],
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
) -> Result<Read, KeyError> {
    let damaged = |reason: pkcs8::der::Error| damaged(structure, &reason);
    Ok(match structure {
        Structure::Pkcs8 => pkcs8(der)?.into(),
        Structure::EncryptedPkcs8 => encrypted(der, password)?.into(),
        Structure::Pkcs1Private => rsa_private(structure, der)?.into(),
        Structure::Pkcs1Public => rsa_public(structure, der)?.into(),
        Structure::Sec1 => sec1(der, curve)?.into(),
        Structure::Spki => spki(&SubjectPublicKeyInfoRef::from_der(der).map_err(damaged)?)?.into(),
        Structure::Certificate => {
            let certificate = certificate::read(der).map_err(damaged)?;
            let info =
                SubjectPublicKeyInfoRef::from_der(&certificate.public_key).map_err(damaged)?;
            Read { key: spki(&info)?, certificate: Some(certificate.facts) }
        }
    })
}

fn damaged(structure: Structure, reason: &impl ToString) -> KeyError {
    KeyError::damaged(structure.name(), reason.to_string())
}

fn opened(pkcs8: &[u8]) -> Result<PrivateKeyInfoRef<'_>, KeyError> {
    PrivateKeyInfoRef::try_from(pkcs8).map_err(|error| damaged(Structure::Pkcs8, &error))
}

fn pkcs8(der: &[u8]) -> Result<Key, KeyError> {
    let info = opened(der)?;
    match kind_of(&info.algorithm)? {
        None => rsa_private(Structure::Pkcs8, info.private_key.as_bytes()),
        Some(kind) => Ok(Key::new(kind, KeyMaterial::Private(Secret::new(der.to_vec())))),
    }
}

fn spki(info: &SubjectPublicKeyInfoRef<'_>) -> Result<Key, KeyError> {
    let public = info.subject_public_key.raw_bytes();
    match kind_of(&info.algorithm)? {
        None => rsa_public(Structure::Spki, public),
        Some(kind) => Ok(Key::new(kind, KeyMaterial::Public(public.to_vec()))),
    }
}

fn rsa_private(structure: Structure, der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPrivateKeyRef::try_from(der).map_err(|error| damaged(structure, &error))?;
    let kind = rsa::kind(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key::new(kind, KeyMaterial::Private(Secret::new(der.to_vec()))))
}

fn rsa_public(structure: Structure, der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPublicKeyRef::try_from(der).map_err(|error| damaged(structure, &error))?;
    let kind = rsa::kind(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key::new(kind, KeyMaterial::Public(der.to_vec())))
}

/// A SEC 1 key names its curve itself, or the parameters before it do.
fn sec1(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<Key, KeyError> {
    let key = EcPrivateKey::try_from(der).map_err(|error| {
        if spells_its_curve_out(der) { spelled_out() } else { damaged(Structure::Sec1, &error) }
    })?;
    let named = key.parameters.map(|EcParameters::NamedCurve(oid)| oid).or(curve);
    let oid = named
        .ok_or_else(|| unsupported(("an EC private key that does not name its curve", None)))?;
    let curve = curve_of(oid)?;
    Ok(Key::new(KeyType::Ec(curve), KeyMaterial::Private(ec_pkcs8(curve, der)?)))
}

/// A SEC 1 key of a curve in PKCS#8, as the crypto library takes it.
pub(crate) fn ec_pkcs8(curve: Curve, sec1: &[u8]) -> Result<Secret, KeyError> {
    let curve = oid_of(curve);
    let algorithm = AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(&curve)) };
    wrapped(algorithm, sec1)
}

/// A SEC 1 key of a private number, and of its point where that is known.
pub(crate) fn ec_private(number: &[u8], point: Option<&[u8]>) -> Result<Secret, KeyError> {
    let key = EcPrivateKey { private_key: number, parameters: None, public_key: point };
    key.to_der().map(Secret::new).map_err(|error| damaged(Structure::Sec1, &error))
}

/// The PKCS#8 of a seed on Ed25519 (RFC 8410 section 7). The public half, where it is given, is written
/// beside it, so that the crypto library sees whether they belong together.
pub(crate) fn ed25519_pkcs8(seed: &[u8], public: Option<&[u8]>) -> Result<Secret, KeyError> {
    let failed = |error: pkcs8::der::Error| damaged(Structure::Pkcs8, &error);
    let inner = OctetStringRef::new(seed).and_then(|seed| seed.to_der()).map(Secret::new);
    let inner = inner.map_err(failed)?;
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let private_key = OctetStringRef::new(inner.expose()).map_err(failed)?;
    let public_key = public.map(BitStringRef::from_bytes).transpose().map_err(failed)?;
    let info = PrivateKeyInfoRef { algorithm, private_key, public_key };
    info.to_der().map(Secret::new).map_err(failed)
}

/// The PKCS#8 of an RSA key in PKCS#1.
pub(crate) fn rsa_pkcs8(pkcs1: &[u8]) -> Result<Secret, KeyError> {
    wrapped(AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) }, pkcs1)
}

fn wrapped(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Secret, KeyError> {
    let key = OctetStringRef::new(key);
    let der = key.and_then(|key| PrivateKeyInfoRef::new(algorithm, key).to_der());
    der.map(Secret::new).map_err(|error| damaged(Structure::Pkcs8, &error))
}

/// The SPKI of a public half.
pub(crate) fn public_info(kind: KeyType, public: &[u8]) -> Result<Vec<u8>, KeyError> {
    let curve;
    let algorithm = match kind {
        KeyType::Rsa { .. } => AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) },
        KeyType::Ec(named) => {
            curve = oid_of(named);
            AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(&curve)) }
        }
        KeyType::Ed25519 => AlgorithmIdentifierRef { oid: ED25519, parameters: None },
        KeyType::Hmac => return Err(KeyError::NoPublicHalf),
    };
    let failed = |error: pkcs8::der::Error| damaged(Structure::Spki, &error);
    let subject_public_key = BitStringRef::from_bytes(public).map_err(failed)?;
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().map_err(failed)
}

/// The public half that an SPKI holds.
#[must_use]
pub fn public_bytes(spki: &[u8]) -> Option<Vec<u8>> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
    Some(info.subject_public_key.raw_bytes().to_vec())
}

/// The private number of an EC key in PKCS#8.
pub(crate) fn ec_number(pkcs8: &Secret) -> Result<Secret, KeyError> {
    let info = opened(pkcs8.expose())?;
    let key = EcPrivateKey::try_from(info.private_key.as_bytes());
    let key = key.map_err(|error| damaged(Structure::Sec1, &error))?;
    Ok(Secret::new(key.private_key.to_vec()))
}

/// The seed of an Ed25519 key in PKCS#8.
pub(crate) fn ed25519_seed(pkcs8: &Secret) -> Result<Secret, KeyError> {
    let info = opened(pkcs8.expose())?;
    let seed = info.private_key.decode_into::<&OctetStringRef>();
    let seed = seed.map_err(|error| damaged(Structure::Pkcs8, &error))?;
    Ok(Secret::new(seed.as_bytes().to_vec()))
}

/// What an algorithm identifier stands for; `None` for RSA, whose size is in the key itself.
fn kind_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<KeyType>, KeyError> {
    match algorithm.oid {
        RSA => Ok(None),
        ED25519 => Ok(Some(KeyType::Ed25519)),
        EC => {
            let curve = algorithm.parameters_oid().map_err(|_| spelled_out())?;
            Ok(Some(KeyType::Ec(curve_of(curve)?)))
        }
        other => {
            let name = OTHERS.iter().find(|(oid, _)| *oid == other.to_string());
            let found = name.map_or_else(|| format!("a key of type {other}"), |(_, n)| (*n).into());
            Err(KeyError::unsupported(found, None))
        }
    }
}

fn spelled_out() -> KeyError {
    unsupported((
        "an EC key with its curve spelled out in place of its name",
        Some("openssl pkey -in KEY -ec_param_enc named_curve (with -pubin for a public key)"),
    ))
}

/// Whether the parameters of a SEC 1 key are a SEQUENCE, not the name of a curve.
fn spells_its_curve_out(der: &[u8]) -> bool {
    let parameters = || -> pkcs8::der::Result<Tag> {
        let mut reader = SliceReader::new(AnyRef::from_der(der)?.value())?;
        AnyRef::decode(&mut reader)?;
        AnyRef::decode(&mut reader)?;
        Ok(AnyRef::from_der(AnyRef::decode(&mut reader)?.value())?.tag())
    };
    parameters().is_ok_and(|tag| tag == Tag::Sequence)
}

fn curve_of(oid: ObjectIdentifier) -> Result<Curve, KeyError> {
    let known = CURVES.iter().find(|(known, _)| *known == oid).map(|(_, curve)| *curve);
    known.ok_or_else(|| {
        let oid = oid.to_string();
        let name = OTHER_CURVES.iter().find(|(other, _)| *other == oid).map_or(&*oid, |(_, n)| n);
        KeyError::unsupported(format!("an EC key on the curve {name}"), None)
    })
}

fn oid_of(curve: Curve) -> ObjectIdentifier {
    CURVES.iter().find(|(_, known)| *known == curve).map_or(CURVES[0].0, |(oid, _)| *oid)
}

/// The curve that a block of EC parameters names.
pub(crate) fn named_curve(der: &[u8]) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_der(der).ok()
}

/// The most work that opening a key may take: iterations of PBKDF2, which take some seconds.
const MOST_ITERATIONS: u32 = 10_000_000;

/// The most memory that scrypt may take, in bytes, for each of its lanes, and all of them.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

fn encrypted(der: &[u8], password: Option<&Secret>) -> Result<Key, KeyError> {
    let structure = Structure::EncryptedPkcs8;
    let info = match EncryptedPrivateKeyInfoRef::from_der(der) {
        Ok(info) => info,
        Err(_) if tags(der).is_some() => return Err(foreign_cipher()),
        Err(error) => return Err(damaged(structure, &error)),
    };
    check_cost(&info.encryption_algorithm)?;
    let password = password.ok_or(KeyError::Encrypted)?;
    let opened = info.decrypt(password.expose()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(NoPbes1CryptSupport | UnsupportedAlgorithm { .. }) => {
            foreign_cipher()
        }
        pkcs8::Error::EncryptedPrivateKey(AlgorithmParametersInvalid { .. }) => bad_parameters(),
        // A wrong password leaves padding that is wrong, or looks right and stands behind no key.
        _ => KeyError::WrongPassword,
    })?;
    pkcs8(opened.as_bytes()).map_err(|error| match error {
        KeyError::Damaged { .. } => KeyError::WrongPassword,
        other => other,
    })
}

fn foreign_cipher() -> KeyError {
    unsupported((
        "a private key encrypted in an old or uncommon way",
        Some("openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem"),
    ))
}

fn bad_parameters() -> KeyError {
    damaged(Structure::EncryptedPkcs8, &"the parameters of its encryption are invalid")
}

fn check_cost(scheme: &EncryptionScheme) -> Result<(), KeyError> {
    let Some(pbes2) = scheme.pbes2() else { return Err(foreign_cipher()) };
    let too_costly = |cost: String| Err(KeyError::TooCostly { cost });
    if let Some(pbkdf2) = pbes2.kdf.pbkdf2().filter(|kdf| kdf.iteration_count > MOST_ITERATIONS) {
        return too_costly(format!("{} iterations of PBKDF2", pbkdf2.iteration_count));
    }
    if let Some(scrypt) = pbes2.kdf.scrypt() {
        let (cost, lanes) = (scrypt.cost_parameter, u64::from(scrypt.parallelization));
        // RFC 7914 section 6. The library panics on a cost of 0.
        if !cost.is_power_of_two() {
            return Err(bad_parameters());
        }
        let memory = u64::from(scrypt.block_size).saturating_mul(128).saturating_mul(cost);
        if memory.saturating_mul(lanes) > MOST_MEMORY {
            return too_costly(format!("{} MiB of scrypt", memory.saturating_mul(lanes) >> 20));
        }
    }
    Ok(())
}
