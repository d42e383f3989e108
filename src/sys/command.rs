//! A program that is run without a shell: bytes in, bytes out, limited in time and size.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::io::read_bounded;
use super::platform::ProcessGroup;

/// What is run, and its limits.
pub(crate) struct CommandRun<'a> {
    /// The program, and its arguments.
    pub(crate) words: &'a [String],
    pub(crate) input: &'a [u8],
    /// The variables that begin like this are not inherited.
    pub(crate) hidden: &'static str,
    /// A variable that is set.
    pub(crate) variable: (&'static str, &'static str),
    pub(crate) limit: Duration,
    /// The most bytes that it may print.
    pub(crate) most: usize,
}

/// What a program that ended has printed.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    /// The beginning of what it printed to standard error.
    pub(crate) stderr: Vec<u8>,
}

/// Why a program has not ended by itself.
pub(crate) enum CommandError {
    NotStarted(io::Error),
    Io(io::Error),
    Timeout,
    TooLarge,
}

/// How much of standard error is kept.
const MOST_STDERR: usize = 4096;

/// How long standard error may stay open after the program has ended.
const GRACE: Duration = Duration::from_millis(100);

impl CommandRun<'_> {
    /// Runs it. If a limit is reached, the program is killed with all that it has started.
    pub(crate) fn run(&self) -> Result<Finished, CommandError> {
        let until = Instant::now() + self.limit;
        let mut group =
            ProcessGroup::spawn(&mut self.command()).map_err(CommandError::NotStarted)?;
        let finished = self.wait(&mut group, until);
        if finished.is_err() {
            group.kill();
        }
        finished
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]);
        without_variables(&mut command, self.hidden);
        let (name, value) = self.variable;
        command.env(name, value);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn wait(&self, group: &mut ProcessGroup, until: Instant) -> Result<Finished, CommandError> {
        let (stdin, stdout, stderr) =
            (group.child.stdin.take(), group.child.stdout.take(), group.child.stderr.take());
        let input = self.input.to_vec();
        in_thread(move || {
            // A program need not read what it is given.
            stdin.map(|mut stdin| stdin.write_all(&input)).transpose().map(drop)
        })?;
        let most = self.most;
        let printed =
            in_thread(move || stdout.map(|mut it| read_bounded(&mut it, most)).transpose())?;
        let said = in_thread(move || stderr.map(beginning).transpose())?;
        let printed = match printed.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Ok(printed)) => printed.unwrap_or_default(),
            Ok(Err(error)) => return Err(CommandError::Io(error)),
            Err(RecvTimeoutError::Timeout) => return Err(CommandError::Timeout),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(CommandError::Io(io::ErrorKind::BrokenPipe.into()));
            }
        };
        if printed.cut {
            return Err(CommandError::TooLarge);
        }
        let status = wait_until(&mut group.child, until).map_err(CommandError::Io)?;
        let status = status.ok_or(CommandError::Timeout)?;
        let stderr = said.recv_timeout(GRACE).ok().and_then(Result::ok).flatten();
        Ok(Finished { status, stdout: printed.bytes, stderr: stderr.unwrap_or_default() })
    }
}

/// Lets a program not inherit the variables whose names begin like this. On Windows, the case does not matter.
pub(super) fn without_variables(command: &mut Command, hidden: &str) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with(hidden) {
            command.env_remove(name);
        }
    }
}

/// Does something in a thread of its own, and returns where its result arrives.
fn in_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Receiver<T>, CommandError> {
    let (sender, receiver) = channel();
    let spawned = thread::Builder::new().spawn(move || drop(sender.send(work())));
    spawned.map(|_| receiver).map_err(CommandError::Io)
}

/// The first bytes of a stream, which is read to its end so that its writer never waits.
fn beginning(mut stream: impl Read) -> io::Result<Vec<u8>> {
    let first = read_bounded(&mut stream, MOST_STDERR)?;
    io::copy(&mut stream, &mut io::sink())?;
    Ok(first.bytes)
}

/// Waits until a program ends; `None` if that takes too long.
fn wait_until(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(100);
    loop {
        let ended = child.try_wait()?;
        if ended.is_some() || Instant::now() >= until {
            return Ok(ended);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
