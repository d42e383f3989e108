//! Why something is refused: looked into after the verdict, and never changing it. What would have made a signature
//! match, what it is that stands in a token's place, and why a secret is probably not what was meant. Nothing here
//! makes a `Verified`.

mod signature;
mod spelling;
mod text;

pub use signature::{
    Cause, SecretText, Written, by_header_fault, by_nonce_alone, cause, forgery, mangled,
    padding_trial,
};
pub use spelling::{Change, Mangled};
pub use text::{
    Beginning, Carrier, Damage, ESCAPES, Found, Inside, Issued, KeyForm, Lack, Mend, Odd, Oddity,
    PaddingTrial, Seen, Spot, Step, Stranger, Unfilled, Way, compressed, look, look_into,
    token_inside,
};
