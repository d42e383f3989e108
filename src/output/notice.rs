//! Messages on stderr: an `error:` or a `warning:`, its evidence, indented, and a `hint:`.

use std::fmt::Write as _;

use super::streams::{OutputOptions, Streams};
use super::terminal::{ERROR, HINT, Paint, WARNING, for_terminal};
use crate::explain::{Explanation, Warning};

#[derive(Debug, Default)]
pub(crate) struct Notice {
    is_warning: bool,
    message: String,
    evidence: Vec<String>,
    hint: Option<String>,
}

impl Notice {
    pub(crate) fn error(Explanation { message, evidence, hint, .. }: Explanation) -> Self {
        Self { is_warning: false, message, evidence, hint }
    }

    pub(crate) fn warning(explanation: Explanation) -> Self {
        Self { is_warning: true, ..Self::error(explanation) }
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

    pub(super) fn text(&self, options: OutputOptions, paint: Paint) -> String {
        if options.quiet && self.is_warning {
            return String::new();
        }
        let (style, label) =
            if self.is_warning { (WARNING, "warning:") } else { (ERROR, "error:") };
        let mut text = format!("{} {}\n", paint.paint(style, label), for_terminal(&self.message));
        for line in &self.evidence {
            let _ = writeln!(text, "  {}", for_terminal(line));
        }
        if let Some(hint) = self.hint.as_ref().filter(|_| !options.quiet) {
            let _ = writeln!(text, "{} {}", paint.paint(HINT, "hint:"), for_terminal(hint));
        }
        text
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
