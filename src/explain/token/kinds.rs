//! The things that are told from a token, each with its evidence: names and numbers, nothing that may be a
//! secret.

use crate::json::Value;
use crate::token::Part;

/// A text in a token's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAToken {
    /// An encrypted token (JWE).
    Encrypted {
        /// Whether it is compact (RFC 7516 section 7.1), or else in JSON (section 7.2).
        compact: bool,
    },
    /// A JWS in the JSON serialization (RFC 7515 section 7.2).
    JsonSerialization {
        /// Whether it is the general one, of several signatures, and not the flattened one.
        general: bool,
        /// Whether its members make a token.
        whole: bool,
    },
    /// JSON that holds a token, and the way to it.
    Answer(JsonPath),
    /// The same in base64.
    EncodedAnswer {
        /// The way to the token.
        way: JsonPath,
        /// Whether the base64 has the URL-safe alphabet.
        url_safe: bool,
    },
    /// JSON, broken or with more after it, that holds a token to which no path leads.
    Holding {
        /// What kind.
        kind: &'static str,
        /// Which of the tokens in it.
        found: Found,
    },
    /// A token answer whose token is no JWT.
    OpaqueAnswer {
        /// The member with the token.
        name: &'static str,
    },
    /// An error answer of an authorization server (RFC 6749 section 5.2).
    OAuthError {
        /// Its code, if it is a registered one.
        error: Option<&'static str>,
    },
    /// A header or a claims set that is not encoded.
    Decoded {
        /// Which of them.
        header: bool,
    },
    /// Other JSON.
    Json {
        /// What kind.
        kind: &'static str,
        /// What is not in it.
        lack: Missing,
    },
    /// A key or a certificate.
    Key(KeyForm),
    /// A text that carries other things.
    Carried {
        /// What it is.
        by: Carrier,
        /// The token in it.
        found: Option<Found>,
    },
    /// A name and a password (RFC 7617).
    Basic,
    /// An opaque token.
    Opaque(Issued),
    /// A JWT with the prefix of an issuer, which alone can verify it: GitHub's `ghs_APPID_JWT`, GitLab's
    /// `glcbt-JWT`, Buildkite's `bkaj_JWT`.
    Prefixed {
        /// The issuer's name.
        issuer: &'static str,
        /// Whether the JWT can be taken apart.
        whole: bool,
    },
    /// A SAML response or assertion.
    Saml,
    /// Other XML.
    Xml,
    /// A token of the platform-agnostic kind.
    Paseto,
    /// A macaroon.
    Macaroon,
    /// A token with disclosures (RFC 9901).
    SdJwt,
    /// Bytes of this format.
    Binary(&'static str),
    /// The base64 of a whole token.
    EncodedTwice,
    /// Text with the base64 of a whole token in it.
    EncodedInside(Found),
    /// A cookie that a web framework has signed.
    Session,
    /// A token whose payload is sent apart from it (RFC 7515 appendix F).
    Detached,
    /// A token whose payload is compressed: the header's `zip`.
    Compressed(Value),
    /// A payload with something after it, and no header before it.
    NoHeader {
        /// Whether it may be a cookie as well.
        cookie: bool,
    },
    /// What may be a file's name.
    FileName,
    /// A long text in so many parts that may be an opaque token.
    Unknown {
        /// One or two.
        parts: usize,
    },
    /// A variable or a command that no shell has expanded.
    Variable(Unfilled),
    /// The word for nothing of some language.
    Nothing(&'static str),
    /// A word that stands for a token in a text.
    Placeholder,
    /// One part of a token.
    PartAlone(Part),
    /// A token without its third part.
    NoSignature,
    /// A token whose letters were all made capitals, or none.
    OneCase,
}

/// What JSON has been found not to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Any token.
    Any,
    /// A whole token: the beginning of one is there.
    Whole,
    /// A token in as much of it as was looked at.
    Near,
}

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// RFC 7468
    Pem,
    /// A certificate (RFC 5280).
    Certificate,
    /// DER
    Der,
    /// RFC 7517 section 4
    Jwk,
    /// RFC 7517 section 5
    JwkSet,
    /// `OpenSSH`
    Ssh,
}

/// A step into JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// The member of an object.
    Member(String),
    /// The item of an array.
    Item(usize),
}

/// The way to a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    /// The steps.
    pub path: Vec<PathStep>,
    /// Whether it is in base64 once more there, as Kubernetes keeps secrets.
    pub encoded: bool,
}

/// Which of the tokens that a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its number among those that have the look of one, from 1.
    pub nth: usize,
    /// How many there are.
    pub of: usize,
}

/// A text that carries other things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carrier {
    /// A cookie, or several (RFC 6265 section 4).
    Cookie {
        /// The name of the one with the token.
        name: Option<String>,
    },
    /// A header line (RFC 9110 section 5).
    Header {
        /// Its name.
        name: String,
    },
    /// A URL.
    Url {
        /// The name of the parameter with the token.
        name: Option<String>,
    },
    /// A form or an assignment: `name=token`.
    Assignment {
        /// The name.
        name: String,
    },
    /// A whole answer of a server, as `curl -i` prints it.
    Http {
        /// Its status code (RFC 9110 section 15).
        status: Option<u16>,
    },
    /// A page in HTML.
    Html,
    /// Other words.
    Words,
}

/// What no shell has expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfilled {
    /// `$NAME`, `${NAME}`: a name here is one that may be repeated, or `NAME`.
    Shell(String),
    /// `%NAME%`
    Cmd(String),
    /// `$env:NAME`
    PowerShell(String),
    /// `$(command)`
    Command,
    /// The same in backticks, or something that was copied with them.
    Backticks,
}

/// A text that means something to the server that issued it alone (RFC 6749 section 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// By the issuer of this name.
    By(&'static str),
    /// A UUID (RFC 9562).
    Uuid,
    /// So many hexadecimal digits.
    Hex(usize),
}
