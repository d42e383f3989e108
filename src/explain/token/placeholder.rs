//! Words in a token's place: a variable that no shell has expanded, a language's word for nothing, a
//! word that stands for a token in a text.

use super::carrier::find;
use super::kinds::{NotAToken, Unfilled};
use super::shape::has_the_look_of_a_token;
use crate::secret::may_repeat_name;

pub(super) fn nothing(text: &str) -> Option<NotAToken> {
    const WORDS: [&str; 11] = [
        "null",
        "undefined",
        "None",
        "nil",
        "NULL",
        "Null",
        "NaN",
        "(null)",
        "<nil>",
        "[object Object]",
        "<no value>",
    ];
    WORDS.into_iter().find(|word| *word == text).map(NotAToken::Nothing)
}

pub(super) fn unfilled(text: &str) -> Option<NotAToken> {
    let is_name = |name: &str| {
        name.len() <= 60
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let named = |name: &str, of: fn(String) -> Unfilled| {
        let said = if may_repeat_name(name) { name } else { "NAME" };
        is_name(name).then(|| NotAToken::Variable(of(said.to_owned())))
    };
    let between = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    if between("$(", ")").is_some_and(|inner| !inner.is_empty()) {
        return Some(NotAToken::Variable(Unfilled::Command));
    }
    if let Some(inner) = between("`", "`").filter(|inner| !inner.is_empty()) {
        // A shell would run a token, were it told to.
        let is_token = has_the_look_of_a_token(inner) || find(inner).is_some();
        return (!is_token).then_some(NotAToken::Variable(Unfilled::Backticks));
    }
    if let Some(name) = between("${env:", "}").or_else(|| text.strip_prefix("$env:")) {
        return named(name, Unfilled::PowerShell);
    }
    if let Some(inner) = between("${", "}") {
        let end = inner.find([':', '-', '?', '+', '=']).unwrap_or(inner.len());
        return named(&inner[..end], Unfilled::Shell);
    }
    let shell = || named(text.strip_prefix('$')?, Unfilled::Shell);
    shell().or_else(|| named(between("%", "%")?, Unfilled::Cmd))
}

pub(super) fn placeholder(text: &str) -> Option<NotAToken> {
    const LONGEST: usize = 60;
    const WORDS: [&str; 16] = [
        "token",
        "jwt",
        "a token",
        "the token",
        "xxx",
        "xxxxx.yyyyy.zzzzz",
        "header.payload.signature",
        "eyj...",
        "eyj…",
        "...",
        "…",
        "changeme",
        "secret token",
        "access token",
        "id token",
        "bearer token",
    ];
    if text.len() > LONGEST {
        return None;
    }
    let brackets = [("<", ">"), ("{{", "}}"), ("{", "}"), ("[", "]"), ("__", "__")];
    let inner =
        brackets.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let words = inner.unwrap_or(text).trim().to_lowercase().replace(['-', '_'], " ");
    let is_plain = words.chars().all(|c| c.is_alphabetic() || c == ' ');
    let is_one = WORDS.contains(&words.as_str())
        || (is_plain && (words.starts_with("your ") || words.starts_with("my ")))
        || (is_plain && inner.is_some() && (words.contains("token") || words.contains("jwt")));
    is_one.then_some(NotAToken::Placeholder)
}
