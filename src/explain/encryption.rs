//! Explains why an encrypted token is not decrypted or not accepted, from what anybody can see: headers, lengths, what
//! the keys are and how they are written. A failure of the cryptography has one code and one message.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::codes::Code;
use super::explanation::Explanation;
use super::problem::Problem;
use super::refusal;
use crate::crypto::{DecryptionKey, MAX_INFLATED, MAX_RATIO, OpenFault};
use crate::json::Value;
use crate::keys::{ContentEncryption, Key, KeyAlgorithm, KeyType};
use crate::text::counted;
use crate::token::{Encrypted, EncryptionFault};

fn problem(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem::Encryption(Explanation::new(code, message).hint(hint).into())
}

pub(crate) fn too_many_layers(most: usize) -> Problem {
    let message = format!("the token has more than {most} layers of encryption");
    problem(Code::JweLayers, message, "no more are decrypted")
}

/// A token without a signature, where a flag or a key demands one.
pub(crate) fn signature_demanded(by: &str) -> Problem {
    problem(
        Code::NotSigned,
        format!("the token is encrypted but not signed, and {by} was given"),
        "if it is meant to be only encrypted with a shared secret, leave out the flags for signatures, and unset the variable \
         of such a key",
    )
}

/// A token without a signature that was encrypted to a public key.
pub(crate) fn anyone_could_encrypt(alg: KeyAlgorithm) -> Problem {
    problem(
        Code::NotSigned,
        format!(
            "the token is not signed, and anyone could have encrypted it: {alg} needs only the public key"
        ),
        "jwtctl decode --decrypt-key shows what is inside; to be verified, a token must be signed before it is encrypted",
    )
}

/// A signed token, where only a key to decrypt with was given.
pub(crate) fn no_key_for_signature(is_inside: bool) -> Problem {
    let message = if is_inside {
        "the token inside is signed, and no key was given to check the signature"
    } else {
        "the token is signed and not encrypted, and no key was given to check the signature"
    };
    problem(
        Code::NotEncrypted,
        message,
        "add the key that verifies it: --key, --secret-env, --jwks or --oidc",
    )
}

/// A token that cannot be refreshed because of how it is encrypted.
pub(crate) fn cannot_be_sealed_again() -> Problem {
    problem(
        Code::JweAlgorithm,
        "a token encrypted in the JSON serialization cannot be refreshed",
        "decrypt it and make a new one: jwtctl encode --encrypt-to KEY",
    )
}

/// The same problem with a token that was found inside an encrypted one.
pub(crate) fn inside(problem: Problem) -> Problem {
    let Problem::Token(..) = &problem else { return problem };
    let Explanation { code, message, hint, .. } = problem.explain();
    let message = format!("inside the encryption: {message}");
    let explanation = Explanation::new(code, message);
    let raw = "jwtctl decode --raw prints what is inside, whatever it is".to_owned();
    Problem::Encryption(Explanation { hint: hint.or(Some(raw)), ..explanation }.into())
}

/// Why no key decrypted a token. `describe` names a key and where it came from, and the variable if that was one;
/// `is_derived` says that a web application derives some keys from its secret.
pub(crate) fn not_opened<'a>(
    fault: &OpenFault,
    token: &Encrypted,
    keys: &[DecryptionKey],
    describe: &dyn Fn(usize) -> (String, Option<&'a str>),
    is_derived: bool,
) -> Problem {
    let explanation = match fault {
        OpenFault::Encryption(fault) => of_header(fault),
        OpenFault::NotServed { alg, enc, keys: unsuited, count } => {
            let lines = unsuited.iter().map(|it| format!("{}: {}", describe(it.index).0, it.reason));
            let message = match unsuited.as_slice() {
                [only] => format!("{} cannot decrypt the token: {}", describe(only.index).0, only.reason),
                _ => format!("none of {} can decrypt the token, which is encrypted with {alg}", counted(keys.len(), "key")),
            };
            let lines: Vec<_> = if unsuited.len() > 1 { lines.collect() } else { Vec::new() };
            let count = if lines.is_empty() { 0 } else { *count };
            let written = keys.iter().enumerate().find_map(|(index, key)| {
                how_it_is_written(key.key(), *alg, *enc, describe(index).1)
            });
            let hint = written.unwrap_or_else(|| wanted(*alg, *enc));
            Explanation::new(Code::JweAlgorithm, message)
                .hint(hint)
                .about("alg")
                .compared(None, Some(Value::string(alg.name())))
                .evidence(lines.into_iter(), count)
        }
        OpenFault::Failed { alg, tried } => {
            let tried = match tried {
                1 => String::new(),
                tried => format!(" ({} were tried)", counted(*tried, "key")),
            };
            let message = format!(
                "the token cannot be decrypted: it was encrypted for another key, or changed{tried}"
            );
            Explanation::new(Code::DecryptionFailed, message).hint(after_failure(*alg, token, is_derived))
        }
        OpenFault::TooCostly => Explanation::new(
            Code::JweLayers,
            "decrypting the token would take too long: too many keys or iterations to try",
        )
        .hint("give only the key that it was encrypted for"),
        OpenFault::NotDeflate => Explanation::new(
            Code::JweCompression,
            "the header says \"zip\": \"DEF\", and the decrypted content does not decompress",
        )
        .hint("DEF is DEFLATE without a header (RFC 1951); the sender must not use zlib or gzip"),
        OpenFault::TooLarge => Explanation::new(
            Code::JweCompression,
            format!(
                "the decrypted content decompresses to more than {} MiB or {MAX_RATIO} times its length",
                MAX_INFLATED >> 20
            ),
        )
        .hint("a token that grows so much is refused (RFC 8725 section 3.6)"),
    };
    Problem::Encryption(explanation.into())
}

