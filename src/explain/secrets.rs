//! Common mistakes in the text of a secret: quotes or a name around it, a line break at its end, another encoding.
//! After a wrong signature they are undone to find the signer's secret; when signing they cause a warning.

use std::borrow::Cow;
use std::iter;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::token::not_a_token::unexpanded;
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
    /// The flag in whose value the format is written, if it is that of this secret alone.
    pub format_in: Option<&'static str>,
}

impl SecretText {
    /// What to do for the secret to be read in this format.
    fn use_format(&self, format: SecretFormat, origin: &Origin) -> String {
        match self.format_in {
            Some(flag) => format!("use {flag} {format}:{origin}"),
            None => format!("use --secret-format {format}"),
        }
    }
}

/// How the signer's text of a secret differs from the given one.
#[derive(Debug, Clone)]
pub(super) struct Change {
    signer: &'static str,
    /// How the given text can be recognized, if at all.
    looks: &'static str,
    /// What to do. `{origin}` is the source of the text, and `{raw}` the flag that a file needs if the format stays the
    /// same.
    fix: Cow<'static, str>,
}

const fn change(signer: &'static str, looks: &'static str, fix: &'static str) -> Change {
    Change { signer, looks, fix: Cow::Borrowed(fix) }
}

const REMOVE: &str = "remove it from {origin}";
const LINE_BREAK: Change =
    change("without the line break at its end", "ends in a line break", REMOVE);
const WHITE_SPACE: Change =
    change("without the white space around it", "has white space around it", REMOVE);
const BYTE_ORDER_MARK: Change =
    change("without the byte order mark before it", "begins with a byte order mark", REMOVE);
const QUOTES: Change = change(
    "without the quotes around it",
    "has quotes around it",
    "remove the quotes and everything outside them from {origin}",
);
const NAME: Change =
    change("without the name before it", "has NAME= before it", "remove NAME= from {origin}");
const PREFIX: Change =
    change("without the prefix before it", "has a prefix that names its format", REMOVE);
const ID: Change = change(
    "without the ID before it",
    "has an ID and a colon before it, like the keys of Ghost's Admin API",
    "remove the ID and its colon from {origin}",
);
const COLONS: Change = change("without its colons", "", "remove them from {origin}");
const LINE_BREAKS: Change = change(
    "with its \\n as line breaks",
    "",
    "put it into a file with real ones, and give that with --secret-file FILE{raw}",
);

fn member(object: &Object<&str>, name: Option<&str>) -> Change {
    let fix = match name {
        // Hasura's document.
        Some("key") if object.get("type").is_some() => {
            "pass it with --key-env NAME or --key PATH, which take its \"key\"".into()
        }
        Some(name) => format!("give only its \"{name}\", as jq -r .{name} prints it").into(),
        None => "give only the value of the member that holds the secret".into(),
    };
    let signer = "as the value of a member of the JSON object";
    Change { signer, looks: "is a JSON object", fix }
}

impl Change {
    fn fix(&self, origin: &Origin, format: Option<SecretFormat>) -> String {
        let raw = if format.is_none() { " --secret-format raw" } else { "" };
        self.fix.replace("{raw}", raw).replace("{origin}", &origin.to_string())
    }
}

/// How the given text has to be read to get the secret that the signer used.
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
    pub(super) fn explain(
        &self,
        origin: &Origin,
        text: &SecretText,
        alg: Option<Algorithm>,
    ) -> (String, String) {
        let (mut how, mut hints) = (Vec::new(), Vec::new());
        if let Some(change) = &self.change {
            how.push(change.signer.to_owned());
            hints.push(change.fix(origin, self.format));
        }
        if let Some(format) = self.format {
            how.push(read_as(format).to_owned());
            hints.push(text.use_format(format, origin));
        }
        if let Some(alg) = alg {
            how.push(format!("as {alg}"));
            hints.push(signer_must_name(alg));
        }
        (format!("the secret matches {}", how.join(", ")), hints.join("; "))
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

/// The first reading of a secret's text that `matches`: as it is and with each change, in each format.
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
    let others = others.into_iter().filter(|other| *other != given);
    let changed = shortened(bytes).map(|(change, text)| (Some(change), text));
    for (change, text) in iter::once((None, text.clone())).chain(changed) {
        if let Some(format) =
            iter::once(given).chain(others.clone()).find(|format| is_match(&text, *format))
        {
            return Some(Reading { change, format: (format != given).then_some(format) });
        }
    }
    // Additions are made to the text itself, even if the given format would decode it.
    let (change, _) =
        lengthened(line(bytes)).into_iter().find(|(_, text)| is_match(text, SecretFormat::Raw))?;
    let are_digits = matches!(given, SecretFormat::Base64 | SecretFormat::Hex);
    Some(Reading { change: Some(change), format: are_digits.then_some(SecretFormat::Text) })
}

