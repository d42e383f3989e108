//! The verbs: a request goes in, an outcome comes out. No printing, no flags, no clock.
//! A token that is refused is an outcome like any other.

pub mod decode;
pub mod encode;
pub mod man;
mod paths;
pub mod refresh;
mod sources;
pub mod verify;

use crate::claims::Claims;
use crate::env::Env;
use crate::json::{Object, Value};
use crate::keys::{Algorithm, Origin};
use crate::problem::{Problem, UsageError, Warning};
use crate::signature::LoadedKey;

pub use sources::{KeyRequest, KeySource, NamedPath, NamedVariable, PathOrStdin, TextSource};

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// `encode`
    Encode(Box<encode::Request>),
    /// `decode`
    Decode(decode::Request),
    /// `verify`
    Verify(Box<verify::Request>),
    /// `refresh`
    Refresh(Box<refresh::Request>),
    /// `man --dir`
    Man(man::Request),
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
    /// `man`
    Man,
}

impl Request {
    /// Which verb it is for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Encode(_) => Verb::Encode,
            Self::Decode(_) => Verb::Decode,
            Self::Verify(_) => Verb::Verify,
            Self::Refresh(_) => Verb::Refresh,
            Self::Man(_) => Verb::Man,
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
    pub key: Option<KeyFacts>,
    /// The time that was held against times.
    pub now: i64,
}

/// What a verb answers.
#[derive(Debug)]
pub enum Answer {
    /// A token was made.
    Minted(Minted),
    /// A token was read, nothing verified.
    Decoded {
        /// Its header.
        header: Object,
        /// Its claims.
        claims: Claims,
        /// Its signature, as it is encoded.
        signature: String,
    },
    /// Its header alone, nothing verified.
    Header(Object),
    /// A token was verified and accepted.
    Verified {
        /// Its header.
        header: Object,
        /// Its claims.
        claims: Claims,
    },
    /// One claim.
    Claim(Value),
    /// A verified payload, byte for byte.
    Payload(Vec<u8>),
    /// Files were written, and there is nothing to print.
    Done,
}

/// A token that was made, or that a refresh left as it was.
#[derive(Debug)]
pub struct Minted {
    /// The compact serialization.
    pub token: String,
    /// Its header.
    pub header: Object,
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
    /// Where it came from.
    pub origin: Origin,
    /// The algorithms it serves.
    pub algorithms: &'static [Algorithm],
    /// The one that verified the token, if it is verified.
    pub algorithm: Option<Algorithm>,
}

/// Which claim `--get` asks for.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The name or pointer as it was given.
    pub text: String,
    /// The names and indices that lead to it.
    pub path: Vec<String>,
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
    match request {
        Request::Encode(request) => encode::run(request, env),
        Request::Decode(request) => decode::run(request, env),
        Request::Verify(request) => verify::run(request, env),
        Request::Refresh(request) => refresh::run(request, env),
        Request::Man(request) => man::run(request),
    }
}

impl Outcome {
    fn answer(answer: Answer, now: i64) -> Self {
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

impl Selector {
    fn select(&self, object: &Object, in_header: bool) -> Result<Value, Problem> {
        object
            .to_value()
            .at(&self.path)
            .ok_or_else(|| Problem::NoSuchClaim { name: self.text.clone(), in_header })
    }
}

/// A key that was loaded, and where it came from.
struct KeyInHand {
    loaded: LoadedKey,
    origin: Origin,
}

impl KeyInHand {
    fn facts(&self, algorithm: Option<Algorithm>) -> KeyFacts {
        let key = self.loaded.key();
        KeyFacts {
            kind: key.to_string(),
            private: key.is_private(),
            origin: self.origin.clone(),
            algorithms: key.kind.algorithms(),
            algorithm,
        }
    }

    fn short_secret(&self, alg: Algorithm) -> Option<Warning> {
        let length = self.loaded.key().short_for(alg)?;
        let least = alg.least_secret()?;
        Some(Warning::ShortSecret { origin: self.origin.clone(), length, alg, least })
    }
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
