//! Keys for people, a line for each detail. Key files are hostile text, so all of it is escaped, even in a pipe.

use std::fmt::Write as _;

use super::escape::for_terminal;
use super::style::Paint;
use crate::explain::line_about_key;
use crate::json::{Value, quote};
use crate::keys::{Algorithm, Encoding};
use crate::outcome::{KeyDetails, KeySummary};
use crate::time::{self, NumericDate};

pub(super) fn summaries(keys: &[KeySummary], now: NumericDate, paint: Paint) -> String {
    if keys.is_empty() {
        return "a JWK Set of no keys\n".to_owned();
    }
    let texts: Vec<_> = keys.iter().map(|key| summary(key, now, paint)).collect();
    texts.join("\n")
}

fn summary(key: &KeySummary, now: NumericDate, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(name) = &key.name {
        let _ = writeln!(out, "{}", paint.name(&for_terminal(name)));
    }
    let rows = match &key.details {
        Ok(details) => rows(details, now),
        Err(error) => vec![("unusable", line_about_key(None, error))],
    };
    for (label, text) in rows {
        let _ = writeln!(out, "{}  {}", paint.faint(&format!("{label:10}")), for_terminal(&text));
    }
    out
}

fn rows(details: &KeyDetails, now: NumericDate) -> Vec<(&'static str, String)> {
    let mut rows = vec![("kind", details.kind.clone())];
    let said = details.encoding.as_ref().filter(|(encoding, _)| *encoding != Encoding::Secret);
    if let Some((encoding, was_encrypted)) = said {
        let is_said = matches!(encoding, Encoding::Pem(_) | Encoding::Der(_));
        let encrypted = if *was_encrypted && !is_said { ", encrypted" } else { "" };
        rows.push(("format", format!("{encoding}{encrypted}")));
    }
    let names: Vec<_> = details.algorithms.iter().map(|alg| Algorithm::name(*alg)).collect();
    let algorithms = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    rows.push(("algorithms", algorithms));
    rows.extend(details.unusable.as_ref().map(|error| ("unusable", line_about_key(None, error))));
    let params = &details.params;
    rows.extend(params.kid.as_ref().map(|kid| ("kid", quote(kid))));
    rows.extend(params.alg.as_ref().map(|alg| ("alg", quote(alg))));
    rows.extend(params.key_use.as_ref().map(|key_use| ("use", quote(key_use))));
    rows.extend(
        params.key_ops.as_ref().map(|ops| ("key_ops", Value::strings(ops).text().to_owned())),
    );
    rows.extend(details.thumbprint.as_ref().map(|thumbprint| ("thumbprint", thumbprint.clone())));
    if let Some(certificate) = &details.certificate {
        rows.push(("subject", certificate.subject.clone()));
        rows.push(("issuer", certificate.issuer.clone()));
        rows.push(("valid from", date(certificate.not_before, now)));
        rows.push(("until", date(certificate.not_after, now)));
    }
    rows
}

fn date(seconds: i64, now: NumericDate) -> String {
    format!("{}, {}", time::utc(seconds), time::from_now(seconds.into(), now))
}
