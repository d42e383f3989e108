//! Signs with a command, which has the private key or can use it.

use std::fmt;
use std::io::ErrorKind;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::json::{cut, quote};
use crate::keys::{Algorithm, COMMAND, ExternalSigner, Key, SignerError, read_printed_signature};
use crate::secret::may_hold_secret;
use crate::sys::{CommandError, CommandRun, Finished, reason};

/// How long a command may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The most bytes that it may print. The largest signature in base64 takes less than two thousand.
const MOST: usize = 64 * 1024;

/// The prefix of our own variables, which may hold secrets. The command does not inherit them.
const OWN_VARIABLES: &str = "JWTCTL_";

/// The variable that tells the command the algorithm.
const ALGORITHM_VARIABLE: &str = "JWTCTL_ALG";

/// Lets a command sign with the private key of a public one.
pub(crate) fn sign_by_command(words: Vec<String>, public: Key) -> Key {
    let signer = CommandSigner { words, key: public.clone(), given_up: OnceLock::new() };
    Key { signer: Some(Arc::new(signer)), ..public }
}

struct CommandSigner {
    words: Vec<String>,
    key: Key,
    /// Set once it did not end in time. It is not run again, since each line of a stream would wait as long.
    given_up: OnceLock<SignerError>,
}

impl fmt::Debug for CommandSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommandSigner")
    }
}

impl ExternalSigner for CommandSigner {
    fn name(&self) -> &'static str {
        COMMAND
    }

    fn signs_with(&self, _: Algorithm) -> bool {
        true
    }

    fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        if let Some(error) = self.given_up.get() {
            return Err(error.clone());
        }
        let run = CommandRun {
            words: &self.words,
            input: message,
            hidden: OWN_VARIABLES,
            variable: (ALGORITHM_VARIABLE, alg.name()),
            limit: LIMIT,
            most: MOST,
        };
        let finished = run.run().map_err(|error| self.error(error))?;
        if !finished.status.success() {
            return Err(self.failed(&finished));
        }
        let length = self.key.signature_length(alg);
        let read = read_printed_signature(&finished.stdout, alg, length);
        read.ok_or(SignerError::NotASignature { length: finished.stdout.len(), alg })
    }
}

impl CommandSigner {
    fn error(&self, error: CommandError) -> SignerError {
        match error {
            CommandError::NotStarted(error) => {
                // Such as too many processes; else the program is at fault.
                let kinds = [ErrorKind::WouldBlock, ErrorKind::OutOfMemory];
                let is_failure = kinds.contains(&error.kind());
                SignerError::NotRun { reason: reason(&error), is_failure }
            }
            CommandError::Io(error) => {
                SignerError::NotRun { reason: reason(&error), is_failure: true }
            }
            CommandError::TooLarge => SignerError::AnswerTooLarge { who: COMMAND, most: MOST },
            CommandError::Timeout => {
                let error = SignerError::Timeout { who: COMMAND, seconds: LIMIT.as_secs() };
                self.given_up.get_or_init(|| error).clone()
            }
        }
    }

    fn failed(&self, finished: &Finished) -> SignerError {
        let how = match finished.status.code() {
            Some(code) => format!("exited with {code}"),
            None => format!("was ended ({})", finished.status),
        };
        let said = String::from_utf8_lossy(&finished.stderr);
        let first = said.lines().map(str::trim).find(|line| !line.is_empty());
        let said = first.filter(|line| !may_hold_secret(line)).map(|line| quote(&cut(line, 200)));
        // What only a shell would act on.
        let is_for_shell = self.words[1..]
            .iter()
            .any(|word| word == "|" || word.starts_with(['$', '>', '<', '&']));
        SignerError::CommandFailed { how, said, is_for_shell }
    }
}
