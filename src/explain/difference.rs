//! How two values that should be equal differ: two lines of evidence, one under the other, and a mark under the
//! first difference. Pure, and made for hostile text: what a terminal would escape is escaped before it is measured.

use crate::characters::{code_point, columns, escaped, is_invisible, looks_like};
use crate::json::{Layout, Value, ValueRef, respaced};
use crate::secret::may_hold_secret;

/// How an expected value and the actual one differ.
pub(super) struct Difference {
    expected: Value,
    /// The actual value; for an audience, the name that is nearest.
    pub actual: Value,
    pub kind: Kind,
    /// The name of the difference; empty if the mark is enough.
    name: String,
    /// How many characters are the same before it.
    at: usize,
}

/// What a difference means for the flag that would accept the actual value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A matter of spelling, such as a letter's case or a trailing slash.
    Spelling,
    /// One is a string that contains the other as JSON text.
    Type,
    /// An actual value with an odd character, or with `http` for `https`: not one to accept.
    Risky,
    /// Anything else.
    Other,
}

/// The longest values that are compared, in bytes of JSON, and the most items of an array.
const LONGEST: usize = 16 * 1024;
const MOST_ITEMS: usize = 100;

/// The smallest difference between the actual value (or one of its `items`) and an expected one, if any is small.
pub(super) fn nearest(expected: &[Value], actual: &Value, items: bool) -> Option<Difference> {
    let items = actual.items().filter(|_| items);
    let items = items.map(|items| items.take(MOST_ITEMS).map(ValueRef::to_value).collect());
    let actual: Vec<_> = items.unwrap_or_else(|| vec![actual.clone()]);
    let differences = expected
        .iter()
        .take(MOST_ITEMS)
        .flat_map(|expected| actual.iter().filter_map(move |one| between(expected, one)));
    differences.reduce(|best, next| if next.nearness() > best.nearness() { next } else { best })
}

/// How two values differ; `None` if they have little in common, or may be secret.
fn between(expected: &Value, actual: &Value) -> Option<Difference> {
    let is_odd = |value: &&Value| value.text().len() > LONGEST || may_hold_secret(value.text());
    if [expected, actual].iter().any(is_odd) {
        return None;
    }
    let (kind, name, at) = if is_text_of(expected, actual) || is_text_of(actual, expected) {
        (Kind::Type, format!("{}, not {}", actual.kind(), expected.kind()), 0)
    } else if expected.kind() == actual.kind() {
        let (wanted, found) = (content(expected), content(actual));
        let at = shared(wanted.chars(), found.chars());
        let (kind, name) = if same_items(expected, actual) {
            (Kind::Spelling, "the same in another order".to_owned())
        } else {
            compare(&wanted, &found, at)?
        };
        (kind, name, at)
    } else {
        return None;
    };
    Some(Difference { expected: expected.clone(), actual: actual.clone(), kind, name, at })
}

/// Whether a string contains another value as JSON text.
fn is_text_of(string: &Value, other: &Value) -> bool {
    let parsed = string.as_string().and_then(|text| Value::parse(text.as_bytes()).ok());
    other.kind() != "a string" && parsed.is_some_and(|parsed| parsed.same_as(other))
}

/// What is compared: the characters of a string, the JSON text of anything else.
fn content(value: &Value<impl AsRef<str>>) -> String {
    value.as_string().unwrap_or_else(|| respaced(value.text(), Layout::Compact))
}

/// Whether two arrays hold the same, in another order.
fn same_items(one: &Value, other: &Value) -> bool {
    let sorted = |value: &Value| {
        let mut items: Vec<_> = value.items()?.map(|item| content(&item)).collect();
        items.sort_unstable();
        Some(items)
    };
    sorted(one).is_some_and(|items| sorted(other) == Some(items))
}

/// How two texts differ whose first `at` characters are the same; `None` if they have little in common.
fn compare(expected: &str, actual: &str, at: usize) -> Option<(Kind, String)> {
    if expected.is_empty() || actual.is_empty() || expected == actual {
        return None;
    }
    let same = |one: fn(&str) -> &str| one(expected) == one(actual);
    let without_slash = |text: &str, other: &str| text.strip_suffix('/') == Some(other);
    let is_https_for = |text: &str, other: &str| {
        let rest = text.strip_prefix("http://");
        rest.is_some_and(|rest| other.strip_prefix("https://") == Some(rest))
    };
    let name = if without_slash(expected, actual) || without_slash(actual, expected) {
        "a trailing slash"
    } else if same(str::trim_end) {
        "white space at the end"
    } else if same(str::trim_start) {
        "white space at the start"
    } else if same(str::trim) {
        "white space at both ends"
    } else if expected.to_lowercase() == actual.to_lowercase() {
        "a letter's case"
    } else if is_https_for(expected, actual) {
        "https for http"
    } else if is_https_for(actual, expected) {
        return Some((Kind::Risky, "http for https".to_owned()));
    } else {
        let chars = [expected.chars().nth(at), actual.chars().nth(at)];
        let kind = if actual.is_ascii() { Kind::Spelling } else { Kind::Risky };
        let odd = odd_character(expected, actual, chars).map(|name| (kind, name));
        return odd.or_else(|| Some((Kind::Other, overlap(expected, actual, chars)?)));
    };
    Some((Kind::Spelling, name.to_owned()))
}