fn of_header(fault: &EncryptionFault) -> Explanation {
    let said = |code| Explanation::new(code, fault.to_string());
    match fault {
        EncryptionFault::Header(fault) => refusal::header(fault),
        EncryptionFault::Rsa15 => said(Code::JweAlgorithm)
            .hint("the sender must use RSA-OAEP-256, with the same key")
            .about("alg"),
        EncryptionFault::UnknownAlg(alg) => said(Code::JweAlgorithm)
            .hint(format!("jwtctl decrypts {}", listed(KeyAlgorithm::ALL.map(KeyAlgorithm::name))))
            .about("alg")
            .compared(None, Some(Value::string(alg))),
        EncryptionFault::UnknownEnc(enc) => said(Code::JweAlgorithm)
            .hint(format!(
                "jwtctl decrypts {}",
                listed(ContentEncryption::ALL.map(ContentEncryption::name))
            ))
            .about("enc")
            .found(enc),
        EncryptionFault::UnknownZip(zip) => said(Code::JweAlgorithm).about("zip").found(zip),
        EncryptionFault::Parameter { name, .. } => said(Code::JweParameter).about(name),
        EncryptionFault::Length { .. } => {
            said(Code::JweLength).hint("was the token cut, or combined from parts of several?")
        }
    }
}

fn listed<const N: usize>(names: [&str; N]) -> String {
    names.join(", ")
}

/// Which key decrypts such tokens.
fn wanted(alg: KeyAlgorithm, enc: ContentEncryption) -> String {
    let secret = |length: usize| {
        format!(
            "it is decrypted with the shared secret of {length} bytes: --decrypt-secret-env base64:NAME, or --decrypt-key PATH of a JWK"
        )
    };
    match alg {
        KeyAlgorithm::Dir => format!(
            "{}; a session cookie of Auth.js or NextAuth with authjs:NAME",
            secret(enc.key_length())
        ),
        KeyAlgorithm::AesKw(aes) | KeyAlgorithm::AesGcmKw(aes) => secret(aes.key_length()),
        KeyAlgorithm::Pbes2(_) => {
            "it is decrypted with a password: --decrypt-secret-env NAME".to_owned()
        }
        _ => "it is decrypted with the recipient's private key: --decrypt-key PATH".to_owned(),
    }
}

/// If the text of a secret spells one of the right length in base64 or hexadecimal digits: how to say so.
fn how_it_is_written(
    key: &Key,
    alg: KeyAlgorithm,
    enc: ContentEncryption,
    variable: Option<&str>,
) -> Option<String> {
    let name = variable.unwrap_or("NAME");
    let secret = key.private().filter(|_| key.key_type == KeyType::Hmac)?.expose();
    let wanted = alg.secret_length().or((alg == KeyAlgorithm::Dir).then(|| enc.key_length()))?;
    let text = str::from_utf8(secret).ok()?.trim();
    let digits = text.trim_end_matches('=');
    let is_hex = text.len() == 2 * wanted && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_base64 = [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD]
        .iter()
        .any(|engine| engine.decode(digits).is_ok_and(|decoded| decoded.len() == wanted));
    let format = if is_hex {
        "hex"
    } else if is_base64 {
        "base64"
    } else {
        return None;
    };
    Some(format!(
        "the secret is {wanted} bytes written in {format}: --decrypt-secret-env {format}:{name}"
    ))
}

/// What may be wrong if the cryptography fails, from what anybody can see.
fn after_failure(alg: KeyAlgorithm, token: &Encrypted, is_derived: bool) -> String {
    let kids = token.recipients.iter().filter_map(|recipient| recipient.header.kid.as_deref());
    let for_key = kids
        .map(|kid| format!("the token names the key {}", super::explanation::named(kid)))
        .next();
    let what = match alg {
        KeyAlgorithm::Pbes2(_) => "check that it was encrypted with this password",
        KeyAlgorithm::Dir if is_derived => {
            "check the secret; Auth.js also derives the key from the name of the cookie: authjs:NAME:COOKIE"
        }
        alg if alg.is_shared() => {
            "check that it was encrypted with this secret, and the format of the secret"
        }
        KeyAlgorithm::RsaOaep => {
            "RSA-OAEP uses SHA-1 (RFC 7518 section 4.3); check that it was encrypted to this key"
        }
        _ => "check that it was encrypted to this key",
    };
    match for_key {
        Some(for_key) => format!("{for_key}; {what}"),
        None => what.to_owned(),
    }
}
