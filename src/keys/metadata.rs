//! What is known about a key besides the key itself: where it came from, how it is written, what its JWK says.

use std::fmt;
use std::path::PathBuf;

use super::algorithm::{Curve, KeyType};

/// What a JWK allows its key to do (RFC 7517 section 4), as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are the members; `key_use` is "use"
pub struct JwkParams {
    pub kid: Option<String>,
    pub alg: Option<String>,
    pub key_use: Option<String>,
    pub key_ops: Option<Vec<String>>,
}

/// A number of an EC key that did not have the length that its curve requires, but was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resized {
    pub(crate) name: &'static str,
    /// Its length in bytes, as it was found.
    pub(crate) found: usize,
    pub(crate) curve: Curve,
}

/// What a key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants say what the enum asks
pub enum Purpose {
    Sign,
    Verify,
    /// To encrypt to a public key, or with a shared secret.
    Encrypt,
    Decrypt,
}

impl Purpose {
    /// The first of [`Self::operations`], which is also the verb for it.
    pub(crate) fn operation(self) -> &'static str {
        self.operations()[0]
    }

    /// The words in `key_ops` that allow it (RFC 7517 section 4.3).
    pub(super) fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Sign => &["sign"],
            Self::Verify => &["verify"],
            Self::Encrypt => &["encrypt", "wrapKey", "deriveKey", "deriveBits"],
            Self::Decrypt => &["decrypt", "unwrapKey", "deriveKey", "deriveBits"],
        }
    }

    /// Whether it is encryption, and not a signature.
    pub(crate) fn is_encryption(self) -> bool {
        matches!(self, Self::Encrypt | Self::Decrypt)
    }
}

/// Where a key came from, as its user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the places
pub enum Origin {
    /// The value of this flag or variable itself.
    Named(&'static str),
    /// One of several arguments of that name, counted from 1.
    Nth(&'static str, usize),
    File(PathBuf),
    /// A URL, in the form in which it may be shown.
    Url(String),
    Variable(String),
    /// Standard input, named by this flag.
    Stdin(&'static str),
    /// Standard input, which no flag names.
    Piped,
    /// Several sources, whose keys form one set.
    Several,
    /// The certificate of this subject, and where the certificates that it must lead to came from.
    Certificate(String, Box<Origin>),
    /// A member or entry of a document, as messages name it, and where the document came from.
    Part(String, Box<Origin>),
}

impl Origin {
    /// A part of a document from here; the document itself if there is no part.
    pub(crate) fn part(self, part: Option<String>) -> Self {
        match part {
            Some(part) => Self::Part(part, Box::new(self)),
            None => self,
        }
    }

    /// Where the document came from.
    pub(crate) fn document(&self) -> &Self {
        if let Self::Part(_, document) = self { document } else { self }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Nth(name, number) => write!(f, "{name} {number}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(text) | Self::Variable(text) => f.write_str(text),
            Self::Piped | Self::Stdin("FILE") => f.write_str("standard input"),
            Self::Stdin(flag) => write!(f, "{flag} - (standard input)"),
            Self::Several => f.write_str("the set of your keys"),
            Self::Certificate(subject, root) => {
                write!(f, "certificate {subject}, trusted by {root}")
            }
            Self::Part(part, document) => write!(f, "{part} of {document}"),
        }
    }
}

/// A format that a key is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the names of the formats
pub enum Format {
    /// PKCS#8 or SPKI in PEM.
    Pem,
    Jwk,
    /// PKCS#8 or SPKI in DER.
    Der,
    OpenSsh,
    /// The text of an HMAC secret.
    Text,
}

impl Format {
    /// All formats, in the order in which users see them.
    pub(crate) const ALL: [Self; 5] = [Self::Pem, Self::Jwk, Self::Der, Self::OpenSsh, Self::Text];

    /// The table: the name on the command line, and what a message calls a key in the format.
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Pem => ("pem", "PEM"),
            Self::Jwk => ("jwk", "a JWK"),
            Self::Der => ("der", "DER"),
            Self::OpenSsh => ("openssh", "an OpenSSH key"),
            Self::Text => ("text", "text"),
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    pub(super) fn description(self) -> &'static str {
        self.row().1
    }

    /// The formats that a type of key can be written in, the default first.
    pub(crate) fn of(key_type: KeyType) -> &'static [Self] {
        match key_type {
            KeyType::Hmac => &[Self::Text, Self::Jwk],
            KeyType::Ec(curve) if curve.ssh_name().is_none() => &[Self::Pem, Self::Jwk, Self::Der],
            KeyType::X25519 | KeyType::MlDsa(_) => &[Self::Pem, Self::Jwk, Self::Der],
            _ => &[Self::Pem, Self::Jwk, Self::Der, Self::OpenSsh],
        }
    }
}

/// How the bytes of an HMAC secret are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SecretFormat {
    /// Text, without the final newline and the byte order mark of a file.
    #[default]
    Text,
    /// The bytes as they are.
    Raw,
    /// Base64 in the standard or the URL alphabet, padded or not.
    Base64,
    /// Hexadecimal digits in either letter case.
    Hex,
}

impl SecretFormat {
    /// All formats, in the order in which users see them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Raw, Self::Base64, Self::Hex];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Raw => "raw",
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }
}

impl fmt::Display for SecretFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The encoding that a key was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the names of the encodings
pub enum Encoding {
    /// A structure, such as PKCS#8, in PEM.
    Pem(&'static str),
    Der(&'static str),
    OpenSsh,
    Jwk,
    JwkSet,
    Secret,
    /// Not written at all: an SSH agent has it.
    Agent,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(structure) => write!(f, "{structure} in PEM"),
            Self::Der(structure) => write!(f, "{structure} in DER"),
            Self::OpenSsh => f.write_str("OpenSSH"),
            Self::Jwk => f.write_str("JWK"),
            Self::JwkSet => f.write_str("JWK Set"),
            Self::Secret => f.write_str("HMAC secret"),
            Self::Agent => f.write_str("key in an SSH agent"),
        }
    }
}
