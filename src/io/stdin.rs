//! Standard input, which can be read once: a second reader is an error that names both.

use std::io::{self, Read};

use super::input::Input;
use super::{Bounded, read_bounded};

/// Standard input.
pub struct Stdin<'a> {
    reader: &'a mut (dyn Input + Send),
    is_terminal: bool,
    taken_by: Option<&'static str>,
}

/// The process's standard input without a buffer in between, in which a secret would stay behind.
pub struct Unbuffered;

#[cfg(unix)]
impl Read for Unbuffered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(rustix::stdio::stdin(), buffer)?)
    }
}

#[cfg(not(unix))]
impl Read for Unbuffered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(buffer)
    }
}

/// Why standard input gave nothing.
#[derive(Debug)]
pub enum StdinError {
    /// Somebody has read it already.
    Taken {
        /// What for.
        by: &'static str,
    },
    /// The operating system's error.
    Io(io::Error),
}

impl<'a> Stdin<'a> {
    /// Standard input from a reader.
    pub fn new(reader: &'a mut (dyn Input + Send), is_terminal: bool) -> Self {
        Self { reader, is_terminal, taken_by: None }
    }

    /// Whether somebody would have to type.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Reads all of it, or up to the bound; `purpose` says what for ("the token").
    ///
    /// # Errors
    /// `Taken` the second time, `Io` if reading fails.
    pub fn read(&mut self, purpose: &'static str, limit: usize) -> Result<Bounded, StdinError> {
        read_bounded(&mut self.take(purpose)?, limit).map_err(StdinError::Io)
    }

    /// Hands it out to be read bit by bit.
    ///
    /// # Errors
    /// `Taken` the second time.
    pub fn take(&mut self, purpose: &'static str) -> Result<&mut (dyn Input + Send), StdinError> {
        if let Some(by) = self.taken_by {
            return Err(StdinError::Taken { by });
        }
        self.taken_by = Some(purpose);
        Ok(&mut *self.reader)
    }
}
