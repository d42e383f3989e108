//! The formats that keys and secrets are read from and written in, by name.

use std::fmt;

use super::algorithm::KeyType;

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

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Jwk => "jwk",
            Self::Der => "der",
            Self::OpenSsh => "openssh",
            Self::Text => "text",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Pem => "PEM",
            Self::Jwk => "a JWK",
            Self::Der => "DER",
            Self::OpenSsh => "an OpenSSH key",
            Self::Text => "text",
        }
    }

    /// The formats that a type of key has, the default first.
    pub(crate) fn of(key_type: KeyType) -> &'static [Self] {
        match key_type {
            KeyType::Hmac => &[Self::Text, Self::Jwk],
            KeyType::Ec(curve) if curve.ssh_name().is_none() => &[Self::Pem, Self::Jwk, Self::Der],
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

/// What keeps the text of a secret from being in its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the variants say what the enum asks
pub enum Spoiler {
    Quotes,
    /// `0x` or `base64:` before it.
    Prefix(&'static str),
    /// Colons between the digits of its bytes.
    Colons,
    /// An ID and a colon before it.
    Id,
}

/// How a key was written where it was read.
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
        }
    }
}
