//! Sections of the long help and of manual pages, and their layout for a width in columns.

use std::fmt::Write as _;

use clap::builder::styling::Style;

pub(crate) const BOLD: Style = Style::new().bold();

/// A title and the parts below it.
pub(super) struct Section {
    pub title: &'static str,
    pub parts: Vec<Part>,
}

pub(super) enum Part {
    /// A paragraph.
    Prose(String),
    /// Terms, each with its explanation.
    Terms(Vec<(String, String)>),
    /// Calls, each after its description.
    Calls(Vec<(String, String)>),
}

impl Part {
    pub(super) fn prose(text: impl Into<String>) -> Self {
        Self::Prose(text.into())
    }

    pub(super) fn terms<'a>(terms: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::Terms(
            terms.into_iter().map(|(term, text)| (term.to_owned(), text.to_owned())).collect(),
        )
    }
}

const INDENT: usize = 2;

impl Section {
    /// The section as text, with ANSI sequences for bold text. A call stays on one line, so that it can be copied.
    pub(super) fn text(&self, width: usize) -> String {
        let mut out = format!("{BOLD}{}:{BOLD:#}\n", self.title);
        for (at, part) in self.parts.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            match part {
                Part::Prose(text) => lines(&mut out, text, INDENT, width),
                Part::Terms(terms) => columns(&mut out, terms, width),
                Part::Calls(calls) => {
                    for (does, call) in calls {
                        lines(&mut out, does, INDENT, width);
                        let _ = writeln!(out, "{:1$}{BOLD}{call}{BOLD:#}", "", 2 * INDENT);
                    }
                }
            }
        }
        out
    }
}

/// Writes terms in a left column and explanations beside them or, if the width is too small, below them.
fn columns(out: &mut String, terms: &[(String, String)], width: usize) {
    const MOST_TERM: usize = 40;
    let longest = terms.iter().map(|(term, _)| term.len()).max().unwrap_or_default();
    let column = INDENT + longest + 2;
    let is_beside = column * 100 <= width * MOST_TERM;
    for (term, text) in terms {
        let _ = write!(out, "{:INDENT$}{BOLD}{term}{BOLD:#}", "");
        if is_beside {
            let mut wrapped = wrap(text, width.saturating_sub(column)).into_iter();
            let first = wrapped.next().unwrap_or_default();
            let _ = writeln!(out, "{:1$}{first}", "", column - INDENT - term.len());
            for line in wrapped {
                let _ = writeln!(out, "{:column$}{line}", "");
            }
        } else {
            out.push('\n');
            lines(out, text, 3 * INDENT, width);
        }
    }
}

fn lines(out: &mut String, text: &str, indent: usize, width: usize) {
    for line in wrap(text, width.saturating_sub(indent)) {
        let _ = writeln!(out, "{:indent$}{line}", "");
    }
}

/// Breaks text at spaces into lines of at most `width` bytes. A longer word gets its own line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut().filter(|line| line.len() + 1 + word.len() <= width) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
