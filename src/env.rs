//! The world as a command sees it: the clock's reading, variables, standard input. Tests replace it.
//! It holds no decisions, only what they are made from.

use std::ffi::OsString;

use crate::io::Stdin;

/// What a command may ask of the world.
pub struct Env<'a> {
    /// The time, in seconds since 1970-01-01 00:00 UTC.
    pub now: i64,
    /// Environment variables.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// Standard input.
    pub stdin: Stdin<'a>,
}
