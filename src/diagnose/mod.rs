//! Why something is refused: looked into after the verdict, and never changing it. What would have made a
//! signature match, what it is that stands in a token's place, and what a secret looks like that was not meant as
//! it is. Nothing here makes a `Verified`.

mod signature;
mod spelling;
mod text;

pub use signature::{
    Cause, PaddingTrial, SecretText, Written, by_nonce_alone, cause, forgery, mangled,
    padding_trial,
};
pub use spelling::{Change, Mangled};
pub use text::{
    Beginning, Carrier, Damage, ESCAPES, Found, Inside, Issued, KeyForm, Lack, Mend, Odd, Oddity,
    Seen, Spot, Step, Stranger, Unfilled, Way, look, token_inside,
};
