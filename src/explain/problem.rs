//! What can keep a request from being answered.

use super::codes::Code;
use super::explanation::{Explanation, reason};
use super::signature::Cause;
use super::text::Seen;
use super::{causes, claims, keys, names, network, refusal, tokens, usage};
use std::io;

use crate::crypto::Refusal;
use crate::json::{JsonError, Value};
use crate::jwks::{DiscoveryFault, FetchError, Refetch, SourceError, UrlFault};
use crate::keys::{Algorithm, KeyError, Origin, Purpose};
use crate::policy::Fault;
use crate::token::Malformed;

/// What stands in the way.
#[derive(Debug)]
pub enum Problem {
    /// The call is wrong.
    Usage(UsageError),
    /// A file or standard input could not be read or written.
    Io {
        /// What was being done: "read", "write".
        doing: &'static str,
        /// With what: a path, "standard input".
        what: String,
        /// What the operating system said.
        error: io::Error,
    },
    /// The caller's key cannot be used.
    Key {
        /// Where it came from.
        origin: Origin,
        /// Why not.
        error: KeyError,
    },
    /// A key set could not be fetched.
    Fetch(FetchError),
    /// The file of `--ca-file` holds no certificates to trust.
    CaFile {
        /// The file, as it may be said.
        path: String,
        /// Why not.
        reason: String,
    },
    /// What an issuer says of itself cannot be used.
    Discovery {
        /// Where it says that, as it may be said.
        url: String,
        /// What is wrong with it.
        fault: DiscoveryFault,
    },
    /// The text is no token.
    Token(Malformed, Option<Box<Seen>>),
    /// A file that is to be made is there already.
    FileExists {
        /// The file, as it may be said.
        path: String,
    },
    /// The text is the name of a file, or `@` and one, where no file is read for a token.
    FileAsToken {
        /// The verb.
        verb: &'static str,
        /// The file, if it may be said.
        path: Option<String>,
    },
    /// The variable that was to hold the token is not set, or empty.
    NoTokenInVariable {
        /// The flag that names it.
        by: &'static str,
        /// Its name, if it may be said.
        name: Option<String>,
        /// Whether it is set.
        is_set: bool,
    },
    /// The signature is not accepted.
    Signature {
        /// Where the key came from.
        origin: Origin,
        /// Why not.
        refusal: Refusal,
        /// What was found out beside that.
        findings: Option<Box<SignatureFindings>>,
    },
    /// The token is genuine and falls short of an expectation.
    Policy(Box<Fault>),
    /// `--get` names something that is not there.
    NoSuchClaim {
        /// The name or pointer as it was given.
        name: String,
        /// Whether the header was looked in.
        in_header: bool,
        /// The paths that are there, down to the members of members.
        there: Vec<Vec<String>>,
    },
}

/// What was found out about a signature beside the verdict.
#[derive(Debug)]
pub struct SignatureFindings {
    /// What would have matched.
    pub cause: Option<Cause>,
    /// Whether a newer key set was asked for.
    pub asked: Option<Refetch>,
}

