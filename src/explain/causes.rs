//! What is said of what would have matched in the place of a signature that does not: the evidence, and the
//! flag or fix that makes it verify.

use super::explanation::Explanation;
use crate::crypto::Refusal;
use crate::explain::{Cause, Change, Mangled};
use crate::keys::{Algorithm, Origin, SecretFormat};

/// Adds to what is said of a refusal what its cause is.
pub(super) fn explain(
    said: Explanation,
    origin: &Origin,
    refusal: &Refusal,
    cause: &Cause,
) -> Explanation {
    let is_mismatch = matches!(refusal, Refusal::Mismatch { .. });
    let is_unknown_kid = matches!(refusal, Refusal::UnknownKid { .. });
    let Some((evidence, hint)) = words(origin, is_mismatch, cause) else { return said };
    let mut said = said;
    // Which keys there are is worth a line still.
    let advised = said.hint.replace(hint).filter(|_| is_unknown_kid);
    said.evidence.extend(std::iter::once(evidence).chain(advised));
    said
}

fn words(origin: &Origin, is_mismatch: bool, cause: &Cause) -> Option<(String, String)> {
    Some(match cause {
        Cause::Secret { format, change, alg } => secret(origin, *format, *change, *alg),
        Cause::Algorithm { used, is_supported } => (
            format!("it matches as {used}: the header names another algorithm than the signer used"),
            if *is_supported { names(*used) } else { "the signer must sign as the header says".to_owned() },
        ),
        Cause::Der => (
            "it matches as an ASN.1 signature: the signer wrote DER".to_owned(),
            "the signer must write r and s side by side (RFC 7518 section 3.4): SHA256withECDSAinP1363Format in Java, dsaEncoding: 'ieee-p1363' in Node".to_owned(),
        ),
        Cause::EncodedTwice { encoding } => (
            format!("it matches once decoded from {encoding}: the signer encoded it twice"),
            format!("the signer must encode the signature's bytes, not their {encoding} (RFC 7515 section 5.1)"),
        ),
        Cause::WithoutPadding => (
            "it matches without the padding, which was added after the token was signed".to_owned(),
            super::explanation::pipe("tr -d ="),
        ),
        Cause::OtherKey { name, index, is_named: true } if is_mismatch => (
            format!("it matches {name} of {origin}: the token names another key than it was signed with"),
            alone(origin, *index),
        ),
        Cause::OtherKey { name, index, .. } => {
            (format!("{name} of {origin} matches the signature"), alone(origin, *index))
        }
        Cause::BarredKey { name, error } => (
            format!("it matches {name} of {origin}, and {}", super::keys::line_about_key(None, error)),
            "sign with a key that is meant for it, or correct what the set says of this one".to_owned(),
        ),
        Cause::OtherBlock { key, label } => (
            format!("it matches another key of {origin}: the {key} in its block {label}"),
            if label.ends_with("CERTIFICATE") {
                "a CA's key must not verify tokens; if the certificate is the signer's own, give it in a file of its own".to_owned()
            } else {
                "give that block alone, in a file of its own".to_owned()
            },
        ),
        Cause::KeyAsSecret => (
            format!("the text of {origin}, taken for an HMAC secret, matches: anyone who has that text can make such tokens"),
            "it is a forgery, or a signer that takes the key for a secret (RFC 8725 section 2.1): do not accept it".to_owned(),
        ),
        Cause::HashedNonce { is_proved } => (
            if *is_proved {
                "it matches if the header's \"nonce\" is replaced by its SHA-256 hash, as in tokens that Microsoft issues for its own APIs, such as Microsoft Graph".to_owned()
            } else {
                "it looks like a token for one of Microsoft's own APIs, such as Microsoft Graph: these have a \"nonce\" in the header that is hashed before signing".to_owned()
            },
            "only that API can verify it: request a token for your own API, with a scope such as api://CLIENT-ID/.default".to_owned(),
        ),
        Cause::Detached => (
            "its payload is empty: it is a detached JWS (RFC 7515 appendix F), whose content is sent separately".to_owned(),
            "put the content between its dots, in base64url without padding, and verify that with jwtctl verify --raw".to_owned(),
        ),
        Cause::Session => (
            "it has the form of a signed session cookie: JSON, a time and a signature, as in Flask".to_owned(),
            "it has no header: the web framework that made it can read it".to_owned(),
        ),
        Cause::BrokenPayload => (
            "its payload begins as JSON and is none: it was cut or changed on its way".to_owned(),
            "copy the token once more, whole".to_owned(),
        ),
        Cause::Mangled(looks) => mangled(origin, looks),
        Cause::Length { found, wanted, of_other_key: true } if is_mismatch => (
            format!("it has {found} bytes, as one by an RSA key of {} bits; this key has {}", found * 8, wanted * 8),
            "is it the right key?".to_owned(),
        ),
        Cause::Length { found, wanted, .. } if is_mismatch && found < wanted && *found > 0 => (
            format!("it has {found} bytes; such a signature has {wanted}"),
            "was the token cut at its end? Copy it once more".to_owned(),
        ),
        Cause::Length { found, wanted, .. } if is_mismatch && found > wanted => (
            format!("it has {found} bytes; such a signature has {wanted}"),
            "was something added to the token's end, or was it signed with another kind of key?".to_owned(),
        ),
        Cause::Length { .. } => return None,
    })
}

