//! Keys in DER: PKCS#8 (RFC 5958, RFC 9881), PKCS#1 (RFC 8017), SEC 1 (RFC 5915), SPKI (RFC 5280) and certificates. Other known
//! DER is named in errors. Every structure has a fixed depth, so that nesting cannot exhaust the stack.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::Tag::{BitString, Integer, OctetString, Sequence};
use pkcs8::der::asn1::{AnyRef, ObjectIdentifier};
use pkcs8::der::{Decode, Encode as _, SliceReader, Tagged};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use x509_cert::request::CertReq;

use super::encrypted;
use crate::keys::asn1::{ED25519, X25519, elements, ml_dsa_seed, pkcs8, read_pkcs8};
use crate::keys::certificate::X509;
use crate::keys::{
    Curve, Encoding, Key, KeyError, KeyMaterial, KeyType, ParameterSet, ReadKey, rsa,
};
use crate::secret::Secret;

/// Curves that are known by name and that no JWS algorithm uses.
const OTHER_CURVES: [(&str, &str); 6] = [
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("1.2.156.10197.1.301", "SM2"),
];

pub(super) const DH_PARAMETERS: &str =
    "Diffie-Hellman parameters, which are for key agreement and cannot sign";

const DH_KEY: &str = "a Diffie-Hellman key, which is for key agreement and cannot sign";

/// Keys that are known by name and support no JWS algorithm here.
const OTHER_KEYS: [(&str, &str); 6] = [
    ("1.3.101.111", "an X448 key, which is for key agreement and cannot sign"),
    ("1.3.101.113", "an Ed448 key, which jwtctl does not sign with"),
    ("1.2.840.113549.1.1.10", "an RSA key restricted to PSS"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.2.840.113549.1.3.1", DH_KEY),
    ("1.2.840.10046.2.1", DH_KEY),
];

/// The structures that hold keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    Pkcs8,
    EncryptedPkcs8,
    Pkcs1Private,
    Pkcs1Public,
    Sec1,
    Spki,
    Certificate,
}

impl Structure {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PKCS#8",
            Self::EncryptedPkcs8 => encrypted::NAME,
            Self::Pkcs1Private | Self::Pkcs1Public => "PKCS#1",
            Self::Sec1 => "SEC 1",
            Self::Spki => "SPKI",
            Self::Certificate => "X.509 certificate",
        }
    }
}

/// Parses bytes as a SEQUENCE, which white space may follow.
pub(super) fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    let first = AnyRef::decode(&mut SliceReader::new(bytes).ok()?).ok()?;
    let length = usize::try_from(first.encoded_len().ok()?).ok()?;
    let is_whole = bytes.get(length..)?.iter().all(u8::is_ascii_whitespace);
    (first.tag() == Sequence && is_whole).then(|| &bytes[..length])
}

/// Recognises a structure by the tags of its first elements. `Unsupported` names other structures that are known.
pub(super) fn structure_of(der: &[u8]) -> Result<Structure, KeyError> {
    let unsupported =
        |found: &str, remedy| Err(KeyError::Unsupported { found: found.to_owned(), remedy });
    let Ok(elements) = elements(der) else { return unsupported("DER that does not decode", None) };
    let tags: Vec<_> = elements.iter().map(Tagged::tag).collect();
    Ok(match tags[..] {
        [Integer, Sequence, OctetString, ..] => Structure::Pkcs8,
        [Sequence, OctetString] => Structure::EncryptedPkcs8,
        [Integer, OctetString, ..] => Structure::Sec1,
        [Sequence, BitString] => Structure::Spki,
        [Sequence, Sequence, BitString] if CertReq::from_der(der).is_ok() => {
            let remedy = "openssl req -in REQUEST -noout -pubkey";
            return unsupported("a certificate request", Some(remedy));
        }
        [Sequence, Sequence, BitString] => Structure::Certificate,
        [Integer, Sequence] | [Integer, Sequence, Sequence] => {
            let remedy = "openssl pkcs12 -in FILE -nodes -nocerts -out key.pem";
            let found = "a PKCS#12 file, or another that contains more than a key";
            return unsupported(found, Some(remedy));
        }
        // Two integers are an RSA public key, unless the second one is a generator of Diffie-Hellman.
        [Integer, Integer] if elements[1].value() != [2] => Structure::Pkcs1Public,
        [Integer, Integer, Integer, ..] if tags.len() >= 9 => Structure::Pkcs1Private,
        [Integer, Integer, ..] if tags.len() == 6 => return unsupported("a DSA key", None),
        // p, q and g of DSA, whose q has 160 to 256 bits (FIPS 186-4 section 4.2). The second number of
        // Diffie-Hellman is a generator: a digit (PKCS#3), or as long as p (RFC 2631).
        [Integer, Integer, Integer] if (20..=33).contains(&elements[1].value().len()) => {
            return unsupported("DSA parameters, not a key", None);
        }
        [Integer, Integer, ..] => return unsupported(DH_PARAMETERS, None),
        _ => return unsupported("DER that is not a key", None),
    })
}

/// Reads DER, and recognises its structure by its content.
pub(super) fn read_any(der: &Secret, password: Option<&Secret>) -> Result<ReadKey, KeyError> {
    read(structure_of(der.expose())?, der, password, None, Encoding::Der)
}

