//! Processes blocks of an input on all cores, and delivers the results in order. Each thread holds one block, whatever the
//! length of the input. It can be stopped even while it waits for input.

mod lines;

use std::io;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::sys::CancelToken;

pub use lines::{BLOCK, Block, Line, Lines};
pub(crate) use lines::{read, room};

/// Something that is read block by block.
pub trait Blocks {
    /// A piece of it, whose memory is used again.
    type Block: Default;

    /// Reads the next block; false at the end.
    ///
    /// # Errors
    /// Those of the input.
    fn next(&mut self, block: &mut Self::Block) -> io::Result<bool>;
}

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
pub fn run<B: Blocks + Send, S, E: Send>(
    input: B,
    threads: NonZero<usize>,
    stop: &CancelToken,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &B::Block) + Sync,
    deliver: impl FnMut(&mut S) -> Result<(), E> + Send,
) -> Result<(), Broken<E>> {
    let source = Mutex::new(Source { input, taken: 0, broken: None });
    let turn = Mutex::new(Turn { next: 0, deliver, broken: None });
    let changed = Condvar::new();
    let worker = || {
        let (mut state, mut block) = (state(), B::Block::default());
        while let Some(place) = take(&source, &mut block) {
            work(&mut state, &block);
            let mut turn = lock(&turn);
            while turn.next != place && !stop.is_cancelled() {
                turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
            }
            if !stop.is_cancelled() {
                turn.next += 1;
                if let Err(error) = (turn.deliver)(&mut state) {
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
    // An input that was cancelled ends too early.
    let unread = lock(&source).broken.take().filter(|_| !stop.is_cancelled()).map(Broken::Read);
    undelivered.or(unread).map_or(Ok(()), Err)
}

/// The source of blocks, for one thread at a time.
struct Source<B> {
    input: B,
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
fn take<B: Blocks>(source: &Mutex<Source<B>>, block: &mut B::Block) -> Option<u64> {
    let mut source = lock(source);
    if source.broken.is_some() {
        return None;
    }
    match source.input.next(block) {
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
