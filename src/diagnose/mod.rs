//! Why something is refused: looked into after the verdict, and never changing it. What would have made a
//! signature match, and what it is that stands in a token's place. Nothing here makes a `Verified`.

mod signature;
mod spelling;
mod text;

pub use signature::{Cause, PaddingTrial, Written, by_nonce_alone, cause, forgery, padding_trial};
pub use spelling::Change;
pub use text::{
    Beginning, Carrier, Damage, ESCAPES, Found, Inside, Issued, KeyForm, Lack, Mend, Odd, Oddity,
    Seen, Spot, Step, Stranger, Unfilled, Way, look, token_inside,
};