/// The call that takes one key, whatever its name.
fn alone(origin: &Origin, index: Option<usize>) -> String {
    let path = origin.to_string();
    let is_file = matches!(origin, Origin::File(_)) && is_plain_path(&path);
    let file = if is_file { path } else { "FILE".to_owned() };
    let filter = match index {
        Some(index) => format!(".keys[{index}] | del(.kid)"),
        None => "del(.kid)".to_owned(),
    };
    format!("if it is the right key: jq '{filter}' {file} | jwtctl verify --key - TOKEN")
}

fn secret(
    origin: &Origin,
    format: Option<SecretFormat>,
    change: Option<Change>,
    alg: Option<Algorithm>,
) -> (String, String) {
    let (changed, fix) = change.map(|change| changed(origin, change, format)).unzip();
    let read = format.map(read_as);
    let used = alg.map(|alg| format!("as {alg}"));
    let how: Vec<_> = [changed, read, used.as_deref()].into_iter().flatten().collect();
    let flag = format.map(|format| format!("use --secret-format {format}"));
    let header = alg.map(names);
    let hints: Vec<_> = [fix, flag, header].into_iter().flatten().collect();
    (format!("the secret matches {}", how.join(", ")), hints.join("; "))
}

/// Why a secret is probably not what was meant, and what to do about it.
pub(super) fn mangled(origin: &Origin, looks: &Mangled) -> (String, String) {
    let (what, hint) = match looks {
        Mangled::Changed(change, format) => {
            let what = match change {
                Change::WithoutLineBreak => "ends in a line break",
                Change::WithoutMark => "begins with a byte order mark",
                Change::WithoutQuotes => "has quotes around it",
                Change::WithoutName => "has NAME= before it",
                Change::WithoutPrefix => "has a prefix that names its format",
                Change::WithoutId => {
                    "has an ID and a colon before it, like the keys of Ghost's Admin API"
                }
                Change::Member(_) => "is a JSON object",
                _ => "has white space around it",
            };
            let (_, fix) = changed(origin, *change, *format);
            let flag = format.map(|format| format!("; use --secret-format {format}"));
            let id = (*change == Change::WithoutId).then_some("; give the ID with --kid");
            (what, [Some(fix.as_str()), flag.as_deref(), id].into_iter().flatten().collect())
        }
        Mangled::Unfilled if matches!(origin, Origin::File(_) | Origin::Stdin(_)) => (
            "looks like a variable that was not expanded",
            "replace it with the variable's value".to_owned(),
        ),
        Mangled::Unfilled => (
            "looks like a variable that no shell has expanded",
            "single quotes keep the shell from expanding it: put it in double quotes".to_owned(),
        ),
        Mangled::Placeholder => {
            ("is a placeholder in brackets", "replace it with the secret".to_owned())
        }
        Mangled::Path(path) => {
            let path = path.display().to_string();
            let path = if is_plain_path(&path) { path } else { "FILE".to_owned() };
            (
                "is the name of a file",
                format!("to use the content of the file: --secret-file {path}"),
            )
        }
    };
    (format!("the secret ({origin}) {what}"), hint)
}

/// Whether a path can stand in a command as it is.
fn is_plain_path(path: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    path.bytes().all(is_plain) && !path.starts_with('-')
}

fn names(alg: Algorithm) -> String {
    format!("the signer must write \"alg\": \"{alg}\" into the header")
}

fn read_as(format: SecretFormat) -> &'static str {
    match format {
        SecretFormat::Text => "as the text it is",
        SecretFormat::Raw => "byte for byte as in its file",
        SecretFormat::Base64 => "decoded from base64",
        SecretFormat::Hex => "decoded from hexadecimal",
    }
}

fn signs_text(what: &str) -> String {
    format!(
        "the signer took its {what} for the secret: give those as the text, or have the signer decode them"
    )
}

/// How the signer's secret differs, and what to do about it.
fn changed(
    origin: &Origin,
    change: Change,
    format: Option<SecretFormat>,
) -> (&'static str, String) {
    let out = |what: &str| format!("take {what} out of {origin}");
    let put = |what: &str| format!("put {what} around it in {origin}, too");
    let raw = if format.is_none() { " --secret-format raw" } else { "" };
    let file =
        |how: &str| format!("put it into a file {how}, and give that with --secret-file FILE{raw}");
    match change {
        Change::WithoutLineBreak => ("without the line break at its end", out("it")),
        Change::WithoutWhiteSpace => ("without the white space around it", out("it")),
        Change::WithoutQuotes => {
            ("without the quotes around it", out("the quotes, and what is outside of them,"))
        }
        Change::Unescaped => ("with its \\n as line breaks", file("with real ones")),
        Change::WithLineFeed => ("with a line break at its end", file("that ends in one")),
        Change::WithCrLf => {
            ("with a Windows line break (CRLF) at its end", file("that ends in one"))
        }
        Change::WithSpace => ("with a space at its end", file("that ends in one")),
        Change::WithoutMark => ("without the byte order mark before it", out("it")),
        Change::WithoutName => ("without the name before it", out("NAME=")),
        Change::WithoutPrefix => ("without the prefix before it", out("it")),
        Change::WithoutColons => ("without its colons", out("them")),
        Change::WithoutId => ("without the ID before it", out("the ID and its colon")),
        Change::Member(name) => {
            let fix = match name {
                Some(name) => format!("give only its \"{name}\", as jq -r .{name} prints it"),
                None => "give only the value of the member that holds the secret".to_owned(),
            };
            ("as the value of a member of the JSON object", fix)
        }
        Change::AsBase64 => ("as its base64 text", signs_text("base64")),
        Change::AsHex => ("as its hexadecimal text", signs_text("hexadecimal digits")),
        Change::InQuotes => ("with double quotes around it", put("them")),
        Change::InSingleQuotes => ("with single quotes around it", put("them")),
    }
}
