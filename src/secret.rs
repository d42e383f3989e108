//! Secret bytes: no `Display`, a redacted `Debug`, wiped when dropped. Also decides whether a message may repeat a name
//! or path, since a user may have typed a secret in its place.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::characters::is_token_char;

/// Secret bytes: an HMAC secret, or the file or DER of a private key. Clones share them.
#[derive(Clone)]
pub struct Secret {
    all: Arc<Zeroizing<Vec<u8>>>,
    range: Range<usize>,
}

impl Secret {
    /// Takes ownership of the bytes without copying them.
    pub fn new(bytes: Vec<u8>) -> Self {
        Zeroizing::new(bytes).into()
    }

    /// The bytes themselves, which must not be shown.
    pub fn expose(&self) -> &[u8] {
        &self.all[self.range.clone()]
    }

    /// A part of these bytes, which shares them; bytes from elsewhere are copied.
    pub(crate) fn share(&self, part: &[u8]) -> Self {
        let start = part.as_ptr().addr().wrapping_sub(self.all.as_ptr().addr());
        match start.checked_add(part.len()) {
            Some(end) if end <= self.all.len() => Self { all: self.all.clone(), range: start..end },
            _ => Self::new(part.to_vec()),
        }
    }
}

impl From<Zeroizing<Vec<u8>>> for Secret {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self { range: 0..bytes.len(), all: Arc::new(bytes) }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

/// Whether a text given as the name of a variable may be repeated. It may be the secret itself, so it must look like
/// such a name.
pub fn may_repeat_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let is_word = name.bytes().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit());
    // A long text without underscores may be base32 or hexadecimal.
    is_word && (1..=12).contains(&name.len()) || is_word && name.len() <= 40 && name.contains('_')
}

/// Whether a text given as a flag may be repeated: only if it has the form of a flag's name.
pub fn may_repeat_flag(text: &str) -> bool {
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or_default();
    let is_part = |b: u8| b.is_ascii_lowercase() || b == b'-';
    (1..=24).contains(&name.len()) && name.bytes().all(is_part)
}

/// Whether a text given as a path may be repeated: it exists (even as a dangling link), begins as only paths do, or has
/// plain lower-case segments with a folder or a known extension.
pub fn may_repeat_path(path: &Path) -> bool {
    const ENDINGS: [&str; 23] = [
        "pem", "key", "pub", "crt", "cer", "der", "jwk", "jwks", "json", "jwt", "txt", "secret",
        "env", "b64", "hex", "bin", "log", "gz", "zst", "har", "jsonl", "ndjson", "toml",
    ];
    const SSH_KEYS: [&str; 3] = ["id_rsa", "id_ecdsa", "id_ed25519"];
    if path.symlink_metadata().is_ok() {
        return true;
    }
    let Some(text) = path.to_str() else { return false };
    let text = text.strip_prefix('@').unwrap_or(text);
    let is_long = |segment: &str| segment.len() > 64;
    if may_hold_secret(text) || text.contains(['\n', '{']) || text.split('/').any(is_long) {
        return false;
    }
    let first = text.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_below = || !first.is_empty() && Path::new("/").join(first).is_dir();
    let begins_as_path = ["./", "../", "~/"].iter().any(|start| text.starts_with(start))
        || (text.starts_with('/') && is_below());
    let belongs = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    let is_plain = |segment: &str| segment.len() <= 24 && segment.bytes().all(belongs);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_named_as_file = text.contains('/') || ENDINGS.contains(&ending);
    begins_as_path
        || SSH_KEYS.contains(&text)
        || (is_named_as_file && text.split('/').all(is_plain))
}

/// Whether a text may hold a token or a key: a compact serialization, a PEM, a JWK.
pub fn may_hold_secret(text: &str) -> bool {
    const MARKS: [&str; 4] = ["eyJ", "-----BEGIN", "\"kty\"", "\\\"kty\\\""];
    // The header of a compact serialization begins with `ew`, `ey` or `e3`, since white space, a quote or the end
    // follows its brace.
    let is_token = |word: &str| {
        word.split_once('.').is_some_and(|(header, rest)| {
            let is_header = ["ew", "ey", "e3"].iter().any(|mark| header.starts_with(mark));
            is_header && header.len() >= 16 && rest.len() >= 16 && rest.contains('.')
        })
    };
    let is_marked = MARKS.iter().any(|mark| text.contains(mark));
    is_marked || text.split(|c| !is_token_char(c)).any(is_token)
}

/// Whether a text given as a key ID may be repeated. It may be the key itself, so it must be short and not begin like
/// the base64 of a DER key.
pub fn may_repeat_id(text: &str) -> bool {
    let begins_as_der = ["MI", "MH", "MC", "b3Blb"].iter().any(|mark| text.starts_with(mark));
    let is_longer_than_a_thumbprint = text.len() > 43;
    text.len() <= 64 && !may_hold_secret(text) && !(begins_as_der && is_longer_than_a_thumbprint)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}
