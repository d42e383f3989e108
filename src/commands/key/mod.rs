//! `key` and its verbs: keys made, shown, converted. What a key says of itself is gathered here; what is
//! written goes to standard output or to files that are complete or not there.

mod convert;
mod form;
mod new;
mod set;
mod show;
mod subject;
mod write;

use crate::env::Env;
use crate::explain::{Problem, Warning, usage};
use crate::keys::Format;
use crate::outcome::{Answer, Outcome};
use crate::request::KidChoice;
use crate::request::{KeyAction, KeyCommand};

use write::Refused;

impl KidChoice {
    /// Refuses to name a key ID where there is no place for one.
    fn check(&self, format: Format) -> Result<(), Problem> {
        match self {
            Self::Default => Ok(()),
            Self::Named(_) | Self::Omitted if format == Format::Jwk => Ok(()),
            Self::Named(_) => Err(usage::no_place_for_kid("--kid")),
            Self::Omitted => Err(usage::no_place_for_kid("--no-kid")),
        }
    }
}

/// The answer of a verb, with its warnings.
type Answered = Result<(Answer, Vec<Warning>), Refused>;

pub(super) fn run(request: &KeyCommand, env: &mut Env<'_>) -> Outcome {
    if request.destination.public_out.as_ref().is_some_and(|path| path.as_os_str() == "-") {
        return Outcome::refused(vec![usage::public_to_stdout()]);
    }
    let answer = match &request.action {
        KeyAction::New(new) => new::run(new, request, env),
        KeyAction::Show(key) => show::show(key, env),
        KeyAction::Thumbprint(key) => show::thumbprint(key, env),
        KeyAction::Public(key, format) => convert::public(key, *format, request, env),
        KeyAction::Convert { key, format, kid } => {
            convert::convert(key, *format, kid, request, env)
        }
        KeyAction::Set { files, common } => set::set(files, common, request, env),
    };
    match answer {
        Ok((answer, warnings)) => Outcome::answer(answer, (env.clock)()).with_warnings(warnings),
        Err(Refused { problem, warnings }) => {
            Outcome::refused(vec![*problem]).with_warnings(warnings)
        }
    }
}
