//! `decode`: shows a token of any algorithm and verifies nothing.

use crate::request::DecodeRequest;
use std::sync::Arc;

use super::select;
use crate::env::Env;
use crate::explain;
use crate::explain::Problem;
use crate::explain::Warning;
use crate::input;
use crate::input::{ItemContext, Text};
use crate::json::{Object, Selector};
use crate::outcome::{Answer, Outcome};
use crate::sys::Bounded;
use crate::time::{NumericDate, When};
use crate::token::{Header, Unverified, parse_header};

pub(super) fn run(request: &DecodeRequest, env: &mut Env<'_>) -> Outcome {
    let (mut held, mut context) = (Bounded::default(), ItemContext::for_one().allow_padding(true));
    let shown = input::token(&request.token, "decode", env, &mut held, &mut context)
        .and_then(|token| show(request, &token));
    let text = Text { bytes: &held.bytes, cut: held.cut };
    outcome(request, shown, text, (env.clock)(), &mut context)
}

pub(super) fn item(
    request: &DecodeRequest,
    text: Text<'_>,
    clock: NumericDate,
    context: &mut ItemContext,
) -> Outcome {
    let shown = input::read_token(text, context).and_then(|token| show(request, &token));
    outcome(request, shown, text, clock, context)
}

/// What is shown of a token, and the warnings.
type Shown = (Answer, Vec<Warning>);

/// `decode` trusts nothing, so text with exactly one token in it counts as that token, and a header is shown even if
/// nothing else can be read.
fn outcome(
    request: &DecodeRequest,
    shown: Result<Shown, Vec<Problem>>,
    text: Text<'_>,
    clock: NumericDate,
    context: &mut ItemContext,
) -> Outcome {
    let shown = shown.or_else(|problems| {
        if let Some(shown) = inside(request, &problems, text.bytes, context) {
            return shown;
        }
        let is_wanted = request.header && !text.cut;
        let header = is_wanted.then(|| parse_header(text.bytes, &mut context.headers)).flatten();
        let header = header.ok_or(problems)?;
        Ok((show_header(request, &header)?, Vec::new()))
    });
    match shown {
        Ok((answer, warnings)) => {
            Outcome::answer(answer, When::now(request.at, clock)).with_warnings(warnings)
        }
        Err(problems) => Outcome::refused(problems),
    }
}

/// The only token in other text; `None` if there is not exactly one, or it cannot be read.
fn inside(
    request: &DecodeRequest,
    problems: &[Problem],
    text: &[u8],
    context: &mut ItemContext,
) -> Option<Result<Shown, Vec<Problem>>> {
    let [Problem::Token(fault, _)] = problems else { return None };
    let (token, explanation) = explain::token_inside(text, fault)?;
    let token = Unverified::parse_with(token.as_bytes(), &mut context.headers).ok()?;
    match show(request, &token) {
        Err(problems) if matches!(problems[..], [Problem::Token(..)]) => None,
        shown => {
            Some(shown.map(|(answer, _)| (answer, vec![Warning::Output(Box::new(explanation))])))
        }
    }
}

fn show(request: &DecodeRequest, token: &Unverified<'_>) -> Result<Shown, Vec<Problem>> {
    let claims = token.unverified_claims().map_err(|malformed| {
        vec![Problem::Token(malformed, explain::not_claims(token).map(Box::new))]
    })?;
    let answer = match &request.get {
        _ if request.header => show_header(request, token.header())?,
        Some(selector) => one_of(selector, claims.object(), false)?,
        None => Answer::Decoded {
            header: Arc::clone(token.header()),
            signature: token.signature_text().to_owned(),
            claims,
        },
    };
    Ok((
        answer,
        token
            .is_padded()
            .then(|| Warning::Output(explain::shown_padded().into()))
            .into_iter()
            .collect(),
    ))
}

fn show_header(request: &DecodeRequest, header: &Arc<Header>) -> Result<Answer, Vec<Problem>> {
    match &request.get {
        Some(selector) => one_of(selector, header.object(), true),
        None => Ok(Answer::Header(Arc::clone(header))),
    }
}

fn one_of(selector: &Selector, object: &Object, in_header: bool) -> Result<Answer, Vec<Problem>> {
    select(selector, object, in_header).map(Answer::Claim).map_err(|problem| vec![problem])
}
