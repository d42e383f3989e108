//! Any bytes, read in chunks that cut no token in two, so that no line is kept whole.

use std::io::{self, Read};

use crate::batch::{Blocks, read, room};
use crate::token::{LOOKBACK, TokenFinder};

/// How many bytes are read at a time: enough that few tokens are at the end of a chunk.
const CHUNK: usize = 256 * 1024;

/// A piece of the input, and where it is.
#[derive(Debug, Default)]
pub struct Chunk {
    buffer: Vec<u8>,
    /// The bytes before it, which belong to other chunks, and its own.
    before: usize,
    length: usize,
    /// `None` if nobody asks for positions.
    start: Option<Position>,
}

/// Where something is in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u64,
    /// The byte in the line, counted from 1.
    pub column: u64,
    /// The byte in the input, counted from 0.
    pub byte: u64,
}

impl Default for Position {
    /// The beginning of an input.
    fn default() -> Self {
        Self { line: 1, column: 1, byte: 0 }
    }
}

impl Chunk {
    /// Its tokens, each with its position if those are [counted](Chunks::with_positions).
    pub fn each_token(
        &self,
        finder: &mut TokenFinder,
        mut each: impl FnMut(Option<Position>, &[u8]),
    ) {
        let text = &self.buffer[..self.before + self.length];
        let (mut from, mut position) = (self.before, self.start);
        while let Some(token) = finder.next(text, from) {
            if let Some(position) = &mut position {
                position.pass(&text[from..token.start]);
            }
            each(position, &text[token.clone()]);
            if let Some(position) = &mut position {
                position.pass(&text[token.clone()]);
            }
            from = token.end;
        }
    }
}

impl Position {
    /// Goes on behind a text.
    fn pass(&mut self, text: &[u8]) {
        self.byte += text.len() as u64;
        match memchr::memrchr(b'\n', text) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', text).count() as u64;
                self.column = (text.len() - last) as u64;
            }
            None => self.column += text.len() as u64,
        }
    }
}

/// Reads chunks.
pub struct Chunks<R> {
    input: R,
    finder: TokenFinder,
    longest: usize,
    /// What was read and belongs to the next chunk, after what was before it.
    rest: Vec<u8>,
    before: usize,
    next: Option<Position>,
    /// Whether all that was read may be one token, which then is not searched again at every read.
    waits: bool,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    /// Tokens may have `longest` bytes.
    pub fn new(input: R, longest: usize) -> Self {
        Self {
            input,
            finder: TokenFinder::new(0),
            longest,
            rest: Vec::new(),
            before: 0,
            next: None,
            waits: false,
            ended: false,
        }
    }

    /// Chooses whether positions are counted, which takes about as long as finding the tokens.
    pub fn with_positions(self, counted: bool) -> Self {
        Self { next: counted.then(Position::default), ..self }
    }

    /// Where the chunk ends: after a line, else after a byte that no token has, else before what may be a token that
    /// goes on; `None` if all of it may be one.
    fn end(&mut self, text: &[u8], fresh: usize) -> Option<usize> {
        let waited = std::mem::take(&mut self.waits);
        let is_end = |b: &u8| !(b.is_ascii_alphanumeric() || b"-_.~=%\\".contains(b));
        let last = memchr::memrchr(b'\n', &text[fresh..]);
        let last = last.or_else(|| text[fresh..].iter().rposition(is_end));
        if let Some(last) = last {
            return Some(fresh + last + 1);
        }
        if text.len() - self.before > self.longest {
            return Some(text.len());
        }
        let start = match TokenFinder::end_of_run(&text[fresh..]) {
            None if waited => Some(self.before),
            Some(end) if waited => self.finder.unfinished(text, fresh + end),
            _ => self.finder.unfinished(text, self.before),
        };
        self.waits = start == Some(self.before);
        if self.waits { None } else { start.or(Some(text.len())) }
    }
}

impl<R: Read> Blocks for Chunks<R> {
    type Block = Chunk;

    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        let buffer = &mut chunk.buffer;
        if buffer.len() > 4 * CHUNK {
            buffer.truncate(2 * CHUNK);
            buffer.shrink_to_fit();
        }
        let mut filled = self.rest.len();
        room(buffer, filled + CHUNK);
        buffer[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        let end = loop {
            if filled == buffer.len() {
                room(buffer, (2 * filled).min(self.longest + 2 * CHUNK).max(filled + CHUNK));
            }
            let most = buffer.len().min(filled + CHUNK);
            let read =
                if self.ended { 0 } else { read(&mut self.input, &mut buffer[filled..most])? };
            if read == 0 {
                self.ended = true;
                break filled;
            }
            let fresh = filled;
            filled += read;
            if let Some(end) = self.end(&buffer[..filled], fresh) {
                break end;
            }
        };
        if end == self.before {
            self.before = 0;
            return Ok(false);
        }
        let before = self.before;
        let text = &buffer[before..end];
        (chunk.before, chunk.length) = (before, text.len());
        chunk.start = self.next;
        if let Some(next) = &mut self.next {
            next.pass(text);
        }
        self.before = end.min(LOOKBACK);
        self.rest.extend(&buffer[end - self.before..filled]);
        Ok(true)
    }
}
