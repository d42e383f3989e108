//! Tokens and keys as text for people. Text from key files is hostile, so it is escaped even in a pipe.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::notice::labelled;
use super::streams::Terminal;
use super::terminal::{ERROR, FAINT, GOOD, NAME, Paint, WARNING, for_terminal, write_json};
use super::wrap::wrap;
use crate::claims::Claims;
use crate::explain::line_about_key;
use crate::json::{Layout, Value, quote};
use crate::keys::{Algorithm, Encoding};
use crate::outcome::{KeyDetails, KeySummary, UsedKey};
use crate::time::{self, NumericDate, Zone};
use crate::token::Header;

/// The claims that are points in time.
const TIMES: [&str; 5] = ["auth_time", "iat", "nbf", "exp", "updated_at"];

/// The most columns of the bar that shows how much of a token's lifetime has passed.
const WIDEST_BAR: usize = 40;

pub(super) fn verified(key: Option<&UsedKey>, paint: Paint, terminal: Terminal) -> String {
    labelled("verified:", GOOD, &used(key), paint, terminal)
}

pub(super) fn decrypted(key: Option<&UsedKey>, paint: Paint, terminal: Terminal) -> String {
    labelled("decrypted:", NAME, &used(key), paint, terminal)
}

/// The algorithm and key that a token was verified or decrypted with.
fn used(key: Option<&UsedKey>) -> String {
    let by = key
        .and_then(|key| Some(format!("{} with the {} ({})", key.algorithm?, key.kind, key.source)));
    by.unwrap_or_default()
}

/// For a token that only those who share its key can have made.
pub(super) fn verified_by_encryption(paint: Paint, terminal: Terminal) -> String {
    let by = "only those who share the key can have created this token";
    labelled("verified:", GOOD, by, paint, terminal)
}

pub(super) fn not_verified(is_shared: bool, paint: Paint, terminal: Terminal) -> String {
    let who = if is_shared { "those who share the key" } else { "anyone" };
    let text = format!("{who} could have created this token");
    labelled("not verified:", WARNING, &text, paint, terminal)
}

/// A token to show on a terminal.
pub(super) struct TokenText<'a> {
    /// One for each signature.
    pub(super) headers: Vec<&'a Header>,
    pub(super) claims: &'a Claims,
    pub(super) now: NumericDate,
    pub(super) zone: &'a Zone,
    pub(super) layout: Layout,
    pub(super) paint: Paint,
    pub(super) terminal: Terminal,
}

impl TokenText<'_> {
    /// Writes header and claims, and the times among them in words.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = |index| match self.headers.len() {
            1 => "header".to_owned(),
            _ => format!("header of signatures[{index}]"),
        };
        let headers = self.headers.iter().enumerate();
        let headers = headers.map(|(index, header)| (title(index), &header.object));
        for (name, object) in headers.chain([("claims".to_owned(), &self.claims.object)]) {
            write!(out, "\n{}\n", self.paint.paint(FAINT, &name))?;
            write_json(&object.text(), self.layout, Some(self.paint), out)?;
            out.write_all(b"\n")?;
        }
        self.disclosed(out)?;
        let times = self.times();
        if times.is_empty() {
            return Ok(());
        }
        write!(out, "\n{times}{}", self.life().unwrap_or_default())
    }

    /// Of an SD-JWT, which of the claims were disclosed.
    fn disclosed(&self, out: &mut dyn Write) -> io::Result<()> {
        const MOST: usize = 100;
        let Some(disclosed) = &self.claims.disclosed else { return Ok(()) };
        write!(out, "\n{}\n", self.paint.paint(FAINT, "disclosed"))?;
        for path in disclosed.paths.iter().take(MOST) {
            writeln!(out, "{}", for_terminal(path))?;
        }
        match disclosed.paths.len() {
            0 => writeln!(out, "nothing")?,
            count if count > MOST => writeln!(out, "… and {} more", count - MOST)?,
            _ => {}
        }
        let Some((_, claims)) = &disclosed.key_binding else { return Ok(()) };
        write!(out, "\n{}\n", self.paint.paint(FAINT, "key binding"))?;
        write_json(&claims.text(), self.layout, Some(self.paint), out)?;
        out.write_all(b"\n")
    }

    /// A line for each point in time, or two on a narrow terminal.
    fn times(&self) -> String {
        let Self { claims, now, zone, paint, terminal, .. } = *self;
        let names: Vec<_> =
            TIMES.into_iter().filter(|name| claims.object.get(name).is_some()).collect();
        let column = names.iter().map(|name| name.len()).max().unwrap_or_default();
        let line = |name: &&'static str| {
            let name_column = paint.paint(FAINT, &format!("{name:column$}"));
            let Some(date) = claims.numeric_date(name).ok().flatten() else {
                return format!("{name_column}  {}\n", paint.paint(ERROR, "not a number"));
            };
            let (point, words) = (zone.show(date), in_words(name, date, now));
            let hang = column + 2;
            let end = hang + point.len() + ", ".len();
            let fits = matches!(terminal, Terminal::Width(width) if end + words.len() <= width);
            let (start, gap) =
                if fits { (end, ", ".to_owned()) } else { (hang, format!("\n{:hang$}", "")) };
            let words = wrap(&words, start, hang, terminal);
            let words =
                if is_violated(name, date, now) { paint.paint(ERROR, &words) } else { words };
            format!("{name_column}  {point}{gap}{words}\n")
        };
        names.iter().map(line).collect()
    }

    /// How much of the time from `iat` (else `nbf`) to `exp` has elapsed: yellow in the last quarter, red in the last tenth.
    fn life(&self) -> Option<String> {
        let Self { claims, now, paint, .. } = *self;
        let Terminal::Width(width) = self.terminal else { return None };
        let date =
            |name| claims.numeric_date(name).ok()?.filter(|date| date.other_unit().is_none());
        let (start, end) = (date("iat").or_else(|| date("nbf"))?, date("exp")?);
        let (start, end) = (start.seconds, end.seconds);
        let whole = end.checked_sub(start).filter(|whole| *whole > 0)?;
        let elapsed = now.seconds.saturating_sub(start).clamp(0, whole);
        let part = |of: usize| {
            let scaled = elapsed.saturating_mul(i128::try_from(of).unwrap_or(0)) / whole;
            usize::try_from(scaled).unwrap_or(0)
        };
        let words = format!("{}% of {} elapsed", part(100), time::span(whole));
        let room = width.saturating_sub("life  [] ".len() + words.len()).min(WIDEST_BAR);
        if room < 5 {
            return Some(format!("{}  {words}\n", paint.paint(FAINT, "life")));
        }
        let full = part(room);
        let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(room - full));
        let style = match whole - elapsed {
            left if left <= whole / 10 => ERROR,
            left if left <= whole / 4 => WARNING,
            _ => GOOD,
        };
        let bar = paint.paint(style, &bar);
        Some(format!("{}  {bar} {words}\n", paint.paint(FAINT, "life")))
    }
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

