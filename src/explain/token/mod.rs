//! What is said about a text in a token's place: what else it is, or how the token was damaged. Runs after strict
//! reading has failed; nothing that is recognised here is accepted, and no secret is repeated.

mod carrier;
mod damage;
mod json_answer;
pub(super) mod not_a_token;
pub(super) mod opaque;
mod recognise;
mod repair;
mod shape;

pub use damage::PaddingTrial;
pub(super) use damage::malformed;
pub use recognise::explain_text;
pub(crate) use recognise::{compressed_payload, not_claims, token_inside};
