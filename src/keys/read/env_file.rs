//! Environment files: lines of `NAME=value`, whose values may be in quotes and then have several lines.

/// The most entries of a file that is read.
const MOST_ENTRIES: usize = 10_000;

/// The names and values of an environment file; `None` for any other text. Escapes in values are not changed.
pub(super) fn entries(text: &str) -> Option<Vec<(&str, &str)>> {
    let (mut entries, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find(|c: char| !c.is_ascii_whitespace()) {
        rest = &rest[start..];
        if rest.starts_with('#') {
            rest = after_line(rest);
            continue;
        }
        let (name, value) = rest.split_once('=')?;
        let name = name.trim_ascii_end();
        let name = name.strip_prefix("export ").map_or(name, str::trim_ascii_start);
        if !is_name(name) || entries.len() == MOST_ENTRIES {
            return None;
        }
        let value = value.trim_start_matches([' ', '\t']);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let (value, after) = match quote {
            Some(quote) => quoted(&value[1..], quote)?,
            None => (unquoted(line(value)), after_line(value)),
        };
        entries.push((name, value));
        rest = after;
    }
    Some(entries)
}

fn is_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    name.bytes().all(is_part) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// A value up to its closing quote, and the text after its line, on which only a comment may follow.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let end = text.find(|c| {
        let ends = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped && quote == '"';
        ends
    })?;
    let after = &text[end + 1..];
    let comment = line(after).trim_ascii();
    (comment.is_empty() || comment.starts_with('#')).then(|| (&text[..end], after_line(after)))
}

fn unquoted(line: &str) -> &str {
    line.split_once(" #").map_or(line, |(value, _)| value).trim_ascii()
}

fn line(text: &str) -> &str {
    text.split('\n').next().unwrap_or(text)
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}
