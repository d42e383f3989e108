//! Whether bytes that are to be an HMAC secret are a key of another kind, in any of its spellings.
//! A public key's text is known to everyone: whoever could make it the secret could forge tokens
//! (RFC 8725 section 2.1). No parser decides here, so a broken key is one still.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use pkcs8::der::{self, Decode as _, Reader as _, SliceReader, Tag, Tagged as _, asn1::AnyRef};
use zeroize::Zeroizing;

use super::digits::{decode, without_white_space};
use super::openssh::is_type;

/// How many layers of base64 or hex are looked through.
const LAYERS: usize = 2;

/// What kind of key a would-be secret is, if it is one.
pub(super) fn key_material(bytes: &[u8]) -> Option<&'static str> {
    look(bytes, LAYERS)
}

fn look(bytes: &[u8], layers: usize) -> Option<&'static str> {
    let narrow = narrowed(bytes);
    let text = narrow.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&narrow).trim_ascii();
    if holds_begin(text) {
        return Some("a key or certificate in PEM");
    }
    if is_jwk(text) {
        return Some("a JSON Web Key");
    }
    if is_ssh(text) {
        return Some("an OpenSSH key");
    }
    if is_der(bytes) || is_der(bytes.trim_ascii_end()) {
        return Some("a key or certificate in DER");
    }
    let layers = layers.checked_sub(1)?;
    decoded(text).into_iter().find_map(|inner| look(&inner, layers))
}

/// The bytes without NULs and byte order marks: what UTF-16 leaves of text in ASCII.
fn narrowed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = bytes.strip_prefix(b"\xff\xfe").or(bytes.strip_prefix(b"\xfe\xff")).unwrap_or(bytes);
    let mut narrow = Zeroizing::new(Vec::with_capacity(text.len()));
    narrow.extend(text.iter().filter(|byte| **byte != 0));
    narrow
}

fn holds(text: &[u8], mark: &[u8]) -> bool {
    text.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark))
}

/// `-----BEGIN`, and what has been made of it: fewer dashes, other white space, other letter case,
/// percent-encoding, the END alone.
fn holds_begin(text: &[u8]) -> bool {
    let marks: [&[u8]; 4] = [b"----BEGIN", b"---- BEGIN", b"----END", b"---- END"];
    marks.iter().any(|mark| holds(text, mark))
}

/// A JWK or a set of them, by its members' names; a broken one by its text.
///
/// (Text without a brace is not handed to the parser: its error would count lines with a search that
/// asks the processor what it can do, which costs a virtual machine more than the rest of the start.)
fn is_jwk(text: &[u8]) -> bool {
    if !text.contains(&b'{') || !text.contains(&b':') {
        return false;
    }
    let named =
        |value: &serde_json::Value| value.get("kty").is_some() || value.get("keys").is_some();
    match serde_json::from_slice::<serde_json::Value>(text) {
        Ok(serde_json::Value::Array(items)) => items.iter().any(named),
        Ok(value) => named(&value),
        Err(_) => ["\"kty\"", "\"keys\"", "kty\\\""].iter().any(|n| holds(text, n.as_bytes())),
    }
}

/// A line of `authorized_keys`, `known_hosts` or a `.pub` file, or its base64 alone: a type's name and
/// the encoding of its length, or that length itself (RFC 4253 section 6.6).
fn is_ssh(text: &[u8]) -> bool {
    let encoded: [&[u8]; 3] = [b"AAAAB3NzaC", b"AAAAC3NzaC", b"AAAAE2VjZHNh"];
    let mut words = text.split(u8::is_ascii_whitespace);
    let is_key = |word: &[u8]| word.starts_with(b"AAAA");
    let is_wire = matches!(text, [0, 0, 0, length @ 7..=40, rest @ ..]
        if rest.len() > usize::from(*length) && is_type(rest));
    is_wire
        || encoded.iter().any(|start| text.starts_with(start))
        || (words.clone().any(is_type) && words.any(is_key))
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

/// What a text is in base64, base64url and hex, where it is wholly that.
fn decoded(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let plain = without_white_space(text);
    let digits = plain.strip_suffix(b"==").or(plain.strip_suffix(b"=")).unwrap_or(&plain);
    let views = [
        decode(&STANDARD_NO_PAD, digits),
        decode(&URL_SAFE_NO_PAD, digits),
        base16ct::mixed::decode_vec(digits).ok().map(Zeroizing::new),
    ];
    views.into_iter().flatten().filter(|view| !view.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

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
            "0",
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ] {
            assert_eq!(key_material(secret.as_bytes()), None, "{secret}");
        }
    }
}
