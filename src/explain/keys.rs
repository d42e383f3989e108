//! Explains why a key cannot be used. No explanation contains a key.

use super::codes::Code;
use super::explanation::{Explanation, listed_names};
use super::names::flag as flag_as_typed;
use super::shell::piped_key;
use super::signers;
use crate::json::{NOT_SHOWN, Value};
use crate::keys::{
    KeyError, MIN_WEAK_RSA_BITS, OTHER_JSON, Origin, RSA_BITS, SecretFormat, Weakness, listed,
};
use crate::secret::may_repeat_id;

pub(super) fn explain(origin: &Origin, error: &KeyError) -> Explanation {
    let message = match (error, error.key()) {
        (KeyError::Unreadable(_), _) => format!("cannot read {origin}: {error}"),
        (KeyError::NothingPiped, _) => error.to_string(),
        (KeyError::NotText | KeyError::NotALine | KeyError::Format { .. }, _) => {
            format!("the secret of {origin} {error}")
        }
        (KeyError::External(error), _) => signers::message(origin, error),
        (KeyError::NoneFits { .. } | KeyError::SeveralFit { .. }, _) => {
            format!("{origin}: {error}")
        }
        (KeyError::EmptyPassword | KeyError::PasswordNotText | KeyError::PasswordsDiffer, _) => {
            format!("the password ({origin}) {error}")
        }
        (_, Some(key)) => format!("the {key} ({origin}) {error}"),
        _ => format!("{origin} {error}"),
    };
    let hint = hint(origin, error).or_else(|| signers::hint(origin, error));
    let explanation = Explanation { hint, ..Explanation::new(code(error), message) };
    match error {
        KeyError::Member { name, .. } => explanation.about(name),
        KeyError::SignsNothing { .. } | KeyError::EncryptsNothing { .. } => {
            explanation.about("alg")
        }
        KeyError::SameKid { .. } => explanation.about("kid"),
        KeyError::Forbidden { purpose, is_use, value, .. } => {
            let (name, wanted) = if !*is_use {
                ("key_ops", purpose.operation())
            } else if purpose.is_encryption() {
                ("use", "enc")
            } else {
                ("use", "sig")
            };
            explanation.about(name).compared(Some(Value::string(wanted)), Some(value.clone()))
        }
        KeyError::WrongKid { wanted, known, .. } => {
            let wanted = if may_repeat_id(wanted) { wanted } else { NOT_SHOWN };
            let (known, wanted) = (Value::strings(known), Value::string(wanted));
            explanation.about("kid").compared(Some(known), Some(wanted))
        }
        KeyError::NoneUsable { keys, .. } => {
            let lines = keys.iter().map(|(name, error)| line_about_key(Some(name), error));
            explanation.evidence(lines, keys.len())
        }
        KeyError::NoneFits { keys, .. } | KeyError::SeveralFit { keys } => {
            explanation.evidence(keys.iter().map(signers::line_about_key), keys.len())
        }
        KeyError::SeveralSigners { names } => {
            explanation.evidence(names.iter().cloned(), names.len())
        }
        _ => explanation,
    }
}

/// Why a key cannot be used, in a line that begins with its name in a set, or with "it".
pub fn line_about_key(name: Option<&str>, error: &KeyError) -> String {
    match (name, error.key()) {
        (Some(name), Some(key)) => format!("{name} ({key}) {error}"),
        (name, _) => format!("{} {error}", name.unwrap_or("it")),
    }
}

