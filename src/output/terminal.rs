//! Text for a terminal: colours, laid-out JSON, and escapes. Text from a token, a key or the command line is hostile:
//! characters that control a terminal, or hide or reorder text, are escaped as in JSON (RFC 8259 section 7).
//!
//! This is the only user of colored, which has one global switch that is turned on once.

use std::borrow::Cow;
use std::io::{self, Write};

use colored::{ColoredString, Colorize as _, control};

use super::streams::{ColorChoice, Terminal};
use crate::characters::{escaped, is_invisible};
use crate::json::{Layout, Piece, lay_out, quote, unquote};

/// A text in which everything that controls a terminal is escaped.
pub fn for_terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c if is_invisible(c) => shown.push_str(&escaped(c)),
            c => shown.push(c),
        }
    }
    shown
}

/// The colour of a part of the output.
pub(super) type Style = fn(&str) -> ColoredString;

pub(super) const ERROR: Style = |text| text.red().bold();
pub(super) const WARNING: Style = |text| text.yellow().bold();
pub(super) const GOOD: Style = |text| text.green().bold();
pub(super) const HINT: Style = |text| text.cyan().bold();
pub(super) const NAME: Style = |text| text.cyan();
pub(super) const STRING: Style = |text| text.green();
pub(super) const FAINT: Style = |text| text.dimmed();

/// Whether a stream gets colours and bold text.
pub(crate) fn is_coloured(choice: ColorChoice, terminal: Terminal) -> bool {
    match choice {
        ColorChoice::Auto => terminal.is_terminal(),
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// Colours text, unless colour is off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) is_on: bool,
}

impl Paint {
    pub(super) fn new(choice: ColorChoice, terminal: Terminal) -> Self {
        let is_on = is_coloured(choice, terminal);
        if is_on {
            control::set_override(true);
        }
        Self { is_on }
    }

    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if self.is_on { style(text).to_string() } else { text.to_owned() }
    }
}

/// The longest JSON in bytes that is indented on a terminal: scrolling through more lines would take seconds.
const LONGEST_INDENTED: usize = 1024 * 1024;

/// Writes JSON piece by piece, since it may become many times as long. Without `paint` it is neither coloured nor
/// escaped.
pub(super) fn write_json(
    text: &str,
    layout: Layout,
    paint: Option<Paint>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_long = paint.is_some() && text.len() > LONGEST_INDENTED;
    let layout = if is_long { Layout::Compact } else { layout };
    let mut written = Ok(());
    lay_out(text, layout, &mut |piece, text| {
        if written.is_err() {
            return;
        }
        written = match (piece, paint) {
            (Piece::Name | Piece::String, Some(paint)) => {
                let style = if piece == Piece::Name { NAME } else { STRING };
                out.write_all(paint.paint(style, &readable(text)).as_bytes())
            }
            _ => out.write_all(text.as_bytes()),
        };
    });
    written
}

/// A string in quotes, with escapes only where they are needed.
fn readable(spelled: &str) -> Cow<'_, str> {
    if spelled.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        return Cow::Borrowed(spelled);
    }
    Cow::Owned(for_terminal(&quote(&unquote(spelled))))
}
