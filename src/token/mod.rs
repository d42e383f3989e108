//! Parses tokens in the compact serialization (RFC 7515 section 7.1), and SD-JWTs (RFC 9901). Nothing in them is trusted. No I/O, no keys: what
//! is made here is [`Unverified`], and only [`crypto`](crate::crypto) can verify it.

mod compact;
mod encryption;
mod find;
mod header;
mod json_serialization;
mod jwe;
mod memory;
mod part;
mod redact;
mod sd_jwt;

pub use compact::{Presentation, Unverified};
pub use encryption::{Encryption, EncryptionFault};
pub use find::TokenFinder;
pub use header::{Header, HeaderCache};
pub use json_serialization::{Jws, JwsSignature};
pub use jwe::Encrypted;
pub use part::{Codec, JwsFault, Malformed};
pub use redact::{Hidden, Redactor};
pub use sd_jwt::{DisclosureFault, Disclosures};

pub(crate) use compact::{
    MAX_TOKEN, assemble, encode_header, parse_header, strip_prefix, strip_wrapping,
};
pub(crate) use encryption::{ITERATIONS, Parameters};
pub(crate) use find::LOOKBACK;
pub(crate) use header::HeaderFault;
pub(crate) use json_serialization::{encode_payload, flattened};
pub(crate) use jwe::{Recipient, assemble_encrypted, is_encrypted};
pub(crate) use memory::TokenMemory;
pub(crate) use part::{Base64Fault, Part};
pub(crate) use sd_jwt::{Digested, HASH, Unsalted, conceal, is_reserved, process};
