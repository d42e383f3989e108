//! A connection to an SSH agent. It has a thread of its own, so that no wait is longer than its limit: not the one for a
//! connection, and not one for a pipe, which cannot be limited on Windows.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use crate::keys::MAX_AGENT_MESSAGE;
use crate::sys::{AgentStream, connect_agent};

/// Why there is no answer.
pub(super) enum ExchangeError {
    /// There is no connection.
    Connect(io::Error),
    /// The agent closed the connection.
    Closed,
    TooLarge,
    Timeout,
}

pub(super) struct Connection {
    requests: Sender<Vec<u8>>,
    answers: Receiver<Result<Vec<u8>, ExchangeError>>,
}

impl Connection {
    /// Connects with the first request.
    pub(super) fn new(address: OsString) -> Result<Self, ExchangeError> {
        let (requests, received) = channel::<Vec<u8>>();
        let (sender, answers) = channel();
        let serve = move || {
            let mut stream = None;
            for request in received {
                let answer = answer(&address, &mut stream, &request);
                let is_over = answer.is_err();
                if sender.send(answer).is_err() || is_over {
                    break;
                }
            }
        };
        thread::Builder::new().spawn(serve).map_err(ExchangeError::Connect)?;
        Ok(Self { requests, answers })
    }

    /// Sends a request, and waits for its answer. After an error, the connection is of no more use.
    pub(super) fn exchange(
        &self,
        request: &[u8],
        until: Instant,
    ) -> Result<Vec<u8>, ExchangeError> {
        let left = until.saturating_duration_since(Instant::now());
        self.requests.send(request.to_vec()).map_err(|_| ExchangeError::Closed)?;
        self.answers.recv_timeout(left).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(ExchangeError::Timeout),
            RecvTimeoutError::Disconnected => Err(ExchangeError::Closed),
        })
    }
}

fn answer(
    address: &OsString,
    stream: &mut Option<AgentStream>,
    request: &[u8],
) -> Result<Vec<u8>, ExchangeError> {
    let stream = match stream {
        Some(stream) => stream,
        None => stream.insert(connect_agent(address).map_err(ExchangeError::Connect)?),
    };
    exchange(stream, request)
}

/// Every message has its length before it.
fn exchange(stream: &mut (impl Read + Write), request: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    let closed = |_| ExchangeError::Closed;
    let length = u32::try_from(request.len()).map_err(|_| ExchangeError::TooLarge)?;
    stream.write_all(&[&length.to_be_bytes(), request].concat()).map_err(closed)?;
    stream.flush().map_err(closed)?;
    let mut length = [0; 4];
    stream.read_exact(&mut length).map_err(closed)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_AGENT_MESSAGE {
        return Err(ExchangeError::TooLarge);
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).map_err(closed)?;
    Ok(answer)
}
