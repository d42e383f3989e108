//! Reads lines in blocks, processes the blocks on all cores, and delivers the results in order. It holds one block per
//! thread, whatever the length of the input, and can be stopped even while it waits for input.

use std::io::{self, Read};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::sys::CancelToken;
use crate::text::TextReader;

/// How much is read at a time, in bytes: small enough that the rows of the shortest lines do not fill the memory.
pub const BLOCK: usize = 32 * 1024;

/// A line, without its end.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its number, from 1 on.
    pub number: u64,
    /// Its bytes, up to the bound.
    pub bytes: &'a [u8],
    /// Whether there were more.
    pub cut: bool,
}

/// Some whole lines.
#[derive(Debug, Default)]
pub struct Block {
    buffer: Vec<u8>,
    /// How many bytes of the buffer are lines.
    length: usize,
    first: u64,
    longest: usize,
    /// How many bytes of the input were read for this block.
    read: u64,
}

impl Block {
    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let text = &self.buffer[..self.length];
        let last = (!text.ends_with(b"\n")).then_some(text.len());
        let mut start = 0;
        memchr::memchr_iter(b'\n', text).chain(last).zip(self.first..).map(move |(end, number)| {
            let bytes = &text[start..end];
            start = end + 1;
            let cut = bytes.len() > self.longest;
            Line { number, bytes: &bytes[..bytes.len().min(self.longest)], cut }
        })
    }

    /// How many bytes of the input were read since the block before.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read
    }
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
    /// The lines of an input.
    pub fn new(input: R, longest: usize) -> Self {
        let input = TextReader::new(input);
        Self { input, longest, rest: Vec::new(), next: 1, skipping: false, ended: false }
    }

    /// The next block; false at the end.
    fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        let before = self.input.consumed();
        let filled = self.fill(block);
        block.read = self.input.consumed() - before;
        filled
    }

    /// Fills a block by one read, or by as many as one line needs; false at the end.
    fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
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
                let most = self.longest + BLOCK;
                room(
                    &mut block.buffer,
                    (2 * filled).clamp(filled + BLOCK, most.max(filled + BLOCK)),
                );
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

/// Makes a buffer at least this long, and not much longer.
fn room(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < length {
        buffer.reserve_exact(length - buffer.len());
        buffer.resize(length, 0);
    }
}

