//! Applies a verb to every line of an input: a row for each line, and the exit code of the worst.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use crate::batch::{self, Block, Broken, Line, Lines};
use crate::commands::{self, Item, ItemContext, Processor};
use crate::crypto::Refusal;
use crate::env::Env;
use crate::explain::{Explanation, Problem, Warning};
use crate::input::{LONGEST, find_lines};
use crate::outcome::{Outcome, Problems};
use crate::output::exit::{Exit, TABLE};
use crate::output::{
    Notice, OutputOptions, ProcessedItem, Progress, RowWriter, Streams, Summary, render,
};
use crate::request::{Detail, StreamRequest, TokenRequest};
use crate::sys::{
    CancelToken, CancellableInput, Input, exit_by_signal, reason, size_of, write_rows,
};
use crate::time::{NumericDate, When};

/// The capacity in bytes that a thread keeps for its next rows: what those of a block usually need.
const KEPT_CAPACITY: usize = 4 * batch::BLOCK;

/// How many headers a thread caches. Tokens of one key have the same header, and sets rarely have more keys than this.
const HEADERS: usize = 1024;

/// Processes all lines.
///
/// # Errors
/// Those of the operating system before the first line is read.
pub(crate) fn run(
    request: &TokenRequest,
    plan: &StreamRequest,
    options: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Exit> {
    let verb = request.verb();
    // The input is opened before the keys are read, so that a key from the same input is refused, and not the input.
    let lines = find_lines(plan.source.as_ref(), verb, env);
    let processor = commands::load(request, env);
    match Problems::both(lines, processor) {
        Ok((mut lines, processor)) => {
            let writer = RowWriter::new(verb, plan, options, streams);
            let (processor, clock) = (&*processor, env.clock);
            let input: &mut (dyn Input + Send) = match &mut lines {
                Some(file) => file,
                None => env.stdin.reserved(),
            };
            Stream { request, plan, options, processor, clock, writer }.run(input, streams)
        }
        Err(problems) => {
            let mut outcome = Outcome::new(Err(problems), NumericDate::default());
            let exit = Exit::of(&mut outcome);
            let options = OutputOptions { compact: true, ..options };
            render(verb, &outcome, exit, options, streams)?;
            Ok(exit)
        }
    }
}

struct Stream<'a> {
    request: &'a TokenRequest,
    plan: &'a StreamRequest,
    options: OutputOptions,
    processor: &'a dyn Processor,
    clock: &'a (dyn Fn() -> NumericDate + Sync),
    writer: RowWriter,
}

/// The output of a thread for one block.
#[derive(Default)]
struct BlockOutput {
    rows: Vec<u8>,
    stderr: Vec<u8>,
    /// Where each item's row ends, and its exit code.
    items: Vec<(usize, Exit)>,
    blank: u64,
    /// How many signatures do not match.
    mismatched: u64,
    /// Warnings about keys, which are given once for the stream.
    about_keys: Vec<Explanation>,
}