fn code(error: &KeyError) -> Code {
    match error {
        KeyError::Unreadable(_) | KeyError::PathMaybeSecret | KeyError::AtPath { .. } => {
            Code::KeyUnreadable
        }
        KeyError::TooLarge { .. } | KeyError::TooMany { .. } => Code::KeyTooLarge,
        KeyError::NotSet | KeyError::NameMaybeSecret => Code::KeyNotSet,
        KeyError::NothingPiped => Code::NoKey,
        KeyError::Empty | KeyError::OnlyZeros(_) | KeyError::OnlyWhiteSpace(_) => Code::KeyEmpty,
        KeyError::NoFormat | KeyError::Format { .. } => Code::SecretFormat,
        KeyError::NotText | KeyError::NotALine => Code::SecretNotText,
        KeyError::NotASecret { .. } => Code::NotASecret,
        KeyError::NotAKey
        | KeyError::NotAKeyForSet
        | KeyError::NotACertificate { .. }
        | KeyError::NoKeyEntry
        | KeyError::SetElsewhere { .. } => Code::NotAKey,
        KeyError::NotASet { .. } => Code::NotASet,
        KeyError::UrlAsPath => Code::BadUrl,
        KeyError::Published { .. } => Code::KeyPublished,
        KeyError::Unsupported { .. } | KeyError::NoSeed { .. } | KeyError::NotInOpenSsh { .. } => {
            Code::KeyUnsupported
        }
        KeyError::NoCertificate => Code::NoCertificate,
        KeyError::Damaged { .. } => Code::KeyDamaged,
        KeyError::Member { .. } => Code::JwkMember,
        KeyError::Encrypted => Code::KeyEncrypted,
        KeyError::WrongPassword
        | KeyError::EmptyPassword
        | KeyError::PasswordNotText
        | KeyError::PasswordsDiffer => Code::WrongPassword,
        KeyError::TooCostly { .. } => Code::KeyTooCostly,
        KeyError::Weak(_) | KeyError::RsaExponent | KeyError::TooWeakToSign { .. } => Code::KeyWeak,
        KeyError::Rejected { .. } => Code::KeyRejected,
        KeyError::CannotSign { .. } | KeyError::OnlyVerifies { .. } => Code::KeyCannotSign,
        KeyError::SignsItself { .. } => Code::BadFlag,
        KeyError::Forbidden { .. }
        | KeyError::SignsNothing { .. }
        | KeyError::EncryptsNothing { .. } => Code::KeyForbidden,
        KeyError::WrongKeyType { .. }
        | KeyError::NotForSignatures { .. }
        | KeyError::NotForEncryption { .. }
        | KeyError::NotWithAlgorithm { .. } => Code::KeyWrongKind,
        KeyError::CannotDecrypt { .. } => Code::KeyCannotDecrypt,
        KeyError::WrongKid { .. } => Code::KeyWrongKid,
        KeyError::NoneUsable { .. } => Code::NoUsableKey,
        KeyError::Several { .. }
        | KeyError::SeveralEntries { .. }
        | KeyError::SeveralSigners { .. }
        | KeyError::SeveralFit { .. }
        | KeyError::NotOneKey { .. } => Code::SeveralKeys,
        KeyError::SameKid { .. } => Code::SameKid,
        KeyError::NoPublicKey | KeyError::NoFingerprint | KeyError::NoProof { .. } => {
            Code::NoPublicHalf
        }
        KeyError::NoSuchFormat { .. } => Code::KeyFormat,
        KeyError::NoneFits { .. } => Code::AgentKey,
        KeyError::External(error) => signers::code(error),
    }
}

/// For a DPoP proof.
const NEEDS_KEY_PAIR: &str = "sign with a private key: --key PATH; to make one: jwtctl key new --alg ES256 --out private.pem";

/// For keys of which none can sign.
const NEEDS_PRIVATE_KEY: &str =
    "sign with a private key: --key PATH, or for refresh --sign-key PATH";

