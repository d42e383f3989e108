//! A stream's rows: one for each item, on one line whatever the item holds; and what is said at its end.

use super::escape::for_terminal;
use super::notice::{Notice, text};
use super::report::{self, Said, said, status};
use super::style::Paint;
use super::{OutputOptions, Streams, view};
use crate::claims::Claims;
use crate::json::{Layout, Object, respaced};
use crate::outcome::{Answer, Outcome};
use crate::output::exit::Exit;
use crate::request::Verb;

/// What becomes of the items of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// A line of JSON each: its verdict, what it holds, what is wrong with it.
    Verdicts(RowContent),
    /// A line of JSON each, with everything.
    Reports,
    /// The answer itself; where there is none an empty line, and why on stderr.
    Answers,
    /// The lines that came in, as they were.
    Lines,
    /// None.
    Nothing,
}

/// What of a token a verdict shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowContent {
    /// Its claims.
    Claims,
    /// Its header.
    Header,
    /// Both.
    HeaderAndClaims,
}

/// Which items get a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFilter {
    /// All of them.
    All,
    /// Those with an answer.
    Valid,
    /// Those without.
    Failed,
}

/// How the rows of a stream look; the same for all of them.
#[derive(Debug, Clone, Copy)]
pub struct RowWriter {
    verb: Verb,
    rows: RowFormat,
    which: RowFilter,
    format: OutputOptions,
    /// How JSON is painted and escaped, where a person is looking.
    seen: Option<Paint>,
    err: Paint,
}

/// An item that was worked on.
pub struct Item<'a> {
    /// The number of its line.
    pub line: u64,
    /// The line, up to the bound.
    pub text: &'a [u8],
    /// Whether it was longer.
    pub cut: bool,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// The code that it would have had alone.
    pub exit: Exit,
}

impl RowWriter {
    /// The look of a verb's rows on these streams.
    #[must_use]
    pub fn new(
        verb: Verb,
        rows: RowFormat,
        which: RowFilter,
        format: OutputOptions,
        streams: &Streams<'_>,
    ) -> Self {
        let out = streams.out_terminal;
        let seen = out.is_terminal().then(|| Paint::new(format.color, out));
        Self {
            verb,
            rows,
            which,
            format,
            seen,
            err: Paint::new(format.color, streams.err_terminal),
        }
    }

    /// Writes an item's row, and what is to be said of it.
    pub fn write(&self, item: &Item<'_>, rows: &mut Vec<u8>, stderr: &mut Vec<u8>) {
        let is_valid = item.exit == Exit::Ok;
        let is_wanted = match self.which {
            RowFilter::All => true,
            RowFilter::Valid => is_valid,
            RowFilter::Failed => !is_valid,
        };
        if !is_wanted {
            return;
        }
        let start = rows.len();
        match self.rows {
            RowFormat::Nothing => return,
            RowFormat::Verdicts(held) => self.verdict(item, held, rows),
            RowFormat::Reports => {
                let report = report::report(self.verb, Some(item.line), item.outcome, item.exit);
                rows.extend(respaced(&report, Layout::Compact).into_bytes());
            }
            RowFormat::Lines if item.cut => {
                let message = format!("line {} is too long to be printed", item.line);
                let notice = Notice::plain(message, None);
                stderr.extend(text(&notice, self.format, self.err).into_bytes());
                return;
            }
            RowFormat::Lines => rows.extend(item.text.strip_suffix(b"\r").unwrap_or(item.text)),
            RowFormat::Answers => self.answer(item, rows, stderr),
        }
        if self.seen.is_some() {
            self.make_seen(start, rows);
        }
        rows.push(b'\n');
    }

    /// `{"line":1,"status":"valid","claims":{…},"problems":[]}`; warnings follow where there are any.
    fn verdict(&self, item: &Item<'_>, held: RowContent, rows: &mut Vec<u8>) {
        rows.extend(b"{\"line\":");
        rows.extend(itoa::Buffer::new().format(item.line).as_bytes());
        rows.extend(b",\"status\":\"");
        rows.extend(status(item.exit, self.verb).as_bytes());
        rows.push(b'"');
        let (header, claims) = match &item.outcome.answer {
            Some(Answer::Verified { header, claims } | Answer::Decoded { header, claims, .. }) => {
                (Some(header), Some(claims))
            }
            Some(Answer::Header(header)) => (Some(header), None),
            _ => (None, None),
        };
        if held != RowContent::Claims {
            member(rows, ",\"header\":", header.map(|header| header.object()));
        }
        if held != RowContent::Header {
            member(rows, ",\"claims\":", claims.map(Claims::object));
        }
        rows.extend(b",\"problems\":");
        list(rows, item.outcome.problems.iter().map(|problem| said(problem.explain())));
        let mut warnings = item.outcome.warnings.iter().filter(|w| !w.is_about_key()).peekable();
        if warnings.peek().is_some() {
            rows.extend(b",\"warnings\":");
            list(rows, warnings.map(|warning| said(warning.explain())));
        }
        rows.push(b'}');
    }

