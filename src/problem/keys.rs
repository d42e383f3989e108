//! What is said of a key that cannot be used. Never its content.

use super::{Explanation, reason};
use crate::keys::{KeyError, Origin, RSA_BITS, SecretFormat, listed};

pub(super) fn explain(origin: &Origin, error: &KeyError) -> Explanation {
    let explanation = |code, message: String| Explanation::new(code, message);
    match error {
        KeyError::Unreadable(error) => {
            explanation("key-unreadable", format!("cannot read {origin}: {}", reason(error)))
        }
        KeyError::TooLarge => {
            explanation("key-too-large", format!("{origin} is larger than any key: over 1 MiB"))
        }
        KeyError::NotSet => explanation("key-not-set", format!("{origin} is not set"))
            .hint("export it, or name another variable"),
        KeyError::NameMaybeSecret => explanation(
            "key-not-set",
            format!("{origin} takes the name of a variable, and none of that name is set (not shown: it may be the secret itself)"),
        )
        .hint(format!("export it, and give its name without the $: {origin} MY_SECRET")),
        KeyError::Empty => explanation("key-empty", format!("{origin} is empty"))
            .hint("with an empty key anyone could sign, so it is never used"),
        KeyError::PathMaybeSecret => explanation(
            "key-unreadable",
            format!("{origin} takes the path of a file, and there is none of that name (not shown: it may be the key itself)"),
        )
        .hint("export the secret as JWTCTL_SECRET, or the key in a variable named with --key-env"),
        KeyError::NoFormat => explanation("secret-format", format!("{origin} is empty"))
            .hint("unset it, or set it to text, raw, base64 or hex"),
        KeyError::NotText => {
            explanation("secret-not-text", format!("the secret of {origin} is not UTF-8 text"))
                .hint("take its bytes as they are with --secret-format raw")
        }
        KeyError::Format { format } => {
            explanation("secret-format", format!("the secret of {origin} is not {format}"))
                .hint(format_hint(*format))
        }
        KeyError::NotASecret { found } => {
            explanation("not-a-secret", format!("{origin} holds {found}, not an HMAC secret"))
                .hint("used as a secret, a public key would let anyone sign; a PEM goes to --key or --key-env")
        }
        KeyError::NotAKey => explanation("not-a-key", format!("{origin} holds no key in PEM"))
            .hint("an HMAC secret is given with --secret-file or --secret-env"),
        KeyError::Unsupported { found, remedy } => {
            let said = explanation("key-unsupported", format!("{origin} holds {found}"));
            match remedy {
                Some(remedy) => said.hint(format!("convert it: {remedy}")),
                None => said.hint("PEM keys of RSA, EC and Ed25519 are read: PKCS#8, PKCS#1, SPKI"),
            }
        }
        KeyError::Several { labels } => explanation(
            "several-keys",
            format!("{origin} holds {} PEM blocks ({}), and one is wanted", labels.len(), labels.iter().take(4).cloned().collect::<Vec<_>>().join(", ")),
        )
        .hint("keep one PEM block a file"),
        KeyError::Damaged { label, reason } => {
            explanation("key-damaged", format!("{origin} is damaged: its {label} does not decode ({reason})"))
        }
        KeyError::RsaSize { bits } => explanation(
            "key-weak",
            format!(
                "{origin} is an RSA key of {bits} bits; {} to {} are accepted (RFC 7518 section 3.3)",
                RSA_BITS.start(),
                RSA_BITS.end()
            ),
        )
        .hint("make a new one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"),
        KeyError::RsaExponent => explanation(
            "key-weak",
            format!("{origin} is an RSA key with a public exponent that is even or 1"),
        ),
        KeyError::Rejected { key, reason } => {
            explanation("key-rejected", format!("{origin} is not a sound {key} ({reason})"))
        }
        KeyError::CannotSign { key } => {
            explanation("key-cannot-sign", format!("the {key} ({origin}) cannot sign"))
                .hint("sign with the private key; the public one can only verify")
        }
        KeyError::WrongKind { key, wanted, serves } => explanation(
            "key-wrong-kind",
            format!("the {key} ({origin}) does not serve {}", listed(wanted)),
        )
        .hint(format!("it serves {}", listed(serves))),
    }
}

fn format_hint(format: SecretFormat) -> &'static str {
    match format {
        SecretFormat::Base64 => "base64 in the standard or the URL alphabet, padded or not",
        SecretFormat::Hex => "two hexadecimal digits for each byte",
        SecretFormat::Text | SecretFormat::Raw => "see --secret-format",
    }
}
