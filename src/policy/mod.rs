//! Checks the times and claims of a verified token against expectations, and reports all that are not met. No clock, no
//! I/O, and no unverified claims.

mod check;
mod expectations;
mod fault;
mod kind;
mod kind_rules;
mod revoked;
mod session;

pub use check::check;
pub use expectations::{Expectation, Expired, Policy};
pub use fault::{Fault, Remark};
pub use kind::TokenKind;
pub use revoked::Revoked;

pub(crate) use check::{media_type, other_unit};
pub(crate) use session::Session;
