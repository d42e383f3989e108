//! Applies a verb to every line of an input, or to every token in it: a row for each, and the exit code of the worst.

mod finish;
mod output;
mod sources;
pub(crate) mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{io, mem};

use crate::audit::Severity;
use crate::batch::{self, Block, Blocks, Broken, Line, Lines};
use crate::commands::{self, Item, ItemContext, Processor};
use crate::crypto::Verdicts;
use crate::env::Env;
use crate::explain::{Problem, Warning};
use crate::input::{
    Chunk, Chunks, Counted, Decompressed, LONGEST, OpenText, Position, Reaching, Wordlist,
    open_text,
};
use crate::outcome::{Answer, Outcome, Problems};
use crate::output::exit::Exit;
use crate::output::{
    Log, Notice, OutputOptions, Place, ProcessedItem, Progress, RowWriter, SharedHint, Streams,
    View, begin_sarif, end_sarif, mask, render, warnings,
};
use crate::request::{RowFormat, StreamRequest, TokenAction, TokenRequest};
use crate::sys::{CancelToken, CancellableInput, Input, reason, size_of};
use crate::time::{NumericDate, When};
use crate::token::TokenFinder;

use finish::finish;
use output::{BlockOutput, Totals};
use sources::{name_of, size_of_source};

pub(crate) use words::try_words;

/// How many headers a thread caches. Tokens of one key have the same header, and sets rarely have more keys than this.
const HEADERS: usize = 1024;

/// Processes all items.
///
/// # Errors
/// Those of the operating system before the first item is read.
pub(crate) fn run(
    request: &TokenRequest,
    plan: &StreamRequest,
    options: OutputOptions,
    env: &mut Env<'_>,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Exit> {
    let verb = request.verb();
    // The input is opened before the keys are read, so that a key from the same input is refused, and not the input.
    // One of several is opened when it is needed.
    let first = match &plan.sources[..] {
        [_, _, ..] => Ok(None),
        sources => open_text(sources.first(), flag(plan), verb, env).map(Some),
    };
    let words = match &request.action {
        TokenAction::Audit(audit) => audit.wordlist.as_ref(),
        _ => None,
    };
    let words = words.map(|source| Wordlist::read(source, env)).transpose();
    let loaded = Problems::both(commands::load(request, env), words);
    match Problems::both(first, loaded) {
        Ok((first, (processor, words))) => {
            let writer = RowWriter::new(verb, plan, options, streams);
            let (processor, clock) = (&*processor, env.clock);
            let bytes = AtomicU64::new(0);
            let verdicts = Verdicts::of_a_stream();
            let stream =
                Stream { request, plan, options, processor, words, clock, writer, bytes, verdicts };
            stream.run(first, env, streams)
        }
        Err(problems) => {
            let mut outcome = Outcome::new(Err(problems), NumericDate::default());
            let exit = Exit::of(&mut outcome);
            let options = OutputOptions { compact: true, ..options };
            render(verb, &outcome, exit, options, &View::default(), streams)?;
            Ok(exit)
        }
    }
}

fn flag(plan: &StreamRequest) -> &'static str {
    if plan.finds { "--find" } else { "--batch" }
}

struct Stream<'a> {
    request: &'a TokenRequest,
    plan: &'a StreamRequest,
    options: OutputOptions,
    processor: &'a dyn Processor,
    /// Secrets to try on each token.
    words: Option<Wordlist>,
    clock: &'a (dyn Fn() -> NumericDate + Sync),
    writer: RowWriter,
    /// How many bytes of all inputs were read.
    bytes: AtomicU64,
    /// The signatures that have matched, in all inputs.
    verdicts: Verdicts,
}

/// What a thread keeps between blocks.
struct Worker<F> {
    context: ItemContext,
    /// Finds the tokens in text; nothing where each line is one.
    finder: F,
}

