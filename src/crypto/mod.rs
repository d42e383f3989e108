//! Signatures are made and checked here and nowhere else: this is the only maker of a [`Verified`], and the only user
//! of jsonwebtoken and of the crypto library under it. The key decides the algorithm: no function takes one from a
//! token's header apart from the key that is to support it.

mod digest;
mod entropy;
mod generate;
mod jwe;
mod loaded_key;
mod loaded_keys;
mod mac;
mod primitives;
mod verdicts;
mod verify;

pub use digest::Seal;
pub(crate) use jwe::{DEFAULT_ITERATIONS, MAX_INFLATED, MAX_RATIO, auth_js_keys};
pub use jwe::{DecryptionKey, EncryptionKey, OpenFault, Opened, Opener, Sealing, Unsuited};
pub(crate) use loaded_key::SignedHeader;
pub use loaded_key::{LoadedKey, Refusal, Signer, Trial};
pub use loaded_keys::LoadedKeys;
pub use verdicts::Verdicts;
pub(crate) use verify::KnownHeader;
pub use verify::{Checked, Refused, Verified};

pub(crate) use digest::sha256;
pub(crate) use generate::{RSA_SIZES, new_key};
pub(crate) use loaded_keys::without_repeats;
