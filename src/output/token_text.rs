//! A token for people: what was verified, header, claims, times in words, and how much of its life is gone.

use std::io::{self, Write};

use super::escape::for_terminal;
use super::painted_json::write_json;
use super::style::Paint;
use crate::claims::Claims;
use crate::json::{Layout, Object};
use crate::outcome::UsedKey;
use crate::time::{self, NumericDate};

/// The claims that are points in time.
const TIMES: [&str; 5] = ["auth_time", "iat", "nbf", "exp", "updated_at"];

/// The most columns of the bar that shows a token's life.
const WIDEST_BAR: usize = 40;

pub(super) fn verified(key: Option<&UsedKey>, paint: Paint) -> String {
    let by = key
        .and_then(|key| Some(format!("{} with the {} ({})", key.algorithm?, key.kind, key.origin)));
    format!("{} {}", paint.good("verified:"), for_terminal(&by.unwrap_or_default()))
}

pub(super) fn not_verified(paint: Paint) -> String {
    format!("{} anyone can write such a token", paint.warning("not verified:"))
}

/// Writes header and claims, and the times among them in words.
pub(super) fn write(
    (header, claims): (&Object, &Claims),
    now: NumericDate,
    layout: Layout,
    paint: Paint,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (name, object) in [("header", header), ("claims", claims.object())] {
        write!(out, "\n{}\n", paint.faint(name))?;
        write_json(&object.text(), layout, Some(paint), out)?;
        out.write_all(b"\n")?;
    }
    let times = times(claims, now, paint, width);
    if times.is_empty() {
        return Ok(());
    }
    write!(out, "\n{times}{}", life(claims, now, paint, width).unwrap_or_default())
}

/// A line for each point in time, or two on a narrow terminal.
fn times(claims: &Claims, now: NumericDate, paint: Paint, width: usize) -> String {
    let names: Vec<_> = TIMES.into_iter().filter(|name| claims.get(name).is_some()).collect();
    let column = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let line = |name: &&'static str| {
        let name_column = paint.faint(&format!("{name:column$}"));
        let Some(date) = claims.numeric_date(name).ok().flatten() else {
            return format!("{name_column}  {}\n", paint.error("not a number"));
        };
        let utc = time::utc(date);
        let words = in_words(name, date, now);
        let fits = column + utc.len() + words.len() + "  , ".len() <= width;
        let gap = if fits { ", ".to_owned() } else { format!("\n{:column$}  ", "") };
        let words = if is_violated(name, date, now) { paint.error(&words) } else { words };
        format!("{name_column}  {utc}{gap}{words}\n")
    };
    names.iter().map(line).collect()
}

fn in_words(name: &str, date: NumericDate, now: NumericDate) -> String {
    let expired = if name == "exp" && is_violated(name, date, now) { "expired " } else { "" };
    let doubt = date.other_unit().map(|unit| {
        let meant = date.read_in(unit);
        let expired = if name == "exp" && meant <= now { "expired " } else { "" };
        format!(" ({}? then {expired}{})", unit.name(), time::from_now(meant, now))
    });
    format!("{expired}{}{}", time::from_now(date, now), doubt.unwrap_or_default())
}

/// Whether the token is not valid now, by this time.
fn is_violated(name: &str, date: NumericDate, now: NumericDate) -> bool {
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
