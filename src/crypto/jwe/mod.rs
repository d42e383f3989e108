//! Decrypts tokens (RFC 7516) with the caller's keys, and encrypts. A failure of the cryptography never says which
//! step failed: an encrypted key that does not decrypt is replaced by a random one, and the content then fails to
//! authenticate (section 11.5).

mod agreement;
mod auth_js;
mod content;
mod decrypt;
mod encrypt;
mod known;
mod wrap;

pub(crate) use auth_js::auth_js_keys;
pub use decrypt::{DecryptionKey, OpenFault, Opened, Opener, Unsuited};
pub(crate) use decrypt::{MAX_INFLATED, MAX_RATIO};
pub(crate) use encrypt::DEFAULT_ITERATIONS;
pub use encrypt::{EncryptionKey, Sealing};
pub(crate) use known::KnownEncryption;

use zeroize::Zeroizing;

/// Key material, which is wiped from memory after use.
type Bytes = Zeroizing<Vec<u8>>;