fn hint(origin: &Origin, error: &KeyError) -> Option<String> {
    let is_fetched = matches!(origin.document(), Origin::Url(_));
    let hint = match error {
        KeyError::NoneUsable { .. } if is_fetched => {
            "is it where the issuer publishes the keys that its tokens are signed with?"
        }
        KeyError::Published { .. } => {
            "anyone who fetched it can forge tokens: the issuer must replace it, and publish only public keys"
        }
        _ if is_fetched => "is it the URL of a JWK Set? An issuer is named with --oidc ISSUER",
        KeyError::NotSet => "export it, or name another variable",
        KeyError::NameMaybeSecret => {
            &format!("export it, and give its name without the $: {origin} MY_SECRET")
        }
        KeyError::PathMaybeSecret => &format!("is the path right? {}", in_a_variable(origin)),
        KeyError::NothingPiped => "name a FILE, or pipe one in",
        KeyError::Empty => "with an empty key anyone could sign, so it is never used",
        KeyError::OnlyZeros(_) => {
            "HMAC pads keys with zeros, so this is the empty secret (RFC 2104 section 2); make a new one: jwtctl key new --alg HS256"
        }
        KeyError::OnlyWhiteSpace(_) => {
            "was it meant to be filled in? With an empty key anyone could sign, so it is never used"
        }
        KeyError::NoFormat => "unset it, or set it to text, raw, base64 or hex",
        KeyError::NotText => "take its bytes as they are with --secret-format raw",
        KeyError::NotALine => "--format jwk holds any bytes",
        KeyError::Format { format, spoiler } => &format_hint(*format, *spoiler),
        KeyError::NotASecret { .. } => {
            "used as a secret, a public key would let anyone sign; keys of any form go to --key or --key-env"
        }
        KeyError::NotAKey => "an HMAC secret is given with --secret-file or --secret-env",
        KeyError::NotASet { .. } => "one key goes to --key; jwtctl key set FILE… makes a set",
        KeyError::AtPath { path: Some(path) } => {
            &flag_as_typed(&origin.to_string(), path).unwrap_or_else(|| path.clone())
        }
        KeyError::AtPath { path: None } => "write the path alone",
        KeyError::UrlAsPath => "the URL of a JWK Set goes to --jwks, an issuer to --oidc",
        KeyError::Unsupported { remedy: Some(remedy), .. } => &format!("convert it: {remedy}"),
        KeyError::Unsupported { found, .. } if found == OTHER_JSON => {
            "a JWK has \"kty\", a JWK Set \"keys\"; docs/keys.md lists the other documents that keys are taken from"
        }
        KeyError::Unsupported { .. } => {
            "JWTs are signed with HMAC secrets, RSA, EC on P-256, P-384, P-521 or secp256k1, Ed25519, or ML-DSA"
        }
        KeyError::Several { labels }
            if labels.iter().all(|label| label.ends_with("CERTIFICATE")) =>
        {
            "a bundle of certificates: keep the one whose key signs; for the first: openssl x509 -in BUNDLE -out first.pem"
        }
        KeyError::Several { .. } => {
            "keep one key in each file; jwtctl key set FILE… makes a JWK Set of several"
        }
        KeyError::SeveralEntries { .. } | KeyError::NoKeyEntry | KeyError::SetElsewhere { .. } => {
            return Some(document_hint(error));
        }
        KeyError::Encrypted => "set JWTCTL_KEY_PASSWORD, or name a file with --key-password-file",
        KeyError::Weak(weakness) => &weakness_hint(weakness),
        KeyError::NotForSignatures { .. } => {
            "it encrypts and decrypts JWEs: --encrypt-to, --decrypt-key"
        }
        KeyError::NotForEncryption { .. } | KeyError::EncryptsNothing { .. } => {
            "JWEs are encrypted with secrets, RSA, EC on P-256, P-384 or P-521, or X25519"
        }
        KeyError::CannotDecrypt { .. } => {
            "decrypt with the private key; the public one can only encrypt"
        }
        KeyError::TooWeakToSign { .. } => "make a new one: jwtctl key new --alg RS256",
        KeyError::NoProof { .. } => NEEDS_KEY_PAIR,
        KeyError::WrongKeyType { supports, .. } => &format!("it supports {}", listed(supports)),
        KeyError::WrongKid { known, .. } if known.is_empty() => "none of its keys has a kid",
        KeyError::WrongKid { known, count, .. } => {
            &format!("it has {}", listed_names(known, *count))
        }
        KeyError::SeveralSigners { .. } => {
            "give a file with only that key; encode can also choose it by --alg or, in a JWK Set, by --kid ID"
        }
        KeyError::SameKid { .. } => {
            "give one of them another: jwtctl key convert --format jwk --kid NEW"
        }
        KeyError::NotOneKey { is_jwk_set: true, .. } => {
            "jwtctl key show lists them; to take one out: jq '.keys[0]' SET"
        }
        KeyError::NotOneKey { .. } => {
            "jwtctl key show lists them; keep one key in each file, or make a JWK Set of them with jwtctl key set"
        }
        KeyError::NoPublicKey => {
            "anyone who verifies with it can also sign with it, so it is never published; jwtctl key set --secret makes a set for yourself"
        }
        KeyError::NoSuchFormat { formats, .. } => {
            let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
            &format!("--format {}", names.join(", "))
        }
        error => return hint_to_sign(error).or_else(|| hint_about_content(error)),
    };
    Some(hint.to_owned())
}

