//! Commands for the log of GitHub Actions: annotations, and masks for tokens. They begin a line with `::`, and what follows
//! is escaped, so that no text can begin another command.

use std::fmt::Write as _;

use super::terminal::for_terminal;

/// The title of annotations.
const TITLE: &str = "jwtctl";

/// An annotation of this kind, such as `error`: the message and the lines below it.
pub(super) fn annotation(kind: &str, message: &str, below: &[String]) -> String {
    let mut text = for_terminal(message);
    for line in below {
        let _ = write!(text, "\n{}", for_terminal(line));
    }
    format!("::{kind} title={TITLE}::{}\n", escaped(&text))
}

/// The command that hides a token in the rest of the log.
pub(crate) fn mask(token: &str) -> String {
    format!("::add-mask::{}\n", escaped(token))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
