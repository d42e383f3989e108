//! Whether bytes that are to be an HMAC secret are a key of another kind, in any of its spellings. A public key's
//! text is known to everyone: whoever could make it the secret could forge tokens (RFC 8725 section 2.1). No parser
//! decides here, so that a broken key is recognized as well.

mod members;
mod spellings;

use pkcs8::der::{Decode as _, Tag, Tagged as _, asn1::AnyRef};
use zeroize::Zeroizing;

use crate::keys::Curve;
use crate::keys::asn1::elements_of;
use crate::keys::ssh_wire::is_key_type;
use members::{is_jwk, is_labelled};
use spellings::spellings;

/// How many layers of escapes and digits are looked through.
const LAYERS: usize = 3;

/// What kind of key a text given as a secret is, if it is one.
pub(crate) fn key_material(bytes: &[u8]) -> Option<&'static str> {
    look(bytes, LAYERS, &mut |bytes, text| {
        if is_pem(text) {
            Some("a key or certificate in PEM")
        } else if is_jwk(text) {
            Some("a JSON Web Key")
        } else if is_ssh(text) {
            Some("an OpenSSH key")
        } else if is_der(bytes) || is_der(bytes.trim_ascii_end()) || holds_key(bytes) {
            Some("a key or certificate in DER")
        } else {
            is_labelled(text).then_some("a labelled public key")
        }
    })
}

/// What may be a point of an elliptic curve in a text given as a secret: it has the length of an uncompressed one
/// (SEC 1 section 2.3.3). The crypto library decides whether it lies on the curve.
pub(crate) fn possible_points(bytes: &[u8]) -> Vec<(Curve, Zeroizing<Vec<u8>>)> {
    let mut points = Vec::new();
    look(bytes, LAYERS, &mut |bytes, _| {
        if let [4, coordinates @ ..] = bytes {
            let curves = Curve::ALL.into_iter();
            let curves = curves.filter(|curve| coordinates.len() == 2 * curve.field_length());
            points.extend(curves.map(|curve| (curve, Zeroizing::new(bytes.to_vec()))));
        }
        None
    });
    points
}

/// Says what bytes are; they are passed as they are and as text.
type See<'a> = dyn FnMut(&[u8], &[u8]) -> Option<&'static str> + 'a;

/// Passes the bytes, and all that they may encode, to `see` until it finds something.
fn look(bytes: &[u8], layers: usize, see: &mut See<'_>) -> Option<&'static str> {
    let narrow = narrowed(bytes);
    let text = narrow.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&narrow).trim_ascii();
    if let Some(found) = see(bytes, text) {
        return Some(found);
    }
    let layers = layers.checked_sub(1)?;
    spellings(text).into_iter().find_map(|inner| look(&inner, layers, see))
}

/// The bytes without NULs and byte order marks: what UTF-16 leaves of text in ASCII.
fn narrowed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = bytes.strip_prefix(b"\xff\xfe").or(bytes.strip_prefix(b"\xfe\xff")).unwrap_or(bytes);
    let mut narrow = Zeroizing::new(Vec::with_capacity(text.len()));
    narrow.extend(text.iter().filter(|byte| **byte != 0));
    narrow
}

/// Whether there is a line such as `-----BEGIN PUBLIC KEY-----`, also with fewer dashes, with other characters
/// between the words, in another letter case, or as the END alone.
fn is_pem(text: &[u8]) -> bool {
    const QUALIFIERS: &str = "RSA EC DSA ENCRYPTED OPENSSH SSH2 X509 TRUSTED NEW ANY DH PGP";
    const LONGEST_LABEL: usize = 24;
    const LABELS: [&[u8]; 4] = [b"PUBLICKEY", b"PRIVATEKEY", b"CERTIFICATE", b"PARAMETERS"];
    let is_labelled = |rest: &[u8]| {
        let label = QUALIFIERS.split(' ').find_map(|word| rest.strip_prefix(word.as_bytes()));
        let is_label = |rest: &[u8]| LABELS.iter().any(|label| rest.starts_with(label));
        is_label(rest) || label.is_some_and(is_label)
    };
    let begins = |text: &[u8], word: &[u8]| {
        text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    (0..text.len()).any(|at| {
        let rest = &text[at..];
        let word = [&b"BEGIN"[..], b"END"].into_iter().find(|word| begins(rest, word));
        word.is_some_and(|word| {
            let before = &text[..at];
            let dashed = before.strip_suffix(b" ").unwrap_or(before).ends_with(b"----");
            // As in "weekend".
            let is_word = !before.last().is_some_and(u8::is_ascii_alphabetic);
            let letters = rest[word.len()..].iter().filter(|b| b.is_ascii_alphanumeric());
            let letters = letters.map(u8::to_ascii_uppercase).take(LONGEST_LABEL).collect();
            dashed || (is_word && is_labelled(&Zeroizing::<Vec<u8>>::new(letters)))
        })
    })
}

/// A line of `authorized_keys`, `known_hosts` or a `.pub` file: a type's name and the encoding of its length.
fn is_ssh(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace);
    words.clone().any(is_key_type) && words.any(|word| word.starts_with(b"AAAA"))
}

/// A SEQUENCE of at least two whole elements that fills the bytes, as every key and certificate is (RFC 5280, 5915,
/// 5958, 8017). Random bytes of a secret's length are not.
fn is_der(bytes: &[u8]) -> bool {
    AnyRef::from_der(bytes).is_ok_and(|outer| {
        outer.tag() == Tag::Sequence && elements_of(outer).is_ok_and(|inner| inner.len() >= 2)
    })
}

/// Bytes that only keys and certificates have: OIDs of algorithms, the beginnings of RSA keys of the usual sizes in
/// PKCS#1, those of keys in SSH's binary form. They are also in a key that was cut or is among other bytes. Each has
/// six bytes or more, so that random bytes do not contain them.
fn holds_key(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 16] = [
        // PKCS#1 (RFC 8017 appendix A): RSA keys, RSA signatures.
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x01",
        // ecPublicKey, and P-256 (RFC 5480 section 2.1.1).
        b"\x06\x07\x2a\x86\x48\xce\x3d\x02",
        b"\x06\x08\x2a\x86\x48\xce\x3d\x03",
        // X25519, X448, Ed25519, Ed448 (RFC 8410 section 3).
        b"\x30\x05\x06\x03\x2b\x65",
        // ML-DSA (RFC 9881 section 2).
        b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03",
        // RSAPublicKey of 1024, 2048, 3072 and 4096 bits.
        b"\x30\x81\x89\x02\x81\x81\x00",
        b"\x30\x82\x01\x0a\x02\x82\x01\x01\x00",
        b"\x30\x82\x01\x8a\x02\x82\x01\x81\x00",
        b"\x30\x82\x02\x0a\x02\x82\x02\x01\x00",
        b"\0\0\0\x07ssh-rsa",
        b"\0\0\0\x07ssh-dss",
        b"\0\0\0\x0bssh-ed25519",
        b"\0\0\0\x13ecdsa-sha2-",
        b"\0\0\0\x1ask-ssh-",
        b"\0\0\0\x22sk-ecdsa-",
        b"openssh-key-v1\0",
    ];
    (0..bytes.len()).any(|at| MARKS.iter().any(|mark| bytes[at..].starts_with(mark)))
}
