//! Where two values that ought to be one begin to differ, and in what: two lines of evidence, one
//! under the other, and a mark under the first difference. Pure, and made for hostile text.

use super::excerpt::{Excerpts, excerpts};
use crate::characters::{is_invisible, looks_like};
use crate::json::{Layout, Value, ValueRef, respaced};
use crate::secret::may_hold_secret;

/// How an expected value and the one that is there differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// The nearest of the values that would do.
    pub expected: Value,
    /// The value that is there; of an audience, the nearest of its names.
    pub actual: Value,
    /// In what they differ.
    pub kind: Kind,
    /// So many characters are the same before they do.
    at: usize,
}

/// In what two values differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A slash at the end.
    TrailingSlash,
    /// Capital and small letters.
    Case,
    /// White space before the text.
    SpaceBefore,
    /// White space after the text.
    SpaceAfter,
    /// White space before and after the text.
    SpaceAround,
    /// `http` in the one, `https` in the other.
    Scheme,
    /// Characters that are not seen; this is the first.
    Invisible(char),
    /// Characters that look like others; this is the first, and what it looks like.
    LookAlike(char, char),
    /// What is there is the beginning of what is expected.
    Shorter,
    /// What is expected is the beginning of what is there.
    Longer,
    /// The items of an array stand in another order.
    Order,
    /// The one is a string of the other.
    Type,
    /// In something without a name of its own.
    Other,
}

/// The longest values that are compared, in bytes of JSON, and the most items of an array.
const LONGEST: usize = 16 * 1024;
const MOST_ITEMS: usize = 100;

/// The nearest of the expected values to what is there, or to one of its `items`, if any is so near
/// that the difference is worth a look.
pub(super) fn nearest(expected: &[Value], actual: &Value, items: bool) -> Option<Difference> {
    let items = actual.items().filter(|_| items);
    let items = items.map(|items| items.take(MOST_ITEMS).map(ValueRef::to_value).collect());
    let actual: Vec<_> = items.unwrap_or_else(|| vec![actual.clone()]);
    let pairs = expected
        .iter()
        .take(MOST_ITEMS)
        .flat_map(|expected| actual.iter().map(move |one| (expected, one)));
    pairs
        .filter_map(|(expected, actual)| between(expected, actual))
        .reduce(|best, next| if next.nearness() > best.nearness() { next } else { best })
}

/// How two values differ; nothing if they have little in common, or might be secret.
fn between(expected: &Value, actual: &Value) -> Option<Difference> {
    let is_odd = |value: &&Value| value.text().len() > LONGEST || may_hold_secret(value.text());
    if [expected, actual].iter().any(is_odd) {
        return None;
    }
    let (kind, at) = if is_text_of(expected, actual) || is_text_of(actual, expected) {
        (Kind::Type, 0)
    } else if expected.kind() == actual.kind() {
        let (wanted, found) = (content(expected), content(actual));
        let kind = same_items(expected, actual).then_some(Kind::Order);
        let kind = kind.or_else(|| kind_of(&wanted, &found))?;
        (kind, shared(wanted.chars(), found.chars()))
    } else {
        return None;
    };
    Some(Difference { expected: expected.clone(), actual: actual.clone(), kind, at })
}

/// Whether a value is the string of another's JSON text.
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

/// In what two different texts differ; nothing if they have little in common.
fn kind_of(expected: &str, actual: &str) -> Option<Kind> {
    if expected.is_empty() || actual.is_empty() || expected == actual {
        return None;
    }
    let same = |one: fn(&str) -> &str| one(expected) == one(actual);
    let without_slash = |text: &str, other: &str| text.strip_suffix('/') == Some(other);
    let scheme = |text: &str, other: &str| {
        let rest = text.strip_prefix("http://");
        rest.is_some_and(|rest| other.strip_prefix("https://") == Some(rest))
    };
    if without_slash(expected, actual) || without_slash(actual, expected) {
        Some(Kind::TrailingSlash)
    } else if same(str::trim_end) {
        Some(Kind::SpaceAfter)
    } else if same(str::trim_start) {
        Some(Kind::SpaceBefore)
    } else if same(str::trim) {
        Some(Kind::SpaceAround)
    } else if expected.to_lowercase() == actual.to_lowercase() {
        Some(Kind::Case)
    } else if scheme(expected, actual) || scheme(actual, expected) {
        Some(Kind::Scheme)
    } else {
        odd_character(expected, actual).or_else(|| overlap(expected, actual))
    }
}

