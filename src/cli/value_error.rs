//! Why a flag does not accept a value, and what to write instead.

use crate::json::JsonError;
use crate::time::{TimeError, corrected_duration, corrected_when};

pub(crate) const MOST_THREADS: usize = 1024;

#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ValueError {
    #[error("neither NAME=TEXT nor NAME:=JSON")]
    NoEquals,
    #[error("there is no name before the '='")]
    NoName,
    #[error("what follows := {0}")]
    Json(JsonError),
    #[error("it is empty; is the variable set?")]
    Empty,
    #[error("'~' in a JSON Pointer must be ~0 or ~1 (RFC 6901)")]
    Pointer,
    #[error("not a number from 1 to {MOST_THREADS}")]
    Threads,
    #[error("not from 1s to 1h")]
    Timeout,
    /// The secret was probably forgotten, so the next word was taken as its value.
    #[error("a token, not a secret")]
    TokenAsSecret,
    #[error("{1}")]
    Time(TimeKind, TimeError),
}

/// What kind of time a flag takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TimeKind {
    Duration,
    /// A duration until `exp`.
    Lifetime,
    Instant,
    /// `exp` as a point in time.
    Expiry,
}

impl ValueError {
    /// What was typed, if it resembles a time so much that it cannot be a secret.
    pub(crate) fn shown<'a>(&self, value: &'a str) -> Option<&'a str> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " :+.-".contains(c);
        let unsigned = value.trim_start_matches(['+', '-']);
        let is_time_like = unsigned.starts_with(|c: char| c.is_ascii_digit())
            && value.len() <= 24
            && value.chars().all(is_plain);
        (matches!(self, Self::Time(..)) && is_time_like).then_some(value)
    }

    /// What to write instead of `value`.
    pub(crate) fn hint(&self, flag: &str, value: &str) -> Option<String> {
        let write = |meant: &str| format!("write {flag} {meant}");
        let no_sign = |kind, duration: &str| match kind {
            TimeKind::Expiry => format!("for a lifetime: --ttl {duration}"),
            _ => format!("from now on: +{duration}; before now: -{duration}"),
        };
        Some(match self {
            Self::NoEquals | Self::NoName | Self::Json(_) => {
                format!("{flag} role=admin is a string, {flag} 'roles:=[\"admin\"]' is JSON")
            }
            Self::Time(_, TimeError::UpperCase) => {
                format!("{}; a capital M could be months", write(&value.to_ascii_lowercase()))
            }
            Self::Time(_, TimeError::NoZone) => {
                let utc = write(&corrected_when(value)?);
                format!("{utc} for UTC; an offset such as +02:00 works too")
            }
            Self::Time(TimeKind::Lifetime, TimeError::Negative) => {
                format!("for a token that has expired: --exp {value}")
            }
            Self::Time(kind, TimeError::DurationWithoutSign) => no_sign(*kind, value),
            Self::Time(kind, TimeError::NotADuration | TimeError::NotATime) => {
                let value = self.shown(value)?;
                match (kind, corrected_duration(value)) {
                    (TimeKind::Duration | TimeKind::Lifetime, meant) => write(&meant?),
                    (kind, Some(meant)) => no_sign(*kind, &meant),
                    (_, None) => write(&corrected_when(value)?),
                }
            }
            _ => return None,
        })
    }
}
