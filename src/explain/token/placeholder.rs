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
        | "[object Object]" | "<no value>" => {
            "the program that should have printed a token had none"
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
        // The hint must not make a shell run a token.
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

/// A word that documentation puts where a token belongs.
pub(super) fn placeholder(text: &str) -> Option<Explanation> {
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
    let message = "this is a placeholder for a token, not a token";
    (is_placeholder && text.len() <= 60).then(|| {
        Explanation::new(Code::TokenPlaceholder, message).hint("put the token in its place")
    })
}
