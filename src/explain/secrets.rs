//! The ways in which the text of a secret goes wrong: what surrounds it, a line break at its end, another
//! encoding. Tried after a wrong signature to find the signer's text, and looked for when signing.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::token::placeholder::unexpanded;
use crate::characters::is_invisible;
use crate::json::Object;
use crate::keys::{self, Algorithm, Key, Origin, SecretFormat};
use crate::secret::Secret;
use crate::text::{BOM, decode};

/// The text that a key was read from.
#[derive(Debug, Clone)]
pub struct KeyText {
    /// The text itself.
    pub text: Secret,
    /// How it is read, if it is a secret.
    pub secret: Option<SecretText>,
}

/// How the text of a secret is read.
#[derive(Debug, Clone)]
pub struct SecretText {
    /// Its format.
    pub format: SecretFormat,
    /// Whether it comes from a file, whose final line break may be the editor's.
    pub from_file: bool,
    /// The existing file whose path the text is.
    pub path: Option<PathBuf>,
}

/// How the signer's text of a secret differs from the given one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    signer: &'static str,
    /// How the given text can be recognized, if at all.
    looks: &'static str,
    fix: Fix,
}

/// What to do about a change.
#[derive(Debug, Clone, Copy)]
enum Fix {
    /// Take this out of the source.
    Remove(&'static str),
    /// Put quotes around it in the source.
    AddQuotes,
    /// Put it into a file of this form.
    File(&'static str),
    /// Give only this member of the JSON object.
    Member(Option<&'static str>),
    /// The signer used the text of an encoding.
    SignerTook(&'static str),
}

const fn removed(signer: &'static str, looks: &'static str, what: &'static str) -> Change {
    Change { signer, looks, fix: Fix::Remove(what) }
}

const LINE_BREAK: Change =
    removed("without the line break at its end", "ends in a line break", "it");
const WHITE_SPACE: Change =
    removed("without the white space around it", "has white space around it", "it");
const BYTE_ORDER_MARK: Change =
    removed("without the byte order mark before it", "begins with a byte order mark", "it");
const QUOTES: Change = removed(
    "without the quotes around it",
    "has quotes around it",
    "the quotes and everything outside them",
);
const NAME: Change = removed("without the name before it", "has NAME= before it", "NAME=");
const PREFIX: Change =
    removed("without the prefix before it", "has a prefix that names its format", "it");
const ID: Change = removed(
    "without the ID before it",
    "has an ID and a colon before it, like the keys of Ghost's Admin API",
    "the ID and its colon",
);
const COLONS: Change = removed("without its colons", "", "them");

const fn member(name: Option<&'static str>) -> Change {
    let signer = "as the value of a member of the JSON object";
    Change { signer, looks: "is a JSON object", fix: Fix::Member(name) }
}

impl Change {
    fn fix(self, origin: &Origin, format: Option<SecretFormat>) -> String {
        let raw = if format.is_none() { " --secret-format raw" } else { "" };
        match self.fix {
            Fix::Remove(what) => format!("remove {what} from {origin}"),
            Fix::AddQuotes => format!("put them around it in {origin}, too"),
            Fix::File(how) => {
                format!("put it into a file {how}, and give that with --secret-file FILE{raw}")
            }
            Fix::Member(Some(name)) => {
                format!("give only its \"{name}\", as jq -r .{name} prints it")
            }
            Fix::Member(None) => {
                "give only the value of the member that holds the secret".to_owned()
            }
            Fix::SignerTook(what) => format!(
                "the signer took its {what} for the secret: give those as the text, or have the signer decode them"
            ),
        }
    }
}

/// The secret that a signer used, by what has to be done to the given text.
#[derive(Debug)]
pub(super) struct Reading {
    change: Option<Change>,
    /// The format, if it is not the given one.
    format: Option<SecretFormat>,
}

impl Reading {
    /// Whether it is the secret that was given.
    pub(super) fn is_as_given(&self) -> bool {
        self.change.is_none() && self.format.is_none()
    }

    /// What matches, and how to make it verify; `alg` is the algorithm, if the header names another.
    pub(super) fn explain(&self, origin: &Origin, alg: Option<Algorithm>) -> (String, String) {
        let Self { change, format } = *self;
        let how = [
            change.map(|change| change.signer.to_owned()),
            format.map(|format| read_as(format).to_owned()),
            alg.map(|alg| format!("as {alg}")),
        ];
        let hints = [
            change.map(|change| change.fix(origin, format)),
            format.map(|format| format!("use --secret-format {format}")),
            alg.map(signer_must_name),
        ];
        let join = |parts: [Option<String>; 3], between: &str| {
            parts.into_iter().flatten().collect::<Vec<_>>().join(between)
        };
        (format!("the secret matches {}", join(how, ", ")), join(hints, "; "))
    }
}

pub(super) fn signer_must_name(alg: Algorithm) -> String {
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

/// The most members of a JSON object that are tried.
const MOST_MEMBERS: usize = 16;

/// The first reading of a secret's text that `matches`: the text as it is and with each change, in each
/// format.
pub(super) fn find_reading(
    text: &Secret,
    &SecretText { format: given, from_file, .. }: &SecretText,
    matches: impl Fn(Key) -> bool,
) -> Option<Reading> {
    // A file may be in any encoding of text.
    let decoded = from_file.then(|| decode(text.expose()));
    let bytes = decoded.as_deref().unwrap_or(text.expose());
    let is_match =
        |text: &Secret, format| keys::read_secret(text, format, from_file).is_ok_and(&matches);
    let others = [SecretFormat::Text, SecretFormat::Base64, SecretFormat::Hex, SecretFormat::Raw];
    let formats: Vec<_> =
        std::iter::once(given).chain(others.into_iter().filter(|other| *other != given)).collect();
    let as_given = std::iter::once((None, text.clone()));
    let changed = shortened(bytes).into_iter().map(|(change, text)| (Some(change), text));
    for (change, text) in as_given.chain(changed) {
        if let Some(format) = formats.iter().find(|format| is_match(&text, **format)) {
            return Some(Reading {
                change,
                format: Some(*format).filter(|format| *format != given),
            });
        }
    }
    // What was added makes a secret only byte for byte; where digits were expected, they are text.
    let (change, _) =
        lengthened(line(bytes)).into_iter().find(|(_, text)| is_match(text, SecretFormat::Raw))?;
    let are_digits = matches!(given, SecretFormat::Base64 | SecretFormat::Hex);
    Some(Reading { change: Some(change), format: are_digits.then_some(SecretFormat::Text) })
}

/// The text without what may surround it, where that makes a difference.
fn shortened(bytes: &[u8]) -> Vec<(Change, Secret)> {
    let trimmed = trimmed(bytes);
    let parts = [
        (LINE_BREAK, Some(line(bytes))),
        (WHITE_SPACE, Some(trimmed)),
        (BYTE_ORDER_MARK, bytes.strip_prefix(b"\xef\xbb\xbf").map(line)),
        (QUOTES, unquoted(trimmed)),
        (NAME, value(trimmed).map(|(_, value)| value)),
        (PREFIX, prefixed(trimmed).map(|(_, digits)| digits)),
        (ID, behind_id(trimmed)),
    ];
    let parts = parts.into_iter().filter_map(|(change, part)| {
        let part = part.filter(|part| part.len() < bytes.len())?;
        Some((change, Secret::new(part.into())))
    });
    let mut changed: Vec<_> = parts.chain(members(bytes)).collect();
    if bytes.contains(&b':') {
        let digits = bytes.iter().copied().filter(|byte| *byte != b':').collect();
        changed.push((COLONS, Secret::new(digits)));
    }
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("\\n"));
    changed.extend(text.map(|text| {
        let text = text.replace("\\r", "\r").replace("\\n", "\n");
        let fix = Fix::File("with real ones");
        let change = Change { signer: "with its \\n as line breaks", looks: "", fix };
        (change, Secret::new(text.into_bytes()))
    }));
    changed
}

/// The text with what a signer may have added to it, or encoded.
fn lengthened(line: &[u8]) -> [(Change, Secret); 8] {
    let with = |signer, fix, before: &str, after: &str| {
        let text = [before.as_bytes(), line, after.as_bytes()].concat();
        (Change { signer, looks: "", fix }, Secret::new(text))
    };
    let encoded = |signer, what, text: String| {
        let change = Change { signer, looks: "", fix: Fix::SignerTook(what) };
        (change, Secret::new(text.into_bytes()))
    };
    let in_file = Fix::File("that ends in one");
    let base64 = "as its base64 text";
    [
        with("with a line break at its end", in_file, "", "\n"),
        with("with a Windows line break (CRLF) at its end", in_file, "", "\r\n"),
        with("with a space at its end", in_file, "", " "),
        with("with double quotes around it", Fix::AddQuotes, "\"", "\""),
        with("with single quotes around it", Fix::AddQuotes, "'", "'"),
        encoded(base64, "base64", STANDARD.encode(line)),
        encoded(base64, "base64", URL_SAFE_NO_PAD.encode(line)),
        encoded(
            "as its hexadecimal text",
            "hexadecimal digits",
            base16ct::lower::encode_string(line),
        ),
    ]
}

/// What a secret looks like that is probably not what was meant, and what to do about it.
#[derive(Debug)]
pub(super) struct Mangled {
    pub(super) looks: &'static str,
    pub(super) hint: String,
    /// Whether it is a change that [`find_reading`] tries.
    pub(super) is_change: bool,
}

/// Recognizes a secret that is probably not what was meant. Base64 and hexadecimal are read strictly, and
/// `raw` asks for the bytes of a file as they are, so these need no warning.
pub(super) fn mangled(secret: &[u8], text: &SecretText, origin: &Origin) -> Option<Mangled> {
    let other = |looks, hint: String| Some(Mangled { looks, hint, is_change: false });
    match text.format {
        SecretFormat::Base64 | SecretFormat::Hex => return None,
        SecretFormat::Raw if text.from_file => return None,
        _ => {}
    }
    if let Some(path) = &text.path {
        let path = path.display().to_string();
        let path = if is_plain_path(&path) { &path } else { "FILE" };
        let hint = format!("to use the content of the file: --secret-file {path}");
        return other("is the name of a file", hint);
    }
    let trimmed = trimmed(secret);
    let text = std::str::from_utf8(trimmed).ok()?;
    if let Some((change, format)) = recognized(secret, trimmed, text) {
        let mut hint = change.fix(origin, format);
        if let Some(format) = format {
            hint += "; use --secret-format ";
            hint += format.name();
            if behind_id(trimmed).is_some() {
                hint += "; give the ID with --kid";
            }
        }
        return Some(Mangled { looks: change.looks, hint, is_change: true });
    }
    if is_unfilled_secret(text) {
        return if matches!(origin, Origin::File(_) | Origin::Stdin(_)) {
            let hint = "replace it with the variable's value".to_owned();
            other("looks like a variable that was not expanded", hint)
        } else {
            let hint = "single quotes keep the shell from expanding it: put it in double quotes";
            other("looks like a variable that the shell did not expand", hint.to_owned())
        };
    }
    let hint = || "replace it with the secret".to_owned();
    is_placeholder(text).then(|| other("is a placeholder in brackets", hint()))?
}

/// The change that a text needs by its looks, and the format that it then has.
fn recognized(secret: &[u8], trimmed: &[u8], text: &str) -> Option<(Change, Option<SecretFormat>)> {
    let change = if secret.starts_with(b"\xef\xbb\xbf") {
        BYTE_ORDER_MARK
    } else if let Ok(object) = Object::parse(trimmed) {
        member(NAMES.split(' ').find(|name| object.get(name).is_some()))
    } else if unquoted(trimmed).is_some() {
        QUOTES
    } else if value(trimmed).is_some_and(|(name, _)| is_variable(name)) {
        NAME
    } else if is_unfilled_secret(text) || is_placeholder(text) {
        return None;
    } else if behind_id(trimmed).is_some() {
        return Some((ID, Some(SecretFormat::Hex)));
    } else if let Some((format, _)) = prefixed(trimmed) {
        return Some((PREFIX, Some(format)));
    } else if secret.len() == trimmed.len() {
        return None;
    } else if line(secret) == trimmed {
        LINE_BREAK
    } else {
        WHITE_SPACE
    };
    Some((change, None))
}

/// Whether a path can stand in a command as it is.
pub(super) fn is_plain_path(path: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    path.bytes().all(is_plain) && !path.starts_with('-')
}

/// Whether a secret is a variable or command that no shell has expanded. (`$ecret` may be a secret.)
fn is_unfilled_secret(text: &str) -> bool {
    let is_bare = text.strip_prefix('$').is_some_and(|name| !name.contains(['{', '(', ':']));
    unexpanded(text).is_some()
        && (!is_bare || text.contains(|c: char| c.is_ascii_uppercase() || c == '_'))
}

/// Whether a text is a placeholder in brackets.
fn is_placeholder(text: &str) -> bool {
    let between = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    between("<", ">").or(between("{{", "}}")).is_some_and(|word: &str| {
        word.chars().all(|c| c.is_alphanumeric() || " -_.".contains(c)) && word.len() <= 60
    })
}

/// Whether a name before an equals sign is that of a variable or a setting, not part of the secret.
fn is_variable(name: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"secret", b"key", b"jwt", b"token", b"password"];
    let lower = name.to_ascii_lowercase();
    let is_upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let is_named = WORDS.iter().any(|word| lower.windows(word.len()).any(|w| w == *word));
    !name[0].is_ascii_digit() && ((name.len() >= 3 && name.iter().all(is_upper)) || is_named)
}

/// Names under which JSON carries a secret: Hasura's, those of secret stores, and a JWK's.
const NAMES: &str = "key secret jwt_secret JWT_SECRET jwtSecret secret_key secretKey SECRET_KEY \
    signing_key signingKey password value token k";

/// The strings in a JSON object, those under a known name first.
fn members(bytes: &[u8]) -> Vec<(Change, Secret)> {
    let Ok(object) = Object::parse(trimmed(bytes)) else { return Vec::new() };
    let string = |name: &str| Some(Secret::new(object.get(name)?.as_string()?.into_bytes()));
    let known = NAMES.split(' ').filter_map(|name| Some((member(Some(name)), string(name)?)));
    let others = object.iter().take(MOST_MEMBERS);
    let others = others.filter_map(|m| Some((member(None), string(&m.name)?)));
    known.chain(others).collect()
}

/// What is left without white space and invisible characters at both ends.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_space = |c: char| c != BOM && (c.is_whitespace() || is_invisible(c));
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.trim_ascii(), |text| text.trim_matches(is_space).as_bytes())
}

/// The digits behind a prefix that tells their format.
fn prefixed(text: &[u8]) -> Option<(SecretFormat, &[u8])> {
    let base64 = text.strip_prefix(b"base64:").map(|digits| (SecretFormat::Base64, digits));
    let hex = || text.strip_prefix(b"0x").filter(|digits| is_hex(digits));
    base64.or_else(|| hex().map(|digits| (SecretFormat::Hex, digits)))
}

/// The hexadecimal secret behind an ID and a colon.
fn behind_id(text: &[u8]) -> Option<&[u8]> {
    let at = text.iter().position(|byte| *byte == b':')?;
    let (id, secret) = (&text[..at], &text[at + 1..]);
    let is_id = id.len() >= 2 && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
    (is_id && secret.len() >= 32 && is_hex(secret)).then_some(secret)
}

fn is_hex(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
}

fn line(bytes: &[u8]) -> &[u8] {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn unquoted(text: &[u8]) -> Option<&[u8]> {
    const PAIRS: [(&str, &str); 5] =
        [("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201c}", "\u{201d}"), ("\u{2018}", "\u{2019}")];
    PAIRS.iter().find_map(|(open, close)| {
        text.strip_prefix(open.as_bytes())?.strip_suffix(close.as_bytes())
    })
}

/// The name and the value of a line of an environment file. (Two equals signs may be padding.)
fn value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let name = line[..at].strip_prefix(b"export ").unwrap_or(&line[..at]).trim_ascii();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-".contains(b);
    let value = line[at + 1..].trim_ascii();
    let value = unquoted(value).unwrap_or(value);
    (!name.is_empty() && name.iter().all(is_name) && !value.is_empty() && value != b"=")
        .then_some((name, value))
}
