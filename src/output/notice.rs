//! Messages on stderr: an `error:`, a `warning:` or a `note:`, its evidence, indented, and a `hint:`.

use std::collections::HashSet;

use super::github::annotation;
use super::streams::{Log, OutputOptions, Streams, Terminal};
use super::terminal::{ERROR, HINT, NAME, Paint, Style, WARNING, for_terminal};
use super::wrap::{wrap, wrap_marked};
use crate::explain::{Explanation, Warning};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Label {
    #[default]
    Error,
    Warning,
    Note,
}

#[derive(Debug, Default)]
pub(crate) struct Notice {
    label: Label,
    message: String,
    evidence: Vec<String>,
    hint: Option<String>,
}

impl Notice {
    pub(crate) fn error(Explanation { message, evidence, hint, .. }: Explanation) -> Self {
        Self { label: Label::Error, message, evidence, hint }
    }

    pub(crate) fn warning(explanation: Explanation) -> Self {
        Self { label: Label::Warning, ..Self::error(explanation) }
    }

    /// What is good to know, and perhaps what to do with it.
    pub(crate) fn note(message: &str, hint: Option<&str>) -> Self {
        Self { label: Label::Note, ..Self::plain(message, hint.map(str::to_owned)) }
    }

    /// An error that has no code.
    pub(crate) fn plain(message: impl Into<String>, hint: Option<String>) -> Self {
        Self { message: message.into(), hint, ..Self::default() }
    }

    /// Prints it, unless `quiet` forbids that. It does not matter whether stderr can be written to.
    pub(crate) fn print(&self, options: OutputOptions, streams: &mut Streams<'_>) {
        let text = self.text(options, streams.err_terminal);
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }

    /// Leaves out the hint if it is one of these, and adds it to them as long as they are not many.
    fn hint_once(&mut self, given: &mut HashSet<String>) {
        const MOST: usize = 1000;
        match &self.hint {
            Some(hint) if given.contains(hint) => self.hint = None,
            Some(hint) if given.len() < MOST => drop(given.insert(hint.clone())),
            _ => {}
        }
    }

    fn text(&self, options: OutputOptions, terminal: Terminal) -> String {
        if options.quiet && self.label != Label::Error {
            return String::new();
        }
        let hint = self.hint.as_ref().filter(|_| !options.quiet);
        let (style, label, kind) = match self.label {
            Label::Error => (ERROR, "error:", "error"),
            Label::Warning => (WARNING, "warning:", "warning"),
            Label::Note => (NAME, "note:", "notice"),
        };
        if options.log == Log::GitHub {
            let hint = hint.map(|hint| format!("hint: {hint}"));
            let below: Vec<_> = self.evidence.iter().cloned().chain(hint).collect();
            return annotation(kind, &self.message, &below);
        }
        let paint = Paint::new(options.color, terminal);
        let mut text = labelled(label, style, &self.message, paint, terminal);
        let evidence: Vec<_> = self.evidence.iter().map(|line| for_terminal(line)).collect();
        text += &wrap_marked(&evidence, 2, terminal);
        if let Some(hint) = hint {
            text += &Self::hint_line(hint, paint, terminal);
        }
        text
    }

    pub(super) fn hint_line(hint: &str, paint: Paint, terminal: Terminal) -> String {
        labelled("hint:", HINT, hint, paint, terminal)
    }
}

/// A label and a text, whose further lines are indented as far as the first one.
pub(super) fn labelled(
    label: &str,
    style: Style,
    text: &str,
    paint: Paint,
    terminal: Terminal,
) -> String {
    let column = label.len() + 1;
    let text = wrap(&for_terminal(text), column, column, terminal);
    format!("{} {text}\n", paint.paint(style, label))
}

/// Prints messages at once, but each hint only the first time.
pub(crate) fn print_notices(
    notices: &mut [Notice],
    given: &mut HashSet<String>,
    options: OutputOptions,
    streams: &mut Streams<'_>,
) {
    let mut text = String::new();
    for notice in notices {
        notice.hint_once(given);
        text += &notice.text(options, streams.err_terminal);
    }
    if !text.is_empty() {
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }
}

pub(crate) fn print_warnings(
    warnings: &[Warning],
    options: OutputOptions,
    streams: &mut Streams<'_>,
) {
    for warning in warnings {
        let quiet = options.quiet && !matches!(warning, Warning::LeftBehind(_));
        Notice::warning(warning.explain()).print(OutputOptions { quiet, ..options }, streams);
    }
}
