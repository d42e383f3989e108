//! Where a key came from, as its user knows it.

use std::fmt;
use std::path::PathBuf;

/// Where a key came from, as its user knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the variants are the places
pub enum Origin {
    /// The value of this flag or variable itself.
    Named(&'static str),
    /// One of several arguments of that name, counted from 1.
    Nth(&'static str, usize),
    File(PathBuf),
    /// A URL, in the form in which it may be shown.
    Url(String),
    Variable(String),
    /// Standard input, named by this flag.
    Stdin(&'static str),
    /// Standard input, which no flag names.
    Piped,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Nth(name, number) => write!(f, "{name} {number}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(text) | Self::Variable(text) => f.write_str(text),
            Self::Piped => f.write_str("standard input"),
            Self::Stdin(flag) => write!(f, "{flag} - (standard input)"),
        }
    }
}
