//! What a shell can do about a damaged token: each mend is a command and does here what the command
//! does, so that a hint names only commands that are known to end in a token.

use std::borrow::Cow;

use super::MOST_LOOKED_AT;
use super::shape::{is_invisible, is_own, is_quote, is_token, look_alike};
use crate::token::{Malformed, strip_wrapping};

/// A step that takes damage away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// UTF-16 of ASCII text made ASCII: no NUL bytes, no byte order mark.
    Utf16,
    /// Nothing up to the word `Bearer`.
    Bearer,
    /// No colour codes.
    Colours,
    /// Bytes in percent-encoding decoded: those of [`ESCAPES`] with these places.
    Percent(Vec<usize>),
    /// No `\n`, `\r`, `\t` of two characters each.
    EscapedNewlines,
    /// No white space.
    Space,
    /// Characters that look like others replaced by those.
    LookAlikes(Vec<(char, char)>),
    /// The URL-safe alphabet in place of the standard one (RFC 4648 section 5).
    Alphabet,
    /// No padding.
    Padding,
    /// Nothing but the characters of a token.
    Foreign,
    /// No dots at either end.
    Dots,
    /// Nothing after the third part.
    ThreeParts,
}

/// Percent-encoded bytes: as a basic regular expression, the two digits, and what stands for them.
pub const ESCAPES: [(&str, &str, &str); 11] = [
    // First: what was encoded twice.
    ("%25", "25", "%"),
    ("%2[Ee]", "2e", "."),
    ("%3[Dd]", "3d", "="),
    ("%2[Bb]", "2b", "+"),
    ("%2[Ff]", "2f", "/"),
    ("%2[Dd]", "2d", "-"),
    ("%5[Ff]", "5f", "_"),
    ("%0[Aa]", "0a", ""),
    ("%0[Dd]", "0d", ""),
    ("%20", "20", ""),
    ("%22", "22", ""),
];

/// The most different characters that a hint would name.
const MOST_LOOK_ALIKES: usize = 4;

/// The mends that make a token of a text, in order. Each pass is linear, and each is taken once.
pub(super) fn mends(bytes: &[u8], fault: &Malformed) -> Option<Vec<Repair>> {
    if bytes.len() > MOST_LOOKED_AT || matches!(fault, Malformed::WhiteSpace { tokens: 2.., .. }) {
        return None;
    }
    let mut taken = Vec::new();
    let mut text = Cow::Owned(String::from_utf8_lossy(bytes).trim().to_owned());
    if bytes.contains(&0) {
        let narrow = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xfe | 0xff));
        text = Cow::Owned(String::from_utf8(narrow.collect()).ok()?.trim().to_owned());
        taken.push(Repair::Utf16);
    }
    for step in STEPS {
        if is_token(&text) {
            break;
        }
        if let Some((mend, mended)) = step(&text, fault) {
            taken.push(mend);
            text = Cow::Owned(mended);
        }
    }
    let is_mended = !taken.is_empty() && is_token(&text);
    if taken.len() > 1 || !is_mended {
        let once = at_once(bytes, fault).filter(|once| !is_mended || once == strip_wrapping(&text));
        if once.is_some() {
            return Some(vec![Repair::Foreign]);
        }
    }
    is_mended.then_some(taken)
}

/// A token that is left when all goes that is not part of one, as from the lines of a quoted mail: one
/// command in place of several.
fn at_once(bytes: &[u8], fault: &Malformed) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok();
    let in_lines = matches!(fault, Malformed::WhiteSpace { .. });
    let text = text.filter(|_| in_lines)?;
    let may_go = |c: char| {
        c.is_whitespace()
            || is_quote(c)
            || is_invisible(c)
            || matches!(c, '>' | '|' | '*' | '#' | '=')
    };
    let own = text.replace(|c| !is_own(c), "");
    (text.chars().all(|c| is_own(c) || may_go(c)) && is_token(&own)).then_some(own)
}

