//! Names in messages: the name that was probably meant, flags as they are typed, paths that may be repeated.

use std::path::{Path, PathBuf};

use super::codes::Code;
use super::explanation::{Explanation, named};
use super::shell::quoted;
use crate::characters::is_plain;
use crate::json::{Layout, Value, respaced};
use crate::secret::{may_hold_secret, may_repeat_path};

/// Explains that `--get` does not find a claim or header parameter.
pub(super) fn not_found(name: &str, in_header: bool, paths: &[Vec<String>]) -> Explanation {
    let (place, what) = if in_header { ("header", "member") } else { ("token", "claim") };
    let message = format!("the {place} has no {what} {}", named(name));
    let said = Explanation::new(Code::ClaimMissing, message).about(name);
    if let Some(flags) = one_by_one(name, paths) {
        return said.hint(format!("each of them needs a --get of its own: {flags}"));
    }
    let Some(path) = nearest_path(name, paths) else { return said };
    let Some(flag) = flag("--get", &selector(path)) else { return said };
    said.hint(format!("{}: {flag}", exists(path)))
}

/// For several names with commas between them: the flags for those that exist.
fn one_by_one(names: &str, paths: &[Vec<String>]) -> Option<String> {
    const MOST: usize = 10;
    let exists = |name: &&str| paths.iter().any(|path| selector(path) == *name);
    let all = names.split(',').map(str::trim).filter(|_| names.contains(','));
    let flags: Option<Vec<_>> =
        all.filter(exists).take(MOST).map(|name| flag("--get", name)).collect();
    flags.filter(|flags| !flags.is_empty()).map(|flags| flags.join(" "))
}

/// Says that a path exists: `there is "b" in "a"`.
pub(super) fn exists(path: &[String]) -> String {
    match path {
        [outer, inner] => format!("there is {} in {}", named(inner), named(outer)),
        path => format!("there is {}", named(&path.concat())),
    }
}

/// The path that was probably meant: the same names except for case and punctuation, or the name one level down.
pub(super) fn nearest_path<'a>(name: &str, paths: &'a [Vec<String>]) -> Option<&'a [String]> {
    let separators: &[char] = if name.starts_with('/') { &['/'] } else { &['.', '/'] };
    let wanted: Vec<_> = name.split(separators).filter(|part| !part.is_empty()).collect();
    // If a JSON Pointer differs from a name in one letter, this is a coincidence.
    let near = |wanted: &str, part: &str| !wanted.starts_with('/') && is_near(wanted, part);
    let meant = |like: &dyn Fn(&str, &str) -> bool| {
        let is_it = |path: &&Vec<String>| {
            let leaf = path.last().is_some_and(|leaf| like(name, leaf));
            let each = || path.iter().zip(&wanted).all(|(part, wanted)| like(wanted, part));
            leaf || (path.len() == wanted.len() && each())
        };
        paths.iter().filter(is_it).min_by_key(|path| path.len())
    };
    let meant = meant(&|a, b| a == b).or_else(|| meant(&folds_to)).or_else(|| meant(&near));
    meant.map(Vec::as_slice)
}

/// A path as `--get` takes it.
pub(super) fn selector(path: &[String]) -> String {
    match path {
        [name] if !name.starts_with('/') => name.clone(),
        path => path.iter().fold(String::new(), |pointer, name| {
            pointer + "/" + &name.replace('~', "~0").replace('/', "~1")
        }),
    }
}

/// The name that was probably meant.
pub(super) fn nearest<'a>(name: &str, names: &'a [String]) -> Option<&'a str> {
    let others = || names.iter().filter(|other| *other != name);
    let folded = others().find(|other| folds_to(name, other));
    folded.or_else(|| others().find(|other| is_near(name, other))).map(String::as_str)
}

/// Whether two names are the same except for case and punctuation: `user_id`, `userId`, `user-id`.
fn folds_to(one: &str, other: &str) -> bool {
    !folded(one).is_empty() && folded(one) == folded(other)
}

/// Whether two names differ in at most one letter. Short names never do.
fn is_near(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 4;
    let (one, other) = (folded(one), folded(other));
    let (a, b) = (one.chars().count(), other.chars().count());
    a.min(b) >= SHORTEST && a.abs_diff(b) <= 1 && strsim::levenshtein(&one, &other) <= 1
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The flag that sets a claim to this value or expects it; `None` if it cannot be typed as it is.
pub(super) fn flag_for(by: &str, name: &str, value: &Value) -> Option<String> {
    if name.is_empty() || name.contains('=') {
        return None;
    }
    let text = value.as_string().filter(|text| !name.ends_with(':') && is_plain(text));
    let json = || format!("{name}:={}", respaced(value.text(), Layout::Compact));
    flag(by, &text.map_or_else(json, |text| format!("{name}={text}")))
}

/// A flag and its value as they are typed into the shell; `None` if the value is long, may be secret, has invisible
/// characters, or cannot be typed there.
pub fn flag(flag: &str, value: &str) -> Option<String> {
    const LONGEST: usize = 200;
    if may_hold_secret(value) || !is_plain(value) || value.chars().count() > LONGEST {
        return None;
    }
    let quoted = quoted(value)?;
    let between = if value.starts_with('-') { "=" } else { " " };
    Some(format!("{flag}{between}{quoted}"))
}

/// A path for a message.
pub(crate) fn shown_path(path: &Path) -> String {
    if may_repeat_path(path) {
        path.display().to_string()
    } else {
        "a file (not shown: its name may be a token or a secret)".to_owned()
    }
}

/// The existing file that a text names instead of being a token or claims: `@PATH`, or a text that begins like a path.
pub(crate) fn file_named_by(text: &[u8]) -> Option<PathBuf> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let starts = ["/", "./", "../", r".\", r"..\", r"C:\"];
    let is_path = || starts.iter().any(|start| text.starts_with(start));
    let path = text.strip_prefix('@').or_else(|| is_path().then_some(text))?;
    Path::new(path).is_file().then(|| path.into())
}
