//! The progress bar of a stream: the only user of indicatif.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::streams::{OutputOptions, Streams, Terminal};
use crate::text::counted;

/// A bar on stderr, if that is a terminal. There is none if rows go to a terminal, since they would overwrite it.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_wanted: bool,
    /// How many columns the message may take.
    room: usize,
    estimate: Estimate,
    start: Instant,
    /// What the items are called, and how many are done.
    unit: &'static str,
    items: u64,
}

/// How long a stream runs before the bar appears.
const DELAY: Duration = Duration::from_millis(500);

/// The columns that are kept for a short bar and the percentage.
const BESIDE: usize = 14;

const KNOWN: &str = "{wide_bar} {percent:>3}%  {msg}";
const UNKNOWN: &str = "{spinner} {msg}";

impl Progress {
    /// `size` is that of all inputs in bytes, if it is known.
    pub(crate) fn new(
        size: Option<u64>,
        unit: &'static str,
        options: OutputOptions,
        streams: &Streams<'_>,
    ) -> Self {
        let is_seen = streams.err_terminal.is_terminal() && !streams.out_terminal.is_terminal();
        let (is_wanted, start) = (is_seen && !options.quiet, Instant::now());
        let estimate = Estimate::new(size, start);
        let room = match streams.err_terminal {
            Terminal::Width(width) => width.saturating_sub(BESIDE),
            Terminal::No => 0,
        };
        Self { bar: None, is_wanted, room, estimate, start, unit, items: 0 }
    }

    /// Counts more items as done. They end after this many bytes of all inputs.
    pub(crate) fn advance(&mut self, bytes: u64, items: u64) {
        self.items += items;
        let now = Instant::now();
        self.estimate.advance(bytes, now);
        if !self.is_wanted || now - self.start < DELAY {
            return;
        }
        let speed = self.items_per_second();
        let left = self.estimate.left(now).map(|left| format!(", {:#} left", HumanDuration(left)));
        let left = left.unwrap_or_default();
        let message = format!("{}, {speed}/s{left}", counted(self.items, self.unit));
        let message = if message.len() <= self.room { message } else { left.replacen(", ", "", 1) };
        let bar = self.bar.get_or_insert_with(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        });
        if bar.length() != self.estimate.size || bar.position() == 0 {
            set_size(bar, self.estimate.size);
        }
        bar.set_message(message);
        bar.set_position(bytes);
    }

    /// An input has ended that was believed to have one size and has another.
    pub(crate) fn correct(&mut self, believed: u64, found: u64) {
        self.estimate.correct(believed, found);
    }

    /// Hides the bar meanwhile, if the work writes to the terminal.
    pub(crate) fn suspend<T>(&self, writes: bool, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if writes => bar.suspend(work),
            _ => work(),
        }
    }

    fn items_per_second(&self) -> u64 {
        let milliseconds = self.start.elapsed().as_millis().max(1);
        u64::try_from(u128::from(self.items) * 1000 / milliseconds).unwrap_or(u64::MAX)
    }

    /// Removes the bar. Returns how long it took and how fast that was, if a bar was wanted.
    pub(crate) fn finish(&self) -> Option<String> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.start.elapsed().as_secs_f64();
        self.is_wanted
            .then(|| format!("{seconds:.1} s, {} {}s/s", self.items_per_second(), self.unit))
    }
}

fn set_size(bar: &ProgressBar, size: Option<u64>) {
    match size {
        Some(size) => bar.set_length(size),
        None => bar.unset_length(),
    }
    if let Ok(style) = ProgressStyle::with_template(if size.is_some() { KNOWN } else { UNKNOWN }) {
        bar.set_style(style.progress_chars("#>.").tick_chars("|/-\\ "));
    }
}

/// How long the rest takes at the speed of the last seconds. indicatif's own estimate begins when its bar appears, and
/// takes all that was done before for the work of an instant.
#[derive(Debug)]
struct Estimate {
    start: Instant,
    /// The size of all inputs, as long as it is known.
    size: Option<u64>,
    bytes: u64,
    /// How many bytes were done when: at the start, then one entry a second, the last ones of them.
    marks: VecDeque<(Instant, u64)>,
}

