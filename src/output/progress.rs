//! The progress bar of a stream: the only user of indicatif.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::streams::{OutputOptions, Streams};
use crate::text::counted;

/// A bar on stderr, if that is a terminal. There is none if rows go to a terminal, since they would overwrite it.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_wanted: bool,
    size: Option<u64>,
    start: Instant,
    bytes: u64,
    lines: u64,
}

/// How long a stream runs before the bar appears.
const DELAY: Duration = Duration::from_millis(500);

impl Progress {
    /// `size` is the input's in bytes, if that is known.
    pub(crate) fn new(size: Option<u64>, options: OutputOptions, streams: &Streams<'_>) -> Self {
        let is_seen = streams.err_terminal.is_terminal() && !streams.out_terminal.is_terminal();
        let (is_wanted, start) = (is_seen && !options.quiet, Instant::now());
        Self { bar: None, is_wanted, size, start, bytes: 0, lines: 0 }
    }

    /// Counts more bytes and lines as done.
    pub(crate) fn advance(&mut self, bytes: u64, lines: u64) {
        self.lines += lines;
        self.bytes += bytes;
        if !self.is_wanted || self.start.elapsed() < DELAY {
            return;
        }
        let speed = self.lines_per_second();
        let bar = self.bar.get_or_insert_with(|| bar(self.size));
        bar.set_position(self.bytes);
        bar.set_message(format!("{}, {speed}/s", counted(self.lines, "line")));
    }

    /// Hides the bar meanwhile, if the work writes to the terminal.
    pub(crate) fn suspend<T>(&self, writes: bool, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if writes => bar.suspend(work),
            _ => work(),
        }
    }

    fn lines_per_second(&self) -> u64 {
        let milliseconds = self.start.elapsed().as_millis().max(1);
        u64::try_from(u128::from(self.lines) * 1000 / milliseconds).unwrap_or(u64::MAX)
    }

    /// Removes the bar. Returns how long it took and how fast that was, if a bar was wanted.
    pub(crate) fn finish(&self) -> Option<String> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.start.elapsed().as_secs_f64();
        self.is_wanted.then(|| format!("{seconds:.1} s, {} lines/s", self.lines_per_second()))
    }
}

fn bar(size: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
    let template = match size {
        Some(_) => "{wide_bar} {percent:>3}%  {msg}, {eta} left",
        None => "{spinner} {msg}",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("#>.").tick_chars("|/-\\ ")),
        Err(_) => bar,
    }
}
