//! Why a text is not the JSON that was expected, and text from JSON as a message shows it.

use std::fmt;

use crate::secret::may_hold_secret;

/// How deep objects and arrays may be nested, including the outermost one.
pub const MAX_DEPTH: usize = 128;

/// Why a text is refused. The messages complete a sentence: "the payload is nested deeper than 128 levels".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// Nothing, or nothing but white space.
    Empty,
    /// Not UTF-8 (RFC 8259 section 8.1), from this byte on.
    NotUtf8(usize),
    /// What the parser said, with line and column.
    Syntax(String),
    /// What was found instead of an object: "an array", "a string", …
    NotAnObject(&'static str),
    /// A name that an object has twice (RFC 7519 section 4, RFC 8725 section 2.4), unescaped, and the depth of that
    /// object, 1 for the outermost.
    Duplicate(String, usize),
    /// Objects and arrays nested beyond [`MAX_DEPTH`].
    TooDeep,
    /// A string with half of a surrogate pair, which JSON allows and Unicode does not (RFC 7493 section 2.1).
    LoneSurrogate,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "is empty"),
            Self::NotUtf8(at) => write!(f, "is not UTF-8 (byte {at})"),
            Self::Syntax(reason) => write!(f, "is not JSON: {reason}"),
            Self::NotAnObject(found) => write!(f, "is {found}, not a JSON object"),
            Self::Duplicate(name, depth) => {
                write!(f, "has the member {} twice", quote(&sayable(name)))?;
                if *depth > 1 { write!(f, " in one object at depth {depth}") } else { Ok(()) }
            }
            Self::TooDeep => write!(f, "is nested deeper than {MAX_DEPTH} levels"),
            Self::LoneSurrogate => write!(f, "has a string with half of a surrogate pair"),
        }
    }
}

impl std::error::Error for JsonError {}

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
