//! The exit codes, and which problem means which.

use crate::crypto::Refusal;
use crate::explain::Problem;
use crate::jwks::{FetchError, FetchFault};
use crate::keys::KeyError;
use crate::outcome::Outcome;
use crate::policy::Fault;

/// How a call ends. The numbers are those that a shell sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; for `verify`, the token is genuine and accepted.
    Ok = 0,
    /// It could not be found out.
    Failure = 1,
    /// The call itself is wrong.
    Usage = 2,
    /// The token is genuine, but has expired.
    Expired = 3,
    /// The token cannot be trusted.
    Invalid = 4,
    /// The token is genuine, but not valid yet.
    NotYetValid = 5,
    /// The token is genuine, but does not meet an expectation.
    Rejected = 6,
    /// The caller's key cannot be used.
    Key = 7,
}

/// A row of the table that help, manual page and README print: a code, its meaning, and what a script would do.
pub struct Row {
    /// The exit code of the row.
    pub exit: Exit,
    /// What the code means, without a final stop.
    pub means: &'static str,
    /// What a script would do, as an imperative.
    pub then: &'static str,
}

/// The table, sorted by number.
pub const TABLE: [Row; 8] = [
    Row { exit: Exit::Ok, means: "done; for verify: genuine and accepted", then: "go on" },
    Row {
        exit: Exit::Failure,
        means: "could not find out: a file or stream could not be read or written, or a key set not fetched",
        then: "retry",
    },
    Row {
        exit: Exit::Usage,
        means: "wrong flags or arguments, no key given, two keys given",
        then: "fix the call",
    },
    Row {
        exit: Exit::Expired,
        means: "genuine, meets every expectation, but has expired",
        then: "refresh or log in",
    },
    Row {
        exit: Exit::Invalid,
        means: "not a token that can be trusted: malformed, bad signature, an alg or kid that the \
                key or set does not support, none, unknown crit, duplicate member, claim of the wrong type, no token",
        then: "reject",
    },
    Row {
        exit: Exit::NotYetValid,
        means: "genuine and meets every expectation, but nbf or iat is in the future",
        then: "wait, check clocks",
    },
    Row {
        exit: Exit::Rejected,
        means: "genuine, but does not meet an expectation: iss, aud, sub, typ, a required claim, its \
                age, its session's limit",
        then: "reject",
    },
    Row {
        exit: Exit::Key,
        means: "your key or secret cannot be used: missing, unreadable, not set, unknown format, \
                empty, too weak, cannot sign, a set without a usable key, \
                or with the token's kid twice",
        then: "fix the key",
    },
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
            // A format that no key of its kind has is asked for by the call.
            Problem::Usage(_)
            | Problem::Fetch(FetchError { fault: FetchFault::Url(_), .. })
            | Problem::Key { error: KeyError::NoSuchFormat { .. }, .. } => Self::Usage,
            Problem::Failure(_) | Problem::Fetch(_) => Self::Failure,
            // A set that repeats a kid is the caller's fault, whichever token shows it.
            Problem::Signature { refusal, .. }
                if matches!(**refusal, Refusal::RepeatedKid { .. }) =>
            {
                Self::Key
            }
            Problem::Key { .. } | Problem::Discovery { .. } => Self::Key,
            Problem::Token(..) | Problem::NoToken(_) | Problem::Signature { .. } => Self::Invalid,
            Problem::Policy(fault) => match **fault {
                Fault::WrongType(_) => Self::Invalid,
                Fault::Expired { .. } | Fault::ExpiresSoon { .. } => Self::Expired,
                Fault::NotYetValid { .. } => Self::NotYetValid,
                // Any other fault is an expectation that is not met.
                _ => Self::Rejected,
            },
            Problem::NoSuchClaim { .. } => Self::Rejected,
        }
    }

    /// The code of an outcome, whose problems are sorted so that those which decide it come first.
    pub(crate) fn of(outcome: &mut Outcome) -> Self {
        let Err(problems) = &mut outcome.result else { return Self::Ok };
        let problems = problems.as_mut_slice();
        problems.sort_by_key(|problem| Self::of_problem(problem).rank());
        problems.first().map_or(Self::Ok, Self::of_problem)
    }

    /// The one of several codes that decides; `Ok` if there is no other.
    pub(crate) fn first_of(exits: impl IntoIterator<Item = Self>) -> Self {
        exits.into_iter().min_by_key(|exit| exit.rank()).unwrap_or(Self::Ok)
    }

    fn rank(self) -> usize {
        PRECEDENCE.iter().position(|code| *code == self.code()).unwrap_or(PRECEDENCE.len())
    }
}
