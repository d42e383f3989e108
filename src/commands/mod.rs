//! The verbs: a request goes in, an outcome comes out. No printing, no flags, no clock.
//! A token that is refused is an outcome like any other.

pub mod decode;
pub mod desk;
pub mod encode;
mod hand;
pub mod items;
pub mod key;
pub mod man;
mod paths;
pub mod refresh;
mod sources;
pub mod verify;

use std::sync::Arc;

use crate::claims::Claims;
use crate::env::Env;
use crate::io::HeldSignals;
use crate::json::{Object, Selector, Value};
use crate::keys::{Algorithm, Origin};
use crate::problem::{Problem, UsageError, Warning};
use crate::signature::LoadedKey;
use crate::time::NumericDate;
use crate::token::Header;

pub use hand::{Hand, KeyInHand};
pub use sources::{
    KeyRequest, KeySource, NamedPath, NamedVariable, Network, PathOrStdin, TextSource,
};

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// A verb on tokens.
    Token(TokenRequest),
    /// `key` and its verbs
    Key(Box<key::Request>),
    /// `man --dir`
    Man(man::Request),
}

/// What is asked for of a token, or of many.
#[derive(Debug)]
pub enum TokenRequest {
    /// `encode`
    Encode(Box<encode::Request>),
    /// `decode`
    Decode(decode::Request),
    /// `verify`
    Verify(Box<verify::Request>),
    /// `refresh`
    Refresh(Box<refresh::Request>),
}

/// Which verb a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `encode`
    Encode,
    /// `decode`
    Decode,
    /// `verify`
    Verify,
    /// `refresh`
    Refresh,
    /// `key`
    Key,
    /// `man`
    Man,
}

impl Verb {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
            Self::Verify => "verify",
            Self::Refresh => "refresh",
            Self::Key => "key",
            Self::Man => "man",
        }
    }

    /// The verbs whose exit code says that a token is genuine: nothing but a genuine token gives 0.
    pub const GATES: [Self; 2] = [Self::Verify, Self::Refresh];

    /// Whether its exit code says that a token is genuine.
    #[must_use]
    pub fn is_gate(self) -> bool {
        Self::GATES.contains(&self)
    }
}

impl Request {
    /// Which verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Token(request) => request.verb(),
            Self::Key(_) => Verb::Key,
            Self::Man(_) => Verb::Man,
        }
    }
}

impl TokenRequest {
    /// Which verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Encode(_) => Verb::Encode,
            Self::Decode(_) => Verb::Decode,
            Self::Verify(_) => Verb::Verify,
            Self::Refresh(_) => Verb::Refresh,
        }
    }
}

/// What came of it: an answer, or problems; warnings with either.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The answer; none where there are problems.
    pub answer: Option<Answer>,
    /// What stands in the way; what decides the exit code is `exit`'s to say.
    pub problems: Vec<Problem>,
    /// What is worth a word.
    pub warnings: Vec<Warning>,
    /// The key that `verify` used, as soon as there is one.
    pub key: Option<Box<KeyFacts>>,
    /// The time that was held against times.
    pub now: NumericDate,
}

/// What a verb answers.
#[derive(Debug)]
pub enum Answer {
    /// A token was made.
    Minted(Minted),
    /// A token was read, nothing verified.
    Decoded {
        /// Its header.
        header: Arc<Header>,
        /// Its claims.
        claims: Claims,
        /// Its signature, as it is encoded.
        signature: String,
    },
    /// Its header alone, nothing verified.
    Header(Arc<Header>),
    /// A token was verified and accepted.
    Verified {
        /// Its header.
        header: Arc<Header>,
        /// Its claims.
        claims: Claims,
    },
    /// One claim.
    Claim(Value),
    /// A verified payload, byte for byte.
    Payload(Vec<u8>),
    /// What keys are.
    Keys(Vec<key::Card>),
    /// A key, a set or a thumbprint was written.
    Written(key::Written),
    /// Files were written, and there is nothing to print.
    Done,
}

/// A token that was made, or that a refresh left as it was.
#[derive(Debug)]
pub struct Minted {
    /// The compact serialization.
    pub token: String,
    /// Its header.
    pub header: Arc<Header>,
    /// Its claims.
    pub claims: Claims,
    /// Whether it is new; a refresh may find that it need not be.
    pub renewed: bool,
}

/// What a report says of a key.
#[derive(Debug)]
pub struct KeyFacts {
    /// What it is: "HMAC secret", "RSA 2048-bit public key".
    pub kind: String,
    /// Whether it can sign.
    pub private: bool,
    /// Its key ID.
    pub kid: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// The algorithms it serves.
    pub algorithms: Vec<Algorithm>,
    /// The one that verified the token, if it is verified.
    pub algorithm: Option<Algorithm>,
}

/// A name and the value it is to have.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// Does what is asked for.
pub fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    let mut outcome = answer(request, env);
    // What was read from standard input for one of two things says nothing of either.
    let is_mixed_up =
        |problem: &Problem| matches!(problem, Problem::Usage(UsageError::StdinTwice { .. }));
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

impl Outcome {
    /// The signals that are held back until the answer is written.
    #[must_use]
    pub fn held(&self) -> Option<&HeldSignals> {
        match &self.answer {
            Some(Answer::Written(written)) => written.files.held(),
            _ => None,
        }
    }

    fn answer(answer: Answer, now: NumericDate) -> Self {
        Self { answer: Some(answer), now, ..Self::default() }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::default() }
    }

    fn with_warnings(mut self, warnings: Vec<Warning>) -> Self {
        self.warnings = warnings;
        self
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
            return Err(Problem::Usage(UsageError::GivenTwice { name: name.to_owned(), what }));
        }
        seen.push(name);
    }
    Ok(())
}

/// What was put together must be what a token can have: not nested too deep by a flag.
fn fits_a_token(what: &'static str, object: &Object) -> Result<(), Problem> {
    let read = Object::parse(object.to_value().text().as_bytes());
    read.map(drop).map_err(|_| Problem::Usage(UsageError::TooDeep { what }))
}