/// A character that is not seen, or that looks like another, as the only difference.
fn odd_character(expected: &str, actual: &str) -> Option<Kind> {
    let visible = |text: &str| text.chars().filter(|c| !is_invisible(*c)).collect::<String>();
    let at = shared(expected.chars(), actual.chars());
    let (wanted, found) = (expected.chars().nth(at), actual.chars().nth(at));
    if visible(expected) == visible(actual) {
        return [wanted, found]
            .into_iter()
            .flatten()
            .find(|c| is_invisible(*c))
            .map(Kind::Invisible);
    }
    if expected.chars().map(looks_like).eq(actual.chars().map(looks_like)) {
        let odd = [found?, wanted?].into_iter().find(|c| looks_like(*c) != *c)?;
        return Some(Kind::LookAlike(odd, looks_like(odd)));
    }
    None
}

/// Texts of which one begins with the other, or that are the same for at least half of their length.
fn overlap(expected: &str, actual: &str) -> Option<Kind> {
    const SHORTEST_BEGINNING: usize = 4;
    const SHORTEST: usize = 8;
    let lengths = [expected.chars().count(), actual.chars().count()];
    let (shorter, longer) = (lengths[0].min(lengths[1]), lengths[0].max(lengths[1]));
    let start = shared(expected.chars(), actual.chars());
    if start == shorter {
        let kind = if shorter == lengths[1] { Kind::Shorter } else { Kind::Longer };
        return (shorter >= SHORTEST_BEGINNING).then_some(kind);
    }
    let end = shared(expected.chars().rev(), actual.chars().rev()).min(shorter - start);
    (longer >= SHORTEST && (start + end) * 2 >= longer).then_some(Kind::Other)
}

/// How many characters two texts have in common before they differ.
pub(super) fn shared(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

impl Difference {
    /// What is nearer comes before what is farther: a difference that has a name, then the longest
    /// common beginning.
    fn nearness(&self) -> (bool, usize) {
        (!matches!(self.kind, Kind::Other | Kind::Shorter | Kind::Longer), self.at)
    }

    /// Both values, one under the other, and a mark under the first difference.
    pub(super) fn evidence(&self) -> Vec<String> {
        let are_strings = [&self.expected, &self.actual].iter().all(|v| v.kind() == "a string");
        let text = |value: &Value| {
            if are_strings { content(value) } else { respaced(value.text(), Layout::Compact) }
        };
        let (wanted, found) = (text(&self.expected), text(&self.actual));
        let Excerpts { texts: [wanted, found], column } =
            excerpts([&wanted, &found], self.at, are_strings);
        let mark = format!("{:10}{:column$}^ {}", "", "", self.word());
        vec![
            format!("expected  {wanted}"),
            format!("actual    {found}"),
            mark.trim_end().to_owned(),
        ]
    }

    /// What the difference is, in a few words; none where the mark says it all.
    fn word(&self) -> String {
        let [wanted, found] = [&self.expected, &self.actual].map(content);
        let starts = |text: &str| text.starts_with("https://");
        match self.kind {
            Kind::TrailingSlash => "a trailing slash".to_owned(),
            Kind::Case => "a letter's case".to_owned(),
            Kind::SpaceBefore => "white space at the start".to_owned(),
            Kind::SpaceAfter => "white space at the end".to_owned(),
            Kind::SpaceAround => "white space at both ends".to_owned(),
            Kind::Scheme if starts(&found) => "https for http".to_owned(),
            Kind::Scheme => "http for https".to_owned(),
            Kind::Invisible(c) => format!("an invisible character, {}", code_point(c)),
            Kind::LookAlike(c, like) => format!("{}, which looks like {like}", code_point(c)),
            Kind::Shorter => "only part of it".to_owned(),
            Kind::Longer => "longer from here on".to_owned(),
            Kind::Order => "the same in another order".to_owned(),
            Kind::Type => format!("{}, not {}", self.actual.kind(), self.expected.kind()),
            Kind::Other => match (found.chars().nth(self.at), wanted.chars().nth(self.at)) {
                (Some(found), Some(wanted)) if !(found.is_ascii() && wanted.is_ascii()) => {
                    format!("{}, not {}", code_point(found), code_point(wanted))
                }
                _ => String::new(),
            },
        }
    }
}

/// "U+200B"
fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
