//! Chooses the pager for long help on a terminal: the one in `PAGER`, else `less`, with the same options as git uses.

use std::ffi::OsString;

use crate::cli::words;

/// A program that shows text page by page.
pub(crate) struct Pager {
    pub(crate) words: Vec<String>,
    /// An environment variable to set.
    pub(crate) variable: Option<(&'static str, &'static str)>,
    /// Whether the pager shows ANSI sequences as bold text.
    pub(crate) is_styled: bool,
}

/// The pager, or `None` if help is printed without one.
pub(crate) fn pager(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<Pager> {
    let is_log = variable("CI").is_some_and(|value| !value.is_empty());
    if is_log || variable("TERM").is_some_and(|term| term == "dumb") {
        return None;
    }
    let named = variable("PAGER").map_or_else(|| Ok("less".to_owned()), OsString::into_string);
    let words = words::split(&named.ok()?).ok()?;
    if words == ["cat"] {
        return None;
    }
    let less = variable("LESS");
    let is_styled =
        less.as_ref().is_none_or(|options| options.to_string_lossy().contains(['R', 'r']));
    Some(Pager { words, variable: less.is_none().then_some(("LESS", "FRX")), is_styled })
}
