//! The built-in list of known secrets: secrets of tutorials, documentation and products, and common passwords.

use std::iter;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::STANDARD as BASE64;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::crypto::GuessTarget;

/// One secret on each line. No line is empty, and no secret is the key of an example in an RFC.
const SECRETS: &str = include_str!("known_secrets.txt");

/// The longest signing input, in bytes, for which the list is tried. A longer hostile token would take seconds.
const LONGEST: usize = 256 * 1024;

/// The secrets that are tried, each with its line number. Each line is tried as text, as text with a newline or CRLF (as
/// in a file), as the base64 of the text (as in a Kubernetes Secret), and decoded from base64 (as some libraries read a
/// secret).
static TRIED: LazyLock<Vec<(u64, Vec<u8>)>> = LazyLock::new(|| {
    let numbered = (1..).zip(SECRETS.lines());
    let tried = numbered.flat_map(|(number, text)| {
        let plain =
            [text.to_owned(), format!("{text}\n"), format!("{text}\r\n"), BASE64.encode(text)];
        plain.into_iter().map(String::into_bytes).chain(from_base64(text)).zip(iter::repeat(number))
    });
    tried.map(|(secret, number)| (number, secret)).collect()
});

/// Decodes base64 or base64url, with or without padding. It is as lenient as the libraries that do this.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decode = |alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok();
    decode(&STANDARD).or_else(|| decode(&URL_SAFE))
}

/// How many secrets are tried.
pub(super) fn count() -> usize {
    TRIED.len()
}

/// The line of a secret in the list, counted from 1.
pub(super) fn known_line(secret: &[u8]) -> Option<u64> {
    TRIED.iter().find(|(_, known)| known == secret).map(|(number, _)| *number)
}

/// The line number, counted from 1, of the known secret that a token is signed with. `None` if there is no such secret,
/// or if the signing input is longer than 256 KiB.
pub(crate) fn known_secret(target: &GuessTarget) -> Option<u64> {
    if target.length() > LONGEST {
        return None;
    }
    let mut guesser = target.guesser();
    TRIED.iter().find(|(_, secret)| guesser.is_secret(secret)).map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use base64::Engine as _;

    use super::{BASE64, LONGEST, SECRETS, known_secret};
    use crate::crypto::GuessTarget;

    fn line_of(secret: &str) -> Option<u64> {
        (1..).zip(SECRETS.lines()).find(|(_, known)| *known == secret).map(|(number, _)| number)
    }

    #[test]
    fn the_list_has_each_secret_once_and_none_is_empty() {
        let all: HashSet<_> = SECRETS.lines().collect();
        assert!(all.len() >= 350, "{}", all.len());
        assert_eq!(all.len(), SECRETS.lines().count());
        assert!(all.iter().all(|secret| !secret.is_empty() && secret.trim() == *secret));
    }

    #[test]
    fn a_known_secret_is_found_by_its_line() {
        let last = SECRETS.lines().last().unwrap();
        for secret in ["your-256-bit-secret", "secret", "reallyreallyreallyreallyverysafe", last] {
            assert!(line_of(secret).is_some());
            assert_eq!(
                known_secret(&GuessTarget::signed(secret.as_bytes(), b"a.b")),
                line_of(secret)
            );
            let encoded = BASE64.encode(secret);
            for spelled in [format!("{secret}\n"), format!("{secret}\r\n"), encoded] {
                assert_eq!(
                    known_secret(&GuessTarget::signed(spelled.as_bytes(), b"a.b")),
                    line_of(secret)
                );
            }
        }
    }

    #[test]
    fn a_known_text_may_be_the_base64_of_the_secret() {
        let nacos =
            ("ThisIsMyCustomSecretKey012345678", "VGhpc0lzTXlDdXN0b21TZWNyZXRLZXkwMTIzNDU2Nzg=");
        for (secret, text) in [
            (nacos.0.as_bytes(), nacos.1),
            // Neither padded nor ended as base64 should be, as in the configuration of many a Java program.
            (b"\xb1\xe7\x2b\x7a", "secret"),
            // base64url.
            (b"\x9b\x2f\xe3\x8a\xdb\x22\xfd\xaa\x69\xfe\xc7\x9c\xad\xeb", "my_jitsi_app_secret"),
        ] {
            assert_eq!(known_secret(&GuessTarget::signed(secret, b"a.b")), line_of(text), "{text}");
        }
    }

    #[test]
    fn other_secrets_are_not_known() {
        for secret in
            [&b""[..], b"\n", b"Secret \r\n", b"another good secret of more than 32 bytes"]
        {
            assert_eq!(known_secret(&GuessTarget::signed(secret, b"a.b")), None);
        }
        let long = vec![b'a'; LONGEST + 1];
        assert_eq!(known_secret(&GuessTarget::signed(b"secret", &long)), None);
        assert_eq!(known_secret(&GuessTarget::signed(b"secret", &long[1..])), line_of("secret"));
    }
}