/// The text without each thing that may surround it, if the text has it.
fn shortened(bytes: &[u8]) -> impl Iterator<Item = (Change, Secret)> {
    let trimmed = trimmed(bytes);
    let text = std::str::from_utf8(trimmed).unwrap_or_default();
    let part = |change, part: Option<&[u8]>| Some((change, Secret::new(part?.to_vec())));
    let text_part = |change, text: Option<&str>| part(change, text.map(str::as_bytes));
    let parts = [
        part(LINE_BREAK, Some(line(bytes))),
        part(WHITE_SPACE, Some(trimmed)),
        part(BYTE_ORDER_MARK, bytes.strip_prefix(b"\xef\xbb\xbf").map(line)),
        text_part(QUOTES, unquoted(text)),
        text_part(NAME, value(text).map(|(_, value)| value)),
        text_part(PREFIX, prefixed(text).map(|(_, digits)| digits)),
        text_part(ID, after_id(text)),
    ];
    let digits = bytes.iter().copied().filter(|byte| *byte != b':').collect();
    let escaped = std::str::from_utf8(bytes).ok().filter(|text| text.contains("\\n"));
    let broken = escaped.map(|text| text.replace("\\r", "\r").replace("\\n", "\n").into_bytes());
    parts
        .into_iter()
        .flatten()
        .chain(members(text))
        .chain([(COLONS, Secret::new(digits))])
        .chain(broken.map(|text| (LINE_BREAKS, Secret::new(text))))
        .filter(|(_, text)| text.expose().len() < bytes.len())
}

/// The text with what a signer may have added to it, or as the signer may have encoded it.
fn lengthened(line: &[u8]) -> [(Change, Secret); 8] {
    const IN_FILE: &str =
        "put it into a file that ends in one, and give that with --secret-file FILE{raw}";
    const ADD_QUOTES: &str = "put them around it in {origin}, too";
    let with = |signer, fix, before: &str, after: &str| {
        let text = [before.as_bytes(), line, after.as_bytes()].concat();
        (change(signer, "", fix), Secret::new(text))
    };
    let encoded = |signer, what, text: String| {
        let fix = format!(
            "the signer took its {what} for the secret: give those as the text, or have the signer decode them"
        );
        (Change { signer, looks: "", fix: fix.into() }, Secret::new(text.into_bytes()))
    };
    [
        with("with a line break at its end", IN_FILE, "", "\n"),
        with("with a Windows line break (CRLF) at its end", IN_FILE, "", "\r\n"),
        with("with a space at its end", IN_FILE, "", " "),
        with("with double quotes around it", ADD_QUOTES, "\"", "\""),
        with("with single quotes around it", ADD_QUOTES, "'", "'"),
        encoded("as its base64 text", "base64", STANDARD.encode(line)),
        encoded("as its base64 text", "base64", URL_SAFE_NO_PAD.encode(line)),
        encoded(
            "as its hexadecimal text",
            "hexadecimal digits",
            base16ct::lower::encode_string(line),
        ),
    ]
}

/// A secret that is probably not what was meant: what it looks like, and what to do.
#[derive(Debug)]
pub(super) struct Mangled {
    pub(super) looks: &'static str,
    pub(super) hint: String,
    /// Whether it is a change that [`find_reading`] tries.
    pub(super) is_change: bool,
}

/// Recognizes a secret that is probably not what was meant. Base64 and hexadecimal are read strictly, and
/// `raw` asks for the bytes of a file as they are, so these need no warning.
pub(super) fn mangled(secret: &[u8], how: &SecretText, origin: &Origin) -> Option<Mangled> {
    match how.format {
        SecretFormat::Base64 | SecretFormat::Hex => return None,
        SecretFormat::Raw if how.from_file => return None,
        _ => {}
    }
    let path = how.path.as_ref().map(|path| path.display().to_string());
    let text = std::str::from_utf8(trimmed(secret)).ok()?;
    let (looks, hint) = if let Some(path) = path {
        let path = if is_plain_path(&path) { &path } else { "FILE" };
        ("is the name of a file", &*format!("to use the content of the file: --secret-file {path}"))
    } else if let Some((change, format)) = recognized(secret, text) {
        let mut hint = change.fix(origin, format);
        if let Some(format) = format {
            let with_id = if after_id(text).is_some() { "; give the ID with --kid" } else { "" };
            hint = format!("{hint}; {}{with_id}", how.use_format(format, origin));
        }
        return Some(Mangled { looks: change.looks, hint, is_change: true });
    } else if is_unfilled_secret(text) {
        if matches!(origin, Origin::File(_) | Origin::Stdin(_)) {
            let looks = "looks like a variable that was not expanded";
            (looks, "replace it with the variable's value")
        } else {
            let hint = "single quotes keep the shell from expanding it: put it in double quotes";
            ("looks like a variable that the shell did not expand", hint)
        }
    } else if is_placeholder(text) {
        ("is a placeholder in brackets", "replace it with the secret")
    } else {
        return None;
    };
    Some(Mangled { looks, hint: hint.to_owned(), is_change: false })
}

