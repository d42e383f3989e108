//! A stream: a verb at work on the lines of an input, a row for each, the code by the worst of them.
//! It knows the rules of streams, and none of tokens.

use std::collections::HashSet;
use std::io;
use std::num::NonZero;
use std::sync::Arc;

use crate::batch::{self, Block, Broken, Line, Lines};
use crate::commands::driver::{LONGEST, Processor, find_lines, with_keys};
use crate::crypto::Refusal;
use crate::env::Env;
use crate::explain::{Explanation, Problem, Warning, reason};
use crate::input::{Detail, ItemContext, Text};
use crate::outcome::Outcome;
use crate::output::exit::{Exit, TABLE};
use crate::output::{
    self, Item, Notice, OutputOptions, Progress, RowFilter, RowFormat, RowWriter, Streams, Summary,
};
use crate::request::PathOrStdin;
use crate::request::{TokenRequest, Verb};
use crate::sys::{CancelToken, Cancellable, Input, exit_by_signal, size_of, write_rows};
use crate::time::NumericDate;

/// What is asked of a stream, whatever its verb.
#[derive(Debug)]
pub struct StreamRequest {
    /// Where the lines come from, if that is named.
    pub source: Option<PathOrStdin>,
    /// How many threads work on them.
    pub threads: NonZero<usize>,
    /// How much is found out.
    pub detail: Detail,
    /// What becomes of an item.
    pub rows: RowFormat,
    /// Which items get a row.
    pub which: RowFilter,
}

/// The room that is kept for the rows of a block, in bytes: what it usually takes.
const MOST_KEPT: usize = 4 * batch::BLOCK;

/// Works on all lines, and gives the exit code.
///
/// # Errors
/// The operating system's, before the first line is read.
pub fn run(
    request: &TokenRequest,
    plan: &StreamRequest,
    format: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Exit> {
    let verb = request.verb();
    // The input comes before the keys, so that one of them which it was named for too says so.
    let problems = match find_lines(plan.source.as_ref(), verb.name(), env) {
        Ok(mut lines) => {
            let worked = with_keys(request, env, |work, env| {
                let stream = Stream { verb, plan, format, work, clock: env.clock };
                stream.run(lines.open(env), streams)
            });
            match worked {
                Ok(ran) => return ran,
                Err(problems) => problems,
            }
        }
        Err(problem) => {
            let unusable = with_keys(request, env, |_, _| ()).err();
            std::iter::once(problem).chain(unusable.into_iter().flatten()).collect()
        }
    };
    let mut outcome = Outcome { problems, ..Outcome::default() };
    let exit = Exit::order_by_precedence(&mut outcome.problems);
    let format = OutputOptions { compact: true, ..format };
    output::render(verb, &outcome, exit, format, streams)?;
    Ok(exit)
}

struct Stream<'a> {
    verb: Verb,
    plan: &'a StreamRequest,
    format: OutputOptions,
    work: &'a Processor<'a>,
    clock: &'a (dyn Fn() -> NumericDate + Sync),
}

/// What a thread makes of a block.
struct BlockOutput {
    context: ItemContext,
    rows: Vec<u8>,
    stderr: Vec<u8>,
    /// Where each item's row ends, and its code.
    items: Vec<(usize, Exit)>,
    blank: u64,
    /// How many signatures do not match.
    mismatched: u64,
    /// What is worth a word about the keys.
    keys: Vec<Explanation>,
}

