//! Certificate chains in the headers of tokens (`x5c`, RFC 7515 section 4.1.6): read, verified against certificates that
//! the caller trusts, and explained if they are refused.

mod blame;
mod chain;
pub(super) mod fault;
mod trusted;

pub use fault::{CertificateFault, ChainFault, Unreadable};
pub use trusted::{ExpectedLeaf, Leaf, TrustedChains};
