//! JSON, laid out; for a terminal coloured, and with everything escaped that the terminal would act on.

use std::borrow::Cow;
use std::io::{self, Write};

use super::escape::for_terminal;
use super::style::Paint;
use crate::json::{Layout, Piece, lay_out, quote, unquote};

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
            (Piece::Name, Some(paint)) => out.write_all(paint.name(&readable(text)).as_bytes()),
            (Piece::String, Some(paint)) => out.write_all(paint.string(&readable(text)).as_bytes()),
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

#[cfg(test)]
mod tests {
    use super::super::streams::{ColorChoice, Terminal};
    use super::*;

    #[test]
    fn a_terminal_shows_long_json_without_line_ends() {
        let painted = Paint::new(ColorChoice::Never, Terminal::of(true, None));
        let lines = |items: usize, paint: Option<Paint>| {
            let mut out = Vec::new();
            let text = format!("[{}1]", "1,".repeat(items));
            write_json(&text, Layout::Indented, paint, &mut out).unwrap();
            String::from_utf8(out).unwrap().lines().count() - 1
        };
        assert_eq!(lines(10, Some(painted)), 12);
        assert_eq!(lines(LONGEST_INDENTED, Some(painted)), 0);
        assert_eq!(lines(LONGEST_INDENTED, None), LONGEST_INDENTED + 2);
    }
}
