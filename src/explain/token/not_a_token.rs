//! Recognises what is not a token: an unexpanded variable, a placeholder, a key, XML, a file name, a binary format, or
//! a part of a token.

use super::carrier::Candidates;
use super::opaque::{is_laravel, session_cookie};
use super::shape::{TOKEN_FORM, head, looks_like_token, object};
use crate::characters::is_base64url;
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::json::quote;
use crate::keys::is_public_line;
use crate::secret::may_repeat_name;
use crate::token::Malformed;

pub(super) fn null(text: &str) -> Option<Explanation> {
    let hint = match text {
        "null" => "jq -r prints this for a member that is missing; jq -er fails then",
        "undefined" | "None" | "nil" | "NULL" | "Null" | "NaN" | "(null)" | "<nil>"
        | "[object Object]" | "<no value>" => {
            "the program that should have printed a token did not have one"
        }
        _ => return None,
    };
    let message = format!("there is no token: this is the word {}", quote(text));
    Some(Explanation::new(Code::TokenNull, message).hint(hint))
}

/// A variable or a command that no shell has expanded.
pub(in crate::explain) fn unexpanded(text: &str) -> Option<Explanation> {
    const QUOTED: &str = "single quotes keep the shell from expanding it";
    let between = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    let command = |hint: &str| {
        let message = "this is a command that no shell has run";
        Some(Explanation::new(Code::TokenVariable, message).hint(hint))
    };
    if between("$(", ")").is_some_and(|inner| !inner.is_empty()) {
        return command("single quotes keep the shell from running it: put it in double quotes");
    }
    if let Some(inner) = between("`", "`").filter(|inner| !inner.is_empty()) {
        // The hint must not suggest a command with a token in it.
        let is_token = looks_like_token(inner) || Candidates::find(inner).first().is_some();
        let hint = "for a command, write \"$(COMMAND)\"; a token is given without backticks";
        return command(hint).filter(|_| !is_token);
    }
    let (name, why) = if let Some(name) = between("${env:", "}").or(text.strip_prefix("$env:")) {
        (name, "only PowerShell expands $env:NAME")
    } else if let Some(inner) = between("${", "}") {
        (inner.split([':', '-', '?', '+', '=']).next()?, QUOTED)
    } else if let Some(name) = text.strip_prefix('$') {
        (name, QUOTED)
    } else {
        (between("%", "%")?, "only cmd.exe expands %NAME%")
    };
    let is_name = name.len() <= 60
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = if may_repeat_name(name) { name } else { "NAME" };
    let hint = format!("{why}; to read the token from the variable: --token-env {name}");
    let message = "this is a variable that no shell has expanded";
    is_name.then(|| Explanation::new(Code::TokenVariable, message).hint(hint))
}

/// A placeholder, as documentation uses it.
pub(super) fn placeholder(text: &str) -> Option<Explanation> {
    const KNOWN: &str = "token|jwt|a token|the token|xxx|xxxxx.yyyyy.zzzzz|eyj...|eyj…|...|…|changeme|\
        secret token|access token|id token|bearer token|header.payload.signature";
    let brackets = [("<", ">"), ("{{", "}}"), ("{", "}"), ("[", "]"), ("__", "__")];
    let inner =
        brackets.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let words = inner.unwrap_or(text).trim().to_lowercase().replace(['-', '_'], " ");
    let is_known = KNOWN.split('|').any(|known| known == words);
    let is_plain = words.chars().all(|c| c.is_alphabetic() || c == ' ');
    let names_token = inner.is_some() && (words.contains("token") || words.contains("jwt"));
    let is_template = words.starts_with("your ") || words.starts_with("my ") || names_token;
    let is_placeholder = is_known || is_plain && is_template;
    let message = "this is a placeholder for a token, not a token";
    (is_placeholder && text.len() <= 60).then(|| {
        Explanation::new(Code::TokenPlaceholder, message).hint("put the token in its place")
    })
}

/// A key or a certificate, and the flag that takes it.
pub(super) fn key(what: &str, flag: &str) -> Explanation {
    Explanation::new(Code::TokenKey, format!("this is {what}, not a token"))
        .hint(format!("to check a token with it: jwtctl verify {flag} FILE TOKEN"))
}

pub(super) fn key_in_text(text: &str) -> Option<Explanation> {
    let head = head(text);
    let what = if head.contains("-----BEGIN CERTIFICATE") {
        "a certificate"
    } else if head.contains("-----BEGIN") || head.contains("---- BEGIN SSH2") {
        "a key in PEM"
    } else if head.lines().next().is_some_and(is_public_line) {
        "an OpenSSH key"
    } else {
        return None;
    };
    Some(key(what, "--key"))
}

