//! Keys in an SSH agent: finds the one that is meant, and signs with it.

use std::ffi::OsString;
use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::connection::{Connection, ExchangeError};
use crate::crypto::{LoadedKey, ssh_fingerprint};
use crate::keys::{
    AgentChoice, AgentKey, AgentKeyName, Algorithm, Encoding, ExternalSigner, Key, KeyError,
    MAX_AGENT_MESSAGE, Purpose, ReadKey, SignerError, agent_signs_with, identities_request,
    read_identities, read_signature, sign_request,
};
use crate::sys::reason;

/// How long an agent may take to list its keys and to sign with one for the first time, and for each signature after that.
const LIMIT: Duration = Duration::from_secs(10);

/// Its name in messages.
const NAME: &str = "the SSH agent";

/// Which key of an agent is wanted, and what for.
pub(crate) struct AgentKeyRequest<'a> {
    pub(crate) choice: AgentChoice,
    pub(crate) purpose: Purpose,
    /// The algorithms of which it must support at least one; empty for any.
    pub(crate) algorithms: &'a [Algorithm],
    pub(crate) allow_weak: bool,
}

/// Finds a key in the agent at this address.
pub(crate) fn find_in_agent(
    address: OsString,
    request: &AgentKeyRequest<'_>,
) -> Result<ReadKey, KeyError> {
    let (agent, begun) = (Arc::new(Agent::new(address)), Instant::now());
    let answer = agent.ask(&identities_request()).map_err(KeyError::External)?;
    *lock(&agent.left) = LIMIT.saturating_sub(begun.elapsed());
    let listed = read_identities(&answer).map_err(KeyError::External)?;
    let meant: Vec<_> = listed.iter().filter(|key| is_meant(key, &request.choice)).collect();
    if meant.is_empty() {
        let keys = listed.iter().map(|key| name(key, None)).collect();
        return Err(KeyError::NoneFits { choice: request.choice.clone(), keys });
    }
    let (mut fitting, mut names) = (Vec::new(), Vec::new());
    for key in meant {
        match usable(key, &agent, request) {
            Ok(read) => fitting.push((read, key)),
            Err(why) => names.push(name(key, Some(why))),
        }
    }
    match fitting.len() {
        0 => Err(KeyError::NoneFits { choice: request.choice.clone(), keys: names }),
        1 => Ok(ReadKey::new(fitting.remove(0).0, Encoding::Agent)),
        _ => {
            let keys = fitting.iter().map(|(_, key)| name(key, None)).collect();
            Err(KeyError::SeveralFit { keys })
        }
    }
}

fn is_meant(key: &AgentKey, choice: &AgentChoice) -> bool {
    match choice {
        AgentChoice::Any => true,
        AgentChoice::Fingerprint(wanted) => ssh_fingerprint(&key.plain_blob) == *wanted,
        AgentChoice::Comment(wanted) => key.comment == *wanted,
    }
}

fn name(key: &AgentKey, unusable: Option<KeyError>) -> AgentKeyName {
    AgentKeyName {
        fingerprint: ssh_fingerprint(&key.plain_blob),
        type_name: key.type_name.clone(),
        comment: key.comment.clone(),
        unusable,
    }
}

/// The key with what signs, if it fits.
fn usable(
    listed: &AgentKey,
    agent: &Arc<Agent>,
    request: &AgentKeyRequest<'_>,
) -> Result<Key, KeyError> {
    let mut key = listed.key.clone()?;
    let (agent, blob) = (Arc::clone(agent), listed.blob.clone());
    key.signer = Some(Arc::new(AgentSigner { agent, blob, key: key.clone() }));
    let loaded = LoadedKey::load(key.clone(), request.allow_weak)?;
    if request.purpose != Purpose::Sign {
        return loaded.check_verifies(request.algorithms).map(|()| key);
    }
    match request.algorithms {
        [] => loaded.signs_with(None),
        [first, rest @ ..] => {
            let first = loaded.signs_with(Some(*first));
            rest.iter().fold(first, |found, alg| found.or_else(|_| loaded.signs_with(Some(*alg))))
        }
    }?;
    Ok(key)
}

/// Signs with a key of an agent.
struct AgentSigner {
    agent: Arc<Agent>,
    /// How a request names the key.
    blob: Vec<u8>,
    key: Key,
}

impl fmt::Debug for AgentSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgentSigner({})", ssh_fingerprint(&self.blob))
    }
}

impl ExternalSigner for AgentSigner {
    fn name(&self) -> &'static str {
        NAME
    }

    fn signs_with(&self, alg: Algorithm) -> bool {
        agent_signs_with(alg)
    }

    fn sign(&self, alg: Algorithm, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let request = sign_request(&self.blob, alg, message).ok_or(SignerError::Malformed)?;
        if request.len() > MAX_AGENT_MESSAGE {
            return Err(SignerError::MessageTooLong { who: NAME, most: MAX_AGENT_MESSAGE });
        }
        let answer = self.agent.ask(&request)?;
        read_signature(&answer, alg, self.key.signature_length(alg))
    }
}

/// An agent, and the connections to it that nobody uses now. Several threads may ask at the same time.
struct Agent {
    address: OsString,
    idle: Mutex<Vec<Connection>>,
    /// How long the next request may take.
    left: Mutex<Duration>,
    /// Set once it did not answer in time. It is not asked again, since each line of a stream would wait as long.
    given_up: OnceLock<SignerError>,
}

impl Agent {
    fn new(address: OsString) -> Self {
        let (idle, given_up) = (Mutex::default(), OnceLock::new());
        Self { address, idle, left: Mutex::new(LIMIT), given_up }
    }

    fn ask(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
        if let Some(error) = self.given_up.get() {
            return Err(error.clone());
        }
        let limit = mem::replace(&mut *lock(&self.left), LIMIT);
        let until = Instant::now() + limit;
        let idle = lock(&self.idle).pop();
        let asked_again = idle.map(|connection| self.ask_over(connection, request, until));
        let asked = match asked_again {
            // An agent may close a connection after each answer.
            None | Some(Err(ExchangeError::Closed)) => Connection::new(self.address.clone())
                .and_then(|connection| self.ask_over(connection, request, until)),
            Some(asked) => asked,
        };
        asked.map_err(|error| self.error(&error))
    }

    fn ask_over(
        &self,
        connection: Connection,
        request: &[u8],
        until: Instant,
    ) -> Result<Vec<u8>, ExchangeError> {
        let answer = connection.exchange(request, until)?;
        lock(&self.idle).push(connection);
        Ok(answer)
    }

    fn error(&self, error: &ExchangeError) -> SignerError {
        match error {
            ExchangeError::Connect(error) => SignerError::Unreachable { reason: reason(error) },
            ExchangeError::Closed => SignerError::Closed,
            ExchangeError::TooLarge => {
                SignerError::AnswerTooLarge { who: NAME, most: MAX_AGENT_MESSAGE }
            }
            ExchangeError::Timeout => {
                let error = SignerError::Timeout { who: NAME, seconds: LIMIT.as_secs() };
                self.given_up.get_or_init(|| error).clone()
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
