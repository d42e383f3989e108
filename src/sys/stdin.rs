//! Standard input, which can be read once: a second reader is an error that names both.

use std::io::{self, Read};

use super::input::Input;
use super::{Bounded, read_bounded};
use crate::text::TextReader;

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
        self.reserve(purpose)?;
        read_bounded(&mut self.reader, limit).map_err(StdinError::Io)
    }

    /// The same of text, as UTF-8; the bound is that of the text.
    ///
    /// # Errors
    /// `Taken` the second time, `Io` if reading fails.
    pub fn read_text(
        &mut self,
        purpose: &'static str,
        limit: usize,
    ) -> Result<Bounded, StdinError> {
        self.reserve(purpose)?;
        read_bounded(&mut TextReader::new(&mut self.reader), limit).map_err(StdinError::Io)
    }

    /// Keeps it for one purpose, which will read it bit by bit.
    ///
    /// # Errors
    /// `Taken` the second time.
    pub fn reserve(&mut self, purpose: &'static str) -> Result<(), StdinError> {
        match self.taken_by.replace(purpose) {
            Some(by) => Err(StdinError::Taken { by }),
            None => Ok(()),
        }
    }

    /// The input itself, for who has reserved it.
    pub fn reserved(&mut self) -> &mut (dyn Input + Send) {
        &mut *self.reader
    }
}
