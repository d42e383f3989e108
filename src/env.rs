//! The world as a command sees it: the clock's reading, variables, standard input, a person, the network. Tests
//! replace it.
//! It holds no decisions, only what they are made from.

use std::ffi::OsString;
use std::io;

use zeroize::Zeroizing;

use crate::sys::{Connect, Stdin};
use crate::time::NumericDate;

/// The answer to a question; none where there is nobody to ask.
pub type Asked = io::Result<Option<Zeroizing<String>>>;

/// What a command may ask of the world.
pub struct Env<'a> {
    /// The clock, with its fraction of a second.
    pub clock: &'a (dyn Fn() -> NumericDate + Sync),
    /// Environment variables.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// Standard input.
    pub stdin: Stdin<'a>,
    /// Asks a person for a password.
    pub ask: &'a dyn Fn(&str) -> Asked,
    /// Creates a network client.
    pub connect: &'a Connect,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
}
