//! How far a stream has come, on a terminal: the only user of indicatif.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{OutputOptions, Streams};

/// A bar on stderr, or nothing.
pub struct Progress {
    bar: Option<ProgressBar>,
    is_wanted: bool,
    size: Option<u64>,
    began: Instant,
    bytes: u64,
    lines: u64,
}

/// What is done sooner needs no bar.
const SOON: Duration = Duration::from_millis(500);

impl Progress {
    /// A bar for an input of so many bytes, where that is known, if stderr is a terminal; and if rows do not
    /// go to one, for they would run through it.
    #[must_use]
    pub fn of(bytes: Option<u64>, format: OutputOptions, streams: &Streams<'_>) -> Self {
        let is_seen = streams.err_terminal.is_terminal() && !streams.out_terminal.is_terminal();
        let is_wanted = is_seen && !format.quiet;
        Self { bar: None, is_wanted, size: bytes, began: Instant::now(), bytes: 0, lines: 0 }
    }

    /// More bytes, of so many lines, are done.
    pub fn advance(&mut self, bytes: u64, lines: u64) {
        self.lines += lines;
        self.bytes += bytes;
        if !self.is_wanted || self.began.elapsed() < SOON {
            return;
        }
        let rate = self.rate();
        let bar = self.bar.get_or_insert_with(|| bar(self.size));
        bar.set_position(self.bytes);
        let lines = if self.lines == 1 { "line" } else { "lines" };
        bar.set_message(format!("{} {lines}, {rate}/s", self.lines));
    }

    /// Does something, with the bar out of its way where that writes to the terminal.
    pub fn aside<T>(&self, writes: bool, what: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if writes => bar.suspend(what),
            _ => what(),
        }
    }

    fn rate(&self) -> u64 {
        let milliseconds = self.began.elapsed().as_millis().max(1);
        u64::try_from(u128::from(self.lines) * 1000 / milliseconds).unwrap_or(u64::MAX)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// What a person who watched it may want to know at its end.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        if !self.is_wanted {
            return None;
        }
        Some(format!("{:.1} s, {} lines/s", self.began.elapsed().as_secs_f64(), self.rate()))
    }
}

fn bar(bytes: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::stderr());
    let template = match bytes {
        Some(_) => "{wide_bar} {percent:>3}%  {msg}, {eta} left",
        None => "{spinner} {msg}",
    };
    let style = ProgressStyle::with_template(template);
    style.map_or(bar.clone(), |style| {
        bar.set_style(style.progress_chars("#>.").tick_chars("|/-\\ "));
        bar
    })
}
