//! `decode`: shows a token of any algorithm and verifies nothing.

use std::sync::Arc;

use super::desk::{Desk, Text};
use super::{Answer, Outcome, Selector, TextSource, sources};
use crate::env::Env;
use crate::io::Bounded;
use crate::problem::Problem;
use crate::time::When;
use crate::token::Unverified;

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// The token.
    pub token: TextSource,
    /// The header in place of the claims.
    pub header: bool,
    /// One claim, or header member, alone.
    pub get: Option<Selector>,
    /// The clock, if not the machine's.
    pub at: Option<When>,
}

pub(super) fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let mut held = Bounded::default();
    match sources::token(&request.token, "decode", env, &mut held, &mut Desk::for_one()) {
        Ok(token) => outcome(request, &token, (env.clock)()),
        Err(problems) => Outcome::refused(problems),
    }
}

pub(super) fn item(request: &Request, text: Text<'_>, clock: i64, desk: &mut Desk) -> Outcome {
    match sources::read_token(text, desk) {
        Ok(token) => outcome(request, &token, clock),
        Err(problems) => Outcome::refused(problems),
    }
}

fn outcome(request: &Request, token: &Unverified<'_>, clock: i64) -> Outcome {
    match show(request, token) {
        Ok(answer) => Outcome::answer(answer, When::now(request.at, clock)),
        Err(problem) => Outcome::refused(vec![problem]),
    }
}

fn show(request: &Request, token: &Unverified<'_>) -> Result<Answer, Problem> {
    let claims = token.unverified_claims().map_err(|malformed| Problem::Token(malformed, None))?;
    let header = token.header();
    match &request.get {
        Some(selector) => {
            let object = if request.header { header.object() } else { claims.object() };
            selector.select(object, request.header).map(Answer::Claim)
        }
        None if request.header => Ok(Answer::Header(Arc::clone(header))),
        None => Ok(Answer::Decoded {
            header: Arc::clone(header),
            signature: token.signature_text().to_owned(),
            claims,
        }),
    }
}
