//! Recognizes a key of another type in bytes that were given as an HMAC secret, also through escapes, base64 and hex.
//! If a public key were the secret, anyone could forge tokens (RFC 8725 section 2.1). Parsers are not used, so that a
//! broken key is recognized as well.

mod spellings;

use spellings::{is_base64, spellings};
use zeroize::Zeroizing;

use super::Curve;
use super::asn1::elements;
use super::error::KeyError;
use super::wire::is_key_type;

/// How many layers of escapes, base64 and hex are decoded.
const LAYERS: usize = 3;

/// Checks that a text given as a secret is not a key of another kind.
pub(super) fn check_not_a_key(bytes: &[u8]) -> Result<(), KeyError> {
    let found = look(bytes, LAYERS, &mut |bytes, text| {
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
    });
    found.map_or(Ok(()), |found| Err(KeyError::NotASecret { found }))
}

/// Bytes in a secret that are as long as an uncompressed point (SEC 1 section 2.3.3). The crypto library decides
/// whether they are a point on the curve.
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

/// Names what it recognizes. It gets the bytes, and the same bytes as text.
type See<'a> = dyn FnMut(&[u8], &[u8]) -> Option<&'static str> + 'a;

/// Calls `see` with the bytes, and with everything that they may encode, until it recognizes something.
fn look(bytes: &[u8], layers: usize, see: &mut See<'_>) -> Option<&'static str> {
    let narrow = narrowed(bytes);
    let text = narrow.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&narrow).trim_ascii();
    if let Some(found) = see(bytes, text) {
        return Some(found);
    }
    let layers = layers.checked_sub(1)?;
    spellings(text).into_iter().find_map(|inner| look(&inner, layers, see))
}

/// The bytes without NULs and byte order mark, which turns ASCII text in UTF-16 into ASCII.
fn narrowed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = bytes.strip_prefix(b"\xff\xfe").or(bytes.strip_prefix(b"\xfe\xff")).unwrap_or(bytes);
    let mut narrow = Zeroizing::new(Vec::with_capacity(text.len()));
    narrow.extend(text.iter().filter(|byte| **byte != 0));
    narrow
}

/// Whether there is a line such as `-----BEGIN PUBLIC KEY-----`, also with fewer dashes, other characters between the
/// words, in another letter case, or only the END line.
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
    elements(bytes).is_ok_and(|elements| elements.len() >= 2)
}

/// Bytes that only keys and certificates have: OIDs of algorithms, the beginnings of RSA keys of the usual sizes in
/// PKCS#1, those of keys in SSH's binary form. They show a key even if it was cut or is among other bytes. Each has six
/// bytes or more, so that random bytes do not contain them.
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

/// A label, and the text after it.
struct Member<'a> {
    name: &'a [u8],
    is_quoted: bool,
    value: &'a [u8],
}

impl Member<'_> {
    /// Whether its value is one of these words, or begins with one.
    fn is_any(&self, words: &[&str]) -> bool {
        let begins = |word: &&str| {
            let head = self.value.get(..word.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        };
        words.iter().any(begins)
    }

    /// How many digits of base64 or hexadecimal its value begins with, across line breaks and colons.
    fn digits(&self) -> usize {
        let mut is_after_line = false;
        let goes_on = |byte: &&u8| {
            is_after_line = match byte {
                b'\r' | b'\n' => true,
                b' ' | b'\t' if is_after_line => true,
                b':' => is_after_line,
                byte if is_base64(**byte) => false,
                _ => return false,
            };
            true
        };
        self.value.iter().take_while(goes_on).filter(|byte| is_base64(**byte)).count()
    }
}

/// How far before a separator a name is looked for, and how far after it a value.
const NEAR: usize = 48;

/// Every name that a colon, an equals sign or the end of a tag follows.
fn members(text: &[u8]) -> impl Iterator<Item = Member<'_>> {
    let separators = text.iter().enumerate().filter(|(_, byte)| b":=>".contains(byte));
    separators.filter_map(|(at, _)| {
        // Quotes that a word processor has made typographic are not ASCII.
        let is_quote = |byte: &u8| b"\"'`".contains(byte) || !byte.is_ascii();
        let is_around = |byte: &u8| is_quote(byte) || b" \t\\:=>".contains(byte);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        let before = &text[at.saturating_sub(NEAR)..at];
        // As in "Modulus (2048 bit):".
        let note =
            before.ends_with(b")").then(|| before.iter().rposition(|byte| *byte == b'(')).flatten();
        let before = note.map_or(before, |note| &before[..note]);
        let end = before.iter().rposition(|byte| !is_around(byte))? + 1;
        let start = before[..end].iter().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
        let name = &before[start..end];
        let is_quoted = before[end..].iter().any(is_quote);
        let value = &text[at + 1..];
        let skipped = value.iter().take(NEAR).take_while(|byte| {
            byte.is_ascii_whitespace() || is_quote(byte) || b"\\=>".contains(byte)
        });
        let value = &value[skipped.count()..];
        (!name.is_empty()).then_some(Member { name, is_quoted, value })
    })
}

/// Whether a text has the members that make a JWK or a set of them.
fn is_jwk(text: &[u8]) -> bool {
    const TYPES: [&str; 5] = ["RSA", "EC", "OKP", "oct", "AKP"];
    const OTHER_CURVES: [&str; 4] = ["Ed25519", "Ed448", "X25519", "X448"];
    let curves = Curve::ALL.map(Curve::name);
    let (mut x, mut y, mut k, mut other) = (false, false, false, false);
    for member in members(text) {
        match member.name.to_ascii_lowercase().as_slice() {
            b"kty" if member.is_quoted || member.is_any(&TYPES) => return true,
            b"keys" | b"x5c" if member.is_quoted => return true,
            b"crv" if member.is_any(&curves) || member.is_any(&OTHER_CURVES) => return true,
            // A modulus of 512 bits or more.
            b"n" if member.digits() >= 86 => return true,
            b"x" => x |= member.digits() >= 42,
            b"y" => y |= member.digits() >= 42,
            b"k" => k |= member.digits() >= 16,
            b"alg" | b"use" | b"kid" | b"key_ops" | b"ext" => other = true,
            _ => {}
        }
    }
    (x && (y || other)) || (k && other)
}

/// Whether a text has a modulus, a point or another public key after its label, as OpenSSL and XML write them.
fn is_labelled(text: &[u8]) -> bool {
    const LABELS: [&str; 6] = ["modulus", "pub", "pubkey", "publickey", "public-key", "public_key"];
    members(text).any(|member| {
        let is_label =
            LABELS.iter().any(|label| member.name.eq_ignore_ascii_case(label.as_bytes()));
        // 32 bytes in base64 are 43 digits.
        is_label && member.digits() >= 43
    })
}
