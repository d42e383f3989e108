//! Processes blocks of an input on all cores, and delivers the results in order. Each thread holds one block, whatever the
//! length of the input. It can be stopped even while it waits for input.

mod lines;

use std::collections::VecDeque;
use std::io;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::sys::CancelToken;

pub use lines::{BLOCK, Block, Line, Lines};
pub(crate) use lines::{lines_of, read, room};

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

/// How many results wait for those before them, for each thread. A thread that is further ahead waits, too.
const AHEAD: usize = 2;

/// Processes the blocks of an input on this many threads, each with its own state, and delivers the results in order. A
/// thread that is ahead leaves its result to the one that delivers. Cancelling takes effect between two deliveries.
///
/// # Errors
/// [`Broken`]. Everything before that in the input has been delivered.
pub fn run<B: Blocks + Send, S, R: Default + Send, E: Send>(
    input: B,
    threads: NonZero<usize>,
    stop: &CancelToken,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &B::Block, &mut R) + Sync,
    deliver: impl FnMut(&mut R) -> Result<(), E> + Send,
) -> Result<(), Broken<E>> {
    let source = Mutex::new(Source { input, taken: 0, broken: None });
    let queue = Queue {
        results: Mutex::default(),
        changed: Condvar::new(),
        most: (AHEAD * threads.get()) as u64,
        deliver: Mutex::new(deliver),
        stop,
    };
    let worker = || {
        let (mut state, mut block, mut result) = (state(), B::Block::default(), R::default());
        while let Some(place) = take(&source, &mut block) {
            work(&mut state, &block, &mut result);
            match queue.add(place, result) {
                Some(spare) => result = spare,
                None => return,
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
    let undelivered = lock(&queue.results).broken.take().map(Broken::Deliver);
    // An input that was cancelled ends too early.
    let unread = lock(&source).broken.take().filter(|_| !stop.is_cancelled()).map(Broken::Read);
    undelivered.or(unread).map_or(Ok(()), Err)
}

/// Brings results into the order of their blocks.
struct Queue<'a, R, E, D> {
    results: Mutex<Results<R, E>>,
    changed: Condvar,
    /// How many results may wait.
    most: u64,
    /// Held by the thread that delivers, which does not hold `results` meanwhile.
    deliver: Mutex<D>,
    stop: &'a CancelToken,
}

struct Results<R, E> {
    /// The block whose result is delivered next.
    next: u64,
    /// The results of the blocks from there on; `None` for one that is not finished.
    ready: VecDeque<Option<R>>,
    /// Results that were delivered, whose memory is used again.
    spare: Vec<R>,
    is_delivering: bool,
    /// How many threads wait for a place.
    waiting: usize,
    broken: Option<E>,
}

impl<R, E> Default for Results<R, E> {
    fn default() -> Self {
        let (ready, spare) = (VecDeque::new(), Vec::new());
        Self { next: 0, ready, spare, is_delivering: false, waiting: 0, broken: None }
    }
}

impl<R: Default, E, D: FnMut(&mut R) -> Result<(), E>> Queue<'_, R, E, D> {
    /// Adds the result of a block, and delivers those whose turn it is unless another thread does. Returns a result to
    /// write the next one into; `None` if the run was cancelled.
    fn add(&self, place: u64, result: R) -> Option<R> {
        let mut results = lock(&self.results);
        while place - results.next >= self.most && !self.stop.is_cancelled() {
            results.waiting += 1;
            results = self.changed.wait(results).unwrap_or_else(PoisonError::into_inner);
            results.waiting -= 1;
        }
        let index = usize::try_from(place - results.next).unwrap_or_default();
        let length = results.ready.len().max(index + 1);
        results.ready.resize_with(length, || None);
        results.ready[index] = Some(result);
        while !results.is_delivering
            && !self.stop.is_cancelled()
            && let Some(Some(mut result)) = results.ready.pop_front_if(|first| first.is_some())
        {
            results.next += 1;
            results.is_delivering = true;
            drop(results);
            let delivered = lock(&self.deliver)(&mut result);
            results = lock(&self.results);
            results.is_delivering = false;
            results.spare.push(result);
            if let Err(error) = delivered {
                results.broken = Some(error);
                self.stop.cancel();
            }
        }
        let spare = results.spare.pop().unwrap_or_default();
        let is_awaited = results.waiting > 0;
        drop(results);
        if is_awaited {
            self.changed.notify_all();
        }
        (!self.stop.is_cancelled()).then_some(spare)
    }
}

/// The source of blocks, for one thread at a time.
struct Source<B> {
    input: B,
    taken: u64,
    broken: Option<io::Error>,
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
