//! Why a text is not the expected JSON, and how messages show text from JSON.

use crate::secret::may_hold_secret;

/// How deep objects and arrays may be nested, including the outermost one.
pub const MAX_DEPTH: usize = 128;

/// Why a text is refused. The messages complete a sentence: "the payload is nested deeper than 128 levels".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum JsonError {
    #[error("is empty")]
    Empty,
    /// Not UTF-8 (RFC 8259 section 8.1), from this byte on.
    #[error("is not UTF-8 (byte {0})")]
    NotUtf8(usize),
    /// The parser's message, with line and column.
    #[error("is not JSON: {0}")]
    Syntax(String),
    /// What was found instead of an object: "an array", "a string", …
    #[error("is {0}, not a JSON object")]
    NotAnObject(&'static str),
    /// A name that an object has twice (RFC 7519 section 4, RFC 8725 section 2.4), unescaped, and the depth of that
    /// object, 1 for the outermost.
    #[error("has the member {} twice{}", quote(&shown_name(.0)), in_object(*.1))]
    Duplicate(String, usize),
    #[error("is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Half of a surrogate pair, which JSON allows and Unicode does not (RFC 7493 section 2.1).
    #[error("has a string with a lone surrogate")]
    LoneSurrogate,
}

fn in_object(depth: usize) -> String {
    if depth > 1 { format!(" in one object at depth {depth}") } else { String::new() }
}

/// Replaces a name or value that may be a token or a secret.
pub(crate) const NOT_SHOWN: &str = "(not shown)";

/// A value's JSON text as a message may show it.
pub(crate) fn shown(json: &str) -> String {
    shown_up_to(120, json)
}

/// The first `longest` characters of a text, with `…` if there are more.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A member's name as a message may show it.
pub(crate) fn shown_name(name: &str) -> String {
    shown_up_to(60, name)
}

fn shown_up_to(longest: usize, text: &str) -> String {
    if may_hold_secret(text) { NOT_SHOWN.to_owned() } else { cut(text, longest) }
}

/// A JSON string with this text. Non-ASCII characters are not escaped.
pub(crate) fn quote(text: &str) -> String {
    let is_escaped = |byte: u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    if text.bytes().any(is_escaped) {
        return serde_json::Value::from(text).to_string();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    quoted.push_str(text);
    quoted.push('"');
    quoted
}
