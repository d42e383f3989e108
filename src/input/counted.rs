//! Counts what is read of the inputs of a stream, so that it is known how far a block reaches. What counts are the bytes
//! of a compressed file, not those of the text in it; and only when they are needed, not when they are read ahead.

use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::batch::Blocks;

/// An input whose bytes are counted.
pub(crate) struct Counted<'a, R> {
    pub(crate) input: R,
    pub(crate) bytes: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, used: usize) {
        self.bytes.fetch_add(used as u64, Ordering::Relaxed);
        self.input.consume(used);
    }
}

/// Blocks, each with how many bytes had been read when it was whole.
pub(crate) struct Reaching<'a, B> {
    pub(crate) blocks: B,
    pub(crate) bytes: &'a AtomicU64,
}

impl<B: Blocks> Blocks for Reaching<'_, B> {
    type Block = (B::Block, u64);

    fn next(&mut self, (block, reach): &mut Self::Block) -> io::Result<bool> {
        let is_block = self.blocks.next(block)?;
        *reach = self.bytes.load(Ordering::Relaxed);
        Ok(is_block)
    }
}