/// The change that a secret seems to need, and the format that it then has. `text` is the secret without what
/// [`trimmed`] removes.
fn recognized(secret: &[u8], text: &str) -> Option<(Change, Option<SecretFormat>)> {
    let change = if secret.starts_with(b"\xef\xbb\xbf") {
        BYTE_ORDER_MARK
    } else if let Ok(object) = Object::borrowed(text) {
        member(&object, NAMES.split(' ').find(|name| object.get(name).is_some()))
    } else if unquoted(text).is_some() {
        QUOTES
    } else if value(text).is_some_and(|(name, _)| is_variable(name)) {
        NAME
    } else if is_unfilled_secret(text) || is_placeholder(text) {
        return None;
    } else if after_id(text).is_some() {
        return Some((ID, Some(SecretFormat::Hex)));
    } else if let Some((format, _)) = prefixed(text) {
        return Some((PREFIX, Some(format)));
    } else if secret.len() == text.len() {
        return None;
    } else if line(secret) == text.as_bytes() {
        LINE_BREAK
    } else {
        WHITE_SPACE
    };
    Some((change, None))
}

/// Whether a path needs no quotes in a shell command.
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
fn is_variable(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let is_named = ["secret", "key", "jwt", "token", "password"].iter().any(|w| lower.contains(w));
    let is_constant = name.len() >= 3 && name.bytes().all(is_upper);
    !name.starts_with(|c: char| c.is_ascii_digit()) && (is_constant || is_named)
}

/// Names under which JSON carries a secret: Hasura's, those of secret stores, and a JWK's.
const NAMES: &str = "key secret jwt_secret JWT_SECRET jwtSecret secret_key secretKey SECRET_KEY \
    signing_key signingKey password value token k";

/// The strings in a JSON object, those under a known name first.
fn members(text: &str) -> Vec<(Change, Secret)> {
    let Ok(object) = Object::borrowed(text) else { return Vec::new() };
    let string = |name: &str| Some(Secret::new(object.get(name)?.as_string()?.into_bytes()));
    let known =
        NAMES.split(' ').filter_map(|name| Some((member(&object, Some(name)), string(name)?)));
    let others = object.iter().take(MOST_MEMBERS);
    let others = others.filter_map(|m| Some((member(&object, None), string(&m.name)?)));
    known.chain(others).collect()
}

/// The text without white space and invisible characters at both ends.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_space = |c: char| c != BOM && (c.is_whitespace() || is_invisible(c));
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.trim_ascii(), |text| text.trim_matches(is_space).as_bytes())
}

/// The digits after a prefix that names their format.
fn prefixed(text: &str) -> Option<(SecretFormat, &str)> {
    let base64 = text.strip_prefix("base64:").map(|digits| (SecretFormat::Base64, digits));
    let hex = || text.strip_prefix("0x").filter(|digits| is_hex(digits));
    base64.or_else(|| hex().map(|digits| (SecretFormat::Hex, digits)))
}

/// The hexadecimal secret after an ID and a colon.
fn after_id(text: &str) -> Option<&str> {
    let (id, secret) = text.split_once(':')?;
    let is_id =
        id.len() >= 2 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    (is_id && secret.len() >= 32 && is_hex(secret)).then_some(secret)
}

fn is_hex(digits: &str) -> bool {
    let are_digits = digits.bytes().all(|b| b.is_ascii_hexdigit());
    !digits.is_empty() && digits.len().is_multiple_of(2) && are_digits
}

fn line(bytes: &[u8]) -> &[u8] {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn unquoted(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];
    PAIRS.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

/// The name and the value of a line of an environment file. (Two equals signs may be padding.)
fn value(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.strip_prefix("export ").unwrap_or(name).trim_ascii();
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    let value = value.trim_ascii();
    let value = unquoted(value).unwrap_or(value);
    (!name.is_empty() && name.bytes().all(is_name) && !value.is_empty() && value != "=")
        .then_some((name, value))
}
