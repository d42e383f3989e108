//! Why a text is not the JSON that was expected.

use std::fmt;

use super::quote::{quote, sayable};

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
