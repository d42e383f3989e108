//! Everything that is said when something is wrong, by subject. A problem or warning becomes an
//! [`Explanation`]: code, message, evidence and hint. `output` lays it out and chooses the exit code.

mod causes;
mod claims;
mod codes;
mod difference;
mod excerpt;
mod explanation;
mod keys;
mod names;
mod network;
mod not_a_token;
pub(crate) mod paths;
mod pointed;
mod problem;
mod refusal;
mod signature;
mod spelling;
mod times;
mod token;
mod tokens;
pub(crate) mod usage;
mod warnings;

pub use codes::{CODES, Code};
pub use explanation::{Explanation, reason};
pub use keys::line_about_key;
pub use names::flag as flag_as_typed;
pub(crate) use network::ca_file;
pub use problem::{Problem, SignatureFindings};
pub use signature::{
    Cause, KeyText, SecretText, by_header_fault, by_nonce_alone, cause, forgery, mangled,
    padding_trial,
};
pub use spelling::{Change, Mangled};
pub use token::{
    Beginning, Carrier, Damage, ESCAPES, Found, Inside, Issued, JsonPath, KeyForm, Missing,
    NotAToken, Odd, Oddity, PaddingTrial, PathStep, Repair, Seen, Spot, Unfilled, compressed, look,
    look_into, token_inside,
};
pub(crate) use tokens::{file_as_token, none_in_variable};
pub use warnings::Warning;
