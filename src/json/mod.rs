//! JSON text that keeps the order of its members and the spelling of its numbers and strings.
//!
//! `scan` checks a text in one pass (RFC 8259, unique names at every depth, bounded nesting). Everything else works on
//! text that has passed that check.

mod error;
mod object;
mod scan;
mod tokens;
mod value;

pub use error::{JsonError, MAX_DEPTH};
pub use object::{MemberMemory, Object, Selector};
pub use tokens::{Layout, respaced};
pub use value::{Value, ValueRef};

pub(crate) use error::{NOT_SHOWN, cut, quote, shown, shown_name};
pub(crate) use object::push_pointer;
pub(crate) use tokens::{Name, Piece, Tokens, begins_with_json, lay_out, unquote};
pub(crate) use value::Number;
