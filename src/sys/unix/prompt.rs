//! Asks a person for a password.
//!
//! The prompt is on the terminal itself, `/dev/tty` in POSIX, whatever the standard streams are: the token may come
//! from a pipe, and messages may go to a file, although there is a terminal.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal as _, Read, Write as _};
use std::os::fd::AsFd as _;

use rustix::event::PollFlags;
use rustix::io::ioctl_fionread;
use rustix::process::{Signal, kill_current_process_group};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush,
    tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use super::BlockedSignals;

/// The longest line of a terminal, with its end. Linux silently drops the rest.
const LONGEST_LINE: usize = 4096;

/// Asks on the terminal, without echo, until `answered` returns no further question. There is no answer if nobody can
/// give one: there is no terminal, or no standard stream is on one, as in a script, which must not wait forever.
///
/// What is typed while nothing is asked, as during the check of a password, is neither shown nor used.
///
/// ^C restores the terminal and ends the process by SIGINT, or with code 130 where that does not end it. ^D at the
/// start of the line is an empty answer; ^Z and ^\ are ordinary characters. Other signals take effect after the
/// terminal is restored; if the process continues, it asks again.
///
/// # Errors
/// The operating system's; `InvalidData` for an answer that is not UTF-8, or too long for a terminal.
pub fn ask(
    question: &str,
    answered: &mut dyn FnMut(Zeroizing<String>) -> Option<String>,
) -> io::Result<()> {
    let Some(terminal) = terminal() else { return Ok(()) };
    let mut question = question.to_owned();
    loop {
        match ask_quietly(&terminal, &mut question, answered) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => end_by_interrupt(),
            asked => return asked,
        }
    }
}

/// Does what the terminal itself does at ^C: every process of the pipeline or script gets the signal.
///
/// It does not end a process that ignores it (`trap '' INT`) or that is the first of a container. Such a process then
/// exits with the code that shells use for that signal. Nothing was written yet, and the typed text is wiped.
fn end_by_interrupt() -> ! {
    const INTERRUPTED: i32 = 128 + Signal::INT.as_raw();
    let _ = kill_current_process_group(Signal::INT);
    std::process::exit(INTERRUPTED)
}

fn terminal() -> Option<File> {
    let is_any =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    let open = || OpenOptions::new().read(true).write(true).open("/dev/tty").ok();
    is_any.then(open).flatten()
}

/// Asks this question and those that follow; `WouldBlock` if a signal comes before an answer.
fn ask_quietly(
    mut terminal: &File,
    question: &mut String,
    answered: &mut dyn FnMut(Zeroizing<String>) -> Option<String>,
) -> io::Result<()> {
    // Dropped last, so that signals act after the terminal is restored.
    let held = BlockedSignals::with_stops()?;
    // Echo is off before the question appears.
    let quiet = Quiet::new(terminal)?;
    let mut typed = Typed { terminal, held: &held };
    loop {
        terminal.write_all(question.as_bytes())?;
        let answer = read_line(&mut typed, quiet.interrupt());
        let _ = terminal.write_all(b"\n");
        let next = answered(answer?);
        discard_lines(&mut typed, quiet.interrupt())?;
        match next {
            Some(next) => *question = next,
            None => return Ok(()),
        }
    }
}

/// Discards what was typed by now; `Interrupted` if the interrupt character is in it.
fn discard_lines(typed: &mut Typed<'_>, interrupt: u8) -> io::Result<()> {
    while ioctl_fionread(typed.terminal)? > 0 {
        match read_line(typed, interrupt) {
            Err(error) if error.kind() != ErrorKind::InvalidData => return Err(error),
            _ => {}
        }
    }
    // A line that has not ended.
    Ok(tcflush(typed.terminal, QueueSelector::IFlush)?)
}

/// Reads from the terminal; `WouldBlock` if a signal comes first.
struct Typed<'a> {
    terminal: &'a File,
    held: &'a BlockedSignals,
}

impl Read for Typed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.held.wait(Some((self.terminal.as_fd(), PollFlags::IN)), None)? {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.terminal.read(buffer)
    }
}

/// A terminal without echo, until this is dropped.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Quiet<'a> {
    /// Lines can still be edited (ICANON). ^C does not raise a signal but ends the line (VEOL), so the process cannot
    /// die and leave the terminal without echo.
    fn new(terminal: &'a File) -> io::Result<Self> {
        let quiet = Self { terminal, before: tcgetattr(terminal)? };
        let mut modes = quiet.before.clone();
        modes.input_modes |= InputModes::ICRNL;
        modes.local_modes |= LocalModes::ICANON;
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ISIG;
        modes.special_codes[SpecialCodeIndex::VEOL] = quiet.interrupt();
        // Discards what was typed before the question.
        tcsetattr(terminal, OptionalActions::Flush, &modes)?;
        Ok(quiet)
    }

    /// The interrupt character, usually ^C.
    fn interrupt(&self) -> u8 {
        self.before.special_codes[SpecialCodeIndex::VINTR]
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // Discards what was typed unseen, which the next program would show.
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// Reads a line into a buffer that is never moved and is wiped; `Interrupted` if the interrupt character ends it.
fn read_line(terminal: &mut Typed<'_>, interrupt: u8) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(vec![0; LONGEST_LINE]);
    let mut length = 0;
    loop {
        match terminal.read(&mut line[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        match line[length - 1] {
            b'\n' => break,
            // Zero means that the terminal has no such character.
            end if end == interrupt && end != 0 => return Err(ErrorKind::Interrupted.into()),
            _ => {}
        }
    }
    if length == LONGEST_LINE {
        return Err(invalid("it is too long to be typed"));
    }
    let text = str::from_utf8(&line[..length]).map_err(|_| invalid("it is not UTF-8 text"))?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}
