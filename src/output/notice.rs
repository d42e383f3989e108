//! Messages on stderr: an `error:`, a `warning:` or a `note:`, its evidence, indented, and a `hint:`.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::github::annotation;
use super::streams::{Log, OutputOptions, Streams};
use super::terminal::{ERROR, HINT, NAME, Paint, WARNING, for_terminal};
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
        let text = self.text(options, Paint::new(options.color, streams.err_terminal));
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

    pub(super) fn text(&self, options: OutputOptions, paint: Paint) -> String {
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
        let mut text = format!("{} {}\n", paint.paint(style, label), for_terminal(&self.message));
        for line in &self.evidence {
            let _ = writeln!(text, "  {}", for_terminal(line));
        }
        if let Some(hint) = hint {
            text += &Self::hint_line(hint, paint);
        }
        text
    }

    pub(super) fn hint_line(hint: &str, paint: Paint) -> String {
        format!("{} {}\n", paint.paint(HINT, "hint:"), for_terminal(hint))
    }
}

/// Prints messages at once, but each hint only the first time.
pub(crate) fn print_notices(
    notices: &mut [Notice],
    given: &mut HashSet<String>,
    options: OutputOptions,
    streams: &mut Streams<'_>,
) {
    let paint = Paint::new(options.color, streams.err_terminal);
    let mut text = String::new();
    for notice in notices {
        notice.hint_once(given);
        text += &notice.text(options, paint);
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