    fn answer(&self, item: &Item<'_>, rows: &mut Vec<u8>, stderr: &mut Vec<u8>) {
        match &item.outcome.answer {
            Some(Answer::EncodedToken(minted)) => rows.extend(minted.token.as_bytes()),
            Some(Answer::Claim(value)) => match value.as_string() {
                // A string of several lines would be several rows.
                Some(text) if !text.contains(['\n', '\r']) => rows.extend(text.into_bytes()),
                _ => rows.extend(respaced(value.text(), Layout::Compact).into_bytes()),
            },
            _ => {}
        }
        let at = |mut explanation: crate::explain::Explanation| {
            explanation.message = format!("line {}: {}", item.line, explanation.message);
            explanation
        };
        let errors = item.outcome.problems.iter().map(|p| Notice::error(at(p.explain())));
        let warnings = item.outcome.warnings.iter().filter(|w| !w.is_about_key());
        let warnings = warnings.map(|w| Notice::warning(at(w.explain())));
        for notice in errors.chain(warnings) {
            stderr.extend(text(&notice, self.format, self.err).into_bytes());
        }
    }

    /// What a terminal must not act on is escaped, and JSON painted.
    fn make_seen(&self, start: usize, rows: &mut Vec<u8>) {
        let Some(paint) = self.seen else { return };
        let row = String::from_utf8_lossy(&rows[start..]).into_owned();
        rows.truncate(start);
        match self.rows {
            RowFormat::Verdicts(_) | RowFormat::Reports => {
                let written = view::json(&row, Layout::Compact, Some(paint), rows);
                written.expect("memory takes it");
            }
            _ => rows.extend(for_terminal(&row).into_bytes()),
        }
    }

    /// Says how many items there were and what came of them, unless it is to be quiet.
    pub fn print_summary(&self, summary: &Summary, streams: &mut Streams<'_>) {
        if self.format.quiet {
            return;
        }
        let name = |exit| match self.verb {
            Verb::Verify | Verb::Decode => status(exit, self.verb),
            _ => exit.name(),
        };
        let items: u64 = summary.counts.iter().map(|(_, count)| count).sum();
        let counts = summary.counts.iter().map(|(exit, count)| format!("{count} {}", name(*exit)));
        let blank = (summary.blank > 0).then(|| format!("{} blank", summary.blank));
        let parts: Vec<_> = counts.chain(blank).collect();
        let lines = if items + summary.blank == 1 { "line" } else { "lines" };
        let interrupted = if summary.interrupted { "interrupted after " } else { "" };
        let found =
            if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let pace = summary.pace.as_ref().map(|pace| format!(" ({pace})")).unwrap_or_default();
        let text = format!(
            "{} {interrupted}{} {lines}{found}{pace}\n",
            self.err.hint("summary:"),
            items + summary.blank
        );
        let hint = if summary.is_puzzling {
            format!("{} not one signature matches; --explain looks why\n", self.err.hint("hint:"))
        } else {
            String::new()
        };
        let text = text + &hint;
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }
}

/// What came of a stream.
#[derive(Debug)]
pub struct Summary {
    /// How many items had which code.
    pub counts: Vec<(Exit, u64)>,
    /// How many lines were blank.
    pub blank: u64,
    /// How long it took and how fast that was, for who watched it.
    pub pace: Option<String>,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// Whether not one of several signatures matches, and nobody looked why.
    pub is_puzzling: bool,
}

fn member(rows: &mut Vec<u8>, before: &str, object: Option<&Object>) {
    rows.extend(before.as_bytes());
    match object {
        Some(object) => rows.extend(object.text().as_bytes()),
        None => rows.extend(b"null"),
    }
}

fn list(rows: &mut Vec<u8>, mut items: impl Iterator<Item = Said>) {
    rows.push(b'[');
    if let Some(first) = items.next() {
        write_said(rows, &first);
        for next in items {
            rows.push(b',');
            write_said(rows, &next);
        }
    }
    rows.push(b']');
}

fn write_said(rows: &mut Vec<u8>, said: &Said) {
    let written = serde_json::to_writer(&mut *rows, said);
    written.expect("what is said is always JSON, and memory takes it");
}
