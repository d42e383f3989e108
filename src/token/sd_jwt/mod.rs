//! SD-JWTs (RFC 9901): a token whose claims are replaced by digests, and disclosures that say what they are.

mod conceal;
mod disclosure;
mod fault;
mod process;

pub(crate) use conceal::{Digested, Unsalted, conceal};
pub use disclosure::Disclosures;
pub(crate) use disclosure::{HASH, is_reserved};
pub use fault::DisclosureFault;
pub(crate) use process::process;
