//! What is said of a key that cannot be used. Never its content.

use std::fmt::{self, Display};

use super::codes::Code;
use super::explanation::{Explanation, LISTED, listed_names, reason};
use crate::json::{Value, quote};
use crate::keys::{
    Format, KeyError, MIN_WEAK_RSA_BITS, Origin, Purpose, RSA_BITS, SecretFormat, Spoiler,
    Weakness, listed,
};
use crate::secret::may_repeat_id;

pub(super) fn explain(origin: &Origin, error: &KeyError) -> Explanation {
    let explanation = said(&Subject::Source(origin), error);
    match (origin, error) {
        (Origin::Url(_), KeyError::NoneUsable { .. }) => explanation
            .hint("is it where the issuer publishes the keys that its tokens are signed with?"),
        (Origin::Url(_), _) => {
            explanation.hint("is it the URL of a JWK Set? An issuer is named with --oidc ISSUER")
        }
        _ => explanation,
    }
}

/// What keeps a key from being used, in a line that begins with its name in a set, or with "it".
#[must_use]
pub fn line_about_key(name: Option<&str>, error: &KeyError) -> String {
    said(&name.map_or(Subject::It, Subject::Entry), error).message
}

/// What an error is about.
enum Subject<'a> {
    /// What came from there.
    Source(&'a Origin),
    /// A key of a set, by its name: `key "a"`.
    Entry(&'a str),
    /// What is being spoken of.
    It,
}

impl Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(origin) => origin.fmt(f),
            Self::Entry(name) => f.write_str(name),
            Self::It => f.write_str("it"),
        }
    }
}

impl Subject<'_> {
    /// Where the content of a file that is named goes if it is in a variable.
    fn in_a_variable(&self) -> &'static str {
        match self {
            Self::Source(Origin::Named("--key-password-file")) => {
                "A password in a variable goes to JWTCTL_KEY_PASSWORD"
            }
            Self::Source(Origin::Named("FILE") | Origin::Nth(..)) => {
                "A key in a variable is piped in: printf %s \"$KEY\" |"
            }
            _ => "A key in a variable goes to --key-env NAME, a secret to --secret-env NAME",
        }
    }

    /// It, and what the key is.
    fn with(&self, key: &str) -> String {
        match self {
            Self::Source(origin) => format!("the {key} ({origin})"),
            Self::Entry(name) => format!("{name} ({key})"),
            Self::It => "it".to_owned(),
        }
    }
}

