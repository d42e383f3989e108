//! Recognises the header of a token at the end of base64url text that may begin with anything.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::json::Object;

/// Other tools are not as strict as jwtctl about the last bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// White space in JSON (RFC 8259 section 2).
const SPACES: [u8; 4] = *b" \t\n\r";

/// Longer objects are not parsed, which takes many times their size in memory.
const LONGEST_PARSED: usize = 64 * 1024;

/// A header at the end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EncodedHeader {
    /// Where it begins.
    pub start: usize,
    /// Whether it is that of a JWE (RFC 7516 section 9).
    pub is_encrypted: bool,
    /// Whether the payload may be any text without a dot (RFC 7797 section 5.2).
    pub is_unencoded: bool,
}

impl EncodedHeader {
    /// The header that a text ends with. It may begin at any character, and so have four different decodings.
    pub(super) fn at_end_of(text: &[u8]) -> Option<Self> {
        let of_shift = |shift: usize| {
            let mut header = Self::in_decoding(text.get(shift..)?)?;
            header.start += shift;
            Some(header)
        };
        (0..4).filter_map(of_shift).min_by_key(|header| header.start)
    }

    fn in_decoding(text: &[u8]) -> Option<Self> {
        // Nearly every text that is not a header is refused by its last character.
        let last = LENIENT.decode(&text[text.len().saturating_sub(1) / 4 * 4..]).ok()?;
        if !last.last().is_some_and(|b| *b == b'}' || SPACES.contains(b)) {
            return None;
        }
        let json = LENIENT.decode(text).ok()?;
        let end = json.iter().rposition(|b| !SPACES.contains(b))? + 1;
        let start = object_start(&json[..end])?;
        let object = &json[start..end];
        let contains = |name: &[u8]| memchr::memmem::find(object, name).is_some();
        // A name may also be written with escapes.
        let names = |name| contains(name) || contains(b"\\u");
        let is_parsed = object.len() <= LONGEST_PARSED;
        let (is_header, is_encrypted, is_unencoded) =
            match Object::parse(if is_parsed { object } else { b"" }) {
                Ok(object) => {
                    let has = |name| object.get(name).is_some();
                    (has("alg"), has("enc"), has("b64"))
                }
                // Some tools accept what is not valid: names that are repeated, for example.
                Err(_) => (names(b"\"alg\""), contains(b"\"enc\""), contains(b"\"b64\"")),
            };
        let start = first_group(&json, start)?;
        is_header.then_some(Self { start: start / 3 * 4, is_encrypted, is_unencoded })
    }
}

/// Where the object begins that a text ends with. Read backwards, there is only one possibility: an earlier brace
/// would be closed too late, and a later one too early, or both would differ in what is inside strings.
fn object_start(text: &[u8]) -> Option<usize> {
    let (mut depth, mut is_string) = (0_usize, false);
    for (at, byte) in text.iter().enumerate().rev() {
        match byte {
            b'"' if !is_string => is_string = true,
            b'"' => {
                let escapes = text[..at].iter().rev().take_while(|b| **b == b'\\').count();
                is_string = escapes % 2 == 1;
            }
            _ if is_string => {}
            b'}' | b']' => depth += 1,
            b'{' | b'[' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return (*byte == b'{').then_some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the first group of three bytes begins, each encoded by four characters, of an object that begins here. White
/// space may be before it.
fn first_group(json: &[u8], start: usize) -> Option<usize> {
    let spaces = json[..start].iter().rev().take_while(|b| SPACES.contains(b)).count();
    Some((start - spaces).next_multiple_of(3)).filter(|first| *first <= start)
}

/// How the base64url of an object with one or two characters of white space before it begins. With more of them, it is
/// the same after some groups.
pub(super) fn spaced_starts() -> impl Iterator<Item = Vec<u8>> {
    let encoded = |json: &[u8]| LENIENT.encode(json).into_bytes();
    // The last character also depends on what is in the object, which is white space or a quotation mark.
    let after_one = SPACES.iter().map(move |space| encoded(&[*space, b'{', 0])[..3].to_vec());
    let after_two = SPACES
        .iter()
        .flat_map(move |first| SPACES.iter().map(move |second| encoded(&[*first, *second, b'{'])));
    after_one.chain(after_two)
}
