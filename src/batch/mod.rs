//! Processes blocks of lines on all cores, and delivers the results in order. Each thread holds one block, whatever the
//! length of the input. It can be stopped even while it waits for input.

mod lines;

use std::io::{self, Read};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::sys::CancelToken;

pub use lines::{BLOCK, Block, Line, Lines};

/// Why a run ended before the end of its input.
#[derive(Debug)]
pub enum Broken<E> {
    /// The input could not be read.
    Read(io::Error),
    /// A result could not be delivered.
    Deliver(E),
}

/// Processes the blocks of an input on this many threads, each with its own state, and delivers the results in order.
/// Cancelling takes effect between two deliveries.
///
/// # Errors
/// [`Broken`]. Everything before that in the input has been delivered.
pub fn run<R: Read + Send, S, E: Send>(
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
    let undelivered = lock(&turn).broken.take().map(Broken::Deliver);
    let unread = lock(&source).broken.take().map(Broken::Read);
    undelivered.or(unread).map_or(Ok(()), Err)
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
