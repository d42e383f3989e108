//! The encodings of keys that the crypto library takes and that keys are written in: PKCS#8 (RFC 5958, RFC 8410, RFC 9881)
//! around SEC 1 (RFC 5915) and PKCS#1 (RFC 8017), and SPKI (RFC 5280).

use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{
    self, Decode as _, Encode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _,
};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use sec1::EcPrivateKey;

use super::algorithm::{Curve, KeyType};
use super::error::KeyError;
use super::ml_dsa::ParameterSet;
use crate::secret::Secret;

pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(super) const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// The most elements of a SEQUENCE that are looked at: an RSA private key has nine.
const MOST_ELEMENTS: usize = 12;

/// The first elements of a SEQUENCE.
pub(super) fn elements(der: &[u8]) -> der::Result<Vec<AnyRef<'_>>> {
    let sequence = AnyRef::from_der(der)?;
    sequence.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(sequence.value())?;
    let mut elements = Vec::new();
    while !reader.is_finished() && elements.len() < MOST_ELEMENTS {
        elements.push(AnyRef::decode(&mut reader)?);
    }
    Ok(elements)
}

/// The algorithm identifier of a key type in PKCS#8 and SPKI.
fn identifier(key_type: KeyType) -> Result<AlgorithmIdentifierRef<'static>, KeyError> {
    let (oid, parameters) = match key_type {
        KeyType::Hmac => return Err(KeyError::NoPublicKey),
        KeyType::Rsa => (pkcs1::ALGORITHM_OID, Some(AnyRef::NULL)),
        KeyType::Ec(curve) => (sec1::ALGORITHM_OID, Some(AnyRef::from(curve.oid()))),
        KeyType::Ed25519 => (ED25519, None),
        KeyType::X25519 => (X25519, None),
        KeyType::MlDsa(set) => (*set.oid(), None),
    };
    Ok(AlgorithmIdentifierRef { oid, parameters })
}

/// The PKCS#8 of a private key in the encoding of its type: PKCS#1, SEC 1 or an OCTET STRING. A public key is written
/// beside it, so that the crypto library checks whether they match.
pub(crate) fn pkcs8(
    key_type: KeyType,
    encoded: &Secret,
    public: Option<&[u8]>,
) -> Result<Secret, KeyError> {
    let algorithm = identifier(key_type)?;
    let der = || -> der::Result<Vec<u8>> {
        let private_key = OctetStringRef::new(encoded.expose())?;
        let public_key = public.map(BitStringRef::from_bytes).transpose()?;
        PrivateKeyInfoRef { algorithm, private_key, public_key }.to_der()
    };
    der().map(Secret::new).map_err(|error| KeyError::damaged("PKCS#8", error))
}

/// The PKCS#8 of a private number on a curve, with its point if that is known.
pub(super) fn ec_pkcs8(
    curve: Curve,
    number: &[u8],
    point: Option<&[u8]>,
) -> Result<Secret, KeyError> {
    let key = EcPrivateKey { private_key: number, parameters: None, public_key: point };
    let sec1 = key.to_der().map(Secret::new).map_err(|error| KeyError::damaged("SEC 1", error))?;
    pkcs8(KeyType::Ec(curve), &sec1, None)
}

/// The PKCS#8 of a private key on Ed25519 or X25519 (RFC 8410 section 7).
pub(crate) fn okp_pkcs8(
    key_type: KeyType,
    seed: &[u8],
    public: Option<&[u8]>,
) -> Result<Secret, KeyError> {
    let inner = OctetStringRef::new(seed).and_then(|seed| seed.to_der()).map(Secret::new);
    pkcs8(key_type, &inner.map_err(|error| KeyError::damaged("PKCS#8", error))?, public)
}

/// The tag of an ML-DSA seed, which is a choice besides the expanded private key, or both (RFC 9881 section 6).
const SEED: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };

/// The PKCS#8 of an ML-DSA private key, as its seed.
pub(super) fn ml_dsa_pkcs8(
    set: ParameterSet,
    seed: &[u8],
    public: Option<&[u8]>,
) -> Result<Secret, KeyError> {
    let inner = AnyRef::new(SEED, seed).and_then(|seed| seed.to_der()).map(Secret::new);
    let inner = inner.map_err(|error| KeyError::damaged("PKCS#8", error))?;
    pkcs8(KeyType::MlDsa(set), &inner, public)
}

/// The seed of an ML-DSA private key in PKCS#8, also if the expanded key is beside it.
pub(super) fn ml_dsa_seed(set: ParameterSet, pkcs8: &Secret) -> Result<Secret, KeyError> {
    let damaged = |error| KeyError::damaged("PKCS#8", error);
    let info = read_pkcs8(pkcs8.expose())?;
    let inner = AnyRef::from_der(info.private_key.as_bytes()).map_err(damaged)?;
    let seed = match inner.tag() {
        SEED => inner.value(),
        Tag::OctetString => return Err(KeyError::NoSeed { set }),
        _ => match elements(info.private_key.as_bytes()).map_err(damaged)?[..] {
            [seed, expanded]
                if seed.tag() == Tag::OctetString && expanded.tag() == Tag::OctetString =>
            {
                seed.value()
            }
            _ => return Err(KeyError::damaged("PKCS#8", "it has no seed (RFC 9881 section 6)")),
        },
    };
    match seed.len() {
        ParameterSet::SEED_LENGTH => Ok(pkcs8.share(seed)),
        length => Err(KeyError::damaged("PKCS#8", format!("its seed has {length} bytes, not 32"))),
    }
}

/// The SPKI of a public key.
pub(crate) fn spki(key_type: KeyType, public: &[u8]) -> Result<Vec<u8>, KeyError> {
    let algorithm = identifier(key_type)?;
    BitStringRef::from_bytes(public)
        .and_then(|key| SubjectPublicKeyInfoRef { algorithm, subject_public_key: key }.to_der())
        .map_err(|error| KeyError::damaged("SPKI", error))
}

/// The public key in an SPKI.
pub(crate) fn public_bytes(spki: &[u8]) -> Option<Vec<u8>> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
    Some(info.subject_public_key.raw_bytes().to_vec())
}

pub(super) fn read_pkcs8(pkcs8: &[u8]) -> Result<PrivateKeyInfoRef<'_>, KeyError> {
    PrivateKeyInfoRef::try_from(pkcs8).map_err(|error| KeyError::damaged("PKCS#8", error))
}

/// The private number of an EC key in PKCS#8.
pub(super) fn ec_number(pkcs8: &Secret) -> Result<Secret, KeyError> {
    let key = EcPrivateKey::try_from(read_pkcs8(pkcs8.expose())?.private_key.as_bytes());
    let key = key.map_err(|error| KeyError::damaged("SEC 1", error))?;
    Ok(pkcs8.share(key.private_key))
}

/// The public key that is written beside a private one in PKCS#8.
pub(crate) fn public_beside(pkcs8: &Secret) -> Option<Vec<u8>> {
    Some(read_pkcs8(pkcs8.expose()).ok()?.public_key?.raw_bytes().to_vec())
}

/// The 32 bytes of an Ed25519 or X25519 key in PKCS#8.
pub(crate) fn okp_seed(pkcs8: &Secret) -> Result<Secret, KeyError> {
    let seed = read_pkcs8(pkcs8.expose())?.private_key.decode_into::<&OctetStringRef>();
    Ok(pkcs8.share(seed.map_err(|error| KeyError::damaged("PKCS#8", error))?.as_bytes()))
}
