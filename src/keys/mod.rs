//! Keys: what a key is, which algorithms it supports, and how its text is read and written. No I/O here. The content of
//! a file says what key it is, not the file's name, and never a token's header.

mod agent;
mod algorithm;
mod asn1;
mod certificate;
mod ed25519;
mod encrypt;
mod encryption;
mod error;
mod key;
mod metadata;
mod ml_dsa;
mod read;
mod rsa;
mod rsa_faults;
mod set;
mod signature;
mod signer;
mod sniff;
mod subject_name;
mod wire;
mod write;

pub use agent::{
    AgentKey, MAX_AGENT_MESSAGE, identities_request, read_identities, read_signature, sign_request,
};
pub use algorithm::{Algorithm, KeyType, RSA_BITS, SecretLength, Weakness, listed};
pub use certificate::CertificateOid;
pub use encryption::{Aes, ContentEncryption, JwkAlgorithm, KeyAlgorithm};
pub use error::{AgentKeyName, KeyError};
pub use key::{Certificate, Key, KeyMaterial, ReadKey};
pub use metadata::{Encoding, Format, JwkParams, Origin, Purpose, Resized, SecretFormat};
pub use ml_dsa::ParameterSet;
pub use read::secret::read_secret;
pub use read::{Located, locate, read_keys, read_published};
pub use set::{Entry, KeyFile, KeySet};
pub use signature::read_printed_signature;
pub use signer::{AgentChoice, ExternalSigner, SignerError};
pub use subject_name::{SubjectName, SubjectNameError};
pub use write::write_key;

pub(crate) use agent::agent_signs_with;
pub(crate) use algorithm::{Curve, MIN_WEAK_RSA_BITS};
pub(crate) use asn1::{okp_pkcs8, okp_seed, pkcs8, public_beside, public_bytes, spki};
pub(crate) use certificate::{X509, signed_parts};
pub(crate) use ed25519::is_ed25519_point;
pub(crate) use encrypt::Protection;
pub(crate) use read::jwk::read_public_jwk;
pub(crate) use read::openssh::is_public_line;
pub(crate) use read::pem::{certificates_of_blocks, keys_of_blocks};
pub(crate) use read::secret::read_password;
pub(crate) use read::{OTHER_JSON, read_certificates};
pub(crate) use rsa::rsa_public_key;
pub(crate) use rsa_faults::{RsaFault, rsa_faults};
pub(crate) use set::MOST_NAMED;
pub(crate) use signer::COMMAND;
pub(crate) use sniff::possible_points;
pub(crate) use write::{public_jwk, ssh_blob, thumbprint_input, write_encrypted, write_set};

/// The largest secret or password that is read, in bytes: 1 MiB.
pub(crate) const MAX_SECRET: usize = 1024 * 1024;

/// The largest key file that is read, in bytes: 16 MiB, which is a set of tens of thousands of keys.
pub(crate) const MAX_KEY: usize = 16 * 1024 * 1024;
