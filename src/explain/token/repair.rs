//! Shell commands that repair a damaged token. Each step also does the same as its command, so a command is only
//! suggested if its result is a token.

use std::fmt::Display;

use super::shape::{MOST_EXAMINED, is_invisible, is_quote, is_token, look_alike};
use crate::characters::is_token_char;
use crate::explain::shell::{Filter, strip_padding};
use crate::token::{Malformed, strip_wrapping};

/// Removes the NUL bytes and the byte order mark of ASCII text in UTF-16.
pub(super) fn from_utf16() -> Filter {
    Filter::remove(r"LC_ALL=C tr -d '\000\376\377'", r"[\x00\xFE\xFF]")
}

/// Removes everything that is not a character of a token.
fn strip_foreign() -> Filter {
    Filter::remove("LC_ALL=C tr -cd 'A-Za-z0-9._-'", "[^A-Za-z0-9._-]")
}

/// The command of a step, and its result for a text. A step that changes nothing is left out.
type Step = fn(&str, &Malformed) -> Option<(Filter, String)>;

const STEPS: [Step; 11] = [
    bearer,
    colours,
    |text, _| Some(percent(text)),
    |text, _| {
        let plain = text.replace("\\n", "").replace("\\r", "").replace("\\t", "");
        Some((Filter::remove(r"sed 's/\\[nrt]//g'", r"\\[nrt]"), plain))
    },
    |text, fault| {
        // Words around a whole token have been recognised before, and are not joined with it.
        let is_space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
        let plain = text.replace(is_space, "");
        is_wrapped(fault).then(|| (Filter::remove("tr -d '[:space:]'", r"\s"), plain))
    },
    look_alikes,
    |text, _| {
        let filter = Filter::replace("tr '+/' '-_'", &[(r"\+", "-"), ("/", "_")]);
        Some((filter, text.replace('+', "-").replace('/', "_")))
    },
    |text, _| Some((strip_padding(), text.replace('=', ""))),
    foreign,
    |text, _| {
        let command = "sed 's/^[.[:space:]]*//;s/[.[:space:]]*$//'";
        Some((Filter::remove(command, r"^[.\s]+|[.\s]+$"), text.trim_matches('.').to_owned()))
    },
    |text, fault| {
        // What comes after the third part, unless that may be another token.
        let (end, _) = text.match_indices('.').nth(2)?;
        let is_alone = matches!(fault, Malformed::Parts(_)) && !text[end..].contains("eyJ");
        let filter = || Filter::replace("cut -d. -f1-3", &[(r"^(([^.]*\.){2}[^.]*)\..*", "$1")]);
        is_alone.then(|| (filter(), text[..end].to_owned()))
    },
];

/// The commands that turn a text into a token, in order, if there are any. Each step is linear and runs once.
pub(super) fn repairs(bytes: &[u8], fault: &Malformed) -> Vec<Filter> {
    if bytes.len() > MOST_EXAMINED || matches!(fault, Malformed::WhiteSpace { tokens: 2.., .. }) {
        return Vec::new();
    }
    let mut commands = Vec::new();
    let mut text = String::from_utf8_lossy(bytes);
    if bytes.contains(&0) {
        let narrow = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xfe | 0xff));
        let Ok(narrow) = String::from_utf8(narrow.collect()) else { return Vec::new() };
        text = narrow.into();
        commands.push(from_utf16());
    }
    let mut text = text.trim().to_owned();
    for step in STEPS {
        if is_token(&text) {
            break;
        }
        if let Some((command, repaired)) = step(&text, fault).filter(|(_, after)| *after != text) {
            commands.push(command);
            text = repaired;
        }
    }
    let is_repaired = is_token(&text);
    if commands.len() > 1 || !is_repaired {
        let joined = join_lines(bytes, fault);
        if joined.is_some_and(|joined| !is_repaired || joined == strip_wrapping(&text)) {
            return vec![strip_foreign()];
        }
    }
    if is_repaired { commands } else { Vec::new() }
}

fn is_wrapped(fault: &Malformed) -> bool {
    matches!(fault, Malformed::WhiteSpace { .. })
}

