//! Decodes what a text may encode: the text without escapes, and bytes in base64, hex or decimal digits. These guesses
//! only show whether a secret is a key of another type; no key is read this way.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::keys::wire::{decode, without_white_space};

/// The fewest digits of base64 among other text that are looked at: fewer hold no key.
const LEAST_BASE64: usize = 40;

/// The fewest hexadecimal digits, or numbers of a list, among other text that are looked at.
const LEAST_HEX: usize = 24;

/// The most runs of digits in a text that are looked at.
const MOST_RUNS: usize = 16;

/// Base64 whose last digit may hold bits that belong to no byte.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
);

type Bytes = Zeroizing<Vec<u8>>;

/// Everything that a text may encode. Up to three characters of other text before the digits may look like digits.
pub(crate) fn spellings(text: &[u8]) -> Vec<Bytes> {
    let mut all: Vec<Bytes> = unescaped(text).into_iter().chain(numbers(text)).collect();
    let mut add = |digits: &[u8], most_skipped: usize, decode: fn(&[u8]) -> Option<Bytes>| {
        let most_skipped = if digits.len() == text.len() { 0 } else { most_skipped };
        all.extend((0..=most_skipped).filter_map(|skip| decode(digits.get(skip..)?)));
    };
    for run in hexadecimal_runs(text) {
        add(&run, 1, from_hex);
    }
    let digits = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    if digits.iter().all(|byte| is_base64(*byte) || byte.is_ascii_whitespace()) {
        add(&without_white_space(digits), 3, from_base64);
    } else {
        for run in base64_runs(text) {
            add(&run, 3, from_base64);
        }
    }
    all
}

/// Whether a byte is a digit of base64 in either alphabet.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Bytes from digits of either alphabet, the last one left out if it is one too many.
fn from_base64(digits: &[u8]) -> Option<Bytes> {
    let extra = usize::from(digits.len() % 4 == 1);
    let digits = &digits[..digits.len() - extra];
    let mut standard = Zeroizing::new(Vec::with_capacity(digits.len()));
    standard.extend(digits.iter().map(|digit| match digit {
        b'-' => b'+',
        b'_' => b'/',
        digit => *digit,
    }));
    decode(&LENIENT, &standard).filter(|bytes| !bytes.is_empty())
}

fn from_hex(digits: &[u8]) -> Option<Bytes> {
    let pairs = &digits[..digits.len() / 2 * 2];
    base16ct::mixed::decode_vec(pairs).ok().map(Zeroizing::new)
}

/// Runs of base64 digits, which may continue after a line break and indentation.
fn base64_runs(text: &[u8]) -> Vec<Bytes> {
    let mut is_after_line = false;
    runs(text, LEAST_BASE64, |rest| {
        let byte = rest[0];
        let goes_on = matches!(byte, b'\r' | b'\n')
            || (is_after_line && matches!(byte, b' ' | b'\t' | b'>' | b'|'));
        is_after_line = goes_on;
        if is_base64(byte) {
            Run::Digit
        } else if goes_on {
            Run::Between(1)
        } else {
            Run::End
        }
    })
}

/// Runs of hexadecimal digits with anything between them that programs put there.
fn hexadecimal_runs(text: &[u8]) -> Vec<Bytes> {
    runs(text, LEAST_HEX, |rest| match rest {
        [b'0' | b'\\', b'x' | b'X', ..] => Run::Between(2),
        [byte, ..] if byte.is_ascii_hexdigit() => Run::Digit,
        [byte, ..] if byte.is_ascii_whitespace() || byte.is_ascii_punctuation() => Run::Between(1),
        _ => Run::End,
    })
}

/// What the next byte means for a run of digits.
enum Run {
    Digit,
    /// This many bytes are skipped, and the run goes on.
    Between(usize),
    End,
}

fn runs(text: &[u8], least: usize, mut kind: impl FnMut(&[u8]) -> Run) -> Vec<Bytes> {
    let mut runs = Vec::new();
    // Large enough for any run, so that it never moves.
    let mut run = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut at = 0;
    while at <= text.len() && runs.len() < MOST_RUNS {
        let rest = &text[at..];
        match if rest.is_empty() { Run::End } else { kind(rest) } {
            Run::Digit => {
                run.push(rest[0]);
                at += 1;
            }
            Run::Between(length) => at += length,
            Run::End => {
                if run.len() >= least {
                    runs.push(Zeroizing::new(run.to_vec()));
                }
                run.clear();
                at += 1;
            }
        }
    }
    runs
}

/// The bytes of a list of decimal numbers, signed or not, as programs print those of a buffer.
fn numbers(text: &[u8]) -> Option<Bytes> {
    let words = text.split(|byte| !byte.is_ascii_digit() && *byte != b'-');
    let words = words.filter_map(|word| std::str::from_utf8(word).ok()?.parse::<i16>().ok());
    let bytes =
        words.filter_map(|n| u8::try_from(n).ok().or(i8::try_from(n).ok().map(i8::cast_unsigned)));
    let bytes = Zeroizing::new(bytes.collect::<Vec<_>>());
    (bytes.len() >= LEAST_HEX).then_some(bytes)
}

/// The text without its escapes, if it has any: those of JSON and programs, of URLs, of HTML and XML.
fn unescaped(text: &[u8]) -> Option<Bytes> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some(first) = rest.first() {
        let (byte, length) = escape(rest).unwrap_or((*first, 1));
        out.push(byte);
        rest = &rest[length..];
    }
    (out.len() < text.len()).then_some(out)
}

/// The ASCII character of an escape at the start, and the length of the escape.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', digits @ ..] => Some((number(digits.get(..2)?, 16)?, 3)),
        [b'\\', b'x', digits @ ..] => Some((number(digits.get(..2)?, 16)?, 4)),
        [b'\\', b'0'..=b'3', ..] => Some((number(text.get(1..4)?, 8)?, 4)),
        [b'\\', b'u', digits @ ..] => Some((number(digits.get(..4)?, 16)?, 6)),
        [b'\\', b'n' | b'r' | b't', ..] => Some((b'\n', 2)),
        [b'\\', byte, ..] if byte.is_ascii_punctuation() => Some((*byte, 2)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(10).position(|byte| *byte == b';')?;
            Some((entity(&rest[..end])?, end + 2))
        }
        _ => None,
    }
}

fn entity(name: &[u8]) -> Option<u8> {
    const NAMES: [(&[u8], u8); 14] = [
        (b"amp", b'&'),
        (b"apos", b'\''),
        (b"colon", b':'),
        (b"equals", b'='),
        (b"gt", b'>'),
        (b"hyphen", b'-'),
        (b"lowbar", b'_'),
        (b"lt", b'<'),
        (b"nbsp", b' '),
        (b"newline", b'\n'),
        (b"plus", b'+'),
        (b"quot", b'"'),
        (b"sol", b'/'),
        (b"tab", b'\t'),
    ];
    match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => NAMES.iter().find(|(n, _)| name.eq_ignore_ascii_case(n)).map(|(_, byte)| *byte),
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()?.try_into().ok()
}
