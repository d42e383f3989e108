//! A stream's rows, one line for each item whatever it contains; and the summary at the end.

use std::io;

use serde::ser::Serializer as _;

use super::exit::{Exit, TABLE};
use super::notice::Notice;
use super::place::Place;
use super::report::{report, status};
use super::streams::{OutputOptions, Streams};
use super::terminal::{HINT, Paint, for_terminal, write_json};
use crate::explain::{Explanation, Problem, Warning};
use crate::json::{Layout, Object, quote, respaced};
use crate::outcome::{Answer, Outcome};
use crate::request::{RowContent, RowFilter, RowFormat, StreamRequest, Verb};
use crate::text::counted;
use crate::token::strip_wrapping;

/// Writes the rows of a stream; the same for all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowWriter {
    verb: Verb,
    format: RowFormat,
    filter: RowFilter,
    options: OutputOptions,
    /// The colours if rows go to a terminal; then rows are escaped, too.
    paint: Option<Paint>,
    stderr_paint: Paint,
}

pub(crate) struct ProcessedItem<'a> {
    pub(crate) place: Place<'a>,
    /// Its text, cut at the limit.
    pub(crate) text: &'a [u8],
    pub(crate) cut: bool,
    pub(crate) outcome: &'a Outcome,
    pub(crate) exit: Exit,
}

impl RowWriter {
    pub(crate) fn new(
        verb: Verb,
        &StreamRequest { format, filter, .. }: &StreamRequest,
        options: OutputOptions,
        streams: &Streams<'_>,
    ) -> Self {
        let out = streams.out_terminal;
        let paint = out.is_terminal().then(|| Paint::new(options.color, out));
        let stderr_paint = Paint::new(options.color, streams.err_terminal);
        Self { verb, format, filter, options, paint, stderr_paint }
    }

    /// Writes an item's row, and its messages for stderr.
    pub(crate) fn write(&self, item: &ProcessedItem<'_>, rows: &mut Vec<u8>, stderr: &mut Vec<u8>) {
        if !self.is_wanted(item.exit) {
            return;
        }
        let start = rows.len();
        match self.format {
            // The lines of found tokens are printed once.
            RowFormat::Lines if item.place.found.is_some() => return,
            RowFormat::Nothing | RowFormat::Counts => return,
            RowFormat::Verdicts(content) => self.verdict(item, content, rows),
            RowFormat::Reports => {
                let report = report(self.verb, Some(item.place), item.outcome, item.exit);
                rows.extend(respaced(&report, Layout::Compact).into_bytes());
            }
            RowFormat::Lines | RowFormat::Tokens if item.cut => {
                let message = format!("{} is too long to be printed", item.place);
                stderr.extend(self.text(&Notice::plain(message, None)));
                return;
            }
            RowFormat::Lines => return self.write_text(item.text, rows),
            RowFormat::Tokens => match str::from_utf8(item.text) {
                Ok(text) => rows.extend(strip_wrapping(text).as_bytes()),
                Err(_) => rows.extend(item.text),
            },
            RowFormat::Answers => self.answer(item, rows, stderr),
        }
        self.end_row(start, rows);
    }

    /// Whether items with this exit code get a row.
    pub(crate) fn is_wanted(&self, exit: Exit) -> bool {
        match self.filter {
            RowFilter::All => true,
            RowFilter::Valid => exit == Exit::Ok,
            RowFilter::Failed => exit != Exit::Ok,
        }
    }

    /// Writes a token or line as it is.
    pub(crate) fn write_text(&self, text: &[u8], rows: &mut Vec<u8>) {
        let start = rows.len();
        rows.extend(text.strip_suffix(b"\r").unwrap_or(text));
        self.end_row(start, rows);
    }

    fn end_row(&self, start: usize, rows: &mut Vec<u8>) {
        if let Some(paint) = self.paint {
            self.make_readable(start, paint, rows);
        }
        rows.push(b'\n');
    }

    /// `{"line":1,"status":"valid","claims":{…},"problems":[]}`; warnings follow if there are any.
    fn verdict(&self, item: &ProcessedItem<'_>, content: RowContent, rows: &mut Vec<u8>) {
        rows.push(b'{');
        if let Some(path) = item.place.path {
            rows.extend(b"\"path\":");
            rows.extend(quote(path).as_bytes());
            rows.push(b',');
        }
        for (name, number) in item.place.members() {
            rows.push(b'"');
            rows.extend(name.as_bytes());
            rows.extend(b"\":");
            rows.extend(itoa::Buffer::new().format(number).as_bytes());
            rows.push(b',');
        }
        rows.extend(b"\"status\":\"");
        rows.extend(status(item.exit, self.verb).as_bytes());
        rows.push(b'"');
        let answer = item.outcome.answer();
        let (header, claims) = answer.map(Answer::header_and_claims).unwrap_or_default();
        if content != RowContent::Claims {
            member(rows, ",\"header\":", header.map(|header| &header.object));
        }
        if content != RowContent::Header {
            member(rows, ",\"claims\":", claims.map(|claims| &claims.object));
        }
        rows.extend(b",\"problems\":");
        list(rows, item.outcome.problems().iter().map(Problem::explain));
        let mut warnings = warnings(item.outcome).peekable();
        if warnings.peek().is_some() {
            rows.extend(b",\"warnings\":");
            list(rows, warnings);
        }
        rows.push(b'}');
    }