impl Stream<'_> {
    /// `first` is the input if there is only one.
    fn run(
        &self,
        first: Option<OpenText>,
        env: &mut Env<'_>,
        streams: &mut Streams<'_>,
    ) -> anyhow::Result<Exit> {
        let cancel = Arc::new(CancelToken::new()?);
        let _listening = cancel.on_signals()?;
        let mut first = first;
        let sizes: Vec<_> = match &mut first {
            Some(first) => vec![size_of(first.reader(&mut env.stdin))],
            None => self.plan.sources.iter().map(size_of_source).collect(),
        };
        let size = sizes.iter().copied().sum();
        let mut progress = Progress::new(size, self.plan.unit(), self.options, streams);
        let mut totals = Totals::default();
        let is_sarif = self.plan.format == RowFormat::Sarif;
        if is_sarif {
            totals.begins_log = true;
            streams.out.write_all(begin_sarif().as_bytes())?;
        }
        if let Some(first) = &mut first {
            let input = first.reader(&mut env.stdin);
            // A result of code scanning is in a file; a row names it only if there are several.
            let path = self.plan.sources.first().filter(|_| is_sarif).map(name_of);
            self.read(input, path.as_deref(), &cancel, &mut progress, &mut totals, streams);
        } else {
            for (source, size) in self.plan.sources.iter().zip(sizes) {
                let before = self.bytes.load(Ordering::Relaxed);
                let path = name_of(source);
                match open_text(Some(source), flag(self.plan), self.request.verb(), env) {
                    Ok(mut opened) => {
                        let input = opened.reader(&mut env.stdin);
                        self.read(input, Some(&path), &cancel, &mut progress, &mut totals, streams);
                    }
                    Err(problem) => {
                        Notice::error(problem.explain()).print(self.options, streams);
                        totals.has_failed = true;
                    }
                }
                if cancel.is_cancelled() {
                    break;
                }
                let read = self.bytes.load(Ordering::Relaxed) - before;
                progress.correct(size.unwrap_or_default(), read);
            }
        }
        let summary = totals.summary(progress.finish(), cancel.signal());
        if self.plan.format == RowFormat::Counts && totals.undelivered.is_none() {
            totals.undelivered = self.writer.print_counts(&summary, streams).err();
        }
        if is_sarif && totals.undelivered.is_none() {
            let exit = Exit::first_of(summary.counts.iter().map(|(exit, _)| *exit));
            let exit = if totals.has_failed { Exit::Failure } else { exit };
            let written = streams.out.write_all(end_sarif(exit, &[]).as_bytes());
            totals.undelivered = written.and_then(|()| streams.out.flush()).err();
        }
        Ok(finish(self.request.verb(), self.plan, self.options, &mut totals, &summary, streams))
    }

    /// Processes the items of one input.
    fn read(
        &self,
        input: &mut (dyn Input + Send),
        path: Option<&str>,
        cancel: &CancelToken,
        progress: &mut Progress,
        totals: &mut Totals,
        streams: &mut Streams<'_>,
    ) {
        let (input, bytes) = (CancellableInput { input, token: cancel }, &self.bytes);
        let deliver = |output: &mut BlockOutput| {
            let items = output.items.len() as u64 + output.blank;
            progress.advance(output.reach, items);
            let prints = !output.notices.is_empty() || !output.about_keys.is_empty();
            progress.suspend(prints, || totals.deliver(output, self.options, streams))
        };
        let ended = if !self.plan.finds {
            let lines = Lines::new(Counted { input, bytes }, LONGEST);
            let work = |worker: &mut Worker<()>, block: &_, output: &mut _| {
                self.process_lines(block, path, &mut worker.context, output);
            };
            self.process_all(lines, cancel, || (), work, deliver)
        } else if self.plan.format == RowFormat::Lines {
            let lines = Lines::new(Decompressed::new(input, bytes), LONGEST);
            let work = |worker: &mut _, block: &_, output: &mut _| {
                self.process_lines_with_tokens(block, path, worker, output);
            };
            self.process_all(lines, cancel, || TokenFinder::new(HEADERS), work, deliver)
        } else {
            let chunks = Chunks::new(Decompressed::new(input, bytes), LONGEST)
                .with_positions(self.plan.prints_places());
            let work = |worker: &mut _, chunk: &_, output: &mut _| {
                self.process_tokens(chunk, path, worker, output);
            };
            self.process_all(chunks, cancel, || TokenFinder::new(HEADERS), work, deliver)
        };
        match ended {
            Ok(()) => {}
            Err(Broken::Deliver(error)) => totals.undelivered = Some(error),
            Err(Broken::Read(error)) => {
                let what = path.unwrap_or(if self.plan.finds { "the text" } else { "the lines" });
                let message = format!("cannot read {what}: {}", reason(&error));
                Notice::plain(message, None).print(self.options, streams);
                totals.has_failed = true;
            }
        }
    }

    fn process_all<B: Blocks + Send, F>(
        &self,
        blocks: B,
        cancel: &CancelToken,
        finder: impl Fn() -> F + Sync,
        work: impl Fn(&mut Worker<F>, &B::Block, &mut BlockOutput) + Sync,
        deliver: impl FnMut(&mut BlockOutput) -> io::Result<()> + Send,
    ) -> Result<(), Broken<io::Error>> {
        let blocks = Reaching { blocks, bytes: &self.bytes };
        let worker = || {
            let (detail, verdicts) = (self.plan.detail, self.verdicts.clone());
            let context = ItemContext::new(self.request, detail, HEADERS, verdicts, self.now());
            Worker { context, finder: finder() }
        };
        let work = |worker: &mut Worker<F>, block: &(B::Block, u64), output: &mut BlockOutput| {
            let (block, reach) = block;
            output.clear();
            output.reach = *reach;
            if self.options.quiet {
                // Without a summary there is no hint.
                output.hint = SharedHint::None;
            }
            worker.context.now = self.now();
            work(worker, block, output);
        };
        batch::run(blocks, self.plan.threads, cancel, worker, work, deliver)
    }

    fn now(&self) -> NumericDate {
        When::now(self.request.at, (self.clock)())
    }

    fn process_lines(
        &self,
        block: &Block,
        path: Option<&str>,
        context: &mut ItemContext,
        output: &mut BlockOutput,
    ) {
        for Line { number, bytes, cut } in block.lines() {
            if bytes.trim_ascii().is_empty() && !cut {
                output.blank += 1;
                continue;
            }
            let place = Place { path, line: number, found: None };
            self.process(place, bytes, cut, context, output);
        }
    }

    fn process_tokens(
        &self,
        chunk: &Chunk,
        path: Option<&str>,
        Worker { context, finder }: &mut Worker<TokenFinder>,
        output: &mut BlockOutput,
    ) {
        let is_all = self.plan.prints_all_found(self.request.verb());
        chunk.each_token(finder, |position, token| {
            let Position { line, column, byte } = position.unwrap_or_default();
            if is_all {
                self.writer.write_text(token, &mut output.rows);
                output.items.push((output.rows.len(), Exit::Ok));
            } else {
                let place = Place { path, line, found: Some((column, byte)) };
                self.process(place, token, false, context, output);
            }
        });
    }

    /// Prints the lines with a token that has a row.
    fn process_lines_with_tokens(
        &self,
        block: &Block,
        path: Option<&str>,
        Worker { context, finder }: &mut Worker<TokenFinder>,
        output: &mut BlockOutput,
    ) {
        for Line { number, bytes, cut } in block.lines() {
            let (mut from, mut is_wanted) = (0, false);
            let before = output.items.len();
            while let Some(token) = finder.next(bytes, from) {
                let place = Place { path, line: number, found: Some((token.start as u64 + 1, 0)) };
                from = token.end;
                let exit = self.process(place, &bytes[token], false, context, output);
                is_wanted |= self.writer.is_wanted(exit);
            }
            if cut {
                let place = Place { path, line: number, found: None };
                let message = format!("{place} is too long to be searched to its end");
                output.notices.push(Notice::plain(message, None));
                output.items.push((output.rows.len(), Exit::Failure));
            }
            if is_wanted {
                self.writer.write_text(bytes, &mut output.rows);
            }
            for (end, _) in &mut output.items[before..] {
                *end = output.rows.len();
            }
        }
    }

    /// Processes an item, and writes its row.
    fn process(
        &self,
        place: Place<'_>,
        text: &[u8],
        cut: bool,
        context: &mut ItemContext,
        output: &mut BlockOutput,
    ) -> Exit {
        if self.writer.writes_accepted() && !self.plan.detail.key && !cut {
            let rows = &mut output.rows;
            let mut show =
                |header: &_, claims: &_| self.writer.write_accepted(place, header, claims, rows);
            if self.processor.show_accepted(text.trim_ascii(), context, &mut show) {
                output.hint = SharedHint::None;
                output.items.push((output.rows.len(), Exit::Ok));
                return Exit::Ok;
            }
        }
        let is_found = place.found.is_some();
        let item = Ok(Item { bytes: text, cut, is_found, argument: None, payload: None });
        let mut outcome = commands::process(self.processor, item, context);
        if let (Some(words), Ok(Answer::Audited(report))) = (&self.words, &mut outcome.result) {
            for target in mem::take(&mut report.targets) {
                report.guessed(words.find(&target));
            }
        }
        let exit = Exit::of(&mut outcome);
        let is_told = matches!(
            self.plan.format,
            RowFormat::Verdicts(_) | RowFormat::Answers | RowFormat::Sarif
        );
        let told = outcome.problems().iter().filter(|_| is_told);
        let problems: Vec<_> = told.map(Problem::explain).collect();
        let index = output.items.len();
        if let Some(first) = outcome.problems().first() {
            let explained = problems.first();
            let code = explained.map_or_else(|| first.code(), |explained| explained.code);
            output.failures.push((index, code));
            let hint = || explained.map_or_else(|| first.hint(), |first| first.hint.clone());
            output.hint.add(hint);
        } else {
            output.hint = SharedHint::None;
        }
        if let Some(Answer::Audited(report)) = outcome.answer() {
            let rules = report.findings.iter().map(|finding| finding.rule);
            let mut rules: Vec<_> = rules.filter(|rule| rule.severity() > Severity::Info).collect();
            rules.dedup();
            output.rules.extend(rules.into_iter().map(|rule| (index, rule)));
        }
        if matches!(self.plan.format, RowFormat::Value | RowFormat::Fields) {
            output.untold.extend(warnings(&outcome).map(|warning| (index, warning.code)));
        }
        // A report contains its warnings.
        if !self.plan.detail.key {
            let about_keys = outcome.warnings.iter().filter(|warning| warning.is_about_key());
            output.about_keys.extend(about_keys.map(Warning::explain));
        }
        if self.options.log == Log::GitHub
            && let Some(token) = outcome.answer().and_then(Answer::made_token)
        {
            output.masks += &mask(token);
        }
        let item = ProcessedItem { place, text, cut, outcome: &outcome, problems: &problems, exit };
        self.writer.write(&item, &mut output.rows, &mut output.notices);
        output.items.push((output.rows.len(), exit));
        context.reuse(outcome);
        exit
    }
}