/// Bytes that are not text.
pub(super) fn binary(bytes: &[u8]) -> Option<Explanation> {
    const FORMATS: [(&[u8], &str); 6] = [
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x89PNG", "PNG"),
        (b"%PDF", "PDF"),
    ];
    if matches!(bytes, [0x30, 0x81..=0x83, ..]) {
        return Some(key("a key or certificate in DER", "--key"));
    }
    let (_, format) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic))?;
    let message = format!("this is a file in {format} format, not a token");
    let hint = "if there is a token in it, unpack it first";
    Some(Explanation::new(Code::TokenBinary, message).hint(hint))
}

/// Recognises a text by the number of its parts and the JSON in them.
pub(super) fn parts(text: &str, fault: &Malformed) -> Option<Explanation> {
    let Malformed::Parts(found) = fault else { return None };
    let text = head(text);
    let mut objects = text.split('.').map(object);
    let (code, message, hint) = match found {
        1 => {
            let object = object(text.trim_end_matches("%3D"))?;
            if is_laravel(&object) {
                return Some(session_cookie());
            }
            let message = if object.get("alg").is_some() {
                "this is a token's header alone, the first of its three parts"
            } else {
                "this is a token's payload alone, the second of its three parts"
            };
            (Code::TokenPart, message, "was it cut at a dot? Copy it whole")
        }
        2 => {
            objects.next()??;
            objects.next()??;
            let message = "the token has no signature: there are two parts and no third";
            (Code::TokenNoSignature, message, "was it cut at its last dot? Copy it whole")
        }
        5 => {
            objects.next()??.get("enc")?;
            (Code::TokenEncrypted, "this is an encrypted token (JWE)", KEY_TO_DECRYPT)
        }
        _ => return None,
    };
    Some(Explanation::new(code, message).hint(hint))
}

/// Which flags decrypt a JWE.
pub(super) const KEY_TO_DECRYPT: &str =
    "give the key that decrypts it: --decrypt-key PATH or --decrypt-secret-env NAME";

pub(super) fn xml(text: &str) -> Option<Explanation> {
    let start = &text[..text.floor_char_boundary(16)].to_ascii_lowercase();
    (start.starts_with("<?xml") || start.starts_with("<saml")).then(|| markup(text))
}

/// XML; SAML is known by the names of its namespaces near the beginning.
pub(super) fn markup(text: &str) -> Explanation {
    let head = &text[..text.floor_char_boundary(4096)];
    if ["<saml", ":SAML:", "Assertion"].iter().any(|mark| head.contains(mark)) {
        Explanation::new(Code::TokenSaml, "this is a SAML assertion, not a JWT")
            .hint("SAML is XML and is checked by other tools")
    } else {
        Explanation::new(Code::TokenXml, "this is XML, not a token").hint(TOKEN_FORM)
    }
}

/// HTTP Basic credentials (RFC 7617).
pub(super) fn basic(text: &str) -> Option<Explanation> {
    let (scheme, rest) = text.split_once(' ')?;
    let rest = rest.trim();
    let is_base64 = !rest.is_empty() && rest.chars().all(|c| is_base64url(c) || "+/=".contains(c));
    (scheme.eq_ignore_ascii_case("basic") && is_base64).then(|| {
        Explanation::new(
            Code::TokenBasic,
            "this is a user name and a password (Basic), not a token",
        )
        .hint("a token comes after the word Bearer")
    })
}

pub(super) fn paseto(text: &str) -> Option<Explanation> {
    let mut parts = text.split('.');
    let has_version = matches!(parts.next(), Some("v1" | "v2" | "v3" | "v4"));
    let has_purpose = matches!(parts.next(), Some("local" | "public"));
    let is_paseto = has_version && has_purpose && parts.next().is_some_and(|body| !body.is_empty());
    is_paseto.then(|| {
        Explanation::new(Code::TokenPaseto, "this is a PASETO, not a JWT")
            .hint("PASETO libraries can read it")
    })
}

/// A token that was changed to upper or lower case; nearly every token begins with `eyJ`.
pub(super) fn one_case(text: &str) -> Option<Explanation> {
    let is_token = text.len() >= 20
        && text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("eyj"))
        && text.matches('.').count() == 2;
    let has_one_case = !text.contains(|c: char| c.is_ascii_lowercase())
        || !text.contains(|c: char| c.is_ascii_uppercase());
    (is_token && has_one_case).then(|| {
        Explanation::new(Code::TokenCase, "the token's letters are all of one case")
            .hint("base64url is case-sensitive: copy it as it was issued")
    })
}

/// A file name, recognised by its extension.
pub(super) fn file_name(text: &str) -> Option<Explanation> {
    const LONGEST: usize = 255;
    let has_extension = [".txt", ".jwt", ".json", ".pem"].iter().any(|end| text.ends_with(end));
    let is_name = has_extension
        && text.len() <= LONGEST
        && !text.contains(|c: char| c.is_control())
        && !text.contains("://")
        && !looks_like_token(text);
    is_name.then(|| {
        Explanation::new(Code::TokenIsFile, "this looks like a file name, not a token")
            .hint("to read the token from a file: @FILE")
    })
}
