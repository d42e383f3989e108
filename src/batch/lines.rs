//! Lines of text, read in blocks.

use std::io::{self, Read};

use super::Blocks;
use crate::text::TextReader;

/// How many bytes are read at a time. This also limits the memory for rows, of which each line makes one.
pub const BLOCK: usize = 32 * 1024;

/// A line without its line break, cut at the limit.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: u64,
    /// The bytes, up to the limit.
    pub bytes: &'a [u8],
    /// Whether the line was longer than the limit.
    pub cut: bool,
}

/// Some whole lines of the input.
#[derive(Debug, Default)]
pub struct Block {
    buffer: Vec<u8>,
    /// How many bytes of the buffer belong to these lines.
    length: usize,
    first: u64,
    longest: usize,
}

impl Block {
    /// The lines of the block, without their ends.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        lines_of(&self.buffer[..self.length], self.first, self.longest)
    }
}

/// The lines of a text, without their ends. `first` is the number of the first one, and no line is kept beyond `longest`
/// bytes.
pub(crate) fn lines_of(text: &[u8], first: u64, longest: usize) -> impl Iterator<Item = Line<'_>> {
    let last = (!text.is_empty() && !text.ends_with(b"\n")).then_some(text.len());
    let mut start = 0;
    memchr::memchr_iter(b'\n', text).chain(last).zip(first..).map(move |(end, number)| {
        let bytes = &text[start..end];
        start = end + 1;
        let cut = bytes.len() > longest;
        Line { number, bytes: &bytes[..bytes.len().min(longest)], cut }
    })
}

/// Reads lines of text block by block. The part of a line beyond `longest` bytes is skipped.
pub struct Lines<R> {
    input: TextReader<R>,
    longest: usize,
    /// What was read after the last block.
    rest: Vec<u8>,
    next: u64,
    /// Whether the rest of a line that was too long is still to come.
    skipping: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// Lines may have `longest` bytes.
    pub fn new(input: R, longest: usize) -> Self {
        let input = TextReader::new(input);
        Self { input, longest, rest: Vec::new(), next: 1, skipping: false, ended: false }
    }

    /// Makes a block of the lines that end in the last read.
    fn whole(&mut self, block: &mut Block, from: usize, filled: usize) {
        let fresh = &block.buffer[from..filled];
        block.length = match memchr::memrchr(b'\n', fresh) {
            Some(end) => {
                self.next += memchr::memchr_iter(b'\n', fresh).count() as u64;
                self.rest.extend(&fresh[end + 1..]);
                from + end + 1
            }
            None if filled > self.longest => {
                self.next += 1;
                self.skipping = true;
                self.longest + 1
            }
            None => 0,
        };
    }
}

impl<R: Read> Blocks for Lines<R> {
    type Block = Block;

    /// Fills a block by one read, or by as many as one line needs.
    fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        block.longest = self.longest;
        block.first = self.next;
        if block.buffer.len() > 4 * BLOCK {
            block.buffer.truncate(2 * BLOCK);
            block.buffer.shrink_to_fit();
        }
        let mut filled = self.rest.len();
        room(&mut block.buffer, filled + BLOCK);
        block.buffer[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        while !self.ended {
            if filled == block.buffer.len() {
                let most = (self.longest + BLOCK).max(filled + BLOCK);
                room(&mut block.buffer, (2 * filled).clamp(filled + BLOCK, most));
            }
            // Never more than usual, even if a long line has left a large buffer: short lines may follow.
            let end = block.buffer.len().min(filled + BLOCK);
            let read = read(&mut self.input, &mut block.buffer[filled..end])?;
            self.ended = read == 0;
            let fresh = &block.buffer[filled..filled + read];
            if self.skipping {
                let Some(end) = memchr::memchr(b'\n', fresh) else { continue };
                self.skipping = false;
                block.buffer.copy_within(filled + end + 1..filled + read, 0);
                filled = read - end - 1;
                self.whole(block, 0, filled);
            } else {
                filled += read;
                self.whole(block, filled - read, filled);
            }
            if block.length > 0 {
                return Ok(true);
            }
        }
        block.length = filled;
        self.next += u64::from(filled > 0);
        Ok(filled > 0)
    }
}

/// Makes a buffer at least this long, and not much longer.
pub(crate) fn room(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < length {
        buffer.reserve_exact(length - buffer.len());
        buffer.resize(length, 0);
    }
}

/// Reads once, however often signals interrupt it.
pub(crate) fn read(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