/// Whether this time keeps the token from being valid now.
fn is_violated(name: &str, date: NumericDate, now: NumericDate) -> bool {
    match name {
        "exp" => date <= now,
        "nbf" | "iat" => date > now,
        _ => false,
    }
}

/// The keys of a file, with a line for each detail.
pub(super) fn summaries(keys: &[KeySummary], now: NumericDate, paint: Paint) -> String {
    if keys.is_empty() {
        return "a JWK Set without keys\n".to_owned();
    }
    let texts: Vec<_> = keys.iter().map(|key| summary(key, now, paint)).collect();
    texts.join("\n")
}

fn summary(key: &KeySummary, now: NumericDate, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(name) = &key.name {
        let _ = writeln!(out, "{}", paint.paint(NAME, &for_terminal(name)));
    }
    let rows = match &key.details {
        Ok(details) => details_of(details, now),
        Err(error) => vec![("unusable", line_about_key(None, error))],
    };
    for (label, text) in rows {
        let label = paint.paint(FAINT, &format!("{label:10}"));
        let _ = writeln!(out, "{label}  {}", for_terminal(&text));
    }
    out
}

fn details_of(details: &KeyDetails, now: NumericDate) -> Vec<(&'static str, String)> {
    let mut rows = vec![("kind", details.kind.clone())];
    let encoding = details.encoding.as_ref().filter(|(encoding, _)| *encoding != Encoding::Secret);
    if let Some((encoding, was_encrypted)) = encoding {
        // The name of a PEM or DER structure says that it is encrypted.
        let has_name = matches!(encoding, Encoding::Pem(_) | Encoding::Der(_));
        let encrypted = if *was_encrypted && !has_name { ", encrypted" } else { "" };
        rows.push(("format", format!("{encoding}{encrypted}")));
    }
    let names: Vec<_> = details.algorithms.iter().map(|alg| Algorithm::name(*alg)).collect();
    let algorithms = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    rows.push(("algorithms", algorithms));
    // Nearly all keys that sign can also encrypt, so this is shown only for keys that cannot sign.
    if names.is_empty() && !details.encryption.is_empty() {
        let names: Vec<_> = details.encryption.iter().map(|alg| alg.name()).collect();
        rows.push(("encryption", names.join(", ")));
    }
    let KeyDetails { unusable, params, thumbprint, fingerprints, source, .. } = details;
    let fingerprints = fingerprints.as_ref();
    let optional = [
        ("unusable", unusable.as_ref().map(|error| line_about_key(None, error))),
        ("kid", params.kid.as_deref().map(quote)),
        ("alg", params.alg.as_deref().map(quote)),
        ("use", params.key_use.as_deref().map(quote)),
        ("key_ops", params.key_ops.as_ref().map(|ops| Value::strings(ops).text().to_owned())),
        ("thumbprint", thumbprint.clone()),
        ("spki", fingerprints.map(|of| of.spki.clone())),
        ("ssh", fingerprints.and_then(|of| of.ssh.clone())),
        ("libtrust", fingerprints.map(|of| of.libtrust.clone())),
        ("source", source.clone()),
    ];
    rows.extend(optional.into_iter().filter_map(|(label, text)| Some((label, text?))));
    if let Some((certificate, digests)) = details.certificate.as_deref() {
        rows.push(("subject", certificate.subject.clone()));
        rows.push(("issuer", certificate.issuer.clone()));
        rows.push(("valid from", date(certificate.not_before, now)));
        rows.push(("valid to", date(certificate.not_after, now)));
        rows.push(("x5t", digests.x5t.clone()));
        rows.push(("x5t#S256", digests.x5t_s256.clone()));
    }
    rows
}

fn date(seconds: i64, now: NumericDate) -> String {
    format!("{}, {}", time::utc(seconds), time::from_now(seconds.into(), now))
}
