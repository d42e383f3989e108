//! Tokens as text: the compact serialization (RFC 7515 section 7.1) taken apart, nothing trusted.
//! No I/O, no keys: what is made here is [`Unverified`], and only `signature` can make more of it.

mod compact;
mod header;
mod header_cache;
mod part;

pub use compact::{Unverified, assemble, encode_header, parse_header, strip_wrapping};
pub use header::{Header, HeaderFault};
pub use header_cache::HeaderCache;
pub use part::{Base64Fault, Malformed, Part};

/// The largest token that is read, in bytes: 16 MiB.
pub const MAX_TOKEN: usize = 16 * 1024 * 1024;