#[allow(clippy::too_many_lines, reason = "a table: one entry an error")]
fn said(origin: &Subject<'_>, error: &KeyError) -> Explanation {
    let explanation = |code, message: String| Explanation::new(code, message);
    match error {
        KeyError::Unreadable(error) => {
            explanation(Code::KeyUnreadable, format!("cannot read {origin}: {}", reason(error)))
        }
        KeyError::TooLarge { most } => explanation(
            Code::KeyTooLarge,
            format!("{origin} is too large for a key: over {} MiB", most >> 20),
        ),
        KeyError::NotSet => explanation(Code::KeyNotSet, format!("{origin} is not set"))
            .hint("export it, or name another variable"),
        KeyError::NameMaybeSecret => explanation(
            Code::KeyNotSet,
            format!("{origin} takes the name of a variable, and none of that name is set (not shown: it may be the secret itself)"),
        )
        .hint(format!("export it, and give its name without the $: {origin} MY_SECRET")),
        KeyError::NothingPiped => explanation(Code::NoKey, "no key was given, and nothing was piped in".to_owned())
            .hint("name a FILE, or pipe one in"),
        KeyError::Empty => explanation(Code::KeyEmpty, format!("{origin} is empty"))
            .hint("with an empty key anyone could sign, so it is never used"),
        KeyError::OnlyZeros(length) => {
            explanation(Code::KeyEmpty, format!("{origin} contains only {length} zero {}", bytes(*length)))
                .hint("HMAC pads keys with zeros, so this is the empty secret (RFC 2104 section 2); make a new one: jwtctl key new --alg HS256")
        }
        KeyError::OnlyWhiteSpace(length) => {
            explanation(Code::KeyEmpty, format!("{origin} contains only white space ({length} {})", bytes(*length)))
                .hint("was it meant to be filled in? With an empty key anyone could sign, so it is never used")
        }
        KeyError::PathMaybeSecret => explanation(
            Code::KeyUnreadable,
            format!("{origin} takes the path of a file, and there is none of that name (not shown: it may be a secret)"),
        )
        .hint(format!("is the path right? {}", origin.in_a_variable())),
        KeyError::NoFormat => explanation(Code::SecretFormat, format!("{origin} is empty"))
            .hint("unset it, or set it to text, raw, base64 or hex"),
        KeyError::NotText => {
            explanation(Code::SecretNotText, format!("the secret of {origin} is not UTF-8 text"))
                .hint("take its bytes as they are with --secret-format raw")
        }
        KeyError::NotALine => explanation(
            Code::SecretNotText,
            format!("the secret of {origin} is not a line of text, so it cannot be written as one"),
        )
        .hint("--format jwk holds any bytes"),
        KeyError::Format { format, spoiler } => {
            explanation(Code::SecretFormat, format!("the secret of {origin} is not {format}"))
                .hint(format_hint(*format, *spoiler))
        }
        KeyError::NotASecret { found } => {
            explanation(Code::NotASecret, format!("{origin} holds {found}, not an HMAC secret"))
                .hint("used as a secret, a public key would let anyone sign; keys of any form go to --key or --key-env")
        }
        KeyError::NotAKey => explanation(Code::NotAKey, format!("{origin} has no key in any known format"))
            .hint("an HMAC secret is given with --secret-file or --secret-env"),
        KeyError::NotASet { found } => {
            explanation(Code::NotASet, format!("{origin} holds {found}, not a JWK Set"))
                .hint("one key goes to --key; jwtctl key set FILE… makes a set")
        }
        KeyError::AtPath { path } => {
            explanation(Code::KeyUnreadable, format!("{origin} takes a path without @ before it"))
                .hint(path.as_ref().map_or("write the path alone".to_owned(), |path| {
                    super::names::flag(&origin.to_string(), path).unwrap_or_else(|| path.clone())
                }))
        }
        KeyError::UrlAsPath => {
            explanation(Code::BadUrl, format!("{origin} takes the path of a file, not a URL"))
                .hint("the URL of a JWK Set goes to --jwks, an issuer to --oidc")
        }
        KeyError::TooMany { count, most } => explanation(
            Code::KeyTooLarge,
            format!("{origin} holds {count} keys; a set of more than {most} is not read"),
        ),
        KeyError::Published { key } => {
            explanation(Code::KeyPublished, format!("{} is in a set that anybody can fetch", origin.with(key)))
                .hint("whoever has fetched it can make such tokens: the issuer must change it, and publish public keys alone")
        }
        KeyError::Unsupported { found, remedy } => {
            let said = explanation(Code::KeyUnsupported, format!("{origin} holds {found}"));
            match remedy {
                Some(remedy) => said.hint(format!("convert it: {remedy}")),
                None => said.hint("JWTs are signed with HMAC secrets, RSA, EC on P-256, P-384, P-521 or secp256k1, or Ed25519"),
            }
        }
        KeyError::Several { labels } => several(origin, labels),
        KeyError::Damaged { label, reason } => {
            explanation(Code::KeyDamaged, format!("{origin} is damaged: its {label} does not decode ({reason})"))
        }
        KeyError::Member { name, fault } => {
            explanation(Code::JwkMember, format!("{origin} is not a usable JWK: its {} {fault}", quote(name)))
                .about(name)
        }
        KeyError::Encrypted => explanation(Code::KeyEncrypted, format!("{origin} is encrypted, and there is no password for it"))
            .hint("set JWTCTL_KEY_PASSWORD, or name a file with --key-password-file"),
        KeyError::WrongPassword => {
            explanation(Code::WrongPassword, format!("the password does not open {origin}"))
        }
        KeyError::BadPassword => {
            explanation(Code::WrongPassword, format!("the password ({origin}) is empty or not UTF-8 text"))
        }
        KeyError::TooCostly { cost } => explanation(Code::KeyTooCostly, format!("{origin} asks for {cost} to be opened, which is more than jwtctl allows")),
        KeyError::RsaSize { bits } => rsa_size(origin, *bits, false),
        KeyError::Weak(Weakness::Rsa(bits)) => rsa_size(origin, *bits, true),
        KeyError::Weak(Weakness::Oct(length, alg, least)) => explanation(
            Code::KeyWeak,
            format!("{origin} is a secret of {length}; {alg} requires at least {least} (RFC 7518 section 3.2)"),
        )
        .hint(format!("make a new one: jwtctl key new --alg {alg} --format jwk; --allow-weak-key admits it for now")),
        KeyError::RsaExponent => explanation(
            Code::KeyWeak,
            format!("{origin} is an RSA key with a public exponent that is even or 1"),
        ),
        KeyError::Rejected { key, reason } => {
            explanation(Code::KeyRejected, format!("{origin} is not a valid {key} ({reason})"))
        }
        KeyError::CannotSign { key } => {
            explanation(Code::KeyCannotSign, format!("{} cannot sign", origin.with(key)))
                .hint("sign with the private key; the public one can only verify")
        }
        KeyError::TooWeakToSign { key } => {
            explanation(Code::KeyWeak, format!("{} is too weak to sign, even with --allow-weak-key", origin.with(key)))
                .hint("make a new one: jwtctl key new --alg RS256")
        }
        KeyError::Forbidden { key, purpose, is_use, value } => {
            let (name, wanted) = if *is_use { ("use", "sig") } else { ("key_ops", purpose.operation()) };
            explanation(
                Code::KeyForbidden,
                format!("{} is not for {}: its {} is {}", origin.with(key), doing(*purpose), quote(name), super::explanation::shown(value)),
            )
            .about(name)
            .compared(Some(Value::string(wanted)), Some(value.clone()))
        }
        KeyError::SignsNothing { key, alg } => explanation(
            Code::KeyForbidden,
            format!("{} signs nothing: its \"alg\" is {}", origin.with(key), super::explanation::named(alg)),
        )
        .about("alg"),
        KeyError::WrongKeyType { key, wanted, supports } => explanation(
            Code::KeyWrongKind,
            format!("{} does not support {}", origin.with(key), listed(wanted)),
        )
        .hint(format!("it supports {}", listed(supports))),
        KeyError::WrongKid { wanted, known, count } => {
            let wanted = if may_repeat_id(wanted) { wanted } else { super::explanation::NOT_SHOWN };
            let message = format!("{origin} has no key {}", super::explanation::named(wanted));
            explanation(Code::KeyWrongKid, message)
                .hint(if known.is_empty() {
                    "none of its keys has a kid".to_owned()
                } else {
                    format!("it has {}", listed_names(known, *count))
                })
                .about("kid")
                .compared(Some(Value::strings(&known[..known.len().min(LISTED)])), Some(Value::string(wanted)))
        }
        KeyError::NoneUsable { task, keys } if keys.is_empty() => {
            explanation(Code::NoUsableKey, format!("{origin} holds no key to {task}"))
        }
        KeyError::NoneUsable { task, keys } => {
            let message = format!("{origin} holds {} and none to {task}", counted(keys.len()));
            explanation(Code::NoUsableKey, message)
                .evidence(keys.iter().map(|(name, error)| line_about_key(Some(name), error)))
        }
        KeyError::SeveralSigners { names } => explanation(
            Code::SeveralKeys,
            format!("{origin} holds {} keys that can sign, but exactly one is needed", names.len()),
        )
        .hint("give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID")
        .evidence(names.iter().cloned()),
        KeyError::SameKid { kid, first } => explanation(
            Code::SameKid,
            format!("{first} and {origin} hold different keys of the same kid {}", super::explanation::named(kid)),
        )
        .hint("give one of them another: jwtctl key convert --format jwk --kid NEW")
        .about("kid"),
        KeyError::NotOneKey { count, is_jwk_set } => {
            explanation(Code::SeveralKeys, format!("{origin} holds {}, but exactly one is needed", counted(*count)))
                .hint(if *is_jwk_set {
                    "jwtctl key show lists them; to take one out: jq '.keys[0]' SET"
                } else {
                    "jwtctl key show lists them; keep one key in each file, or make a JWK Set of them with jwtctl key set"
                })
        }
        KeyError::NoPublicKey => explanation(Code::NoPublicHalf, format!("{origin} is an HMAC secret: it has no public key"))
            .hint("who verifies with it can sign with it, so it is never published"),
        KeyError::NoSuchFormat { key, format, formats } => {
            let names: Vec<_> = formats.iter().map(|format| format.name().to_owned()).collect();
            explanation(Code::KeyFormat, format!("{} cannot be written as {}", origin.with(key), name_of(*format)))
                .hint(format!("--format {}", names.join(", ")))
        }
    }
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Pem => "PEM",
        Format::Jwk => "a JWK",
        Format::Der => "DER",
        Format::OpenSsh => "an OpenSSH key",
        Format::Text => "text",
    }
}