impl Stream<'_> {
    fn run(
        &self,
        input: &mut (dyn Input + Send),
        streams: &mut Streams<'_>,
    ) -> anyhow::Result<Exit> {
        let options = self.options;
        let mut progress = Progress::new(size_of(input), options, streams);
        let mut totals = Totals::default();
        let cancel = Arc::new(CancelToken::new()?);
        let _listening = cancel.on_signals()?;
        let ended = batch::run(
            Lines::new(CancellableInput { input, token: &cancel }, LONGEST),
            self.plan.threads,
            &cancel,
            || {
                let (detail, now) = (self.plan.detail, self.now());
                let context = ItemContext::new(self.request, detail, HEADERS, now);
                (context, BlockOutput::default())
            },
            |(context, output), block| self.process(block, context, output),
            |(_, output), block| {
                progress.advance(block.read(), output.items.len() as u64 + output.blank);
                let prints = !output.stderr.is_empty() || !output.about_keys.is_empty();
                progress.suspend(prints, || totals.deliver(output, options, streams))
            },
        );
        let summary = totals.summary(progress.finish(), cancel.signal(), self.plan.detail);
        Ok(self.finish(ended, &summary, streams))
    }

    /// Prints the summary and why the stream ended too early. If that was a signal, it ends the program.
    fn finish(
        &self,
        ended: Result<(), Broken<io::Error>>,
        summary: &Summary,
        streams: &mut Streams<'_>,
    ) -> Exit {
        let is_gate = self.request.verb().is_gate();
        let exit = Exit::first_of(summary.counts.iter().map(|(exit, _)| *exit));
        let failure = match ended {
            Ok(()) => None,
            // The reader may leave early. But then a gate has not checked all tokens.
            Err(Broken::Deliver(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                if !is_gate {
                    return exit;
                }
                let message = "the reader of the output exited before the end of the input";
                Notice::plain(message, None).print(self.options, streams);
                return Exit::Failure;
            }
            Err(Broken::Deliver(error)) => Some(("write the rows", error)),
            Err(Broken::Read(error)) => Some(("read the lines", error)),
        };
        if let Some((what, error)) = &failure {
            let message = format!("cannot {what}: {}", reason(error));
            Notice::plain(message, None).print(self.options, streams);
        }
        self.writer.print_summary(summary, streams);
        if let Some(signal) = summary.signal {
            exit_by_signal(signal);
        }
        if failure.is_some() {
            return Exit::Failure;
        }
        if is_gate && summary.counts.is_empty() && summary.signal.is_none() {
            let hint = "did the command that writes it print anything?";
            let notice = Notice::plain("there is no token in the input", Some(hint.to_owned()));
            notice.print(self.options, streams);
            return Exit::Invalid;
        }
        exit
    }

    fn now(&self) -> NumericDate {
        When::now(self.request.at, (self.clock)())
    }

    fn process(&self, block: &Block, context: &mut ItemContext, output: &mut BlockOutput) {
        output.clear();
        context.now = self.now();
        for line in block.lines() {
            let Line { bytes, cut, .. } = line;
            if bytes.trim_ascii().is_empty() && !cut {
                output.blank += 1;
                continue;
            }
            let item = Ok(Item { bytes, cut, argument: None });
            let mut outcome = commands::process(self.processor, item, context);
            let exit = Exit::of(&mut outcome);
            output.mismatched += u64::from(outcome.problems().first().is_some_and(is_mismatch));
            // A report contains its warnings.
            if !self.plan.detail.key {
                let about_keys = outcome.warnings.iter().filter(|warning| warning.is_about_key());
                output.about_keys.extend(about_keys.map(Warning::explain));
            }
            let item = ProcessedItem { line, outcome: &outcome, exit };
            self.writer.write(&item, &mut output.rows, &mut output.stderr);
            output.items.push((output.rows.len(), exit));
        }
    }
}

impl BlockOutput {
    /// Clears it for the next block, and frees the memory that an unusually large block needed.
    fn clear(&mut self) {
        for text in [&mut self.rows, &mut self.stderr] {
            text.clear();
            text.shrink_to(KEPT_CAPACITY);
        }
        self.items.clear();
        (self.blank, self.mismatched) = (0, 0);
        self.about_keys.clear();
    }
}

fn is_mismatch(problem: &Problem) -> bool {
    matches!(problem, Problem::Signature { refusal, .. } if matches!(**refusal, Refusal::Mismatch { .. }))
}

/// What was delivered.
#[derive(Default)]
struct Totals {
    /// How many items there were of each exit code, by its number.
    counts: [u64; TABLE.len()],
    blank: u64,
    mismatched: u64,
    /// The warnings about keys that were given.
    warned: HashSet<String>,
}

impl Totals {
    /// Writes the rows of a block, and counts those that were written.
    fn deliver(
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
        let (written, result) = write_rows(streams.out, &output.rows);
        for (_, exit) in output.items.iter().take_while(|(end, _)| *end <= written) {
            self.counts[usize::from(exit.code())] += 1;
        }
        result?;
        self.blank += output.blank;
        self.mismatched += output.mismatched;
        // The rows matter even if stderr cannot be written to.
        let _ = streams.err.write_all(&output.stderr);
        Ok(())
    }

    fn summary(&self, speed: Option<String>, signal: Option<i32>, detail: Detail) -> Summary {
        let counts = TABLE.iter().map(|(exit, ..)| *exit).zip(self.counts);
        Summary {
            counts: counts.filter(|(_, count)| *count > 0).collect(),
            blank: self.blank,
            speed,
            signal,
            all_mismatch: self.mismatched > 1
                && self.mismatched == self.counts.iter().sum::<u64>()
                && !detail.explain,
        }
    }
}
