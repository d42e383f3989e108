//! A command's environment: time, variables, standard input, prompts, the network. Tests replace it.

use std::ffi::OsString;
use std::io;

use zeroize::Zeroizing;

use crate::sys::{Connect, Stdin};
use crate::time::NumericDate;

/// Takes the answer to a question; it may return the next question.
pub type Answered<'a> = dyn FnMut(Zeroizing<String>) -> Option<String> + 'a;

/// The environment that a command runs in.
pub struct Env<'a> {
    /// The time, with fractions of a second.
    pub clock: &'a (dyn Fn() -> NumericDate + Sync),
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// Standard input, which can be read once.
    pub stdin: Stdin<'a>,
    /// Prompts for passwords on the terminal. Without one, there is no answer.
    pub ask: &'a dyn Fn(&str, &mut Answered<'_>) -> io::Result<()>,
    /// Creates a network client.
    pub connect: &'a Connect,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
}
