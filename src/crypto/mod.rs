//! Signatures are made and checked here and nowhere else: this is the only maker of a [`Verified`], and the only user
//! of jsonwebtoken and of the crypto library under it. The key decides the algorithm: no function takes one from a
//! token's header apart from the key that is to support it.

mod digest;
mod entropy;
mod fingerprint;
mod generate;
mod guess;
mod jwe;
mod key_binding;
mod loaded_file;
mod loaded_key;
mod loaded_keys;
mod mac;
mod pieces;
mod primitives;
mod sd_jwt;
mod verdicts;
mod verify;
mod work;
mod x5c;

pub use digest::Seal;
pub use guess::{GuessTarget, Guesser};
pub(crate) use jwe::{DEFAULT_ITERATIONS, KnownEncryption, MAX_INFLATED, MAX_RATIO, auth_js_keys};
pub use jwe::{DecryptionKey, EncryptionKey, OpenFault, Opened, Opener, Sealing, Unsuited};
pub use key_binding::{KeyBindingRefusal, verify_key_binding};
pub use loaded_key::{LoadedKey, Refusal, Signer, Trial};
pub(crate) use loaded_key::{SignedHeader, key_of_header};
pub use loaded_keys::LoadedKeys;
pub use sd_jwt::disclose;
pub use verdicts::Verdicts;
pub(crate) use verify::KnownHeader;
pub use verify::{Checked, Refused, Verified};
pub use x5c::{CertificateFault, ChainFault, ExpectedLeaf, Leaf, TrustedChains, Unreadable};

pub(crate) use digest::{sha256, sha256_bytes, ssh_fingerprint};
pub(crate) use fingerprint::{CertificateDigests, Fingerprints};
pub(crate) use generate::{RSA_SIZES, new_key, random_bytes};
pub(crate) use loaded_file::{LoadedFile, without_repeats};
pub(crate) use loaded_keys::LoadedSource;
pub(crate) use pieces::{DetachedSignature, Matched};
pub(crate) use sd_jwt::{ConcealError, Concealed, conceal};
pub(crate) use work::Work;