/// An invisible character, or one that looks like another, if it is the only difference.
fn odd_character(expected: &str, actual: &str, chars: [Option<char>; 2]) -> Option<String> {
    let visible = |text: &str| text.chars().filter(|c| !is_invisible(*c)).collect::<String>();
    if visible(expected) == visible(actual) {
        let odd = chars.into_iter().flatten().find(|c| is_invisible(*c))?;
        return Some(format!("an invisible character, {}", code_point(odd)));
    }
    if !expected.chars().map(looks_like).eq(actual.chars().map(looks_like)) {
        return None;
    }
    let [wanted, found] = chars;
    let odd = [found?, wanted?].into_iter().find(|c| looks_like(*c) != *c)?;
    Some(format!("{}, which looks like {}", code_point(odd), looks_like(odd)))
}

/// Whether one text begins with the other, or both are the same for at least half of their length.
fn overlap(expected: &str, actual: &str, chars: [Option<char>; 2]) -> Option<String> {
    const SHORTEST_BEGINNING: usize = 4;
    const SHORTEST: usize = 8;
    let (wanted, found) = (expected.chars().count(), actual.chars().count());
    let (shorter, longer) = (wanted.min(found), wanted.max(found));
    let start = shared(expected.chars(), actual.chars());
    let [Some(wanted), Some(other)] = chars else {
        let name = if shorter == found { "only part of it" } else { "longer from here on" };
        return (shorter >= SHORTEST_BEGINNING).then(|| name.to_owned());
    };
    let end = shared(expected.chars().rev(), actual.chars().rev()).min(shorter - start);
    (longer >= SHORTEST && (start + end) * 2 >= longer).then(|| {
        if wanted.is_ascii() && other.is_ascii() {
            return String::new();
        }
        format!("{}, not {}", code_point(other), code_point(wanted))
    })
}

/// How many characters two texts have in common before they differ.
fn shared(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

impl Difference {
    /// For comparison: differences with a name are nearer, then those with a longer common beginning.
    fn nearness(&self) -> (bool, usize) {
        (self.kind != Kind::Other, self.at)
    }

    /// Both values, one under the other, and a mark under the first difference.
    pub(super) fn evidence(&self) -> [String; 3] {
        let are_strings = [&self.expected, &self.actual].iter().all(|v| v.kind() == "a string");
        let text = |value: &Value| {
            if are_strings { content(value) } else { respaced(value.text(), Layout::Compact) }
        };
        let texts = [text(&self.expected), text(&self.actual)];
        let ([wanted, found], column) = excerpts(texts, self.at, are_strings);
        let mark = format!("{:10}{:column$}^ {}", "", "", self.name);
        [format!("expected  {wanted}"), format!("actual    {found}"), mark.trim_end().to_owned()]
    }
}

/// The columns that a text may take before only the part around the difference is shown.
const COLUMNS: usize = 60;
/// The columns that are kept for what comes before the difference.
const BEFORE: usize = 36;

/// A character as it is shown, and how many columns that takes.
type Cell = (String, usize);

/// The part of two texts around the place where they differ, after `at` characters, and the column of that place.
fn excerpts(texts: [String; 2], at: usize, in_quotes: bool) -> ([String; 2], usize) {
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
    ([shown(&cells[0], ends[0]), shown(&cells[1], ends[1])], column)
}

fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|(_, columns)| columns).sum()
}

/// How many of these cells fit.
fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, room: usize) -> usize {
    let mut used = 0;
    let has_room = |(_, columns): &&Cell| {
        used += columns;
        used <= room
    };
    cells.take_while(has_room).count()
}

/// A character in its cell. It is escaped as in JSON if its width is uncertain.
fn cell(c: char, in_quotes: bool) -> Cell {
    let shown = match (c, columns(c)) {
        ('"' | '\\', _) if in_quotes => format!("\\{c}"),
        (_, Some(columns)) => return (c.to_string(), columns),
        ('\n' | '\r' | '\t', None) => c.escape_default().to_string(),
        (_, None) => escaped(c),
    };
    let columns = shown.len();
    (shown, columns)
}
