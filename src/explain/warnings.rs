//! Warnings, and what is said of them.

use super::codes::Code;
use super::explanation::{Explanation, shown};
use super::secrets::{SecretText, mangled};
use super::token::malformed;
use crate::claims::WrongType;
use crate::json::quote;
use crate::jwks::FetchWarning;
use crate::keys::{Algorithm, Key, KeyError, Origin, Resized, SecretLength, Weakness};
use crate::policy::Remark;
use crate::sys::Leftover;
use crate::time;

/// Something a user should know.
#[derive(Debug, Clone)]
pub enum Warning {
    /// An HMAC secret shorter than its hash (RFC 7518 section 3.2).
    ShortSecret {
        /// Where it came from.
        origin: Origin,
        /// Its length.
        length: SecretLength,
        /// The algorithm it serves.
        alg: Algorithm,
        /// The length it should have.
        least: usize,
    },
    /// A secret that signed and is probably not what was meant.
    MangledSecret(Box<Explanation>),
    /// A key that is too weak, used because weak keys are allowed.
    WeakKey {
        /// What it is called: where it came from, and its name in a set.
        name: String,
        /// In what way.
        weakness: Weakness,
    },
    /// A number of an EC key of another length than its curve's.
    Resized {
        /// What the key is called.
        key: String,
        /// Which number.
        number: Resized,
    },
    /// A token of a public key of a set was renewed with another key of it.
    OtherSigner {
        /// That key's name, and where the set came from.
        name: String,
    },
    /// A key of a set that cannot be published was left out of one that was made.
    LeftOut {
        /// Where the set came from.
        origin: Origin,
        /// The key's name in it.
        name: String,
        /// Why it cannot.
        error: KeyError,
    },
    /// Something that happened when keys were fetched.
    Fetching(FetchWarning),
    /// A key was opened with its password, and is written without one.
    NoLongerEncrypted,
    /// A remark on a verified token.
    Token(Remark),
    /// A refreshed token does not get the lifetime of the old one.
    LifetimeNotKept {
        /// Whether that lifetime is longer than any that is given; else it is none.
        is_too_long: bool,
        /// The one it gets.
        instead: i64,
    },
    /// A token was shown whose parts are padded.
    Padded,
    /// A token was shown that was given inside another text.
    Inside(Box<Explanation>),
    /// A token was made that verification will refuse for a claim's type.
    RefusedClaim(WrongType),
    /// A file that should have been cleared away could not be.
    LeftBehind {
        /// Where it is.
        path: String,
        /// What it is.
        kind: Leftover,
        /// The file that it was, or was to be, as it may be said.
        of: String,
        /// Why it could not be.
        reason: String,
    },
    /// A token was made that verification will refuse for its header.
    RefusedHeader {
        /// The member.
        name: &'static str,
    },
}

impl Warning {
    /// The warning about a secret that is probably not what was meant.
    pub(crate) fn of_mangled(origin: &Origin, secret: &[u8], text: &SecretText) -> Option<Self> {
        let found = mangled(secret, text, origin)?;
        let message = format!("the secret ({origin}) {}, and was used as it is", found.looks);
        let explanation = Explanation::new(Code::MangledSecret, message).hint(found.hint);
        Some(Self::MangledSecret(explanation.into()))
    }

    /// Warnings about the numbers of a key.
    pub(crate) fn of_numbers(key: &Key, name: impl Fn() -> String) -> impl Iterator<Item = Self> {
        key.resized.iter().map(move |number| Self::Resized { key: name(), number: *number })
    }

    /// Whether it is about the caller's keys, and so the same for every token.
    #[must_use]
    pub fn is_about_key(&self) -> bool {
        matches!(
            self,
            Self::ShortSecret { .. }
                | Self::MangledSecret(_)
                | Self::WeakKey { .. }
                | Self::Resized { .. }
                | Self::OtherSigner { .. }
                | Self::Fetching(_)
        )
    }