type PathStep = fn(&str, &Malformed) -> Option<(Repair, String)>;

const STEPS: [PathStep; 11] = [
    bearer,
    colours,
    percent,
    escaped_newlines,
    space,
    look_alikes,
    alphabet,
    padding,
    foreign,
    dots,
    three_parts,
];

fn changed(mend: Repair, before: &str, after: String) -> Option<(Repair, String)> {
    (before != after).then_some((mend, after))
}

fn bearer(text: &str, fault: &Malformed) -> Option<(Repair, String)> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("bearer").filter(|_| matches!(fault, Malformed::WhiteSpace { .. }))?;
    let rest = text[at + "bearer".len()..].trim_start_matches(' ');
    (lower.matches("bearer").count() == 1).then(|| (Repair::Bearer, rest.to_owned()))
}

fn colours(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next()?.to_owned();
    for piece in pieces {
        plain +=
            piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m')?;
    }
    changed(Repair::Colours, text, plain)
}

fn percent(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    let mut used = Vec::new();
    let mut plain = text.to_owned();
    for (place, (_, digits, stands_for)) in ESCAPES.iter().enumerate() {
        let lower = format!("%{digits}");
        let before = plain.len();
        let upper = lower.to_ascii_uppercase();
        plain = plain.replace(&lower, stands_for);
        if upper != lower {
            plain = plain.replace(&upper, stands_for);
        }
        if plain.len() != before {
            used.push(place);
        }
    }
    changed(Repair::Percent(used), text, plain)
}

fn escaped_newlines(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    let plain = text.replace("\\n", "").replace("\\r", "").replace("\\t", "");
    changed(Repair::EscapedNewlines, text, plain)
}

/// (Words around a whole token have been told before: they are not joined with it.)
fn space(text: &str, fault: &Malformed) -> Option<(Repair, String)> {
    let is_space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    matches!(fault, Malformed::WhiteSpace { .. })
        .then(|| changed(Repair::Space, text, text.replace(is_space, "")))?
}

fn look_alikes(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    let mut pairs = Vec::new();
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if let Some(like) = look_alike(c).filter(|_| !pairs.iter().any(|(is, _)| *is == c)) {
            pairs.push((c, like));
            if pairs.len() > MOST_LOOK_ALIKES {
                return None;
            }
        }
    }
    let plain = pairs
        .iter()
        .fold(text.to_owned(), |text, (is, like)| text.replace(*is, like.encode_utf8(&mut [0; 4])));
    changed(Repair::LookAlikes(pairs), text, plain)
}

fn alphabet(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    changed(Repair::Alphabet, text, text.replace('+', "-").replace('/', "_"))
}

fn padding(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    changed(Repair::Padding, text, text.replace('=', ""))
}

/// Everything outside the alphabet goes, if all of it is something that nobody meant: quotation
/// marks, invisible characters, punctuation at the ends.
fn foreign(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    let is_nobodys = |c: char| {
        is_own(c)
            || is_quote(c)
            || is_invisible(c)
            || matches!(c, '\\' | char::REPLACEMENT_CHARACTER)
            || (c.is_whitespace() && !c.is_ascii())
    };
    let inner = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    inner
        .chars()
        .all(is_nobodys)
        .then(|| changed(Repair::Foreign, text, text.replace(|c| !is_own(c), "")))?
}

fn dots(text: &str, _: &Malformed) -> Option<(Repair, String)> {
    changed(Repair::Dots, text, text.trim_matches('.').to_owned())
}

/// What comes after a token and a dot, unless that may be another token.
fn three_parts(text: &str, fault: &Malformed) -> Option<(Repair, String)> {
    let (end, _) = text.match_indices('.').nth(2)?;
    let is_alone = matches!(fault, Malformed::Parts(_)) && !text[end..].contains("eyJ");
    is_alone.then(|| (Repair::ThreeParts, text[..end].to_owned()))
}
