//! Tokens as text: the compact serialization (RFC 7515 section 7.1) taken apart, nothing trusted.
//! No I/O, no keys: what is made here is [`Unverified`], and only `signature` can make more of it.

mod answer;
mod beginning;
mod carrier;
mod compact;
mod damage;
mod header;
mod issued;
mod mend;
mod stranger;
mod words;

pub use answer::{Step, Way};
pub use beginning::Beginning;
pub use carrier::{Carrier, Found};
pub use compact::{Base64Fault, Malformed, Part, Unverified, assemble};
pub use damage::{Damage, Odd, Oddity, Spot};
pub use header::{Header, HeaderFault};
pub use issued::Issued;
pub use mend::{ESCAPES, Mend};
pub use stranger::{KeyForm, Lack, Stranger};
pub use words::Unfilled;

/// The largest token that is read, in bytes: 16 MiB.
pub const MAX_TOKEN: usize = 16 * 1024 * 1024;

/// How much of a text that is no token is looked at for what it is, in bytes: 1 MiB.
const MOST_LOOKED_AT: usize = 1024 * 1024;
