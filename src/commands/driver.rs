//! The verbs on tokens, one item after another: what is the same for all items of a call is made once, and
//! then each is worked on alone. A call for a single token goes the same way.

use super::{decode, encode, refresh, verify};
use crate::env::Env;
use crate::explain::Problem;
use crate::input;
use crate::input::{Detail, ItemContext, Text};
pub use crate::input::{LONGEST, LineInput, find_lines};
use crate::keys::Purpose;
use crate::outcome::Outcome;
use crate::request::DecodeRequest;
use crate::request::TokenRequest;
use crate::time::NumericDate;

/// A verb on tokens at work, its keys in hand.
pub enum Processor<'a> {
    /// `encode`
    Encode(encode::Encoder<'a>),
    /// `decode`
    Decode(&'a DecodeRequest),
    /// `verify`
    Verify(Box<verify::Verifier<'a>>),
    /// `refresh`
    Refresh(Box<refresh::Refresher<'a>>),
}

/// Reads the keys of a request, and works with them.
///
/// # Errors
/// Why they cannot be used; then there was no work.
pub fn with_keys<T>(
    request: &TokenRequest,
    env: &mut Env<'_>,
    work: impl FnOnce(&Processor<'_>, &mut Env<'_>) -> T,
) -> Result<T, Vec<Problem>> {
    Ok(match request {
        TokenRequest::Encode(request) => {
            let keys = input::key(&request.key, Purpose::Sign, env)?;
            let encoder = encode::Encoder::new(request, Ok(&keys))?;
            work(&Processor::Encode(encoder), env)
        }
        TokenRequest::Decode(request) => work(&Processor::Decode(request), env),
        TokenRequest::Verify(request) => {
            let verifier = verify::Verifier::new(request, env)?;
            work(&Processor::Verify(Box::new(verifier)), env)
        }
        TokenRequest::Refresh(request) => {
            let refresher = refresh::Refresher::new(request, env)?;
            work(&Processor::Refresh(Box::new(refresher)), env)
        }
    })
}

impl Processor<'_> {
    /// A desk to work at.
    #[must_use]
    pub fn context(&self, detail: Detail) -> ItemContext {
        let (keys, allows_padding) = match self {
            Self::Encode(_) => (1, false),
            Self::Decode(_) => (1, true),
            Self::Verify(verifier) => {
                (verifier.source.keys().loaded.len(), verifier.request.allow_padding)
            }
            Self::Refresh(refresher) => {
                (refresher.verifying.keys().loaded.len(), refresher.request.allow_padding)
            }
        };
        ItemContext::for_many(detail, keys).allow_padding(allows_padding)
    }

    /// Works on an item; `clock` is the time.
    #[must_use]
    pub fn item(&self, text: Text<'_>, clock: NumericDate, context: &mut ItemContext) -> Outcome {
        match self {
            Self::Encode(encoder) => encoder.item(text, clock, context),
            Self::Decode(request) => decode::item(request, text, clock, context),
            Self::Verify(verifier) => verifier.item(text, clock, context),
            Self::Refresh(refresher) => refresher.item(text, clock, context),
        }
    }
}
