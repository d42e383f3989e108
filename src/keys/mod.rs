//! Keys: what a key is, which algorithms it may serve, and how its text is read. No I/O here.
//! A key's content says what it is, never its file's name; the token's header has no say at all.

mod algorithm;
mod blocks;
mod material;
mod pem;
mod secret;

use std::fmt;
use std::io;
use std::path::PathBuf;

pub use algorithm::{Algorithm, UnknownAlgorithm, listed};
pub use pem::read_key;
pub use secret::{SecretFormat, read_secret};

use crate::secret::Secret;
use Algorithm::{
    ES256, ES256K, ES384, ES512, Ed25519, EdDSA, HS256, HS384, HS512, PS256, PS384, PS512, RS256,
    RS384, RS512,
};

/// The largest key file or secret that is read, in bytes: 1 MiB.
pub const MAX_KEY: usize = 1024 * 1024;

/// RSA moduli that are accepted, in bits: the least is RFC 7518's (section 3.3), the most the
/// crypto library's.
pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Where a key came from, as the user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The value of this flag or variable itself.
    Named(&'static str),
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// Standard input, named by a flag.
    Stdin(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Stdin(flag) => write!(f, "{flag} - (standard input)"),
        }
    }
}

/// A curve of ECDSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the curves' names
pub enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        })
    }
}

/// What kind of key it is: this alone decides the algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A secret that both sides share.
    Hmac,
    /// RSA, with the size of the modulus.
    Rsa {
        /// Size of the modulus in bits.
        bits: usize,
    },
    /// ECDSA on a curve.
    Ec(Curve),
    /// EdDSA on Ed25519.
    Ed25519,
}

impl Kind {
    /// The algorithms such a key may serve, the default for signing first.
    #[must_use]
    pub fn algorithms(self) -> &'static [Algorithm] {
        match self {
            Self::Hmac => &[HS256, HS384, HS512],
            Self::Rsa { .. } => &[RS256, RS384, RS512, PS256, PS384, PS512],
            Self::Ec(Curve::P256) => &[ES256],
            Self::Ec(Curve::P384) => &[ES384],
            Self::Ec(Curve::P521) => &[ES512],
            Self::Ec(Curve::Secp256k1) => &[ES256K],
            Self::Ed25519 => &[EdDSA, Ed25519],
        }
    }

    /// Whether such a key may serve an algorithm.
    #[must_use]
    pub fn serves(self, algorithm: Algorithm) -> bool {
        self.algorithms().contains(&algorithm)
    }
}

/// The half of a key that is held, in the encoding the crypto library takes.
#[derive(Debug, Clone)]
pub enum Half {
    /// HMAC: the secret. RSA: PKCS#1 `RSAPrivateKey`. EC, Ed25519: PKCS#8.
    Private(Secret),
    /// RSA: PKCS#1 `RSAPublicKey`. EC: the point (SEC 1 section 2.3.3). Ed25519: the 32 bytes.
    Public(Vec<u8>),
}

/// A key that has been read: its form is checked, its mathematics not yet.
#[derive(Debug, Clone)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// The half that is held.
    pub half: Half,
}

impl Key {
    /// Whether it can sign.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.half, Half::Private(_))
    }

    /// The algorithm to sign with where none is named.
    #[must_use]
    pub fn default_algorithm(&self) -> Algorithm {
        self.kind.algorithms()[0]
    }

    /// The secret's length in bytes if it is an HMAC secret that is shorter than an algorithm's
    /// hash (RFC 7518 section 3.2).
    #[must_use]
    pub fn short_for(&self, algorithm: Algorithm) -> Option<usize> {
        match (self.kind, &self.half, algorithm.least_secret()) {
            (Kind::Hmac, Half::Private(secret), Some(least)) => {
                // Final zero bytes add nothing: HMAC pads with them.
                let counted = secret.expose().iter().rposition(|byte| *byte != 0);
                counted.map(|last| last + 1).filter(|length| *length < least)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    /// "HMAC secret", "RSA 2048-bit public key", "P-256 private key".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.is_private() { "private" } else { "public" };
        match self.kind {
            Kind::Hmac => write!(f, "HMAC secret"),
            Kind::Rsa { bits } => write!(f, "RSA {bits}-bit {half} key"),
            Kind::Ec(curve) => write!(f, "{curve} {half} key"),
            Kind::Ed25519 => write!(f, "Ed25519 {half} key"),
        }
    }
}

/// Why a key cannot be used. It never depends on a token.
#[derive(Debug)]
pub enum KeyError {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// Larger than [`MAX_KEY`].
    TooLarge,
    /// The variable is not set.
    NotSet,
    /// No such variable, and the name may be a secret in the wrong place: it is not repeated.
    NameMaybeSecret,
    /// Nothing in it; this never switches checking off.
    Empty,
    /// No such file, and the path may be a secret in the wrong place: it is not repeated.
    PathMaybeSecret,
    /// The variable that names the secret's format is empty.
    NoFormat,
    /// A text secret that is not UTF-8.
    NotText,
    /// Not in the secret format that was named.
    Format {
        /// The format.
        format: SecretFormat,
    },
    /// Key material given as an HMAC secret: the classic forgery with a public key's text.
    NotASecret {
        /// What it is in its place.
        found: &'static str,
    },
    /// A file of no kind that holds keys.
    NotAKey,
    /// Something that is known and not read.
    Unsupported {
        /// What it is.
        found: String,
        /// The call that makes a usable key of it, if there is one.
        remedy: Option<&'static str>,
    },
    /// More than one key in a file.
    Several {
        /// The PEM labels of the keys.
        labels: Vec<String>,
    },
    /// Damaged: its label promises what its content does not hold.
    Damaged {
        /// The PEM label.
        label: String,
        /// What the decoder said.
        reason: String,
    },
    /// An RSA modulus outside [`RSA_BITS`].
    RsaSize {
        /// Its size in bits.
        bits: usize,
    },
    /// An RSA public exponent that is even or 1.
    RsaExponent,
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
    /// The algorithm that was asked for is none of the key's.
    WrongKind {
        /// What the key is.
        key: String,
        /// What was asked for.
        wanted: Vec<Algorithm>,
        /// What the key serves.
        serves: &'static [Algorithm],
    },
}
