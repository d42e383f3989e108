//! Why a key cannot be used: the evidence, which never depends on a token.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use super::algorithm::Algorithm;
use super::format::{Format, SecretFormat, Spoiler};
use super::origin::Origin;
use super::params::{Purpose, Resized};
use super::strength::Weakness;
use crate::json::Value;

/// Why a key cannot be used. A `key` is what it is: "P-256 public key". `keys` are the names of those in a
/// set, each with its reason.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields are the evidence that the variant names
pub enum KeyError {
    /// The file cannot be read, for a reason of the system.
    Unreadable(Arc<io::Error>),
    /// Larger than [`MAX_KEY`](super::MAX_KEY) or [`MAX_SECRET`](super::MAX_SECRET), in bytes.
    TooLarge { most: usize },
    /// The environment variable is not set.
    NotSet,
    /// The same, and its name may be a secret in the wrong place, so that it is not repeated.
    NameMaybeSecret,
    /// The file does not exist, and its path may be a secret in the wrong place, so that it is not repeated.
    PathMaybeSecret,
    /// An empty key never switches checking off.
    Empty,
    /// So many zero bytes, with which HMAC pads a secret (RFC 2104 section 2): they are the empty secret.
    OnlyZeros(usize),
    /// So many bytes of white space.
    OnlyWhiteSpace(usize),
    /// No option names a key, and nothing was piped in.
    NothingPiped,
    /// The variable that names the secret's format is empty.
    NoFormat,
    /// A text secret that is not UTF-8.
    NotText,
    /// A secret that cannot be written as a line of text.
    NotALine,
    /// The secret is not in the format that was named.
    Format { format: SecretFormat, spoiler: Option<Spoiler> },
    /// Key material given as an HMAC secret: the classic forgery with the text of a public key.
    NotASecret { found: &'static str },
    /// No form that a key may have was recognized.
    NotAKey,
    /// A key, or several, where a JWK Set is expected.
    NotASet { found: String },
    /// `@` before a path, which only a token and CLAIMS take; without the path if it may not be repeated.
    AtPath { path: Option<String> },
    /// A URL in the place of a path.
    UrlAsPath,
    /// A set or file holds more keys than are read.
    TooMany { count: usize, most: usize },
    /// A private key or a secret in a set that anybody can fetch.
    Published { key: String },
    /// Something that is recognized but not supported, and the command that makes a usable key of it.
    Unsupported { found: String, remedy: Option<&'static str> },
    /// Several keys in a file of which one is meant, by their PEM labels.
    Several { labels: Vec<String> },
    /// What it seems to be (a PEM label, "DER", "JWK") does not decode.
    Damaged { label: String, reason: String },
    /// A member of a JWK that is missing or wrong: "is missing", "is a number, not a string".
    Member { name: &'static str, fault: String },
    /// The key is encrypted, and no password was given.
    Encrypted,
    /// The password does not open the key.
    WrongPassword,
    /// The password is empty or not UTF-8.
    BadPassword,
    /// Opening it would cost more work or memory than any honest key does: "4294967295 rounds of bcrypt".
    TooCostly { cost: String },
    /// An RSA modulus of a size that is never used.
    RsaSize { bits: usize },
    /// An RSA public exponent that is even or 1.
    RsaExponent,
    /// Too weak, and weak keys are not allowed.
    Weak(Weakness),
    /// The crypto library rejects it: a point off its curve, a private key with another public key.
    Rejected { key: String, reason: String },
    /// A public key is asked to sign.
    CannotSign { key: String },
    /// A weak RSA key, which is allowed, but with which the crypto library does not sign.
    TooWeakToSign { key: String },
    /// The `use` of its JWK, or else the `key_ops`, has this value, which does not allow the purpose.
    Forbidden { key: String, purpose: Purpose, is_use: bool, value: Value },
    /// The `alg` of its JWK is not one that a key of its type signs with.
    SignsNothing { key: String, alg: String },
    /// The key does not support the algorithms that are wanted.
    WrongKeyType { key: String, wanted: Vec<Algorithm>, supports: Vec<Algorithm> },
    /// None of `count` keys has the `kid` that is wanted; `known` are the first of theirs.
    WrongKid { wanted: String, known: Vec<String>, count: usize },
    /// No key of a set can be used for a task: "sign with", "be published".
    NoneUsable { task: &'static str, keys: Vec<(String, KeyError)> },
    /// Several keys of a set could sign, and nothing says which is to.
    SeveralSigners { names: Vec<String> },
    /// Two keys of a set that is to be made have the same `kid`.
    SameKid { kid: String, first: Origin },
    /// A set where one key is expected.
    NotOneKey { count: usize, is_jwk_set: bool },
    /// An HMAC secret has no public key.
    NoPublicKey,
    /// A key of this type cannot be written in the format, but in others.
    NoSuchFormat { key: String, format: Format, formats: &'static [Format] },
}

impl KeyError {
    /// What is wrong with a secret or a file that holds nothing, if it does.
    pub(super) fn of_nothing(bytes: &[u8]) -> Option<Self> {
        if matches!(bytes, b"" | b"\n" | b"\r\n") {
            Some(Self::Empty)
        } else if bytes.iter().all(|byte| *byte == 0) {
            Some(Self::OnlyZeros(bytes.len()))
        } else if bytes.trim_ascii().is_empty() {
            Some(Self::OnlyWhiteSpace(bytes.len()))
        } else {
            None
        }
    }

    pub(super) fn unsupported(found: impl Into<String>, remedy: Option<&'static str>) -> Self {
        Self::Unsupported { found: found.into(), remedy }
    }

    pub(super) fn damaged(label: &str, reason: impl Display) -> Self {
        Self::Damaged { label: label.to_owned(), reason: reason.to_string() }
    }

    pub(super) fn member(name: &'static str, fault: impl Into<String>) -> Self {
        Self::Member { name, fault: fault.into() }
    }

    /// For a number of an EC key of a wrong length: more than zeros was lost if the key is not sound.
    pub(crate) fn wrong_length(Resized { name, found, curve }: &Resized) -> Self {
        let wanted = curve.field_length();
        Self::member(name, format!("is {found} bytes long; the curve requires {wanted}"))
    }
}

/// A word of a key file for a message, if it has only the characters of such words; any other may be anything,
/// so it is not repeated.
pub(super) fn plain(word: &str, allowed: impl Fn(u8) -> bool) -> &str {
    if word.len() <= 40 && word.bytes().all(allowed) { word } else { "?" }
}
