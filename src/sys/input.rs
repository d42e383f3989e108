//! What a stream is read from: it may be waited for, and may know how much there is.

use std::fs::File;
use std::io::{self, Read};

use rustix::fd::{AsFd as _, BorrowedFd};
use rustix::fs::{FileType, SeekFrom, Stat, fstat, seek};

use super::CancelToken;
use super::stdin::Unbuffered;

/// An input that is read bit by bit.
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

impl Input for Unbuffered {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(rustix::stdio::stdin())
    }
}

/// How many bytes are still to be read, where that is known: of a regular file.
#[must_use]
pub fn size_of(input: &dyn Input) -> Option<u64> {
    let descriptor = input.descriptor()?;
    let size = u64::try_from(regular(descriptor)?.st_size).ok()?;
    let read = seek(descriptor, SeekFrom::Current(0)).ok()?;
    Some(size.saturating_sub(read))
}

/// Whether standard output is the regular file that is read.
#[must_use]
pub fn is_also_output(input: &dyn Input) -> bool {
    let (read, written) = (input.descriptor().and_then(regular), regular(rustix::stdio::stdout()));
    read.zip(written).is_some_and(|(read, written)| {
        (read.st_dev, read.st_ino) == (written.st_dev, written.st_ino)
    })
}

/// What is known of a regular file; nothing of anything else.
pub(crate) fn regular(descriptor: BorrowedFd<'_>) -> Option<Stat> {
    let stat = fstat(descriptor).ok()?;
    FileType::from_raw_mode(stat.st_mode).is_file().then_some(stat)
}

/// An input that ends when it is told to stop.
pub struct Cancellable<'a> {
    /// The input.
    pub input: &'a mut (dyn Input + Send),
    /// The stop.
    pub stop: &'a CancelToken,
}

impl Read for Cancellable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(descriptor) = self.input.descriptor()
            && !self.stop.wait(descriptor)?
        {
            return Ok(0);
        }
        self.input.read(buffer)
    }
}
