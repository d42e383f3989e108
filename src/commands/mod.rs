//! The verbs: a request goes in, an outcome comes out. No printing, no flags, no clock.
//! A token that is refused is an outcome like any other.

pub mod decode;
pub mod driver;
pub mod encode;
pub mod key;
pub mod man;
pub mod refresh;
pub mod verify;

use crate::env::Env;
use crate::explain::{Code, Problem, usage};
use crate::json::{Object, Selector, Value};
use crate::outcome::Outcome;
use crate::request::{Request, TokenRequest};

/// Does what is asked for.
pub fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let mut outcome = answer(request, env);
    // What was read from standard input for one of two things says nothing of either.
    let is_mixed_up =
        |problem: &Problem| matches!(problem, Problem::Usage(e) if e.code == Code::StdinTwice);
    if outcome.problems.iter().any(is_mixed_up) {
        outcome.problems.retain(is_mixed_up);
    }
    outcome
}

fn answer(request: &Request, env: &mut Env<'_>) -> Outcome {
    match request {
        Request::Token(TokenRequest::Encode(request)) => encode::run(request, env),
        Request::Token(TokenRequest::Decode(request)) => decode::run(request, env),
        Request::Token(TokenRequest::Verify(request)) => verify::run(request, env),
        Request::Token(TokenRequest::Refresh(request)) => refresh::run(request, env),
        Request::Key(request) => key::run(request, env),
        Request::Man(request) => man::run(request),
    }
}

/// The value that `--get` asks for.
fn select(selector: &Selector, object: &Object, in_header: bool) -> Result<Value, Problem> {
    selector.find(object).ok_or_else(|| Problem::NoSuchClaim {
        name: selector.text.clone(),
        in_header,
        there: object.paths(),
    })
}

/// Two results that must both be there; the problems of both, if not.
fn both<A, B>(
    first: Result<A, Vec<Problem>>,
    second: Result<B, Vec<Problem>>,
) -> Result<(A, B), Vec<Problem>> {
    match (first, second) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (first, second) => {
            let problems = first.err().into_iter().chain(second.err());
            Err(problems.flatten().collect())
        }
    }
}

/// Refuses a name that two flags give.
fn check_names(what: &'static str, names: Vec<&str>) -> Result<(), Problem> {
    let mut seen = Vec::with_capacity(names.len());
    for name in names {
        if seen.contains(&name) {
            return Err(usage::given_twice(what, name));
        }
        seen.push(name);
    }
    Ok(())
}

/// What was put together must be what a token can have: not nested too deep by a flag.
fn fits_a_token(what: &'static str, object: &Object) -> Result<(), Problem> {
    let read = Object::parse(object.to_value().text().as_bytes());
    read.map(drop).map_err(|_| usage::too_deep(what))
}
