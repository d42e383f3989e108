//! The verbs: a request in, an outcome out.

mod check;
mod decode;
mod encode;
mod key;
mod man;
mod processor;
mod refresh;
mod verify;

use crate::env::Env;
use crate::explain::{Code, Problem};
use crate::input::{Item, ItemContext, file_as_token, read_text};
use crate::outcome::{Outcome, Problems};
use crate::request::{Detail, Request, TokenAction, TokenRequest};
use crate::time::{NumericDate, When};

pub(crate) use processor::Processor;

pub(crate) fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let mut outcome = match request {
        Request::Token(request) => process_one(request, env),
        Request::Key(command) => key::run(command, env),
        Request::Man(dir, pages) => man::run(dir, pages),
    };
    // What was read from standard input for one of two things says nothing about either.
    if let Err(problems) = &mut outcome.result {
        problems.reduce_to(
            |problem| matches!(problem, Problem::Usage(usage) if usage.code == Code::StdinTwice),
        );
    }
    outcome
}

/// Loads the keys of a verb on tokens.
pub(crate) fn load<'a, 'e: 'a>(
    request: &'a TokenRequest,
    env: &mut Env<'e>,
) -> Result<Box<dyn Processor + 'a>, Problems> {
    Ok(match &request.action {
        TokenAction::Encode(encode) => {
            Box::new(encode::Encoder::new(encode, &request.source, env)?)
        }
        TokenAction::Decode(decode) => Box::new(decode::Decoder(decode)),
        TokenAction::Verify(verify) => Box::new(verify::Verifier::new(verify, env)?),
        TokenAction::Refresh(refresh) => Box::new(refresh::Refresher::new(refresh, env)?),
    })
}

/// A context for one item; or for a stream of them, which caches headers.
pub(crate) fn context(request: &TokenRequest, detail: Detail, headers: usize) -> ItemContext {
    let allow_padding = match &request.action {
        TokenAction::Encode(_) => false,
        TokenAction::Decode(_) => true,
        TokenAction::Verify(verify) => verify.checks.allow_padding,
        TokenAction::Refresh(refresh) => refresh.checks.allow_padding,
    };
    ItemContext::new(detail, headers, allow_padding)
}

/// A stream of one. The item is read even if the keys cannot be used, to report what is wrong with either.
fn process_one(request: &TokenRequest, env: &mut Env<'_>) -> Outcome {
    let verb = request.verb();
    let loaded = load(request, env);
    let text = read_text(&request.source, verb, env);
    let now = When::now(request.at, (env.clock)());
    let mut context = context(request, Detail::FULL, 0);
    let file_as_token = |problems: Problems| match file_as_token(&request.source, verb) {
        Some(problem) if matches!(problems[..], [Problem::Token(..)]) => problem.into(),
        _ => problems,
    };
    match (loaded, text) {
        (Ok(processor), Ok(text)) => {
            let outcome = processor.process(Item::from(&text), now, &mut context);
            Outcome { result: outcome.result.map_err(file_as_token), ..outcome }
        }
        (Ok(processor), Err(problem)) => processor.refuse(problem.into(), &mut context),
        (Err(problems), Err(problem)) => Outcome::new(Err(problems.and(problem.into())), now),
        (Err(problems), Ok(text)) => {
            let checked = check_item(request, Item::from(&text), now, &mut context);
            let problems = match checked {
                Ok(()) => problems,
                Err(others) => problems.and(file_as_token(others.into())),
            };
            Outcome::new(Err(problems), now)
        }
    }
}

/// Finds what is wrong with an item without any keys.
fn check_item(
    request: &TokenRequest,
    item: Item<'_>,
    now: NumericDate,
    context: &mut ItemContext,
) -> Result<(), Problem> {
    match &request.action {
        TokenAction::Encode(encode) => encode::claims(encode, &request.source, item, now).map(drop),
        _ => context.parse(item).map(drop),
    }
}
