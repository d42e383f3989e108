//! Explains a text that was refused as a token: what else it is, or how the token was damaged. Nothing that is
//! recognised here is accepted, and no secret is repeated.

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
pub(crate) use recognise::{compressed_payload, detached, not_claims, token_inside};
