//! Why a signature does not match: after the verdict, and never changing it, the mistakes that people make
//! are undone one by one, and the first that would have matched is named. Nothing here makes a `Verified`,
//! and a signature that matches never comes here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::keys::{self, Algorithm, Half, Key, Kind, SecretFormat};
use crate::secret::Secret;
use crate::signature::{LoadedKey, Ring, Trial};
use crate::token::Unverified;

/// What would have matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The same secret, read in another way.
    Secret {
        /// The format, if it is another than was given.
        format: Option<SecretFormat>,
        /// What is done to its text first.
        change: Option<Change>,
        /// The algorithm, if it is another than the header names.
        alg: Option<Algorithm>,
    },
    /// The same key under another algorithm than the header names.
    Algorithm(Algorithm),
    /// The signature in ASN.1's DER, not as two numbers side by side (RFC 7518 section 3.4).
    Der,
    /// The signature, which was encoded as text before it was encoded as base64url.
    EncodedTwice {
        /// How: "hex", "base64".
        encoding: &'static str,
    },
    /// Another key of the set.
    OtherKey {
        /// Its name: `key "2026-11"`.
        name: String,
        /// Its place in the set, from 0 on; `None` for the only key of a source that is no set.
        index: Option<usize>,
    },
    /// Another key of the same file.
    OtherBlock {
        /// What it is.
        key: String,
        /// What it stands in: a PEM label.
        label: String,
    },
    /// The text of the key itself, taken for an HMAC secret: a forgery by someone who has the public key
    /// (RFC 8725 section 2.1).
    KeyAsSecret,
    /// None of it; but no such signature has this length.
    Length {
        /// Its length in bytes.
        found: usize,
        /// The length of each signature by the key.
        wanted: usize,
    },
}

/// A change to the text of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Without the line break at its end.
    WithoutLineBreak,
    /// Without the white space around it.
    WithoutWhiteSpace,
    /// Without the quotes around it.
    WithoutQuotes,
    /// With its written `\n` as line breaks.
    Unescaped,
    /// With a line feed at its end.
    WithLineFeed,
    /// With a carriage return and a line feed at its end.
    WithCrLf,
    /// In double quotes.
    InQuotes,
    /// In single quotes.
    InSingleQuotes,
}

/// The text that the key was read from.
#[derive(Debug, Clone)]
pub struct Written {
    /// The text.
    pub text: Secret,
    /// Of a secret, its format, and whether it is a file's, whose final newline may be the editor's.
    pub secret: Option<(SecretFormat, bool)>,
}

/// The most keys of a set that are tried.
const MOST_KEYS: usize = 100;

/// The largest message that is tried in many ways, in bytes: 1 MiB. Beyond it a stranger's token could cost
/// seconds.
const MOST_TRIED: usize = 1024 * 1024;

/// Looks for what would have matched. `alg` is the algorithm that the token's header names.
#[must_use]
pub fn cause(
    token: &Unverified,
    alg: Algorithm,
    tried: &[&LoadedKey],
    ring: &Ring,
    written: &Written,
) -> Option<Cause> {
    let trial = Trial::of(token);
    let by_length = || tried.first().and_then(|key| by_length(&trial, alg, key.key().kind));
    if token.signing_input().len() > MOST_TRIED {
        return by_length();
    }
    by_secret(&trial, alg, written)
        .or_else(|| tried.iter().find_map(|key| by_form(&trial, alg, key)))
        .or_else(|| by_other_key(&trial, alg, ring))
        .or_else(|| by_other_block(&trial, alg, written))
        .or_else(by_length)
}

/// The same secret, its text changed and read in each format.
fn by_secret(trial: &Trial<'_>, alg: Algorithm, written: &Written) -> Option<Cause> {
    let (given, from_file) = written.secret?;
    // A signature has the length of its hash, so that it tells which one was used.
    let of_length = |alg: &Algorithm| Kind::Hmac.signature_length(*alg) == trial.signature().len();
    let used = Kind::Hmac.algorithms().iter().copied().find(of_length)?;
    let other_alg = (used != alg).then_some(used);
    for (change, text) in changes(&written.text) {
        for format in formats(given, change) {
            let Ok(key) = keys::read_secret(&text, format, from_file) else { continue };
            if trial.matches_key(key, used) {
                let is_given = format == given || change.is_some_and(Change::is_addition);
                let format = (!is_given).then_some(format);
                return Some(match (format, change, other_alg) {
                    (None, None, Some(other)) => Cause::Algorithm(other),
                    (format, change, alg) => Cause::Secret { format, change, alg },
                });
            }
        }
    }
    None
}

/// The formats to read a text in, the given one first; what was added to it is only there as raw bytes.
fn formats(given: SecretFormat, change: Option<Change>) -> Vec<SecretFormat> {
    if change.is_some_and(Change::is_addition) {
        return vec![SecretFormat::Raw];
    }
    let others = [SecretFormat::Text, SecretFormat::Base64, SecretFormat::Hex, SecretFormat::Raw];
    std::iter::once(given).chain(others.into_iter().filter(|format| *format != given)).collect()
}

