//! What is said on stderr: `error:`, `warning:` and `hint:`, each a line that stands alone, and what
//! else was seen, indented between them.

use std::fmt::Write as _;

use super::escape::for_terminal;
use super::style::Paint;
use super::{OutputOptions, Streams};
use crate::explain::Explanation;

/// An error or a warning.
#[derive(Debug)]
pub struct Notice {
    is_error: bool,
    message: String,
    evidence: Vec<String>,
    hint: Option<String>,
}

impl Notice {
    /// An error.
    #[must_use]
    pub fn error(explanation: Explanation) -> Self {
        Self::of(true, explanation)
    }

    /// A warning.
    #[must_use]
    pub fn warning(explanation: Explanation) -> Self {
        Self::of(false, explanation)
    }

    fn of(is_error: bool, explanation: Explanation) -> Self {
        let Explanation { message, evidence, hint, .. } = explanation;
        Self { is_error, message, evidence, hint }
    }

    /// An error in plain words.
    #[must_use]
    pub fn plain(message: String, hint: Option<String>) -> Self {
        Self { is_error: true, message, evidence: Vec::new(), hint }
    }
}

/// Prints a notice, unless it is to be quiet. If stderr is gone there is nobody left to tell.
pub fn print(notice: &Notice, format: OutputOptions, streams: &mut Streams<'_>) {
    let text = text(notice, format, Paint::new(format.color, streams.err_terminal));
    let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
}

/// A notice's lines; none if it is to be quiet.
pub(super) fn text(notice: &Notice, format: OutputOptions, paint: Paint) -> String {
    if format.quiet && !notice.is_error {
        return String::new();
    }
    let label = if notice.is_error { paint.error("error:") } else { paint.warning("warning:") };
    let mut text = format!("{label} {}\n", for_terminal(&notice.message));
    for line in &notice.evidence {
        let _ = writeln!(text, "  {}", for_terminal(line));
    }
    if let Some(hint) = notice.hint.as_ref().filter(|_| !format.quiet) {
        let _ = writeln!(text, "{} {}", paint.hint("hint:"), for_terminal(hint));
    }
    text
}
