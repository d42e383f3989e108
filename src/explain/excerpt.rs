//! The part of two texts around the place where they differ, as a terminal shows it: what it would
//! escape is escaped before it is measured, so that a mark stays under its place.

use crate::characters::{columns, escaped};

/// The columns that a text may take before only the part around the difference is shown.
const COLUMNS: usize = 60;
/// The columns that are kept for what comes before the difference.
const BEFORE: usize = 36;

/// Two texts to be shown one under the other.
pub(super) struct Excerpts {
    /// The texts, or the part of them around the difference.
    pub texts: [String; 2],
    /// The column at which they begin to differ.
    pub column: usize,
}

/// A character as it is shown, and how many columns that takes.
type Cell = (String, usize);

/// Two texts that are the same for `at` characters, in quotes if they are to be.
pub(super) fn excerpts(texts: [&str; 2], at: usize, in_quotes: bool) -> Excerpts {
    let quote = if in_quotes { "\"" } else { "" };
    let cells = texts.map(|text| text.chars().map(|c| cell(c, in_quotes)).collect::<Vec<_>>());
    let is_long = cells.iter().any(|cells| width(cells) > COLUMNS);
    let ends = cells.each_ref().map(|cells| match fitting(cells[at..].iter(), COLUMNS - BEFORE) {
        room if is_long => at + room,
        _ => cells.len(),
    });
    let after = width(&cells[0][at..ends[0]]).max(width(&cells[1][at..ends[1]]));
    let same = &cells[0][..at];
    let start = at - fitting(same.iter().rev(), COLUMNS.saturating_sub(after));
    let opened = if start > 0 { format!("{quote}…") } else { quote.to_owned() };
    let column = opened.chars().count() + width(&same[start..]);
    let shown = |cells: &[Cell], end: usize| {
        let shown: String = cells[start..end].iter().map(|(text, _)| text.as_str()).collect();
        let cut = if end < cells.len() { "…" } else { "" };
        format!("{opened}{shown}{cut}{quote}")
    };
    Excerpts { texts: [shown(&cells[0], ends[0]), shown(&cells[1], ends[1])], column }
}

fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|(_, columns)| columns).sum()
}

/// How many of these cells have room.
fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, room: usize) -> usize {
    let mut used = 0;
    let has_room = |(_, columns): &&Cell| {
        used += columns;
        used <= room
    };
    cells.take_while(has_room).count()
}

/// A character in its cell: what is not sure to take one column or two is escaped as JSON would.
fn cell(c: char, in_quotes: bool) -> Cell {
    let shown = match c {
        '"' | '\\' if in_quotes => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c => match columns(c) {
            Some(columns) => return (c.to_string(), columns),
            None => escaped(c),
        },
    };
    let columns = shown.len();
    (shown, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(texts: [&str; 2], at: usize, wanted: [&str; 2], column: usize) {
        let seen = excerpts(texts, at, true);
        assert_eq!((seen.texts, seen.column), (wanted.map(str::to_owned), column));
    }

    #[test]
    fn what_fits_is_shown_whole() {
        shown(["abc", "abd"], 2, ["\"abc\"", "\"abd\""], 3);
        shown(["a", "ab"], 1, ["\"a\"", "\"ab\""], 2);
        shown(["", "x"], 0, ["\"\"", "\"x\""], 1);
        let sixty = "x".repeat(60);
        let quoted = format!("\"{sixty}\"");
        shown([&sixty, &sixty[..59]], 59, [&quoted, &format!("\"{}\"", &sixty[..59])], 60);
    }

    #[test]
    fn of_long_texts_the_part_around_the_difference_is_shown() {
        let (head, tail) = ("h".repeat(50), "t".repeat(50));
        let texts = [format!("{head}A{tail}"), format!("{head}B")];
        let before = "h".repeat(36);
        let wanted = [format!("\"…{before}A{}…\"", "t".repeat(23)), format!("\"…{before}B\"")];
        shown(texts.each_ref().map(String::as_str), 50, wanted.each_ref().map(String::as_str), 38);
        // What the end leaves free, the beginning takes.
        let texts = [format!("{head}{head}A"), format!("{head}{head}B")];
        let before = "h".repeat(59);
        let wanted = ["A", "B"].map(|c| format!("\"…{before}{c}\""));
        shown(texts.each_ref().map(String::as_str), 100, wanted.each_ref().map(String::as_str), 61);
        // At the very start nothing is cut before it.
        let texts = [format!("A{tail}{tail}"), format!("B{tail}{tail}")];
        let wanted = ["A", "B"].map(|c| format!("\"{c}{}…\"", "t".repeat(23)));
        shown(texts.each_ref().map(String::as_str), 0, wanted.each_ref().map(String::as_str), 1);
    }

    #[test]
    fn the_column_is_right_under_characters_of_any_width() {
        shown(["é1", "é2"], 1, ["\"é1\"", "\"é2\""], 2);
        shown(["世1", "世2"], 1, ["\"世1\"", "\"世2\""], 3);
        shown(["\u{202e}1", "\u{202e}2"], 1, [r#""\u202e1""#, r#""\u202e2""#], 7);
        shown(["🦀1", "🦀2"], 1, [r#""\ud83e\udd801""#, r#""\ud83e\udd802""#], 13);
        shown(["e\u{301}1", "e\u{301}2"], 2, [r#""e\u03011""#, r#""e\u03012""#], 8);
        shown(
            ["\"\\\n\u{1b}1", "\"\\\n\u{1b}2"],
            4,
            [r#""\"\\\n\u001b1""#, r#""\"\\\n\u001b2""#],
            13,
        );
        // An ellipsis of the text is not taken for one of the excerpt.
        shown(["…1", "…2"], 1, [r#""\u20261""#, r#""\u20262""#], 7);
    }
}