/// What is wrong with a call.
#[derive(Debug)]
pub enum UsageError {
    /// No key was given.
    NoKey {
        /// What it was to do: an issuer's published keys sign nothing.
        purpose: Purpose,
    },
    /// Two variables hold keys, and no flag says which.
    TwoKeys {
        /// The variables' names.
        variables: [&'static str; 2],
    },
    /// A variable holds a word that is none of its own.
    Variable {
        /// The variable's name.
        name: &'static str,
        /// The words that it may hold.
        words: String,
    },
    /// No key was given to a verb that works on one, and standard input is a terminal.
    NoKeyFile {
        /// The verb.
        verb: &'static str,
    },
    /// A URL that no key is fetched from.
    Url {
        /// The flag or variable that holds it.
        by: &'static str,
        /// Why not.
        fault: UrlFault,
    },
    /// A flag about fetching beside a set that is here.
    NothingToFetch {
        /// The flag or variable that names the set.
        by: &'static str,
        /// The flag about fetching.
        flag: &'static str,
    },
    /// The URL of an issuer's document where the issuer's own should be.
    DocumentAsIssuer {
        /// The flag or variable that holds it.
        by: &'static str,
        /// The issuer's, as it may be said.
        issuer: String,
    },
    /// A key of this algorithm has no such size.
    KeySize {
        /// The algorithm.
        alg: Algorithm,
    },
    /// A key ID for a format that holds none.
    NoPlaceForKid {
        /// The flag.
        flag: &'static str,
    },
    /// `--public-out -`, or the private half goes to standard output too.
    PublicToStdout,
    /// `--public-out` of an HMAC secret.
    SecretHasNoPublicHalf,
    /// Bytes that are no text would go to a terminal.
    BinaryToTerminal {
        /// What is one: a path, "standard output".
        what: String,
        /// The flag that can name something else.
        flag: &'static str,
    },
    /// The same file is to hold both halves of a key.
    SameFile,
    /// Standard input was named for two things.
    StdinTwice {
        /// The first.
        first: &'static str,
        /// The second.
        second: &'static str,
    },
    /// No token was given, and standard input is a terminal.
    NoToken {
        /// The verb.
        verb: &'static str,
    },
    /// No input was named for a stream, and standard input is a terminal.
    NoLines {
        /// The verb.
        verb: &'static str,
    },
    /// The file that the lines are read from is what the rows are written to.
    LinesAreOutput,
    /// An item where the path of a file of many should be.
    ItemAsBatch {
        /// The verb.
        verb: &'static str,
    },
    /// CLAIMS is not a JSON object.
    Claims(JsonError),
    /// The path of a file where CLAIMS should be.
    FileAsClaims {
        /// The path.
        path: String,
    },
    /// CLAIMS is too large.
    ClaimsTooLarge,
    /// What flags and CLAIMS make together is nested too deep.
    TooDeep {
        /// What it is: "claims", "header".
        what: &'static str,
    },
    /// Two flags give the same claim or header member.
    GivenTwice {
        /// The name.
        name: String,
        /// Where: "claim" or "header member".
        what: &'static str,
    },
    /// A header member that has to be a string is not.
    HeaderNotString {
        /// The name.
        name: String,
    },
    /// A header member or claim that this flag must not set.
    NotByThisFlag {
        /// The flag.
        flag: &'static str,
        /// The name.
        name: String,
        /// What to use in its place.
        instead: &'static str,
    },
    /// A refreshed token is to have no lifetime at all.
    NoLifetime,
    /// A refreshed token would be refused by the expectation that was given for the old one.
    LifetimeTooShort {
        /// The lifetime that it is to have, in seconds.
        ttl: i64,
        /// How long a token must still be valid, in seconds.
        min_ttl: i64,
    },
    /// The lifetime cannot be counted from the `iat` that CLAIMS has.
    IatNotANumber {
        /// What it is in its place.
        actual: Value,
    },
}

impl Problem {
    /// What is to be said of it.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Usage(error) => usage::explain(error),
            Self::Io { doing, what, error } => {
                let message = format!("cannot {doing} {what}: {}", reason(error));
                let path =
                    what.strip_prefix('@').filter(|_| error.kind() == io::ErrorKind::NotFound);
                let hint = path.map(|path| format!("a path is written without the @: {path}"));
                Explanation { hint, ..Explanation::new(Code::Io, message) }
            }
            Self::Key { origin, error } => keys::explain(origin, error),
            Self::Fetch(error) => network::not_fetched(error),
            Self::CaFile { path, reason } => network::ca_file(path, reason),
            Self::Discovery { url, fault } => network::of_no_use(url, fault),
            Self::FileExists { path } => {
                Explanation::new(Code::FileExists, format!("{path} is there already"))
                    .hint("nothing was written; --force replaces it")
            }
            Self::Token(fault, seen) => tokens::explain(fault, seen.as_deref()),
            Self::FileAsToken { verb, path } => tokens::file_as_token(verb, path.as_deref()),
            Self::NoTokenInVariable { by, name, is_set } => {
                tokens::none_in_variable(by, name.as_deref(), *is_set)
            }
            Self::Signature { origin, refusal, findings } => {
                let mut said = refusal::explain(origin, refusal);
                let Some(SignatureFindings { cause, asked }) = findings.as_deref() else {
                    return said;
                };
                said.evidence.extend(asked.as_ref().map(network::asked));
                match cause {
                    Some(cause) => causes::explain(said, origin, refusal, cause),
                    None => said,
                }
            }
            Self::Policy(fault) => claims::explain(fault),
            Self::NoSuchClaim { name, in_header, there } => {
                names::not_found(name, *in_header, there)
            }
        }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Fetch(error) => Self::Fetch(error),
            SourceError::Discovery { url, fault } => Self::Discovery { url, fault },
            SourceError::Set { origin, error } => Self::Key { origin, error },
        }
    }
}