    /// Whether it is said even to those who want to hear of errors alone: a private key may be lying there.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::LeftBehind { .. })
    }

    /// What is to be said of it.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        match self {
            Self::ShortSecret { origin, length, alg, least } => Explanation::new(
                Code::ShortSecret,
                format!(
                    "the secret ({origin}) is {length} long; {alg} wants at least {least} \
                     (RFC 7518 section 3.2)"
                ),
            )
            .hint("a short secret can be guessed from one token: openssl rand -base64 48"),
            Self::MangledSecret(explanation) => (**explanation).clone(),
            Self::WeakKey { name, weakness } => {
                let line =
                    super::keys::line_about_key(Some(name), &KeyError::Weak(weakness.clone()));
                Explanation::new(Code::KeyWeak, line)
                    .hint("it was used because of --allow-weak-key")
            }
            Self::Resized { key, number } => resized(key, number),
            Self::OtherSigner { name } => Explanation::new(
                Code::OtherSigner,
                format!("the key that verified the token cannot sign; {name} signed"),
            )
            .hint("choose the key that signs with --sign-key"),
            Self::LeftOut { origin, name, error } => {
                let line = super::keys::line_about_key(Some(&format!("{name} of {origin}")), error);
                Explanation::new(Code::LeftOut, format!("left out: {line}"))
            }
            Self::Fetching(note) => super::network::note(note),
            Self::NoLongerEncrypted => Explanation::new(
                Code::NoLongerEncrypted,
                "the key was encrypted, and is written without a password",
            )
            .hint("to encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem"),
            Self::Token(remark) => remarked(remark),
            Self::LifetimeNotKept { is_too_long, instead } => {
                let is = if *is_too_long { "over 1000 years" } else { "not above zero" };
                let instead = time::span(*instead);
                Explanation::new(
                    Code::LifetimeNotKept,
                    format!(
                        "the old lifetime (\"exp\" - \"iat\") is {is}; the new one is {instead}"
                    ),
                )
                .hint("choose another with --ttl")
                .about("exp")
            }
            Self::Padded => malformed::shown_padded(),
            Self::Inside(explanation) => (**explanation).clone(),
            Self::RefusedClaim(wrong) => Explanation::new(
                Code::ClaimType,
                format!(
                    "verify will refuse this token: {} is not {}",
                    quote(wrong.claim),
                    wrong.expected
                ),
            )
            .hint("--claim NAME=TEXT writes a string, --claim NAME:=JSON a number or an array")
            .about(wrong.claim)
            .compared(None, Some(wrong.actual.clone())),
            Self::LeftBehind { path, kind, of, reason } => left_behind(path, *kind, of, reason),
            Self::RefusedHeader { name } => Explanation::new(
                Code::Crit,
                format!("verify will refuse this token: its header has {}", quote(name)),
            )
            .about(name),
        }
    }
}

/// What is said of a number of a key that did not have the length its curve requires.
fn resized(key: &str, Resized { name, found, curve }: &Resized) -> Explanation {
    let wanted = curve.field_length();
    let done = if *found < wanted { "added" } else { "removed" };
    let message = format!(
        "{} of {key} is {found} bytes long; {curve} wants {wanted} (RFC 7518 section 6.2): leading zeros were {done}",
        quote(name)
    );
    Explanation::new(Code::NumberLength, message)
        .hint(
            "other programs may reject the key; to correct it: jwtctl key convert --format jwk KEY",
        )
        .about(name)
}

/// What is said of an accepted token's `exp`.
fn remarked(remark: &Remark) -> Explanation {
    match remark {
        Remark::NoExpiry => {
            Explanation::new(Code::NoExpiry, "the token has no \"exp\": it is valid for ever")
                .about("exp")
        }
        Remark::NeverExpires { exp, actual } => Explanation::new(
            Code::NoExpiry,
            format!("\"exp\" is {} ({}): the token never expires", shown(actual), time::utc(*exp)),
        )
        .about("exp")
        .compared(None, Some(actual.clone())),
        Remark::OtherUnit { unit, exp, actual, now } => {
            let (unit, utc) = (unit.name(), time::utc(*exp));
            let is_over = exp <= now;
            let ago = is_over.then(|| time::from_now(*exp, *now));
            let over = ago.map(|ago| format!(": the token would have expired {ago}"));
            Explanation::new(
                Code::Milliseconds,
                format!("\"exp\" is {}, which looks like {unit}", shown(actual)),
            )
            .hint(format!("taken as {unit} it would be {utc}{}", over.unwrap_or_default()))
            .about("exp")
            .compared(None, Some(actual.clone()))
        }
    }
}

fn left_behind(path: &str, kind: Leftover, of: &str, reason: &str) -> Explanation {
    let (message, hint) = match kind {
        Leftover::Replaced => (
            format!("{path} holds what {of} held before, and cannot be removed"),
            "remove it: it may be a private key",
        ),
        Leftover::NotPutBack => (
            format!("{path} holds what {of} held before, and cannot be put back"),
            "rename it to its old name",
        ),
        Leftover::New if path == of => (
            format!("{path} was written, and cannot be removed again"),
            "remove it: it may be a private key",
        ),
        Leftover::New => (
            format!("{path} holds what was to go into {of}, and cannot be removed"),
            "remove it: it may be a private key",
        ),
    };
    Explanation::new(Code::LeftBehind, format!("{message}: {reason}")).hint(hint)
}