impl Stream<'_> {
    fn run(
        &self,
        input: &mut (dyn Input + Send),
        streams: &mut Streams<'_>,
    ) -> anyhow::Result<Exit> {
        let rows_writer =
            RowWriter::new(self.verb, self.plan.rows, self.plan.which, self.format, streams);
        let mut progress = Progress::of(size_of(input), self.format, streams);
        let mut tally = Tally::default();
        let stop = Arc::new(CancelToken::new()?);
        let _listening = stop.on_signals()?;
        let ended = batch::run(
            Lines::new(Cancellable { input, token: &stop }, LONGEST),
            self.plan.threads,
            &stop,
            || self.output(),
            |output, block| self.fill(output, block, &rows_writer),
            |output, block| {
                progress.advance(block.read(), output.items.len() as u64 + output.blank);
                progress.aside(output.is_said(), || tally.deliver(output, self.format, streams))
            },
        );
        progress.finish();
        let mut exit = Exit::first_of(tally.counts().map(|(exit, _)| exit));
        let broken = match ended {
            Ok(()) => None,
            // The reader of the output may exit early. A gate has then not judged all of its tokens.
            Err(Broken::Deliver(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                if !self.verb.is_gate() {
                    return Ok(exit);
                }
                let message =
                    "the reader of the output exited before the end of the input".to_owned();
                output::print(&Notice::plain(message, None), self.format, streams);
                return Ok(Exit::Failure);
            }
            Err(Broken::Deliver(error)) => Some(("write the rows", error)),
            Err(Broken::Read(error)) => Some(("read the lines", error)),
        };
        if let Some((what, error)) = &broken {
            let message = format!("cannot {what}: {}", reason(error));
            output::print(&Notice::plain(message, None), self.format, streams);
        }
        let summary = Summary {
            counts: tally.counts().collect(),
            blank: tally.blank,
            pace: progress.in_words(),
            interrupted: stop.signal().is_some(),
            is_puzzling: tally.mismatched > 1
                && tally.mismatched == tally.counts.iter().sum::<u64>()
                && !self.plan.detail.explain,
        };
        rows_writer.print_summary(&summary, streams);
        if self.verb.is_gate()
            && summary.counts.is_empty()
            && broken.is_none()
            && !summary.interrupted
        {
            output::print(&no_token(), self.format, streams);
            exit = Exit::Invalid;
        }
        if let Some(signal) = stop.signal() {
            exit_by_signal(signal);
        }
        Ok(if broken.is_some() { Exit::Failure } else { exit })
    }

    fn output(&self) -> BlockOutput {
        BlockOutput {
            context: self.work.context(self.plan.detail),
            rows: Vec::new(),
            stderr: Vec::new(),
            items: Vec::new(),
            blank: 0,
            mismatched: 0,
            keys: Vec::new(),
        }
    }

    fn fill(&self, output: &mut BlockOutput, block: &Block, rows_writer: &RowWriter) {
        output.clear();
        let clock = (self.clock)();
        for Line { number: line, bytes, cut } in block.lines() {
            if bytes.trim_ascii().is_empty() && !cut {
                output.blank += 1;
                continue;
            }
            let mut outcome = self.work.item(Text { bytes, cut }, clock, &mut output.context);
            let exit = Exit::order_by_precedence(&mut outcome.problems);
            output.mismatched += u64::from(outcome.problems.first().is_some_and(is_mismatch));
            // A report says it itself.
            if !self.plan.detail.key {
                let about_keys = outcome.warnings.iter().filter(|warning| warning.is_about_key());
                output.keys.extend(about_keys.map(Warning::explain));
            }
            let item = Item { line, text: bytes, cut, outcome: &outcome, exit };
            rows_writer.write(&item, &mut output.rows, &mut output.stderr);
            output.items.push((output.rows.len(), exit));
        }
    }
}

impl BlockOutput {
    /// Whether there is something to say on stderr.
    fn is_said(&self) -> bool {
        !self.stderr.is_empty() || !self.keys.is_empty()
    }

    /// Makes room for another block, without the room that an uncommon one took.
    fn clear(&mut self) {
        for text in [&mut self.rows, &mut self.stderr] {
            text.clear();
            text.shrink_to(MOST_KEPT);
        }
        self.items.clear();
        (self.blank, self.mismatched) = (0, 0);
        self.keys.clear();
    }
}

/// The error of a gate whose stream had no token: nothing was verified.
fn no_token() -> Notice {
    Notice::plain(
        "there is no token in the input".to_owned(),
        Some("did the command that writes it print anything?".to_owned()),
    )
}

fn is_mismatch(problem: &Problem) -> bool {
    matches!(problem, Problem::Signature { refusal, .. } if matches!(**refusal, Refusal::Mismatch { .. }))
}

/// What has been delivered.
#[derive(Default)]
struct Tally {
    /// How many items there were of each code, by its number.
    counts: [u64; TABLE.len()],
    blank: u64,
    mismatched: u64,
    /// What was said about keys, which is said once.
    said: HashSet<String>,
}

impl Tally {
    /// Writes what was made of a block, and counts what was written.
    fn deliver(
        &mut self,
        output: &mut BlockOutput,
        format: OutputOptions,
        streams: &mut Streams<'_>,
    ) -> io::Result<()> {
        for about_key in output.keys.drain(..) {
            if self.said.insert(about_key.message.clone()) {
                output::print(&Notice::warning(about_key), format, streams);
            }
        }
        let (written, result) = write_rows(streams.out, &output.rows);
        for (_, exit) in output.items.iter().take_while(|(end, _)| *end <= written) {
            self.counts[usize::from(exit.code())] += 1;
        }
        result?;
        self.blank += output.blank;
        self.mismatched += output.mismatched;
        // If nobody hears what is said, the rows still count.
        let _ = streams.err.write_all(&output.stderr);
        Ok(())
    }

    /// How many items there were of each code, where there were any.
    fn counts(&self) -> impl Iterator<Item = (Exit, u64)> {
        let by_code = TABLE.iter().map(|row| row.exit).zip(self.counts);
        by_code.filter(|(_, count)| *count > 0)
    }
}
