//! Warnings: what a user should know although the request was answered.

use super::codes::Code;
use super::explanation::{Explanation, shown};
use super::keys::line_about_key;
use super::names::shown_path;
use super::network;
use super::secrets::{SecretText, mangled};
use crate::claims::WrongType;
use crate::json::quote;
use crate::jwks::FetchWarning;
use crate::keys::{Algorithm, Key, KeyError, Origin, Resized, SecretLength, Weakness};
use crate::policy::Remark;
use crate::sys::{LeftBehind, Leftover, reason};
use crate::time;

/// A warning.
#[derive(Debug, Clone)]
pub enum Warning {
    /// About the caller's keys; the same for every token.
    Key(Box<Explanation>),
    /// About a verified token; formatted only where it is shown.
    Token(Remark),
    /// About what was made or shown.
    Output(Box<Explanation>),
    /// About a file that could not be removed and may hold a private key: shown even with `--quiet`.
    LeftBehind(Box<Explanation>),
}

/// An HMAC secret that is shorter than its hash (RFC 7518 section 3.2).
pub(crate) fn short_secret(
    origin: &Origin,
    length: SecretLength,
    alg: Algorithm,
    least: usize,
) -> Warning {
    let message = format!(
        "the secret ({origin}) is {length} long; {alg} requires at least {least} (RFC 7518 section 3.2)"
    );
    let hint = "a short secret can be guessed from one token: openssl rand -base64 48";
    about_key(Code::ShortSecret, message, hint)
}

/// A secret that was used to sign and is probably not what was meant.
pub(crate) fn mangled_secret(origin: &Origin, secret: &[u8], text: &SecretText) -> Option<Warning> {
    let found = mangled(secret, text, origin)?;
    let message = format!("the secret ({origin}) {}, and was used as it is", found.looks);
    Some(about_key(Code::MangledSecret, message, &found.hint))
}

/// A key that is too weak, and was used because weak keys are allowed.
pub(crate) fn weak_key(name: &str, weakness: Weakness) -> Warning {
    let line = line_about_key(Some(name), &KeyError::Weak(weakness));
    about_key(Code::KeyWeak, line, "it was used because of --allow-weak-key")
}

/// The numbers of an EC key that did not have the length that its curve requires.
pub(crate) fn number_lengths(
    key: &Key,
    name_of: impl Fn() -> String,
) -> impl Iterator<Item = Warning> {
    key.resized.iter().map(move |Resized { name, found, curve }| {
        let wanted = curve.field_length();
        let done = if *found < wanted { "added" } else { "removed" };
        let message = format!(
            "{} of {} is {found} bytes long; {curve} requires {wanted} (RFC 7518 section 6.2): leading zeros were {done}",
            quote(name),
            name_of()
        );
        let explanation = Explanation::new(Code::NumberLength, message)
            .hint("other programs may reject the key; to correct it: jwtctl key convert --format jwk KEY")
            .about(name);
        Warning::Key(explanation.into())
    })
}

/// A token that was verified with a public key of a set and renewed with another key of it.
pub(crate) fn other_signer(name: &str) -> Warning {
    let message = format!("the key that verified the token cannot sign; {name} signed");
    about_key(Code::OtherSigner, message, "choose the signing key with --sign-key")
}

pub(crate) fn fetching(warning: &FetchWarning) -> Warning {
    Warning::Key(network::fetch_warning(warning).into())
}

fn about_key(code: Code, message: String, hint: &str) -> Warning {
    Warning::Key(Explanation::new(code, message).hint(hint).into())
}

/// A key that cannot be published and was left out of the set that was made.
pub(crate) fn left_out(origin: &Origin, name: &str, error: &KeyError) -> Warning {
    let line = line_about_key(Some(&format!("{name} of {origin}")), error);
    Warning::Output(Explanation::new(Code::LeftOut, format!("left out: {line}")).into())
}

/// A padded token that was shown, but that verification will refuse.
pub(crate) fn padded() -> Warning {
    let message = "the token is padded with '=', which a JWT must not be (RFC 7515 section 2)";
    let explanation = Explanation::new(Code::TokenBase64, message).hint(
        "verify rejects it without --allow-padding, which is for signers that sign the padding, as AWS load balancers do",
    );
    Warning::Output(explanation.into())
}

/// A token without claims, of which `audit` examined the rest.
pub(crate) fn not_claims() -> Warning {
    let message =
        "the payload is not a claims set: only the header and the signature were examined";
    Warning::Output(Explanation::new(Code::NotClaims, message).into())
}