fn read(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Why a run ended before its input.
#[derive(Debug)]
pub enum Broken<E> {
    /// The input could not be read.
    Read(io::Error),
    /// A result could not be delivered.
    Deliver(E),
}

/// Processes the blocks of an input on this many threads, each with its own state, and delivers the results in order.
/// A stop takes effect between two deliveries.
///
/// # Errors
/// [`Broken`]; what comes before it in the input has been delivered.
pub(crate) fn run<R: Read + Send, S, E: Send>(
    lines: Lines<R>,
    threads: NonZero<usize>,
    stop: &CancelToken,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &Block) + Sync,
    deliver: impl FnMut(&mut S, &Block) -> Result<(), E> + Send,
) -> Result<(), Broken<E>> {
    let source = Mutex::new(Source { lines, taken: 0, broken: None });
    let turn = Mutex::new(Turn { next: 0, deliver, broken: None });
    let changed = Condvar::new();
    let worker = || {
        let (mut state, mut block) = (state(), Block::default());
        while let Some(place) = take(&source, &mut block) {
            work(&mut state, &block);
            let mut turn = lock(&turn);
            while turn.next != place && !stop.is_cancelled() {
                turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
            }
            if !stop.is_cancelled() {
                turn.next += 1;
                if let Err(error) = (turn.deliver)(&mut state, &block) {
                    turn.broken = Some(error);
                    stop.cancel();
                }
            }
            changed.notify_all();
            if stop.is_cancelled() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.get() {
            // If the system refuses more threads, the existing ones do the work.
            if thread::Builder::new().spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        worker();
    });
    let undelivered = turn.into_inner().unwrap_or_else(PoisonError::into_inner).broken;
    let unread = source.into_inner().unwrap_or_else(PoisonError::into_inner).broken;
    match (undelivered, unread) {
        (Some(error), _) => Err(Broken::Deliver(error)),
        (None, Some(error)) => Err(Broken::Read(error)),
        (None, None) => Ok(()),
    }
}

/// The source of blocks, for one thread at a time.
struct Source<R> {
    lines: Lines<R>,
    taken: u64,
    broken: Option<io::Error>,
}

/// Whose turn it is to deliver.
struct Turn<D, E> {
    next: u64,
    deliver: D,
    broken: Option<E>,
}

/// The next block and its index, until there are no more.
fn take<R: Read>(source: &Mutex<Source<R>>, block: &mut Block) -> Option<u64> {
    let mut source = lock(source);
    if source.broken.is_some() {
        return None;
    }
    match source.lines.next(block) {
        Ok(true) => {
            source.taken += 1;
            Some(source.taken - 1)
        }
        Ok(false) => None,
        Err(error) => {
            source.broken = Some(error);
            None
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives so many bytes at a time.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let some = self.1.min(self.0.len()).min(buffer.len());
            buffer[..some].copy_from_slice(&self.0[..some]);
            self.0 = &self.0[some..];
            Ok(some)
        }
    }

    fn lines(
        text: &[u8],
        step: usize,
        longest: usize,
        threads: usize,
    ) -> Vec<(u64, Vec<u8>, bool)> {
        let mut all = Vec::new();
        run(
            Lines::new(Dribble(text, step), longest),
            NonZero::new(threads).unwrap(),
            &CancelToken::new().unwrap(),
            Vec::new,
            |made, block| {
                made.clear();
                made.extend(block.lines().map(|l| (l.number, l.bytes.to_vec(), l.cut)));
            },
            |made, _| {
                all.append(made);
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        all
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let long = "x".repeat(BLOCK + 7);
        let text = format!("a\n\nbb\r\n{long}\nccc");
        let expected: Vec<_> = text
            .split('\n')
            .zip(1..)
            .map(|(line, number)| {
                let kept = &line.as_bytes()[..line.len().min(1000)];
                (number, kept.to_vec(), line.len() > 1000)
            })
            .collect();
        for step in [1, 2, 3, 7, 1000, BLOCK, 10 * BLOCK] {
            for threads in [1, 3] {
                assert_eq!(
                    lines(text.as_bytes(), step, 1000, threads),
                    expected,
                    "{step} {threads}"
                );
            }
        }
    }

    #[test]
    fn the_end_of_the_input_is_no_line_of_its_own() {
        assert_eq!(lines(b"", 9, 10, 1), []);
        assert_eq!(lines(b"\n", 9, 10, 1), [(1, Vec::new(), false)]);
        assert_eq!(lines(b"a\n", 9, 10, 2), [(1, b"a".to_vec(), false)]);
        let cut = (1, b"0123456789".to_vec(), true);
        assert_eq!(lines(b"0123456789a", 1, 10, 1), std::slice::from_ref(&cut));
        assert_eq!(lines(b"0123456789a\nb", 1, 10, 1), [cut, (2, b"b".to_vec(), false)]);
    }

    #[test]
    fn a_long_line_makes_no_long_block_of_the_short_ones_behind_it() {
        let text = ["x".repeat(40 * BLOCK + 1), "\n".to_owned(), "a\n".repeat(20 * BLOCK)].concat();
        let mut longest = 0;
        run(
            Lines::new(text.as_bytes(), 100 * BLOCK),
            NonZero::new(2).unwrap(),
            &CancelToken::new().unwrap(),
            || (),
            |(), _| (),
            |(), block| {
                longest = longest.max(block.lines().count());
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        assert!(longest <= BLOCK, "{longest}");
    }

    #[test]
    fn many_blocks_come_out_in_order() {
        let text = (0..200_000).map(|n| n.to_string() + "\n").collect::<String>();
        let all = lines(text.as_bytes(), BLOCK, 100, 4);
        assert_eq!(all.len(), 200_000);
        assert!(all.iter().zip(0..).all(|((number, bytes, _), n)| {
            *number == n + 1 && *bytes == n.to_string().into_bytes()
        }));
    }

    #[test]
    fn a_delivery_that_fails_ends_it() {
        let text = "line\n".repeat(200_000);
        let mut delivered = 0;
        let result = run(
            Lines::new(text.as_bytes(), 10),
            NonZero::new(3).unwrap(),
            &CancelToken::new().unwrap(),
            || (),
            |(), _| (),
            |(), _| {
                delivered += 1;
                if delivered == 3 { Err("full") } else { Ok(()) }
            },
        );
        assert!(matches!(result, Err(Broken::Deliver("full"))));
        assert_eq!(delivered, 3);
    }

    #[test]
    fn what_was_read_before_an_error_is_delivered() {
        struct Failing(bool);
        impl Read for Failing {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("gone"));
                }
                buffer[..4].copy_from_slice(b"a\nbc");
                Ok(4)
            }
        }
        let mut numbers = Vec::new();
        let result = run(
            Lines::new(Failing(false), 10),
            NonZero::new(2).unwrap(),
            &CancelToken::new().unwrap(),
            || (),
            |(), _| (),
            |(), block| {
                numbers.extend(block.lines().map(|line| line.number));
                Ok::<(), ()>(())
            },
        );
        assert!(matches!(result, Err(Broken::Read(_))));
        assert_eq!(numbers, [1]);
    }
}
