//! Standard input, which can be read once: a second reader is an error that names both.

use std::io;

use super::input::Input;
use super::read::{Bounded, read_bounded};
use crate::text::TextReader;

/// Standard input, and the purpose that it was read for.
pub struct Stdin<'a> {
    reader: &'a mut (dyn Input + Send),
    is_terminal: bool,
    taken_by: Option<&'static str>,
}

/// Why standard input could not be used.
#[derive(Debug)]
pub enum StdinError {
    /// It has been read for this.
    Taken(&'static str),
    /// The operating system's error when it was read.
    Io(io::Error),
}

impl<'a> Stdin<'a> {
    /// Standard input from a reader, which may be a terminal.
    pub fn new(reader: &'a mut (dyn Input + Send), is_terminal: bool) -> Self {
        Self { reader, is_terminal, taken_by: None }
    }

    /// Whether it is a terminal, so that a user would have to type.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Reads at most this many bytes; `purpose` says what for ("the token").
    ///
    /// # Errors
    /// [`StdinError`], which names the purpose that has taken it.
    pub fn read(&mut self, purpose: &'static str, most: usize) -> Result<Bounded, StdinError> {
        read_bounded(self.reserve(purpose)?, most).map_err(StdinError::Io)
    }

    /// Reads at most this many bytes of text, as UTF-8.
    pub(crate) fn read_text(
        &mut self,
        purpose: &'static str,
        most: usize,
    ) -> Result<Bounded, StdinError> {
        read_bounded(&mut TextReader::new(self.reserve(purpose)?), most).map_err(StdinError::Io)
    }

    /// Takes the input for a purpose that reads it piece by piece.
    pub(crate) fn reserve(
        &mut self,
        purpose: &'static str,
    ) -> Result<&mut (dyn Input + Send), StdinError> {
        match self.taken_by.replace(purpose) {
            Some(by) => Err(StdinError::Taken(by)),
            None => Ok(self.reserved()),
        }
    }

    /// The input itself, for the purpose that has reserved it.
    pub(crate) fn reserved(&mut self) -> &mut (dyn Input + Send) {
        &mut *self.reader
    }
}
