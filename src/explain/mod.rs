//! The texts of all problems and warnings, by subject. Each becomes an [`Explanation`]: code, message, evidence and
//! hint. `output` prints it and chooses the exit code.

mod chain;
mod claims;
mod codes;
mod difference;
pub(crate) mod encryption;
mod explanation;
pub(crate) mod jws;
mod key_binding;
mod keys;
mod names;
mod network;
mod problem;
mod refusal;
mod secrets;
mod shell;
mod signature;
mod signers;
mod times;
mod token;
pub(crate) mod usage;
pub(crate) mod warnings;
pub(crate) mod wordlist;

pub use codes::{CODES, Code};
pub use explanation::Explanation;
pub use key_binding::KeyBindingFault;
pub use keys::line_about_key;
pub use names::flag as flag_as_typed;
pub(crate) use names::{file_named_by, shown_path};
pub use problem::Problem;
pub use refusal::Cause;
pub use secrets::{KeyText, SecretText};
pub use signature::{find_cause, padding_trial};
pub use token::{PaddingTrial, explain_text};
pub(crate) use token::{compressed_payload, not_claims, token_inside};
pub use warnings::Warning;
