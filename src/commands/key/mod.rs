//! `key` and its verbs: keys made, shown, converted. What a key says of itself is gathered here; what is
//! written goes to standard output or to files that are complete or not there.

mod card;
mod convert;
mod form;
mod new;
mod set;
mod show;
mod subject;
mod write;

use super::{Answer, KeyRequest, Outcome, PathOrStdin};
use crate::env::Env;
use crate::keys::Format;
use crate::problem::{Problem, UsageError, Warning};

pub use card::{Card, Facts};
pub use new::New;
use write::Refused;
pub use write::{Destination, Written};

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// The verb.
    pub action: Action,
    /// How JSON is laid out: on one line, or indented.
    pub compact: bool,
    /// Where what is written goes.
    pub destination: Destination,
}

/// The verbs.
#[derive(Debug)]
pub enum Action {
    /// `key new`
    New(New),
    /// `key show`
    Show(KeyRequest),
    /// `key public`: the public half, in this format or the usual one.
    Public(KeyRequest, Option<Format>),
    /// `key convert`
    Convert {
        /// The key.
        key: KeyRequest,
        /// The format it is to have.
        format: Format,
        /// Its key ID in a JWK.
        kid: KidChoice,
    },
    /// `key thumbprint`
    Thumbprint(KeyRequest),
    /// `key set`
    Set {
        /// The key files; standard input where there are none.
        files: Vec<PathOrStdin>,
        /// The password and what is admitted, for each of them.
        common: KeyRequest,
    },
}

/// What becomes of the `kid` of a JWK that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KidChoice {
    /// The one it has, else its thumbprint (RFC 7638).
    Default,
    /// This.
    Named(String),
    /// There is none.
    Omitted,
}

impl KidChoice {
    /// Refuses to name a key ID where there is no place for one.
    fn check(&self, format: Format) -> Result<(), Problem> {
        match self {
            Self::Default => Ok(()),
            Self::Named(_) | Self::Omitted if format == Format::Jwk => Ok(()),
            Self::Named(_) => Err(Problem::Usage(UsageError::NoPlaceForKid { flag: "--kid" })),
            Self::Omitted => Err(Problem::Usage(UsageError::NoPlaceForKid { flag: "--no-kid" })),
        }
    }
}

/// The answer of a verb, with its warnings.
type Answered = Result<(Answer, Vec<Warning>), Refused>;

pub(super) fn run(request: &Request, env: &mut Env<'_>) -> Outcome {
    if request.destination.public_out.as_ref().is_some_and(|path| path.as_os_str() == "-") {
        return Outcome::refused(vec![Problem::Usage(UsageError::PublicToStdout)]);
    }
    let answer = match &request.action {
        Action::New(new) => new::run(new, request, env),
        Action::Show(key) => show::show(key, env),
        Action::Thumbprint(key) => show::thumbprint(key, env),
        Action::Public(key, format) => convert::public(key, *format, request, env),
        Action::Convert { key, format, kid } => convert::convert(key, *format, kid, request, env),
        Action::Set { files, common } => set::set(files, common, request, env),
    };
    match answer {
        Ok((answer, warnings)) => Outcome::answer(answer, (env.clock)()).with_warnings(warnings),
        Err(Refused { problem, warnings }) => {
            Outcome::refused(vec![*problem]).with_warnings(warnings)
        }
    }
}
