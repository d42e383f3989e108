//! From an outcome to what is written: stdout for the answer, stderr for all that is said about it.
//! It decides nothing: the exit code comes in with the outcome.

mod escape;
pub mod exit;
mod keys;
mod notice;
mod progress;
mod report;
mod rows;
mod style;
mod view;

use std::io::{self, BufWriter, Write};

use crate::explain::Warning;
use crate::json::Layout;
use crate::outcome::{Answer, Outcome};
use crate::output::exit::Exit;
use crate::request::Verb;
use crate::sys::Output;

pub use escape::for_terminal;
pub use notice::{Notice, print};
pub use progress::Progress;
pub use rows::{Item, RowContent, RowFilter, RowFormat, RowWriter, Summary};
pub use style::{ColorChoice, Terminal};

use style::Paint;

/// How the answer is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutputOptions {
    /// One JSON object with everything.
    pub json: bool,
    /// JSON on one line.
    pub compact: bool,
    /// Nothing but errors on stderr, and no claims.
    pub quiet: bool,
    /// Whether to colour.
    pub color: ColorChoice,
}

/// Where to write.
pub struct Streams<'a> {
    /// Standard output.
    pub out: &'a mut (dyn Output + Send),
    /// What standard output is.
    pub out_terminal: Terminal,
    /// Standard error.
    pub err: &'a mut (dyn Write + Send),
    /// What standard error is.
    pub err_terminal: Terminal,
}

/// How much of an answer is written at once, in bytes: nearly every answer is no longer.
const AT_ONCE: usize = 64 * 1024;

/// Writes an outcome: the answer, then what is said about it.
///
/// # Errors
/// Those of writing to standard output; standard error has nobody left to tell.
pub fn render(
    verb: Verb,
    outcome: &Outcome,
    exit: Exit,
    format: OutputOptions,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    // A report or a single claim is for programs: it is painted only where a person is looking.
    let is_data = format.json || matches!(outcome.answer, Some(Answer::Claim(_)));
    let is_for_programs = is_data && !streams.out_terminal.is_terminal();
    let color = if is_for_programs { ColorChoice::Never } else { format.color };
    let paint = Paint::new(color, streams.out_terminal);
    let mut out = BufWriter::with_capacity(AT_ONCE, &mut *streams.out);
    let written = answer(verb, outcome, exit, format, (streams.out_terminal, paint), &mut out);
    let written = written.and_then(|()| out.flush());
    // What could not be written is not tried once more.
    let _ = out.into_parts();
    if !format.json {
        for problem in &outcome.problems {
            print(&Notice::error(problem.explain()), format, streams);
        }
        print_warnings(&outcome.warnings, format, streams);
    }
    written
}

/// Writes warnings to stderr.
pub fn print_warnings(warnings: &[Warning], format: OutputOptions, streams: &mut Streams<'_>) {
    for warning in warnings {
        let quiet = format.quiet && !warning.is_urgent();
        print(&Notice::warning(warning.explain()), OutputOptions { quiet, ..format }, streams);
    }
}

fn answer(
    verb: Verb,
    outcome: &Outcome,
    exit: Exit,
    format: OutputOptions,
    (terminal, paint): (Terminal, Paint),
    out: &mut dyn Write,
) -> io::Result<()> {
    let layout = if format.compact { Layout::Compact } else { Layout::Indented };
    // Where colour goes a terminal follows, be it behind a pager.
    let seen = (terminal.is_terminal() || paint.is_on()).then_some(paint);
    let json = |text: &str, out: &mut dyn Write| {
        view::json(text, layout, seen, out)?;
        out.write_all(b"\n")
    };
    if format.json {
        return json(&report::report(verb, None, outcome, exit), out);
    }
    match &outcome.answer {
        None | Some(Answer::Done) => Ok(()),
        Some(Answer::EncodedToken(minted)) => writeln!(out, "{}", minted.token),
        Some(Answer::Header(header)) => json(&header.object().text(), out),
        Some(Answer::Claim(value)) => match value.as_string() {
            Some(text) if terminal.is_terminal() => {
                writeln!(out, "{}", escape::for_terminal(&text))
            }
            Some(text) => writeln!(out, "{text}"),
            None => json(value.text(), out),
        },
        Some(Answer::Payload(bytes)) if terminal.is_terminal() => {
            writeln!(out, "{}", escape::for_terminal(&String::from_utf8_lossy(bytes)))
        }
        Some(Answer::Payload(bytes)) => out.write_all(bytes),
        Some(Answer::Keys(cards)) => {
            out.write_all(keys::cards(cards, outcome.now, paint).as_bytes())
        }
        Some(Answer::Written(written)) => match &written.text {
            Some(text) => out.write_all(text.expose()),
            None => Ok(()),
        },
        Some(Answer::Verified { .. }) if format.quiet => Ok(()),
        Some(Answer::Verified { header, claims } | Answer::Decoded { header, claims, .. }) => {
            let Some(width) = terminal.width() else {
                return json(&claims.object().text(), out);
            };
            let title = match outcome.answer {
                Some(Answer::Verified { .. }) => view::verified(outcome.key.as_deref(), paint),
                _ => view::not_verified(paint),
            };
            writeln!(out, "{title}")?;
            view::token((header.object(), claims), outcome.now, layout, paint, width, out)
        }
    }
}
