//! Wraps text for a terminal between words.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::streams::Terminal;

/// Text is not wrapped on a terminal that is narrower than this.
const NARROWEST: usize = 20;

/// The width in columns of a text without escape sequences and control characters.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Wraps a text between words. The first line begins in column `start`, the other lines begin in column `hang`. A
/// command, or a word that is longer than a line, is not broken, so that it can be copied. Without a terminal, the text
/// is not wrapped.
pub(super) fn wrap(text: &str, start: usize, hang: usize, terminal: Terminal) -> String {
    let Some(width) = breaks_at(terminal) else { return text.to_owned() };
    let mut wrapped = String::with_capacity(text.len());
    let mut column = start;
    let mut is_begun = false;
    for (spaces, unit) in units(text) {
        let needed = spaces.len() + columns(unit);
        if is_begun && column + needed > width {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', hang));
            column = hang + columns(unit);
        } else {
            wrapped.push_str(spaces);
            column += needed;
        }
        wrapped.push_str(unit);
        is_begun = true;
    }
    wrapped
}

fn breaks_at(terminal: Terminal) -> Option<usize> {
    match terminal {
        Terminal::Width(width) if width >= NARROWEST => Some(width),
        _ => None,
    }
}

/// The parts of a text that are not broken, each with the spaces before it.
fn units(text: &str) -> Vec<(&str, &str)> {
    let (mut units, mut rest) = (Vec::new(), text);
    let mut is_introduced = false;
    while !rest.is_empty() {
        let (spaces, after) = rest.split_at(rest.len() - rest.trim_start_matches(' ').len());
        let end = command(after, is_introduced).unwrap_or_else(|| word(after));
        let (unit, after) = after.split_at(end);
        is_introduced = unit.ends_with(':');
        units.push((spaces, unit));
        rest = after;
    }
    units
}

/// The length of the command at the beginning of a text: a call of jwtctl or, after a colon, a pipeline or flags. It ends
/// before what a semicolon or ", or" adds.
fn command(text: &str, is_introduced: bool) -> Option<usize> {
    let is_own = text.starts_with("jwtctl ");
    if !is_own && !is_introduced {
        return None;
    }
    let ends = ["; ", ", or "].iter().filter_map(|end| text.find(end)).min();
    let end = ends.map_or(text.len(), |end| end + 1);
    let begins = |command: &str| {
        text.starts_with('-') || [" | ", " jwtctl "].iter().any(|part| command.contains(part))
    };
    (is_own || begins(&text[..end])).then_some(end)
}

/// The length of the word at the beginning of a text. A flag and its value, a number and its unit, and text in single
/// quotes are not broken.
fn word(text: &str) -> usize {
    let mut end = 0;
    let mut is_quoted = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '\'' if is_quoted => is_quoted = false,
            '\'' if matches!(before, ' ' | '=' | '(') => is_quoted = text[at + 1..].contains('\''),
            ' ' if !is_quoted => break,
            _ => {}
        }
        end = at + c.len_utf8();
        before = c;
    }
    let (word_alone, rest) = text.split_at(end);
    let is_flag = word_alone.starts_with("--") && !word_alone.ends_with([',', ';', ':', ')']);
    let number = word_alone.trim_start_matches('(');
    let is_number = number.ends_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"-:.".contains(&byte));
    match rest.strip_prefix(' ') {
        Some(next) if is_flag || is_number => end + 1 + word(next),
        _ => end,
    }
}

/// Wraps lines, each of which begins in column `indent`. A line of marks (`^`) stays below the text that it marks.
pub(super) fn wrap_marked(lines: &[String], indent: usize, terminal: Terminal) -> String {
    let mut text = String::new();
    let mut rest = lines;
    while let Some(length) = group(rest) {
        let (group, after) = rest.split_at(length);
        rest = after;
        text += &match (group, breaks_at(terminal)) {
            ([line], _) => below(&wrap(line, indent, indent + HANG, terminal), indent),
            (group, Some(width)) => broken_together(group, indent, width),
            (group, None) => group.iter().map(|line| below(line, indent)).collect(),
        };
    }
    text
}

/// The additional indentation of the other lines of a wrapped line.
const HANG: usize = 2;

/// A line with its indentation and a line break.
fn below(line: &str, indent: usize) -> String {
    format!("{:indent$}{line}\n", "")
}

/// The number of lines that are wrapped together: the next line or, if marks follow, the lines up to the marks.
fn group(lines: &[String]) -> Option<usize> {
    let marks = lines.iter().take(3).position(|line| is_marks(line));
    (!lines.is_empty()).then(|| marks.filter(|at| *at > 0).map_or(1, |at| at + 1))
}

fn is_marks(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('^')
}

