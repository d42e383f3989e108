//! Keys: what a key is, which algorithms it may serve, and how its text is read. No I/O here.
//! A key's content says what it is, never its file's name; the token's header has no say at all.

mod algorithm;
mod bytes;
mod ed25519;
mod error;
mod file;
mod key_type;
mod read;
mod rsa;
mod set;
mod sniff;
mod ssh_wire;
mod strength;
mod write;

use std::fmt;
use std::path::PathBuf;

pub use algorithm::{Algorithm, UnknownAlgorithm, listed};
pub use ed25519::is_ed25519_point;
pub use error::{Filler, KeyError, Limit};
pub use file::{Encoding, KeyFile, Keys};
pub use key_type::{Curve, KeyType, MIN_WEAK_RSA_BITS, RSA_BITS};
pub use read::certificate::Certificate;
pub use read::der::public_bytes;
pub use read::jwk::{JwkParams, Resized, thumbprint_input};
pub use read::openssh::is_public_line;
pub use read::pem::keys_of_blocks;
pub use read::read_keys;
pub use read::secret::{SecretFormat, Spoiler, read_password, read_secret};
pub use rsa::rsa_public_key;
pub use set::{Entry, KeySet, MOST_NAMED};
pub use sniff::key_material::possible_points;
pub use strength::{SecretLength, Weakness};
pub use write::{Format, write_key, write_set};

use crate::secret::Secret;

/// The largest secret or password that is read, in bytes: 1 MiB.
pub const MAX_SECRET: usize = 1024 * 1024;

/// The largest key file that is read, in bytes: 16 MiB, which is a set of tens of thousands of keys.
pub const MAX_KEY: usize = 16 * 1024 * 1024;

/// Where a key came from, as the user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The value of this flag or variable itself.
    Named(&'static str),
    /// The value of one of several arguments of that name, counted from 1.
    Nth(&'static str, usize),
    /// A file.
    File(PathBuf),
    /// A URL, as it may be said.
    Url(String),
    /// An environment variable.
    Variable(String),
    /// Standard input, named by a flag.
    Stdin(&'static str),
    /// Standard input, which nothing names.
    Piped,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Nth(name, number) => write!(f, "{name} {number}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(text) | Self::Variable(text) => f.write_str(text),
            Self::Piped => f.write_str("standard input"),
            Self::Stdin(flag) => write!(f, "{flag} - (standard input)"),
        }
    }
}

/// The half of a key that is held, in the encoding the crypto library takes.
#[derive(Debug, Clone)]
pub enum KeyMaterial {
    /// HMAC: the secret. RSA: PKCS#1 `RSAPrivateKey`. EC, Ed25519: PKCS#8.
    Private(Secret),
    /// RSA: PKCS#1 `RSAPublicKey`. EC: the point (SEC 1 section 2.3.3). Ed25519: the 32 bytes.
    Public(Vec<u8>),
}

/// The halves of a key that are to be written. The public one is in the encoding of
/// [`KeyMaterial::Public`], a point uncompressed; an HMAC secret has none.
#[derive(Debug, Clone, Copy)]
pub struct Halves<'a> {
    /// What the key is.
    pub key_type: KeyType,
    /// The public half.
    pub public: &'a [u8],
    /// The private half, where it is to be written too.
    pub private: Option<&'a Secret>,
}

/// A key that has been read: its form is checked, its mathematics not yet.
#[derive(Debug, Clone)]
pub struct Key {
    /// What it is.
    pub key_type: KeyType,
    /// The half that is held.
    pub material: KeyMaterial,
    /// What its JWK says of it; `None` for a key of any other form.
    pub params: Option<JwkParams>,
    /// Numbers of its JWK that were not of the length they should have.
    pub resized: Vec<Resized>,
}

/// The values of `use` that mean signatures: RFC 7517's (section 4.2), and the one of keys in a SPIFFE bundle that
/// sign JWTs (SPIFFE JWT-SVID, section 6). A key of any other use, known or not, neither signs nor verifies.
const SIGNING_USES: [&str; 2] = ["sig", "jwt-svid"];

/// What a key is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making signatures.
    Sign,
    /// Checking them.
    Verify,
}

impl Purpose {
    /// The word for it in `key_ops` (RFC 7517 section 4.3).
    #[must_use]
    pub fn operation(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
        }
    }
}

impl Key {
    /// A key without params.
    #[must_use]
    pub fn new(key_type: KeyType, material: KeyMaterial) -> Self {
        Self { key_type, material, params: None, resized: Vec::new() }
    }

    /// Whether it can sign.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.material, KeyMaterial::Private(_))
    }

    /// The key ID of its JWK.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.params.as_ref()?.kid.as_deref()
    }

    /// The algorithms it may serve, the default for signing first: its kind's, narrowed by the `alg`
    /// of its JWK.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let alg = self.params.as_ref().and_then(|params| params.alg.as_deref());
        let named = |supports: &Algorithm| alg.is_none_or(|alg| alg == supports.name());
        self.key_type.algorithms().iter().copied().filter(named).collect()
    }

    /// Whether its JWK lets it be used for a purpose: `use`, `key_ops` and an `alg` that signs nothing
    /// bind (RFC 7517 sections 4.2 to 4.4).
    ///
    /// # Errors
    /// `Forbidden` and `SignsNothing`.
    pub fn permits(&self, purpose: Purpose) -> Result<(), KeyError> {
        let Some(params) = &self.params else { return Ok(()) };
        let forbidden = |limit| Err(KeyError::Forbidden { key: self.to_string(), purpose, limit });
        if let Some(alg) = params.alg.as_ref().filter(|_| self.algorithms().is_empty()) {
            return Err(KeyError::SignsNothing { key: self.to_string(), alg: alg.clone() });
        }
        let is_other = |key_use: &&String| !SIGNING_USES.contains(&key_use.as_str());
        if let Some(key_use) = params.key_use.as_ref().filter(is_other) {
            return forbidden(Limit::Use(key_use.clone()));
        }
        match &params.key_ops {
            Some(ops) if !ops.iter().any(|op| op == purpose.operation()) => {
                forbidden(Limit::Ops(ops.clone()))
            }
            _ => Ok(()),
        }
    }

    /// What it is, with the length of an HMAC secret.
    #[must_use]
    pub fn described(&self) -> String {
        match (self.key_type, &self.material) {
            (KeyType::Hmac, KeyMaterial::Private(secret)) => {
                format!("{self} of {}", SecretLength::of(secret))
            }
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_type::described(self.key_type, self.is_private()))
    }
}
