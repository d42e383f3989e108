//! Tokens as text: the compact serialization (RFC 7515 section 7.1) taken apart, nothing trusted.
//! No I/O, no keys: what is made here is [`Unverified`], and only [`crypto`](crate::crypto) can verify it.

mod compact;
mod header;
mod header_cache;
mod part;
mod wrapping;

pub use compact::Unverified;
pub(crate) use compact::{MAX_TOKEN, assemble, encode_header, parse_header};
pub use header::Header;
pub(crate) use header::HeaderFault;
pub use header_cache::HeaderCache;
pub use part::Malformed;
pub(crate) use part::{Base64Fault, Part};
pub(crate) use wrapping::{strip_prefix, strip_wrapping};