/// The token that is left when all other characters are removed, as from the lines of a quoted mail.
fn join_lines(bytes: &[u8], fault: &Malformed) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_wrapped(fault))?;
    let may_be_removed = |c: char| {
        is_token_char(c)
            || c.is_whitespace()
            || is_quote(c)
            || is_invisible(c)
            || matches!(c, '>' | '|' | '*' | '#' | '=')
    };
    let token = text.replace(|c| !is_token_char(c), "");
    (text.chars().all(may_be_removed) && is_token(&token)).then_some(token)
}

fn bearer(text: &str, fault: &Malformed) -> Option<(Filter, String)> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("bearer").filter(|_| is_wrapped(fault))?;
    let rest = text[at + "bearer".len()..].trim_start_matches(' ');
    let command = "sed 's/.*[Bb][Ee][Aa][Rr][Ee][Rr] *//'";
    let filter = Filter::remove(command, "(?i).*bearer *");
    (lower.matches("bearer").count() == 1).then(|| (filter, rest.to_owned()))
}

fn colours(text: &str, _: &Malformed) -> Option<(Filter, String)> {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next()?.to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain += rest.strip_prefix('m')?;
    }
    let command = r#"sed "s/$(printf '\033')\[[0-9;]*m//g""#;
    Some((Filter::remove(command, r"\x1b\[[0-9;]*m"), plain))
}

fn percent(text: &str) -> (Filter, String) {
    /// Percent-encoded characters (RFC 3986 section 2.1): two digits, and the character. `%25` is decoded first, for a
    /// text that was encoded twice.
    const ESCAPES: [&str; 11] =
        ["25%", "2e.", "3d=", "2b+", "2f/", "2d-", "5f_", "0a", "0d", "20", "22"];
    let mut plain = text.to_owned();
    let mut pairs = Vec::new();
    for (digits, stands_for) in ESCAPES.map(|escape| escape.split_at(2)) {
        let upper = digits.to_ascii_uppercase();
        let either = format!("[{}{}]", &upper[1..], &digits[1..]);
        let second = if upper == digits { &digits[1..] } else { &either };
        let decoded = plain.replace(&format!("%{digits}"), stands_for);
        let decoded = decoded.replace(&format!("%{upper}"), stands_for);
        if decoded != plain {
            pairs.push((format!("%{}{second}", &digits[..1]), stands_for));
            plain = decoded;
        }
    }
    (Filter::replace(sed(&pairs), &pairs), plain)
}

/// The replacements of literal text, as `sed` takes them.
fn sed<P: Display, R: Display>(pairs: &[(P, R)]) -> String {
    let expressions = pairs.iter().map(|(from, to)| format!("s|{from}|{to}|g"));
    format!("sed '{}'", expressions.collect::<Vec<_>>().join(";"))
}

fn look_alikes(text: &str, _: &Malformed) -> Option<(Filter, String)> {
    /// The most characters that a command replaces.
    const MOST: usize = 4;
    let mut pairs: Vec<(char, char)> = Vec::new();
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let Some(like) = look_alike(c) else { continue };
        if !pairs.contains(&(c, like)) {
            pairs.push((c, like));
        }
        if pairs.len() > MOST {
            return None;
        }
    }
    let mut plain = text.to_owned();
    for (c, like) in &pairs {
        plain = plain.replace(*c, like.encode_utf8(&mut [0; 4]));
    }
    let pairs: Vec<_> = pairs.iter().map(|(c, like)| (c.to_string(), like.to_string())).collect();
    Some((Filter::replace(sed(&pairs), &pairs), plain))
}

/// Removes quotation marks, invisible characters, and punctuation at the ends, if there is nothing else to remove.
fn foreign(text: &str, _: &Malformed) -> Option<(Filter, String)> {
    let is_meaningless = |c: char| {
        is_token_char(c)
            || is_quote(c)
            || is_invisible(c)
            || matches!(c, '\\' | char::REPLACEMENT_CHARACTER)
            || (c.is_whitespace() && !c.is_ascii())
    };
    let inner = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let plain = text.replace(|c| !is_token_char(c), "");
    inner.chars().all(is_meaningless).then(|| (strip_foreign(), plain))
}
