//! The exit codes, and which problem means which.

use crate::crypto::Refusal;
use crate::explain::{KeyBindingFault, Problem};
use crate::jwks::{FetchError, FetchFault};
use crate::keys::KeyError;
use crate::outcome::{Answer, Outcome};
use crate::policy::Fault;

/// How a call ends. The numbers are those that a shell sees; [`TABLE`] says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table says what each means")]
pub enum Exit {
    Ok = 0,
    Failure = 1,
    Usage = 2,
    Expired = 3,
    Invalid = 4,
    NotYetValid = 5,
    Rejected = 6,
    Key = 7,
}

/// The table in help, manual pages and README, sorted by number: a code, its meaning, and what a script would do.
pub const TABLE: [(Exit, &str, &str); 8] = [
    (Exit::Ok, "done; for verify: genuine and accepted", "go on"),
    (
        Exit::Failure,
        "the result is unknown: a file or stream could not be read or written, a key set could not be \
         fetched, an agent or signer does not answer",
        "retry",
    ),
    (Exit::Usage, "wrong flags or arguments, no key given, two key variables set", "fix the call"),
    (
        Exit::Expired,
        "genuine, meets every other expectation, but has expired or will expire within --min-ttl",
        "refresh or log in",
    ),
    (
        Exit::Invalid,
        "not a token that can be trusted: malformed, bad signature, unsupported alg, alg none, \
         unknown kid, unknown crit, duplicate member, claim of the wrong type, no token",
        "reject",
    ),
    (
        Exit::NotYetValid,
        "genuine and meets every expectation, but nbf or iat is in the future",
        "wait, check clocks",
    ),
    (
        Exit::Rejected,
        "genuine, but does not meet an expectation: iss, aud, sub, typ, a required or \
         forbidden claim, the kind of token, its age, the limit of its session, or it is revoked; for \
         audit: there is a finding above info",
        "reject",
    ),
    (
        Exit::Key,
        "your key or secret cannot be used: missing, unreadable, not set, unknown format, \
         empty, too weak, cannot sign, a set without a usable key, or with the token's kid twice, an \
         agent or signer that refuses",
        "fix the key",
    ),
];

/// How the exit code is chosen among several problems, in words.
pub const PRECEDENCE_IN_WORDS: &str = "The signature is checked before any claim. All problems are \
    reported, and the exit code is the first that applies of 1, 2, 7, 4, 6, 5, 3. So 3 always means that it \
    is safe to renew the token, and 7 never depends on what the sender of the token wrote (except for a kid \
    that your set has twice). A stream (--batch) exits with the first of these codes that applies to any line.";

/// The order in which several problems decide the exit code.
const PRECEDENCE: [u8; 7] = [1, 2, 7, 4, 6, 5, 3];

impl Exit {
    /// The number that a shell sees.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Its name in reports: lower case, with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::Expired => "expired",
            Self::Invalid => "invalid",
            Self::NotYetValid => "not-yet-valid",
            Self::Rejected => "rejected",
            Self::Key => "key",
        }
    }

    fn of_problem(problem: &Problem) -> Self {
        match problem {
            // The call asked for a format that such a key cannot have.
            Problem::Usage(_)
            | Problem::Fetch(FetchError { fault: FetchFault::Url(_), .. })
            | Problem::Key {
                error: KeyError::NoSuchFormat { .. } | KeyError::SignsItself { .. },
                ..
            } => Self::Usage,
            Problem::Failure(_) | Problem::Fetch(_) => Self::Failure,
            Problem::Key { error: KeyError::External(error), .. } if error.is_failure() => {
                Self::Failure
            }
            // A set that repeats a kid is the caller's fault, not the token's.
            Problem::Signature { refusal, .. }
                if matches!(**refusal, Refusal::RepeatedKid { .. }) =>
            {
                Self::Key
            }
            Problem::Key { .. } | Problem::Discovery { .. } => Self::Key,
            Problem::Token(..)
            | Problem::NoToken(_)
            | Problem::Encryption(_)
            | Problem::Signature { .. }
            | Problem::Signatures(_) => Self::Invalid,
            Problem::Policy(fault) => Self::of_fault(fault),
            Problem::KeyBinding(fault) => match &**fault {
                KeyBindingFault::Refused(_) => Self::Invalid,
                // If the key binding JWT has expired, no renewal of the token would help.
                KeyBindingFault::Missing { .. }
                | KeyBindingFault::Claims(Fault::Expired { .. }) => Self::Rejected,
                KeyBindingFault::Claims(fault) => Self::of_fault(fault),
            },
            Problem::NoSuchClaim { .. } => Self::Rejected,
        }
    }

    fn of_fault(fault: &Fault) -> Self {
        match fault {
            Fault::WrongType(_) => Self::Invalid,
            Fault::Expired { .. } | Fault::ExpiresSoon { .. } => Self::Expired,
            Fault::NotYetValid { .. } => Self::NotYetValid,
            // Any other fault is an expectation that is not met.
            _ => Self::Rejected,
        }
    }

    /// The code of an outcome, whose problems are sorted so that those which decide it come first.
    pub(crate) fn of(outcome: &mut Outcome) -> Self {
        let problems = match &mut outcome.result {
            Ok(Answer::Audited(report)) if report.worst().is_some() => return Self::Rejected,
            Ok(_) => return Self::Ok,
            Err(problems) => problems,
        };
        let problems = problems.as_mut_slice();
        problems.sort_by_key(|problem| Self::of_problem(problem).rank());
        problems.first().map_or(Self::Ok, Self::of_problem)
    }

    /// The code that takes precedence; `Ok` if there are no others.
    pub(crate) fn first_of(exits: impl IntoIterator<Item = Self>) -> Self {
        exits.into_iter().min_by_key(|exit| exit.rank()).unwrap_or(Self::Ok)
    }

    fn rank(self) -> usize {
        PRECEDENCE.iter().position(|code| *code == self.code()).unwrap_or(PRECEDENCE.len())
    }
}