/// For public keys that were asked to sign.
fn hint_to_sign(error: &KeyError) -> Option<String> {
    let hint = match error {
        KeyError::CannotSign { .. } => {
            "a public key only verifies: sign with the private key (refresh: --sign-key PATH), or with a command that has it: --signer COMMAND"
        }
        KeyError::OnlyVerifies { .. } => NEEDS_PRIVATE_KEY,
        KeyError::NoneUsable { keys, .. }
            if keys.iter().any(|(_, error)| matches!(error, KeyError::CannotSign { .. })) =>
        {
            NEEDS_PRIVATE_KEY
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn hint_about_content(error: &KeyError) -> Option<String> {
    let hint = match error {
        KeyError::NoSeed { set } => &format!(
            "a JWK holds the seed, which cannot be computed from the expanded key (RFC 9964): write the key with its seed where it was made, or make a new one: jwtctl key new --alg {set}"
        ),
        KeyError::NoCertificate => {
            "x5t is a digest of a certificate; without a flag, the thumbprint is of the key (RFC 7638)"
        }
        KeyError::NotAKeyForSet => {
            "a secret must be a JWK first: jwtctl key convert --format jwk --kid ID --secret-file FILE --out KEY.jwk"
        }
        KeyError::NoFingerprint => "without a flag, the thumbprint is of any key (RFC 7638)",
        KeyError::NotInOpenSsh { .. } => "--spki is a fingerprint of any public key",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// How to name the key of a document that has several or none.
fn document_hint(error: &KeyError) -> String {
    const ENTRY: &str = "kubectl get secret NAME -o json | jq -r '.data[\"ENTRY\"]' | base64 -d";
    match error {
        KeyError::SetElsewhere { member } => {
            format!("give that URL to --jwks: jq -r .{member} FILE shows it")
        }
        KeyError::NoKeyEntry => {
            format!("for an HMAC secret: {ENTRY} | jwtctl … --secret-file -")
        }
        // The names of a Kubernetes secret's entries are in quotes.
        KeyError::SeveralEntries { names } if names[0].starts_with('"') => {
            format!("name one: {ENTRY} | jwtctl … --key -")
        }
        _ => "load the file and name one: set -a; . FILE; jwtctl … --key-env NAME".to_owned(),
    }
}

fn weakness_hint(weakness: &Weakness) -> String {
    match weakness {
        Weakness::Rsa(bits) if *bits < MIN_WEAK_RSA_BITS => {
            "anyone can break it: make a new one with jwtctl key new --alg RS256".to_owned()
        }
        Weakness::Rsa(bits) if bits > RSA_BITS.end() => {
            "make one that is smaller: jwtctl key new --alg RS256".to_owned()
        }
        Weakness::Rsa(_) => {
            "make a new one: jwtctl key new --alg RS256; --allow-weak-key verifies with it for now"
                .to_owned()
        }
        Weakness::Oct(_, alg, _) => format!(
            "make a new one: jwtctl key new --alg {alg} --format jwk; --allow-weak-key admits it for now"
        ),
    }
}

/// How to pass a key or password that is in a variable and not in a file.
fn in_a_variable(origin: &Origin) -> String {
    match origin {
        Origin::Named("--key-password-file") => {
            "A password in a variable goes to JWTCTL_KEY_PASSWORD".to_owned()
        }
        Origin::Named("FILE") | Origin::Nth("FILE", _) => {
            format!("A key in a variable is piped in: {}", piped_key())
        }
        Origin::Named("--encrypt-to") => {
            "A password or secret in a variable goes to --encrypt-secret-env NAME".to_owned()
        }
        Origin::Named("--decrypt-key") => {
            "A secret in a variable goes to --decrypt-secret-env NAME".to_owned()
        }
        _ => "A key in a variable goes to --key-env NAME, a secret to --secret-env NAME".to_owned(),
    }
}

fn format_hint(format: SecretFormat, spoiler: Option<&str>) -> String {
    let what = match (spoiler, format) {
        (Some(spoiler), _) => &*format!("remove the {spoiler} from it"),
        (None, SecretFormat::Base64) => "base64 in the standard or the URL alphabet, padded or not",
        (None, _) => "two hexadecimal digits for each byte",
    };
    format!("{what}; if the signer took the text as it is: --secret-format text")
}
