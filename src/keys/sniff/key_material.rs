//! Whether bytes that are to be an HMAC secret are a key of another kind, in any of its spellings.
//! A public key's text is known to everyone: whoever could make it the secret could forge tokens
//! (RFC 8725 section 2.1). No parser decides here, so a broken key is one still.

use pkcs8::der::{self, Decode as _, Reader as _, SliceReader, Tag, Tagged as _, asn1::AnyRef};
use zeroize::Zeroizing;

use crate::keys::key_type::Curve;
use crate::keys::sniff::members::{is_jwk, is_labelled};
use crate::keys::sniff::spellings::spellings;
use crate::keys::ssh_wire::is_key_type;

/// How many layers of escapes and digits are looked through.
const LAYERS: usize = 3;

/// What kind of key a would-be secret is, if it is one.
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

/// What may be a point of an elliptic curve in a would-be secret: it has the length of an uncompressed one
/// (SEC 1 section 2.3.3). Whether it lies on the curve is for the crypto library to say.
#[must_use]
pub fn possible_points(bytes: &[u8]) -> Vec<(Curve, Zeroizing<Vec<u8>>)> {
    let mut points = Vec::new();
    look(bytes, LAYERS, &mut |bytes, _| {
        let curves: &[Curve] = match bytes {
            [4, coordinates @ ..] => match coordinates.len() {
                64 => &[Curve::P256, Curve::Secp256k1],
                96 => &[Curve::P384],
                132 => &[Curve::P521],
                _ => &[],
            },
            _ => &[],
        };
        points.extend(curves.iter().map(|curve| (*curve, Zeroizing::new(bytes.to_vec()))));
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

/// `-----BEGIN PUBLIC KEY-----`, and what has been made of it: fewer dashes or none, other characters between
/// the words, other letter case, the END alone.
fn is_pem(text: &[u8]) -> bool {
    const QUALIFIERS: [&[u8]; 12] = [
        b"RSA",
        b"EC",
        b"DSA",
        b"ENCRYPTED",
        b"OPENSSH",
        b"SSH2",
        b"X509",
        b"TRUSTED",
        b"NEW",
        b"ANY",
        b"DH",
        b"PGP",
    ];
    const LONGEST_LABEL: usize = 24;
    const LABELS: [&[u8]; 4] = [b"PUBLICKEY", b"PRIVATEKEY", b"CERTIFICATE", b"PARAMETERS"];
    let is_labelled = |rest: &[u8]| {
        let label = QUALIFIERS.iter().find_map(|word| rest.strip_prefix(*word));
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

/// A SEQUENCE of at least two whole elements that fills the bytes, as every key and certificate is
/// (RFC 5280, 5915, 5958, 8017). Random bytes of a secret's length are not.
fn is_der(bytes: &[u8]) -> bool {
    let elements = |bytes: &[u8]| -> der::Result<usize> {
        let sequence = AnyRef::from_der(bytes)?;
        sequence.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(sequence.value())?;
        let mut count = 0;
        while !reader.is_finished() {
            AnyRef::decode(&mut reader)?;
            count += 1;
        }
        Ok(count)
    };
    elements(bytes).is_ok_and(|count| count >= 2)
}

/// Bytes that only keys and certificates have: OIDs of algorithms, the beginnings of RSA keys of the usual
/// sizes in PKCS#1, those of keys in SSH's binary form. A key that was cut has them still, and one among other
/// bytes. Each has six bytes or more, so that random bytes do not.
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

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const SPKI: &str = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    fn pem() -> String {
        format!("-----BEGIN PUBLIC KEY-----\n{SPKI}\n-----END PUBLIC KEY-----\n")
    }

    #[test]
    fn a_key_is_known_in_every_spelling() {
        let der = STANDARD.decode(SPKI).unwrap();
        let utf16: Vec<u8> = pem().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xff\xfe"[..], &utf16].concat();
        let ssh =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
        let jwk =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        for spelling in [
            pem().into_bytes(),
            pem().to_lowercase().into_bytes(),
            pem().replace("-----BEGIN", "----BEGIN").into_bytes(),
            "---- BEGIN SSH2 PUBLIC KEY ----".into(),
            utf16.clone(),
            marked,
            SPKI.into(),
            STANDARD.encode(pem()).into_bytes(),
            URL_SAFE_NO_PAD.encode(pem()).into_bytes(),
            STANDARD.encode(SPKI).into_bytes(),
            base16ct::lower::encode_string(&der).into_bytes(),
            [&der[..], b"\n"].concat(),
            der,
            jwk.into(),
            format!("\u{feff}{jwk}").into_bytes(),
            format!("[{jwk}]").into_bytes(),
            format!("{jwk}\n{jwk}").into_bytes(),
            jwk.replace('}', ",}").into_bytes(),
            STANDARD.encode(jwk).into_bytes(),
            ssh.into(),
            ssh.replace(' ', "\t").into_bytes(),
            format!("# mine\n{ssh} me@host").into_bytes(),
            format!("no-pty {ssh}").into_bytes(),
            "ssh-dss AAAAB3NzaC1kc3MAAACBAP".into(),
            "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5 me@host".into(),
            "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTIt me@host".into(),
            r#"{"kty":"oct","kty":"oct","k":"AAAA"}"#.into(),
            r#"{"\u006bty":"oct","k":"AAAA"}"#.into(),
            pem().replace(' ', "%20").replace('\n', "%0A").into_bytes(),
            pem().replace(' ', "\t").into_bytes(),
            pem().replace("-----BEGIN PUBLIC KEY-----\n", "").into_bytes(),
            [&utf16[..], b"\n"].concat(),
            ssh.trim_start_matches("ssh-ed25519 ").into(),
        ] {
            assert!(key_material(&spelling).is_some(), "{}", String::from_utf8_lossy(&spelling));
        }
    }

    #[test]
    fn a_secret_is_not_taken_for_a_key() {
        for secret in [
            "correct horse battery staple",
            "{not json",
            r#"{"a":1}"#,
            "ssh-secret of mine",
            "begin",
            "my weekend private key",
            "legend-public-key-2024",
            "0",
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ] {
            assert_eq!(key_material(secret.as_bytes()), None, "{secret}");
        }
    }
}
