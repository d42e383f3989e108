//! The output of each block, and what the output that was delivered adds up to.

use std::collections::HashSet;
use std::io;
use std::mem;

use crate::audit::Rule;
use crate::batch;
use crate::explain::{Code, Explanation};
use crate::output::exit::{Exit, TABLE};
use crate::output::{
    Failures, Notice, OutputOptions, SharedHint, Streams, Summary, print_notices, without_separator,
};
use crate::sys::write_rows;

/// The capacity in bytes that a thread keeps for its next rows: what those of a block usually need.
const KEPT_CAPACITY: usize = 4 * batch::BLOCK;

/// The output of a thread for one block.
#[derive(Default)]
pub(super) struct BlockOutput {
    /// How many bytes of all inputs were read when the block was whole.
    pub(super) reach: u64,
    pub(super) rows: Vec<u8>,
    pub(super) notices: Vec<Notice>,
    /// What hides the new tokens in the log of GitHub Actions.
    pub(super) masks: String,
    /// Where each item's row ends, and its exit code.
    pub(super) items: Vec<(usize, Exit)>,
    pub(super) blank: u64,
    /// The items that failed, and the warnings that no row tells, each with the index of its item.
    pub(super) failures: Vec<(usize, Code)>,
    pub(super) untold: Vec<(usize, Code)>,
    /// The rules of `audit` that items break, each with the index of its item.
    pub(super) rules: Vec<(usize, Rule)>,
    /// The hint of all items of this block and those before it.
    pub(super) hint: SharedHint,
    /// Warnings about keys, which are given once for the stream.
    pub(super) about_keys: Vec<Explanation>,
}

impl BlockOutput {
    /// Removes what separates the first result of a SARIF log from those before.
    fn remove_separator(&mut self) {
        let length = self.rows.len();
        let rest = without_separator(&self.rows).len();
        self.rows.drain(..length - rest);
        for (end, _) in &mut self.items {
            *end = end.saturating_sub(length - rest);
        }
    }

    /// Clears it for the next block, and frees the memory that an unusually large block needed.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.rows.shrink_to(KEPT_CAPACITY);
        self.blank = 0;
        self.items.clear();
        self.notices.clear();
        self.masks.clear();
        self.failures.clear();
        self.untold.clear();
        self.rules.clear();
        self.about_keys.clear();
    }
}

/// What was delivered.
#[derive(Default)]
pub(super) struct Totals {
    /// How many items there were of each exit code, by its number.
    counts: [u64; TABLE.len()],
    blank: u64,
    failures: Failures,
    /// The hints that were given.
    pub(super) hints: HashSet<String>,
    /// The warnings about keys that were given.
    warned: HashSet<String>,
    /// Whether an input could not be read.
    pub(super) has_failed: bool,
    /// Why rows could not be written.
    pub(super) undelivered: Option<io::Error>,
    /// Whether the next rows are the first of a SARIF log.
    pub(super) begins_log: bool,
}

impl Totals {
    /// Writes the rows of a block, and counts those that were written.
    pub(super) fn deliver(
        &mut self,
        output: &mut BlockOutput,
        options: OutputOptions,
        streams: &mut Streams<'_>,
    ) -> io::Result<()> {
        for about_key in output.about_keys.drain(..) {
            if self.warned.insert(about_key.message.clone()) {
                Notice::warning(about_key).print(options, streams);
            }
        }
        if !output.masks.is_empty() {
            let masks = output.masks.as_bytes();
            let _ = streams.err.write_all(masks).and_then(|()| streams.err.flush());
        }
        if self.begins_log && !output.rows.is_empty() {
            output.remove_separator();
            self.begins_log = false;
        }
        let (written, result) = write_rows(streams.out, &output.rows);
        let delivered = output.items.iter().take_while(|(end, _)| *end <= written);
        let mut count = 0;
        for (_, exit) in delivered {
            self.counts[usize::from(exit.code())] += 1;
            count += 1;
        }
        for (item, code) in output.failures.iter().take_while(|(item, _)| *item < count) {
            self.failures.add(output.items[*item].1, *code);
        }
        self.failures.hint.merge(&output.hint);
        for (_, code) in output.untold.iter().take_while(|(item, _)| *item < count) {
            self.failures.add_warning(*code);
        }
        for (_, rule) in output.rules.iter().take_while(|(item, _)| *item < count) {
            self.failures.add_rule(*rule);
        }
        result?;
        self.blank += output.blank;
        print_notices(&mut output.notices, &mut self.hints, options, streams);
        Ok(())
    }

    pub(super) fn summary(&mut self, speed: Option<String>, signal: Option<i32>) -> Summary {
        let counts = TABLE.iter().map(|(exit, ..)| *exit).zip(self.counts);
        Summary {
            counts: counts.filter(|(_, count)| *count > 0).collect(),
            blank: self.blank,
            failures: mem::take(&mut self.failures),
            speed,
            signal,
        }
    }
}