fn doing(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Sign => "signing",
        Purpose::Verify => "verifying",
    }
}

fn bytes(count: usize) -> &'static str {
    if count == 1 { "byte" } else { "bytes" }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 key".to_owned() } else { format!("{count} keys") }
}

fn several(origin: &Subject<'_>, labels: &[String]) -> Explanation {
    let are_certificates = labels.iter().all(|label| label.ends_with("CERTIFICATE"));
    let shown: Vec<_> = labels.iter().take(4).cloned().collect();
    let more = if labels.len() > 4 { ", …" } else { "" };
    let said = Explanation::new(
        Code::SeveralKeys,
        format!(
            "{origin} holds {} keys ({}{more}), but exactly one is needed",
            labels.len(),
            shown.join(", ")
        ),
    );
    if are_certificates {
        said.hint("a bundle of certificates: keep the one whose key signs; for the first: openssl x509 -in BUNDLE -out first.pem")
    } else {
        said.hint("keep one key in each file; jwtctl key set FILE… makes a JWK Set of several")
    }
}

fn rsa_size(origin: &Subject<'_>, bits: usize, is_admissible: bool) -> Explanation {
    let (least, most) = (RSA_BITS.start(), RSA_BITS.end());
    let message = format!(
        "{origin} is an RSA key of {bits} bits; {least} to {most} are accepted (RFC 7518 section 3.3)"
    );
    let hint = if is_admissible {
        "make a new one: jwtctl key new --alg RS256; --allow-weak-key verifies with it for now"
            .to_owned()
    } else if bits < MIN_WEAK_RSA_BITS {
        "anyone can break it: make a new one with jwtctl key new --alg RS256".to_owned()
    } else {
        "make one that is smaller: jwtctl key new --alg RS256".to_owned()
    };
    Explanation::new(Code::KeyWeak, message).hint(hint)
}

fn format_hint(format: SecretFormat, spoiler: Option<Spoiler>) -> String {
    let what = match (spoiler, format) {
        (Some(Spoiler::Quotes), _) => "remove the quotes from it".to_owned(),
        (Some(Spoiler::Prefix(prefix)), _) => format!("remove the {prefix} from it"),
        (Some(Spoiler::Colons), _) => "remove the colons from it".to_owned(),
        (Some(Spoiler::Id), _) => "remove the ID and its colon from it".to_owned(),
        (None, SecretFormat::Base64) => {
            "base64 in the standard or the URL alphabet, padded or not".to_owned()
        }
        (None, _) => "two hexadecimal digits for each byte".to_owned(),
    };
    format!("{what}; if the signer took the text as it is: --secret-format text")
}
