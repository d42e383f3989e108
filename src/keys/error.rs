//! Why a key cannot be used: the evidence, no words. It never depends on a token.

use std::io;
use std::sync::Arc;

use super::{Algorithm, Origin, Purpose, SecretFormat, Weakness};

/// What a secret may consist of that holds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filler {
    /// Zero bytes, which HMAC pads its secret with (RFC 2104 section 2): they are the empty secret.
    Zeros,
    /// White space, which is nobody's secret.
    WhiteSpace,
}

impl KeyError {
    /// What is wrong with bytes that hold nothing, if they do.
    pub(super) fn of_nothing(bytes: &[u8]) -> Option<Self> {
        let filler = if matches!(bytes, b"" | b"\n" | b"\r\n") {
            return Some(Self::Empty);
        } else if bytes.iter().all(|byte| *byte == 0) {
            Filler::Zeros
        } else if bytes.trim_ascii().is_empty() {
            Filler::WhiteSpace
        } else {
            return None;
        };
        Some(Self::OnlyFiller { filler, length: bytes.len() })
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone)]
pub enum KeyError {
    /// The file cannot be read.
    Unreadable(Arc<io::Error>),
    /// Larger than [`MAX_KEY`](super::MAX_KEY) or [`MAX_SECRET`](super::MAX_SECRET).
    TooLarge {
        /// The most there may be, in bytes.
        most: usize,
    },
    /// The variable is not set.
    NotSet,
    /// No such variable, and the name may be a secret in the wrong place: it is not repeated.
    NameMaybeSecret,
    /// Nothing in it; this never switches checking off.
    Empty,
    /// Nothing in it but filler, which is as good as nothing.
    OnlyFiller {
        /// What it is.
        filler: Filler,
        /// How much there is, in bytes.
        length: usize,
    },
    /// Nothing names a key, and nothing was piped in.
    NothingPiped,
    /// No such file, and the path may be a secret in the wrong place: it is not repeated.
    PathMaybeSecret,
    /// The variable that names the secret's format is empty.
    NoFormat,
    /// A text secret that is not UTF-8.
    NotText,
    /// A secret that cannot be written as a line of text.
    NotALine,
    /// Not in the secret format that was named.
    Format {
        /// The format.
        format: SecretFormat,
        /// What is around or between its digits, if that is known.
        spoiler: Option<super::Spoiler>,
    },
    /// Key material given as an HMAC secret: the classic forgery with a public key's text.
    NotASecret {
        /// What it is in its place.
        found: &'static str,
    },
    /// A file of no kind that holds keys.
    NotAKey,
    /// A key or set where a JWK Set is wanted.
    NotASet {
        /// What it is in its place.
        found: String,
    },
    /// `@` before a path, as only a token and CLAIMS take it.
    AtPath {
        /// The path, if it may be said.
        path: Option<String>,
    },
    /// A URL in the place of a path.
    UrlAsPath,
    /// More keys than are read.
    TooMany {
        /// How many there are.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// A private key or a secret, in a set that anybody can fetch.
    Published {
        /// What it is.
        key: String,
    },
    /// Something that is known and not read.
    Unsupported {
        /// What it is.
        found: String,
        /// The call that makes a usable key of it, if there is one.
        remedy: Option<&'static str>,
    },
    /// More than one key in a file, and nothing says which is meant.
    Several {
        /// What they are: PEM labels, types of OpenSSH keys.
        labels: Vec<String>,
    },
    /// Damaged: what it seems to be promises what its content does not hold.
    Damaged {
        /// What it seems to be: a PEM label, "DER", "JWK".
        label: String,
        /// What the decoder said.
        reason: String,
    },
    /// A member of a JWK is missing, or is not what it has to be.
    Member {
        /// Its name.
        name: &'static str,
        /// What is wrong: "is missing", "is a number, not a string".
        fault: String,
    },
    /// Encrypted, and no password was given.
    Encrypted,
    /// Encrypted, and the password does not open it.
    WrongPassword,
    /// Opening it would cost more work or memory than any honest key does.
    TooCostly {
        /// What is out of bounds: "4294967295 rounds of bcrypt".
        cost: String,
    },
    /// A password that is not UTF-8, or empty.
    BadPassword,
    /// An RSA modulus outside of what can be used at all.
    RsaSize {
        /// Its size in bits.
        bits: usize,
    },
    /// An RSA public exponent that is even or 1.
    RsaExponent,
    /// Too weak, and weak keys are not admitted.
    Weak(Weakness),
    /// The crypto library refuses it: a point off its curve, halves that do not belong together.
    Rejected {
        /// What the key is.
        key: String,
        /// What the library said.
        reason: String,
    },
    /// A public key asked to sign.
    CannotSign {
        /// What the key is.
        key: String,
    },
    /// A weak RSA key, admitted, asked for what the crypto library does not do with it.
    TooWeakFor {
        /// What the key is.
        key: String,
        /// What was asked for: "sign".
        task: &'static str,
    },
    /// Its JWK does not let it be used for this.
    Forbidden {
        /// What the key is.
        key: String,
        /// What it was wanted for.
        purpose: Purpose,
        /// What forbids it.
        limit: Limit,
    },
    /// The `alg` of its JWK is none that a key of its kind signs with.
    SignsNothing {
        /// What the key is.
        key: String,
        /// The `alg`.
        alg: String,
    },
    /// The algorithm that was asked for is none of the key's.
    WrongKeyType {
        /// What the key is.
        key: String,
        /// What was asked for.
        wanted: Vec<Algorithm>,
        /// What the key serves.
        supports: Vec<Algorithm>,
    },
    /// The `kid` that was asked for is not the key's, or no key of the set has it.
    WrongKid {
        /// What was asked for.
        wanted: String,
        /// The ones there are, the first of them.
        known: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// No key of a set can be used for what is wanted.
    NoneUsable {
        /// What they are wanted for.
        purpose: Purpose,
        /// Each key's name, and what keeps it from being used.
        keys: Vec<(String, KeyError)>,
    },
    /// No key of a set can be published in another.
    NoneToPublish {
        /// Each key's name, and why it cannot.
        keys: Vec<(String, KeyError)>,
    },
    /// Several keys of a set could sign, and nothing says which is to.
    SeveralSigners {
        /// Their names.
        names: Vec<String>,
    },
    /// Two keys of a set that is to be made have the same `kid`.
    SameKid {
        /// The `kid`.
        kid: String,
        /// Where the first of them came from.
        first: Origin,
    },
    /// A set where one key is wanted.
    NotOneKey {
        /// How many there are.
        count: usize,
        /// Whether it is a JWK Set.
        is_jwk_set: bool,
    },
    /// An HMAC secret has no public half.
    NoPublicHalf,
    /// The key has no such format.
    NoSuchFormat {
        /// What the key is.
        key: String,
        /// The format.
        format: super::Format,
        /// The formats it has.
        formats: &'static [super::Format],
    },
}

/// What in a JWK limits its use (RFC 7517 sections 4.2 and 4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// `use`
    Use(String),
    /// `key_ops`
    Ops(Vec<String>),
}

impl KeyError {
    /// `Unsupported`, and the call that makes a usable key of it.
    pub(super) fn unsupported(found: impl Into<String>, remedy: Option<&'static str>) -> Self {
        Self::Unsupported { found: found.into(), remedy }
    }

    /// `Damaged`: what it seems to be, and what the decoder said.
    pub(super) fn damaged(label: &str, reason: impl Into<String>) -> Self {
        Self::Damaged { label: label.to_owned(), reason: reason.into() }
    }
}

/// A short word of a key file of the characters that such words have; any other may be anything, so it
/// is not repeated.
pub(super) fn plain(word: &str, allowed: impl Fn(u8) -> bool) -> &str {
    if word.len() <= 40 && word.bytes().all(allowed) { word } else { "?" }
}
