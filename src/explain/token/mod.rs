//! What a text is that stands in a token's place and is none, or what befell a token on its way. Strict
//! reading has failed before anything here runs; nothing that is told apart here is accepted.

mod beginning;
mod carrier;
mod damage;
mod json_answer;
mod kinds;
mod not_a_token;
mod opaque;
mod placeholder;
mod repair;
mod shape;

use crate::token::{Header, Malformed, Unverified};

pub use beginning::Beginning;
pub(super) use beginning::is_timed;
pub use damage::{Damage, Odd, Oddity, PaddingTrial, Spot};
pub use kinds::{
    Carrier, Found, Issued, JsonPath, KeyForm, Missing, NotAToken, PathStep, Unfilled,
};
pub use repair::{ESCAPES, Repair};

/// How much of a text that is no token is looked at for what it is, in bytes: 1 MiB.
const MOST_LOOKED_AT: usize = 1024 * 1024;

/// What was seen in a text that is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is something else.
    NotAToken(NotAToken),
    /// It is a token that was damaged.
    Damage(Damage),
}

/// Looks at a token that was taken apart, for what it is in place of one with claims in it.
#[must_use]
pub fn look_into(token: &Unverified<'_>) -> Option<NotAToken> {
    if token.header().alg().is_err() {
        return beginning::is_timed(token.text()).then_some(NotAToken::Session);
    }
    if token.is_detached() {
        return Some(NotAToken::Detached);
    }
    compressed(token.header(), token.payload())
}

/// A payload that its header says is compressed and that is no JSON.
#[must_use]
pub fn compressed(header: &Header, payload: &[u8]) -> Option<NotAToken> {
    let zip = header.object().get("zip")?.to_value();
    (payload.trim_ascii_start().first() != Some(&b'{')).then_some(NotAToken::Compressed(zip))
}

/// A token in other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside<'t> {
    /// The token.
    pub token: &'t str,
    /// Its first byte, counted from the start of the text.
    pub at: usize,
    /// What the text is.
    pub by: NotAToken,
}

/// Finds the only token in a text whose strict reading ended in a fault.
#[must_use]
pub fn token_inside<'t>(bytes: &'t [u8], fault: &Malformed) -> Option<Inside<'t>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MOST_LOOKED_AT)?;
    let (at, end) = carrier::only_token(text)?;
    let by = not_a_token::recognise(bytes, fault)?;
    let carries = matches!(
        by,
        NotAToken::Carried { found: Some(_), .. }
            | NotAToken::Answer(JsonPath { encoded: false, .. })
            | NotAToken::Holding { .. }
            | NotAToken::Prefixed { .. }
    );
    carries.then_some(Inside { token: &text[at..end], at, by })
}

/// Looks at a text whose strict reading ended in a fault.
#[must_use]
pub fn look(bytes: &[u8], fault: &Malformed) -> Option<Seen> {
    let stranger = not_a_token::recognise(bytes, fault).map(Seen::NotAToken);
    stranger.or_else(|| damage::look(bytes, fault).map(Seen::Damage))
}

/// Whether a text is a variable or command that no shell has expanded.
pub(super) fn is_unfilled(text: &str) -> bool {
    placeholder::unfilled(text).is_some()
}
