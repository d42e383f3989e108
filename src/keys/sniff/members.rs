//! Members of a JWK and labels of a public key in text that may not be JSON: names and what follows
//! them, with or without quotes.

use crate::keys::Curve;

/// A name, and what follows it.
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
        let mut count = 0;
        let mut is_after_line = false;
        for byte in self.value {
            if byte.is_ascii_alphanumeric() || b"+/-_".contains(byte) {
                count += 1;
                is_after_line = false;
            } else if matches!(byte, b'\r' | b'\n')
                || (is_after_line && matches!(byte, b' ' | b'\t'))
            {
                is_after_line = true;
            } else if *byte != b':' {
                break;
            }
        }
        count
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
pub(crate) fn is_jwk(text: &[u8]) -> bool {
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
pub(crate) fn is_labelled(text: &[u8]) -> bool {
    const LABELS: [&str; 6] = ["modulus", "pub", "pubkey", "publickey", "public-key", "public_key"];
    members(text).any(|member| {
        let is_label =
            LABELS.iter().any(|label| member.name.eq_ignore_ascii_case(label.as_bytes()));
        // 32 bytes in base64 are 43 digits.
        is_label && member.digits() >= 43
    })
}
