//! A web server for the tests of keys by URL. It answers as a test tells it to and records the requests. Plain http, one
//! thread per connection, one request each.

use std::collections::{HashMap, VecDeque};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The headers of a request that are recorded, in this order: those that matter, and those that must not
/// be sent.
const REMEMBERED: [&str; 5] =
    ["cache-control", "if-none-match", "authorization", "cookie", "referer"];

/// A server that runs until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    /// The replies for each path; the last one is repeated.
    replies: HashMap<String, VecDeque<Reply>>,
    asked: Vec<String>,
    is_stopped: bool,
}

/// A reply of the server.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
}

/// How a reply is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Normally.
    Whole,
    /// Not at all; the connection stays open.
    Silent,
    /// The connection is closed before the reply.
    Mute,
    /// Normally, but the connection is closed without notice.
    Unsaid,
    /// After a while.
    Late,
    /// The body comes byte by byte.
    Slow,
    /// The connection is closed before the end of the body.
    Early,
    /// The body has no end.
    EndlessBody,
    /// The header has no end.
    EndlessHead,
    /// The header has no end, and comes byte by byte.
    SlowHead,
}

impl Reply {
    /// A document.
    pub fn of(body: impl AsRef<[u8]>) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { status: 200, headers, body: body.as_ref().to_owned(), manner: Manner::Whole }
    }

    /// An error response whose body must not be repeated.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::of("\u{1b}[31mno such page") }
    }

    /// A redirect.
    pub fn to(location: &str) -> Self {
        Self { status: 302, ..Self::of("") }.with("Location", location)
    }

    /// Adds a header. With an `ETag`, a client that already has it gets 304.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn silent() -> Self {
        Self { manner: Manner::Silent, ..Self::of("") }
    }

    pub fn mute() -> Self {
        Self { manner: Manner::Mute, ..Self::of("") }
    }

    pub fn endless_head() -> Self {
        Self { manner: Manner::EndlessHead, ..Self::of("") }
    }

    pub fn slow_head() -> Self {
        Self { manner: Manner::SlowHead, ..Self::of("") }
    }

    /// Sends the reply so late that other calls come in between.
    pub fn late(self) -> Self {
        Self { manner: Manner::Late, ..self }
    }

    /// Sends the reply over a connection that seems to stay open, but does not.
    pub fn unsaid(self) -> Self {
        Self { manner: Manner::Unsaid, ..self }
    }

    /// Sends the reply byte by byte: longer than any timeout.
    pub fn slowly(self) -> Self {
        Self { manner: Manner::Slow, ..self }
    }

    /// Sends the reply without its last byte.
    pub fn cut(self) -> Self {
        Self { manner: Manner::Early, ..self }
    }

    /// Sends the body without an end.
    pub fn endless(self) -> Self {
        Self { manner: Manner::EndlessBody, ..self }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Ends when the client does.
    fn write(&self, mut to: &TcpStream) -> std::io::Result<()> {
        let Self { status, headers, body, manner } = self;
        match manner {
            Manner::Mute => return Ok(()),
            Manner::Silent => return to.read(&mut [0]).map(drop),
            Manner::Late => thread::sleep(Duration::from_millis(300)),
            _ => {}
        }
        write!(to, "HTTP/1.1 {status} Said\r\n")?;
        if *manner != Manner::Unsaid {
            write!(to, "Connection: close\r\n")?;
        }
        for (name, value) in headers {
            write!(to, "{name}: {value}\r\n")?;
        }
        if *manner == Manner::EndlessHead {
            loop {
                to.write_all(&b"X-More: and more\r\n".repeat(1000))?;
            }
        }
        if *manner == Manner::SlowHead {
            to.write_all(b"X-More: ")?;
            loop {
                thread::sleep(Duration::from_millis(100));
                to.write_all(b"a")?;
            }
        }
        match manner {
            // Without a length a body ends with the connection.
            Manner::EndlessBody => write!(to, "\r\n")?,
            _ => write!(to, "Content-Length: {}\r\n\r\n", body.len())?,
        }
        match manner {
            Manner::Early => to.write_all(&body[..body.len() - 1]),
            Manner::EndlessBody => loop {
                to.write_all(body)?;
            },
            Manner::Slow => body.iter().try_for_each(|byte| {
                thread::sleep(Duration::from_millis(200));
                to.write_all(&[*byte])
            }),
            _ => to.write_all(body),
        }
    }
}

impl Server {
    /// A server that answers 404 to everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its number");
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if held(&shared).is_stopped {
                    break;
                }
                let shared = Arc::clone(&shared);
                // The thread ends with the connection, which ends with the process of the client.
                thread::spawn(move || drop(serve(&stream, &shared)));
            }
        });
        Self { address, state, accepting: Some(accepting) }
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the reply for a path.
    pub fn answer(&self, path: &str, reply: Reply) {
        held(&self.state).replies.insert(path.to_owned(), VecDeque::from([reply]));
    }

    /// Adds a reply for a path, after those that it has.
    pub fn then(&self, path: &str, reply: Reply) {
        held(&self.state).replies.entry(path.to_owned()).or_default().push_back(reply);
    }

    /// The requests since the last call of this method: path and query, and the recorded headers.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut held(&self.state).asked)
    }

    /// Stops the server.
    pub fn stop(&mut self) {
        held(&self.state).is_stopped = true;
        let Some(accepting) = self.accepting.take() else { return };
        // A connection wakes it up, so that it notices.
        drop(TcpStream::connect(self.address));
        drop(accepting.join());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no thread of the server panics")
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if (&*stream).read(&mut byte)? == 0 {
            return Ok(());
        }
        head.push(byte[0]);
        // A client that begins with TLS gets an error in plain text, as from real servers.
        if head == [0x16] {
            return (&*stream).write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let (request, headers) = head.split_once("\r\n").unwrap_or_default();
    let target = request.trim_start_matches("GET ").trim_end_matches(" HTTP/1.1");
    let header = |name: &str| {
        let named = |line: &str| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then(|| value.to_owned())
        };
        headers.lines().find_map(named)
    };
    let said = |name: &&str| header(name).map(|value| format!(" {name}: {value}"));
    let line = target.to_owned() + &REMEMBERED.iter().filter_map(said).collect::<String>();
    let reply = {
        let mut state = held(state);
        state.asked.push(line);
        let replies = state.replies.get_mut(target);
        let reply = replies.and_then(|replies| match replies.len() {
            0 | 1 => replies.front().cloned(),
            _ => replies.pop_front(),
        });
        reply.unwrap_or_else(|| Reply::status(404))
    };
    let tag = header("if-none-match");
    let stands = tag.is_some() && reply.status == 200 && tag.as_deref() == reply.header("etag");
    let reply = if stands { Reply { status: 304, body: Vec::new(), ..reply } } else { reply };
    reply.write(stream)?;
    // Unread input would turn the close into a reset, which could overtake the reply.
    stream.shutdown(Shutdown::Write)
}
