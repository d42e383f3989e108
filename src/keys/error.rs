//! Why a key cannot be used. This never depends on a token.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use thiserror::Error;

use super::algorithm::{Algorithm, Weakness, listed};
use super::metadata::{Format, Origin, Purpose, SecretFormat};
use super::ml_dsa::ParameterSet;
use super::signer::{AgentChoice, SignerError};
use crate::json::{NOT_SHOWN, Value, quote, shown};
use crate::secret::may_repeat_id;
use crate::sys::reason;
use crate::text::counted;

/// Why a key cannot be used. The messages are predicates, which follow the name of a key. `key` is a description such
/// as "P-256 public key", and `keys` are the names of keys in a set, each with its reason.
#[derive(Debug, Clone, Error)]
#[allow(missing_docs)] // the fields are the evidence that the variant names
pub enum KeyError {
    #[error("{}", reason(.0))]
    Unreadable(Arc<io::Error>),
    /// Larger than [`MAX_KEY`](super::MAX_KEY) or [`MAX_SECRET`](super::MAX_SECRET), in bytes.
    #[error("is too large for a key: over {} MiB", most >> 20)]
    TooLarge { most: usize },
    #[error("is not set")]
    NotSet,
    /// The variable is not set, and its name is not repeated.
    #[error(
        "takes the name of a variable, but no variable of that name is set (not shown: it may be the secret itself)"
    )]
    NameMaybeSecret,
    /// The file does not exist, and its path is not repeated.
    #[error("takes the path of a file, but there is no such file (not shown: it may be a secret)")]
    PathMaybeSecret,
    /// An empty key is never used to turn checking off.
    #[error("is empty")]
    Empty,
    /// HMAC pads a secret with zeros (RFC 2104 section 2): this is the empty secret.
    #[error("contains only {}", counted(*.0, "zero byte"))]
    OnlyZeros(usize),
    #[error("contains only white space ({})", counted(*.0, "byte"))]
    OnlyWhiteSpace(usize),
    #[error("no key was given, and nothing was piped in")]
    NothingPiped,
    /// The variable that names the secret's format is empty.
    #[error("is empty")]
    NoFormat,
    #[error("is not UTF-8 text")]
    NotText,
    #[error("is not a line of text, so it cannot be written as one")]
    NotALine,
    /// Not in its format, perhaps only because of what is around or between its digits: "quotes", "0x".
    #[error("is not {format}")]
    Format { format: SecretFormat, spoiler: Option<&'static str> },
    /// A public key as HMAC secret would allow forgery (RFC 8725 section 2.1).
    #[error("holds {found}, not an HMAC secret")]
    NotASecret { found: &'static str },
    #[error("has no key in any known format")]
    NotAKey,
    /// The same for `key set`, which takes secrets only as JWKs.
    #[error("has no key in any known format")]
    NotAKeyForSet,
    #[error("holds {found}, not a JWK Set")]
    NotASet { found: String },
    /// `@` before a path, which is only for a token or CLAIMS. `None` if the path may not be repeated.
    #[error("takes a path without @ before it")]
    AtPath { path: Option<String> },
    #[error("takes the path of a file, not a URL")]
    UrlAsPath,
    #[error("holds {count} keys; a set of more than {most} is not read")]
    TooMany { count: usize, most: usize },
    #[error("is in a document that anybody can fetch")]
    Published { key: String },
    /// Several entries of a document are keys, and nothing says which is meant. Their names may be shown.
    #[error("holds {} keys ({}), but exactly one is needed", names.len(), first_four(names))]
    SeveralEntries { names: Vec<String> },
    #[error("is a Kubernetes secret, and none of its entries is a key")]
    NoKeyEntry,
    /// The label of a PEM block among those that should be certificates.
    #[error("holds a PEM block {label}, and only certificates are expected")]
    NotACertificate { label: String },
    /// This member has the URL of the keys.
    #[error("names the URL of a JWK Set in its {}, and holds no key", quote(member))]
    SetElsewhere { member: &'static str },
    /// Something that is recognized but not supported, and the command that makes a usable key of it.
    #[error("holds {found}")]
    Unsupported { found: String, remedy: Option<&'static str> },
    /// Only its expanded private key is there, and no seed can be computed from that.
    #[error("is an {set} private key without its seed")]
    NoSeed { set: ParameterSet },
    #[error("has no certificate")]
    NoCertificate,
    #[error("has no form in OpenSSH")]
    NotInOpenSsh { key: String },
    /// The PEM labels of several keys in a file that should have one.
    #[error("holds {} keys ({}), but exactly one is needed", labels.len(), first_four(labels))]
    Several { labels: Vec<String> },
    /// What it seems to be: a PEM label, "DER", "JWK".
    #[error("is damaged: its {label} does not decode ({reason})")]
    Damaged { label: String, reason: String },
    /// A member that is missing or wrong: "is missing", "is a number, not a string".
    #[error("is not a usable JWK: its {} {fault}", quote(name))]
    Member { name: &'static str, fault: String },
    #[error("is encrypted, and there is no password for it")]
    Encrypted,
    #[error("cannot be opened with the password")]
    WrongPassword,
    #[error("is empty")]
    EmptyPassword,
    #[error("is not UTF-8 text")]
    PasswordNotText,
    /// What was typed first and second.
    #[error("was not the same twice")]
    PasswordsDiffer,
    /// Opening it has this cost: "4294967295 rounds of bcrypt".
    #[error("needs {cost} to be opened, which is more than jwtctl allows")]
    TooCostly { cost: String },
    #[error("is an RSA key with a public exponent that is even or 1")]
    RsaExponent,
    /// Too weak, and weak keys are not allowed; or RSA of a size that is never accepted.
    #[error("is {0}")]
    Weak(Weakness),
    /// The crypto library rejects it: a point off its curve, a private key with another public key.
    #[error("is not a valid {key} ({reason})")]
    Rejected { key: String, reason: String },
    #[error("cannot sign")]
    CannotSign { key: String },
    /// It is no single key: "certificate chain".
    #[error("cannot sign")]
    OnlyVerifies { key: String },
    /// Given beside a command that signs.
    #[error("signs by itself, without --signer")]
    SignsItself { key: String },
    #[error("is too weak to sign, even with --allow-weak-key")]
    TooWeakToSign { key: String },
    /// Symmetric, so it has no public key for the header of a DPoP proof (RFC 9449 section 4.2).
    #[error("cannot sign a DPoP proof, which has the public key in it (RFC 9449 section 4.2)")]
    NoProof { key: String },
    /// Its JWK's `use` (or else `key_ops`) has this value, which does not allow the purpose.
    #[error(
        "is not for {}ing: its \"{}\" is {}",
        purpose.operation(), if *is_use { "use" } else { "key_ops" }, shown(value.text())
    )]
    Forbidden { key: String, purpose: Purpose, is_use: bool, value: Value },
    #[error("signs nothing: its \"alg\" is {}", shown(Value::string(alg).text()))]
    SignsNothing { key: String, alg: String },
    /// Its JWK's `alg` is for signatures, or for encryption that jwtctl does not do.
    #[error("cannot be used for encryption: its \"alg\" is {}", shown(Value::string(alg).text()))]
    EncryptsNothing { key: String, alg: String },
    #[error("cannot sign or verify: it is for key agreement")]
    NotForSignatures { key: String },
    #[error("cannot encrypt or decrypt: it is for signatures")]
    NotForEncryption { key: String },
    #[error("cannot decrypt")]
    CannotDecrypt { key: String },
    /// The key cannot be used with this `alg` or `enc`: "A128KW requires a secret of 16 bytes".
    #[error("cannot be used with {alg}: {reason}")]
    NotWithAlgorithm { key: String, alg: &'static str, reason: String },
    #[error("does not support {}", listed(wanted))]
    WrongKeyType { key: String, wanted: Vec<Algorithm>, supports: Vec<Algorithm> },
    /// None of `count` keys has the wanted `kid`; `known` are the first `kid`s that they have.
    #[error("has no key {}", shown_id(wanted))]
    WrongKid { wanted: String, known: Vec<String>, count: usize },
    /// No key of a set can be used for a task: "sign with", "be published".
    #[error("holds {} to {task}", none_of(keys.len()))]
    NoneUsable { task: &'static str, keys: Vec<(String, KeyError)> },
    #[error("holds {} keys that can sign, but exactly one is needed", names.len())]
    SeveralSigners { names: Vec<String> },
    /// Two keys of a set that is to be made have the same `kid`.
    #[error("and {first} hold different keys with the same kid {}", shown(Value::string(kid).text()))]
    SameKid { kid: String, first: Origin },
    #[error("holds {}, but exactly one is needed", counted(*count, "key"))]
    NotOneKey { count: usize, is_jwk_set: bool },
    #[error("is an HMAC secret: it has no public key")]
    NoPublicKey,
    #[error("is an HMAC secret: it has no public key")]
    NoFingerprint,
    /// A key of this type cannot be written in the format, but in others.
    #[error("cannot be written as {}", format.description())]
    NoSuchFormat { key: String, format: Format, formats: &'static [Format] },
    /// It is outside of this process.
    #[error(transparent)]
    External(SignerError),
    /// None of the keys in an SSH agent can be used, each with its reason; or none is the one that was named, and there
    /// are no reasons.
    #[error("{}", none_fits(choice, keys))]
    NoneFits { choice: AgentChoice, keys: Vec<AgentKeyName> },
    #[error("the SSH agent holds {} keys that fit, but exactly one is needed", keys.len())]
    SeveralFit { keys: Vec<AgentKeyName> },
}

/// A key in an SSH agent, as a list names it, and why it cannot be used.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the fields say what they are
pub struct AgentKeyName {
    pub fingerprint: String,
    pub type_name: String,
    pub comment: String,
    pub unusable: Option<KeyError>,
}

impl KeyError {
    /// What the key is, if it is known.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Published { key }
            | Self::CannotSign { key }
            | Self::OnlyVerifies { key }
            | Self::SignsItself { key }
            | Self::TooWeakToSign { key }
            | Self::NoProof { key }
            | Self::Forbidden { key, .. }
            | Self::SignsNothing { key, .. }
            | Self::EncryptsNothing { key, .. }
            | Self::NotForSignatures { key }
            | Self::NotForEncryption { key }
            | Self::CannotDecrypt { key }
            | Self::NotWithAlgorithm { key, .. }
            | Self::WrongKeyType { key, .. }
            | Self::NotInOpenSsh { key }
            | Self::NoSuchFormat { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Checks that a secret or a file holds something.
    pub(super) fn check_not_empty(bytes: &[u8]) -> Result<(), Self> {
        match bytes {
            b"" | b"\n" | b"\r\n" => Err(Self::Empty),
            _ if bytes.iter().all(|byte| *byte == 0) => Err(Self::OnlyZeros(bytes.len())),
            _ if bytes.trim_ascii().is_empty() => Err(Self::OnlyWhiteSpace(bytes.len())),
            _ => Ok(()),
        }
    }

    pub(super) fn unsupported(found: impl Into<String>) -> Self {
        Self::Unsupported { found: found.into(), remedy: None }
    }

    /// Like [`Self::unsupported`], with a command that makes a usable key.
    pub(super) fn convertible(found: &str, remedy: &'static str) -> Self {
        Self::Unsupported { found: found.to_owned(), remedy: Some(remedy) }
    }

    pub(super) fn damaged(label: &str, reason: impl Display) -> Self {
        Self::Damaged { label: label.to_owned(), reason: reason.to_string() }
    }

    /// The same error about decrypted bytes. With a wrong password, the padding may look right by chance, but the bytes
    /// are not a key.
    pub(super) fn after_decryption(self) -> Self {
        if let Self::Damaged { .. } = self { Self::WrongPassword } else { self }
    }

    pub(super) fn member(name: &'static str, fault: impl Into<String>) -> Self {
        Self::Member { name, fault: fault.into() }
    }

    /// For a number of an EC key that does not have the length that the curve requires.
    pub(crate) fn wrong_length(name: &'static str, found: usize, wanted: usize) -> Self {
        Self::member(name, format!("is {found} bytes long; the curve requires {wanted}"))
    }
}

/// A word of a key file for a message. If it has other than the `allowed` bytes, it is not repeated.
pub(super) fn plain(word: &str, allowed: impl Fn(u8) -> bool) -> &str {
    if word.len() <= 40 && word.bytes().all(allowed) { word } else { "?" }
}

fn first_four(labels: &[String]) -> String {
    let more = if labels.len() > 4 { ", …" } else { "" };
    labels[..labels.len().min(4)].join(", ") + more
}

fn none_fits(choice: &AgentChoice, keys: &[AgentKeyName]) -> String {
    let is_found = keys.iter().any(|key| key.unusable.is_some());
    let lacks = match choice {
        _ if keys.is_empty() => "holds no keys",
        AgentChoice::Any => "holds no key that can be used",
        AgentChoice::Fingerprint(_) if is_found => "holds the key, but it cannot be used",
        AgentChoice::Comment(_) if is_found => "holds no key with this comment that can be used",
        AgentChoice::Fingerprint(_) => "holds no key with this fingerprint",
        AgentChoice::Comment(_) => "holds no key with this comment",
    };
    format!("the SSH agent {lacks}")
}

fn none_of(count: usize) -> String {
    if count == 0 { "no key".to_owned() } else { format!("{} and none", counted(count, "key")) }
}

/// A `kid` in quotes, unless it may be a secret.
fn shown_id(kid: &str) -> String {
    if may_repeat_id(kid) { shown(Value::string(kid).text()) } else { quote(NOT_SHOWN) }
}
