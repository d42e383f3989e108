//! What a stream is read from: it can be waited for where it has a descriptor.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd as _, BorrowedFd};

use super::unix::CancelToken;

/// An input that is read piece by piece.
pub trait Input: Read {
    /// The descriptor to wait on, if there is one.
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

impl Input for &[u8] {}

impl<T: Input + ?Sized> Input for &mut T {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        (**self).descriptor()
    }
}

impl Input for File {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.as_fd())
    }
}

/// An input that ends when it is cancelled.
pub(crate) struct CancellableInput<'a> {
    pub input: &'a mut (dyn Input + Send),
    pub token: &'a CancelToken,
}

impl Read for CancellableInput<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(descriptor) = self.input.descriptor()
            && !self.token.wait(descriptor)?
        {
            return Ok(0);
        }
        self.input.read(buffer)
    }
}
