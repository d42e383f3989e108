//! A token for human eyes: what was verified, header, claims, times in words, how much of its life
//! is gone. Everything a token says is escaped on the way.

use std::borrow::Cow;
use std::io::{self, Write};

use super::escape::for_terminal;
use super::style::Paint;
use crate::claims::Claims;
use crate::json::{Layout, Object, Piece, lay_out, quote, unquote};
use crate::outcome::UsedKey;
use crate::time::{self, NumericDate};

/// The claims that are points in time, and what they say.
const TIMES: [&str; 5] = ["auth_time", "iat", "nbf", "exp", "updated_at"];

/// The widest the bar of a life is drawn, in columns.
const WIDEST_BAR: usize = 40;

/// The longest JSON that a terminal is shown indented, in bytes. Nobody reads longer text to its end, and its line ends
/// would take a terminal seconds.
const LONGEST_INDENTED: usize = 1024 * 1024;

/// Writes JSON laid out; where a person is looking, painted and escaped. It is written piece by piece, since it may
/// be many times as long as its text.
pub(super) fn json(
    text: &str,
    layout: Layout,
    seen: Option<Paint>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_long = seen.is_some() && text.len() > LONGEST_INDENTED;
    let layout = if is_long { Layout::Compact } else { layout };
    let mut written = Ok(());
    lay_out(text, layout, &mut |piece, text| {
        if written.is_err() {
            return;
        }
        written = match (piece, seen) {
            (Piece::Name, Some(paint)) => out.write_all(paint.name(&readable(text)).as_bytes()),
            (Piece::String, Some(paint)) => out.write_all(paint.string(&readable(text)).as_bytes()),
            _ => out.write_all(text.as_bytes()),
        };
    });
    written
}

/// A string in quotes: what was escaped without need is readable, what is hostile is escaped.
fn readable(spelled: &str) -> Cow<'_, str> {
    if spelled.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        return Cow::Borrowed(spelled);
    }
    Cow::Owned(for_terminal(&quote(&unquote(spelled))))
}

/// The first line of a token that was verified.
pub(super) fn verified(key: Option<&UsedKey>, paint: Paint) -> String {
    let by = key
        .and_then(|key| Some(format!("{} with the {} ({})", key.algorithm?, key.kind, key.origin)));
    format!("{} {}", paint.good("verified:"), for_terminal(&by.unwrap_or_default()))
}

/// The first line of a token that was not.
pub(super) fn not_verified(paint: Paint) -> String {
    format!("{} anyone can write such a token", paint.warning("not verified:"))
}

/// Writes header and claims, and what the times among those say.
pub(super) fn token(
    (header, claims): (&Object, &Claims),
    now: NumericDate,
    layout: Layout,
    paint: Paint,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (name, object) in [("header", header), ("claims", claims.object())] {
        write!(out, "\n{}\n", paint.faint(name))?;
        json(&object.text(), layout, Some(paint), out)?;
        out.write_all(b"\n")?;
    }
    let times = times(claims, now, paint, width);
    if times.is_empty() {
        return Ok(());
    }
    write!(out, "\n{times}{}", life(claims, now, paint, width).unwrap_or_default())
}

/// A line for each point in time, or two where the terminal is narrow.
fn times(claims: &Claims, now: NumericDate, paint: Paint, width: usize) -> String {
    let there: Vec<_> = TIMES.into_iter().filter(|name| claims.get(name).is_some()).collect();
    let column = there.iter().map(|name| name.len()).max().unwrap_or_default();
    let line = |name: &&'static str| {
        let name_column = paint.faint(&format!("{name:column$}"));
        let Some(date) = claims.numeric_date(name).ok().flatten() else {
            return format!("{name_column}  {}\n", paint.error("not a number"));
        };
        let utc = time::utc(date);
        let words = in_words(name, date, now);
        let fits = column + utc.len() + words.len() + "  , ".len() <= width;
        let gap = if fits { ", ".to_owned() } else { format!("\n{:column$}  ", "") };
        let words = if is_at_odds(name, date, now) { paint.error(&words) } else { words };
        format!("{name_column}  {utc}{gap}{words}\n")
    };
    there.iter().map(line).collect()
}

fn in_words(name: &str, date: NumericDate, now: NumericDate) -> String {
    let expired = if name == "exp" && is_at_odds(name, date, now) { "expired " } else { "" };
    let doubt = date.other_unit().map(|unit| {
        let meant = date.read_in(unit);
        let expired = if name == "exp" && meant <= now { "expired " } else { "" };
        format!(" ({}? then {expired}{})", unit.name(), time::from_now(meant, now))
    });
    format!("{expired}{}{}", time::from_now(date, now), doubt.unwrap_or_default())
}

/// Whether a time says that the token is not valid now.
fn is_at_odds(name: &str, date: NumericDate, now: NumericDate) -> bool {
    match name {
        "exp" => date <= now,
        "nbf" | "iat" => date > now,
        _ => false,
    }
}

/// How much of the time from `iat` (else `nbf`) to `exp` is gone.
fn life(claims: &Claims, now: NumericDate, paint: Paint, width: usize) -> Option<String> {
    let date = |name| claims.numeric_date(name).ok().flatten().map(|date| date.seconds);
    let (start, end) = (date("iat").or_else(|| date("nbf"))?, date("exp")?);
    let whole = end.checked_sub(start).filter(|whole| *whole > 0)?;
    let gone = now.seconds.saturating_sub(start).clamp(0, whole);
    let part = |of: usize| {
        let scaled = gone.saturating_mul(i128::try_from(of).unwrap_or(0)) / whole;
        usize::try_from(scaled).unwrap_or(0)
    };
    let words = format!("{}% of {} gone", part(100), time::span(whole));
    let room = width.saturating_sub("life  [] ".len() + words.len()).min(WIDEST_BAR);
    if room < 5 {
        return Some(format!("{}  {words}\n", paint.faint("life")));
    }
    let full = part(room);
    let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(room - full));
    let bar = if gone == whole { paint.error(&bar) } else { paint.good(&bar) };
    Some(format!("{}  {bar} {words}\n", paint.faint("life")))
}

#[cfg(test)]
mod tests {
    use super::super::{ColorChoice, Terminal};
    use super::*;

    #[test]
    fn a_terminal_shows_long_json_without_line_ends() {
        let paint = Paint::new(ColorChoice::Never, Terminal::of(true, None));
        let lines = |items: usize, seen: Option<Paint>| {
            let mut out = Vec::new();
            let text = format!("[{}1]", "1,".repeat(items));
            json(&text, Layout::Indented, seen, &mut out).unwrap();
            String::from_utf8(out).unwrap().lines().count() - 1
        };
        assert_eq!(lines(10, Some(paint)), 12);
        assert_eq!(lines(LONGEST_INDENTED, Some(paint)), 0);
        // A pipe gets what it always gets.
        assert_eq!(lines(LONGEST_INDENTED, None), LONGEST_INDENTED + 2);
    }
}