/// Reads a structure. `curve` is the one that parameters before a SEC 1 key name.
pub(super) fn read(
    structure: Structure,
    der: &Secret,
    password: Option<&Secret>,
    curve: Option<ObjectIdentifier>,
    encoding: fn(&'static str) -> Encoding,
) -> Result<ReadKey, KeyError> {
    let name = structure.name();
    let mut certificate = None;
    let key = match structure {
        Structure::Pkcs8 => pkcs8_key(der)?,
        Structure::EncryptedPkcs8 => {
            let opened = encrypted::open(der.expose(), password)?;
            pkcs8_key(&opened).map_err(KeyError::after_decryption)?
        }
        Structure::Pkcs1Private => rsa_private(name, der)?,
        Structure::Pkcs1Public => rsa_public(name, der.expose())?,
        Structure::Sec1 => sec1_key(der, curve)?,
        Structure::Spki => spki_key(name, der.expose())?,
        Structure::Certificate => {
            let read = X509::read(der.expose());
            let read = read.map_err(|error| KeyError::damaged(name, error))?;
            certificate = Some(Box::new(read.facts));
            spki_key(name, &read.spki)?
        }
    };
    Ok(ReadKey {
        was_encrypted: structure == Structure::EncryptedPkcs8,
        certificate,
        ..ReadKey::new(key, encoding(name))
    })
}

fn pkcs8_key(der: &Secret) -> Result<Key, KeyError> {
    let info = read_pkcs8(der.expose())?;
    let key_type = type_of(&info.algorithm)?;
    match key_type {
        KeyType::Rsa => return rsa_private("PKCS#8", &der.share(info.private_key.as_bytes())),
        KeyType::MlDsa(set) => drop(ml_dsa_seed(set, der)?),
        _ => {}
    }
    Ok(Key::new(key_type, KeyMaterial::Private(der.clone())))
}

fn spki_key(name: &str, der: &[u8]) -> Result<Key, KeyError> {
    let info =
        SubjectPublicKeyInfoRef::from_der(der).map_err(|error| KeyError::damaged(name, error))?;
    let public = info.subject_public_key.raw_bytes();
    match type_of(&info.algorithm)? {
        KeyType::Rsa => rsa_public("SPKI", public),
        key_type => Ok(Key::new(key_type, KeyMaterial::Public(public.to_vec()))),
    }
}

fn rsa_private(name: &str, der: &Secret) -> Result<Key, KeyError> {
    let key =
        RsaPrivateKeyRef::try_from(der.expose()).map_err(|error| KeyError::damaged(name, error))?;
    let bits = rsa::modulus_bits(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key::rsa(bits, KeyMaterial::Private(der.clone())))
}

fn rsa_public(name: &str, der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPublicKeyRef::try_from(der).map_err(|error| KeyError::damaged(name, error))?;
    let bits = rsa::modulus_bits(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    Ok(Key::rsa(bits, KeyMaterial::Public(der.to_vec())))
}

/// A SEC 1 key names its curve itself, or the parameters before it do.
fn sec1_key(der: &Secret, curve: Option<ObjectIdentifier>) -> Result<Key, KeyError> {
    let key = EcPrivateKey::try_from(der.expose()).map_err(|error| {
        if spells_out_its_curve(der.expose()) {
            spelled_out()
        } else {
            KeyError::damaged(Structure::Sec1.name(), error)
        }
    })?;
    let named = key.parameters.map(|EcParameters::NamedCurve(oid)| oid).or(curve);
    let oid = named
        .ok_or_else(|| KeyError::unsupported("an EC private key that does not name its curve"))?;
    let key_type = KeyType::Ec(curve_of(oid)?);
    Ok(Key::new(key_type, KeyMaterial::Private(pkcs8(key_type, der, None)?)))
}

fn type_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<KeyType, KeyError> {
    match algorithm.oid {
        pkcs1::ALGORITHM_OID => Ok(KeyType::Rsa),
        ED25519 => Ok(KeyType::Ed25519),
        X25519 => Ok(KeyType::X25519),
        sec1::ALGORITHM_OID => {
            let curve = algorithm.parameters_oid().map_err(|_| spelled_out())?;
            Ok(KeyType::Ec(curve_of(curve)?))
        }
        oid if let Some(set) = ParameterSet::ALL.into_iter().find(|set| *set.oid() == oid) => {
            Ok(KeyType::MlDsa(set))
        }
        other => {
            let name = OTHER_KEYS.iter().find(|(oid, _)| *oid == other.to_string());
            let found = name.map_or_else(|| format!("a key of type {other}"), |(_, n)| (*n).into());
            Err(KeyError::unsupported(found))
        }
    }
}

fn curve_of(oid: ObjectIdentifier) -> Result<Curve, KeyError> {
    Curve::ALL.into_iter().find(|curve| *curve.oid() == oid).ok_or_else(|| {
        let oid = oid.to_string();
        let name = OTHER_CURVES.iter().find(|(other, _)| *other == oid).map_or(&*oid, |(_, n)| n);
        KeyError::unsupported(format!("an EC key on the curve {name}"))
    })
}

fn spelled_out() -> KeyError {
    KeyError::convertible(
        "an EC key with explicit curve parameters instead of a named curve",
        "openssl pkey -in KEY -ec_param_enc named_curve (with -pubin for a public key)",
    )
}

/// Whether the parameters of a SEC 1 key are a SEQUENCE, not the name of a curve.
fn spells_out_its_curve(der: &[u8]) -> bool {
    let parameters = elements(der).ok().and_then(|elements| elements.get(2).copied());
    let inner = parameters.and_then(|parameters| AnyRef::from_der(parameters.value()).ok());
    inner.is_some_and(|inner| inner.tag() == Sequence)
}
