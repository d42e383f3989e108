//! A payload that is sent separately from its token: opened when the call begins, and read once.

use std::cell::RefCell;
use std::io::{self, Read};

use super::texts::OpenText;
use crate::env::Env;
use crate::explain::{Problem, shown_path};
use crate::request::PathOrStdin;
use crate::sys::{self, Input};

/// A payload to be read. It belongs to one token, so whoever reads it need not share it.
pub(crate) struct Payload<'a>(RefCell<&'a mut (dyn Input + Send)>);

impl<'a> Payload<'a> {
    pub(crate) fn new(input: &'a mut (dyn Input + Send)) -> Self {
        Self(RefCell::new(input))
    }

    /// Reads it.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<T, Problem> {
        let input = &mut **self.0.borrow_mut();
        read(&mut { input }).map_err(|error| Problem::io("read", "the payload", &error))
    }
}

/// Opens a payload; standard input is then reserved for it.
pub(crate) fn open_payload(path: &PathOrStdin, env: &mut Env<'_>) -> Result<OpenText, Problem> {
    match path {
        PathOrStdin::Stdin => {
            env.stdin.reserve("the payload")?;
            Ok(OpenText::Stdin)
        }
        PathOrStdin::Path(path) => sys::open_file(path).map(OpenText::File).map_err(|error| {
            Problem::io("read", &format!("{} (--detached)", shown_path(path)), &error)
        }),
    }
}
