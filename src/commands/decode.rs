//! `decode`: shows a token of any algorithm and verifies nothing.

use super::{Answer, Outcome, Selector, TextSource, sources};
use crate::env::Env;
use crate::problem::Problem;
use crate::time::When;

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
    let now = request.at.map_or(env.now, |at| at.resolve(env.now));
    match show(request, env) {
        Ok(answer) => Outcome::answer(answer, now),
        Err(problems) => Outcome::refused(problems),
    }
}

fn show(request: &Request, env: &mut Env<'_>) -> Result<Answer, Vec<Problem>> {
    let token = sources::token(&request.token, "decode", env)?;
    let claims =
        token.unverified_claims().map_err(|malformed| vec![Problem::Token(malformed, None)])?;
    let header = token.header().object();
    match &request.get {
        Some(selector) => {
            let object = if request.header { header } else { claims.object() };
            let value = selector.select(object, request.header);
            value.map(Answer::Claim).map_err(|problem| vec![problem])
        }
        None if request.header => Ok(Answer::Header(header.clone())),
        None => Ok(Answer::Decoded {
            header: header.clone(),
            signature: token.signature_text().to_owned(),
            claims,
        }),
    }
}
