//! Text from JSON in messages: quoted, shortened, and withheld if it may be a secret.

use crate::secret::may_hold_secret;

/// Stands for a name or value that may be a token or a secret.
pub(crate) const NOT_SHOWN: &str = "(not shown)";

/// A value's JSON text as a message may show it.
pub(crate) fn shown(json: &str) -> String {
    const LONGEST: usize = 120;
    if may_hold_secret(json) { NOT_SHOWN.to_owned() } else { cut(json, LONGEST) }
}

/// The first `longest` characters of a text, with `…` if there are more.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A member's name as a message may show it.
pub(crate) fn sayable(name: &str) -> String {
    const LONGEST: usize = 60;
    if may_hold_secret(name) { NOT_SHOWN.to_owned() } else { cut(name, LONGEST) }
}

/// A JSON string with this text. Non-ASCII characters are not escaped.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