/// Wraps lines and the marks below them in the same columns, so that each part of the marks is below what it marks.
fn broken_together(lines: &[String], indent: usize, width: usize) -> String {
    let Some((marks, lines)) = lines.split_last() else { return String::new() };
    let fits = lines.iter().chain([marks]).all(|line| indent + columns(line) <= width);
    // A character that is two columns wide may begin in the last column.
    let room = if fits { usize::MAX } else { width.saturating_sub(indent + HANG + 1).max(1) };
    let shown = marks.trim_start_matches(' ');
    let start = marks.len() - shown.len();
    let carets = shown.len() - shown.trim_start_matches('^').len();
    let (carets, name) = shown.split_at(carets);
    let end = start + carets.len();
    let length = lines.iter().map(|line| columns(line)).max().unwrap_or(0).max(end);
    let (mut text, mut from, mut left) = (String::new(), 0, indent);
    while from < length {
        let to = from.saturating_add(room);
        for line in lines {
            let (column, part) = between(line, from, to);
            if !part.is_empty() {
                text += &below(part, left + column - from);
            }
        }
        let marked = start.max(from)..end.min(to);
        if !marked.is_empty() {
            let column = left + marked.start - from;
            let carets = &carets[..marked.len()];
            let name = if end <= to { name.trim_start_matches(' ') } else { "" };
            let is_beside = column + carets.len() + 1 + columns(name) <= width;
            if is_beside && !name.is_empty() {
                text += &below(&format!("{carets} {name}"), column);
            } else {
                text += &below(carets, column);
                let name = wrap(name, left, left, Terminal::Width(width));
                text.extend((!name.is_empty()).then(|| below(&name, left)));
            }
        }
        // A wide character that begins in the last column moves the next part by one column.
        let starts = lines.iter().map(|line| between(line, to, usize::MAX));
        let starts = starts.filter(|(_, part)| !part.is_empty()).map(|(column, _)| column);
        (from, left) = (starts.min().unwrap_or(to), indent + HANG);
    }
    text
}

/// The column of the first character that begins in this range of columns, and the text of the range. Combining marks
/// stay with their character.
fn between(line: &str, from: usize, to: usize) -> (usize, &str) {
    let (mut column, mut first, mut end) = (0, None, line.len());
    for (at, c) in line.char_indices() {
        let width = c.width().unwrap_or(0);
        if width > 0 && column >= to {
            end = at;
            break;
        }
        if width > 0 && column >= from && first.is_none() {
            first = Some((column, at));
        }
        column += width;
    }
    first.map_or((column, ""), |(column, start)| (column, &line[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_the_other_lines_are_indented() {
        let text = "the token expired 30 minutes ago (2026-11-23 03:30:00 UTC)";
        let wrapped = wrap(text, 7, 7, Terminal::Width(40));
        assert_eq!(wrapped, "the token expired 30 minutes ago\n       (2026-11-23 03:30:00 UTC)");
        assert_eq!(wrap(text, 7, 7, Terminal::Width(7 + text.len())), text);
        assert_eq!(wrap(text, 7, 7, Terminal::No), text);
        assert_eq!(wrap(text, 7, 7, Terminal::Width(10)), text);
    }

    #[test]
    fn a_command_and_quoted_text_stay_on_one_line() {
        for (text, lines) in [
            (
                "renew it: jwtctl refresh --grace 2h TOKEN",
                "renew it:\njwtctl refresh --grace 2h TOKEN",
            ),
            (
                "omit it, or fetch: curl URL | jq .keys; that is all",
                "omit it, or fetch:\ncurl URL | jq .keys;\nthat is all",
            ),
            (
                "a name: --claim 'my name=it is' --any-aud",
                "a name:\n--claim 'my name=it is' --any-aud",
            ),
            (
                "jwtctl key show FILE, or a pipe: … | jwtctl key show",
                "jwtctl key show FILE,\nor a pipe:\n… | jwtctl key show",
            ),
            ("perhaps you want --leeway 300s here", "perhaps you want\n--leeway 300s here"),
            (
                "the issuer's clock is 'far too fast' now",
                "the issuer's clock is\n'far too fast' now",
            ),
        ] {
            assert_eq!(wrap(text, 0, 0, Terminal::Width(22)), lines);
        }
    }

    #[test]
    fn wide_characters_take_two_columns_and_combining_marks_none() {
        assert_eq!(
            wrap("한국어로 쓴 이름이 있는 값", 0, 2, Terminal::Width(20)),
            "한국어로 쓴 이름이\n  있는 값"
        );
        let accents = "e\u{301}e\u{301}e\u{301} ".repeat(5);
        assert_eq!(wrap(accents.trim_end(), 0, 0, Terminal::Width(20)).lines().count(), 1);
    }

    #[test]
    fn marks_stay_below_what_they_mark() {
        let lines = [
            "expected  https://a.example",
            "actual    https://a.example/",
            "                           ^ a trailing slash",
        ];
        let lines = lines.map(str::to_owned);
        let wrapped = wrap_marked(&lines, 2, Terminal::Width(25));
        let expected = "  expected  https://a.\n  actual    https://a.\n    example\n    example/\n           ^\n    \
                        a trailing slash\n";
        assert_eq!(wrapped, expected);
        let whole = lines.map(|line| format!("  {line}\n")).concat();
        let lines: Vec<_> = whole.lines().map(|line| line[2..].to_owned()).collect();
        assert_eq!(wrap_marked(&lines, 2, Terminal::Width(80)), whole);
        assert_eq!(wrap_marked(&lines, 2, Terminal::No), whole);
        let korean = ["가나다라마바사아자차카", "                  ^^"].map(str::to_owned);
        assert_eq!(
            wrap_marked(&korean, 0, Terminal::Width(20)),
            "가나다라마바사아자\n  차카\n  ^^\n"
        );
    }
}