    fn answer(&self, item: &ProcessedItem<'_>, rows: &mut Vec<u8>, stderr: &mut Vec<u8>) {
        match item.outcome.answer() {
            Some(Answer::Encoded(encoded)) => rows.extend(encoded.token.as_bytes()),
            Some(Answer::Claim(value)) => match value.as_string() {
                // A string of several lines would become several rows.
                Some(text) if !text.contains(['\n', '\r']) => rows.extend(text.into_bytes()),
                _ => rows.extend(respaced(value.text(), Layout::Compact).into_bytes()),
            },
            _ => {}
        }
        let with_line = |mut explanation: Explanation| {
            explanation.message = format!("{}: {}", item.place, explanation.message);
            explanation
        };
        for problem in item.outcome.problems() {
            stderr.extend(self.text(&Notice::error(with_line(problem.explain()))));
        }
        for warning in warnings(item.outcome) {
            stderr.extend(self.text(&Notice::warning(with_line(warning))));
        }
    }

    /// Prints how many items there were of each status.
    pub(crate) fn print_counts(
        &self,
        summary: &Summary,
        streams: &mut Streams<'_>,
    ) -> io::Result<()> {
        let count = |of: Exit| {
            summary.counts.iter().find(|(exit, _)| *exit == of).map_or(0, |(_, count)| *count)
        };
        let counts = TABLE
            .iter()
            .map(|(exit, ..)| format!("{}:{}", quote(status(*exit, self.verb)), count(*exit)));
        let counts = counts.collect::<Vec<_>>().join(",");
        writeln!(streams.out, "{{{counts}}}")?;
        streams.out.flush()
    }

    /// A message for stderr.
    pub(crate) fn text(&self, notice: &Notice) -> Vec<u8> {
        notice.text(self.options, self.stderr_paint).into_bytes()
    }

    /// Escapes what a terminal would act on, and colours JSON.
    fn make_readable(&self, start: usize, paint: Paint, rows: &mut Vec<u8>) {
        let row = String::from_utf8_lossy(&rows[start..]).into_owned();
        rows.truncate(start);
        match self.format {
            RowFormat::Verdicts(_) | RowFormat::Reports => {
                let written = write_json(&row, Layout::Compact, Some(paint), rows);
                written.expect("a Vec can be written to");
            }
            _ => rows.extend(for_terminal(&row).into_bytes()),
        }
    }

    /// Prints how many items there were of each status, unless `quiet` forbids that.
    pub(crate) fn print_summary(&self, summary: &Summary, streams: &mut Streams<'_>) {
        if self.options.quiet {
            return;
        }
        let name = |exit| match self.verb {
            Verb::Verify | Verb::Decode => status(exit, self.verb),
            _ => exit.name(),
        };
        let counts = summary.counts.iter().map(|(exit, count)| format!("{count} {}", name(*exit)));
        let blank = (summary.blank > 0).then(|| format!("{} blank", summary.blank));
        let parts: Vec<_> = counts.chain(blank).collect();
        let lines = summary.counts.iter().map(|(_, count)| count).sum::<u64>() + summary.blank;
        let lines = counted(lines, if summary.finds { "token" } else { "line" });
        let label = self.stderr_paint.paint(HINT, "summary:");
        let interrupted = if summary.signal.is_some() { "interrupted after " } else { "" };
        let counts =
            if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let speed = summary.speed.as_ref().map(|speed| format!(" ({speed})")).unwrap_or_default();
        let mut text = format!("{label} {interrupted}{lines}{counts}{speed}\n");
        if summary.all_mismatch {
            text += &self.stderr_paint.paint(HINT, "hint:");
            text += " no signature matches; --explain searches for the reason\n";
        }
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }
}

/// The result of a stream, for the summary.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) counts: Vec<(Exit, u64)>,
    pub(crate) blank: u64,
    /// Whether the items are tokens in text, and not lines.
    pub(crate) finds: bool,
    /// How long it took and how fast that was, if a progress bar was shown.
    pub(crate) speed: Option<String>,
    /// The signal that ended it, if one did.
    pub(crate) signal: Option<i32>,
    /// Whether there were several signatures, none matched, and the reason was not searched for.
    pub(crate) all_mismatch: bool,
}

/// The warnings about the item itself; those about keys are given once for the stream.
fn warnings(outcome: &Outcome) -> impl Iterator<Item = Explanation> {
    outcome.warnings.iter().filter(|warning| !warning.is_about_key()).map(Warning::explain)
}

fn member(rows: &mut Vec<u8>, before: &str, object: Option<&Object>) {
    rows.extend(before.as_bytes());
    match object {
        Some(object) => rows.extend(object.text().as_bytes()),
        None => rows.extend(b"null"),
    }
}

fn list(rows: &mut Vec<u8>, explanations: impl Iterator<Item = Explanation>) {
    let written = serde_json::Serializer::new(rows).collect_seq(explanations);
    written.expect("every key of an explanation is a string");
}
