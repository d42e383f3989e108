//! Runs a program in the foreground of the terminal: a pager, or `man`.

use std::fs;
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};

use super::command::without_variables;
use super::platform::BlockedSignals;

/// A program to run, and the document that it shows.
#[expect(missing_docs)]
pub struct Foreground<'a> {
    pub words: &'a [String],
    pub document: Document<'a>,
    /// An environment variable to set.
    pub variable: Option<(&'a str, &'a str)>,
}

/// A document for a program.
pub enum Document<'a> {
    /// The document is the program's standard input.
    Stdin(&'a [u8]),
    /// The document is a file with this name and content; its path is the program's last argument.
    File(&'a str, &'a [u8]),
}

/// Environment variables with this prefix may hold secrets, so they are not passed to the program.
const HIDDEN: &str = "JWTCTL_";

/// Runs a program and waits until it exits. Returns whether it was successful.
///
/// # Errors
/// If the program cannot be started, or its document cannot be written.
pub fn run_in_foreground(program: &Foreground<'_>) -> io::Result<bool> {
    // Signals from the keyboard are for the program; in this process, they are blocked until it has exited.
    let _signals = BlockedSignals::new();
    let mut command = Command::new(&program.words[0]);
    command.args(&program.words[1..]).envs(program.variable);
    without_variables(&mut command, HIDDEN);
    match program.document {
        Document::Stdin(text) => {
            let mut child = command.stdin(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take();
            // An error is ignored, because the program may exit before it has read everything.
            drop(stdin.map(|mut stdin| stdin.write_all(text)));
            wait(child)
        }
        Document::File(name, content) => {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join(name);
            fs::write(&path, content)?;
            wait(command.arg(path).spawn()?)
        }
    }
}

fn wait(mut child: Child) -> io::Result<bool> {
    Ok(child.wait()?.success())
}
