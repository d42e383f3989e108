//! Words in a token's place: a variable that was not expanded, `null`, a placeholder.

use super::carrier::Candidates;
use super::shape::looks_like_token;
use crate::explain::codes::Code;
use crate::explain::explanation::Explanation;
use crate::json::quote;
use crate::secret::may_repeat_name;

pub(super) fn null(text: &str) -> Option<Explanation> {
    let hint = match text {
        "null" => "jq -r prints this for a member that is missing; jq -er fails then",
        "undefined" | "None" | "nil" | "NULL" | "Null" | "NaN" | "(null)" | "<nil>"
        | "[object Object]" | "<no value>" => "the program that should have given a token had none",
        _ => return None,
    };
    let message = format!("there is no token: this is the word {}", quote(text));
    Some(Explanation::new(Code::TokenNull, message).hint(hint))
}

/// A variable or a command that no shell has expanded.
pub(in crate::explain) fn unexpanded(text: &str) -> Option<Explanation> {
    let between = |open: &str, close: &str| text.strip_prefix(open)?.strip_suffix(close);
    let said = |message| Some(Explanation::new(Code::TokenVariable, message));
    let command = "this is a command that no shell has run";
    if between("$(", ")").is_some_and(|inner| !inner.is_empty()) {
        let hint = "single quotes keep the shell from running it: put it in double quotes";
        return Some(said(command)?.hint(hint));
    }
    if let Some(inner) = between("`", "`").filter(|inner| !inner.is_empty()) {
        // If this is a token, the hint must not make a shell run it.
        if looks_like_token(inner) || Candidates::find(inner).first().is_some() {
            return None;
        }
        let hint = "for a command, write \"$(COMMAND)\"; a token is given without backticks";
        return Some(said(command)?.hint(hint));
    }
    let in_quotes = "single quotes keep the shell from expanding it";
    let (name, why) =
        if let Some(name) = between("${env:", "}").or_else(|| text.strip_prefix("$env:")) {
            (name, "only PowerShell expands $env:NAME")
        } else if let Some(inner) = between("${", "}") {
            (inner.split([':', '-', '?', '+', '=']).next().unwrap_or(inner), in_quotes)
        } else if let Some(name) = text.strip_prefix('$') {
            (name, in_quotes)
        } else {
            (between("%", "%")?, "only cmd.exe expands %NAME%")
        };
    let is_name = name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = if may_repeat_name(name) { name } else { "NAME" };
    let hint = format!("{why}; to read the token from the variable: --token-env {name}");
    is_name.then(|| said("this is a variable that no shell has expanded"))?.map(|it| it.hint(hint))
}

/// A word that documentation puts where a token belongs.
pub(super) fn placeholder(text: &str) -> Option<Explanation> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let brackets = [("<", ">"), ("{{", "}}"), ("{", "}"), ("[", "]"), ("__", "__")];
    let inner =
        brackets.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let words = inner.unwrap_or(text).trim().to_lowercase().replace(['-', '_'], " ");
    let is_plain = words.chars().all(|c| c.is_alphabetic() || c == ' ');
    let is_placeholder = match words.as_str() {
        "token" | "jwt" | "a token" | "the token" | "xxx" | "xxxxx.yyyyy.zzzzz" | "eyj..."
        | "eyj…" | "..." | "…" | "changeme" | "secret token" | "access token" | "id token"
        | "bearer token" => true,
        words => {
            let names_token = inner.is_some() && (words.contains("token") || words.contains("jwt"));
            words == "header.payload.signature"
                || is_plain
                    && (words.starts_with("your ") || words.starts_with("my ") || names_token)
        }
    };
    is_placeholder.then(|| {
        let message = "this is a placeholder for a token, not a token";
        Explanation::new(Code::TokenPlaceholder, message).hint("put the token in its place")
    })
}
