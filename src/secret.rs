//! Bytes that must not be seen: no `Display`, a redacted `Debug`, wiped when dropped.
//! It knows nothing of where they came from or what they are for. And what may be one, because it stands
//! where a name or a path should: whether that may be repeated is decided here, for every message.

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

/// Secret bytes: an HMAC secret or the DER of a private key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over; nothing is copied.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for the one who is about to use them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// Whether a text that stands where a variable's name should may be repeated: only what is written
/// as such names are, for it may be the secret itself.
#[must_use]
pub fn may_repeat_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&name.len()) && name.bytes().all(is_part)
}

/// Whether a text that stands where a path should, and leads nowhere, may be repeated: only what has
/// the look of a path, with a folder that is there or an ending that files have.
#[must_use]
pub fn may_repeat_path(path: &Path) -> bool {
    const ENDINGS: [&str; 16] = [
        "pem", "key", "pub", "crt", "cer", "der", "jwk", "jwks", "json", "jwt", "txt", "secret",
        "env", "b64", "hex", "bin",
    ];
    let text = path.to_string_lossy();
    let is_long = |part: &str| part.len() > 64;
    if may_be_token(&text) || text.contains(['\n', '{']) || text.split('/').any(is_long) {
        return false;
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    let folder =
        path.parent().filter(|folder| *folder != Path::new("") && *folder != Path::new("/"));
    ending.is_some_and(|ending| ENDINGS.contains(&ending)) || folder.is_some_and(Path::is_dir)
}

/// Whether a text may be a token: an encoded JSON object and dots.
#[must_use]
pub fn may_be_token(text: &str) -> bool {
    text.contains("eyJ") || text.contains("-----BEGIN")
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_name_is_repeated() {
        for name in ["JWTCTL_SECRET", "KEY2", "_"] {
            assert!(may_repeat_name(name), "{name}");
        }
        for secret in ["", "hunter2", "P@ssw0rd", "A B", "abc_def", "MC4CAQAwBQYDK2VwBCIE/="] {
            assert!(!may_repeat_name(secret), "{secret}");
        }
    }

    #[test]
    fn only_what_looks_like_a_path_is_repeated() {
        for path in ["missing.pem", "no/such/folder/secret.txt", "/tmp/missing", "src/missing"] {
            assert!(may_repeat_path(Path::new(path)), "{path}");
        }
        for secret in [
            "hunter2",
            "correct.horse.battery.staple",
            "/hZ3kq9Zp0aX7wq1mJ5v8c2T",
            "abc/def+ghi=",
            "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
            "eyJhbGciOiJIUzI1NiJ9.pem",
            "{\"kty\":\"oct\"}.json",
            "-----BEGIN KEY-----.pem",
        ] {
            assert!(!may_repeat_path(Path::new(secret)), "{secret}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new(b"hunter2".to_vec());
        assert_eq!(format!("{secret:?}"), "Secret([redacted])");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret([redacted]))");
    }
}
