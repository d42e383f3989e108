//! A command's environment: time, variables, standard input, prompts, the network. Tests replace it.

use std::ffi::OsString;
use std::io;

use zeroize::Zeroizing;

use crate::sys::{Connect, Stdin};
use crate::time::NumericDate;

/// The answer to a prompt; `None` without a terminal.
pub type Asked = io::Result<Option<Zeroizing<String>>>;

/// The environment that a command runs in.
pub struct Env<'a> {
    /// The time, with fractions of a second.
    pub clock: &'a (dyn Fn() -> NumericDate + Sync),
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// Standard input, which can be read once.
    pub stdin: Stdin<'a>,
    /// Prompts for a password on the terminal.
    pub ask: &'a dyn Fn(&str) -> Asked,
    /// Creates a network client.
    pub connect: &'a Connect,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
}
