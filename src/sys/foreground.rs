//! A program that has the terminal until it ends: a pager, or `man`.

use std::fs;
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};

use super::command::without_variables;
use super::platform::BlockedSignals;

/// A program to run, and what it shows.
#[expect(missing_docs)]
pub struct Foreground<'a> {
    pub words: &'a [String],
    pub document: Document<'a>,
    /// A variable to set.
    pub variable: Option<(&'a str, &'a str)>,
}

/// What a program shows.
pub enum Document<'a> {
    /// This is its standard input.
    Stdin(&'a [u8]),
    /// A file with this name and content is its last argument.
    File(&'a str, &'a [u8]),
}

/// The variables that begin like this may hold secrets, so the program does not get them.
const HIDDEN: &str = "JWTCTL_";

/// Runs a program until it ends. Whether it was successful.
///
/// # Errors
/// If it does not start.
pub fn run_in_foreground(program: &Foreground<'_>) -> io::Result<bool> {
    // Signals from the keyboard are for the program, and wait in this process until it has ended.
    let _signals = BlockedSignals::new();
    let mut command = Command::new(&program.words[0]);
    command.args(&program.words[1..]).envs(program.variable);
    without_variables(&mut command, HIDDEN);
    match program.document {
        Document::Stdin(text) => {
            let mut child = command.stdin(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take();
            // It may end before it has read everything.
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