impl Change {
    fn is_addition(self) -> bool {
        matches!(self, Self::WithLineFeed | Self::WithCrLf | Self::InQuotes | Self::InSingleQuotes)
    }
}

/// The text as it is, and with each change that makes a difference.
fn changes(text: &Secret) -> Vec<(Option<Change>, Secret)> {
    let bytes = text.expose();
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let trimmed = bytes.trim_ascii();
    let quoted = [b'"', b'\'']
        .into_iter()
        .find_map(|quote| trimmed.strip_prefix(&[quote])?.strip_suffix(&[quote]));
    let shorter = [
        (Change::WithoutLineBreak, Some(line)),
        (Change::WithoutWhiteSpace, Some(trimmed)),
        (Change::WithoutQuotes, quoted),
    ];
    let longer = [
        (Change::WithLineFeed, "", "\n"),
        (Change::WithCrLf, "", "\r\n"),
        (Change::InQuotes, "\"", "\""),
        (Change::InSingleQuotes, "'", "'"),
    ];
    let mut changes = vec![(None, text.clone())];
    for (change, part) in shorter {
        let part = part.filter(|part| part.len() < bytes.len());
        changes.extend(part.map(|part| (Some(change), Secret::new(part.into()))));
    }
    changes.extend(unescaped(bytes).map(|text| (Some(Change::Unescaped), text)));
    for (change, before, after) in longer {
        let text = [before.as_bytes(), line, after.as_bytes()].concat();
        changes.push((Some(change), Secret::new(text)));
    }
    changes
}

/// A text with its written line breaks as real ones, if it has any.
fn unescaped(bytes: &[u8]) -> Option<Secret> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("\\n"))?;
    Some(Secret::new(text.replace("\\r", "\r").replace("\\n", "\n").into_bytes()))
}

/// Whether a token whose `alg` the key does not serve was made with the key's text as an HMAC secret.
#[must_use]
pub fn forgery(token: &Unverified, alg: Algorithm, written: &Written) -> Option<Cause> {
    if written.secret.is_some() || alg.kind() != Kind::Hmac {
        return None;
    }
    let trial = Trial::of(token);
    let text = written.text.expose();
    let trimmed = text.trim_ascii();
    let spellings = [text.to_vec(), trimmed.to_vec(), [trimmed, b"\n"].concat()];
    let matches = |text: Vec<u8>| {
        let secret = Key::new(Kind::Hmac, Half::Private(Secret::new(text)));
        trial.matches_key(secret, alg)
    };
    spellings.into_iter().any(matches).then_some(Cause::KeyAsSecret)
}

/// The same key under another algorithm, or the signature in another form.
fn by_form(trial: &Trial<'_>, alg: Algorithm, key: &LoadedKey) -> Option<Cause> {
    let others = key.key().kind.algorithms().iter().filter(|other| **other != alg);
    if let Some(other) = others.copied().find(|other| trial.matches(key, *other)) {
        return Some(Cause::Algorithm(other));
    }
    if trial.matches_in_der(key) {
        return Some(Cause::Der);
    }
    let text = trial.signature().trim_ascii();
    let unpadded = std::str::from_utf8(text).ok()?.trim_end_matches('=');
    let decoded = [
        ("hex", base16ct::mixed::decode_vec(text).ok()),
        ("base64", STANDARD_NO_PAD.decode(unpadded).ok()),
        ("base64url", URL_SAFE_NO_PAD.decode(unpadded).ok()),
    ];
    decoded.into_iter().find_map(|(encoding, signature)| {
        trial
            .with_signature(&signature?)
            .matches(key, alg)
            .then_some(Cause::EncodedTwice { encoding })
    })
}

/// Another key of the set, whatever its `kid` and its terms.
fn by_other_key(trial: &Trial<'_>, alg: Algorithm, ring: &Ring) -> Option<Cause> {
    let mut keys = ring.iter().enumerate().take(MOST_KEYS);
    keys.find_map(|(index, (name, key))| {
        let matches = key.is_ok_and(|key| trial.matches(key, alg));
        let index = ring.single().is_none().then_some(index);
        matches.then_some(Cause::OtherKey { name, index })
    })
}

/// Another key of the file: the certificate beside a private key, or the other way round.
fn by_other_block(trial: &Trial<'_>, alg: Algorithm, written: &Written) -> Option<Cause> {
    if written.secret.is_some() {
        return None;
    }
    keys::keys_of_blocks(&written.text).into_iter().take(MOST_KEYS).find_map(|(label, key)| {
        let described = key.to_string();
        trial.matches_key(key, alg).then_some(Cause::OtherBlock { key: described, label })
    })
}

fn by_length(trial: &Trial<'_>, alg: Algorithm, kind: Kind) -> Option<Cause> {
    let (found, wanted) = (trial.signature().len(), kind.signature_length(alg));
    (found != wanted).then_some(Cause::Length { found, wanted })
}
