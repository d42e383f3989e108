//! Decoding of base64 that may be a private key, into buffers that never move and are wiped.

use base64::Engine;
use zeroize::Zeroizing;

/// Decodes digits; `None` if they are not in the alphabet of the engine.
pub(crate) fn decode(engine: &impl Engine, digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; digits.len() / 4 * 3 + 3]);
    let length = engine.decode_slice(digits, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

pub(crate) fn without_white_space(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut kept = Zeroizing::new(Vec::with_capacity(text.len()));
    kept.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    kept
}

/// A number, big-endian, without the leading zeros that some programs write.
pub(crate) fn stripped(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
