//! JSON text that keeps the order of its members and the spelling of its numbers and strings.
//!
//! `scan` checks a text in one pass (RFC 8259, unique names at every depth, bounded nesting). Everything else works on
//! text that has passed that check.

mod compare;
mod error;
mod layout;
mod number;
mod object;
mod quote;
mod scan;
mod selector;
mod span;
mod tokens;
mod value;

pub use error::{JsonError, MAX_DEPTH};
pub use layout::{Layout, respaced};
pub(crate) use layout::{Piece, lay_out};
pub(crate) use number::Number;
pub(crate) use object::Name;
pub use object::Object;
pub(crate) use quote::{NOT_SHOWN, cut, quote, sayable, shown};
pub use selector::Selector;
pub(crate) use tokens::{begins_with_json, unquote};
pub use value::{Value, ValueRef};