/// How long no estimate is made, and how long none is made of the first hundredth: keys may be fetched first.
const EARLY: Duration = Duration::from_secs(2);
const LESS_EARLY: Duration = Duration::from_secs(10);

impl Estimate {
    /// How many seconds are looked back.
    const WINDOW: usize = 15;

    fn new(size: Option<u64>, start: Instant) -> Self {
        Self { start, size, bytes: 0, marks: VecDeque::from([(start, 0)]) }
    }

    fn advance(&mut self, bytes: u64, now: Instant) {
        self.bytes = bytes;
        // A file that grows while it is read has no known end.
        self.size = self.size.filter(|size| bytes <= *size);
        if self.marks.back().is_some_and(|(at, _)| now - *at >= Duration::from_secs(1)) {
            self.marks.push_back((now, bytes));
        }
        if self.marks.len() > Self::WINDOW {
            self.marks.pop_front();
        }
    }

    /// The rest of the inputs has a known size, whatever the last one had.
    fn correct(&mut self, believed: u64, found: u64) {
        self.size = self.size.map(|size| size.saturating_sub(believed) + found);
    }

    /// `None` if the size is not known, if nothing was done lately, or if it is too early to say.
    fn left(&self, now: Instant) -> Option<Duration> {
        let size = self.size?;
        let elapsed = now - self.start;
        let is_small = self.bytes < size / 100;
        if elapsed < EARLY || (is_small && elapsed < LESS_EARLY) {
            return None;
        }
        let (at, before) = self.marks.front()?;
        let (rest, done) = (size - self.bytes, self.bytes.saturating_sub(*before));
        let left = (now - *at).as_millis().saturating_mul(rest.into()).checked_div(done.into())?;
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left after these seconds, at each of which that many bytes were done.
    fn left(size: Option<u64>, steps: &[(f64, u64)]) -> Option<u64> {
        let start = Instant::now();
        let mut estimate = Estimate::new(size, start);
        let mut now = start;
        for (seconds, bytes) in steps {
            now = start + Duration::from_secs_f64(*seconds);
            estimate.advance(*bytes, now);
        }
        estimate.left(now).map(|left| left.as_secs())
    }

    #[test]
    fn the_time_left_counts_from_the_start() {
        assert_eq!(left(Some(1000), &[(2.0, 10)]), Some(198));
        assert_eq!(left(Some(1000), &[(0.01, 1), (2.0, 10)]), Some(198));
        assert_eq!(left(Some(1000), &[(10.0, 1000)]), Some(0));
    }

    #[test]
    fn no_time_is_told_too_early() {
        assert_eq!(left(Some(1000), &[(1.9, 500)]), None);
        assert_eq!(left(Some(1000), &[(9.9, 9)]), None);
        assert_eq!(left(Some(1000), &[(10.0, 5)]), Some(1990));
    }

    #[test]
    fn the_time_left_follows_the_speed_of_the_last_seconds() {
        let slow = (1..=100_u32).map(|second| (f64::from(second), u64::from(second)));
        let fast =
            (1..=20_u32).map(|second| (f64::from(100 + second), 100 + 50 * u64::from(second)));
        let steps: Vec<_> = slow.chain(fast).collect();
        assert_eq!(left(Some(1100), &steps[..100]), Some(1000));
        assert_eq!(left(Some(2100), &steps), Some(20));
    }

    #[test]
    fn no_time_is_left_to_tell_where_the_size_is_not_known() {
        assert_eq!(left(None, &[(20.0, 10)]), None);
        // It is not a file, or one that grows.
        assert_eq!(left(Some(0), &[(20.0, 10)]), None);
        assert_eq!(left(Some(100), &[(1.0, 50), (2.0, 101)]), None);
        // Nothing was done.
        assert_eq!(left(Some(100), &[(20.0, 0)]), None);
    }

    #[test]
    fn an_input_that_ends_early_or_late_counts_with_what_was_read() {
        let start = Instant::now();
        let mut estimate = Estimate::new(Some(300), start);
        estimate.advance(20, start + Duration::from_secs(2));
        estimate.correct(100, 20);
        assert_eq!(estimate.left(start + Duration::from_secs(2)), Some(Duration::from_secs(20)));
        estimate.correct(200, 400);
        assert_eq!(estimate.left(start + Duration::from_secs(2)), Some(Duration::from_secs(40)));
    }
}
