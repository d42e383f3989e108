//! A stream's rows, one line for each item whatever it contains.

use std::io;

use serde::ser::{Serialize, Serializer as _};

use super::exit::{Exit, TABLE};
use super::fields;
use super::notice::Notice;
use super::place::Place;
use super::report::{report, status};
use super::sarif;
use super::streams::{OutputOptions, Streams};
use super::summary::Summary;
use super::terminal::{Paint, for_terminal, write_json};
use crate::claims::Claims;
use crate::explain::{Explanation, Warning};
use crate::json::{Layout, Object, quote, respaced};
use crate::outcome::{Answer, MatchedKey, Outcome};
use crate::request::{RowContent, RowFilter, RowFormat, StreamRequest, Verb};
use crate::token::{Header, strip_wrapping};

/// Writes the rows of a stream; the same for all of them.
#[derive(Debug)]
pub(crate) struct RowWriter {
    verb: Verb,
    format: RowFormat,
    filter: RowFilter,
    /// The colours if rows go to a terminal; then rows are escaped, too.
    paint: Option<Paint>,
}

pub(crate) struct ProcessedItem<'a> {
    pub(crate) place: Place<'a>,
    /// Its text, cut at the limit.
    pub(crate) text: &'a [u8],
    pub(crate) cut: bool,
    pub(crate) outcome: &'a Outcome,
    /// What is said of the outcome's problems.
    pub(crate) problems: &'a [Explanation],
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
        Self { verb, format, filter, paint }
    }

    /// Writes an item's row, and its messages for stderr.
    pub(crate) fn write(
        &self,
        item: &ProcessedItem<'_>,
        rows: &mut Vec<u8>,
        notices: &mut Vec<Notice>,
    ) {
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
            RowFormat::Sarif => {
                notices.extend(with_place(item, item.problems.iter().cloned()).map(Notice::error));
                return sarif::write_results(item.place, item.outcome, rows);
            }
            RowFormat::Lines | RowFormat::Tokens if item.cut => {
                let message = format!("{} is too long to be printed", item.place);
                notices.push(Notice::plain(message, None));
                return;
            }
            RowFormat::Lines => return self.write_text(item.text, rows),
            RowFormat::Tokens => match str::from_utf8(item.text) {
                Ok(text) => rows.extend(strip_wrapping(text).as_bytes()),
                Err(_) => rows.extend(item.text),
            },
            RowFormat::Answers => answer(item, rows, notices),
            RowFormat::Value => value(item.outcome, rows),
            RowFormat::Fields => {
                let fields = item.outcome.fields().unwrap_or_default();
                rows.extend(fields::line(fields, self.paint.is_some()).into_bytes());
            }
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
        // Between fields, tabs are printed as they are.
        if let Some(paint) = self.paint.filter(|_| self.format != RowFormat::Fields) {
            self.make_readable(start, paint, rows);
        }
        rows.push(b'\n');
    }

    /// `{"line":1,"status":"valid","claims":{…},"problems":[]}`; before the problems, the key of a set that matched; after
    /// them, warnings if there are any.
    fn verdict(&self, item: &ProcessedItem<'_>, content: RowContent, rows: &mut Vec<u8>) {
        let answer = item.outcome.answer();
        let shown = answer.map(Answer::header_and_claims).unwrap_or_default();
        self.begin_verdict(item.place, item.exit, shown, content, rows);
        if let Some(key) = &item.outcome.matched {
            matched(rows, key);
        }
        if let RowContent::Findings = content {
            rows.extend(b",\"findings\":");
            let findings = match answer {
                Some(Answer::Audited(report)) => &report.findings[..],
                _ => &[],
            };
            list(rows, findings.iter());
        }
        rows.extend(b",\"problems\":");
        list(rows, item.problems.iter());
        let mut warnings = warnings(item.outcome).peekable();
        if warnings.peek().is_some() {
            rows.extend(b",\"warnings\":");
            list(rows, warnings);
        }
        rows.push(b'}');
    }

    fn begin_verdict(
        &self,
        place: Place<'_>,
        exit: Exit,
        (header, claims): (Option<&Header>, Option<&Claims>),
        content: RowContent,
        rows: &mut Vec<u8>,
    ) {
        rows.push(b'{');
        if let Some(path) = place.path {
            rows.extend(b"\"path\":");
            rows.extend(quote(path).as_bytes());
            rows.push(b',');
        }
        for (name, number) in place.members() {
            rows.push(b'"');
            rows.extend(name.as_bytes());
            rows.extend(b"\":");
            rows.extend(itoa::Buffer::new().format(number).as_bytes());
            rows.push(b',');
        }
        rows.extend(b"\"status\":\"");
        rows.extend(status(exit, self.verb).as_bytes());
        rows.push(b'"');
        if matches!(content, RowContent::Header | RowContent::HeaderAndClaims) {
            member(rows, ",\"header\":", header.map(|header| &header.object));
        }
        if matches!(content, RowContent::Claims | RowContent::HeaderAndClaims) {
            member(rows, ",\"claims\":", claims.map(|claims| &claims.object));
            if let Some(disclosed) = claims.and_then(|claims| claims.disclosed.as_ref()) {
                rows.extend(b",\"disclosed\":");
                list(rows, disclosed.paths.iter());
            }
        }
    }

    /// Whether [`Self::write_accepted`] writes the rows.
    pub(crate) fn writes_accepted(&self) -> bool {
        matches!(self.format, RowFormat::Verdicts(_) | RowFormat::Nothing | RowFormat::Counts)
    }

    /// Writes the row of an accepted token without warnings.
    pub(crate) fn write_accepted(
        &self,
        place: Place<'_>,
        header: &Header,
        claims: &Claims,
        rows: &mut Vec<u8>,
    ) {
        if let RowFormat::Verdicts(content) = self.format
            && self.is_wanted(Exit::Ok)
        {
            let start = rows.len();
            self.begin_verdict(place, Exit::Ok, (Some(header), Some(claims)), content, rows);
            rows.extend(b",\"problems\":[]}");
            self.end_row(start, rows);
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
}

/// The token that was made, and the messages about the item.
fn answer(item: &ProcessedItem<'_>, rows: &mut Vec<u8>, notices: &mut Vec<Notice>) {
    if let Some(Answer::Encoded(encoded)) = item.outcome.answer() {
        rows.extend(encoded.token.as_bytes());
    }
    notices.extend(with_place(item, item.problems.iter().cloned()).map(Notice::error));
    notices.extend(with_place(item, warnings(item.outcome)).map(Notice::warning));
}

/// Explanations whose messages say where the item is.
fn with_place(
    item: &ProcessedItem<'_>,
    explanations: impl Iterator<Item = Explanation>,
) -> impl Iterator<Item = Explanation> {
    explanations.map(|explanation| {
        let message = format!("{}: {}", item.place, explanation.message);
        Explanation { message, ..explanation }
    })
}

/// `,"key":{"kid":"a","number":1}`
fn matched(rows: &mut Vec<u8>, key: &MatchedKey) {
    rows.extend(b",\"key\":{\"kid\":");
    rows.extend(key.kid.as_deref().map_or_else(|| "null".to_owned(), quote).as_bytes());
    rows.extend(b",\"number\":");
    rows.extend(itoa::Buffer::new().format(key.number).as_bytes());
    rows.push(b'}');
}

/// The value that `--get` names, if there is one.
fn value(outcome: &Outcome, rows: &mut Vec<u8>) {
    let Some(Answer::Claim(value)) = outcome.answer() else { return };
    match value.as_string() {
        // A string of several lines would become several rows.
        Some(text) if !text.contains(['\n', '\r']) => rows.extend(text.into_bytes()),
        _ => rows.extend(respaced(value.text(), Layout::Compact).into_bytes()),
    }
}

/// The warnings about the item itself; those about keys are given once for the stream.
pub(crate) fn warnings(outcome: &Outcome) -> impl Iterator<Item = Explanation> {
    outcome.warnings.iter().filter(|warning| !warning.is_about_key()).map(Warning::explain)
}

fn member(rows: &mut Vec<u8>, before: &str, object: Option<&Object>) {
    rows.extend(before.as_bytes());
    match object {
        Some(object) => rows.extend(object.text().as_bytes()),
        None => rows.extend(b"null"),
    }
}

fn list<E: Serialize>(rows: &mut Vec<u8>, explanations: impl Iterator<Item = E>) {
    let written = serde_json::Serializer::new(rows).collect_seq(explanations);
    written.expect("every key is a string");
}
