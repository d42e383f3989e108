//! What is said on stderr: `error:`, `warning:` and `hint:`, each a line that stands alone.

use std::fmt::Write as _;

use super::escape::for_terminal;
use super::style::Paint;
use super::{Format, Streams};
use crate::problem::Explanation;

/// An error or a warning.
#[derive(Debug)]
pub struct Notice {
    is_error: bool,
    message: String,
    hint: Option<String>,
}

impl Notice {
    /// An error.
    #[must_use]
    pub fn error(explanation: Explanation) -> Self {
        Self { is_error: true, message: explanation.message, hint: explanation.hint }
    }

    /// A warning.
    #[must_use]
    pub fn warning(explanation: Explanation) -> Self {
        Self { is_error: false, message: explanation.message, hint: explanation.hint }
    }

    /// An error in plain words.
    #[must_use]
    pub fn plain(message: String, hint: Option<String>) -> Self {
        Self { is_error: true, message, hint }
    }
}

/// Prints a notice, unless it is to be quiet. If stderr is gone there is nobody left to tell.
pub fn print(notice: &Notice, format: Format, streams: &mut Streams<'_>) {
    if format.quiet && !notice.is_error {
        return;
    }
    let paint = Paint::new(format.color, streams.err_terminal);
    let label = if notice.is_error { paint.error("error:") } else { paint.warning("warning:") };
    let mut text = format!("{label} {}\n", for_terminal(&notice.message));
    if let Some(hint) = notice.hint.as_ref().filter(|_| !format.quiet) {
        let _ = writeln!(text, "{} {}", paint.hint("hint:"), for_terminal(hint));
    }
    let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
}