/// A token that is too long for `audit` to try many secrets on it.
pub(crate) fn secrets_untried() -> Warning {
    let message = "the token is long: well-known secrets were not tried";
    let explanation = Explanation::new(Code::SecretsUntried, message)
        .hint("try a list of your own with --wordlist");
    Warning::Output(explanation.into())
}

/// An SD-JWT whose key binding JWT was not asked for.
pub(crate) fn key_binding_unchecked() -> Warning {
    let message =
        "the key binding JWT was not checked: whoever presents the token may not be its holder";
    let explanation = Explanation::new(Code::KeyBindingUnchecked, message)
        .hint("check it with --key-binding-aud and --key-binding-nonce");
    Warning::Output(explanation.into())
}

pub(crate) fn no_longer_encrypted() -> Warning {
    let message = "the key was encrypted, but is written without a password";
    let hint = "to encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out new.pem";
    Warning::Output(Explanation::new(Code::NoLongerEncrypted, message).hint(hint).into())
}

/// A refreshed token that does not get the lifetime of the old one, which is too long or not positive.
pub(crate) fn lifetime_not_kept(is_too_long: bool, instead: i64) -> Warning {
    let is = if is_too_long { "over 1000 years" } else { "not positive" };
    let instead = time::span(instead);
    let message = format!("the old lifetime (\"exp\" - \"iat\") is {is}; the new one is {instead}");
    let explanation = Explanation::new(Code::LifetimeNotKept, message)
        .hint("choose another with --ttl")
        .about("exp");
    Warning::Output(explanation.into())
}

/// A new token that verification will refuse because of the type of a claim.
pub(crate) fn refused_claim(WrongType { claim, expected, actual }: WrongType) -> Warning {
    let message = format!("verify will refuse this token: {} is not {expected}", quote(claim));
    let explanation = Explanation::new(Code::ClaimType, message)
        .hint("--claim NAME=TEXT writes a string, --claim NAME:=JSON a number or an array")
        .about(claim)
        .compared(None, Some(actual));
    Warning::Output(explanation.into())
}

/// A new token that verification will refuse because of a header parameter.
pub(crate) fn refused_header(name: &str) -> Warning {
    let message = format!("verify will refuse this token: its header has {}", quote(name));
    Warning::Output(Explanation::new(Code::Crit, message).about(name).into())
}

/// Files that could not be removed.
pub(crate) fn left_behind(left: Vec<LeftBehind>) -> Vec<Warning> {
    let warning = |left: LeftBehind| {
        let (path, of) = (left.path.display(), shown_path(&left.of));
        let state = match left.kind {
            Leftover::NotPutBack => format!("has the old content of {of}, and cannot be put back"),
            Leftover::Replaced => format!("has the old content of {of}, and cannot be removed"),
            Leftover::New if path.to_string() == of => {
                "was written, and cannot be removed again".to_owned()
            }
            Leftover::New => format!("has the new content of {of}, and cannot be removed"),
        };
        let hint = match left.kind {
            Leftover::NotPutBack => "rename it to its old name",
            Leftover::Replaced | Leftover::New => "remove it: it may be a private key",
        };
        let message = format!("{path} {state}: {}", reason(&left.error));
        Warning::LeftBehind(Explanation::new(Code::LeftBehind, message).hint(hint).into())
    };
    left.into_iter().map(warning).collect()
}

impl Warning {
    /// Whether it is about the caller's keys and therefore the same for every token.
    pub fn is_about_key(&self) -> bool {
        matches!(self, Self::Key(_))
    }

    /// Its code, message, evidence and hint.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Key(explanation) | Self::Output(explanation) | Self::LeftBehind(explanation) => {
                (**explanation).clone()
            }
            Self::Token(remark) => about_expiry(remark),
        }
    }
}

/// The explanation of a remark about the `exp` of an accepted token.
fn about_expiry(remark: &Remark) -> Explanation {
    let explanation = |code, message: String| Explanation::new(code, message).about("exp");
    match remark {
        Remark::NoExpiry => {
            explanation(Code::NoExpiry, "the token has no \"exp\": it never expires".to_owned())
        }
        Remark::NeverExpires { exp, actual } => explanation(
            Code::NoExpiry,
            format!("\"exp\" is {} ({}): the token never expires", shown(actual), time::utc(*exp)),
        )
        .found(actual),
        Remark::OtherUnit { unit, exp, actual, now } => {
            let unit = unit.name();
            let message = format!("\"exp\" is {}, which looks like {unit}", shown(actual));
            let mut hint = format!("taken as {unit} it would be {}", time::utc(*exp));
            if exp <= now {
                hint += ": the token would have expired ";
                hint += &time::from_now(*exp, *now);
            }
            explanation(Code::Milliseconds, message).hint(hint).found(actual)
        }
    }
}
